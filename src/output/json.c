// SPDX-License-Identifier: MIT
#include "kfrag/json.h"

#include <inttypes.h>
#include <string.h>

#include "output/json_parts.h"
#include "output/writer.h"

static enum kfrag_error write_parameters(struct kfrag_writer *writer,
					 const struct kfrag_report *report,
					 const char *source)
{
	enum kfrag_error error;

	kfrag_writer_text(writer, "\"parameters\": {\"source\": ");
	error = kfrag_json_string(writer, source, strlen(source));
	if (!error)
		error = kfrag_json_parameters(writer, report);
	kfrag_writer_char(writer, '}');
	return error;
}

/* Without a replay nothing was counted, and a 0 would be wrong. */
static void write_activity(struct kfrag_writer *writer,
			   const struct kfrag_report *report)
{
	kfrag_writer_text(writer, ",\n\"activity\": {");
	for (int a = 0; a < KFRAG_KERNEL; a++) {
		const struct kfrag_activity *activity = &report->activity[a];
		const struct kfrag_named_number counts[] = {
			{ "nr_splits", activity->nr_splits },
			{ "nr_merges", activity->nr_merges },
			{ "nr_slabs_made", activity->nr_slabs_made },
			{ "nr_slabs_returned", activity->nr_slabs_returned },
		};

		kfrag_writer_format(
			writer, "%s\"%s\": {", a > 0 ? ", " : "",
			kfrag_allocator_text((enum kfrag_allocator)a));
		for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]);
		     i++) {
			kfrag_json_key(writer, i, counts[i].name);
			if (report->replayed)
				kfrag_writer_format(writer, "%" PRIu64,
						    counts[i].value);
			else
				kfrag_writer_text(writer, "null");
		}
		kfrag_writer_char(writer, '}');
	}
	kfrag_writer_char(writer, '}');
}

enum kfrag_error kfrag_json_write(FILE *out, const struct kfrag_report *report,
				  const char *source,
				  const struct kfrag_selection *selections,
				  size_t nr_selections)
{
	struct kfrag_writer writer;
	enum kfrag_error error;

	kfrag_json_begin(&writer, out);
	error = write_parameters(&writer, report, source);
	if (!error)
		write_activity(&writer, report);
	return kfrag_json_end(&writer, selections, nr_selections, error);
}
