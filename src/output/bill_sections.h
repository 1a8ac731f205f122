/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_BILL_SECTIONS_H
#define KFRAG_OUTPUT_BILL_SECTIONS_H

#include <stdio.h>

#include "kfrag/bill_output.h"
#include "kfrag/error.h"
#include "kfrag/table.h"

/* What every section of a bill for people is made from. */
struct kfrag_bill_page {
	FILE *out;
	const struct kfrag_bill_run *run;
	const struct kfrag_table_caches *caches; /* NULL of a mere block */
	struct kfrag_table_style style; /* width at least 40 */
};

/*
 * min and max as percentages of a whole: "41..100 %", or one where both round
 * to the same; with a decimal, or none where `is_whole`. "-" of nothing.
 */
const char *kfrag_bill_interval(int64_t min, int64_t max, int64_t whole,
				bool is_whole, char buf[KFRAG_UNITS_SIZE]);

/* How many rows the world explains. */
uint64_t kfrag_bill_explained(const struct kfrag_bill *bill);

/* As the sections of a report (table_sections.h). */

/* Whose bill. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_bill_section_head(const struct kfrag_bill_page *page);
/* The column that adds up. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_bill_section_totals(const struct kfrag_bill_page *page);
/* Of what percentages are, and what the rest is. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_bill_section_notes(const struct kfrag_bill_page *page);
/* The list of caches, and how to get another one. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_bill_section_caches(const struct kfrag_bill_page *page);
/* How sure the counts are. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_bill_section_sure(const struct kfrag_bill_page *page);
/* From what world the rows are, and which do not fit. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_bill_section_world(const struct kfrag_bill_page *page);

#endif
