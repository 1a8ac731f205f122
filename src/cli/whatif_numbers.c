// SPDX-License-Identifier: MIT
#include "cli/whatif_numbers.h"

#include "cli/cli.h"

/* Neither part of a ratio is longer. */
#define MAX_PART 1000000000

/* The digits that a text begins with; false: none, or too many. */
static bool parse_digits(const char **text, uint64_t *number, uint64_t *scale)
{
	const char *c = *text;

	for (*scale = 1; *c >= '0' && *c <= '9'; c++) {
		*number = *number * 10 + (uint64_t)(*c - '0');
		*scale *= 10;
		if (*number > MAX_PART || *scale > MAX_PART)
			return false;
	}
	if (c == *text)
		return false;
	*text = c;
	return true;
}

static bool parse(const char *text, uint64_t *numerator, uint64_t *denominator)
{
	uint64_t scale;

	if (*text == 'x')
		text++;
	*numerator = 0;
	*denominator = 1;
	if (!parse_digits(&text, numerator, &scale))
		return false;
	if (*text == '.') {
		text++;
		if (!parse_digits(&text, numerator, &scale))
			return false;
		*denominator = scale;
	} else if (*text == '/') {
		text++;
		*denominator = 0;
		if (!parse_digits(&text, denominator, &scale))
			return false;
	}
	return *text == '\0' && *numerator > 0 && *denominator > 0;
}

bool whatif_parse_ratio(const char *option, const char *text,
			uint64_t *numerator, uint64_t *denominator)
{
	if (parse(text, numerator, denominator))
		return true;
	cli_usage_error("--%s wants a factor such as x1.5 or x2/3, not '%s'",
			option, text);
	return false;
}
