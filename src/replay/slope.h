/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_SLOPE_H
#define KFRAG_REPLAY_SLOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A line through observations that a few wild ones cannot turn: the median of
 * the slopes of all pairs (H. Theil, "A rank-invariant method of linear and
 * polynomial regression analysis", 1950; P. K. Sen, "Estimates of the
 * regression coefficient based on Kendall's tau", 1968). Up to 29 % of the
 * observations may be anything.
 */
struct kfrag_observation {
	uint64_t at_ms; /* ascending */
	int64_t value; /* of magnitude below 2^62 */
};

/* Slopes of all pairs would be too many of more observations than these. */
#define KFRAG_SLOPE_MAX_OBSERVATIONS 256
#define KFRAG_SLOPE_MAX_PAIRS                                                  \
	(KFRAG_SLOPE_MAX_OBSERVATIONS * (KFRAG_SLOPE_MAX_OBSERVATIONS - 1) / 2)

struct kfrag_line {
	/* Whether two observations lie at different times. */
	bool known;
	int64_t per_hour; /* towards 0; ends at those of 64 bits */
	/* Of the pairs, how many climb, fall; the others are level. */
	uint64_t nr_climbs;
	uint64_t nr_falls;
	size_t nr_observations; /* as used */
};

/*
 * Fits a line; pairs is room for KFRAG_SLOPE_MAX_PAIRS. Of more observations
 * than KFRAG_SLOPE_MAX_OBSERVATIONS neighbours are put together first, into
 * that many groups, of which each stands for its median; `observations` are
 * then changed.
 */
struct kfrag_line kfrag_slope_fit(struct kfrag_observation *observations,
				  size_t nr_observations, int64_t *pairs);

/* What the line comes to in so much time; ends at those of 64 bits. */
int64_t kfrag_slope_times(int64_t per_hour, uint64_t ms);

/*
 * The median, of an even number of values the mean of both middle ones, rounded
 * down; 0 of none. Their order changes.
 */
int64_t kfrag_slope_median(int64_t *values, size_t nr_values);

#endif
