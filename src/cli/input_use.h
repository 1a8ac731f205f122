/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_INPUT_USE_H
#define KFRAG_CLI_INPUT_USE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/phases.h"
#include "cli/shared_options.h"
#include "kfrag/snapshot.h"

/* What is done with a capture before anything is computed from it. */

/* Says what was odd in the input; false where --strict refuses it for that. */
bool cli_input_accepts(const struct shared_options *options,
		       const struct cli_input *input);

/*
 * The page size that the options name, or that of this machine for the live
 * file; 0 where the snapshots have to tell.
 */
uint64_t cli_input_page_size(const struct shared_options *options,
			     const struct cli_input *input);

/*
 * Leaves rows whose figures would not fit 64 bits out of the snapshot, and
 * names them on stderr.
 */
void cli_input_trim(struct cli_input *input, struct kfrag_snapshot *snapshot,
		    uint64_t page_size_bytes);

/*
 * What a subcommand on one capture does around its own work: reads the input,
 * has use() make an exit status of it, releases it, and says with `verbose`
 * where the time went.
 */
enum cli_exit cli_use_input(const char *path, bool verbose,
			    enum cli_exit (*use)(const void *options,
						 struct cli_input *input,
						 struct cli_phases *phases),
			    const void *options);

#endif
