// SPDX-License-Identifier: MIT
/*
 * Rows are gathered in the order of lines; those of one sample then move
 * together, samples in the order in which they began.
 */
#include "kfrag/csv_snapshot.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "input/csv_row.h"
#include "input/recording.h"
#include "kfrag/arith.h"
#include "kfrag/units.h"

struct cursor {
	const char *text;
	size_t bytes;
	size_t at;
	uint64_t nr_lines;
};

/* Takes the next line, its newline excluded; false at the text's end. */
static bool next_line(struct cursor *cursor, struct kfrag_text_line *line)
{
	const char *newline;

	if (cursor->at == cursor->bytes)
		return false;
	line->text = cursor->text + cursor->at;
	line->bytes = cursor->bytes - cursor->at;
	newline = memchr(line->text, '\n', line->bytes);
	if (newline)
		line->bytes = (size_t)(newline - line->text);
	line->is_ended = newline || line->text[line->bytes - 1] == '\r';
	line->is_aligned = false;
	line->number = ++cursor->nr_lines;
	cursor->at += line->bytes + (newline != NULL);
	return true;
}

/* Spreadsheets begin UTF-8 with a mark; they end lines with CR LF. */
static void next_header(struct cursor *cursor, struct kfrag_text_line *line)
{
	static const char mark[] = { '\xef', '\xbb', '\xbf' };

	if (!next_line(cursor, line))
		*line = (struct kfrag_text_line){ .text = "" };
	if (line->bytes >= sizeof(mark) &&
	    memcmp(line->text, mark, sizeof(mark)) == 0) {
		line->text += sizeof(mark);
		line->bytes -= sizeof(mark);
	}
	if (line->bytes > 0 && line->text[line->bytes - 1] == '\r')
		line->bytes--;
}

static enum kfrag_csv_header judge_header(unsigned found, const char **missing)
{
	unsigned needed = (1U << KFRAG_CSV_NR_NEEDED) - 1;
	unsigned name = 1U << KFRAG_CSV_NAME;
	unsigned field = 0;

	*missing = NULL;
	if (!(found & name) || !(found & needed & ~name))
		return KFRAG_CSV_STRANGE;
	if ((found & needed) == needed)
		return KFRAG_CSV_CACHES;
	while (found & 1U << field)
		field++;
	*missing = kfrag_csv_field_text((enum kfrag_csv_field)field);
	return KFRAG_CSV_INCOMPLETE;
}

enum kfrag_csv_header kfrag_csv_snapshot_header(const char *text,
						size_t text_bytes,
						const char **missing)
{
	struct cursor cursor = { .text = text, .bytes = text_bytes };
	struct kfrag_csv_reader reader;
	struct kfrag_text_line header;
	unsigned found;

	next_header(&cursor, &header);
	*missing = NULL;
	/* Nearly every text is slabinfo, and needs no libcsv to tell. */
	if (!memchr(header.text, ',', header.bytes))
		return KFRAG_CSV_STRANGE;
	(void)kfrag_csv_reader_init(&reader, &header, &found);
	kfrag_csv_reader_release(&reader);
	return judge_header(found, missing);
}

/* What is kept of a row until all of them are there. */
struct row {
	struct kfrag_record record; /* its name in the recording's names */
	uint64_t time;
	uint64_t moment;
	uint64_t held_bytes;
	uint64_t first_line; /* of its sample */
	uint32_t time_ms;
	unsigned slab_order;
	bool has_time;
	bool has_held;
};

struct builder {
	struct kfrag_recording *recording;
	struct row *rows;
	size_t nr_rows;
	size_t nr_rows_room;
	size_t nr_diags_room;
	size_t names_bytes;
	size_t names_room;
};

/* Names are found again by their lengths until they stay in place. */
static bool keep_name(struct builder *builder,
		      const struct kfrag_record *record)
{
	struct kfrag_recording *recording = builder->recording;
	size_t needed = builder->names_bytes + record->name_bytes + 1;

	while (builder->names_room < needed) {
		char *grown =
			kfrag_grow(recording->names, &builder->names_room, 1);

		if (!grown)
			return false;
		recording->names = grown;
	}
	memcpy(recording->names + builder->names_bytes, record->name,
	       record->name_bytes + 1);
	builder->names_bytes = needed;
	return true;
}

static bool keep_row(struct builder *builder, const struct kfrag_csv_row *row)
{
	struct row *kept;

	if (builder->nr_rows == builder->nr_rows_room) {
		struct row *grown = kfrag_grow(
			builder->rows, &builder->nr_rows_room, sizeof(*grown));

		if (!grown)
			return false;
		builder->rows = grown;
	}
	if (!keep_name(builder, &row->record))
		return false;
	kept = &builder->rows[builder->nr_rows++];
	*kept = (struct row){
		.record = row->record,
		.time = row->time,
		.time_ms = row->has_time ? (uint32_t)row->time_ms : 0,
		.moment = row->moment,
		.held_bytes = row->held_bytes,
		.slab_order = (unsigned)row->slab_order,
		.has_time = row->has_time,
		.has_held = row->has_held,
	};
	kept->record.active_slabs = row->record.num_slabs;
	kept->record.active_slabs_unknown = true;
	kept->record.pages_per_slab = UINT64_C(1) << row->slab_order;
	return true;
}

static bool add_row(struct builder *builder, const struct kfrag_csv_row *row)
{
	if (row->is_blank)
		return true;
	for (unsigned i = 0; i < row->nr_diags; i++) {
		if (!kfrag_recording_add_diag(builder->recording,
					      &builder->nr_diags_room,
					      &row->diags[i]))
			return false;
	}
	return kfrag_csv_row_is_lost(row) || keep_row(builder, row);
}

/* ------------------------------------------------------------- samples */

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static bool is_same_sample(const struct row *a, const struct row *b)
{
	return a->has_time == b->has_time && a->time == b->time &&
	       a->time_ms == b->time_ms && a->moment == b->moment;
}

static int by_time(const void *any_a, const void *any_b)
{
	const struct row *a = any_a, *b = any_b;

	if (a->has_time != b->has_time)
		return a->has_time ? 1 : -1;
	if (a->time != b->time)
		return compare(a->time, b->time);
	if (a->time_ms != b->time_ms)
		return compare(a->time_ms, b->time_ms);
	if (a->moment != b->moment)
		return compare(a->moment, b->moment);
	return compare(a->record.line, b->record.line);
}

static int by_sample(const void *any_a, const void *any_b)
{
	const struct row *a = any_a, *b = any_b;

	if (a->first_line != b->first_line)
		return compare(a->first_line, b->first_line);
	return compare(a->record.line, b->record.line);
}

/* Returns how many samples there are; rows of each then stand together. */
static size_t group(struct row *rows, size_t nr_rows)
{
	size_t nr_samples = 0;
	uint64_t first_line = 0;

	qsort(rows, nr_rows, sizeof(*rows), by_time);
	for (size_t i = 0; i < nr_rows; i++) {
		if (i == 0 || !is_same_sample(&rows[i], &rows[i - 1])) {
			first_line = rows[i].record.line;
			nr_samples++;
		}
		rows[i].first_line = first_line;
	}
	if (nr_samples > 1)
		qsort(rows, nr_rows, sizeof(*rows), by_sample);
	return nr_samples;
}

/* The page size that the bytes of a row's slabs imply; 0: they do not tell. */
static uint64_t page_size_of(const struct row *row)
{
	uint64_t nr_slabs = row->record.num_slabs;
	uint64_t slab_bytes, page_bytes;

	if (!row->has_held || nr_slabs == 0 || row->held_bytes % nr_slabs)
		return 0;
	slab_bytes = row->held_bytes / nr_slabs;
	page_bytes = slab_bytes >> row->slab_order;
	if (page_bytes << row->slab_order != slab_bytes ||
	    page_bytes < KFRAG_MIN_PAGE_BYTES ||
	    page_bytes > KFRAG_MAX_PAGE_BYTES ||
	    !kfrag_is_power_of_two(page_bytes))
		return 0;
	return page_bytes;
}

static uint64_t common_page_size(const struct row *rows, size_t nr_rows)
{
	uint64_t common = 0;

	for (size_t i = 0; i < nr_rows; i++) {
		uint64_t bytes = page_size_of(&rows[i]);

		if (bytes && common && bytes != common)
			return 0;
		if (bytes)
			common = bytes;
	}
	return common;
}

/* pages_per_slab that is no power of two, where the held bytes tell it. */
static void restore_pages(struct row *row, uint64_t page_size_bytes)
{
	uint64_t nr_slabs = row->record.num_slabs;
	uint64_t nr_pages;

	if (!page_size_bytes || !row->has_held || nr_slabs == 0 ||
	    row->held_bytes % nr_slabs ||
	    row->held_bytes / nr_slabs % page_size_bytes)
		return;
	nr_pages = row->held_bytes / nr_slabs / page_size_bytes;
	if (nr_pages > 0 && kfrag_log2_ceil(nr_pages) == row->slab_order)
		row->record.pages_per_slab = nr_pages;
}

static void set_snapshot(struct kfrag_snapshot *snapshot, struct row *rows,
			 size_t nr_rows, struct kfrag_record *records)
{
	uint64_t page_size_bytes = common_page_size(rows, nr_rows);

	*snapshot = (struct kfrag_snapshot){
		.records = records,
		.nr_records = nr_rows,
		.version = KFRAG_SLABINFO_UNKNOWN,
		.line = rows->record.line,
		.has_time = rows->has_time,
		.time = rows->time,
		.time_ms = rows->time_ms,
	};
	if (page_size_bytes)
		snapshot->origin.page_size_bytes = kfrag_known(page_size_bytes);
	for (size_t i = 0; i < nr_rows; i++) {
		restore_pages(&rows[i], page_size_bytes);
		records[i] = rows[i].record;
	}
}

/* Now that the names stay in place. */
static void point_to_names(struct builder *builder)
{
	const char *name = builder->recording->names;

	for (size_t i = 0; i < builder->nr_rows; i++) {
		builder->rows[i].record.name = name;
		name += builder->rows[i].record.name_bytes + 1;
	}
}

static bool builder_end(struct builder *builder)
{
	struct kfrag_recording *recording = builder->recording;
	struct row *rows = builder->rows;
	size_t nr_rows = builder->nr_rows;
	size_t nr_samples, start = 0;

	if (nr_rows == 0)
		return true;
	point_to_names(builder);
	nr_samples = group(rows, nr_rows);
	recording->records = calloc(nr_rows, sizeof(*recording->records));
	recording->snapshots =
		calloc(nr_samples, sizeof(*recording->snapshots));
	if (!recording->records || !recording->snapshots)
		return false;
	for (size_t end = 1; end <= nr_rows; end++) {
		if (end < nr_rows && is_same_sample(&rows[start], &rows[end]))
			continue;
		set_snapshot(&recording->snapshots[recording->nr_snapshots++],
			     rows + start, end - start,
			     recording->records + start);
		start = end;
	}
	return true;
}

static bool read_rows(struct builder *builder, struct kfrag_csv_reader *reader,
		      struct cursor *cursor)
{
	struct kfrag_text_line line;
	struct kfrag_csv_row row;

	while (next_line(cursor, &line)) {
		if (!kfrag_csv_row_read(&row, reader, &line) ||
		    !add_row(builder, &row))
			return false;
	}
	return true;
}

enum kfrag_error kfrag_csv_snapshot_parse(struct kfrag_recording *recording,
					  const char *text, size_t text_bytes)
{
	struct cursor cursor = { .text = text, .bytes = text_bytes };
	struct builder builder = { .recording = recording };
	struct kfrag_csv_reader reader;
	struct kfrag_text_line header;
	const char *missing;
	unsigned found;
	bool has_memory, is_ours;

	*recording = (struct kfrag_recording){ 0 };
	next_header(&cursor, &header);
	has_memory = kfrag_csv_reader_init(&reader, &header, &found);
	is_ours = judge_header(found, &missing) == KFRAG_CSV_CACHES;
	if (has_memory && is_ours)
		has_memory = read_rows(&builder, &reader, &cursor) &&
			     builder_end(&builder);
	kfrag_csv_reader_release(&reader);
	free(builder.rows);
	if (!has_memory) {
		kfrag_recording_release(recording);
		return KFRAG_ENOMEM;
	}
	return recording->nr_snapshots ? KFRAG_OK : KFRAG_EFORMAT;
}
