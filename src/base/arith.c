// SPDX-License-Identifier: MIT
#include "kfrag/arith.h"

bool kfrag_add_u64(uint64_t a, uint64_t b, uint64_t *result)
{
	if (__builtin_add_overflow(a, b, result)) {
		*result = 0;
		return false;
	}
	return true;
}

bool kfrag_mul_u64(uint64_t a, uint64_t b, uint64_t *result)
{
	if (__builtin_mul_overflow(a, b, result)) {
		*result = 0;
		return false;
	}
	return true;
}

uint64_t kfrag_add_capped(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return kfrag_add_u64(a, b, &sum) ? sum : UINT64_MAX;
}

uint64_t kfrag_mul_capped(uint64_t a, uint64_t b)
{
	uint64_t product;

	return kfrag_mul_u64(a, b, &product) ? product : UINT64_MAX;
}

int64_t kfrag_difference_u64(uint64_t a, uint64_t b)
{
	int64_t result;

	if (__builtin_sub_overflow(a, b, &result))
		return a < b ? INT64_MIN : INT64_MAX;
	return result;
}

int64_t kfrag_difference_i64(int64_t a, int64_t b)
{
	int64_t result;

	if (__builtin_sub_overflow(a, b, &result))
		return a < b ? INT64_MIN : INT64_MAX;
	return result;
}

#ifdef __SIZEOF_INT128__

__extension__ typedef unsigned __int128 wide;

void kfrag_mul_wide(uint64_t a, uint64_t b, uint64_t *high, uint64_t *low)
{
	wide product = (wide)a * b;

	*high = (uint64_t)(product >> 64);
	*low = (uint64_t)product;
}

uint64_t kfrag_mul_div(uint64_t a, uint64_t b, uint64_t c)
{
	wide quotient = (wide)a * b / c;

	return quotient > UINT64_MAX ? UINT64_MAX : (uint64_t)quotient;
}

#else

void kfrag_mul_wide(uint64_t a, uint64_t b, uint64_t *high, uint64_t *low)
{
	uint64_t a_low = a & UINT32_MAX, a_high = a >> 32;
	uint64_t b_low = b & UINT32_MAX, b_high = b >> 32;
	uint64_t ll = a_low * b_low, lh = a_low * b_high;
	uint64_t hl = a_high * b_low, hh = a_high * b_high;
	uint64_t middle = (ll >> 32) + (lh & UINT32_MAX) + (hl & UINT32_MAX);

	*high = hh + (lh >> 32) + (hl >> 32) + (middle >> 32);
	*low = (middle << 32) | (ll & UINT32_MAX);
}

uint64_t kfrag_mul_div(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t high, low, quotient = 0;

	kfrag_mul_wide(a, b, &high, &low);
	if (high == 0)
		return low / c;
	if (high >= c)
		return UINT64_MAX;
	/* Long division bit by bit. */
	for (int i = 63; i >= 0; i--) {
		bool carry = high >> 63;

		high = (high << 1) | ((low >> i) & 1);
		if (carry || high >= c) {
			high -= c;
			quotient |= UINT64_C(1) << i;
		}
	}
	return quotient;
}

#endif
