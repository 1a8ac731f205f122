// SPDX-License-Identifier: MIT
/*
 * An allocator must know which slots are free, and the kernel keeps more and
 * more beside each object: whom it is charged to, who allocated it. Where that
 * stands costs memory or none: slots rarely fill a slab, and what they leave
 * over is lost anyway. SLUB puts its free list into the free objects, but
 * behind those that must not be written to; SLAB had an array of indices;
 * slabs of fixed bitmaps are what most user-space allocators have.
 */
#include "kfrag/metadata.h"

#include <assert.h>
#include <stdlib.h>

#include "kfrag/arith.h"

#define WORD_BYTES 8
#define WORD_BITS 64

/* Indices of slots in one byte, the largest one being the list's end. */
#define MAX_BYTE_INDICES 255

struct kind {
	const char *text;
	const char *help;
};

static const struct kind kinds[KFRAG_NR_METADATA] = {
	[KFRAG_METADATA_POINTER] = { "pointer",
				     "a free pointer behind each object, 8 B" },
	[KFRAG_METADATA_INDEX] = { "index", "an array of indices, 1 B a slot, "
					    "2 B above 255 slots" },
	[KFRAG_METADATA_BITMAP] = { "bitmap", "a bit a slot, in words of 8 B" },
	[KFRAG_METADATA_EXTENSION_8] = { "extension-8",
					 "8 B an object, as memory cgroups "
					 "need" },
	[KFRAG_METADATA_EXTENSION_16] = { "extension-16",
					  "16 B an object, with allocation "
					  "profiling too" },
};

const char *kfrag_metadata_text(enum kfrag_metadata_kind kind)
{
	assert((unsigned)kind < KFRAG_NR_METADATA);
	return kinds[kind].text;
}

const char *kfrag_metadata_help(enum kfrag_metadata_kind kind)
{
	assert((unsigned)kind < KFRAG_NR_METADATA);
	return kinds[kind].help;
}

uint64_t kfrag_metadata_slab_bytes(enum kfrag_metadata_kind kind,
				   uint64_t objs_per_slab)
{
	switch (kind) {
	case KFRAG_METADATA_INDEX:
		return objs_per_slab <= MAX_BYTE_INDICES ?
			       objs_per_slab :
			       kfrag_mul_capped(2, objs_per_slab);
	case KFRAG_METADATA_BITMAP:
		return kfrag_div_up(objs_per_slab, WORD_BITS) * WORD_BYTES;
	case KFRAG_METADATA_EXTENSION_16:
		return kfrag_mul_capped(2 * WORD_BYTES, objs_per_slab);
	default:
		return kfrag_mul_capped(WORD_BYTES, objs_per_slab);
	}
}

static struct kfrag_metadata_row
row_of(const struct kfrag_workload_cache *cache, uint64_t page_size_bytes,
       enum kfrag_metadata_kind kind)
{
	uint64_t slab_bytes = page_size_bytes << cache->slab_order;
	struct kfrag_metadata_row row = {
		.cache = cache,
		.kind = kind,
		.tail_bytes =
			slab_bytes - cache->objs_per_slab * cache->size_bytes,
		.slab_bytes =
			kfrag_metadata_slab_bytes(kind, cache->objs_per_slab),
	};

	row.metadata_bytes =
		kfrag_mul_capped(cache->record->num_slabs, row.slab_bytes);
	if (row.slab_bytes > row.tail_bytes)
		row.extra_bytes = row.metadata_bytes;
	return row;
}

static void add_to_total(struct kfrag_metadata_total *total,
			 const struct kfrag_metadata_row *row)
{
	if (row->cache->record->num_slabs == 0)
		return;
	total->nr_caches++;
	total->nr_in_tail += row->slab_bytes <= row->tail_bytes;
	total->metadata_bytes =
		kfrag_add_capped(total->metadata_bytes, row->metadata_bytes);
	total->extra_bytes =
		kfrag_add_capped(total->extra_bytes, row->extra_bytes);
}

static void add_cache(struct kfrag_metadata *metadata,
		      const struct kfrag_workload_cache *cache,
		      uint64_t page_size_bytes)
{
	uint64_t held_bytes = kfrag_mul_capped(
		cache->record->num_slabs, page_size_bytes << cache->slab_order);

	metadata->held_bytes =
		kfrag_add_capped(metadata->held_bytes, held_bytes);
	for (int i = 0; i < KFRAG_NR_METADATA; i++) {
		struct kfrag_metadata_row *row =
			&metadata->rows[metadata->nr_rows++];

		*row = row_of(cache, page_size_bytes,
			      (enum kfrag_metadata_kind)i);
		add_to_total(&metadata->totals[i], row);
	}
}

enum kfrag_error kfrag_metadata_init(struct kfrag_metadata *metadata,
				     const struct kfrag_workload *workload)
{
	size_t nr_caches = workload->nr_caches ? workload->nr_caches : 1;

	*metadata = (struct kfrag_metadata){ 0 };
	metadata->rows =
		calloc(nr_caches, KFRAG_NR_METADATA * sizeof(*metadata->rows));
	if (!metadata->rows)
		return KFRAG_ENOMEM;
	for (int i = 0; i < KFRAG_NR_METADATA; i++)
		metadata->totals[i].kind = (enum kfrag_metadata_kind)i;
	for (size_t i = 0; i < workload->nr_caches; i++)
		add_cache(metadata, &workload->caches[i],
			  workload->page_size_bytes);
	return KFRAG_OK;
}

void kfrag_metadata_release(struct kfrag_metadata *metadata)
{
	free(metadata->rows);
	*metadata = (struct kfrag_metadata){ 0 };
}
