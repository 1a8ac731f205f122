// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "kfrag/trend_output.h"
#include "output/gnuplot_parts.h"
#include "output/trend_parameters.h"
#include "output/writer.h"

static enum kfrag_error write_texts(struct kfrag_writer *writer,
				    const char *name,
				    const struct kfrag_text_list *list)
{
	enum kfrag_error error = KFRAG_OK;

	for (size_t i = 0; i < list->nr_texts && !error; i++) {
		const struct kfrag_named_value text = {
			name,
			kfrag_value_name(list->texts[i], strlen(list->texts[i]))
		};

		error = kfrag_gnuplot_comments(writer, &text, 1);
	}
	return error;
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
	if (!error)
		error = kfrag_gnuplot_comments(writer, list,
					       KFRAG_NR_TREND_PARAMETERS);
	for (; sizes; sizes &= sizes - 1)
		kfrag_writer_format(writer, "# page_size_bytes: %" PRIu64 "\n",
				    sizes & (0 - sizes));
	kfrag_trend_slopes(run->trends, slopes);
	if (!error)
		error = kfrag_gnuplot_comments(writer, slopes, KFRAG_NR_FLOWS);
	return error;
}

enum kfrag_error
kfrag_trend_write_gnuplot(FILE *out, const struct kfrag_trend_run *run,
			  const struct kfrag_selection *selections,
			  size_t nr_selections)
{
	struct kfrag_writer writer;
	enum kfrag_error error;

	kfrag_gnuplot_begin(&writer, out);
	error = write_parameters(&writer, run);
	return kfrag_gnuplot_end(&writer, selections, nr_selections, error);
}
