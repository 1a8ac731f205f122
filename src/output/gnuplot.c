// SPDX-License-Identifier: MIT
#include "kfrag/gnuplot.h"

#include "kfrag/version.h"
#include "output/gnuplot_parts.h"
#include "output/writer.h"

enum kfrag_error kfrag_gnuplot_write(FILE *out,
				     const struct kfrag_report *report,
				     const char *source,
				     const struct kfrag_selection *selections,
				     size_t nr_selections)
{
	struct kfrag_writer writer;
	enum kfrag_error error;

	kfrag_writer_init(&writer, out);
	kfrag_writer_text(&writer, "# kfrag " KFRAG_VERSION "\n");
	error = kfrag_gnuplot_parameters(&writer, report, source, "");
	for (size_t i = 0; i < nr_selections && !error; i++)
		error = kfrag_gnuplot_rows(&writer, &selections[i]);
	return kfrag_writer_end(&writer, error);
}
