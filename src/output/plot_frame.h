/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_PLOT_FRAME_H
#define KFRAG_OUTPUT_PLOT_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kfrag/error.h"
#include "kfrag/plot.h"
#include "output/writer.h"

/*
 * What all pictures are made of: the script's head, text that is never code,
 * one palette, axes of bytes. The first error stays and comes out of
 * kfrag_plot_end(); until then everything may be called.
 */
struct kfrag_plot_frame {
	struct kfrag_writer writer;
	struct kfrag_scratch spelled; /* text on its way */
	enum kfrag_error error;
	const struct kfrag_plot_page *page;
	unsigned width, height; /* pixels; of text: characters */
	bool is_text; /* drawn by characters of our own */
};

/*
 * The colours of Okabe and Ito (2008), which colour-blind readers can tell
 * apart, by meaning. Those that touch are 40 or more of 255 apart in luma, so
 * that they differ on grey paper, too.
 */
enum kfrag_plot_colour {
	KFRAG_COLOUR_LIVE,
	KFRAG_COLOUR_IDLE,
	KFRAG_COLOUR_TAIL, /* and what buddy only loses to rounding */
	KFRAG_COLOUR_FREE,
	KFRAG_COLOUR_BUDDY,
	KFRAG_COLOUR_SLAB,
	KFRAG_COLOUR_BUDDY_PEAK,
	KFRAG_COLOUR_SLAB_PEAK,
	KFRAG_COLOUR_KERNEL,
	KFRAG_COLOUR_OTHERS,
	KFRAG_COLOUR_GREW,
	KFRAG_COLOUR_SHRANK,
	KFRAG_COLOUR_TEXT, /* and lines */
	KFRAG_COLOUR_FAINT, /* less important text */
	KFRAG_COLOUR_GRID,
	KFRAG_COLOUR_PAPER,
	KFRAG_NR_COLOURS
};

/* "#rrggbb", for the page's theme. */
const char *kfrag_plot_colour(const struct kfrag_plot_frame *frame,
			      enum kfrag_plot_colour colour);

/* Of things side by side that are all of one kind: 0..7, neighbours differ. */
#define KFRAG_PLOT_NR_SERIES 8
const char *kfrag_plot_series_colour(const struct kfrag_plot_frame *frame,
				     unsigned series);

/* What suits a kind of picture, where the page leaves it open. */
struct kfrag_plot_size {
	unsigned width, height; /* pixels */
	unsigned columns, lines; /* of text */
};

#define KFRAG_PLOT_SIZE ((struct kfrag_plot_size){ 800, 500, 80, 24 })

/*
 * The head of the script: version, terminal, title, command, colours. The page
 * must outlive the frame. For text, all of the drawing is characters at
 * places: see kfrag_plot_put().
 */
void kfrag_plot_begin(struct kfrag_plot_frame *frame, FILE *out,
		      const struct kfrag_plot_page *page,
		      struct kfrag_plot_size natural);
KFRAG_MUST_CHECK enum kfrag_error
kfrag_plot_end(struct kfrag_plot_frame *frame);

/* Lines of script; text from outside never goes this way. */
__attribute__((format(printf, 2, 3))) void
kfrag_plot_format(struct kfrag_plot_frame *frame, const char *format, ...);

/*
 * A string of gnuplot's that shows the text as it is, with \xNN for what
 * cannot be shown, and the middle left out beyond max_chars (0: all of it).
 * Where it is used "noenhanced" must be said, and it must not be the name of
 * a tic, which is a format.
 */
void kfrag_plot_quote(struct kfrag_plot_frame *frame, const char *text,
		      size_t bytes, unsigned max_chars);

/*
 * `set label` of such a string. `place` is where, in the words of gnuplot,
 * and how: "at graph 1, graph 1 right"; colour is its own.
 */
void kfrag_plot_label(struct kfrag_plot_frame *frame, const char *text,
		      size_t bytes, unsigned max_chars,
		      enum kfrag_plot_colour colour, const char *place, ...)
	__attribute__((format(printf, 6, 7)));

/* A line under the title, the first one is 0. */
__attribute__((format(printf, 3, 4))) void
kfrag_plot_caption(struct kfrag_plot_frame *frame, unsigned line,
		   const char *format, ...);

/* Longest name that is shown as it is. */
#define KFRAG_PLOT_NAME_CHARS 40

/* Characters that the escaped text takes, at most max_chars. */
unsigned kfrag_plot_width(struct kfrag_plot_frame *frame, const char *text,
			  size_t bytes, unsigned max_chars);

/* Numbers for gnuplot, which takes great whole ones for 32 or 64 bits. */
static inline double kfrag_plot_number(uint64_t number)
{
	return (double)number;
}

/*
 * Tics of an axis ("x", "y", "y2") of bytes from 0 to max, in KiB, MiB, ...;
 * with a grid behind.
 */
void kfrag_plot_byte_tics(struct kfrag_plot_frame *frame, const char *axis,
			  uint64_t max_bytes, unsigned max_tics);

/* How many tics of an x axis fit beside so many characters. */
unsigned kfrag_plot_fitting_tics(const struct kfrag_plot_frame *frame,
				 unsigned chars);

/* The same from min, not more than 2^62, on. */
void kfrag_plot_byte_tics_from(struct kfrag_plot_frame *frame, const char *axis,
			       uint64_t min_bytes, uint64_t max_bytes,
			       unsigned max_tics);

/* The same of a logarithmic axis: at every 2^(n * step) within. */
void kfrag_plot_log_byte_tics(struct kfrag_plot_frame *frame, const char *axis,
			      uint64_t min_bytes, uint64_t max_bytes,
			      unsigned step);

/* What a colour stands for. */
struct kfrag_plot_legend_item {
	const char *text; /* any bytes */
	size_t bytes;
	const char *colour; /* "#rrggbb" */
};

/*
 * A legend of coloured boxes below the diagram, above the command, in as many
 * lines as it takes, which are returned: kfrag_plot_bottom() makes room for
 * them. gnuplot's own leaves out what does not fit.
 */
unsigned kfrag_plot_legend(struct kfrag_plot_frame *frame,
			   const struct kfrag_plot_legend_item *items,
			   size_t nr_items);

/* What a colour of the palette stands for, in words of our own. */
struct kfrag_plot_word {
	enum kfrag_plot_colour colour;
	const char *text;
};

/*
 * A legend of at most KFRAG_PLOT_MAX_WORDS of them, and the margin that it
 * takes.
 */
#define KFRAG_PLOT_MAX_WORDS 8
void kfrag_plot_put_legend(struct kfrag_plot_frame *frame,
			   const struct kfrag_plot_word *words,
			   size_t nr_words);

/* A lower margin for an axis with its title, and so many lines of legend. */
void kfrag_plot_bottom(struct kfrag_plot_frame *frame, unsigned legend_lines);

/* A left margin for so many characters. */
void kfrag_plot_left(struct kfrag_plot_frame *frame, unsigned chars);

/*
 * Several diagrams on a page: this before the first, and the next before each
 * other one, which then has the page's head and legend behind it.
 */
void kfrag_plot_first_panel(struct kfrag_plot_frame *frame);
void kfrag_plot_next_panel(struct kfrag_plot_frame *frame);
void kfrag_plot_last_panel_done(struct kfrag_plot_frame *frame);

/* An empty diagram that says why, in the middle. */
void kfrag_plot_nothing(struct kfrag_plot_frame *frame, const char *why);

#endif
