/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_FIGURES_H
#define KFRAG_OUTPUT_FIGURES_H

#include <stddef.h>
#include <stdint.h>

#include "kfrag/units.h"

/*
 * Figures for people beyond those of units.h; "-" is an unknown one. All
 * round half up, integers only, and return buf.
 */
const char *kfrag_figure_bytes(struct kfrag_opt bytes,
			       char buf[KFRAG_UNITS_SIZE]);
const char *kfrag_figure_count(struct kfrag_opt count,
			       char buf[KFRAG_UNITS_SIZE]);
const char *kfrag_figure_permille(struct kfrag_opt permille,
				  char buf[KFRAG_UNITS_SIZE]);

/* Sizes that are whole KiB, MiB, ...: "4 KiB", "512 MiB"; else as units.h. */
const char *kfrag_figure_round_bytes(uint64_t bytes,
				     char buf[KFRAG_UNITS_SIZE]);

/*
 * part / whole with up to nr_decimals (1 or 2), fewer where there are three digits
 * without: "8.8", "2.03", "512". "-" for no whole.
 */
const char *kfrag_figure_ratio(uint64_t part, uint64_t whole,
			       unsigned nr_decimals,
			       char buf[KFRAG_UNITS_SIZE]);

/*
 * part as a percentage of whole: three significant digits, also of very small
 * ones: "46.1 %", "0.00635 %". "-" for no whole.
 */
const char *kfrag_figure_share(uint64_t part, uint64_t whole,
			       char buf[KFRAG_UNITS_SIZE]);

/*
 * part (at most whole) as a whole percentage rounded down, so that "100 %" is
 * all of it. "-" for no whole.
 */
const char *kfrag_figure_full_percent(uint64_t part, uint64_t whole,
				      char buf[KFRAG_UNITS_SIZE]);

/* "1 cache", "147 caches": the plural is the noun with an s. */
const char *kfrag_figure_noun(uint64_t count, const char *noun,
			      char buf[KFRAG_UNITS_SIZE]);

/* Changes: "+12.3 MiB", "-3,012"; "0 B" and "0" are none. */
const char *kfrag_figure_change_bytes(int64_t bytes,
				      char buf[KFRAG_UNITS_SIZE]);
const char *kfrag_figure_change_count(int64_t count,
				      char buf[KFRAG_UNITS_SIZE]);

/*
 * Of a change from `before`: "+60.6 %", "+4,515 %"; "-" where there was
 * nothing.
 */
const char *kfrag_figure_change_percent(int64_t change, uint64_t before,
					char buf[KFRAG_UNITS_SIZE]);

/* How long: "45 s", "3.2 min", "17.5 h", "12 d", "3.4 years". */
const char *kfrag_figure_seconds(uint64_t seconds, char buf[KFRAG_UNITS_SIZE]);

/* What stands before an item of a list in words: "a, b and c". */
const char *kfrag_figure_separator(size_t place, size_t nr_items);

#endif
