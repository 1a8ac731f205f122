// SPDX-License-Identifier: MIT
#include "replay/slope.h"

#include <assert.h>

#include "kfrag/arith.h"

#define MS_PER_HOUR 3600000

/* Below this, a product with MS_PER_HOUR needs no more than 64 bits. */
#define SMALL (UINT64_C(1) << 42)

static int64_t with_sign(uint64_t magnitude, bool is_negative)
{
	if (magnitude > INT64_MAX)
		return is_negative ? INT64_MIN : INT64_MAX;
	return is_negative ? -(int64_t)magnitude : (int64_t)magnitude;
}

static int64_t slope_of(const struct kfrag_observation *a,
			const struct kfrag_observation *b)
{
	int64_t rise = b->value - a->value;
	uint64_t size = kfrag_magnitude(rise);
	uint64_t ms = b->at_ms - a->at_ms;

	if (size < SMALL)
		return with_sign(size * MS_PER_HOUR / ms, rise < 0);
	return with_sign(kfrag_mul_div(size, MS_PER_HOUR, ms), rise < 0);
}

int64_t kfrag_slope_times(int64_t per_hour, uint64_t ms)
{
	return with_sign(kfrag_mul_div(kfrag_magnitude(per_hour), ms,
				       MS_PER_HOUR),
			 per_hour < 0);
}

/* -------------------------------------------------------------- medians */

static void swap(int64_t *a, int64_t *b)
{
	int64_t value = *a;

	*a = *b;
	*b = value;
}

static int64_t middle_of_three(int64_t a, int64_t b, int64_t c)
{
	if (a > b)
		swap(&a, &b);
	if (b > c)
		b = c;
	return a > b ? a : b;
}

/*
 * Puts into place `rank` what a sort would put there, nothing larger before
 * it (C. A. R. Hoare, "Algorithm 65: Find", 1961). Parts are three: equal
 * values are common, and must not slow it down.
 */
static int64_t select_rank(int64_t *values, size_t nr_values, size_t rank)
{
	size_t start = 0, end = nr_values;

	while (end - start > 1) {
		int64_t pivot = middle_of_three(
			values[start], values[start + (end - start) / 2],
			values[end - 1]);
		size_t less = start, at = start, more = end;

		while (at < more) {
			if (values[at] < pivot)
				swap(&values[at++], &values[less++]);
			else if (values[at] > pivot)
				swap(&values[at], &values[--more]);
			else
				at++;
		}
		if (rank < less)
			end = less;
		else if (rank >= more)
			start = more;
		else
			break;
	}
	return values[rank];
}

int64_t kfrag_slope_median(int64_t *values, size_t nr_values)
{
	int64_t upper, lower;

	if (nr_values == 0)
		return 0;
	upper = select_rank(values, nr_values, nr_values / 2);
	if (nr_values % 2)
		return upper;
	lower = values[0];
	for (size_t i = 1; i < nr_values / 2; i++)
		if (values[i] > lower)
			lower = values[i];
	/* The distance fits 64 bits without a sign, whatever both are. */
	return (int64_t)((uint64_t)lower +
			 ((uint64_t)upper - (uint64_t)lower) / 2);
}

/* ------------------------------------------------------------- the line */

/* Groups of neighbours: how many are left. values has room for a group. */
static size_t thin_out(struct kfrag_observation *observations,
		       size_t nr_observations, int64_t *values, size_t nr_room)
{
	size_t nr_groups = KFRAG_SLOPE_MAX_OBSERVATIONS;

	for (size_t i = 0; i < nr_groups; i++) {
		size_t start =
			(size_t)kfrag_mul_div(i, nr_observations, nr_groups);
		size_t end = (size_t)kfrag_mul_div(i + 1, nr_observations,
						   nr_groups);
		size_t stride = (size_t)kfrag_div_up(end - start, nr_room);
		uint64_t at_ms = observations[start + (end - start) / 2].at_ms;
		size_t nr_values = 0;

		for (size_t j = start; j < end; j += stride)
			values[nr_values++] = observations[j].value;
		observations[i].at_ms = at_ms;
		observations[i].value = kfrag_slope_median(values, nr_values);
	}
	return nr_groups;
}

static bool is_level(const struct kfrag_observation *observations,
		     size_t nr_observations)
{
	for (size_t i = 1; i < nr_observations; i++)
		if (observations[i].value != observations[0].value)
			return false;
	return true;
}

struct kfrag_line kfrag_slope_fit(struct kfrag_observation *observations,
				  size_t nr_observations, int64_t *pairs)
{
	struct kfrag_line line = { .nr_observations = nr_observations };
	size_t nr_pairs = 0;

	if (nr_observations == 0)
		return line;
	line.known = observations[nr_observations - 1].at_ms >
		     observations[0].at_ms;
	/* Most caches never change. */
	if (is_level(observations, nr_observations))
		return line;
	if (nr_observations > KFRAG_SLOPE_MAX_OBSERVATIONS)
		line.nr_observations = thin_out(observations, nr_observations,
						pairs, KFRAG_SLOPE_MAX_PAIRS);
	for (size_t j = 1; j < line.nr_observations; j++) {
		for (size_t i = 0; i < j; i++) {
			const struct kfrag_observation *a = &observations[i];
			const struct kfrag_observation *b = &observations[j];

			line.nr_climbs += b->value > a->value;
			line.nr_falls += b->value < a->value;
			if (b->at_ms > a->at_ms)
				pairs[nr_pairs++] = slope_of(a, b);
		}
	}
	assert(nr_pairs <= KFRAG_SLOPE_MAX_PAIRS);
	line.per_hour = kfrag_slope_median(pairs, nr_pairs);
	return line;
}
