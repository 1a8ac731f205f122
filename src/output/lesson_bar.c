// SPDX-License-Identifier: MIT
#include "output/lesson_bar.h"

#include <string.h>

const struct kfrag_lesson_glyphs *
kfrag_lesson_glyphs(struct kfrag_lesson_style style)
{
	static const struct kfrag_lesson_glyphs ascii = {
		.across = "-",
		.down = "|",
		.tick = "+",
		.top_left = "+",
		.top_right = "+",
		.top = "+",
		.low_left = "+",
		.low_right = "+",
		.low = "+",
		.asked = "#",
		.lost = ".",
		.slab = "=",
		.mixed = ":",
		.end = "end",
	};
	static const struct kfrag_lesson_glyphs utf8 = {
		.across = "\u2500",
		.down = "\u2502",
		.tick = "\u253c",
		.top_left = "\u250c",
		.top_right = "\u2510",
		.top = "\u252c",
		.low_left = "\u2514",
		.low_right = "\u2518",
		.low = "\u2534",
		.asked = "\u2588",
		.lost = "\u2591",
		.slab = "\u2550",
		.mixed = "\u2592",
		.end = "end",
	};

	return style.is_ascii ? &ascii : &utf8;
}

void kfrag_lesson_line_clear(struct kfrag_lesson_line *line)
{
	*line = (struct kfrag_lesson_line){ 0 };
}

void kfrag_lesson_line_fill(struct kfrag_lesson_line *line, unsigned from,
			    unsigned to, const char *glyph)
{
	for (; from < to && from <= KFRAG_LESSON_COLUMNS; from++)
		line->cells[from] = glyph;
}

void kfrag_lesson_line_put(struct kfrag_lesson_line *line, unsigned from,
			   const char *text)
{
	for (; *text && from <= KFRAG_LESSON_COLUMNS; text++, from++) {
		char *letter = &line->letters[2 * from];

		letter[0] = *text;
		letter[1] = '\0';
		line->cells[from] = letter;
	}
}

bool kfrag_lesson_line_centre(struct kfrag_lesson_line *line, unsigned from,
			      unsigned to, const char *text)
{
	unsigned length = (unsigned)strlen(text);

	if (from + length > to)
		return false;
	kfrag_lesson_line_put(line, from + (to - from - length) / 2, text);
	return true;
}

void kfrag_lesson_line_write(FILE *out, const char *label,
			     const struct kfrag_lesson_line *line)
{
	unsigned end = KFRAG_LESSON_COLUMNS + 1;

	while (end > 0 && !line->cells[end - 1])
		end--;
	fprintf(out, end ? "%-*s" : "%.*s", KFRAG_LESSON_MARGIN, label);
	for (unsigned i = 0; i < end; i++)
		fputs(line->cells[i] ? line->cells[i] : " ", out);
	fputc('\n', out);
}
