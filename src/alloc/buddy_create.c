// SPDX-License-Identifier: MIT
/* How buddy allocators come into being and go, and what they take. */
#include <stdlib.h>

#include "alloc/buddy_impl.h"
#include "alloc/buddy_lists.h"
#include "alloc/buddy_words.h"
#include "kfrag/arith.h"
#include "kfrag/bitmap.h"

/*
 * Words of a level. There is always a part more than the memory has: busy for
 * ever, so that nothing merges beyond the end.
 */
static uint64_t nr_level_words(uint64_t nr_pages, unsigned level)
{
	return (nr_pages >> (KFRAG_BUDDY_RANKS * level)) / 64 + 1;
}

static struct kfrag_bitmap_shape shape_of(uint64_t nr_pages, unsigned level)
{
	struct kfrag_bitmap_shape shape;

	kfrag_bitmap_shape_init(&shape, nr_level_words(nr_pages, level));
	return shape;
}

/* An order's set of words; the lowest order of a level counts its parts too. */
uint64_t kfrag_buddy_bitmap_bits_for(uint64_t nr_pages, unsigned order)
{
	unsigned level = order / KFRAG_BUDDY_RANKS;
	uint64_t nr_words = shape_of(nr_pages, level).nr_words;

	if (order % KFRAG_BUDDY_RANKS == 0)
		nr_words += nr_level_words(nr_pages, level);
	return nr_words * 64;
}

uint64_t kfrag_buddy_bitmap_bytes_for(uint64_t nr_pages, unsigned max_order)
{
	uint64_t bits = 0;

	for (unsigned order = 0; order <= max_order; order++)
		bits += kfrag_buddy_bitmap_bits_for(nr_pages, order);
	return bits / 8;
}

/* Hands out the words, and marks what is not there as busy. */
static void lay_out(struct kfrag_buddy *buddy, bool checked)
{
	uint64_t *words = buddy->words;

	for (unsigned i = 0; i < buddy->nr_levels; i++) {
		struct kfrag_buddy_level *level = &buddy->levels[i];
		uint64_t nr_parts,
			nr_words = nr_level_words(buddy->nr_pages, i);

		level->base_order = KFRAG_BUDDY_RANKS * i;
		level->max_rank = KFRAG_BUDDY_RANKS;
		if (i + 1 == buddy->nr_levels)
			level->max_rank = buddy->max_order - level->base_order;
		level->shape = shape_of(buddy->nr_pages, i);
		level->busy = words;
		nr_parts = buddy->nr_pages >> level->base_order;
		words[nr_words - 1] = UINT64_MAX << (nr_parts % 64);
		words += nr_words;
	}
	for (unsigned order = 0; order <= buddy->max_order; order++) {
		struct kfrag_buddy_area *area = &buddy->areas[order];
		struct kfrag_buddy_level *level =
			&buddy->levels[order / KFRAG_BUDDY_RANKS];
		unsigned rank = order - level->base_order;

		*area = (struct kfrag_buddy_area){
			.level = level,
			.busy = level->busy,
			.ones = UINT64_MAX >> (64 - (1u << rank)),
			.nr_blocks = buddy->nr_pages >> order,
			.order = (uint8_t)order,
			.base_order = (uint8_t)level->base_order,
			.rank = (uint8_t)rank,
		};
		if (order < buddy->max_order) {
			area->pairs = kfrag_buddy_aligned(rank + 1);
			area->buddy_distance = (uint8_t)(1u << rank);
		}
		area->first = KFRAG_BUDDY_NONE;
		area->others = words;
		words += area->level->shape.nr_words;
	}
	if (checked)
		buddy->starts = words;
}

/* The words are zero already; what is missing are the sets and the counts. */
static void free_everything(struct kfrag_buddy *buddy)
{
	struct kfrag_buddy_area *top = &buddy->areas[buddy->max_order];
	uint64_t pfn, nr_words;

	nr_words = kfrag_div_up(top->nr_blocks, 64 >> top->rank);
	if (nr_words > 0) {
		kfrag_buddy_add_word(buddy, top, 0);
		top->nr_free = top->nr_blocks;
		kfrag_bitmap_set_range(&top->level->shape, top->others, 1,
				       nr_words - 1);
	}
	for (pfn = top->nr_blocks << buddy->max_order; pfn < buddy->nr_pages;) {
		unsigned order = kfrag_log2_floor(buddy->nr_pages - pfn);
		struct kfrag_buddy_area *area = &buddy->areas[order];

		kfrag_buddy_add_word(buddy, area, pfn >> area->base_order >> 6);
		area->nr_free++;
		pfn += UINT64_C(1) << order;
	}
}

static enum kfrag_error create(struct kfrag_buddy **out, uint64_t nr_pages,
			       unsigned max_order, bool checked)
{
	struct kfrag_buddy *buddy;
	uint64_t nr_words;

	*out = NULL;
	if (nr_pages == 0 || nr_pages > KFRAG_MAX_PAGES ||
	    max_order > KFRAG_MAX_ORDER)
		return KFRAG_EINVAL;
	nr_words = kfrag_buddy_bitmap_bytes_for(nr_pages, max_order) / 8;
	if (checked)
		nr_words += kfrag_div_up(nr_pages, 64);
	if (nr_words > SIZE_MAX / sizeof(*buddy->words))
		return KFRAG_ENOMEM;
	buddy = calloc(1, sizeof(*buddy) +
				  (max_order + 1) * sizeof(buddy->areas[0]));
	if (!buddy)
		return KFRAG_ENOMEM;
	/* Zero pages that calloc() maps are real only once written to. */
	buddy->words = calloc((size_t)nr_words, sizeof(*buddy->words));
	if (!buddy->words) {
		free(buddy);
		return KFRAG_ENOMEM;
	}
	buddy->nr_pages = nr_pages;
	buddy->max_order = max_order;
	buddy->nr_levels = (uint16_t)(max_order / KFRAG_BUDDY_RANKS + 1);
	buddy->nr_words = nr_words;
	buddy->nr_plain_orders = checked ? 0 : max_order + 1;
	lay_out(buddy, checked);
	free_everything(buddy);
	*out = buddy;
	return KFRAG_OK;
}

enum kfrag_error kfrag_buddy_create(struct kfrag_buddy **buddy,
				    uint64_t nr_pages, unsigned max_order)
{
	return create(buddy, nr_pages, max_order, false);
}

enum kfrag_error kfrag_buddy_create_checked(struct kfrag_buddy **buddy,
					    uint64_t nr_pages,
					    unsigned max_order)
{
	return create(buddy, nr_pages, max_order, true);
}

enum kfrag_error kfrag_buddy_create_placed(struct kfrag_buddy **buddy,
					   uint64_t nr_pages,
					   unsigned max_order,
					   enum kfrag_buddy_placement placement)
{
	if (placement == KFRAG_BUDDY_ADDRESS)
		return create(buddy, nr_pages, max_order, false);
	return kfrag_buddy_lists_create(buddy, nr_pages, max_order, placement);
}

void kfrag_buddy_destroy(struct kfrag_buddy *buddy)
{
	if (!buddy)
		return;
	if (kfrag_buddy_has_lists(buddy))
		free(buddy->lists.links);
	free(buddy->words);
	free(buddy);
}
