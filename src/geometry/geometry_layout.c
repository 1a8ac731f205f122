// SPDX-License-Identifier: MIT
/*
 * What SLUB adds to an object: calculate_sizes() of mm/slub.c. The free
 * pointer stands in the object while that is free, but behind it where its
 * content must not be touched; debugging adds red zones in front of it and
 * behind it, and the two last users.
 */
#include "kfrag/geometry.h"

#define NR_TRACKS 2 /* who allocated, who freed */
#define ORIGINAL_SIZE_BYTES 4 /* unsigned int: what kmalloc was asked for */

static uint64_t round_up(uint64_t bytes, uint64_t align_bytes)
{
	return (bytes + align_bytes - 1) / align_bytes * align_bytes;
}

static uint64_t slub_size(const struct kfrag_world *world,
			  const struct kfrag_layout *layout,
			  uint64_t align_bytes)
{
	unsigned debug = layout->debug;
	uint64_t bytes = round_up(layout->object_size_bytes, world->word_bytes);

	if ((debug & KFRAG_DEBUG_RED_ZONE) &&
	    bytes == layout->object_size_bytes)
		bytes += world->word_bytes;
	if (layout->has_pointer_behind || (debug & KFRAG_DEBUG_POISON) ||
	    ((debug & KFRAG_DEBUG_RED_ZONE) &&
	     layout->object_size_bytes < world->word_bytes))
		bytes += world->word_bytes;
	if (debug & KFRAG_DEBUG_STORE_USER) {
		bytes += NR_TRACKS * layout->track_bytes;
		if (layout->is_kmalloc)
			bytes += ORIGINAL_SIZE_BYTES;
	}
	if (debug & KFRAG_DEBUG_RED_ZONE)
		bytes += world->word_bytes +
			 round_up(world->word_bytes, align_bytes);
	return round_up(bytes, align_bytes);
}

uint64_t kfrag_layout_size(const struct kfrag_world *world,
			   const struct kfrag_layout *layout)
{
	uint64_t align_bytes = world->word_bytes;

	if (layout->align_bytes > align_bytes)
		align_bytes = layout->align_bytes;
	if (!kfrag_era_range(world->era)->is_slub)
		return round_up(layout->object_size_bytes, align_bytes);
	return slub_size(world, layout, align_bytes);
}
