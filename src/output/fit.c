// SPDX-License-Identifier: MIT
#include "output/fit.h"

#include <string.h>

/* UTF-8: every byte but a continuation starts a character. */
static bool starts_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t kfrag_fit_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += starts_character(*text);
	return width;
}

/* Where character number `index` starts; its end if there are fewer. */
static char *character_at(char *text, size_t index)
{
	size_t nr_started = 0;

	for (; *text; text++) {
		if (!starts_character(*text))
			continue;
		if (nr_started == index)
			return text;
		nr_started++;
	}
	return text;
}

void kfrag_fit_shorten(char *text, size_t width)
{
	size_t all = kfrag_fit_width(text);
	size_t tail_chars = width / 3;
	char *head_end, *tail;

	if (all <= width)
		return;
	head_end = character_at(text, width - 1 - tail_chars);
	tail = character_at(text, all - tail_chars);
	/* At least one character went, so there is room for the mark. */
	*head_end = '~';
	memmove(head_end + 1, tail, strlen(tail) + 1);
}
