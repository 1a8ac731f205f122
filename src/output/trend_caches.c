// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "kfrag/arith.h"
#include "output/figures.h"
#include "output/fit.h"
#include "output/grid.h"
#include "output/paragraph.h"
#include "output/scratch.h"
#include "output/table_sections.h"
#include "output/trend_evidence.h"
#include "output/trend_sections.h"

/* The last two are left out where time is unknown. */
static const struct kfrag_grid_column columns[] = {
	{ .heading = "CACHE", .shortens = true },
	{ .heading = "VERDICT" },
	{ .heading = "HELD", .right = true },
	{ .heading = "CHANGE", .right = true, .rank = 2 },
	{ .heading = "ACTIVE", .right = true, .rank = 5 },
	{ .heading = "USE", .right = true, .rank = 3 },
	{ .heading = "PER HOUR", .right = true, .rank = 1 },
	{ .heading = "DOUBLES IN", .right = true, .rank = 4 },
};

#define NR_COLUMNS (sizeof(columns) / sizeof(columns[0]))
#define NR_UNTIMED_COLUMNS (NR_COLUMNS - 2)

/* Of what does not keep on growing a time of doubling says nothing. */
static bool keeps_growing(const struct kfrag_trend *trend)
{
	return trend->doubling_seconds.known &&
	       (trend->verdict == KFRAG_LEAK || trend->verdict == KFRAG_BLOAT);
}

static void add_times(struct kfrag_grid *grid, const struct kfrag_trend *trend)
{
	const struct kfrag_slope *slope = &trend->slopes[KFRAG_FLOW_HELD];
	char buf[KFRAG_UNITS_SIZE];

	if (slope->known)
		kfrag_figure_change_bytes(slope->bytes_per_hour, buf);
	kfrag_grid_add(grid, slope->known ? buf : "-");
	if (keeps_growing(trend))
		kfrag_figure_seconds(trend->doubling_seconds.value, buf);
	kfrag_grid_add(grid, keeps_growing(trend) ? buf : "-");
}

static void add_row(struct kfrag_grid *grid, const struct kfrag_trend *trend)
{
	const struct kfrag_series *series = trend->series;
	const struct kfrag_point *first = trend->first, *last = trend->last;
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add_name(grid, series->name, series->name_bytes);
	kfrag_grid_add(grid, kfrag_verdict_text(trend->verdict));
	kfrag_grid_add(grid, kfrag_units_bytes(last->kernel_held_bytes, buf));
	kfrag_grid_add(grid,
		       kfrag_figure_change_bytes(
			       kfrag_difference_u64(last->kernel_held_bytes,
						    first->kernel_held_bytes),
			       buf));
	kfrag_grid_add(grid, kfrag_units_count(last->active_objs, buf));
	kfrag_grid_add(grid, kfrag_figure_full_percent(last->active_objs,
						       last->num_objs, buf));
	if (grid->nr_columns == NR_COLUMNS)
		add_times(grid, trend);
}

static enum kfrag_error write_grid(const struct kfrag_trend_page *page,
				   bool *is_whole)
{
	const struct kfrag_selection *selection = page->caches->selection;
	bool is_timed = page->run->trends->history->is_timed;
	size_t nr_columns = is_timed ? NR_COLUMNS : NR_UNTIMED_COLUMNS;
	struct kfrag_grid grid;
	enum kfrag_error error;
	size_t nr_shown;

	kfrag_grid_init(&grid, columns, nr_columns);
	for (size_t i = 0; i < selection->nr_rows && !grid.error; i++) {
		const struct kfrag_trend_row *row = selection->rows[i];

		add_row(&grid, row->trend);
	}
	error = kfrag_grid_write_fitted(&grid, page->out, &page->style,
					&nr_shown);
	*is_whole = nr_shown == nr_columns;
	kfrag_grid_release(&grid);
	return error;
}

static enum kfrag_error write_evidence(const struct kfrag_trend_page *page,
				       const struct kfrag_trend *trend)
{
	const struct kfrag_series *series = trend->series;
	struct kfrag_scratch scratch = { 0 };
	char *name = kfrag_scratch_escape(&scratch, series->name,
					  series->name_bytes);
	char evidence[KFRAG_EVIDENCE_SIZE];
	enum kfrag_error error;

	if (!name)
		return KFRAG_ENOMEM;
	/* A word, with the colon behind it, must fit one line. */
	kfrag_fit_shorten(name, page->style.width - 1);
	error = kfrag_paragraph_write(page->out, page->style.width,
				      "%s: %s: %s.", kfrag_paragraph_join(name),
				      kfrag_verdict_text(trend->verdict),
				      kfrag_trend_evidence(trend, evidence));
	kfrag_scratch_release(&scratch);
	return error;
}

static enum kfrag_error write_reasons(const struct kfrag_trend_page *page)
{
	const struct kfrag_selection *selection = page->caches->selection;
	bool tells_all = page->run->listed == KFRAG_TREND_NAMED;
	enum kfrag_error error = KFRAG_OK;
	size_t nr_told = 0;

	for (size_t i = 0; i < selection->nr_rows && !error; i++) {
		const struct kfrag_trend_row *row = selection->rows[i];

		if (!tells_all && kfrag_verdict_is_calm(row->trend->verdict))
			continue;
		if (nr_told++ == 0)
			fputc('\n', page->out);
		error = write_evidence(page, row->trend);
	}
	return error;
}

static void describe_rows(const struct kfrag_trend_page *page, char *buf,
			  size_t size)
{
	const struct kfrag_trends *trends = page->run->trends;
	size_t nr_all = trends->nr_rows;
	char noun[KFRAG_UNITS_SIZE], all[KFRAG_UNITS_SIZE + 16];
	const char *which = "";

	if (page->run->listed == KFRAG_TREND_NOT_CALM) {
		for (int i = 0; i < KFRAG_NR_VERDICTS; i++)
			if (kfrag_verdict_is_calm((enum kfrag_verdict)i))
				nr_all -= trends->nr_of[i];
		which = " to look at";
	}
	snprintf(all, sizeof(all), "%s%s",
		 kfrag_figure_noun(nr_all, "cache", noun), which);
	kfrag_page_rows(page->caches, nr_all, all, buf, size);
}

enum kfrag_error kfrag_trend_section_caches(const struct kfrag_trend_page *page)
{
	bool leaves_out = page->run->listed == KFRAG_TREND_NOT_CALM;
	size_t nr_rows = page->caches->selection->nr_rows;
	char rows[4 * KFRAG_UNITS_SIZE], order[2 * KFRAG_UNITS_SIZE];
	enum kfrag_error error = KFRAG_OK;
	bool is_whole = true;

	fputc('\n', page->out);
	if (nr_rows > 0)
		error = write_grid(page, &is_whole);
	if (!error && nr_rows > 0)
		error = write_reasons(page);
	if (error)
		return error;
	if (leaves_out && page->caches->nr_matching == 0)
		return kfrag_paragraph_write(
			page->out, page->style.width,
			"(--all lists them, --cache some of them; to plot: "
			"--show\tsamples)");
	describe_rows(page, rows, sizeof(rows));
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"(%s, %s; %s--sort, --cache; %sto plot: --show\tsamples)", rows,
		kfrag_page_order(page->caches, order, sizeof(order)),
		leaves_out || nr_rows < page->caches->nr_matching ? "--all, " :
								    "",
		is_whole ? "" : "all figures: --csv; ");
}
