/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_PLOT_H
#define KFRAG_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/diff.h"
#include "kfrag/error.h"
#include "kfrag/history.h"
#include "kfrag/measure.h"
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

/*
 * What the ending of a file's name asks for: .png, .svg, .pdf, .gif, .txt, or
 * .gp for the script. Returns false, with *terminal as it was, for any other.
 */
bool kfrag_plot_terminal_find(const char *path,
			      enum kfrag_plot_terminal *terminal);

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

/*
 * The free blocks and the unusable free space index of each order, under both
 * allocators, at the peak and settled.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_plot_write_orders(FILE *out, const struct kfrag_plot_page *page,
			const struct kfrag_report *report);

/*
 * From what the kernel's slabs held in the old capture to what they held in
 * the new one. Pairs of the comparison, the largest change first; all others
 * are one step together.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_plot_write_diff(FILE *out, const struct kfrag_plot_page *page,
		      const struct kfrag_diff *diff,
		      const struct kfrag_selection *caches);

/* What it costs to keep track of so much memory. */
struct kfrag_plot_cost {
	uint64_t memory_bytes;
	struct kfrag_measure_designs designs;
	uint64_t own_bytes; /* bitmaps and bookkeeping of our buddy allocator */
	bool is_measured; /* own_bytes were allocated; else computed */
};

/* Costs of growing memory, pages of page_size_bytes and orders to max_order. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_plot_write_bitmap(FILE *out, const struct kfrag_plot_page *page,
			const struct kfrag_plot_cost *costs, size_t nr_costs,
			uint64_t page_size_bytes, unsigned max_order);

/* Series that have a colour of their own in a picture of a history. */
#define KFRAG_PLOT_MAX_SERIES 8

/*
 * What the kernel's slabs hold over the moments of a history: up to nr_shown
 * caches of the selection (rows of the trends' caches table) that held most
 * on average, and all others together; and how much of it was in use.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_plot_write_trend(FILE *out, const struct kfrag_plot_page *page,
		       const struct kfrag_history *history,
		       const struct kfrag_selection *caches, size_t nr_shown);

/* What the picture shows of a cache as waste: slab_idle + slab_tail. */
struct kfrag_sort_key kfrag_plot_waste_key(void);

#endif
