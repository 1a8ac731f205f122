/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_PLOT_TEXT_H
#define KFRAG_OUTPUT_PLOT_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "output/plot_frame.h"

/*
 * Pictures of text: gnuplot's dumb terminal cannot fill an area, so bars are
 * characters that we place ourselves. Lines count from 0, the title's; that of
 * the command is the last one.
 */

/* Text of our own at a column; what is too long is shortened. */
__attribute__((format(printf, 4, 5))) void
kfrag_plot_text_put(struct kfrag_plot_frame *frame, unsigned line,
		    unsigned column, const char *format, ...);

/* The same with its last character at the column. */
__attribute__((format(printf, 4, 5))) void
kfrag_plot_text_put_right(struct kfrag_plot_frame *frame, unsigned line,
			  unsigned column, const char *format, ...);

/* A name, or other bytes that are not ours. */
void kfrag_plot_text_name(struct kfrag_plot_frame *frame, unsigned line,
			  unsigned column, const char *text, size_t bytes,
			  unsigned max_chars);

/* Bars on a scale of their own. */
struct kfrag_plot_bars {
	unsigned column; /* of zero */
	unsigned width; /* characters up to max_bytes, at least 1 */
	uint64_t max_bytes;
};

/* A part of a bar, in rounded characters; what is beyond the scale is cut. */
void kfrag_plot_text_bar(struct kfrag_plot_frame *frame,
			 const struct kfrag_plot_bars *bars, unsigned line,
			 uint64_t from_bytes, uint64_t to_bytes, char mark);

/* Draws all that was put. */
void kfrag_plot_text_draw(struct kfrag_plot_frame *frame);

#endif
