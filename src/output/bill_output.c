// SPDX-License-Identifier: MIT
/* What programs are told of a bill beside its tables. */
#include <string.h>

#include "kfrag/bill_output.h"
#include "output/bill_sections.h"
#include "output/gnuplot_parts.h"
#include "output/json_parts.h"
#include "output/values.h"
#include "output/writer.h"

#define MAX_PARAMETERS 16

static struct kfrag_value word_of(const char *word)
{
	return word ? kfrag_value_word(word) : kfrag_value_unknown();
}

static struct kfrag_value cpus(uint64_t nr_cpus)
{
	return nr_cpus ? kfrag_value_unsigned(nr_cpus) : kfrag_value_unknown();
}

uint64_t kfrag_bill_explained(const struct kfrag_bill *bill)
{
	const struct kfrag_geometry_fit *fit = bill->fit;
	uint64_t nr_explained = 0;

	for (int i = 0; i < KFRAG_NR_ROW_FITS; i++)
		if (kfrag_row_is_explained((enum kfrag_row_fit)i))
			nr_explained += fit->nr_of[i];
	return nr_explained;
}

/* Returns how many they are. */
static size_t list_parameters(const struct kfrag_bill_run *run,
			      struct kfrag_named_value list[MAX_PARAMETERS])
{
	const struct kfrag_bill *bill = run->bill;
	const struct kfrag_geometry_fit *fit = bill->fit;
	const struct kfrag_named_value all[] = {
		{ "source",
		  kfrag_value_name(run->source, strlen(run->source)) },
		{ "allocator", word_of(bill->is_slub ? "slub" : "slab") },
		{ "era", word_of(kfrag_era_range(fit->world.era)->name) },
		{ "first_era", word_of(kfrag_era_range(fit->first_era)->name) },
		{ "last_era", word_of(kfrag_era_range(fit->last_era)->name) },
		{ "page_size_bytes",
		  kfrag_value_unsigned(bill->page_size_bytes) },
		{ "min_cpus", cpus(fit->min_cpus) },
		{ "max_cpus", kfrag_value_opt(bill->max_cpus) },
		{ "nr_caches", kfrag_value_unsigned(bill->nr_rows) },
		{ "nr_explained",
		  kfrag_value_unsigned(kfrag_bill_explained(bill)) },
		{ "live_min_objs", kfrag_value_unsigned(bill->live_min_objs) },
		{ "live_max_objs", kfrag_value_unsigned(bill->live_max_objs) },
		{ "fallback_slabs",
		  kfrag_value_unsigned(bill->fallback_slabs) },
		{ "nr_unknown_fallbacks",
		  kfrag_value_unsigned(bill->nr_unknown_fallbacks) },
		{ "meminfo", word_of(run->meminfo_from) },
		{ "sysslab", word_of(run->sysslab_from) },
	};

	memcpy(list, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

enum kfrag_error kfrag_bill_write_json(FILE *out,
				       const struct kfrag_bill_run *run,
				       const struct kfrag_selection *selections,
				       size_t nr_selections)
{
	struct kfrag_named_value list[MAX_PARAMETERS];
	size_t nr_parameters = list_parameters(run, list);
	struct kfrag_writer writer;
	enum kfrag_error error;

	kfrag_json_begin(&writer, out);
	kfrag_writer_text(&writer, "\"parameters\": {");
	error = kfrag_json_members(&writer, 0, list, nr_parameters);
	kfrag_writer_char(&writer, '}');
	return kfrag_json_end(&writer, selections, nr_selections, error);
}

enum kfrag_error
kfrag_bill_write_gnuplot(FILE *out, const struct kfrag_bill_run *run,
			 const struct kfrag_selection *selections,
			 size_t nr_selections)
{
	struct kfrag_named_value list[MAX_PARAMETERS];
	size_t nr_parameters = list_parameters(run, list);
	struct kfrag_writer writer;
	enum kfrag_error error;

	kfrag_gnuplot_begin(&writer, out);
	error = kfrag_gnuplot_comments(&writer, list, nr_parameters);
	return kfrag_gnuplot_end(&writer, selections, nr_selections, error);
}
