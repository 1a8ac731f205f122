// SPDX-License-Identifier: MIT
#include "input/slabinfo_line.h"

#include <string.h>

bool kfrag_slabinfo_line_is_lost(const struct kfrag_slabinfo_line *line)
{
	return line->nr_diags > 0 &&
	       kfrag_diag_is_lost(&line->diags[line->nr_diags - 1]);
}

/* Whether word follows at *at behind any blanks; then moves *at behind it. */
static bool take_word(const struct kfrag_text_line *text, size_t *at,
		      const char *word)
{
	size_t end = kfrag_text_line_skip_blanks(text, *at);

	for (; *word; word++, end++) {
		if (end == text->bytes || text->text[end] != *word)
			return false;
	}
	*at = end;
	return true;
}

static enum kfrag_slabinfo_version version_of(const char *digits, size_t bytes)
{
	static const enum kfrag_slabinfo_version known[] = {
		KFRAG_SLABINFO_1_0, KFRAG_SLABINFO_1_1, KFRAG_SLABINFO_1_2,
		KFRAG_SLABINFO_2_0, KFRAG_SLABINFO_2_1,
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		const char *text = kfrag_slabinfo_version_text(known[i]);

		if (strlen(text) == bytes && memcmp(text, digits, bytes) == 0)
			return known[i];
	}
	return KFRAG_SLABINFO_OTHER;
}

/* Groups such as "(statistics)" may follow a version, nothing else. */
static void read_version_groups(struct kfrag_slabinfo_line *line,
				const struct kfrag_text_line *text, size_t at)
{
	for (;;) {
		const char *close;

		at = kfrag_text_line_skip_blanks(text, at);
		if (at == text->bytes)
			return;
		if (text->text[at] != '(')
			break;
		close = memchr(text->text + at, ')', text->bytes - at);
		if (!close)
			return;
		at = (size_t)(close - text->text) + 1;
	}
	kfrag_slabinfo_line_add_diag(line, KFRAG_DIAG_NOT_A_ROW, at, 0, 0);
}

/* "slabinfo - version: 2.1 (statistics)" */
static bool read_version(struct kfrag_slabinfo_line *line,
			 const struct kfrag_text_line *text)
{
	size_t at = 0, start;

	if (!take_word(text, &at, "slabinfo") || !take_word(text, &at, "-") ||
	    !take_word(text, &at, "version") || !take_word(text, &at, ":"))
		return false;
	line->kind = KFRAG_LINE_VERSION;
	start = kfrag_text_line_skip_blanks(text, at);
	for (at = start; at < text->bytes; at++) {
		if (kfrag_is_blank(text->text[at]) || text->text[at] == '(')
			break;
	}
	line->version = version_of(text->text + start, at - start);
	if (line->version == KFRAG_SLABINFO_OTHER) {
		bool is_cut = at == text->bytes && !text->is_ended;

		kfrag_slabinfo_line_add_diag(
			line, is_cut ? KFRAG_DIAG_CUT : KFRAG_DIAG_VERSION,
			is_cut ? at : start, 0, 0);
	}
	read_version_groups(line, text, at);
	return true;
}

/* "time: 1234" or "time: 1234.56", as monitors write it between samples. */
static bool read_time(struct kfrag_slabinfo_line *line,
		      const struct kfrag_text_line *text)
{
	size_t at = 0;
	struct kfrag_token token, whole, behind;
	enum kfrag_diag_code code;

	if (!take_word(text, &at, "time:") ||
	    !kfrag_token_next(text, at, &token) ||
	    kfrag_token_next(text, token.end, &behind))
		return false;
	line->kind = KFRAG_LINE_TIME;
	whole = token;
	for (at = token.start; at < token.end; at++) {
		if (text->text[at] == '.') {
			whole.end = at;
			behind = (struct kfrag_token){ at + 1, token.end };
			break;
		}
	}
	line->has_time = kfrag_token_number(text, whole, &line->time, &code);
	if (line->has_time && behind.start < behind.end &&
	    !kfrag_token_is_digits(text, behind)) {
		line->has_time = false;
		line->time = 0;
		code = KFRAG_DIAG_NUMBER;
	}
	if (!line->has_time)
		kfrag_slabinfo_line_add_diag(line, code, token.start, 0, 0);
	return true;
}

static void read_comment(struct kfrag_slabinfo_line *line,
			 const struct kfrag_text_line *text, size_t at)
{
	if (kfrag_slabinfo_mark_read(line, text))
		return;
	at++; /* the '#' */
	line->kind = take_word(text, &at, "name") ? KFRAG_LINE_HEADER :
						    KFRAG_LINE_NOTHING;
}

void kfrag_slabinfo_line_read(struct kfrag_slabinfo_line *line,
			      const struct kfrag_text_line *text)
{
	size_t first = kfrag_text_line_skip_blanks(text, 0);
	size_t end = text->bytes;

	while (end > first && kfrag_is_blank(text->text[end - 1]))
		end--;
	line->kind = KFRAG_LINE_NOTHING;
	line->is_sure = false;
	line->is_ended = text->is_ended;
	line->nr_diags = 0;
	line->number = text->number;
	line->first_column = kfrag_text_line_column(first);
	line->end_column = kfrag_text_line_column(end);
	if (first == end)
		return;
	if (text->text[first] == '#')
		read_comment(line, text, first);
	else if (!read_version(line, text) && !read_time(line, text) &&
		 !kfrag_slabinfo_row_read_2(line, text))
		kfrag_slabinfo_row_read_1(line, text);
}
