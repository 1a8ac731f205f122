// SPDX-License-Identifier: MIT
/* Which of several free blocks goes first. */
#include "expect.h"
#include "kfrag/buddy.h"
#include "twin_buddy.h"

Suite *buddy_placement_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

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

Suite *buddy_placement_suite(void)
{
	Suite *suite = suite_create("buddy_placement");
	TCase *core = tcase_create("core");

	tcase_add_test(core, placement_names);
	tcase_add_loop_test(core, fresh_blocks_are_the_oldest, 0,
			    KFRAG_NR_BUDDY_PLACEMENTS);
	tcase_add_loop_test(core, merged_blocks_are_young, 0,
			    KFRAG_NR_BUDDY_PLACEMENTS);
	suite_add_tcase(suite, core);
	return suite;
}
