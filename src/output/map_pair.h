/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_MAP_PAIR_H
#define KFRAG_OUTPUT_MAP_PAIR_H

#include "kfrag/report.h"
#include "output/map_panels.h"

/*
 * Both allocators' maps side by side with their tables, on a page of pixels.
 * One page can show a pair after the other.
 */

/* A page for two maps with sides of so many pixels. */
#define KFRAG_MAP_PAIR_WIDTH(side) (2 * (side) + 72)
#define KFRAG_MAP_PAIR_HEIGHT(side) ((side) + 208)

/* The least page that has room for the text. */
#define KFRAG_MAP_PAIR_MIN_WIDTH 600
#define KFRAG_MAP_PAIR_MIN_HEIGHT 320

/* The most pixels that a side may have on such a page. */
unsigned kfrag_map_pair_side(unsigned width, unsigned height);

/* All that stays the same; `panels` is set up by it. */
void kfrag_map_pair_begin(struct kfrag_panels *panels,
			  struct kfrag_plot_frame *frame,
			  const struct kfrag_map_picture *pictures);

/*
 * Puts a close-up of buddy + slab's first pages into its map, which is free
 * there; after begin.
 */
void kfrag_map_pair_inset(struct kfrag_panels *panels,
			  const struct kfrag_report *report,
			  const struct kfrag_map_picture *close_up,
			  unsigned halvings);

/* The order of a close-up that fits. */
unsigned kfrag_map_pair_inset_order(unsigned side, unsigned max_order);

struct kfrag_map_heading {
	char text[96];
};

/*
 * Draws a pair, its pictures as large as those before. Headings stand above
 * the maps, `moment` is a few words further right, or "": all our own text.
 */
void kfrag_map_pair_draw(struct kfrag_panels *panels,
			 const struct kfrag_report *report,
			 const struct kfrag_map_picture *pictures,
			 const struct kfrag_map_heading *headings,
			 const char *moment);

#endif
