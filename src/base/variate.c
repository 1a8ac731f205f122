// SPDX-License-Identifier: MIT
#include "kfrag/variate.h"

#include <stdbool.h>

#include "kfrag/arith.h"

/*
 * Whether a falling run of uniform numbers that starts with x has an odd
 * length, which it has with probability exp(-x).
 */
static bool run_is_odd(struct kfrag_random *random, uint64_t x)
{
	bool is_odd = true;

	for (;;) {
		uint64_t next = kfrag_random_next(random);

		if (next >= x)
			return is_odd;
		x = next;
		is_odd = !is_odd;
	}
}

uint64_t kfrag_variate_exponential(struct kfrag_random *random, uint64_t mean)
{
	uint64_t whole = 0, fraction, high, low, result;

	for (;;) {
		fraction = kfrag_random_next(random);
		if (run_is_odd(random, fraction))
			break;
		whole++;
	}
	kfrag_mul_wide(fraction, mean, &high, &low);
	if (!kfrag_mul_u64(whole, mean, &result) ||
	    !kfrag_add_u64(result, high, &result))
		return UINT64_MAX;
	return result;
}

uint64_t kfrag_variate_uniform(struct kfrag_random *random, uint64_t first,
			       uint64_t last)
{
	uint64_t span = last - first + 1;

	/* All 64 bits. */
	if (span == 0)
		return kfrag_random_next(random);
	return first + kfrag_random_below(random, span);
}

uint64_t kfrag_variate_inverse(struct kfrag_random *random, uint64_t first,
			       uint64_t last)
{
	unsigned lowest = kfrag_log2_floor(first);
	unsigned nr_octaves = kfrag_log2_floor(last) - lowest + 1;

	for (;;) {
		unsigned octave = lowest + (unsigned)kfrag_random_below(
						   random, nr_octaves);
		uint64_t start = UINT64_C(1) << octave;
		uint64_t r = start + kfrag_random_below(random, start);

		/* Each octave was as likely, which is start / r too much. */
		if (r >= first && r <= last &&
		    kfrag_random_below(random, r) < start)
			return r;
	}
}
