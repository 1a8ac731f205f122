/* SPDX-License-Identifier: MIT */
#ifndef FIXTURE_TREND_H
#define FIXTURE_TREND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/history.h"
#include "kfrag/random.h"
#include "kfrag/trend.h"
#include "kfrag/trend_output.h"

/* Samples of caches whose verdicts are known, and what is made of them. */
struct fixture_trend {
	struct kfrag_history history;
	struct kfrag_trends trends;
	struct kfrag_trend_rows rows;
};

/*
 * Caches by place. All have slots of 1 KiB, four to a slab of a page, as many
 * slabs as they have slots for, and ten samples; see fixture_trend.c.
 */
enum fixture_trend_cache {
	FIXTURE_FLAT, /* 100 all the time */
	FIXTURE_GROWN, /* grew once */
	FIXTURE_FALLEN, /* fell, and its slabs with it */
	FIXTURE_WANDERING,
	FIXTURE_UNUSED, /* no object at any time */
	FIXTURE_CYCLIC,
	FIXTURE_TRAPPED,
	FIXTURE_BLOATED,
	FIXTURE_LEAKING,
	FIXTURE_LATE, /* in the last two samples only; a hostile name */
	FIXTURE_NR_TRENDS
};

#define FIXTURE_TREND_SAMPLES 10

/* How samples say when they are. */
enum fixture_times {
	FIXTURE_HOURLY, /* from the epoch's 1700000000 on */
	FIXTURE_NO_TIMES
};

/* The first nr_samples of the ten, all of the source 0. */
void fixture_trend_init(struct fixture_trend *fixture, size_t nr_samples,
			enum fixture_times times, uint64_t interval_ms);

/* Only the caches from `first` on, `nr` of them. */
void fixture_trend_init_some(struct fixture_trend *fixture,
			     enum fixture_trend_cache first, size_t nr);

/*
 * Random populations under random names, in up to 40 samples of sources 0 and
 * 1, with or without times.
 */
void fixture_trend_random(struct fixture_trend *fixture,
			  struct kfrag_random *random);
void fixture_trend_release(struct fixture_trend *fixture);

#endif
