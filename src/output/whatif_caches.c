// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>

#include "kfrag/arith.h"
#include "output/diff_cells.h"
#include "output/diff_sections.h"
#include "output/figures.h"
#include "output/grid.h"
#include "output/paragraph.h"

/* PAGES and BYTES stay; of the changes, those of the replay go first. */
static const struct kfrag_grid_column columns[] = {
	{ .heading = "CACHE", .shortens = true },
	{ .heading = "SIZE", .right = true, .rank = 3 },
	{ .heading = "IN A SLAB", .right = true, .rank = 2 },
	{ .heading = "ORDER", .right = true, .rank = 1 },
	{ .heading = "SLABS", .right = true, .rank = 6 },
	{ .heading = "PAGES", .right = true, .rank = 4 },
	{ .heading = "HELD", .right = true },
	{ .heading = "CHANGE", .right = true },
	{ .heading = "PERCENT", .right = true, .rank = 5 },
	{ .heading = "IDLE", .right = true, .rank = 7 },
	{ .heading = "TAIL", .right = true, .rank = 8 },
	{ .heading = "SLAB", .right = true, .rank = 9 },
	{ .heading = "ITS WASTE", .right = true, .rank = 11 },
	{ .heading = "BUDDY", .right = true, .rank = 10 },
	{ .heading = "ITS WASTE", .right = true, .rank = 12 },
};

/* What a cache is after it was merged into another one. */
static const struct kfrag_cache_row nothing;

/* "192>184"; one figure where both agree. */
static void add_both(struct kfrag_grid *grid, uint64_t before, uint64_t after)
{
	char buf[2 * KFRAG_UNITS_SIZE];

	if (before == after)
		snprintf(buf, sizeof(buf), "%" PRIu64, after);
	else
		snprintf(buf, sizeof(buf), "%" PRIu64 ">%" PRIu64, before,
			 after);
	kfrag_grid_add(grid, buf);
}

static void add_held(struct kfrag_grid *grid,
		     const struct kfrag_cache_pair *pair,
		     const struct kfrag_cache_row *after)
{
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, kfrag_units_bytes(after->kernel_held_bytes, buf));
	kfrag_grid_add(grid, kfrag_figure_change_bytes(
				     kfrag_diff_held_change(pair), buf));
	kfrag_grid_add(grid,
		       pair->new_row ?
			       kfrag_figure_change_percent(
				       kfrag_diff_held_change(pair),
				       pair->old_row->kernel_held_bytes, buf) :
			       "merged");
}

/* Pages are those of either side, whose bytes may differ. */
static void add_row(struct kfrag_grid *grid, const struct kfrag_diff *diff,
		    const struct kfrag_cache_pair *pair)
{
	const struct kfrag_cache_row *a = pair->old_row;
	const struct kfrag_cache_row *b = pair->new_row ? pair->new_row :
							  &nothing;
	const struct kfrag_cache_row *named = pair->new_row ? b : a;

	kfrag_grid_add_name(grid, named->name, named->name_bytes);
	add_both(grid, a->size_bytes, named->size_bytes);
	add_both(grid, a->objs_per_slab, named->objs_per_slab);
	add_both(grid, a->slab_order, named->slab_order);
	kfrag_diff_add_count(grid, a->num_slabs, b->num_slabs);
	kfrag_diff_add_count(
		grid,
		a->kernel_held_bytes / diff->old_side.report->page_size_bytes,
		b->kernel_held_bytes / diff->new_side.report->page_size_bytes);
	add_held(grid, pair, b);
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
		add_row(&grid, page->diff, selection->rows[i]);
	error = kfrag_grid_write_fitted(&grid, page->out, &page->style,
					nr_shown);
	kfrag_grid_release(&grid);
	return error;
}

enum kfrag_error kfrag_whatif_section_caches(const struct kfrag_diff_page *page)
{
	size_t nr_columns = sizeof(columns) / sizeof(columns[0]);
	size_t nr_shown = nr_columns;
	enum kfrag_error error = KFRAG_OK;

	if (!kfrag_comparison_differs(page->diff->comparison))
		return KFRAG_OK;
	fputc('\n', page->out);
	if (page->caches->selection->nr_rows > 0) {
		error = kfrag_paragraph_write(
			page->out, page->style.width,
			"What the kernel's own slabs would be and hold; slabs, "
			"pages and what follows HELD are changes:");
		if (!error)
			error = write_grid(page, &nr_shown);
	}
	return error ? error :
		       kfrag_diff_write_foot(page, nr_shown == nr_columns);
}
