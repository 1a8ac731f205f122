// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "output/grid.h"
#include "output/table_sections.h"

static const struct kfrag_grid_column columns[] = {
	{ .heading = "ACTIVITY" },
	{ .heading = "SPLITS", .right = true },
	{ .heading = "MERGES", .right = true },
	{ .heading = "SLABS MADE", .right = true },
	{ .heading = "RETURNED", .right = true },
};

static void add_row(struct kfrag_grid *grid, const struct kfrag_page *page,
		    int allocator)
{
	const struct kfrag_activity *activity =
		&page->report->activity[allocator];
	bool has_slabs = allocator == KFRAG_SLAB;
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, kfrag_page_label((enum kfrag_allocator)allocator));
	kfrag_grid_add(grid, kfrag_units_count(activity->nr_splits, buf));
	kfrag_grid_add(grid, kfrag_units_count(activity->nr_merges, buf));
	kfrag_grid_add(grid,
		       has_slabs ?
			       kfrag_units_count(activity->nr_slabs_made, buf) :
			       "-");
	kfrag_grid_add(grid, has_slabs ?
				     kfrag_units_count(
					     activity->nr_slabs_returned, buf) :
				     "-");
}

enum kfrag_error kfrag_section_activity(const struct kfrag_page *page)
{
	struct kfrag_grid grid;
	enum kfrag_error error;

	if (!page->report->replayed)
		return KFRAG_OK;
	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (int a = 0; a < KFRAG_KERNEL; a++)
		add_row(&grid, page, a);
	fputc('\n', page->out);
	error = kfrag_grid_write_folded(&grid, page->out, &page->style);
	kfrag_grid_release(&grid);
	return error;
}
