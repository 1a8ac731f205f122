// SPDX-License-Identifier: MIT
/*
 * Maps of real allocators in random states, against a look at each page and
 * each slot.
 */
#include "replay/map_pages.h"

#include "expect.h"
#include "fixture_slab.h"
#include "kfrag/arith.h"
#include "kfrag/random.h"

Suite *map_pages_suite(void);

#define MAX_PAGES 2000
#define MAX_CACHES 6
#define MAX_OBJS 3000

/* A buddy with slabs in it, and the objects in these. */
struct memory {
	struct kfrag_random random;
	uint64_t page_bytes, nr_pages;
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	unsigned nr_caches;
	struct kfrag_slab_cache *caches[MAX_CACHES];
	struct kfrag_map_slots slots[MAX_CACHES];
	uint64_t objs[MAX_OBJS];
	unsigned nr_objs;
	/* What the model says of each page. */
	int kinds[MAX_PAGES];
};

static void add_cache(struct memory *memory)
{
	struct kfrag_random *random = &memory->random;
	struct kfrag_slab_cache_params params = {
		.order = (unsigned)kfrag_random_below(random, 5),
		.min_partial_slabs = kfrag_random_below(random, 3),
		.policy = kfrag_slab_policies()[kfrag_random_below(
			random, NR_POLICIES)],
	};
	uint64_t slab_bytes = memory->page_bytes << params.order;
	uint64_t fitting;

	/* Small ones, and some of up to the whole slab. */
	params.size_bytes = 1 + kfrag_random_below(random, slab_bytes);
	if (kfrag_random_below(random, 3))
		params.size_bytes = kfrag_div_up(
			params.size_bytes, 1 + kfrag_random_below(random, 200));
	fitting = slab_bytes / params.size_bytes;
	if (fitting > KFRAG_MAX_OBJS_PER_SLAB)
		fitting = KFRAG_MAX_OBJS_PER_SLAB;
	params.objs_per_slab = (uint32_t)fitting;
	if (kfrag_random_below(random, 4) == 0)
		params.objs_per_slab =
			1 + (uint32_t)kfrag_random_below(random, fitting);
	memory->slots[memory->nr_caches] = (struct kfrag_map_slots){
		.size_bytes = params.size_bytes,
		.objs_per_slab = params.objs_per_slab,
		.order = params.order,
	};
	memory->caches[memory->nr_caches++] = make_cache(memory->slab, &params);
}

static void open_memory(struct memory *memory, uint64_t seed)
{
	struct kfrag_random *random = &memory->random;

	kfrag_random_init(random, seed);
	memory->page_bytes = UINT64_C(4096)
			     << 4 * kfrag_random_below(random, 2);
	memory->nr_pages = 1 + kfrag_random_below(random, MAX_PAGES);
	memory->nr_objs = 0;
	memory->nr_caches = 0;
	EXPECT(!kfrag_buddy_create_placed(
		&memory->buddy, memory->nr_pages,
		(unsigned)kfrag_random_below(random, 11),
		(enum kfrag_buddy_placement)kfrag_random_below(
			random, KFRAG_NR_BUDDY_PLACEMENTS)));
	memory->slab = make_slab(kfrag_buddy_page_source(memory->buddy),
				 memory->nr_pages, memory->page_bytes);
	for (unsigned i = 0; i < MAX_CACHES; i++)
		add_cache(memory);
}

static void close_memory(struct memory *memory)
{
	kfrag_slab_destroy(memory->slab);
	kfrag_buddy_destroy(memory->buddy);
}

static void free_one(struct memory *memory)
{
	size_t i = (size_t)kfrag_random_below(&memory->random, memory->nr_objs);

	kfrag_slab_free(memory->slab, memory->objs[i]);
	memory->objs[i] = memory->objs[--memory->nr_objs];
}

static void step(struct memory *memory, uint64_t percent_frees)
{
	uint64_t which = kfrag_random_below(&memory->random, memory->nr_caches);

	if (kfrag_random_below(&memory->random, 100) < percent_frees) {
		if (memory->nr_objs > 0)
			free_one(memory);
	} else if (memory->nr_objs < MAX_OBJS &&
		   kfrag_slab_alloc(memory->caches[which],
				    &memory->objs[memory->nr_objs])) {
		memory->nr_objs++;
	}
}

/* --------------------------------------------------------------- the model */

enum { NOTHING = KFRAG_NR_PAGE_KINDS };

static void look_at_slab(struct memory *memory,
			 const struct kfrag_slab_view *view)
{
	const struct kfrag_map_slots *slots =
		&memory->slots[kfrag_slab_cache_index(view->cache)];
	int *kinds = &memory->kinds[view->pfn];

	for (uint64_t page = 0; page < UINT64_C(1) << slots->order; page++) {
		EXPECT_EQ(kinds[page], NOTHING);
		kinds[page] = KFRAG_PAGE_TAIL;
	}
	for (uint64_t slot = 0; slot < slots->objs_per_slab; slot++) {
		bool live = kfrag_slab_live_mask(memory->slab, view->pfn,
						 (uint32_t)(slot / 64)) >>
				    slot % 64 &
			    1;
		uint64_t first = slot * slots->size_bytes;
		uint64_t last = first + slots->size_bytes - 1;

		for (uint64_t page = first / memory->page_bytes;
		     page <= last / memory->page_bytes; page++)
			if (live)
				kinds[page] = KFRAG_PAGE_LIVE;
			else if (kinds[page] != KFRAG_PAGE_LIVE)
				kinds[page] = KFRAG_PAGE_IDLE;
	}
}

static void look_at_pages(struct memory *memory)
{
	struct kfrag_slab_view view;

	for (uint64_t page = 0; page < memory->nr_pages; page++)
		memory->kinds[page] = NOTHING;
	for (unsigned order = 0; order <= 10; order++)
		for (uint64_t page = 0; page < memory->nr_pages; page++) {
			uint64_t pfn;

			if (!kfrag_buddy_next_free(memory->buddy, order, page,
						   &pfn) ||
			    pfn != page)
				continue;
			for (uint64_t i = 0; i < UINT64_C(1) << order; i++) {
				EXPECT_EQ(memory->kinds[page + i], NOTHING);
				memory->kinds[page + i] = KFRAG_PAGE_FREE;
			}
		}
	for (uint64_t pfn = 0; kfrag_slab_next(memory->slab, pfn, &view);
	     pfn = view.pfn + 1)
		look_at_slab(memory, &view);
}

/* What a property met; every count must be above 0 in the end. */
struct met {
	unsigned of_kind[KFRAG_NR_PAGE_KINDS], nr_full, nr_binned;
};

static void expect_right(struct memory *memory, size_t max_bins,
			 struct met *met)
{
	struct kfrag_memory_map map;

	EXPECT(!kfrag_memory_map_init(&map, memory->nr_pages, max_bins));
	kfrag_memory_map_begin(&map);
	kfrag_map_free_blocks(&map, memory->buddy);
	kfrag_map_slabs(&map, memory->slab, memory->slots, memory->page_bytes);
	kfrag_memory_map_end(&map, KFRAG_PAGE_LIVE);
	look_at_pages(memory);
	EXPECT_EQ(map.nr_pages_of[KFRAG_PAGE_FREE],
		  kfrag_buddy_free_pages(memory->buddy));
	for (size_t bin = 0; bin < map.nr_bins; bin++) {
		uint64_t counts[KFRAG_NR_PAGE_KINDS + 1] = { 0 };
		uint64_t first = bin * map.pages_per_bin;

		for (uint64_t page = first;
		     page < first + map.pages_per_bin && page < map.nr_pages;
		     page++)
			counts[memory->kinds[page]]++;
		EXPECT_EQ(counts[NOTHING], 0);
		for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++) {
			EXPECT_EQ(map.bins[bin].nr_pages[k], counts[k]);
			met->of_kind[k] += counts[k] > 0;
		}
	}
	met->nr_full += map.nr_pages_of[KFRAG_PAGE_FREE] == 0;
	met->nr_binned += map.pages_per_bin > 1;
	kfrag_memory_map_release(&map);
}

START_TEST(maps_agree_with_a_look_at_each_page)
{
	static struct memory memory;
	struct met met = { 0 };

	for (uint64_t round = 0; round < 40; round++) {
		open_memory(&memory, (uint64_t)_i * 1000 + round);
		for (unsigned i = 0; i < 6; i++) {
			uint64_t percent =
				10 + kfrag_random_below(&memory.random, 80);
			size_t max_bins = (size_t)memory.nr_pages;

			for (unsigned k = 0; k < 800; k++)
				step(&memory, percent);
			expect_right(&memory, max_bins, &met);
			max_bins = 1 + (size_t)kfrag_random_below(
					       &memory.random, max_bins);
			expect_right(&memory, max_bins, &met);
		}
		while (memory.nr_objs > 0)
			free_one(&memory);
		expect_right(&memory, (size_t)memory.nr_pages, &met);
		close_memory(&memory);
	}
	for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++)
		ck_assert_uint_gt(met.of_kind[k], 0);
	ck_assert_uint_gt(met.nr_full, 0);
	ck_assert_uint_gt(met.nr_binned, 0);
}
END_TEST

Suite *map_pages_suite(void)
{
	Suite *suite = suite_create("map_pages");
	TCase *core = tcase_create("core");

	tcase_set_timeout(core, 60);
	tcase_add_loop_test(core, maps_agree_with_a_look_at_each_page, 0, 6);
	suite_add_tcase(suite, core);
	return suite;
}
