// SPDX-License-Identifier: MIT
#include "output/trend_evidence.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kfrag/arith.h"
#include "output/figures.h"
#include "output/paragraph.h"

/* Later than that is never. */
#define MAX_DOUBLING_SECONDS (UINT64_C(10) * 31556952)

uint64_t kfrag_trend_threshold(const char *name)
{
	size_t nr_rules;
	const struct kfrag_threshold *rules = kfrag_trend_thresholds(&nr_rules);

	for (size_t i = 0; i < nr_rules; i++)
		if (strcmp(rules[i].name, name) == 0)
			return rules[i].value;
	return 0;
}

#define MS_PER_HOUR 3600000

static const char *count(uint64_t number, char buf[KFRAG_UNITS_SIZE])
{
	return kfrag_units_count(number, buf);
}

static const char *noun(uint64_t number, const char *name,
			char buf[KFRAG_UNITS_SIZE])
{
	kfrag_figure_noun(number, name, buf);
	return kfrag_paragraph_join(buf);
}

/* Slots in use: "97 %". */
static const char *use(const struct kfrag_point *point,
		       char buf[KFRAG_UNITS_SIZE])
{
	kfrag_figure_full_percent(point->active_objs, point->num_objs, buf);
	return kfrag_paragraph_join(buf);
}

/* "+60.6 %" from one population to another. */
static const char *change(const struct kfrag_point *before,
			  const struct kfrag_point *now,
			  char buf[KFRAG_UNITS_SIZE])
{
	int64_t objs =
		kfrag_difference_u64(now->active_objs, before->active_objs);

	kfrag_figure_change_percent(objs, before->active_objs, buf);
	return kfrag_paragraph_join(buf);
}

/* Which samples of a cache a climb is looked at in. */
struct climb {
	const struct kfrag_point *from;
	const struct kfrag_point *to;
	size_t nr_samples; /* the last so many; 0: all */
};

static struct climb climb_of(const struct kfrag_trend *trend)
{
	const struct kfrag_series *series = trend->series;
	struct climb climb = { .from = trend->since, .to = trend->last };
	size_t start = 0;

	while (start < series->nr_points &&
	       series->points[start] != trend->since)
		start++;
	if (start > 0)
		climb.nr_samples = series->nr_points - start;
	return climb;
}

/* " over the last 20 of 90 samples", "" where it is all of them. */
#define SPAN_SIZE 96

static const char *span(const struct kfrag_trend *trend,
			const struct climb *climb, char buf[SPAN_SIZE])
{
	char some[KFRAG_UNITS_SIZE], all[KFRAG_UNITS_SIZE];

	*buf = '\0';
	if (climb->nr_samples > 0)
		snprintf(buf, SPAN_SIZE, " over the last %.30s of %.30s",
			 count(climb->nr_samples, some),
			 noun(trend->series->nr_points, "sample", all));
	return buf;
}

static uint64_t flow_of(const struct kfrag_point *point, enum kfrag_flow flow)
{
	uint64_t objs = flow == KFRAG_FLOW_ACTIVE ? point->active_objs :
						    point->num_objs;

	return objs * point->series->size_bytes;
}

/* The slope of all samples, or the line from end to end of the last ones. */
static struct kfrag_slope pace_of(const struct kfrag_trend *trend,
				  const struct climb *climb,
				  enum kfrag_flow flow)
{
	struct kfrag_slope pace = trend->slopes[flow];
	int64_t bytes = kfrag_difference_u64(flow_of(climb->to, flow),
					     flow_of(climb->from, flow));
	uint64_t ms = climb->to->moment->at_ms - climb->from->moment->at_ms;
	uint64_t rise = bytes > 0 ? (uint64_t)bytes : 0;

	if (climb->nr_samples == 0) {
		if (!pace.known)
			pace.bytes_per_hour = trend->climbs_bytes[flow];
		return pace;
	}
	if (pace.known && ms > 0)
		rise = kfrag_mul_div(rise, MS_PER_HOUR, ms);
	else
		pace.known = false;
	pace.bytes_per_hour = rise < INT64_MAX ? (int64_t)rise : INT64_MAX;
	return pace;
}

#define PACE_SIZE (KFRAG_UNITS_SIZE + 16)

/* "1.20 MiB an hour", or what it comes to where hours are unknown. */
static const char *pace_text(const struct kfrag_slope *pace,
			     char buf[PACE_SIZE])
{
	char text[KFRAG_UNITS_SIZE];

	kfrag_units_signed_bytes(pace->bytes_per_hour, text);
	snprintf(buf, PACE_SIZE, "%s%s", kfrag_paragraph_join(text),
		 pace->known ? " an hour" : "");
	return buf;
}

/*
 * "; held doubles in 3.2 h", where it ever does. It is of the slope of all
 * samples.
 */
static const char *doubling(const struct kfrag_trend *trend,
			    const struct climb *climb, char buf[PACE_SIZE])
{
	uint64_t seconds = trend->doubling_seconds.value;
	char text[KFRAG_UNITS_SIZE];

	*buf = '\0';
	if (climb->nr_samples > 0 || !trend->doubling_seconds.known ||
	    seconds > MAX_DOUBLING_SECONDS)
		return buf;
	kfrag_figure_seconds(seconds, text);
	snprintf(buf, PACE_SIZE, "; held doubles in %.40s",
		 kfrag_paragraph_join(text));
	return buf;
}

static uint64_t least_of(const struct kfrag_point *const *points,
			 size_t nr_points)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < nr_points; i++)
		if (points[i]->active_objs < least)
			least = points[i]->active_objs;
	return least;
}

static uint64_t most_of(const struct kfrag_point *const *points,
			size_t nr_points)
{
	uint64_t most = 0;

	for (size_t i = 0; i < nr_points; i++)
		if (points[i]->active_objs > most)
			most = points[i]->active_objs;
	return most;
}

/* What comes and goes leaks where it comes back to more and more. */
static bool tell_lows(const struct kfrag_trend *trend, char *buf)
{
	const struct kfrag_point *const *points = trend->series->points;
	size_t nr = trend->series->nr_points, half = nr / 2;
	char turns[KFRAG_UNITS_SIZE], a[KFRAG_UNITS_SIZE];
	char b[KFRAG_UNITS_SIZE], percent[KFRAG_UNITS_SIZE];
	uint64_t low, next_low;

	if (trend->nr_turns < kfrag_trend_threshold("cyclic-turns") ||
	    half == 0)
		return false;
	low = least_of(points, half);
	next_low = least_of(points + half, nr - half);
	if (next_low <= low)
		return false;
	snprintf(buf, KFRAG_EVIDENCE_SIZE,
		 "objects in use come and go (%s), but do not come back to "
		 "where they were: there were %s at least in the first half "
		 "of the samples, %s in the second, and %s of the slots are "
		 "in use",
		 noun(trend->nr_turns, "turn", turns), count(low, a),
		 count(next_low, b), use(trend->last, percent));
	return true;
}

static void tell_leak(const struct kfrag_trend *trend, char *buf)
{
	struct climb climb = climb_of(trend);
	struct kfrag_slope pace = pace_of(trend, &climb, KFRAG_FLOW_ACTIVE);
	char per_hour[PACE_SIZE], doubles[PACE_SIZE], samples[SPAN_SIZE];
	char a[KFRAG_UNITS_SIZE], b[KFRAG_UNITS_SIZE];
	char percent[KFRAG_UNITS_SIZE];

	if (tell_lows(trend, buf))
		return;
	snprintf(buf, KFRAG_EVIDENCE_SIZE,
		 "objects in use climb%s by %s, from %s to %s, and %s of their "
		 "slots are in use%s",
		 span(trend, &climb, samples), pace_text(&pace, per_hour),
		 count(climb.from->active_objs, a),
		 count(climb.to->active_objs, b), use(climb.to, percent),
		 doubling(trend, &climb, doubles));
}

static void tell_bloat(const struct kfrag_trend *trend, char *buf)
{
	struct climb climb = climb_of(trend);
	struct kfrag_slope slots = pace_of(trend, &climb, KFRAG_FLOW_TOTAL);
	struct kfrag_slope objs = pace_of(trend, &climb, KFRAG_FLOW_ACTIVE);
	char slots_text[PACE_SIZE], objs_text[PACE_SIZE];
	char doubles[PACE_SIZE], samples[SPAN_SIZE];
	char a[KFRAG_UNITS_SIZE], b[KFRAG_UNITS_SIZE];
	char before[KFRAG_UNITS_SIZE], now[KFRAG_UNITS_SIZE];
	bool climbs = objs.bytes_per_hour > 0;

	snprintf(buf, KFRAG_EVIDENCE_SIZE,
		 "slots climb%s by %s, from %s to %s, but objects in use%s%s: "
		 "%s of the slots were in use, now %s are%s",
		 span(trend, &climb, samples), pace_text(&slots, slots_text),
		 count(climb.from->num_objs, a), count(climb.to->num_objs, b),
		 climbs ? " only by " : "",
		 climbs ? pace_text(&objs, objs_text) : " do not",
		 use(climb.from, before), use(climb.to, now),
		 doubling(trend, &climb, doubles));
}

static void tell_trapped(const struct kfrag_trend *trend, char *buf)
{
	uint64_t last_slabs = trend->last->num_slabs;
	uint64_t most_slabs = trend->most_slabs->num_slabs;
	char a[KFRAG_UNITS_SIZE], b[KFRAG_UNITS_SIZE];
	char percent[KFRAG_UNITS_SIZE], needed[KFRAG_UNITS_SIZE];
	char now[KFRAG_UNITS_SIZE], most[KFRAG_UNITS_SIZE];
	char bytes[KFRAG_UNITS_SIZE];

	kfrag_units_bytes(trend->trapped_bytes, bytes);
	snprintf(buf, KFRAG_EVIDENCE_SIZE,
		 "in use fell from %s to %s (%s), but %s%s%s stay; packed "
		 "full, %s would do: %s are trapped",
		 noun(trend->most->active_objs, "object", a),
		 count(trend->last->active_objs, b),
		 change(trend->most, trend->last, percent),
		 count(last_slabs, now), last_slabs < most_slabs ? " of " : "",
		 last_slabs < most_slabs ? noun(most_slabs, "slab", most) :
					   " slabs",
		 count(trend->needed_slabs, needed),
		 kfrag_paragraph_join(bytes));
}

static void tell_cyclic(const struct kfrag_trend *trend, char *buf)
{
	char least[KFRAG_UNITS_SIZE], most[KFRAG_UNITS_SIZE];
	char turns[KFRAG_UNITS_SIZE], period[KFRAG_UNITS_SIZE] = "";
	bool known = trend->period_seconds.known;

	if (known)
		kfrag_figure_seconds(trend->period_seconds.value, period);
	snprintf(buf, KFRAG_EVIDENCE_SIZE,
		 "objects in use come and go between %s and %s: %s%s%s",
		 count(trend->least->active_objs, least),
		 count(trend->most->active_objs, most),
		 noun(trend->nr_turns, "turn", turns),
		 known ? ", there and back in about " : "",
		 kfrag_paragraph_join(period));
}

/* ---------------------------------------------------------------- steady */

/* A range that is not worth a word about its way. */
static bool is_flat(const struct kfrag_trend *trend)
{
	uint64_t most = trend->most->active_objs;

	return most - trend->least->active_objs <= most / 20;
}

/* Whether the last third of the samples lies within a quarter of the range. */
static bool stays_at_end(const struct kfrag_trend *trend)
{
	size_t nr = trend->series->nr_points, third = (nr + 2) / 3;
	const struct kfrag_point *const *end =
		trend->series->points + nr - third;
	uint64_t range = trend->most->active_objs - trend->least->active_objs;

	return most_of(end, third) - least_of(end, third) <= range / 4;
}

static void tell_growth(const struct kfrag_trend *trend, char *buf)
{
	char a[KFRAG_UNITS_SIZE], b[KFRAG_UNITS_SIZE];
	char percent[KFRAG_UNITS_SIZE];

	snprintf(buf, KFRAG_EVIDENCE_SIZE,
		 "objects in use grew from %s to %s (%s)%s",
		 count(trend->first->active_objs, a),
		 count(trend->last->active_objs, b),
		 change(trend->first, trend->last, percent),
		 stays_at_end(trend) ? " and stay there" :
				       ", but do not climb all the way");
}

static void tell_fall(const struct kfrag_trend *trend, char *buf)
{
	uint64_t before = trend->most_slabs->num_slabs;
	uint64_t now = trend->last->num_slabs;
	char a[KFRAG_UNITS_SIZE], b[KFRAG_UNITS_SIZE];
	char slabs[KFRAG_UNITS_SIZE], rest[KFRAG_UNITS_SIZE];
	char percent[KFRAG_UNITS_SIZE];

	snprintf(buf, KFRAG_EVIDENCE_SIZE,
		 "objects in use fell from %s to %s (%s)%s%s%s%s",
		 count(trend->first->active_objs, a),
		 count(trend->last->active_objs, b),
		 change(trend->first, trend->last, percent),
		 now < before ? ", and slabs from " : "; slabs stay at ",
		 count(before, slabs), now < before ? " to " : "",
		 now < before ? count(now, rest) : "");
}

static void tell_steady(const struct kfrag_trend *trend, char *buf)
{
	uint64_t first = trend->first->active_objs;
	uint64_t last = trend->last->active_objs;
	uint64_t least = trend->least->active_objs;
	uint64_t most = trend->most->active_objs;
	uint64_t half = (most - least + 1) / 2;
	char a[KFRAG_UNITS_SIZE], b[KFRAG_UNITS_SIZE];

	if (most == 0)
		snprintf(buf, KFRAG_EVIDENCE_SIZE, "no object was ever in use");
	else if (least == most)
		snprintf(buf, KFRAG_EVIDENCE_SIZE, "%s in use all the time",
			 noun(most, "object", a));
	else if (is_flat(trend))
		snprintf(buf, KFRAG_EVIDENCE_SIZE,
			 "objects in use stay between %s and %s",
			 count(least, a), count(most, b));
	else if (last > first && last - first >= half)
		tell_growth(trend, buf);
	else if (first > last && first - last >= half)
		tell_fall(trend, buf);
	else
		snprintf(buf, KFRAG_EVIDENCE_SIZE,
			 "objects in use wandered between %s and %s",
			 count(least, a), count(most, b));
}

/* -------------------------------------------------------------- too few */

static void tell_too_few(const struct kfrag_trend *trend, char *buf)
{
	char samples[KFRAG_UNITS_SIZE], needed[KFRAG_UNITS_SIZE];

	snprintf(buf, KFRAG_EVIDENCE_SIZE, "%s, at least %s are needed",
		 noun(trend->series->nr_points, "sample", samples),
		 count(kfrag_trend_threshold("min-samples"), needed));
}

const char *kfrag_trend_evidence(const struct kfrag_trend *trend,
				 char buf[KFRAG_EVIDENCE_SIZE])
{
	static void (*const tell[KFRAG_NR_VERDICTS])(
		const struct kfrag_trend *trend, char *buf) = {
		[KFRAG_LEAK] = tell_leak,	[KFRAG_BLOAT] = tell_bloat,
		[KFRAG_TRAPPED] = tell_trapped, [KFRAG_CYCLIC] = tell_cyclic,
		[KFRAG_STEADY] = tell_steady,	[KFRAG_TOO_FEW] = tell_too_few,
	};

	tell[trend->verdict](trend, buf);
	return buf;
}
