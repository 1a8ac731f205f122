/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_SIMULATE_WORKLOAD_H
#define KFRAG_CLI_SIMULATE_WORKLOAD_H

#include "cli/options.h"
#include "cli/simulate_options.h"

/*
 * The options that say when objects come and go, and how often it is run: of
 * kfrag simulate, and of the picture of its policies.
 */
extern const struct cli_option_part simulate_workload_part;

/* Whether the key of an option is one of these. */
bool simulate_workload_has(int key);
/* Takes one of these. Returns false after a sentence on stderr. */
bool simulate_workload_take(struct simulate_options *options, int key,
			    const char *argument);

#endif
