// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "kfrag/plot_policies.h"
#include "output/plot_frame.h"
#include "output/plot_text.h"

/* Millionths in a unit of what is drawn. */
#define MICRO 1000000

struct policies {
	const struct kfrag_sim_policy_row *rows;
	size_t nr_rows;
	uint64_t max_micro; /* of the axis, at least 1 */
	unsigned name_chars;
};

static struct kfrag_opt mean_of(const struct kfrag_sim_policy_row *row,
				enum kfrag_sim_measure measure)
{
	return row->of[measure].mean_micro;
}

static void measure(struct policies *policies, struct kfrag_plot_frame *frame)
{
	policies->max_micro = MICRO;
	policies->name_chars = 8;
	for (size_t i = 0; i < policies->nr_rows; i++) {
		const struct kfrag_sim_policy_row *row = &policies->rows[i];
		const struct kfrag_sim_summary *trough =
			&row->of[KFRAG_SIM_TROUGH_RATIO];
		uint64_t end =
			trough->mean_micro.value + trough->error_micro.value;
		unsigned chars = kfrag_plot_width(frame, row->name,
						  strlen(row->name), 20);

		if (end > policies->max_micro)
			policies->max_micro = end;
		if (chars > policies->name_chars)
			policies->name_chars = chars;
	}
}

/* "3.204", "-" where it is unknown. */
static const char *ratio_text(struct kfrag_opt micro,
			      char text[KFRAG_UNITS_SIZE])
{
	uint64_t milli = micro.value / 1000 + (micro.value % 1000 >= 500);

	if (micro.known)
		(void)snprintf(text, KFRAG_UNITS_SIZE, "%" PRIu64 ".%03" PRIu64,
			       milli / 1000, milli % 1000);
	else
		(void)snprintf(text, KFRAG_UNITS_SIZE, "-");
	return text;
}

/* The figures beside the bars; the last one is the rightmost. */
static const struct figure {
	const char *heading;
	enum kfrag_sim_measure measure;
} figures[] = {
	{ "low", KFRAG_SIM_TROUGH_RATIO },
	{ "average", KFRAG_SIM_AVERAGE_RATIO },
	{ "returned", KFRAG_SIM_RETURNED },
};

#define NR_FIGURES (sizeof(figures) / sizeof(figures[0]))
#define FIGURE_CHARS 10

static void put_labels(const struct policies *policies,
		       struct kfrag_plot_frame *frame)
{
	for (size_t k = 0; k < NR_FIGURES; k++)
		kfrag_plot_label(frame, figures[k].heading,
				 strlen(figures[k].heading), 0,
				 KFRAG_COLOUR_FAINT,
				 "at graph 1, graph 1 offset character %zu, "
				 "0.8 right font ',9'",
				 (k + 1) * FIGURE_CHARS);
	for (size_t i = 0; i < policies->nr_rows; i++) {
		const struct kfrag_sim_policy_row *row = &policies->rows[i];
		char text[KFRAG_UNITS_SIZE];

		kfrag_plot_label(frame, row->name, strlen(row->name), 20,
				 row->is_bound ? KFRAG_COLOUR_FAINT :
						 KFRAG_COLOUR_TEXT,
				 "at graph 0, first %zu offset character -1, 0 "
				 "right",
				 i);
		for (size_t k = 0; k < NR_FIGURES; k++) {
			ratio_text(mean_of(row, figures[k].measure), text);
			kfrag_plot_label(frame, text, strlen(text), 0,
					 KFRAG_COLOUR_TEXT,
					 "at graph 1, first %zu offset "
					 "character %zu, 0 right font ',10'",
					 i, (k + 1) * FIGURE_CHARS);
		}
	}
}

/* NaN for what is unknown. */
static void put_number(struct kfrag_plot_frame *frame, struct kfrag_opt micro)
{
	if (micro.known)
		kfrag_plot_format(frame, " %" PRIu64 ".%06" PRIu64,
				  micro.value / MICRO, micro.value % MICRO);
	else
		kfrag_plot_format(frame, " NaN");
}

static void put_data(const struct policies *policies,
		     struct kfrag_plot_frame *frame)
{
	kfrag_plot_format(frame, "# row, then slabs held over the fewest: low, "
				 "its standard error, average, low in theory\n"
				 "$policies << EOD\n");
	for (size_t i = 0; i < policies->nr_rows; i++) {
		const struct kfrag_sim_policy_row *row = &policies->rows[i];

		kfrag_plot_format(frame, "%zu", i);
		put_number(frame, mean_of(row, KFRAG_SIM_TROUGH_RATIO));
		put_number(frame, row->of[KFRAG_SIM_TROUGH_RATIO].error_micro);
		put_number(frame, mean_of(row, KFRAG_SIM_AVERAGE_RATIO));
		put_number(frame, row->expected_micro);
		kfrag_plot_format(frame, "\n");
	}
	kfrag_plot_format(frame, "EOD\n");
}

static void put_legend(struct kfrag_plot_frame *frame)
{
	static const struct kfrag_plot_word words[] = {
		{ KFRAG_COLOUR_SLAB, "population low; line: standard error" },
		{ KFRAG_COLOUR_SLAB_PEAK, "on average" },
	};

	kfrag_plot_put_legend(frame, words, 2);
}

static void put_bars(struct kfrag_plot_frame *frame)
{
	const char *ink = kfrag_plot_colour(frame, KFRAG_COLOUR_TEXT);

	kfrag_plot_format(
		frame,
		"plot \\\n  $policies using 2:1:(0):2:($1-0.34):($1+0.1) with "
		"boxxyerror fillcolor rgb '%s' notitle, \\\n"
		"  $policies using 4:1:(0):4:($1+0.1):($1+0.34) with "
		"boxxyerror fillcolor rgb '%s' notitle, \\\n",
		kfrag_plot_colour(frame, KFRAG_COLOUR_SLAB),
		kfrag_plot_colour(frame, KFRAG_COLOUR_SLAB_PEAK));
	kfrag_plot_format(
		frame,
		"  $policies using 2:($1-0.12):3 with xerrorbars pointtype 0 "
		"linewidth 1.5 linecolor rgb '%s' notitle, \\\n"
		"  $policies using 5:($1-0.12) with points pointtype 4 "
		"linecolor rgb '%s' notitle\n",
		ink, ink);
}

static void draw(const struct policies *policies,
		 struct kfrag_plot_frame *frame)
{
	put_data(policies, frame);
	kfrag_plot_format(frame,
			  "set rmargin %zu; set tmargin 7\n"
			  "set xrange [0:%.6f]; set yrange [%zu.6:-0.6]\n"
			  "set style fill solid border linecolor rgb '%s'\n"
			  "unset ytics; unset key; set grid x noy back\n"
			  "set xtics out nomirror\n"
			  "set xlabel 'slabs held, over the fewest that would "
			  "do'\n",
			  NR_FIGURES * FIGURE_CHARS + 2,
			  kfrag_plot_number(policies->max_micro) / MICRO * 1.02,
			  policies->nr_rows - 1,
			  kfrag_plot_colour(frame, KFRAG_COLOUR_TEXT));
	kfrag_plot_left(frame, policies->name_chars);
	put_labels(policies, frame);
	put_legend(frame);
	put_bars(frame);
}

#define TEXT_HEAD_LINES 4
#define TEXT_FOOT_LINES 3

static void draw_text(const struct policies *policies,
		      struct kfrag_plot_frame *frame)
{
	struct kfrag_plot_bars bars = {
		.column = policies->name_chars + 1,
		.width = 1,
		.max_bytes = policies->max_micro,
	};
	unsigned taken = bars.column + (unsigned)NR_FIGURES * FIGURE_CHARS + 1;

	if (frame->width > taken)
		bars.width = frame->width - taken;
	for (unsigned k = 0; k < NR_FIGURES; k++)
		kfrag_plot_text_put_right(
			frame, TEXT_HEAD_LINES - 1,
			frame->width - 1 -
				((unsigned)NR_FIGURES - 1 - k) * FIGURE_CHARS,
			"%s", figures[k].heading);
	for (size_t i = 0; i < policies->nr_rows; i++) {
		const struct kfrag_sim_policy_row *row = &policies->rows[i];
		unsigned line = TEXT_HEAD_LINES + (unsigned)i;
		char text[KFRAG_UNITS_SIZE];

		kfrag_plot_text_name(frame, line, 0, row->name,
				     strlen(row->name), policies->name_chars);
		kfrag_plot_text_bar(frame, &bars, line, 0,
				    mean_of(row, KFRAG_SIM_TROUGH_RATIO).value,
				    '#');
		for (unsigned k = 0; k < NR_FIGURES; k++)
			kfrag_plot_text_put_right(
				frame, line,
				frame->width - 1 -
					((unsigned)NR_FIGURES - 1 - k) *
						FIGURE_CHARS,
				"%s",
				ratio_text(mean_of(row, figures[k].measure),
					   text));
	}
	kfrag_plot_text_put(frame, frame->height - 2, 0,
			    "# slabs held over the fewest that would do, where "
			    "the population is low");
	kfrag_plot_text_draw(frame);
}

enum kfrag_error
kfrag_plot_write_policies(FILE *out, const struct kfrag_plot_page *page,
			  const char *workload,
			  const struct kfrag_sim_policy_row *rows,
			  size_t nr_rows)
{
	struct kfrag_plot_size natural = KFRAG_PLOT_SIZE;
	struct policies policies = { .rows = rows, .nr_rows = nr_rows };
	struct kfrag_plot_frame frame;

	natural.height = 230 + 26 * (unsigned)nr_rows;
	natural.lines = TEXT_HEAD_LINES + TEXT_FOOT_LINES + (unsigned)nr_rows;
	kfrag_plot_begin(&frame, out, page, natural);
	kfrag_plot_caption(&frame, 0, "%s", workload);
	kfrag_plot_caption(&frame, 1,
			   "returned: slabs given back per 1,000 births; the "
			   "oracle knows when objects die");
	measure(&policies, &frame);
	if (nr_rows == 0)
		kfrag_plot_nothing(&frame, "nothing to show");
	else if (frame.is_text)
		draw_text(&policies, &frame);
	else
		draw(&policies, &frame);
	return kfrag_plot_end(&frame);
}
