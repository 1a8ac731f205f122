/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_DIFF_H
#define KFRAG_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/comparison.h"
#include "kfrag/error.h"
#include "kfrag/report.h"
#include "kfrag/snapshot.h"
#include "kfrag/table.h"
#include "kfrag/whatif.h"

/*
 * What is written of a comparison. CSV needs nothing of its own: a selection
 * of pairs goes to kfrag_csv_write().
 */
enum kfrag_diff_kind {
	KFRAG_DIFF_CACHES, /* rows are struct kfrag_cache_pair */
	KFRAG_DIFF_TOTALS, /* rows are struct kfrag_total_pair */
	KFRAG_NR_DIFFS
};

/*
 * What says which row it is, its status, and then for each measure X of a
 * report old_X, new_X and delta_X = new_X - old_X. A row that is not there has
 * unknown figures, which count as 0 in a delta; deltas stop at the ends of 64
 * bits.
 */
const struct kfrag_column_set *kfrag_diff_columns(enum kfrag_diff_kind kind);

/*
 * All columns and rows of a table, as kfrag_selection_init(); caches by name,
 * so that equal ones of another order stand that way.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_diff_selection_init(struct kfrag_selection *selection,
			  const struct kfrag_comparison *comparison,
			  enum kfrag_diff_kind kind);

/*
 * Takes the caches that are the same out of a selection of them; the others
 * keep their order.
 */
void kfrag_diff_selection_drop_same(struct kfrag_selection *selection);

/*
 * Sort keys of the caches: letters and words of a report's, which stand for
 * the size of the change of that figure, "change" before them, and every
 * column's name.
 */
const struct kfrag_sort_key *kfrag_diff_sort_keys(size_t *nr_keys);
bool kfrag_diff_sort_key_find(const char *text, struct kfrag_sort_key *key);

/* Where one of the two reports comes from. */
struct kfrag_diff_side {
	const struct kfrag_report *report;
	const char *source; /* any bytes */
	uint64_t sample; /* of the source, from 1 */
	uint64_t nr_samples;
	const struct kfrag_snapshot *snapshot; /* version and time */
	const char *kernel; /* any bytes; NULL where nothing says so */
};

/* What the new report is of, where it is of no other capture. */
struct kfrag_diff_premise {
	const char *changes; /* in words, any bytes */
	const struct kfrag_geometry_fit *fit; /* of the old snapshot */
	const struct kfrag_whatif_result *result; /* the new one */
};

struct kfrag_diff {
	const struct kfrag_diff_premise *premise; /* NULL: two captures */
	struct kfrag_diff_side old_side;
	struct kfrag_diff_side new_side;
	const struct kfrag_comparison *comparison;
	bool differs; /* in what was asked for */
};

/*
 * Writes the comparison for people: what is compared, the answer in words,
 * the totals, and the caches of the list that are not the same. nr_matching
 * of the list are those. Layout as kfrag_table_write_report().
 * KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_diff_write_table(FILE *out, const struct kfrag_diff *diff,
		       const struct kfrag_table_caches *caches,
		       const struct kfrag_table_style *style);

/*
 * As kfrag_json_write(): "differs", then in place of the parameters "old" and
 * "new", which say source, sample, time and kernel as well, and of a premise
 * "what_if".
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_diff_write_json(FILE *out, const struct kfrag_diff *diff,
		      const struct kfrag_selection *selections,
		      size_t nr_selections);

/* As kfrag_gnuplot_write(), the parameters of both as comments. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_diff_write_gnuplot(FILE *out, const struct kfrag_diff *diff,
			 const struct kfrag_selection *selections,
			 size_t nr_selections);

#endif
