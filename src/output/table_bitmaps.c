// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "output/figures.h"
#include "output/grid.h"
#include "output/paragraph.h"
#include "output/table_sections.h"

static const struct kfrag_grid_column columns[] = {
	{ .heading = "BITMAPS" },
	{ .heading = "SIZE", .right = true },
	{ .heading = "BITS A PAGE", .right = true, .rank = 2 },
	{ .heading = "OF MEMORY", .right = true, .rank = 1 },
};

static uint64_t nr_pages(const struct kfrag_report *report)
{
	return report->memory_bytes / report->page_size_bytes;
}

static void add_row(struct kfrag_grid *grid, const struct kfrag_page *page,
		    const char *label, struct kfrag_opt bits)
{
	const struct kfrag_report *report = page->report;
	/* Not (bits + 7) / 8, which may overflow. */
	uint64_t bytes = bits.value / 8 + (bits.value % 8 != 0);
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, label);
	if (!bits.known) {
		for (int i = 0; i < 3; i++)
			kfrag_grid_add(grid, "-");
		return;
	}
	kfrag_grid_add(grid, kfrag_units_bytes(bytes, buf));
	kfrag_grid_add(grid, kfrag_figure_ratio(bits.value, nr_pages(report), 2,
						buf));
	kfrag_grid_add(grid,
		       kfrag_figure_share(bytes, report->memory_bytes, buf));
}

static const struct kfrag_total_row *settled(const struct kfrag_page *page,
					     enum kfrag_allocator allocator)
{
	return kfrag_report_total(page->report, allocator, KFRAG_SETTLED);
}

static void add_built(struct kfrag_grid *grid, const struct kfrag_page *page,
		      enum kfrag_allocator allocator)
{
	const struct kfrag_total_row *row = settled(page, allocator);
	struct kfrag_opt bits = kfrag_unknown();

	/* Bitmaps beyond 2^61 bytes fit no memory of 64-bit addresses. */
	if (row && row->bitmap_bytes.known &&
	    row->bitmap_bytes.value <= UINT64_MAX / 8)
		bits = kfrag_known(row->bitmap_bytes.value * 8);
	add_row(grid, page, kfrag_page_label(allocator), bits);
}

static void add_designs(struct kfrag_grid *grid, const struct kfrag_page *page)
{
	const struct kfrag_measure_designs *designs = &page->report->designs;

	add_row(grid, page, "a bit a block (textbook)",
		kfrag_known(designs->textbook_bits));
	add_row(grid, page, "a bit a pair of buddies",
		kfrag_known(designs->pair_bits));
	add_row(grid, page, "a byte a page",
		kfrag_known(designs->order_byte_bits));
	add_row(grid, page, "struct page of Linux",
		kfrag_known(designs->struct_page_bits));
}

static enum kfrag_error write_bookkeeping(const struct kfrag_page *page)
{
	const struct kfrag_total_row *buddy = settled(page, KFRAG_BUDDY);
	const struct kfrag_total_row *slab = settled(page, KFRAG_SLAB);
	char of_buddy[KFRAG_UNITS_SIZE], of_slab[KFRAG_UNITS_SIZE];
	char pages[KFRAG_UNITS_SIZE];

	if (!buddy || !slab || !buddy->bookkeeping_bytes.known ||
	    !slab->bookkeeping_bytes.known)
		return KFRAG_OK;
	kfrag_figure_bytes(buddy->bookkeeping_bytes, of_buddy);
	kfrag_figure_bytes(slab->bookkeeping_bytes, of_slab);
	kfrag_figure_noun(nr_pages(page->report), "page", pages);
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"(for %s; buddy + slab has a bit a slot as well; other "
		"bookkeeping: %s, %s with slabs)",
		kfrag_paragraph_join(pages), kfrag_paragraph_join(of_buddy),
		kfrag_paragraph_join(of_slab));
}

enum kfrag_error kfrag_section_bitmaps(const struct kfrag_page *page)
{
	struct kfrag_grid grid;
	enum kfrag_error error;
	size_t nr_shown;

	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	add_built(&grid, page, KFRAG_BUDDY);
	add_built(&grid, page, KFRAG_SLAB);
	add_designs(&grid, page);
	fputc('\n', page->out);
	error = kfrag_grid_write_fitted(&grid, page->out, &page->style,
					&nr_shown);
	kfrag_grid_release(&grid);
	return error ? error : write_bookkeeping(page);
}
