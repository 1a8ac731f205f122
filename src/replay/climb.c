// SPDX-License-Identifier: MIT
/* What a climb is, and what only looks like one: head of trend.c. */
#include "replay/climb.h"

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

static uint64_t ms_into(const struct kfrag_window *window, size_t index)
{
	return kfrag_window_point(window, index)->moment->at_ms -
	       kfrag_window_point(window, 0)->moment->at_ms;
}

/* The median of the flow at `index` and as many neighbours as are usual. */
static int64_t level_at(const struct kfrag_window *window, enum kfrag_flow flow,
			size_t index, int64_t *values)
{
	size_t nr = window->nr_points;
	size_t width = nr / 20 ? nr / 20 : 1;
	size_t start = index > width / 2 ? index - width / 2 : 0;

	if (start + width > nr)
		start = nr - width;
	for (size_t i = 0; i < width; i++)
		values[i] = (int64_t)flow_of(
			kfrag_window_point(window, start + i), flow);
	return kfrag_slope_median(values, width);
}

/* Whether the last two fifths of the samples bring their part of a climb. */
static bool climbs_to_end(const struct kfrag_window *window,
			  enum kfrag_flow flow, uint64_t climb_bytes,
			  int64_t *values)
{
	size_t nr = window->nr_points;
	size_t at_4 = nr / 5 * 4 + nr % 5 * 4 / 5;
	size_t at_3 = nr / 5 * 3 + nr % 5 * 3 / 5;
	int64_t last = level_at(window, flow, nr - 1, values);
	int64_t fourth = level_at(window, flow, at_4, values);
	int64_t third = level_at(window, flow, at_3, values);

	return last > fourth && fourth > third &&
	       kfrag_is_share((uint64_t)(last - fourth), climb_bytes,
			      KFRAG_RULE_TAIL_PERCENT) &&
	       kfrag_is_share((uint64_t)(fourth - third), climb_bytes,
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
static int64_t above_line(const struct kfrag_window *window,
			  enum kfrag_flow flow, size_t index, int64_t per_hour)
{
	return kfrag_difference_i64(
		(int64_t)flow_of(kfrag_window_point(window, index), flow),
		kfrag_slope_times(per_hour, ms_into(window, index)));
}

/* How far points lie from the line, the median of them. */
static uint64_t scatter_of(const struct kfrag_window *window,
			   enum kfrag_flow flow, int64_t per_hour,
			   int64_t *values)
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
static bool stands_out(const struct kfrag_window *window, enum kfrag_flow flow,
		       const struct kfrag_line *line, uint64_t climb_bytes,
		       int64_t *values)
{
	return climb_bytes / kfrag_rule(KFRAG_RULE_CLIMB_SCATTER) >=
	       scatter_of(window, flow, line->per_hour, values);
}

static bool is_climb(const struct kfrag_window *window, enum kfrag_flow flow,
		     const struct kfrag_line *line, int64_t *values)
{
	int64_t climb_bytes = window->climbs_bytes[flow];
	uint64_t bytes = climb_bytes > 0 ? (uint64_t)climb_bytes : 0;
	int64_t before = level_at(window, flow, window->nr_points / 10, values);

	return kfrag_is_material(bytes) &&
	       kfrag_is_share(bytes, (uint64_t)before,
			      KFRAG_RULE_CLIMB_PERCENT) &&
	       is_significant(line) &&
	       climbs_to_end(window, flow, bytes, values) &&
	       stands_out(window, flow, line, bytes, values);
}

static void fit_flow(struct kfrag_window *window, enum kfrag_flow flow,
		     const struct kfrag_climb_scratch *scratch)
{
	size_t nr = window->nr_points;
	struct kfrag_line line;

	for (size_t i = 0; i < nr; i++)
		scratch->observations[i] = (struct kfrag_observation){
			.at_ms = kfrag_window_point(window, i)->moment->at_ms,
			.value = (int64_t)flow_of(kfrag_window_point(window, i),
						  flow),
		};
	line = kfrag_slope_fit(scratch->observations, nr, scratch->pairs);
	window->slopes[flow].known = line.known;
	window->slopes[flow].bytes_per_hour = line.per_hour;
	window->climbs_bytes[flow] =
		kfrag_slope_times(line.per_hour, ms_into(window, nr - 1));
	window->is_climb[flow] = is_climb(window, flow, &line, scratch->pairs);
}

void kfrag_window_init(struct kfrag_window *window,
		       const struct kfrag_series *series, size_t nr_points,
		       const struct kfrag_climb_scratch *scratch)
{
	*window = (struct kfrag_window){
		.series = series,
		.start = series->nr_points - nr_points,
		.nr_points = nr_points,
	};
	for (int flow = 0; flow < KFRAG_NR_FLOWS; flow++)
		fit_flow(window, (enum kfrag_flow)flow, scratch);
}
