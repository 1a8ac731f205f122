// SPDX-License-Identifier: MIT
/* Boundaries for people. */
#include <inttypes.h>
#include <stdio.h>

#include "kfrag/arith.h"
#include "kfrag/boundary_output.h"
#include "output/figures.h"
#include "output/grid.h"
#include "output/paragraph.h"
#include "output/stream.h"
#include "output/table_sections.h"

/* So many caches that another order would suit better. */
#define MAX_ORDERS 8

struct page {
	FILE *out;
	const struct kfrag_model_run *run;
	const struct kfrag_boundaries *boundaries;
	const struct kfrag_table_caches *caches;
	struct kfrag_table_style style;
};

static void add_count(struct kfrag_grid *grid, uint64_t count)
{
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, kfrag_units_count(count, buf));
}

static void add_change(struct kfrag_grid *grid, uint64_t from, uint64_t to)
{
	char text[KFRAG_UNITS_SIZE];

	snprintf(text, sizeof(text), "%" PRIu64 " -> %" PRIu64, from, to);
	kfrag_grid_add(grid, text);
}

/* "16 KiB", or "4 -> 32 KiB" where the block is another one. */
static void add_block(struct kfrag_grid *grid, uint64_t from_bytes,
		      uint64_t to_bytes)
{
	char from[KFRAG_UNITS_SIZE], to[KFRAG_UNITS_SIZE];
	char text[2 * KFRAG_UNITS_SIZE + 8];

	kfrag_figure_round_bytes(from_bytes, from);
	kfrag_figure_round_bytes(to_bytes, to);
	if (from_bytes == to_bytes)
		snprintf(text, sizeof(text), "%s", to);
	else
		snprintf(text, sizeof(text), "%s -> %s", from, to);
	kfrag_grid_add(grid, text);
}

static uint64_t block_bytes(const struct kfrag_slabs *slabs)
{
	return slabs->num_slabs ? slabs->held_bytes / slabs->num_slabs : 0;
}

/* "21 -> 22", or "12 in 8 KiB -> 25 in 16 KiB". */
static void add_holding(struct kfrag_grid *grid,
			const struct kfrag_boundary *row)
{
	char from[KFRAG_UNITS_SIZE], to[KFRAG_UNITS_SIZE];
	char text[3 * KFRAG_UNITS_SIZE];

	if (row->now.order == row->then.order) {
		add_change(grid, row->now.objs_per_slab,
			   row->then.objs_per_slab);
		return;
	}
	kfrag_figure_round_bytes(block_bytes(&row->now), from);
	kfrag_figure_round_bytes(block_bytes(&row->then), to);
	snprintf(text, sizeof(text), "%" PRIu64 " in %s -> %" PRIu64 " in %s",
		 row->now.objs_per_slab, from, row->then.objs_per_slab, to);
	kfrag_grid_add(grid, text);
}

static void add_size(struct kfrag_grid *grid, const struct kfrag_boundary *row)
{
	const struct kfrag_record *record = row->record;
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add_name(grid, record->name, record->name_bytes);
	add_change(grid, record->size_bytes, row->size_bytes);
	add_count(grid, row->shaved_bytes);
	add_holding(grid, row);
	kfrag_grid_add(grid, kfrag_figure_change_count(
				     kfrag_difference_u64(row->then.num_slabs,
							  row->now.num_slabs),
				     buf));
	kfrag_grid_add(grid, kfrag_units_signed_bytes(row->won_bytes, buf));
	kfrag_grid_add(grid, kfrag_units_signed_bytes(kfrag_boundary_yield(row),
						      buf));
}

static enum kfrag_error write_sizes(const struct page *page)
{
	static const struct kfrag_grid_column columns[] = {
		{ .heading = "CACHE", .shortens = true },
		{ .heading = "SIZE", .right = true },
		{ .heading = "SHAVED", .right = true, .rank = 1 },
		{ .heading = "A SLAB HOLDS", .right = true },
		{ .heading = "SLABS", .right = true, .rank = 2 },
		{ .heading = "WON", .right = true },
		{ .heading = "A BYTE", .right = true },
	};
	const struct kfrag_selection *selection = page->caches->selection;
	struct kfrag_grid grid;
	enum kfrag_error error;
	size_t nr_shown;

	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < selection->nr_rows; i++)
		add_size(&grid, selection->rows[i]);
	error = kfrag_grid_write_fitted(&grid, page->out, &page->style,
					&nr_shown);
	kfrag_grid_release(&grid);
	return error;
}

static enum kfrag_error section_sizes(const struct page *page)
{
	char rows[4 * KFRAG_UNITS_SIZE], order[2 * KFRAG_UNITS_SIZE];
	char all[KFRAG_UNITS_SIZE];
	enum kfrag_error error = KFRAG_OK;

	if (page->caches->selection->nr_rows > 0) {
		error = kfrag_paragraph_write(
			page->out, page->style.width,
			"\nThe nearest smaller sizes at which a slab holds "
			"more, or is another one, and what that wins at "
			"today's population, in all and per byte shaved off "
			"an object:");
		if (!error)
			error = write_sizes(page);
	} else {
		fputc('\n', page->out);
	}
	if (error)
		return error;
	kfrag_figure_noun(page->boundaries->nr_sizes, "size", all);
	kfrag_page_rows(page->caches, page->boundaries->nr_sizes, all, rows,
			sizeof(rows));
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"(%s, %s; those that win nothing: --show\tsizes; --all, "
		"--sort, --cache)",
		rows, kfrag_page_order(page->caches, order, sizeof(order)));
}

/* The orders that win most, most first; returns how many. */
static size_t pick_orders(const struct kfrag_boundaries *boundaries,
			  const struct kfrag_best_order *best[MAX_ORDERS],
			  uint64_t *won_bytes, size_t *nr_winning)
{
	size_t nr_best = 0;

	*won_bytes = 0;
	*nr_winning = 0;
	for (size_t i = 0; i < boundaries->nr_orders; i++) {
		const struct kfrag_best_order *row = &boundaries->orders[i];
		size_t k = nr_best;

		if (row->won_bytes == 0)
			continue;
		*won_bytes += row->won_bytes;
		(*nr_winning)++;
		if (nr_best < MAX_ORDERS)
			nr_best++;
		else if (row->won_bytes <= best[--k]->won_bytes)
			continue;
		for (; k > 0 && best[k - 1]->won_bytes < row->won_bytes; k--)
			best[k] = best[k - 1];
		best[k] = row;
	}
	return nr_best;
}

static void add_order(struct kfrag_grid *grid,
		      const struct kfrag_best_order *row)
{
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add_name(grid, row->record->name, row->record->name_bytes);
	add_change(grid, row->now.order, row->best.order);
	add_block(grid, block_bytes(&row->now), block_bytes(&row->best));
	add_change(grid, row->now.objs_per_slab, row->best.objs_per_slab);
	add_change(grid, row->now.num_slabs, row->best.num_slabs);
	kfrag_grid_add(grid, kfrag_units_bytes(row->won_bytes, buf));
}

static enum kfrag_error write_orders(const struct page *page,
				     const struct kfrag_best_order *const *best,
				     size_t nr_best)
{
	static const struct kfrag_grid_column columns[] = {
		{ .heading = "CACHE", .shortens = true },
		{ .heading = "ORDER", .right = true },
		{ .heading = "BLOCK", .right = true },
		{ .heading = "A SLAB HOLDS", .right = true },
		{ .heading = "SLABS", .right = true },
		{ .heading = "WON", .right = true },
	};
	struct kfrag_grid grid;
	enum kfrag_error error;
	size_t nr_shown;

	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < nr_best; i++)
		add_order(&grid, best[i]);
	error = kfrag_grid_write_fitted(&grid, page->out, &page->style,
					&nr_shown);
	kfrag_grid_release(&grid);
	return error;
}

static enum kfrag_error section_orders(const struct page *page)
{
	const struct kfrag_best_order *best[MAX_ORDERS];
	char noun[KFRAG_UNITS_SIZE], won[KFRAG_UNITS_SIZE];
	enum kfrag_error error;
	uint64_t won_bytes;
	size_t nr_winning;
	size_t nr_best =
		pick_orders(page->boundaries, best, &won_bytes, &nr_winning);

	if (nr_best == 0)
		return kfrag_paragraph_write(
			page->out, page->style.width,
			"\nNo cache would take less in slabs of another order.");
	kfrag_figure_noun(nr_winning, "cache", noun);
	kfrag_units_bytes(won_bytes, won);
	error = kfrag_paragraph_write(
		page->out, page->style.width,
		"\nIn slabs of their best order %s would take %s less; larger "
		"blocks are harder to have, and empty out later:",
		kfrag_paragraph_join(noun), kfrag_paragraph_join(won));
	if (!error)
		error = write_orders(page, best, nr_best);
	if (!error)
		error = kfrag_paragraph_write(
			page->out, page->style.width,
			"(%zu of %zu, most first; all: --show\torders)",
			nr_best, nr_winning);
	return error;
}

static enum kfrag_error section_assumed(const struct page *page)
{
	if (page->run->sysslab_from)
		return KFRAG_OK;
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"\nPayloads and alignments are unknown: bytes come off the "
		"whole size, a word at a time (--sysslab\tFILE knows them).");
}

static enum kfrag_error section_unexplained(const struct page *page)
{
	size_t nr = page->boundaries->nr_unexplained;
	char noun[KFRAG_UNITS_SIZE];

	if (nr == 0)
		return KFRAG_OK;
	kfrag_figure_noun(nr, "cache", noun);
	return kfrag_paragraph_write(page->out, page->style.width,
				     "\n%s left out: no rule of the kernel "
				     "explains their slabs.",
				     kfrag_paragraph_join(noun));
}

enum kfrag_error
kfrag_boundary_write_table(FILE *out, const struct kfrag_model_run *run,
			   const struct kfrag_boundaries *boundaries,
			   const struct kfrag_table_caches *caches,
			   const struct kfrag_table_style *style)
{
	struct page page = {
		.out = out,
		.run = run,
		.boundaries = boundaries,
		.caches = caches,
		.style = kfrag_page_style(style),
	};
	enum kfrag_error error =
		kfrag_model_write_head(out, run, page.style.width);

	if (!error)
		error = section_sizes(&page);
	if (!error)
		error = section_orders(&page);
	if (!error)
		error = section_assumed(&page);
	if (!error)
		error = section_unexplained(&page);
	return error ? error : kfrag_stream_end(out);
}
