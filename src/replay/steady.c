// SPDX-License-Identifier: MIT
#include "kfrag/steady.h"

#include "kfrag/arith.h"

/* Sums of 1024 squares of so many bits, times 1024, stay within 64 bits. */
#define SPREAD_BITS 20

/* The rest of the series from a batch on. */
struct rest {
	uint64_t nr_batches;
	uint64_t sum;
	uint64_t squares;
};

/* n times the sum of squared deviations from the mean. */
static uint64_t deviation(const struct rest *rest)
{
	return rest->nr_batches * rest->squares - rest->sum * rest->sum;
}

/* Of the squared errors of the means, which are deviation / n^3. */
static bool is_no_worse(const struct rest *a, const struct rest *b)
{
	uint64_t nr_a = a->nr_batches, nr_b = b->nr_batches;
	uint64_t a_high, a_low, b_high, b_low;

	kfrag_mul_wide(deviation(a), nr_b * nr_b * nr_b, &a_high, &a_low);
	kfrag_mul_wide(deviation(b), nr_a * nr_a * nr_a, &b_high, &b_low);
	return a_high != b_high ? a_high < b_high : a_low <= b_low;
}

static uint64_t batch_mean(const uint64_t *series, size_t batch)
{
	const uint64_t *of = &series[batch * KFRAG_STEADY_BATCH];
	uint64_t mean = 0, left = 0;

	for (size_t i = 0; i < KFRAG_STEADY_BATCH; i++) {
		mean += of[i] / KFRAG_STEADY_BATCH;
		left += of[i] % KFRAG_STEADY_BATCH;
	}
	return mean + left / KFRAG_STEADY_BATCH;
}

bool kfrag_steady_find(const uint64_t *series, size_t nr_observations,
		       size_t *first)
{
	size_t nr_batches = nr_observations / KFRAG_STEADY_BATCH, at = 0;
	uint64_t min = UINT64_MAX, max = 0;
	struct rest rest = { 0 }, best = { 0 };
	unsigned shift = 0;

	*first = 0;
	if (nr_batches < KFRAG_STEADY_MIN_BATCHES ||
	    nr_batches > KFRAG_STEADY_MAX_BATCHES)
		return false;
	for (size_t i = 0; i < nr_batches; i++) {
		uint64_t mean = batch_mean(series, i);

		min = mean < min ? mean : min;
		max = mean > max ? mean : max;
	}
	while ((max - min) >> shift >> SPREAD_BITS)
		shift++;
	for (size_t i = nr_batches; i-- > 0;) {
		uint64_t off = (batch_mean(series, i) - min) >> shift;

		rest.nr_batches++;
		rest.sum += off;
		rest.squares += off * off;
		if (rest.nr_batches < nr_batches / 4)
			continue;
		/* Of two as good the earlier one. */
		if (best.nr_batches == 0 || is_no_worse(&rest, &best)) {
			best = rest;
			at = i;
		}
	}
	if (at > nr_batches / 2)
		return false;
	*first = at * KFRAG_STEADY_BATCH;
	return true;
}
