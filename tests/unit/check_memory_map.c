// SPDX-License-Identifier: MIT
/*
 * Maps as such: bins, runs, folding; against a kind for each page.
 */
#include "kfrag/memory_map.h"

#include "expect.h"
#include "kfrag/arith.h"
#include "kfrag/random.h"

Suite *memory_map_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))
#define MAX_PAGES 3000

static const struct {
	uint64_t nr_pages;
	size_t max_bins;
	uint64_t pages_per_bin;
	size_t nr_bins;
} sizes[] = {
	{ 1, 1, 1, 1 },
	{ 1, 65536, 1, 1 },
	{ 3, 1, 4, 1 },
	{ 5, 4, 2, 3 },
	{ 64, 64, 1, 64 },
	{ 65, 64, 2, 33 },
	{ 25600, 65536, 1, 25600 },
	{ 100000, 65536, 2, 50000 },
	{ UINT64_C(1) << 28, 65536, 4096, 65536 },
	{ UINT32_MAX, 1, UINT64_C(1) << 32, 1 },
};

START_TEST(bins_are_powers_of_two)
{
	struct kfrag_memory_map map;

	EXPECT(!kfrag_memory_map_init(&map, sizes[_i].nr_pages,
				      sizes[_i].max_bins));
	EXPECT_EQ(map.nr_pages, sizes[_i].nr_pages);
	EXPECT_EQ(map.pages_per_bin, sizes[_i].pages_per_bin);
	EXPECT_EQ(map.nr_bins, sizes[_i].nr_bins);
	/* A new one is free all over. */
	EXPECT_EQ(map.nr_pages_of[KFRAG_PAGE_FREE], sizes[_i].nr_pages);
	for (size_t i = 0; i + 1 < map.nr_bins; i++)
		EXPECT_EQ(map.bins[i].nr_pages[KFRAG_PAGE_FREE],
			  sizes[_i].pages_per_bin);
	EXPECT_EQ(map.bins[map.nr_bins - 1].nr_pages[KFRAG_PAGE_FREE],
		  sizes[_i].nr_pages -
			  (sizes[_i].nr_bins - 1) * sizes[_i].pages_per_bin);
	kfrag_memory_map_release(&map);
	ck_assert_ptr_null(map.bins);
	ck_assert_uint_eq(map.nr_pages, 0);
}
END_TEST

START_TEST(kinds_have_names)
{
	ck_assert_str_eq(kfrag_page_kind_text(KFRAG_PAGE_FREE), "free");
	ck_assert_str_eq(kfrag_page_kind_text(KFRAG_PAGE_LIVE), "live");
	ck_assert_str_eq(kfrag_page_kind_text(KFRAG_PAGE_IDLE), "idle");
	ck_assert_str_eq(kfrag_page_kind_text(KFRAG_PAGE_TAIL), "tail");
}
END_TEST

/* A kind for each page, and the map of the same. */
struct model {
	uint8_t kinds[MAX_PAGES];
	struct kfrag_memory_map map;
};

static void expect_same(const struct model *model)
{
	const struct kfrag_memory_map *map = &model->map;
	uint64_t sums[KFRAG_NR_PAGE_KINDS] = { 0 };

	EXPECT_EQ(map->nr_bins,
		  kfrag_div_up(map->nr_pages, map->pages_per_bin));
	for (size_t bin = 0; bin < map->nr_bins; bin++) {
		uint64_t counts[KFRAG_NR_PAGE_KINDS] = { 0 };
		uint64_t first = bin * map->pages_per_bin;

		for (uint64_t page = first;
		     page < first + map->pages_per_bin && page < map->nr_pages;
		     page++)
			counts[model->kinds[page]]++;
		for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++) {
			EXPECT_EQ(map->bins[bin].nr_pages[k], counts[k]);
			sums[k] += counts[k];
		}
	}
	for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++)
		EXPECT_EQ(map->nr_pages_of[k], sums[k]);
}

static void draw_run(struct model *model, int kind, uint64_t pfn,
		     uint64_t nr_pages)
{
	for (uint64_t i = 0; i < nr_pages; i++)
		model->kinds[pfn + i] = (uint8_t)kind;
}

/* Some of the 64 blocks from pfn on, as far as they lie in the memory. */
static uint64_t draw_blocks(struct model *model, struct kfrag_random *random,
			    uint64_t pfn)
{
	unsigned order = (unsigned)kfrag_random_below(random, 5);
	uint64_t size = UINT64_C(1) << order;
	uint64_t first = kfrag_random_below(random, size);
	uint64_t nr_pages = 1 + kfrag_random_below(random, size - first);
	uint64_t nr_blocks = (model->map.nr_pages - pfn) >> order;
	uint64_t mask = kfrag_random_next(random) | kfrag_random_next(random);
	int kind = (int)kfrag_random_below(random, KFRAG_NR_PAGE_KINDS);

	if (nr_blocks < 64)
		mask &= (UINT64_C(1) << nr_blocks) - 1;
	if (!mask)
		return pfn + 1;
	kfrag_memory_map_add_blocks(&model->map, (enum kfrag_page_kind)kind,
				    pfn, order, mask, first, nr_pages);
	for (unsigned i = 0; i < 64; i++)
		if (mask >> i & 1)
			draw_run(model, kind, pfn + i * size + first, nr_pages);
	return pfn + ((kfrag_log2_floor(mask) + UINT64_C(1)) << order);
}

static void draw(struct model *model, struct kfrag_random *random)
{
	int background = (int)kfrag_random_below(random, KFRAG_NR_PAGE_KINDS);
	uint64_t pfn = 0;

	kfrag_memory_map_begin(&model->map);
	draw_run(model, background, 0, model->map.nr_pages);
	while (pfn < model->map.nr_pages) {
		uint64_t nr_pages =
			kfrag_random_below(random, model->map.nr_pages - pfn);
		int kind = (int)kfrag_random_below(random, 4);

		if (kfrag_random_below(random, 2)) {
			pfn = draw_blocks(model, random, pfn);
			continue;
		}
		nr_pages = nr_pages / (1 + kfrag_random_below(random, 64));
		kfrag_memory_map_add(&model->map, (enum kfrag_page_kind)kind,
				     pfn, nr_pages);
		draw_run(model, kind, pfn, nr_pages);
		pfn += nr_pages + kfrag_random_below(random, 3);
	}
	kfrag_memory_map_end(&model->map, (enum kfrag_page_kind)background);
}

START_TEST(runs_are_counted)
{
	static struct model model;
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned round = 0; round < 100; round++) {
		uint64_t nr_pages = 1 + kfrag_random_below(&random, MAX_PAGES);
		struct kfrag_memory_map copy;
		size_t max_bins;

		max_bins = 1 + (size_t)kfrag_random_below(&random, nr_pages);
		EXPECT(!kfrag_memory_map_init(&model.map, nr_pages, max_bins));
		draw(&model, &random);
		expect_same(&model);
		/* Again in the same map. */
		draw(&model, &random);
		expect_same(&model);
		EXPECT(!kfrag_memory_map_copy(&copy, &model.map));
		max_bins = 1 + (size_t)kfrag_random_below(&random, max_bins);
		kfrag_memory_map_fold(&model.map, max_bins);
		EXPECT(model.map.nr_bins <= max_bins);
		expect_same(&model);
		max_bins = 1 + (size_t)kfrag_random_below(&random, max_bins);
		kfrag_memory_map_crop(&model.map, max_bins);
		EXPECT(model.map.nr_bins <= max_bins);
		expect_same(&model);
		kfrag_memory_map_release(&model.map);
		model.map = copy;
		EXPECT_EQ(model.map.nr_pages, nr_pages);
		expect_same(&model);
		kfrag_memory_map_release(&model.map);
	}
}
END_TEST

Suite *memory_map_suite(void)
{
	Suite *suite = suite_create("memory_map");
	TCase *core = tcase_create("core");

	tcase_set_timeout(core, 60);
	tcase_add_loop_test(core, bins_are_powers_of_two, 0, NR_OF(sizes));
	tcase_add_test(core, kinds_have_names);
	tcase_add_loop_test(core, runs_are_counted, 0, 8);
	suite_add_tcase(suite, core);
	return suite;
}
