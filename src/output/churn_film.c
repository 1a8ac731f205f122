// SPDX-License-Identifier: MIT
#include "output/churn_film.h"

#include <inttypes.h>

#include "output/figures.h"
#include "output/map_pair.h"

/* Two maps of 384 pixels. */
#define WIDTH KFRAG_MAP_PAIR_WIDTH(384)
#define HEIGHT KFRAG_MAP_PAIR_HEIGHT(384)
#define MAX_ORDER 7

/* Hundredths of a second that a frame is seen. */
#define FRAME_CS 45

struct kfrag_plot_size kfrag_churn_film_size(void)
{
	return (struct kfrag_plot_size){ WIDTH, HEIGHT, 80, 24 };
}

struct kfrag_map_grid
kfrag_churn_film_grid(const struct kfrag_plot_style *style)
{
	unsigned side =
		kfrag_map_pair_side(kfrag_panels_size(style->width, WIDTH),
				    kfrag_panels_size(style->height, HEIGHT));

	return (struct kfrag_map_grid){
		KFRAG_MAP_SQUARE,
		kfrag_panels_pixel_order(side, MAX_ORDER),
		0,
		KFRAG_MAP_PAIR_MIN_WIDTH,
		KFRAG_MAP_PAIR_MIN_HEIGHT,
	};
}

/* "round 2 of 4, filling 3/8" */
static void describe(const struct kfrag_map_moment *moment, uint64_t rounds,
		     char *text, size_t size)
{
	int length = snprintf(text, size, "round %" PRIu64 " of %" PRIu64 ", ",
			      moment->round + 1, rounds);

	size -= (size_t)length;
	text += length;
	if (moment->state == KFRAG_SETTLED)
		(void)snprintf(text, size, "settled");
	else if (moment->frame == moment->nr_frames)
		(void)snprintf(text, size, "peak");
	else
		(void)snprintf(text, size, "filling %u/%u", moment->frame,
			       moment->nr_frames);
}

void kfrag_churn_film_draw(struct kfrag_plot_frame *frame,
			   const struct kfrag_report *report,
			   const struct kfrag_churn_frame *frames,
			   size_t nr_frames)
{
	static const struct kfrag_map_heading headings[KFRAG_KERNEL] = {
		{ "buddy only" }, { "buddy + slab" }
	};
	char memory[KFRAG_UNITS_SIZE], cell[128];
	struct kfrag_panels panels;

	kfrag_figure_round_bytes(report->memory_bytes, memory);
	kfrag_panels_cell_text(&frames[0].pictures[0], report->page_size_bytes,
			       cell, sizeof(cell));
	kfrag_plot_caption(frame, 0,
			   "%s of memory while populations fill and settle; a "
			   "dot is %s",
			   memory, cell);
	kfrag_panels_explain(frame, 1, report);
	kfrag_plot_format(frame,
			  "# %zu frames\n"
			  "set terminal gif animate delay %d loop 0 optimize "
			  "size %u, %u background rgb '%s' font 'Sans,9' "
			  "noenhanced\n",
			  nr_frames, FRAME_CS, frame->width, frame->height,
			  kfrag_plot_colour(frame, KFRAG_COLOUR_PAPER));
	kfrag_map_pair_begin(&panels, frame, frames[0].pictures);
	for (size_t i = 0; i < nr_frames; i++) {
		char moment[80];

		describe(&frames[i].moment, report->rounds, moment,
			 sizeof(moment));
		kfrag_map_pair_draw(&panels, report, frames[i].pictures,
				    headings, moment);
	}
}
