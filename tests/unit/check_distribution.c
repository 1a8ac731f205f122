// SPDX-License-Identifier: MIT
#include "kfrag/distribution.h"

#include "chi_square.h"
#include "expect.h"

Suite *distribution_suite(void);

#define TICKS KFRAG_TICKS_PER_UNIT

static struct kfrag_distribution sizes(const char *text)
{
	struct kfrag_distribution distribution;
	const char *message;

	ck_assert_msg(kfrag_distribution_parse_sizes(&distribution, text,
						     &message) == KFRAG_OK,
		      "%s: %s", text, message);
	return distribution;
}

static struct kfrag_distribution lifetimes(const char *text)
{
	struct kfrag_distribution distribution;
	const char *message;

	ck_assert_msg(kfrag_distribution_parse_lifetimes(&distribution, text,
							 &message) == KFRAG_OK,
		      "%s: %s", text, message);
	return distribution;
}

static const struct {
	const char *text;
	enum kfrag_distribution_kind kind;
	uint64_t first;
	uint64_t last;
	bool is_bytes;
	double mean;
	uint64_t max;
} good_sizes[] = {
	{ "fixed:7", KFRAG_FIXED, 7, 7, false, 7, 7 },
	{ "fixed:4K", KFRAG_FIXED, 4096, 4096, true, 4096, 4096 },
	{ "fixed:100B", KFRAG_FIXED, 100, 100, true, 100, 100 },
	{ "uniform:1:1024", KFRAG_UNIFORM, 1, 1024, false, 512.5, 1024 },
	{ "inverse:1:4", KFRAG_INVERSE, 1, 4, false, 1.92, 4 },
	{ "inverse:1:1G", KFRAG_INVERSE, 1, 1 << 30, true, 1 << 30, 1 << 30 },
	{ "exponential:9", KFRAG_EXPONENTIAL, 9, 9, false, 9, UINT64_MAX },
	{ "list:1*3,5", KFRAG_LIST, 0, 0, false, 2, 5 },
	{ "knuth-a", KFRAG_UNIFORM, 100, 2000, false, 1050, 2000 },
	{ "knuth-b", KFRAG_LIST, 0, 0, false, 3.5, 32 },
	{ "knuth-c", KFRAG_LIST, 0, 0, false, 532.2727272727273, 4000 },
};

START_TEST(sizes_are_read)
{
	struct kfrag_distribution of = sizes(good_sizes[_i].text);

	ck_assert_int_eq(of.kind, good_sizes[_i].kind);
	ck_assert_uint_eq(of.first, good_sizes[_i].first);
	ck_assert_uint_eq(of.last, good_sizes[_i].last);
	ck_assert_int_eq(of.is_bytes, good_sizes[_i].is_bytes);
	ck_assert_double_eq_tol(kfrag_distribution_mean(&of),
				good_sizes[_i].mean, 1e-9);
	ck_assert_uint_eq(kfrag_distribution_max(&of), good_sizes[_i].max);
	kfrag_distribution_release(&of);
	ck_assert_ptr_null(of.items);
}
END_TEST

static const struct {
	const char *text;
	uint64_t first;
	uint64_t last;
	double mean; /* in units */
} good_times[] = {
	{ "fixed:1", TICKS, TICKS, 1 },
	{ "exponential:0.25", TICKS / 4, TICKS / 4, 0.25 },
	{ "uniform:0.5:1.5", TICKS / 2, TICKS / 2 * 3, 1 },
	{ "zipf:1:2", 1, 2, 4.0 / 3 },
	{ "bimodal:1:9:75", TICKS, 9 * TICKS, 3 },
};

START_TEST(lifetimes_are_read)
{
	struct kfrag_distribution of = lifetimes(good_times[_i].text);

	ck_assert_uint_eq(of.first, good_times[_i].first);
	ck_assert_uint_eq(of.last, good_times[_i].last);
	ck_assert_double_eq_tol(kfrag_distribution_mean(&of) / (double)TICKS,
				good_times[_i].mean, 1e-9);
}
END_TEST

START_TEST(forever)
{
	struct kfrag_distribution of = lifetimes("forever");
	struct kfrag_random random;
	size_t item = 7;

	kfrag_random_init(&random, 1);
	ck_assert_uint_eq(kfrag_distribution_draw(&of, &random, &item),
			  KFRAG_TICKS_NEVER);
	ck_assert_uint_eq(item, 0);
	ck_assert(kfrag_distribution_mean(&of) > 1e300);
}
END_TEST

static const char *const bad_sizes[] = {
	"",
	"fixed",
	"fixed:",
	"fixed:0",
	"fixed:-1",
	"fixed:1:2",
	"fixed:1.5",
	"uniform:1",
	"uniform:2:1",
	"uniform:1:2:",
	"uniform:1:2:3",
	"list:",
	"list:1,",
	"list:1*0",
	"list:1*x",
	"list:0",
	"knuth-d",
	"fixed:2048T",
	"exponential:",
	"list:1*4294967296",
	"fixed:11111111111111111111111111111111111111111111",
};

START_TEST(bad_sizes_are_refused)
{
	struct kfrag_distribution of;
	const char *message = NULL;

	ck_assert_int_eq(kfrag_distribution_parse_sizes(&of, bad_sizes[_i],
							&message),
			 KFRAG_EINVAL);
	ck_assert_ptr_nonnull(message);
	ck_assert_ptr_null(of.items);
}
END_TEST

static const char *const bad_times[] = {
	"",
	"never",
	"fixed:0",
	"fixed:1000001",
	"uniform:2:1",
	"zipf:0:1",
	"zipf:1:1.5",
	"bimodal:1:2",
	"bimodal:1:2:101",
	"bimodal:1:2:x",
	"fixed:1.",
	"fixed:.5",
	"fixed:1K",
	"fixed:1.0000000001",
	"list:1,2",
	"bimodal:1",
	"fixed:99999999999999999999",
};

START_TEST(bad_lifetimes_are_refused)
{
	struct kfrag_distribution of;
	const char *message = NULL;

	ck_assert_int_eq(kfrag_distribution_parse_lifetimes(&of, bad_times[_i],
							    &message),
			 KFRAG_EINVAL);
	ck_assert_ptr_nonnull(message);
}
END_TEST

/* A text longer than any number is. */
START_TEST(long_texts_are_refused)
{
	char text[300] = "fixed:";
	struct kfrag_distribution of;
	const char *message;

	memset(text + 6, '1', 200);
	ck_assert_int_eq(kfrag_distribution_parse_lifetimes(&of, text,
							    &message),
			 KFRAG_EINVAL);
}
END_TEST

START_TEST(blocks)
{
	static const struct {
		const char *text;
		uint64_t block;
		double mean;
	} cases[] = {
		{ "fixed:5", 1, 8 },	       { "fixed:5K", 4096, 8192 },
		{ "uniform:1:4", 1, 2.75 },    { "list:3*3,5", 1, 5 },
		{ "inverse:1:2", 1, 4.0 / 3 }, { "exponential:3", 1, -1 },
		{ "uniform:1:1G", 1, -1 },
	};
	struct kfrag_distribution of = sizes(cases[_i].text);

	ck_assert_double_eq_tol(kfrag_distribution_mean_block(&of,
							      cases[_i].block),
				cases[_i].mean, 1e-9);
	kfrag_distribution_release(&of);
}
END_TEST

/* Items of a list by their weights; and a modulus for the two modes. */
START_TEST(lists_by_weight)
{
	struct kfrag_distribution of = sizes("list:9*5,4,7*2,2*8");
	static const uint64_t values[] = { 9, 4, 7, 2 };
	static const double chances[] = { 5 / 16.0, 1 / 16.0, 2 / 16.0,
					  8 / 16.0 };
	uint64_t seen[4] = { 0 };
	struct kfrag_random random;

	kfrag_random_init(&random, 5);
	for (int i = 0; i < 100000; i++) {
		size_t item;

		EXPECT_EQ(kfrag_distribution_draw(&of, &random, &item),
			  values[item]);
		seen[item]++;
	}
	check_chi_square(seen, chances, 4);
	kfrag_distribution_release(&of);
}
END_TEST

/* Means of draws, within five deviations. */
START_TEST(draws_have_the_mean)
{
	static const struct {
		const char *text;
		double deviation; /* of one draw, over the mean */
	} cases[] = {
		{ "fixed:3", 0 },	    { "exponential:2", 1 },
		{ "uniform:1:3", 0.3 },	    { "zipf:1:50", 1.3 },
		{ "bimodal:0.1:10:90", 5 },
	};
	struct kfrag_distribution of = lifetimes(cases[_i].text);
	double mean = kfrag_distribution_mean(&of), sum = 0, off;
	struct kfrag_random random;
	const int nr_draws = 100000;

	kfrag_random_init(&random, 8);
	for (int i = 0; i < nr_draws; i++) {
		size_t item;

		sum += (double)kfrag_distribution_draw(&of, &random, &item);
	}
	off = (sum / nr_draws - mean) / mean;
	ck_assert_double_le(off * off * nr_draws,
			    25 * cases[_i].deviation * cases[_i].deviation +
				    1e-9);
}
END_TEST

#define NR_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

Suite *distribution_suite(void)
{
	Suite *suite = suite_create("distribution");
	TCase *core = tcase_create("core");
	TCase *statistical = tcase_create("statistical");

	tcase_add_loop_test(core, sizes_are_read, 0, NR_OF(good_sizes));
	tcase_add_loop_test(core, lifetimes_are_read, 0, NR_OF(good_times));
	tcase_add_test(core, forever);
	tcase_add_loop_test(core, bad_sizes_are_refused, 0, NR_OF(bad_sizes));
	tcase_add_loop_test(core, bad_lifetimes_are_refused, 0,
			    NR_OF(bad_times));
	tcase_add_test(core, long_texts_are_refused);
	tcase_add_loop_test(core, blocks, 0, 7);
	suite_add_tcase(suite, core);
	tcase_add_test(statistical, lists_by_weight);
	tcase_add_loop_test(statistical, draws_have_the_mean, 0, 5);
	suite_add_tcase(suite, statistical);
	return suite;
}
