/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_DIFF_OPTIONS_H
#define KFRAG_CLI_DIFF_OPTIONS_H

#include <stdbool.h>

#include "cli/pair.h"
#include "cli/shared_options.h"

struct diff_options {
	struct shared_options shared;
	struct cli_pair_files files;
};

/* Returns false after a sentence on stderr. Release in both cases. */
bool diff_options_parse(struct diff_options *options, int argc, char **argv);
void diff_options_release(struct diff_options *options);

/* The whole --help text, on stdout. */
void diff_options_help(void);

#endif
