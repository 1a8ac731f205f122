// SPDX-License-Identifier: MIT
/*
 * kfrag trend: what becomes of each cache over the samples of recordings.
 */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/fail_if.h"
#include "cli/output.h"
#include "cli/phases.h"
#include "cli/trend_input.h"
#include "cli/trend_options.h"
#include "kfrag/trend_output.h"

static enum kfrag_trend_listed choose_list(const struct shared_options *options)
{
	if (options->nr_patterns > 0)
		return KFRAG_TREND_NAMED;
	return options->has_lines ? KFRAG_TREND_ALL : KFRAG_TREND_NOT_CALM;
}

static void trim(struct kfrag_selection *selection, const void *any)
{
	const struct kfrag_trend_run *run = any;

	if (run->listed == KFRAG_TREND_NOT_CALM)
		kfrag_trend_selection_drop_calm(selection);
}

static enum kfrag_error write_page(FILE *out, const void *run,
				   const struct kfrag_table_caches *caches,
				   const struct kfrag_table_style *style)
{
	return kfrag_trend_write_table(out, run, caches, style);
}

static enum kfrag_error write_json(FILE *out, const void *run,
				   const struct kfrag_selection *selections,
				   size_t nr_selections)
{
	return kfrag_trend_write_json(out, run, selections, nr_selections);
}

static enum kfrag_error write_gnuplot(FILE *out, const void *run,
				      const struct kfrag_selection *selections,
				      size_t nr_selections)
{
	return kfrag_trend_write_gnuplot(out, run, selections, nr_selections);
}

static const struct cli_writers writers = {
	.page = write_page,
	.trim = trim,
	.page_rows = CLI_SCREEN_ROWS,
	.json = write_json,
	.gnuplot = write_gnuplot,
};

/* All percentages of memory are of that of the last sample's machine. */
static struct cli_memory_source last_memory(const struct trend_options *options,
					    const struct kfrag_history *history)
{
	const struct kfrag_moment *last =
		&history->moments[history->nr_moments - 1];

	return (struct cli_memory_source){
		.path = options->paths[last->source],
		.memtotal_bytes = last->memtotal_bytes,
	};
}

static enum cli_exit write_trends(const struct trend_options *options,
				  const struct trend_input *input,
				  const struct kfrag_trends *trends)
{
	const struct shared_options *shared = &options->shared;
	struct kfrag_trend_run run = {
		.trends = trends,
		.sources = { options->paths, options->nr_paths },
		.hosts = { (const char *const *)input->hosts.list,
			   input->hosts.nr_texts },
		.kernels = { (const char *const *)input->kernels.list,
			     input->kernels.nr_texts },
		.interval_seconds = input->interval_seconds,
		.listed = choose_list(shared),
	};
	struct kfrag_condition_memory memory = { 0 };
	struct kfrag_trend_rows rows;
	enum cli_exit status;

	if (!cli_fail_if_find_memory(&memory, KFRAG_WHOLE_MEMORY, shared,
				     last_memory(options, &input->history)))
		return CLI_TROUBLE;
	if (kfrag_trend_rows_init(&rows, trends, options->paths)) {
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return CLI_TROUBLE;
	}
	status = cli_output(shared, &rows, &writers, &run, &memory);
	kfrag_trend_rows_release(&rows);
	return status;
}

static enum cli_exit find_trends(const struct trend_options *options,
				 const struct trend_input *input,
				 struct cli_phases *phases)
{
	struct kfrag_trends trends;
	enum kfrag_error error = kfrag_trends_init(&trends, &input->history);
	enum cli_exit status;

	cli_phases_end(phases, "finding trends");
	if (error) {
		cli_message("%s", kfrag_error_text(error));
		return CLI_TROUBLE;
	}
	status = write_trends(options, input, &trends);
	kfrag_trends_release(&trends);
	cli_phases_end(phases, "output");
	return status;
}

static enum cli_exit run_trend(const struct trend_options *options)
{
	struct trend_input input;
	struct cli_phases phases;
	enum cli_exit status = CLI_TROUBLE;

	cli_phases_init(&phases, options->shared.verbose);
	if (trend_input_read(&input, options, &phases))
		status = find_trends(options, &input, &phases);
	trend_input_release(&input);
	cli_phases_end(&phases, "release");
	if (status != CLI_TROUBLE)
		cli_phases_report(&phases);
	return status;
}

static enum cli_exit run(int argc, char **argv)
{
	struct trend_options options;
	enum cli_exit status = CLI_TROUBLE;

	if (trend_options_parse(&options, argc, argv))
		status = shared_options_answer(&options.shared,
					       trend_options_help) ?
				 CLI_OK :
				 run_trend(&options);
	trend_options_release(&options);
	return status;
}

const struct cli_command cli_trend = {
	.name = "trend",
	.run = run,
};
