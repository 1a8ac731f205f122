// SPDX-License-Identifier: MIT
#include "kfrag/csv.h"

#include <string.h>

#include <csv.h>

#include "output/scratch.h"
#include "output/stream.h"
#include "output/values.h"

/* A failed write is found by kfrag_stream_end(). */
static enum kfrag_error write_text(FILE *out, const struct kfrag_value *value,
				   struct kfrag_scratch *scratch)
{
	const char *text =
		kfrag_scratch_escape(scratch, value->text, value->text_bytes);

	if (!text)
		return KFRAG_ENOMEM;
	(void)csv_fwrite2(out, text, strlen(text), CSV_QUOTE);
	return KFRAG_OK;
}

static enum kfrag_error
write_row(FILE *out, const struct kfrag_selection *selection, const void *row,
	  struct kfrag_scratch *scratch)
{
	char digits[KFRAG_NUMBER_SIZE];
	enum kfrag_error error = KFRAG_OK;

	for (size_t i = 0; i < selection->nr_columns && !error; i++) {
		struct kfrag_value value = selection->columns[i]->value(row);

		if (i > 0)
			fputc(CSV_COMMA, out);
		if (kfrag_value_is_text(&value))
			error = write_text(out, &value, scratch);
		else
			fputs(kfrag_value_digits(&value, "", digits), out);
	}
	fputc('\n', out);
	return error;
}

enum kfrag_error kfrag_csv_write(FILE *out,
				 const struct kfrag_selection *selection)
{
	struct kfrag_scratch scratch = { 0 };
	enum kfrag_error error = KFRAG_OK;

	for (size_t i = 0; i < selection->nr_columns; i++)
		fprintf(out, "%s%s", i > 0 ? "," : "",
			selection->columns[i]->name);
	fputc('\n', out);
	for (size_t i = 0; i < selection->nr_rows && !error; i++)
		error = write_row(out, selection, selection->rows[i], &scratch);
	kfrag_scratch_release(&scratch);
	return error ? error : kfrag_stream_end(out);
}
