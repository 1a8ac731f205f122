// SPDX-License-Identifier: MIT
/*
 * Plays any bytes as requests to a buddy allocator, next to a map of pages
 * that says which block each request must get. Three bytes choose the memory
 * and, in the highest bits of the second, the placement; then every four are a
 * step: what, order, and a page (low byte first).
 */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/buddy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_PAGES 300
#define NR_ORDERS 12
#define MAX_STEPS 150

/* A page's byte: free, the order of the block that starts there, or */
#define FREE 0xff
#define INSIDE 0xfe

struct game {
	struct kfrag_buddy *buddy;
	enum kfrag_buddy_placement placement;
	bool checked; /* with start bits, or lists */
	unsigned max_order;
	uint64_t nr_pages;
	uint64_t nr_allocs;
	uint64_t nr_frees;
	uint8_t pages[MAX_PAGES];
	/* By first page: when the block there became free, at its order. */
	uint64_t since[MAX_PAGES];
	uint64_t now;
};

static bool all_free(const struct game *game, uint64_t first, unsigned order)
{
	uint64_t size = UINT64_C(1) << order;

	if (first + size > game->nr_pages)
		return false;
	for (uint64_t i = 0; i < size; i++)
		if (game->pages[first + i] != FREE)
			return false;
	return true;
}

/* Free, and no part of a larger block that is. */
static bool is_free_block(const struct game *game, uint64_t pfn, unsigned order)
{
	uint64_t parent = pfn >> (order + 1) << (order + 1);

	return all_free(game, pfn, order) &&
	       (order == game->max_order || !all_free(game, parent, order + 1));
}

/* The lowest free block of exactly this order from a page on, or nr_pages. */
static uint64_t next_free(const struct game *game, unsigned order,
			  uint64_t from)
{
	uint64_t size = UINT64_C(1) << order;
	uint64_t pfn = (from + size - 1) / size * size;

	for (; pfn < game->nr_pages; pfn += size)
		if (is_free_block(game, pfn, order))
			return pfn;
	return game->nr_pages;
}

static bool goes_first(const struct game *game, uint64_t pfn, uint64_t other)
{
	if (game->placement == KFRAG_BUDDY_LIFO)
		return game->since[pfn] > game->since[other];
	if (game->placement == KFRAG_BUDDY_FIFO)
		return game->since[pfn] < game->since[other];
	return pfn < other;
}

/* Where an allocation must come from. */
static bool expect_block(const struct game *game, unsigned order, uint64_t *pfn)
{
	for (; order <= game->max_order; order++) {
		uint64_t best = next_free(game, order, 0), other = best;

		while (other < game->nr_pages) {
			if (goes_first(game, other, best))
				best = other;
			other = next_free(game, order, other + 1);
		}
		*pfn = best;
		if (best < game->nr_pages)
			return true;
	}
	*pfn = 0;
	return false;
}

static void take(struct game *game, unsigned order, uint64_t pfn)
{
	assert(all_free(game, pfn, order));
	/* The other half of each block that is cut. */
	for (unsigned k = order; !is_free_block(game, pfn >> k << k, k); k++)
		game->since[pfn ^ UINT64_C(1) << k] = ++game->now;
	memset(game->pages + pfn, INSIDE, (size_t)1 << order);
	game->pages[pfn] = (uint8_t)order;
	game->nr_allocs++;
}

static void give(struct game *game, unsigned order, uint64_t pfn)
{
	assert(game->pages[pfn] == order);
	memset(game->pages + pfn, FREE, (size_t)1 << order);
	game->nr_frees++;
	while (!is_free_block(game, pfn, order)) {
		order++;
		pfn = pfn >> order << order;
	}
	game->since[pfn] = ++game->now;
}

static void step_alloc(struct game *game, unsigned order)
{
	uint64_t pfn = 7, expected;
	bool found = expect_block(game, order, &expected);

	assert(kfrag_buddy_alloc(game->buddy, order, &pfn) == found);
	assert(pfn == expected);
	if (found)
		take(game, order, pfn);
}

static void step_alloc_run(struct game *game, unsigned order,
			   uint64_t max_blocks)
{
	uint64_t pfn = 7, expected;
	bool found;
	uint64_t nr =
		kfrag_buddy_alloc_run(game->buddy, order, max_blocks, &pfn);

	assert(nr <= max_blocks);
	assert(nr > 0 || pfn == 0);
	for (uint64_t i = 0; i < nr; i++) {
		found = expect_block(game, order, &expected);
		assert(found && pfn + (i << order) == expected);
		take(game, order, expected);
	}
	if (nr == 0 && max_blocks > 0) {
		found = expect_block(game, order, &expected);
		assert(!found);
	}
}

/* The first allocated block from a page on; false where there is none. */
static bool find_live(const struct game *game, uint64_t *pfn, unsigned *order)
{
	assert(game->max_order < NR_ORDERS);
	for (; *pfn < game->nr_pages; ++*pfn) {
		*order = game->pages[*pfn];
		if (*order <= game->max_order)
			return true;
	}
	return false;
}

static void step_free(struct game *game, uint64_t pfn)
{
	unsigned order;

	if (!find_live(game, &pfn, &order))
		return;
	give(game, order, pfn);
	kfrag_buddy_free(game->buddy, order, pfn);
}

static void step_free_mask(struct game *game, uint64_t pfn, uint64_t wanted)
{
	uint64_t mask = 0, first;
	unsigned order;

	if (!find_live(game, &pfn, &order))
		return;
	first = pfn;
	for (unsigned i = 0; i < 64 && pfn < game->nr_pages; i++) {
		if ((wanted >> i & 1) && game->pages[pfn] == order) {
			mask |= UINT64_C(1) << i;
			give(game, order, pfn);
		}
		pfn += UINT64_C(1) << order;
	}
	kfrag_buddy_free_mask(game->buddy, order, first, mask);
}

static enum kfrag_error judge(const struct game *game, unsigned order,
			      uint64_t pfn)
{
	if (order > game->max_order)
		return KFRAG_EORDER;
	if (pfn + (UINT64_C(1) << order) > game->nr_pages)
		return KFRAG_ERANGE;
	if (pfn % (UINT64_C(1) << order))
		return KFRAG_EALIGN;
	if (game->pages[pfn] == order)
		return KFRAG_OK;
	if (game->checked)
		return game->pages[pfn] > game->max_order ? KFRAG_EFREE :
							    KFRAG_EORDER;
	for (uint64_t i = 0; i < UINT64_C(1) << order; i++)
		if (game->pages[pfn + i] == FREE)
			return KFRAG_EFREE;
	/* Wrong, but nothing that a plain allocator could see: not tried. */
	return KFRAG_NR_ERRORS;
}

static void step_free_checked(struct game *game, unsigned order, uint64_t pfn)
{
	enum kfrag_error expected = judge(game, order, pfn);

	if (expected == KFRAG_NR_ERRORS)
		return;
	assert(kfrag_buddy_free_checked(game->buddy, order, pfn) == expected);
	if (!expected)
		give(game, order, pfn);
}

static void step_next_free(const struct game *game, unsigned order,
			   uint64_t from)
{
	uint64_t pfn = 7, mask = 7, expected = game->nr_pages;
	bool found = kfrag_buddy_next_free(game->buddy, order, from, &pfn);

	if (order <= game->max_order)
		expected = next_free(game, order, from);
	assert(found == (expected < game->nr_pages));
	assert(pfn == (found ? expected : 0));
	assert(kfrag_buddy_next_free_mask(game->buddy, order, from, &pfn,
					  &mask) == found);
	assert((mask != 0) == found);
	if (found)
		pfn += (uint64_t)__builtin_ctzll(mask) << order;
	assert(pfn == (found ? expected : 0));
}

static void play(struct game *game, const uint8_t step[4])
{
	unsigned order = step[1] % (game->max_order + 2);
	uint64_t page = (step[2] | (uint64_t)step[3] << 8) % (MAX_PAGES + 8);

	switch (step[0] % 6) {
	case 0:
		step_alloc(game, order);
		break;
	case 1:
		step_alloc_run(game, order, page % 80);
		break;
	case 2:
		step_free(game, page);
		break;
	case 3:
		/* Few bits, or many: the byte over and over. */
		step_free_mask(game, page,
			       step[1] * UINT64_C(0x0101010101010101));
		break;
	case 4:
		step_free_checked(game, order, page);
		break;
	default:
		step_next_free(game, order, page);
		break;
	}
}

static void check(const struct game *game)
{
	struct kfrag_buddy_stats stats = kfrag_buddy_stats(game->buddy);
	uint64_t free_pages = 0;
	char message[300] = "";

	if (!kfrag_buddy_check(game->buddy, message, sizeof(message))) {
		fprintf(stderr, "%s\n", message);
		abort();
	}
	for (uint64_t pfn = 0; pfn < game->nr_pages; pfn++)
		free_pages += game->pages[pfn] == FREE;
	assert(kfrag_buddy_free_pages(game->buddy) == free_pages);
	assert(stats.nr_allocs == game->nr_allocs);
	assert(stats.nr_frees == game->nr_frees);
}

static void free_everything(struct game *game)
{
	uint64_t pfn = 0;
	unsigned order;

	while (find_live(game, &pfn, &order))
		step_free(game, pfn);
	for (order = 0; order <= game->max_order; order++) {
		uint64_t nr_free = 0;

		for (pfn = 0; pfn < game->nr_pages; pfn++) {
			pfn = next_free(game, order, pfn);
			nr_free += pfn < game->nr_pages;
		}
		assert(kfrag_buddy_nr_free(game->buddy, order) == nr_free);
	}
}

static enum kfrag_error make_buddy(struct game *game)
{
	if (game->checked && game->placement == KFRAG_BUDDY_ADDRESS)
		return kfrag_buddy_create_checked(&game->buddy, game->nr_pages,
						  game->max_order);
	return kfrag_buddy_create_placed(&game->buddy, game->nr_pages,
					 game->max_order, game->placement);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct game game = { 0 };
	enum kfrag_error error;

	if (size < 3)
		return 0;
	game.nr_pages =
		1 + (data[0] | (data[1] & UINT64_C(0x3f)) << 8) % MAX_PAGES;
	game.placement = (enum kfrag_buddy_placement)(
		data[1] / 64 % KFRAG_NR_BUDDY_PLACEMENTS);
	game.max_order = data[2] % NR_ORDERS;
	game.checked = (data[2] & 0x80) || game.placement;
	game.now = MAX_PAGES;
	for (uint64_t pfn = 0; pfn < MAX_PAGES; pfn++)
		game.since[pfn] = game.placement == KFRAG_BUDDY_LIFO ?
					  MAX_PAGES - pfn :
					  pfn;
	memset(game.pages, FREE, sizeof(game.pages));
	error = make_buddy(&game);
	assert(error == KFRAG_OK);
	check(&game);
	for (size_t i = 3; i + 4 <= size && i < 3 + 4 * MAX_STEPS; i += 4) {
		play(&game, data + i);
		check(&game);
	}
	free_everything(&game);
	check(&game);
	kfrag_buddy_destroy(game.buddy);
	return 0;
}
