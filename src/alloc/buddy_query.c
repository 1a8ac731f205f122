// SPDX-License-Identifier: MIT
/*
 * The buddy allocator looked at from outside: counts, iteration, which frees
 * are wrong, and whether its bits and counts agree with each other.
 */
#include <inttypes.h>
#include <stdio.h>

#include "alloc/buddy_impl.h"
#include "kfrag/arith.h"

/*
 * The order with which the block that starts at pfn was allocated. It grows
 * as long as the page where its other half would start is neither the start
 * of an allocated block nor of a free one.
 */
static unsigned allocated_order(const struct kfrag_buddy *buddy, uint64_t pfn)
{
	unsigned order = 0;

	for (;; order++) {
		uint64_t size = UINT64_C(1) << order;
		uint64_t half = pfn + size;

		if (order == buddy->max_order || (pfn & size) ||
		    buddy->nr_pages - pfn < 2 * size ||
		    kfrag_buddy_is_start(buddy, half))
			return order;
		for (unsigned k = 0; k <= order; k++)
			if (kfrag_buddy_is_free_block(buddy, k, half >> k))
				return order;
	}
}

/* Whether any page of the block is in a free block of any order. */
static bool overlaps_free(const struct kfrag_buddy *buddy, unsigned order,
			  uint64_t pfn)
{
	uint64_t end = pfn + (UINT64_C(1) << order);
	uint64_t inside;

	for (unsigned k = 0; k <= buddy->max_order; k++) {
		if (!(buddy->nonempty >> k & 1))
			continue;
		if (k >= order && pfn >> k < buddy->nr_pages >> k &&
		    kfrag_buddy_is_free_block(buddy, k, pfn >> k))
			return true;
		if (k < order &&
		    kfrag_buddy_next_free(buddy, k, pfn, &inside) &&
		    inside < end)
			return true;
	}
	return false;
}

enum kfrag_error kfrag_buddy_judge_free(const struct kfrag_buddy *buddy,
					unsigned order, uint64_t pfn)
{
	if (order > buddy->max_order)
		return KFRAG_EORDER;
	if (pfn >= buddy->nr_pages || buddy->nr_pages - pfn < UINT64_C(1)
								      << order)
		return KFRAG_ERANGE;
	if (pfn & ((UINT64_C(1) << order) - 1))
		return KFRAG_EALIGN;
	if (!buddy->starts)
		return overlaps_free(buddy, order, pfn) ? KFRAG_EFREE :
							  KFRAG_OK;
	if (!kfrag_buddy_is_start(buddy, pfn))
		return KFRAG_EFREE;
	return allocated_order(buddy, pfn) == order ? KFRAG_OK : KFRAG_EORDER;
}

uint64_t kfrag_buddy_nr_pages(const struct kfrag_buddy *buddy)
{
	return buddy->nr_pages;
}

unsigned kfrag_buddy_max_order(const struct kfrag_buddy *buddy)
{
	return buddy->max_order;
}

uint64_t kfrag_buddy_free_pages(const struct kfrag_buddy *buddy)
{
	return buddy->free_pages;
}

uint64_t kfrag_buddy_nr_free(const struct kfrag_buddy *buddy, unsigned order)
{
	return order <= buddy->max_order ? buddy->areas[order].nr_free : 0;
}

uint64_t kfrag_buddy_largest_free_pages(const struct kfrag_buddy *buddy)
{
	if (!buddy->nonempty)
		return 0;
	return UINT64_C(1) << kfrag_log2_floor(buddy->nonempty);
}

bool kfrag_buddy_next_free(const struct kfrag_buddy *buddy, unsigned order,
			   uint64_t from, uint64_t *pfn)
{
	const struct kfrag_buddy_area *area;
	uint64_t first;

	*pfn = 0;
	if (order > buddy->max_order || from >= buddy->nr_pages)
		return false;
	area = &buddy->areas[order];
	first = (from + (UINT64_C(1) << order) - 1) >> order;
	if (!kfrag_bitmap_next(&area->shape, area->words, first, pfn))
		return false;
	*pfn <<= order;
	return true;
}

struct kfrag_buddy_stats kfrag_buddy_stats(const struct kfrag_buddy *buddy)
{
	return buddy->stats;
}

uint64_t kfrag_buddy_bitmap_bits(const struct kfrag_buddy *buddy,
				 unsigned order)
{
	if (order > buddy->max_order)
		return 0;
	return buddy->areas[order].shape.nr_words * 64;
}

uint64_t kfrag_buddy_bitmap_bytes(const struct kfrag_buddy *buddy)
{
	return buddy->nr_words * sizeof(*buddy->words);
}

uint64_t kfrag_buddy_bookkeeping_bytes(const struct kfrag_buddy *buddy)
{
	return KFRAG_BUDDY_BYTES +
	       (buddy->max_order + 1) * (uint64_t)KFRAG_BUDDY_AREA_BYTES;
}

static bool check_area(const struct kfrag_buddy *buddy, unsigned order,
		       char *message, size_t message_size)
{
	const struct kfrag_buddy_area *area = &buddy->areas[order];
	uint64_t count = kfrag_bitmap_count(&area->shape, area->words);
	bool nonempty = buddy->nonempty >> order & 1;
	char detail[128];

	if (!kfrag_bitmap_check(&area->shape, area->words, detail,
				sizeof(detail))) {
		snprintf(message, message_size, "order %u: %s", order, detail);
		return false;
	}
	if (count != area->nr_free || nonempty != (count != 0)) {
		snprintf(message, message_size,
			 "order %u: nr_free is %" PRIu64 ", nonempty %d, but "
			 "%" PRIu64 " bits are set",
			 order, area->nr_free, nonempty, count);
		return false;
	}
	return true;
}

/* No free block has a free buddy or lies inside another free block. */
static bool check_block(const struct kfrag_buddy *buddy, unsigned order,
			uint64_t index, char *message, size_t message_size)
{
	if (order < buddy->max_order &&
	    kfrag_buddy_is_free_block(buddy, order, index ^ 1)) {
		snprintf(message, message_size,
			 "order %u: block %" PRIu64 " and its buddy %" PRIu64
			 " are both free",
			 order, index, index ^ 1);
		return false;
	}
	for (unsigned above = order + 1; above <= buddy->max_order; above++) {
		uint64_t parent = index >> (above - order);

		if (parent >= buddy->nr_pages >> above)
			break;
		if (!kfrag_buddy_is_free_block(buddy, above, parent))
			continue;
		snprintf(message, message_size,
			 "block %" PRIu64 " of order %u is free and inside "
			 "block %" PRIu64 " of order %u, also free",
			 index, order, parent, above);
		return false;
	}
	return true;
}

/* As many starts as blocks are out. */
static bool check_nr_starts(const struct kfrag_buddy *buddy, char *message,
			    size_t message_size)
{
	uint64_t nr_out = buddy->stats.nr_allocs - buddy->stats.nr_frees;
	uint64_t nr_starts = 0;

	for (const uint64_t *word = buddy->starts;
	     word < buddy->words + buddy->nr_words; word++)
		nr_starts += (unsigned)__builtin_popcountll(*word);
	if (nr_starts == nr_out)
		return true;
	snprintf(message, message_size,
		 "%" PRIu64 " allocated blocks start, but %" PRIu64 " are out",
		 nr_starts, nr_out);
	return false;
}

/* Blocks, allocated and free, tile the memory from the first page on. */
static bool check_starts(const struct kfrag_buddy *buddy, char *message,
			 size_t message_size)
{
	uint64_t pfn = 0;

	while (pfn < buddy->nr_pages) {
		unsigned order = 0;

		if (kfrag_buddy_is_start(buddy, pfn)) {
			order = allocated_order(buddy, pfn);
			if (!overlaps_free(buddy, order, pfn)) {
				pfn += UINT64_C(1) << order;
				continue;
			}
			snprintf(message, message_size,
				 "an allocated block of order %u starts at "
				 "page %" PRIu64 ", but pages of it are free",
				 order, pfn);
			return false;
		}
		while (order <= buddy->max_order &&
		       !(pfn >> order < buddy->nr_pages >> order &&
			 (pfn & ((UINT64_C(1) << order) - 1)) == 0 &&
			 kfrag_buddy_is_free_block(buddy, order, pfn >> order)))
			order++;
		if (order > buddy->max_order) {
			snprintf(message, message_size,
				 "page %" PRIu64 " is in no free block, but "
				 "no allocated block holds it",
				 pfn);
			return false;
		}
		pfn += UINT64_C(1) << order;
	}
	return true;
}

bool kfrag_buddy_check(const struct kfrag_buddy *buddy, char *message,
		       size_t message_size)
{
	uint64_t free_pages = 0;

	for (unsigned order = 0; order <= buddy->max_order; order++) {
		uint64_t pfn = 0;

		if (!check_area(buddy, order, message, message_size))
			return false;
		free_pages += buddy->areas[order].nr_free << order;
		while (kfrag_buddy_next_free(buddy, order, pfn, &pfn)) {
			if (!check_block(buddy, order, pfn >> order, message,
					 message_size))
				return false;
			pfn += UINT64_C(1) << order;
		}
	}
	if (free_pages != buddy->free_pages) {
		snprintf(message, message_size,
			 "free_pages is %" PRIu64 ", but the free blocks hold "
			 "%" PRIu64,
			 buddy->free_pages, free_pages);
		return false;
	}
	if (buddy->nonempty >> buddy->max_order >> 1) {
		snprintf(message, message_size,
			 "nonempty is %#" PRIx64 ", but the highest order is "
			 "%u",
			 buddy->nonempty, buddy->max_order);
		return false;
	}
	if (!buddy->starts)
		return true;
	return check_nr_starts(buddy, message, message_size) &&
	       check_starts(buddy, message, message_size);
}
