/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_ALLOC_BUDDY_LISTS_H
#define KFRAG_ALLOC_BUDDY_LISTS_H

/*
 * The buddy allocator with free lists: each function is that of
 * kfrag/buddy.h with the same name, for an allocator that has lists.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/buddy.h"
#include "kfrag/error.h"

KFRAG_MUST_CHECK enum kfrag_error
kfrag_buddy_lists_create(struct kfrag_buddy **buddy, uint64_t nr_pages,
			 unsigned max_order,
			 enum kfrag_buddy_placement placement);

bool kfrag_buddy_lists_alloc(struct kfrag_buddy *buddy, unsigned order,
			     uint64_t *pfn);

/*
 * The part of kfrag_buddy_alloc_run() that takes blocks off a list: up to
 * max_blocks, at least one, out of free blocks of order `from`, at least
 * order, of which there are some. Counts no allocations.
 */
uint64_t kfrag_buddy_lists_take(struct kfrag_buddy *buddy, unsigned order,
				unsigned from, uint64_t max_blocks,
				uint64_t *pfn);
void kfrag_buddy_lists_free(struct kfrag_buddy *buddy, unsigned order,
			    uint64_t pfn);

/* pfn is aligned, and all blocks of the mask lie in the memory. */
void kfrag_buddy_lists_free_mask(struct kfrag_buddy *buddy, unsigned order,
				 uint64_t pfn, uint64_t mask);

/* What it says of a block that is aligned and lies in the memory. */
enum kfrag_error kfrag_buddy_lists_judge(const struct kfrag_buddy *buddy,
					 unsigned order, uint64_t pfn);

/* order and from are in range. */
bool kfrag_buddy_lists_next_free(const struct kfrag_buddy *buddy,
				 unsigned order, uint64_t from, uint64_t *pfn);

/* Of all links and bytes. */
uint64_t kfrag_buddy_lists_bytes(uint64_t nr_pages, unsigned max_order);

/* Without `nonempty` and the stats. *nr_taken: allocated blocks. */
bool kfrag_buddy_lists_check(const struct kfrag_buddy *buddy,
			     uint64_t *nr_taken, char *message,
			     size_t message_size);

#endif
