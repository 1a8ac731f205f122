/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_GNUPLOT_PARTS_H
#define KFRAG_OUTPUT_GNUPLOT_PARTS_H

#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/report.h"
#include "output/writer.h"

/* What all data for gnuplot is made of. Each may return KFRAG_ENOMEM. */

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
