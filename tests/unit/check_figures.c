// SPDX-License-Identifier: MIT
#include "output/figures.h"

#include "expect.h"
#include "kfrag/random.h"

Suite *figures_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

START_TEST(optional_figures)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_str_eq(kfrag_figure_bytes(kfrag_known(4096), buf),
			 "4.00 KiB");
	ck_assert_str_eq(kfrag_figure_bytes(kfrag_unknown(), buf), "-");
	ck_assert_str_eq(kfrag_figure_count(kfrag_known(4096), buf), "4,096");
	ck_assert_str_eq(kfrag_figure_count(kfrag_unknown(), buf), "-");
	ck_assert_str_eq(kfrag_figure_permille(kfrag_known(982), buf),
			 "98.2 %");
	ck_assert_str_eq(kfrag_figure_permille(kfrag_known(0), buf), "0.0 %");
	ck_assert_str_eq(kfrag_figure_permille(kfrag_unknown(), buf), "-");
}
END_TEST

static const struct {
	uint64_t bytes;
	const char *text;
} round_sizes[] = {
	{ 0, "0 B" },
	{ 1, "1 B" },
	{ 1000, "1,000 B" },
	{ 1023, "1,023 B" },
	{ 1024, "1 KiB" },
	{ 4096, "4 KiB" },
	{ 65536, "64 KiB" },
	{ 2097152, "2 MiB" },
	{ 536870912, "512 MiB" },
	{ 1048576000, "1,000 MiB" },
	{ UINT64_C(68719476736), "64 GiB" },
	{ UINT64_C(1152921504606846976), "1 EiB" },
	{ UINT64_C(1) << 63, "8 EiB" },
	{ 10239 * 1024, "10.0 MiB" }, /* whole, but too many digits */
	{ 9999 * 1024, "9,999 KiB" },
	{ UINT64_MAX, "16.0 EiB" },
};

START_TEST(round_sizes_as_text)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_ptr_eq(kfrag_figure_round_bytes(round_sizes[_i].bytes, buf),
			 buf);
	ck_assert_str_eq(buf, round_sizes[_i].text);
}
END_TEST

static const struct {
	uint64_t part;
	uint64_t whole;
	unsigned nr_decimals;
	const char *text;
} ratios[] = {
	{ 1, 0, 1, "-" },
	{ 0, 0, 2, "-" },
	{ 0, 5, 1, "0.0" },
	{ 0, 5, 2, "0.00" },
	{ 88, 10, 1, "8.8" },
	{ 203, 100, 2, "2.03" },
	{ 1, 3, 2, "0.33" },
	{ 2, 3, 2, "0.67" },
	{ 1, 8, 2, "0.13" },
	{ 99, 100, 1, "1.0" },
	{ 9994, 1000, 2, "9.99" },
	{ 9995, 1000, 2, "10.0" }, /* three digits, not four */
	{ 9996, 1000, 1, "10.0" },
	{ 9994, 100, 1, "99.9" },
	{ 9995, 100, 1, "100" },
	{ 9995, 100, 2, "100" },
	{ 512, 1, 2, "512" },
	{ 1234567, 1, 1, "1,234,567" },
	{ UINT64_MAX, 1, 2, "18,446,744,073,709,551,615" },
	{ UINT64_MAX, UINT64_MAX, 2, "1.00" },
	{ UINT64_MAX - 1, UINT64_MAX, 1, "1.0" },
	{ 1, UINT64_MAX, 2, "0.00" },
};

START_TEST(ratios_as_text)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_ptr_eq(kfrag_figure_ratio(ratios[_i].part, ratios[_i].whole,
					    ratios[_i].nr_decimals, buf),
			 buf);
	ck_assert_str_eq(buf, ratios[_i].text);
}
END_TEST

static const struct {
	uint64_t part;
	uint64_t whole;
	const char *text;
} shares[] = {
	{ 0, 0, "-" },
	{ 0, 7, "0 %" },
	{ 7, 7, "100.0 %" },
	{ 461, 1000, "46.1 %" },
	{ 1, 10, "10.0 %" },
	{ 1, 11, "9.09 %" },
	{ 1, 64, "1.56 %" },
	{ 1, 100, "1.00 %" },
	{ 1, 101, "0.990 %" },
	{ 33336, 536870912, "0.00621 %" },
	{ 1, 1000000000, "0.000000100 %" },
	{ 1, UINT64_C(100000000000000000), "0.000000000000001 %" },
	{ 1, UINT64_MAX, "0.000000000000000 %" },
	{ 99951, 100000, "100.0 %" },
	{ UINT64_MAX, UINT64_MAX, "100.0 %" },
	{ 3, 2, "150.0 %" },
};

START_TEST(shares_as_text)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_ptr_eq(kfrag_figure_share(shares[_i].part, shares[_i].whole,
					    buf),
			 buf);
	ck_assert_str_eq(buf, shares[_i].text);
}
END_TEST

/* Never further from the truth than half of the third digit. */
START_TEST(shares_are_close)
{
	struct kfrag_random random;
	unsigned nr_small = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int round = 0; round < 5000; round++) {
		uint64_t whole = 1 + (kfrag_random_next(&random) >>
				      kfrag_random_below(&random, 64)) /
					     2;
		uint64_t part = kfrag_random_below(&random, whole + 1) >>
				kfrag_random_below(&random, 36);
		double truth = 100.0 * (double)part / (double)whole, read;
		char buf[KFRAG_UNITS_SIZE], *end;

		kfrag_figure_share(part, whole, buf);
		read = strtod(buf, &end);
		EXPECT(strcmp(end, " %") == 0);
		EXPECT(truth < 1e-12 ||
		       (read >= truth * 0.99499 && read <= truth * 1.00501));
		nr_small += truth > 1e-12 && truth < 0.01;
	}
	ck_assert_uint_gt(nr_small, 0);
}
END_TEST

START_TEST(full_percent)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_str_eq(kfrag_figure_full_percent(0, 0, buf), "-");
	ck_assert_str_eq(kfrag_figure_full_percent(0, 9, buf), "0 %");
	ck_assert_str_eq(kfrag_figure_full_percent(1, 200, buf), "0 %");
	ck_assert_str_eq(kfrag_figure_full_percent(1, 2, buf), "50 %");
	ck_assert_str_eq(kfrag_figure_full_percent(UINT64_MAX - 1, UINT64_MAX,
						   buf),
			 "99 %");
	ck_assert_str_eq(kfrag_figure_full_percent(UINT64_MAX, UINT64_MAX, buf),
			 "100 %");
}
END_TEST

START_TEST(nouns)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_str_eq(kfrag_figure_noun(0, "cache", buf), "0 caches");
	ck_assert_str_eq(kfrag_figure_noun(1, "cache", buf), "1 cache");
	ck_assert_str_eq(kfrag_figure_noun(147, "cache", buf), "147 caches");
	ck_assert_str_eq(kfrag_figure_noun(UINT64_MAX, "object", buf),
			 "18,446,744,073,709,551,615 objects");
}
END_TEST

START_TEST(changes)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_str_eq(kfrag_figure_change_bytes(0, buf), "0 B");
	ck_assert_str_eq(kfrag_figure_change_bytes(4096, buf), "+4.00 KiB");
	ck_assert_str_eq(kfrag_figure_change_bytes(-4096, buf), "-4.00 KiB");
	ck_assert_str_eq(kfrag_figure_change_bytes(INT64_MIN, buf),
			 "-8.00 EiB");
	ck_assert_str_eq(kfrag_figure_change_count(0, buf), "0");
	ck_assert_str_eq(kfrag_figure_change_count(3012, buf), "+3,012");
	ck_assert_str_eq(kfrag_figure_change_count(INT64_MIN, buf),
			 "-9,223,372,036,854,775,808");
}
END_TEST

static const struct {
	int64_t change;
	uint64_t before;
	const char *text;
} percents[] = {
	{ 0, 0, "-" },
	{ 5, 0, "-" },
	{ 0, 5, "0 %" },
	{ 1, 8, "+12.5 %" },
	{ -1, 8, "-12.5 %" },
	{ -8, 8, "-100.0 %" },
	{ 79, 8, "+987.5 %" },
	{ 80, 8, "+1,000 %" },
	{ 81, 8, "+1,013 %" },
	{ INT64_MAX, UINT64_MAX, "+50.0 %" },
	{ INT64_MIN, 100, "-9,223,372,036,854,775,808 %" },
	{ INT64_MIN, 1, "-18,446,744,073,709,551,500 %" },
};

START_TEST(changes_in_percent)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_str_eq(kfrag_figure_change_percent(percents[_i].change,
						     percents[_i].before, buf),
			 percents[_i].text);
}
END_TEST

static const struct {
	uint64_t seconds;
	const char *text;
} spans[] = {
	{ 0, "0 s" },
	{ 119, "119 s" },
	{ 120, "2.0 min" },
	{ 7199, "120 min" },
	{ 7200, "2.0 h" },
	{ 62820, "17.5 h" },
	{ 172799, "48.0 h" },
	{ 172800, "2.0 d" },
	{ 63071999, "730 d" },
	{ 63113904, "2.0 years" },
	{ UINT64_MAX, "584,554,049,254 years" },
};

START_TEST(spans_as_text)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_str_eq(kfrag_figure_seconds(spans[_i].seconds, buf),
			 spans[_i].text);
}
END_TEST

START_TEST(separators)
{
	ck_assert_str_eq(kfrag_figure_separator(0, 1), "");
	ck_assert_str_eq(kfrag_figure_separator(0, 3), "");
	ck_assert_str_eq(kfrag_figure_separator(1, 3), ", ");
	ck_assert_str_eq(kfrag_figure_separator(2, 3), " and ");
}
END_TEST

Suite *figures_suite(void)
{
	Suite *suite = suite_create("figures");
	TCase *tc = tcase_create("figures");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, optional_figures);
	tcase_add_loop_test(tc, round_sizes_as_text, 0, NR_OF(round_sizes));
	tcase_add_loop_test(tc, ratios_as_text, 0, NR_OF(ratios));
	tcase_add_loop_test(tc, shares_as_text, 0, NR_OF(shares));
	tcase_add_loop_test(tc, shares_are_close, 1, 4);
	tcase_add_test(tc, full_percent);
	tcase_add_test(tc, nouns);
	tcase_add_test(tc, changes);
	tcase_add_loop_test(tc, changes_in_percent, 0, NR_OF(percents));
	tcase_add_loop_test(tc, spans_as_text, 0, NR_OF(spans));
	tcase_add_test(tc, separators);
	suite_add_tcase(suite, tc);
	return suite;
}
