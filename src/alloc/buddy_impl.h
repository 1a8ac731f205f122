/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_ALLOC_BUDDY_IMPL_H
#define KFRAG_ALLOC_BUDDY_IMPL_H

/*
 * The inside of struct kfrag_buddy, for buddy*.c and for the tests that break
 * it on purpose. Words and levels: head of buddy.c; lists: that of
 * buddy_lists.c.
 */
#include <stdbool.h>
#include <stdint.h>

#include "alloc/apart.h"
#include "alloc/counted_size.h"
#include "kfrag/bitmap.h"
#include "kfrag/buddy.h"

/* A word has 2^6 parts, so a level is six orders. */
#define KFRAG_BUDDY_RANKS 6
#define KFRAG_BUDDY_MAX_LEVELS (KFRAG_MAX_ORDER / KFRAG_BUDDY_RANKS + 1)
#define KFRAG_BUDDY_NONE UINT64_MAX

struct kfrag_buddy_level {
	uint64_t *busy; /* bit i: part i is not free as a whole */
	unsigned base_order; /* of one part, KFRAG_BUDDY_RANKS * level */
	unsigned max_rank; /* that blocks merge to within a word */
	struct kfrag_bitmap_shape shape; /* of a set of this level's words */
};

/* The free blocks of one order. */
struct kfrag_buddy_area {
	/*
	 * The words that hold such blocks: the lowest, KFRAG_BUDDY_NONE where
	 * there is none, and a bitmap of all the others.
	 */
	uint64_t first;
	uint64_t *others;
	uint64_t nr_free; /* blocks */
	/* The level, and what of it each operation needs. */
	struct kfrag_buddy_level *level;
	uint64_t *busy;
	uint64_t ones; /* the parts of a block that starts at bit 0 */
	uint64_t pairs; /* where pairs of blocks start; 0: these never merge */
	uint64_t nr_blocks; /* in all, free or not */
	uint8_t order;
	uint8_t base_order; /* of a part */
	uint8_t rank; /* order - base_order */
	uint8_t buddy_distance; /* in parts, 2^rank; 0: these never merge */
};

/* A free block's neighbours by age, or a list's head: all in a ring. */
struct kfrag_buddy_link {
	uint32_t sides[2];
};

/* The next older, the next younger; of a head, the youngest and the oldest. */
enum { KFRAG_BUDDY_OLDER, KFRAG_BUDDY_YOUNGER };

/* The byte of a page: nothing starts there, or a block of order k, plus k. */
#define KFRAG_BUDDY_INSIDE 0x00u
#define KFRAG_BUDDY_FREE 0x40u
#define KFRAG_BUDDY_TAKEN 0x80u

struct kfrag_buddy_lists {
	/* Owned: a link a page, one for the head of each order, the bytes. */
	struct kfrag_buddy_link *links;
	uint8_t *bytes;
	/* Inside the heads: turns[2 * order] is the block to take next. */
	const uint32_t *turns;
	/*
	 * The blocks of max_order that were never taken, the lowest of which
	 * alone is in its list; KFRAG_BUDDY_NONE where there are none.
	 */
	uint64_t fresh;
	uint64_t fresh_end;
	uint64_t nr_free[KFRAG_MAX_ORDER + 1]; /* fresh ones included */
};

struct kfrag_buddy {
	uint64_t nonempty; /* bit k: order k has a free block */
	uint64_t nr_plain_orders; /* max_order + 1; 0 with starts, with lists */
	uint64_t nr_pages;
	unsigned max_order;
	uint16_t nr_levels; /* 0 with lists */
	uint16_t placement; /* enum kfrag_buddy_placement */
	struct kfrag_buddy_stats stats;
	uint64_t *words; /* owned: all levels', all areas', then the starts */
	uint64_t nr_words;
	uint64_t *starts; /* bit pfn: an allocated block starts; or NULL */
	union {
		struct kfrag_buddy_level levels[KFRAG_BUDDY_MAX_LEVELS];
		struct kfrag_buddy_lists lists;
	};
	struct kfrag_buddy_area areas[]; /* 0..max_order; none with lists */
};

static inline bool kfrag_buddy_has_lists(const struct kfrag_buddy *buddy)
{
	return buddy->placement != KFRAG_BUDDY_ADDRESS;
}

KFRAG_COUNTED_SIZE(KFRAG_BUDDY_BYTES, struct kfrag_buddy, 816);
KFRAG_COUNTED_SIZE(KFRAG_BUDDY_AREA_BYTES, struct kfrag_buddy_area, 72);
KFRAG_COUNTED_SIZE(KFRAG_BUDDY_LINK_BYTES, struct kfrag_buddy_link, 8);

/* The lowest order from `order` on with a free block, or a refusal. */
static inline bool kfrag_buddy_find_order(struct kfrag_buddy *buddy,
					  unsigned order, unsigned *from)
{
	uint64_t candidates = 0;

	if (order <= buddy->max_order)
		candidates = buddy->nonempty >> order;
	if (!candidates) {
		buddy->stats.nr_refusals++;
		return false;
	}
	*from = order + (unsigned)__builtin_ctzll(candidates);
	return true;
}

/*
 * Splits that cut nr_blocks blocks from the start of one that is larger by so
 * many orders: each level of the tree is cut as far as they reach.
 */
static inline uint64_t kfrag_buddy_nr_cuts(uint64_t nr_blocks,
					   unsigned nr_orders)
{
	uint64_t nr_splits = 0;

	for (unsigned depth = 1; depth <= nr_orders; depth++)
		nr_splits += ((nr_blocks - 1) >> depth) + 1;
	return nr_splits;
}

/* Bits 0 .. 2^rank - 1. */
static inline uint64_t kfrag_buddy_ones(unsigned rank)
{
	return UINT64_MAX >> (64 - (1u << rank));
}

/* The parts of a word where an aligned group of 2^rank may start. */
static inline uint64_t kfrag_buddy_aligned(unsigned rank)
{
	static const uint64_t aligned[KFRAG_BUDDY_RANKS + 1] = {
		UINT64_MAX,
		UINT64_C(0x5555555555555555),
		UINT64_C(0x1111111111111111),
		UINT64_C(0x0101010101010101),
		UINT64_C(0x0001000100010001),
		UINT64_C(0x0000000100000001),
		UINT64_C(0x0000000000000001),
	};

	return aligned[rank];
}

/* Of these groups of the area's rank, those without a free buddy. */
static inline uint64_t kfrag_buddy_lone(const struct kfrag_buddy_area *area,
					uint64_t groups)
{
	uint64_t pairs = groups & groups >> area->buddy_distance & area->pairs;

	return groups ^ (pairs | pairs << area->buddy_distance);
}

/*
 * The area's free blocks in a word, a bit at the first part of each: all parts
 * of the block are free, and not all of its buddy's.
 */
static inline uint64_t kfrag_buddy_blocks(const struct kfrag_buddy_area *area,
					  uint64_t word)
{
	uint64_t groups = ~area->busy[word];
	unsigned rank = area->rank;

	if (rank > 0)
		groups &= groups >> 1;
	if (rank > 1)
		groups &= groups >> 2;
	if (rank > 2)
		groups &= groups >> 4;
	if (rank > 3)
		groups &= groups >> 8;
	if (rank > 4)
		groups &= groups >> 16;
	return kfrag_buddy_lone(area, groups & kfrag_buddy_aligned(rank));
}

/* Only for an allocator from create_checked. */
static inline bool kfrag_buddy_is_start(const struct kfrag_buddy *buddy,
					uint64_t pfn)
{
	return kfrag_bitmap_test(buddy->starts, pfn);
}

static inline void kfrag_buddy_mark_starts(struct kfrag_buddy *buddy,
					   unsigned order, uint64_t pfn,
					   uint64_t nr_blocks)
{
	if (!buddy->starts)
		return;
	for (; nr_blocks > 0; nr_blocks--, pfn += UINT64_C(1) << order)
		buddy->starts[pfn / 64] |= UINT64_C(1) << (pfn % 64);
}

/* The caller's block of that order ends: asserts that it is one. */
void kfrag_buddy_unmark_start(struct kfrag_buddy *buddy, unsigned order,
			      uint64_t pfn);

/* A block of the area's order, at this part of its level, becomes free. */
void kfrag_buddy_release_part(struct kfrag_buddy *buddy,
			      struct kfrag_buddy_area *area, uint64_t part);

/* What kfrag_buddy_free_checked() would answer. */
enum kfrag_error kfrag_buddy_judge_free(const struct kfrag_buddy *buddy,
					unsigned order, uint64_t pfn);

#endif
