// SPDX-License-Identifier: MIT
/* Metadata for people. */
#include <inttypes.h>
#include <stdio.h>

#include "kfrag/metadata_output.h"
#include "output/figures.h"
#include "output/grid.h"
#include "output/paragraph.h"
#include "output/stream.h"
#include "output/table_sections.h"

static enum kfrag_error write_totals(FILE *out,
				     const struct kfrag_metadata *metadata,
				     const struct kfrag_table_style *style)
{
	static const struct kfrag_grid_column columns[] = {
		{ .heading = "KEPT" },
		{ .heading = "TAKES", .right = true },
		{ .heading = "OF SLABS", .right = true, .rank = 1 },
		{ .heading = "IN TAILS", .right = true },
		{ .heading = "EXTRA", .right = true },
		{ .heading = "CACHES IN TAILS", .right = true, .rank = 2 },
	};
	struct kfrag_grid grid;
	enum kfrag_error error;
	size_t nr_shown;

	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (int i = 0; i < KFRAG_NR_METADATA; i++) {
		const struct kfrag_metadata_total *row = &metadata->totals[i];
		char buf[KFRAG_UNITS_SIZE];

		kfrag_grid_add(&grid, kfrag_metadata_text(row->kind));
		kfrag_grid_add(&grid,
			       kfrag_units_bytes(row->metadata_bytes, buf));
		kfrag_grid_add(&grid,
			       kfrag_figure_share(row->metadata_bytes,
						  metadata->held_bytes, buf));
		kfrag_grid_add(&grid,
			       kfrag_units_bytes(row->metadata_bytes -
							 row->extra_bytes,
						 buf));
		kfrag_grid_add(&grid, kfrag_units_bytes(row->extra_bytes, buf));
		snprintf(buf, sizeof(buf), "%" PRIu64 " of %" PRIu64,
			 row->nr_in_tail, row->nr_caches);
		kfrag_grid_add(&grid, buf);
	}
	error = kfrag_grid_write_fitted(&grid, out, style, &nr_shown);
	kfrag_grid_release(&grid);
	return error;
}

static enum kfrag_error write_kinds(FILE *out,
				    const struct kfrag_table_style *style)
{
	enum kfrag_error error = KFRAG_OK;

	fputc('\n', out);
	for (int i = 0; i < KFRAG_NR_METADATA && !error; i++) {
		enum kfrag_metadata_kind kind = (enum kfrag_metadata_kind)i;

		error = kfrag_paragraph_write(out, style->width, "%s: %s.",
					      kfrag_metadata_text(kind),
					      kfrag_metadata_help(kind));
	}
	return error;
}

static void add_row(struct kfrag_grid *grid,
		    const struct kfrag_metadata_row *row)
{
	const struct kfrag_record *record = row->cache->record;
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add_name(grid, record->name, record->name_bytes);
	kfrag_grid_add(grid, kfrag_metadata_text(row->kind));
	kfrag_grid_add(grid, kfrag_units_count(record->num_slabs, buf));
	kfrag_grid_add(grid, kfrag_units_bytes(row->tail_bytes, buf));
	kfrag_grid_add(grid, kfrag_units_bytes(row->slab_bytes, buf));
	kfrag_grid_add(grid, kfrag_units_bytes(row->metadata_bytes, buf));
	kfrag_grid_add(grid,
		       row->slab_bytes <= row->tail_bytes ? "tail" : "extra");
}

static enum kfrag_error write_caches(FILE *out,
				     const struct kfrag_table_caches *caches,
				     const struct kfrag_table_style *style)
{
	static const struct kfrag_grid_column columns[] = {
		{ .heading = "CACHE", .shortens = true },
		{ .heading = "KEPT" },
		{ .heading = "SLABS", .right = true, .rank = 1 },
		{ .heading = "A TAIL", .right = true },
		{ .heading = "A SLAB'S", .right = true },
		{ .heading = "IN ALL", .right = true },
		{ .heading = "PLACE" },
	};
	const struct kfrag_selection *selection = caches->selection;
	struct kfrag_grid grid;
	enum kfrag_error error;
	size_t nr_shown;

	fputc('\n', out);
	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < selection->nr_rows; i++)
		add_row(&grid, selection->rows[i]);
	error = kfrag_grid_write_fitted(&grid, out, style, &nr_shown);
	kfrag_grid_release(&grid);
	return error;
}

static enum kfrag_error write_how(FILE *out,
				  const struct kfrag_metadata *metadata,
				  const struct kfrag_table_caches *caches,
				  const struct kfrag_table_style *style)
{
	char rows[4 * KFRAG_UNITS_SIZE], order[2 * KFRAG_UNITS_SIZE];
	char all[KFRAG_UNITS_SIZE];

	kfrag_figure_noun(metadata->nr_rows, "row", all);
	kfrag_page_rows(caches, metadata->nr_rows, all, rows, sizeof(rows));
	return kfrag_paragraph_write(
		out, style->width, "(%s, %s; --all, --sort, --cache)", rows,
		kfrag_page_order(caches, order, sizeof(order)));
}

enum kfrag_error
kfrag_metadata_write_table(FILE *out, const struct kfrag_model_run *run,
			   const struct kfrag_metadata *metadata,
			   const struct kfrag_table_caches *caches,
			   const struct kfrag_table_style *style)
{
	struct kfrag_table_style fit = kfrag_page_style(style);
	enum kfrag_error error = kfrag_model_write_head(out, run, fit.width);

	if (!error)
		error = kfrag_paragraph_write(
			out, fit.width,
			"\nWhat it takes to keep something for each object or "
			"slab, and how much of it the tails of slabs would "
			"hold, which are lost anyway:");
	if (!error)
		error = write_totals(out, metadata, &fit);
	if (!error)
		error = write_kinds(out, &fit);
	if (!error && caches->selection->nr_rows > 0)
		error = write_caches(out, caches, &fit);
	if (!error)
		error = write_how(out, metadata, caches, &fit);
	return error ? error : kfrag_stream_end(out);
}
