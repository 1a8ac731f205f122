// SPDX-License-Identifier: MIT
/* Reads any bytes as slabinfo and asserts what a good recording implies. */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/slabinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Parses an exact-size copy, gone before the recording is looked at. */
static enum kfrag_error parse(struct kfrag_recording *recording,
			      const uint8_t *data, size_t size,
			      size_t nr_newlines)
{
	char *text = malloc(size + nr_newlines + (size + nr_newlines == 0));
	enum kfrag_error error;

	assert(text);
	if (size > 0)
		memcpy(text, data, size);
	memset(text + size, '\n', nr_newlines);
	error = kfrag_slabinfo_parse(recording, text, size + nr_newlines);
	free(text);
	return error;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void check_record(const struct kfrag_record *record)
{
	const char *name = record->name;

	assert(record->size_bytes >= 1);
	assert(record->pages_per_slab >= 1);
	assert(record->line >= 1);
	assert(record->name_bytes >= 1);
	assert(name[record->name_bytes] == '\0');
	assert(!is_blank(name[0]));
	assert(!is_blank(name[record->name_bytes - 1]));
	assert(name[0] != '#');
	assert(!memchr(name, '\n', record->name_bytes));
	assert(!kfrag_record_fits(record, 4096) ||
	       kfrag_record_fits(record, 8192));
}

static const char *check_string(const char *string, size_t bytes,
				const char *expected)
{
	if (!string) {
		assert(bytes == 0);
		return expected;
	}
	assert(string == expected && bytes > 0 && string[bytes] == '\0');
	return string + bytes + 1;
}

/* Their strings lie side by side, behind the records' names. */
static void check_origins(const struct kfrag_recording *recording,
			  const char *string)
{
	for (size_t i = 0; i < recording->nr_snapshots; i++) {
		const struct kfrag_snapshot *snapshot =
			&recording->snapshots[i];
		const struct kfrag_origin *origin = &snapshot->origin;
		uint64_t page_size = origin->page_size_bytes.value;

		string = check_string(origin->host, origin->host_bytes, string);
		string = check_string(origin->kernel, origin->kernel_bytes,
				      string);
		assert(!origin->page_size_bytes.known ||
		       (page_size >= KFRAG_MIN_PAGE_BYTES &&
			page_size <= KFRAG_MAX_PAGE_BYTES &&
			(page_size & (page_size - 1)) == 0));
		assert(snapshot->time_ms < 1000);
		assert(snapshot->has_time || snapshot->time_ms == 0);
	}
}

/* Each is some snapshot's, and they come in the snapshots' order. */
static void check_sysslabs(const struct kfrag_recording *recording)
{
	size_t nr_seen = 0;

	for (size_t i = 0; i < recording->nr_snapshots; i++) {
		const struct kfrag_sysslab *sysslab =
			recording->snapshots[i].sysslab;

		if (!sysslab)
			continue;
		assert(sysslab->nr_entries > 0);
		if (nr_seen == 0 || recording->sysslabs[nr_seen - 1] != sysslab)
			nr_seen++;
		assert(nr_seen <= recording->nr_sysslabs);
		assert(recording->sysslabs[nr_seen - 1] == sysslab);
	}
	assert(nr_seen == recording->nr_sysslabs);
}

/* The records lie side by side, and so do their names. */
static size_t check_snapshots(const struct kfrag_recording *recording)
{
	const char *name = recording->names;
	uint64_t line = 0;
	size_t nr_records = 0;

	for (size_t i = 0; i < recording->nr_snapshots; i++) {
		const struct kfrag_snapshot *snapshot =
			&recording->snapshots[i];
		uint64_t page_size = kfrag_snapshot_page_size(snapshot);

		if (snapshot->origin.page_size_bytes.known)
			assert(page_size ==
			       snapshot->origin.page_size_bytes.value);
		else
			assert(page_size == 4096 || page_size == 8192 ||
			       page_size == 16384 || page_size == 65536 ||
			       page_size == 262144);
		assert(snapshot->nr_records >= 1);
		assert(snapshot->records == recording->records + nr_records);
		assert(snapshot->line > line);
		assert(snapshot->has_time || snapshot->time == 0);
		assert(snapshot->line <= snapshot->records[0].line);
		for (size_t j = 0; j < snapshot->nr_records; j++) {
			const struct kfrag_record *record =
				&snapshot->records[j];

			assert(record->line > line);
			assert(record->name == name);
			check_record(record);
			line = record->line;
			name += record->name_bytes + 1;
		}
		nr_records += snapshot->nr_records;
	}
	check_origins(recording, name);
	check_sysslabs(recording);
	return nr_records;
}

static void check_diags(const struct kfrag_recording *recording)
{
	uint64_t nr_lost_lines = 0, lost_line = 0;
	const struct kfrag_diag *before = NULL;

	assert(recording->nr_diags <= KFRAG_MAX_DIAGS);
	for (size_t i = 0; i < recording->nr_diags; i++) {
		const struct kfrag_diag *diag = &recording->diags[i];
		char message[128] = "";

		assert(diag->line >= 1 && diag->column >= 1);
		assert(!before || diag->line > before->line ||
		       (diag->line == before->line &&
			diag->column > before->column));
		assert(diag->code < KFRAG_NR_DIAGS);
		assert(diag->code != KFRAG_DIAG_LOST);
		kfrag_diag_text(diag, message, sizeof(message));
		assert(message[0] != '\0');
		if (kfrag_diag_is_lost(diag)) {
			assert(diag->line > lost_line);
			lost_line = diag->line;
			nr_lost_lines++;
		}
		before = diag;
	}
	assert(recording->nr_lost_lines >= nr_lost_lines);
	assert(recording->nr_lost_lines >= recording->nr_cut_samples);
	assert(recording->nr_lost_lines - nr_lost_lines <=
	       recording->nr_diags_dropped);
	assert(recording->nr_diags_dropped == 0 ||
	       recording->nr_diags == KFRAG_MAX_DIAGS);
}

/* A line is used or lost, never both. */
static void check_lines(const struct kfrag_recording *recording,
			size_t nr_records)
{
	size_t at = 0;

	for (size_t i = 0; i < recording->nr_diags; i++) {
		const struct kfrag_diag *diag = &recording->diags[i];

		while (at < nr_records &&
		       recording->records[at].line < diag->line)
			at++;
		if (kfrag_diag_is_lost(diag))
			assert(at == nr_records ||
			       recording->records[at].line != diag->line);
		else if (diag->code != KFRAG_DIAG_VERSION)
			assert(at < nr_records &&
			       recording->records[at].line == diag->line);
	}
}

/* With a newline behind the text, no row is lost or another one. */
static void check_newline(const struct kfrag_recording *recording,
			  size_t nr_records, const uint8_t *data, size_t size)
{
	struct kfrag_recording ended;
	enum kfrag_error error = parse(&ended, data, size, 1);
	size_t nr_ended = check_snapshots(&ended);
	size_t at = 0;

	assert(error == (nr_ended ? KFRAG_OK : KFRAG_EFORMAT));
	for (size_t i = 0; i < nr_records; i++) {
		const struct kfrag_record *record = &recording->records[i];

		while (at < nr_ended && ended.records[at].line < record->line)
			at++;
		assert(at < nr_ended);
		assert(ended.records[at].line == record->line);
		assert(ended.records[at].num_slabs == record->num_slabs);
		assert(ended.records[at].name_bytes == record->name_bytes);
	}
	kfrag_recording_release(&ended);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kfrag_recording recording;
	enum kfrag_error error = parse(&recording, data, size, 0);
	size_t nr_records = check_snapshots(&recording);

	assert(error == (nr_records ? KFRAG_OK : KFRAG_EFORMAT));
	assert(!recording.names == (nr_records == 0));
	check_diags(&recording);
	check_lines(&recording, nr_records);
	check_newline(&recording, nr_records, data, size);
	kfrag_recording_release(&recording);
	assert(!recording.snapshots && !recording.diags);
	assert(!recording.records && !recording.names);
	assert(recording.nr_snapshots == 0 && recording.nr_diags == 0);
	assert(recording.nr_lost_lines == 0);
	assert(recording.nr_diags_dropped == 0);
	assert(recording.nr_cut_samples == 0);
	return 0;
}
