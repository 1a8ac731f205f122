/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_LESSON_BAR_H
#define KFRAG_OUTPUT_LESSON_BAR_H

#include "output/lesson_parts.h"

/* What lines are drawn with, each glyph one column wide. */
struct kfrag_lesson_glyphs {
	const char *across, *down, *tick;
	const char *top_left, *top_right, *top, *low_left, *low_right, *low;
	const char *asked, *lost, *slab, *mixed, *end;
};

const struct kfrag_lesson_glyphs *
kfrag_lesson_glyphs(struct kfrag_lesson_style style);

/* One line of memory, column by column, and one more for its end. */
struct kfrag_lesson_line {
	const char *cells[KFRAG_LESSON_COLUMNS + 1]; /* NULL: blank */
	char letters[2 * (KFRAG_LESSON_COLUMNS + 1)]; /* of their own */
};

void kfrag_lesson_line_clear(struct kfrag_lesson_line *line);
void kfrag_lesson_line_fill(struct kfrag_lesson_line *line, unsigned from,
			    unsigned to, const char *glyph);
/* Puts ASCII text there. */
void kfrag_lesson_line_put(struct kfrag_lesson_line *line, unsigned from,
			   const char *text);
/* Centred between both columns where there is room; returns whether. */
bool kfrag_lesson_line_centre(struct kfrag_lesson_line *line, unsigned from,
			      unsigned to, const char *text);
/* Without blanks at its end; label is in the margin. */
void kfrag_lesson_line_write(FILE *out, const char *label,
			     const struct kfrag_lesson_line *line);

#endif
