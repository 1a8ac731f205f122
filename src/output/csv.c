// SPDX-License-Identifier: MIT
#include "kfrag/csv.h"

#include <string.h>

#include <csv.h>

#include "output/scratch.h"
#include "output/values.h"
#include "output/writer.h"

static enum kfrag_error write_text(struct kfrag_writer *writer,
				   const struct kfrag_value *value,
				   struct kfrag_scratch *quoted)
{
	const char *text =
		kfrag_writer_escape(writer, value->text, value->text_bytes);
	size_t bytes, size;
	char *field;

	if (!text)
		return KFRAG_ENOMEM;
	bytes = strlen(text);
	/* Quotes around it, and if it is all quotes another for each. */
	size = 2 * bytes + 2;
	field = kfrag_scratch_reserve(quoted, size);
	if (!field)
		return KFRAG_ENOMEM;
	kfrag_writer_bytes(writer, field,
			   csv_write2(field, size, text, bytes, CSV_QUOTE));
	return KFRAG_OK;
}

static enum kfrag_error write_row(struct kfrag_writer *writer,
				  const struct kfrag_selection *selection,
				  const void *row, struct kfrag_scratch *quoted)
{
	enum kfrag_error error = KFRAG_OK;

	for (size_t i = 0; i < selection->nr_columns && !error; i++) {
		struct kfrag_value value = selection->columns[i]->value(row);

		if (i > 0)
			kfrag_writer_char(writer, CSV_COMMA);
		if (kfrag_value_is_text(&value))
			error = write_text(writer, &value, quoted);
		else
			kfrag_writer_digits(writer, &value, "");
	}
	kfrag_writer_char(writer, '\n');
	return error;
}

enum kfrag_error kfrag_csv_write(FILE *out,
				 const struct kfrag_selection *selection)
{
	struct kfrag_writer writer;
	struct kfrag_scratch quoted = { 0 };
	enum kfrag_error error = KFRAG_OK;

	kfrag_writer_init(&writer, out);
	for (size_t i = 0; i < selection->nr_columns; i++) {
		if (i > 0)
			kfrag_writer_char(&writer, CSV_COMMA);
		kfrag_writer_text(&writer, selection->columns[i]->name);
	}
	kfrag_writer_char(&writer, '\n');
	for (size_t i = 0; i < selection->nr_rows && !error; i++)
		error = write_row(&writer, selection, selection->rows[i],
				  &quoted);
	kfrag_scratch_release(&quoted);
	return kfrag_writer_end(&writer, error);
}
