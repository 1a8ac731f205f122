// SPDX-License-Identifier: MIT
/*
 * libcsv is given a line at a time, so that a quote too many costs one line.
 * It tells fields, not where they stand; where a field is odd the line is
 * walked a second time to find that out.
 */
#include "input/csv_row.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/text.h"

#define OPTIONS (CSV_STRICT | CSV_STRICT_FINI)

/* Of a field that can be read: the one value that is no code. */
#define FINE KFRAG_DIAG_LOST

static const char *const names[KFRAG_CSV_NR_FIELDS] = {
	[KFRAG_CSV_NAME] = "name",
	[KFRAG_CSV_SIZE] = "size_bytes",
	[KFRAG_CSV_ACTIVE] = "active_objs",
	[KFRAG_CSV_NUM] = "num_objs",
	[KFRAG_CSV_PER_SLAB] = "objs_per_slab",
	[KFRAG_CSV_ORDER] = "slab_order",
	[KFRAG_CSV_SLABS] = "num_slabs",
	[KFRAG_CSV_HELD] = "kernel_held_bytes",
	[KFRAG_CSV_TIME] = "time",
	[KFRAG_CSV_TIME_MS] = "time_ms",
	[KFRAG_CSV_MOMENT] = "moment",
};

const char *kfrag_csv_field_text(enum kfrag_csv_field field)
{
	assert(field < KFRAG_CSV_NR_FIELDS);
	return names[field];
}

bool kfrag_csv_row_is_lost(const struct kfrag_csv_row *row)
{
	return row->nr_diags > 0 &&
	       kfrag_diag_is_lost(&row->diags[row->nr_diags - 1]);
}

static enum kfrag_csv_field field_of(const struct kfrag_csv_reader *reader,
				     size_t column)
{
	return column < sizeof(reader->fields) && column < reader->nr_columns ?
		       (enum kfrag_csv_field)reader->fields[column] :
		       KFRAG_CSV_NONE;
}

/* ------------------------------------------------------------- one line */

/*
 * Gives libcsv a line. Returns the offset of what it cannot take, or
 * text->bytes where all is well but for a quote that is never closed, which
 * *is_open tells; memory that is short is left in the reader.
 */
static size_t feed(struct kfrag_csv_reader *reader,
		   const struct kfrag_text_line *text,
		   void (*take_field)(void *, size_t, void *),
		   void (*take_end)(int, void *), bool *is_open)
{
	struct csv_parser *csv = &reader->csv;
	size_t taken = csv_parse(csv, text->text, text->bytes, take_field,
				 take_end, reader);

	*is_open = false;
	if (taken == text->bytes && csv_fini(csv, take_field, take_end, reader))
		*is_open = csv_error(csv) == CSV_EPARSE;
	if (csv_error(csv) == CSV_SUCCESS)
		return taken;
	if (csv_error(csv) != CSV_EPARSE)
		reader->is_short_of_memory = true;
	/* It is in the middle of a row: begin anew. */
	csv_free(csv);
	(void)csv_init(csv, OPTIONS);
	return taken;
}

/* ------------------------------------------------------------ the header */

static void take_title(void *title, size_t bytes, void *context)
{
	struct kfrag_csv_reader *reader = context;
	size_t column = reader->nr_columns++;
	bool is_known[KFRAG_CSV_NR_FIELDS] = { false };

	if (column >= sizeof(reader->fields))
		return;
	for (size_t i = 0; i < column; i++) {
		if (reader->fields[i] < KFRAG_CSV_NR_FIELDS)
			is_known[reader->fields[i]] = true;
	}
	reader->fields[column] = KFRAG_CSV_NONE;
	for (size_t i = 0; i < KFRAG_CSV_NR_FIELDS; i++) {
		/* Of two columns with the same name the first one counts. */
		if (!is_known[i] && strlen(names[i]) == bytes &&
		    memcmp(names[i], title, bytes) == 0)
			reader->fields[column] = (unsigned char)i;
	}
}

static void take_nothing(int end, void *context)
{
	(void)end;
	(void)context;
}

bool kfrag_csv_reader_init(struct kfrag_csv_reader *reader,
			   const struct kfrag_text_line *header,
			   unsigned *found)
{
	bool is_open;

	*reader = (struct kfrag_csv_reader){ .nr_columns = 0 };
	*found = 0;
	(void)csv_init(&reader->csv, OPTIONS);
	if (feed(reader, header, take_title, take_nothing, &is_open) <
		    header->bytes ||
	    is_open)
		reader->nr_columns = 0;
	for (size_t i = 0; i < reader->nr_columns; i++) {
		if (field_of(reader, i) != KFRAG_CSV_NONE)
			*found |= 1U << field_of(reader, i);
	}
	return !reader->is_short_of_memory;
}

void kfrag_csv_reader_release(struct kfrag_csv_reader *reader)
{
	csv_free(&reader->csv);
	free(reader->name);
	*reader = (struct kfrag_csv_reader){ .name = NULL };
}

/* --------------------------------------------------------------- a field */

static enum kfrag_diag_code take_name(struct kfrag_csv_reader *reader,
				      const char *text, size_t bytes)
{
	struct kfrag_record *record = &reader->row->record;

	if (bytes >= reader->name_room) {
		char *grown = realloc(reader->name, bytes + 1);

		if (!grown) {
			reader->is_short_of_memory = true;
			return KFRAG_DIAG_NO_NAME;
		}
		reader->name = grown;
		reader->name_room = bytes + 1;
	}
	record->name = reader->name;
	record->name_bytes = kfrag_text_unescape(reader->name, text, bytes);
	return bytes > 0 ? FINE : KFRAG_DIAG_NO_NAME;
}

static enum kfrag_diag_code take_number(uint64_t *value, const char *text,
					size_t bytes)
{
	struct kfrag_text_line line = { .text = text, .bytes = bytes };
	struct kfrag_token token = { 0, bytes };
	enum kfrag_diag_code code;

	return kfrag_token_number(&line, token, value, &code) ? FINE : code;
}

/* "1234" or "1234.56", of which the fraction is dropped. */
static enum kfrag_diag_code take_time(struct kfrag_csv_row *row,
				      const char *text, size_t bytes)
{
	const char *point = memchr(text, '.', bytes);
	size_t whole = point ? (size_t)(point - text) : bytes;

	for (size_t i = whole + 1; i < bytes; i++) {
		if (!kfrag_is_digit(text[i]))
			return KFRAG_DIAG_NUMBER;
	}
	row->has_time = true;
	return take_number(&row->time, text, whole);
}

static enum kfrag_diag_code take_time_ms(struct kfrag_csv_row *row,
					 const char *text, size_t bytes)
{
	enum kfrag_diag_code code = take_number(&row->time_ms, text, bytes);

	return code == FINE && row->time_ms >= 1000 ? KFRAG_DIAG_NUMBER : code;
}

/* What may be left out is unknown where it is empty. */
static enum kfrag_diag_code take_more(struct kfrag_csv_row *row,
				      enum kfrag_csv_field field,
				      const char *text, size_t bytes)
{
	if (bytes == 0)
		return FINE;
	switch (field) {
	case KFRAG_CSV_HELD:
		row->has_held = true;
		return take_number(&row->held_bytes, text, bytes);
	case KFRAG_CSV_TIME:
		return take_time(row, text, bytes);
	case KFRAG_CSV_TIME_MS:
		return take_time_ms(row, text, bytes);
	case KFRAG_CSV_MOMENT:
		return take_number(&row->moment, text, bytes);
	default:
		return FINE;
	}
}

static enum kfrag_diag_code take_figure(struct kfrag_csv_row *row,
					enum kfrag_csv_field field,
					const char *text, size_t bytes)
{
	struct kfrag_record *record = &row->record;

	switch (field) {
	case KFRAG_CSV_SIZE:
		return take_number(&record->size_bytes, text, bytes);
	case KFRAG_CSV_ACTIVE:
		return take_number(&record->active_objs, text, bytes);
	case KFRAG_CSV_NUM:
		return take_number(&record->num_objs, text, bytes);
	case KFRAG_CSV_PER_SLAB:
		return take_number(&record->objs_per_slab, text, bytes);
	case KFRAG_CSV_ORDER:
		return take_number(&row->slab_order, text, bytes);
	case KFRAG_CSV_SLABS:
		return take_number(&record->num_slabs, text, bytes);
	default:
		return take_more(row, field, text, bytes);
	}
}

static void take_field(void *text, size_t bytes, void *context)
{
	struct kfrag_csv_reader *reader = context;
	size_t column = reader->nr_fields++;
	enum kfrag_csv_field field = field_of(reader, column);
	enum kfrag_diag_code code;

	if (reader->bad_code != FINE)
		return;
	/* Behind a carriage return, or beyond what the header names. */
	if (reader->is_over || column >= reader->nr_columns)
		code = KFRAG_DIAG_FIELDS;
	else if (field == KFRAG_CSV_NAME)
		code = take_name(reader, text, bytes);
	else
		code = take_figure(reader->row, field, text, bytes);
	if (code != FINE) {
		reader->bad_code = code;
		reader->bad_field = column;
	}
}

static void take_end(int end, void *context)
{
	struct kfrag_csv_reader *reader = context;

	(void)end;
	reader->is_over = true;
}

/* --------------------------------------------------------- where it stands */

static void count_field(void *text, size_t bytes, void *context)
{
	size_t *nr_fields = context;

	(void)text;
	(void)bytes;
	++*nr_fields;
}

/* The offset of a field: behind the byte that ended the one before it. */
static size_t field_offset(const struct kfrag_text_line *text, size_t field)
{
	struct csv_parser csv;
	size_t nr_fields = 0, at = 0;

	(void)csv_init(&csv, OPTIONS);
	while (at < text->bytes && nr_fields < field) {
		if (csv_parse(&csv, text->text + at, 1, count_field,
			      take_nothing, &nr_fields) == 0)
			break;
		at++;
	}
	csv_free(&csv);
	return kfrag_text_line_skip_blanks(text, at);
}

static void add_diag(struct kfrag_csv_row *row, enum kfrag_diag_code code,
		     size_t offset, uint64_t a, uint64_t b)
{
	assert(row->nr_diags < sizeof(row->diags) / sizeof(*row->diags));
	row->diags[row->nr_diags++] = (struct kfrag_diag){
		.code = code,
		.column = kfrag_text_line_column(offset),
		.line = row->record.line,
		.a = a,
		.b = b,
	};
}

/* ----------------------------------------------------------------- a row */

/* The offset of what the row has in a column that it needs. */
static size_t offset_of(const struct kfrag_csv_reader *reader,
			const struct kfrag_text_line *text,
			enum kfrag_csv_field field)
{
	size_t column = 0;

	while (field_of(reader, column) != field)
		column++;
	return field_offset(text, column);
}

/* Tells what the figures say by themselves and against each other. */
static void check_figures(struct kfrag_csv_row *row,
			  const struct kfrag_csv_reader *reader,
			  const struct kfrag_text_line *text)
{
	struct kfrag_record *record = &row->record;

	if (record->size_bytes == 0) {
		add_diag(row, KFRAG_DIAG_NO_SIZE,
			 offset_of(reader, text, KFRAG_CSV_SIZE), 0, 0);
	} else if (row->slab_order > 63) {
		add_diag(row, KFRAG_DIAG_ORDER,
			 offset_of(reader, text, KFRAG_CSV_ORDER),
			 row->slab_order, 0);
	} else if (record->active_objs > record->num_objs) {
		add_diag(row, KFRAG_DIAG_ACTIVE_ABOVE_NUM,
			 offset_of(reader, text, KFRAG_CSV_ACTIVE),
			 record->active_objs, record->num_objs);
	}
}

/* Whether the text's end may have taken digits of a figure that is used. */
static bool may_be_cut(const struct kfrag_csv_reader *reader,
		       const struct kfrag_text_line *text)
{
	return !text->is_ended && text->text[text->bytes - 1] != '"' &&
	       field_of(reader, reader->nr_columns - 1) != KFRAG_CSV_NONE;
}

static void judge(struct kfrag_csv_row *row,
		  const struct kfrag_csv_reader *reader,
		  const struct kfrag_text_line *text)
{
	bool is_cut = reader->nr_fields < reader->nr_columns ||
		      may_be_cut(reader, text);
	/* Of a line that is cut, its end is what is wrong. */
	bool is_bad = reader->bad_code == KFRAG_DIAG_FIELDS ||
		      (reader->bad_code != FINE && !is_cut);

	if (is_bad)
		add_diag(row, reader->bad_code,
			 field_offset(text, reader->bad_field), 0, 0);
	else if (is_cut)
		add_diag(row, KFRAG_DIAG_CUT, text->bytes, 0, 0);
	else
		check_figures(row, reader, text);
}

bool kfrag_csv_row_read(struct kfrag_csv_row *row,
			struct kfrag_csv_reader *reader,
			const struct kfrag_text_line *text)
{
	struct kfrag_text_line line = *text;
	bool is_open;
	size_t taken;

	*row = (struct kfrag_csv_row){ .record.line = text->number };
	/* A carriage return before the newline is the newline's. */
	if (line.bytes > 0 && line.text[line.bytes - 1] == '\r')
		line.bytes--;
	reader->row = row;
	reader->nr_fields = 0;
	reader->bad_code = FINE;
	reader->is_over = false;
	taken = feed(reader, &line, take_field, take_end, &is_open);
	if (reader->is_short_of_memory)
		return false;
	if (taken < line.bytes)
		add_diag(row, KFRAG_DIAG_QUOTE, taken, 0, 0);
	else if (is_open && text->is_ended)
		add_diag(row, KFRAG_DIAG_QUOTE,
			 field_offset(&line, reader->nr_fields), 0, 0);
	else if (is_open)
		add_diag(row, KFRAG_DIAG_CUT, line.bytes, 0, 0);
	else if (reader->nr_fields == 0)
		row->is_blank = true;
	else
		judge(row, reader, &line);
	return true;
}
