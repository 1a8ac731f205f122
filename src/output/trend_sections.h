/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_TREND_SECTIONS_H
#define KFRAG_OUTPUT_TREND_SECTIONS_H

#include <stdint.h>
#include <stdio.h>

#include "kfrag/error.h"
#include "kfrag/table.h"
#include "kfrag/trend_output.h"

/* What every section of trends for people is made from. */
struct kfrag_trend_page {
	FILE *out;
	const struct kfrag_trend_run *run;
	const struct kfrag_table_caches *caches;
	struct kfrag_table_style style; /* width at least 40 */
};

/*
 * What a verdict is about: bytes that are trapped, else those that held
 * climbed by; 0 where it fell.
 */
uint64_t kfrag_trend_bytes_at_stake(const struct kfrag_trend *trend);

/* As the sections of a report (table_sections.h). */

/* Which samples, and what makes them hard to compare. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_trend_section_head(const struct kfrag_trend_page *page);
/* The answer in words. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_trend_section_answer(const struct kfrag_trend_page *page);
/* The list of caches, why each is there, and how to get another one. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_trend_section_caches(const struct kfrag_trend_page *page);

#endif
