// SPDX-License-Identifier: MIT
/* Simulations for people. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kfrag/arith.h"
#include "kfrag/sim_output.h"
#include "output/figures.h"
#include "output/grid.h"
#include "output/paragraph.h"
#include "output/sim_sections.h"
#include "output/stream.h"
#include "output/table_sections.h"

const char *kfrag_sim_figure(struct kfrag_opt micro, char buf[KFRAG_UNITS_SIZE])
{
	static const uint64_t units[] = { 1,	 10,	 100,	 1000,
					  10000, 100000, 1000000 };
	uint64_t whole = micro.value / KFRAG_SIM_MICRO, unit, value;
	unsigned nr_decimals = 0;
	char digits[KFRAG_UNITS_SIZE];

	if (!micro.known)
		return memcpy(buf, "-", sizeof("-"));
	if (micro.value % KFRAG_SIM_MICRO != 0 || whole < 10)
		nr_decimals = whole < 1	     ? 5 :
			      whole < 100    ? 4 :
			      whole < 10000  ? 2 :
			      whole < 100000 ? 1 :
					       0;
	if (micro.value == 0)
		nr_decimals = 0;
	unit = units[6 - nr_decimals];
	value = micro.value / unit + (micro.value % unit * 2 >= unit);
	kfrag_units_count(value / units[nr_decimals], digits);
	if (nr_decimals == 0)
		return memcpy(buf, digits, sizeof(digits));
	snprintf(buf, KFRAG_UNITS_SIZE, "%.30s.%0*" PRIu64, digits,
		 (int)nr_decimals, value % units[nr_decimals]);
	return buf;
}

static enum kfrag_error write_head(FILE *out, const struct kfrag_sim_page *page,
				   const struct kfrag_table_style *style)
{
	for (size_t i = 0; i < page->nr_parameters; i++) {
		enum kfrag_error error = kfrag_paragraph_write(
			out, style->width, "%s: %s", page->parameters[i].name,
			page->parameters[i].text);

		if (error)
			return error;
	}
	fputc('\n', out);
	return KFRAG_OK;
}

/* What fits of the rows, and under them what the headings mean. */
static enum kfrag_error write_grid(FILE *out, const struct kfrag_grid *grid,
				   const struct kfrag_table_style *style,
				   const char *headings)
{
	size_t nr_shown;
	enum kfrag_error error =
		kfrag_grid_write_fitted(grid, out, style, &nr_shown);

	if (error)
		return error;
	return kfrag_paragraph_write(out, style->width, "\n%s", headings);
}

/* ---------------------------------------------------------------- measures */

static void add_figure(struct kfrag_grid *grid, struct kfrag_opt micro)
{
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, kfrag_sim_figure(micro, buf));
}

/* "+1.2", in standard errors. */
static void add_deviation(struct kfrag_grid *grid,
			  const struct kfrag_sim_measure_row *row)
{
	uint64_t mean = row->summary.mean_micro.value;
	uint64_t expected = row->expected_micro.value;
	uint64_t error = row->summary.error_micro.value;
	uint64_t off = mean > expected ? mean - expected : expected - mean;
	char ratio[KFRAG_UNITS_SIZE], text[KFRAG_UNITS_SIZE + 2];

	if (!row->expected_micro.known || !row->summary.mean_micro.known) {
		kfrag_grid_add(grid, "-");
		return;
	}
	if (error == 0) {
		kfrag_grid_add(grid, off == 0 ? "exact" : "-");
		return;
	}
	kfrag_figure_ratio(off, error, 1, ratio);
	snprintf(text, sizeof(text), "%s%s", mean < expected ? "-" : "+",
		 ratio);
	kfrag_grid_add(grid, text);
}

enum kfrag_error kfrag_sim_write_table(FILE *out,
				       const struct kfrag_sim_page *page,
				       const struct kfrag_selection *measures,
				       const struct kfrag_table_style *style)
{
	static const struct kfrag_grid_column columns[] = {
		{ .heading = "MEASURE" },
		{ .heading = "MEAN", .right = true },
		{ .heading = "ERROR", .right = true },
		{ .heading = "EXPECTED", .right = true },
		{ .heading = "OFF", .right = true, .rank = 1 },
		{ .heading = "UNIT", .rank = 2 },
	};
	struct kfrag_table_style fit = kfrag_page_style(style);
	struct kfrag_grid grid;
	enum kfrag_error error = write_head(out, page, &fit);

	if (error)
		return error;
	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < measures->nr_rows; i++) {
		const struct kfrag_sim_measure_row *row = measures->rows[i];

		if (!row->summary.mean_micro.known)
			continue;
		kfrag_grid_add(&grid, kfrag_sim_measure_text(row->measure));
		add_figure(&grid, row->summary.mean_micro);
		add_figure(&grid, row->summary.error_micro);
		add_figure(&grid, row->expected_micro);
		add_deviation(&grid, row);
		kfrag_grid_add(&grid, kfrag_sim_measure_unit(row->measure));
	}
	error = write_grid(
		out, &grid, &fit,
		"ERROR is the standard error of the mean over the "
		"runs, OFF how many of them lie between the mean and "
		"what theory says.");
	kfrag_grid_release(&grid);
	return error ? error : kfrag_stream_end(out);
}

/* ---------------------------------------------------------------- policies */

/* "1.8612 +-0.0031" */
static void add_summary(struct kfrag_grid *grid,
			const struct kfrag_sim_summary *summary)
{
	add_figure(grid, summary->mean_micro);
	add_figure(grid, summary->error_micro);
}

enum kfrag_error
kfrag_sim_write_policies(FILE *out, const struct kfrag_sim_page *page,
			 const struct kfrag_selection *policies,
			 const struct kfrag_sim_policy_row *all, size_t nr_all,
			 const struct kfrag_table_style *style)
{
	static const struct kfrag_grid_column columns[] = {
		{ .heading = "POLICY" },
		{ .heading = "PEAK", .right = true },
		{ .heading = "+-", .right = true, .rank = 3 },
		{ .heading = "TROUGH", .right = true },
		{ .heading = "+-", .right = true, .rank = 1 },
		{ .heading = "THEORY", .right = true },
		{ .heading = "AVERAGE", .right = true },
		{ .heading = "+-", .right = true, .rank = 2 },
		{ .heading = "MADE", .right = true },
		{ .heading = "GONE", .right = true },
	};
	struct kfrag_table_style fit = kfrag_page_style(style);
	struct kfrag_grid grid;
	enum kfrag_error error = write_head(out, page, &fit);

	if (error)
		return error;
	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < policies->nr_rows; i++) {
		const struct kfrag_sim_policy_row *row = policies->rows[i];

		kfrag_grid_add(&grid, row->name);
		add_summary(&grid, &row->of[KFRAG_SIM_PEAK_RATIO]);
		add_summary(&grid, &row->of[KFRAG_SIM_TROUGH_RATIO]);
		add_figure(&grid, row->expected_micro);
		add_summary(&grid, &row->of[KFRAG_SIM_AVERAGE_RATIO]);
		add_figure(&grid, row->of[KFRAG_SIM_MADE].mean_micro);
		add_figure(&grid, row->of[KFRAG_SIM_RETURNED].mean_micro);
	}
	error = write_grid(out, &grid, &fit,
			   "PEAK, TROUGH and AVERAGE are slabs held over the "
			   "fewest that would do, +- standard errors; MADE and "
			   "GONE are slabs per 1,000 births.");
	kfrag_grid_release(&grid);
	if (!error && nr_all > 1)
		error = kfrag_sim_write_finding(out, all, nr_all, fit.width);
	return error ? error : kfrag_stream_end(out);
}
