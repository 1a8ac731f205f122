// SPDX-License-Identifier: MIT
#include "kfrag/units.h"

#include <stdio.h>
#include <string.h>

#include "expect.h"
#include "kfrag/arith.h"
#include "kfrag/random.h"

Suite *units_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* Worked out with fractions. Pairs of rows are the two sides of a border. */
static const struct {
	uint64_t bytes;
	const char *text;
} sizes[] = {
	{ 0, "0 B" },
	{ 1, "1 B" },
	{ 532, "532 B" },
	{ 999, "999 B" },
	{ 1000, "1,000 B" },
	{ 1023, "1,023 B" },
	{ 1024, "1.00 KiB" },
	{ 1029, "1.00 KiB" },
	{ 1030, "1.01 KiB" },
	{ 4096, "4.00 KiB" },
	{ 10234, "9.99 KiB" },
	{ 10235, "10.0 KiB" },
	{ 10240, "10.0 KiB" },
	{ 102348, "99.9 KiB" },
	{ 102349, "100 KiB" },
	{ 102400, "100 KiB" },
	/* 1023.5 KiB */
	{ 1047552, "1,023 KiB" },
	{ 1048063, "1,023 KiB" },
	{ 1048064, "1.00 MiB" },
	{ 1048575, "1.00 MiB" },
	{ 1048576, "1.00 MiB" },
	{ 4194304, "4.00 MiB" },
	{ 18350080, "17.5 MiB" },
	{ 10480517, "9.99 MiB" },
	{ 10480518, "10.0 MiB" },
	{ 1073217535, "1,023 MiB" },
	{ 1073217536, "1.00 GiB" },
	{ UINT64_C(5368709120), "5.00 GiB" },
	{ UINT64_C(1099511627775), "1.00 TiB" },
	{ UINT64_C(1099511627776), "1.00 TiB" },
	{ UINT64_C(1125899906842623), "1.00 PiB" },
	{ UINT64_C(1125899906842624), "1.00 PiB" },
	{ UINT64_C(1152358554653425663), "1,023 PiB" },
	{ UINT64_C(1152358554653425664), "1.00 EiB" },
	{ UINT64_C(1152921504606846975), "1.00 EiB" },
	{ UINT64_C(1152921504606846976), "1.00 EiB" },
	{ UINT64_C(1158686112129881210), "1.00 EiB" },
	{ UINT64_C(1158686112129881211), "1.01 EiB" },
	{ UINT64_C(1423858058189456015), "1.23 EiB" },
	{ UINT64_C(1423858058189456016), "1.24 EiB" },
	{ UINT64_C(11523450438545435525), "9.99 EiB" },
	{ UINT64_C(11523450438545435526), "10.0 EiB" },
	{ UINT64_C(9223372036854775807), "8.00 EiB" },
	{ UINT64_MAX, "16.0 EiB" },
};

START_TEST(bytes_as_text)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_ptr_eq(kfrag_units_bytes(sizes[_i].bytes, buf), buf);
	ck_assert_str_eq(buf, sizes[_i].text);
}
END_TEST

START_TEST(signed_bytes_as_text)
{
	char buf[KFRAG_UNITS_SIZE], with_sign[KFRAG_UNITS_SIZE];
	uint64_t bytes = sizes[_i].bytes;

	if (bytes > (uint64_t)INT64_MAX)
		return;
	ck_assert_ptr_eq(kfrag_units_signed_bytes((int64_t)bytes, buf), buf);
	ck_assert_str_eq(buf, sizes[_i].text);
	if (bytes == 0)
		return;
	snprintf(with_sign, sizeof(with_sign), "-%s", sizes[_i].text);
	ck_assert_ptr_eq(kfrag_units_signed_bytes(-(int64_t)bytes, buf), buf);
	ck_assert_str_eq(buf, with_sign);
}
END_TEST

START_TEST(least_signed_bytes)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_str_eq(kfrag_units_signed_bytes(INT64_MIN, buf), "-8.00 EiB");
}
END_TEST

/* "12.3 MiB" is 123 tenths of 2^20 bytes; commas are skipped. */
struct reading {
	uint64_t digits; /* all of them as one number */
	uint64_t scale; /* 10 to the number of decimals */
	unsigned nr_digits;
	unsigned unit; /* 0: bytes, 1: KiB, ... */
};

static struct reading read_back(const char *text)
{
	static const char *const units[] = { "B",   "KiB", "MiB", "GiB",
					     "TiB", "PiB", "EiB" };
	struct reading reading = { .scale = 1 };
	bool decimals = false;

	for (; *text && *text != ' '; text++) {
		if (*text == ',')
			continue;
		if (*text == '.') {
			EXPECT(!decimals);
			decimals = true;
			continue;
		}
		EXPECT(*text >= '0' && *text <= '9');
		reading.digits = reading.digits * 10 + (uint64_t)(*text - '0');
		reading.nr_digits++;
		reading.scale *= decimals ? 10 : 1;
	}
	EXPECT(*text == ' ');
	while (strcmp(text + 1, units[reading.unit]) != 0)
		EXPECT(++reading.unit < NR_OF(units));
	return reading;
}

static bool is_less(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	uint64_t high, low, other_high, other_low;

	kfrag_mul_wide(a, b, &high, &low);
	kfrag_mul_wide(c, d, &other_high, &other_low);
	return high < other_high || (high == other_high && low < other_low);
}

/* (digits - 1/2) / scale <= bytes / unit < (digits + 1/2) / scale */
static void check_is_nearest(uint64_t bytes)
{
	char buf[KFRAG_UNITS_SIZE];
	struct reading reading = read_back(kfrag_units_bytes(bytes, buf));
	uint64_t unit_bytes = UINT64_C(1) << (10 * reading.unit);

	if (reading.unit == 0) {
		EXPECT_EQ(reading.digits, bytes);
		EXPECT(bytes < 1024);
		return;
	}
	EXPECT(reading.nr_digits >= 3);
	EXPECT(reading.digits >= reading.scale);
	EXPECT(reading.digits < 1024 * reading.scale);
	EXPECT(reading.nr_digits == 3 || reading.scale == 1);
	EXPECT(!is_less(2 * reading.scale, bytes, 2 * reading.digits - 1,
			unit_bytes));
	EXPECT(is_less(2 * reading.scale, bytes, 2 * reading.digits + 1,
		       unit_bytes));
}

START_TEST(bytes_text_is_nearest)
{
	struct kfrag_random random;
	unsigned nr_borders = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < 2000; i++) {
		unsigned shift =
			10 * (1 + (unsigned)kfrag_random_below(&random, 6));
		uint64_t unit_bytes = UINT64_C(1) << shift;
		uint64_t halves = 2 * kfrag_random_below(&random, 102400) + 1;
		uint64_t border;

		check_is_nearest(kfrag_random_next(&random) >>
				 kfrag_random_below(&random, 64));
		/* halves / 200 units, where two hundredths meet. */
		if (!kfrag_add_u64(halves / 200 * unit_bytes,
				   kfrag_mul_div(unit_bytes, halves % 200, 200),
				   &border) ||
		    halves / 200 > UINT64_MAX / unit_bytes)
			continue;
		check_is_nearest(border - 1);
		check_is_nearest(border);
		check_is_nearest(border + 1);
		nr_borders++;
	}
	ck_assert_uint_gt(nr_borders, 0);
}
END_TEST

static const struct {
	uint64_t count;
	const char *text;
} counts[] = {
	{ 0, "0" },
	{ 7, "7" },
	{ 99, "99" },
	{ 999, "999" },
	{ 1000, "1,000" },
	{ 12345, "12,345" },
	{ 999999, "999,999" },
	{ 1000000, "1,000,000" },
	{ UINT64_C(5000000000), "5,000,000,000" },
	{ UINT64_MAX, "18,446,744,073,709,551,615" },
};

START_TEST(counts_as_text)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_ptr_eq(kfrag_units_count(counts[_i].count, buf), buf);
	ck_assert_str_eq(buf, counts[_i].text);
}
END_TEST

static const struct {
	uint64_t part;
	uint64_t whole;
	const char *text;
} shares[] = {
	{ 0, 0, "-" },
	{ 5, 0, "-" },
	{ 0, 1, "0.0 %" },
	{ 1, 1, "100.0 %" },
	{ 461, 1000, "46.1 %" },
	{ 1, 3, "33.3 %" },
	{ 2, 3, "66.7 %" },
	{ 1, 2000, "0.1 %" }, /* a half goes up */
	{ 1, 2001, "0.0 %" },
	{ 9995, 10000, "100.0 %" },
	{ 9994, 10000, "99.9 %" },
	{ 3, 2, "150.0 %" },
	{ 1000, 1, "100000.0 %" },
	{ UINT64_MAX - 1, UINT64_MAX, "100.0 %" },
	{ UINT64_C(1) << 63, UINT64_MAX, "50.0 %" },
	{ 1, UINT64_MAX, "0.0 %" },
	{ UINT64_MAX, UINT64_MAX, "100.0 %" },
	{ UINT64_C(999999999), 1, "99999999900.0 %" },
	{ UINT64_C(1000000000), 1, "> 10^11 %" },
	{ UINT64_MAX, 1, "> 10^11 %" },
};

START_TEST(shares_as_text)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_ptr_eq(kfrag_units_percent(shares[_i].part, shares[_i].whole,
					     buf),
			 buf);
	ck_assert_str_eq(buf, shares[_i].text);
}
END_TEST

static const struct {
	const char *text;
	bool valid;
	uint64_t bytes;
} typed[] = {
	{ "0", true, 0 },
	{ "1", true, 1 },
	{ "007", true, 7 },
	{ "4096", true, 4096 },
	{ "1K", true, 1024 },
	{ "1k", true, 1024 },
	{ "1kb", true, 1024 },
	{ "1KB", true, 1024 },
	{ "1KiB", true, 1024 },
	{ "64M", true, UINT64_C(64) << 20 },
	{ "64MiB", true, UINT64_C(64) << 20 },
	{ "64m", true, UINT64_C(64) << 20 },
	{ "1GiB", true, UINT64_C(1) << 30 },
	{ "2g", true, UINT64_C(2) << 30 },
	{ "3T", true, UINT64_C(3) << 40 },
	{ "3TiB", true, UINT64_C(3) << 40 },
	{ "5P", true, UINT64_C(5) << 50 },
	{ "5PiB", true, UINT64_C(5) << 50 },
	{ "15E", true, UINT64_C(15) << 60 },
	{ "15EiB", true, UINT64_C(15) << 60 },
	{ "0E", true, 0 },
	{ "18446744073709551615", true, UINT64_MAX },
	{ "18014398509481983K", true, UINT64_MAX - 1023 },
	/* Beyond 64 bits: the digits, the last one of them, the unit. */
	{ "18446744073709551616", false, 0 },
	{ "18446744073709551620", false, 0 },
	{ "99999999999999999999999", false, 0 },
	{ "16E", false, 0 },
	{ "18014398509481984K", false, 0 },
	/* No sizes. */
	{ "", false, 0 },
	{ "x", false, 0 },
	{ "K", false, 0 },
	{ "KiB", false, 0 },
	{ "1x", false, 0 },
	{ "1Z", false, 0 },
	{ "1Kx", false, 0 },
	{ "1KiBx", false, 0 },
	{ "1KK", false, 0 },
	{ "1iB", false, 0 },
	{ "1 K", false, 0 },
	{ "1K ", false, 0 },
	{ " 1", false, 0 },
	{ "1 ", false, 0 },
	{ "1\n", false, 0 },
	{ "+1", false, 0 },
	{ "-1", false, 0 },
	{ "1.5G", false, 0 },
	{ "1,000", false, 0 },
	{ "1e3", false, 0 },
	{ "0x10", false, 0 },
	{ "1\xc2\xb5", false, 0 },
};

START_TEST(typed_sizes)
{
	uint64_t bytes = 12345;

	ck_assert_msg(kfrag_units_parse_bytes(typed[_i].text, &bytes) ==
			      typed[_i].valid,
		      "'%s' taken for %s", typed[_i].text,
		      typed[_i].valid ? "no size" : "a size");
	ck_assert_uint_eq(bytes, typed[_i].bytes);
}
END_TEST

START_TEST(figures_that_may_be_unknown)
{
	struct kfrag_opt known = kfrag_known(UINT64_MAX);
	struct kfrag_opt unknown = kfrag_unknown();

	ck_assert(known.known);
	ck_assert_uint_eq(known.value, UINT64_MAX);
	ck_assert(!unknown.known);
	ck_assert_uint_eq(unknown.value, 0);
}
END_TEST

Suite *units_suite(void)
{
	Suite *suite = suite_create("units");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_loop_test(core, bytes_as_text, 0, (int)NR_OF(sizes));
	tcase_add_loop_test(core, signed_bytes_as_text, 0, (int)NR_OF(sizes));
	tcase_add_test(core, least_signed_bytes);
	tcase_add_loop_test(core, counts_as_text, 0, (int)NR_OF(counts));
	tcase_add_loop_test(core, shares_as_text, 0, (int)NR_OF(shares));
	tcase_add_loop_test(core, typed_sizes, 0, (int)NR_OF(typed));
	tcase_add_test(core, figures_that_may_be_unknown);
	suite_add_tcase(suite, core);
	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, bytes_text_is_nearest, 0, 4);
	suite_add_tcase(suite, properties);
	return suite;
}
