/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_OUTPUT_H
#define KFRAG_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/shared_options.h"
#include "cli/view.h"
#include "kfrag/columns.h"
#include "kfrag/condition.h"
#include "kfrag/error.h"
#include "kfrag/table.h"

/* Rows that fit one screen, for cli_writers. */
#define CLI_SCREEN_ROWS 20

/*
 * How a subcommand writes what it has made, its `run`: a page for people, and
 * what a format says of the run beside the tables. CSV, and a table that
 * --show or --columns asks for, are the same for all.
 */
struct cli_writers {
	enum kfrag_error (*page)(FILE *out, const void *run,
				 const struct kfrag_table_caches *caches,
				 const struct kfrag_table_style *style);
	/* Takes out rows that the page does not list. NULL: it lists all. */
	void (*trim)(struct kfrag_selection *selection, const void *run);
	uint64_t page_rows; /* on the page, where no --lines says how many */
	enum kfrag_error (*json)(FILE *out, const void *run,
				 const struct kfrag_selection *selections,
				 size_t nr_selections);
	enum kfrag_error (*gnuplot)(FILE *out, const void *run,
				    const struct kfrag_selection *selections,
				    size_t nr_selections);
};

/*
 * Writes a view to stdout in the format that the options ask for; its rows are
 * then those that went out. Returns false after a sentence on stderr.
 */
bool cli_output_write(struct cli_view *view,
		      const struct shared_options *options,
		      const struct cli_writers *writers, const void *run);

/*
 * All of it: the view of `data`, as the options' tables select from it, the
 * output, and then cli_fail_if_check().
 */
enum cli_exit cli_output(const struct shared_options *options, const void *data,
			 const struct cli_writers *writers, const void *run,
			 const struct kfrag_condition_memory *memory);

#endif
