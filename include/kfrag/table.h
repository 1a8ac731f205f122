/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TABLE_H
#define KFRAG_TABLE_H

#include <stdbool.h>
#include <stddef.h>
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
 * Writes the whole report for people: what the objects take under each
 * allocator, the selected caches, the free memory, the bitmaps, and the
 * finding in words. `caches` is what to list of the caches, in its order;
 * source names the capture. Lines never exceed style->width: the least
 * important columns are dropped, below 40 columns nothing more is.
 * KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_table_write_report(FILE *out, const struct kfrag_report *report,
			 const char *source,
			 const struct kfrag_selection *caches,
			 const struct kfrag_table_style *style);

/*
 * Writes one table as it is: the selection's columns under their names, sizes
 * in bytes. Lines may exceed the width where the columns were asked for.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_table_write(FILE *out, const struct kfrag_selection *selection,
		  const struct kfrag_table_style *style);

#endif
