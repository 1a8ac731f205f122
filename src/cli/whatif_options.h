/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_WHATIF_OPTIONS_H
#define KFRAG_CLI_WHATIF_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/companions.h"
#include "cli/shared_options.h"
#include "cli/whatif_changes.h"

/* What kfrag whatif is asked: what a change makes, or something else. */
enum whatif_question {
	WHATIF_CHANGE,
	WHATIF_BOUNDARIES, /* --boundaries */
	WHATIF_METADATA /* --metadata */
};

/* What is known of the machine of before, and better than its rows tell. */
struct whatif_before {
	struct kfrag_opt page_size_bytes;
	struct kfrag_opt nr_cpus;
	struct kfrag_opt era;
};

struct whatif_options {
	struct shared_options shared;
	enum whatif_question question;
	const char *path;
	uint64_t sample; /* 0: the last */
	struct cli_companion_paths companions;
	struct whatif_before before;
	struct whatif_changes changes;
};

/* Returns false after a sentence on stderr. Release in both cases. */
bool whatif_options_parse(struct whatif_options *options, int argc,
			  char **argv);
void whatif_options_release(struct whatif_options *options);

/* The whole --help text, on stdout. */
void whatif_options_help(void);

#endif
