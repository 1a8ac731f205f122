/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_ALLOC_SLAB_IMPL_H
#define KFRAG_ALLOC_SLAB_IMPL_H

/*
 * The inside of struct kfrag_slab, for slab*.c and for the tests that break
 * it on purpose. What the tables mean: head of slab_table.c.
 */
#include <stdbool.h>
#include <stdint.h>

#include "alloc/apart.h"
#include "alloc/counted_size.h"
#include "kfrag/bitmap.h"
#include "kfrag/slab.h"

#define KFRAG_SLAB_REGION_SHIFT 15
#define KFRAG_SLAB_REGION_PAGES (UINT64_C(1) << KFRAG_SLAB_REGION_SHIFT)

/* The slabs of 2^15 pages of memory. */
struct kfrag_slab_region {
	uint64_t nr_used; /* pages that are part of a slab */
	uint64_t *maps; /* free slots, by place */
	struct kfrag_slab_wide_map **wide_maps; /* by place; NULL until needed */
	uint32_t *owners; /* cache index by page; NULL: all are `owner`'s */
	struct kfrag_slab_links *links; /* by place; NULL until needed */
	uint32_t owner;
	uint8_t place_order; /* pages of a place, log2 */
	uint8_t map_order; /* bits of a place's map, log2 */
	uint64_t used[]; /* bit per page */
};

/* The map of a slab with more slots than a word has bits. */
struct kfrag_slab_wide_map {
	uint64_t nr_free;
	uint64_t words[]; /* of the cache's shape: bit i: slot i is free */
};

struct kfrag_slab {
	struct kfrag_page_source source;
	uint64_t nr_pages;
	unsigned page_shift;
	enum kfrag_error host_error;
	struct kfrag_slab_region **regions; /* NULL where none was needed */
	uint64_t nr_regions;
	struct kfrag_slab_cache **caches;
	uint32_t nr_caches;
	uint32_t caches_capacity;
};

struct kfrag_slab_cache {
	/*
	 * The map of the slab that serves next and the address of its first
	 * slot: NULL where there is none, or more is to be done than to take
	 * a bit (more than 64 slots a slab, a policy that counts objects).
	 */
	uint64_t *quick_word;
	uint64_t quick_address;
	uint64_t quick_slots; /* all_free, or 0 for caches like that */
	unsigned quick_shift;
	bool is_wide; /* more than 64 slots a slab */
	bool uses_links;
	uint64_t all_free; /* map of an empty slab of at most 64 slots */
	uint64_t nr_objs;
	struct kfrag_slab_cache_params params;
	uint64_t offset_mask; /* slab bytes - 1 */
	uint32_t index;
	struct kfrag_slab *slab;
	uint64_t pick; /* pfn of the policy's, KFRAG_SLAB_NONE: none */
	void *partial; /* the policy's set */
	uint64_t first_empty; /* list of slabs kept empty */
	uint64_t nr_slabs;
	uint64_t nr_partial;
	uint64_t nr_empty;
	struct kfrag_slab_stats stats;
	struct kfrag_bitmap_shape shape; /* of a slab's slots */
};

KFRAG_COUNTED_SIZE(KFRAG_SLAB_BYTES, struct kfrag_slab, 80);
KFRAG_COUNTED_SIZE(KFRAG_SLAB_REGION_BYTES, struct kfrag_slab_region, 48);
KFRAG_COUNTED_SIZE(KFRAG_SLAB_CACHE_BYTES, struct kfrag_slab_cache, 280);

/* Where the table has a slab; only good until slabs are made. */
struct kfrag_slab_place {
	struct kfrag_slab_region *region;
	uint64_t index; /* in its maps and links */
};

static inline struct kfrag_slab_region *
kfrag_slab_region_of(const struct kfrag_slab *slab, uint64_t pfn)
{
	return slab->regions[pfn >> KFRAG_SLAB_REGION_SHIFT];
}

/* pfn must be the first page of a slab. */
static inline struct kfrag_slab_place
kfrag_slab_place_of(const struct kfrag_slab *slab, uint64_t pfn)
{
	struct kfrag_slab_region *region = kfrag_slab_region_of(slab, pfn);
	uint64_t page = pfn % KFRAG_SLAB_REGION_PAGES;

	return (struct kfrag_slab_place){
		.region = region,
		.index = page >> region->place_order,
	};
}

/* Whether the page, below nr_pages, is part of a slab. */
static inline bool kfrag_slab_is_used(const struct kfrag_slab *slab,
				      uint64_t pfn)
{
	const struct kfrag_slab_region *region =
		kfrag_slab_region_of(slab, pfn);

	return region &&
	       kfrag_bitmap_test(region->used, pfn % KFRAG_SLAB_REGION_PAGES);
}

/* The cache whose slab the page, which must be used, is part of. */
static inline struct kfrag_slab_cache *
kfrag_slab_owner(const struct kfrag_slab *slab, uint64_t pfn)
{
	const struct kfrag_slab_region *region =
		kfrag_slab_region_of(slab, pfn);

	if (region->owners)
		return slab
			->caches[region->owners[pfn % KFRAG_SLAB_REGION_PAGES]];
	return slab->caches[region->owner];
}

static inline uint64_t *kfrag_slab_map_word(struct kfrag_slab_place place)
{
	return &place.region->maps[place.index << place.region->map_order >> 6];
}

static inline unsigned kfrag_slab_map_shift(struct kfrag_slab_place place)
{
	return (unsigned)(place.index << place.region->map_order) % 64;
}

/* A map of at most 64 slots: set bits are free slots; 0: full, or no slab. */
static inline uint64_t kfrag_slab_map(struct kfrag_slab_place place)
{
	uint64_t bits = UINT64_MAX >> (64 - (1u << place.region->map_order));

	return *kfrag_slab_map_word(place) >> kfrag_slab_map_shift(place) &
	       bits;
}

/* Turns these bits of the map over. */
static inline void kfrag_slab_map_flip(struct kfrag_slab_place place,
				       uint64_t bits)
{
	*kfrag_slab_map_word(place) ^= bits << kfrag_slab_map_shift(place);
}

/* The map of a slab with more, which has none of the others. */
static inline struct kfrag_slab_wide_map *
kfrag_slab_wide_map(struct kfrag_slab_place place)
{
	return place.region->wide_maps[place.index];
}

static inline void kfrag_slab_give_block(const struct kfrag_slab_cache *cache,
					 uint64_t pfn)
{
	const struct kfrag_page_source *source = &cache->slab->source;

	source->give(source->context, cache->params.order, pfn);
}

/* Of a slot of the slab at pfn, in bytes. */
static inline uint64_t kfrag_slab_address(const struct kfrag_slab_cache *cache,
					  uint64_t pfn, uint64_t slot)
{
	return (pfn << cache->slab->page_shift) +
	       slot * cache->params.size_bytes;
}

/* ------------------------------------------------------- slab_make.c */

/*
 * Makes a new slab with all slots free, in none of the cache's sets, at page
 * *pfn. Returns false where the source has no block or the host no memory.
 */
bool kfrag_slab_make_empty(struct kfrag_slab_cache *cache, uint64_t *pfn);

/*
 * Makes up to nr_slabs new slabs, all full, as many as the source gives at
 * once. addresses is NULL or has room for all their objects. Returns how many
 * slabs, 0 where there are none; nr_objs is the caller's to count.
 */
uint64_t kfrag_slab_make_full(struct kfrag_slab_cache *cache, uint64_t nr_slabs,
			      uint64_t *addresses);

/* ------------------------------------------------------- slab_sets.c */

struct kfrag_slab_host kfrag_slab_host_of(struct kfrag_slab_cache *cache);

/* Brings quick_word and what goes with it up to date. */
void kfrag_slab_find_quick(struct kfrag_slab_cache *cache);

/* The slab, in no set, enters that of the partial ones. */
void kfrag_slab_become_partial(struct kfrag_slab_cache *cache, uint64_t pfn);

/* The same for up to 64: bit i of mask is the slab at place first + i. */
void kfrag_slab_become_partial_many(struct kfrag_slab_cache *cache,
				    uint64_t first, uint64_t mask);

/* It leaves the set; nr_inuse as the policy was last told. */
void kfrag_slab_leave_partial(struct kfrag_slab_cache *cache, uint64_t pfn,
			      uint32_t nr_inuse);

/* A partial slab has nr_more objects more than before, or fewer. */
void kfrag_slab_stay_partial(struct kfrag_slab_cache *cache, uint64_t pfn,
			     int64_t nr_more);

/* A slab in no set is kept while there are few, else given back. */
void kfrag_slab_become_empty(struct kfrag_slab_cache *cache, uint64_t pfn);

/*
 * nr_objs slots of a slab are free that were not: it was full before, and is
 * empty now, or neither.
 */
void kfrag_slab_note_freed(struct kfrag_slab_cache *cache, uint64_t pfn,
			   bool was_full, bool is_empty, uint32_t nr_objs);

/* ------------------------------------------------------ slab_table.c */

/* Objects in the slab of this cache. */
uint32_t kfrag_slab_nr_inuse(const struct kfrag_slab_cache *cache,
			     struct kfrag_slab_place place);

/*
 * Makes the region of that number ready for slabs of the cache. KFRAG_ENOMEM
 * changes nothing that shows. *moved is the cache whose slabs had the region
 * to themselves, where their maps moved: kfrag_slab_find_quick() is due. Else
 * it is NULL.
 */
enum kfrag_error kfrag_slab_table_reserve(struct kfrag_slab *slab,
					  const struct kfrag_slab_cache *cache,
					  uint64_t number,
					  struct kfrag_slab_cache **moved);

/*
 * Adds slabs of the cache, one behind the other from pfn on, all full; what was
 * reserved only.
 */
void kfrag_slab_table_add(struct kfrag_slab *slab,
			  const struct kfrag_slab_cache *cache, uint64_t pfn,
			  uint64_t nr_slabs);

/*
 * The same for slabs of up to 32 pages: bit i of mask is the one that starts i
 * slabs behind pfn, a multiple of 64.
 */
void kfrag_slab_table_add_mask(struct kfrag_slab *slab,
			       const struct kfrag_slab_cache *cache,
			       uint64_t pfn, uint64_t mask);

/* Takes one out. */
void kfrag_slab_table_remove(struct kfrag_slab *slab,
			     const struct kfrag_slab_cache *cache,
			     uint64_t pfn);

void kfrag_slab_table_release(struct kfrag_slab *slab);

/* The first page from pfn on that is used; nr_pages where there is none. */
uint64_t kfrag_slab_search_used(const struct kfrag_slab *slab, uint64_t pfn);

/* The same; slabs often stand side by side. */
static inline uint64_t kfrag_slab_next_used(const struct kfrag_slab *slab,
					    uint64_t pfn)
{
	if (pfn < slab->nr_pages && kfrag_slab_is_used(slab, pfn))
		return pfn;
	return kfrag_slab_search_used(slab, pfn);
}

/* Bytes of maps and used bits; of all the rest of the table. */
uint64_t kfrag_slab_table_bitmap_bytes(const struct kfrag_slab *slab);
uint64_t kfrag_slab_table_other_bytes(const struct kfrag_slab *slab);

#endif
