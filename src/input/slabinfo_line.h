/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SLABINFO_LINE_H
#define KFRAG_SLABINFO_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/snapshot.h"

/*
 * One line of slabinfo text, read without a look at any other line. What its
 * neighbours must settle (kind ROW_1) is left to the caller.
 */

/* A line as it lies in the text, its newline excluded. */
struct kfrag_text_line {
	const char *text;
	size_t bytes;
	uint64_t number; /* from 1 */
	bool is_ended; /* false: the text ends here, maybe within a field */
	bool is_aligned; /* as long as the row before it */
};

/* Blank-separated bytes of a line: offsets start .. end - 1. */
struct kfrag_token {
	size_t start;
	size_t end;
};

enum kfrag_line_kind {
	KFRAG_LINE_NOTHING, /* blank or comment */
	KFRAG_LINE_HEADER, /* "# name ...": written by 2.x only */
	KFRAG_LINE_VERSION,
	KFRAG_LINE_TIME,
	KFRAG_LINE_SAMPLE_START, /* of `kfrag record` */
	KFRAG_LINE_SAMPLE_END,
	KFRAG_LINE_SAMPLE_CUT, /* the text ends within the word of a start */
	KFRAG_LINE_MEMINFO, /* comments of a sample, behind a mark */
	KFRAG_LINE_SYSSLAB,
	KFRAG_LINE_ROW_1, /* a name and six numbers */
	KFRAG_LINE_ROW_2, /* has ": tunables" */
	KFRAG_LINE_OTHER
};

/* What the first and the last line of a sample say. */
struct kfrag_sample_mark {
	const char *time_text; /* in the text: it tells whose end an end is */
	size_t time_text_bytes;
	bool has_time; /* else time_text is none */
	uint64_t time;
	uint32_t time_ms;
	struct kfrag_origin origin; /* START; strings lie in the text */
};

/*
 * Fields that name a kind are set for that kind only.
 *
 * ROW_1 is the shape of a 1.x row, but also of a 2.x row whose name ends in a
 * number and that lost all from ": tunables" on. is_sure says that the row
 * is good evidence for 1.x by itself: no number too many, figures that a
 * kernel can print, not the text's end.
 */
struct kfrag_slabinfo_line {
	enum kfrag_line_kind kind;
	bool is_sure; /* ROW_1 */
	bool is_ended;
	bool has_time; /* TIME: false where the time is unreadable */
	uint64_t time; /* TIME */
	enum kfrag_slabinfo_version version; /* VERSION */
	struct kfrag_sample_mark mark; /* SAMPLE_START, SAMPLE_END */
	const char *note; /* MEMINFO, SYSSLAB: in the text, behind the mark */
	size_t note_bytes;
	unsigned nr_diags;
	struct kfrag_diag diags[2]; /* ascending columns */
	/* ROW_1, ROW_2, unless lost by a diag; the name lies in the text. */
	struct kfrag_record record;
	uint64_t number;
	uint32_t first_column; /* of what is not blank */
	uint32_t end_column; /* behind what is not blank */
};

/* Fills line, whatever the text holds. */
void kfrag_slabinfo_line_read(struct kfrag_slabinfo_line *line,
			      const struct kfrag_text_line *text);

/* Whether a diag of the line loses it. */
bool kfrag_slabinfo_line_is_lost(const struct kfrag_slabinfo_line *line);

/* What kfrag_slabinfo_line_read() is made of. */

/* Room for it must be left; offset is that of the odd field. */
void kfrag_slabinfo_line_add_diag(struct kfrag_slabinfo_line *line,
				  enum kfrag_diag_code code, size_t offset,
				  uint64_t a, uint64_t b);

/* Fills line as ROW_2 and returns true where the text has ": tunables". */
bool kfrag_slabinfo_row_read_2(struct kfrag_slabinfo_line *line,
			       const struct kfrag_text_line *text);

/*
 * Sets the tunables of a row where the text has them all: of 2.x, whose
 * ": tunables" begins at an offset and whose ": slabdata" is a token; of 1.x,
 * whose head ends at an offset.
 */
void kfrag_slabinfo_tunables_read_2(struct kfrag_record *record,
				    const struct kfrag_text_line *text,
				    size_t tunables_at,
				    struct kfrag_token slabdata);
void kfrag_slabinfo_tunables_read_1(struct kfrag_record *record,
				    const struct kfrag_text_line *text,
				    size_t head_end);

/*
 * Fills line as one of SAMPLE_..., MEMINFO or SYSSLAB and returns true where
 * the text is that; else nothing has happened.
 */
bool kfrag_slabinfo_mark_read(struct kfrag_slabinfo_line *line,
			      const struct kfrag_text_line *text);

/* Fills line as ROW_1 or, for every other text, as OTHER with its diag. */
void kfrag_slabinfo_row_read_1(struct kfrag_slabinfo_line *line,
			       const struct kfrag_text_line *text);

static inline bool kfrag_is_blank(char c)
{
	/* Most bytes are above all three. */
	return (unsigned char)c <= ' ' && (c == ' ' || c == '\t' || c == '\r');
}

static inline bool kfrag_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The column of a byte of a line, as far as it can be told. */
static inline uint32_t kfrag_text_line_column(size_t offset)
{
	return offset < UINT32_MAX ? (uint32_t)offset + 1 : UINT32_MAX;
}

/*
 * Takes the next line of what is left of a text, which is of no number and
 * never aligned; false at the text's end.
 */
bool kfrag_text_line_take(struct kfrag_text_line *rest,
			  struct kfrag_text_line *line);

/* First offset >= at that is not blank, or the line's bytes. */
static inline size_t
kfrag_text_line_skip_blanks(const struct kfrag_text_line *text, size_t at)
{
	while (at < text->bytes && kfrag_is_blank(text->text[at]))
		at++;
	return at;
}

/*
 * The token that begins at or behind at. Returns false, with an empty token
 * at the line's end, where there is none.
 */
bool kfrag_token_next(const struct kfrag_text_line *text, size_t at,
		      struct kfrag_token *token);

/* The token that ends at or before at, likewise; empty at the line's start. */
bool kfrag_token_previous(const struct kfrag_text_line *text, size_t at,
			  struct kfrag_token *token);

bool kfrag_token_is_digits(const struct kfrag_text_line *text,
			   struct kfrag_token token);

/*
 * Reads a decimal number without sign. Returns true, or false with *value 0
 * and *code saying why.
 */
bool kfrag_token_number(const struct kfrag_text_line *text,
			struct kfrag_token token, uint64_t *value,
			enum kfrag_diag_code *code);

#endif
