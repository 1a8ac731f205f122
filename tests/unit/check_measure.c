// SPDX-License-Identifier: MIT
#include <check.h>
#include <stdbool.h>
#include <stdint.h>

#include "expect.h"
#include "kfrag/measure.h"
#include "kfrag/random.h"

Suite *measure_suite(void);

#define KERNEL_ORDERS 11
#define MAX_ORDERS 31
/* A block of the order is free: the kernel prints -1.000. */
#define NO_INDEX (-1000)
#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Free-block counts of orders 0..10 and what Linux prints for them in
 * unusable_index and extfrag_index.
 */
static const struct {
	uint64_t nr_free[KERNEL_ORDERS];
	unsigned unusable[KERNEL_ORDERS];
	int fragmentation[KERNEL_ORDERS];
	uint64_t free_pages, free_blocks, largest_pages;
} kernel_rows[] = {
	{
		{ 1, 1, 1, 0, 2, 1, 1, 0, 1, 1, 3 },
		{ 0, 0, 0, 1, 1, 9, 17, 33, 33, 98, 227 },
		{ NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX,
		  NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX },
		3975,
		12,
		1024,
	},
	{
		{ 100, 50, 25 },
		{ 0, 333, 666, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000 },
		{ NO_INDEX, NO_INDEX, NO_INDEX, 780, 888, 941, 968, 981, 988,
		  991, 993 },
		300,
		175,
		4,
	},
	{
		{ 512 },
		{ 0, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000,
		  1000 },
		{ NO_INDEX, 499, 749, 874, 936, 967, 983, 991, 995, 997, 998 },
		512,
		512,
		1,
	},
	/* One block and a request twice its size: below zero. */
	{
		{ 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0 },
		{ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000 },
		{ NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX,
		  NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX, -500 },
		512,
		1,
		512,
	},
	/* Nothing is free: all unusable, but not for being cut up. */
	{
		{ 0 },
		{ 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000,
		  1000 },
		{ 0 },
		0,
		0,
		0,
	},
	/*
	 * 256 KiB, 16 and 128 KiB taken: 112 KiB are free in blocks of 16,
	 * 32 and 64, and 128 KiB (order 5) cannot be had. Order 5: F = 28,
	 * T = 3, 1000 - (1000 + 28000 / 32) / 3 = 375.
	 */
	{
		{ 0, 0, 1, 1, 1 },
		{ 0, 0, 0, 142, 428, 1000, 1000, 1000, 1000, 1000, 1000 },
		{ NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX, 375, 521,
		  594, 631, 649, 658 },
		28,
		3,
		16,
	},
};

START_TEST(kernel_row)
{
	const uint64_t *nr_free = kernel_rows[_i].nr_free;

	ck_assert_uint_eq(kfrag_measure_free_pages(nr_free, KERNEL_ORDERS),
			  kernel_rows[_i].free_pages);
	ck_assert_uint_eq(kfrag_measure_free_blocks(nr_free, KERNEL_ORDERS),
			  kernel_rows[_i].free_blocks);
	ck_assert_uint_eq(kfrag_measure_largest_pages(nr_free, KERNEL_ORDERS),
			  kernel_rows[_i].largest_pages);
	for (unsigned order = 0; order < KERNEL_ORDERS; order++) {
		int expected = kernel_rows[_i].fragmentation[order];
		int permille = 12345;
		bool known = kfrag_measure_fragmentation_permille(
			nr_free, KERNEL_ORDERS, order, &permille);

		ck_assert_msg(known == (expected != NO_INDEX),
			      "order %u: index known: %d", order, known);
		ck_assert_msg(permille == (known ? expected : 0),
			      "order %u: fragmentation %d, not %d", order,
			      permille, expected);
		ck_assert_uint_eq(kfrag_measure_unusable_permille(
					  nr_free, KERNEL_ORDERS, order),
				  kernel_rows[_i].unusable[order]);
	}
}
END_TEST

static const struct {
	uint64_t free_bytes, largest_bytes;
	unsigned permille;
} external_rows[] = {
	{ 0, 0, 0 },
	{ 4096, 4096, 0 },
	{ 8192, 4096, 500 },
	{ 12288, 8192, 333 },
	{ 12288, 4096, 666 },
	{ 112 * 1024, 64 * 1024, 428 },
	{ UINT64_C(1) << 62, 4096, 999 },
	/* 1000 * (free - largest) needs more than 64 bits. */
	{ UINT64_C(1) << 62, UINT64_C(1) << 61, 500 },
	{ UINT64_MAX, 1, 999 },
	{ UINT64_MAX, UINT64_MAX, 0 },
	/* 3 of 1000 exactly, and just below. */
	{ 4096000, 4083712, 3 },
	{ 4096000, 4083713, 2 },
};

START_TEST(external_row)
{
	ck_assert_uint_eq(kfrag_measure_external_permille(
				  external_rows[_i].free_bytes,
				  external_rows[_i].largest_bytes),
			  external_rows[_i].permille);
}
END_TEST

/* What a property met; every count must be above 0 in the end. */
struct met {
	unsigned nr_empty, nr_succeeding, nr_negative, nr_over_500;
};

/*
 * Counts in the middle of what is allowed: the sum of nr_free[o] << o stays
 * below 2^53 pages.
 */
static void random_counts(struct kfrag_random *random, uint64_t *nr_free,
			  unsigned nr_orders)
{
	unsigned density = (unsigned)kfrag_random_below(random, 4);
	unsigned top = (unsigned)kfrag_random_below(random, nr_orders);
	unsigned nr_bits = 1 + (unsigned)kfrag_random_below(random, 48);

	for (unsigned order = 0; order < nr_orders; order++) {
		unsigned bits = nr_bits > order ? nr_bits - order : 1;

		nr_free[order] = 0;
		if (order <= top && kfrag_random_below(random, 4) < density)
			nr_free[order] =
				kfrag_random_below(random, UINT64_C(1) << bits);
	}
}

/*
 * floor(a / b) == q, without dividing; the products must fit 64 bits.
 */
static bool is_quotient(uint64_t a, uint64_t b, uint64_t q)
{
	return q * b <= a && a - q * b < b;
}

static void compare_unusable(const uint64_t *nr_free, unsigned nr_orders,
			     unsigned order, uint64_t pages)
{
	unsigned permille =
		kfrag_measure_unusable_permille(nr_free, nr_orders, order);
	uint64_t too_small = 0, block = 1;

	for (unsigned o = 0; o < order && o < nr_orders; o++, block *= 2)
		too_small += nr_free[o] * block;
	if (pages == 0)
		EXPECT_EQ(permille, 1000);
	else
		EXPECT(is_quotient(1000 * too_small, pages, permille));
}

static void compare_fragmentation(const uint64_t *nr_free, unsigned nr_orders,
				  unsigned order, uint64_t pages,
				  struct met *met)
{
	uint64_t blocks = 0, suiting = 0, needed;
	bool known;
	int permille;

	for (unsigned o = 0; o < nr_orders; o++) {
		blocks += nr_free[o];
		if (o >= order)
			suiting += nr_free[o];
	}
	known = kfrag_measure_fragmentation_permille(nr_free, nr_orders, order,
						     &permille);
	EXPECT(known == (suiting == 0));
	if (suiting > 0 || blocks == 0) {
		EXPECT(permille == 0);
		met->nr_succeeding += suiting > 0;
		return;
	}
	EXPECT(permille >= -500 && permille <= 1000);
	/* Requests that all free pages would make, per mille, rounded down. */
	needed = pages * 1000;
	for (unsigned o = 0; o < order; o++)
		needed /= 2;
	EXPECT(is_quotient(1000 + needed, blocks, (uint64_t)(1000 - permille)));
	met->nr_negative += permille < 0;
	met->nr_over_500 += permille > 500;
}

START_TEST(indexes_agree_with_a_slow_model)
{
	struct kfrag_random random;
	struct met met = { 0 };

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned round = 0; round < 2000; round++) {
		unsigned nr_orders =
			1 + (unsigned)kfrag_random_below(&random, MAX_ORDERS);
		uint64_t nr_free[MAX_ORDERS];
		uint64_t pages = 0, largest = 0, block = 1;

		random_counts(&random, nr_free, nr_orders);
		for (unsigned o = 0; o < nr_orders; o++, block *= 2) {
			pages += nr_free[o] * block;
			if (nr_free[o] > 0)
				largest = block;
		}
		EXPECT(pages < UINT64_C(1) << 53);
		EXPECT_EQ(kfrag_measure_free_pages(nr_free, nr_orders), pages);
		EXPECT_EQ(kfrag_measure_largest_pages(nr_free, nr_orders),
			  largest);
		met.nr_empty += pages == 0;
		/* One order beyond what can be free at all. */
		for (unsigned order = 0; order <= nr_orders; order++) {
			compare_unusable(nr_free, nr_orders, order, pages);
			compare_fragmentation(nr_free, nr_orders, order, pages,
					      &met);
		}
	}
	EXPECT(met.nr_empty > 0);
	EXPECT(met.nr_succeeding > 0);
	EXPECT(met.nr_negative > 0);
	EXPECT(met.nr_over_500 > 0);
}
END_TEST

/* More orders than are in use never change a figure. */
START_TEST(zero_orders_behind_change_nothing)
{
	uint64_t nr_free[MAX_ORDERS] = { 7, 0, 3, 1 };

	for (unsigned order = 0; order < MAX_ORDERS; order++) {
		int few, many;

		ck_assert_uint_eq(
			kfrag_measure_unusable_permille(nr_free, 4, order),
			kfrag_measure_unusable_permille(nr_free, MAX_ORDERS,
							order));
		ck_assert(kfrag_measure_fragmentation_permille(nr_free, 4,
							       order, &few) ==
			  kfrag_measure_fragmentation_permille(
				  nr_free, MAX_ORDERS, order, &many));
		ck_assert_int_eq(few, many);
	}
}
END_TEST

/*
 * Bits per page with orders 0..10: textbook 2047/1024, pairs 2047/2048, an
 * order byte 8, struct page 512.
 */
START_TEST(designs_per_page)
{
	static const uint64_t nr_pages[] = { 2048, 65536, 6291456,
					     UINT64_C(1) << 40 };
	struct kfrag_measure_designs designs;

	for (unsigned i = 0; i < NR_OF(nr_pages); i++) {
		designs = kfrag_measure_designs(nr_pages[i], 10);
		ck_assert_uint_eq(designs.textbook_bits,
				  nr_pages[i] / 1024 * 2047);
		ck_assert_uint_eq(designs.pair_bits, nr_pages[i] / 2048 * 2047);
		ck_assert_uint_eq(designs.order_byte_bits, nr_pages[i] * 8);
		ck_assert_uint_eq(designs.struct_page_bits, nr_pages[i] * 512);
	}
	/* 24 GiB in pages of 4 KiB take 1,572,096 bytes of textbook bitmap. */
	designs = kfrag_measure_designs(6291456, 10);
	ck_assert_uint_eq(designs.textbook_bits / 8, 1572096);
}
END_TEST

/* Whole blocks, and pairs with at least one whole block, one by one. */
START_TEST(designs_of_any_number_of_pages)
{
	unsigned nr_odd_blocks = 0;

	for (uint64_t nr_pages = 1; nr_pages < 150; nr_pages++) {
		uint64_t textbook_bits = 0, pair_bits = 0;
		struct kfrag_measure_designs designs;

		for (unsigned order = 0; order <= 8; order++) {
			uint64_t block = UINT64_C(1) << order, nr_blocks = 0;

			for (uint64_t pfn = 0; pfn + block <= nr_pages;
			     pfn += block) {
				nr_blocks++;
				if (pfn % (2 * block) == 0)
					pair_bits++;
			}
			textbook_bits += nr_blocks;
			nr_odd_blocks += nr_blocks % 2 != 0;
		}
		designs = kfrag_measure_designs(nr_pages, 8);
		ck_assert_uint_eq(designs.textbook_bits, textbook_bits);
		ck_assert_uint_eq(designs.pair_bits, pair_bits);
	}
	ck_assert_uint_gt(nr_odd_blocks, 0);
}
END_TEST

Suite *measure_suite(void)
{
	Suite *suite = suite_create("measure");
	TCase *core = tcase_create("core");
	TCase *property = tcase_create("property");

	tcase_add_loop_test(core, kernel_row, 0, NR_OF(kernel_rows));
	tcase_add_loop_test(core, external_row, 0, NR_OF(external_rows));
	tcase_add_test(core, zero_orders_behind_change_nothing);
	tcase_add_test(core, designs_per_page);
	tcase_add_test(core, designs_of_any_number_of_pages);
	suite_add_tcase(suite, core);

	tcase_set_timeout(property, 60);
	tcase_add_loop_test(property, indexes_agree_with_a_slow_model, 0, 4);
	suite_add_tcase(suite, property);
	return suite;
}
