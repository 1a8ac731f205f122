// SPDX-License-Identifier: MIT
#include "kfrag/arith.h"

#include "expect.h"
#include "kfrag/random.h"

Suite *arith_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define NR_DRAWS 4000

/* Values at which a carry, a sign or a half-word could go wrong. */
static const uint64_t awkward[] = {
	0,
	1,
	2,
	3,
	7,
	63,
	64,
	65,
	4095,
	4096,
	4097,
	UINT64_C(0x7fffffff),
	UINT64_C(0x80000000),
	UINT64_C(0xffffffff),
	UINT64_C(0x100000000),
	UINT64_C(0x100000001),
	UINT64_C(0x1ffffffff),
	UINT64_C(0x7fffffffffffffff),
	UINT64_C(0x8000000000000000),
	UINT64_C(0x8000000000000001),
	UINT64_C(0xaaaaaaaaaaaaaaaa),
	UINT64_C(0xfffffffeffffffff),
	UINT64_C(0xffffffff00000000),
	UINT64_C(0xfffffffffffffffe),
	UINT64_MAX,
};

/* The 128-bit product the way it is done on paper, one binary digit a row. */
static void multiply_by_hand(uint64_t a, uint64_t b, uint64_t *high,
			     uint64_t *low)
{
	*high = 0;
	*low = 0;
	for (unsigned i = 0; i < 64; i++) {
		uint64_t row_low = a << i;
		uint64_t row_high = i == 0 ? 0 : a >> (64 - i);

		if (!(b >> i & 1))
			continue;
		*low += row_low;
		*high += row_high + (*low < row_low);
	}
}

static void check_sum_and_product(uint64_t a, uint64_t b)
{
	uint64_t high, low, by_hand_high, by_hand_low;
	uint64_t sum = 1, product = 1;
	bool fits;

	multiply_by_hand(a, b, &by_hand_high, &by_hand_low);
	kfrag_mul_wide(a, b, &high, &low);
	EXPECT_EQ(high, by_hand_high);
	EXPECT_EQ(low, by_hand_low);

	fits = kfrag_mul_u64(a, b, &product);
	EXPECT_EQ(fits, by_hand_high == 0);
	EXPECT_EQ(product, fits ? by_hand_low : 0);

	fits = kfrag_add_u64(a, b, &sum);
	EXPECT_EQ(fits, b <= UINT64_MAX - a);
	EXPECT_EQ(sum, fits ? a + b : 0);
}

/* quotient * c <= a * b < (quotient + 1) * c, all in 128 bits. */
static void check_mul_div(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t quotient = kfrag_mul_div(a, b, c);
	uint64_t high, low, back_high, back_low;

	multiply_by_hand(a, b, &high, &low);
	multiply_by_hand(quotient, c, &back_high, &back_low);
	EXPECT(back_high < high || (back_high == high && back_low <= low));
	high -= back_high + (low < back_low);
	low -= back_low;
	EXPECT_EQ(high, 0);
	EXPECT(low < c);
}

START_TEST(awkward_values)
{
	uint64_t a = awkward[_i];

	for (size_t k = 0; k < NR_OF(awkward); k++) {
		uint64_t b = awkward[k];

		check_sum_and_product(a, b);
		if (b == 0)
			continue;
		EXPECT_EQ(kfrag_div_up(a, b), a == 0 ? 0 : (a - 1) / b + 1);
		for (size_t j = 0; j < NR_OF(awkward); j++)
			if (awkward[j] <= b)
				check_mul_div(a, awkward[j], b);
	}
}
END_TEST

START_TEST(random_values)
{
	struct kfrag_random random;
	unsigned nr_wide = 0, nr_narrow = 0, nr_sums = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < NR_DRAWS; i++) {
		/* Of all lengths, not only of 64 bits. */
		uint64_t a = kfrag_random_next(&random) >>
			     kfrag_random_below(&random, 64);
		uint64_t b = kfrag_random_next(&random) >>
			     kfrag_random_below(&random, 64);
		uint64_t c = kfrag_random_next(&random) >>
			     kfrag_random_below(&random, 64);
		uint64_t ignored;

		check_sum_and_product(a, b);
		if (kfrag_mul_u64(a, b, &ignored))
			nr_narrow++;
		else
			nr_wide++;
		nr_sums += !kfrag_add_u64(a, b, &ignored);
		if (b <= c && c > 0)
			check_mul_div(a, b, c);
		else if (b > 0)
			check_mul_div(a, c, b);
	}
	ck_assert_uint_gt(nr_wide, 0);
	ck_assert_uint_gt(nr_narrow, 0);
	ck_assert_uint_gt(nr_sums, 0);
}
END_TEST

/* Worked out with integers of any length. */
static const struct {
	uint64_t a, b, c, quotient;
} quotients[] = {
	{ 0, 0, 1, 0 },
	{ 0, 5, 7, 0 },
	{ 1000, 1, 3, 333 },
	{ 1000, 2, 3, 666 },
	{ 1000, 3, 3, 1000 },
	{ UINT64_MAX, 1, 1, UINT64_MAX },
	{ UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX },
	{ UINT64_MAX, UINT64_MAX - 1, UINT64_MAX, UINT64_MAX - 1 },
	{ UINT64_MAX, UINT64_C(1) << 63, UINT64_MAX, UINT64_C(1) << 63 },
	{ UINT64_C(123456789012345678), UINT64_C(987654321098765432),
	  UINT64_C(1111111111111111111), UINT64_C(109739368023319614) },
	{ UINT64_C(0xfedcba9876543210), UINT64_C(0x0123456789abcdef),
	  UINT64_C(0x8000000000000000), UINT64_C(163242298173271684) },
};

START_TEST(known_quotients)
{
	ck_assert_uint_eq(kfrag_mul_div(quotients[_i].a, quotients[_i].b,
					quotients[_i].c),
			  quotients[_i].quotient);
}
END_TEST

START_TEST(logarithms)
{
	ck_assert_uint_eq(kfrag_log2_ceil(0), 0);
	ck_assert_uint_eq(kfrag_log2_ceil(1), 0);
	ck_assert(!kfrag_is_power_of_two(0));
	for (unsigned k = 0; k < 64; k++) {
		uint64_t power = UINT64_C(1) << k;

		ck_assert_uint_eq(kfrag_log2_floor(power), k);
		ck_assert_uint_eq(kfrag_log2_ceil(power), k);
		ck_assert(kfrag_is_power_of_two(power));
		/* 2 and 3 are neighbours of 1 and 2: nothing between. */
		if (k < 2)
			continue;
		ck_assert_uint_eq(kfrag_log2_floor(power - 1), k - 1);
		ck_assert_uint_eq(kfrag_log2_ceil(power - 1), k);
		ck_assert_uint_eq(kfrag_log2_floor(power + 1), k);
		ck_assert_uint_eq(kfrag_log2_ceil(power + 1), k + 1);
		ck_assert(!kfrag_is_power_of_two(power - 1));
		ck_assert(!kfrag_is_power_of_two(power + 1));
	}
	ck_assert_uint_eq(kfrag_log2_floor(UINT64_MAX), 63);
	ck_assert_uint_eq(kfrag_log2_ceil(UINT64_MAX), 64);
	ck_assert(!kfrag_is_power_of_two(UINT64_MAX));
}
END_TEST

START_TEST(differences)
{
	ck_assert(kfrag_difference_u64(3, 5) == -2);
	ck_assert(kfrag_difference_u64(5, 3) == 2);
	ck_assert(kfrag_difference_u64(UINT64_MAX, UINT64_MAX - 1) == 1);
	ck_assert(kfrag_difference_u64(UINT64_MAX, 0) == INT64_MAX);
	ck_assert(kfrag_difference_u64(0, UINT64_MAX) == INT64_MIN);
	ck_assert(kfrag_difference_u64(0, UINT64_C(1) << 63) == INT64_MIN);
	ck_assert(kfrag_difference_i64(-3, 5) == -8);
	ck_assert(kfrag_difference_i64(INT64_MAX, -1) == INT64_MAX);
	ck_assert(kfrag_difference_i64(INT64_MIN, 1) == INT64_MIN);
	ck_assert(kfrag_difference_i64(-1, INT64_MIN) == INT64_MAX);
	ck_assert(kfrag_magnitude(-7) == 7 && kfrag_magnitude(7) == 7);
	ck_assert(kfrag_magnitude(INT64_MIN) == UINT64_C(1) << 63);
}
END_TEST

START_TEST(capped)
{
	size_t nr_capped = 0;

	for (size_t i = 0; i < NR_OF(awkward); i++) {
		uint64_t a = awkward[_i], b = awkward[i], exact;

		if (!kfrag_add_u64(a, b, &exact)) {
			exact = UINT64_MAX;
			nr_capped++;
		}
		ck_assert_uint_eq(kfrag_add_capped(a, b), exact);
		if (!kfrag_mul_u64(a, b, &exact)) {
			exact = UINT64_MAX;
			nr_capped++;
		}
		ck_assert_uint_eq(kfrag_mul_capped(a, b), exact);
	}
	ck_assert(nr_capped > 0 || awkward[_i] <= 1);
}
END_TEST

START_TEST(round_up)
{
	for (uint64_t a = 0; a < 200; a++) {
		for (uint64_t step = 1; step < 70; step++) {
			uint64_t up = kfrag_round_up(a, step);

			ck_assert_uint_eq(up % step, 0);
			ck_assert_uint_ge(up, a);
			ck_assert_uint_lt(up, a + step);
		}
	}
}
END_TEST

Suite *arith_suite(void)
{
	Suite *suite = suite_create("arith");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_loop_test(core, awkward_values, 0, (int)NR_OF(awkward));
	tcase_add_loop_test(core, known_quotients, 0, (int)NR_OF(quotients));
	tcase_add_loop_test(core, capped, 0, (int)NR_OF(awkward));
	tcase_add_test(core, round_up);
	tcase_add_test(core, logarithms);
	tcase_add_test(core, differences);
	suite_add_tcase(suite, core);
	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, random_values, 0, 4);
	suite_add_tcase(suite, properties);
	return suite;
}
