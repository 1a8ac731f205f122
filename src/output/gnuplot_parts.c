// SPDX-License-Identifier: MIT
/*
 * gnuplot takes a comment that starts with a name for the name of the block
 * behind it, so no other comment may start with the name of a table.
 */
#include "output/gnuplot_parts.h"

#include <inttypes.h>
#include <string.h>

#include "kfrag/version.h"

static enum kfrag_error write_escaped(struct kfrag_writer *writer,
				      const char *text, size_t bytes)
{
	const char *escaped = kfrag_writer_escape(writer, text, bytes);

	if (!escaped)
		return KFRAG_ENOMEM;
	for (; *escaped; escaped++) {
		if (*escaped == '\\')
			kfrag_writer_char(writer, '\\');
		kfrag_writer_char(writer, *escaped);
	}
	return KFRAG_OK;
}

/*
 * What lies between '"' and '\\' is escaped piece by piece; neither can be
 * inside a UTF-8 character, so nothing is torn.
 */
static enum kfrag_error write_string(struct kfrag_writer *writer,
				     const char *text, size_t bytes)
{
	const char *end = text + bytes;

	kfrag_writer_char(writer, '"');
	while (text < end) {
		const char *at = text;
		enum kfrag_error error;

		while (at < end && *at != '"' && *at != '\\')
			at++;
		error = write_escaped(writer, text, (size_t)(at - text));
		if (error)
			return error;
		if (at < end)
			kfrag_writer_text(writer,
					  *at++ == '"' ? "\\\\x22" : "\\\\x5c");
		text = at;
	}
	kfrag_writer_char(writer, '"');
	return KFRAG_OK;
}

static enum kfrag_error write_row(struct kfrag_writer *writer,
				  const struct kfrag_selection *selection,
				  const void *row)
{
	enum kfrag_error error = KFRAG_OK;

	for (size_t i = 0; i < selection->nr_columns && !error; i++) {
		struct kfrag_value value = selection->columns[i]->value(row);

		if (i > 0)
			kfrag_writer_char(writer, ' ');
		if (kfrag_value_is_text(&value))
			error = write_string(writer, value.text,
					     value.text_bytes);
		else
			kfrag_writer_digits(writer, &value, "NaN");
	}
	kfrag_writer_char(writer, '\n');
	return error;
}

static enum kfrag_error write_block(struct kfrag_writer *writer,
				    const struct kfrag_selection *selection)
{
	enum kfrag_error error = KFRAG_OK;

	kfrag_writer_format(writer, "\n\n# %s\n#", selection->set->name);
	for (size_t i = 0; i < selection->nr_columns; i++) {
		kfrag_writer_char(writer, ' ');
		kfrag_writer_text(writer, selection->columns[i]->name);
	}
	kfrag_writer_char(writer, '\n');
	for (size_t i = 0; i < selection->nr_rows && !error; i++)
		error = write_row(writer, selection, selection->rows[i]);
	return error;
}

enum kfrag_error kfrag_gnuplot_rows(struct kfrag_writer *writer,
				    const struct kfrag_selection *selection)
{
	if (selection->nr_rows > 0)
		return write_block(writer, selection);
	kfrag_writer_format(writer, "# no rows in %s\n", selection->set->name);
	return KFRAG_OK;
}

enum kfrag_error kfrag_gnuplot_parameters(struct kfrag_writer *writer,
					  const struct kfrag_report *report,
					  const char *source,
					  const char *prefix)
{
	const char *escaped =
		kfrag_writer_escape(writer, source, strlen(source));
	struct kfrag_named_number list[KFRAG_NR_PARAMETERS];

	if (!escaped)
		return KFRAG_ENOMEM;
	kfrag_writer_format(writer, "# %ssource: %s\n", prefix, escaped);
	kfrag_report_parameters(report, list);
	for (int i = 0; i < KFRAG_NR_PARAMETERS; i++)
		kfrag_writer_format(writer, "# %s%s: %" PRIu64 "\n", prefix,
				    list[i].name, list[i].value);
	kfrag_writer_format(writer,
			    "# %splacement: %s\n# %spolicy: %s\n"
			    "# %sreplayed: %s\n",
			    prefix, report->placement, prefix, report->policy,
			    prefix, report->replayed ? "true" : "false");
	return KFRAG_OK;
}

enum kfrag_error kfrag_gnuplot_comments(struct kfrag_writer *writer,
					const struct kfrag_named_value *list,
					size_t nr_values)
{
	for (size_t i = 0; i < nr_values; i++) {
		const struct kfrag_value *value = &list[i].value;
		const char *text = NULL;

		if (kfrag_value_is_text(value)) {
			text = kfrag_writer_escape(writer, value->text,
						   value->text_bytes);
			if (!text)
				return KFRAG_ENOMEM;
		}
		kfrag_writer_text(writer, "# ");
		kfrag_writer_text(writer, list[i].name);
		kfrag_writer_text(writer, ": ");
		if (text)
			kfrag_writer_text(writer, text);
		else
			kfrag_writer_digits(writer, value, "NaN");
		kfrag_writer_char(writer, '\n');
	}
	return KFRAG_OK;
}

void kfrag_gnuplot_begin(struct kfrag_writer *writer, FILE *out)
{
	kfrag_writer_init(writer, out);
	kfrag_writer_text(writer, "# kfrag " KFRAG_VERSION "\n");
}

enum kfrag_error kfrag_gnuplot_end(struct kfrag_writer *writer,
				   const struct kfrag_selection *selections,
				   size_t nr_selections, enum kfrag_error error)
{
	for (size_t i = 0; i < nr_selections && !error; i++)
		error = kfrag_gnuplot_rows(writer, &selections[i]);
	return kfrag_writer_end(writer, error);
}
