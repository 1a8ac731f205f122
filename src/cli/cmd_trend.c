// SPDX-License-Identifier: MIT
/*
 * kfrag trend: what becomes of each cache over the samples of recordings.
 */
#include <errno.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/fail_if.h"
#include "cli/phases.h"
#include "cli/trend_input.h"
#include "cli/trend_options.h"
#include "cli/view.h"
#include "kfrag/csv.h"
#include "kfrag/trend_output.h"
#include "kfrag/version.h"

static enum kfrag_trend_listed choose_list(const struct shared_options *options)
{
	if (options->nr_patterns > 0)
		return KFRAG_TREND_NAMED;
	return options->has_lines ? KFRAG_TREND_ALL : KFRAG_TREND_NOT_CALM;
}

static enum kfrag_error write_table(const struct shared_options *options,
				    const struct kfrag_trend_run *run,
				    struct kfrag_selection *selection)
{
	struct kfrag_table_style style = cli_view_style();
	struct kfrag_sort_key key;
	struct kfrag_table_caches caches = {
		.selection = selection,
		.key = cli_view_order(options, &key) ? &key : NULL,
		.reversed = options->reverse,
	};
	bool is_page = !options->has_show && !options->columns;

	if (is_page && run->listed == KFRAG_TREND_NOT_CALM)
		kfrag_trend_selection_drop_calm(selection);
	caches.nr_matching = selection->nr_rows;
	cli_view_limit(selection, options, is_page);
	if (options->columns)
		return kfrag_table_write_whole(stdout, selection, &style);
	if (options->has_show)
		return kfrag_table_write(stdout, selection, &style);
	return kfrag_trend_write_table(stdout, run, &caches, &style);
}

static enum kfrag_error write_view(const struct shared_options *options,
				   const struct kfrag_trend_run *run,
				   struct cli_view *view)
{
	struct kfrag_selection *first = &view->selections[0];

	if (options->format != CLI_TABLE)
		cli_view_limit(first, options, false);
	switch (options->format) {
	case CLI_CSV:
		return kfrag_csv_write(stdout, first);
	case CLI_JSON:
		return kfrag_trend_write_json(stdout, run, view->selections,
					      view->nr_selections);
	case CLI_GNUPLOT:
		return kfrag_trend_write_gnuplot(stdout, run, view->selections,
						 view->nr_selections);
	default:
		return write_table(options, run, first);
	}
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
	/* No percentage of a trend is one of memory. */
	const struct kfrag_condition_memory memory = { 0 };
	struct kfrag_trend_rows rows;
	enum cli_exit status = CLI_TROUBLE;
	struct cli_view view;

	if (kfrag_trend_rows_init(&rows, trends, options->paths)) {
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return CLI_TROUBLE;
	}
	if (cli_view_open(&view, shared, &rows)) {
		errno = 0;
		if (cli_view_is_written(write_view(shared, &run, &view)))
			status = cli_fail_if_check(shared, &rows, &memory);
	}
	cli_view_close(&view);
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
	enum cli_exit status = CLI_OK;

	if (!trend_options_parse(&options, argc, argv))
		status = CLI_TROUBLE;
	else if (options.shared.wants_help)
		trend_options_help();
	else if (options.shared.wants_version)
		puts("kfrag " KFRAG_VERSION);
	else
		status = run_trend(&options);
	trend_options_release(&options);
	return status;
}

const struct cli_command cli_trend = {
	.name = "trend",
	.run = run,
};
