// SPDX-License-Identifier: MIT
/*
 * The buddy allocator with free lists, as Linux places blocks: mm/page_alloc.c,
 * there __rmqueue_smallest(), expand(), __free_one_page(), page_is_buddy().
 * Blocks, splitting and buddies are those of the head of buddy.c; what differs
 * is which of several free blocks is taken, and what is remembered of them.
 *
 * 1. Lists. The free blocks of each order form a list, by age: a block enters
 *    when it becomes free as a block of that order, by being freed, as a half
 *    of a larger one, or by merging. The smallest order that is big enough and
 *    has a block gives its youngest (LIFO, Linux's own choice: what was used
 *    last may still be in the processor's caches) or its oldest (FIFO, which
 *    gives a block's buddy the longest time to become free as well).
 *    `nonempty` has a bit per order, so that none is searched.
 *
 * 2. Rings. A free block must leave its list when its buddy is freed, from
 *    wherever it stands; so it knows both neighbours, and each list is closed
 *    to a ring by a head, which makes the ends like the middle: no case apart
 *    in putting or taking. Blocks always enter between the head and the
 *    youngest. LIFO and FIFO differ only in the side of the head on which they
 *    take.
 *
 * 3. The byte. Whether a block may merge is one question: does a free block of
 *    just this order start where its buddy would? Linux finds the answer in
 *    the buddy's struct page, a flag and an order (page_is_buddy()). Here one
 *    byte a page holds both; it replaces the bitmap. Allocated blocks have
 *    their order there as well, which costs nothing more, as the byte must be
 *    written anyway; and with it every wrong free is told from a right one.
 *
 * 4. What it costs. The links are outside the pages, which may be imaginary:
 *    two numbers of 32 bits a page and the byte, 9 bytes, 0.22 % of memory
 *    with 4 KiB pages and 65 times the bitmap's. (In a kernel the links cost
 *    nothing: struct page is there anyhow, and a free one's fields are unused.)
 *    In return every step is a few loads and stores; but they go to wherever
 *    the neighbours are, so in a large memory each is a cache miss, where the
 *    bits of 512 pages share one cache line. And where frees come in random
 *    order so do addresses afterwards: high memory is not kept whole.
 *
 * 5. The fresh blocks. At first everything is free, and linking all blocks of
 *    max_order would touch much of the bookkeeping. But those that were never
 *    taken are older than all that came back, and of themselves the lowest is
 *    to be taken first, so their list needs no links: the lowest alone stands
 *    at the old end, where FIFO takes it before the others and LIFO after
 *    them, and when it is taken the next takes its place.
 *
 * Two things of Linux are left out: the lists of single pages that each
 * processor keeps in front of all this, and that a block whose parent's buddy
 * is free enters at the old side, in the hope of merging (buddy_merge_likely).
 */
#include "alloc/buddy_lists.h"

#include <assert.h>
#include <stdlib.h>

#include "alloc/buddy_impl.h"
#include "kfrag/arith.h"

/* ------------------------------------------------------------------ lists */

/* The number under which the links know the head of an order's list. */
static inline uint32_t head_of(const struct kfrag_buddy *buddy, unsigned order)
{
	return (uint32_t)buddy->nr_pages + order;
}

/*
 * Stores to bytes may change anything for all that the compiler knows, so what
 * is used more than once is read before them.
 */

/* A free block enters a list, between the head and the block at that side. */
static inline void put(struct kfrag_buddy *buddy, unsigned order, uint64_t pfn,
		       unsigned side)
{
	struct kfrag_buddy_link *links = buddy->lists.links;
	uint32_t head = head_of(buddy, order);
	uint32_t neighbour = links[head].sides[side];

	links[pfn].sides[side] = neighbour;
	links[neighbour].sides[!side] = (uint32_t)pfn;
	links[pfn].sides[!side] = head;
	links[head].sides[side] = (uint32_t)pfn;
	buddy->lists.bytes[pfn] = (uint8_t)(KFRAG_BUDDY_FREE + order);
}

/* A free block enters a list that is empty; `nonempty` is the caller's. */
static inline void put_alone(struct kfrag_buddy *buddy, unsigned order,
			     uint64_t pfn)
{
	struct kfrag_buddy_link *links = buddy->lists.links;
	uint32_t head = head_of(buddy, order);

	for (unsigned side = 0; side < 2; side++) {
		links[pfn].sides[side] = head;
		links[head].sides[side] = (uint32_t)pfn;
	}
	buddy->lists.nr_free[order] = 1;
	buddy->lists.bytes[pfn] = (uint8_t)(KFRAG_BUDDY_FREE + order);
}

/* The block leaves its list; its byte is the caller's. */
static inline void remove_block(struct kfrag_buddy *buddy, unsigned order,
				uint64_t pfn)
{
	struct kfrag_buddy_link *links = buddy->lists.links;
	uint32_t older = links[pfn].sides[KFRAG_BUDDY_OLDER];
	uint32_t younger = links[pfn].sides[KFRAG_BUDDY_YOUNGER];

	links[older].sides[KFRAG_BUDDY_YOUNGER] = younger;
	links[younger].sides[KFRAG_BUDDY_OLDER] = older;
	if (--buddy->lists.nr_free[order] == 0)
		buddy->nonempty &= ~(UINT64_C(1) << order);
}

/* The lowest fresh block has been taken: the next one enters. Returns true. */
KFRAG_RARE static bool next_fresh(struct kfrag_buddy *buddy)
{
	struct kfrag_buddy_lists *lists = &buddy->lists;

	lists->fresh += UINT64_C(1) << buddy->max_order;
	if (lists->fresh < lists->fresh_end)
		put(buddy, buddy->max_order, lists->fresh, KFRAG_BUDDY_YOUNGER);
	else
		lists->fresh = KFRAG_BUDDY_NONE;
	return true;
}

/* ----------------------------------------------------------------- create */

uint64_t kfrag_buddy_lists_bytes(uint64_t nr_pages, unsigned max_order)
{
	return nr_pages * (KFRAG_BUDDY_LINK_BYTES + 1) +
	       (max_order + 1) * (uint64_t)KFRAG_BUDDY_LINK_BYTES;
}

static void free_everything(struct kfrag_buddy *buddy)
{
	unsigned top = buddy->max_order;
	uint64_t nr_top = buddy->nr_pages >> top;
	uint64_t pfn = nr_top << top;

	buddy->lists.fresh_end = pfn;
	buddy->lists.fresh = KFRAG_BUDDY_NONE;
	if (nr_top > 0) {
		put_alone(buddy, top, 0);
		buddy->lists.nr_free[top] = nr_top;
		buddy->nonempty |= UINT64_C(1) << top;
		buddy->lists.fresh = 0;
	}
	while (pfn < buddy->nr_pages) {
		unsigned order = kfrag_log2_floor(buddy->nr_pages - pfn);

		put_alone(buddy, order, pfn);
		buddy->nonempty |= UINT64_C(1) << order;
		pfn += UINT64_C(1) << order;
	}
}

static void lay_out(struct kfrag_buddy *buddy)
{
	struct kfrag_buddy_lists *lists = &buddy->lists;
	struct kfrag_buddy_link *heads = lists->links + buddy->nr_pages;

	lists->bytes = (uint8_t *)(heads + buddy->max_order + 1);
	lists->turns = &heads->sides[buddy->placement == KFRAG_BUDDY_LIFO ?
					     KFRAG_BUDDY_OLDER :
					     KFRAG_BUDDY_YOUNGER];
	for (unsigned order = 0; order <= buddy->max_order; order++)
		for (unsigned side = 0; side < 2; side++)
			heads[order].sides[side] = head_of(buddy, order);
}

enum kfrag_error kfrag_buddy_lists_create(struct kfrag_buddy **out,
					  uint64_t nr_pages, unsigned max_order,
					  enum kfrag_buddy_placement placement)
{
	struct kfrag_buddy *buddy;
	uint64_t nr_bytes;

	*out = NULL;
	if (nr_pages == 0 || nr_pages > KFRAG_BUDDY_MAX_LISTED_PAGES ||
	    max_order > KFRAG_MAX_ORDER ||
	    (placement != KFRAG_BUDDY_LIFO && placement != KFRAG_BUDDY_FIFO))
		return KFRAG_EINVAL;
	nr_bytes = kfrag_buddy_lists_bytes(nr_pages, max_order);
	if (nr_bytes > SIZE_MAX)
		return KFRAG_ENOMEM;
	buddy = calloc(1, sizeof(*buddy));
	if (!buddy)
		return KFRAG_ENOMEM;
	buddy->lists.links = calloc((size_t)nr_bytes, 1);
	if (!buddy->lists.links) {
		free(buddy);
		return KFRAG_ENOMEM;
	}
	buddy->nr_pages = nr_pages;
	buddy->max_order = max_order;
	buddy->placement = (uint16_t)placement;
	lay_out(buddy);
	free_everything(buddy);
	*out = buddy;
	return KFRAG_OK;
}

/* ------------------------------------------------------------- allocation */

/* From a list that is not empty; what is fresh is the caller's to replace. */
static inline uint64_t take_block(struct kfrag_buddy *buddy, unsigned order)
{
	uint64_t pfn = buddy->lists.turns[2 * order];

	remove_block(buddy, order, pfn);
	return pfn;
}

/* The upper halves of the block: the orders between had no blocks. */
static inline void cut(struct kfrag_buddy *buddy, unsigned order, unsigned from,
		       uint64_t pfn)
{
	buddy->stats.nr_splits += from - order;
	buddy->nonempty |= (UINT64_C(1) << from) - (UINT64_C(1) << order);
	for (; order < from; order++)
		put_alone(buddy, order, pfn + (UINT64_C(1) << order));
}

bool kfrag_buddy_lists_alloc(struct kfrag_buddy *buddy, unsigned order,
			     uint64_t *pfn)
{
	uint64_t block;
	unsigned from;

	if (!kfrag_buddy_find_order(buddy, order, &from)) {
		*pfn = 0;
		return false;
	}
	block = take_block(buddy, from);
	*pfn = block;
	buddy->stats.nr_allocs++;
	buddy->lists.bytes[block] = (uint8_t)(KFRAG_BUDDY_TAKEN + order);
	if (from > order)
		cut(buddy, order, from, block);
	return block != buddy->lists.fresh || next_fresh(buddy);
}

/* As many blocks of the order as its list gives one behind the other. */
static uint64_t take_row(struct kfrag_buddy *buddy, unsigned order,
			 uint64_t max_blocks, uint64_t *pfn)
{
	struct kfrag_buddy_lists *lists = &buddy->lists;
	uint64_t nr_blocks = 0, next;

	*pfn = lists->turns[2 * order];
	do {
		next = take_block(buddy, order);
		lists->bytes[next] = (uint8_t)(KFRAG_BUDDY_TAKEN + order);
		if (next == lists->fresh)
			next_fresh(buddy);
		next += UINT64_C(1) << order;
		nr_blocks++;
		/* The page behind the last has the number of a head. */
	} while (nr_blocks < max_blocks && lists->nr_free[order] > 0 &&
		 lists->turns[2 * order] == next);
	return nr_blocks;
}

/*
 * Takes blocks of the order from one of order `from`. One by one, each call
 * would find nothing but what the ones before have left of it.
 */
static uint64_t take_cut(struct kfrag_buddy *buddy, unsigned order,
			 unsigned from, uint64_t max_blocks, uint64_t *pfn)
{
	uint64_t nr_blocks = UINT64_C(1) << (from - order);
	uint64_t end, next;

	if (nr_blocks > max_blocks)
		nr_blocks = max_blocks;
	*pfn = take_block(buddy, from);
	if (*pfn == buddy->lists.fresh)
		next_fresh(buddy);
	next = *pfn;
	end = next + (UINT64_C(1) << from);
	for (uint64_t i = 0; i < nr_blocks; i++) {
		buddy->lists.bytes[next] = (uint8_t)(KFRAG_BUDDY_TAKEN + order);
		next += UINT64_C(1) << order;
	}
	while (next < end) {
		unsigned rest = (unsigned)__builtin_ctzll(end - next);

		put_alone(buddy, rest, next);
		buddy->nonempty |= UINT64_C(1) << rest;
		next += UINT64_C(1) << rest;
	}
	buddy->stats.nr_splits += kfrag_buddy_nr_cuts(nr_blocks, from - order);
	return nr_blocks;
}

uint64_t kfrag_buddy_lists_take(struct kfrag_buddy *buddy, unsigned order,
				unsigned from, uint64_t max_blocks,
				uint64_t *pfn)
{
	if (from == order)
		return take_row(buddy, order, max_blocks, pfn);
	return take_cut(buddy, order, from, max_blocks, pfn);
}

/* ---------------------------------------------------------------- freeing */

/* Whether the block's buddy is a free block of the same order. */
static inline bool buddy_is_free(const struct kfrag_buddy *buddy,
				 unsigned order, uint64_t pfn)
{
	uint64_t other = pfn ^ UINT64_C(1) << order;

	return order < buddy->max_order && other < buddy->nr_pages &&
	       buddy->lists.bytes[other] == (uint8_t)(KFRAG_BUDDY_FREE + order);
}

/* A block that merges with nothing any more becomes free. */
static inline void enter(struct kfrag_buddy *buddy, unsigned order,
			 uint64_t pfn)
{
	buddy->lists.nr_free[order]++;
	buddy->nonempty |= UINT64_C(1) << order;
	put(buddy, order, pfn, KFRAG_BUDDY_OLDER);
}

/* A free block takes its buddy in, and becomes free as what both make. */
KFRAG_APART static void merge(struct kfrag_buddy *buddy, unsigned order,
			      uint64_t pfn)
{
	do {
		uint64_t size = UINT64_C(1) << order;

		remove_block(buddy, order, pfn ^ size);
		buddy->lists.bytes[pfn | size] = KFRAG_BUDDY_INSIDE;
		buddy->stats.nr_merges++;
		pfn &= ~size;
		order++;
	} while (buddy_is_free(buddy, order, pfn));
	enter(buddy, order, pfn);
}

void kfrag_buddy_lists_free(struct kfrag_buddy *buddy, unsigned order,
			    uint64_t pfn)
{
	/* No other order, however wrong, makes the same sum. */
	assert(pfn < buddy->nr_pages &&
	       buddy->lists.bytes[pfn] == KFRAG_BUDDY_TAKEN + order);
	buddy->stats.nr_frees++;
	if (buddy_is_free(buddy, order, pfn))
		merge(buddy, order, pfn);
	else
		enter(buddy, order, pfn);
}

void kfrag_buddy_lists_free_mask(struct kfrag_buddy *buddy, unsigned order,
				 uint64_t pfn, uint64_t mask)
{
	for (; mask; mask &= mask - 1)
		kfrag_buddy_lists_free(buddy, order,
				       pfn + ((uint64_t)__builtin_ctzll(mask)
					      << order));
}

enum kfrag_error kfrag_buddy_lists_judge(const struct kfrag_buddy *buddy,
					 unsigned order, uint64_t pfn)
{
	uint8_t byte = buddy->lists.bytes[pfn];

	if (!(byte & KFRAG_BUDDY_TAKEN))
		return KFRAG_EFREE;
	return byte == KFRAG_BUDDY_TAKEN + order ? KFRAG_OK : KFRAG_EORDER;
}
