/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_CLIMB_H
#define KFRAG_REPLAY_CLIMB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/arith.h"
#include "kfrag/trend.h"
#include "replay/slope.h"
#include "replay/trend_rules.h"

/* Room for the points of one series at a time. */
struct kfrag_climb_scratch {
	struct kfrag_observation *observations; /* one per moment */
	uint64_t *values; /* the same */
	int64_t *pairs; /* KFRAG_SLOPE_MAX_PAIRS, or one per moment */
};

/* The points of a series from one on, and what its flows do there. */
struct kfrag_window {
	const struct kfrag_series *series;
	size_t start;
	size_t nr_points;
	struct kfrag_slope slopes[KFRAG_NR_FLOWS];
	int64_t climbs_bytes[KFRAG_NR_FLOWS];
	bool is_climb[KFRAG_NR_FLOWS]; /* and not chance, and to the end */
};

/* The last nr_points of a series, at least one. */
void kfrag_window_init(struct kfrag_window *window,
		       const struct kfrag_series *series, size_t nr_points,
		       const struct kfrag_climb_scratch *scratch);

static inline const struct kfrag_point *
kfrag_window_point(const struct kfrag_window *window, size_t index)
{
	return window->series->points[window->start + index];
}

/* Whether part is as much of the whole as a rule says, in percent. */
static inline bool kfrag_is_share(uint64_t part, uint64_t whole,
				  enum kfrag_rule percent)
{
	return part >= kfrag_mul_div(whole, kfrag_rule(percent), 100);
}

/* Whether bytes are worth a word. */
static inline bool kfrag_is_material(uint64_t bytes)
{
	return bytes >= kfrag_rule(KFRAG_RULE_MIN_BYTES);
}

#endif
