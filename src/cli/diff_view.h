/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_DIFF_VIEW_H
#define KFRAG_CLI_DIFF_VIEW_H

#include <stdbool.h>

#include "cli/output.h"
#include "cli/shared_options.h"
#include "cli/view.h"
#include "kfrag/comparison.h"

/* What subcommands share that show two reports side by side. */

/* Their data is a struct kfrag_comparison. */
extern const struct cli_tables cli_diff_tables;

/* Their run is a struct kfrag_diff. */
extern const struct cli_writers cli_diff_writers;

/*
 * Whether any cache differs; where some were asked for, the others may as
 * they like.
 */
bool cli_diff_differs(const struct shared_options *options,
		      const struct kfrag_comparison *comparison,
		      const struct cli_view *view);

/* Sort keys, policies and columns in a --help text, on stdout. */
void cli_diff_print_tables(void);

#endif
