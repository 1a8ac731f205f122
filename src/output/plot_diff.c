// SPDX-License-Identifier: MIT
/*
 * A waterfall: the old total, a step up or down for each cache that changed
 * most, one for all others, and the new total. Where all steps are small
 * beside the totals, the axis begins behind zero, and both it and the totals'
 * bars say so: else there would be nothing to see.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/plot.h"
#include "output/diff_sections.h"
#include "output/figures.h"
#include "output/plot_frame.h"
#include "output/plot_text.h"

/* Steps that span less than a quarter of the axis let it begin later. */
#define SMALL 4

/* What a picture can hold. */
#define MAX_STEPS 300

struct step {
	const char *name;
	size_t name_bytes;
	uint64_t from_bytes, to_bytes;
	bool is_total;
};

struct waterfall {
	struct step *steps; /* two more than caches, and the others */
	size_t nr_steps;
	unsigned name_chars;
	uint64_t min_bytes, max_bytes; /* of the axis */
	uint64_t old_bytes, new_bytes;
};

static uint64_t held_of(const struct kfrag_diff_side *side)
{
	const struct kfrag_total_row *total =
		kfrag_report_total(side->report, KFRAG_KERNEL, KFRAG_SETTLED);

	return total ? total->held_bytes : 0;
}

static void add_step(struct waterfall *fall, const char *name,
		     size_t name_bytes, uint64_t from, uint64_t to,
		     bool is_total)
{
	fall->steps[fall->nr_steps++] = (struct step){
		.name = name,
		.name_bytes = name_bytes,
		.from_bytes = from,
		.to_bytes = to,
		.is_total = is_total,
	};
}

static size_t nr_with_change(const struct kfrag_comparison *comparison)
{
	size_t count = 0;

	for (size_t i = 0; i < comparison->nr_caches; i++)
		count += kfrag_diff_held_change(&comparison->caches[i]) != 0;
	return count;
}

/* Totals of caches fit 62 bits, so what is between them fits, too. */
static void add_steps(struct waterfall *fall, const struct kfrag_diff *diff,
		      const struct kfrag_selection *caches, size_t nr_caches)
{
	uint64_t at = fall->old_bytes;

	add_step(fall, "old capture", strlen("old capture"), 0, at, true);
	for (size_t i = 0; i < nr_caches; i++) {
		const struct kfrag_cache_pair *pair = caches->rows[i];
		const struct kfrag_cache_row *row =
			pair->new_row ? pair->new_row : pair->old_row;
		uint64_t to = at + (uint64_t)kfrag_diff_held_change(pair);

		add_step(fall, row->name, row->name_bytes, at, to, false);
		at = to;
	}
	if (nr_caches < nr_with_change(diff->comparison))
		add_step(fall, "all others", strlen("all others"), at,
			 fall->new_bytes, false);
	add_step(fall, "new capture", strlen("new capture"), 0, fall->new_bytes,
		 true);
}

/* Where the axis begins and ends. */
static void choose_axis(struct waterfall *fall)
{
	uint64_t low = UINT64_MAX, high = 0, span;

	for (size_t i = 0; i < fall->nr_steps; i++) {
		uint64_t to = fall->steps[i].to_bytes;

		low = to < low ? to : low;
		high = to > high ? to : high;
	}
	span = high - low;
	fall->max_bytes = high > 0 ? high : 1;
	if (span > 0 && span < high / SMALL)
		fall->min_bytes = low > span / 4 ? low - span / 4 : 0;
}

static void measure(struct waterfall *fall, struct kfrag_plot_frame *frame)
{
	fall->name_chars = 8;
	for (size_t i = 0; i < fall->nr_steps; i++) {
		const struct step *step = &fall->steps[i];
		unsigned chars = kfrag_plot_width(frame, step->name,
						  step->name_bytes,
						  KFRAG_PLOT_NAME_CHARS);

		if (chars > fall->name_chars)
			fall->name_chars = chars;
	}
}

static const char *figure_of(const struct step *step, char *text)
{
	if (step->is_total)
		return kfrag_units_bytes(step->to_bytes, text);
	return kfrag_figure_change_bytes(
		(int64_t)(step->to_bytes - step->from_bytes), text);
}

static void put_labels(const struct waterfall *fall,
		       struct kfrag_plot_frame *frame)
{
	for (size_t i = 0; i < fall->nr_steps; i++) {
		const struct step *step = &fall->steps[i];
		char text[KFRAG_UNITS_SIZE];

		kfrag_plot_label(frame, step->name, step->name_bytes,
				 KFRAG_PLOT_NAME_CHARS, KFRAG_COLOUR_TEXT,
				 "at graph 0, first %zu offset character -1, 0 "
				 "right",
				 i);
		figure_of(step, text);
		kfrag_plot_label(frame, text, strlen(text), 0,
				 KFRAG_COLOUR_TEXT,
				 "at graph 1, first %zu offset character 12, 0 "
				 "right font ',10'",
				 i);
		/* The bar is torn there. */
		if (step->is_total && fall->min_bytes > 0)
			kfrag_plot_label(frame, "//", 2, 0, KFRAG_COLOUR_PAPER,
					 "at graph 0, first %zu offset "
					 "character 0.8, 0 left",
					 i);
	}
}

/* Kinds: 0 a total, 1 a step up, 2 one down. */
static void put_data(const struct waterfall *fall,
		     struct kfrag_plot_frame *frame)
{
	kfrag_plot_format(frame, "# row from to, in bytes; kind: 0 a total, 1 "
				 "grew, 2 shrank\n$steps << EOD\n");
	for (size_t i = 0; i < fall->nr_steps; i++) {
		const struct step *step = &fall->steps[i];
		int kind = step->to_bytes < step->from_bytes ? 2 : 1;

		kfrag_plot_format(frame, "%zu %" PRIu64 " %" PRIu64 " %d\n", i,
				  step->is_total ? fall->min_bytes :
						   step->from_bytes,
				  step->to_bytes, step->is_total ? 0 : kind);
	}
	kfrag_plot_format(frame, "EOD\n");
}

static void put_legend(struct kfrag_plot_frame *frame)
{
	static const struct kfrag_plot_word words[] = {
		{ KFRAG_COLOUR_KERNEL, "held by all caches" },
		{ KFRAG_COLOUR_GREW, "grew" },
		{ KFRAG_COLOUR_SHRANK, "shrank" },
	};

	kfrag_plot_put_legend(frame, words, 3);
}

static void put_bars(struct kfrag_plot_frame *frame)
{
	static const enum kfrag_plot_colour colours[] = { KFRAG_COLOUR_KERNEL,
							  KFRAG_COLOUR_GREW,
							  KFRAG_COLOUR_SHRANK };

	for (int kind = 0; kind < 3; kind++)
		kfrag_plot_format(
			frame,
			"%s\\\n  $steps using ($4 == %d ? $2 : NaN):1:2:3:"
			"($1-0.32):($1+0.32) with boxxyerror fillcolor rgb "
			"'%s' notitle",
			kind ? ", " : "plot ", kind,
			kfrag_plot_colour(frame, colours[kind]));
	/* From each end to the next beginning. */
	kfrag_plot_format(frame,
			  ", \\\n  $steps using 3:($1+0.32):(0):"
			  "($0 < %s ? 0.36 : NaN) with vectors nohead "
			  "linecolor rgb '%s' notitle\n",
			  "last_row",
			  kfrag_plot_colour(frame, KFRAG_COLOUR_FAINT));
}

static void draw(const struct waterfall *fall, struct kfrag_plot_frame *frame)
{
	put_data(fall, frame);
	kfrag_plot_format(frame,
			  "last_row = %zu\n"
			  "set rmargin 14; set tmargin 5\n"
			  "set xrange [%.0f:%.0f]; set yrange [%zu.6:-0.6]\n"
			  "set style fill solid border linecolor rgb '%s'\n"
			  "unset ytics; unset key; set grid x noy back\n",
			  fall->nr_steps - 1,
			  kfrag_plot_number(fall->min_bytes),
			  kfrag_plot_number(fall->max_bytes),
			  fall->nr_steps - 1,
			  kfrag_plot_colour(frame, KFRAG_COLOUR_TEXT));
	kfrag_plot_format(frame, "set xlabel 'held by the kernel''s slabs%s'\n",
			  fall->min_bytes > 0 ?
				  "; the axis begins behind 0, at the marks" :
				  "");
	kfrag_plot_left(frame, fall->name_chars);
	kfrag_plot_byte_tics_from(
		frame, "x", fall->min_bytes, fall->max_bytes,
		kfrag_plot_fitting_tics(frame, fall->name_chars + 16));
	put_labels(fall, frame);
	put_legend(frame);
	put_bars(frame);
}

#define TEXT_HEAD_LINES 3
#define TEXT_FOOT_LINES 3

static void draw_text_step(const struct waterfall *fall,
			   struct kfrag_plot_frame *frame,
			   const struct kfrag_plot_bars *bars, size_t index)
{
	const struct step *step = &fall->steps[index];
	unsigned line = TEXT_HEAD_LINES + (unsigned)index;
	uint64_t low = step->is_total ? fall->min_bytes : step->from_bytes;
	uint64_t high = step->to_bytes;
	char mark = step->is_total ? '=' : '+';
	char text[KFRAG_UNITS_SIZE];

	if (high < low) {
		low = high;
		high = step->from_bytes;
		mark = '-';
	}
	kfrag_plot_text_name(frame, line, 0, step->name, step->name_bytes,
			     bars->column - 1);
	kfrag_plot_text_bar(frame, bars, line, low - fall->min_bytes,
			    high - fall->min_bytes, mark);
	kfrag_plot_text_put_right(frame, line, frame->width - 1, "%s",
				  figure_of(step, text));
}

static void draw_text(const struct waterfall *fall,
		      struct kfrag_plot_frame *frame)
{
	unsigned name_chars = fall->name_chars > frame->width / 3 ?
				      frame->width / 3 :
				      fall->name_chars;
	struct kfrag_plot_bars bars = {
		.column = name_chars + 1,
		.max_bytes = fall->max_bytes - fall->min_bytes,
	};
	char from[KFRAG_UNITS_SIZE], to[KFRAG_UNITS_SIZE];

	bars.width = frame->width - bars.column - 12;
	for (size_t i = 0; i < fall->nr_steps; i++)
		draw_text_step(fall, frame, &bars, i);
	kfrag_plot_text_put(frame, frame->height - 2, 0,
			    "= held by the kernel's slabs  + grew  - shrank; "
			    "bars from %s to %s",
			    kfrag_units_bytes(fall->min_bytes, from),
			    kfrag_units_bytes(fall->max_bytes, to));
	kfrag_plot_text_draw(frame);
}

static void put_caption(const struct waterfall *fall,
			const struct kfrag_diff *diff,
			struct kfrag_plot_frame *frame)
{
	char was[KFRAG_UNITS_SIZE], is[KFRAG_UNITS_SIZE];
	char change[KFRAG_UNITS_SIZE];
	const size_t *nr_of = diff->comparison->nr_of;

	kfrag_plot_caption(
		frame, 0,
		"%s: %s held, then %s; %zu caches changed, %zu new, %zu gone",
		kfrag_figure_change_bytes(
			(int64_t)(fall->new_bytes - fall->old_bytes), change),
		kfrag_units_bytes(fall->old_bytes, was),
		kfrag_units_bytes(fall->new_bytes, is), nr_of[KFRAG_CHANGED],
		nr_of[KFRAG_NEW], nr_of[KFRAG_GONE]);
}

/* How many steps there is room for, totals and others not among them. */
static size_t rows_that_fit(const struct kfrag_plot_frame *frame)
{
	unsigned taken = TEXT_HEAD_LINES + TEXT_FOOT_LINES + 3;
	unsigned room = frame->is_text ? frame->height :
					 (frame->height - 10) / 20;

	if (!frame->is_text)
		taken = 11;
	return room > taken ? room - taken : 1;
}

/* They come last, and there would be nothing to see. */
static size_t without_unchanged(const struct kfrag_selection *caches)
{
	size_t nr_caches = 0;

	while (nr_caches < caches->nr_rows && nr_caches < MAX_STEPS &&
	       kfrag_diff_held_change(caches->rows[nr_caches]) != 0)
		nr_caches++;
	return nr_caches;
}

enum kfrag_error kfrag_plot_write_diff(FILE *out,
				       const struct kfrag_plot_page *page,
				       const struct kfrag_diff *diff,
				       const struct kfrag_selection *caches)
{
	struct kfrag_plot_size natural = KFRAG_PLOT_SIZE;
	struct waterfall fall = { .old_bytes = held_of(&diff->old_side),
				  .new_bytes = held_of(&diff->new_side) };
	size_t nr_caches = without_unchanged(caches);
	struct kfrag_plot_frame frame;

	if (nr_caches > 12)
		natural.height = 230 + 20 * (unsigned)nr_caches;
	natural.lines =
		TEXT_HEAD_LINES + TEXT_FOOT_LINES + 3 + (unsigned)nr_caches;
	kfrag_plot_begin(&frame, out, page, natural);
	if (nr_caches > rows_that_fit(&frame))
		nr_caches = rows_that_fit(&frame);
	fall.steps = calloc(nr_caches + 3, sizeof(*fall.steps));
	if (!fall.steps) {
		frame.error = KFRAG_ENOMEM;
		return kfrag_plot_end(&frame);
	}
	add_steps(&fall, diff, caches, nr_caches);
	choose_axis(&fall);
	measure(&fall, &frame);
	put_caption(&fall, diff, &frame);
	if (frame.is_text)
		draw_text(&fall, &frame);
	else
		draw(&fall, &frame);
	free(fall.steps);
	return kfrag_plot_end(&frame);
}
