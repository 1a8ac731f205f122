/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_GNUPLOT_H
#define KFRAG_GNUPLOT_H

#include <stddef.h>
#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/report.h"

/*
 * Writes data for gnuplot: the run's parameters as # comments, then a block
 * per selection that `index "caches"` (totals, orders) finds, its columns
 * named in a # comment. Texts stand in double quotes: '"' and '\' of a name
 * become \xNN as well, and every '\' written is doubled, because gnuplot reads
 * one as an escape; unknown is NaN. Blocks are two blank lines apart; one
 * without rows is left out, as gnuplot would take the next one for it.
 * KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_gnuplot_write(FILE *out, const struct kfrag_report *report,
		    const char *source,
		    const struct kfrag_selection *selections,
		    size_t nr_selections);

#endif
