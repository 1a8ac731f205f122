// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "kfrag/diff.h"
#include "output/gnuplot_parts.h"
#include "output/whatif_parts.h"
#include "output/writer.h"

static enum kfrag_error write_side(struct kfrag_writer *writer,
				   const char *prefix,
				   const struct kfrag_diff_side *side)
{
	enum kfrag_error error = kfrag_gnuplot_parameters(writer, side->report,
							  side->source, prefix);

	if (error)
		return error;
	kfrag_writer_format(writer, "# %ssample: %" PRIu64 "\n", prefix,
			    side->sample);
	if (side->snapshot->has_time)
		kfrag_writer_format(writer, "# %stime: %" PRIu64 "\n", prefix,
				    side->snapshot->time);
	if (side->kernel) {
		const char *kernel = kfrag_writer_escape(writer, side->kernel,
							 strlen(side->kernel));

		if (!kernel)
			return KFRAG_ENOMEM;
		kfrag_writer_format(writer, "# %skernel: %s\n", prefix, kernel);
	}
	return KFRAG_OK;
}

enum kfrag_error
kfrag_diff_write_gnuplot(FILE *out, const struct kfrag_diff *diff,
			 const struct kfrag_selection *selections,
			 size_t nr_selections)
{
	struct kfrag_writer writer;
	enum kfrag_error error;

	kfrag_gnuplot_begin(&writer, out);
	error = write_side(&writer, "old_", &diff->old_side);
	if (!error)
		error = write_side(&writer, "new_", &diff->new_side);
	if (!error && diff->premise)
		error = kfrag_whatif_gnuplot(&writer, diff->premise);
	return kfrag_gnuplot_end(&writer, selections, nr_selections, error);
}
