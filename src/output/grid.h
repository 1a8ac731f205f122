/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_GRID_H
#define KFRAG_OUTPUT_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "kfrag/error.h"
#include "kfrag/table.h"

/*
 * Short texts in rows and columns under headings. libsmartcols aligns them;
 * what is shown of them at a width is decided here.
 */
struct kfrag_grid_column {
	const char *heading; /* ASCII, at least one character */
	bool right; /* numbers */
	bool shortens; /* names: may be shortened before columns are dropped */
	unsigned rank; /* 0: stays; the highest of the others goes first */
};

struct kfrag_grid {
	const struct kfrag_grid_column *columns; /* borrowed */
	size_t nr_columns;
	char **cells; /* row by row, the headings first */
	size_t nr_cells;
	size_t nr_places; /* room in cells */
	enum kfrag_error error; /* of an earlier add; write returns it */
};

void kfrag_grid_init(struct kfrag_grid *grid,
		     const struct kfrag_grid_column *columns,
		     size_t nr_columns);
void kfrag_grid_release(struct kfrag_grid *grid);

/* Fills the next cell, rows from left to right. Copies its argument. */
void kfrag_grid_add(struct kfrag_grid *grid, const char *text);

/* The same with any bytes, which are escaped (text.h). */
void kfrag_grid_add_name(struct kfrag_grid *grid, const char *name,
			 size_t bytes);

/*
 * All of these write the rows added so far and return the error of an
 * earlier add, or KFRAG_ENOMEM; they leave write errors to kfrag_stream_end().
 */

/*
 * No line exceeds style->width, as far as the columns of rank 0 allow: first
 * names are shortened a little, then columns are dropped, then names are
 * shortened as it takes. Stores how many columns are left.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_grid_write_fitted(const struct kfrag_grid *grid, FILE *out,
			const struct kfrag_table_style *style,
			size_t *nr_shown);

/*
 * Columns that do not fit follow in further blocks of lines, each of which
 * starts with the first column.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_grid_write_folded(const struct kfrag_grid *grid, FILE *out,
			const struct kfrag_table_style *style);

/* Everything, however wide. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_grid_write_whole(const struct kfrag_grid *grid, FILE *out,
		       const struct kfrag_table_style *style);

#endif
