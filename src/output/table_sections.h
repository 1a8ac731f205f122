/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_TABLE_SECTIONS_H
#define KFRAG_OUTPUT_TABLE_SECTIONS_H

#include <stdio.h>

#include "kfrag/error.h"
#include "kfrag/report.h"
#include "kfrag/table.h"

/* What every section of the report for people is made from. */
struct kfrag_page {
	FILE *out;
	const struct kfrag_report *report;
	const char *source;
	const struct kfrag_table_caches *caches;
	struct kfrag_table_style style; /* width at least 40 */
};

/* "buddy only", "buddy + slab", "kernel's own". */
const char *kfrag_page_label(enum kfrag_allocator allocator);

/* The style with the width that is used of it, at least 40. */
struct kfrag_table_style
kfrag_page_style(const struct kfrag_table_style *style);

/* Parameters of a run in a line; sizes are given, as one word each. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_page_parameters(FILE *out, size_t width,
		      const struct kfrag_report *report, const char *page_size,
		      const char *memory);

/* That figures are computed, not replayed. */
KFRAG_MUST_CHECK enum kfrag_error kfrag_page_not_replayed(FILE *out,
							  size_t width);

/*
 * How many of nr_all caches are listed, which together are called `all`: "147
 * caches", "20 of 147 caches", "20 of 31 matching, of 147 caches". Returns buf.
 */
const char *kfrag_page_rows(const struct kfrag_table_caches *caches,
			    uint64_t nr_all, const char *all, char *buf,
			    size_t size);

/* "by waste, most first", "in the file's order". Returns buf. */
const char *kfrag_page_order(const struct kfrag_table_caches *caches, char *buf,
			     size_t size);

/*
 * Each section starts with a blank line, the first one excepted; one that has
 * nothing to say writes nothing. KFRAG_ENOMEM; write errors are left to
 * kfrag_stream_end().
 */

/* Whose report, and with which parameters. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_section_head(const struct kfrag_page *page);
/* What the objects take under each allocator, and what share is waste. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_section_memory(const struct kfrag_page *page);
/* Objects that did not fit. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_section_failed(const struct kfrag_page *page);
/* The list of caches, and how to get another one. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_section_caches(const struct kfrag_page *page);
/* How cut up the free memory is. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_section_free(const struct kfrag_page *page);
/* What the allocators did during the replay. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_section_activity(const struct kfrag_page *page);
/* What it takes to keep track of the pages, here and in other designs. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_section_bitmaps(const struct kfrag_page *page);
/* The finding in words. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_section_finding(const struct kfrag_page *page);

#endif
