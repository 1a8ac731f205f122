// SPDX-License-Identifier: MIT
#include "kfrag/table.h"

#include <stdlib.h>

#include "output/grid.h"
#include "output/paragraph.h"
#include "output/stream.h"
#include "output/table_sections.h"
#include "output/values.h"

/* Narrower than this nothing more can be dropped. */
#define MIN_WIDTH 40

struct kfrag_table_style kfrag_page_style(const struct kfrag_table_style *style)
{
	struct kfrag_table_style usable = *style;

	if (usable.width < MIN_WIDTH)
		usable.width = MIN_WIDTH;
	return usable;
}

enum kfrag_error
kfrag_table_write_report(FILE *out, const struct kfrag_report *report,
			 const char *source,
			 const struct kfrag_table_caches *caches,
			 const struct kfrag_table_style *style)
{
	static enum kfrag_error (*const sections[])(
		const struct kfrag_page *page) = {
		kfrag_section_head,    kfrag_section_memory,
		kfrag_section_failed,  kfrag_section_caches,
		kfrag_section_free,    kfrag_section_activity,
		kfrag_section_bitmaps, kfrag_section_finding,
	};
	struct kfrag_page page = {
		.out = out,
		.report = report,
		.source = source,
		.caches = caches,
		.style = kfrag_page_style(style),
	};

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		enum kfrag_error error = sections[i](&page);

		if (error)
			return error;
	}
	return kfrag_stream_end(out);
}

static void add_row(struct kfrag_grid *grid,
		    const struct kfrag_selection *selection, const void *row)
{
	char digits[KFRAG_NUMBER_SIZE];

	for (size_t i = 0; i < selection->nr_columns; i++) {
		struct kfrag_value value = selection->columns[i]->value(row);

		if (kfrag_value_is_text(&value))
			kfrag_grid_add_name(grid, value.text, value.text_bytes);
		else
			kfrag_grid_add(
				grid,
				kfrag_value_digits(&value, "-", digits).text);
	}
}

/* What the columns of a selection are to a grid; the caller frees them. */
static struct kfrag_grid_column *
grid_columns(const struct kfrag_selection *selection)
{
	struct kfrag_grid_column *columns =
		calloc(selection->nr_columns, sizeof(*columns));
	bool is_key = true;

	if (!columns)
		return NULL;
	for (size_t i = 0; i < selection->nr_columns; i++) {
		const struct kfrag_column *column = selection->columns[i];

		/* Texts say which row it is where no figure comes first. */
		is_key = is_key && column->is_text;
		columns[i] = (struct kfrag_grid_column){
			.heading = column->name,
			.right = !column->is_text,
			.shortens = column->is_text,
			.rank = is_key || i == 0 ? 0 : (unsigned)i + 1,
		};
	}
	return columns;
}

static enum kfrag_error fill(struct kfrag_grid *grid,
			     const struct kfrag_selection *selection,
			     const struct kfrag_grid_column *columns)
{
	kfrag_grid_init(grid, columns, selection->nr_columns);
	for (size_t i = 0; i < selection->nr_rows && !grid->error; i++)
		add_row(grid, selection, selection->rows[i]);
	return grid->error;
}

static enum kfrag_error write_fitted(const struct kfrag_grid *grid, FILE *out,
				     const struct kfrag_table_style *style)
{
	struct kfrag_table_style usable = kfrag_page_style(style);
	size_t nr_shown;
	enum kfrag_error error =
		kfrag_grid_write_fitted(grid, out, &usable, &nr_shown);

	if (!error && nr_shown < grid->nr_columns)
		error = kfrag_paragraph_write(
			out, usable.width,
			"(%zu of %zu columns fit here; --columns, --format)",
			nr_shown, grid->nr_columns);
	return error;
}

static enum kfrag_error write_selection(
	FILE *out, const struct kfrag_selection *selection,
	const struct kfrag_table_style *style,
	enum kfrag_error (*write)(const struct kfrag_grid *grid, FILE *out,
				  const struct kfrag_table_style *style))
{
	struct kfrag_grid_column *columns = grid_columns(selection);
	struct kfrag_grid grid = { 0 };
	enum kfrag_error error = KFRAG_ENOMEM;

	if (columns)
		error = fill(&grid, selection, columns);
	if (!error)
		error = write(&grid, out, style);
	kfrag_grid_release(&grid);
	free(columns);
	return error ? error : kfrag_stream_end(out);
}

enum kfrag_error kfrag_table_write(FILE *out,
				   const struct kfrag_selection *selection,
				   const struct kfrag_table_style *style)
{
	return write_selection(out, selection, style, write_fitted);
}

enum kfrag_error
kfrag_table_write_whole(FILE *out, const struct kfrag_selection *selection,
			const struct kfrag_table_style *style)
{
	return write_selection(out, selection, style, kfrag_grid_write_whole);
}
