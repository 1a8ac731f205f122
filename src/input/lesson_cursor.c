// SPDX-License-Identifier: MIT
#include "input/lesson_cursor.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kfrag/units.h"

#define SIZE_WORD_BYTES 32

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static void skip_blanks(struct kfrag_lesson_cursor *cursor)
{
	while (cursor->at < cursor->end && is_blank(*cursor->at))
		cursor->at++;
}

static void skip_comment(struct kfrag_lesson_cursor *cursor)
{
	while (cursor->at < cursor->end && *cursor->at != '\n')
		cursor->at++;
}

bool kfrag_lesson_cursor_next(struct kfrag_lesson_cursor *cursor)
{
	while (cursor->at < cursor->end) {
		char byte = *cursor->at;

		if (byte == '#') {
			skip_comment(cursor);
		} else if (byte == '\n') {
			cursor->line_start = ++cursor->at;
			cursor->line++;
		} else if (byte == ';' || is_blank(byte)) {
			cursor->at++;
		} else {
			return true;
		}
	}
	return false;
}

/* "#7" is a slot, "# text" a comment. */
static bool starts_comment(const struct kfrag_lesson_cursor *cursor)
{
	return *cursor->at == '#' &&
	       (cursor->end - cursor->at < 2 || !is_digit(cursor->at[1]));
}

bool kfrag_lesson_cursor_word(struct kfrag_lesson_cursor *cursor)
{
	skip_blanks(cursor);
	cursor->word = cursor->at;
	if (cursor->at < cursor->end && !starts_comment(cursor))
		while (cursor->at < cursor->end && !is_blank(*cursor->at) &&
		       *cursor->at != '\n' && *cursor->at != ';')
			cursor->at++;
	cursor->word_bytes = (size_t)(cursor->at - cursor->word);
	return cursor->word_bytes > 0;
}

struct kfrag_lesson_text
kfrag_lesson_cursor_rest(struct kfrag_lesson_cursor *cursor)
{
	const char *end;

	skip_blanks(cursor);
	cursor->word = cursor->at;
	skip_comment(cursor);
	end = cursor->at;
	while (end > cursor->word && is_blank(end[-1]))
		end--;
	cursor->word_bytes = (size_t)(end - cursor->word);
	return (struct kfrag_lesson_text){ cursor->word, cursor->word_bytes };
}

bool kfrag_lesson_cursor_is(const struct kfrag_lesson_cursor *cursor,
			    const char *word)
{
	return strlen(word) == cursor->word_bytes &&
	       memcmp(cursor->word, word, cursor->word_bytes) == 0;
}

uint32_t kfrag_lesson_cursor_column(const struct kfrag_lesson_cursor *cursor)
{
	return (uint32_t)(cursor->word - cursor->line_start) + 1;
}

bool kfrag_lesson_cursor_refuse(struct kfrag_lesson_cursor *cursor,
				const char *format, ...)
{
	struct kfrag_lesson_fault *fault = cursor->fault;
	va_list args;

	fault->line = cursor->line;
	fault->column = kfrag_lesson_cursor_column(cursor);
	va_start(args, format);
	vsnprintf(fault->message, sizeof(fault->message), format, args);
	va_end(args);
	return false;
}

bool kfrag_lesson_cursor_size(struct kfrag_lesson_cursor *cursor,
			      uint64_t *bytes)
{
	char word[SIZE_WORD_BYTES];

	*bytes = 0;
	if (kfrag_lesson_cursor_word(cursor) &&
	    cursor->word_bytes < sizeof(word)) {
		memcpy(word, cursor->word, cursor->word_bytes);
		word[cursor->word_bytes] = '\0';
		if (strlen(word) == cursor->word_bytes &&
		    kfrag_units_parse_bytes(word, bytes) && *bytes > 0)
			return true;
	}
	*bytes = 0;
	return kfrag_lesson_cursor_refuse(
		cursor, "expected a size above 0, such as 14K");
}

static bool is_name_byte(char byte)
{
	return is_digit(byte) || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= 'a' && byte <= 'z') || byte == '_' || byte == '-' ||
	       byte == '.' || byte == ':';
}

bool kfrag_lesson_cursor_name(struct kfrag_lesson_cursor *cursor,
			      char name[KFRAG_LESSON_NAME_BYTES + 1])
{
	bool is_name = kfrag_lesson_cursor_word(cursor) &&
		       cursor->word_bytes <= KFRAG_LESSON_NAME_BYTES;

	for (size_t i = 0; is_name && i < cursor->word_bytes; i++)
		is_name = is_name_byte(cursor->word[i]);
	if (!is_name)
		return kfrag_lesson_cursor_refuse(
			cursor,
			"expected a name of letters, digits, _ - . and :, at "
			"most %d of them",
			KFRAG_LESSON_NAME_BYTES);
	memcpy(name, cursor->word, cursor->word_bytes);
	name[cursor->word_bytes] = '\0';
	return true;
}

bool kfrag_lesson_cursor_end(struct kfrag_lesson_cursor *cursor)
{
	if (!kfrag_lesson_cursor_word(cursor))
		return true;
	return kfrag_lesson_cursor_refuse(
		cursor, "expected the end of the line, or ; and a command");
}

bool kfrag_lesson_cursor_number(struct kfrag_lesson_cursor *cursor,
				const char *what, uint64_t min, uint64_t max,
				uint64_t *number)
{
	uint64_t value = 0;
	bool ok = cursor->word_bytes > 0 && cursor->word_bytes < 12;

	for (size_t i = 0; ok && i < cursor->word_bytes; i++) {
		ok = is_digit(cursor->word[i]);
		value = value * 10 + (uint64_t)(cursor->word[i] - '0');
	}
	*number = value;
	if (ok && value >= min && value <= max)
		return true;
	*number = 0;
	return kfrag_lesson_cursor_refuse(cursor,
					  "expected %s from %" PRIu64
					  " to %" PRIu64,
					  what, min, max);
}
