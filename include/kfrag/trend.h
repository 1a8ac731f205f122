/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TREND_H
#define KFRAG_TREND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/history.h"
#include "kfrag/units.h"

/*
 * What becomes of a cache over a history: how fast it grows, and a verdict.
 * How each is reached, and why so: head of trend.c. All of it is integer
 * arithmetic, the same on every machine.
 */
enum kfrag_verdict {
	KFRAG_LEAK, /* objects in use climb to the end, slabs are used well */
	KFRAG_BLOAT, /* slabs climb to the end, objects in use do not */
	KFRAG_TRAPPED, /* objects in use fell, their slabs stayed */
	KFRAG_CYCLIC, /* objects in use come and go */
	KFRAG_STEADY, /* none of these */
	KFRAG_TOO_FEW, /* samples to tell */
	KFRAG_NR_VERDICTS
};

/* "leak", "bloat", "trapped", "cyclic", "steady", "too few". */
const char *kfrag_verdict_text(enum kfrag_verdict verdict);

/*
 * The thresholds of the verdicts, one row each: how it is called in the
 * manual, its value, and what it decides.
 */
struct kfrag_threshold {
	const char *name;
	uint64_t value;
	const char *unit; /* "samples", "%", "bytes", ... */
	const char *help; /* one line */
};

const struct kfrag_threshold *kfrag_trend_thresholds(size_t *nr_thresholds);

/* Bytes per hour; known where the history is timed and time has passed. */
struct kfrag_slope {
	bool known;
	int64_t bytes_per_hour;
};

/* Which figure of a point a slope is of. */
enum kfrag_flow {
	KFRAG_FLOW_ACTIVE, /* active_objs x size_bytes */
	KFRAG_FLOW_TOTAL, /* num_objs x size_bytes */
	KFRAG_FLOW_HELD, /* kernel_held_bytes */
	KFRAG_NR_FLOWS
};

struct kfrag_trend {
	const struct kfrag_series *series;
	enum kfrag_verdict verdict;
	struct kfrag_slope slopes[KFRAG_NR_FLOWS];
	/*
	 * What the slopes come to between the first and the last point, in
	 * bytes; 0 for one point.
	 */
	int64_t climbs_bytes[KFRAG_NR_FLOWS];
	/* Until held is twice what it is now; where its slope is above 0. */
	struct kfrag_opt doubling_seconds;
	const struct kfrag_point *first;
	const struct kfrag_point *last;
	/* Of leak and bloat: from here on it climbs; else the first. */
	const struct kfrag_point *since;
	const struct kfrag_point *least; /* fewest active_objs, the last such */
	const struct kfrag_point *most; /* most active_objs, the last such */
	const struct kfrag_point *most_slabs; /* the first such */
	/* Slabs that active_objs of the last point need when packed full. */
	uint64_t needed_slabs;
	/* And the bytes of those that are held beyond them. */
	uint64_t trapped_bytes;
	/* Times that active_objs turned, from up to down or back. */
	uint64_t nr_turns;
	/* From a turn to the next but one, on average; where timed. */
	struct kfrag_opt period_seconds;
};

struct kfrag_trends {
	const struct kfrag_history *history;
	struct kfrag_trend *rows; /* one per series, in its order */
	size_t nr_rows;
	size_t nr_of[KFRAG_NR_VERDICTS];
	/* All caches together: slopes of the moments' sums. */
	struct kfrag_slope slopes[KFRAG_NR_FLOWS];
};

/*
 * The history must outlive the trends, which are the caller's to release.
 * KFRAG_ENOMEM leaves them empty.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_trends_init(struct kfrag_trends *trends,
		  const struct kfrag_history *history);
void kfrag_trends_release(struct kfrag_trends *trends);

#endif
