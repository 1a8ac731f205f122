// SPDX-License-Identifier: MIT
#include "cli/replaying.h"

#include <inttypes.h>

#include "cli/cli.h"
#include "cli/input_use.h"
#include "kfrag/units.h"
#include "output/figures.h"

/* Rows that cannot come from a machine with this page size. */
static void report_misfits(const struct cli_input *input,
			   const struct kfrag_snapshot *snapshot,
			   uint64_t page_size_bytes)
{
	char size[KFRAG_UNITS_SIZE];

	kfrag_figure_round_bytes(page_size_bytes, size);
	for (size_t i = 0; i < snapshot->nr_records; i++) {
		const struct kfrag_record *record = &snapshot->records[i];

		if (kfrag_record_fits(record, page_size_bytes))
			continue;
		cli_message("%s:%" PRIu64 ":1: pages of %s contradict this "
			    "row: objsize %" PRIu64 ", objperslab %" PRIu64
			    ", pagesperslab %" PRIu64
			    "; replayed with as many objects as fit",
			    input->path, record->line, size, record->size_bytes,
			    record->objs_per_slab, record->pages_per_slab);
	}
}

static bool explain_replay_error(const struct cli_input *input,
				 const struct kfrag_replay_params *params,
				 enum kfrag_error error)
{
	if (error == KFRAG_EINVAL)
		cli_usage_error("--memory wants whole pages of %" PRIu64
				" bytes, at most 2^40 of them",
				params->page_size_bytes);
	else if (error == KFRAG_ERANGE)
		cli_message("%s: the population is too large to replay object "
			    "by object, and --memory too small to hold it",
			    input->path);
	else
		cli_message("cannot replay '%s': %s", input->path,
			    kfrag_error_text(error));
	return false;
}

/* Replays; rows whose figures would not fit 64 bits are named and left out. */
static bool make_report(struct kfrag_report *report, struct cli_input *input,
			struct kfrag_snapshot *snapshot,
			const struct kfrag_replay_params *params)
{
	enum kfrag_error error;
	size_t offender;

	cli_input_trim(input, snapshot, params->page_size_bytes);
	error = kfrag_report_create(report, snapshot, params, &offender);
	return !error || explain_replay_error(input, params, error);
}

static void describe_input(const struct cli_input *input,
			   const struct kfrag_snapshot *snapshot,
			   const struct kfrag_replay_params *params)
{
	const char *version = kfrag_slabinfo_version_text(snapshot->version);
	char size[KFRAG_UNITS_SIZE];

	cli_message("%s: slabinfo version %s from line %" PRIu64
		    ", %zu caches, pages of %s",
		    input->path, version, snapshot->line, snapshot->nr_records,
		    kfrag_figure_round_bytes(params->page_size_bytes, size));
	if (input->machine.kernel[0])
		cli_message("%s: kernel %s", input->path,
			    input->machine.kernel);
	if (input->machine.memory_bytes)
		cli_message("%s: %s of memory", input->path,
			    kfrag_units_bytes(input->machine.memory_bytes,
					      size));
}

static void end_of_phase(void *context, const char *phase)
{
	cli_phases_end(context, phase);
}

bool cli_replay_made(struct kfrag_report *report, struct cli_input *input,
		     struct kfrag_snapshot *snapshot,
		     const struct kfrag_replay_params *params,
		     struct cli_phases *phases)
{
	struct kfrag_replay_params heard = *params;
	bool ok;

	heard.listener = (struct kfrag_replay_listener){
		.end_of_phase = end_of_phase,
		.context = phases,
	};
	ok = make_report(report, input, snapshot, &heard);
	cli_phases_end(phases, "adding up");
	return ok;
}

bool cli_replay(struct kfrag_report *report, struct cli_input *input,
		struct kfrag_snapshot *snapshot,
		const struct shared_options *options, struct cli_phases *phases)
{
	struct kfrag_replay_params params = options->params;

	params.page_size_bytes = cli_input_page_size(options, input);
	if (!params.page_size_bytes)
		params.page_size_bytes = kfrag_snapshot_page_size(snapshot);
	report_misfits(input, snapshot, params.page_size_bytes);
	if (options->verbose)
		describe_input(input, snapshot, &params);
	cli_phases_end(phases, "checking");
	return cli_replay_made(report, input, snapshot, &params, phases);
}
