// SPDX-License-Identifier: MIT
/* Frees that the buddy allocator must refuse, or abort at. */
#include <limits.h>
#include <signal.h>

#include "alloc/buddy_impl.h"
#include "alloc/buddy_lists.h"
#include "expect.h"
#include "model.h"
#include "twin_buddy.h"

Suite *buddy_free_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* All that an error must leave as it was. */
struct image {
	size_t head_bytes;
	const void *memory;
	size_t memory_bytes;
	unsigned char *bytes;
};

static struct image take_image(const struct kfrag_buddy *buddy)
{
	size_t nr_areas = buddy->max_order + 1;
	struct image image = {
		.memory = buddy->words,
		.memory_bytes = (size_t)buddy->nr_words * sizeof(uint64_t),
	};

	if (kfrag_buddy_has_lists(buddy)) {
		nr_areas = 0;
		image.memory = buddy->lists.links;
		image.memory_bytes = (size_t)kfrag_buddy_lists_bytes(
			buddy->nr_pages, buddy->max_order);
	}
	image.head_bytes = sizeof(*buddy) + nr_areas * sizeof(buddy->areas[0]);
	image.bytes = model_zeros(image.head_bytes + image.memory_bytes, 1);
	memcpy(image.bytes, buddy, image.head_bytes);
	memcpy(image.bytes + image.head_bytes, image.memory,
	       image.memory_bytes);
	return image;
}

static void check_image(const struct image *image,
			const struct kfrag_buddy *buddy)
{
	EXPECT(memcmp(image->bytes, buddy, image->head_bytes) == 0);
	EXPECT(memcmp(image->bytes + image->head_bytes, image->memory,
		      image->memory_bytes) == 0);
}

static const struct {
	uint64_t nr_pages;
	unsigned max_order;
} small_memories[] = {
	{ 1, 0 },  { 1, 3 },  { 2, 1 },	 { 3, 5 },  { 16, 0 }, { 16, 2 },
	{ 23, 3 }, { 32, 5 }, { 40, 4 }, { 47, 6 }, { 64, 6 }, { 77, 3 },
};

/* Every pair of order and page, and some beyond; counts codes given. */
static void try_every_free(struct twin *twin, unsigned counts[KFRAG_NR_ERRORS])
{
	static const uint64_t far[] = { UINT64_C(1) << 32, KFRAG_MAX_PAGES,
					UINT64_C(1) << 63, UINT64_MAX - 63,
					UINT64_MAX };
	uint64_t nr_near = twin->model.nr_pages + 70;
	struct image image = take_image(twin->buddy);

	for (unsigned k = 0; k <= twin->model.max_order + 3; k++) {
		unsigned order = k == twin->model.max_order + 3 ? UINT_MAX : k;

		for (uint64_t i = 0; i < nr_near + NR_OF(far); i++) {
			uint64_t pfn = i < nr_near ? i : far[i - nr_near];
			enum kfrag_error expected =
				twin->checked ?
					model_buddy_judge_checked(&twin->model,
								  order, pfn) :
					model_buddy_judge_plain(&twin->model,
								order, pfn);

			EXPECT_EQ(kfrag_buddy_judge_free(twin->buddy, order,
							 pfn),
				  expected);
			counts[expected]++;
			if (!expected)
				continue;
			EXPECT_EQ(kfrag_buddy_free_checked(twin->buddy, order,
							   pfn),
				  expected);
			check_image(&image, twin->buddy);
		}
	}
	free(image.bytes);
}

/* _i: plain, with start bits, LIFO, FIFO; then the memory. */
START_TEST(every_wrong_free_is_refused)
{
	static const enum kfrag_buddy_placement placements[] = {
		KFRAG_BUDDY_ADDRESS, KFRAG_BUDDY_ADDRESS, KFRAG_BUDDY_LIFO,
		KFRAG_BUDDY_FIFO
	};
	unsigned max_order = small_memories[_i / 4].max_order;
	uint64_t nr_pages = small_memories[_i / 4].nr_pages;
	unsigned counts[KFRAG_NR_ERRORS] = { 0 }, nr_live = 0, order;
	struct twin twin;
	uint64_t pfn;

	twin_init(&twin, (uint64_t)_i, nr_pages, max_order, placements[_i % 4]);
	try_every_free(&twin, counts);
	ck_assert_uint_eq(counts[KFRAG_OK], 0);
	for (int i = 0; i < 60; i++) {
		twin_step(&twin, i % 20 < 14);
		if (i % 5 == 0)
			try_every_free(&twin, counts);
	}
	ck_assert_uint_gt(counts[KFRAG_OK], 0);
	ck_assert_uint_gt(counts[KFRAG_ERANGE], 0);
	ck_assert_uint_gt(counts[KFRAG_EFREE], 0);
	ck_assert_uint_gt(counts[KFRAG_EORDER], 0);
	ck_assert_uint_eq(counts[KFRAG_EALIGN] > 0,
			  max_order > 0 && nr_pages > 2);
	/* And every right one is taken. */
	while (twin_choose_live(&twin, &pfn, &order)) {
		model_buddy_free(&twin.model, order, pfn);
		ck_assert_int_eq(kfrag_buddy_free_checked(twin.buddy, order,
							  pfn),
				 KFRAG_OK);
		ck_assert_int_eq(kfrag_buddy_free_checked(twin.buddy, order,
							  pfn),
				 KFRAG_EFREE);
		nr_live++;
	}
	twin_check_like_fresh(twin.buddy, twin.checked);
	(void)nr_live;
	twin_release(&twin);
}
END_TEST

/* What only start bits and lists can tell. _i: placement. */
START_TEST(wrong_orders_are_told)
{
	struct kfrag_buddy *buddy =
		_i == KFRAG_BUDDY_ADDRESS ?
			twin_make_buddy(64, 6, true) :
			twin_make_placed(64, 6, (enum kfrag_buddy_placement)_i);
	uint64_t pfn;

	/* 0..3 of order 2, 4..7 of order 2, 8..15 of order 3; 16.. free. */
	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	ck_assert_uint_eq(pfn, 4);
	ck_assert(kfrag_buddy_alloc(buddy, 3, &pfn));
	ck_assert_uint_eq(pfn, 8);
	/* Smaller, larger, both halves of one, one of the pages behind. */
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 0, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 1, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 3, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 4, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 5, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 1, 2), KFRAG_EFREE);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 3, 4), KFRAG_EALIGN);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 2, 8), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 2, 12), KFRAG_EFREE);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 2, 16), KFRAG_EFREE);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 7, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 2, 64), KFRAG_ERANGE);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 48);
	twin_check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/*
 * The fast entry asserts. Each row is a free on 32 pages of which 0..3 are
 * allocated; a plain allocator looks no further than the block's own bit.
 */
static const struct {
	unsigned order;
	uint64_t pfn;
	bool plain_too;
} aborting[] = {
	{ 2, 4, true }, /* never allocated */
	{ 0, 4, false },       { 3, 0, false }, /* in part */
	{ 0, 32, true }, /* outside */
	{ 2, 32, true },       { 2, UINT64_MAX - 3, true },
	{ 1, 1, true }, /* misaligned */
	{ 6, 0, true }, /* above max_order */
	{ UINT_MAX, 0, true }, { 1, 0, false }, /* smaller */
	{ 0, 3, false }, /* inside */
};

static struct kfrag_buddy *four_pages_taken(bool checked)
{
	struct kfrag_buddy *buddy = twin_make_buddy(32, 5, checked);
	uint64_t pfn;

	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	ck_assert_uint_eq(pfn, 0);
	return buddy;
}

static struct kfrag_buddy *four_pages_placed(bool fifo)
{
	struct kfrag_buddy *buddy = twin_make_placed(
		32, 5, fifo ? KFRAG_BUDDY_FIFO : KFRAG_BUDDY_LIFO);
	uint64_t pfn;

	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	ck_assert_uint_eq(pfn, 0);
	return buddy;
}

START_TEST(wrong_free_aborts)
{
	kfrag_buddy_free(four_pages_taken(true), aborting[_i].order,
			 aborting[_i].pfn);
}
END_TEST

START_TEST(wrong_free_aborts_plain)
{
	if (!aborting[_i].plain_too)
		abort();
	kfrag_buddy_free(four_pages_taken(false), aborting[_i].order,
			 aborting[_i].pfn);
}
END_TEST

/* _i: LIFO, FIFO; then the row. */
START_TEST(wrong_free_aborts_lists)
{
	kfrag_buddy_free(four_pages_placed(_i % 2), aborting[_i / 2].order,
			 aborting[_i / 2].pfn);
}
END_TEST

START_TEST(wrong_mask_aborts_lists)
{
	kfrag_buddy_free_mask(four_pages_placed(_i % 2), aborting[_i / 2].order,
			      aborting[_i / 2].pfn, 1);
}
END_TEST

START_TEST(wrong_mask_aborts)
{
	kfrag_buddy_free_mask(four_pages_taken(true), aborting[_i].order,
			      aborting[_i].pfn, 1);
}
END_TEST

START_TEST(wrong_mask_aborts_plain)
{
	if (!aborting[_i].plain_too)
		abort();
	kfrag_buddy_free_mask(four_pages_taken(false), aborting[_i].order,
			      aborting[_i].pfn, 1);
}
END_TEST

/* _i: without start bits, with them. */
START_TEST(mask_with_a_free_block_aborts)
{
	kfrag_buddy_free_mask(four_pages_taken(_i), 2, 0, 3);
}
END_TEST

/* _i: without start bits, with them; then with larger blocks. */
START_TEST(mask_behind_the_memory_aborts)
{
	unsigned order = (unsigned)_i / 2;
	struct kfrag_buddy *buddy =
		twin_make_buddy(32 + (UINT64_C(1) << order), 5, _i % 2);
	uint64_t pfn;

	ck_assert(kfrag_buddy_alloc(buddy, order, &pfn));
	ck_assert_uint_eq(pfn, 32);
	kfrag_buddy_free_mask(buddy, order, 32, 3);
}
END_TEST

START_TEST(double_free_aborts)
{
	struct kfrag_buddy *buddy = four_pages_taken(_i);
	uint64_t pfn;

	/* The next block keeps it from merging. */
	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	kfrag_buddy_free(buddy, 2, 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 28);
	kfrag_buddy_free(buddy, 2, 0);
}
END_TEST

START_TEST(double_free_of_merged_aborts)
{
	struct kfrag_buddy *buddy = four_pages_taken(true);

	kfrag_buddy_free(buddy, 2, 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 32);
	kfrag_buddy_free(buddy, 2, 0);
}
END_TEST

static void add_abort_tests(TCase *core)
{
	int nr_rows = (int)NR_OF(aborting);

	if (!expect_can_abort())
		return;
	tcase_add_loop_test_raise_signal(core, wrong_free_aborts, SIGABRT, 0,
					 nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_free_aborts_plain, SIGABRT,
					 0, nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_free_aborts_lists, SIGABRT,
					 0, 2 * nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_mask_aborts, SIGABRT, 0,
					 nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_mask_aborts_lists, SIGABRT,
					 0, 2 * nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_mask_aborts_plain, SIGABRT,
					 0, nr_rows);
	tcase_add_loop_test_raise_signal(core, mask_with_a_free_block_aborts,
					 SIGABRT, 0, 2);
	tcase_add_loop_test_raise_signal(core, mask_behind_the_memory_aborts,
					 SIGABRT, 0, 6);
	tcase_add_loop_test_raise_signal(core, double_free_aborts, SIGABRT, 0,
					 2);
	tcase_add_test_raise_signal(core, double_free_of_merged_aborts,
				    SIGABRT);
}

Suite *buddy_free_suite(void)
{
	Suite *suite = suite_create("buddy_free");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_loop_test(core, wrong_orders_are_told, 0,
			    KFRAG_NR_BUDDY_PLACEMENTS);
	add_abort_tests(core);
	suite_add_tcase(suite, core);
	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, every_wrong_free_is_refused, 0,
			    4 * (int)NR_OF(small_memories));
	suite_add_tcase(suite, properties);
	return suite;
}
