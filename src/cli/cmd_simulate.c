// SPDX-License-Identifier: MIT
/*
 * kfrag simulate: synthetic workloads through the real allocators.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/choice.h"
#include "cli/cli.h"
#include "cli/input_use.h"
#include "cli/phases.h"
#include "cli/simulate_exact.h"
#include "cli/simulate_options.h"
#include "cli/simulate_policies.h"
#include "cli/simulate_rows.h"
#include "cli/simulate_setup.h"
#include "kfrag/version.h"

/* Returns false after a sentence. */
static bool explain(enum kfrag_error error)
{
	if (error == KFRAG_ERANGE)
		cli_message("more objects live than can be simulated, %" PRIu64,
			    KFRAG_SIM_MAX_OBJS);
	else if (error)
		cli_message("%s", kfrag_error_text(error));
	return !error;
}

static bool run_all(struct kfrag_sim_result *results,
		    const struct simulate_setup *setup,
		    const struct simulate_options *options)
{
	for (uint64_t i = 0; i < options->nr_runs; i++)
		if (!explain(kfrag_sim_run(&results[i], &setup->params,
					   options->shared.params.seed + i)))
			return false;
	return true;
}

static void summarize(struct simulate_rows *rows,
		      const struct simulate_setup *setup,
		      const struct kfrag_sim_result *results)
{
	for (size_t i = 0; i < rows->nr_runs; i++)
		rows->runs[i] =
			(struct kfrag_sim_run_row){ &results[i], i + 1 };
	for (int i = 0; i < KFRAG_SIM_NR_MEASURES; i++) {
		enum kfrag_sim_measure measure = (enum kfrag_sim_measure)i;

		rows->measures[i] = (struct kfrag_sim_measure_row){
			.measure = measure,
			.nr_runs = rows->nr_runs,
			.summary = kfrag_sim_summarize(results, rows->nr_runs,
						       measure),
			.expected_micro =
				kfrag_sim_expected(&setup->params, measure),
		};
	}
}

static enum cli_exit run_setup(const struct simulate_options *options,
			       const struct simulate_setup *setup,
			       struct cli_phases *phases)
{
	size_t nr_runs = (size_t)options->nr_runs;
	struct kfrag_sim_result *results = calloc(nr_runs, sizeof(*results));
	struct simulate_rows rows = {
		.runs = calloc(nr_runs, sizeof(*rows.runs)),
		.nr_runs = nr_runs,
	};
	enum cli_exit status = CLI_TROUBLE;

	if (!results || !rows.runs) {
		explain(KFRAG_ENOMEM);
	} else if (run_all(results, setup, options)) {
		cli_phases_end(phases, "simulation");
		summarize(&rows, setup, results);
		cli_phases_end(phases, "theory");
		status = simulate_write(&options->shared, &setup->page, &rows,
					false);
		cli_phases_end(phases, "output");
	}
	free(results);
	free(rows.runs);
	return status;
}

static enum cli_exit run_from(const struct simulate_options *options,
			      const struct kfrag_snapshot *snapshot,
			      uint64_t page_size_bytes,
			      struct cli_phases *phases)
{
	struct simulate_setup setup;
	enum cli_exit status = CLI_TROUBLE;

	if (simulate_setup_init(&setup, options, snapshot, page_size_bytes))
		status = options->task == SIMULATE_POLICIES ?
				 simulate_policies(options, &setup, snapshot,
						   phases) :
				 run_setup(options, &setup, phases);
	simulate_setup_release(&setup);
	return status;
}

static enum cli_exit run_capture(const struct simulate_options *options,
				 struct cli_phases *phases)
{
	const struct shared_options *shared = &options->shared;
	struct cli_input input = { 0 };
	enum cli_exit status = CLI_TROUBLE;
	struct kfrag_snapshot *snapshot;
	uint64_t page_bytes;

	if (cli_input_read(&input, options->capture, phases) &&
	    cli_input_accepts(shared, &input)) {
		snapshot = cli_last_sample(&input, "simulated");
		page_bytes = cli_input_page_size(shared, &input);
		if (page_bytes == 0)
			page_bytes = kfrag_snapshot_page_size(snapshot);
		cli_input_trim(&input, snapshot, page_bytes);
		status = run_from(options, snapshot, page_bytes, phases);
	}
	cli_input_release(&input);
	return status;
}

/* ------------------------------------------------------------ all together */

static enum cli_exit run_simulate(const struct simulate_options *options)
{
	struct cli_phases phases;
	enum cli_exit status;

	cli_phases_init(&phases, options->shared.verbose);
	if (options->task == SIMULATE_KNUTH_WORST ||
	    options->task == SIMULATE_KNUTH_BOUND)
		status = simulate_knuth(options);
	else if (options->script)
		status = simulate_script(options);
	else if (options->capture)
		status = run_capture(options, &phases);
	else
		status = run_from(options, NULL, 0, &phases);
	if (status != CLI_TROUBLE)
		cli_phases_report(&phases);
	return status;
}

static enum cli_exit run(int argc, char **argv)
{
	struct simulate_options options;
	enum cli_exit status = CLI_OK;

	if (!simulate_options_parse(&options, argc, argv))
		status = CLI_TROUBLE;
	else if (options.shared.wants_help)
		simulate_options_help(&options);
	else if (options.shared.wants_version)
		puts("kfrag " KFRAG_VERSION);
	else
		status = run_simulate(&options);
	simulate_options_release(&options);
	return status;
}

const struct cli_command cli_simulate = {
	.name = "simulate",
	.run = run,
};
