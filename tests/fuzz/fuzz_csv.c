// SPDX-License-Identifier: MIT
/*
 * Reads any bytes as kfrag's CSV and asserts what a good recording implies:
 * among it that what is written of a record reads back as that record.
 */
#undef NDEBUG
#include <assert.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "kfrag/arith.h"
#include "kfrag/csv_snapshot.h"
#include "kfrag/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NEEDED                                                                 \
	"name,size_bytes,active_objs,num_objs,objs_per_slab,slab_order,"       \
	"num_slabs\n"

/* Parses an exact-size copy, gone before the recording is looked at. */
static enum kfrag_error parse(struct kfrag_recording *recording,
			      const void *data, size_t size)
{
	char *text = malloc(size ? size : 1);
	enum kfrag_error error;

	assert(text);
	if (size > 0)
		memcpy(text, data, size);
	error = kfrag_csv_snapshot_parse(recording, text, size);
	free(text);
	return error;
}

static bool is_same_name(const struct kfrag_record *a,
			 const struct kfrag_record *b)
{
	return a->name_bytes == b->name_bytes &&
	       memcmp(a->name, b->name, a->name_bytes) == 0;
}

/* Writes the record as kfrag_csv_write() does, and reads that. */
static void check_again(const struct kfrag_record *record)
{
	size_t escaped_size = KFRAG_TEXT_ESCAPED_SIZE(record->name_bytes);
	size_t size = sizeof(NEEDED) + 2 * escaped_size + 6 * 24;
	char *escaped = malloc(escaped_size);
	char *text = malloc(size);
	struct kfrag_recording again;
	size_t bytes, at;

	assert(escaped && text);
	bytes = kfrag_text_escape(escaped, record->name, record->name_bytes);
	at = (size_t)snprintf(text, size, "%s", NEEDED);
	at += csv_write(text + at, size - at, escaped, bytes);
	at += (size_t)snprintf(text + at, size - at,
			       ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
			       ",%u,%" PRIu64 "\n",
			       record->size_bytes, record->active_objs,
			       record->num_objs, record->objs_per_slab,
			       kfrag_log2_ceil(record->pages_per_slab),
			       record->num_slabs);
	assert(parse(&again, text, at) == KFRAG_OK);
	assert(again.records->size_bytes == record->size_bytes);
	assert(again.records->active_objs == record->active_objs);
	assert(again.records->num_objs == record->num_objs);
	assert(again.records->objs_per_slab == record->objs_per_slab);
	assert(again.records->num_slabs == record->num_slabs);
	assert(kfrag_log2_ceil(again.records->pages_per_slab) ==
	       kfrag_log2_ceil(record->pages_per_slab));
	/* A literal \xNN in a name reads back as that byte: once. */
	if (!memchr(record->name, '\\', record->name_bytes))
		assert(is_same_name(again.records, record));
	kfrag_recording_release(&again);
	free(escaped);
	free(text);
}

static void check_record(const struct kfrag_record *record)
{
	assert(record->size_bytes >= 1);
	assert(record->pages_per_slab >= 1);
	assert(record->active_slabs == record->num_slabs &&
	       record->active_slabs_unknown);
	assert(record->line >= 2);
	assert(record->name_bytes >= 1);
	assert(record->name[record->name_bytes] == '\0');
}

static bool is_same_time(const struct kfrag_snapshot *a,
			 const struct kfrag_snapshot *b)
{
	return a->has_time == b->has_time && a->time == b->time &&
	       a->time_ms == b->time_ms;
}

/*
 * Returns how many records there are. No two samples have the same time, but
 * where moments tell them apart.
 */
static size_t check_snapshots(const struct kfrag_recording *recording,
			      bool has_moments)
{
	uint64_t first_line = 1;
	size_t nr_records = 0;

	for (size_t i = 0; i < recording->nr_snapshots; i++) {
		const struct kfrag_snapshot *snapshot =
			&recording->snapshots[i];
		uint64_t page = snapshot->origin.page_size_bytes.value,
			 line = 1;

		assert(snapshot->nr_records >= 1);
		assert(snapshot->records == recording->records + nr_records);
		assert(snapshot->line > first_line);
		assert(snapshot->has_time ||
		       (snapshot->time == 0 && snapshot->time_ms == 0));
		assert(snapshot->time_ms < 1000);
		assert(page == 0 || (kfrag_is_power_of_two(page) &&
				     page >= 1024 && page <= 16 << 20));
		first_line = snapshot->line;
		for (size_t j = 0; j < snapshot->nr_records; j++) {
			assert(snapshot->records[j].line > line);
			line = snapshot->records[j].line;
			check_record(&snapshot->records[j]);
		}
		for (size_t j = 0; j < i && i < 16 && !has_moments; j++)
			assert(!is_same_time(snapshot,
					     &recording->snapshots[j]));
		nr_records += snapshot->nr_records;
	}
	return nr_records;
}

static bool has_word(const uint8_t *data, size_t size, const char *word)
{
	size_t bytes = strlen(word);

	for (size_t i = 0; i + bytes <= size; i++)
		if (memcmp(data + i, word, bytes) == 0)
			return true;
	return false;
}

static void check_diags(const struct kfrag_recording *recording)
{
	uint64_t nr_lost_lines = 0, line = 1;

	for (size_t i = 0; i < recording->nr_diags; i++) {
		const struct kfrag_diag *diag = &recording->diags[i];
		char message[128] = "";

		/* One a line. */
		assert(diag->line > line && diag->column >= 1);
		line = diag->line;
		assert(diag->code < KFRAG_NR_DIAGS);
		assert(diag->code != KFRAG_DIAG_LOST);
		kfrag_diag_text(diag, message, sizeof(message));
		assert(message[0] != '\0');
		nr_lost_lines += kfrag_diag_is_lost(diag);
	}
	assert(recording->nr_lost_lines >= nr_lost_lines);
	assert(recording->nr_lost_lines - nr_lost_lines <=
	       recording->nr_diags_dropped);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kfrag_recording recording;
	const char *missing;
	enum kfrag_csv_header header =
		kfrag_csv_snapshot_header((const char *)data, size, &missing);
	enum kfrag_error error = parse(&recording, data, size);
	size_t nr_records =
		check_snapshots(&recording, has_word(data, size, "moment"));

	assert((header == KFRAG_CSV_INCOMPLETE) == (missing != NULL));
	assert(header == KFRAG_CSV_CACHES || nr_records == 0);
	assert(error == (nr_records ? KFRAG_OK : KFRAG_EFORMAT));
	check_diags(&recording);
	for (size_t i = 0; i < nr_records && i < 16; i++)
		check_again(&recording.records[i]);
	kfrag_recording_release(&recording);
	return 0;
}
