// SPDX-License-Identifier: MIT
/*
 * The slab allocator (J. Bonwick, USENIX Summer 1994).
 *
 * 1. Why. A kernel allocates millions of small objects of few sizes. A block
 *    of pages for each would waste most of it: a 192-byte object in a page of
 *    4096 leaves 95 % unused. So each size gets a cache, and the cache gets
 *    its memory in slabs: blocks of 2^order pages, cut into equal slots.
 *
 * 2. What is lost. A slab of S bytes holds O = floor(S / size) slots or fewer;
 *    the S - O * size bytes behind them are its tail, lost for as long as the
 *    slab exists. A slot without an object is idle: lost until the next
 *    allocation from this cache, and to this cache only. That is all of it:
 *    held = live + idle + tail.
 *
 * 3. Full, partial, empty. A slab is full (no free slot), partial, or empty
 *    (no object). An object comes from a partial slab; where there is none,
 *    from one kept empty; else from a new slab of the page source. A full
 *    slab is in no set: nothing asks for it until one of its objects is
 *    freed. A slab that becomes empty goes back to the page source, unless
 *    min_partial says to keep it against the next request.
 *
 * 4. Which partial slab? This decides how many slabs are left when a
 *    population shrinks: a slab goes back only when its very last object is
 *    gone. The policy (slab_policy.h) keeps the set of partial slabs; any
 *    fixed priority concentrates the objects, and the rest drains.
 *
 * 5. Finding things. A slab's slots are a bitmap, set bits being free, so a
 *    free slot is the lowest set bit. From an address to its slab: a table
 *    names the cache of each page, as struct page does in Linux, and the slab
 *    starts at the multiple of its size below (slab_table.c); from there to
 *    the slot: the distance from the slab's first byte over the object size.
 *    Both ways take a fixed number of steps. How many objects a slab has is
 *    not written down anywhere: its map tells full (0) from partial from empty
 *    (all free), and that is all the allocator needs to know.
 *
 * 6. Where pages come from is not this file's business: it knows two
 *    functions that take and return blocks (pages.h).
 *
 * Creation is in slab_create.c, new slabs in slab_make.c, the sets of point 3
 * in slab_sets.c, freeing all over at once in slab_sweep.c, and what one can
 * ask in slab_query.c.
 */
#include "kfrag/slab.h"

#include <assert.h>

#include "alloc/slab_impl.h"
#include "alloc/slab_policy_impl.h"
#include "kfrag/bits.h"

/* Finds a slab to pick where none is partial; false where there is none. */
KFRAG_APART static bool refill(struct kfrag_slab_cache *cache)
{
	uint64_t pfn = cache->first_empty;

	if (pfn != KFRAG_SLAB_NONE) {
		kfrag_slab_list_remove(kfrag_slab_host_of(cache),
				       &cache->first_empty, pfn);
		cache->nr_empty--;
	} else if (!kfrag_slab_make_empty(cache, &pfn)) {
		return false;
	}
	kfrag_slab_become_partial(cache, pfn);
	return true;
}

/* -------------------------------------------------------------- allocation */

/* The picked slab has nr_objs objects more. */
static void note_taken(struct kfrag_slab_cache *cache, bool is_full,
		       uint32_t nr_objs)
{
	cache->nr_objs += nr_objs;
	if (is_full)
		kfrag_slab_leave_partial(cache, cache->pick,
					 cache->params.objs_per_slab - nr_objs);
	else
		kfrag_slab_stay_partial(cache, cache->pick, nr_objs);
}

static void tell_addresses(const struct kfrag_slab_cache *cache, uint64_t pfn,
			   uint32_t word, uint64_t mask, uint64_t *addresses)
{
	for (; mask; mask &= mask - 1)
		*addresses++ = kfrag_slab_address(
			cache, pfn,
			word * UINT64_C(64) + (unsigned)__builtin_ctzll(mask));
}

/* Takes up to nr_objs slots, lowest first, of a word of the picked slab. */
static uint32_t take_slots(struct kfrag_slab_cache *cache, uint64_t nr_objs,
			   uint64_t *addresses)
{
	struct kfrag_slab_place place =
		kfrag_slab_place_of(cache->slab, cache->pick);
	uint64_t pfn = cache->pick, slot = 0, mask;
	uint32_t nr_taken;
	bool is_full;

	if (cache->is_wide) {
		struct kfrag_slab_wide_map *map = kfrag_slab_wide_map(place);

		kfrag_bitmap_first(&cache->shape, map->words, &slot);
		mask = kfrag_bits_lowest(map->words[slot / 64], nr_objs);
		kfrag_bitmap_clear_mask(&cache->shape, map->words, slot / 64,
					mask);
		nr_taken = kfrag_popcount(mask);
		map->nr_free -= nr_taken;
		is_full = map->nr_free == 0;
	} else {
		mask = kfrag_bits_lowest(kfrag_slab_map(place), nr_objs);
		kfrag_slab_map_flip(place, mask);
		nr_taken = kfrag_popcount(mask);
		is_full = kfrag_slab_map(place) == 0;
	}
	note_taken(cache, is_full, nr_taken);
	if (addresses)
		tell_addresses(cache, pfn, (uint32_t)(slot / 64), mask,
			       addresses);
	return nr_taken;
}

/* Whole new slabs, as many as come at once. Returns their objects. */
static uint64_t take_full_slabs(struct kfrag_slab_cache *cache,
				uint64_t nr_slabs, uint64_t *addresses)
{
	uint64_t nr_objs = kfrag_slab_make_full(cache, nr_slabs, addresses) *
			   cache->params.objs_per_slab;

	cache->nr_objs += nr_objs;
	return nr_objs;
}

uint64_t kfrag_slab_alloc_bulk(struct kfrag_slab_cache *cache, uint64_t nr_objs,
			       uint64_t *addresses)
{
	bool one_by_one = cache->params.policy->chooses_each_time;
	uint64_t per_slab = cache->params.objs_per_slab;
	uint64_t taken = 0;

	while (taken < nr_objs) {
		uint64_t *out = addresses ? addresses + taken : NULL;
		uint64_t wanted = nr_objs - taken, here = 0;

		if (cache->pick == KFRAG_SLAB_NONE &&
		    cache->first_empty == KFRAG_SLAB_NONE && wanted >= per_slab)
			here = take_full_slabs(cache, wanted / per_slab, out);
		else if (cache->pick != KFRAG_SLAB_NONE || refill(cache))
			here = take_slots(cache, one_by_one ? 1 : wanted, out);
		if (here == 0) {
			cache->stats.nr_refusals++;
			break;
		}
		taken += here;
	}
	return taken;
}

KFRAG_APART static bool alloc_other(struct kfrag_slab_cache *cache,
				    uint64_t *address)
{
	if (cache->pick == KFRAG_SLAB_NONE && !refill(cache)) {
		cache->stats.nr_refusals++;
		*address = 0;
		return false;
	}
	if (cache->quick_word)
		return kfrag_slab_alloc(cache, address);
	return take_slots(cache, 1, address) == 1;
}

KFRAG_APART static void leave_full(struct kfrag_slab_cache *cache)
{
	kfrag_slab_leave_partial(cache, cache->pick, 0);
}

/* What most allocations are: one more bit of the map of the picked slab. */
bool kfrag_slab_alloc(struct kfrag_slab_cache *cache, uint64_t *address)
{
	uint64_t *word = cache->quick_word, map;
	unsigned slot;

	if (!word)
		return alloc_other(cache, address);
	map = *word >> cache->quick_shift & cache->quick_slots;
	slot = (unsigned)__builtin_ctzll(map);
	*word ^= UINT64_C(1) << (cache->quick_shift + slot);
	*address = cache->quick_address + slot * cache->params.size_bytes;
	cache->nr_objs++;
	if ((map & (map - 1)) == 0)
		leave_full(cache);
	return true;
}

/* ----------------------------------------------------------------- freeing */

static void free_wide(struct kfrag_slab_cache *cache, uint64_t pfn,
		      uint32_t word, uint64_t mask)
{
	struct kfrag_slab_wide_map *map =
		kfrag_slab_wide_map(kfrag_slab_place_of(cache->slab, pfn));
	uint32_t nr_freed = kfrag_popcount(mask);
	bool was_full = map->nr_free == 0;

	kfrag_bitmap_set_mask(&cache->shape, map->words, word, mask);
	map->nr_free += nr_freed;
	kfrag_slab_note_freed(cache, pfn, was_full,
			      map->nr_free == cache->params.objs_per_slab,
			      nr_freed);
}

static void free_narrow(struct kfrag_slab_cache *cache, uint64_t pfn,
			uint64_t mask)
{
	struct kfrag_slab_place place = kfrag_slab_place_of(cache->slab, pfn);
	uint64_t before = kfrag_slab_map(place);

	kfrag_slab_map_flip(place, mask);
	kfrag_slab_note_freed(cache, pfn, before == 0,
			      (before | mask) == cache->all_free,
			      kfrag_popcount(mask));
}

void kfrag_slab_free_mask(struct kfrag_slab *slab, uint64_t pfn, uint32_t word,
			  uint64_t mask)
{
	struct kfrag_slab_cache *cache = kfrag_slab_owner(slab, pfn);

	assert((kfrag_slab_live_mask(slab, pfn, word) & mask) == mask);
	if (cache->is_wide)
		free_wide(cache, pfn, word, mask);
	else
		free_narrow(cache, pfn, mask);
}

/* Where an object is, or might be. */
struct object {
	struct kfrag_slab_cache *cache;
	uint64_t offset; /* in its slab */
	uint64_t slot;
};

static inline enum kfrag_error find_slot(const struct kfrag_slab *slab,
					 uint64_t address,
					 struct object *object)
{
	uint64_t page = address >> slab->page_shift;
	const struct kfrag_slab_cache *cache;

	if (page >= slab->nr_pages || !kfrag_slab_is_used(slab, page))
		return KFRAG_ERANGE;
	cache = object->cache = kfrag_slab_owner(slab, page);
	/* A slab's size is a power of two, and it starts at a multiple. */
	object->offset = address & cache->offset_mask;
	object->slot = object->offset / cache->params.size_bytes;
	return object->slot * cache->params.size_bytes == object->offset &&
			       object->slot < cache->params.objs_per_slab ?
		       KFRAG_OK :
		       KFRAG_EALIGN;
}

KFRAG_APART static enum kfrag_error free_other(struct kfrag_slab *slab,
					       uint64_t address,
					       const struct object *object)
{
	uint64_t pfn = (address - object->offset) >> slab->page_shift;
	uint32_t word = (uint32_t)(object->slot / 64);
	uint64_t bit = UINT64_C(1) << (object->slot % 64);

	if (!(kfrag_slab_live_mask(slab, pfn, word) & bit))
		return KFRAG_EFREE;
	kfrag_slab_free_mask(slab, pfn, word, bit);
	return KFRAG_OK;
}

/* What most frees are: one more bit of a map that stays between its ends. */
enum kfrag_error kfrag_slab_free_checked(struct kfrag_slab *slab,
					 uint64_t address)
{
	struct object object;
	enum kfrag_error error = find_slot(slab, address, &object);
	struct kfrag_slab_place place;
	uint64_t map, bit, slots, pfn;

	if (error)
		return error;
	slots = object.cache->quick_slots;
	if (!slots)
		return free_other(slab, address, &object);
	pfn = (address - object.offset) >> slab->page_shift;
	place = kfrag_slab_place_of(slab, pfn);
	map = *kfrag_slab_map_word(place) >> kfrag_slab_map_shift(place) &
	      slots;
	bit = UINT64_C(1) << (object.slot % 64);
	if (map & bit)
		return KFRAG_EFREE;
	kfrag_slab_map_flip(place, bit);
	if (map == 0 || (map | bit) == slots)
		kfrag_slab_note_freed(object.cache, pfn, map == 0,
				      (map | bit) == slots, 1);
	else
		object.cache->nr_objs--;
	return KFRAG_OK;
}

void kfrag_slab_free(struct kfrag_slab *slab, uint64_t address)
{
	enum kfrag_error error = kfrag_slab_free_checked(slab, address);

	assert(error == KFRAG_OK);
	(void)error;
}
