// SPDX-License-Identifier: MIT
/*
 * kfrag diff: two captures, or two samples of one, replayed and compared.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/diff_options.h"
#include "cli/fail_if.h"
#include "cli/input.h"
#include "cli/input_use.h"
#include "cli/phases.h"
#include "cli/replaying.h"
#include "cli/view.h"
#include "kfrag/csv.h"
#include "kfrag/diff.h"
#include "kfrag/version.h"

/* One of both sides: the sample of an input, and what the replay made of it. */
struct side {
	struct cli_input *input;
	struct kfrag_snapshot *snapshot;
	uint64_t sample;
	struct kfrag_report report;
};

/* Both are read and complained about before either may end the run. */
static bool read_inputs(const struct diff_options *options,
			struct cli_input inputs[2], struct cli_phases *phases)
{
	const struct diff_file *files[] = { &options->old_file,
					    &options->new_file };
	bool ok = true;

	for (int i = 0; i < (options->one_file ? 1 : 2); i++)
		if (!cli_input_read(&inputs[i], files[i]->path, phases) ||
		    !cli_input_accepts(&options->shared, &inputs[i]))
			ok = false;
	return ok;
}

/* Returns false after a sentence on stderr. */
static bool choose_sample(struct side *side, const struct diff_file *file,
			  bool one_file, bool is_old)
{
	struct kfrag_recording *recording = &side->input->recording;
	size_t nr_samples = recording->nr_snapshots;

	if (file->sample > nr_samples) {
		cli_message("%s: no sample %" PRIu64 ": it holds %zu",
			    file->path, file->sample, nr_samples);
		return false;
	}
	if (one_file && !file->sample && nr_samples < 2) {
		if (is_old)
			cli_message("%s: a single sample has nothing to be "
				    "compared with: give another file",
				    file->path);
		return false;
	}
	if (!one_file && !file->sample && nr_samples > 1)
		cli_message("%s: %zu samples, the last one is compared; "
			    "--sample A,B picks others",
			    file->path, nr_samples);
	side->sample = file->sample;
	if (!file->sample)
		side->sample = one_file && is_old ? 1 : nr_samples;
	side->snapshot = &recording->snapshots[side->sample - 1];
	return true;
}

static struct kfrag_diff_side describe(const struct side *side)
{
	return (struct kfrag_diff_side){
		.report = &side->report,
		.source = side->input->path,
		.sample = side->sample,
		.nr_samples = side->input->recording.nr_snapshots,
		.snapshot = side->snapshot,
		.kernel = side->snapshot->origin.kernel,
	};
}

static enum kfrag_error write_table(const struct shared_options *options,
				    const struct kfrag_diff *diff,
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

	if (is_page)
		kfrag_diff_selection_drop_same(selection);
	caches.nr_matching = selection->nr_rows;
	cli_view_limit(selection, options, is_page);
	if (options->columns)
		return kfrag_table_write_whole(stdout, selection, &style);
	if (options->has_show)
		return kfrag_table_write(stdout, selection, &style);
	return kfrag_diff_write_table(stdout, diff, &caches, &style);
}

static enum kfrag_error write_view(const struct shared_options *options,
				   const struct kfrag_diff *diff,
				   struct cli_view *view)
{
	struct kfrag_selection *first = &view->selections[0];

	if (options->format != CLI_TABLE)
		cli_view_limit(first, options, false);
	switch (options->format) {
	case CLI_CSV:
		return kfrag_csv_write(stdout, first);
	case CLI_JSON:
		return kfrag_diff_write_json(stdout, diff, view->selections,
					     view->nr_selections);
	case CLI_GNUPLOT:
		return kfrag_diff_write_gnuplot(stdout, diff, view->selections,
						view->nr_selections);
	default:
		return write_table(options, diff, first);
	}
}

/* Where some caches were asked for, the others may differ as they like. */
static bool differs(const struct shared_options *options,
		    const struct kfrag_comparison *comparison,
		    const struct cli_view *view)
{
	const struct kfrag_selection *caches = &view->selections[0];

	if (options->nr_patterns == 0)
		return kfrag_comparison_differs(comparison);
	for (size_t i = 0; i < caches->nr_rows; i++) {
		const struct kfrag_cache_pair *pair = caches->rows[i];

		if (pair->status != KFRAG_SAME)
			return true;
	}
	return false;
}

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
		diff->differs = differs(options, diff->comparison, &view);
		errno = 0;
		if (cli_view_is_written(write_view(options, diff, &view)))
			status = decide(options, diff, memory);
	}
	cli_view_close(&view);
	return status;
}

static enum cli_exit
compare(const struct shared_options *options, const struct side *old_side,
	const struct side *new_side,
	const struct kfrag_condition_memory *memory, struct cli_phases *phases)
{
	struct kfrag_comparison comparison;
	struct kfrag_diff diff = {
		.old_side = describe(old_side),
		.new_side = describe(new_side),
		.comparison = &comparison,
	};
	enum cli_exit status;
	enum kfrag_error error;

	error = kfrag_comparison_init(&comparison, &old_side->report,
				      &new_side->report);
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
			  const struct side *old_side,
			  const struct side *new_side)
{
	return cli_fail_if_find_memory(
		       memory, KFRAG_WHOLE_OLD_MEMORY, options,
		       cli_memory_source_of(old_side->input,
					    old_side->snapshot)) &&
	       cli_fail_if_find_memory(
		       memory, KFRAG_WHOLE_MEMORY, options,
		       cli_memory_source_of(new_side->input,
					    new_side->snapshot));
}

static enum cli_exit diff_inputs(const struct diff_options *options,
				 struct cli_input inputs[2],
				 struct cli_phases *phases)
{
	const struct shared_options *shared = &options->shared;
	struct side old_side = { .input = &inputs[0] };
	struct side new_side = { .input = &inputs[options->one_file ? 0 : 1] };
	struct kfrag_condition_memory memory = { 0 };
	enum cli_exit status = CLI_TROUBLE;
	bool ok;

	ok = choose_sample(&old_side, &options->old_file, options->one_file,
			   true);
	ok = choose_sample(&new_side, &options->new_file, options->one_file,
			   false) &&
	     ok;
	if (ok && find_memories(&memory, shared, &old_side, &new_side) &&
	    cli_replay(&old_side.report, old_side.input, old_side.snapshot,
		       shared, phases) &&
	    cli_replay(&new_side.report, new_side.input, new_side.snapshot,
		       shared, phases))
		status = compare(shared, &old_side, &new_side, &memory, phases);
	kfrag_report_release(&old_side.report);
	kfrag_report_release(&new_side.report);
	return status;
}

static enum cli_exit run(int argc, char **argv)
{
	struct diff_options options;
	struct cli_input inputs[2] = { 0 };
	struct cli_phases phases;
	enum cli_exit status = CLI_TROUBLE;

	if (!diff_options_parse(&options, argc, argv)) {
		/* It has said why. */
	} else if (options.shared.wants_help) {
		diff_options_help();
		status = CLI_OK;
	} else if (options.shared.wants_version) {
		puts("kfrag " KFRAG_VERSION);
		status = CLI_OK;
	} else {
		cli_phases_init(&phases, options.shared.verbose);
		if (read_inputs(&options, inputs, &phases))
			status = diff_inputs(&options, inputs, &phases);
		for (int i = 0; i < 2; i++)
			cli_input_release(&inputs[i]);
		cli_phases_end(&phases, "release");
		if (status != CLI_TROUBLE)
			cli_phases_report(&phases);
	}
	diff_options_release(&options);
	return status;
}

const struct cli_command cli_diff = {
	.name = "diff",
	.run = run,
};
