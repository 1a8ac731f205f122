// SPDX-License-Identifier: MIT
/*
 * kfrag [report]: one capture, replayed and reported.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/choice.h"
#include "cli/cli.h"
#include "cli/fail_if.h"
#include "cli/input.h"
#include "cli/input_use.h"
#include "cli/phases.h"
#include "cli/replaying.h"
#include "cli/report_options.h"
#include "cli/view.h"
#include "kfrag/csv.h"
#include "kfrag/gnuplot.h"
#include "kfrag/json.h"
#include "kfrag/table.h"
#include "kfrag/version.h"

static enum kfrag_error write_table(const struct shared_options *options,
				    const struct kfrag_report *report,
				    const char *source,
				    struct kfrag_selection *selection)
{
	struct kfrag_table_style style = cli_view_style();
	struct kfrag_sort_key key;
	struct kfrag_table_caches caches = {
		.selection = selection,
		.nr_matching = selection->nr_rows,
		.key = cli_view_order(options, &key) ? &key : NULL,
		.reversed = options->reverse,
	};

	cli_view_limit(selection, options,
		       !options->has_show && !options->columns);
	if (options->columns)
		return kfrag_table_write_whole(stdout, selection, &style);
	if (options->has_show)
		return kfrag_table_write(stdout, selection, &style);
	return kfrag_table_write_report(stdout, report, source, &caches,
					&style);
}

static enum kfrag_error write_view(const struct shared_options *options,
				   const struct kfrag_report *report,
				   const char *source, struct cli_view *view)
{
	struct kfrag_selection *first = &view->selections[0];

	if (options->format != CLI_TABLE)
		cli_view_limit(first, options, false);
	switch (options->format) {
	case CLI_CSV:
		return kfrag_csv_write(stdout, first);
	case CLI_JSON:
		return kfrag_json_write(stdout, report, source,
					view->selections, view->nr_selections);
	case CLI_GNUPLOT:
		return kfrag_gnuplot_write(stdout, report, source,
					   view->selections,
					   view->nr_selections);
	default:
		return write_table(options, report, source, first);
	}
}

static bool write_report(const struct shared_options *options,
			 const struct kfrag_report *report, const char *source)
{
	struct cli_view view;
	bool ok = cli_view_open(&view, options, report);

	if (ok) {
		errno = 0;
		ok = cli_view_is_written(
			write_view(options, report, source, &view));
	}
	cli_view_close(&view);
	return ok;
}

/* Writes the report, then holds the conditions against it. */
static enum cli_exit
finish(const struct shared_options *options, const struct cli_input *input,
       const struct kfrag_snapshot *snapshot, const struct kfrag_report *report,
       const struct kfrag_condition_memory *memory)
{
	char *title = NULL;
	bool ok;

	if (options->format == CLI_TABLE)
		title = cli_make_title(input, snapshot);
	ok = write_report(options, report, title ? title : input->path);

	free(title);
	return ok ? cli_fail_if_check(options, report, memory) : CLI_TROUBLE;
}

static enum cli_exit report_input(const struct report_options *options,
				  struct cli_input *input,
				  struct cli_phases *phases)
{
	const struct shared_options *shared = &options->shared;
	struct kfrag_condition_memory memory = { 0 };
	struct kfrag_report report = { 0 };
	struct kfrag_snapshot *snapshot;
	enum cli_exit status = CLI_TROUBLE;

	if (!cli_input_accepts(shared, input))
		return CLI_TROUBLE;
	snapshot = cli_choose_sample(input, options->sample, "reported");
	if (!snapshot ||
	    !cli_fail_if_find_memory(&memory, KFRAG_WHOLE_MEMORY, shared,
				     cli_memory_source_of(input, snapshot)))
		return CLI_TROUBLE;
	if (cli_replay(&report, input, snapshot, shared, phases)) {
		status = finish(shared, input, snapshot, &report, &memory);
		cli_phases_end(phases, "output");
	}
	kfrag_report_release(&report);
	return status;
}

static enum cli_exit run_report(const struct report_options *options)
{
	struct cli_input input = { 0 };
	struct cli_phases phases;
	enum cli_exit status = CLI_TROUBLE;

	cli_phases_init(&phases, options->shared.verbose);
	if (cli_input_read(&input, options->path, &phases))
		status = report_input(options, &input, &phases);
	cli_input_release(&input);
	cli_phases_end(&phases, "release");
	if (status != CLI_TROUBLE)
		cli_phases_report(&phases);
	return status;
}

static enum cli_exit run(int argc, char **argv)
{
	struct report_options options;
	enum cli_exit status = CLI_OK;

	if (!report_options_parse(&options, argc, argv))
		status = CLI_TROUBLE;
	else if (options.shared.wants_help)
		report_options_help();
	else if (options.shared.wants_version)
		puts("kfrag " KFRAG_VERSION);
	else
		status = run_report(&options);
	report_options_release(&options);
	return status;
}

const struct cli_command cli_report = {
	.name = "report",
	.run = run,
};
