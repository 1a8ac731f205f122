// SPDX-License-Identifier: MIT
/*
 * The buddy allocator's free blocks in the order of addresses.
 */
#include "alloc/buddy_impl.h"
#include "alloc/buddy_lists.h"
#include "kfrag/bits.h"

/* The lowest word of the area's set from `from` on. */
static bool next_word(const struct kfrag_buddy_area *area, uint64_t from,
		      uint64_t *word)
{
	*word = area->first;
	if (area->first == KFRAG_BUDDY_NONE || area->first >= from)
		return area->first != KFRAG_BUDDY_NONE;
	return kfrag_bitmap_next(&area->level->shape, area->others, from, word);
}

/*
 * The first word with free blocks of the area that start at page `from` or
 * behind, and these, a bit at the first part of each.
 */
static bool next_blocks(const struct kfrag_buddy_area *area, uint64_t from,
			uint64_t *word, uint64_t *blocks)
{
	unsigned base_order = area->base_order;
	uint64_t part = from >> base_order;

	/* Of the first word, only what starts at `from` or behind. */
	if (part << base_order < from)
		part++;
	for (*word = part / 64; next_word(area, *word, word); ++*word) {
		*blocks = kfrag_buddy_blocks(area, *word);
		if (*word == part / 64)
			*blocks &= UINT64_MAX << part % 64;
		if (*blocks)
			return true;
	}
	return false;
}

bool kfrag_buddy_next_free(const struct kfrag_buddy *buddy, unsigned order,
			   uint64_t from, uint64_t *pfn)
{
	const struct kfrag_buddy_area *area;
	uint64_t word, blocks;

	*pfn = 0;
	if (order > buddy->max_order || from >= buddy->nr_pages)
		return false;
	if (kfrag_buddy_has_lists(buddy))
		return kfrag_buddy_lists_next_free(buddy, order, from, pfn);
	area = &buddy->areas[order];
	if (!next_blocks(area, from, &word, &blocks))
		return false;
	*pfn = (word * 64 + (unsigned)__builtin_ctzll(blocks))
	       << area->base_order;
	return true;
}

bool kfrag_buddy_next_free_mask(const struct kfrag_buddy *buddy, unsigned order,
				uint64_t from, uint64_t *pfn, uint64_t *mask)
{
	const struct kfrag_buddy_area *area;
	uint64_t word;

	*pfn = 0;
	*mask = 0;
	if (order > buddy->max_order || from >= buddy->nr_pages)
		return false;
	if (kfrag_buddy_has_lists(buddy)) {
		*mask = kfrag_buddy_lists_next_free(buddy, order, from, pfn);
		return *mask != 0;
	}
	area = &buddy->areas[order];
	if (!next_blocks(area, from, &word, mask))
		return false;
	*pfn = word * 64 << area->base_order;
	for (unsigned rank = area->rank; rank > 0; rank--)
		*mask = kfrag_bits_even(*mask);
	return true;
}
