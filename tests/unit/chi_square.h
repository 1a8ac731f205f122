/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TESTS_CHI_SQUARE_H
#define KFRAG_TESTS_CHI_SQUARE_H

/* Whether counts fit the chances that they were drawn with. */
#include <stddef.h>
#include <stdint.h>

#include "expect.h"

/*
 * The sum of (seen - expected)^2 / expected has mean d and variance 2 d for d
 * degrees of freedom: more than five deviations above is no chance.
 */
static inline void check_chi_square(const uint64_t *seen, const double *chances,
				    size_t nr_bins)
{
	double total = 0, sum = 0, degrees = (double)nr_bins - 1;

	for (size_t i = 0; i < nr_bins; i++)
		total += (double)seen[i];
	for (size_t i = 0; i < nr_bins; i++) {
		double expected = chances[i] * total;
		double off = (double)seen[i] - expected;

		ck_assert_double_gt(expected, 5);
		sum += off * off / expected;
	}
	ck_assert_msg(sum <= degrees || (sum - degrees) * (sum - degrees) <
						25 * 2 * degrees,
		      "chi square is %.1f with %.0f degrees of freedom", sum,
		      degrees);
}

#endif
