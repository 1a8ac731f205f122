// SPDX-License-Identifier: MIT
#include "kfrag/buddy.h"

#include <limits.h>

#include "alloc/buddy_impl.h"
#include "expect.h"
#include "kfrag/random.h"
#include "model.h"
#include "twin_buddy.h"

Suite *buddy_suite(void);

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

/* ----------------------------------------------------------------- create */

static const struct {
	uint64_t nr_pages;
	unsigned max_order;
} refused[] = {
	{ 0, 0 },
	{ 0, 10 },
	{ KFRAG_MAX_PAGES + 1, 10 },
	{ UINT64_MAX, 10 },
	{ 1, KFRAG_MAX_ORDER + 1 },
	{ 1024, UINT_MAX },
};

START_TEST(create_refuses)
{
	struct kfrag_buddy *const none = NULL;
	struct kfrag_buddy *buddy = (struct kfrag_buddy *)&refused;

	ck_assert_int_eq(kfrag_buddy_create(&buddy, refused[_i].nr_pages,
					    refused[_i].max_order),
			 KFRAG_EINVAL);
	ck_assert_ptr_eq(buddy, none);
	buddy = (struct kfrag_buddy *)&refused;
	ck_assert_int_eq(kfrag_buddy_create_checked(&buddy,
						    refused[_i].nr_pages,
						    refused[_i].max_order),
			 KFRAG_EINVAL);
	ck_assert_ptr_eq(buddy, none);
}
END_TEST

/* _i: refused, or too much for lists, or placed nowhere. */
START_TEST(create_placed_refuses)
{
	static const struct {
		uint64_t nr_pages;
		int placement;
	} more[] = {
		{ KFRAG_BUDDY_MAX_LISTED_PAGES + 1, KFRAG_BUDDY_LIFO },
		{ KFRAG_BUDDY_MAX_LISTED_PAGES + 1, KFRAG_BUDDY_FIFO },
		{ 1024, KFRAG_NR_BUDDY_PLACEMENTS },
		{ 1024, -1 },
	};
	struct kfrag_buddy *const none = NULL;
	struct kfrag_buddy *buddy = (struct kfrag_buddy *)&refused;

	for (int p = 0; p < KFRAG_NR_BUDDY_PLACEMENTS; p++) {
		enum kfrag_error error = kfrag_buddy_create_placed(
			&buddy, refused[_i].nr_pages, refused[_i].max_order,
			(enum kfrag_buddy_placement)p);

		ck_assert_int_eq(error, KFRAG_EINVAL);
		ck_assert_ptr_eq(buddy, none);
	}
	for (size_t i = 0; i < NR_OF(more); i++) {
		buddy = (struct kfrag_buddy *)&refused;
		ck_assert_int_eq(
			kfrag_buddy_create_placed(
				&buddy, more[i].nr_pages, 10,
				(enum kfrag_buddy_placement)more[i].placement),
			KFRAG_EINVAL);
		ck_assert_ptr_eq(buddy, none);
	}
}
END_TEST

#if SIZE_MAX == UINT32_MAX
START_TEST(create_without_address_space)
{
	struct kfrag_buddy *buddy = NULL;

	ck_assert_int_eq(kfrag_buddy_create(&buddy, KFRAG_MAX_PAGES, 10),
			 KFRAG_ENOMEM);
	ck_assert_ptr_null(buddy);
	ck_assert_int_eq(kfrag_buddy_create_placed(&buddy,
						   KFRAG_BUDDY_MAX_LISTED_PAGES,
						   10, KFRAG_BUDDY_LIFO),
			 KFRAG_ENOMEM);
	ck_assert_ptr_null(buddy);
}
END_TEST
#endif

START_TEST(placement_names)
{
	static const char *const names[KFRAG_NR_BUDDY_PLACEMENTS] = {
		[KFRAG_BUDDY_ADDRESS] = "address",
		[KFRAG_BUDDY_LIFO] = "lifo",
		[KFRAG_BUDDY_FIFO] = "fifo",
	};
	static const char *const wrong[] = { "",    "LIFO",	 "lifo ",
					     "lif", "addresses", "stack" };
	enum kfrag_buddy_placement found;

	for (int p = 0; p < KFRAG_NR_BUDDY_PLACEMENTS; p++) {
		enum kfrag_buddy_placement placement =
			(enum kfrag_buddy_placement)p;

		ck_assert_str_eq(kfrag_buddy_placement_text(placement),
				 names[p]);
		found = KFRAG_NR_BUDDY_PLACEMENTS;
		ck_assert(kfrag_buddy_placement_find(names[p], &found));
		ck_assert_int_eq((int)found, p);
	}
	found = KFRAG_BUDDY_FIFO;
	for (size_t i = 0; i < NR_OF(wrong); i++)
		ck_assert(!kfrag_buddy_placement_find(wrong[i], &found));
	ck_assert_int_eq((int)found, KFRAG_BUDDY_FIFO);
}
END_TEST

START_TEST(destroy_of_null)
{
	kfrag_buddy_destroy(NULL);
}
END_TEST

static const uint64_t fresh_sizes[] = { 1,   2,	  3,   4,   5,	  63,	64,
					65,  127, 128, 129, 255,  256,	257,
					300, 511, 512, 513, 1000, 1023, 1024 };

/* Plain, checked, LIFO, FIFO. */
static struct kfrag_buddy *make_kind(int kind, uint64_t nr_pages,
				     unsigned max_order)
{
	if (kind < 2)
		return twin_make_buddy(nr_pages, max_order, kind);
	return twin_make_placed(nr_pages, max_order,
				kind == 2 ? KFRAG_BUDDY_LIFO :
					    KFRAG_BUDDY_FIFO);
}

#define NR_KINDS 4

START_TEST(fresh)
{
	uint64_t nr_pages = fresh_sizes[_i];

	for (unsigned max_order = 0; max_order <= 12; max_order++) {
		for (int kind = 0; kind < NR_KINDS; kind++) {
			struct kfrag_buddy *buddy =
				make_kind(kind, nr_pages, max_order);
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

/* Nothing fits an order that the memory has no whole block of. */
START_TEST(order_larger_than_memory)
{
	struct kfrag_buddy *buddy = make_kind(_i, 1000, KFRAG_MAX_ORDER);
	uint64_t pfn = 7;

	ck_assert(!kfrag_buddy_alloc(buddy, 10, &pfn));
	ck_assert_uint_eq(pfn, 0);
	ck_assert(!kfrag_buddy_alloc(buddy, KFRAG_MAX_ORDER, &pfn));
	ck_assert(!kfrag_buddy_alloc(buddy, KFRAG_MAX_ORDER + 1, &pfn));
	ck_assert(!kfrag_buddy_alloc(buddy, UINT_MAX, &pfn));
	ck_assert(kfrag_buddy_alloc(buddy, 9, &pfn));
	ck_assert_uint_eq(pfn, 0);
	ck_assert_uint_eq(kfrag_buddy_stats(buddy).nr_refusals, 4);
	twin_check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(run_of_none)
{
	struct kfrag_buddy *buddy = make_kind(_i, 16, 4);
	uint64_t pfn = 7;

	ck_assert_uint_eq(kfrag_buddy_alloc_run(buddy, 0, 0, &pfn), 0);
	ck_assert_uint_eq(pfn, 0);
	ck_assert_uint_eq(kfrag_buddy_stats(buddy).nr_refusals, 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 16);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* ------------------------------------------------------------ bits a page */

static const struct {
	uint64_t nr_pages;
	unsigned max_order;
	uint64_t bytes; /* worked out apart */
	uint64_t order_0_bits;
} costs[] = {
	{ 1, 0, 16, 128 },
	{ 1, 30, 296, 128 },
	{ 64, 0, 24, 192 },
	{ 65, 0, 24, 192 },
	{ 4096, 11, 728, 4352 },
	{ 1000000, 10, 139168, 1016064 },
	{ UINT64_C(1) << 20, 10, 146000, 1065472 }, /* 1.1139 bits a page */
	{ UINT64_C(1) << 20, 20, 146168, 1065472 },
	{ KFRAG_MAX_PAGES, 10, UINT64_C(152846296952),
	  UINT64_C(1116964193728) },
};

START_TEST(bitmap_bytes)
{
	uint64_t nr_pages = costs[_i].nr_pages, bits = 0;
	unsigned max_order = costs[_i].max_order;
	struct kfrag_buddy *buddy;

	ck_assert_uint_eq(kfrag_buddy_bitmap_bytes_for(nr_pages, max_order),
			  costs[_i].bytes);
	ck_assert_uint_eq(kfrag_buddy_bitmap_bits_for(nr_pages, 0),
			  costs[_i].order_0_bits);
	for (unsigned order = 0; order <= max_order; order++)
		bits += kfrag_buddy_bitmap_bits_for(nr_pages, order);
	ck_assert_uint_eq(bits, costs[_i].bytes * 8);
	if (nr_pages > UINT64_C(1) << 20)
		return;

	buddy = twin_make_buddy(nr_pages, max_order, false);
	ck_assert_uint_eq(kfrag_buddy_bitmap_bytes(buddy), costs[_i].bytes);
	for (unsigned order = 0; order <= max_order; order++)
		ck_assert_uint_eq(kfrag_buddy_bitmap_bits(buddy, order),
				  kfrag_buddy_bitmap_bits_for(nr_pages, order));
	ck_assert_uint_eq(kfrag_buddy_bitmap_bits(buddy, max_order + 1), 0);
	ck_assert_uint_eq(kfrag_buddy_bookkeeping_bytes(buddy),
			  KFRAG_BUDDY_BYTES +
				  (max_order + 1) * KFRAG_BUDDY_AREA_BYTES);
	kfrag_buddy_destroy(buddy);

	buddy = twin_make_buddy(nr_pages, max_order, true);
	ck_assert_uint_eq(kfrag_buddy_bitmap_bytes(buddy),
			  costs[_i].bytes + (nr_pages + 63) / 64 * 8);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* _i: LIFO, FIFO. */
START_TEST(bytes_of_lists)
{
	struct kfrag_buddy *buddy = make_kind(2 + _i, 1000000, 10);

	ck_assert_uint_eq(kfrag_buddy_bitmap_bytes(buddy), 0);
	for (unsigned order = 0; order <= 11; order++)
		ck_assert_uint_eq(kfrag_buddy_bitmap_bits(buddy, order), 0);
	/* Two links of 32 bits and a byte a page; a head for each order. */
	ck_assert_uint_eq(kfrag_buddy_bookkeeping_bytes(buddy),
			  KFRAG_BUDDY_BYTES + 9 * 1000000 + 8 * 11);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* --------------------------------------------------------------- placement */

static void expect_alloc(struct kfrag_buddy *buddy, unsigned order,
			 uint64_t expected)
{
	uint64_t pfn;

	EXPECT(kfrag_buddy_alloc(buddy, order, &pfn));
	EXPECT_EQ(pfn, expected);
	twin_check_itself(buddy);
}

/* Blocks that were never taken are older than those that came back. */
START_TEST(fresh_blocks_are_the_oldest)
{
	static const uint64_t then[KFRAG_NR_BUDDY_PLACEMENTS][6] = {
		[KFRAG_BUDDY_ADDRESS] = { 0, 4, 8, 12, 16, 20 },
		[KFRAG_BUDDY_LIFO] = { 8, 0, 4, 12, 16, 20 },
		[KFRAG_BUDDY_FIFO] = { 12, 16, 20, 4, 0, 8 },
	};
	struct kfrag_buddy *buddy =
		twin_make_placed(24, 2, (enum kfrag_buddy_placement)_i);

	for (uint64_t i = 0; i < 3; i++)
		expect_alloc(buddy, 2, 4 * i);
	kfrag_buddy_free(buddy, 2, 4);
	kfrag_buddy_free(buddy, 2, 0);
	kfrag_buddy_free(buddy, 2, 8);
	for (size_t i = 0; i < 6; i++)
		expect_alloc(buddy, 2, then[_i][i]);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* A merged block is as young as the merge, wherever its halves stood. */
START_TEST(merged_blocks_are_young)
{
	static const uint64_t then[KFRAG_NR_BUDDY_PLACEMENTS][3] = {
		[KFRAG_BUDDY_ADDRESS] = { 0, 4, 8 },
		[KFRAG_BUDDY_LIFO] = { 0, 8, 4 },
		[KFRAG_BUDDY_FIFO] = { 4, 8, 0 },
	};
	struct kfrag_buddy *buddy =
		twin_make_placed(16, 4, (enum kfrag_buddy_placement)_i);

	for (uint64_t pfn = 0; pfn < 16; pfn++)
		expect_alloc(buddy, 0, pfn);
	kfrag_buddy_free(buddy, 0, 1);
	for (uint64_t pfn = 4; pfn < 6; pfn++)
		kfrag_buddy_free(buddy, 0, pfn);
	for (uint64_t pfn = 8; pfn < 10; pfn++)
		kfrag_buddy_free(buddy, 0, pfn);
	kfrag_buddy_free(buddy, 0, 0);
	for (size_t i = 0; i < 3; i++)
		expect_alloc(buddy, 1, then[_i][i]);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* --------------------------------------------------- steps of both, alike */

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
		buddies[b] = make_kind(i % 3 == 0 ? b : 1 + i % 3, nr_pages,
				       max_order);
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

START_TEST(page_source)
{
	struct kfrag_buddy *buddy = make_kind(_i, 64, 6);
	struct kfrag_page_source source = kfrag_buddy_page_source(buddy);
	uint64_t pfn = 7;

	ck_assert_uint_eq(source.take(source.context, 3, 5, &pfn), 5);
	ck_assert_uint_eq(pfn, 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 24);
	ck_assert_uint_eq(source.take(source.context, 5, 1, &pfn), 0);
	ck_assert_uint_eq(pfn, 0);
	for (uint64_t i = 0; i < 5; i++)
		source.give(source.context, 3, i * 8);
	twin_check_like_fresh(buddy, buddy->starts != NULL);
	kfrag_buddy_destroy(buddy);
}
END_TEST

Suite *buddy_suite(void)
{
	Suite *suite = suite_create("buddy");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_loop_test(core, create_refuses, 0, (int)NR_OF(refused));
#if SIZE_MAX == UINT32_MAX
	tcase_add_test(core, create_without_address_space);
#endif
	tcase_add_test(core, destroy_of_null);
	tcase_add_loop_test(core, create_placed_refuses, 0,
			    (int)NR_OF(refused));
	tcase_add_test(core, placement_names);
	tcase_add_loop_test(core, order_larger_than_memory, 0, NR_KINDS);
	tcase_add_loop_test(core, run_of_none, 0, NR_KINDS);
	tcase_add_loop_test(core, bytes_of_lists, 0, 2);
	tcase_add_loop_test(core, fresh_blocks_are_the_oldest, 0,
			    KFRAG_NR_BUDDY_PLACEMENTS);
	tcase_add_loop_test(core, merged_blocks_are_young, 0,
			    KFRAG_NR_BUDDY_PLACEMENTS);
	tcase_add_loop_test(core, bitmap_bytes, 0, (int)NR_OF(costs));
	tcase_add_loop_test(core, page_source, 0, NR_KINDS);
	suite_add_tcase(suite, core);

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
