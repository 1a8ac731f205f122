// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "output/figures.h"
#include "output/grid.h"
#include "output/table_sections.h"

static const struct kfrag_grid_column columns[] = {
	{ .heading = "MEMORY" },
	{ .heading = "HELD", .right = true },
	{ .heading = "LIVE", .right = true, .rank = 1 },
	{ .heading = "ROUNDED", .right = true, .rank = 3 },
	{ .heading = "TAIL", .right = true, .rank = 4 },
	{ .heading = "IDLE", .right = true, .rank = 2 },
	{ .heading = "WASTE", .right = true },
};

/* Live objects may exceed what is held where a file contradicts itself. */
static const char *waste(const struct kfrag_total_row *row,
			 char buf[KFRAG_UNITS_SIZE])
{
	if (row->live_bytes > row->held_bytes)
		return "-";
	return kfrag_units_percent(row->held_bytes - row->live_bytes,
				   row->held_bytes, buf);
}

static void add_row(struct kfrag_grid *grid, const struct kfrag_page *page,
		    enum kfrag_allocator allocator, enum kfrag_state state)
{
	const struct kfrag_total_row *row =
		kfrag_report_total(page->report, allocator, state);
	char buf[KFRAG_UNITS_SIZE];

	if (!row)
		return;
	snprintf(buf, sizeof(buf), "%s%s", kfrag_page_label(allocator),
		 state == KFRAG_PEAK ? ", peak" : "");
	kfrag_grid_add(grid, buf);
	kfrag_grid_add(grid, kfrag_units_bytes(row->held_bytes, buf));
	kfrag_grid_add(grid, kfrag_units_bytes(row->live_bytes, buf));
	kfrag_grid_add(grid, kfrag_figure_bytes(row->internal_bytes, buf));
	kfrag_grid_add(grid,
		       row->tail_known ?
			       kfrag_units_signed_bytes(row->tail_bytes, buf) :
			       "-");
	kfrag_grid_add(grid, kfrag_figure_bytes(row->idle_bytes, buf));
	kfrag_grid_add(grid, waste(row, buf));
}

enum kfrag_error kfrag_section_memory(const struct kfrag_page *page)
{
	struct kfrag_grid grid;
	enum kfrag_error error;
	size_t nr_shown;

	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (int state = KFRAG_NR_STATES; state-- > 0;)
		for (int a = 0; a < KFRAG_NR_ALLOCATORS; a++)
			add_row(&grid, page, (enum kfrag_allocator)a,
				(enum kfrag_state)state);
	fputc('\n', page->out);
	error = kfrag_grid_write_fitted(&grid, page->out, &page->style,
					&nr_shown);
	kfrag_grid_release(&grid);
	return error;
}
