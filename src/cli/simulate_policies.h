/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_SIMULATE_POLICIES_H
#define KFRAG_CLI_SIMULATE_POLICIES_H

#include "cli/cli.h"
#include "cli/phases.h"
#include "cli/simulate_options.h"
#include "cli/simulate_setup.h"

/* Every slab policy against the same objects. snapshot: or NULL. */
enum cli_exit simulate_policies(const struct simulate_options *options,
				const struct simulate_setup *setup,
				const struct kfrag_snapshot *snapshot,
				struct cli_phases *phases);

#endif
