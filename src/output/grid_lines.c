// SPDX-License-Identifier: MIT
/*
 * libsmartcols measures and cuts text by the locale of the process: in the C
 * locale it miscounts UTF-8, and some versions take "\x" for four columns or
 * never come to an end. So it is only given plain ASCII: a cell with anything
 * else is laid out as a stand-in of the same width, and its text is put in
 * its place afterwards.
 */
#include "output/grid_lines.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "output/fit.h"
#include "output/scratch.h"

#define STAND_IN 'x'

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~' || *text == '\\')
			return false;
	return true;
}

/* A layout together with what is needed to write its lines. */
struct lines {
	const struct kfrag_grid *grid;
	const struct kfrag_grid_layout *layout;
	struct libscols_table *table;
	struct kfrag_scratch scratch;
};

/* The cell as it is shown; NULL where the host has no memory. */
static const char *shown_text(struct lines *lines, size_t row, size_t column)
{
	const struct kfrag_grid *grid = lines->grid;
	const char *cell = grid->cells[row * grid->nr_columns + column];
	size_t size = strlen(cell) + 1;
	char *copy;

	if (kfrag_fit_width(cell) <= lines->layout->widths[column])
		return cell;
	copy = kfrag_scratch_reserve(&lines->scratch, size);
	if (!copy)
		return NULL;
	memcpy(copy, cell, size);
	kfrag_fit_shorten(copy, lines->layout->widths[column]);
	return copy;
}

static int set_stand_in(struct libscols_line *line, size_t place, size_t width)
{
	char *text = malloc(width + 1);
	int result;

	if (!text)
		return -1;
	memset(text, STAND_IN, width);
	text[width] = '\0';
	result = scols_line_set_data(line, place, text);
	free(text);
	return result;
}

static bool add_columns(struct lines *lines)
{
	for (size_t i = 0; i < lines->grid->nr_columns; i++) {
		int flags = lines->grid->columns[i].right ? SCOLS_FL_RIGHT : 0;

		if (lines->layout->shown[i] &&
		    !scols_table_new_column(lines->table, "", 0, flags))
			return false;
	}
	return true;
}

static bool add_row(struct lines *lines, size_t row)
{
	struct libscols_line *line = scols_table_new_line(lines->table, NULL);
	size_t place = 0;

	if (!line)
		return false;
	for (size_t i = 0; i < lines->grid->nr_columns; i++) {
		const char *text;
		int result;

		if (!lines->layout->shown[i])
			continue;
		text = shown_text(lines, row, i);
		if (!text)
			return false;
		if (is_plain(text))
			result = scols_line_set_data(line, place, text);
		else
			result = set_stand_in(line, place,
					      kfrag_fit_width(text));
		assert(is_plain(text) || !lines->grid->columns[i].right);
		if (result)
			return false;
		place++;
	}
	return true;
}

/* All rows as libsmartcols lays them out; the caller frees *text. */
static bool lay_out(struct lines *lines, char **text)
{
	size_t nr_rows = lines->grid->nr_cells / lines->grid->nr_columns;
	const char *gap = lines->layout->gap > 1 ? "  " : " ";

	*text = NULL;
	lines->table = scols_new_table();
	if (!lines->table || scols_table_enable_noheadings(lines->table, 1) ||
	    scols_table_set_termforce(lines->table, SCOLS_TERMFORCE_NEVER) ||
	    scols_table_set_column_separator(lines->table, gap) ||
	    !add_columns(lines))
		return false;
	for (size_t row = 0; row < nr_rows; row++)
		if (!add_row(lines, row))
			return false;
	return scols_print_table_to_string(lines->table, text) == 0;
}

/* A stand-in starts where its column does: it is never right-aligned. */
static bool write_line(struct lines *lines, size_t row, const char *line,
		       size_t length, FILE *out)
{
	size_t offset = 0, written = 0;

	while (length > 0 && line[length - 1] == ' ')
		length--;
	for (size_t i = 0; i < lines->grid->nr_columns; i++) {
		const char *text;

		if (!lines->layout->shown[i])
			continue;
		text = shown_text(lines, row, i);
		if (!text)
			return false;
		if (!is_plain(text)) {
			fwrite(line + written, 1, offset - written, out);
			fputs(text, out);
			written = offset + kfrag_fit_width(text);
		}
		offset += lines->layout->widths[i] + lines->layout->gap;
	}
	if (length > written)
		fwrite(line + written, 1, length - written, out);
	return true;
}

static bool write_lines(struct lines *lines, const char *text, FILE *out,
			bool colour)
{
	size_t nr_rows = lines->grid->nr_cells / lines->grid->nr_columns;

	for (size_t row = 0; row < nr_rows; row++) {
		size_t length = strcspn(text, "\n");
		bool bold = colour && row == 0;

		if (bold)
			fputs("\033[1m", out);
		if (!write_line(lines, row, text, length, out))
			return false;
		fputs(bold ? "\033[0m\n" : "\n", out);
		text += length + (text[length] == '\n');
	}
	return true;
}

enum kfrag_error kfrag_grid_write_lines(const struct kfrag_grid *grid,
					const struct kfrag_grid_layout *layout,
					FILE *out, bool colour)
{
	struct lines lines = { .grid = grid, .layout = layout };
	char *text;
	bool done;

	done = lay_out(&lines, &text) && write_lines(&lines, text, out, colour);
	free(text);
	scols_unref_table(lines.table);
	kfrag_scratch_release(&lines.scratch);
	return done ? KFRAG_OK : KFRAG_ENOMEM;
}
