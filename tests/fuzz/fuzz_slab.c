// SPDX-License-Identifier: MIT
/*
 * Plays any bytes as requests to a slab allocator over a buddy that can be
 * told to refuse, next to a map of all addresses. Four bytes choose policy
 * and caches, then every four are a step: what, which cache, and a number
 * (low byte first).
 */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/buddy.h"
#include "kfrag/slab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NR_PAGES 28
#define PAGE_BYTES 256
#define NR_BYTES (NR_PAGES * PAGE_BYTES)
#define NR_CACHES 3
#define MAX_STEPS 120
#define NO_CACHE 0xff

static const struct kfrag_slab_cache_params shapes[] = {
	{ .size_bytes = 16, .objs_per_slab = 16 },
	{ .size_bytes = 256, .objs_per_slab = 1 },
	{ .size_bytes = 100, .objs_per_slab = 5, .order = 1 },
	{ .size_bytes = 4, .objs_per_slab = 64 },
	{ .size_bytes = 3, .objs_per_slab = 65 },
	{ .size_bytes = 7, .objs_per_slab = 73, .order = 1 },
	{ .size_bytes = 5, .objs_per_slab = 180, .order = 2 },
	{ .size_bytes = 700, .objs_per_slab = 2, .order = 3 },
};
#define NR_SHAPES (sizeof(shapes) / sizeof(*(shapes)))

struct game {
	struct kfrag_buddy *buddy;
	uint64_t nr_blocks_allowed; /* held at a time; more are refused */
	uint64_t nr_blocks_held;
	uint8_t held[NR_PAGES]; /* the slab allocator has the page */
	struct kfrag_slab *slab;
	struct kfrag_slab_cache *caches[NR_CACHES];
	const struct kfrag_slab_cache_params *params[NR_CACHES];
	uint64_t nr_objs[NR_CACHES];
	uint8_t starts[NR_BYTES]; /* cache whose object starts here */
	uint8_t owned[NR_BYTES]; /* some object has the byte */
};

/* ------------------------------------------------------------ page source */

static uint64_t source_take(void *context, unsigned order, uint64_t max_blocks,
			    uint64_t *pfn)
{
	struct game *game = context;
	uint64_t nr = 0, nr_left = 0;

	assert(max_blocks > 0);
	*pfn = 0;
	if (game->nr_blocks_held < game->nr_blocks_allowed)
		nr_left = game->nr_blocks_allowed - game->nr_blocks_held;
	if (nr_left > 0)
		nr = kfrag_buddy_alloc_run(
			game->buddy, order,
			max_blocks < nr_left ? max_blocks : nr_left, pfn);
	for (uint64_t i = 0; i < nr << order; i++)
		game->held[*pfn + i] = 1;
	game->nr_blocks_held += nr;
	return nr;
}

static void source_give(void *context, unsigned order, uint64_t pfn)
{
	struct game *game = context;

	for (uint64_t i = 0; i < UINT64_C(1) << order; i++) {
		assert(game->held[pfn + i]);
		game->held[pfn + i] = 0;
	}
	/* No object may live in what is given back. */
	for (uint64_t i = 0; i < (uint64_t)PAGE_BYTES << order; i++)
		assert(!game->owned[pfn * PAGE_BYTES + i]);
	game->nr_blocks_held--;
	assert(kfrag_buddy_free_checked(game->buddy, order, pfn) == KFRAG_OK);
}

/* ---------------------------------------------------------------- objects */

static void take(struct game *game, unsigned cache, uint64_t address)
{
	const struct kfrag_slab_cache_params *params = game->params[cache];
	uint64_t slab_bytes = (uint64_t)PAGE_BYTES << params->order;
	uint64_t slot = address % slab_bytes / params->size_bytes;

	assert(address % slab_bytes % params->size_bytes == 0);
	assert(slot < params->objs_per_slab);
	for (uint64_t i = 0; i < params->size_bytes; i++) {
		assert(game->held[(address + i) / PAGE_BYTES]);
		assert(!game->owned[address + i]);
		game->owned[address + i] = 1;
	}
	game->starts[address] = (uint8_t)cache;
	game->nr_objs[cache]++;
}

static void give(struct game *game, uint64_t address)
{
	unsigned cache = game->starts[address];

	assert(cache < NR_CACHES);
	memset(game->owned + address, 0,
	       (size_t)game->params[cache]->size_bytes);
	game->starts[address] = NO_CACHE;
	game->nr_objs[cache]--;
}

static void step_alloc(struct game *game, unsigned cache)
{
	uint64_t address = 7;

	if (kfrag_slab_alloc(game->caches[cache], &address))
		take(game, cache, address);
	else
		assert(address == 0);
}

static void step_bulk(struct game *game, unsigned cache, uint64_t nr_objs)
{
	uint64_t addresses[256];
	uint64_t nr;

	nr_objs %= 256;
	nr = kfrag_slab_alloc_bulk(game->caches[cache], nr_objs, addresses);
	assert(nr <= nr_objs);
	for (uint64_t i = 0; i < nr; i++)
		take(game, cache, addresses[i]);
	/* A refusal means that not one more fits. */
	if (nr < nr_objs) {
		assert(kfrag_slab_cache_nr_partial(game->caches[cache]) == 0);
		assert(kfrag_slab_cache_nr_empty(game->caches[cache]) == 0);
	}
}

static void step_free(struct game *game, uint64_t from)
{
	for (uint64_t address = from; address < NR_BYTES; address++) {
		if (game->starts[address] == NO_CACHE)
			continue;
		give(game, address);
		kfrag_slab_free(game->slab, address);
		return;
	}
}

static void step_free_checked(struct game *game, uint64_t address)
{
	bool inside = address < NR_BYTES;
	bool is_object = inside && game->starts[address] != NO_CACHE;
	bool is_held = inside && game->held[address / PAGE_BYTES];
	enum kfrag_error error;

	if (is_object)
		give(game, address);
	error = kfrag_slab_free_checked(game->slab, address);
	assert((error == KFRAG_OK) == is_object);
	assert((error == KFRAG_ERANGE) == !is_held);
	/* A byte of an object is no free slot. */
	if (is_held && !is_object && game->owned[address])
		assert(error == KFRAG_EALIGN);
}

/* Slabs by address, as the replay goes through them. */
static void step_free_mask(struct game *game, uint64_t from, uint64_t wanted)
{
	struct kfrag_slab_view view;
	const struct kfrag_slab_cache_params *params;
	uint32_t word;
	uint64_t mask;

	if (!kfrag_slab_next(game->slab, from, &view))
		return;
	params = game->params[kfrag_slab_cache_index(view.cache)];
	word = (uint32_t)(wanted % ((params->objs_per_slab + 63) / 64));
	mask = kfrag_slab_live_mask(game->slab, view.pfn, word) & wanted;
	if (!mask)
		return;
	for (uint64_t m = mask; m; m &= m - 1) {
		uint64_t slot =
			word * UINT64_C(64) + (unsigned)__builtin_ctzll(m);

		give(game, view.pfn * PAGE_BYTES + slot * params->size_bytes);
	}
	kfrag_slab_free_mask(game->slab, view.pfn, word, mask);
}

static void play(struct game *game, const uint8_t step[4])
{
	unsigned cache = step[1] % NR_CACHES;
	uint64_t number = step[2] | (uint64_t)step[3] << 8;

	switch (step[0] % 7) {
	case 0:
		step_alloc(game, cache);
		break;
	case 1:
	case 2:
		step_bulk(game, cache, number);
		break;
	case 3:
		step_free(game, number % NR_BYTES);
		break;
	case 4:
		step_free_checked(game, number % (NR_BYTES + PAGE_BYTES));
		break;
	case 5:
		step_free_mask(game, step[1],
			       number * UINT64_C(0x0001000100010001));
		break;
	default:
		game->nr_blocks_allowed = number % (NR_PAGES + 1);
		break;
	}
}

/* ------------------------------------------------------------------ checks */

static void check_slabs(const struct game *game)
{
	uint64_t nr_slabs[NR_CACHES] = { 0 }, nr_held = 0;
	struct kfrag_slab_view view;

	for (uint64_t pfn = 0; kfrag_slab_next(game->slab, pfn, &view);
	     pfn = view.pfn + 1) {
		unsigned cache = kfrag_slab_cache_index(view.cache);
		const struct kfrag_slab_cache_params *params =
			game->params[cache];
		uint64_t first = view.pfn * PAGE_BYTES, nr_inuse = 0;

		nr_slabs[cache]++;
		for (uint32_t slot = 0; slot < params->objs_per_slab; slot++) {
			uint64_t address = first + slot * params->size_bytes;
			bool live = game->starts[address] == cache;
			uint64_t mask = kfrag_slab_live_mask(
				game->slab, view.pfn, slot / 64);

			assert((mask >> (slot % 64) & 1) == live);
			nr_inuse += live;
		}
		assert(view.nr_inuse == nr_inuse);
	}
	for (unsigned i = 0; i < NR_CACHES; i++) {
		assert(kfrag_slab_cache_nr_slabs(game->caches[i]) ==
		       nr_slabs[i]);
		assert(kfrag_slab_cache_nr_objs(game->caches[i]) ==
		       game->nr_objs[i]);
		nr_held += nr_slabs[i];
	}
	assert(nr_held == game->nr_blocks_held);
}

static void check(const struct game *game)
{
	char message[300] = "";

	if (!kfrag_slab_check(game->slab, message, sizeof(message)) ||
	    !kfrag_buddy_check(game->buddy, message, sizeof(message))) {
		fprintf(stderr, "%s\n", message);
		abort();
	}
	assert(kfrag_slab_host_error(game->slab) == KFRAG_OK);
	check_slabs(game);
}

static void start(struct game *game, const uint8_t head[4])
{
	struct kfrag_page_source source = {
		.take = source_take,
		.give = source_give,
		.context = game,
	};
	enum kfrag_error error;

	memset(game->starts, NO_CACHE, sizeof(game->starts));
	game->nr_blocks_allowed = NR_PAGES;
	error = kfrag_buddy_create_checked(&game->buddy, NR_PAGES, 5);
	assert(error == KFRAG_OK);
	error = kfrag_slab_create(&game->slab, source, NR_PAGES, PAGE_BYTES);
	assert(error == KFRAG_OK);
	for (unsigned i = 0; i < NR_CACHES; i++) {
		struct kfrag_slab_cache_params params =
			shapes[head[1 + i] % NR_SHAPES];

		game->params[i] = &shapes[head[1 + i] % NR_SHAPES];
		params.policy = kfrag_slab_policies()[head[0] % 3];
		params.min_partial_slabs = head[1 + i] / NR_SHAPES % 4;
		error = kfrag_slab_cache_create(&game->caches[i], game->slab,
						&params);
		assert(error == KFRAG_OK);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct game *game;

	if (size < 4)
		return 0;
	game = calloc(1, sizeof(*game));
	assert(game);
	start(game, data);
	check(game);
	for (size_t i = 4; i + 4 <= size && i < 4 + 4 * MAX_STEPS; i += 4) {
		play(game, data + i);
		check(game);
	}
	/* Destroyed with whatever still lives in it. */
	memset(game->owned, 0, sizeof(game->owned));
	kfrag_slab_destroy(game->slab);
	assert(game->nr_blocks_held == 0);
	assert(kfrag_buddy_free_pages(game->buddy) == NR_PAGES);
	kfrag_buddy_destroy(game->buddy);
	free(game);
	return 0;
}
