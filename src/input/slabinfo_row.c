// SPDX-License-Identifier: MIT
/*
 * The two shapes of a row:
 *
 * 2.x  NAME active num size objs_per_slab pages_per_slab : tunables ...
 *	: slabdata active_slabs num_slabs sharedavail [: more groups]
 * 1.x  NAME active num size active_slabs num_slabs pages_per_slab
 *	[: numbers]...
 *
 * A name may hold anything, so a 2.x row is read from its last ": tunables"
 * backwards. A 1.x row has no such mark, but the kernels that wrote them had
 * no names with a colon alone: its head ends at the first one or at the
 * line's end.
 */
#include "input/slabinfo_line.h"

#include <string.h>

#include "kfrag/arith.h"

#define NR_OLD_NUMBERS 6 /* of a 1.x row's head */
#define NR_NEW_NUMBERS 5 /* of a 2.x row's head */

/* Sets the one diag of a lost row: what else is odd about it is no matter. */
static bool lose(struct kfrag_slabinfo_line *line, enum kfrag_diag_code code,
		 size_t offset)
{
	line->nr_diags = 0;
	kfrag_slabinfo_line_add_diag(line, code, offset, 0, 0);
	return false;
}

/*
 * Reads tokens into values. Returns false, with a diag at the first token
 * that cannot be read.
 */
static bool read_numbers(struct kfrag_slabinfo_line *line,
			 const struct kfrag_text_line *text,
			 const struct kfrag_token *tokens, size_t nr_tokens,
			 uint64_t *values)
{
	for (size_t i = 0; i < nr_tokens; i++) {
		enum kfrag_diag_code code;

		if (!kfrag_token_number(text, tokens[i], &values[i], &code))
			return lose(line, code, tokens[i].start);
	}
	return true;
}

/* Tells what the record's figures say against each other. */
static bool check_figures(struct kfrag_slabinfo_line *line, size_t active_at,
			  size_t size_at, size_t pages_at)
{
	const struct kfrag_record *record = &line->record;

	if (record->size_bytes == 0)
		return lose(line, KFRAG_DIAG_NO_SIZE, size_at);
	if (record->pages_per_slab == 0)
		return lose(line, KFRAG_DIAG_NO_PAGES, pages_at);
	if (record->active_objs > record->num_objs)
		kfrag_slabinfo_line_add_diag(line, KFRAG_DIAG_ACTIVE_ABOVE_NUM,
					     active_at, record->active_objs,
					     record->num_objs);
	if (!kfrag_is_power_of_two(record->pages_per_slab))
		kfrag_slabinfo_line_add_diag(line, KFRAG_DIAG_PAGES_NOT_POWER,
					     pages_at, record->pages_per_slab,
					     0);
	return true;
}

static void take_name(struct kfrag_slabinfo_line *line,
		      const struct kfrag_text_line *text, size_t end)
{
	size_t start = kfrag_text_line_skip_blanks(text, 0);

	while (end > start && kfrag_is_blank(text->text[end - 1]))
		end--;
	line->record.name = text->text + start;
	line->record.name_bytes = end - start;
	line->record.line = line->number;
}

/* Where the groups of a 2.x row are, from their colon on. */
struct groups {
	size_t last_tunables;
	/* The first behind the first tunables; else the line's end. */
	struct kfrag_token slabdata;
};

#define GROUP_BYTES 8 /* of "tunables" and of "slabdata" */

/*
 * Whether word follows the ':' before at, behind any blanks and with a blank
 * or the line's end behind it; *end is then its end.
 */
static bool is_group(const struct kfrag_text_line *text, size_t at,
		     const char *word, size_t *end)
{
	at = kfrag_text_line_skip_blanks(text, at);
	*end = at + GROUP_BYTES;
	return text->bytes - at >= GROUP_BYTES &&
	       memcmp(text->text + at, word, GROUP_BYTES) == 0 &&
	       (*end == text->bytes || kfrag_is_blank(text->text[*end]));
}

/* Returns whether there is a ": tunables". */
static bool find_groups(const struct kfrag_text_line *text,
			struct groups *groups)
{
	bool has_tunables = false, has_slabdata = false;
	size_t from = 0, end;

	groups->last_tunables = text->bytes;
	groups->slabdata = (struct kfrag_token){ text->bytes, text->bytes };
	while (from < text->bytes) {
		const char *colon =
			memchr(text->text + from, ':', text->bytes - from);
		size_t at;

		if (!colon)
			break;
		at = (size_t)(colon - text->text);
		from = at + 1;
		if (is_group(text, from, "tunables", &end)) {
			groups->last_tunables = at;
			has_tunables = true;
		} else if (has_tunables && !has_slabdata &&
			   is_group(text, from, "slabdata", &end)) {
			groups->slabdata = (struct kfrag_token){ at, end };
			has_slabdata = true;
		}
	}
	return has_tunables;
}

/* The name and the five numbers before ": tunables". */
static bool read_new_head(struct kfrag_slabinfo_line *line,
			  const struct kfrag_text_line *text, size_t end)
{
	struct kfrag_token tokens[NR_NEW_NUMBERS];
	struct kfrag_record *record = &line->record;
	uint64_t values[NR_NEW_NUMBERS];
	size_t first = NR_NEW_NUMBERS;
	size_t at = end;

	while (first > 0 &&
	       kfrag_token_previous(text, at, &tokens[first - 1])) {
		first--;
		at = tokens[first].start;
	}
	if (!read_numbers(line, text, tokens + first, NR_NEW_NUMBERS - first,
			  values + first))
		return false;
	take_name(line, text, at);
	if (first > 0 || record->name_bytes == 0)
		return lose(line, KFRAG_DIAG_NO_NAME, line->first_column - 1);
	record->active_objs = values[0];
	record->num_objs = values[1];
	record->size_bytes = values[2];
	record->objs_per_slab = values[3];
	record->pages_per_slab = values[4];
	return check_figures(line, tokens[0].start, tokens[2].start,
			     tokens[4].start);
}

/* active_slabs and num_slabs, behind the word slabdata. */
static bool read_slabdata(struct kfrag_slabinfo_line *line,
			  const struct kfrag_text_line *text, size_t at)
{
	struct kfrag_token tokens[2];
	uint64_t values[2];
	size_t nr_tokens = 0;

	while (nr_tokens < 2) {
		struct kfrag_token *token = &tokens[nr_tokens];

		if (!kfrag_token_next(text, at, token))
			break;
		at = token->end;
		/* A blank may be missing before the next group. */
		if (text->text[at - 1] == ':') {
			token->end = --at;
			if (token->start == token->end)
				break;
		}
		nr_tokens++;
	}
	if (!read_numbers(line, text, tokens, nr_tokens, values))
		return false;
	/* The last digits of num_slabs may be what the text's end took. */
	if (nr_tokens < 2 || (at == text->bytes && !text->is_ended))
		return lose(line, KFRAG_DIAG_CUT, line->end_column - 1);
	line->record.active_slabs = values[0];
	line->record.num_slabs = values[1];
	return true;
}

bool kfrag_slabinfo_row_read_2(struct kfrag_slabinfo_line *line,
			       const struct kfrag_text_line *text)
{
	struct groups groups;

	if (!find_groups(text, &groups))
		return false;
	line->kind = KFRAG_LINE_ROW_2;
	line->record = (struct kfrag_record){ .name = NULL };
	if (groups.slabdata.start < groups.last_tunables)
		lose(line, KFRAG_DIAG_JOINED, groups.last_tunables);
	else if (read_new_head(line, text, groups.last_tunables) &&
		 read_slabdata(line, text, groups.slabdata.end))
		kfrag_slabinfo_tunables_read_2(&line->record, text,
					       groups.last_tunables,
					       groups.slabdata);
	return true;
}

/* The last six tokens before a place of a line, and what came before them. */
struct window {
	struct kfrag_token tokens[NR_OLD_NUMBERS]; /* of token i: i % 6 */
	bool is_number[NR_OLD_NUMBERS];
	size_t nr_tokens; /* all before the place */
	size_t nr_words; /* of these, the ones that are no number */
	size_t nr_last_numbers; /* in a row, up to the place */
};

/* Leaves out the arrays: short lines by the million have no use for them. */
static void clear(struct window *window)
{
	window->nr_tokens = 0;
	window->nr_words = 0;
	window->nr_last_numbers = 0;
}

static void push(struct window *window, const struct kfrag_text_line *text,
		 struct kfrag_token token)
{
	size_t slot = window->nr_tokens % NR_OLD_NUMBERS;

	window->tokens[slot] = token;
	window->is_number[slot] = kfrag_token_is_digits(text, token);
	window->nr_tokens++;
	if (window->is_number[slot]) {
		window->nr_last_numbers++;
	} else {
		window->nr_words++;
		window->nr_last_numbers = 0;
	}
}

/*
 * Five numbers and a sixth field that was meant for one. A word before all
 * five is none: it ends the name of a row that was cut.
 */
static bool is_bad_old_head(const struct window *window,
			    const struct kfrag_text_line *text)
{
	size_t nr_numbers = 0;

	if (window->nr_tokens <= NR_OLD_NUMBERS)
		return false;
	for (size_t i = 0; i < NR_OLD_NUMBERS; i++)
		nr_numbers += window->is_number[i];
	if (nr_numbers != NR_OLD_NUMBERS - 1)
		return false;
	if (window->nr_last_numbers == NR_OLD_NUMBERS - 1) {
		size_t slot = window->nr_tokens % NR_OLD_NUMBERS;
		char c = text->text[window->tokens[slot].start];

		return c == '-' || c == '+' || kfrag_is_digit(c);
	}
	return true;
}

enum head_state {
	HEAD_NONE,
	HEAD_SHORT, /* a name and five numbers: of a 2.x row that was cut */
	HEAD_BAD, /* one field is no number */
	HEAD_GOOD
};

/* is_whole: its last number has all its digits, and no word follows. */
static enum head_state head_state_of(const struct window *window,
				     const struct kfrag_text_line *text,
				     bool is_whole)
{
	/* Lines of mere numbers are parts of other tables. */
	bool has_name = window->nr_words > 0;

	if (is_whole && has_name && window->nr_last_numbers >= NR_OLD_NUMBERS)
		return HEAD_GOOD;
	if (is_whole && is_bad_old_head(window, text))
		return HEAD_BAD;
	if (has_name && window->nr_last_numbers >= NR_NEW_NUMBERS)
		return HEAD_SHORT;
	return HEAD_NONE;
}

/* Whether a word follows at or behind at: what groups of 1.x never hold. */
static bool word_follows(const struct kfrag_text_line *text, size_t at)
{
	at = kfrag_text_line_skip_blanks(text, at);
	return at < text->bytes && !kfrag_is_digit(text->text[at]);
}

/*
 * Finds what ends a 1.x head: the line's end or the first colon that stands
 * alone, blanks missing before or behind its numbers allowed. Pushes all
 * before it. Returns whether the head is whole as head_state_of() wants it.
 */
static bool push_old_head(struct window *window,
			  const struct kfrag_text_line *text)
{
	struct kfrag_token token = { 0, 0 };

	while (kfrag_token_next(text, token.end, &token)) {
		struct kfrag_token digits = { token.start, token.end - 1 };
		char last = text->text[digits.end];

		if (text->text[token.start] == ':' &&
		    (digits.start == digits.end ||
		     kfrag_is_digit(text->text[token.start + 1])))
			return !word_follows(text, token.start + 1);
		if (last == ':' && kfrag_token_is_digits(text, digits)) {
			push(window, text, digits);
			return !word_follows(text, token.end);
		}
		push(window, text, token);
	}
	/* Fields are right-aligned: a lost digit would make the line shorter. */
	return text->is_ended || text->is_aligned;
}

/* Why a line is no row at all. */
static void read_other(struct kfrag_slabinfo_line *line,
		       const struct kfrag_text_line *text,
		       enum head_state state)
{
	struct kfrag_token token = { 0, 0 };
	bool is_numbers = true;

	line->kind = KFRAG_LINE_OTHER;
	while (is_numbers && kfrag_token_next(text, token.end, &token))
		is_numbers = kfrag_token_is_digits(text, token);
	if (is_numbers)
		lose(line, KFRAG_DIAG_NO_NAME, line->first_column - 1);
	else if (state == HEAD_SHORT || !text->is_ended)
		lose(line, KFRAG_DIAG_CUT, line->end_column - 1);
	else
		lose(line, KFRAG_DIAG_NOT_A_ROW, line->first_column - 1);
}

/*
 * Whether nothing but 1.x explains the row: no number before its six that
 * could be one of them, and figures such as a kernel prints.
 */
static bool is_sure(const struct kfrag_slabinfo_line *line,
		    const struct window *head)
{
	const struct kfrag_record *record = &line->record;

	return line->is_ended && head->nr_last_numbers == NR_OLD_NUMBERS &&
	       record->active_slabs <= record->num_slabs &&
	       kfrag_is_power_of_two(record->pages_per_slab);
}

void kfrag_slabinfo_row_read_1(struct kfrag_slabinfo_line *line,
			       const struct kfrag_text_line *text)
{
	struct kfrag_token tokens[NR_OLD_NUMBERS];
	struct kfrag_record *record = &line->record;
	uint64_t values[NR_OLD_NUMBERS];
	struct window head;
	enum head_state state;
	bool is_whole;

	clear(&head);
	is_whole = push_old_head(&head, text);
	state = head_state_of(&head, text, is_whole);
	if (state != HEAD_GOOD && state != HEAD_BAD) {
		read_other(line, text, state);
		return;
	}
	line->kind = KFRAG_LINE_ROW_1;
	line->record = (struct kfrag_record){ .name = NULL };
	for (size_t i = 0; i < NR_OLD_NUMBERS; i++)
		tokens[i] = head.tokens[(head.nr_tokens + i) % NR_OLD_NUMBERS];
	if (!read_numbers(line, text, tokens, NR_OLD_NUMBERS, values))
		return;
	take_name(line, text, tokens[0].start);
	record->active_objs = values[0];
	record->num_objs = values[1];
	record->size_bytes = values[2];
	record->active_slabs = values[3];
	record->num_slabs = values[4];
	record->pages_per_slab = values[5];
	if (record->num_slabs > 0)
		record->objs_per_slab = record->num_objs / record->num_slabs;
	kfrag_slabinfo_tunables_read_1(record, text, tokens[5].end);
	line->is_sure = check_figures(line, tokens[0].start, tokens[2].start,
				      tokens[5].start) &&
			is_sure(line, &head);
}
