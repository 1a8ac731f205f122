// SPDX-License-Identifier: MIT
/* What `waste` and `cache` say of a capture, as data. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/lesson_draw.h"
#include "kfrag/version.h"
#include "output/json_parts.h"
#include "output/lesson_capture_parts.h"
#include "output/writer.h"

static void put_number(struct kfrag_writer *writer, const char *key,
		       uint64_t number)
{
	kfrag_json_key(writer, 1, key);
	kfrag_writer_format(writer, "%" PRIu64, number);
}

static enum kfrag_error put_text(struct kfrag_writer *writer, size_t i,
				 const char *key, const char *text,
				 size_t nr_bytes)
{
	kfrag_json_key(writer, i, key);
	return kfrag_json_string(writer, text, nr_bytes);
}

/* ------------------------------------------------------------------ waste */

static enum kfrag_error put_row(struct kfrag_writer *writer,
				const struct kfrag_lesson_waste_row *row)
{
	const struct kfrag_record *record = row->cache->record;
	enum kfrag_error error;

	kfrag_writer_char(writer, '{');
	error = put_text(writer, 0, "name", record->name, record->name_bytes);
	put_number(writer, "size_bytes", row->cache->size_bytes);
	put_number(writer, "num_objs", row->waste.nr_objs);
	put_number(writer, "block_bytes", row->waste.block_bytes);
	put_number(writer, "lost_bytes", row->waste.lost_bytes);
	put_number(writer, "script_bytes", row->waste.script_bytes);
	kfrag_writer_char(writer, '}');
	return error;
}

static enum kfrag_error put_waste(struct kfrag_writer *writer,
				  const char *source,
				  const struct kfrag_workload *workload,
				  const struct kfrag_lesson_waste_row *rows)
{
	struct kfrag_lesson_waste sum = kfrag_lesson_waste_sum(workload);
	enum kfrag_error error;

	kfrag_writer_text(writer, "{\n\"kfrag\": \"" KFRAG_VERSION "\",\n");
	error = put_text(writer, 0, "source", source, strlen(source));
	put_number(writer, "page_bytes", workload->page_size_bytes);
	put_number(writer, "nr_caches", workload->nr_caches);
	put_number(writer, "num_objs", sum.nr_objs);
	put_number(writer, "script_bytes", sum.script_bytes);
	put_number(writer, "lost_bytes", sum.lost_bytes);
	put_number(writer, "missed_bytes", sum.lost_bytes - sum.script_bytes);
	kfrag_writer_text(writer, ",\n\"caches\": [");
	for (size_t i = 0; i < workload->nr_caches && !error; i++) {
		kfrag_writer_text(writer, i > 0 ? ",\n" : "\n");
		error = put_row(writer, &rows[i]);
	}
	kfrag_writer_text(writer, "\n]\n}\n");
	return error;
}

enum kfrag_error
kfrag_lesson_write_waste_json(FILE *out, const char *source,
			      const struct kfrag_workload *workload)
{
	struct kfrag_lesson_waste_row *rows = kfrag_lesson_waste_rows(workload);
	struct kfrag_writer writer;
	enum kfrag_error error;

	if (!rows)
		return KFRAG_ENOMEM;
	kfrag_writer_init(&writer, out);
	error = put_waste(&writer, source, workload, rows);
	free(rows);
	return kfrag_writer_end(&writer, error);
}

/* ------------------------------------------------------------------ cache */

static void put_ways(struct kfrag_writer *writer,
		     const struct kfrag_cache_row *row)
{
	struct kfrag_lesson_way ways[KFRAG_LESSON_WAYS];

	kfrag_lesson_ways_of(row, ways);
	kfrag_writer_text(writer, ",\n\"ways\": [");
	for (size_t i = 0; i < KFRAG_LESSON_WAYS; i++) {
		kfrag_writer_format(writer, "%s{\"way\": \"%s\"",
				    i > 0 ? ",\n" : "\n", ways[i].key);
		put_number(writer, "objs", ways[i].nr_objs);
		put_number(writer, "held_bytes", ways[i].held_bytes);
		put_number(writer, "lost_bytes", ways[i].lost_bytes);
		kfrag_writer_char(writer, '}');
	}
	kfrag_writer_text(writer, "\n]");
}

static enum kfrag_error
put_cache(struct kfrag_writer *writer, const char *source,
	  const struct kfrag_report *report, const struct kfrag_cache_row *row)
{
	const struct kfrag_column_set *set =
		kfrag_table_columns(KFRAG_TABLE_CACHES);
	enum kfrag_error error;

	kfrag_writer_text(writer, "{\n\"kfrag\": \"" KFRAG_VERSION
				  "\",\n\"parameters\": {");
	error = put_text(writer, 0, "source", source, strlen(source));
	if (!error)
		error = kfrag_json_parameters(writer, report);
	kfrag_writer_text(writer, "},\n\"cache\": {");
	for (size_t i = 0; i < set->nr_columns && !error; i++)
		error = kfrag_json_member(writer, i, &set->columns[i], row);
	kfrag_writer_char(writer, '}');
	put_number(writer, "block_bytes",
		   report->page_size_bytes << row->buddy_order);
	put_number(writer, "slab_bytes",
		   report->page_size_bytes << row->slab_order);
	put_ways(writer, row);
	kfrag_writer_text(writer, "\n}\n");
	return error;
}

enum kfrag_error
kfrag_lesson_write_cache_json(FILE *out, const char *source,
			      const struct kfrag_report *report,
			      const struct kfrag_cache_row *row)
{
	struct kfrag_writer writer;

	kfrag_writer_init(&writer, out);
	return kfrag_writer_end(&writer,
				put_cache(&writer, source, report, row));
}
