// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "output/bill_sections.h"
#include "output/figures.h"
#include "output/fit.h"
#include "output/grid.h"
#include "output/paragraph.h"
#include "output/scratch.h"
#include "output/stream.h"
#include "output/table_sections.h"

/* ------------------------------------------------------------------- head */

static enum kfrag_error write_population(const struct kfrag_bill_page *page,
					 const char *source)
{
	const struct kfrag_bill *bill = page->run->bill;
	char caches[KFRAG_UNITS_SIZE], objs[KFRAG_UNITS_SIZE];
	char least[KFRAG_UNITS_SIZE], most[KFRAG_UNITS_SIZE];

	kfrag_figure_noun(bill->nr_rows, "cache", caches);
	kfrag_figure_noun(bill->num_objs, "object", objs);
	kfrag_units_count(bill->live_min_objs, least);
	kfrag_units_count(bill->live_max_objs, most);
	kfrag_paragraph_join(caches);
	kfrag_paragraph_join(objs);
	if (bill->live_min_objs == bill->live_max_objs)
		return kfrag_paragraph_write(page->out, page->style.width,
					     "%s: %s, %s of which %s live",
					     source, caches, objs, most);
	return kfrag_paragraph_write(page->out, page->style.width,
				     "%s: %s, %s of which %s\tto\t%s live",
				     source, caches, objs, least, most);
}

enum kfrag_error kfrag_bill_section_head(const struct kfrag_bill_page *page)
{
	struct kfrag_scratch scratch = { 0 };
	char *source = kfrag_scratch_escape(&scratch, page->run->source,
					    strlen(page->run->source));
	enum kfrag_error error;

	if (!source)
		return KFRAG_ENOMEM;
	/* A word, with the colon behind it, must fit one line. */
	kfrag_fit_shorten(source, page->style.width - 1);
	error = write_population(page, source);
	kfrag_scratch_release(&scratch);
	return error;
}

/* ----------------------------------------------------------------- totals */

static const struct kfrag_grid_column columns[] = {
	{ .heading = "THE BILL" },
	{ .heading = "BYTES", .right = true },
	{ .heading = "ABOUT", .right = true, .rank = 2 },
	{ .heading = "SHARE", .right = true, .rank = 1 },
	{ .heading = "SURE", .rank = 3 },
};

/* Slab of meminfo, or what is held where nothing says that. */
static const struct kfrag_bill_total *whole_of(const struct kfrag_bill *bill)
{
	const struct kfrag_bill_total *slab = &bill->totals[KFRAG_BILL_SLAB];

	return slab->known ? slab : &bill->totals[KFRAG_BILL_HELD];
}

static const char *sure_words(enum kfrag_sure sure)
{
	static const char *const words[KFRAG_NR_SURES] = {
		[KFRAG_SURE_EXACT] = "exact",
		[KFRAG_SURE_UPPER_BOUND] = "upper bound",
		[KFRAG_SURE_LOWER_BOUND] = "lower bound",
		[KFRAG_SURE_ESTIMATE] = "estimate",
	};

	return words[sure];
}

/* "-78,912,336": whole, so that the column visibly adds up. */
static const char *whole_bytes(int64_t bytes, char buf[KFRAG_UNITS_SIZE])
{
	char digits[KFRAG_UNITS_SIZE - 1];
	char count[KFRAG_UNITS_SIZE];

	kfrag_units_count(bytes < 0 ? 0 - (uint64_t)bytes : (uint64_t)bytes,
			  count);
	memcpy(digits, count, sizeof(digits));
	digits[sizeof(digits) - 1] = '\0';
	snprintf(buf, KFRAG_UNITS_SIZE, "%s%s", bytes < 0 ? "-" : "", digits);
	return buf;
}

static void add_line(struct kfrag_grid *grid, const struct kfrag_bill *bill,
		     const char *label, int64_t bytes)
{
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, label);
	kfrag_grid_add(grid, whole_bytes(bytes, buf));
	kfrag_grid_add(grid, kfrag_units_signed_bytes(bytes, buf));
	kfrag_grid_add(grid,
		       kfrag_bill_interval(bytes, bytes, whole_of(bill)->bytes,
					   false, buf));
	kfrag_grid_add(grid, "");
}

static void add_total(struct kfrag_grid *grid, const struct kfrag_bill *bill,
		      const char *label, enum kfrag_bill_item item)
{
	const struct kfrag_bill_total *total = &bill->totals[item];
	bool is_bound = total->has_bounds && total->sure != KFRAG_SURE_ESTIMATE;
	char buf[KFRAG_UNITS_SIZE];

	if (!total->known)
		return;
	kfrag_grid_add(grid, label);
	kfrag_grid_add(grid, whole_bytes(total->bytes, buf));
	kfrag_grid_add(grid, kfrag_units_signed_bytes(total->bytes, buf));
	kfrag_grid_add(grid, kfrag_bill_interval(
				     is_bound ? total->min_bytes : total->bytes,
				     is_bound ? total->max_bytes : total->bytes,
				     whole_of(bill)->bytes, false, buf));
	kfrag_grid_add(grid, sure_words(total->sure));
}

static void add_split(struct kfrag_grid *grid, const struct kfrag_bill *bill,
		      enum kfrag_bill_item item)
{
	const struct kfrag_bill_total *total = &bill->totals[item];

	if (!total->known || !total->has_split)
		return;
	add_line(grid, bill, "  - reclaimable", total->reclaimable_bytes);
	add_line(grid, bill, "  - not reclaimable", total->unreclaimable_bytes);
}

static void add_totals(struct kfrag_grid *grid, const struct kfrag_bill *bill)
{
	add_total(grid, bill, "live objects", KFRAG_BILL_LIVE);
	add_total(grid, bill, "  - payload", KFRAG_BILL_PAYLOAD);
	add_total(grid, bill, "  - alignment loss", KFRAG_BILL_LOSS);
	add_total(grid, bill, "idle slots", KFRAG_BILL_IDLE);
	add_total(grid, bill,
		  bill->is_slub ? "tails" : "tails, management, colouring",
		  KFRAG_BILL_TAIL);
	if (bill->is_slub || bill->totals[KFRAG_BILL_FALLBACK].bytes != 0)
		add_total(grid, bill, "order fallback", KFRAG_BILL_FALLBACK);
	add_total(grid, bill, "= held by caches", KFRAG_BILL_HELD);
	add_split(grid, bill, KFRAG_BILL_HELD);
	add_total(grid, bill, "rest, in no cache", KFRAG_BILL_REST);
	add_total(grid, bill, "= Slab: of meminfo", KFRAG_BILL_SLAB);
	add_split(grid, bill, KFRAG_BILL_SLAB);
}

enum kfrag_error kfrag_bill_section_totals(const struct kfrag_bill_page *page)
{
	struct kfrag_grid grid;
	enum kfrag_error error;
	size_t nr_shown;

	kfrag_grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	add_totals(&grid, page->run->bill);
	fputc('\n', page->out);
	error = kfrag_grid_write_fitted(&grid, page->out, &page->style,
					&nr_shown);
	kfrag_grid_release(&grid);
	return error;
}

/* ------------------------------------------------------------------ pages */

typedef enum kfrag_error section(const struct kfrag_bill_page *page);

static enum kfrag_error write_sections(const struct kfrag_bill_page *page,
				       section *const *sections,
				       size_t nr_sections)
{
	for (size_t i = 0; i < nr_sections; i++) {
		enum kfrag_error error = sections[i](page);

		if (error)
			return error;
	}
	return kfrag_stream_end(page->out);
}

enum kfrag_error kfrag_bill_write_table(FILE *out,
					const struct kfrag_bill_run *run,
					const struct kfrag_table_caches *caches,
					const struct kfrag_table_style *style)
{
	static section *const sections[] = {
		kfrag_bill_section_head,  kfrag_bill_section_totals,
		kfrag_bill_section_notes, kfrag_bill_section_caches,
		kfrag_bill_section_sure,  kfrag_bill_section_world,
	};
	struct kfrag_bill_page page = {
		.out = out,
		.run = run,
		.caches = caches,
		.style = kfrag_page_style(style),
	};

	return write_sections(&page, sections,
			      sizeof(sections) / sizeof(sections[0]));
}

enum kfrag_error kfrag_bill_write_block(FILE *out,
					const struct kfrag_bill_run *run,
					const struct kfrag_table_style *style)
{
	static section *const sections[] = {
		kfrag_bill_section_totals,
		kfrag_bill_section_notes,
	};
	struct kfrag_bill_page page = {
		.out = out,
		.run = run,
		.style = kfrag_page_style(style),
	};

	return write_sections(&page, sections,
			      sizeof(sections) / sizeof(sections[0]));
}
