// SPDX-License-Identifier: MIT
/*
 * Both allocators over real memory: every byte handed out is written, and
 * found as it was when it is given back.
 */
#include "expect.h"
#include "fixture_slab.h"
#include "kfrag/buddy.h"
#include "kfrag/random.h"
#include "model.h"

Suite *real_memory_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define PAGE_BYTES 4096
#define ARENA_PAGES 256
#define ARENA_BYTES ((size_t)ARENA_PAGES * PAGE_BYTES)
#define MAX_THINGS 20000

static const struct kfrag_slab_cache_params arena_params[] = {
	{ .size_bytes = 8, .objs_per_slab = 512 },
	{ .size_bytes = 192, .objs_per_slab = 21, .min_partial_slabs = 2 },
	{ .size_bytes = 700, .objs_per_slab = 11, .order = 1 },
	{ .size_bytes = 4096, .objs_per_slab = 2, .order = 1 },
	{ .size_bytes = 13, .objs_per_slab = 315 },
	{ .size_bytes = 10922, .objs_per_slab = 3, .order = 3 },
};

/* An object of a slab, or a block of the buddy by itself. */
struct thing {
	uint64_t address;
	uint64_t size_bytes;
	unsigned order; /* of a block */
	bool is_block;
	uint8_t seed;
};

struct arena {
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache *caches[NR_OF(arena_params)];
	uint8_t *bytes; /* the memory itself */
	uint8_t *owned; /* a byte per byte: someone has it */
	struct thing things[MAX_THINGS];
	size_t nr_things;
	unsigned nr_blocks_taken;
	unsigned nr_objs_taken;
	unsigned nr_refused;
	unsigned nr_given;
};

static uint8_t pattern(const struct thing *thing, uint64_t i)
{
	return (uint8_t)(thing->seed + 31 * i + (i >> 8));
}

static void arena_add(struct arena *arena, struct thing thing)
{
	EXPECT(arena->nr_things < MAX_THINGS);
	EXPECT(thing.address + thing.size_bytes <= ARENA_BYTES);
	for (uint64_t i = 0; i < thing.size_bytes; i++) {
		EXPECT_EQ(arena->owned[thing.address + i]++, 0);
		arena->bytes[thing.address + i] = pattern(&thing, i);
	}
	arena->things[arena->nr_things++] = thing;
}

static void take_object(struct arena *arena, size_t which, uint8_t seed)
{
	const struct kfrag_slab_cache_params *params = &arena_params[which];
	uint64_t slab_bytes = (uint64_t)PAGE_BYTES << params->order;
	struct thing thing = { .size_bytes = params->size_bytes, .seed = seed };
	uint64_t offset;

	if (!kfrag_slab_alloc(arena->caches[which], &thing.address)) {
		arena->nr_refused++;
		return;
	}
	/* A slot of its slab, and in real memory as aligned as its size. */
	offset = thing.address % slab_bytes;
	EXPECT_EQ(offset % params->size_bytes, 0);
	EXPECT(offset / params->size_bytes < params->objs_per_slab);
	EXPECT(offset + params->size_bytes <= slab_bytes);
	EXPECT((uintptr_t)(arena->bytes + thing.address) %
		       (params->size_bytes & -params->size_bytes) ==
	       0);
	arena->nr_objs_taken++;
	arena_add(arena, thing);
}

static void take_block(struct arena *arena, unsigned order, uint8_t seed)
{
	struct thing thing = {
		.size_bytes = (uint64_t)PAGE_BYTES << order,
		.order = order,
		.is_block = true,
		.seed = seed,
	};
	uint64_t pfn;

	if (!kfrag_buddy_alloc(arena->buddy, order, &pfn)) {
		arena->nr_refused++;
		return;
	}
	thing.address = pfn * PAGE_BYTES;
	EXPECT((uintptr_t)(arena->bytes + thing.address) % thing.size_bytes ==
	       0);
	arena->nr_blocks_taken++;
	arena_add(arena, thing);
}

static void give(struct arena *arena, size_t which)
{
	struct thing thing = arena->things[which];

	for (uint64_t i = 0; i < thing.size_bytes; i++) {
		EXPECT_EQ(arena->bytes[thing.address + i], pattern(&thing, i));
		EXPECT_EQ(arena->owned[thing.address + i]--, 1);
	}
	if (thing.is_block)
		kfrag_buddy_free(arena->buddy, thing.order,
				 thing.address / PAGE_BYTES);
	else
		kfrag_slab_free(arena->slab, thing.address);
	arena->things[which] = arena->things[--arena->nr_things];
}

static struct arena *make_arena(size_t policy)
{
	struct arena *arena = model_zeros(1, sizeof(*arena));

	arena->buddy = make_buddy(ARENA_PAGES);
	arena->slab = make_slab(kfrag_buddy_page_source(arena->buddy),
				ARENA_PAGES, PAGE_BYTES);
	for (size_t i = 0; i < NR_OF(arena_params); i++) {
		struct kfrag_slab_cache_params params = arena_params[i];

		params.policy = kfrag_slab_policies()[policy];
		arena->caches[i] = make_cache(arena->slab, &params);
	}
	arena->bytes = aligned_alloc(ARENA_BYTES, ARENA_BYTES);
	ck_assert_ptr_nonnull(arena->bytes);
	arena->owned = model_zeros(ARENA_BYTES, 1);
	return arena;
}

static void give_any(struct arena *arena, struct kfrag_random *random)
{
	give(arena, (size_t)kfrag_random_below(random, arena->nr_things));
	arena->nr_given++;
}

/* Nothing is left behind: all pages are one free block again. */
static void end(struct arena *arena)
{
	ck_assert_uint_gt(arena->nr_given, 0);
	ck_assert_uint_gt(arena->nr_refused, 0);
	ck_assert_uint_gt(arena->nr_blocks_taken, 0);
	ck_assert_uint_gt(arena->nr_things, 0);
	check_slab(arena->slab);
	while (arena->nr_things > 0)
		give(arena, 0);
	check_slab(arena->slab);
	kfrag_slab_destroy(arena->slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(arena->buddy), ARENA_PAGES);
	ck_assert_uint_eq(kfrag_buddy_nr_free(arena->buddy, 8), 1);
	kfrag_buddy_destroy(arena->buddy);
	free(arena->bytes);
	free(arena->owned);
	free(arena);
}

START_TEST(buddy_alone)
{
	struct arena *arena = make_arena(0);
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < 800; i++) {
		uint64_t max_order = kfrag_random_below(&random, 8);
		uint64_t order = kfrag_random_below(&random, max_order + 1);

		if (i % 100 < 70)
			take_block(arena, (unsigned)order, (uint8_t)i);
		else if (arena->nr_things > 0)
			give_any(arena, &random);
	}
	end(arena);
}
END_TEST

START_TEST(slabs_and_blocks)
{
	struct arena *arena = make_arena((size_t)_i % NR_POLICIES);
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < 6000; i++) {
		uint64_t kind =
			kfrag_random_below(&random, NR_OF(arena_params) + 1);
		uint8_t seed = (uint8_t)kfrag_random_next(&random);

		if (i % 1000 < 700 && kind < NR_OF(arena_params))
			take_object(arena, (size_t)kind, seed);
		else if (i % 1000 < 700)
			take_block(arena, seed % 4, seed);
		else if (arena->nr_things > 0)
			give_any(arena, &random);
	}
	ck_assert_uint_gt(arena->nr_objs_taken, 0);
	end(arena);
}
END_TEST

Suite *real_memory_suite(void)
{
	Suite *suite = suite_create("real_memory");
	TCase *properties = tcase_create("properties");

	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, buddy_alone, 0, 4);
	tcase_add_loop_test(properties, slabs_and_blocks, 0, 2 * NR_POLICIES);
	suite_add_tcase(suite, properties);
	return suite;
}
