// SPDX-License-Identifier: MIT
/*
 * What a population does, told from its samples.
 *
 * Three figures of a cache change: the objects in use (active), the slots
 * there are (total), and the memory of its slabs (held). What they do
 * together tells one trouble from another:
 *
 *   leak     someone allocates and does not free: active climbs, and total
 *            with it, since no slot stays free
 *   bloat    slabs are added although slots are free: total climbs, active
 *            does not. So does a cache whose short peaks no sample saw
 *   trapped  objects were freed, but each slab still holds one that lives,
 *            and cannot be given back: active fell, held did not
 *   cyclic   active comes and goes
 *
 * A climb is more than two different ends: a cache that was filled once, at a
 * mount or by a build, stands as high at its end. So a climb must be there in
 * the robust line through all samples (slope.c), in most pairs of samples
 * (M. G. Kendall, "A new measure of rank correlation", 1938; H. B. Mann,
 * "Nonparametric tests against trend", 1945), it must be large against what
 * samples lie off the line, and it must go on in the last of them. What began
 * in the middle is seen where the second half alone is such a climb. Where a
 * population comes and goes, and its slope is that of where the samples happen
 * to begin and end, its low points are looked at instead.
 *
 * The order in which the verdicts are tried is part of them: verdict_of().
 * The thresholds stand in trend_rules.c.
 */
#include "kfrag/trend.h"

#include <stdlib.h>

#include "kfrag/arith.h"
#include "replay/climb.h"
#include "replay/slope.h"
#include "replay/trend_rules.h"
#include "replay/turns.h"

const char *kfrag_verdict_text(enum kfrag_verdict verdict)
{
	static const char *const texts[KFRAG_NR_VERDICTS] = {
		[KFRAG_LEAK] = "leak",	     [KFRAG_BLOAT] = "bloat",
		[KFRAG_TRAPPED] = "trapped", [KFRAG_CYCLIC] = "cyclic",
		[KFRAG_STEADY] = "steady",   [KFRAG_TOO_FEW] = "too few",
	};

	return texts[verdict];
}

/* What the verdict is made of. */
struct evidence {
	struct kfrag_trend *trend;
	struct kfrag_window whole;
	struct kfrag_window recent; /* of no points where there are too few */
	struct kfrag_turns turns;
	bool is_smooth;
};

/* -------------------------------------------------------------- windows */

/* All of it; and its second half, for what began in the middle. */
static void set_windows(struct evidence *evidence,
			const struct kfrag_climb_scratch *scratch)
{
	struct kfrag_trend *trend = evidence->trend;
	size_t nr = trend->series->nr_points;

	kfrag_window_init(&evidence->whole, trend->series, nr, scratch);
	if (nr / 2 >= kfrag_rule(KFRAG_RULE_MIN_SAMPLES))
		kfrag_window_init(&evidence->recent, trend->series, nr / 2,
				  scratch);
	for (int flow = 0; flow < KFRAG_NR_FLOWS; flow++) {
		trend->slopes[flow] = evidence->whole.slopes[flow];
		trend->climbs_bytes[flow] = evidence->whole.climbs_bytes[flow];
	}
}

/* ------------------------------------------------------- what it went by */

static void find_extremes(struct kfrag_trend *trend)
{
	const struct kfrag_series *series = trend->series;

	trend->first = trend->since = series->points[0];
	trend->last = series->points[series->nr_points - 1];
	trend->least = trend->most = trend->most_slabs = trend->first;
	for (size_t i = 1; i < series->nr_points; i++) {
		const struct kfrag_point *point = series->points[i];

		if (point->active_objs <= trend->least->active_objs)
			trend->least = point;
		if (point->active_objs >= trend->most->active_objs)
			trend->most = point;
		if (point->num_slabs > trend->most_slabs->num_slabs)
			trend->most_slabs = point;
	}
}

static void find_spare_slabs(struct kfrag_trend *trend)
{
	const struct kfrag_point *last = trend->last;
	uint64_t needed = kfrag_div_up(last->active_objs, last->objs_per_slab);

	trend->needed_slabs = needed;
	if (needed < last->num_slabs)
		trend->trapped_bytes = kfrag_mul_div(last->kernel_held_bytes,
						     last->num_slabs - needed,
						     last->num_slabs);
}

static void find_turns(struct kfrag_trend *trend, struct evidence *evidence,
		       const struct kfrag_climb_scratch *scratch)
{
	const struct kfrag_series *series = trend->series;
	uint64_t range = trend->most->active_objs - trend->least->active_objs;
	uint64_t swing =
		kfrag_mul_div(range, kfrag_rule(KFRAG_RULE_SWING_PERCENT), 100);
	const struct kfrag_turns *turns = &evidence->turns;
	uint64_t ms;

	if (swing == 0)
		return;
	for (size_t i = 0; i < series->nr_points; i++)
		scratch->values[i] = series->points[i]->active_objs;
	evidence->turns =
		kfrag_turns_find(scratch->values, series->nr_points, swing);
	evidence->is_smooth =
		kfrag_turns_is_smooth(scratch->values, series->nr_points);
	trend->nr_turns = turns->nr_turns;
	if (turns->nr_turns < 2)
		return;
	ms = series->points[turns->last]->moment->at_ms -
	     series->points[turns->first]->moment->at_ms;
	trend->period_seconds =
		kfrag_known(kfrag_mul_div(ms, 2, turns->nr_turns - 1) / 1000);
}

/* -------------------------------------------------------------- verdicts */

static bool is_cyclic(const struct evidence *evidence)
{
	const struct kfrag_trend *trend = evidence->trend;
	uint64_t most = trend->most->active_objs;
	uint64_t range = most - trend->least->active_objs;

	return evidence->turns.nr_turns >= kfrag_rule(KFRAG_RULE_TURNS) &&
	       kfrag_is_material(range * trend->series->size_bytes) &&
	       kfrag_is_share(range, most, KFRAG_RULE_RANGE_PERCENT) &&
	       (evidence->is_smooth ||
		kfrag_is_share(range, most, KFRAG_RULE_WILD_PERCENT));
}

/* Of a population that comes and goes: what it comes back to climbs. */
static bool lows_climb(const struct evidence *evidence)
{
	const struct kfrag_trend *trend = evidence->trend;
	const struct kfrag_turns *turns = &evidence->turns;
	uint64_t range = trend->most->active_objs - trend->least->active_objs;
	uint64_t climb = turns->last_low - turns->first_low;

	return turns->lows_climb &&
	       turns->nr_lows >= kfrag_rule(KFRAG_RULE_LOWS) &&
	       kfrag_is_material(climb * trend->series->size_bytes) &&
	       kfrag_is_share(climb, range, KFRAG_RULE_LOWS_PERCENT);
}

/* Objects in use fell, and far more slabs stayed than they need. */
static bool is_hollow(const struct kfrag_trend *trend)
{
	const struct kfrag_point *last = trend->last;
	uint64_t most_objs = trend->most->active_objs;
	uint64_t fall = most_objs - last->active_objs;
	uint64_t most_slabs = trend->most_slabs->num_slabs;
	uint64_t shed = most_slabs - last->num_slabs;
	/* That share of the slabs which fell as the objects did. */
	uint64_t fair =
		kfrag_mul_div(most_slabs, fall, most_objs ? most_objs : 1);

	return fall > 0 && last->num_slabs > trend->needed_slabs &&
	       kfrag_is_material(trend->trapped_bytes) &&
	       kfrag_is_share(fall, most_objs, KFRAG_RULE_FALL_PERCENT) &&
	       !kfrag_is_share(shed, fair, KFRAG_RULE_KEPT_PERCENT) &&
	       kfrag_is_share(last->num_slabs - trend->needed_slabs,
			      last->num_slabs, KFRAG_RULE_SPARE_PERCENT);
}

/* Whether slabs were added since most objects were in use. */
static bool has_grown_since(const struct kfrag_trend *trend)
{
	uint64_t then = trend->most->num_slabs;
	uint64_t now = trend->last->num_slabs;

	return now > then &&
	       kfrag_is_share(now - then, then, KFRAG_RULE_CLIMB_PERCENT);
}

/* Whether as much of a climb of total is objects in use as a leak makes it. */
static bool is_climb_in_use(const struct kfrag_window *window)
{
	int64_t active = window->climbs_bytes[KFRAG_FLOW_ACTIVE];
	int64_t total = window->climbs_bytes[KFRAG_FLOW_TOTAL];

	if (active <= 0 || total <= 0)
		return active > 0;
	return kfrag_is_share((uint64_t)active, (uint64_t)total,
			      KFRAG_RULE_IN_USE_PERCENT);
}

static bool is_well_used(const struct kfrag_point *point)
{
	return kfrag_is_share(point->active_objs, point->num_objs,
			      KFRAG_RULE_USE_PERCENT);
}

static bool is_leak(const struct kfrag_window *window)
{
	return window->is_climb[KFRAG_FLOW_ACTIVE] && is_climb_in_use(window) &&
	       (window->is_climb[KFRAG_FLOW_TOTAL] ||
		is_well_used(
			kfrag_window_point(window, window->nr_points - 1)));
}

static bool is_bloat(const struct kfrag_window *window)
{
	return window->is_climb[KFRAG_FLOW_TOTAL] && !is_climb_in_use(window);
}

/* Leak or bloat, else steady. */
static enum kfrag_verdict verdict_of_climbs(const struct evidence *evidence)
{
	const struct kfrag_window *windows[] = { &evidence->whole,
						 &evidence->recent };

	for (int i = 0; i < 2; i++) {
		const struct kfrag_window *window = windows[i];

		if (window->nr_points == 0)
			continue;
		evidence->trend->since = kfrag_window_point(window, 0);
		if (is_bloat(window))
			return KFRAG_BLOAT;
		if (is_leak(window))
			return KFRAG_LEAK;
	}
	/* It climbed, though not to the end, while objects went. */
	evidence->trend->since = evidence->trend->first;
	return is_hollow(evidence->trend) ? KFRAG_BLOAT : KFRAG_STEADY;
}

static enum kfrag_verdict verdict_of(const struct evidence *evidence)
{
	size_t nr = evidence->trend->series->nr_points;
	bool have_enough = nr >= kfrag_rule(KFRAG_RULE_MIN_SAMPLES);

	if (nr < kfrag_rule(KFRAG_RULE_MIN_SAMPLES_TRAPPED))
		return KFRAG_TOO_FEW;
	if (have_enough && is_cyclic(evidence)) {
		if (is_bloat(&evidence->whole))
			return KFRAG_BLOAT;
		return lows_climb(evidence) ? KFRAG_LEAK : KFRAG_CYCLIC;
	}
	if (is_hollow(evidence->trend) && !has_grown_since(evidence->trend))
		return KFRAG_TRAPPED;
	return have_enough ? verdict_of_climbs(evidence) : KFRAG_TOO_FEW;
}

/* ------------------------------------------------------------ all of them */

static void set_slope_known(struct kfrag_slope *slopes, bool is_timed)
{
	for (int flow = 0; flow < KFRAG_NR_FLOWS; flow++) {
		slopes[flow].known = slopes[flow].known && is_timed;
		if (!slopes[flow].known)
			slopes[flow].bytes_per_hour = 0;
	}
}

static void find_doubling(struct kfrag_trend *trend)
{
	const struct kfrag_slope *held = &trend->slopes[KFRAG_FLOW_HELD];

	if (held->known && held->bytes_per_hour > 0)
		trend->doubling_seconds = kfrag_known(
			kfrag_mul_div(trend->last->kernel_held_bytes, 3600,
				      (uint64_t)held->bytes_per_hour));
}

static void set_trend(struct kfrag_trend *trend,
		      const struct kfrag_series *series, bool is_timed,
		      const struct kfrag_climb_scratch *scratch)
{
	struct evidence evidence = { .trend = trend };

	*trend = (struct kfrag_trend){ .series = series };
	find_extremes(trend);
	find_spare_slabs(trend);
	set_windows(&evidence, scratch);
	find_turns(trend, &evidence, scratch);
	trend->verdict = verdict_of(&evidence);
	set_slope_known(trend->slopes, is_timed);
	if (!is_timed)
		trend->period_seconds = kfrag_unknown();
	find_doubling(trend);
}

static uint64_t total_flow_of(const struct kfrag_moment *moment,
			      enum kfrag_flow flow)
{
	switch (flow) {
	case KFRAG_FLOW_ACTIVE:
		return moment->active_bytes;
	case KFRAG_FLOW_TOTAL:
		return moment->active_bytes + moment->kernel_idle_bytes;
	default:
		return moment->kernel_held_bytes;
	}
}

static void fit_totals(struct kfrag_trends *trends,
		       const struct kfrag_climb_scratch *scratch)
{
	const struct kfrag_history *history = trends->history;

	for (int flow = 0; flow < KFRAG_NR_FLOWS; flow++) {
		struct kfrag_line line;

		for (size_t i = 0; i < history->nr_moments; i++)
			scratch->observations[i] = (struct kfrag_observation){
				.at_ms = history->moments[i].at_ms,
				.value = (int64_t)total_flow_of(
					&history->moments[i],
					(enum kfrag_flow)flow),
			};
		line = kfrag_slope_fit(scratch->observations,
				       history->nr_moments, scratch->pairs);
		trends->slopes[flow].known = line.known;
		trends->slopes[flow].bytes_per_hour = line.per_hour;
	}
	set_slope_known(trends->slopes, history->is_timed);
}

static enum kfrag_error scratch_init(struct kfrag_climb_scratch *scratch,
				     size_t nr_moments)
{
	size_t nr = nr_moments ? nr_moments : 1;
	size_t nr_pairs = nr > KFRAG_SLOPE_MAX_PAIRS ? nr :
						       KFRAG_SLOPE_MAX_PAIRS;

	scratch->observations = calloc(nr, sizeof(*scratch->observations));
	scratch->values = calloc(nr, sizeof(*scratch->values));
	scratch->pairs = calloc(nr_pairs, sizeof(*scratch->pairs));
	if (!scratch->observations || !scratch->values || !scratch->pairs)
		return KFRAG_ENOMEM;
	return KFRAG_OK;
}

static void scratch_release(struct kfrag_climb_scratch *scratch)
{
	free(scratch->observations);
	free(scratch->values);
	free(scratch->pairs);
}

enum kfrag_error kfrag_trends_init(struct kfrag_trends *trends,
				   const struct kfrag_history *history)
{
	size_t nr_rows = history->nr_series;
	struct kfrag_climb_scratch scratch = { 0 };
	enum kfrag_error error;

	*trends = (struct kfrag_trends){ .history = history };
	error = scratch_init(&scratch, history->nr_moments);
	trends->rows = calloc(nr_rows ? nr_rows : 1, sizeof(*trends->rows));
	if (error || !trends->rows) {
		scratch_release(&scratch);
		kfrag_trends_release(trends);
		return KFRAG_ENOMEM;
	}
	for (size_t i = 0; i < nr_rows; i++) {
		set_trend(&trends->rows[i], &history->series[i],
			  history->is_timed, &scratch);
		trends->nr_of[trends->rows[i].verdict]++;
	}
	trends->nr_rows = nr_rows;
	fit_totals(trends, &scratch);
	scratch_release(&scratch);
	return KFRAG_OK;
}

void kfrag_trends_release(struct kfrag_trends *trends)
{
	free(trends->rows);
	*trends = (struct kfrag_trends){ 0 };
}
