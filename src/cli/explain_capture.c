// SPDX-License-Identifier: MIT
#include "cli/explain_capture.h"

#include <stdio.h>
#include <string.h>

#include "cli/choice.h"
#include "cli/input.h"
#include "cli/input_use.h"
#include "cli/phases.h"
#include "cli/replaying.h"
#include "kfrag/lesson_draw.h"
#include "kfrag/workload.h"

static enum cli_exit end(enum kfrag_error error)
{
	if (error)
		cli_message("%s", kfrag_error_text(error));
	return error ? CLI_TROUBLE : CLI_OK;
}

static enum cli_exit explain_waste(const struct shared_options *shared,
				   struct cli_input *input,
				   struct kfrag_snapshot *snapshot)
{
	uint64_t page_bytes = cli_input_page_size(shared, input);
	struct kfrag_workload workload;
	enum kfrag_error error;
	size_t offender;

	if (!page_bytes)
		page_bytes = kfrag_snapshot_page_size(snapshot);
	cli_input_trim(input, snapshot, page_bytes);
	error = kfrag_workload_init(&workload, snapshot, page_bytes,
				    shared->params.max_order, &offender);
	if (error)
		return end(error);
	error = kfrag_lesson_write_waste(stdout, input->path, &workload);
	kfrag_workload_release(&workload);
	return end(error);
}

static const struct kfrag_cache_row *find_row(const struct kfrag_report *report,
					      const char *name)
{
	for (uint64_t i = 0; i < report->nr_caches; i++) {
		const struct kfrag_cache_row *row = &report->caches[i];

		if (row->name_bytes == strlen(name) &&
		    memcmp(row->name, name, row->name_bytes) == 0)
			return row;
	}
	return NULL;
}

static enum cli_exit
explain_cache(const struct explain_options *options,
	      const struct shared_options *shared, struct cli_input *input,
	      struct kfrag_snapshot *snapshot, struct cli_phases *phases)
{
	struct kfrag_report report = { 0 };
	const struct kfrag_cache_row *row;
	enum cli_exit status = CLI_TROUBLE;

	if (!cli_replay(&report, input, snapshot, shared, phases))
		return CLI_TROUBLE;
	row = find_row(&report, options->name);
	if (row)
		status = end(kfrag_lesson_write_cache(
			stdout, input->path, &report, row, options->style));
	else
		cli_message("%s: no cache is called '%s'", input->path,
			    options->name);
	kfrag_report_release(&report);
	return status;
}

enum cli_exit explain_capture(const struct explain_options *options)
{
	struct shared_options shared = { 0 };
	struct kfrag_snapshot *last;
	struct cli_input input;
	struct cli_phases phases;
	enum cli_exit status;

	cli_phases_init(&phases, false);
	kfrag_replay_params_init(&shared.params);
	if (!cli_input_read(&input, options->path, &phases))
		return CLI_TROUBLE;
	cli_input_report_diags(&input);
	last = cli_last_sample(&input, "explained");
	if (options->subject == EXPLAIN_WASTE)
		status = explain_waste(&shared, &input, last);
	else
		status = explain_cache(options, &shared, &input, last, &phases);
	cli_input_release(&input);
	return status;
}
