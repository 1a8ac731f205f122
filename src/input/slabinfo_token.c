// SPDX-License-Identifier: MIT
/* What the readers of lines and of rows both stand on. */
#include <assert.h>
#include <string.h>

#include "input/slabinfo_line.h"

bool kfrag_text_line_take(struct kfrag_text_line *rest,
			  struct kfrag_text_line *line)
{
	const char *newline =
		rest->bytes > 0 ? memchr(rest->text, '\n', rest->bytes) : NULL;

	if (rest->bytes == 0)
		return false;
	*line = (struct kfrag_text_line){
		.text = rest->text,
		.bytes = newline ? (size_t)(newline - rest->text) : rest->bytes,
		.is_ended = newline != NULL,
	};
	rest->text += line->bytes + (newline != NULL);
	rest->bytes -= line->bytes + (newline != NULL);
	return true;
}

bool kfrag_token_next(const struct kfrag_text_line *text, size_t at,
		      struct kfrag_token *token)
{
	token->start = kfrag_text_line_skip_blanks(text, at);
	token->end = token->start;
	while (token->end < text->bytes &&
	       !kfrag_is_blank(text->text[token->end]))
		token->end++;
	return token->start < token->end;
}

bool kfrag_token_previous(const struct kfrag_text_line *text, size_t at,
			  struct kfrag_token *token)
{
	while (at > 0 && kfrag_is_blank(text->text[at - 1]))
		at--;
	token->end = at;
	while (at > 0 && !kfrag_is_blank(text->text[at - 1]))
		at--;
	token->start = at;
	return token->start < token->end;
}

bool kfrag_token_is_digits(const struct kfrag_text_line *text,
			   struct kfrag_token token)
{
	for (size_t i = token.start; i < token.end; i++) {
		if (!kfrag_is_digit(text->text[i]))
			return false;
	}
	return token.start < token.end;
}

bool kfrag_token_number(const struct kfrag_text_line *text,
			struct kfrag_token token, uint64_t *value,
			enum kfrag_diag_code *code)
{
	bool is_too_large = false;
	uint64_t number = 0;

	*value = 0;
	*code = KFRAG_DIAG_NUMBER;
	for (size_t i = token.start; i < token.end; i++) {
		uint64_t digit = (uint64_t)text->text[i] - '0';

		if (digit > 9)
			return false;
		is_too_large |= number > UINT64_MAX / 10;
		number = number * 10 + digit;
		/* Ten times the largest that passes, and a digit: may wrap. */
		is_too_large |= number < digit;
	}
	if (token.start == token.end)
		return false;
	*code = KFRAG_DIAG_TOO_LARGE;
	if (is_too_large)
		return false;
	*value = number;
	return true;
}

void kfrag_slabinfo_line_add_diag(struct kfrag_slabinfo_line *line,
				  enum kfrag_diag_code code, size_t offset,
				  uint64_t a, uint64_t b)
{
	assert(line->nr_diags < sizeof(line->diags) / sizeof(*line->diags));
	line->diags[line->nr_diags++] = (struct kfrag_diag){
		.code = code,
		.column = kfrag_text_line_column(offset),
		.line = line->number,
		.a = a,
		.b = b,
	};
}
