// SPDX-License-Identifier: MIT
/* What is said of the world that a model of slabs is of. */
#include "kfrag/model_output.h"

#include <string.h>

#include "output/figures.h"
#include "output/fit.h"
#include "output/gnuplot_parts.h"
#include "output/json_parts.h"
#include "output/paragraph.h"
#include "output/scratch.h"
#include "output/values.h"
#include "output/writer.h"

#define NR_PARAMETERS 7

static void list_parameters(const struct kfrag_model_run *run,
			    struct kfrag_named_value list[NR_PARAMETERS])
{
	const struct kfrag_world *world = &run->fit->world;
	const struct kfrag_era_range *era = kfrag_era_range(world->era);
	const struct kfrag_named_value all[NR_PARAMETERS] = {
		{ "source",
		  kfrag_value_name(run->source, strlen(run->source)) },
		{ "allocator",
		  kfrag_value_word(era->is_slub ? "slub" : "slab") },
		{ "era", kfrag_value_word(era->name) },
		{ "page_size_bytes",
		  kfrag_value_unsigned(world->page_size_bytes) },
		{ "cpus", kfrag_value_unsigned(world->nr_cpus) },
		{ "nr_caches", kfrag_value_unsigned(run->fit->nr_rows) },
		{ "sysslab", run->sysslab_from ?
				     kfrag_value_word(run->sysslab_from) :
				     kfrag_value_unknown() },
	};

	memcpy(list, all, sizeof(all));
}

enum kfrag_error kfrag_model_write_head(FILE *out,
					const struct kfrag_model_run *run,
					unsigned width)
{
	const struct kfrag_world *world = &run->fit->world;
	const struct kfrag_era_range *era = kfrag_era_range(world->era);
	char caches[KFRAG_UNITS_SIZE], page_size[KFRAG_UNITS_SIZE];
	struct kfrag_scratch scratch = { 0 };
	char *source = kfrag_scratch_escape(&scratch, run->source,
					    strlen(run->source));
	enum kfrag_error error;

	if (!source)
		return KFRAG_ENOMEM;
	kfrag_fit_shorten(source, width - 1);
	kfrag_figure_noun(run->fit->nr_rows, "cache", caches);
	kfrag_figure_round_bytes(world->page_size_bytes, page_size);
	error = kfrag_paragraph_write(
		out, width, "%s: %s, pages of %s, %s as in %s",
		kfrag_paragraph_join(source), kfrag_paragraph_join(caches),
		kfrag_paragraph_join(page_size), era->is_slub ? "SLUB" : "SLAB",
		era->kernels);
	kfrag_scratch_release(&scratch);
	return error;
}

enum kfrag_error
kfrag_model_write_json(FILE *out, const struct kfrag_model_run *run,
		       const struct kfrag_selection *selections,
		       size_t nr_selections)
{
	struct kfrag_named_value list[NR_PARAMETERS];
	struct kfrag_writer writer;
	enum kfrag_error error;

	list_parameters(run, list);
	kfrag_json_begin(&writer, out);
	kfrag_writer_text(&writer, "\"parameters\": {");
	error = kfrag_json_members(&writer, 0, list, NR_PARAMETERS);
	kfrag_writer_char(&writer, '}');
	return kfrag_json_end(&writer, selections, nr_selections, error);
}

enum kfrag_error
kfrag_model_write_gnuplot(FILE *out, const struct kfrag_model_run *run,
			  const struct kfrag_selection *selections,
			  size_t nr_selections)
{
	struct kfrag_named_value list[NR_PARAMETERS];
	struct kfrag_writer writer;
	enum kfrag_error error;

	list_parameters(run, list);
	kfrag_gnuplot_begin(&writer, out);
	error = kfrag_gnuplot_comments(&writer, list, NR_PARAMETERS);
	return kfrag_gnuplot_end(&writer, selections, nr_selections, error);
}
