/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_DIFF_OPTIONS_H
#define KFRAG_CLI_DIFF_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/shared_options.h"

/* A capture to compare, and which of its samples. */
struct diff_file {
	const char *path;
	uint64_t sample; /* from 1; 0: none was asked for */
};

struct diff_options {
	struct shared_options shared;
	struct diff_file old_file;
	struct diff_file new_file;
	bool one_file; /* two samples of the same */
};

/* Returns false after a sentence on stderr. Release in both cases. */
bool diff_options_parse(struct diff_options *options, int argc, char **argv);
void diff_options_release(struct diff_options *options);

/* The whole --help text, on stdout. */
void diff_options_help(void);

#endif
