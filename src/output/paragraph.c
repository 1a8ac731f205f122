// SPDX-License-Identifier: MIT
#include "output/paragraph.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "output/fit.h"

const char *kfrag_paragraph_join(char *text)
{
	for (char *at = text; *at; at++)
		if (*at == ' ')
			*at = '\t';
	return text;
}

static void write_word(FILE *out, const char *word)
{
	for (; *word; word++)
		fputc(*word == '\t' ? ' ' : *word, out);
}

/* Takes text apart. Blanks that end a line are dropped, others kept. */
static void write_words(FILE *out, size_t width, char *text)
{
	size_t column = 0, nr_blanks = 0;

	while (*text) {
		size_t length = strcspn(text, " ");
		char *rest = text + length;
		char end = *rest;
		size_t word_width;

		*rest = '\0';
		word_width = kfrag_fit_width(text);
		if (word_width > 0) {
			if (column > 0 &&
			    column + nr_blanks + word_width > width) {
				fputc('\n', out);
				column = nr_blanks = 0;
			}
			/* Blanks that begin the text, where there is room. */
			if (nr_blanks + word_width > width)
				nr_blanks = 0;
			fprintf(out, "%*s", (int)nr_blanks, "");
			write_word(out, text);
			column += nr_blanks + word_width;
			nr_blanks = 0;
		}
		nr_blanks += end == ' ';
		text = end ? rest + 1 : rest;
	}
	fputc('\n', out);
}

enum kfrag_error kfrag_paragraph_write(FILE *out, size_t width,
				       const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		return KFRAG_ENOMEM;
	text = malloc((size_t)length + 1);
	if (!text)
		return KFRAG_ENOMEM;
	va_start(arguments, format);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	va_end(arguments);
	write_words(out, width, text);
	free(text);
	return KFRAG_OK;
}
