/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_SIMULATE_POLICIES_H
#define KFRAG_CLI_SIMULATE_POLICIES_H

#include "cli/cli.h"
#include "cli/phases.h"
#include "cli/simulate_options.h"
#include "cli/simulate_rows.h"
#include "cli/simulate_setup.h"

/*
 * Every slab policy against the same objects, the oracle last. snapshot: or
 * NULL. Rows are the caller's to free. Returns false after a sentence on
 * stderr.
 */
bool simulate_policies_find(struct simulate_rows *rows,
			    const struct simulate_options *options,
			    const struct simulate_setup *setup,
			    const struct kfrag_snapshot *snapshot);

/* The same, written as the options say. */
enum cli_exit simulate_policies(const struct simulate_options *options,
				const struct simulate_setup *setup,
				const struct kfrag_snapshot *snapshot,
				struct cli_phases *phases);

#endif
