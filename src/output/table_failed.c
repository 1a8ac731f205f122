// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "output/figures.h"
#include "output/grid.h"
#include "output/paragraph.h"
#include "output/table_sections.h"

static const struct kfrag_grid_column columns[] = {
	{ .heading = "FAILED" },
	{ .heading = "OBJECTS", .right = true },
	{ .heading = "THOUGH ENOUGH WAS FREE", .right = true },
};

static const struct kfrag_total_row *settled(const struct kfrag_page *page,
					     int allocator)
{
	return kfrag_report_total(page->report, (enum kfrag_allocator)allocator,
				  KFRAG_SETTLED);
}

static bool anything_failed(const struct kfrag_page *page)
{
	for (int a = 0; a < KFRAG_KERNEL; a++) {
		const struct kfrag_total_row *row = settled(page, a);

		if (row && row->failed_objs.value > 0)
			return true;
	}
	return false;
}

static enum kfrag_error write_grid(const struct kfrag_page *page)
{
	struct kfrag_grid grid;
	char buf[KFRAG_UNITS_SIZE];
	enum kfrag_error error;

	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (int a = 0; a < KFRAG_KERNEL; a++) {
		const struct kfrag_total_row *row = settled(page, a);

		if (!row)
			continue;
		kfrag_grid_add(&grid,
			       kfrag_page_label((enum kfrag_allocator)a));
		kfrag_grid_add(&grid,
			       kfrag_figure_count(row->failed_objs, buf));
		kfrag_grid_add(&grid,
			       kfrag_figure_count(row->failed_fragmented_objs,
						  buf));
	}
	fputc('\n', page->out);
	error = kfrag_grid_write_folded(&grid, page->out, &page->style);
	kfrag_grid_release(&grid);
	return error;
}

enum kfrag_error kfrag_section_failed(const struct kfrag_page *page)
{
	char memory[KFRAG_UNITS_SIZE];
	enum kfrag_error error;

	if (!anything_failed(page))
		return KFRAG_OK;
	error = write_grid(page);
	if (error)
		return error;
	kfrag_figure_round_bytes(page->report->memory_bytes, memory);
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"(objects that found no place in %s; where enough was free in "
		"total, it was in pieces too small for them)",
		kfrag_paragraph_join(memory));
}
