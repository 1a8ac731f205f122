/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_BILL_OPTIONS_H
#define KFRAG_CLI_BILL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/companions.h"
#include "cli/shared_options.h"

struct bill_options {
	struct shared_options shared;
	struct cli_companion_paths paths;
	const char *path; /* the live file unless one is named */
	uint64_t sample; /* from 1; 0: the last */
};

/* Returns false after a sentence on stderr. Release in both cases. */
bool bill_options_parse(struct bill_options *options, int argc, char **argv);
void bill_options_release(struct bill_options *options);

/* The whole --help text, on stdout. */
void bill_options_help(void);

#endif
