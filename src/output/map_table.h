/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_MAP_TABLE_H
#define KFRAG_OUTPUT_MAP_TABLE_H

#include "output/map_panels.h"

/*
 * How much of a memory is of each kind, as a table below its map: pages, bytes
 * and per cent, a line for each kind in the order of the page's colours.
 */
#define KFRAG_MAP_TABLE_LINE 18

/*
 * Its width in pixels where there are two side by side. Narrow pages leave the
 * pages out, and so do narrow ones of text.
 */
unsigned kfrag_map_table_width(const struct kfrag_plot_frame *frame);

/* The texts; allocators call the same thing by different names. */
void kfrag_map_table(struct kfrag_panels *panels, unsigned x, unsigned y,
		     enum kfrag_allocator allocator,
		     const struct kfrag_map_picture *picture,
		     uint64_t page_size_bytes);

/* The colours in front of them; once, however often the texts change. */
void kfrag_map_table_swatches(struct kfrag_panels *panels, unsigned x,
			      unsigned y);

/* All of it in characters, at most 38 of them, or 24 on narrow pages. */
void kfrag_map_table_text(struct kfrag_panels *panels, unsigned column,
			  unsigned line,
			  const struct kfrag_map_picture *picture,
			  uint64_t page_size_bytes);

#endif
