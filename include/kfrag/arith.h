/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_ARITH_H
#define KFRAG_ARITH_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Checked arithmetic on sizes and counts that came from input.
 * Each returns false, with *result 0, where the exact result needs more than
 * 64 bits.
 */
bool kfrag_add_u64(uint64_t a, uint64_t b, uint64_t *result);
bool kfrag_mul_u64(uint64_t a, uint64_t b, uint64_t *result);

/* The same, or the largest number where that is more. */
uint64_t kfrag_add_capped(uint64_t a, uint64_t b);
uint64_t kfrag_mul_capped(uint64_t a, uint64_t b);

/* a - b, or the end of the 64 bits where it lies beyond. */
int64_t kfrag_difference_u64(uint64_t a, uint64_t b);
int64_t kfrag_difference_i64(int64_t a, int64_t b);

/* |value|, also of INT64_MIN. */
static inline uint64_t kfrag_magnitude(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* ceil(a / b); b must not be 0. Cannot overflow. */
static inline uint64_t kfrag_div_up(uint64_t a, uint64_t b)
{
	return a / b + (a % b != 0);
}

/* The least multiple of step, which must not be 0, that is not below a. */
static inline uint64_t kfrag_round_up(uint64_t a, uint64_t step)
{
	return kfrag_div_up(a, step) * step;
}

/* The full 128-bit product. */
void kfrag_mul_wide(uint64_t a, uint64_t b, uint64_t *high, uint64_t *low);

/*
 * floor(a * b / c) with a 128-bit product, or the largest number where that
 * is more; c must not be 0.
 */
uint64_t kfrag_mul_div(uint64_t a, uint64_t b, uint64_t c);

/* Index of the highest set bit, value must not be 0. */
static inline unsigned kfrag_log2_floor(uint64_t value)
{
	return 63u - (unsigned)__builtin_clzll(value);
}

/* Least k with 1 << k >= value; 0 for 0 and 1; 64 above 2^63. */
static inline unsigned kfrag_log2_ceil(uint64_t value)
{
	return value <= 1 ? 0 : kfrag_log2_floor(value - 1) + 1;
}

static inline bool kfrag_is_power_of_two(uint64_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

#endif
