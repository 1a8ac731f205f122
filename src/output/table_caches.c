// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>

#include "output/figures.h"
#include "output/grid.h"
#include "output/paragraph.h"
#include "output/table_sections.h"

/* HELD, IDLE and TAIL are the kernel's: what the machine really holds. */
static const struct kfrag_grid_column columns[] = {
	{ .heading = "CACHE", .shortens = true },
	{ .heading = "SIZE", .right = true, .rank = 5 },
	{ .heading = "ACTIVE", .right = true, .rank = 7 },
	{ .heading = "TOTAL", .right = true, .rank = 6 },
	{ .heading = "USE", .right = true, .rank = 2 },
	{ .heading = "HELD", .right = true },
	{ .heading = "IDLE", .right = true, .rank = 1 },
	{ .heading = "TAIL", .right = true, .rank = 3 },
	{ .heading = "BUDDY", .right = true, .rank = 4 },
};

/* Object sizes are told apart by their last digit, so they stay in bytes. */
static void add_size(struct kfrag_grid *grid, uint64_t size_bytes)
{
	char digits[KFRAG_UNITS_SIZE], buf[KFRAG_UNITS_SIZE + 2];

	snprintf(buf, sizeof(buf), "%s B",
		 kfrag_units_count(size_bytes, digits));
	kfrag_grid_add(grid, buf);
}

static void add_row(struct kfrag_grid *grid, const struct kfrag_cache_row *row)
{
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add_name(grid, row->name, row->name_bytes);
	add_size(grid, row->size_bytes);
	kfrag_grid_add(grid, kfrag_units_count(row->active_objs, buf));
	kfrag_grid_add(grid, kfrag_units_count(row->num_objs, buf));
	kfrag_grid_add(grid, kfrag_figure_full_percent(row->active_objs,
						       row->num_objs, buf));
	kfrag_grid_add(grid, kfrag_units_bytes(row->kernel_held_bytes, buf));
	kfrag_grid_add(grid, kfrag_units_bytes(row->kernel_idle_bytes, buf));
	kfrag_grid_add(grid,
		       kfrag_units_signed_bytes(row->kernel_tail_bytes, buf));
	kfrag_grid_add(grid, kfrag_units_bytes(row->buddy_held_bytes, buf));
}

static enum kfrag_error write_grid(const struct kfrag_page *page)
{
	const struct kfrag_selection *selection = page->caches->selection;
	struct kfrag_grid grid;
	enum kfrag_error error;
	size_t nr_shown;

	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < selection->nr_rows && !grid.error; i++)
		add_row(&grid, selection->rows[i]);
	error = kfrag_grid_write_fitted(&grid, page->out, &page->style,
					&nr_shown);
	kfrag_grid_release(&grid);
	return error;
}

const char *kfrag_page_rows(const struct kfrag_table_caches *caches,
			    uint64_t nr_all, const char *all, char *buf,
			    size_t size)
{
	uint64_t nr_shown = caches->selection->nr_rows;
	uint64_t nr_matching = caches->nr_matching;
	char shown[KFRAG_UNITS_SIZE], matching[KFRAG_UNITS_SIZE];

	kfrag_units_count(nr_shown, shown);
	kfrag_units_count(nr_matching, matching);
	if (nr_shown == nr_all)
		snprintf(buf, size, "%s", all);
	else if (nr_matching == nr_all)
		snprintf(buf, size, "%s of %s", shown, all);
	else if (nr_shown == nr_matching)
		snprintf(buf, size, "%s matching of %s", shown, all);
	else
		snprintf(buf, size, "%s of %s matching, of %s", shown, matching,
			 all);
	return buf;
}

const char *kfrag_page_order(const struct kfrag_table_caches *caches, char *buf,
			     size_t size)
{
	const struct kfrag_sort_key *key = caches->key;
	const char *direction;

	if (!key) {
		snprintf(buf, size, "in the file's order");
		return buf;
	}
	if (key->ascending)
		direction = caches->reversed ? "backwards" : "A to Z";
	else
		direction = caches->reversed ? "least first" : "most first";
	snprintf(buf, size, "by %s, %s", key->word, direction);
	return buf;
}

enum kfrag_error kfrag_section_caches(const struct kfrag_page *page)
{
	char rows[4 * KFRAG_UNITS_SIZE], order[2 * KFRAG_UNITS_SIZE];
	char all[KFRAG_UNITS_SIZE];
	size_t nr_rows = page->caches->selection->nr_rows;
	enum kfrag_error error;

	fputc('\n', page->out);
	if (nr_rows > 0) {
		error = kfrag_paragraph_write(
			page->out, page->style.width,
			"What the kernel's own slabs hold, and (BUDDY) what "
			"buddy only would hold:");
		if (!error)
			error = write_grid(page);
		if (error)
			return error;
	}
	kfrag_figure_noun(page->report->nr_caches, "cache", all);
	kfrag_page_rows(page->caches, page->report->nr_caches, all, rows,
			sizeof(rows));
	return kfrag_paragraph_write(
		page->out, page->style.width, "(%s, %s; %s--sort, --cache)",
		rows, kfrag_page_order(page->caches, order, sizeof(order)),
		nr_rows < page->caches->nr_matching ? "--all, " : "");
}
