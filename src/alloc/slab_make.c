// SPDX-License-Identifier: MIT
/*
 * New slabs: blocks of the page source find their place in the tables. One
 * comes empty, for the next object; many come full, for a population that is
 * allocated at once, and are never looked at one by one.
 */
#include <stdlib.h>

#include "alloc/slab_impl.h"
#include "kfrag/arith.h"
#include "kfrag/bits.h"

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
	const struct kfrag_slab_policy *policy = cache->params.policy;
	struct kfrag_slab *slab = cache->slab;
	uint64_t nr_slabs = span_of(blocks);
	uint64_t last = blocks->pfn + (nr_slabs << cache->params.order) - 1;
	enum kfrag_error error = slab->host_error;

	for (uint64_t number = blocks->pfn >> KFRAG_SLAB_REGION_SHIFT;
	     !error && number <= last >> KFRAG_SLAB_REGION_SHIFT; number++) {
		struct kfrag_slab_cache *moved;

		error = kfrag_slab_table_reserve(slab, cache, number, &moved);
		if (moved)
			kfrag_slab_find_quick(moved);
	}
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

/* Every slot of these slabs; returns where the next address belongs. */
static uint64_t *tell_slabs(const struct kfrag_slab_cache *cache, uint64_t pfn,
			    uint64_t nr_slabs, uint64_t *addresses)
{
	for (uint64_t i = 0; i < nr_slabs; i++)
		for (uint64_t slot = 0; slot < cache->params.objs_per_slab;
		     slot++)
			*addresses++ = kfrag_slab_address(
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

uint64_t kfrag_slab_make_full(struct kfrag_slab_cache *cache, uint64_t nr_slabs,
			      uint64_t *addresses)
{
	const struct kfrag_slab_policy *policy = cache->params.policy;
	unsigned order = cache->params.order;
	uint64_t nr_made = 0, nr_blocks, pfn;
	struct blocks blocks;
	bool has_room;

	if (!take_blocks(cache, nr_slabs, &blocks))
		return 0;
	has_room = !reserve(cache, &blocks);
	if (has_room && blocks.mask && order < 6 && blocks.pfn % 64 == 0 &&
	    !cache->is_wide && !addresses && !policy->made_full)
		return make_masked(cache, &blocks);
	while (next_run(&blocks, order, &pfn, &nr_blocks)) {
		if (!has_room) {
			note_host_error(cache, pfn, nr_blocks);
			continue;
		}
		nr_blocks = make_slabs(cache, pfn, nr_blocks);
		if (policy->made_full)
			policy->made_full(cache->partial, pfn, nr_blocks);
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

bool kfrag_slab_make_empty(struct kfrag_slab_cache *cache, uint64_t *pfn)
{
	struct blocks blocks;

	if (!take_blocks(cache, 1, &blocks))
		return false;
	if (reserve(cache, &blocks)) {
		note_host_error(cache, blocks.pfn, 1);
		return false;
	}
	if (!make_slabs(cache, blocks.pfn, 1))
		return false;
	empty_slab(cache, blocks.pfn);
	*pfn = blocks.pfn;
	return true;
}
