/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_LESSON_CANVAS_H
#define KFRAG_OUTPUT_LESSON_CANVAS_H

#include <stddef.h>
#include <stdio.h>

#include "kfrag/error.h"

/*
 * A vector picture for slides, drawn from the top down. Lengths are pixels.
 * Texts are escaped as text.h says; what XML gives a meaning is replaced here.
 */
#define KFRAG_CANVAS_WIDTH 960
#define KFRAG_CANVAS_MARGIN 30
/* Bars begin at so much, right of their labels, and end at the margin. */
#define KFRAG_CANVAS_LEFT 110
#define KFRAG_CANVAS_BAR                                                       \
	(KFRAG_CANVAS_WIDTH - KFRAG_CANVAS_MARGIN - KFRAG_CANVAS_LEFT)
#define KFRAG_CANVAS_LINE 22

#define KFRAG_CANVAS_FREE "#ffffff"
#define KFRAG_CANVAS_ASKED "#8fb4dc"
#define KFRAG_CANVAS_SLAB "#9ccfa8"
#define KFRAG_CANVAS_LOST "#d9d9d9"
#define KFRAG_CANVAS_BIT "#f6d58e"
#define KFRAG_CANVAS_MARK "#c0392b"

struct kfrag_canvas {
	FILE *out; /* NULL: the picture is only measured */
	unsigned y; /* where the next part begins */
};

typedef void (*kfrag_canvas_draw)(struct kfrag_canvas *canvas,
				  const void *context);

/*
 * A whole SVG file of what draw draws, which is called twice: the height stands
 * first. KFRAG_EIO.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_canvas_write(FILE *out, kfrag_canvas_draw draw, const void *context);

/* All of these begin so far below canvas->y, and leave it alone. */
void kfrag_canvas_rect(const struct kfrag_canvas *canvas, unsigned x,
		       unsigned below, unsigned width, unsigned height,
		       const char *fill);
/* The same without an edge, for what has no room for one. */
void kfrag_canvas_patch(const struct kfrag_canvas *canvas, unsigned x,
			unsigned below, unsigned width, unsigned height,
			const char *fill);
/* An edge alone, which is seen on any colour. */
void kfrag_canvas_mark(const struct kfrag_canvas *canvas, unsigned x,
		       unsigned below, unsigned width, unsigned height);
/* Attributes: "" or " name=\"value\"" of SVG. */
void kfrag_canvas_text(const struct kfrag_canvas *canvas, unsigned x,
		       unsigned below, const char *attributes, const char *text,
		       size_t nr_bytes);
/* Text of our own, of at most 255 bytes. */
__attribute__((format(printf, 5, 6))) void
kfrag_canvas_format(const struct kfrag_canvas *canvas, unsigned x,
		    unsigned below, const char *attributes, const char *format,
		    ...);

/* A line over a part, which begins below it. */
__attribute__((format(printf, 2, 3))) void
kfrag_canvas_heading(struct kfrag_canvas *canvas, const char *format, ...);

/* A paragraph, the next part begins below it. */
void kfrag_canvas_words(struct kfrag_canvas *canvas, const char *words);

/* Whether a text of so many characters is at most so wide. */
static inline int kfrag_canvas_fits(size_t nr_chars, unsigned width)
{
	return nr_chars * 9 <= width;
}

#endif
