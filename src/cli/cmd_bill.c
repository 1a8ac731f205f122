// SPDX-License-Identifier: MIT
/*
 * kfrag bill: what a capture's slabs are made of, so that it adds up.
 */
#include <stdlib.h>

#include "cli/bill_options.h"
#include "cli/billing.h"
#include "cli/choice.h"
#include "cli/cli.h"
#include "cli/fail_if.h"
#include "cli/input.h"
#include "cli/input_use.h"
#include "cli/output.h"
#include "cli/phases.h"

static enum kfrag_error write_page(FILE *out, const void *run,
				   const struct kfrag_table_caches *caches,
				   const struct kfrag_table_style *style)
{
	return kfrag_bill_write_table(out, run, caches, style);
}

static enum kfrag_error write_json(FILE *out, const void *run,
				   const struct kfrag_selection *selections,
				   size_t nr_selections)
{
	return kfrag_bill_write_json(out, run, selections, nr_selections);
}

static enum kfrag_error write_gnuplot(FILE *out, const void *run,
				      const struct kfrag_selection *selections,
				      size_t nr_selections)
{
	return kfrag_bill_write_gnuplot(out, run, selections, nr_selections);
}

static const struct cli_writers writers = {
	.page = write_page,
	.page_rows = CLI_SCREEN_ROWS,
	.json = write_json,
	.gnuplot = write_gnuplot,
};

/* Of the machine that the capture is of, as far as anything says. */
static struct cli_memory_source
memory_source(const struct cli_billing *billing, const struct cli_input *input,
	      const struct kfrag_snapshot *snapshot)
{
	struct cli_memory_source source = cli_memory_source_of(input, snapshot);

	if (!source.memtotal_bytes.known)
		source.memtotal_bytes =
			billing->companions.meminfo.memtotal_bytes;
	return source;
}

static enum cli_exit
write_bill(const struct bill_options *options, struct cli_billing *billing,
	   const struct cli_input *input, const struct kfrag_snapshot *snapshot)
{
	const struct shared_options *shared = &options->shared;
	struct kfrag_condition_memory memory = { 0 };
	enum cli_exit status;
	char *title = NULL;

	if (!cli_fail_if_find_memory(&memory, KFRAG_WHOLE_MEMORY, shared,
				     memory_source(billing, input, snapshot)))
		return CLI_TROUBLE;
	if (shared->format == CLI_TABLE)
		title = cli_make_title(input, snapshot);
	if (title)
		billing->run.source = title;
	status = cli_output(shared, &billing->bill, &writers, &billing->run,
			    &memory);
	free(title);
	return status;
}

static enum cli_exit bill_input(const void *any, struct cli_input *input,
				struct cli_phases *phases)
{
	const struct bill_options *options = any;
	const struct shared_options *shared = &options->shared;
	enum cli_exit status = CLI_TROUBLE;
	struct kfrag_snapshot *snapshot;
	struct cli_billing billing;

	if (!cli_input_accepts(shared, input))
		return CLI_TROUBLE;
	snapshot = cli_choose_sample(input, options->sample, "billed");
	if (!snapshot)
		return CLI_TROUBLE;
	if (cli_billing_make(&billing, input, snapshot,
			     cli_input_page_size(shared, input),
			     &options->paths, shared->verbose)) {
		cli_phases_end(phases, "billing");
		status = write_bill(options, &billing, input, snapshot);
		cli_phases_end(phases, "output");
	}
	cli_billing_release(&billing);
	return status;
}

static enum cli_exit run_bill(const struct bill_options *options)
{
	return cli_use_input(options->path, options->shared.verbose, bill_input,
			     options);
}

static enum cli_exit run(int argc, char **argv)
{
	struct bill_options options;
	enum cli_exit status = CLI_TROUBLE;

	if (bill_options_parse(&options, argc, argv))
		status = shared_options_answer(&options.shared,
					       bill_options_help) ?
				 CLI_OK :
				 run_bill(&options);
	bill_options_release(&options);
	return status;
}

const struct cli_command cli_bill = {
	.name = "bill",
	.run = run,
};
