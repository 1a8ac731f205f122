/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_TREND_INPUT_H
#define KFRAG_CLI_TREND_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/phases.h"
#include "cli/texts.h"
#include "cli/trend_options.h"
#include "kfrag/history.h"

/* The samples of all files, and the machines that they say they are of. */
struct trend_input {
	struct kfrag_history history;
	uint64_t interval_seconds; /* that it was sorted with; 0: none */
	struct cli_texts hosts;
	struct cli_texts kernels;
};

/*
 * Reads the files one after the other: no more than one is in memory as a
 * whole. Returns false after a sentence on stderr. Release in both cases.
 */
bool trend_input_read(struct trend_input *input,
		      const struct trend_options *options,
		      struct cli_phases *phases);
void trend_input_release(struct trend_input *input);

#endif
