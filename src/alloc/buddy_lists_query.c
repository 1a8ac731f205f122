// SPDX-License-Identifier: MIT
/*
 * The buddy allocator with lists looked at from outside: iteration in the
 * order of addresses, and whether links, bytes and counts agree.
 */
#include <inttypes.h>
#include <stdio.h>

#include "alloc/buddy_impl.h"
#include "alloc/buddy_lists.h"

bool kfrag_buddy_lists_next_free(const struct kfrag_buddy *buddy,
				 unsigned order, uint64_t from, uint64_t *pfn)
{
	const struct kfrag_buddy_lists *lists = &buddy->lists;
	uint64_t size = UINT64_C(1) << order;
	uint64_t at = (from + size - 1) & ~(size - 1);

	if (lists->nr_free[order] == 0)
		return false;
	while (at < buddy->nr_pages) {
		bool fresh = at >= lists->fresh && at < lists->fresh_end;

		if (lists->bytes[at] == KFRAG_BUDDY_FREE + order ||
		    (fresh && order == buddy->max_order)) {
			*pfn = at;
			return true;
		}
		at = fresh ? lists->fresh_end : at + size;
	}
	return false;
}

/* ------------------------------------------------------------------ check */

/* What a check has found so far. */
struct findings {
	uint64_t nr_free[KFRAG_MAX_ORDER + 1];
	uint64_t nr_taken;
};

static uint64_t nr_fresh(const struct kfrag_buddy *buddy)
{
	const struct kfrag_buddy_lists *lists = &buddy->lists;

	return lists->fresh == KFRAG_BUDDY_NONE ?
		       0 :
		       (lists->fresh_end - lists->fresh) >> buddy->max_order;
}

static bool check_fresh(const struct kfrag_buddy *buddy, char *message,
			size_t message_size)
{
	const struct kfrag_buddy_lists *lists = &buddy->lists;
	const struct kfrag_buddy_link *heads = lists->links + buddy->nr_pages;
	uint64_t size = UINT64_C(1) << buddy->max_order;
	uint64_t end = buddy->nr_pages / size * size;
	bool lifo = buddy->placement == KFRAG_BUDDY_LIFO;

	if (lists->turns !=
	    &heads->sides[lifo ? KFRAG_BUDDY_OLDER : KFRAG_BUDDY_YOUNGER]) {
		snprintf(message, message_size,
			 "blocks are taken at the wrong side of the heads");
		return false;
	}
	if (lists->fresh_end == end &&
	    (lists->fresh == KFRAG_BUDDY_NONE ||
	     (lists->fresh < end && lists->fresh % size == 0 &&
	      heads[buddy->max_order].sides[KFRAG_BUDDY_YOUNGER] ==
		      lists->fresh)))
		return true;
	snprintf(message, message_size,
		 "fresh blocks are from page %" PRIu64 " to %" PRIu64
		 ", which are not the oldest up to page %" PRIu64,
		 lists->fresh, lists->fresh_end, end);
	return false;
}

/* One step through a ring, from the youngest on; false: it is torn. */
static bool check_link(const struct kfrag_buddy *buddy, unsigned order,
		       uint64_t page, char *message, size_t message_size)
{
	const struct kfrag_buddy_lists *lists = &buddy->lists;
	uint64_t head = buddy->nr_pages + order;
	uint64_t older = lists->links[page].sides[KFRAG_BUDDY_OLDER];

	if (older != head && (older >= buddy->nr_pages ||
			      lists->bytes[older] != KFRAG_BUDDY_FREE + order))
		snprintf(message, message_size,
			 "order %u: %" PRIu64 " is older than %" PRIu64
			 ", but no free block of this order",
			 order, older, page);
	else if (lists->links[older].sides[KFRAG_BUDDY_YOUNGER] != page)
		snprintf(message, message_size,
			 "order %u: %" PRIu64 " is older than %" PRIu64
			 ", but %" PRIu32 " is younger than that",
			 order, older, page,
			 lists->links[older].sides[KFRAG_BUDDY_YOUNGER]);
	else
		return true;
	return false;
}

/* A ring that is nowhere torn comes back to its head. */
static bool check_list(const struct kfrag_buddy *buddy, unsigned order,
		       const struct findings *findings, char *message,
		       size_t message_size)
{
	const struct kfrag_buddy_lists *lists = &buddy->lists;
	uint64_t head = buddy->nr_pages + order, page = head, nr_listed = 0;
	uint64_t nr_free = findings->nr_free[order], nr_unlisted = 0;
	bool nonempty = buddy->nonempty >> order & 1;

	do {
		if (!check_link(buddy, order, page, message, message_size))
			return false;
		page = lists->links[page].sides[KFRAG_BUDDY_OLDER];
		nr_listed += page != head;
	} while (page != head);
	/* Of those that are fresh the list has the first. */
	if (order == buddy->max_order && nr_fresh(buddy) > 0)
		nr_unlisted = nr_fresh(buddy) - 1;
	if (nr_listed + nr_unlisted == nr_free &&
	    lists->nr_free[order] == nr_free && nonempty == (nr_free > 0))
		return true;
	snprintf(message, message_size,
		 "order %u: nr_free is %" PRIu64 ", nonempty %d, but %" PRIu64
		 " are listed and %" PRIu64 " fresh, and there are %" PRIu64,
		 order, lists->nr_free[order], nonempty, nr_listed, nr_unlisted,
		 nr_free);
	return false;
}

/* What starts at the page, and what is wrong about that. */
static const char *check_block(const struct kfrag_buddy *buddy, uint64_t pfn,
			       unsigned *order, bool *is_free)
{
	const struct kfrag_buddy_lists *lists = &buddy->lists;
	uint8_t byte = lists->bytes[pfn];
	uint64_t size, inside = pfn + 1, other;

	*is_free = !(byte & KFRAG_BUDDY_TAKEN);
	if (byte < KFRAG_BUDDY_FREE)
		return "is in no block";
	*order = byte - (*is_free ? KFRAG_BUDDY_FREE : KFRAG_BUDDY_TAKEN);
	if (*order > buddy->max_order)
		return "has a block of too high an order";
	size = UINT64_C(1) << *order;
	if (pfn % size != 0 || buddy->nr_pages - pfn < size)
		return "has a block that cannot start there";
	while (inside < pfn + size && lists->bytes[inside] == 0)
		inside++;
	if (inside < pfn + size)
		return "has a block, and another starts inside";
	other = pfn ^ size;
	if (*is_free && *order < buddy->max_order && other < buddy->nr_pages &&
	    lists->bytes[other] == byte)
		return "has a free block, and so has its buddy";
	return NULL;
}

/* Blocks, allocated and free, tile the memory from the first page on. */
static bool check_bytes(const struct kfrag_buddy *buddy,
			struct findings *findings, char *message,
			size_t message_size)
{
	const struct kfrag_buddy_lists *lists = &buddy->lists;
	uint64_t size;

	for (uint64_t pfn = 0; pfn < buddy->nr_pages; pfn += size) {
		unsigned order = 0;
		bool is_free,
			fresh = pfn > lists->fresh && pfn < lists->fresh_end;
		const char *wrong =
			fresh ? NULL :
				check_block(buddy, pfn, &order, &is_free);

		if (fresh && lists->bytes[pfn] != KFRAG_BUDDY_INSIDE)
			wrong = "is fresh, but something starts there";
		if (wrong) {
			snprintf(message, message_size,
				 "page %" PRIu64 ", byte %#x: it %s", pfn,
				 lists->bytes[pfn], wrong);
			return false;
		}
		size = UINT64_C(1) << order;
		if (fresh)
			findings->nr_free[buddy->max_order] +=
				pfn % (UINT64_C(1) << buddy->max_order) == 0;
		else if (is_free)
			findings->nr_free[order]++;
		else
			findings->nr_taken++;
	}
	return true;
}

bool kfrag_buddy_lists_check(const struct kfrag_buddy *buddy,
			     uint64_t *nr_taken, char *message,
			     size_t message_size)
{
	struct findings findings = { 0 };

	if (!check_fresh(buddy, message, message_size) ||
	    !check_bytes(buddy, &findings, message, message_size))
		return false;
	for (unsigned order = 0; order <= buddy->max_order; order++)
		if (!check_list(buddy, order, &findings, message, message_size))
			return false;
	*nr_taken = findings.nr_taken;
	return true;
}
