// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "kfrag/trend_output.h"
#include "kfrag/version.h"
#include "output/gnuplot_parts.h"
#include "output/trend_parameters.h"
#include "output/writer.h"

static enum kfrag_error write_texts(struct kfrag_writer *writer,
				    const char *name,
				    const struct kfrag_text_list *list)
{
	for (size_t i = 0; i < list->nr_texts; i++) {
		const char *text = kfrag_writer_escape(writer, list->texts[i],
						       strlen(list->texts[i]));

		if (!text)
			return KFRAG_ENOMEM;
		kfrag_writer_text(writer, "# ");
		kfrag_writer_text(writer, name);
		kfrag_writer_text(writer, ": ");
		kfrag_writer_text(writer, text);
		kfrag_writer_char(writer, '\n');
	}
	return KFRAG_OK;
}

static void write_numbers(struct kfrag_writer *writer,
			  const struct kfrag_named_value *list,
			  size_t nr_values)
{
	for (size_t i = 0; i < nr_values; i++) {
		kfrag_writer_format(writer, "# %s: ", list[i].name);
		kfrag_writer_digits(writer, &list[i].value, "NaN");
		kfrag_writer_char(writer, '\n');
	}
}

static enum kfrag_error write_parameters(struct kfrag_writer *writer,
					 const struct kfrag_trend_run *run)
{
	struct kfrag_named_value list[KFRAG_NR_TREND_PARAMETERS];
	struct kfrag_named_value slopes[KFRAG_NR_FLOWS];
	uint64_t sizes = kfrag_trend_page_sizes(run->trends->history);
	enum kfrag_error error = write_texts(writer, "source", &run->sources);

	if (!error)
		error = write_texts(writer, "host", &run->hosts);
	if (!error)
		error = write_texts(writer, "kernel", &run->kernels);
	kfrag_trend_parameters(run, list);
	write_numbers(writer, list, KFRAG_NR_TREND_PARAMETERS);
	for (; sizes; sizes &= sizes - 1)
		kfrag_writer_format(writer, "# page_size_bytes: %" PRIu64 "\n",
				    sizes & (0 - sizes));
	kfrag_trend_slopes(run->trends, slopes);
	write_numbers(writer, slopes, KFRAG_NR_FLOWS);
	return error;
}

enum kfrag_error
kfrag_trend_write_gnuplot(FILE *out, const struct kfrag_trend_run *run,
			  const struct kfrag_selection *selections,
			  size_t nr_selections)
{
	struct kfrag_writer writer;
	enum kfrag_error error;

	kfrag_writer_init(&writer, out);
	kfrag_writer_text(&writer, "# kfrag " KFRAG_VERSION "\n");
	error = write_parameters(&writer, run);
	for (size_t i = 0; i < nr_selections && !error; i++)
		error = kfrag_gnuplot_rows(&writer, &selections[i]);
	return kfrag_writer_end(&writer, error);
}
