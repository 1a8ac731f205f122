// SPDX-License-Identifier: MIT
/*
 * kfrag [report]: one capture, replayed and reported.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/billing.h"
#include "cli/choice.h"
#include "cli/cli.h"
#include "cli/fail_if.h"
#include "cli/input.h"
#include "cli/input_use.h"
#include "cli/output.h"
#include "cli/phases.h"
#include "cli/replaying.h"
#include "cli/report_options.h"
#include "kfrag/gnuplot.h"
#include "kfrag/json.h"
#include "kfrag/table.h"

/* A report and what it is of. */
struct reported {
	const struct kfrag_report *report;
	const char *source;
	const struct kfrag_bill_run *bill; /* NULL: none was asked for */
};

static enum kfrag_error write_page(FILE *out, const void *any,
				   const struct kfrag_table_caches *caches,
				   const struct kfrag_table_style *style)
{
	const struct reported *run = any;
	enum kfrag_error error = kfrag_table_write_report(
		out, run->report, run->source, caches, style);

	if (error || !run->bill)
		return error;
	return kfrag_bill_write_block(out, run->bill, style);
}

static enum kfrag_error write_json(FILE *out, const void *any,
				   const struct kfrag_selection *selections,
				   size_t nr_selections)
{
	const struct reported *run = any;

	return kfrag_json_write(out, run->report, run->source, selections,
				nr_selections);
}

static enum kfrag_error write_gnuplot(FILE *out, const void *any,
				      const struct kfrag_selection *selections,
				      size_t nr_selections)
{
	const struct reported *run = any;

	return kfrag_gnuplot_write(out, run->report, run->source, selections,
				   nr_selections);
}

static const struct cli_writers writers = {
	.page = write_page,
	.page_rows = CLI_SCREEN_ROWS,
	.json = write_json,
	.gnuplot = write_gnuplot,
};

/* Writes the report, then holds the conditions against it. */
static enum cli_exit
finish(const struct shared_options *options, const struct cli_input *input,
       const struct kfrag_snapshot *snapshot, const struct reported *reported,
       const struct kfrag_condition_memory *memory)
{
	struct reported run = *reported;
	char *title = NULL;
	enum cli_exit status;

	if (options->format == CLI_TABLE)
		title = cli_make_title(input, snapshot);
	if (title)
		run.source = title;
	status = cli_output(options, run.report, &writers, &run, memory);
	free(title);
	return status;
}

static enum cli_exit
write_report(const struct report_options *options, struct cli_input *input,
	     struct kfrag_snapshot *snapshot, const struct kfrag_report *report,
	     const struct kfrag_condition_memory *memory)
{
	const struct shared_options *shared = &options->shared;
	struct reported run = { .report = report, .source = input->path };
	enum cli_exit status = CLI_TROUBLE;
	struct cli_billing billing;

	if (!options->has_bill)
		return finish(shared, input, snapshot, &run, memory);
	if (cli_billing_make(&billing, input, snapshot, report->page_size_bytes,
			     &options->paths, shared->verbose)) {
		run.bill = &billing.run;
		status = finish(shared, input, snapshot, &run, memory);
	}
	cli_billing_release(&billing);
	return status;
}

static enum cli_exit report_input(const void *any, struct cli_input *input,
				  struct cli_phases *phases)
{
	const struct report_options *options = any;
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
		status = write_report(options, input, snapshot, &report,
				      &memory);
		cli_phases_end(phases, "output");
	}
	kfrag_report_release(&report);
	return status;
}

static enum cli_exit run_report(const struct report_options *options)
{
	return cli_use_input(options->path, options->shared.verbose,
			     report_input, options);
}

static enum cli_exit run(int argc, char **argv)
{
	struct report_options options;
	enum cli_exit status = CLI_TROUBLE;

	if (report_options_parse(&options, argc, argv))
		status = shared_options_answer(&options.shared,
					       report_options_help) ?
				 CLI_OK :
				 run_report(&options);
	report_options_release(&options);
	return status;
}

const struct cli_command cli_report = {
	.name = "report",
	.run = run,
};
