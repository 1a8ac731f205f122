// SPDX-License-Identifier: MIT
#include "cli/explain_capture.h"

#include <stdio.h>
#include <string.h>

#include "cli/choice.h"
#include "cli/explain_svg.h"
#include "cli/input.h"
#include "cli/input_use.h"
#include "cli/phases.h"
#include "cli/replaying.h"
#include "cli/view.h"
#include "kfrag/lesson_draw.h"
#include "kfrag/workload.h"

static enum cli_exit end(enum kfrag_error error)
{
	return cli_view_is_written(error) ? CLI_OK : CLI_TROUBLE;
}

static enum cli_exit draw(const char *folder, const char *name,
			  explain_svg_draw picture, const void *context)
{
	return explain_svg_open(folder) && explain_svg_file(folder, name,
							    picture, context) ?
		       CLI_OK :
		       CLI_TROUBLE;
}

/* ------------------------------------------------------------------ waste */

struct waste {
	const char *source;
	const struct kfrag_workload *workload;
};

static enum kfrag_error draw_waste(FILE *out, const void *context)
{
	const struct waste *waste = context;

	return kfrag_lesson_write_waste_svg(out, waste->source,
					    waste->workload);
}

static enum cli_exit show_waste(const struct explain_options *options,
				const struct waste *waste)
{
	if (options->svg)
		return draw(options->svg, "waste.svg", draw_waste, waste);
	if (options->json)
		return end(kfrag_lesson_write_waste_json(stdout, waste->source,
							 waste->workload));
	return end(kfrag_lesson_write_waste(stdout, waste->source,
					    waste->workload));
}

static enum cli_exit explain_waste(const struct explain_options *options,
				   const struct shared_options *shared,
				   struct cli_input *input,
				   struct kfrag_snapshot *snapshot)
{
	uint64_t page_bytes = cli_input_page_size(shared, input);
	struct kfrag_workload workload;
	enum kfrag_error error;
	enum cli_exit status;
	size_t offender;

	if (!page_bytes)
		page_bytes = kfrag_snapshot_page_size(snapshot);
	cli_input_trim(input, snapshot, page_bytes);
	error = kfrag_workload_init(&workload, snapshot, page_bytes,
				    shared->params.max_order, &offender);
	if (error)
		return end(error);
	status = show_waste(options, &(struct waste){ input->path, &workload });
	kfrag_workload_release(&workload);
	return status;
}

/* ------------------------------------------------------------------ cache */

struct cache {
	const char *source;
	const struct kfrag_report *report;
	const struct kfrag_cache_row *row;
};

static enum kfrag_error draw_cache(FILE *out, const void *context)
{
	const struct cache *cache = context;

	return kfrag_lesson_write_cache_svg(out, cache->source, cache->report,
					    cache->row);
}

static enum cli_exit show_cache(const struct explain_options *options,
				const struct cache *cache)
{
	if (options->svg)
		return draw(options->svg, "cache.svg", draw_cache, cache);
	if (options->json)
		return end(kfrag_lesson_write_cache_json(
			stdout, cache->source, cache->report, cache->row));
	return end(kfrag_lesson_write_cache(stdout, cache->source,
					    cache->report, cache->row,
					    options->style));
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
		status = show_cache(options, &(struct cache){ input->path,
							      &report, row });
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
		status = explain_waste(options, &shared, &input, last);
	else
		status = explain_cache(options, &shared, &input, last, &phases);
	cli_input_release(&input);
	return status;
}
