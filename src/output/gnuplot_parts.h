/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_GNUPLOT_PARTS_H
#define KFRAG_OUTPUT_GNUPLOT_PARTS_H

#include <stddef.h>
#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/report.h"
#include "output/writer.h"

/* What all data for gnuplot is made of. Each may return KFRAG_ENOMEM. */

/* Begins an output: a comment with the version. */
void kfrag_gnuplot_begin(struct kfrag_writer *writer, FILE *out);

/*
 * Ends it, with the blocks of all selections unless there is an error before.
 * Returns as kfrag_writer_end().
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_gnuplot_end(struct kfrag_writer *writer,
		  const struct kfrag_selection *selections,
		  size_t nr_selections, enum kfrag_error error);

/* "# name: value" each, texts escaped, NaN where it is unknown. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_gnuplot_comments(struct kfrag_writer *writer,
		       const struct kfrag_named_value *list, size_t nr_values);

/* Source and parameters of a run, comments; prefix stands before each name. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_gnuplot_parameters(struct kfrag_writer *writer,
			 const struct kfrag_report *report, const char *source,
			 const char *prefix);

/* A table's block; one without rows is a comment. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_gnuplot_rows(struct kfrag_writer *writer,
		   const struct kfrag_selection *selection);

#endif
