// SPDX-License-Identifier: MIT
#include "kfrag/json.h"

#include <inttypes.h>
#include <string.h>

#include "kfrag/version.h"
#include "output/values.h"
#include "output/writer.h"

/*
 * Once control characters and broken UTF-8 are escaped, '"' and '\\' are all
 * that RFC 8259 forbids in a string.
 */
static enum kfrag_error write_string(struct kfrag_writer *writer,
				     const char *text, size_t bytes)
{
	const char *escaped = kfrag_writer_escape(writer, text, bytes);

	if (!escaped)
		return KFRAG_ENOMEM;
	kfrag_writer_char(writer, '"');
	for (; *escaped; escaped++) {
		if (*escaped == '"' || *escaped == '\\')
			kfrag_writer_char(writer, '\\');
		kfrag_writer_char(writer, *escaped);
	}
	kfrag_writer_char(writer, '"');
	return KFRAG_OK;
}

/* Of member number i of an object; a name of ours needs no escapes. */
static void write_key(struct kfrag_writer *writer, size_t i, const char *name)
{
	kfrag_writer_text(writer, i > 0 ? ", \"" : "\"");
	kfrag_writer_text(writer, name);
	kfrag_writer_text(writer, "\": ");
}

static enum kfrag_error write_row(struct kfrag_writer *writer,
				  const struct kfrag_selection *selection,
				  const void *row)
{
	enum kfrag_error error = KFRAG_OK;

	kfrag_writer_char(writer, '{');
	for (size_t i = 0; i < selection->nr_columns && !error; i++) {
		struct kfrag_value value = selection->columns[i]->value(row);

		write_key(writer, i, selection->columns[i]->name);
		if (kfrag_value_is_text(&value))
			error = write_string(writer, value.text,
					     value.text_bytes);
		else
			kfrag_writer_digits(writer, &value, "null");
	}
	kfrag_writer_char(writer, '}');
	return error;
}

static enum kfrag_error write_rows(struct kfrag_writer *writer,
				   const struct kfrag_selection *selection)
{
	enum kfrag_error error = KFRAG_OK;

	kfrag_writer_format(writer, ",\n\"%s\": [", selection->set->name);
	for (size_t i = 0; i < selection->nr_rows && !error; i++) {
		kfrag_writer_text(writer, i > 0 ? ",\n" : "\n");
		error = write_row(writer, selection, selection->rows[i]);
	}
	kfrag_writer_text(writer, "\n]");
	return error;
}

static enum kfrag_error write_parameters(struct kfrag_writer *writer,
					 const struct kfrag_report *report,
					 const char *source)
{
	struct kfrag_named_number list[KFRAG_NR_PARAMETERS];
	enum kfrag_error error;

	kfrag_writer_text(writer, "\"parameters\": {\"source\": ");
	error = write_string(writer, source, strlen(source));
	if (error)
		return error;
	kfrag_report_parameters(report, list);
	for (int i = 0; i < KFRAG_NR_PARAMETERS; i++)
		kfrag_writer_format(writer, ", \"%s\": %" PRIu64, list[i].name,
				    list[i].value);
	kfrag_writer_text(writer, ", \"placement\": ");
	error = write_string(writer, report->placement,
			     strlen(report->placement));
	if (error)
		return error;
	kfrag_writer_text(writer, ", \"policy\": ");
	error = write_string(writer, report->policy, strlen(report->policy));
	kfrag_writer_format(writer, ", \"replayed\": %s}",
			    report->replayed ? "true" : "false");
	return error;
}

/* Without a replay nothing was counted, and a 0 would be wrong. */
static void write_activity(struct kfrag_writer *writer,
			   const struct kfrag_report *report)
{
	kfrag_writer_text(writer, ",\n\"activity\": {");
	for (int a = 0; a < KFRAG_KERNEL; a++) {
		const struct kfrag_activity *activity = &report->activity[a];
		const struct kfrag_named_number counts[] = {
			{ "nr_splits", activity->nr_splits },
			{ "nr_merges", activity->nr_merges },
			{ "nr_slabs_made", activity->nr_slabs_made },
			{ "nr_slabs_returned", activity->nr_slabs_returned },
		};

		kfrag_writer_format(
			writer, "%s\"%s\": {", a > 0 ? ", " : "",
			kfrag_allocator_text((enum kfrag_allocator)a));
		for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]);
		     i++) {
			write_key(writer, i, counts[i].name);
			if (report->replayed)
				kfrag_writer_format(writer, "%" PRIu64,
						    counts[i].value);
			else
				kfrag_writer_text(writer, "null");
		}
		kfrag_writer_char(writer, '}');
	}
	kfrag_writer_char(writer, '}');
}

enum kfrag_error kfrag_json_write(FILE *out, const struct kfrag_report *report,
				  const char *source,
				  const struct kfrag_selection *selections,
				  size_t nr_selections)
{
	struct kfrag_writer writer;
	enum kfrag_error error;

	kfrag_writer_init(&writer, out);
	kfrag_writer_text(&writer, "{\n\"kfrag\": \"" KFRAG_VERSION "\",\n");
	error = write_parameters(&writer, report, source);
	if (!error)
		write_activity(&writer, report);
	for (size_t i = 0; i < nr_selections && !error; i++)
		error = write_rows(&writer, &selections[i]);
	kfrag_writer_text(&writer, "\n}\n");
	return kfrag_writer_end(&writer, error);
}
