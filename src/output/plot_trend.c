// SPDX-License-Identifier: MIT
/*
 * What caches hold, one upon the other, and below it how much of that is in
 * use. Of thousands of moments only so many are drawn as there are pixels: of
 * each group of neighbours the one that holds most, so that no peak is lost.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/trend_output.h"
#include "output/plot_trend.h"

/* Moments drawn at most. */
#define MAX_MOMENTS 1600

/* Times before that are no dates: somebody counted from another start. */
#define FIRST_DATE 100000000
/* And those behind the year 9999 are none. */
#define LAST_DATE UINT64_C(253402300799)

static const char others[] = "all others";

const char *kfrag_plot_part_name(const struct kfrag_plot_trend *trend,
				 size_t part, size_t *bytes)
{
	if (part >= trend->nr_shown) {
		*bytes = strlen(others);
		return others;
	}
	*bytes = trend->shown[part]->name_bytes;
	return trend->shown[part]->name;
}

/* Over all moments; where it was not, it held nothing. */
static uint64_t average_held(const struct kfrag_history *history,
			     const struct kfrag_series *series)
{
	uint64_t sum = 0;

	/* Each is below 2^62. */
	for (size_t i = 0; i < series->nr_points; i++)
		sum += series->points[i]->kernel_held_bytes /
		       history->nr_moments;
	return sum;
}

/* The ones that held most, most first; few, so by insertion. */
static void choose_shown(struct kfrag_plot_trend *trend,
			 const struct kfrag_selection *caches, size_t nr_shown)
{
	uint64_t held[KFRAG_PLOT_MAX_SERIES];

	if (nr_shown > KFRAG_PLOT_MAX_SERIES)
		nr_shown = KFRAG_PLOT_MAX_SERIES;
	for (size_t i = 0; i < caches->nr_rows && nr_shown > 0; i++) {
		const struct kfrag_trend_row *row = caches->rows[i];
		const struct kfrag_series *series = row->trend->series;
		uint64_t bytes = average_held(trend->history, series);
		size_t at = trend->nr_shown;

		if (at == nr_shown && bytes <= held[at - 1])
			continue;
		if (at < nr_shown)
			trend->nr_shown++;
		else
			at--;
		for (; at > 0 && held[at - 1] < bytes; at--) {
			held[at] = held[at - 1];
			trend->shown[at] = trend->shown[at - 1];
		}
		held[at] = bytes;
		trend->shown[at] = series;
	}
	trend->nr_parts =
		trend->nr_shown +
		(trend->history->nr_series > trend->nr_shown ? 1U : 0U);
}

static enum kfrag_plot_time choose_time(const struct kfrag_history *history)
{
	if (!history->is_timed)
		return KFRAG_PLOT_NUMBERS;
	for (size_t i = 0; i < history->nr_moments; i++)
		if (!history->moments[i].has_time ||
		    history->moments[i].time < FIRST_DATE ||
		    history->moments[i].time > LAST_DATE)
			return KFRAG_PLOT_ELAPSED;
	return KFRAG_PLOT_DATES;
}

static unsigned permille(uint64_t part, uint64_t whole)
{
	if (part >= whole)
		return whole > 0 ? 1000 : 0;
	while (whole > UINT64_MAX / 1000) {
		part /= 2;
		whole /= 2;
	}
	return (unsigned)(part * 1000 / whole);
}

static void set_moment(struct kfrag_plot_moment *drawn,
		       const struct kfrag_plot_trend *trend,
		       const struct kfrag_moment *moment)
{
	uint64_t held = moment->kernel_held_bytes, sum = 0;
	uint64_t active = moment->active_bytes;

	switch (trend->time) {
	case KFRAG_PLOT_DATES:
		drawn->x_ms = moment->time * 1000 + moment->time_ms;
		break;
	case KFRAG_PLOT_ELAPSED:
		drawn->x_ms = moment->at_ms;
		break;
	default:
		drawn->x_ms =
			((uint64_t)(moment - trend->history->moments) + 1) *
			1000;
	}
	drawn->use_permille = permille(moment->active_objs, moment->num_objs);
	drawn->waste_permille = active < held ? permille(held - active, held) :
						0;
	for (size_t i = 0; i < moment->nr_points; i++)
		for (size_t k = 0; k < trend->nr_shown; k++)
			if (moment->points[i].series == trend->shown[k])
				drawn->upper_bytes[k] +=
					moment->points[i].kernel_held_bytes;
	for (size_t k = 0; k < trend->nr_shown; k++)
		sum = drawn->upper_bytes[k] += sum;
	if (trend->nr_parts > trend->nr_shown)
		drawn->upper_bytes[trend->nr_shown] = held;
}

static enum kfrag_error set_moments(struct kfrag_plot_trend *trend)
{
	const struct kfrag_history *history = trend->history;
	size_t group = history->nr_moments / MAX_MOMENTS + 1;
	size_t nr_groups = (history->nr_moments + group - 1) / group;

	/* One more than none, so that there is always something to free. */
	trend->moments = calloc(nr_groups + 1, sizeof(*trend->moments));
	if (!trend->moments)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < history->nr_moments; i += group) {
		const struct kfrag_moment *most = &history->moments[i];

		for (size_t k = i; k < i + group && k < history->nr_moments;
		     k++)
			if (history->moments[k].kernel_held_bytes >
			    most->kernel_held_bytes)
				most = &history->moments[k];
		set_moment(&trend->moments[trend->nr_moments++], trend, most);
		if (most->kernel_held_bytes > trend->max_bytes)
			trend->max_bytes = most->kernel_held_bytes;
	}
	if (trend->max_bytes == 0)
		trend->max_bytes = 1;
	return KFRAG_OK;
}

/* A moment alone is drawn as wide as a step of time. */
static void put_data(const struct kfrag_plot_trend *trend,
		     struct kfrag_plot_frame *frame)
{
	size_t nr_lines = trend->nr_moments == 1 ? 2 : trend->nr_moments;

	kfrag_plot_format(frame, "# x, upper ends of the parts in bytes, "
				 "use_permille, waste_permille\n"
				 "$trend << EOD\n");
	for (size_t i = 0; i < nr_lines; i++) {
		const struct kfrag_plot_moment *moment =
			&trend->moments[i < trend->nr_moments ? i : 0];

		uint64_t x_ms = moment->x_ms;

		if (i == trend->nr_moments)
			x_ms += 1000;
		kfrag_plot_format(frame, "%" PRIu64 ".%03u", x_ms / 1000,
				  (unsigned)(x_ms % 1000));
		for (size_t k = 0; k < trend->nr_parts; k++)
			kfrag_plot_format(frame, " %" PRIu64,
					  moment->upper_bytes[k]);
		kfrag_plot_format(frame, " %u %u\n", moment->use_permille,
				  moment->waste_permille);
	}
	kfrag_plot_format(frame, "EOD\n");
}

static const char *part_colour(const struct kfrag_plot_trend *trend,
			       const struct kfrag_plot_frame *frame,
			       size_t part)
{
	if (part >= trend->nr_shown)
		return kfrag_plot_colour(frame, KFRAG_COLOUR_OTHERS);
	return kfrag_plot_series_colour(frame, (unsigned)part);
}

static unsigned put_legend(const struct kfrag_plot_trend *trend,
			   struct kfrag_plot_frame *frame)
{
	struct kfrag_plot_legend_item items[KFRAG_PLOT_MAX_PARTS];

	for (size_t i = 0; i < trend->nr_parts; i++) {
		items[i].text = kfrag_plot_part_name(trend, i, &items[i].bytes);
		items[i].colour = part_colour(trend, frame, i);
	}
	return kfrag_plot_legend(frame, items, trend->nr_parts);
}

static void put_areas(const struct kfrag_plot_trend *trend,
		      struct kfrag_plot_frame *frame)
{
	for (size_t k = 0; k < trend->nr_parts; k++) {
		kfrag_plot_format(
			frame, "%s\\\n  $trend using 1:", k ? ", " : "plot ");
		if (k > 0)
			kfrag_plot_format(frame, "%zu", k + 1);
		else
			kfrag_plot_format(frame, "(0)");
		kfrag_plot_format(frame,
				  ":%zu with filledcurves fillcolor rgb '%s' "
				  "fillstyle solid noborder notitle",
				  k + 2, part_colour(trend, frame, k));
	}
	kfrag_plot_format(frame, "\n");
}

static void put_lines(const struct kfrag_plot_trend *trend,
		      struct kfrag_plot_frame *frame)
{
	static const char what[] = "dashed: objects in use, of slots; line: "
				   "idle and tail bytes, of held ones";
	const char *colour = kfrag_plot_colour(frame, KFRAG_COLOUR_KERNEL);

	kfrag_plot_label(frame, what, sizeof(what) - 1, 0, KFRAG_COLOUR_TEXT,
			 "at graph 0, graph 1 offset character 0.5, 0.7 left "
			 "font ',10'");
	kfrag_plot_format(frame,
			  "plot $trend using 1:($%zu/10.0) with lines "
			  "linewidth 2 dashtype 2 linecolor rgb '%s' notitle, "
			  "$trend using 1:($%zu/10.0) with lines linewidth 2 "
			  "linecolor rgb '%s' notitle\n",
			  trend->nr_parts + 2, colour, trend->nr_parts + 3,
			  colour);
}

static void draw(const struct kfrag_plot_trend *trend,
		 struct kfrag_plot_frame *frame)
{
	size_t end = trend->nr_moments - 1;
	double first = kfrag_plot_number(trend->moments[0].x_ms) / 1000;
	double last = kfrag_plot_number(trend->moments[end].x_ms) / 1000;
	unsigned legend_lines;

	put_data(trend, frame);
	kfrag_plot_left(frame, 11);
	legend_lines = put_legend(trend, frame);
	kfrag_plot_format(frame,
			  "set rmargin 5; unset key; set grid y nox front\n"
			  "set xrange [%.3f:%.3f]\n",
			  first, last > first ? last : first + 1);
	kfrag_plot_time_tics(frame, trend);
	kfrag_plot_first_panel(frame);
	kfrag_plot_format(frame,
			  "set size 1, 0.56; set origin 0, 0.44\n"
			  "set tmargin 6; set bmargin 2.5\n"
			  "set ylabel 'held by the kernel''s slabs'\n"
			  "set yrange [0:%.0f]\n",
			  kfrag_plot_number(trend->max_bytes) * 1.04);
	kfrag_plot_byte_tics(frame, "y", trend->max_bytes, 6);
	put_areas(trend, frame);
	kfrag_plot_next_panel(frame);
	kfrag_plot_format(frame,
			  "set size 1, 0.44; set origin 0, 0\n"
			  "set tmargin 1.8\n"
			  "set xlabel '%s'\n"
			  "set ylabel 'share, %%'\n"
			  "set yrange [0:104]; set ytics nomirror "
			  "('0 %%%%' 0, '25 %%%%' 25, '50 %%%%' 50, "
			  "'75 %%%%' 75, '100 %%%%' 100)\n",
			  kfrag_plot_time_title(trend));
	/* Tics of dates have two lines. */
	kfrag_plot_bottom(frame, legend_lines + 1);
	put_lines(trend, frame);
	kfrag_plot_last_panel_done(frame);
}

static void put_captions(const struct kfrag_plot_trend *trend,
			 struct kfrag_plot_frame *frame)
{
	const struct kfrag_history *history = trend->history;
	const struct kfrag_moment *first, *last;
	char from[KFRAG_UNITS_SIZE], to[KFRAG_UNITS_SIZE];

	if (history->nr_moments == 0)
		return;
	first = &history->moments[0];
	last = &history->moments[history->nr_moments - 1];
	kfrag_plot_caption(frame, 0,
			   "%zu samples of %zu caches: %s held at first, %s at "
			   "last",
			   history->nr_moments, history->nr_series,
			   kfrag_units_bytes(first->kernel_held_bytes, from),
			   kfrag_units_bytes(last->kernel_held_bytes, to));
	if (trend->nr_moments < history->nr_moments)
		kfrag_plot_caption(frame, 1,
				   "%zu are drawn: of each group the one that "
				   "holds most",
				   trend->nr_moments);
}

enum kfrag_error
kfrag_plot_write_trend(FILE *out, const struct kfrag_plot_page *page,
		       const struct kfrag_history *history,
		       const struct kfrag_selection *caches, size_t nr_shown)
{
	struct kfrag_plot_size natural = KFRAG_PLOT_SIZE;
	struct kfrag_plot_trend trend = { .history = history };
	struct kfrag_plot_frame frame;

	natural.height = 660;
	natural.lines = 30;
	kfrag_plot_begin(&frame, out, page, natural);
	choose_shown(&trend, caches, nr_shown);
	trend.time = choose_time(history);
	frame.error = set_moments(&trend);
	if (!frame.error) {
		put_captions(&trend, &frame);
		if (trend.nr_moments == 0)
			kfrag_plot_nothing(&frame, "no sample to show");
		else if (frame.is_text)
			kfrag_plot_trend_text(&frame, &trend);
		else
			draw(&trend, &frame);
	}
	free(trend.moments);
	return kfrag_plot_end(&frame);
}
