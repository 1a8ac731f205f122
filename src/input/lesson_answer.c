// SPDX-License-Identifier: MIT
#include <string.h>

#include "kfrag/lesson.h"
#include "kfrag/units.h"

#define ANSWER_BYTES 128

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* In lower case, no blanks and no commas between digits; one full stop less. */
static bool normalise(const char *text, size_t nr_bytes, char out[ANSWER_BYTES])
{
	size_t length = 0;

	for (size_t i = 0; i < nr_bytes; i++) {
		bool between_digits = i > 0 && i + 1 < nr_bytes &&
				      is_digit(text[i - 1]) &&
				      is_digit(text[i + 1]);

		if (is_blank(text[i]) || (text[i] == ',' && between_digits))
			continue;
		if (text[i] == '\0' || length == ANSWER_BYTES - 1)
			return false;
		out[length++] = lower(text[i]);
	}
	if (length > 1 && out[length - 1] == '.')
		length--;
	out[length] = '\0';
	return true;
}

/* "16384bytes" and "16384byte" are sizes as "16384" is. */
static bool parse_size(char *text, uint64_t *bytes)
{
	static const char *const units[] = { "bytes", "byte" };
	size_t length = strlen(text);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t unit = strlen(units[i]);

		if (length > unit &&
		    strcmp(text + length - unit, units[i]) == 0) {
			text[length - unit] = '\0';
			break;
		}
	}
	return kfrag_units_parse_bytes(text, bytes);
}

bool kfrag_lesson_answer_is_right(const char *given, size_t nr_given_bytes,
				  struct kfrag_lesson_text answer)
{
	char ours[ANSWER_BYTES], theirs[ANSWER_BYTES];
	uint64_t our_bytes, their_bytes;

	/* What is too long for that is compared as it is. */
	if (!normalise(given, nr_given_bytes, theirs) ||
	    !normalise(answer.text, answer.nr_bytes, ours))
		return nr_given_bytes == answer.nr_bytes &&
		       memcmp(given, answer.text, nr_given_bytes) == 0;
	if (strcmp(ours, theirs) == 0)
		return true;
	return parse_size(ours, &our_bytes) &&
	       parse_size(theirs, &their_bytes) && our_bytes == their_bytes;
}
