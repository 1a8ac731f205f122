// SPDX-License-Identifier: MIT
/* Samplers against their exact distributions, with fixed seeds. */
#include "kfrag/variate.h"

#include "chi_square.h"
#include "expect.h"

Suite *variate_suite(void);

#define NR_DRAWS 200000
#define NR_BINS 24

/* exp(-1/4) */
#define QUARTER 0.77880078307140487

/* Bins of a quarter of the mean, the last one open. _i: log2 of the mean. */
START_TEST(exponential)
{
	uint64_t seen[NR_BINS] = { 0 }, mean = UINT64_C(1) << _i;
	double chances[NR_BINS], left = 1;
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < NR_DRAWS; i++) {
		uint64_t bin =
			kfrag_variate_exponential(&random, mean) / (mean / 4);

		seen[bin < NR_BINS ? bin : NR_BINS - 1]++;
	}
	for (int i = 0; i < NR_BINS - 1; i++) {
		chances[i] = left * (1 - QUARTER);
		left *= QUARTER;
	}
	chances[NR_BINS - 1] = left;
	check_chi_square(seen, chances, NR_BINS);
}
END_TEST

START_TEST(exponential_ends)
{
	unsigned nr_most = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, 1);
	for (int i = 0; i < 1000; i++) {
		ck_assert_uint_eq(kfrag_variate_exponential(&random, 0), 0);
		nr_most += kfrag_variate_exponential(&random, UINT64_MAX) ==
			   UINT64_MAX;
	}
	/* More than 64 bits hold, with chance 1/e. */
	ck_assert_uint_gt(nr_most, 300);
	ck_assert_uint_lt(nr_most, 440);
}
END_TEST

static const struct {
	uint64_t first;
	uint64_t last;
} ranges[] = { { 1, 1 }, { 1, 20 }, { 7, 30 }, { 16, 31 }, { 100, 140 } };

#define NR_RANGES ((int)(sizeof(ranges) / sizeof(ranges[0])))

/* _i: range, then uniform or inverse. */
START_TEST(ranged)
{
	uint64_t first = ranges[_i % NR_RANGES].first;
	uint64_t last = ranges[_i % NR_RANGES].last, seen[64] = { 0 };
	bool is_uniform = _i < NR_RANGES;
	double chances[64], sum = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (uint64_t r = first; r <= last; r++)
		sum += is_uniform ? 1 : 1 / (double)r;
	for (uint64_t r = first; r <= last; r++)
		chances[r - first] = (is_uniform ? 1 : 1 / (double)r) / sum;
	for (int i = 0; i < NR_DRAWS; i++) {
		uint64_t r =
			is_uniform ?
				kfrag_variate_uniform(&random, first, last) :
				kfrag_variate_inverse(&random, first, last);

		EXPECT(r >= first && r <= last);
		seen[r - first]++;
	}
	check_chi_square(seen, chances, (size_t)(last - first + 1));
}
END_TEST

START_TEST(uniform_on_all)
{
	struct kfrag_random random, other;

	kfrag_random_init(&random, 3);
	kfrag_random_init(&other, 3);
	ck_assert_uint_eq(kfrag_variate_uniform(&random, 0, UINT64_MAX),
			  kfrag_random_next(&other));
}
END_TEST

/* The same on every machine. */
START_TEST(known_values)
{
	static const uint64_t expected[] = { 1391328, 2,  2080455, 1,
					     496473,  11, 387494,  253 };
	struct kfrag_random random;

	kfrag_random_init(&random, 1);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		ck_assert_uint_eq(
			i % 2 ? kfrag_variate_inverse(&random, 1, 1000) :
				kfrag_variate_exponential(&random, 1000000),
			expected[i]);
}
END_TEST

Suite *variate_suite(void)
{
	Suite *suite = suite_create("variate");
	TCase *core = tcase_create("core");
	TCase *statistical = tcase_create("statistical");

	tcase_add_test(core, exponential_ends);
	tcase_add_test(core, uniform_on_all);
	tcase_add_test(core, known_values);
	suite_add_tcase(suite, core);
	tcase_set_timeout(statistical, 60);
	tcase_add_loop_test(statistical, exponential, 20, 24);
	tcase_add_loop_test(statistical, ranged, 0, 2 * NR_RANGES);
	suite_add_tcase(suite, statistical);
	return suite;
}
