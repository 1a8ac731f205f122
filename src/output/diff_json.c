// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "kfrag/diff.h"
#include "output/json_parts.h"
#include "output/whatif_parts.h"
#include "output/writer.h"

static enum kfrag_error write_side(struct kfrag_writer *writer,
				   const char *name,
				   const struct kfrag_diff_side *side)
{
	const char *version =
		kfrag_slabinfo_version_text(side->snapshot->version);
	enum kfrag_error error;

	kfrag_writer_format(writer, ",\n\"%s\": {\"source\": ", name);
	error = kfrag_json_string(writer, side->source, strlen(side->source));
	if (error)
		return error;
	kfrag_writer_format(writer, ", \"sample\": %" PRIu64, side->sample);
	if (side->snapshot->has_time)
		kfrag_writer_format(writer, ", \"time\": %" PRIu64,
				    side->snapshot->time);
	else
		kfrag_writer_text(writer, ", \"time\": null");
	kfrag_writer_text(writer, ", \"kernel\": ");
	if (side->kernel)
		error = kfrag_json_string(writer, side->kernel,
					  strlen(side->kernel));
	else
		kfrag_writer_text(writer, "null");
	kfrag_writer_format(writer, ", \"slabinfo_version\": \"%s\"", version);
	if (!error)
		error = kfrag_json_parameters(writer, side->report);
	kfrag_writer_char(writer, '}');
	return error;
}

enum kfrag_error kfrag_diff_write_json(FILE *out, const struct kfrag_diff *diff,
				       const struct kfrag_selection *selections,
				       size_t nr_selections)
{
	struct kfrag_writer writer;
	enum kfrag_error error;

	kfrag_json_begin(&writer, out);
	kfrag_writer_format(&writer, "\"differs\": %s",
			    diff->differs ? "true" : "false");
	error = write_side(&writer, "old", &diff->old_side);
	if (!error)
		error = write_side(&writer, "new", &diff->new_side);
	if (!error && diff->premise)
		error = kfrag_whatif_json(&writer, diff->premise);
	return kfrag_json_end(&writer, selections, nr_selections, error);
}
