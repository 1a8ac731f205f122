// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "output/figures.h"
#include "output/plot_frame.h"

/* The least power of two that is the step of at most max_tics tics. */
static uint64_t step_of(uint64_t max_bytes, unsigned max_tics)
{
	uint64_t step = 1;

	while (max_bytes / step > max_tics && step < UINT64_C(1) << 62)
		step *= 2;
	return step;
}

/* How tics are written: so that neighbours differ. */
struct tic_format {
	double unit_bytes;
	const char *unit;
	int nr_decimals;
};

static struct tic_format format_of(uint64_t max_bytes, uint64_t step_bytes)
{
	static const char *const units[] = { "B",   "KiB", "MiB", "GiB",
					     "TiB", "PiB", "EiB" };
	struct tic_format format = { .unit_bytes = 1, .unit = units[0] };
	double step = (double)step_bytes;

	for (size_t i = 1; i < 7 && max_bytes >= KFRAG_KIB; i++) {
		max_bytes /= KFRAG_KIB;
		format.unit_bytes *= (double)KFRAG_KIB;
		format.unit = units[i];
	}
	while (step < format.unit_bytes && format.nr_decimals < 3) {
		step *= 10;
		format.nr_decimals++;
	}
	return format;
}

/* A tic; sizes have no '%' in them, which would be a format. */
static void put_tic(struct kfrag_plot_frame *frame, uint64_t bytes,
		    const char *separator)
{
	char size[KFRAG_UNITS_SIZE];

	kfrag_plot_format(frame, "%s'%s' %.0f", separator,
			  kfrag_figure_round_bytes(bytes, size),
			  kfrag_plot_number(bytes));
}

/* The same on an axis that does not begin at 0. */
static void put_exact_tic(struct kfrag_plot_frame *frame,
			  const struct tic_format *format, uint64_t bytes,
			  const char *separator)
{
	kfrag_plot_format(frame, "%s'%.*f %s' %.0f", separator,
			  format->nr_decimals,
			  kfrag_plot_number(bytes) / format->unit_bytes,
			  format->unit, kfrag_plot_number(bytes));
}

unsigned kfrag_plot_fitting_tics(const struct kfrag_plot_frame *frame,
				 unsigned chars)
{
	unsigned taken = chars * 9, nr_tics = 1;

	if (frame->width > taken + 90)
		nr_tics = (frame->width - taken) / 90;
	return nr_tics > 6 ? 6 : nr_tics;
}

void kfrag_plot_byte_tics_from(struct kfrag_plot_frame *frame, const char *axis,
			       uint64_t min_bytes, uint64_t max_bytes,
			       unsigned max_tics)
{
	uint64_t step = step_of(max_bytes - min_bytes, max_tics);
	uint64_t at = min_bytes + (step - min_bytes % step) % step;
	struct tic_format format = format_of(max_bytes, step);

	kfrag_plot_format(frame, "set %stics noenhanced (", axis);
	for (const char *separator = ""; at <= max_bytes; at += step) {
		if (min_bytes > 0)
			put_exact_tic(frame, &format, at, separator);
		else
			put_tic(frame, at, separator);
		separator = ", ";
		/* The next one need not fit 64 bits. */
		if (max_bytes - at < step)
			break;
	}
	kfrag_plot_format(frame, ")\n");
}

void kfrag_plot_byte_tics(struct kfrag_plot_frame *frame, const char *axis,
			  uint64_t max_bytes, unsigned max_tics)
{
	kfrag_plot_byte_tics_from(frame, axis, 0, max_bytes, max_tics);
}

void kfrag_plot_log_byte_tics(struct kfrag_plot_frame *frame, const char *axis,
			      uint64_t min_bytes, uint64_t max_bytes,
			      unsigned step)
{
	const char *separator = "";

	kfrag_plot_format(frame, "set logscale %s 2\nset %stics noenhanced (",
			  axis, axis);
	for (unsigned shift = 0; shift < 64; shift += step) {
		uint64_t at = UINT64_C(1) << shift;

		if (at < min_bytes || at > max_bytes)
			continue;
		put_tic(frame, at, separator);
		separator = ", ";
	}
	kfrag_plot_format(frame, ")\n");
}

void kfrag_plot_left(struct kfrag_plot_frame *frame, unsigned chars)
{
	enum kfrag_plot_terminal terminal = frame->page->style.terminal;
	unsigned margin = chars + 2;

	/* Its characters are narrower than its text; a script's, who knows. */
	if (terminal == KFRAG_PLOT_SVG || terminal == KFRAG_PLOT_SCRIPT)
		margin += (chars + 5) / 6;
	kfrag_plot_format(frame, "set lmargin %u\n", margin);
}

void kfrag_plot_first_panel(struct kfrag_plot_frame *frame)
{
	kfrag_plot_format(frame, "set multiplot\n");
}

void kfrag_plot_next_panel(struct kfrag_plot_frame *frame)
{
	kfrag_plot_format(frame, "unset label; unset object\n");
}

void kfrag_plot_last_panel_done(struct kfrag_plot_frame *frame)
{
	kfrag_plot_format(frame, "unset multiplot\n");
}

void kfrag_plot_nothing(struct kfrag_plot_frame *frame, const char *why)
{
	if (frame->is_text)
		kfrag_plot_format(frame,
				  "set label '%s' at character %u, %u center "
				  "noenhanced\n",
				  why, frame->width / 2, frame->height / 2);
	else
		kfrag_plot_format(frame,
				  "set label '%s' at screen 0.5, screen 0.5 "
				  "center noenhanced textcolor rgb '%s'\n"
				  "unset border; unset tics; unset key\n",
				  why,
				  kfrag_plot_colour(frame, KFRAG_COLOUR_TEXT));
	kfrag_plot_format(frame, "plot [0:1] [0:1] NaN notitle\n");
}
