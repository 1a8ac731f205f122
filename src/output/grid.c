// SPDX-License-Identifier: MIT
#include "output/grid.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "output/fit.h"
#include "output/grid_lines.h"
#include "output/scratch.h"

/* Below this a name is only shortened when there is no column to drop. */
#define NAME_WIDTH 20

void kfrag_grid_init(struct kfrag_grid *grid,
		     const struct kfrag_grid_column *columns, size_t nr_columns)
{
	*grid = (struct kfrag_grid){ .columns = columns,
				     .nr_columns = nr_columns };
	for (size_t i = 0; i < nr_columns; i++)
		kfrag_grid_add(grid, columns[i].heading);
}

void kfrag_grid_release(struct kfrag_grid *grid)
{
	for (size_t i = 0; i < grid->nr_cells; i++)
		free(grid->cells[i]);
	free(grid->cells);
	*grid = (struct kfrag_grid){ 0 };
}

static bool make_place(struct kfrag_grid *grid)
{
	size_t nr_places = grid->nr_places ? 2 * grid->nr_places : 64;
	char **cells;

	if (grid->nr_cells < grid->nr_places)
		return true;
	cells = realloc(grid->cells, nr_places * sizeof(*cells));
	if (!cells)
		return false;
	grid->cells = cells;
	grid->nr_places = nr_places;
	return true;
}

void kfrag_grid_add(struct kfrag_grid *grid, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy;

	if (grid->error)
		return;
	copy = malloc(size);
	if (!copy || !make_place(grid)) {
		free(copy);
		grid->error = KFRAG_ENOMEM;
		return;
	}
	memcpy(copy, text, size);
	grid->cells[grid->nr_cells++] = copy;
}

void kfrag_grid_add_name(struct kfrag_grid *grid, const char *name,
			 size_t bytes)
{
	struct kfrag_scratch scratch = { 0 };
	const char *text = kfrag_scratch_escape(&scratch, name, bytes);

	if (text)
		kfrag_grid_add(grid, text);
	else
		grid->error = KFRAG_ENOMEM;
	kfrag_scratch_release(&scratch);
}

/* ------------------------------------------------------------- layout */

static void layout_release(struct kfrag_grid_layout *layout)
{
	free(layout->shown);
	free(layout->widths);
}

/* Every column shown as wide as its widest cell. */
static enum kfrag_error layout_init(struct kfrag_grid_layout *layout,
				    const struct kfrag_grid *grid)
{
	*layout = (struct kfrag_grid_layout){ .gap = 2 };
	if (grid->error)
		return grid->error;
	assert(grid->nr_columns > 0 && grid->nr_cells % grid->nr_columns == 0);
	layout->shown = calloc(grid->nr_columns, sizeof(*layout->shown));
	layout->widths = calloc(grid->nr_columns, sizeof(*layout->widths));
	if (!layout->shown || !layout->widths) {
		layout_release(layout);
		return KFRAG_ENOMEM;
	}
	for (size_t i = 0; i < grid->nr_columns; i++)
		layout->shown[i] = true;
	for (size_t i = 0; i < grid->nr_cells; i++) {
		size_t width = kfrag_fit_width(grid->cells[i]);
		size_t *widest = &layout->widths[i % grid->nr_columns];

		if (width > *widest)
			*widest = width;
	}
	return KFRAG_OK;
}

static size_t line_width(const struct kfrag_grid *grid,
			 const struct kfrag_grid_layout *layout)
{
	size_t width = 0, nr_shown = 0;

	for (size_t i = 0; i < grid->nr_columns; i++) {
		if (!layout->shown[i])
			continue;
		width += layout->widths[i];
		nr_shown++;
	}
	return width + (nr_shown - 1) * layout->gap;
}

/* Chooses the gap; the smaller one where neither fits. */
static bool fits(const struct kfrag_grid *grid,
		 struct kfrag_grid_layout *layout, size_t width)
{
	layout->gap = 2;
	if (line_width(grid, layout) <= width)
		return true;
	layout->gap = 1;
	return line_width(grid, layout) <= width;
}

/* The shown column of names, or nr_columns. */
static size_t names_column(const struct kfrag_grid *grid,
			   const struct kfrag_grid_layout *layout)
{
	for (size_t i = 0; i < grid->nr_columns; i++)
		if (grid->columns[i].shortens && layout->shown[i])
			return i;
	return grid->nr_columns;
}

/*
 * Makes lines fit by shortening names, down to `least`. Leaves the layout as
 * it was where that is not enough.
 */
static bool fits_shortened(const struct kfrag_grid *grid,
			   struct kfrag_grid_layout *layout, size_t width,
			   size_t least)
{
	size_t names = names_column(grid, layout), before;

	if (names == grid->nr_columns)
		return false;
	before = layout->widths[names];
	if (before <= least)
		return false;
	layout->widths[names] = least;
	if (!fits(grid, layout, width)) {
		layout->widths[names] = before;
		return false;
	}
	/* Names take what the other columns leave: not all that they want. */
	layout->widths[names] += width - line_width(grid, layout);
	return true;
}

static bool drop_column(const struct kfrag_grid *grid,
			struct kfrag_grid_layout *layout)
{
	size_t victim = grid->nr_columns;
	unsigned rank = 0;

	for (size_t i = 0; i < grid->nr_columns; i++) {
		if (layout->shown[i] && grid->columns[i].rank > rank) {
			rank = grid->columns[i].rank;
			victim = i;
		}
	}
	if (victim == grid->nr_columns)
		return false;
	layout->shown[victim] = false;
	return true;
}

enum kfrag_error
kfrag_grid_write_fitted(const struct kfrag_grid *grid, FILE *out,
			const struct kfrag_table_style *style, size_t *nr_shown)
{
	struct kfrag_grid_layout layout;
	enum kfrag_error error = layout_init(&layout, grid);

	*nr_shown = 0;
	if (error)
		return error;
	while (!fits(grid, &layout, style->width) &&
	       !fits_shortened(grid, &layout, style->width, NAME_WIDTH)) {
		if (drop_column(grid, &layout))
			continue;
		(void)fits_shortened(grid, &layout, style->width, 1);
		break;
	}
	for (size_t i = 0; i < grid->nr_columns; i++)
		*nr_shown += layout.shown[i];
	error = kfrag_grid_write_lines(grid, &layout, out, style->colour);
	layout_release(&layout);
	return error;
}

/*
 * Shows the first column and as many from `first` on as fit, at least one.
 * Returns the first that did not.
 */
static size_t show_from(const struct kfrag_grid *grid,
			struct kfrag_grid_layout *layout, size_t first,
			size_t width)
{
	size_t next = first + 1;

	for (size_t i = 1; i < grid->nr_columns; i++)
		layout->shown[i] = i == first;
	while (next < grid->nr_columns) {
		layout->shown[next] = true;
		if (!fits(grid, layout, width)) {
			layout->shown[next] = false;
			break;
		}
		next++;
	}
	/* Chooses the gap for what is shown now. */
	(void)fits(grid, layout, width);
	return next;
}

enum kfrag_error kfrag_grid_write_folded(const struct kfrag_grid *grid,
					 FILE *out,
					 const struct kfrag_table_style *style)
{
	struct kfrag_grid_layout layout;
	enum kfrag_error error = layout_init(&layout, grid);
	size_t next = 1;

	if (error)
		return error;
	assert(grid->nr_columns > 1);
	while (next < grid->nr_columns && !error) {
		next = show_from(grid, &layout, next, style->width);
		error = kfrag_grid_write_lines(grid, &layout, out,
					       style->colour);
	}
	layout_release(&layout);
	return error;
}

enum kfrag_error kfrag_grid_write_whole(const struct kfrag_grid *grid,
					FILE *out,
					const struct kfrag_table_style *style)
{
	struct kfrag_grid_layout layout;
	enum kfrag_error error = layout_init(&layout, grid);

	if (error)
		return error;
	error = kfrag_grid_write_lines(grid, &layout, out, style->colour);
	layout_release(&layout);
	return error;
}
