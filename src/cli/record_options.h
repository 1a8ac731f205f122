/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_RECORD_OPTIONS_H
#define KFRAG_CLI_RECORD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct record_options {
	bool wants_help;
	bool wants_version;
	const char *path; /* what is sampled */
	const char *output; /* NULL: standard output */
	int64_t interval_ns;
	uint64_t count; /* UINT64_MAX: until interrupted */
};

/* Returns false after a sentence on stderr. */
bool record_options_parse(struct record_options *options, int argc,
			  char **argv);

/* The whole --help text, on stdout. */
void record_options_help(void);

#endif
