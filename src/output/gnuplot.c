// SPDX-License-Identifier: MIT
#include "kfrag/gnuplot.h"

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

	kfrag_gnuplot_begin(&writer, out);
	error = kfrag_gnuplot_parameters(&writer, report, source, "");
	return kfrag_gnuplot_end(&writer, selections, nr_selections, error);
}
