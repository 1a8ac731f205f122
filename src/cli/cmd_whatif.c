// SPDX-License-Identifier: MIT
/*
 * kfrag whatif: a capture, and the same objects in another world, replayed
 * and compared.
 */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/diff_view.h"
#include "cli/fail_if.h"
#include "cli/input_use.h"
#include "cli/replaying.h"
#include "cli/whatif_options.h"
#include "cli/whatif_questions.h"
#include "cli/whatif_worlds.h"
#include "kfrag/diff.h"
#include "kfrag/pages.h"
#include "kfrag/workload.h"

/* Both worlds, and what the replays make of them. */
struct worlds {
	struct whatif_source source;
	struct kfrag_whatif_result result;
	struct kfrag_report reports[2]; /* before and after */
	struct kfrag_comparison comparison;
};

static bool explain(enum kfrag_error error)
{
	if (error)
		cli_message("%s", kfrag_error_text(error));
	return !error;
}

/* ---------------------------------------------------------------- replay */

/* How much memory holds the objects; 0 where a replay could not have it. */
static enum kfrag_error
need_memory(uint64_t *bytes, const struct kfrag_snapshot *snapshot,
	    uint64_t page_size_bytes, unsigned max_order)
{
	struct kfrag_workload workload;
	enum kfrag_error error;
	uint64_t nr_pages;
	size_t offender;

	error = kfrag_workload_init(&workload, snapshot, page_size_bytes,
				    max_order, &offender);
	if (error)
		return error;
	nr_pages = kfrag_workload_memory_pages(&workload);
	if (nr_pages > KFRAG_MAX_PAGES)
		*bytes = 0;
	else if (*bytes > 0 && *bytes < nr_pages * page_size_bytes)
		*bytes = nr_pages * page_size_bytes;
	kfrag_workload_release(&workload);
	return KFRAG_OK;
}

/* The same for both, or their free memory could not be compared. */
static bool find_memory(struct kfrag_replay_params *params,
			struct worlds *worlds)
{
	const struct kfrag_world *old_world = &worlds->source.fit.world;
	const struct kfrag_world *new_world = &worlds->result.world;
	uint64_t bytes = 1;
	enum kfrag_error error;

	if (params->memory_bytes > 0)
		return true;
	error = need_memory(&bytes, worlds->source.snapshot,
			    old_world->page_size_bytes, params->max_order);
	if (!error)
		error = need_memory(&bytes, &worlds->result.snapshot,
				    new_world->page_size_bytes,
				    params->max_order);
	params->memory_bytes = bytes > 1 ? bytes : 0;
	return explain(error);
}

static bool replay(struct worlds *worlds, const struct shared_options *options,
		   struct cli_phases *phases)
{
	struct shared_options before = *options;
	struct kfrag_replay_params after;
	struct cli_input *input = &worlds->source.input;
	struct kfrag_snapshot *snapshot = &worlds->result.snapshot;

	cli_input_trim(input, snapshot, worlds->result.world.page_size_bytes);
	if (!find_memory(&before.params, worlds))
		return false;
	before.page_size_bytes = worlds->source.fit.world.page_size_bytes;
	after = before.params;
	after.page_size_bytes = worlds->result.world.page_size_bytes;
	return cli_replay(&worlds->reports[0], input, worlds->source.snapshot,
			  &before, phases) &&
	       cli_replay_made(&worlds->reports[1], input, snapshot, &after,
			       phases);
}

/* ---------------------------------------------------------------- output */

static struct kfrag_diff_side side_of(const struct worlds *worlds,
				      const struct whatif_options *options,
				      int index)
{
	const struct whatif_source *source = &worlds->source;
	size_t nr_samples = source->input.recording.nr_snapshots;

	return (struct kfrag_diff_side){
		.report = &worlds->reports[index],
		.source = source->input.path,
		.sample = options->sample ? options->sample : nr_samples,
		.nr_samples = nr_samples,
		.snapshot = index ? &worlds->result.snapshot : source->snapshot,
		.kernel = source->snapshot->origin.kernel,
	};
}

static enum cli_exit write_worlds(const struct whatif_options *options,
				  struct worlds *worlds,
				  const struct kfrag_condition_memory *memory)
{
	const struct kfrag_diff_premise premise = {
		.changes = options->changes.text,
		.fit = &worlds->source.fit,
		.result = &worlds->result,
	};
	struct kfrag_diff diff = {
		.premise = &premise,
		.old_side = side_of(worlds, options, 0),
		.new_side = side_of(worlds, options, 1),
		.comparison = &worlds->comparison,
	};
	enum cli_exit status = CLI_TROUBLE;
	struct cli_view view;

	if (cli_view_open(&view, &options->shared, diff.comparison)) {
		diff.differs = cli_diff_differs(&options->shared,
						diff.comparison, &view);
		if (cli_output_write(&view, &options->shared, &cli_diff_writers,
				     &diff))
			status = cli_fail_if_check(&options->shared,
						   diff.comparison, memory);
	}
	cli_view_close(&view);
	return status;
}

static bool find_memories(struct kfrag_condition_memory *memory,
			  const struct shared_options *options,
			  const struct whatif_source *source)
{
	const struct cli_memory_source machine =
		cli_memory_source_of(&source->input, source->snapshot);

	return cli_fail_if_find_memory(memory, KFRAG_WHOLE_OLD_MEMORY, options,
				       machine) &&
	       cli_fail_if_find_memory(memory, KFRAG_WHOLE_MEMORY, options,
				       machine);
}

static enum cli_exit compare(const struct whatif_options *options,
			     struct worlds *worlds, struct cli_phases *phases)
{
	struct whatif_source *source = &worlds->source;
	struct kfrag_whatif whatif = options->changes.whatif;
	struct kfrag_condition_memory memory = { 0 };
	enum cli_exit status;

	if (!whatif_source_read(source, options, phases))
		return CLI_TROUBLE;
	if (options->question != WHATIF_CHANGE)
		return whatif_question_answer(options->question, options,
					      source);
	if (!find_memories(&memory, &options->shared, source))
		return CLI_TROUBLE;
	whatif.is_chosen = source->is_chosen;
	if (!explain(kfrag_whatif_init(&worlds->result, source->snapshot,
				       &source->fit, source->companions.sysslab,
				       &whatif)))
		return CLI_TROUBLE;
	cli_phases_end(phases, "changing");
	if (!replay(worlds, &options->shared, phases) ||
	    !explain(kfrag_comparison_init(&worlds->comparison,
					   &worlds->reports[0],
					   &worlds->reports[1])))
		return CLI_TROUBLE;
	cli_phases_end(phases, "comparing");
	status = write_worlds(options, worlds, &memory);
	cli_phases_end(phases, "output");
	return status;
}

static enum cli_exit run_whatif(const struct whatif_options *options)
{
	struct worlds worlds = { 0 };
	struct cli_phases phases;
	enum cli_exit status;

	cli_phases_init(&phases, options->shared.verbose);
	status = compare(options, &worlds, &phases);
	kfrag_comparison_release(&worlds.comparison);
	kfrag_report_release(&worlds.reports[0]);
	kfrag_report_release(&worlds.reports[1]);
	kfrag_whatif_release(&worlds.result);
	whatif_source_release(&worlds.source);
	cli_phases_end(&phases, "release");
	if (status != CLI_TROUBLE)
		cli_phases_report(&phases);
	return status;
}

static enum cli_exit run(int argc, char **argv)
{
	struct whatif_options options;
	enum cli_exit status = CLI_TROUBLE;

	if (whatif_options_parse(&options, argc, argv))
		status = shared_options_answer(&options.shared,
					       whatif_options_help) ?
				 CLI_OK :
				 run_whatif(&options);
	whatif_options_release(&options);
	return status;
}

const struct cli_command cli_whatif = {
	.name = "whatif",
	.run = run,
};
