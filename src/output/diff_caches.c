// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>

#include "kfrag/arith.h"
#include "output/diff_cells.h"
#include "output/diff_sections.h"
#include "output/figures.h"
#include "output/grid.h"
#include "output/paragraph.h"
#include "output/table_sections.h"

/* HELD and CHANGE stay; of the changes, those of the replay go first. */
static const struct kfrag_grid_column columns[] = {
	{ .heading = "CACHE", .shortens = true },
	{ .heading = "HELD", .right = true },
	{ .heading = "CHANGE", .right = true },
	{ .heading = "PERCENT", .right = true, .rank = 1 },
	{ .heading = "ACTIVE", .right = true, .rank = 2 },
	{ .heading = "TOTAL", .right = true, .rank = 4 },
	{ .heading = "SLABS", .right = true, .rank = 5 },
	{ .heading = "IDLE", .right = true, .rank = 3 },
	{ .heading = "TAIL", .right = true, .rank = 6 },
	{ .heading = "SLAB", .right = true, .rank = 7 },
	{ .heading = "ITS WASTE", .right = true, .rank = 9 },
	{ .heading = "BUDDY", .right = true, .rank = 8 },
	{ .heading = "ITS WASTE", .right = true, .rank = 10 },
};

/* What a row that is not there holds. */
static const struct kfrag_cache_row nothing;

static void add_percent(struct kfrag_grid *grid,
			const struct kfrag_cache_pair *pair)
{
	char buf[KFRAG_UNITS_SIZE];

	if (!pair->old_row || !pair->new_row)
		kfrag_grid_add(grid, kfrag_status_text(pair->status));
	else
		kfrag_grid_add(grid,
			       kfrag_figure_change_percent(
				       kfrag_diff_held_change(pair),
				       pair->old_row->kernel_held_bytes, buf));
}

static void add_row(struct kfrag_grid *grid,
		    const struct kfrag_cache_pair *pair)
{
	const struct kfrag_cache_row *a = pair->old_row ? pair->old_row :
							  &nothing;
	const struct kfrag_cache_row *b = pair->new_row ? pair->new_row :
							  &nothing;
	const struct kfrag_cache_row *named = pair->new_row ? b : a;
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add_name(grid, named->name, named->name_bytes);
	kfrag_grid_add(grid, kfrag_units_bytes(b->kernel_held_bytes, buf));
	kfrag_diff_add_bytes(grid, a->kernel_held_bytes, b->kernel_held_bytes);
	add_percent(grid, pair);
	kfrag_diff_add_count(grid, a->active_objs, b->active_objs);
	kfrag_diff_add_count(grid, a->num_objs, b->num_objs);
	kfrag_diff_add_count(grid, a->num_slabs, b->num_slabs);
	kfrag_diff_add_waste(grid, a, b);
}

static enum kfrag_error write_grid(const struct kfrag_diff_page *page,
				   size_t *nr_shown)
{
	const struct kfrag_selection *selection = page->caches->selection;
	struct kfrag_grid grid;
	enum kfrag_error error;

	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < selection->nr_rows && !grid.error; i++)
		add_row(&grid, selection->rows[i]);
	error = kfrag_grid_write_fitted(&grid, page->out, &page->style,
					nr_shown);
	kfrag_grid_release(&grid);
	return error;
}

/* "33 caches that differ", "20 of 33 caches that differ", ... */
static void describe_rows(const struct kfrag_diff_page *page, char *buf,
			  size_t size)
{
	const struct kfrag_comparison *comparison = page->diff->comparison;
	uint64_t nr_all = comparison->nr_caches - comparison->nr_of[KFRAG_SAME];
	char noun[KFRAG_UNITS_SIZE], all[KFRAG_UNITS_SIZE + 16];

	snprintf(all, sizeof(all), "%s that %s",
		 kfrag_figure_noun(nr_all, "cache", noun),
		 nr_all == 1 ? "differs" : "differ");
	kfrag_page_rows(page->caches, nr_all, all, buf, size);
}

enum kfrag_error kfrag_diff_write_foot(const struct kfrag_diff_page *page,
				       bool shows_all)
{
	size_t nr_rows = page->caches->selection->nr_rows;
	char rows[6 * KFRAG_UNITS_SIZE], order[2 * KFRAG_UNITS_SIZE];

	describe_rows(page, rows, sizeof(rows));
	return kfrag_paragraph_write(
		page->out, page->style.width, "(%s, %s; %s--sort, --cache%s)",
		rows, kfrag_page_order(page->caches, order, sizeof(order)),
		nr_rows < page->caches->nr_matching ? "--all, " : "",
		shows_all ? "" : "; all figures: --csv");
}

enum kfrag_error kfrag_diff_section_caches(const struct kfrag_diff_page *page)
{
	size_t nr_columns = sizeof(columns) / sizeof(columns[0]);
	size_t nr_rows = page->caches->selection->nr_rows;
	size_t nr_shown = nr_columns;
	enum kfrag_error error;

	if (!kfrag_comparison_differs(page->diff->comparison))
		return KFRAG_OK;
	fputc('\n', page->out);
	if (nr_rows > 0) {
		error = kfrag_paragraph_write(
			page->out, page->style.width,
			"What the kernel's own slabs hold now, and all changes "
			"since OLD:");
		if (!error)
			error = write_grid(page, &nr_shown);
		if (error)
			return error;
	}
	return kfrag_diff_write_foot(page, nr_shown == nr_columns);
}
