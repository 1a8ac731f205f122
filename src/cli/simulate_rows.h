/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_SIMULATE_ROWS_H
#define KFRAG_CLI_SIMULATE_ROWS_H

#include "cli/cli.h"
#include "cli/shared_options.h"
#include "kfrag/sim_output.h"

/* What the tables of simulations are made from; arrays are the caller's. */
struct simulate_rows {
	struct kfrag_sim_measure_row measures[KFRAG_SIM_NR_MEASURES];
	struct kfrag_sim_run_row *runs;
	size_t nr_runs;
	struct kfrag_sim_policy_row *policies;
	size_t nr_policies;
};

extern const struct cli_tables simulate_tables;
extern const struct cli_tables simulate_policy_tables;

/*
 * Writes what the options ask for, and holds their conditions against it:
 * is_policies tells which tables there are.
 */
enum cli_exit simulate_write(const struct shared_options *options,
			     const struct kfrag_sim_page *page,
			     const struct simulate_rows *rows,
			     bool is_policies);

#endif
