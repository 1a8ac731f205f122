// SPDX-License-Identifier: MIT
#include "cli/whatif_questions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/choice.h"
#include "cli/diff_view.h"
#include "cli/fail_if.h"
#include "cli/output.h"
#include "kfrag/boundary_output.h"
#include "kfrag/metadata_output.h"
#include "kfrag/model_output.h"
#include "kfrag/workload.h"

/* getopt_long() takes any beginning of a name that no other has. */
static bool is_word(const char *word, const char *name, size_t least)
{
	size_t bytes = strlen(word);

	return bytes >= least && strncmp(word, name, bytes) == 0;
}

enum whatif_question whatif_question_of(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (is_word(argv[i], "--boundaries", sizeof("--bo") - 1))
			return WHATIF_BOUNDARIES;
		if (is_word(argv[i], "--metadata", sizeof("--met") - 1))
			return WHATIF_METADATA;
	}
	return WHATIF_CHANGE;
}

/* -------------------------------------------------------------- boundaries */

struct boundaries_run {
	struct kfrag_model_run model;
	struct kfrag_boundaries boundaries;
};

static const struct kfrag_column_set *boundary_set(size_t table)
{
	return kfrag_boundary_columns((enum kfrag_boundary_table)table);
}

static enum kfrag_error select_boundaries(struct kfrag_selection *selection,
					  const void *data, size_t table)
{
	return kfrag_boundary_selection_init(selection, data,
					     (enum kfrag_boundary_table)table);
}

static const struct cli_tables boundary_tables = {
	.set = boundary_set,
	.nr_sets = KFRAG_NR_BOUNDARY_TABLES,
	.select = select_boundaries,
	.find_key = kfrag_boundary_sort_key_find,
	.default_key = "yield",
	.sorts_for_programs = true,
};

static enum kfrag_error
write_boundary_page(FILE *out, const void *any,
		    const struct kfrag_table_caches *caches,
		    const struct kfrag_table_style *style)
{
	const struct boundaries_run *run = any;

	return kfrag_boundary_write_table(out, &run->model, &run->boundaries,
					  caches, style);
}

static void trim_boundaries(struct kfrag_selection *selection, const void *any)
{
	(void)any;
	kfrag_boundary_selection_drop_idle(selection);
}

/* The model's run comes first in both. */
static enum kfrag_error write_json(FILE *out, const void *run,
				   const struct kfrag_selection *selections,
				   size_t nr_selections)
{
	return kfrag_model_write_json(out, run, selections, nr_selections);
}

static enum kfrag_error write_gnuplot(FILE *out, const void *run,
				      const struct kfrag_selection *selections,
				      size_t nr_selections)
{
	return kfrag_model_write_gnuplot(out, run, selections, nr_selections);
}

static const struct cli_writers boundary_writers = {
	.page = write_boundary_page,
	.trim = trim_boundaries,
	.page_rows = CLI_SCREEN_ROWS,
	.json = write_json,
	.gnuplot = write_gnuplot,
};

static enum cli_exit
answer_boundaries(const struct shared_options *options,
		  const struct whatif_source *source,
		  const struct kfrag_condition_memory *memory,
		  const struct kfrag_model_run *model)
{
	struct boundaries_run run = { .model = *model };
	enum kfrag_error error = kfrag_boundaries_init(
		&run.boundaries, &source->fit, source->companions.sysslab);
	enum cli_exit status;

	if (error) {
		cli_message("%s", kfrag_error_text(error));
		return CLI_TROUBLE;
	}
	status = cli_output(options, &run.boundaries, &boundary_writers, &run,
			    memory);
	kfrag_boundaries_release(&run.boundaries);
	return status;
}

/* ---------------------------------------------------------------- metadata */

struct metadata_run {
	struct kfrag_model_run model;
	struct kfrag_metadata metadata;
};

static const struct kfrag_column_set *metadata_set(size_t table)
{
	return kfrag_metadata_columns((enum kfrag_metadata_table)table);
}

static enum kfrag_error select_metadata(struct kfrag_selection *selection,
					const void *data, size_t table)
{
	return kfrag_metadata_selection_init(selection, data,
					     (enum kfrag_metadata_table)table);
}

static const struct cli_tables metadata_tables = {
	.set = metadata_set,
	.nr_sets = KFRAG_NR_METADATA_TABLES,
	.select = select_metadata,
	.find_key = kfrag_metadata_sort_key_find,
	.default_key = "extra_bytes",
};

static enum kfrag_error
write_metadata_page(FILE *out, const void *any,
		    const struct kfrag_table_caches *caches,
		    const struct kfrag_table_style *style)
{
	const struct metadata_run *run = any;

	return kfrag_metadata_write_table(out, &run->model, &run->metadata,
					  caches, style);
}

static const struct cli_writers metadata_writers = {
	.page = write_metadata_page,
	.page_rows = CLI_SCREEN_ROWS,
	.json = write_json,
	.gnuplot = write_gnuplot,
};

static enum kfrag_error
make_metadata(struct kfrag_metadata *metadata, struct kfrag_workload *workload,
	      const struct whatif_source *source, unsigned max_order)
{
	size_t offender;
	enum kfrag_error error = kfrag_workload_init(
		workload, source->snapshot, source->fit.world.page_size_bytes,
		max_order, &offender);

	if (error)
		return error;
	error = kfrag_metadata_init(metadata, workload);
	if (error)
		kfrag_workload_release(workload);
	return error;
}

static enum cli_exit
answer_metadata(const struct shared_options *options,
		const struct whatif_source *source,
		const struct kfrag_condition_memory *memory,
		const struct kfrag_model_run *model)
{
	struct metadata_run run = { .model = *model };
	struct kfrag_workload workload;
	enum kfrag_error error = make_metadata(&run.metadata, &workload, source,
					       options->params.max_order);
	enum cli_exit status;

	if (error) {
		cli_message("%s", kfrag_error_text(error));
		return CLI_TROUBLE;
	}
	status = cli_output(options, &run.metadata, &metadata_writers, &run,
			    memory);
	kfrag_metadata_release(&run.metadata);
	kfrag_workload_release(&workload);
	return status;
}

/* -------------------------------------------------------------------- both */

const struct cli_tables *whatif_question_tables(enum whatif_question question)
{
	switch (question) {
	case WHATIF_BOUNDARIES:
		return &boundary_tables;
	case WHATIF_METADATA:
		return &metadata_tables;
	default:
		return &cli_diff_tables;
	}
}

enum cli_exit whatif_question_answer(enum whatif_question question,
				     const struct whatif_options *options,
				     const struct whatif_source *source)
{
	const struct shared_options *shared = &options->shared;
	enum cli_found found = source->companions.sysslab_found;
	struct kfrag_model_run model = {
		.source = source->input.path,
		.fit = &source->fit,
		.sysslab_from = source->companions.sysslab ?
					cli_found_text(found) :
					NULL,
	};
	struct kfrag_condition_memory memory = { 0 };
	enum cli_exit status;
	char *title = NULL;

	if (!cli_fail_if_find_memory(&memory, KFRAG_WHOLE_MEMORY, shared,
				     cli_memory_source_of(&source->input,
							  source->snapshot)))
		return CLI_TROUBLE;
	if (shared->format == CLI_TABLE)
		title = cli_make_title(&source->input, source->snapshot);
	if (title)
		model.source = title;
	if (question == WHATIF_BOUNDARIES)
		status = answer_boundaries(shared, source, &memory, &model);
	else
		status = answer_metadata(shared, source, &memory, &model);
	free(title);
	return status;
}

void whatif_questions_print_columns(void)
{
	puts("\nColumns of --boundaries:");
	for (size_t i = 0; i < KFRAG_NR_BOUNDARY_TABLES; i++)
		shared_options_print_columns(boundary_set(i), 25);
	puts("\nColumns of --metadata:");
	for (size_t i = 0; i < KFRAG_NR_METADATA_TABLES; i++)
		shared_options_print_columns(metadata_set(i), 25);
}
