// SPDX-License-Identifier: MIT
#include "output/whatif_parts.h"

#include <inttypes.h>
#include <string.h>

#include "output/json_parts.h"

static void write_opt(struct kfrag_writer *writer, const char *name,
		      struct kfrag_opt value)
{
	if (value.known)
		kfrag_writer_format(writer, ", \"%s\": %" PRIu64, name,
				    value.value);
	else
		kfrag_writer_format(writer, ", \"%s\": null", name);
}

static void write_world(struct kfrag_writer *writer, const char *name,
			const struct kfrag_world *world)
{
	kfrag_writer_format(writer,
			    ", \"%s\": {\"era\": \"%s\", \"page_size_bytes\": "
			    "%" PRIu64 ", \"cpus\": %" PRIu64,
			    name, kfrag_era_range(world->era)->name,
			    world->page_size_bytes, world->nr_cpus);
	write_opt(writer, "slub_min_order", world->slub_min_order);
	write_opt(writer, "slub_max_order", world->slub_max_order);
	write_opt(writer, "slub_min_objects", world->slub_min_objects);
	kfrag_writer_char(writer, '}');
}

static enum kfrag_error write_name(struct kfrag_writer *writer, size_t i,
				   const struct kfrag_record *record)
{
	if (i > 0)
		kfrag_writer_text(writer, ", ");
	if (record)
		return kfrag_json_string(writer, record->name,
					 record->name_bytes);
	kfrag_writer_text(writer, "null");
	return KFRAG_OK;
}

/* All notes of the code of the first; stores how many. */
static enum kfrag_error write_notes(struct kfrag_writer *writer,
				    const struct kfrag_whatif_note *notes,
				    size_t nr_notes, size_t *nr_alike)
{
	enum kfrag_error error = KFRAG_OK;
	size_t nr = 1;

	while (nr < nr_notes && notes[nr].code == notes[0].code)
		nr++;
	*nr_alike = nr;
	kfrag_writer_format(writer, "{\"what\": \"%s\", \"caches\": [",
			    kfrag_whatif_code_text(notes[0].code));
	for (size_t i = 0; i < nr && notes[i].record && !error; i++)
		error = write_name(writer, i, notes[i].record);
	kfrag_writer_char(writer, ']');
	if (notes[0].into && !error) {
		kfrag_writer_text(writer, ", \"into\": [");
		for (size_t i = 0; i < nr && !error; i++)
			error = write_name(writer, i, notes[i].into);
		kfrag_writer_char(writer, ']');
	}
	kfrag_writer_char(writer, '}');
	return error;
}

enum kfrag_error kfrag_whatif_json(struct kfrag_writer *writer,
				   const struct kfrag_diff_premise *premise)
{
	const struct kfrag_whatif_result *result = premise->result;
	enum kfrag_error error;
	size_t i = 0, nr;

	kfrag_writer_text(writer, ",\n\"what_if\": {\"changes\": ");
	error = kfrag_json_string(writer, premise->changes,
				  strlen(premise->changes));
	write_world(writer, "old_world", &premise->fit->world);
	write_world(writer, "new_world", &result->world);
	kfrag_writer_text(writer, ", \"assumed\": [");
	while (i < result->nr_notes && !error) {
		if (i > 0)
			kfrag_writer_text(writer, ", ");
		error = write_notes(writer, &result->notes[i],
				    result->nr_notes - i, &nr);
		i += nr;
	}
	kfrag_writer_text(writer, "]}");
	return error;
}

static void comment_world(struct kfrag_writer *writer, const char *prefix,
			  const struct kfrag_world *world)
{
	kfrag_writer_format(writer, "# %sera: %s\n# %scpus: %" PRIu64 "\n",
			    prefix, kfrag_era_range(world->era)->name, prefix,
			    world->nr_cpus);
}

enum kfrag_error kfrag_whatif_gnuplot(struct kfrag_writer *writer,
				      const struct kfrag_diff_premise *premise)
{
	const struct kfrag_whatif_result *result = premise->result;
	const char *changes = kfrag_writer_escape(writer, premise->changes,
						  strlen(premise->changes));
	size_t nr;

	if (!changes)
		return KFRAG_ENOMEM;
	kfrag_writer_format(writer, "# changes: %s\n", changes);
	comment_world(writer, "old_", &premise->fit->world);
	comment_world(writer, "new_", &result->world);
	for (size_t i = 0; i < result->nr_notes; i += nr) {
		enum kfrag_whatif_code code = result->notes[i].code;

		for (nr = 1; i + nr < result->nr_notes &&
			     result->notes[i + nr].code == code;)
			nr++;
		kfrag_writer_format(writer, "# assumed: %s: %zu\n",
				    kfrag_whatif_code_text(code), nr);
	}
	return KFRAG_OK;
}
