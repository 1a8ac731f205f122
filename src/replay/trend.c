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
 * in the middle is seen where the second half alone is such a climb. Where a population comes and goes, and its slope is that of where
 * the samples happen to begin and end, its low points are looked at instead.
 *
 * The order in which the verdicts are tried is part of them: verdict_of().
 * The thresholds stand in trend_rules.c.
 */
#include "kfrag/trend.h"

#include <stdlib.h>

#include "kfrag/arith.h"
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

/* Room for one series at a time, and what was found in it. */
struct scratch {
	struct kfrag_observation *observations; /* one per moment */
	uint64_t *values; /* the same */
	int64_t *pairs; /* KFRAG_SLOPE_MAX_PAIRS, or one per moment */
};

/* The points of a series from one on, and what its flows do there. */
struct window {
	const struct kfrag_series *series;
	size_t start;
	size_t nr_points;
	struct kfrag_slope slopes[KFRAG_NR_FLOWS];
	int64_t climbs_bytes[KFRAG_NR_FLOWS];
	bool is_climb[KFRAG_NR_FLOWS];
};

/* What the verdict is made of. */
struct evidence {
	struct kfrag_trend *trend;
	struct window whole;
	struct window recent; /* of no points where there are too few */
	struct kfrag_turns turns;
	bool is_smooth;
};

/* Part of whole in percent, at least so much? Neither side overflows. */
static bool is_share(uint64_t part, uint64_t whole, enum kfrag_rule percent)
{
	return part >= kfrag_mul_div(whole, kfrag_rule(percent), 100);
}

static bool is_material(uint64_t bytes)
{
	return bytes >= kfrag_rule(KFRAG_RULE_MIN_BYTES);
}

static uint64_t flow_of(const struct kfrag_point *point, enum kfrag_flow flow)
{
	switch (flow) {
	case KFRAG_FLOW_ACTIVE:
		return point->active_objs * point->series->size_bytes;
	case KFRAG_FLOW_TOTAL:
		return point->num_objs * point->series->size_bytes;
	default:
		return point->kernel_held_bytes;
	}
}

/* --------------------------------------------------------------- climbs */

static const struct kfrag_point *point_of(const struct window *window,
					  size_t index)
{
	return window->series->points[window->start + index];
}

static uint64_t ms_into(const struct window *window, size_t index)
{
	return point_of(window, index)->moment->at_ms -
	       point_of(window, 0)->moment->at_ms;
}

/* The median of the flow at `index` and as many neighbours as are usual. */
static int64_t level_at(const struct window *window, enum kfrag_flow flow,
			size_t index, int64_t *values)
{
	size_t nr = window->nr_points;
	size_t width = nr / 20 ? nr / 20 : 1;
	size_t start = index > width / 2 ? index - width / 2 : 0;

	if (start + width > nr)
		start = nr - width;
	for (size_t i = 0; i < width; i++)
		values[i] = (int64_t)flow_of(point_of(window, start + i), flow);
	return kfrag_slope_median(values, width);
}

/* Whether the last two fifths of the samples bring their part of a climb. */
static bool climbs_to_end(const struct window *window, enum kfrag_flow flow,
			  uint64_t climb_bytes, int64_t *values)
{
	size_t nr = window->nr_points;
	size_t at_4 = nr / 5 * 4 + nr % 5 * 4 / 5;
	size_t at_3 = nr / 5 * 3 + nr % 5 * 3 / 5;
	int64_t last = level_at(window, flow, nr - 1, values);
	int64_t fourth = level_at(window, flow, at_4, values);
	int64_t third = level_at(window, flow, at_3, values);

	return last > fourth && fourth > third &&
	       is_share((uint64_t)(last - fourth), climb_bytes,
			KFRAG_RULE_TAIL_PERCENT) &&
	       is_share((uint64_t)(fourth - third), climb_bytes,
			KFRAG_RULE_TAIL_PERCENT);
}

/*
 * Whether climbs outnumber falls by more than chance: Kendall's S against its
 * variance n (n - 1) (2n + 5) / 18, where order means nothing.
 */
static bool is_significant(const struct kfrag_line *line)
{
	uint64_t n = line->nr_observations;
	uint64_t sigmas = kfrag_rule(KFRAG_RULE_CLIMB_SIGMA);
	uint64_t excess;

	if (line->nr_climbs <= line->nr_falls)
		return false;
	excess = line->nr_climbs - line->nr_falls - 1;
	return excess * excess * 18 * 100 * 100 >=
	       sigmas * sigmas * n * (n - 1) * (2 * n + 5);
}

/* How far a point lies above a line from the first one; ends at 64 bits. */
static int64_t above_line(const struct window *window, enum kfrag_flow flow,
			  size_t index, int64_t per_hour)
{
	return kfrag_difference_i64(
		(int64_t)flow_of(point_of(window, index), flow),
		kfrag_slope_times(per_hour, ms_into(window, index)));
}

/* How far points lie from the line, the median of them. */
static uint64_t scatter_of(const struct window *window, enum kfrag_flow flow,
			   int64_t per_hour, int64_t *values)
{
	size_t nr = window->nr_points;
	int64_t middle;

	for (size_t i = 0; i < nr; i++)
		values[i] = above_line(window, flow, i, per_hour);
	middle = kfrag_slope_median(values, nr);
	for (size_t i = 0; i < nr; i++) {
		int64_t above = above_line(window, flow, i, per_hour);
		uint64_t distance =
			kfrag_magnitude(kfrag_difference_i64(above, middle));

		values[i] = distance > INT64_MAX ? INT64_MAX :
						   (int64_t)distance;
	}
	return (uint64_t)kfrag_slope_median(values, nr);
}

/* What wanders by chance may end high, too, but lies far from any line. */
static bool stands_out(const struct window *window, enum kfrag_flow flow,
		       const struct kfrag_line *line, uint64_t climb_bytes,
		       int64_t *values)
{
	return climb_bytes / kfrag_rule(KFRAG_RULE_CLIMB_SCATTER) >=
	       scatter_of(window, flow, line->per_hour, values);
}

static bool is_climb(const struct window *window, enum kfrag_flow flow,
		     const struct kfrag_line *line, int64_t *values)
{
	int64_t climb_bytes = window->climbs_bytes[flow];
	uint64_t bytes = climb_bytes > 0 ? (uint64_t)climb_bytes : 0;
	int64_t before = level_at(window, flow, window->nr_points / 10, values);

	return is_material(bytes) &&
	       is_share(bytes, (uint64_t)before, KFRAG_RULE_CLIMB_PERCENT) &&
	       is_significant(line) &&
	       climbs_to_end(window, flow, bytes, values) &&
	       stands_out(window, flow, line, bytes, values);
}

static void fit_flow(struct window *window, enum kfrag_flow flow,
		     const struct scratch *scratch)
{
	size_t nr = window->nr_points;
	struct kfrag_line line;

	for (size_t i = 0; i < nr; i++)
		scratch->observations[i] = (struct kfrag_observation){
			.at_ms = point_of(window, i)->moment->at_ms,
			.value = (int64_t)flow_of(point_of(window, i), flow),
		};
	line = kfrag_slope_fit(scratch->observations, nr, scratch->pairs);
	window->slopes[flow].known = line.known;
	window->slopes[flow].bytes_per_hour = line.per_hour;
	window->climbs_bytes[flow] =
		kfrag_slope_times(line.per_hour, ms_into(window, nr - 1));
	window->is_climb[flow] = is_climb(window, flow, &line, scratch->pairs);
}

static void set_window(struct window *window, const struct kfrag_series *series,
		       size_t nr_points, const struct scratch *scratch)
{
	*window = (struct window){
		.series = series,
		.start = series->nr_points - nr_points,
		.nr_points = nr_points,
	};
	for (int flow = 0; flow < KFRAG_NR_FLOWS; flow++)
		fit_flow(window, (enum kfrag_flow)flow, scratch);
}

/* All of it; and its second half, for what began in the middle. */
static void set_windows(struct evidence *evidence,
			const struct scratch *scratch)
{
	struct kfrag_trend *trend = evidence->trend;
	size_t nr = trend->series->nr_points;

	set_window(&evidence->whole, trend->series, nr, scratch);
	if (nr / 2 >= kfrag_rule(KFRAG_RULE_MIN_SAMPLES))
		set_window(&evidence->recent, trend->series, nr / 2, scratch);
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
		       const struct scratch *scratch)
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
	       is_material(range * trend->series->size_bytes) &&
	       is_share(range, most, KFRAG_RULE_RANGE_PERCENT) &&
	       (evidence->is_smooth ||
		is_share(range, most, KFRAG_RULE_WILD_PERCENT));
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
	       is_material(climb * trend->series->size_bytes) &&
	       is_share(climb, range, KFRAG_RULE_LOWS_PERCENT);
}

static bool is_trapped(const struct kfrag_trend *trend)
{
	const struct kfrag_point *last = trend->last, *most = trend->most;
	uint64_t most_objs = most->active_objs;
	uint64_t fall = most_objs - last->active_objs;
	uint64_t most_slabs = trend->most_slabs->num_slabs;
	uint64_t shed = most_slabs - last->num_slabs;
	/* That share of the slabs which fell as the objects did. */
	uint64_t fair =
		kfrag_mul_div(most_slabs, fall, most_objs ? most_objs : 1);
	uint64_t grown = 0;

	if (last->num_slabs > most->num_slabs)
		grown = last->num_slabs - most->num_slabs;
	return fall > 0 && last->num_slabs > trend->needed_slabs &&
	       is_material(trend->trapped_bytes) &&
	       is_share(fall, most_objs, KFRAG_RULE_FALL_PERCENT) &&
	       !is_share(shed, fair, KFRAG_RULE_KEPT_PERCENT) &&
	       is_share(last->num_slabs - trend->needed_slabs, last->num_slabs,
			KFRAG_RULE_SPARE_PERCENT) &&
	       (grown == 0 ||
		!is_share(grown, most->num_slabs, KFRAG_RULE_CLIMB_PERCENT));
}

/* Whether as much of a climb of total is objects in use as a leak makes it. */
static bool is_climb_in_use(const struct window *window)
{
	int64_t active = window->climbs_bytes[KFRAG_FLOW_ACTIVE];
	int64_t total = window->climbs_bytes[KFRAG_FLOW_TOTAL];

	if (active <= 0 || total <= 0)
		return active > 0;
	return is_share((uint64_t)active, (uint64_t)total,
			KFRAG_RULE_IN_USE_PERCENT);
}

static bool is_well_used(const struct kfrag_point *point)
{
	return is_share(point->active_objs, point->num_objs,
			KFRAG_RULE_USE_PERCENT);
}

static bool is_leak(const struct window *window)
{
	return window->is_climb[KFRAG_FLOW_ACTIVE] && is_climb_in_use(window) &&
	       (window->is_climb[KFRAG_FLOW_TOTAL] ||
		is_well_used(point_of(window, window->nr_points - 1)));
}

static bool is_bloat(const struct window *window)
{
	return window->is_climb[KFRAG_FLOW_TOTAL] && !is_climb_in_use(window);
}

/* Leak or bloat, else steady. */
static enum kfrag_verdict verdict_of_climbs(const struct evidence *evidence)
{
	const struct window *windows[] = { &evidence->whole,
					   &evidence->recent };

	for (int i = 0; i < 2; i++) {
		const struct window *window = windows[i];

		if (window->nr_points == 0)
			continue;
		evidence->trend->since = point_of(window, 0);
		if (is_bloat(window))
			return KFRAG_BLOAT;
		if (is_leak(window))
			return KFRAG_LEAK;
	}
	evidence->trend->since = evidence->trend->first;
	return KFRAG_STEADY;
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
	if (is_trapped(evidence->trend))
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
		      const struct scratch *scratch)
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
		       const struct scratch *scratch)
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

static enum kfrag_error scratch_init(struct scratch *scratch, size_t nr_moments)
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

static void scratch_release(struct scratch *scratch)
{
	free(scratch->observations);
	free(scratch->values);
	free(scratch->pairs);
}

enum kfrag_error kfrag_trends_init(struct kfrag_trends *trends,
				   const struct kfrag_history *history)
{
	size_t nr_rows = history->nr_series;
	struct scratch scratch = { 0 };
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
