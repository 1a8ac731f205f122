// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "kfrag/plot.h"
#include "output/figures.h"
#include "output/plot_frame.h"
#include "output/plot_text.h"

/* Costs of a design, in bytes. */
static uint64_t struct_page(const struct kfrag_plot_cost *cost)
{
	return cost->designs.struct_page_bits / 8;
}

static uint64_t order_byte(const struct kfrag_plot_cost *cost)
{
	return cost->designs.order_byte_bits / 8;
}

static uint64_t textbook(const struct kfrag_plot_cost *cost)
{
	return (cost->designs.textbook_bits + 7) / 8;
}

static uint64_t pair(const struct kfrag_plot_cost *cost)
{
	return (cost->designs.pair_bits + 7) / 8;
}

static uint64_t own(const struct kfrag_plot_cost *cost)
{
	return cost->own_bytes;
}

/* From the dearest to the cheapest; luma of neighbours differs. */
static const struct design {
	const char *name;
	const char *heading; /* of a column of text */
	uint64_t (*bytes)(const struct kfrag_plot_cost *cost);
	unsigned series; /* whose colour it has */
	unsigned dash;
} designs[] = {
	{ "struct page of Linux", "STRUCT", struct_page, 0, 1 },
	{ "a byte a page", "BYTE", order_byte, 1, 2 },
	{ "a bit a block (textbook)", "BLOCK", textbook, 4, 1 },
	{ "a bit a pair (Linux 2.4)", "PAIR", pair, 7, 4 },
	{ "kfrag's own", "OURS", own, 2, 1 },
};

#define NR_DESIGNS (sizeof(designs) / sizeof(designs[0]))
#define OWN (NR_DESIGNS - 1)

struct bitmap {
	const struct kfrag_plot_cost *costs;
	size_t nr_costs;
	uint64_t min_bytes, max_bytes;
	bool is_all_measured;
};

static void measure(struct bitmap *bitmap)
{
	bitmap->min_bytes = UINT64_MAX;
	bitmap->is_all_measured = true;
	for (size_t i = 0; i < bitmap->nr_costs; i++) {
		const struct kfrag_plot_cost *cost = &bitmap->costs[i];

		bitmap->is_all_measured &= cost->is_measured;
		for (size_t k = 0; k < NR_DESIGNS; k++) {
			uint64_t bytes = designs[k].bytes(cost);

			if (bytes > 0 && bytes < bitmap->min_bytes)
				bitmap->min_bytes = bytes;
			if (bytes > bitmap->max_bytes)
				bitmap->max_bytes = bytes;
		}
	}
	if (bitmap->max_bytes == 0)
		bitmap->min_bytes = bitmap->max_bytes = 1;
}

static void put_data(const struct bitmap *bitmap,
		     struct kfrag_plot_frame *frame)
{
	kfrag_plot_format(frame,
			  "# memory_bytes, then in bytes: struct_page, "
			  "byte_a_page, textbook, bit_a_pair, own; whether own "
			  "was measured\n$costs << EOD\n");
	for (size_t i = 0; i < bitmap->nr_costs; i++) {
		const struct kfrag_plot_cost *cost = &bitmap->costs[i];

		kfrag_plot_format(frame, "%" PRIu64, cost->memory_bytes);
		for (size_t k = 0; k < NR_DESIGNS; k++)
			kfrag_plot_format(frame, " %" PRIu64,
					  designs[k].bytes(cost));
		kfrag_plot_format(frame, " %d\n", cost->is_measured);
	}
	kfrag_plot_format(frame, "EOD\n");
}

/* "struct page of Linux, 1.56 %" of the largest memory. */
static void put_title(const struct bitmap *bitmap,
		      struct kfrag_plot_frame *frame,
		      const struct design *design)
{
	const struct kfrag_plot_cost *last =
		&bitmap->costs[bitmap->nr_costs - 1];
	char share[KFRAG_UNITS_SIZE], text[128];

	(void)snprintf(text, sizeof(text), "%s, %s", design->name,
		       kfrag_figure_share(design->bytes(last),
					  last->memory_bytes, share));
	kfrag_plot_format(frame, " title ");
	kfrag_plot_quote(frame, text, strlen(text), 0);
}

static void put_lines(const struct bitmap *bitmap,
		      struct kfrag_plot_frame *frame)
{
	const char *own_colour =
		kfrag_plot_series_colour(frame, designs[OWN].series);

	for (size_t k = 0; k < OWN; k++) {
		kfrag_plot_format(frame,
				  "%s\\\n  $costs using 1:%zu with lines "
				  "linewidth 2 dashtype %u linecolor rgb '%s'",
				  k ? ", " : "plot ", k + 2, designs[k].dash,
				  kfrag_plot_series_colour(frame,
							   designs[k].series));
		put_title(bitmap, frame, &designs[k]);
	}
	kfrag_plot_format(
		frame,
		", \\\n  $costs using 1:($%zu == 1 ? $%zu : NaN) with "
		"points pointtype 7 pointsize 0.9 linecolor rgb '%s'",
		NR_DESIGNS + 2, OWN + 2, own_colour);
	put_title(bitmap, frame, &designs[OWN]);
	if (!bitmap->is_all_measured)
		kfrag_plot_format(
			frame,
			", \\\n  $costs using 1:($%zu == 1 ? NaN : $%zu) "
			"with points pointtype 6 pointsize 0.9 "
			"linecolor rgb '%s' title 'the same, "
			"computed'",
			NR_DESIGNS + 2, OWN + 2, own_colour);
	kfrag_plot_format(frame, "\n");
}

static void draw(const struct bitmap *bitmap, struct kfrag_plot_frame *frame)
{
	uint64_t first = bitmap->costs[0].memory_bytes;
	uint64_t last = bitmap->costs[bitmap->nr_costs - 1].memory_bytes;

	put_data(bitmap, frame);
	kfrag_plot_left(frame, 12);
	kfrag_plot_format(frame,
			  "set tmargin 6; set bmargin 5\n"
			  "set xrange [%.0f:%.0f]; set yrange [%.0f/2.0:%.0f]\n"
			  "set xlabel 'memory'; set ylabel 'bookkeeping'\n"
			  "set key outside right top Left reverse samplen 3 "
			  "width -2 spacing 1.6 font ',10'\n",
			  kfrag_plot_number(first) / 1.5,
			  kfrag_plot_number(last) * 1.5,
			  kfrag_plot_number(bitmap->min_bytes),
			  kfrag_plot_number(bitmap->max_bytes) * 2);
	kfrag_plot_log_byte_tics(frame, "x", first, last, 6);
	kfrag_plot_log_byte_tics(frame, "y", bitmap->min_bytes / 2,
				 bitmap->max_bytes, 4);
	put_lines(bitmap, frame);
}

#define TEXT_HEAD_LINES 4

/* How often a figure doubles the least one, and once for that itself. */
static uint64_t doublings(uint64_t bytes, uint64_t least_bytes)
{
	uint64_t count = 1;

	for (; bytes / 2 >= least_bytes && bytes > 1; bytes /= 2)
		count++;
	return count;
}

/* A bar per design, of doublings of the cheapest. Returns the line behind. */
static unsigned draw_text_bars(const struct kfrag_plot_cost *last,
			       struct kfrag_plot_frame *frame, unsigned line)
{
	struct kfrag_plot_bars bars = { .column = 26, .width = 1 };
	uint64_t least = UINT64_MAX, most = 0;

	for (size_t k = 0; k < NR_DESIGNS; k++) {
		uint64_t bytes = designs[k].bytes(last);

		least = bytes < least ? bytes : least;
		most = bytes > most ? bytes : most;
	}
	bars.max_bytes = doublings(most, least);
	if (frame->width > 37)
		bars.width = frame->width - 36;
	for (size_t k = 0; k < NR_DESIGNS; k++, line++) {
		uint64_t bytes = designs[k].bytes(last);
		char share[KFRAG_UNITS_SIZE];

		kfrag_plot_text_put(frame, line, 0, "%s", designs[k].name);
		kfrag_plot_text_bar(frame, &bars, line, 0,
				    doublings(bytes, least), '#');
		kfrag_plot_text_put_right(
			frame, line, frame->width - 1, "%s",
			kfrag_figure_share(bytes, last->memory_bytes, share));
	}
	return line;
}

static void draw_text_figures(const struct kfrag_plot_cost *cost,
			      struct kfrag_plot_frame *frame, unsigned line,
			      unsigned width)
{
	char size[KFRAG_UNITS_SIZE];

	kfrag_plot_text_put_right(frame, line, 7, "%s",
				  kfrag_figure_round_bytes(cost->memory_bytes,
							   size));
	for (unsigned k = 0; k < NR_DESIGNS; k++)
		kfrag_plot_text_put_right(
			frame, line, 7 + (k + 1) * width, "%s%s",
			kfrag_units_bytes(designs[k].bytes(cost), size),
			k == OWN && !cost->is_measured ? "*" : "");
}

static void draw_text(const struct bitmap *bitmap,
		      struct kfrag_plot_frame *frame)
{
	const struct kfrag_plot_cost *last =
		&bitmap->costs[bitmap->nr_costs - 1];
	unsigned line = draw_text_bars(last, frame, TEXT_HEAD_LINES) + 1;
	unsigned width = 2;
	size_t room = 1, step;

	if (frame->width > 18)
		width = (frame->width - 8) / (unsigned)NR_DESIGNS;
	kfrag_plot_text_put(frame, line, 0, "MEMORY");
	for (unsigned k = 0; k < NR_DESIGNS; k++)
		kfrag_plot_text_put_right(frame, line, 7 + (k + 1) * width,
					  "%s", designs[k].heading);
	/* A note and the command stand below. */
	if (frame->height > line + 3)
		room = frame->height - line - 3;
	step = (bitmap->nr_costs + room - 1) / room;
	for (size_t i = 0; i<bitmap->nr_costs; i += step> 2 ? step : 2)
		draw_text_figures(&bitmap->costs[i], frame, ++line, width);
	if (!bitmap->is_all_measured)
		kfrag_plot_text_put(frame, line + 1, 0,
				    "* computed: not allocated here");
	kfrag_plot_text_draw(frame);
}

enum kfrag_error
kfrag_plot_write_bitmap(FILE *out, const struct kfrag_plot_page *page,
			const struct kfrag_plot_cost *costs, size_t nr_costs,
			uint64_t page_size_bytes, unsigned max_order)
{
	struct kfrag_plot_size natural = KFRAG_PLOT_SIZE;
	struct bitmap bitmap = { .costs = costs, .nr_costs = nr_costs };
	struct kfrag_plot_frame frame;
	char size[KFRAG_UNITS_SIZE];

	natural.lines = TEXT_HEAD_LINES + (unsigned)NR_DESIGNS +
			(unsigned)nr_costs / 2 + 6;
	kfrag_plot_begin(&frame, out, page, natural);
	kfrag_plot_caption(&frame, 0,
			   "Pages of %s, blocks up to order %u; beside each "
			   "design its share of memory",
			   kfrag_figure_round_bytes(page_size_bytes, size),
			   max_order);
	kfrag_plot_caption(&frame, 1,
			   "Points are our buddy allocator's own, really "
			   "allocated");
	measure(&bitmap);
	if (nr_costs == 0)
		kfrag_plot_nothing(&frame, "nothing to show");
	else if (frame.is_text)
		draw_text(&bitmap, &frame);
	else
		draw(&bitmap, &frame);
	return kfrag_plot_end(&frame);
}
