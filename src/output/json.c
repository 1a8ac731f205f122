// SPDX-License-Identifier: MIT
#include "kfrag/json.h"

#include <inttypes.h>
#include <string.h>

#include "kfrag/version.h"
#include "output/scratch.h"
#include "output/stream.h"
#include "output/values.h"

/*
 * Once control characters and broken UTF-8 are escaped, '"' and '\\' are all
 * that RFC 8259 forbids in a string.
 */
static enum kfrag_error write_string(FILE *out, const char *text, size_t bytes,
				     struct kfrag_scratch *scratch)
{
	const char *escaped = kfrag_scratch_escape(scratch, text, bytes);

	if (!escaped)
		return KFRAG_ENOMEM;
	fputc('"', out);
	for (; *escaped; escaped++) {
		if (*escaped == '"' || *escaped == '\\')
			fputc('\\', out);
		fputc(*escaped, out);
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

	fputc('{', out);
	for (size_t i = 0; i < selection->nr_columns && !error; i++) {
		struct kfrag_value value = selection->columns[i]->value(row);

		fprintf(out, "%s\"%s\": ", i > 0 ? ", " : "",
			selection->columns[i]->name);
		if (kfrag_value_is_text(&value))
			error = write_string(out, value.text, value.text_bytes,
					     scratch);
		else
			fputs(kfrag_value_digits(&value, "null", digits), out);
	}
	fputc('}', out);
	return error;
}

static enum kfrag_error write_rows(FILE *out,
				   const struct kfrag_selection *selection,
				   struct kfrag_scratch *scratch)
{
	enum kfrag_error error = KFRAG_OK;

	fprintf(out, ",\n\"%s\": [", kfrag_table_text(selection->kind));
	for (size_t i = 0; i < selection->nr_rows && !error; i++) {
		fputs(i > 0 ? ",\n" : "\n", out);
		error = write_row(out, selection, selection->rows[i], scratch);
	}
	fputs("\n]", out);
	return error;
}

static enum kfrag_error
write_parameters(FILE *out, const struct kfrag_report *report,
		 const char *source, struct kfrag_scratch *scratch)
{
	struct kfrag_named_number list[KFRAG_NR_PARAMETERS];
	enum kfrag_error error;

	fputs("\"parameters\": {\"source\": ", out);
	error = write_string(out, source, strlen(source), scratch);
	if (error)
		return error;
	kfrag_report_parameters(report, list);
	for (int i = 0; i < KFRAG_NR_PARAMETERS; i++)
		fprintf(out, ", \"%s\": %" PRIu64, list[i].name, list[i].value);
	fputs(", \"policy\": ", out);
	error = write_string(out, report->policy, strlen(report->policy),
			     scratch);
	fprintf(out, ", \"replayed\": %s}",
		report->replayed ? "true" : "false");
	return error;
}

/* Without a replay nothing was counted, and a 0 would be wrong. */
static void write_activity(FILE *out, const struct kfrag_report *report)
{
	fputs(",\n\"activity\": {", out);
	for (int a = 0; a < KFRAG_KERNEL; a++) {
		const struct kfrag_activity *activity = &report->activity[a];
		const struct kfrag_named_number counts[] = {
			{ "nr_splits", activity->nr_splits },
			{ "nr_merges", activity->nr_merges },
			{ "nr_slabs_made", activity->nr_slabs_made },
			{ "nr_slabs_returned", activity->nr_slabs_returned },
		};

		fprintf(out, "%s\"%s\": {", a > 0 ? ", " : "",
			kfrag_allocator_text((enum kfrag_allocator)a));
		for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]);
		     i++) {
			fprintf(out, "%s\"%s\": ", i > 0 ? ", " : "",
				counts[i].name);
			if (report->replayed)
				fprintf(out, "%" PRIu64, counts[i].value);
			else
				fputs("null", out);
		}
		fputc('}', out);
	}
	fputc('}', out);
}

enum kfrag_error kfrag_json_write(FILE *out, const struct kfrag_report *report,
				  const char *source,
				  const struct kfrag_selection *selections,
				  size_t nr_selections)
{
	struct kfrag_scratch scratch = { 0 };
	enum kfrag_error error;

	fputs("{\n\"kfrag\": \"" KFRAG_VERSION "\",\n", out);
	error = write_parameters(out, report, source, &scratch);
	if (!error)
		write_activity(out, report);
	for (size_t i = 0; i < nr_selections && !error; i++)
		error = write_rows(out, &selections[i], &scratch);
	fputs("\n}\n", out);
	kfrag_scratch_release(&scratch);
	return error ? error : kfrag_stream_end(out);
}
