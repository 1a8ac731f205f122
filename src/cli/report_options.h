/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_REPORT_OPTIONS_H
#define KFRAG_CLI_REPORT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/companions.h"
#include "cli/shared_options.h"

struct report_options {
	struct shared_options shared;
	const char *path; /* the live file unless one is named */
	uint64_t sample; /* from 1; 0: the last */
	bool has_bill; /* behind the table for people */
	struct cli_companion_paths paths; /* for the bill */
};

/*
 * Returns false after a sentence on stderr. Release in both cases.
 */
bool report_options_parse(struct report_options *options, int argc,
			  char **argv);
void report_options_release(struct report_options *options);

/* The whole --help text, on stdout. */
void report_options_help(void);

#endif
