// SPDX-License-Identifier: MIT
/* Where a series turns (src/replay/turns.c). */
#include "replay/turns.h"

#include "expect.h"
#include "kfrag/random.h"

Suite *turns_suite(void);

#define MAX_VALUES 24

static size_t parse(const char *digits, uint64_t *values)
{
	size_t nr = strlen(digits);

	ck_assert_uint_le(nr, MAX_VALUES);
	for (size_t i = 0; i < nr; i++)
		values[i] = (uint64_t)(digits[i] - '0');
	return nr;
}

/* Series of digits. */
static const struct {
	const char *digits;
	uint64_t swing;
	size_t nr_turns, first, last, nr_lows;
	bool lows_climb;
} cases[] = {
	{ "", 1, 0, 0, 0, 0, false },
	{ "5", 1, 0, 0, 0, 0, false },
	{ "5555", 1, 0, 0, 0, 0, false },
	{ "1234", 2, 0, 0, 0, 1, true },
	{ "4321", 2, 0, 0, 0, 0, false },
	{ "1239", 9, 0, 0, 0, 0, false },
	{ "159951", 4, 1, 2, 2, 1, true },
	{ "159951", 9, 0, 0, 0, 0, false },
	{ "915", 4, 1, 1, 1, 1, true },
	{ "9159", 4, 1, 1, 1, 1, true },
	/* Small steps against the way are none. */
	{ "1324354657687", 3, 0, 0, 0, 1, true },
	{ "191919", 8, 4, 1, 4, 3, false },
	{ "091929", 7, 4, 1, 4, 3, true },
	{ "291909", 7, 4, 1, 4, 3, false },
	{ "5091", 4, 2, 1, 2, 1, true },
};

START_TEST(turns_of_known_series)
{
	uint64_t values[MAX_VALUES];
	size_t nr = parse(cases[_i].digits, values);
	struct kfrag_turns turns =
		kfrag_turns_find(values, nr, cases[_i].swing);

	ck_assert_uint_eq(turns.nr_turns, cases[_i].nr_turns);
	ck_assert_uint_eq(turns.first, cases[_i].first);
	ck_assert_uint_eq(turns.last, cases[_i].last);
	ck_assert_uint_eq(turns.nr_lows, cases[_i].nr_lows);
	ck_assert_int_eq(turns.lows_climb, cases[_i].lows_climb);
}
END_TEST

/*
 * Upside down, a series turns as often; and no more turns than its ways up
 * and down together can hold.
 */
START_TEST(laws_of_turns)
{
	struct kfrag_random random;
	unsigned nr_met = 0;

	kfrag_random_init(&random, 3);
	for (unsigned i = 0; i < 20000; i++) {
		uint64_t values[MAX_VALUES], mirror[MAX_VALUES];
		size_t nr = (size_t)kfrag_random_below(&random, MAX_VALUES + 1);
		uint64_t swing = 1 + kfrag_random_below(&random, 50);
		uint64_t way = 0;
		struct kfrag_turns a, b;

		for (size_t j = 0; j < nr; j++) {
			values[j] = kfrag_random_below(&random, 100);
			mirror[j] = 99 - values[j];
			if (j > 0)
				way += values[j] > values[j - 1] ?
					       values[j] - values[j - 1] :
					       values[j - 1] - values[j];
		}
		a = kfrag_turns_find(values, nr, swing);
		b = kfrag_turns_find(mirror, nr, swing);
		EXPECT_EQ(a.nr_turns, b.nr_turns);
		EXPECT_EQ(a.first, b.first);
		EXPECT_EQ(a.last, b.last);
		EXPECT(a.nr_turns == 0 || (a.nr_turns + 1) * swing <= way);
		nr_met += a.nr_turns > 3;
	}
	ck_assert_uint_gt(nr_met, 1000);
}
END_TEST

START_TEST(smooth_or_not)
{
	uint64_t values[500];
	struct kfrag_random random;

	kfrag_random_init(&random, 5);
	ck_assert(!kfrag_turns_is_smooth(values, 0));
	for (size_t i = 0; i < 500; i++)
		values[i] = 7;
	ck_assert(!kfrag_turns_is_smooth(values, 500));
	for (size_t i = 0; i < 500; i++)
		values[i] = kfrag_random_below(&random, 1000);
	ck_assert(!kfrag_turns_is_smooth(values, 500));
	for (size_t i = 0; i < 500; i++)
		values[i] = i % 20 < 10 ? i % 20 : 20 - i % 20;
	ck_assert(kfrag_turns_is_smooth(values, 500));
	/* As large as numbers go. */
	for (size_t i = 0; i < 500; i++)
		values[i] = i < 250 ? 0 : UINT64_MAX;
	ck_assert(kfrag_turns_is_smooth(values, 500));
}
END_TEST

Suite *turns_suite(void)
{
	Suite *suite = suite_create("turns");
	TCase *tcase = tcase_create("turns");

	tcase_add_loop_test(tcase, turns_of_known_series, 0,
			    sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, laws_of_turns);
	tcase_add_test(tcase, smooth_or_not);
	suite_add_tcase(suite, tcase);
	return suite;
}
