/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_SIMULATE_EXACT_H
#define KFRAG_CLI_SIMULATE_EXACT_H

#include "cli/cli.h"
#include "cli/simulate_options.h"

/*
 * Cases in which nothing is left to chance: Knuth's, and scripts. CLI_FOUND
 * where one does not come out as it has to.
 */
enum cli_exit simulate_knuth(const struct simulate_options *options);
enum cli_exit simulate_script(const struct simulate_options *options);

#endif
