/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_INPUT_H
#define KFRAG_CLI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/phases.h"
#include "kfrag/snapshot.h"

#define CLI_LIVE_PATH "/proc/slabinfo"

/* Nothing longer is taken for a capture. */
#define CLI_MAX_INPUT_BYTES ((size_t)256 << 20)

struct cli_input {
	const char *path; /* as the user typed it */
	bool is_live; /* the running kernel's own file */
	struct kfrag_recording recording;
};

/*
 * Opens, reads and parses, two phases; "-" is standard input.
 * Returns false after a sentence on stderr; input is then empty. Bad lines
 * are not reported yet: cli_input_report_diags().
 */
bool cli_input_read(struct cli_input *input, const char *path,
		    struct cli_phases *phases);
void cli_input_release(struct cli_input *input);

/* Says on stderr, one line each, what was odd in the text. */
void cli_input_report_diags(const struct cli_input *input);

#endif
