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
 */
#include "kfrag/buddy.h"

#include <assert.h>
#include <stdlib.h>

#include "alloc/buddy_impl.h"
#include "alloc/buddy_lists.h"
#include "kfrag/arith.h"
#include "kfrag/bitmap.h"
#include "kfrag/bits.h"

/* --------------------------------------------------------- sets of words */

static inline void add_word(struct kfrag_buddy *buddy,
			    struct kfrag_buddy_area *area, uint64_t word)
{
	uint64_t other = word;

	if (word == area->first)
		return;
	if (word < area->first) {
		other = area->first;
		area->first = word;
		if (other == KFRAG_BUDDY_NONE) {
			buddy->nonempty |= UINT64_C(1) << area->order;
			return;
		}
	}
	kfrag_bitmap_set(&area->level->shape, area->others, other);
}

/* The lowest of the others, which is often close by, becomes the first. */
static inline void remove_first(struct kfrag_buddy *buddy,
				struct kfrag_buddy_area *area)
{
	const struct kfrag_bitmap_shape *shape = &area->level->shape;
	uint64_t near = area->first / 64;
	uint64_t next;

	if (area->others[near]) {
		next = near * 64 +
		       (unsigned)__builtin_ctzll(area->others[near]);
	} else if (!kfrag_bitmap_first(shape, area->others, &next)) {
		area->first = KFRAG_BUDDY_NONE;
		buddy->nonempty &= ~(UINT64_C(1) << area->order);
		return;
	}
	area->first = next;
	kfrag_bitmap_clear(shape, area->others, next);
}

/* word must be a member. */
static void remove_word(struct kfrag_buddy *buddy,
			struct kfrag_buddy_area *area, uint64_t word)
{
	if (word == area->first)
		remove_first(buddy, area);
	else
		kfrag_bitmap_clear(&area->level->shape, area->others, word);
}

/* ------------------------------------------------------- create, destroy */

/*
 * Words of a level. There is always a part more than the memory has: busy for
 * ever, so that nothing merges beyond the end.
 */
static uint64_t nr_level_words(uint64_t nr_pages, unsigned level)
{
	return (nr_pages >> (KFRAG_BUDDY_RANKS * level)) / 64 + 1;
}

static struct kfrag_bitmap_shape shape_of(uint64_t nr_pages, unsigned level)
{
	struct kfrag_bitmap_shape shape;

	kfrag_bitmap_shape_init(&shape, nr_level_words(nr_pages, level));
	return shape;
}

/* An order's set of words; the lowest order of a level counts its parts too. */
uint64_t kfrag_buddy_bitmap_bits_for(uint64_t nr_pages, unsigned order)
{
	unsigned level = order / KFRAG_BUDDY_RANKS;
	uint64_t nr_words = shape_of(nr_pages, level).nr_words;

	if (order % KFRAG_BUDDY_RANKS == 0)
		nr_words += nr_level_words(nr_pages, level);
	return nr_words * 64;
}

uint64_t kfrag_buddy_bitmap_bytes_for(uint64_t nr_pages, unsigned max_order)
{
	uint64_t bits = 0;

	for (unsigned order = 0; order <= max_order; order++)
		bits += kfrag_buddy_bitmap_bits_for(nr_pages, order);
	return bits / 8;
}

/* Hands out the words, and marks what is not there as busy. */
static void lay_out(struct kfrag_buddy *buddy, bool checked)
{
	uint64_t *words = buddy->words;

	for (unsigned i = 0; i < buddy->nr_levels; i++) {
		struct kfrag_buddy_level *level = &buddy->levels[i];
		uint64_t nr_parts,
			nr_words = nr_level_words(buddy->nr_pages, i);

		level->base_order = KFRAG_BUDDY_RANKS * i;
		level->max_rank = KFRAG_BUDDY_RANKS;
		if (i + 1 == buddy->nr_levels)
			level->max_rank = buddy->max_order - level->base_order;
		level->shape = shape_of(buddy->nr_pages, i);
		level->busy = words;
		nr_parts = buddy->nr_pages >> level->base_order;
		words[nr_words - 1] = UINT64_MAX << (nr_parts % 64);
		words += nr_words;
	}
	for (unsigned order = 0; order <= buddy->max_order; order++) {
		struct kfrag_buddy_area *area = &buddy->areas[order];
		struct kfrag_buddy_level *level =
			&buddy->levels[order / KFRAG_BUDDY_RANKS];
		unsigned rank = order - level->base_order;

		*area = (struct kfrag_buddy_area){
			.level = level,
			.busy = level->busy,
			.ones = UINT64_MAX >> (64 - (1u << rank)),
			.nr_blocks = buddy->nr_pages >> order,
			.order = (uint8_t)order,
			.base_order = (uint8_t)level->base_order,
			.rank = (uint8_t)rank,
		};
		if (order < buddy->max_order) {
			area->pairs = kfrag_buddy_aligned(rank + 1);
			area->buddy_distance = (uint8_t)(1u << rank);
		}
		area->first = KFRAG_BUDDY_NONE;
		area->others = words;
		words += area->level->shape.nr_words;
	}
	if (checked)
		buddy->starts = words;
}

/* The words are zero already; what is missing are the sets and the counts. */
static void free_everything(struct kfrag_buddy *buddy)
{
	struct kfrag_buddy_area *top = &buddy->areas[buddy->max_order];
	uint64_t pfn, nr_words;

	nr_words = kfrag_div_up(top->nr_blocks, 64 >> top->rank);
	if (nr_words > 0) {
		add_word(buddy, top, 0);
		top->nr_free = top->nr_blocks;
		kfrag_bitmap_set_range(&top->level->shape, top->others, 1,
				       nr_words - 1);
	}
	for (pfn = top->nr_blocks << buddy->max_order; pfn < buddy->nr_pages;) {
		unsigned order = kfrag_log2_floor(buddy->nr_pages - pfn);
		struct kfrag_buddy_area *area = &buddy->areas[order];

		add_word(buddy, area, pfn >> area->base_order >> 6);
		area->nr_free++;
		pfn += UINT64_C(1) << order;
	}
}

static enum kfrag_error create(struct kfrag_buddy **out, uint64_t nr_pages,
			       unsigned max_order, bool checked)
{
	struct kfrag_buddy *buddy;
	uint64_t nr_words;

	*out = NULL;
	if (nr_pages == 0 || nr_pages > KFRAG_MAX_PAGES ||
	    max_order > KFRAG_MAX_ORDER)
		return KFRAG_EINVAL;
	nr_words = kfrag_buddy_bitmap_bytes_for(nr_pages, max_order) / 8;
	if (checked)
		nr_words += kfrag_div_up(nr_pages, 64);
	if (nr_words > SIZE_MAX / sizeof(*buddy->words))
		return KFRAG_ENOMEM;
	buddy = calloc(1, sizeof(*buddy) +
				  (max_order + 1) * sizeof(buddy->areas[0]));
	if (!buddy)
		return KFRAG_ENOMEM;
	/* Zero pages that calloc() maps are real only once written to. */
	buddy->words = calloc((size_t)nr_words, sizeof(*buddy->words));
	if (!buddy->words) {
		free(buddy);
		return KFRAG_ENOMEM;
	}
	buddy->nr_pages = nr_pages;
	buddy->max_order = max_order;
	buddy->nr_levels = (uint16_t)(max_order / KFRAG_BUDDY_RANKS + 1);
	buddy->nr_words = nr_words;
	buddy->nr_plain_orders = checked ? 0 : max_order + 1;
	lay_out(buddy, checked);
	free_everything(buddy);
	*out = buddy;
	return KFRAG_OK;
}

enum kfrag_error kfrag_buddy_create(struct kfrag_buddy **buddy,
				    uint64_t nr_pages, unsigned max_order)
{
	return create(buddy, nr_pages, max_order, false);
}

enum kfrag_error kfrag_buddy_create_checked(struct kfrag_buddy **buddy,
					    uint64_t nr_pages,
					    unsigned max_order)
{
	return create(buddy, nr_pages, max_order, true);
}

enum kfrag_error kfrag_buddy_create_placed(struct kfrag_buddy **buddy,
					   uint64_t nr_pages,
					   unsigned max_order,
					   enum kfrag_buddy_placement placement)
{
	if (placement == KFRAG_BUDDY_ADDRESS)
		return create(buddy, nr_pages, max_order, false);
	return kfrag_buddy_lists_create(buddy, nr_pages, max_order, placement);
}

void kfrag_buddy_destroy(struct kfrag_buddy *buddy)
{
	if (!buddy)
		return;
	if (kfrag_buddy_has_lists(buddy))
		free(buddy->lists.links);
	free(buddy->words);
	free(buddy);
}

/* ------------------------------------------------------------ allocation */

static void mark_starts(struct kfrag_buddy *buddy, unsigned order, uint64_t pfn,
			uint64_t nr_blocks)
{
	if (!buddy->starts)
		return;
	for (; nr_blocks > 0; nr_blocks--, pfn += UINT64_C(1) << order)
		buddy->starts[pfn / 64] |= UINT64_C(1) << (pfn % 64);
}

static void mark_busy(struct kfrag_buddy_level *level, uint64_t first,
		      uint64_t nr_parts)
{
	uint64_t *word = &level->busy[first / 64];
	unsigned at = first % 64;

	while (at + nr_parts > 64) {
		*word++ |= UINT64_MAX << at;
		nr_parts -= 64 - at;
		at = 0;
	}
	if (nr_parts)
		*word |= UINT64_MAX >> (64 - nr_parts) << at;
}

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
		mark_busy(level, first >> level->base_order,
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
		remove_first(buddy, area);
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
	mark_busy(area->level, part, nr_blocks << area->rank);
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

	if (kfrag_buddy_has_lists(buddy))
		return kfrag_buddy_lists_alloc_run(buddy, order, max_blocks,
						   pfn);
	*pfn = 0;
	if (max_blocks == 0 || !kfrag_buddy_find_order(buddy, order, &from))
		return 0;
	if (from == order)
		nr_blocks = take_row(buddy, order, max_blocks, pfn);
	else
		nr_blocks = take_cut(buddy, order, from, max_blocks, pfn);
	buddy->stats.nr_allocs += nr_blocks;
	mark_starts(buddy, order, *pfn, nr_blocks);
	return nr_blocks;
}

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
		remove_first(buddy, area);
	area->nr_free -= nr_taken;
	buddy->stats.nr_splits += nr_taken * ((UINT64_C(1) << depth) - 1);
	buddy->stats.nr_allocs += nr_taken << depth;
	for (unsigned i = 0; i < buddy->areas[order].rank; i++)
		parts = kfrag_bits_even(parts);
	*mask = parts;
	for (uint64_t m = buddy->starts ? parts : 0; m; m &= m - 1)
		mark_starts(buddy, order,
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
		remove_first(buddy, from);
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
		remove_word(buddy, area, word);
	area->nr_free--;
}

static inline void gain_block(struct kfrag_buddy *buddy,
			      struct kfrag_buddy_area *area, uint64_t word)
{
	add_word(buddy, area, word);
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

/* Frees where the allocator marks the starts of blocks. */
KFRAG_RARE static void unmark_start(struct kfrag_buddy *buddy, unsigned order,
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
		unmark_start(buddy, order, pfn);
	}
	free_plain(buddy, order, pfn);
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
			add_word(buddy, area, word);
		else
			delta -= kfrag_popcount(before);
		if (!after)
			remove_word(buddy, area, word);
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
	release_block(buddy,
		      &buddy->areas[level->base_order + KFRAG_BUDDY_RANKS],
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
		unmark_start(buddy, order,
			     (block + (unsigned)__builtin_ctzll(m)) << order);
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
