// SPDX-License-Identifier: MIT
#include "cli/whatif_worlds.h"

#include <stdlib.h>

#include "cli/choice.h"
#include "cli/cli.h"
#include "cli/input_use.h"
#include "cli/view.h"
#include "output/values.h"

/* ---------------------------------------------------------------- caches */

static struct kfrag_value record_name(const void *row)
{
	const struct kfrag_record *record = row;

	return kfrag_value_name(record->name, record->name_bytes);
}

static const struct kfrag_column record_columns[] = {
	{ .name = "name", .value = record_name, .is_text = true },
};

/* For --cache to choose among. */
static const struct kfrag_column_set records = {
	.name = "records",
	.columns = record_columns,
	.nr_columns = 1,
	.nr_keys = 1,
};

static enum kfrag_error choose(struct whatif_source *source,
			       const struct shared_options *options)
{
	const struct kfrag_snapshot *snapshot = source->snapshot;
	struct kfrag_selection chosen;
	enum kfrag_error error;

	if (options->nr_patterns == 0)
		return KFRAG_OK;
	source->is_chosen = calloc(snapshot->nr_records + 1, sizeof(bool));
	if (!source->is_chosen)
		return KFRAG_ENOMEM;
	error = kfrag_selection_init_rows(&chosen, &records, snapshot->records,
					  snapshot->nr_records,
					  sizeof(*snapshot->records));
	if (error)
		return error;
	error = cli_view_match(&chosen, options);
	for (size_t i = 0; i < chosen.nr_rows && !error; i++) {
		const struct kfrag_record *record = chosen.rows[i];

		source->is_chosen[record - snapshot->records] = true;
	}
	if (!error && chosen.nr_rows == 0)
		cli_message("%s: no cache has such a name", source->input.path);
	kfrag_selection_release(&chosen);
	return error;
}

/* ----------------------------------------------------------------- world */

/* What is said of the machine, where its file does not say more. */
static void complete_page_size(struct whatif_source *source,
			       const struct whatif_options *options)
{
	struct kfrag_opt *bytes = &source->snapshot->origin.page_size_bytes;
	uint64_t live = cli_input_page_size(&options->shared, &source->input);

	if (options->before.page_size_bytes.known)
		*bytes = options->before.page_size_bytes;
	else if (live > 0)
		*bytes = kfrag_known(live);
}

static void take_before(struct kfrag_geometry_fit *fit,
			const struct whatif_before *before)
{
	if (before->nr_cpus.known) {
		fit->world.nr_cpus = before->nr_cpus.value;
		fit->min_cpus = before->nr_cpus.value;
		fit->max_cpus = before->nr_cpus.value;
	}
	if (before->era.known) {
		fit->world.era = (enum kfrag_era)before->era.value;
		fit->first_era = fit->world.era;
		fit->last_era = fit->world.era;
	}
}

static enum kfrag_error find_world(struct whatif_source *source,
				   const struct whatif_options *options)
{
	struct kfrag_snapshot *snapshot = source->snapshot;
	enum kfrag_error error;

	complete_page_size(source, options);
	/* Whatever pages: a fit must not point to what is then taken out. */
	cli_input_trim(&source->input, snapshot,
		       snapshot->origin.page_size_bytes.known ?
			       snapshot->origin.page_size_bytes.value :
			       kfrag_snapshot_page_size(snapshot));
	error = kfrag_geometry_fit_init(&source->fit, snapshot);
	if (!error) {
		take_before(&source->fit, &options->before);
		error = choose(source, &options->shared);
	}
	return error;
}

bool whatif_source_read(struct whatif_source *source,
			const struct whatif_options *options,
			struct cli_phases *phases)
{
	const struct shared_options *shared = &options->shared;
	enum kfrag_error error;

	*source = (struct whatif_source){ 0 };
	if (!cli_input_read(&source->input, options->path, phases) ||
	    !cli_input_accepts(shared, &source->input))
		return false;
	source->snapshot =
		cli_choose_sample(&source->input, options->sample, "changed");
	if (!source->snapshot ||
	    !cli_companions_read(&source->companions, &options->companions,
				 &source->input, source->snapshot,
				 shared->verbose))
		return false;
	error = find_world(source, options);
	if (error)
		cli_message("%s", kfrag_error_text(error));
	cli_phases_end(phases, "fitting");
	return !error;
}

void whatif_source_release(struct whatif_source *source)
{
	kfrag_geometry_fit_release(&source->fit);
	cli_companions_release(&source->companions);
	free(source->is_chosen);
	cli_input_release(&source->input);
}
