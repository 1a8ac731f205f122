// SPDX-License-Identifier: MIT
/* The buddy allocator beside its model, step by step. */
#include "alloc/buddy_impl.h"
#include "expect.h"
#include "kfrag/buddy.h"
#include "kfrag/random.h"
#include "model.h"
#include "twin_buddy.h"

Suite *buddy_model_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* More of both for a longer look. */
#define NR_SEEDS 30
#define NR_STEPS 2000

/*
 * The free blocks from page `from` on, some at a time: the first at *first, or
 * nr_pages; returns how many.
 */
static uint64_t count_by_masks(const struct kfrag_buddy *buddy, unsigned order,
			       uint64_t from, uint64_t *first)
{
	uint64_t nr_found = 0, pfn, mask;

	*first = kfrag_buddy_nr_pages(buddy);
	while (kfrag_buddy_next_free_mask(buddy, order, from, &pfn, &mask)) {
		for (; mask; mask &= mask - 1, nr_found++) {
			uint64_t at = pfn + ((uint64_t)__builtin_ctzll(mask)
					     << order);

			EXPECT(at >= from);
			from = at + (UINT64_C(1) << order);
			if (nr_found == 0)
				*first = at;
			EXPECT(kfrag_buddy_next_free(buddy, order, at, &at));
			EXPECT_EQ(from, at + (UINT64_C(1) << order));
		}
	}
	EXPECT_EQ(pfn, 0);
	EXPECT_EQ(mask, 0);
	return nr_found;
}

/* The blocks themselves, found from every page on. */
static void check_iteration(const struct kfrag_buddy *buddy,
			    const struct model_buddy *model)
{
	for (unsigned order = 0; order <= model->max_order + 1; order++) {
		uint64_t nr_found = 0, pfn = 0, expected = 0;

		for (uint64_t from = 0; from < model->nr_pages + 2; from++) {
			bool found =
				kfrag_buddy_next_free(buddy, order, from, &pfn);
			uint64_t first;

			if (from % 16 == 0) {
				count_by_masks(buddy, order, from, &first);
				EXPECT_EQ(first, found ? pfn : model->nr_pages);
			}
			if (expected < from)
				expected = from;
			while (expected < model->nr_pages &&
			       (expected % (UINT64_C(1) << order) != 0 ||
				model_buddy_free_order(model, expected) !=
					(int)order))
				expected++;
			EXPECT_EQ(found, expected < model->nr_pages);
			EXPECT_EQ(pfn, found ? expected : 0);
			nr_found += found && pfn == from;
		}
		EXPECT_EQ(nr_found, kfrag_buddy_nr_free(buddy, order));
		EXPECT_EQ(count_by_masks(buddy, order, 0, &pfn), nr_found);
		EXPECT(!kfrag_buddy_next_free(buddy, order, UINT64_MAX, &pfn));
		EXPECT_EQ(pfn, 0);
	}
}

static const uint64_t fresh_sizes[] = { 1,   2,	  3,   4,   5,	  63,	64,
					65,  127, 128, 129, 255,  256,	257,
					300, 511, 512, 513, 1000, 1023, 1024 };

START_TEST(fresh)
{
	uint64_t nr_pages = fresh_sizes[_i];

	for (unsigned max_order = 0; max_order <= 12; max_order++) {
		for (int kind = 0; kind < TWIN_NR_KINDS; kind++) {
			struct kfrag_buddy *buddy =
				twin_make_kind(kind, nr_pages, max_order);
			struct model_buddy model;

			model_buddy_init_placed(
				&model, nr_pages, max_order,
				(enum kfrag_buddy_placement)buddy->placement);
			EXPECT_EQ(kfrag_buddy_nr_pages(buddy), nr_pages);
			EXPECT_EQ(kfrag_buddy_max_order(buddy), max_order);
			EXPECT_EQ(kfrag_buddy_free_pages(buddy), nr_pages);
			twin_check_against(buddy, &model);
			check_iteration(buddy, &model);
			kfrag_buddy_destroy(buddy);
			model_buddy_release(&model);
		}
	}
}
END_TEST

static void free_everything(struct twin *twin)
{
	unsigned order;
	uint64_t pfn;

	while (twin_choose_live(twin, &pfn, &order)) {
		model_buddy_free(&twin->model, order, pfn);
		kfrag_buddy_free(twin->buddy, order, pfn);
	}
}

static void run_twin(struct twin *twin, int nr_steps)
{
	bool growing = true;

	for (int i = 0; i < nr_steps; i++) {
		if (twin_draw(twin, 20) == 0)
			growing = !growing;
		twin_step(twin, growing);
		twin_check_against(twin->buddy, &twin->model);
	}
	check_iteration(twin->buddy, &twin->model);
	free_everything(twin);
	twin_check_against(twin->buddy, &twin->model);
	twin_check_like_fresh(twin->buddy, twin->checked);
}

static void check_met(const struct twin *twin)
{
	const struct twin_hard_cases *met = &twin->met;
	bool by_address = twin->model.placement == KFRAG_BUDDY_ADDRESS;

	ck_assert_int_eq(met->nr_not_lowest == 0, by_address);
	ck_assert_uint_gt(met->nr_refusals, 0);
	ck_assert_uint_gt(met->nr_refusals_with_enough_free, 0);
	ck_assert_uint_gt(met->nr_short_runs, 0);
	ck_assert_uint_gt(met->nr_long_runs, 0);
	ck_assert_uint_gt(met->nr_split_runs, 0);
	ck_assert_uint_gt(met->nr_short_bulks, 0);
	ck_assert_uint_eq(met->nr_gapped_masks > 0, by_address);
	ck_assert_uint_eq(met->nr_split_masks > 0, by_address);
	ck_assert_uint_gt(met->nr_masks, 0);
	ck_assert_uint_gt(met->nr_masks_over_words, 0);
	ck_assert_uint_gt(met->nr_high_merges, 0);
}

/*
 * Memories with room for every kind of step, so that each seed meets all. _i:
 * placement, seed.
 */
START_TEST(steps_like_model)
{
	uint64_t seed = (uint64_t)_i / KFRAG_NR_BUDDY_PLACEMENTS;
	struct twin twin;
	struct kfrag_random random;
	uint64_t nr_pages;

	kfrag_random_init(&random, ~seed);
	nr_pages = 250 + kfrag_random_below(&random, 300);
	if (seed % 4 == 0)
		nr_pages = UINT64_C(256) << kfrag_random_below(&random, 2);
	twin_init(&twin, seed, nr_pages,
		  5 + (unsigned)kfrag_random_below(&random, 7),
		  (enum kfrag_buddy_placement)(_i % KFRAG_NR_BUDDY_PLACEMENTS));
	run_twin(&twin, NR_STEPS);
	ck_assert_uint_gt(twin.model.stats.nr_splits, 0);
	ck_assert_uint_gt(twin.model.stats.nr_merges, 0);
	check_met(&twin);
	twin_release(&twin);
}
END_TEST

/* Every max_order from 0 on, in memories of any size. _i: placement, order. */
START_TEST(any_shape_like_model)
{
	unsigned max_order = (unsigned)_i / KFRAG_NR_BUDDY_PLACEMENTS;
	enum kfrag_buddy_placement placement =
		(enum kfrag_buddy_placement)(_i % KFRAG_NR_BUDDY_PLACEMENTS);
	uint64_t nr_splits = 0, nr_merges = 0, nr_refusals = 0;

	for (uint64_t k = 0; k < 12; k++) {
		struct twin twin;
		struct kfrag_random random;
		uint64_t nr_pages;

		kfrag_random_init(&random, k * 100 + max_order);
		nr_pages = 1 + kfrag_random_below(&random, 1 + k * 20);
		if (k % 4 == 3)
			nr_pages = UINT64_C(1)
				   << kfrag_random_below(&random, 9);
		twin_init(&twin, k / 2 + k, nr_pages, max_order, placement);
		run_twin(&twin, NR_STEPS / 10);
		nr_splits += twin.model.stats.nr_splits;
		nr_merges += twin.model.stats.nr_merges;
		nr_refusals += twin.model.stats.nr_refusals;
		twin_release(&twin);
	}
	ck_assert_uint_gt(nr_refusals, 0);
	ck_assert_uint_eq(nr_splits > 0, max_order > 0);
	ck_assert_uint_eq(nr_merges > 0, max_order > 0);
}
END_TEST

/* Two of a kind; _i: seed, and the kind of both. */
static void make_pair(struct kfrag_buddy *buddies[2], int i, uint64_t nr_pages,
		      unsigned max_order)
{
	/* A plain one beside a checked one, whose words are the same. */
	for (int b = 0; b < 2; b++)
		buddies[b] = twin_make_kind(i % 3 == 0 ? b : 1 + i % 3,
					    nr_pages, max_order);
}

/* Free blocks depend on which pages are free, not on the way there. */
START_TEST(order_of_frees_does_not_matter)
{
	enum { NR_PAGES = 200 };
	struct kfrag_buddy *buddies[2];
	uint64_t pfns[NR_PAGES], pfn;
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	make_pair(buddies, _i, NR_PAGES, 6);
	for (unsigned b = 0; b < 2; b++)
		for (uint64_t i = 0; i < NR_PAGES; i++)
			EXPECT(kfrag_buddy_alloc(buddies[b], 0, &pfn));
	for (uint64_t i = 0; i < NR_PAGES; i++) {
		uint64_t other = kfrag_random_below(&random, i + 1);

		pfns[i] = pfns[other];
		pfns[other] = i;
	}
	/* 150 of them, in this order and the other. */
	for (uint64_t i = 0; i < 150; i++) {
		kfrag_buddy_free(buddies[0], 0, pfns[i]);
		kfrag_buddy_free(buddies[1], 0, pfns[149 - i]);
	}
	for (unsigned order = 0; order <= 6; order++)
		ck_assert_uint_eq(kfrag_buddy_nr_free(buddies[0], order),
				  kfrag_buddy_nr_free(buddies[1], order));
	if (kfrag_buddy_has_lists(buddies[0]))
		ck_assert_mem_eq(buddies[0]->lists.bytes,
				 buddies[1]->lists.bytes, NR_PAGES);
	else
		ck_assert_mem_eq(buddies[0]->words, buddies[1]->words,
				 (size_t)buddies[0]->nr_words *
					 sizeof(uint64_t));
	ck_assert_uint_eq(kfrag_buddy_stats(buddies[0]).nr_merges,
			  kfrag_buddy_stats(buddies[1]).nr_merges);
	ck_assert_uint_gt(kfrag_buddy_stats(buddies[0]).nr_merges, 0);
	kfrag_buddy_destroy(buddies[0]);
	kfrag_buddy_destroy(buddies[1]);
}
END_TEST

Suite *buddy_model_suite(void)
{
	Suite *suite = suite_create("buddy_model");
	TCase *properties = tcase_create("properties");

	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, fresh, 0, (int)NR_OF(fresh_sizes));
	tcase_add_loop_test(properties, steps_like_model, 0,
			    NR_SEEDS * KFRAG_NR_BUDDY_PLACEMENTS);
	tcase_add_loop_test(properties, any_shape_like_model, 0,
			    13 * KFRAG_NR_BUDDY_PLACEMENTS);
	tcase_add_loop_test(properties, order_of_frees_does_not_matter, 0, 12);
	suite_add_tcase(suite, properties);
	return suite;
}
