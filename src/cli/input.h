/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_INPUT_H
#define KFRAG_CLI_INPUT_H

#include <stdbool.h>

#include "cli/phases.h"
#include "kfrag/machine.h"
#include "kfrag/snapshot.h"
#include "kfrag/unpack.h"

#define CLI_LIVE_PATH "/proc/slabinfo"

struct cli_input {
	/* As the user typed it; of a folder, that of the file in it. */
	const char *path;
	char *own_path; /* the latter, else NULL */
	bool is_live; /* the running kernel's own file */
	struct kfrag_machine machine; /* what a folder states beside it */
	enum kfrag_packing packing;
	struct kfrag_unpack_fault fault; /* of the packed bytes */
	struct kfrag_recording recording;
};

/*
 * Opens, reads and parses, two phases; "-" is standard input, a folder is that
 * of an unpacked sosreport. Text may be packed by gzip or xz, slabinfo or CSV
 * of kfrag's own. What snapshots do not state of their origin they get from
 * the folder's machine; their kernel then points into *input, which stays where
 * it is.
 *
 * Returns false after a sentence on stderr; input is then empty. What was bad
 * in it is not reported yet: cli_input_report_diags().
 */
bool cli_input_read(struct cli_input *input, const char *path,
		    struct cli_phases *phases);
void cli_input_release(struct cli_input *input);

/* Says on stderr, one line each, what was odd in the text. */
void cli_input_report_diags(const struct cli_input *input);

/* Whether a part of the input could not be used: what --strict refuses. */
bool cli_input_is_partly_bad(const struct cli_input *input);

#endif
