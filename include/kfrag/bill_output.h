/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_BILL_OUTPUT_H
#define KFRAG_BILL_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "kfrag/bill.h"
#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/table.h"

/*
 * What is written of a bill. CSV needs nothing of its own: a selection goes to
 * kfrag_csv_write().
 */
enum kfrag_bill_table {
	KFRAG_BILL_CACHES, /* rows are struct kfrag_bill_row */
	KFRAG_BILL_TOTALS, /* rows are struct kfrag_bill_total */
	KFRAG_BILL_GEOMETRY, /* rows are struct kfrag_bill_row */
	KFRAG_NR_BILL_TABLES
};

const struct kfrag_column_set *kfrag_bill_columns(enum kfrag_bill_table table);

/* All columns and rows of a table, as kfrag_selection_init(). */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_bill_selection_init(struct kfrag_selection *selection,
			  const struct kfrag_bill *bill,
			  enum kfrag_bill_table table);

/*
 * Sort keys of the caches: letters and words of a report's, and every column's
 * name.
 */
const struct kfrag_sort_key *kfrag_bill_sort_keys(size_t *nr_keys);
bool kfrag_bill_sort_key_find(const char *text, struct kfrag_sort_key *key);

/* Whose bill it is, and where the rest of it comes from. */
struct kfrag_bill_run {
	const struct kfrag_bill *bill;
	const char *source; /* any bytes */
	/* Words of ours, NULL where there is none. */
	const char *meminfo_from;
	const char *sysslab_from;
	bool meminfo_is_apart; /* of another moment than the rows, or may be */
};

/*
 * Writes the bill for people: the column that adds up, the caches of the list,
 * how sure that is, and from what world it is. Layout as
 * kfrag_table_write_report(). KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_bill_write_table(FILE *out, const struct kfrag_bill_run *run,
		       const struct kfrag_table_caches *caches,
		       const struct kfrag_table_style *style);

/* The column and what is to be said of it, without head and caches. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_bill_write_block(FILE *out, const struct kfrag_bill_run *run,
		       const struct kfrag_table_style *style);

/* As kfrag_json_write(), with parameters of its own. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_bill_write_json(FILE *out, const struct kfrag_bill_run *run,
		      const struct kfrag_selection *selections,
		      size_t nr_selections);

/* As kfrag_gnuplot_write(), the parameters as comments. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_bill_write_gnuplot(FILE *out, const struct kfrag_bill_run *run,
			 const struct kfrag_selection *selections,
			 size_t nr_selections);

#endif
