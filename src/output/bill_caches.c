// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kfrag/arith.h"
#include "output/bill_sections.h"
#include "output/figures.h"
#include "output/grid.h"
#include "output/paragraph.h"
#include "output/table_sections.h"

static const struct kfrag_grid_column columns[] = {
	{ .heading = "CACHE", .shortens = true },
	{ .heading = "HELD", .right = true },
	{ .heading = "LIVE", .right = true },
	{ .heading = "IDLE", .right = true, .rank = 1 },
	{ .heading = "TAIL", .right = true, .rank = 2 },
	{ .heading = "USE", .right = true, .rank = 3 },
};

/* Where there is any. */
static const struct kfrag_grid_column fallback_column = { .heading = "FALLBACK",
							  .right = true,
							  .rank = 4 };
/* Where sysfs tells it. */
static const struct kfrag_grid_column loss_column = { .heading = "LOSS",
						      .right = true,
						      .rank = 5 };

#define NR_COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* In thousandths of the whole, or hundredths, each rounded down. */
static uint64_t share(uint64_t part, uint64_t whole, bool is_whole)
{
	return kfrag_mul_div(part, is_whole ? 100 : 1000, whole);
}

static int print_share(char *buf, size_t size, uint64_t parts, bool is_whole)
{
	if (is_whole)
		return snprintf(buf, size, "%" PRIu64, parts);
	return snprintf(buf, size, "%" PRIu64 ".%" PRIu64, parts / 10,
			parts % 10);
}

/* Half up where nothing says that 100 % be all of it. */
static uint64_t rounded_share(uint64_t part, uint64_t whole, bool is_whole)
{
	uint64_t twice;

	if (is_whole || part > UINT64_MAX / 2)
		return share(part, whole, is_whole);
	twice = kfrag_mul_div(part, 2000, whole);
	return (twice + 1) / 2;
}

const char *kfrag_bill_interval(int64_t min, int64_t max, int64_t whole,
				bool is_whole, char buf[KFRAG_UNITS_SIZE])
{
	uint64_t least, most;
	int length;

	if (whole <= 0)
		return snprintf(buf, KFRAG_UNITS_SIZE, "-") < 0 ? "" : buf;
	least = rounded_share(kfrag_magnitude(min), (uint64_t)whole, is_whole);
	most = rounded_share(kfrag_magnitude(max), (uint64_t)whole, is_whole);
	length = snprintf(buf, 2, "%s", max < 0 && most > 0 ? "-" : "");
	if (least != most && min >= 0) {
		length += print_share(buf + length, 24, least, is_whole);
		length += snprintf(buf + length, 3, "..");
	}
	length += print_share(buf + length, 24, most, is_whole);
	snprintf(buf + length, 3, " %%");
	return buf;
}

/* "77 %", "41..100 %", or "~77 %" of an estimate. */
static void add_use(struct kfrag_grid *grid, const struct kfrag_bill_row *row)
{
	char buf[KFRAG_UNITS_SIZE], text[KFRAG_UNITS_SIZE + 1];
	int64_t num_objs = (int64_t)row->record->num_objs;

	if (row->sure == KFRAG_SURE_ESTIMATE) {
		kfrag_figure_full_percent(row->live_objs, row->record->num_objs,
					  buf);
		snprintf(text, sizeof(text), "~%s", buf);
		kfrag_grid_add(grid, text);
		return;
	}
	kfrag_grid_add(grid, kfrag_bill_interval((int64_t)row->live_min_objs,
						 (int64_t)row->live_max_objs,
						 num_objs, true, buf));
}

static bool has_fallback(const struct kfrag_bill *bill)
{
	return bill->fallback_slabs > 0 || bill->nr_unknown_fallbacks > 0;
}

static void add_row(struct kfrag_grid *grid, const struct kfrag_bill *bill,
		    const struct kfrag_bill_row *row)
{
	const struct kfrag_record *record = row->record;
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add_name(grid, record->name, record->name_bytes);
	kfrag_grid_add(grid, kfrag_units_bytes(row->held_bytes, buf));
	kfrag_grid_add(grid, kfrag_units_bytes(row->live_bytes, buf));
	kfrag_grid_add(grid, kfrag_units_bytes(row->idle_bytes, buf));
	kfrag_grid_add(grid, kfrag_units_signed_bytes(row->tail_bytes, buf));
	add_use(grid, row);
	if (has_fallback(bill))
		kfrag_grid_add(grid, row->fallback_slabs.known ?
					     kfrag_units_signed_bytes(
						     row->fallback_bytes, buf) :
					     "?");
	if (bill->has_sysslab)
		kfrag_grid_add(grid, kfrag_figure_bytes(row->loss_bytes, buf));
}

static enum kfrag_error write_grid(const struct kfrag_bill_page *page)
{
	const struct kfrag_selection *selection = page->caches->selection;
	const struct kfrag_bill *bill = page->run->bill;
	struct kfrag_grid_column shown[NR_COLUMNS + 2];
	size_t nr_columns = NR_COLUMNS, nr_shown;
	struct kfrag_grid grid;
	enum kfrag_error error;

	memcpy(shown, columns, sizeof(columns));
	if (has_fallback(bill))
		shown[nr_columns++] = fallback_column;
	if (bill->has_sysslab)
		shown[nr_columns++] = loss_column;
	kfrag_grid_init(&grid, shown, nr_columns);
	for (size_t i = 0; i < selection->nr_rows && !grid.error; i++)
		add_row(&grid, bill, selection->rows[i]);
	error = kfrag_grid_write_fitted(&grid, page->out, &page->style,
					&nr_shown);
	kfrag_grid_release(&grid);
	return error;
}

enum kfrag_error kfrag_bill_section_caches(const struct kfrag_bill_page *page)
{
	char rows[4 * KFRAG_UNITS_SIZE], order[2 * KFRAG_UNITS_SIZE];
	size_t nr_rows = page->caches->selection->nr_rows;
	size_t nr_all = page->run->bill->nr_rows;
	char all[KFRAG_UNITS_SIZE];
	enum kfrag_error error = KFRAG_OK;

	fputc('\n', page->out);
	if (nr_rows > 0)
		error = write_grid(page);
	if (error)
		return error;
	kfrag_figure_noun(nr_all, "cache", all);
	kfrag_page_rows(page->caches, nr_all, all, rows, sizeof(rows));
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"(%s, %s; %s--sort, --cache; all figures: --csv)", rows,
		kfrag_page_order(page->caches, order, sizeof(order)),
		nr_rows < page->caches->nr_matching ? "--all, " : "");
}
