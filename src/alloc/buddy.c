// SPDX-License-Identifier: MIT
/*
 * The binary buddy allocator (K. Knowlton, CACM 8, 1965; D. Knuth, The Art
 * of Computer Programming 1, 2.5).
 *
 * 1. Blocks. Memory is pages 0..n-1. A block of order k is 2^k pages and
 *    starts at a multiple of 2^k. A request takes a whole block.
 *
 * 2. Splitting. Where no block of the wanted order is free, the next larger
 *    free one is cut into halves: the lower half is cut on, the upper half
 *    becomes a free block, until the order fits.
 *
 * 3. Buddies. The two halves of block i of order k + 1 are blocks 2i and
 *    2i + 1 of order k: each other's buddy. A block's buddy is therefore
 *    found without searching, its number with the lowest bit inverted
 *    (i ^ 1), and their parent is i >> 1. When a block is freed and its
 *    buddy is free, they merge, and the parent is treated likewise. So the
 *    free blocks are always the largest that can be made of the free pages:
 *    they depend on which pages are free, never on the order of the frees.
 *
 * 4. The bitmap. Because of that, one bit a page says it all: the textbook's
 *    further bits, one per block of every larger order, follow from those of
 *    its pages. A word of 64 bits is the whole tree of splits of 64 pages,
 *    orders 0 to 6. Shifting it against itself finds all free pairs at once,
 *    shifting the pairs all free fours, and so on; those whose buddy is not
 *    free too are the free blocks of that order (kfrag_buddy_blocks()).
 *
 *    Merging takes no steps at all. The freed block at bit a grows until it
 *    would swallow a busy page. Let b be the nearest busy bit: a and b are in
 *    one aligned group of 2^m just if a ^ b < 2^m. So the block grows to
 *    order floor(log2(a ^ b)), the smaller of both sides' (merged_rank()).
 *
 * 5. Levels. What a word is to 64 pages, a word of the next level is to 64
 *    such words, orders 6 to 12, and so on: a level is six orders. A part of
 *    a word is free as a whole (0) or busy (1). If it is busy and its own
 *    word one level below is not zero, it has been cut, and that word says
 *    what of it is free; if that word is zero, it is allocated as a whole. A
 *    word that becomes zero has merged, and is given to the level above.
 *
 * 6. Finding a block. Per order stands a set of the words that hold a free
 *    block of just that order, as a bitmap with summary words (bitmap.h), and
 *    the lowest of them apart, so that the set that is used and refilled all
 *    the time, with one member or none, is touched nowhere else. `nonempty`
 *    has a bit per order. The smallest sufficient order, its lowest word, the
 *    lowest block in that: always the lowest free block is taken, which keeps
 *    the top of memory whole.
 *
 * 7. What it costs. One bit a page; for six orders a set of words, 6/64; both
 *    again for each level above, a 64th part: 1.11 bits a page, 0.0034 % of
 *    memory with 4 KiB pages. No fewer than one bit will do, since any set of
 *    pages can be free. The textbook takes 2; Linux up to 2.6.9 had one per
 *    pair of buddies, saying whether just one of both is free, but needed
 *    list links in every free page besides; since then it keeps an order in
 *    each struct page.
 *
 * 8. Telling wrong frees. Freeing a page that is free, wholly or in part,
 *    shows as a clear bit. That an allocated block is freed with another
 *    order than it was taken with shows only where the two orders are of
 *    different levels. One more bit a page that marks where allocated blocks
 *    start (kfrag_buddy_create_checked) closes the gap: a block ends where
 *    the next start or free page is. Looking at all of them takes longer than
 *    freeing, so a plain allocator asserts only what it has in hand anyway.
 *
 * Creation is in buddy_create.c, many blocks at once in buddy_many.c, what one
 * can ask in buddy_query.c, and the same allocator with Linux' free lists in
 * buddy_lists.c.
 */
#include "kfrag/buddy.h"

#include <assert.h>

#include "alloc/buddy_impl.h"
#include "alloc/buddy_lists.h"
#include "alloc/buddy_words.h"
#include "kfrag/arith.h"
#include "kfrag/bits.h"

/* ------------------------------------------------------------ allocation */

/*
 * Takes pages first .. first + nr_pages - 1, the beginning of a free block of
 * order `from` that is in no set any more, as blocks of order `order`.
 * What they do not fill of a part of a higher level is cut from it.
 */
static void cut(struct kfrag_buddy *buddy, unsigned order, unsigned from,
		uint64_t first, uint64_t nr_pages)
{
	struct kfrag_buddy_level *level = buddy->areas[order].level;
	struct kfrag_buddy_level *top = buddy->areas[from].level;
	uint64_t end = first + (UINT64_C(1) << from);
	uint64_t pfn = first + nr_pages;

	for (; level <= top; level++)
		kfrag_bits_flip(level->busy, first >> level->base_order,
				((nr_pages - 1) >> level->base_order) + 1);
	/* The smaller orders had no free block, or `from` was not the one. */
	while (pfn < end) {
		unsigned rest = (unsigned)__builtin_ctzll(end - pfn);
		struct kfrag_buddy_area *area = &buddy->areas[rest];

		area->first = pfn >> area->base_order >> 6;
		area->nr_free = 1;
		buddy->nonempty |= UINT64_C(1) << rest;
		pfn += UINT64_C(1) << rest;
	}
}

/*
 * Blocks of the lowest word are taken: from bit `at` on, nr_blocks of those
 * in `blocks`, whose parts are the caller's to mark busy.
 */
static void remove_blocks(struct kfrag_buddy *buddy,
			  struct kfrag_buddy_area *area, uint64_t blocks,
			  unsigned at, uint64_t nr_blocks)
{
	uint64_t nr_parts = nr_blocks << area->rank;

	blocks &= ~(UINT64_MAX >> (64 - nr_parts) << at);
	if (!blocks)
		kfrag_buddy_remove_first(buddy, area);
	area->nr_free -= nr_blocks;
}

/* Takes blocks of the order itself, as many as lie in a row. */
static uint64_t take_row(struct kfrag_buddy *buddy, unsigned order,
			 uint64_t max_blocks, uint64_t *pfn)
{
	struct kfrag_buddy_area *area = &buddy->areas[order];
	uint64_t blocks = kfrag_buddy_blocks(area, area->first);
	unsigned at = (unsigned)__builtin_ctzll(blocks);
	unsigned size = 1u << area->rank;
	uint64_t part = area->first * 64 + at;
	uint64_t nr_blocks = 1;

	for (unsigned next = at + size;
	     nr_blocks < max_blocks && next < 64 && (blocks >> next & 1);
	     next += size)
		nr_blocks++;
	kfrag_bits_flip(area->busy, part, nr_blocks << area->rank);
	remove_blocks(buddy, area, blocks, at, nr_blocks);
	*pfn = part << area->base_order;
	return nr_blocks;
}

/* Takes blocks of the order from the lowest free block of order `from`. */
static uint64_t take_cut(struct kfrag_buddy *buddy, unsigned order,
			 unsigned from, uint64_t max_blocks, uint64_t *pfn)
{
	struct kfrag_buddy_area *area = &buddy->areas[from];
	uint64_t blocks = kfrag_buddy_blocks(area, area->first);
	unsigned at = (unsigned)__builtin_ctzll(blocks);
	uint64_t nr_blocks = UINT64_C(1) << (from - order);

	if (nr_blocks > max_blocks)
		nr_blocks = max_blocks;
	*pfn = (area->first * 64 + at) << area->base_order;
	remove_blocks(buddy, area, blocks, at, 1);
	cut(buddy, order, from, *pfn, nr_blocks << order);
	buddy->stats.nr_splits += kfrag_buddy_nr_cuts(nr_blocks, from - order);
	return nr_blocks;
}

uint64_t kfrag_buddy_alloc_run(struct kfrag_buddy *buddy, unsigned order,
			       uint64_t max_blocks, uint64_t *pfn)
{
	uint64_t nr_blocks;
	unsigned from;

	*pfn = 0;
	if (max_blocks == 0 || !kfrag_buddy_find_order(buddy, order, &from))
		return 0;
	if (kfrag_buddy_has_lists(buddy))
		nr_blocks = kfrag_buddy_lists_take(buddy, order, from,
						   max_blocks, pfn);
	else if (from == order)
		nr_blocks = take_row(buddy, order, max_blocks, pfn);
	else
		nr_blocks = take_cut(buddy, order, from, max_blocks, pfn);
	buddy->stats.nr_allocs += nr_blocks;
	kfrag_buddy_mark_starts(buddy, order, *pfn, nr_blocks);
	return nr_blocks;
}

/* The halves that splitting leaves are the only free blocks of their orders. */
static void keep_halves(struct kfrag_buddy *buddy,
			struct kfrag_buddy_area *area,
			const struct kfrag_buddy_area *from, uint64_t word)
{
	buddy->stats.nr_splits += from->rank - area->rank;
	buddy->nonempty |=
		(UINT64_C(1) << from->order) - (UINT64_C(1) << area->order);
	for (; area < from; area++) {
		area->first = word;
		area->nr_free = 1;
	}
}

/* From the same word as the block it is cut from; without marking starts. */
KFRAG_APART static bool alloc_plain(struct kfrag_buddy *buddy, unsigned order,
				    uint64_t *pfn)
{
	struct kfrag_buddy_area *area = &buddy->areas[order], *from = area;
	uint64_t blocks, word;
	unsigned at;

	if (area->first == KFRAG_BUDDY_NONE) {
		uint64_t larger = buddy->nonempty >> order;

		from += larger ? __builtin_ctzll(larger) : 0;
		if (!larger || from->level != area->level)
			return kfrag_buddy_alloc_run(buddy, order, 1, pfn) == 1;
	}
	word = from->first;
	blocks = kfrag_buddy_blocks(from, word);
	at = (unsigned)__builtin_ctzll(blocks);
	*pfn = (word * 64 + at) << area->base_order;
	area->busy[word] |= area->ones << at;
	if ((blocks & (blocks - 1)) == 0)
		kfrag_buddy_remove_first(buddy, from);
	from->nr_free--;
	buddy->stats.nr_allocs++;
	if (from > area)
		keep_halves(buddy, area, from, word);
	return true;
}

bool kfrag_buddy_alloc(struct kfrag_buddy *buddy, unsigned order, uint64_t *pfn)
{
	if (order < buddy->nr_plain_orders)
		return alloc_plain(buddy, order, pfn);
	if (kfrag_buddy_has_lists(buddy))
		return kfrag_buddy_lists_alloc(buddy, order, pfn);
	return kfrag_buddy_alloc_run(buddy, order, 1, pfn) == 1;
}

/* --------------------------------------------------------------- freeing */

/*
 * The rank to which the free block at bit `at` has grown: up to the nearest
 * busy bit on either side, as the head of this file explains. Outside the
 * word all counts as busy: 64 ^ at is at least 64, whose logarithm is 6.
 */
static unsigned merged_rank(uint64_t busy, unsigned at)
{
	uint64_t below = busy & ((UINT64_C(1) << at) - 1);
	uint64_t above = busy >> at;
	uint64_t least = 64 ^ at, other;

	if (above)
		least = (at + (unsigned)__builtin_ctzll(above)) ^ at;
	if (below) {
		other = kfrag_log2_floor(below) ^ at;
		if (other < least)
			least = other;
	}
	return kfrag_log2_floor(least);
}

static void lose_block(struct kfrag_buddy *buddy, struct kfrag_buddy_area *area,
		       uint64_t word)
{
	if (!kfrag_buddy_blocks(area, word))
		kfrag_buddy_remove_word(buddy, area, word);
	area->nr_free--;
}

static inline void gain_block(struct kfrag_buddy *buddy,
			      struct kfrag_buddy_area *area, uint64_t word)
{
	kfrag_buddy_add_word(buddy, area, word);
	area->nr_free++;
}

KFRAG_APART static void merge(struct kfrag_buddy *buddy,
			      struct kfrag_buddy_area *area, uint64_t part);

/* A block of this order, at this part of its level, becomes free. */
static inline void release_block(struct kfrag_buddy *buddy,
				 struct kfrag_buddy_area *area, uint64_t part)
{
	uint64_t busy = area->busy[part / 64];
	uint64_t bits = area->ones << (part % 64);
	uint64_t sibling = area->ones << (part % 64 ^ area->buddy_distance);

	assert((busy & bits) == bits);
	area->busy[part / 64] = busy ^ bits;
	/* What never merges is its own sibling, and was busy until now. */
	if (busy & sibling)
		gain_block(buddy, area, part / 64);
	else
		merge(buddy, area, part);
}

/* The buddies that a block merges with are no blocks of their own any more. */
static void merge(struct kfrag_buddy *buddy, struct kfrag_buddy_area *area,
		  uint64_t part)
{
	uint64_t word = part / 64;
	unsigned merged = merged_rank(area->busy[word], part % 64);

	if (merged > area->level->max_rank)
		merged = area->level->max_rank;
	buddy->stats.nr_merges += merged - area->rank;
	for (unsigned rank = area->rank; rank < merged; rank++)
		lose_block(buddy, area++, word);
	/* A word that is free as a whole is a part of the next level. */
	if (merged < KFRAG_BUDDY_RANKS)
		gain_block(buddy, area, word);
	else
		release_block(buddy, area, word);
}

void kfrag_buddy_release_part(struct kfrag_buddy *buddy,
			      struct kfrag_buddy_area *area, uint64_t part)
{
	release_block(buddy, area, part);
}

/* Frees where the allocator marks the starts of blocks. */
void kfrag_buddy_unmark_start(struct kfrag_buddy *buddy, unsigned order,
			      uint64_t pfn)
{
	enum kfrag_error error = kfrag_buddy_judge_free(buddy, order, pfn);

	/* Of a plain allocator, only what is above max_order comes here. */
	assert(error == KFRAG_OK && buddy->starts);
	(void)error;
	buddy->starts[pfn / 64] &= ~(UINT64_C(1) << (pfn % 64));
}

static inline uint64_t rotate_right(uint64_t value, unsigned bits)
{
	return value >> (bits % 64) | value << (-bits % 64);
}

KFRAG_APART static void free_plain(struct kfrag_buddy *buddy, unsigned order,
				   uint64_t pfn)
{
	struct kfrag_buddy_area *area = &buddy->areas[order];

	/* What is not aligned has a very high number when turned like that. */
	assert(rotate_right(pfn, order) < area->nr_blocks);
	buddy->stats.nr_frees++;
	release_block(buddy, area, pfn >> area->base_order);
}

void kfrag_buddy_free(struct kfrag_buddy *buddy, unsigned order, uint64_t pfn)
{
	if (order >= buddy->nr_plain_orders) {
		if (kfrag_buddy_has_lists(buddy)) {
			kfrag_buddy_lists_free(buddy, order, pfn);
			return;
		}
		kfrag_buddy_unmark_start(buddy, order, pfn);
	}
	free_plain(buddy, order, pfn);
}

enum kfrag_error kfrag_buddy_free_checked(struct kfrag_buddy *buddy,
					  unsigned order, uint64_t pfn)
{
	enum kfrag_error error = kfrag_buddy_judge_free(buddy, order, pfn);

	if (!error)
		kfrag_buddy_free(buddy, order, pfn);
	return error;
}

static uint64_t source_take(void *context, unsigned order, uint64_t max_blocks,
			    uint64_t *pfn)
{
	if (max_blocks == 1)
		return kfrag_buddy_alloc(context, order, pfn);
	return kfrag_buddy_alloc_run(context, order, max_blocks, pfn);
}

static uint64_t source_take_mask(void *context, unsigned order,
				 uint64_t max_blocks, uint64_t *pfn,
				 uint64_t *mask)
{
	return kfrag_buddy_alloc_mask(context, order, max_blocks, pfn, mask);
}

static void source_give(void *context, unsigned order, uint64_t pfn)
{
	kfrag_buddy_free(context, order, pfn);
}

struct kfrag_page_source kfrag_buddy_page_source(struct kfrag_buddy *buddy)
{
	return (struct kfrag_page_source){
		.take = source_take,
		.take_mask = source_take_mask,
		.give = source_give,
		.context = buddy,
	};
}
