/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_FAIL_IF_H
#define KFRAG_CLI_FAIL_IF_H

#include <stdbool.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/shared_options.h"
#include "kfrag/condition.h"
#include "kfrag/snapshot.h"

/*
 * What a subcommand does for --fail-if: before the replay it finds the memory
 * that percentages are of, and after the output it checks the conditions.
 */

/*
 * Finds the memory of the machine that a snapshot of an input is of, if a
 * condition needs it as this `whole`: --memory, or what the snapshot states,
 * or this machine's for the live file. Returns false after a sentence on
 * stderr where none of these says it.
 */
bool cli_fail_if_find_memory(struct kfrag_condition_memory *memory,
			     enum kfrag_whole_kind whole,
			     const struct shared_options *options,
			     const struct cli_input *input,
			     const struct kfrag_snapshot *snapshot);

/*
 * Holds the conditions against all rows of what the subcommand has made,
 * `data` of its tables, and names on stderr those that meet one: then
 * CLI_FOUND, else CLI_OK. CLI_TROUBLE after a sentence.
 */
enum cli_exit cli_fail_if_check(const struct shared_options *options,
				const void *data,
				const struct kfrag_condition_memory *memory);

#endif
