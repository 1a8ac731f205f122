/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TREND_OUTPUT_H
#define KFRAG_TREND_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/history.h"
#include "kfrag/table.h"
#include "kfrag/trend.h"

/*
 * What is written of trends. CSV needs nothing of its own: a selection of
 * their rows goes to kfrag_csv_write().
 */
enum kfrag_trend_table {
	KFRAG_TREND_CACHES, /* rows are struct kfrag_trend_row */
	KFRAG_TREND_TOTALS, /* rows are struct kfrag_moment_row */
	KFRAG_TREND_SAMPLES, /* rows are struct kfrag_point_row */
	KFRAG_NR_TREND_TABLES
};

/*
 * "caches": a cache, its verdict, its slopes, and where it began and ended.
 * "totals": a moment, all caches together. "samples": a cache in a moment,
 * as kfrag_csv_snapshot_parse() reads it back.
 */
const struct kfrag_column_set *
kfrag_trend_columns(enum kfrag_trend_table table);

struct kfrag_trend_row {
	const struct kfrag_trend *trend;
	char *evidence; /* why the verdict is that: a sentence without a stop */
};

struct kfrag_moment_row {
	const struct kfrag_moment *moment;
	const char *source; /* its recording's, any bytes */
	size_t number; /* in time order, from 1 */
};

struct kfrag_point_row {
	const struct kfrag_point *point;
	size_t number; /* of its moment, in time order, from 1 */
};

struct kfrag_trend_rows {
	const struct kfrag_trends *trends;
	struct kfrag_trend_row *caches; /* one per trend, in their order */
	struct kfrag_moment_row *moments; /* one per moment, in their order */
	struct kfrag_point_row *points; /* of one moment after the other */
	size_t nr_points;
};

/*
 * sources[i] is that of moments with that source. They and the trends must
 * outlive the rows, which are the caller's to release. KFRAG_ENOMEM leaves
 * them empty.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_trend_rows_init(struct kfrag_trend_rows *rows,
		      const struct kfrag_trends *trends,
		      const char *const *sources);
void kfrag_trend_rows_release(struct kfrag_trend_rows *rows);

/* All columns and rows of a table, as kfrag_selection_init(). */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_trend_selection_init(struct kfrag_selection *selection,
			   const struct kfrag_trend_rows *rows,
			   enum kfrag_trend_table table);

/*
 * Whether nothing need be said of a cache: it is steady, or its samples are
 * too few to tell.
 */
bool kfrag_verdict_is_calm(enum kfrag_verdict verdict);

/* Takes those out of a selection of caches; the others keep their order. */
void kfrag_trend_selection_drop_calm(struct kfrag_selection *selection);

/*
 * Sort keys of the caches: "verdict", the worst first and within one the most
 * bytes, "growth", the letters and words of a report's, which stand for the
 * last sample, and every column's name.
 */
const struct kfrag_sort_key *kfrag_trend_sort_keys(size_t *nr_keys);
bool kfrag_trend_sort_key_find(const char *text, struct kfrag_sort_key *key);

/* Texts in the order in which they were met, each once; any bytes. */
struct kfrag_text_list {
	const char *const *texts;
	size_t nr_texts;
};

/* Which caches a page lists, before --lines. */
enum kfrag_trend_listed {
	KFRAG_TREND_NOT_CALM, /* and why each has its verdict */
	KFRAG_TREND_ALL, /* the same, calm ones without the why */
	KFRAG_TREND_NAMED /* by patterns; and why, of calm ones too */
};

/* Whose trends they are. */
struct kfrag_trend_run {
	const struct kfrag_trends *trends; /* of at least one moment */
	struct kfrag_text_list sources; /* as for kfrag_trend_rows_init() */
	struct kfrag_text_list hosts; /* as far as samples say */
	struct kfrag_text_list kernels;
	uint64_t interval_seconds; /* that was given; 0: none */
	enum kfrag_trend_listed listed;
};

/*
 * Writes the trends for people: whose they are, the answer in words, the
 * caches of the list, and the evidence for each that is not calm. Layout as
 * kfrag_table_write_report(). KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_trend_write_table(FILE *out, const struct kfrag_trend_run *run,
			const struct kfrag_table_caches *caches,
			const struct kfrag_table_style *style);

/*
 * As kfrag_json_write(): "parameters" are sources, hosts, kernels, page sizes
 * and times; then "verdicts", how many caches have which, and "together", the
 * slopes of all caches.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_trend_write_json(FILE *out, const struct kfrag_trend_run *run,
		       const struct kfrag_selection *selections,
		       size_t nr_selections);

/* As kfrag_gnuplot_write(), the parameters as comments. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_trend_write_gnuplot(FILE *out, const struct kfrag_trend_run *run,
			  const struct kfrag_selection *selections,
			  size_t nr_selections);

#endif
