/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_ALLOC_BUDDY_WORDS_H
#define KFRAG_ALLOC_BUDDY_WORDS_H

/*
 * Per order the set of the words that hold a free block of it, section 6 at
 * the head of buddy.c. `nonempty` tells which sets have a member.
 */
#include "alloc/buddy_impl.h"

/* The word may be a member already. */
static inline void kfrag_buddy_add_word(struct kfrag_buddy *buddy,
					struct kfrag_buddy_area *area,
					uint64_t word)
{
	uint64_t other = word;

	if (word == area->first)
		return;
	if (word < area->first) {
		other = area->first;
		area->first = word;
		if (other == KFRAG_BUDDY_NONE) {
			buddy->nonempty |= UINT64_C(1) << area->order;
			return;
		}
	}
	kfrag_bitmap_set(&area->level->shape, area->others, other);
}

/*
 * The lowest member goes, and the lowest of the others becomes the first: it
 * is often close by.
 */
static inline void kfrag_buddy_remove_first(struct kfrag_buddy *buddy,
					    struct kfrag_buddy_area *area)
{
	const struct kfrag_bitmap_shape *shape = &area->level->shape;
	uint64_t near = area->first / 64;
	uint64_t next;

	if (area->others[near]) {
		next = near * 64 +
		       (unsigned)__builtin_ctzll(area->others[near]);
	} else if (!kfrag_bitmap_first(shape, area->others, &next)) {
		area->first = KFRAG_BUDDY_NONE;
		buddy->nonempty &= ~(UINT64_C(1) << area->order);
		return;
	}
	area->first = next;
	kfrag_bitmap_clear(shape, area->others, next);
}

/* The word must be a member. */
static inline void kfrag_buddy_remove_word(struct kfrag_buddy *buddy,
					   struct kfrag_buddy_area *area,
					   uint64_t word)
{
	if (word == area->first)
		kfrag_buddy_remove_first(buddy, area);
	else
		kfrag_bitmap_clear(&area->level->shape, area->others, word);
}

#endif
