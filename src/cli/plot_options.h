/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_PLOT_OPTIONS_H
#define KFRAG_CLI_PLOT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/shared_options.h"
#include "cli/simulate_options.h"
#include "kfrag/plot.h"

struct plot_options {
	struct shared_options shared; /* --cache, --lines and the replay's */
	char *command; /* the whole command line, owned */
	const char *kind; /* NULL: none was named */
	const char *output; /* NULL: standard output */
	const char *sample; /* as typed, for the kind to read; or NULL */
	struct kfrag_plot_style style;
	bool wants_script; /* whatever the output is */
	uint64_t timeout_s; /* for gnuplot */
	uint64_t interval_s; /* of samples without a time; 0: none was given */
	struct simulate_options sim; /* of policies: the workload */
	char **files;
	int nr_files;
};

/* Returns false after a sentence on stderr. Release in both cases. */
bool plot_options_parse(struct plot_options *options, int argc, char **argv);
void plot_options_release(struct plot_options *options);

/* The options' part of --help, on stdout. */
void plot_options_print(void);

#endif
