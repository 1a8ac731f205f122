// SPDX-License-Identifier: MIT
/*
 * Pictures of one capture and its replay.
 */
#include <stdint.h>
#include <stdlib.h>

#include "cli/choice.h"
#include "cli/cli.h"
#include "cli/input.h"
#include "cli/input_use.h"
#include "cli/plot_kinds.h"
#include "cli/replaying.h"
#include "cli/view.h"

/* Where --lines does not say so. */
#define DEFAULT_CACHES 12

static bool draw_input(const struct plot_options *options,
		       struct cli_input *input, struct cli_phases *phases,
		       bool (*draw)(const struct plot_options *options,
				    const char *title,
				    const struct kfrag_report *report))
{
	struct kfrag_report report = { 0 };
	struct kfrag_snapshot *snapshot;
	uint64_t sample = 0;
	bool ok;

	if (options->sample && !cli_parse_number("sample", options->sample, 1,
						 UINT64_MAX, &sample))
		return false;
	if (!cli_input_accepts(&options->shared, input))
		return false;
	snapshot = cli_choose_sample(input, sample, "shown");
	if (!snapshot)
		return false;
	ok = cli_replay(&report, input, snapshot, &options->shared, phases);
	if (ok) {
		char *title = cli_make_title(input, snapshot);

		ok = draw(options, title ? title : input->path, &report);
		free(title);
		cli_phases_end(phases, "output");
	}
	kfrag_report_release(&report);
	return ok;
}

bool plot_replayed(const struct plot_options *options,
		   struct cli_phases *phases,
		   bool (*draw)(const struct plot_options *options,
				const char *title,
				const struct kfrag_report *report))
{
	const char *path = CLI_LIVE_PATH;
	struct cli_input input = { 0 };
	bool ok;

	if (options->nr_files > 0)
		path = options->files[0];
	ok = cli_input_read(&input, path, phases) &&
	     draw_input(options, &input, phases, draw);
	cli_input_release(&input);
	return ok;
}

size_t plot_nr_caches(const struct plot_options *options)
{
	uint64_t lines = options->shared.lines;

	if (!options->shared.has_lines)
		return DEFAULT_CACHES;
	return lines < SIZE_MAX ? (size_t)lines : SIZE_MAX;
}

struct waste {
	const struct kfrag_report *report;
	struct kfrag_selection caches;
};

static enum kfrag_error
write_waste(FILE *out, const struct kfrag_plot_page *page, const void *data)
{
	const struct waste *waste = data;

	return kfrag_plot_write_waste(out, page, waste->report, &waste->caches);
}

static bool draw_waste(const struct plot_options *options, const char *title,
		       const struct kfrag_report *report)
{
	struct waste waste = { .report = report };
	struct kfrag_sort_key key = kfrag_plot_waste_key();
	enum kfrag_error error;
	bool ok = false;

	error = kfrag_selection_init(&waste.caches, report, KFRAG_TABLE_CACHES);
	if (!error)
		error = cli_view_match(&waste.caches, &options->shared);
	if (!error)
		error = kfrag_selection_sort(&waste.caches, &key);
	if (error) {
		cli_message("%s", kfrag_error_text(error));
	} else {
		size_t limit = plot_nr_caches(options);

		if (limit < waste.caches.nr_rows)
			waste.caches.nr_rows = limit;
		ok = plot_draw(options, title, write_waste, &waste);
	}
	kfrag_selection_release(&waste.caches);
	return ok;
}

bool plot_waste_run(const struct plot_options *options,
		    struct cli_phases *phases)
{
	return plot_replayed(options, phases, draw_waste);
}

static enum kfrag_error
write_orders(FILE *out, const struct kfrag_plot_page *page, const void *data)
{
	return kfrag_plot_write_orders(out, page, data);
}

static bool draw_orders(const struct plot_options *options, const char *title,
			const struct kfrag_report *report)
{
	return plot_draw(options, title, write_orders, report);
}

bool plot_orders_run(const struct plot_options *options,
		     struct cli_phases *phases)
{
	return plot_replayed(options, phases, draw_orders);
}
