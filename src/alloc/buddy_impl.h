/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_ALLOC_BUDDY_IMPL_H
#define KFRAG_ALLOC_BUDDY_IMPL_H

/*
 * The inside of struct kfrag_buddy, for buddy.c and for the tests that break
 * it on purpose.
 */
#include <stdbool.h>
#include <stdint.h>

#include "alloc/counted_size.h"
#include "kfrag/bitmap.h"
#include "kfrag/buddy.h"

struct kfrag_buddy_area {
	uint64_t *words; /* bit i: block i of this order is free */
	uint64_t nr_free; /* set bits of level 0 */
	struct kfrag_bitmap_shape shape;
};

struct kfrag_buddy {
	uint64_t nonempty; /* bit k: areas[k].nr_free > 0 */
	uint64_t free_pages; /* sum of areas[k].nr_free << k */
	uint64_t nr_pages;
	unsigned max_order;
	struct kfrag_buddy_stats stats;
	uint64_t *words; /* owned: all areas' words, then the starts */
	uint64_t nr_words;
	uint64_t *starts; /* bit pfn: an allocated block starts; or NULL */
	struct kfrag_buddy_area areas[]; /* 0..max_order */
};

KFRAG_COUNTED_SIZE(KFRAG_BUDDY_BYTES, struct kfrag_buddy, 96);
KFRAG_COUNTED_SIZE(KFRAG_BUDDY_AREA_BYTES, struct kfrag_buddy_area, 120);

/* index must be a block of the order, or its buddy. */
static inline bool kfrag_buddy_is_free_block(const struct kfrag_buddy *buddy,
					     unsigned order, uint64_t index)
{
	return kfrag_bitmap_test(buddy->areas[order].words, index);
}

/* Only for an allocator from create_checked. */
static inline bool kfrag_buddy_is_start(const struct kfrag_buddy *buddy,
					uint64_t pfn)
{
	return kfrag_bitmap_test(buddy->starts, pfn);
}

/* What kfrag_buddy_free_checked() would answer. */
enum kfrag_error kfrag_buddy_judge_free(const struct kfrag_buddy *buddy,
					unsigned order, uint64_t pfn);

#endif
