// SPDX-License-Identifier: MIT
/*
 * The buddy allocator looked at from outside: counts, which frees are wrong,
 * and whether its bits and counts agree with each other.
 */
#include <inttypes.h>
#include <stdio.h>

#include "alloc/buddy_impl.h"
#include "alloc/buddy_lists.h"
#include "kfrag/arith.h"
#include "kfrag/bits.h"

static bool is_busy(const struct kfrag_buddy_level *level, uint64_t part)
{
	return kfrag_bitmap_test(level->busy, part);
}

/*
 * The lowest level of which the page is part of a word that has been cut; the
 * number of levels where it is free as part of a larger block.
 */
static unsigned cut_level(const struct kfrag_buddy *buddy, uint64_t pfn)
{
	unsigned i = buddy->nr_levels;

	while (i-- > 0) {
		const struct kfrag_buddy_level *level = &buddy->levels[i];
		uint64_t part = pfn >> level->base_order;

		if (!is_busy(level, part))
			return buddy->nr_levels;
		if (i == 0 || !level[-1].busy[part])
			return i;
	}
	return buddy->nr_levels;
}

/*
 * The order with which the block that starts at pfn was allocated. It grows
 * as long as the page where its other half would start is neither the start
 * of an allocated block nor free.
 */
static unsigned allocated_order(const struct kfrag_buddy *buddy, uint64_t pfn)
{
	unsigned order = 0;

	for (;; order++) {
		uint64_t size = UINT64_C(1) << order;
		uint64_t half = pfn + size;

		if (order == buddy->max_order || (pfn & size) ||
		    buddy->nr_pages - pfn < 2 * size ||
		    kfrag_buddy_is_start(buddy, half) ||
		    cut_level(buddy, half) == buddy->nr_levels)
			return order;
	}
}

/* Whether any page of the block is in a free block of any order. */
static bool overlaps_free(const struct kfrag_buddy *buddy, unsigned order,
			  uint64_t pfn)
{
	uint64_t end = pfn + (UINT64_C(1) << order);
	uint64_t inside;

	if (cut_level(buddy, pfn) == buddy->nr_levels)
		return true;
	for (unsigned k = 0; k < order; k++)
		if ((buddy->nonempty >> k & 1) &&
		    kfrag_buddy_next_free(buddy, k, pfn, &inside) &&
		    inside < end)
			return true;
	return false;
}

/*
 * Whether the pages, none of them free, are all parts of their own of the
 * order's level: neither cut further nor inside of something larger.
 */
static bool is_of_level(const struct kfrag_buddy *buddy, unsigned order,
			uint64_t pfn)
{
	const struct kfrag_buddy_level *level = buddy->areas[order].level;
	uint64_t part = pfn >> level->base_order;
	uint64_t end = part + (UINT64_C(1) << buddy->areas[order].rank);

	if (level->busy[part / 64] == 0)
		return false;
	for (; level > buddy->levels && part < end; part++)
		if (level[-1].busy[part] != 0)
			return false;
	return true;
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
	if (kfrag_buddy_has_lists(buddy))
		return kfrag_buddy_lists_judge(buddy, order, pfn);
	if (buddy->starts) {
		if (!kfrag_buddy_is_start(buddy, pfn))
			return KFRAG_EFREE;
		return allocated_order(buddy, pfn) == order ? KFRAG_OK :
							      KFRAG_EORDER;
	}
	if (overlaps_free(buddy, order, pfn))
		return KFRAG_EFREE;
	return is_of_level(buddy, order, pfn) ? KFRAG_OK : KFRAG_EORDER;
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
	uint64_t pages = 0;

	for (unsigned order = 0; order <= buddy->max_order; order++)
		pages += kfrag_buddy_nr_free(buddy, order) << order;
	return pages;
}

uint64_t kfrag_buddy_nr_free(const struct kfrag_buddy *buddy, unsigned order)
{
	if (order > buddy->max_order)
		return 0;
	if (kfrag_buddy_has_lists(buddy))
		return buddy->lists.nr_free[order];
	return buddy->areas[order].nr_free;
}

uint64_t kfrag_buddy_largest_free_pages(const struct kfrag_buddy *buddy)
{
	if (!buddy->nonempty)
		return 0;
	return UINT64_C(1) << kfrag_log2_floor(buddy->nonempty);
}

struct kfrag_buddy_stats kfrag_buddy_stats(const struct kfrag_buddy *buddy)
{
	return buddy->stats;
}

uint64_t kfrag_buddy_bitmap_bits(const struct kfrag_buddy *buddy,
				 unsigned order)
{
	if (order > buddy->max_order || kfrag_buddy_has_lists(buddy))
		return 0;
	return kfrag_buddy_bitmap_bits_for(buddy->nr_pages, order);
}

uint64_t kfrag_buddy_bitmap_bytes(const struct kfrag_buddy *buddy)
{
	return buddy->nr_words * sizeof(*buddy->words);
}

uint64_t kfrag_buddy_bookkeeping_bytes(const struct kfrag_buddy *buddy)
{
	if (kfrag_buddy_has_lists(buddy))
		return KFRAG_BUDDY_BYTES +
		       kfrag_buddy_lists_bytes(buddy->nr_pages,
					       buddy->max_order);
	return KFRAG_BUDDY_BYTES +
	       (buddy->max_order + 1) * (uint64_t)KFRAG_BUDDY_AREA_BYTES;
}

/* The word's free blocks of the order, and whether the set agrees. */
static bool check_word(const struct kfrag_buddy *buddy, unsigned order,
		       uint64_t word, uint64_t *nr_free, char *message,
		       size_t message_size)
{
	const struct kfrag_buddy_area *area = &buddy->areas[order];
	uint64_t blocks = kfrag_buddy_blocks(area, word);
	bool in_others = kfrag_bitmap_test(area->others, word);
	bool is_member = in_others || word == area->first;

	*nr_free += kfrag_popcount(blocks);
	if (is_member == (blocks != 0) && !(in_others && word <= area->first))
		return true;
	snprintf(message, message_size,
		 "order %u: word %" PRIu64 " is %sin the set%s, but its free "
		 "blocks are %#" PRIx64,
		 order, word, is_member ? "" : "not ",
		 in_others && word <= area->first ? " behind the first" : "",
		 blocks);
	return false;
}

static bool check_area(const struct kfrag_buddy *buddy, unsigned order,
		       char *message, size_t message_size)
{
	const struct kfrag_buddy_area *area = &buddy->areas[order];
	bool nonempty = buddy->nonempty >> order & 1;
	uint64_t count = 0;
	char detail[128];

	if (!kfrag_bitmap_check(&area->level->shape, area->others, detail,
				sizeof(detail))) {
		snprintf(message, message_size, "order %u: %s", order, detail);
		return false;
	}
	for (uint64_t word = 0; word < area->level->shape.nr_bits; word++)
		if (!check_word(buddy, order, word, &count, message,
				message_size))
			return false;
	if (count != area->nr_free || nonempty != (count != 0)) {
		snprintf(message, message_size,
			 "order %u: nr_free is %" PRIu64 ", nonempty %d, but "
			 "there are %" PRIu64,
			 order, area->nr_free, nonempty, count);
		return false;
	}
	if (count == 0 && area->first != KFRAG_BUDDY_NONE) {
		snprintf(message, message_size,
			 "order %u: the first word is %" PRIu64 ", but none "
			 "has a free block",
			 order, area->first);
		return false;
	}
	return true;
}

/* What is free as a part of one level has not been cut in the one below. */
static bool check_level(const struct kfrag_buddy *buddy, unsigned index,
			char *message, size_t message_size)
{
	const struct kfrag_buddy_level *level = &buddy->levels[index];
	uint64_t nr_parts = buddy->nr_pages >> level->base_order;

	for (uint64_t part = 0; part < level->shape.nr_bits * 64; part++) {
		bool busy = is_busy(level, part);
		const char *what = NULL;

		if (part >= nr_parts && !busy)
			what = "behind the memory";
		else if (!busy && index > 0 && level[-1].busy[part] != 0)
			what = "cut below";
		if (!what)
			continue;
		snprintf(message, message_size,
			 "level %u: part %" PRIu64 " is free, but %s", index,
			 part, what);
		return false;
	}
	return true;
}

static uint64_t count_starts(const struct kfrag_buddy *buddy)
{
	uint64_t nr_starts = 0;

	for (const uint64_t *word = buddy->starts;
	     word < buddy->words + buddy->nr_words; word++)
		nr_starts += kfrag_popcount(*word);
	return nr_starts;
}

/* As many blocks start as are out. */
static bool check_nr_starts(const struct kfrag_buddy *buddy, uint64_t nr_starts,
			    char *message, size_t message_size)
{
	uint64_t nr_out = buddy->stats.nr_allocs - buddy->stats.nr_frees;

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
	uint64_t pfn = 0, next;

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
		       !(kfrag_buddy_next_free(buddy, order, pfn, &next) &&
			 next == pfn))
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

static bool check_bitmaps(const struct kfrag_buddy *buddy, char *message,
			  size_t message_size)
{
	for (unsigned i = 0; i < buddy->nr_levels; i++)
		if (!check_level(buddy, i, message, message_size))
			return false;
	for (unsigned order = 0; order <= buddy->max_order; order++)
		if (!check_area(buddy, order, message, message_size))
			return false;
	return true;
}

static bool check_nonempty(const struct kfrag_buddy *buddy, char *message,
			   size_t message_size)
{
	if (!(buddy->nonempty >> buddy->max_order >> 1))
		return true;
	snprintf(message, message_size,
		 "nonempty is %#" PRIx64 ", but the highest order is %u",
		 buddy->nonempty, buddy->max_order);
	return false;
}

bool kfrag_buddy_check(const struct kfrag_buddy *buddy, char *message,
		       size_t message_size)
{
	uint64_t nr_starts;

	if (kfrag_buddy_has_lists(buddy))
		return kfrag_buddy_lists_check(buddy, &nr_starts, message,
					       message_size) &&
		       check_nonempty(buddy, message, message_size) &&
		       check_nr_starts(buddy, nr_starts, message, message_size);
	if (!check_bitmaps(buddy, message, message_size) ||
	    !check_nonempty(buddy, message, message_size))
		return false;
	if (!buddy->starts)
		return true;
	return check_nr_starts(buddy, count_starts(buddy), message,
			       message_size) &&
	       check_starts(buddy, message, message_size);
}
