// SPDX-License-Identifier: MIT
/*
 * gnuplot takes a comment that starts with a name for the name of the block
 * behind it, so no other comment may start with the name of a table.
 */
#include "kfrag/gnuplot.h"

#include <inttypes.h>
#include <string.h>

#include "kfrag/version.h"
#include "output/scratch.h"
#include "output/stream.h"
#include "output/values.h"

static enum kfrag_error write_escaped(FILE *out, const char *text, size_t bytes,
				      struct kfrag_scratch *scratch)
{
	const char *escaped = kfrag_scratch_escape(scratch, text, bytes);

	if (!escaped)
		return KFRAG_ENOMEM;
	for (; *escaped; escaped++) {
		if (*escaped == '\\')
			fputc('\\', out);
		fputc(*escaped, out);
	}
	return KFRAG_OK;
}

/*
 * What lies between '"' and '\\' is escaped piece by piece; neither can be
 * inside a UTF-8 character, so nothing is torn.
 */
static enum kfrag_error write_string(FILE *out, const char *text, size_t bytes,
				     struct kfrag_scratch *scratch)
{
	const char *end = text + bytes;

	fputc('"', out);
	while (text < end) {
		const char *at = text;
		enum kfrag_error error;

		while (at < end && *at != '"' && *at != '\\')
			at++;
		error = write_escaped(out, text, (size_t)(at - text), scratch);
		if (error)
			return error;
		if (at < end)
			fputs(*at++ == '"' ? "\\\\x22" : "\\\\x5c", out);
		text = at;
	}
	fputc('"', out);
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
			fputc(' ', out);
		if (kfrag_value_is_text(&value))
			error = write_string(out, value.text, value.text_bytes,
					     scratch);
		else
			fputs(kfrag_value_digits(&value, "NaN", digits), out);
	}
	fputc('\n', out);
	return error;
}

static enum kfrag_error write_block(FILE *out,
				    const struct kfrag_selection *selection,
				    struct kfrag_scratch *scratch)
{
	enum kfrag_error error = KFRAG_OK;

	fprintf(out, "\n\n# %s\n#", kfrag_table_text(selection->kind));
	for (size_t i = 0; i < selection->nr_columns; i++)
		fprintf(out, " %s", selection->columns[i]->name);
	fputc('\n', out);
	for (size_t i = 0; i < selection->nr_rows && !error; i++)
		error = write_row(out, selection, selection->rows[i], scratch);
	return error;
}

static enum kfrag_error
write_parameters(FILE *out, const struct kfrag_report *report,
		 const char *source, struct kfrag_scratch *scratch)
{
	const char *escaped =
		kfrag_scratch_escape(scratch, source, strlen(source));
	struct kfrag_named_number list[KFRAG_NR_PARAMETERS];

	if (!escaped)
		return KFRAG_ENOMEM;
	fprintf(out, "# kfrag %s\n# source: %s\n", KFRAG_VERSION, escaped);
	kfrag_report_parameters(report, list);
	for (int i = 0; i < KFRAG_NR_PARAMETERS; i++)
		fprintf(out, "# %s: %" PRIu64 "\n", list[i].name,
			list[i].value);
	fprintf(out, "# policy: %s\n# replayed: %s\n", report->policy,
		report->replayed ? "true" : "false");
	return KFRAG_OK;
}

enum kfrag_error kfrag_gnuplot_write(FILE *out,
				     const struct kfrag_report *report,
				     const char *source,
				     const struct kfrag_selection *selections,
				     size_t nr_selections)
{
	struct kfrag_scratch scratch = { 0 };
	enum kfrag_error error;

	error = write_parameters(out, report, source, &scratch);
	for (size_t i = 0; i < nr_selections && !error; i++) {
		if (selections[i].nr_rows > 0)
			error = write_block(out, &selections[i], &scratch);
		else
			fprintf(out, "# no rows in %s\n",
				kfrag_table_text(selections[i].kind));
	}
	kfrag_scratch_release(&scratch);
	return error ? error : kfrag_stream_end(out);
}
