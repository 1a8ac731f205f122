/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_MAP_PANELS_H
#define KFRAG_OUTPUT_MAP_PANELS_H

#include <stdbool.h>

#include "kfrag/map_picture.h"
#include "kfrag/report.h"
#include "output/plot_frame.h"

/*
 * Maps as panels of one diagram whose axes count the pixels of the page from
 * its upper left corner; of text, the characters.
 */
struct kfrag_panels {
	struct kfrag_plot_frame *frame;
	unsigned width, height; /* of one map, in cells */
	unsigned scale; /* pixels of a cell's side; 1 in text */
	unsigned left, top; /* of the first panel */
	unsigned step_x, step_y; /* from one to the next */
	/*
	 * Labels so far. Set back for a further plot on the same page, whose
	 * labels take the places of those that were written since.
	 */
	unsigned nr_labels;
	struct kfrag_panels_inset {
		const struct kfrag_map_picture *picture; /* NULL: none */
		unsigned x, y, scale; /* pixels */
	} inset;
};

/*
 * The size of a page that is ours to say; else that of the windows that gnuplot
 * opens, as their letters are large against a larger one.
 */
struct kfrag_plot_size
kfrag_panels_natural(const struct kfrag_plot_style *style,
		     struct kfrag_plot_size size);

/* The largest order, up to max_order, that fits into a side of text. */
unsigned kfrag_panels_order(unsigned side, unsigned max_order);

/*
 * The same of pixels; one less where cells of three pixels make use of the side
 * that those of one would leave.
 */
unsigned kfrag_panels_pixel_order(unsigned side, unsigned max_order);

/* What the page's size leaves, and a size that the page may leave open. */
static inline unsigned kfrag_panels_less(unsigned size, unsigned taken)
{
	return size > taken ? size - taken : 0;
}

static inline unsigned kfrag_panels_least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static inline unsigned kfrag_panels_size(unsigned wanted, unsigned natural)
{
	return wanted ? wanted : natural;
}

/* Where a panel starts: counted in panels, then in pixels or characters. */
unsigned kfrag_panels_x(const struct kfrag_panels *panels, unsigned column);
unsigned kfrag_panels_y(const struct kfrag_panels *panels, unsigned row);

/* The side of a square panel of at most that many pixels: whole cells. */
unsigned kfrag_panels_scale(const struct kfrag_map_picture *picture,
			    unsigned max_side);

/* Axes and colours, before all that follows; not for text. */
void kfrag_panels_begin(struct kfrag_panels *panels);

/* Our own plain text. `side`: "left", "right", "center". */
__attribute__((format(printf, 7, 8))) void
kfrag_panels_label(struct kfrag_panels *panels, unsigned x, unsigned y,
		   const char *side, unsigned font_size,
		   enum kfrag_plot_colour colour, const char *format, ...);

/* A square of the kind's colour, for a legend. */
void kfrag_panels_swatch(struct kfrag_panels *panels, unsigned x, unsigned y,
			 enum kfrag_page_kind kind);

/* The picture as the data block of that number; in text nothing. */
void kfrag_panels_data(struct kfrag_panels *panels, unsigned number,
		       const struct kfrag_map_picture *picture);

/* A line around each of columns x rows panels. */
void kfrag_panels_borders(struct kfrag_panels *panels, unsigned nr_columns,
			  unsigned nr_rows);

/* A line around a square of so many pixels. */
void kfrag_panels_border(struct kfrag_panels *panels, unsigned x, unsigned y,
			 unsigned width, unsigned height);

/*
 * Draws the data blocks 0 .. columns * rows - 1, row by row, and the inset on
 * top of them.
 */
void kfrag_panels_draw(struct kfrag_panels *panels, unsigned nr_columns,
		       unsigned nr_rows);

/* The picture in characters; kfrag_plot_text_draw() ends it. */
void kfrag_panels_put_text(struct kfrag_panels *panels, unsigned column,
			   unsigned row,
			   const struct kfrag_map_picture *picture);

/* The character of a kind in text. */
char kfrag_panels_mark(enum kfrag_page_kind kind);

/* "buddy only", "buddy + slab". */
const char *kfrag_panels_allocator(enum kfrag_allocator allocator);

/* "2 pages, 8.00 KiB": what a cell stands for. */
void kfrag_panels_cell_text(const struct kfrag_map_picture *picture,
			    uint64_t page_size_bytes, char *text, size_t size);

/*
 * Puts a caption that says how pages lie, or how many objects found no place,
 * if there are any.
 */
void kfrag_panels_explain(struct kfrag_plot_frame *frame, unsigned line,
			  const struct kfrag_report *report);

/* Whether cells of the picture are behind the end of the memory. */
bool kfrag_panels_has_rest(const struct kfrag_map_picture *picture);

/* Numbers of pages by kind, and what numbers in data blocks mean. */
void kfrag_panels_comment(struct kfrag_panels *panels, const char *allocator,
			  const struct kfrag_map_picture *picture);

#endif
