/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_DIFF_SECTIONS_H
#define KFRAG_OUTPUT_DIFF_SECTIONS_H

#include <stdint.h>
#include <stdio.h>

#include "kfrag/diff.h"
#include "kfrag/error.h"
#include "kfrag/table.h"

/* What is called what: captures of two moments, or one under a premise. */
struct kfrag_diff_words {
	const char *old_label; /* "OLD" */
	const char *new_label;
	const char *held; /* the kernel's slabs "held" so much */
	const char *holds_now; /* "and now hold" */
	const char *grew; /* caches */
	const char *shrank;
};

/* What every section of a comparison for people is made from. */
struct kfrag_diff_page {
	FILE *out;
	const struct kfrag_diff_words *words;
	const struct kfrag_diff *diff;
	const struct kfrag_table_caches *caches; /* those that differ */
	struct kfrag_table_style style; /* width at least 40 */
};

/* The kernel of before, as it was inferred. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_whatif_section_world(const struct kfrag_diff_page *page);
/* The caches whose object or slabs change, and how. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_whatif_section_caches(const struct kfrag_diff_page *page);
/* What had to be assumed. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_whatif_section_remarks(const struct kfrag_diff_page *page);

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
/* "20 of 33 caches that differ, ...": the line below such a list. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_diff_write_foot(const struct kfrag_diff_page *page, bool shows_all);
/* The list of caches, and how to get another one. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_diff_section_caches(const struct kfrag_diff_page *page);

#endif
