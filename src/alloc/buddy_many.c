// SPDX-License-Identifier: MIT
/*
 * Many blocks at once: what one word of the bitmap holds of them is taken or
 * given back with one look at the word before and after.
 */
#include <assert.h>

#include "alloc/buddy_impl.h"
#include "alloc/buddy_lists.h"
#include "alloc/buddy_words.h"
#include "kfrag/arith.h"
#include "kfrag/bits.h"

/*
 * Takes free blocks of order `from`, all in the lowest word that has any, as
 * blocks of an order of the same level that they are cut into without rest.
 */
static uint64_t take_word(struct kfrag_buddy *buddy, unsigned order,
			  unsigned from, uint64_t max_blocks, uint64_t *pfn,
			  uint64_t *mask)
{
	struct kfrag_buddy_area *area = &buddy->areas[from];
	unsigned depth = from - order;
	uint64_t blocks = kfrag_buddy_blocks(area, area->first);
	uint64_t taken = kfrag_bits_lowest(blocks, max_blocks >> depth);
	uint64_t parts = taken * area->ones;
	uint64_t nr_taken = kfrag_popcount(taken);

	*pfn = area->first * 64 << area->base_order;
	area->busy[area->first] |= parts;
	if (taken == blocks)
		kfrag_buddy_remove_first(buddy, area);
	area->nr_free -= nr_taken;
	buddy->stats.nr_splits += nr_taken * ((UINT64_C(1) << depth) - 1);
	buddy->stats.nr_allocs += nr_taken << depth;
	for (unsigned i = 0; i < buddy->areas[order].rank; i++)
		parts = kfrag_bits_even(parts);
	*mask = parts;
	for (uint64_t m = buddy->starts ? parts : 0; m; m &= m - 1)
		kfrag_buddy_mark_starts(
			buddy, order,
			*pfn + ((uint64_t)__builtin_ctzll(m) << order), 1);
	return nr_taken << depth;
}

uint64_t kfrag_buddy_alloc_mask(struct kfrag_buddy *buddy, unsigned order,
				uint64_t max_blocks, uint64_t *pfn,
				uint64_t *mask)
{
	uint64_t larger = 0;
	unsigned from;

	*mask = 0;
	if (!kfrag_buddy_has_lists(buddy) && order <= buddy->max_order)
		larger = buddy->nonempty >> order;
	from = order + (larger ? (unsigned)__builtin_ctzll(larger) : 0);
	if (!larger || max_blocks >> (from - order) == 0 ||
	    buddy->areas[from].level != buddy->areas[order].level)
		return kfrag_buddy_alloc_run(buddy, order, max_blocks, pfn);
	return take_word(buddy, order, from, max_blocks, pfn, mask);
}

uint64_t kfrag_buddy_alloc_bulk(struct kfrag_buddy *buddy, unsigned order,
				uint64_t nr_blocks, uint64_t *pfns)
{
	uint64_t nr_taken = 0;

	while (nr_taken < nr_blocks) {
		uint64_t pfn, mask, nr;

		nr = kfrag_buddy_alloc_mask(buddy, order, nr_blocks - nr_taken,
					    &pfn, &mask);
		if (nr == 0)
			break;
		nr_taken += nr;
		for (uint64_t i = 0; pfns && i < nr; i++) {
			uint64_t block = i;

			if (mask)
				block = (unsigned)__builtin_ctzll(mask);
			mask &= mask - 1;
			*pfns++ = pfn + (block << order);
		}
	}
	return nr_taken;
}

/*
 * The free blocks of a word are others than before: brings sets and counts
 * up to date. Returns by how many there are more.
 */
static uint64_t recount(struct kfrag_buddy *buddy,
			const struct kfrag_buddy_level *level, uint64_t word,
			uint64_t busy_before)
{
	struct kfrag_buddy_area *area = &buddy->areas[level->base_order];
	uint64_t old_groups = ~busy_before, groups = ~level->busy[word];
	uint64_t nr_more = 0;

	for (unsigned rank = 0;
	     groups && rank <= level->max_rank && rank < KFRAG_BUDDY_RANKS;
	     rank++, area++) {
		uint64_t before = kfrag_buddy_lone(area, old_groups);
		uint64_t after = kfrag_buddy_lone(area, groups);
		uint64_t delta = 0;

		old_groups &= old_groups >> area->buddy_distance & area->pairs;
		groups &= groups >> area->buddy_distance & area->pairs;
		if (before == after)
			continue;
		if (!before)
			kfrag_buddy_add_word(buddy, area, word);
		else
			delta -= kfrag_popcount(before);
		if (!after)
			kfrag_buddy_remove_word(buddy, area, word);
		else
			delta += kfrag_popcount(after);
		area->nr_free += delta;
		nr_more += delta;
	}
	return nr_more;
}

/* Frees parts of a word that were nr_blocks blocks of one order. */
static void free_parts(struct kfrag_buddy *buddy,
		       struct kfrag_buddy_level *level, uint64_t word,
		       uint64_t parts, unsigned nr_blocks)
{
	uint64_t before = level->busy[word];

	if (!parts)
		return;
	assert((before & parts) == parts);
	level->busy[word] = before & ~parts;
	/* Each merge leaves one block less. */
	buddy->stats.nr_merges +=
		nr_blocks - recount(buddy, level, word, before);
	if (level->busy[word] || level->max_rank < KFRAG_BUDDY_RANKS)
		return;
	buddy->stats.nr_merges--;
	kfrag_buddy_release_part(
		buddy, &buddy->areas[level->base_order + KFRAG_BUDDY_RANKS],
		word);
}

void kfrag_buddy_free_mask(struct kfrag_buddy *buddy, unsigned order,
			   uint64_t pfn, uint64_t mask)
{
	uint64_t nr_blocks = kfrag_popcount(mask);
	struct kfrag_buddy_level *level;
	unsigned rank, per_word, at;
	uint64_t block;

	assert(order <= buddy->max_order && pfn < buddy->nr_pages &&
	       (pfn & ((UINT64_C(1) << order) - 1)) == 0 &&
	       (mask == 0 || (pfn >> order) + kfrag_log2_floor(mask) <
				     buddy->nr_pages >> order));
	if (kfrag_buddy_has_lists(buddy)) {
		kfrag_buddy_lists_free_mask(buddy, order, pfn, mask);
		return;
	}
	block = pfn >> order;
	for (uint64_t m = buddy->starts ? mask : 0; m; m &= m - 1)
		kfrag_buddy_unmark_start(buddy, order,
					 (block + (unsigned)__builtin_ctzll(m))
						 << order);
	buddy->stats.nr_frees += nr_blocks;
	level = buddy->areas[order].level;
	rank = buddy->areas[order].rank;
	per_word = 64u >> rank;
	at = (unsigned)(block % per_word);
	block /= per_word;
	while (mask) {
		uint64_t here = mask << at & UINT64_MAX >> (64 - per_word);

		free_parts(buddy, level, block++, kfrag_bits_spread(here, rank),
			   kfrag_popcount(here));
		/* At most 63 bits: a whole word of blocks is a word of mask. */
		mask = per_word - at < 64 ? mask >> (per_word - at) : 0;
		at = 0;
	}
}
