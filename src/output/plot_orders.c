// SPDX-License-Identifier: MIT
/*
 * Counts of blocks go from none to millions, so bars are as high as the
 * logarithm of count + 1: none is a bar of no height, and the axis says so.
 */
#include <inttypes.h>
#include <string.h>

#include "kfrag/plot.h"
#include "output/figures.h"
#include "output/plot_frame.h"
#include "output/plot_text.h"

/* Beyond so many orders, not each has its name on the axis. */
#define MAX_NAMES 12

/* What is shown side by side. */
struct series {
	enum kfrag_allocator allocator;
	enum kfrag_state state;
	enum kfrag_plot_colour bar, line;
	const char *name;
};

static const struct series series[] = {
	{ KFRAG_BUDDY, KFRAG_PEAK, KFRAG_COLOUR_BUDDY_PEAK, KFRAG_COLOUR_BUDDY,
	  "buddy only, peak (dashed)" },
	{ KFRAG_BUDDY, KFRAG_SETTLED, KFRAG_COLOUR_BUDDY, KFRAG_COLOUR_BUDDY,
	  "buddy only, settled" },
	{ KFRAG_SLAB, KFRAG_PEAK, KFRAG_COLOUR_SLAB_PEAK, KFRAG_COLOUR_SLAB,
	  "buddy + slab, peak (dashed)" },
	{ KFRAG_SLAB, KFRAG_SETTLED, KFRAG_COLOUR_SLAB, KFRAG_COLOUR_SLAB,
	  "buddy + slab, settled" },
};

#define NR_SERIES (sizeof(series) / sizeof(series[0]))

struct orders {
	const struct kfrag_report *report;
	unsigned nr_orders;
	uint64_t most_blocks;
};

/* NULL where the report has none. */
static const struct kfrag_order_row *row_of(const struct orders *orders,
					    size_t which, unsigned order)
{
	const struct kfrag_report *report = orders->report;

	for (size_t i = 0; i < report->nr_orders; i++) {
		const struct kfrag_order_row *row = &report->orders[i];

		if (row->allocator == series[which].allocator &&
		    row->state == series[which].state && row->order == order)
			return row;
	}
	return NULL;
}

static void measure(struct orders *orders, const struct kfrag_report *report)
{
	*orders = (struct orders){ .report = report };
	for (size_t i = 0; i < report->nr_orders; i++) {
		const struct kfrag_order_row *row = &report->orders[i];

		if (!row->free_blocks.known)
			continue;
		if (row->order >= orders->nr_orders)
			orders->nr_orders = row->order + 1;
		if (row->free_blocks.value > orders->most_blocks)
			orders->most_blocks = row->free_blocks.value;
	}
}

static void put_figure(struct kfrag_plot_frame *frame, struct kfrag_opt figure)
{
	if (figure.known)
		kfrag_plot_format(frame, " %" PRIu64, figure.value);
	else
		kfrag_plot_format(frame, " NaN");
}

static void put_data(const struct orders *orders,
		     struct kfrag_plot_frame *frame)
{
	kfrag_plot_format(frame, "# order, then free_blocks and "
				 "unusable_permille of each of:\n#");
	for (size_t which = 0; which < NR_SERIES; which++)
		kfrag_plot_format(frame, "%s %s", which ? ";" : "",
				  series[which].name);
	kfrag_plot_format(frame, "\n$orders << EOD\n");
	for (unsigned order = 0; order < orders->nr_orders; order++) {
		kfrag_plot_format(frame, "%u", order);
		for (size_t which = 0; which < NR_SERIES; which++) {
			const struct kfrag_order_row *row =
				row_of(orders, which, order);

			put_figure(frame,
				   row ? row->free_blocks : kfrag_unknown());
			put_figure(frame, row ? row->unusable_permille :
						kfrag_unknown());
		}
		kfrag_plot_format(frame, "\n");
	}
	kfrag_plot_format(frame, "EOD\n");
}

static void put_order_tics(const struct orders *orders,
			   struct kfrag_plot_frame *frame)
{
	unsigned step = orders->nr_orders / MAX_NAMES + 1;

	kfrag_plot_format(frame, "set xtics font ',9' (");
	for (unsigned order = 0; order < orders->nr_orders; order += step) {
		char size[KFRAG_UNITS_SIZE];

		kfrag_figure_round_bytes(
			orders->report->page_size_bytes << order, size);
		kfrag_plot_format(frame, "%s\"%u\\n%s\" %u", order ? ", " : "",
				  order, size, order);
	}
	kfrag_plot_format(frame, ")\n");
}

/* 0, 1, 10, 100, ... where their bars end. */
static void put_count_tics(const struct orders *orders,
			   struct kfrag_plot_frame *frame)
{
	uint64_t count = 1;

	kfrag_plot_format(frame, "set ytics ('0' 0");
	for (;;) {
		char text[KFRAG_UNITS_SIZE];

		kfrag_plot_format(frame, ", '%s' log10(%.0f)",
				  kfrag_units_count(count, text),
				  kfrag_plot_number(count) + 1);
		if (count > orders->most_blocks || count > UINT64_MAX / 10)
			break;
		count *= 10;
	}
	kfrag_plot_format(frame, ")\nset yrange [0:log10(%.0f)]\n",
			  kfrag_plot_number(count) + 1);
}

static void put_bars(struct kfrag_plot_frame *frame)
{
	for (size_t which = 0; which < NR_SERIES; which++)
		kfrag_plot_format(
			frame,
			"%s\\\n  $orders using ($1%+.2f):(log10($%zu+1)):(0.2) "
			"with boxes fillcolor rgb '%s' notitle",
			which ? ", " : "plot ", 0.2 * (double)which - 0.3,
			2 + 2 * which,
			kfrag_plot_colour(frame, series[which].bar));
	kfrag_plot_format(frame, "\n");
}

static void put_lines(struct kfrag_plot_frame *frame)
{
	for (size_t which = 0; which < NR_SERIES; which++) {
		bool is_peak = series[which].state == KFRAG_PEAK;
		bool is_buddy = series[which].allocator == KFRAG_BUDDY;
		unsigned shape = is_buddy ? 6 : 4;

		kfrag_plot_format(frame,
				  "%s\\\n  $orders using 1:($%zu/10.0) with "
				  "linespoints linewidth 2 dashtype %u "
				  "pointtype %u pointsize %s linecolor rgb "
				  "'%s' notitle",
				  which ? ", " : "plot ", 3 + 2 * which,
				  is_peak ? 2U : 1U,
				  is_peak ? shape : shape + 1,
				  is_peak ? "1.3" : "0.9",
				  kfrag_plot_colour(frame, series[which].line));
	}
	kfrag_plot_format(frame, "\n");
}

static void put_legend(struct kfrag_plot_frame *frame)
{
	struct kfrag_plot_legend_item items[NR_SERIES];

	for (size_t i = 0; i < NR_SERIES; i++)
		items[i] = (struct kfrag_plot_legend_item){
			.text = series[i].name,
			.bytes = strlen(series[i].name),
			.colour = kfrag_plot_colour(frame, series[i].bar),
		};
	kfrag_plot_bottom(frame, kfrag_plot_legend(frame, items, NR_SERIES));
}

static void draw(const struct orders *orders, struct kfrag_plot_frame *frame)
{
	put_data(orders, frame);
	kfrag_plot_left(frame, 11);
	put_legend(frame);
	kfrag_plot_format(frame,
			  "set rmargin 3\n"
			  "set style fill solid border linecolor rgb '%s'\n"
			  "unset key\n"
			  "set xrange [-0.5:%u.5]\n",
			  kfrag_plot_colour(frame, KFRAG_COLOUR_TEXT),
			  orders->nr_orders - 1);
	put_order_tics(orders, frame);
	kfrag_plot_first_panel(frame);
	kfrag_plot_format(frame, "set size 1, 0.5; set origin 0, 0.5\n"
				 "set tmargin 6; set bmargin 2.2\n"
				 "set grid y nox\n"
				 "set ylabel 'free blocks, as log(n + 1)'\n");
	put_count_tics(orders, frame);
	put_bars(frame);
	kfrag_plot_next_panel(frame);
	kfrag_plot_format(
		frame,
		"set size 1, 0.5; set origin 0, 0\n"
		"set tmargin 1.5; set bmargin 8.6\n"
		"set xlabel 'order, and size of its blocks' offset 0, -0.4\n"
		"set ylabel 'unusable, %% of free'\n"
		"set yrange [0:100]; set ytics 25; "
		"set ytics ('0 %%%%' 0, '25 %%%%' 25, '50 %%%%' 50, "
		"'75 %%%%' 75, '100 %%%%' 100)\n");
	put_lines(frame);
	kfrag_plot_last_panel_done(frame);
}

/* In tenths of the longest bar that fits, like the picture's: log(n + 1). */
static unsigned bar_chars(uint64_t blocks, uint64_t most, unsigned width)
{
	unsigned bits = 0, most_bits = 0;

	/* Halves of a doubling are enough for characters. */
	for (uint64_t n = blocks + 1; n > 1; n /= 2)
		bits++;
	for (uint64_t n = most + 1; n > 1; n /= 2)
		most_bits++;
	return most_bits ? bits * width / most_bits : 0;
}

#define TEXT_HEAD_LINES 4
#define TEXT_FOOT_LINES 2

/* A line per order: for both allocators a bar, its figure, and the index. */
static void draw_text_cell(const struct orders *orders,
			   struct kfrag_plot_frame *frame, size_t which,
			   unsigned order, unsigned line, unsigned column,
			   unsigned width)
{
	const struct kfrag_order_row *row = row_of(orders, which, order);
	struct kfrag_plot_bars bars = { .column = column };
	char text[KFRAG_UNITS_SIZE];

	if (!row)
		return;
	bars.width = width > 20 ? width - 18 : 1;
	bars.max_bytes = bars.width;
	kfrag_plot_text_bar(frame, &bars, line, 0,
			    bar_chars(row->free_blocks.value,
				      orders->most_blocks, bars.width),
			    '#');
	kfrag_plot_text_put_right(frame, line, column + width - 9, "%s",
				  kfrag_figure_count(row->free_blocks, text));
	kfrag_plot_text_put_right(frame, line, column + width - 2, "%s",
				  kfrag_figure_permille(row->unusable_permille,
							text));
}

static unsigned draw_text_state(const struct orders *orders,
				struct kfrag_plot_frame *frame,
				enum kfrag_state state, unsigned line)
{
	unsigned column = 16, width = (frame->width - column) / 2;
	const char *unusable = width < 24 ? "" : "UNUSABLE";

	kfrag_plot_text_put(frame, line, 0, "%-15s buddy only",
			    state == KFRAG_PEAK ? "PEAK" : "SETTLED");
	kfrag_plot_text_put_right(frame, line, column + width - 2, "%s",
				  unusable);
	kfrag_plot_text_put(frame, line, column + width, "buddy + slab");
	kfrag_plot_text_put_right(frame, line, column + 2 * width - 2, "%s",
				  unusable);
	line++;
	for (unsigned order = 0; order < orders->nr_orders; order++, line++) {
		char size[KFRAG_UNITS_SIZE];

		kfrag_figure_round_bytes(
			orders->report->page_size_bytes << order, size);
		kfrag_plot_text_put(frame, line, 0, "%5u%10s", order, size);
		for (size_t which = 0; which < NR_SERIES; which++)
			if (series[which].state == state)
				draw_text_cell(
					orders, frame, which, order, line,
					column + (unsigned)(which / 2) * width,
					width);
	}
	return line + 1;
}

static void draw_text(const struct orders *orders,
		      struct kfrag_plot_frame *frame)
{
	unsigned line =
		draw_text_state(orders, frame, KFRAG_SETTLED, TEXT_HEAD_LINES);
	unsigned end = frame->height - TEXT_FOOT_LINES;

	if (line + orders->nr_orders + 1 <= end)
		(void)draw_text_state(orders, frame, KFRAG_PEAK, line);
	kfrag_plot_text_put(frame, frame->height - 2, 0,
			    "bars as log(n + 1) of free blocks; UNUSABLE: free "
			    "but in smaller blocks");
	kfrag_plot_text_draw(frame);
}

static void put_caption(const struct kfrag_report *report,
			struct kfrag_plot_frame *frame)
{
	char memory[KFRAG_UNITS_SIZE], page[KFRAG_UNITS_SIZE];

	kfrag_plot_caption(
		frame, 0, "Free memory of %s in pages of %s, by order of block",
		kfrag_figure_round_bytes(report->memory_bytes, memory),
		kfrag_figure_round_bytes(report->page_size_bytes, page));
	kfrag_plot_caption(frame, 1,
			   "Unusable for an order is what is free in smaller "
			   "blocks: external fragmentation");
}

enum kfrag_error kfrag_plot_write_orders(FILE *out,
					 const struct kfrag_plot_page *page,
					 const struct kfrag_report *report)
{
	struct kfrag_plot_size natural = KFRAG_PLOT_SIZE;
	struct kfrag_plot_frame frame;
	struct orders orders;

	measure(&orders, report);
	natural.height = 640;
	natural.lines =
		TEXT_HEAD_LINES + TEXT_FOOT_LINES + 2 * orders.nr_orders + 4;
	kfrag_plot_begin(&frame, out, page, natural);
	put_caption(report, &frame);
	if (orders.nr_orders == 0)
		kfrag_plot_nothing(&frame, "too many objects to replay one by "
					   "one: their blocks are unknown");
	else if (frame.is_text)
		draw_text(&orders, &frame);
	else
		draw(&orders, &frame);
	return kfrag_plot_end(&frame);
}
