/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_DIFF_SECTIONS_H
#define KFRAG_OUTPUT_DIFF_SECTIONS_H

#include <stdint.h>
#include <stdio.h>

#include "kfrag/diff.h"
#include "kfrag/error.h"
#include "kfrag/table.h"

/* What every section of a comparison for people is made from. */
struct kfrag_diff_page {
	FILE *out;
	const struct kfrag_diff *diff;
	const struct kfrag_table_caches *caches; /* those that differ */
	struct kfrag_table_style style; /* width at least 40 */
};

/* new - old of the bytes that the kernel's slabs hold. */
int64_t kfrag_diff_held_change(const struct kfrag_cache_pair *pair);

/* As the sections of a report (table_sections.h). */

/* What is compared, and what makes it hard to compare. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_diff_section_head(const struct kfrag_diff_page *page);
/* The answer in words. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_diff_section_answer(const struct kfrag_diff_page *page);
/* All caches together. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_diff_section_totals(const struct kfrag_diff_page *page);
/* The list of caches, and how to get another one. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_diff_section_caches(const struct kfrag_diff_page *page);

#endif
