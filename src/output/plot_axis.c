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

/* A tic; sizes have no '%' in them, which would be a format. */
static void put_tic(struct kfrag_plot_frame *frame, uint64_t bytes,
		    const char *separator)
{
	char size[KFRAG_UNITS_SIZE];

	kfrag_plot_format(frame, "%s'%s' %.0f", separator,
			  kfrag_figure_round_bytes(bytes, size),
			  kfrag_plot_number(bytes));
}

void kfrag_plot_byte_tics(struct kfrag_plot_frame *frame, const char *axis,
			  uint64_t max_bytes, unsigned max_tics)
{
	uint64_t step = step_of(max_bytes, max_tics);

	kfrag_plot_format(frame, "set %stics noenhanced (", axis);
	for (uint64_t at = 0; at <= max_bytes; at += step)
		put_tic(frame, at, at > 0 ? ", " : "");
	kfrag_plot_format(frame, ")\n");
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
