/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_PAIR_H
#define KFRAG_CLI_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/input.h"
#include "cli/phases.h"
#include "cli/shared_options.h"
#include "kfrag/diff.h"
#include "kfrag/report.h"

/* Two captures, or two samples of one, to be compared: which. */
struct cli_pair_files {
	const char *paths[2]; /* old and new; of one file: twice the same */
	uint64_t samples[2]; /* from 1; 0: none was asked for */
	bool one_file; /* two samples of the same */
};

/* Takes "A,B" of --sample. Returns false after a sentence on stderr. */
bool cli_pair_take_samples(struct cli_pair_files *files, const char *text);

/* Takes one or two operands. Returns false after a sentence on stderr. */
bool cli_pair_take_files(struct cli_pair_files *files, int nr_files,
			 char **paths);

/* One of both: the sample of an input, and what the replay made of it. */
struct cli_pair_side {
	struct cli_input *input;
	struct kfrag_snapshot *snapshot;
	uint64_t sample;
	struct kfrag_report report;
};

struct cli_pair {
	struct cli_input inputs[2]; /* of one file: the first alone */
	struct cli_pair_side sides[2]; /* old and new */
};

/*
 * Reads both and chooses the samples. Returns false after a sentence on
 * stderr. The pair must stay where it is; release it in both cases.
 */
bool cli_pair_read(struct cli_pair *pair, const struct cli_pair_files *files,
		   const struct shared_options *options,
		   struct cli_phases *phases);

/* Fills in the reports. Returns false after a sentence on stderr. */
bool cli_pair_replay(struct cli_pair *pair,
		     const struct shared_options *options,
		     struct cli_phases *phases);
void cli_pair_release(struct cli_pair *pair);

/* Where the old (0) or new (1) report comes from. */
struct kfrag_diff_side cli_pair_side(const struct cli_pair *pair, int index);

#endif
