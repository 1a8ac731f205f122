/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_BUDDY_H
#define KFRAG_BUDDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/pages.h"

/*
 * A binary buddy allocator for pages 0..nr_pages-1, each named by its page
 * frame number (pfn). Theory: heads of src/alloc/buddy.c and buddy_lists.c.
 *
 * A block of order k is 2^k pages whose pfn is a multiple of 2^k. All its
 * bookkeeping is outside the pages, so pages may be imaginary or real.
 * Allocation takes a free block of the smallest order that is big enough:
 * which of them is the placement's to say. Not thread-safe.
 *
 * Invariant: free_pages = sum over orders of nr_free(order) << order, and
 * two free buddies of an order below max_order never exist.
 */
struct kfrag_buddy;

/*
 * Of the free blocks of an order, which is taken. For lists the age of a block
 * counts from when it became free as a block of that order; of those that are
 * there from the start, the lower are taken first.
 */
enum kfrag_buddy_placement {
	KFRAG_BUDDY_ADDRESS, /* the lowest */
	KFRAG_BUDDY_LIFO, /* the youngest, as Linux does */
	KFRAG_BUDDY_FIFO, /* the oldest */
	KFRAG_NR_BUDDY_PLACEMENTS
};

/* Lists number pages and heads in 32 bits. */
#define KFRAG_BUDDY_MAX_LISTED_PAGES                                           \
	((UINT64_C(1) << 32) - (KFRAG_MAX_ORDER + 1))

/* Counts since create, as one-by-one allocation and freeing would count. */
struct kfrag_buddy_stats {
	uint64_t nr_splits; /* blocks cut into two halves */
	uint64_t nr_merges; /* pairs of buddies joined */
	uint64_t nr_allocs; /* blocks handed out */
	uint64_t nr_frees; /* blocks taken back */
	uint64_t nr_refusals; /* calls that found no block big enough */
};

/*
 * nr_pages: 1..KFRAG_MAX_PAGES, any number; max_order: 0..KFRAG_MAX_ORDER.
 * All pages are free after it. *buddy is the caller's to destroy.
 * KFRAG_EINVAL, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error kfrag_buddy_create(struct kfrag_buddy **buddy,
						     uint64_t nr_pages,
						     unsigned max_order);

/*
 * The same with a placement, which kfrag_buddy_create() has as
 * KFRAG_BUDDY_ADDRESS. Those with lists take 9 bytes a page instead of about a
 * bit, have no bitmaps, and tell wrong frees as kfrag_buddy_create_checked()
 * does. KFRAG_EINVAL also for them beyond KFRAG_BUDDY_MAX_LISTED_PAGES.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_buddy_create_placed(struct kfrag_buddy **buddy, uint64_t nr_pages,
			  unsigned max_order,
			  enum kfrag_buddy_placement placement);

/*
 * kfrag_buddy_create() for debugging, with one bit a page more that marks where
 * allocated blocks start: then a free with the wrong order is always told from
 * a right one, and kfrag_buddy_free() asserts all that
 * kfrag_buddy_free_checked() refuses.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_buddy_create_checked(struct kfrag_buddy **buddy, uint64_t nr_pages,
			   unsigned max_order);

/* "address", "lifo", "fifo": as typed after --buddy-order. */
const char *kfrag_buddy_placement_text(enum kfrag_buddy_placement placement);

/* Returns false, with *placement as it was, where none has the name. */
bool kfrag_buddy_placement_find(const char *name,
				enum kfrag_buddy_placement *placement);

/* NULL is allowed. */
void kfrag_buddy_destroy(struct kfrag_buddy *buddy);

/*
 * Takes one block. Returns false, with *pfn 0, where no free block is big
 * enough, also where order is above max_order.
 */
bool kfrag_buddy_alloc(struct kfrag_buddy *buddy, unsigned order,
		       uint64_t *pfn);

/*
 * Takes up to max_blocks blocks of the order that lie one behind the other,
 * the first at *pfn: the same blocks that as many calls of
 * kfrag_buddy_alloc() would take. Returns how many, 0 where there is none.
 * It may stop before max_blocks although more are free: call it again.
 */
uint64_t kfrag_buddy_alloc_run(struct kfrag_buddy *buddy, unsigned order,
			       uint64_t max_blocks, uint64_t *pfn);

/*
 * The same without asking that they lie side by side: bit i of *mask is the
 * block that starts i blocks behind *pfn. Where free blocks are many and
 * small, a call takes all that are in one word of the bitmap. *mask is 0 where
 * they do lie side by side, as many as returned.
 */
uint64_t kfrag_buddy_alloc_mask(struct kfrag_buddy *buddy, unsigned order,
				uint64_t max_blocks, uint64_t *pfn,
				uint64_t *mask);

/*
 * Takes up to nr_blocks blocks, the same ones in the same order as so many
 * calls of kfrag_buddy_alloc() would. pfns is NULL or has room for nr_blocks.
 * Returns how many were taken; fewer than nr_blocks is a refusal.
 */
uint64_t kfrag_buddy_alloc_bulk(struct kfrag_buddy *buddy, unsigned order,
				uint64_t nr_blocks, uint64_t *pfns);

/*
 * Gives a block back and merges it with its buddy as often as that is free.
 * The block must have been allocated with this order: anything else is the
 * caller's bug. A plain allocator asserts that it lies in the memory, is
 * aligned, and is no free block of this order; a checked one and lists,
 * everything.
 */
void kfrag_buddy_free(struct kfrag_buddy *buddy, unsigned order, uint64_t pfn);

/*
 * Gives back up to 64 blocks of one order at once: bit i of mask stands for
 * the block that starts i blocks behind pfn, which is a multiple of 2^order.
 * The state after it is that of as many calls of kfrag_buddy_free(), from the
 * lowest block to the highest.
 */
void kfrag_buddy_free_mask(struct kfrag_buddy *buddy, unsigned order,
			   uint64_t pfn, uint64_t mask);

/*
 * kfrag_buddy_free() for a caller that cannot be trusted. KFRAG_ERANGE:
 * outside the memory. KFRAG_EORDER: order above max_order, or not the block's
 * order (the latter is only seen by lists and an allocator from
 * create_checked).
 * KFRAG_EALIGN: no multiple of 2^order. KFRAG_EFREE: not allocated, wholly or
 * in part. After an error nothing has changed.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_buddy_free_checked(struct kfrag_buddy *buddy, unsigned order,
			 uint64_t pfn);

uint64_t kfrag_buddy_nr_pages(const struct kfrag_buddy *buddy);
unsigned kfrag_buddy_max_order(const struct kfrag_buddy *buddy);
uint64_t kfrag_buddy_free_pages(const struct kfrag_buddy *buddy);

/* Free blocks of exactly this order; 0 above max_order. */
uint64_t kfrag_buddy_nr_free(const struct kfrag_buddy *buddy, unsigned order);

/* Pages of the largest free block, 0 where nothing is free. */
uint64_t kfrag_buddy_largest_free_pages(const struct kfrag_buddy *buddy);

/*
 * Iteration: the lowest free block of exactly this order with pfn >= from.
 * Returns false, with *pfn 0, where there is none. Any change of the
 * allocator between two calls is allowed.
 */
bool kfrag_buddy_next_free(const struct kfrag_buddy *buddy, unsigned order,
			   uint64_t from, uint64_t *pfn);

/*
 * The same, some at a time: bit i of *mask is the free block that starts i
 * blocks behind *pfn. With bitmaps these are all in one word, *pfn being the
 * word's first page; with lists it is one block. Those left out are behind.
 * Returns false, with *pfn and *mask 0, where there is none.
 */
bool kfrag_buddy_next_free_mask(const struct kfrag_buddy *buddy, unsigned order,
				uint64_t from, uint64_t *pfn, uint64_t *mask);

struct kfrag_buddy_stats kfrag_buddy_stats(const struct kfrag_buddy *buddy);

/* Bits allocated for one order's bitmap, summary words included; 0 for lists. */
uint64_t kfrag_buddy_bitmap_bits(const struct kfrag_buddy *buddy,
				 unsigned order);

/* Bytes allocated for all bitmaps; 0 for lists. */
uint64_t kfrag_buddy_bitmap_bytes(const struct kfrag_buddy *buddy);

/*
 * Bytes allocated for everything else, as 64-bit machines lay it out: the
 * same on every machine.
 */
uint64_t kfrag_buddy_bookkeeping_bytes(const struct kfrag_buddy *buddy);

/*
 * What the bitmaps of an allocator from kfrag_buddy_create() take, without
 * creating one: the sum of the orders, and one order alone.
 */
uint64_t kfrag_buddy_bitmap_bytes_for(uint64_t nr_pages, unsigned max_order);
uint64_t kfrag_buddy_bitmap_bits_for(uint64_t nr_pages, unsigned order);

/* The allocator as a page source; valid until it is destroyed. */
struct kfrag_page_source kfrag_buddy_page_source(struct kfrag_buddy *buddy);

/*
 * Recomputes every count, summary bit or list and the merge invariant from
 * scratch.
 * Returns true, or false with a sentence naming both sides in message.
 */
bool kfrag_buddy_check(const struct kfrag_buddy *buddy, char *message,
		       size_t message_size);

#endif
