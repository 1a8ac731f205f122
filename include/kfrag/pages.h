/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_PAGES_H
#define KFRAG_PAGES_H

#include <stdint.h>

/* What every allocator of pages and blocks is made for, both inclusive. */
#define KFRAG_MAX_ORDER 30
#define KFRAG_MAX_PAGES (UINT64_C(1) << 40)

/*
 * Where a slab allocator gets its pages from: two functions and their
 * context, so that any page allocator serves, and a test can hand in one
 * that fails on demand. A block of an order is 2^order pages, its pfn a
 * multiple of 2^order.
 */
struct kfrag_page_source {
	/*
	 * Takes up to max_blocks (>= 1) blocks of the order that lie one
	 * behind the other, the first at *pfn. Returns how many were taken;
	 * 0 is a refusal and leaves the source as it was.
	 */
	uint64_t (*take)(void *context, unsigned order, uint64_t max_blocks,
			 uint64_t *pfn);
	/*
	 * NULL, or the same for blocks that need not lie side by side: bit i
	 * of *mask is the block that starts i blocks behind *pfn, of up to 64;
	 * a mask of 0 says that all do, as many as returned. Taken are the
	 * blocks that as many calls of take() for one block would take.
	 */
	uint64_t (*take_mask)(void *context, unsigned order,
			      uint64_t max_blocks, uint64_t *pfn,
			      uint64_t *mask);
	/* Gives back one block that was handed out with this order. */
	void (*give)(void *context, unsigned order, uint64_t pfn);
	void *context;
};

#endif
