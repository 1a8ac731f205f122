/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TABLE_H
#define KFRAG_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/report.h"

/* How a report for people is laid out. */
struct kfrag_table_style {
	unsigned width; /* columns of the terminal, 80 where there is none */
	bool colour; /* ANSI colours for what is also said in words */
};

/*
 * The list of caches in a report: which rows, in which order, and what the
 * line under it says of both.
 */
struct kfrag_table_caches {
	const struct kfrag_selection *selection; /* its rows; any columns */
	uint64_t nr_matching; /* rows there were before --lines cut them */
	const struct kfrag_sort_key *key; /* NULL: the file's order */
	bool reversed;
};

/*
 * Writes the whole report for people: what the objects take under each
 * allocator, the caches listed, the free memory, the bitmaps, and the finding
 * in words. source names the capture, any bytes. Lines never exceed
 * style->width: names are shortened ("~" in the middle), then the least
 * important columns are dropped; below 40 columns nothing more is.
 * KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_table_write_report(FILE *out, const struct kfrag_report *report,
			 const char *source,
			 const struct kfrag_table_caches *caches,
			 const struct kfrag_table_style *style);

/*
 * Writes one table: the selection's columns under their names, plain
 * integers, "-" for unknown. What does not fit style->width is dropped from
 * the right, but the texts that come first, and a last line then says how many columns are shown.
 * KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_table_write(FILE *out, const struct kfrag_selection *selection,
		  const struct kfrag_table_style *style);

/*
 * The same for columns that were asked for: nothing is dropped or shortened,
 * and lines are as long as that makes them.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_table_write_whole(FILE *out, const struct kfrag_selection *selection,
			const struct kfrag_table_style *style);

#endif
