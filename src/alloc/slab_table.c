// SPDX-License-Identifier: MIT
/*
 * Where the slabs are: from a page to its slab, and to the slab's map.
 *
 * 1. Regions. Memory is cut into regions of 2^15 pages. A region's table comes
 *    into being with its first slab. Page by page a bit says whether the page
 *    is part of a slab, as PG_slab does in Linux.
 *
 * 2. One cache or many. As long as only one cache has slabs in a region, its
 *    index is kept once; once a second one comes, page by page. From the cache
 *    follows the slab's order, and from that its first page, as slabs start at
 *    multiples of their size.
 *
 * 3. Maps. A slab's map has a set bit for each free slot. In a region of one
 *    cache they stand densely, each in the smallest power of two of bits that
 *    holds the slots; in a mixed one each page has a word, of which the slab's
 *    first page's is used. Slabs of more than 64 slots have a map of their own
 *    instead, and the region pointers to them.
 *
 * 4. A full slab's map is zero, and tables come from calloc(), which makes
 *    them of pages that are real only once written to. So slabs that are
 *    filled and never touched cost no more than the bits of their pages, while
 *    the room for their maps has been promised, and freeing cannot fail.
 */
#include <assert.h>
#include <stdlib.h>

#include "alloc/slab_impl.h"
#include "kfrag/arith.h"
#include "kfrag/bits.h"

/* In a mixed region each page has a place, and each place a word. */
#define MIXED_PLACE_ORDER 0
#define MIXED_MAP_ORDER 6

uint32_t kfrag_slab_nr_inuse(const struct kfrag_slab_cache *cache,
			     struct kfrag_slab_place place)
{
	uint64_t map = kfrag_slab_map(place);

	if (cache->is_wide)
		return cache->params.objs_per_slab -
		       (uint32_t)kfrag_slab_wide_map(place)->nr_free;
	return cache->params.objs_per_slab - kfrag_popcount(map);
}

static uint64_t region_pages(const struct kfrag_slab *slab, uint64_t number)
{
	uint64_t rest = slab->nr_pages - number * KFRAG_SLAB_REGION_PAGES;

	return rest < KFRAG_SLAB_REGION_PAGES ? rest : KFRAG_SLAB_REGION_PAGES;
}

/* Also for a slab that is larger than a region. */
static uint64_t nr_places(uint64_t nr_pages, unsigned place_order)
{
	return kfrag_div_up(nr_pages, UINT64_C(1) << place_order);
}

static uint64_t nr_map_words(uint64_t nr_pages, unsigned place_order,
			     unsigned map_order)
{
	return kfrag_div_up(nr_places(nr_pages, place_order) << map_order, 64);
}

/* What a region's tables are like. */
struct layout {
	unsigned place_order;
	unsigned map_order;
	bool has_links;
	bool has_wide_maps;
};

static struct layout layout_of(const struct kfrag_slab_cache *cache)
{
	return (struct layout){
		.place_order = cache->params.order,
		.map_order =
			cache->is_wide ?
				0 :
				kfrag_log2_ceil(cache->params.objs_per_slab),
		.has_links = cache->uses_links,
		.has_wide_maps = cache->is_wide,
	};
}

static void free_tables(struct kfrag_slab_region *region)
{
	free(region->maps);
	free(region->links);
	free(region->wide_maps);
}

static enum kfrag_error make_links(struct kfrag_slab_region *region,
				   uint64_t nr_pages)
{
	region->links = calloc((size_t)nr_places(nr_pages, region->place_order),
			       sizeof(*region->links));
	return region->links ? KFRAG_OK : KFRAG_ENOMEM;
}

static enum kfrag_error make_wide_maps(struct kfrag_slab_region *region,
				       uint64_t nr_pages)
{
	region->wide_maps =
		calloc((size_t)nr_places(nr_pages, region->place_order),
		       sizeof(struct kfrag_slab_wide_map *));
	return region->wide_maps ? KFRAG_OK : KFRAG_ENOMEM;
}

/* New tables of another layout, empty; the old ones stay in *old. */
static enum kfrag_error reshape(struct kfrag_slab_region *region,
				struct kfrag_slab_region *old,
				uint64_t nr_pages, struct layout layout)
{
	*old = *region;
	region->place_order = (uint8_t)layout.place_order;
	region->map_order = (uint8_t)layout.map_order;
	region->links = NULL;
	region->wide_maps = NULL;
	region->maps = calloc((size_t)nr_map_words(nr_pages, layout.place_order,
						   layout.map_order),
			      sizeof(*region->maps));
	if (region->maps &&
	    (!layout.has_links || !make_links(region, nr_pages)) &&
	    (!layout.has_wide_maps || !make_wide_maps(region, nr_pages)))
		return KFRAG_OK;
	free_tables(region);
	region->maps = old->maps;
	region->links = old->links;
	region->wide_maps = old->wide_maps;
	region->place_order = old->place_order;
	region->map_order = old->map_order;
	return KFRAG_ENOMEM;
}

static enum kfrag_error make_region(struct kfrag_slab *slab,
				    const struct kfrag_slab_cache *cache,
				    uint64_t number)
{
	uint64_t nr_pages = region_pages(slab, number);
	size_t nr_words = (size_t)kfrag_div_up(nr_pages, 64);
	struct kfrag_slab_region *region, old;

	region = calloc(1, sizeof(*region) + nr_words * sizeof(uint64_t));
	if (!region)
		return KFRAG_ENOMEM;
	region->owner = cache->index;
	if (reshape(region, &old, nr_pages, layout_of(cache))) {
		free(region);
		return KFRAG_ENOMEM;
	}
	slab->regions[number] = region;
	return KFRAG_OK;
}

/* Another cache's region without slabs becomes this one's. */
static enum kfrag_error take_over(struct kfrag_slab_region *region,
				  const struct kfrag_slab_cache *cache,
				  uint64_t nr_pages)
{
	struct kfrag_slab_region old;

	if (reshape(region, &old, nr_pages, layout_of(cache)))
		return KFRAG_ENOMEM;
	region->owner = cache->index;
	free_tables(&old);
	return KFRAG_OK;
}

/* Of the region's first nr_pages pages, the first used one from `page` on. */
static uint64_t next_used_of(const struct kfrag_slab_region *region,
			     uint64_t page, uint64_t nr_pages)
{
	uint64_t bits;

	if (page >= nr_pages)
		return nr_pages;
	bits = region->used[page / 64] & UINT64_MAX << (page % 64);
	page -= page % 64;
	while (!bits) {
		page += 64;
		if (page >= nr_pages)
			return nr_pages;
		bits = region->used[page / 64];
	}
	return page + (unsigned)__builtin_ctzll(bits);
}

/* Each slab's map and links find their place in the mixed region. */
static void move_places(struct kfrag_slab_region *region,
			struct kfrag_slab_region *old, uint64_t nr_pages)
{
	uint64_t step = UINT64_C(1) << old->place_order;

	for (uint64_t page = next_used_of(region, 0, nr_pages); page < nr_pages;
	     page = next_used_of(region, page + step, nr_pages)) {
		struct kfrag_slab_place from = { old,
						 page >> old->place_order };
		struct kfrag_slab_place to = { region, page };

		kfrag_slab_map_flip(to, kfrag_slab_map(from));
		if (old->links && region->links)
			region->links[to.index] = old->links[from.index];
		if (old->wide_maps && region->wide_maps)
			region->wide_maps[to.index] =
				old->wide_maps[from.index];
	}
}

static enum kfrag_error mix(struct kfrag_slab_region *region, uint64_t nr_pages)
{
	struct layout mixed = {
		.place_order = MIXED_PLACE_ORDER,
		.map_order = MIXED_MAP_ORDER,
		.has_links = region->links != NULL,
		.has_wide_maps = region->wide_maps != NULL,
	};
	struct kfrag_slab_region old;
	uint32_t *owners = calloc((size_t)nr_pages, sizeof(*owners));

	if (!owners || reshape(region, &old, nr_pages, mixed)) {
		free(owners);
		return KFRAG_ENOMEM;
	}
	for (uint64_t page = next_used_of(region, 0, nr_pages); page < nr_pages;
	     page = next_used_of(region, page + 1, nr_pages))
		owners[page] = region->owner;
	region->owners = owners;
	move_places(region, &old, nr_pages);
	free_tables(&old);
	return KFRAG_OK;
}

enum kfrag_error kfrag_slab_table_reserve(struct kfrag_slab *slab,
					  const struct kfrag_slab_cache *cache,
					  uint64_t number,
					  struct kfrag_slab_cache **moved)
{
	struct kfrag_slab_region *region = slab->regions[number];
	uint64_t nr_pages;
	enum kfrag_error error = KFRAG_OK;

	*moved = NULL;
	if (region && (region->owners || region->owner == cache->index) &&
	    (region->links || !cache->uses_links) &&
	    (region->wide_maps || !cache->is_wide))
		return KFRAG_OK;
	if (!region)
		return make_region(slab, cache, number);
	nr_pages = region_pages(slab, number);
	if (!region->owners && region->owner != cache->index) {
		if (region->nr_used == 0)
			return take_over(region, cache, nr_pages);
		error = mix(region, nr_pages);
		if (!error)
			*moved = slab->caches[region->owner];
	}
	if (!error && cache->uses_links && !region->links)
		error = make_links(region, nr_pages);
	if (!error && cache->is_wide && !region->wide_maps)
		error = make_wide_maps(region, nr_pages);
	return error;
}

/* Turns the used bits of the pages over; each region hears how many. */
static void flip_used(struct kfrag_slab *slab, uint64_t pfn, uint64_t nr_pages,
		      void (*tell)(struct kfrag_slab_region *region,
				   uint64_t page, uint64_t nr_pages,
				   uint32_t owner),
		      uint32_t owner)
{
	while (nr_pages > 0) {
		struct kfrag_slab_region *region =
			kfrag_slab_region_of(slab, pfn);
		uint64_t page = pfn % KFRAG_SLAB_REGION_PAGES;
		uint64_t here = KFRAG_SLAB_REGION_PAGES - page;

		if (here > nr_pages)
			here = nr_pages;
		kfrag_bits_flip(region->used, page, here);
		tell(region, page, here, owner);
		pfn += here;
		nr_pages -= here;
	}
}

static void tell_used(struct kfrag_slab_region *region, uint64_t page,
		      uint64_t nr_pages, uint32_t owner)
{
	region->nr_used += nr_pages;
	for (uint64_t i = 0; region->owners && i < nr_pages; i++)
		region->owners[page + i] = owner;
}

static void tell_unused(struct kfrag_slab_region *region, uint64_t page,
			uint64_t nr_pages, uint32_t owner)
{
	(void)page;
	(void)owner;
	region->nr_used -= nr_pages;
}

void kfrag_slab_table_add(struct kfrag_slab *slab,
			  const struct kfrag_slab_cache *cache, uint64_t pfn,
			  uint64_t nr_slabs)
{
	flip_used(slab, pfn, nr_slabs << cache->params.order, tell_used,
		  cache->index);
}

void kfrag_slab_table_add_mask(struct kfrag_slab *slab,
			       const struct kfrag_slab_cache *cache,
			       uint64_t pfn, uint64_t mask)
{
	unsigned order = cache->params.order;
	unsigned per_word = 64u >> order;

	for (; mask; pfn += 64, mask = per_word < 64 ? mask >> per_word : 0) {
		struct kfrag_slab_region *region =
			kfrag_slab_region_of(slab, pfn);
		uint64_t pages = kfrag_bits_spread(mask, order);
		uint64_t page = pfn % KFRAG_SLAB_REGION_PAGES;

		if (!pages)
			continue;
		region->used[page / 64] ^= pages;
		region->nr_used += kfrag_popcount(pages);
		for (; region->owners && pages; pages &= pages - 1)
			region->owners[page + (unsigned)__builtin_ctzll(pages)] =
				cache->index;
	}
}

void kfrag_slab_table_remove(struct kfrag_slab *slab,
			     const struct kfrag_slab_cache *cache, uint64_t pfn)
{
	struct kfrag_slab_place place = kfrag_slab_place_of(slab, pfn);

	if (cache->is_wide)
		free(kfrag_slab_wide_map(place));
	else
		kfrag_slab_map_flip(place, kfrag_slab_map(place));
	flip_used(slab, pfn, UINT64_C(1) << cache->params.order, tell_unused,
		  cache->index);
}

uint64_t kfrag_slab_search_used(const struct kfrag_slab *slab, uint64_t pfn)
{
	while (pfn < slab->nr_pages) {
		uint64_t number = pfn >> KFRAG_SLAB_REGION_SHIFT;
		uint64_t first = number << KFRAG_SLAB_REGION_SHIFT;
		uint64_t nr_pages = region_pages(slab, number);
		uint64_t page = nr_pages;

		if (slab->regions[number])
			page = next_used_of(slab->regions[number], pfn - first,
					    nr_pages);
		pfn = first + page;
		if (page < nr_pages)
			return pfn;
	}
	return slab->nr_pages;
}

void kfrag_slab_table_release(struct kfrag_slab *slab)
{
	for (uint64_t i = 0; i < slab->nr_regions; i++) {
		if (!slab->regions[i])
			continue;
		free_tables(slab->regions[i]);
		free(slab->regions[i]->owners);
		free(slab->regions[i]);
	}
	free(slab->regions);
}

/* What slabs stand in; the rest of a table is address space and no more. */
static uint64_t map_bytes(const struct kfrag_slab_region *region)
{
	uint64_t nr_used = kfrag_div_up(region->nr_used,
					UINT64_C(1) << region->place_order);

	return kfrag_div_up(nr_used << region->map_order, 8);
}

uint64_t kfrag_slab_table_bitmap_bytes(const struct kfrag_slab *slab)
{
	uint64_t bytes = 0;

	for (uint64_t i = 0; i < slab->nr_regions; i++)
		if (slab->regions[i])
			bytes += map_bytes(slab->regions[i]) +
				 kfrag_div_up(region_pages(slab, i), 64) * 8;
	for (uint32_t i = 0; i < slab->nr_caches; i++)
		if (slab->caches[i]->is_wide)
			bytes += slab->caches[i]->nr_slabs *
				 slab->caches[i]->shape.nr_words * 8;
	return bytes;
}

uint64_t kfrag_slab_table_other_bytes(const struct kfrag_slab *slab)
{
	uint64_t bytes = slab->nr_regions * KFRAG_POINTER_BYTES;

	for (uint64_t i = 0; i < slab->nr_regions; i++) {
		const struct kfrag_slab_region *region = slab->regions[i];
		uint64_t nr_places_used;

		if (!region)
			continue;
		bytes += KFRAG_SLAB_REGION_BYTES;
		if (region->owners)
			bytes += region->nr_used * sizeof(*region->owners);
		nr_places_used = kfrag_div_up(
			region->nr_used, UINT64_C(1) << region->place_order);
		if (region->links)
			bytes += nr_places_used * sizeof(*region->links);
		if (region->wide_maps)
			bytes += nr_places_used * KFRAG_POINTER_BYTES;
	}
	for (uint32_t i = 0; i < slab->nr_caches; i++)
		if (slab->caches[i]->is_wide)
			bytes += slab->caches[i]->nr_slabs *
				 sizeof(struct kfrag_slab_wide_map);
	return bytes;
}
