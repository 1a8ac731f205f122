// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "kfrag/trend_output.h"
#include "output/json_parts.h"
#include "output/trend_parameters.h"
#include "output/writer.h"

static enum kfrag_error write_texts(struct kfrag_writer *writer, size_t i,
				    const char *name,
				    const struct kfrag_text_list *list)
{
	enum kfrag_error error = KFRAG_OK;

	kfrag_json_key(writer, i, name);
	kfrag_writer_char(writer, '[');
	for (size_t k = 0; k < list->nr_texts && !error; k++) {
		kfrag_writer_text(writer, k > 0 ? ", " : "");
		error = kfrag_json_string(writer, list->texts[k],
					  strlen(list->texts[k]));
	}
	kfrag_writer_char(writer, ']');
	return error;
}

static void write_page_sizes(struct kfrag_writer *writer, uint64_t sizes)
{
	const char *separator = "";

	kfrag_writer_text(writer, ", \"page_sizes_bytes\": [");
	for (; sizes; sizes &= sizes - 1) {
		kfrag_writer_format(writer, "%s%" PRIu64, separator,
				    sizes & (0 - sizes));
		separator = ", ";
	}
	kfrag_writer_char(writer, ']');
}

static enum kfrag_error write_parameters(struct kfrag_writer *writer,
					 const struct kfrag_trend_run *run)
{
	struct kfrag_named_value list[KFRAG_NR_TREND_PARAMETERS];
	enum kfrag_error error;

	kfrag_writer_text(writer, "\"parameters\": {");
	error = write_texts(writer, 0, "sources", &run->sources);
	if (!error)
		error = write_texts(writer, 1, "hosts", &run->hosts);
	if (!error)
		error = write_texts(writer, 1, "kernels", &run->kernels);
	kfrag_trend_parameters(run, list);
	if (!error)
		error = kfrag_json_members(writer, 3, list,
					   KFRAG_NR_TREND_PARAMETERS);
	write_page_sizes(writer, kfrag_trend_page_sizes(run->trends->history));
	kfrag_writer_char(writer, '}');
	return error;
}

static enum kfrag_error write_outcome(struct kfrag_writer *writer,
				      const struct kfrag_trends *trends)
{
	struct kfrag_named_value verdicts[KFRAG_NR_VERDICTS];
	struct kfrag_named_value slopes[KFRAG_NR_FLOWS];
	enum kfrag_error error;

	for (size_t i = 0; i < KFRAG_NR_VERDICTS; i++)
		verdicts[i] = (struct kfrag_named_value){
			kfrag_verdict_text((enum kfrag_verdict)i),
			kfrag_value_unsigned(trends->nr_of[i])
		};
	kfrag_writer_text(writer, ",\n\"verdicts\": {");
	error = kfrag_json_members(writer, 0, verdicts, KFRAG_NR_VERDICTS);
	kfrag_writer_text(writer, "},\n\"together\": {");
	kfrag_trend_slopes(trends, slopes);
	if (!error)
		error = kfrag_json_members(writer, 0, slopes, KFRAG_NR_FLOWS);
	kfrag_writer_char(writer, '}');
	return error;
}

enum kfrag_error
kfrag_trend_write_json(FILE *out, const struct kfrag_trend_run *run,
		       const struct kfrag_selection *selections,
		       size_t nr_selections)
{
	struct kfrag_writer writer;
	enum kfrag_error error;

	kfrag_json_begin(&writer, out);
	error = write_parameters(&writer, run);
	if (!error)
		error = write_outcome(&writer, run->trends);
	return kfrag_json_end(&writer, selections, nr_selections, error);
}
