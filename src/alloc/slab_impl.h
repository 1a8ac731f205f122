/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_ALLOC_SLAB_IMPL_H
#define KFRAG_ALLOC_SLAB_IMPL_H

/*
 * The inside of struct kfrag_slab, for slab*.c and for the tests that break
 * it on purpose.
 */
#include <stdint.h>

#include "alloc/counted_size.h"
#include "kfrag/bitmap.h"
#include "kfrag/slab.h"

/* One slab; unused ones have cache KFRAG_SLAB_NONE and are chained by next. */
struct kfrag_slab_desc {
	uint64_t pfn;
	union {
		uint64_t word; /* caches of up to 64 objects per slab */
		uint64_t *words; /* owned */
	} slots; /* bitmap of the cache's shape: bit i: slot i is free */
	uint32_t nr_inuse;
	uint32_t cache;
	struct kfrag_slab_links links;
};

/* Pages per chunk of the page map: 4 KiB of ids. */
#define KFRAG_SLAB_MAP_PAGES 1024

struct kfrag_slab {
	struct kfrag_page_source source;
	uint64_t nr_pages;
	unsigned page_shift;
	enum kfrag_error host_error;
	/* Descriptors by id; ids from nr_descs on were never used. */
	struct kfrag_slab_desc *descs;
	uint32_t nr_descs;
	uint32_t capacity;
	uint32_t first_unused;
	/* Page to id of its slab plus one, in chunks made when needed. */
	uint32_t **map;
	uint64_t nr_map_chunks;
	uint64_t nr_map_chunks_made;
	struct kfrag_slab_cache **caches;
	uint32_t nr_caches;
	uint32_t caches_capacity;
};

struct kfrag_slab_cache {
	struct kfrag_slab *slab;
	struct kfrag_slab_cache_params params;
	uint32_t index;
	struct kfrag_bitmap_shape shape; /* of a slab's slots */
	void *partial; /* the policy's set */
	uint32_t first_empty; /* list of slabs kept empty */
	uint64_t nr_objs;
	uint64_t nr_slabs;
	uint64_t nr_partial;
	uint64_t nr_empty;
	struct kfrag_slab_stats stats;
};

KFRAG_COUNTED_SIZE(KFRAG_SLAB_BYTES, struct kfrag_slab, 104);
KFRAG_COUNTED_SIZE(KFRAG_SLAB_DESC_BYTES, struct kfrag_slab_desc, 32);
KFRAG_COUNTED_SIZE(KFRAG_SLAB_CACHE_BYTES, struct kfrag_slab_cache, 224);

static inline uint64_t *kfrag_slab_slots(const struct kfrag_slab_cache *cache,
					 struct kfrag_slab_desc *desc)
{
	return cache->shape.nr_words == 1 ? &desc->slots.word :
					    desc->slots.words;
}

/* Id of the slab that holds the page, KFRAG_SLAB_NONE where none does. */
static inline uint32_t kfrag_slab_id_at(const struct kfrag_slab *slab,
					uint64_t pfn)
{
	const uint32_t *chunk = slab->map[pfn / KFRAG_SLAB_MAP_PAGES];

	return chunk ? chunk[pfn % KFRAG_SLAB_MAP_PAGES] - 1 : KFRAG_SLAB_NONE;
}

#endif
