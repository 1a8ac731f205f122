/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_TREND_OPTIONS_H
#define KFRAG_CLI_TREND_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/shared_options.h"

struct trend_options {
	struct shared_options shared;
	const char *const *paths; /* words of argv, at least one */
	size_t nr_paths;
	uint64_t interval_seconds; /* 0: none was given */
};

/* Returns false after a sentence on stderr. Release in both cases. */
bool trend_options_parse(struct trend_options *options, int argc, char **argv);
void trend_options_release(struct trend_options *options);

/* The whole --help text, on stdout. */
void trend_options_help(void);

#endif
