// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "kfrag/arith.h"
#include "output/diff_sections.h"
#include "output/figures.h"
#include "output/grid.h"

static void add_change(struct kfrag_grid *grid, const char *change,
		       int64_t difference, uint64_t before)
{
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, change);
	kfrag_grid_add(grid,
		       kfrag_figure_change_percent(difference, before, buf));
}

static void add_count(struct kfrag_grid *grid, const char *label,
		      uint64_t before, uint64_t now)
{
	int64_t difference = kfrag_difference_u64(now, before);
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, label);
	kfrag_grid_add(grid, kfrag_units_count(before, buf));
	kfrag_grid_add(grid, kfrag_units_count(now, buf));
	add_change(grid, kfrag_figure_change_count(difference, buf), difference,
		   before);
}

/* Bytes may be below zero: the tail of a file that contradicts itself. */
static void add_bytes(struct kfrag_grid *grid, const char *label,
		      int64_t before, int64_t now)
{
	int64_t difference = kfrag_difference_i64(now, before);
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, label);
	kfrag_grid_add(grid, kfrag_units_signed_bytes(before, buf));
	kfrag_grid_add(grid, kfrag_units_signed_bytes(now, buf));
	add_change(grid, kfrag_figure_change_bytes(difference, buf), difference,
		   before > 0 ? (uint64_t)before : 0);
}

static uint64_t sum_slabs(const struct kfrag_report *report)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < report->nr_caches; i++)
		sum += report->caches[i].num_slabs;
	return sum;
}

static int64_t held(const struct kfrag_total_row *row)
{
	return (int64_t)row->held_bytes;
}

static int64_t waste(const struct kfrag_total_row *row)
{
	return (int64_t)(row->held_bytes - row->live_bytes);
}

static int64_t idle(const struct kfrag_total_row *row)
{
	return (int64_t)row->idle_bytes.value;
}

static int64_t tail(const struct kfrag_total_row *row)
{
	return row->tail_bytes;
}

static void add_totals(struct kfrag_grid *grid, const struct kfrag_diff *diff)
{
	static const struct {
		const char *label;
		enum kfrag_allocator allocator;
		int64_t (*bytes)(const struct kfrag_total_row *row);
	} rows[] = {
		{ "kernel's own, held", KFRAG_KERNEL, held },
		{ "kernel's own, idle", KFRAG_KERNEL, idle },
		{ "kernel's own, tail", KFRAG_KERNEL, tail },
		{ "buddy + slab, held", KFRAG_SLAB, held },
		{ "buddy + slab, waste", KFRAG_SLAB, waste },
		{ "buddy only, held", KFRAG_BUDDY, held },
		{ "buddy only, waste", KFRAG_BUDDY, waste },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct kfrag_total_row *old_row =
			kfrag_report_total(diff->old_side.report,
					   rows[i].allocator, KFRAG_SETTLED);
		const struct kfrag_total_row *new_row =
			kfrag_report_total(diff->new_side.report,
					   rows[i].allocator, KFRAG_SETTLED);

		if (old_row && new_row)
			add_bytes(grid, rows[i].label, rows[i].bytes(old_row),
				  rows[i].bytes(new_row));
	}
}

/* Pages of either side, whose bytes may differ. */
static void add_pages(struct kfrag_grid *grid, const struct kfrag_diff *diff)
{
	static const struct {
		const char *label;
		enum kfrag_allocator allocator;
	} rows[] = {
		{ "kernel's own, pages", KFRAG_KERNEL },
		{ "buddy + slab, pages", KFRAG_SLAB },
		{ "buddy only, pages", KFRAG_BUDDY },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct kfrag_report *a = diff->old_side.report;
		const struct kfrag_report *b = diff->new_side.report;
		const struct kfrag_total_row *old_row =
			kfrag_report_total(a, rows[i].allocator, KFRAG_SETTLED);
		const struct kfrag_total_row *new_row =
			kfrag_report_total(b, rows[i].allocator, KFRAG_SETTLED);

		if (old_row && new_row)
			add_count(grid, rows[i].label,
				  old_row->held_bytes / a->page_size_bytes,
				  new_row->held_bytes / b->page_size_bytes);
	}
}

enum kfrag_error kfrag_diff_section_totals(const struct kfrag_diff_page *page)
{
	const struct kfrag_report *old_report = page->diff->old_side.report;
	const struct kfrag_report *new_report = page->diff->new_side.report;
	const struct kfrag_grid_column columns[] = {
		{ .heading = "TOTAL", .shortens = true },
		{ .heading = page->words->old_label, .right = true, .rank = 2 },
		{ .heading = page->words->new_label, .right = true, .rank = 1 },
		{ .heading = "CHANGE", .right = true },
		{ .heading = "PERCENT", .right = true, .rank = 3 },
	};
	struct kfrag_grid grid;
	enum kfrag_error error;
	size_t nr_shown;

	if (!kfrag_comparison_differs(page->diff->comparison))
		return KFRAG_OK;
	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	add_count(&grid, "caches", old_report->nr_caches,
		  new_report->nr_caches);
	add_count(&grid, "objects in use", old_report->active_objs,
		  new_report->active_objs);
	add_count(&grid, "objects in all", old_report->num_objs,
		  new_report->num_objs);
	add_count(&grid, "slabs", sum_slabs(old_report), sum_slabs(new_report));
	add_totals(&grid, page->diff);
	if (page->diff->premise)
		add_pages(&grid, page->diff);
	fputc('\n', page->out);
	error = kfrag_grid_write_fitted(&grid, page->out, &page->style,
					&nr_shown);
	kfrag_grid_release(&grid);
	return error;
}
