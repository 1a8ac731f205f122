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
 * Creation is in slab_create.c, the sets of point 3 in slab_sets.c, freeing
 * all over at once in slab_sweep.c, and what one can ask in slab_query.c.
 */
#include "kfrag/slab.h"

#include <assert.h>
#include <stdlib.h>

#include "alloc/slab_impl.h"
#include "alloc/slab_policy_impl.h"
#include "kfrag/arith.h"
#include "kfrag/bits.h"

/* ------------------------------------------------------------- new slabs */

/* Blocks that the source handed out as one: in a row, or those of 64. */
struct blocks {
	uint64_t pfn; /* of the first, or of bit 0 */
	uint64_t nr_blocks;
	uint64_t mask; /* 0: in a row */
};

static uint64_t take_blocks(const struct kfrag_slab_cache *cache,
			    uint64_t nr_wanted, struct blocks *blocks)
{
	const struct kfrag_page_source *source = &cache->slab->source;
	unsigned order = cache->params.order;

	blocks->mask = 0;
	if (source->take_mask && nr_wanted > 1)
		blocks->nr_blocks = source->take_mask(source->context, order,
						      nr_wanted, &blocks->pfn,
						      &blocks->mask);
	else
		blocks->nr_blocks = source->take(source->context, order,
						 nr_wanted, &blocks->pfn);
	return blocks->nr_blocks;
}

/* From the first block to the last, as many as fit between. */
static uint64_t span_of(const struct blocks *blocks)
{
	return blocks->mask ? kfrag_log2_floor(blocks->mask) + 1 :
			      blocks->nr_blocks;
}

/* Goes through runs of them: the next one, false at the end. */
static bool next_run(struct blocks *blocks, unsigned order, uint64_t *pfn,
		     uint64_t *nr_blocks)
{
	uint64_t rest;
	unsigned first;

	if (blocks->nr_blocks == 0)
		return false;
	*pfn = blocks->pfn;
	*nr_blocks = blocks->nr_blocks;
	if (blocks->mask) {
		first = (unsigned)__builtin_ctzll(blocks->mask);
		*pfn += (uint64_t)first << order;
		rest = ~(blocks->mask >> first);
		*nr_blocks = rest ? (unsigned)__builtin_ctzll(rest) : 64;
		blocks->mask &= ~(UINT64_MAX >> (64 - *nr_blocks) << first);
	}
	blocks->nr_blocks -= *nr_blocks;
	return true;
}

/* Of so many slabs from pfn on, the first that have room for wide maps. */
static uint64_t make_wide_maps(struct kfrag_slab_cache *cache, uint64_t pfn,
			       uint64_t nr_slabs)
{
	uint64_t step = UINT64_C(1) << cache->params.order;

	for (uint64_t i = 0; i < nr_slabs; i++, pfn += step) {
		struct kfrag_slab_place place =
			kfrag_slab_place_of(cache->slab, pfn);
		struct kfrag_slab_wide_map *map =
			calloc(1, sizeof(*map) + (size_t)cache->shape.nr_words *
							 sizeof(uint64_t));

		if (!map)
			return i;
		place.region->wide_maps[place.index] = map;
	}
	return nr_slabs;
}

/* Room in the tables for slabs of these blocks. */
static enum kfrag_error reserve(struct kfrag_slab_cache *cache,
				const struct blocks *blocks)
{
	uint64_t nr_slabs = span_of(blocks);
	const struct kfrag_slab_policy *policy = cache->params.policy;
	struct kfrag_slab *slab = cache->slab;
	bool moved = false;
	enum kfrag_error error;

	if (slab->host_error)
		return slab->host_error;
	error = kfrag_slab_table_reserve(slab, cache, blocks->pfn, nr_slabs,
					 &moved);
	for (uint32_t i = 0; moved && i < slab->nr_caches; i++)
		kfrag_slab_find_quick(slab->caches[i]);
	if (!error && policy->reserve)
		error = policy->reserve(cache->partial, blocks->pfn, nr_slabs);
	return error;
}

static void note_host_error(struct kfrag_slab_cache *cache, uint64_t pfn,
			    uint64_t nr_blocks)
{
	cache->slab->host_error = KFRAG_ENOMEM;
	for (uint64_t i = 0; i < nr_blocks; i++)
		kfrag_slab_give_block(cache, pfn + (i << cache->params.order));
}

/*
 * Makes full slabs of a run of blocks, in none of the cache's sets, where
 * room has been made. Returns how many; the rest goes back to the source where
 * the host has no memory.
 */
static uint64_t make_slabs(struct kfrag_slab_cache *cache, uint64_t pfn,
			   uint64_t nr_blocks)
{
	uint64_t nr_slabs = nr_blocks;

	if (cache->is_wide)
		nr_slabs = make_wide_maps(cache, pfn, nr_blocks);
	kfrag_slab_table_add(cache->slab, cache, pfn, nr_slabs);
	cache->nr_slabs += nr_slabs;
	cache->stats.nr_slabs_made += nr_slabs;
	if (nr_slabs < nr_blocks)
		note_host_error(cache, pfn + (nr_slabs << cache->params.order),
				nr_blocks - nr_slabs);
	return nr_slabs;
}

static uint64_t address_of(const struct kfrag_slab_cache *cache, uint64_t pfn,
			   uint64_t slot)
{
	return (pfn << cache->slab->page_shift) +
	       slot * cache->params.size_bytes;
}

/* Every slot of these slabs; returns where the next address belongs. */
static uint64_t *tell_slabs(const struct kfrag_slab_cache *cache, uint64_t pfn,
			    uint64_t nr_slabs, uint64_t *addresses)
{
	for (uint64_t i = 0; i < nr_slabs; i++)
		for (uint64_t slot = 0; slot < cache->params.objs_per_slab;
		     slot++)
			*addresses++ = address_of(
				cache, pfn + (i << cache->params.order), slot);
	return addresses;
}

/* As make_slabs(), of blocks that a mask names, word by word. */
static uint64_t make_masked(struct kfrag_slab_cache *cache,
			    const struct blocks *blocks)
{
	kfrag_slab_table_add_mask(cache->slab, cache, blocks->pfn,
				  blocks->mask);
	cache->nr_slabs += blocks->nr_blocks;
	cache->stats.nr_slabs_made += blocks->nr_blocks;
	return blocks->nr_blocks;
}

/*
 * Makes up to nr_slabs new slabs, all full, as many as the source gives at
 * once. Returns how many, 0 where there are none.
 */
static uint64_t make_new_slabs(struct kfrag_slab_cache *cache,
			       uint64_t nr_slabs, uint64_t *addresses)
{
	unsigned order = cache->params.order;
	uint64_t nr_made = 0, nr_blocks, pfn;
	struct blocks blocks;
	bool has_room;

	if (!take_blocks(cache, nr_slabs, &blocks))
		return 0;
	has_room = !reserve(cache, &blocks);
	if (has_room && blocks.mask && order < 6 && blocks.pfn % 64 == 0 &&
	    !cache->is_wide && !addresses)
		return make_masked(cache, &blocks);
	while (next_run(&blocks, order, &pfn, &nr_blocks)) {
		if (!has_room) {
			note_host_error(cache, pfn, nr_blocks);
			continue;
		}
		nr_blocks = make_slabs(cache, pfn, nr_blocks);
		if (addresses)
			addresses =
				tell_slabs(cache, pfn, nr_blocks, addresses);
		nr_made += nr_blocks;
	}
	return nr_made;
}

/* A new slab's slots are all free. */
static void empty_slab(struct kfrag_slab_cache *cache, uint64_t pfn)
{
	struct kfrag_slab_place place = kfrag_slab_place_of(cache->slab, pfn);
	struct kfrag_slab_wide_map *map;

	if (!cache->is_wide) {
		kfrag_slab_map_flip(place, cache->all_free);
		return;
	}
	map = kfrag_slab_wide_map(place);
	map->nr_free = cache->params.objs_per_slab;
	kfrag_bitmap_set_range(&cache->shape, map->words, 0, map->nr_free);
}

/* Finds a slab to pick where none is partial; false where there is none. */
KFRAG_APART static bool refill(struct kfrag_slab_cache *cache)
{
	uint64_t pfn = cache->first_empty;
	struct blocks blocks;

	if (pfn != KFRAG_SLAB_NONE) {
		kfrag_slab_list_remove(kfrag_slab_host_of(cache),
				       &cache->first_empty, pfn);
		cache->nr_empty--;
	} else {
		if (!take_blocks(cache, 1, &blocks))
			return false;
		pfn = blocks.pfn;
		if (reserve(cache, &blocks)) {
			note_host_error(cache, pfn, 1);
			return false;
		}
		if (!make_slabs(cache, pfn, 1))
			return false;
		empty_slab(cache, pfn);
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
		*addresses++ = address_of(
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
	uint64_t nr_objs = make_new_slabs(cache, nr_slabs, addresses) *
			   cache->params.objs_per_slab;

	cache->nr_objs += nr_objs;
	return nr_objs;
}

uint64_t kfrag_slab_alloc_bulk(struct kfrag_slab_cache *cache, uint64_t nr_objs,
			       uint64_t *addresses)
{
	uint64_t per_slab = cache->params.objs_per_slab;
	uint64_t taken = 0;

	while (taken < nr_objs) {
		uint64_t *out = addresses ? addresses + taken : NULL;
		uint64_t wanted = nr_objs - taken, here = 0;

		if (cache->pick == KFRAG_SLAB_NONE &&
		    cache->first_empty == KFRAG_SLAB_NONE && wanted >= per_slab)
			here = take_full_slabs(cache, wanted / per_slab, out);
		else if (cache->pick != KFRAG_SLAB_NONE || refill(cache))
			here = take_slots(cache, wanted, out);
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
