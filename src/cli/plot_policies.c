// SPDX-License-Identifier: MIT
/*
 * The picture of kfrag simulate policies: the same runs, drawn.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/choice.h"
#include "cli/cli.h"
#include "cli/input.h"
#include "cli/input_use.h"
#include "cli/plot_kinds.h"
#include "cli/simulate_policies.h"
#include "kfrag/plot_policies.h"

#define TITLE "Which slab to allocate from"

struct picture {
	const struct simulate_rows *rows;
	char workload[160];
};

static enum kfrag_error
write_policies(FILE *out, const struct kfrag_plot_page *page, const void *data)
{
	const struct picture *picture = data;

	return kfrag_plot_write_policies(out, page, picture->workload,
					 picture->rows->policies,
					 picture->rows->nr_policies);
}

static void describe(struct picture *picture,
		     const struct simulate_options *options,
		     const struct simulate_setup *setup,
		     const struct kfrag_snapshot *snapshot)
{
	const char *plural = options->nr_runs == 1 ? "" : "s";

	if (snapshot)
		(void)snprintf(picture->workload, sizeof(picture->workload),
			       "Each cache breathes between num_objs and "
			       "active_objs; %" PRIu64 " run%s",
			       options->nr_runs, plural);
	else
		(void)snprintf(picture->workload, sizeof(picture->workload),
			       "%.60s; %s objects a slab; %" PRIu64 " run%s",
			       options->arrivals_text, setup->slots_text,
			       options->nr_runs, plural);
}

/* snapshot: or NULL. */
static bool draw_policies(const struct plot_options *options,
			  const struct simulate_options *sim,
			  const struct kfrag_snapshot *snapshot,
			  uint64_t page_size_bytes, const char *title,
			  struct cli_phases *phases)
{
	struct simulate_rows rows = { .nr_policies = 0 };
	struct picture picture = { .rows = &rows };
	struct simulate_setup setup;
	bool ok;

	ok = simulate_setup_init(&setup, sim, snapshot, page_size_bytes) &&
	     simulate_policies_find(&rows, sim, &setup, snapshot);
	cli_phases_end(phases, "simulation");
	if (ok) {
		describe(&picture, sim, &setup, snapshot);
		ok = plot_draw(options, title, write_policies, &picture);
		cli_phases_end(phases, "output");
	}
	free(rows.policies);
	simulate_setup_release(&setup);
	return ok;
}

static bool draw_capture(const struct plot_options *options,
			 const struct simulate_options *sim,
			 struct cli_phases *phases)
{
	struct cli_input input = { 0 };
	struct kfrag_snapshot *snapshot = NULL;
	uint64_t sample = 0, page_bytes;
	bool ok;

	ok = (!options->sample || cli_parse_number("sample", options->sample, 1,
						   UINT64_MAX, &sample)) &&
	     cli_input_read(&input, options->files[0], phases) &&
	     cli_input_accepts(&options->shared, &input);
	if (ok)
		snapshot = cli_choose_sample(&input, sample, "shown");
	if (snapshot) {
		char *title = cli_make_title(&input, snapshot);

		page_bytes = cli_input_page_size(&options->shared, &input);
		if (page_bytes == 0)
			page_bytes = kfrag_snapshot_page_size(snapshot);
		cli_input_trim(&input, snapshot, page_bytes);
		ok = draw_policies(options, sim, snapshot, page_bytes,
				   title ? title : input.path, phases);
		free(title);
	}
	cli_input_release(&input);
	return ok && snapshot;
}

bool plot_policies_run(const struct plot_options *options,
		       struct cli_phases *phases)
{
	if (options->nr_files > 0)
		return draw_capture(options, &options->sim, phases);
	return draw_policies(options, &options->sim, NULL, 0, TITLE, phases);
}
