/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_PLOT_KINDS_H
#define KFRAG_CLI_PLOT_KINDS_H

#include <stdbool.h>

#include "cli/phases.h"
#include "cli/plot_draw.h"
#include "cli/plot_options.h"
#include "kfrag/report.h"

/* A kind of picture; the table of them is in cmd_plot.c. */
struct plot_kind {
	const char *name;
	const char *operands; /* as --help shows them */
	int min_files, max_files;
	const char *help; /* lower case; each line break starts a new line */
	/* Reads, computes, draws; false after a sentence on stderr. */
	bool (*run)(const struct plot_options *options,
		    struct cli_phases *phases);
};

/*
 * For pictures of one capture: reads and replays it, and hands the report and
 * the picture's title to draw(). No file: that of the running kernel.
 */
bool plot_replayed(const struct plot_options *options,
		   struct cli_phases *phases,
		   bool (*draw)(const struct plot_options *options,
				const char *title,
				const struct kfrag_report *report));

/* How many caches: as --lines says, or a dozen. */
size_t plot_nr_caches(const struct plot_options *options);

bool plot_waste_run(const struct plot_options *options,
		    struct cli_phases *phases);
bool plot_orders_run(const struct plot_options *options,
		     struct cli_phases *phases);
bool plot_bitmap_run(const struct plot_options *options,
		     struct cli_phases *phases);
bool plot_trend_run(const struct plot_options *options,
		    struct cli_phases *phases);
bool plot_diff_run(const struct plot_options *options,
		   struct cli_phases *phases);
bool plot_map_run(const struct plot_options *options,
		  struct cli_phases *phases);
bool plot_churn_run(const struct plot_options *options,
		    struct cli_phases *phases);
bool plot_policies_run(const struct plot_options *options,
		       struct cli_phases *phases);

#endif
