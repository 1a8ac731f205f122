// SPDX-License-Identifier: MIT
#include "kfrag/release.h"

#include <stdbool.h>

#define MAX_PART 999

/* The number at the start of *text, which is passed over; false: none. */
static bool take_part(const char **text, unsigned *part)
{
	const char *start = *text;

	*part = 0;
	for (; **text >= '0' && **text <= '9'; ++*text) {
		*part = *part * 10 + (unsigned)(**text - '0');
		if (*part > MAX_PART)
			*part = MAX_PART;
	}
	return *text > start;
}

unsigned kfrag_release_parse(const char *text)
{
	unsigned a, b, c = 0;

	if (!text || !take_part(&text, &a) || *text++ != '.' ||
	    !take_part(&text, &b))
		return 0;
	if (*text == '.') {
		text++;
		if (!take_part(&text, &c))
			c = 0;
	}
	return KFRAG_RELEASE(a, b, c);
}
