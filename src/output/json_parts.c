// SPDX-License-Identifier: MIT
#include "output/json_parts.h"

#include <inttypes.h>
#include <string.h>

#include "kfrag/version.h"

/*
 * Once control characters and broken UTF-8 are escaped, '"' and '\\' are all
 * that RFC 8259 forbids in a string.
 */
enum kfrag_error kfrag_json_string(struct kfrag_writer *writer,
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

void kfrag_json_key(struct kfrag_writer *writer, size_t i, const char *name)
{
	kfrag_writer_text(writer, i > 0 ? ", \"" : "\"");
	kfrag_writer_text(writer, name);
	kfrag_writer_text(writer, "\": ");
}

enum kfrag_error kfrag_json_value(struct kfrag_writer *writer,
				  const struct kfrag_value *value)
{
	if (kfrag_value_is_text(value))
		return kfrag_json_string(writer, value->text,
					 value->text_bytes);
	kfrag_writer_digits(writer, value, "null");
	return KFRAG_OK;
}

enum kfrag_error
kfrag_json_members(struct kfrag_writer *writer, size_t nr_before,
		   const struct kfrag_named_value *list, size_t nr_values)
{
	enum kfrag_error error = KFRAG_OK;

	for (size_t i = 0; i < nr_values && !error; i++) {
		kfrag_json_key(writer, nr_before + i, list[i].name);
		error = kfrag_json_value(writer, &list[i].value);
	}
	return error;
}

enum kfrag_error kfrag_json_member(struct kfrag_writer *writer, size_t i,
				   const struct kfrag_column *column,
				   const void *row)
{
	const struct kfrag_value value = column->value(row);

	kfrag_json_key(writer, i, column->name);
	return kfrag_json_value(writer, &value);
}

static enum kfrag_error write_row(struct kfrag_writer *writer,
				  const struct kfrag_selection *selection,
				  const void *row)
{
	enum kfrag_error error = KFRAG_OK;

	kfrag_writer_char(writer, '{');
	for (size_t i = 0; i < selection->nr_columns && !error; i++)
		error = kfrag_json_member(writer, i, selection->columns[i],
					  row);
	kfrag_writer_char(writer, '}');
	return error;
}

enum kfrag_error kfrag_json_rows(struct kfrag_writer *writer,
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

void kfrag_json_begin(struct kfrag_writer *writer, FILE *out)
{
	kfrag_writer_init(writer, out);
	kfrag_writer_text(writer, "{\n\"kfrag\": \"" KFRAG_VERSION "\",\n");
}

enum kfrag_error kfrag_json_end(struct kfrag_writer *writer,
				const struct kfrag_selection *selections,
				size_t nr_selections, enum kfrag_error error)
{
	for (size_t i = 0; i < nr_selections && !error; i++)
		error = kfrag_json_rows(writer, &selections[i]);
	kfrag_writer_text(writer, "\n}\n");
	return kfrag_writer_end(writer, error);
}

enum kfrag_error kfrag_json_parameters(struct kfrag_writer *writer,
				       const struct kfrag_report *report)
{
	struct kfrag_named_number list[KFRAG_NR_PARAMETERS];
	enum kfrag_error error;

	kfrag_report_parameters(report, list);
	for (int i = 0; i < KFRAG_NR_PARAMETERS; i++)
		kfrag_writer_format(writer, ", \"%s\": %" PRIu64, list[i].name,
				    list[i].value);
	kfrag_writer_text(writer, ", \"placement\": ");
	error = kfrag_json_string(writer, report->placement,
				  strlen(report->placement));
	if (error)
		return error;
	kfrag_writer_text(writer, ", \"policy\": ");
	error = kfrag_json_string(writer, report->policy,
				  strlen(report->policy));
	kfrag_writer_format(writer, ", \"replayed\": %s",
			    report->replayed ? "true" : "false");
	return error;
}
