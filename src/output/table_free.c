// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "kfrag/arith.h"
#include "kfrag/buddy.h"
#include "output/figures.h"
#include "output/grid.h"
#include "output/paragraph.h"
#include "output/table_sections.h"

/* A request that a fragmented memory cannot serve: a huge page of x86. */
#define BIG_BYTES (2 * KFRAG_MIB)

/* Its order here, or the largest there is. */
static unsigned big_order(const struct kfrag_report *report)
{
	unsigned order;

	if (report->page_size_bytes >= BIG_BYTES)
		return 0;
	order = kfrag_log2_floor(BIG_BYTES / report->page_size_bytes);
	return order < report->max_order ? order : report->max_order;
}

static const struct kfrag_order_row *
settled_order(const struct kfrag_report *report, int allocator, unsigned order)
{
	for (size_t i = 0; i < report->nr_orders; i++) {
		const struct kfrag_order_row *row = &report->orders[i];

		if ((int)row->allocator == allocator &&
		    row->state == KFRAG_SETTLED && row->order == order)
			return row;
	}
	return NULL;
}

static void add_share_row(struct kfrag_grid *grid,
			  const struct kfrag_page *page, int allocator)
{
	const struct kfrag_total_row *total = kfrag_report_total(
		page->report, (enum kfrag_allocator)allocator, KFRAG_SETTLED);
	const struct kfrag_order_row *order =
		settled_order(page->report, allocator, big_order(page->report));
	char buf[KFRAG_UNITS_SIZE];

	if (!total)
		return;
	kfrag_grid_add(grid, kfrag_page_label((enum kfrag_allocator)allocator));
	kfrag_grid_add(grid, kfrag_figure_bytes(total->free_bytes, buf));
	kfrag_grid_add(grid,
		       kfrag_figure_bytes(total->largest_free_bytes, buf));
	kfrag_grid_add(grid,
		       kfrag_figure_permille(total->external_permille, buf));
	kfrag_grid_add(grid,
		       kfrag_figure_permille(order ? order->unusable_permille :
						     kfrag_unknown(),
					     buf));
}

static enum kfrag_error write_shares(const struct kfrag_page *page)
{
	char size[KFRAG_UNITS_SIZE], heading[KFRAG_UNITS_SIZE + 16];
	const struct kfrag_grid_column columns[] = {
		{ .heading = "FREE MEMORY" },
		{ .heading = "FREE", .right = true },
		{ .heading = "LARGEST", .right = true, .rank = 1 },
		{ .heading = "EXTERNAL", .right = true, .rank = 2 },
		{ .heading = heading, .right = true, .rank = 3 },
	};
	struct kfrag_grid grid;
	enum kfrag_error error;
	size_t nr_shown;

	snprintf(heading, sizeof(heading), "UNUSABLE FOR %s",
		 kfrag_figure_round_bytes(page->report->page_size_bytes
						  << big_order(page->report),
					  size));
	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (int a = 0; a < KFRAG_KERNEL; a++)
		add_share_row(&grid, page, a);
	error = kfrag_grid_write_fitted(&grid, page->out, &page->style,
					&nr_shown);
	kfrag_grid_release(&grid);
	if (error || !page->report->replayed)
		return error;
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"(EXTERNAL: outside the largest block; UNUSABLE: in blocks too "
		"small for %s)",
		kfrag_paragraph_join(size));
}

static void add_blocks_row(struct kfrag_grid *grid,
			   const struct kfrag_page *page, int allocator)
{
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, kfrag_page_label((enum kfrag_allocator)allocator));
	for (unsigned o = 0; o <= page->report->max_order; o++) {
		const struct kfrag_order_row *row =
			settled_order(page->report, allocator, o);

		kfrag_grid_add(grid, kfrag_figure_count(row ? row->free_blocks :
							      kfrag_unknown(),
							buf));
	}
}

static enum kfrag_error write_blocks(const struct kfrag_page *page)
{
	struct kfrag_grid_column columns[KFRAG_MAX_ORDER + 2] = {
		{ .heading = "FREE BY ORDER" },
	};
	char headings[KFRAG_MAX_ORDER + 1][4];
	struct kfrag_grid grid;
	enum kfrag_error error;

	for (unsigned o = 0; o <= page->report->max_order; o++) {
		snprintf(headings[o], sizeof(headings[o]), "%u", o % 100);
		columns[o + 1].heading = headings[o];
		columns[o + 1].right = true;
	}
	kfrag_grid_init(&grid, columns, page->report->max_order + 2);
	for (int a = 0; a < KFRAG_KERNEL; a++)
		add_blocks_row(&grid, page, a);
	error = kfrag_grid_write_folded(&grid, page->out, &page->style);
	kfrag_grid_release(&grid);
	return error;
}

enum kfrag_error kfrag_section_free(const struct kfrag_page *page)
{
	enum kfrag_error error;

	fputc('\n', page->out);
	error = write_shares(page);
	if (error || !page->report->replayed)
		return error;
	fputc('\n', page->out);
	return write_blocks(page);
}
