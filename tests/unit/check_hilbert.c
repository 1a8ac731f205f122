// SPDX-License-Identifier: MIT
#include "output/hilbert.h"

#include <string.h>

#include "expect.h"

Suite *hilbert_suite(void);

#define MAX_ORDER 8

/* Every cell once, each a neighbour of the one before, from end to end. */
START_TEST(visits_each_cell_once)
{
	static uint8_t visited[1 << MAX_ORDER][1 << MAX_ORDER];
	unsigned order = (unsigned)_i;
	uint32_t side = UINT32_C(1) << order;
	struct kfrag_cell before = { 0, 0 };

	memset(visited, 0, sizeof(visited));
	for (uint32_t place = 0; place < side * side; place++) {
		struct kfrag_cell cell = kfrag_hilbert_cell(order, place);
		int columns = (int)cell.column - (int)before.column;
		int rows = (int)cell.row - (int)before.row;

		EXPECT(cell.column < side && cell.row < side);
		EXPECT(!visited[cell.row][cell.column]++);
		EXPECT_EQ(columns * columns + rows * rows, place > 0);
		EXPECT_EQ(kfrag_hilbert_place(order, cell), place);
		before = cell;
	}
	ck_assert_uint_eq(before.column, side - 1);
	ck_assert_uint_eq(before.row, 0);
	ck_assert_uint_eq(kfrag_hilbert_cell(order, 0).column, 0);
	ck_assert_uint_eq(kfrag_hilbert_cell(order, 0).row, 0);
}
END_TEST

/* As in the figure of 1891, turned: down, right, up. */
START_TEST(first_two_orders)
{
	static const uint32_t places[4][4] = {
		{ 0, 1, 14, 15 },
		{ 3, 2, 13, 12 },
		{ 4, 7, 8, 11 },
		{ 5, 6, 9, 10 },
	};

	for (uint32_t row = 0; row < 4; row++)
		for (uint32_t column = 0; column < 4; column++)
			ck_assert_uint_eq(
				kfrag_hilbert_place(
					2, (struct kfrag_cell){ column, row }),
				places[row][column]);
	ck_assert_uint_eq(kfrag_hilbert_place(1, (struct kfrag_cell){ 0, 1 }),
			  1);
	ck_assert_uint_eq(kfrag_hilbert_place(1, (struct kfrag_cell){ 1, 1 }),
			  2);
}
END_TEST

/* The largest square's ends, which no loop reaches. */
START_TEST(largest_order)
{
	uint32_t last = (UINT32_C(1) << 2 * KFRAG_HILBERT_MAX_ORDER) - 1;
	struct kfrag_cell cell =
		kfrag_hilbert_cell(KFRAG_HILBERT_MAX_ORDER, last);

	ck_assert_uint_eq(cell.row, 0);
	ck_assert_uint_eq(cell.column,
			  (UINT32_C(1) << KFRAG_HILBERT_MAX_ORDER) - 1);
	ck_assert_uint_eq(kfrag_hilbert_place(KFRAG_HILBERT_MAX_ORDER, cell),
			  last);
}
END_TEST

Suite *hilbert_suite(void)
{
	Suite *suite = suite_create("hilbert");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, visits_each_cell_once, 0, MAX_ORDER + 1);
	tcase_add_test(core, first_two_orders);
	tcase_add_test(core, largest_order);
	suite_add_tcase(suite, core);
	return suite;
}
