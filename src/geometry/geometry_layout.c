// SPDX-License-Identifier: MIT
/*
 * How large an object becomes: calculate_sizes() of mm/slub.c, as it is since
 * 4.6 (red_left_pad) and 6.1 (a word for what kmalloc() was asked for); and
 * what kmem_cache_create() of mm/slab.c does without debugging.
 */
#include "geometry/slab_rules.h"
#include "kfrag/arith.h"

#define ORIG_SIZE_BYTES 4 /* what kmalloc() was asked for, an unsigned int */

static bool has(const struct kfrag_layout *layout, enum kfrag_slub_debug flag)
{
	return (layout->debug & (unsigned)flag) != 0;
}

/* A free object's own bytes are not to be touched. */
static bool is_pointer_behind(const struct kfrag_world *world,
			      const struct kfrag_layout *layout)
{
	if (layout->has_pointer_behind || has(layout, KFRAG_DEBUG_POISON))
		return true;
	if (!has(layout, KFRAG_DEBUG_RED_ZONE))
		return false;
	return layout->object_size_bytes < world->word_bytes ||
	       (world->era == KFRAG_ERA_SLUB_6_7 && layout->is_kmalloc &&
		has(layout, KFRAG_DEBUG_STORE_USER));
}

static uint64_t slub_size(const struct kfrag_world *world,
			  const struct kfrag_layout *layout, uint64_t align)
{
	uint64_t word = world->word_bytes;
	uint64_t size = kfrag_round_up(layout->object_size_bytes, word);

	if (has(layout, KFRAG_DEBUG_RED_ZONE) &&
	    size == layout->object_size_bytes)
		size += word;
	if (is_pointer_behind(world, layout))
		size += word;
	if (has(layout, KFRAG_DEBUG_STORE_USER)) {
		size += 2 * layout->track_bytes;
		if (layout->is_kmalloc)
			size += ORIG_SIZE_BYTES;
	}
	if (has(layout, KFRAG_DEBUG_RED_ZONE)) {
		size += word;
		if (world->era >= KFRAG_ERA_SLUB_2_6_30)
			size += kfrag_round_up(word, align);
	}
	return kfrag_round_up(size, align);
}

static uint64_t slab_size(const struct kfrag_world *world,
			  const struct kfrag_layout *layout, uint64_t align)
{
	uint64_t size =
		kfrag_round_up(layout->object_size_bytes, world->word_bytes);
	uint64_t min_bytes = kfrag_slab_min_object_bytes(world);

	return kfrag_round_up(size < min_bytes ? min_bytes : size, align);
}

uint64_t kfrag_layout_size(const struct kfrag_world *world,
			   const struct kfrag_layout *layout)
{
	uint64_t align = layout->align_bytes > world->word_bytes ?
				 layout->align_bytes :
				 world->word_bytes;

	if (kfrag_era_range(world->era)->is_slub)
		return slub_size(world, layout, align);
	return slab_size(world, layout, align);
}
