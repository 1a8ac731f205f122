// SPDX-License-Identifier: MIT
#include "kfrag/text.h"

#include <stdbool.h>
#include <string.h>

/*
 * What may follow a lead byte (Unicode, table 3-7, "well-formed UTF-8"): the
 * narrowed ranges of the second byte keep out overlong forms, surrogates and
 * values above U+10FFFF, and that of C2 keeps out the C1 controls.
 */
struct lead {
	unsigned char first;
	unsigned char last;
	unsigned char second_first;
	unsigned char second_last;
	unsigned char bytes;
};

static const struct lead leads[] = {
	{ 0xc2, 0xc2, 0xa0, 0xbf, 2 }, { 0xc3, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static bool follows(const struct lead *lead, const unsigned char *at)
{
	if (at[1] < lead->second_first || at[1] > lead->second_last)
		return false;
	for (unsigned i = 2; i < lead->bytes; i++)
		if ((at[i] & 0xc0) != 0x80)
			return false;
	return true;
}

static bool is_printable_ascii(unsigned char byte)
{
	return byte >= 0x20 && byte <= 0x7e;
}

/* Bytes of the character at `at` that may be shown as it is, else 0. */
static size_t showable_bytes(const unsigned char *at, size_t bytes)
{
	if (is_printable_ascii(*at))
		return 1;
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		const struct lead *lead = &leads[i];

		if (*at < lead->first || *at > lead->last)
			continue;
		if (lead->bytes > bytes || !follows(lead, at))
			return 0;
		return lead->bytes;
	}
	return 0;
}

static const char digits[] = "0123456789abcdef";

#define ESCAPE_BYTES 4 /* of \xNN */

size_t kfrag_text_escape(char *out, const char *text, size_t bytes)
{
	const unsigned char *at = (const unsigned char *)text;
	const unsigned char *end = at + bytes;
	char *start = out;

	while (at < end) {
		size_t showable = showable_bytes(at, (size_t)(end - at));

		if (showable == 0) {
			*out++ = '\\';
			*out++ = 'x';
			*out++ = digits[*at >> 4];
			*out++ = digits[*at & 15];
			at++;
		}
		for (; showable > 0; showable--)
			*out++ = (char)*at++;
	}
	*out = '\0';
	return (size_t)(out - start);
}

static bool take_digit(unsigned char *byte, char c)
{
	const char *digit = c ? strchr(digits, c) : NULL;

	if (digit)
		*byte = (unsigned char)(*byte << 4 | (digit - digits));
	return digit != NULL;
}

/* Whether \xNN stands at text, of a byte that may have to be escaped. */
static bool take_escape(unsigned char *byte, const char *text, size_t bytes)
{
	*byte = 0;
	return bytes >= ESCAPE_BYTES && text[0] == '\\' && text[1] == 'x' &&
	       take_digit(byte, text[2]) && take_digit(byte, text[3]) &&
	       !is_printable_ascii(*byte);
}

/* Whether no two of the escapes undone make a character that is shown. */
static bool escapes_to(const char *raw, size_t raw_bytes, const char *text,
		       size_t bytes)
{
	const unsigned char *at = (const unsigned char *)raw;
	const unsigned char *end = at + raw_bytes;
	const char *text_end = text + bytes;

	while (at < end) {
		size_t showable = showable_bytes(at, (size_t)(end - at));
		unsigned char byte;

		if (showable > 0) {
			if (showable > (size_t)(text_end - text) ||
			    memcmp(at, text, showable) != 0)
				return false;
			at += showable;
			text += showable;
			continue;
		}
		if (!take_escape(&byte, text, (size_t)(text_end - text)) ||
		    byte != *at)
			return false;
		at++;
		text += ESCAPE_BYTES;
	}
	return true;
}

size_t kfrag_text_unescape(char *out, const char *text, size_t bytes)
{
	size_t length = 0;

	for (size_t at = 0; at < bytes; length++) {
		unsigned char byte;

		if (take_escape(&byte, text + at, bytes - at)) {
			out[length] = (char)byte;
			at += ESCAPE_BYTES;
		} else {
			out[length] = text[at++];
		}
	}
	if (!escapes_to(out, length, text, bytes)) {
		memcpy(out, text, bytes);
		length = bytes;
	}
	out[length] = '\0';
	return length;
}
