/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TESTS_EXPECT_LINES_H
#define KFRAG_TESTS_EXPECT_LINES_H

#include <stddef.h>
#include <string.h>

#include "expect.h"
#include "output/fit.h"

/*
 * All lines of a text end, none of them in a space, and none is wider than
 * `width` on a terminal.
 */
static inline void expect_lines_fit(const char *text, size_t width)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		char line[8192];

		EXPECT(length < sizeof(line));
		memcpy(line, text, length);
		line[length] = '\0';
		if (kfrag_fit_width(line) > width)
			ck_abort_msg("wider than %zu: %s", width, line);
		EXPECT(length == 0 || line[length - 1] != ' ');
		EXPECT(text[length] == '\n');
		text += length + 1;
	}
}

#endif
