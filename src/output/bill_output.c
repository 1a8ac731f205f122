// SPDX-License-Identifier: MIT
/* What programs are told of a bill beside its tables. */
#include <string.h>

#include "kfrag/bill_output.h"
#include "kfrag/version.h"
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

static size_t count_explained(const struct kfrag_geometry_fit *fit)
{
	size_t nr_explained = 0;

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
		{ "nr_explained", kfrag_value_unsigned(count_explained(fit)) },
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
	enum kfrag_error error = KFRAG_OK;
	struct kfrag_writer writer;

	kfrag_writer_init(&writer, out);
	kfrag_writer_text(&writer, "{\n\"kfrag\": \"" KFRAG_VERSION
				   "\",\n\"parameters\": {");
	for (size_t i = 0; i < nr_parameters && !error; i++) {
		const struct kfrag_value *value = &list[i].value;

		kfrag_json_key(&writer, i, list[i].name);
		if (kfrag_value_is_text(value))
			error = kfrag_json_string(&writer, value->text,
						  value->text_bytes);
		else
			kfrag_writer_digits(&writer, value, "null");
	}
	kfrag_writer_char(&writer, '}');
	for (size_t i = 0; i < nr_selections && !error; i++)
		error = kfrag_json_rows(&writer, &selections[i]);
	kfrag_writer_text(&writer, "\n}\n");
	return kfrag_writer_end(&writer, error);
}

static enum kfrag_error write_comment(struct kfrag_writer *writer,
				      const struct kfrag_named_value *named)
{
	const struct kfrag_value *value = &named->value;
	const char *text;

	if (!kfrag_value_is_text(value)) {
		kfrag_writer_format(writer, "# %s: ", named->name);
		kfrag_writer_digits(writer, value, "NaN");
		kfrag_writer_char(writer, '\n');
		return KFRAG_OK;
	}
	text = kfrag_writer_escape(writer, value->text, value->text_bytes);
	if (!text)
		return KFRAG_ENOMEM;
	kfrag_writer_text(writer, "# ");
	kfrag_writer_text(writer, named->name);
	kfrag_writer_text(writer, ": ");
	kfrag_writer_text(writer, text);
	kfrag_writer_char(writer, '\n');
	return KFRAG_OK;
}

enum kfrag_error
kfrag_bill_write_gnuplot(FILE *out, const struct kfrag_bill_run *run,
			 const struct kfrag_selection *selections,
			 size_t nr_selections)
{
	struct kfrag_named_value list[MAX_PARAMETERS];
	size_t nr_parameters = list_parameters(run, list);
	enum kfrag_error error = KFRAG_OK;
	struct kfrag_writer writer;

	kfrag_writer_init(&writer, out);
	kfrag_writer_text(&writer, "# kfrag " KFRAG_VERSION "\n");
	for (size_t i = 0; i < nr_parameters && !error; i++)
		error = write_comment(&writer, &list[i]);
	for (size_t i = 0; i < nr_selections && !error; i++)
		error = kfrag_gnuplot_rows(&writer, &selections[i]);
	return kfrag_writer_end(&writer, error);
}
