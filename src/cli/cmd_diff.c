// SPDX-License-Identifier: MIT
/*
 * kfrag diff: two captures, or two samples of one, replayed and compared.
 */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/diff_options.h"
#include "cli/diff_view.h"
#include "cli/fail_if.h"
#include "cli/output.h"
#include "cli/pair.h"
#include "cli/phases.h"
#include "kfrag/diff.h"

/* With conditions it is they that decide, not any difference. */
static enum cli_exit decide(const struct shared_options *options,
			    const struct kfrag_diff *diff,
			    const struct kfrag_condition_memory *memory)
{
	if (options->fail_if.nr_conditions > 0)
		return cli_fail_if_check(options, diff->comparison, memory);
	return diff->differs ? CLI_FOUND : CLI_OK;
}

static enum cli_exit write_diff(const struct shared_options *options,
				struct kfrag_diff *diff,
				const struct kfrag_condition_memory *memory)
{
	struct cli_view view;
	enum cli_exit status = CLI_TROUBLE;

	if (cli_view_open(&view, options, diff->comparison)) {
		diff->differs =
			cli_diff_differs(options, diff->comparison, &view);
		if (cli_output_write(&view, options, &cli_diff_writers, diff))
			status = decide(options, diff, memory);
	}
	cli_view_close(&view);
	return status;
}

static enum cli_exit
compare(const struct shared_options *options, const struct cli_pair *pair,
	const struct kfrag_condition_memory *memory, struct cli_phases *phases)
{
	struct kfrag_comparison comparison;
	struct kfrag_diff diff = {
		.old_side = cli_pair_side(pair, 0),
		.new_side = cli_pair_side(pair, 1),
		.comparison = &comparison,
	};
	enum cli_exit status;
	enum kfrag_error error;

	error = kfrag_comparison_init(&comparison, &pair->sides[0].report,
				      &pair->sides[1].report);
	cli_phases_end(phases, "comparing");
	if (error) {
		cli_message("%s", kfrag_error_text(error));
		return CLI_TROUBLE;
	}
	status = write_diff(options, &diff, memory);
	kfrag_comparison_release(&comparison);
	cli_phases_end(phases, "output");
	return status;
}

static bool find_memories(struct kfrag_condition_memory *memory,
			  const struct shared_options *options,
			  const struct cli_pair *pair)
{
	const struct cli_pair_side *sides = pair->sides;

	return cli_fail_if_find_memory(
		       memory, KFRAG_WHOLE_OLD_MEMORY, options,
		       cli_memory_source_of(sides[0].input,
					    sides[0].snapshot)) &&
	       cli_fail_if_find_memory(memory, KFRAG_WHOLE_MEMORY, options,
				       cli_memory_source_of(sides[1].input,
							    sides[1].snapshot));
}

static enum cli_exit diff_files(const struct diff_options *options,
				struct cli_pair *pair,
				struct cli_phases *phases)
{
	const struct shared_options *shared = &options->shared;
	struct kfrag_condition_memory memory = { 0 };

	if (!cli_pair_read(pair, &options->files, shared, phases) ||
	    !find_memories(&memory, shared, pair) ||
	    !cli_pair_replay(pair, shared, phases))
		return CLI_TROUBLE;
	return compare(shared, pair, &memory, phases);
}

static enum cli_exit run_diff(const struct diff_options *options)
{
	struct cli_pair pair = { 0 };
	struct cli_phases phases;
	enum cli_exit status;

	cli_phases_init(&phases, options->shared.verbose);
	status = diff_files(options, &pair, &phases);
	cli_pair_release(&pair);
	cli_phases_end(&phases, "release");
	if (status != CLI_TROUBLE)
		cli_phases_report(&phases);
	return status;
}

static enum cli_exit run(int argc, char **argv)
{
	struct diff_options options;
	enum cli_exit status = CLI_TROUBLE;

	if (diff_options_parse(&options, argc, argv))
		status = shared_options_answer(&options.shared,
					       diff_options_help) ?
				 CLI_OK :
				 run_diff(&options);
	diff_options_release(&options);
	return status;
}

const struct cli_command cli_diff = {
	.name = "diff",
	.run = run,
};
