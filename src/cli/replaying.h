/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_REPLAYING_H
#define KFRAG_CLI_REPLAYING_H

#include <stdbool.h>

#include "cli/input.h"
#include "cli/phases.h"
#include "cli/shared_options.h"
#include "kfrag/report.h"
#include "kfrag/snapshot.h"

/*
 * Replays a sample of an input as the options say, with its own page size
 * where they name none, and says on stderr what was odd in its rows. Rows
 * whose figures would not fit 64 bits are left out of the snapshot. The
 * report is the caller's to release; it is empty after false, which comes
 * with a sentence.
 */
bool cli_replay(struct kfrag_report *report, struct cli_input *input,
		struct kfrag_snapshot *snapshot,
		const struct shared_options *options,
		struct cli_phases *phases);

/*
 * The same of a snapshot that was made of the input's, as the params say, and
 * without a word on odd rows.
 */
bool cli_replay_made(struct kfrag_report *report, struct cli_input *input,
		     struct kfrag_snapshot *snapshot,
		     const struct kfrag_replay_params *params,
		     struct cli_phases *phases);

#endif
