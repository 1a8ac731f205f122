/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_PLOT_H
#define KFRAG_PLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/report.h"

/*
 * Pictures as complete scripts for gnuplot 5.2 or later, their data inline:
 * they read no file, and what they are told to show they never run. Nothing
 * here starts gnuplot.
 */
enum kfrag_plot_terminal {
	KFRAG_PLOT_SCRIPT, /* whatever terminal runs it: none is set */
	KFRAG_PLOT_TEXT,
	KFRAG_PLOT_PNG,
	KFRAG_PLOT_SVG,
	KFRAG_PLOT_PDF,
	KFRAG_PLOT_GIF,
	KFRAG_NR_PLOT_TERMINALS
};

struct kfrag_plot_style {
	enum kfrag_plot_terminal terminal;
	/* Pixels, or characters of text. 0: what suits the picture. */
	unsigned width, height;
	bool is_dark;
};

/* What every picture says of itself. */
struct kfrag_plot_page {
	struct kfrag_plot_style style;
	const char *title; /* the capture, and its kernel; any bytes */
	const char *command; /* that made it; any bytes */
};

/*
 * All writers: KFRAG_EIO, KFRAG_ENOMEM. A picture that is too low for all its
 * rows has as many as fit, and says so.
 */

/*
 * Rows of the caches table, most important first: what each holds under buddy
 * + slab, settled, and what it would hold under buddy only.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_plot_write_waste(FILE *out, const struct kfrag_plot_page *page,
		       const struct kfrag_report *report,
		       const struct kfrag_selection *caches);

/* What the picture shows of a cache as waste: slab_idle + slab_tail. */
struct kfrag_sort_key kfrag_plot_waste_key(void);

#endif
