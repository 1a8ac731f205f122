// SPDX-License-Identifier: MIT
/*
 * A thick bar per cache, what buddy + slab holds of it, and below it a thin
 * one, what buddy only would. Where that is far more than all the thick ones,
 * the axis ends before and the bars run out of it, with a mark: a logarithmic
 * axis has no zero for bars to stand on.
 */
#include <inttypes.h>
#include <string.h>

#include "kfrag/plot.h"
#include "output/figures.h"
#include "output/plot_frame.h"
#include "output/plot_text.h"
#include "output/values.h"

/* Beyond so many times the longest thick bar, thin ones are cut. */
#define DWARFED 4

struct waste {
	const struct kfrag_report *report;
	const struct kfrag_cache_row *const *rows;
	size_t nr_rows;
	size_t nr_all; /* caches of the report */
	unsigned name_chars; /* of the longest name */
	uint64_t max_bytes; /* end of the axis */
	bool is_cut; /* some thin bars are longer */
};

static uint64_t waste_of(const struct kfrag_cache_row *row)
{
	return row->slab_idle_bytes + row->slab_tail_bytes;
}

static uint64_t live_of(const struct kfrag_cache_row *row)
{
	return row->slab_held_bytes - waste_of(row);
}

static struct kfrag_value key_waste(const void *row)
{
	return kfrag_value_unsigned(waste_of(row));
}

struct kfrag_sort_key kfrag_plot_waste_key(void)
{
	return (struct kfrag_sort_key){
		.word = "waste",
		.help = "slab_idle_bytes + slab_tail_bytes",
		.value = key_waste,
	};
}

static void measure(struct waste *waste, struct kfrag_plot_frame *frame)
{
	uint64_t slab_bytes = 1, buddy_bytes = 1;

	waste->name_chars = 8;
	for (size_t i = 0; i < waste->nr_rows; i++) {
		const struct kfrag_cache_row *row = waste->rows[i];
		unsigned chars = kfrag_plot_width(frame, row->name,
						  row->name_bytes,
						  KFRAG_PLOT_NAME_CHARS);

		if (chars > waste->name_chars)
			waste->name_chars = chars;
		if (row->slab_held_bytes > slab_bytes)
			slab_bytes = row->slab_held_bytes;
		if (row->buddy_held_bytes > buddy_bytes)
			buddy_bytes = row->buddy_held_bytes;
	}
	waste->is_cut = buddy_bytes / DWARFED > slab_bytes;
	if (waste->is_cut)
		waste->max_bytes = slab_bytes + slab_bytes / 2;
	else
		waste->max_bytes = slab_bytes > buddy_bytes ? slab_bytes :
							      buddy_bytes;
}

/* "buddy only holds 286 MiB, 93.9 % of it waste" */
static void describe_total(const struct kfrag_report *report,
			   enum kfrag_allocator allocator, const char *name,
			   char *out, size_t size)
{
	const struct kfrag_total_row *total =
		kfrag_report_total(report, allocator, KFRAG_SETTLED);
	char held[KFRAG_UNITS_SIZE], share[KFRAG_UNITS_SIZE];
	uint64_t held_bytes = total ? total->held_bytes : 0;
	uint64_t live_bytes = total ? total->live_bytes : 0;

	(void)snprintf(out, size, "%s %s (%s waste)", name,
		       kfrag_units_bytes(held_bytes, held),
		       kfrag_units_percent(held_bytes - live_bytes, held_bytes,
					   share));
}

static void put_captions(const struct waste *waste,
			 struct kfrag_plot_frame *frame)
{
	const struct kfrag_total_row *slab =
		kfrag_report_total(waste->report, KFRAG_SLAB, KFRAG_SETTLED);
	char live[KFRAG_UNITS_SIZE], buddy_text[192], slab_text[192];

	describe_total(waste->report, KFRAG_BUDDY, "buddy only", buddy_text,
		       sizeof(buddy_text));
	describe_total(waste->report, KFRAG_SLAB, "buddy + slab", slab_text,
		       sizeof(slab_text));
	kfrag_plot_caption(frame, 0, "Held: %s, %s", slab_text, buddy_text);
	kfrag_plot_caption(
		frame, 1,
		"for %s of live objects; the %zu of %zu caches that waste most",
		kfrag_units_bytes(slab ? slab->live_bytes : 0, live),
		waste->nr_rows, waste->nr_all);
}

static void put_data(const struct waste *waste, struct kfrag_plot_frame *frame)
{
	kfrag_plot_format(frame,
			  "# row live idle tail buddy_live buddy_rounded, in "
			  "bytes\n$waste << EOD\n");
	for (size_t i = 0; i < waste->nr_rows; i++) {
		const struct kfrag_cache_row *row = waste->rows[i];

		kfrag_plot_format(frame,
				  "%zu %" PRIu64 " %" PRIu64 " %" PRIu64
				  " %" PRIu64 " %" PRIu64 "\n",
				  i, live_of(row), row->slab_idle_bytes,
				  row->slab_tail_bytes,
				  row->buddy_held_bytes -
					  row->buddy_internal_bytes,
				  row->buddy_internal_bytes);
	}
	kfrag_plot_format(frame, "EOD\n");
}

/* Figures stand in columns beside the bars, so many characters from them. */
#define NR_FIGURES 3
#define FIGURE_CHARS 10

static void put_figure(struct kfrag_plot_frame *frame, size_t row,
		       unsigned column, uint64_t bytes)
{
	char text[KFRAG_UNITS_SIZE];

	kfrag_units_bytes(bytes, text);
	kfrag_plot_label(frame, text, strlen(text), 0,
			 column + 1 < NR_FIGURES ? KFRAG_COLOUR_TEXT :
						   KFRAG_COLOUR_FAINT,
			 "at graph 1, first %zu offset character %u, 0 right "
			 "font ',10'",
			 row, (column + 1) * FIGURE_CHARS);
}

static void put_row_labels(const struct waste *waste,
			   struct kfrag_plot_frame *frame)
{
	static const char *const headings[NR_FIGURES] = { "waste", "held",
							  "buddy only" };

	for (size_t i = 0; i < waste->nr_rows; i++) {
		const struct kfrag_cache_row *row = waste->rows[i];

		kfrag_plot_label(frame, row->name, row->name_bytes,
				 KFRAG_PLOT_NAME_CHARS, KFRAG_COLOUR_TEXT,
				 "at graph 0, first %zu offset character -1, 0 "
				 "right",
				 i);
		if (row->buddy_held_bytes > waste->max_bytes)
			kfrag_plot_label(frame, ">", 1, 0, KFRAG_COLOUR_TEXT,
					 "at graph 1, first %zu.24 offset "
					 "character 0.2, 0 left font ',9'",
					 i);
		put_figure(frame, i, 0, waste_of(row));
		put_figure(frame, i, 1, row->slab_held_bytes);
		put_figure(frame, i, 2, row->buddy_held_bytes);
	}
	for (unsigned i = 0; i < NR_FIGURES; i++)
		kfrag_plot_label(frame, headings[i], strlen(headings[i]), 0,
				 i + 1 < NR_FIGURES ? KFRAG_COLOUR_TEXT :
						      KFRAG_COLOUR_FAINT,
				 "at graph 1, graph 1 offset character %u, 0.7 "
				 "right font ',9'",
				 (i + 1) * FIGURE_CHARS);
}

/* One part of all bars: columns of the data add up to its ends. */
static void put_part(struct kfrag_plot_frame *frame, const char *separator,
		     const char *from, const char *to, bool is_thin,
		     enum kfrag_plot_colour colour)
{
	kfrag_plot_format(frame,
			  "%s \\\n  $waste using (%s > %s ? 0 : NaN):1:"
			  "(cut(%s)):(cut(%s)):($1%s):($1%s) "
			  "with boxxyerror fillcolor rgb '%s' notitle",
			  separator, to, from, from, to,
			  is_thin ? "+0.14" : "-0.36",
			  is_thin ? "+0.34" : "+0.08",
			  kfrag_plot_colour(frame, colour));
}

static void put_bars(struct kfrag_plot_frame *frame)
{
	put_part(frame, "plot", "0", "$2", false, KFRAG_COLOUR_LIVE);
	put_part(frame, ",", "$2", "$2+$3", false, KFRAG_COLOUR_IDLE);
	put_part(frame, ",", "$2+$3", "$2+$3+$4", false, KFRAG_COLOUR_TAIL);
	put_part(frame, ",", "0", "$5", true, KFRAG_COLOUR_LIVE);
	put_part(frame, ",", "$5", "$5+$6", true, KFRAG_COLOUR_TAIL);
	kfrag_plot_format(frame, "\n");
}

static void put_legend(struct kfrag_plot_frame *frame)
{
	static const struct kfrag_plot_word words[] = {
		{ KFRAG_COLOUR_LIVE, "live objects" },
		{ KFRAG_COLOUR_IDLE, "idle slots" },
		{ KFRAG_COLOUR_TAIL,
		  "slab tails; in thin bars: rounding to blocks" },
	};

	kfrag_plot_put_legend(frame, words, 3);
}

static void draw(const struct waste *waste, struct kfrag_plot_frame *frame)
{
	kfrag_plot_format(
		frame,
		"max_bytes = %.0f\n"
		"cut(x) = x > max_bytes ? max_bytes : x\n"
		"set rmargin %u; set tmargin 6\n"
		"set xrange [0:max_bytes]; set yrange [%zu.5:-0.7]\n"
		"unset key\n"
		"set style fill solid border linecolor rgb '%s'\n"
		"unset ytics; set grid x noy back\n"
		"set xlabel 'memory held%s'\n",
		kfrag_plot_number(waste->max_bytes),
		NR_FIGURES * FIGURE_CHARS + 2U, waste->nr_rows - 1,
		kfrag_plot_colour(frame, KFRAG_COLOUR_TEXT),
		waste->is_cut ? "; bars marked > go on beyond the axis" : "");
	kfrag_plot_byte_tics(frame, "x", waste->max_bytes,
			     kfrag_plot_fitting_tics(frame,
						     waste->name_chars + 34));
	kfrag_plot_left(frame, waste->name_chars);
	put_legend(frame);
	put_row_labels(waste, frame);
	put_bars(frame);
}

#define TEXT_HEAD_LINES 4
#define TEXT_FOOT_LINES 3

static void draw_text_row(const struct waste *waste,
			  struct kfrag_plot_frame *frame,
			  const struct kfrag_plot_bars *bars, size_t index)
{
	const struct kfrag_cache_row *row = waste->rows[index];
	unsigned line = TEXT_HEAD_LINES + 2 * (unsigned)index;
	uint64_t live_bytes = live_of(row);
	uint64_t buddy_live_bytes =
		row->buddy_held_bytes - row->buddy_internal_bytes;
	char held[KFRAG_UNITS_SIZE];

	kfrag_plot_text_name(frame, line, 0, row->name, row->name_bytes,
			     bars->column - 1);
	kfrag_plot_text_bar(frame, bars, line, 0, live_bytes, '#');
	kfrag_plot_text_bar(frame, bars, line, live_bytes,
			    live_bytes + row->slab_idle_bytes, 'o');
	kfrag_plot_text_bar(frame, bars, line,
			    live_bytes + row->slab_idle_bytes,
			    row->slab_held_bytes, '.');
	kfrag_plot_text_put_right(frame, line, frame->width - 1, "%s",
				  kfrag_units_bytes(row->slab_held_bytes,
						    held));
	line++;
	kfrag_plot_text_put(frame, line, 2, "buddy only");
	kfrag_plot_text_bar(frame, bars, line, 0, buddy_live_bytes, '#');
	kfrag_plot_text_bar(frame, bars, line, buddy_live_bytes,
			    row->buddy_held_bytes, '.');
	if (row->buddy_held_bytes > waste->max_bytes)
		kfrag_plot_text_put(frame, line, bars->column + bars->width,
				    ">");
	kfrag_plot_text_put_right(frame, line, frame->width - 1, "%s",
				  kfrag_units_bytes(row->buddy_held_bytes,
						    held));
}

static void draw_text(const struct waste *waste, struct kfrag_plot_frame *frame)
{
	unsigned name_chars = waste->name_chars > frame->width / 3 ?
				      frame->width / 3 :
				      waste->name_chars;
	struct kfrag_plot_bars bars = {
		.column = (name_chars > 12 ? name_chars : 12) + 1,
		.max_bytes = waste->max_bytes,
	};
	char end[KFRAG_UNITS_SIZE];

	/* A mark, a blank and a figure stand behind the bars. */
	bars.width = frame->width - bars.column - 11;
	for (size_t i = 0; i < waste->nr_rows; i++)
		draw_text_row(waste, frame, &bars, i);
	kfrag_plot_text_put(frame, frame->height - 3, 0,
			    "# live objects   o idle slots   . slab tails, or "
			    "rounding to blocks");
	kfrag_plot_text_put(frame, frame->height - 2, 0, "bars from 0 to %s%s",
			    kfrag_units_bytes(waste->max_bytes, end),
			    waste->is_cut ? "; those with > go on, up to the "
					    "figure beside them" :
					    "");
	kfrag_plot_text_draw(frame);
}

/* How many rows there is room for. */
static size_t rows_that_fit(const struct kfrag_plot_frame *frame)
{
	unsigned lines = TEXT_HEAD_LINES + TEXT_FOOT_LINES;

	if (frame->is_text)
		return frame->height > lines + 2 ? (frame->height - lines) / 2 :
						   1;
	return frame->height > 210 ? (frame->height - 180) / 18 : 1;
}

enum kfrag_error kfrag_plot_write_waste(FILE *out,
					const struct kfrag_plot_page *page,
					const struct kfrag_report *report,
					const struct kfrag_selection *caches)
{
	struct kfrag_plot_size natural = KFRAG_PLOT_SIZE;
	unsigned nr_rows = caches->nr_rows > 300 ? 300 :
						   (unsigned)caches->nr_rows;
	struct waste waste = {
		.report = report,
		.rows = (const struct kfrag_cache_row *const *)caches->rows,
		.nr_rows = nr_rows,
		.nr_all = (size_t)report->nr_caches,
	};
	struct kfrag_plot_frame frame;

	if (nr_rows > 12)
		natural.height = 164 + 28 * nr_rows;
	natural.lines = TEXT_HEAD_LINES + TEXT_FOOT_LINES + 2 * nr_rows;
	kfrag_plot_begin(&frame, out, page, natural);
	if (waste.nr_rows > rows_that_fit(&frame))
		waste.nr_rows = rows_that_fit(&frame);
	measure(&waste, &frame);
	put_captions(&waste, &frame);
	if (waste.nr_rows == 0) {
		kfrag_plot_nothing(&frame, "no cache to show");
	} else if (frame.is_text) {
		draw_text(&waste, &frame);
	} else {
		put_data(&waste, &frame);
		draw(&waste, &frame);
	}
	return kfrag_plot_end(&frame);
}
