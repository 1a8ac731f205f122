// SPDX-License-Identifier: MIT
/* The robust line (src/replay/slope.c), against one that sorts everything. */
#include "replay/slope.h"

#include "expect.h"
#include "kfrag/arith.h"
#include "kfrag/random.h"

Suite *slope_suite(void);

#define HOUR_MS 3600000
#define MAX_SLOW 60

static int64_t pairs[KFRAG_SLOPE_MAX_PAIRS];

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* --------------------------------------------------------------- median */

static int64_t slow_median(const int64_t *values, size_t nr)
{
	int64_t sorted[200];

	memcpy(sorted, values, nr * sizeof(*values));
	qsort(sorted, nr, sizeof(*sorted), by_value);
	if (nr % 2)
		return sorted[nr / 2];
	return sorted[nr / 2 - 1] + (sorted[nr / 2] - sorted[nr / 2 - 1]) / 2;
}

START_TEST(median_is_that_of_a_sort)
{
	struct kfrag_random random;
	unsigned nr_ties = 0, nr_even = 0;

	kfrag_random_init(&random, 7);
	for (unsigned i = 0; i < 5000; i++) {
		size_t nr = 1 + (size_t)kfrag_random_below(&random, 200);
		uint64_t range = UINT64_C(1) << kfrag_random_below(&random, 40);
		int64_t values[200];
		int64_t expected, got;

		for (size_t j = 0; j < nr; j++)
			values[j] =
				(int64_t)kfrag_random_below(&random, range) -
				(int64_t)(range / 2);
		expected = slow_median(values, nr);
		got = kfrag_slope_median(values, nr);
		EXPECT_EQ(got, expected);
		nr_ties += range < nr;
		nr_even += nr % 2 == 0;
	}
	ck_assert_uint_gt(nr_ties, 500);
	ck_assert_uint_gt(nr_even, 1000);
}
END_TEST

START_TEST(median_of_extremes)
{
	int64_t ends[] = { INT64_MAX, INT64_MIN };
	int64_t high[] = { INT64_MAX, INT64_MAX };
	int64_t low[] = { INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN };

	ck_assert_int_eq(kfrag_slope_median(NULL, 0), 0);
	ck_assert_int_eq(kfrag_slope_median(ends, 2), -1);
	ck_assert(kfrag_slope_median(high, 2) == INT64_MAX);
	ck_assert(kfrag_slope_median(low, 4) == INT64_MIN);
}
END_TEST

/* ----------------------------------------------------------------- line */

/* All in doubles, sorted: right but for the last digits. */
static double slow_slope(const struct kfrag_observation *list, size_t nr)
{
	int64_t slopes[MAX_SLOW * MAX_SLOW];
	size_t nr_slopes = 0;

	for (size_t j = 1; j < nr; j++)
		for (size_t i = 0; i < j; i++)
			if (list[j].at_ms > list[i].at_ms)
				slopes[nr_slopes++] =
					(list[j].value - list[i].value) *
					HOUR_MS /
					(int64_t)(list[j].at_ms -
						  list[i].at_ms);
	if (nr_slopes == 0)
		return 0;
	qsort(slopes, nr_slopes, sizeof(*slopes), by_value);
	return ((double)slopes[(nr_slopes - 1) / 2] +
		(double)slopes[nr_slopes / 2]) /
	       2;
}

START_TEST(line_is_the_median_of_all_pairs)
{
	struct kfrag_random random;
	unsigned nr_level = 0, nr_same_time = 0;

	kfrag_random_init(&random, 11);
	for (unsigned i = 0; i < 2000; i++) {
		struct kfrag_observation list[MAX_SLOW];
		size_t nr =
			2 + (size_t)kfrag_random_below(&random, MAX_SLOW - 1);
		uint64_t range = UINT64_C(1) << kfrag_random_below(&random, 36);
		uint64_t at_ms = 0;
		struct kfrag_line line;
		double expected, distance;

		for (size_t j = 0; j < nr; j++) {
			uint64_t step = kfrag_random_below(&random, 5) * 700;

			nr_same_time += j > 0 && step == 0;
			at_ms += step;
			list[j].at_ms = at_ms;
			list[j].value =
				(int64_t)kfrag_random_below(&random, range);
		}
		expected = slow_slope(list, nr);
		line = kfrag_slope_fit(list, nr, pairs);
		EXPECT(line.known == (list[nr - 1].at_ms > list[0].at_ms));
		EXPECT_EQ(line.nr_observations, nr);
		EXPECT(line.nr_climbs + line.nr_falls <= nr * (nr - 1) / 2);
		distance = (double)line.per_hour - expected;
		EXPECT(distance > -1.5 && distance < 1.5);
		nr_level += line.nr_climbs + line.nr_falls == 0;
	}
	ck_assert_uint_gt(nr_level, 20);
	ck_assert_uint_gt(nr_same_time, 1000);
}
END_TEST

/* A line of `per_hour`, its values changed in one sample of `one_in`. */
static int64_t fit_with_outliers(size_t nr, int64_t per_hour, size_t one_in,
				 size_t *nr_used)
{
	struct kfrag_observation *list = calloc(nr, sizeof(*list));
	struct kfrag_line line;

	ck_assert_ptr_nonnull(list);
	for (size_t i = 0; i < nr; i++) {
		list[i].at_ms = i * 60000;
		list[i].value =
			1000000 + per_hour * (int64_t)list[i].at_ms / HOUR_MS;
		if (one_in && i % one_in == 1)
			list[i].value = i % 3 ? 0 : 99999999999;
	}
	line = kfrag_slope_fit(list, nr, pairs);
	*nr_used = line.nr_observations;
	free(list);
	return line.per_hour;
}

START_TEST(a_few_wild_ones_do_not_turn_it)
{
	size_t nr_used;

	ck_assert_int_eq(fit_with_outliers(100, 60000, 0, &nr_used), 60000);
	ck_assert_uint_eq(nr_used, 100);
	ck_assert_int_eq(fit_with_outliers(100, 60000, 5, &nr_used), 60000);
	ck_assert_int_eq(fit_with_outliers(100, -60000, 5, &nr_used), -60000);
}
END_TEST

START_TEST(many_are_put_together)
{
	size_t nr_used;
	int64_t per_hour;

	per_hour = fit_with_outliers(100000, 60000, 0, &nr_used);
	ck_assert_uint_eq(nr_used, KFRAG_SLOPE_MAX_OBSERVATIONS);
	ck_assert_int_ge(per_hour, 59990);
	ck_assert_int_le(per_hour, 60010);
	per_hour = fit_with_outliers(257, 60000, 5, &nr_used);
	ck_assert_uint_eq(nr_used, KFRAG_SLOPE_MAX_OBSERVATIONS);
	ck_assert_int_ge(per_hour, 59000);
	ck_assert_int_le(per_hour, 61000);
}
END_TEST

START_TEST(ends_of_the_numbers)
{
	int64_t large = INT64_C(1) << 62;
	struct kfrag_observation up[] = { { 0, 0 }, { 1, large } };
	struct kfrag_observation down[] = { { 0, large }, { 1, 0 } };
	struct kfrag_observation slow[] = { { 0, 0 },
					    { UINT64_C(7200000), large - 1 } };
	struct kfrag_observation one[] = { { 5, 5 } };

	ck_assert(kfrag_slope_fit(up, 2, pairs).per_hour == INT64_MAX);
	ck_assert(kfrag_slope_fit(down, 2, pairs).per_hour == INT64_MIN);
	ck_assert(kfrag_slope_fit(slow, 2, pairs).per_hour == large / 2 - 1);
	ck_assert(!kfrag_slope_fit(one, 1, pairs).known);
	ck_assert(!kfrag_slope_fit(one, 0, pairs).known);
	ck_assert_int_eq(kfrag_slope_times(-120, 1800000), -60);
	ck_assert_int_eq(kfrag_slope_times(1, HOUR_MS - 1), 0);
	ck_assert(kfrag_slope_times(large, UINT64_MAX) == INT64_MAX);
	ck_assert(kfrag_slope_times(INT64_MIN, UINT64_MAX) == INT64_MIN);
}
END_TEST

Suite *slope_suite(void)
{
	Suite *suite = suite_create("slope");
	TCase *tcase = tcase_create("line");

	tcase_add_test(tcase, median_is_that_of_a_sort);
	tcase_add_test(tcase, median_of_extremes);
	tcase_add_test(tcase, line_is_the_median_of_all_pairs);
	tcase_add_test(tcase, a_few_wild_ones_do_not_turn_it);
	tcase_add_test(tcase, many_are_put_together);
	tcase_add_test(tcase, ends_of_the_numbers);
	suite_add_tcase(suite, tcase);
	return suite;
}
