// SPDX-License-Identifier: MIT
/*
 * The text is walked once, line by line, sample by sample; arrays grow as rows
 * come. So time and memory are linear in the text.
 *
 * What lines of 1.x shape are: rows, or what is left of 2.x rows that lost
 * their second half. Neither the version line (it can be missing or wrong)
 * nor the line itself can tell, so all that speaks for either side has one
 * vote: each row of an unmistakable shape, the version line, and the
 * "# name" header that 2.x alone writes. A draw is for "left over": losing a
 * row is better than inventing one.
 *
 * All votes are in where the sample ends. Until then such a line is taken as
 * the votes so far have it, which is nearly always how it ends; where it is
 * not, the sample is walked a second time.
 */
#include "kfrag/slabinfo.h"

#include <stdlib.h>
#include <string.h>

#include "input/recording.h"
#include "input/sample_notes.h"
#include "input/slabinfo_line.h"

struct cursor {
	const char *text;
	size_t bytes;
	size_t at;
	uint64_t nr_lines;
	size_t row_bytes; /* of the last row's line so far */
};

static bool next_line(struct cursor *cursor, struct kfrag_slabinfo_line *line)
{
	struct kfrag_text_line text;
	const char *newline;

	if (cursor->at == cursor->bytes)
		return false;
	text.text = cursor->text + cursor->at;
	text.bytes = cursor->bytes - cursor->at;
	newline = memchr(text.text, '\n', text.bytes);
	if (newline)
		text.bytes = (size_t)(newline - text.text);
	/* Of CR LF the text's end may have taken LF alone. */
	text.is_ended = newline || text.text[text.bytes - 1] == '\r';
	text.is_aligned = text.bytes == cursor->row_bytes;
	text.number = ++cursor->nr_lines;
	cursor->at += text.bytes + (newline != NULL);
	kfrag_slabinfo_line_read(line, &text);
	if (line->kind == KFRAG_LINE_ROW_1 || line->kind == KFRAG_LINE_ROW_2)
		cursor->row_bytes = text.bytes;
	return true;
}

/* How a sample's lines of 1.x shape are to be taken. */
enum old_rows {
	OLD_ROWS_UNKNOWN, /* neither 1.x nor 2.x: strangers */
	OLD_ROWS_CUT, /* what is left of 2.x rows */
	OLD_ROWS_GOOD
};

/* What the lines of a sample said about it so far. */
struct sample {
	enum kfrag_slabinfo_version version;
	uint64_t version_line; /* 0: none */
	uint64_t time_line; /* 0: none */
	uint64_t time;
	uint32_t time_ms;
	bool has_time; /* else its time line was unreadable */
	bool has_rows; /* good or bad */
	bool is_recorded; /* by `kfrag record` */
	bool is_complete; /* its end line is there */
	struct kfrag_sample_mark mark; /* of the start line, else empty */
	struct kfrag_sample_notes notes; /* between that and the end line */
	uint64_t first_line; /* of whatever kind; 0: none so far */
	uint64_t last_line; /* so far */
	uint32_t last_column; /* behind its text */
	bool is_judged; /* by an earlier walk */
	enum old_rows verdict; /* of that */
	unsigned taken_as; /* a bit for each way that old rows were taken */
	uint64_t nr_old_votes;
	uint64_t nr_new_votes;
};

/* Whether the line begins another sample. */
static bool is_next_sample(const struct sample *sample,
			   const struct kfrag_slabinfo_line *line)
{
	switch (line->kind) {
	case KFRAG_LINE_VERSION:
	case KFRAG_LINE_TIME:
		return sample->has_rows || sample->is_complete;
	case KFRAG_LINE_SAMPLE_START:
		return sample->first_line > 0;
	case KFRAG_LINE_SAMPLE_CUT:
	case KFRAG_LINE_HEADER:
	case KFRAG_LINE_ROW_1:
	case KFRAG_LINE_ROW_2:
		return sample->is_complete;
	default:
		return false;
	}
}

static void sample_start(struct sample *sample,
			 const struct kfrag_slabinfo_line *line)
{
	sample->is_recorded = true;
	sample->mark = line->mark;
	sample->has_time = line->mark.has_time;
	sample->time = line->mark.time;
	sample->time_ms = line->mark.time_ms;
}

/* An end with another time is that of a sample whose start is missing. */
static bool is_end_of(const struct sample *sample,
		      const struct kfrag_slabinfo_line *line)
{
	size_t bytes = line->mark.time_text_bytes;

	return sample->is_recorded && bytes > 0 &&
	       bytes == sample->mark.time_text_bytes &&
	       memcmp(line->mark.time_text, sample->mark.time_text, bytes) == 0;
}

static void sample_set_time(struct sample *sample,
			    const struct kfrag_slabinfo_line *line)
{
	sample->time_line = line->number;
	if (!line->has_time || line->time != sample->time)
		sample->time_ms = 0;
	sample->time = line->time;
	sample->has_time = line->has_time;
}

/* What a line says about its sample as a whole. */
static void sample_add(struct sample *sample,
		       const struct kfrag_slabinfo_line *line)
{
	bool is_first = sample->first_line == 0;

	if (is_first)
		sample->first_line = line->number;
	sample->last_line = line->number;
	sample->last_column = line->end_column;
	switch (line->kind) {
	case KFRAG_LINE_VERSION:
		sample->version = line->version;
		sample->version_line = line->number;
		break;
	case KFRAG_LINE_TIME:
		sample_set_time(sample, line);
		break;
	case KFRAG_LINE_SAMPLE_START:
		sample_start(sample, line);
		break;
	case KFRAG_LINE_SAMPLE_CUT:
		/* Behind a sample that ended; anywhere else a remark. */
		if (is_first && line->number > 1)
			sample_start(sample, line);
		break;
	case KFRAG_LINE_SAMPLE_END:
		sample->is_complete |= is_end_of(sample, line);
		break;
	case KFRAG_LINE_MEMINFO:
	case KFRAG_LINE_SYSSLAB:
		if (sample->is_recorded && !sample->is_complete)
			kfrag_sample_notes_add(&sample->notes, line);
		break;
	case KFRAG_LINE_HEADER:
		sample->nr_new_votes++;
		break;
	case KFRAG_LINE_ROW_1:
		sample->has_rows = true;
		sample->nr_old_votes += line->is_sure;
		break;
	case KFRAG_LINE_ROW_2:
		sample->has_rows = true;
		sample->nr_new_votes++;
		break;
	default:
		break;
	}
}

static uint64_t sample_first_line(const struct sample *sample)
{
	uint64_t version_line = sample->version_line;
	uint64_t time_line = sample->time_line;

	/* A start line is the first one of its sample. */
	if (sample->is_recorded || (!version_line && !time_line))
		return sample->first_line;
	if (!version_line || !time_line)
		return version_line + time_line;
	return version_line < time_line ? version_line : time_line;
}

/* By the votes so far. */
static enum old_rows sample_judge(const struct sample *sample)
{
	enum kfrag_slabinfo_version version = sample->version;
	uint64_t nr_old = sample->nr_old_votes;
	uint64_t nr_new = sample->nr_new_votes;

	if (version == KFRAG_SLABINFO_1_0 || version == KFRAG_SLABINFO_1_1 ||
	    version == KFRAG_SLABINFO_1_2)
		nr_old++;
	else if (version == KFRAG_SLABINFO_2_0 || version == KFRAG_SLABINFO_2_1)
		nr_new++;
	if (nr_old > nr_new)
		return OLD_ROWS_GOOD;
	return nr_new > 0 ? OLD_ROWS_CUT : OLD_ROWS_UNKNOWN;
}

/* What the recording holds so far. */
struct builder {
	struct kfrag_recording *recording;
	size_t nr_records;
	size_t nr_records_room;
	size_t nr_diags_room;
	size_t nr_snapshots_room;
	size_t names_bytes; /* with a NUL behind each */
};

static bool add_diag(struct builder *builder, const struct kfrag_diag *diag)
{
	return kfrag_recording_add_diag(builder->recording,
					&builder->nr_diags_room, diag);
}

static bool add_diags(struct builder *builder,
		      const struct kfrag_slabinfo_line *line)
{
	for (unsigned i = 0; i < line->nr_diags; i++) {
		if (!add_diag(builder, &line->diags[i]))
			return false;
	}
	return true;
}

/* Its name stays in the text until builder_end(). */
static bool add_record(struct builder *builder,
		       const struct kfrag_slabinfo_line *line)
{
	struct kfrag_recording *recording = builder->recording;

	if (builder->nr_records == builder->nr_records_room) {
		struct kfrag_record *grown =
			kfrag_grow(recording->records,
				   &builder->nr_records_room, sizeof(*grown));

		if (!grown)
			return false;
		recording->records = grown;
	}
	recording->records[builder->nr_records++] = line->record;
	builder->names_bytes += line->record.name_bytes + 1;
	return true;
}

/* A line of 1.x shape that is no row. */
static bool add_refusal(struct builder *builder,
			const struct kfrag_slabinfo_line *line,
			enum old_rows verdict)
{
	bool is_cut = verdict == OLD_ROWS_CUT || !line->is_ended;
	struct kfrag_diag diag = {
		.code = is_cut ? KFRAG_DIAG_CUT : KFRAG_DIAG_NOT_A_ROW,
		.column = is_cut ? line->end_column : line->first_column,
		.line = line->number,
	};

	return add_diag(builder, &diag);
}

static bool builder_add(struct builder *builder, struct sample *sample,
			const struct kfrag_slabinfo_line *line)
{
	if (line->kind == KFRAG_LINE_ROW_1) {
		enum old_rows verdict = sample->is_judged ?
						sample->verdict :
						sample_judge(sample);

		sample->taken_as |= 1U << verdict;
		if (verdict != OLD_ROWS_GOOD)
			return add_refusal(builder, line, verdict);
	} else if (line->kind != KFRAG_LINE_ROW_2) {
		return add_diags(builder, line);
	}
	if (!kfrag_slabinfo_line_is_lost(line) && !add_record(builder, line))
		return false;
	return add_diags(builder, line);
}

/* Of its strings, with a NUL behind each. */
static size_t origin_bytes(const struct kfrag_origin *origin)
{
	return (origin->host ? origin->host_bytes + 1 : 0) +
	       (origin->kernel ? origin->kernel_bytes + 1 : 0);
}

/* Adds a sample whose rows begin at a record; not one of them may be good. */
static bool add_snapshot(struct builder *builder, const struct sample *sample,
			 size_t first_record)
{
	struct kfrag_recording *recording = builder->recording;
	size_t nr_records = builder->nr_records - first_record;

	if (nr_records == 0)
		return true;
	if (recording->nr_snapshots == builder->nr_snapshots_room) {
		struct kfrag_snapshot *grown =
			kfrag_grow(recording->snapshots,
				   &builder->nr_snapshots_room, sizeof(*grown));

		if (!grown)
			return false;
		recording->snapshots = grown;
	}
	recording->snapshots[recording->nr_snapshots++] =
		(struct kfrag_snapshot){
			.nr_records = nr_records,
			.version = sample->version,
			.line = sample_first_line(sample),
			.has_time = sample->has_time,
			.time = sample->time,
			.time_ms = sample->time_ms,
			.origin = sample->mark.origin,
		};
	builder->names_bytes += origin_bytes(&sample->mark.origin);
	return !sample->is_recorded ||
	       kfrag_sample_notes_settle(&sample->notes, recording);
}

/* Instead of all that was said of the sample's lines. */
static bool add_cut_sample(struct builder *builder, const struct sample *sample)
{
	struct kfrag_diag diag = {
		.code = KFRAG_DIAG_SAMPLE_CUT,
		.column = sample->last_column,
		.line = sample->last_line,
		.a = sample->first_line,
	};

	builder->recording->nr_cut_samples++;
	return add_diag(builder, &diag);
}

/* Up to the line that begins the next sample. */
static bool walk_sample(struct builder *builder, struct sample *sample,
			struct cursor *cursor)
{
	struct cursor before = *cursor;
	struct kfrag_slabinfo_line line;

	while (next_line(cursor, &line)) {
		if (is_next_sample(sample, &line)) {
			*cursor = before;
			break;
		}
		sample_add(sample, &line);
		if (!builder_add(builder, sample, &line))
			return false;
		before = *cursor;
	}
	return true;
}

/* Forgets what a walk has added since the builder was as `before`. */
static void rewind_to(struct builder *builder, const struct builder *before,
		      const struct kfrag_recording *recording)
{
	builder->nr_records = before->nr_records;
	builder->names_bytes = before->names_bytes;
	builder->recording->nr_diags = recording->nr_diags;
	builder->recording->nr_lost_lines = recording->nr_lost_lines;
	builder->recording->nr_diags_dropped = recording->nr_diags_dropped;
}

static bool add_sample(struct builder *builder, struct cursor *cursor)
{
	const struct builder builder_before = *builder;
	const struct kfrag_recording recording_before = *builder->recording;
	const struct cursor start = *cursor;
	struct sample sample = { .has_rows = false };
	enum old_rows verdict;

	if (!walk_sample(builder, &sample, cursor))
		return false;
	if (sample.is_recorded && !sample.is_complete) {
		rewind_to(builder, &builder_before, &recording_before);
		return add_cut_sample(builder, &sample);
	}
	verdict = sample_judge(&sample);
	if (sample.taken_as & ~(1U << verdict)) {
		rewind_to(builder, &builder_before, &recording_before);
		*cursor = start;
		sample = (struct sample){ .is_judged = true,
					  .verdict = verdict };
		if (!walk_sample(builder, &sample, cursor))
			return false;
	}
	return add_snapshot(builder, &sample, builder_before.nr_records);
}

/* Copies a text to *room, moves that behind it, and returns the copy. */
static const char *keep(char **room, const char *text, size_t bytes)
{
	char *copy = *room;

	memcpy(copy, text, bytes);
	copy[bytes] = '\0';
	*room = copy + bytes + 1;
	return copy;
}

static void keep_origin(struct kfrag_origin *origin, char **room)
{
	if (origin->host)
		origin->host = keep(room, origin->host, origin->host_bytes);
	if (origin->kernel)
		origin->kernel =
			keep(room, origin->kernel, origin->kernel_bytes);
}

/* Now that arrays stay in place: strings become the recording's own. */
static bool builder_end(struct builder *builder)
{
	struct kfrag_recording *recording = builder->recording;
	struct kfrag_record *record = recording->records;
	char *room;

	if (builder->nr_records == 0)
		return true;
	room = malloc(builder->names_bytes);
	if (!room)
		return false;
	recording->names = room;
	for (size_t i = 0; i < builder->nr_records; i++)
		record[i].name =
			keep(&room, record[i].name, record[i].name_bytes);
	for (size_t i = 0; i < recording->nr_snapshots; i++) {
		recording->snapshots[i].records = record;
		record += recording->snapshots[i].nr_records;
		keep_origin(&recording->snapshots[i].origin, &room);
	}
	return true;
}

enum kfrag_error kfrag_slabinfo_parse(struct kfrag_recording *recording,
				      const char *text, size_t text_bytes)
{
	struct cursor cursor = { .text = text, .bytes = text_bytes };
	struct builder builder = { .recording = recording };
	bool is_done = true;

	*recording = (struct kfrag_recording){ 0 };
	while (is_done && cursor.at < cursor.bytes)
		is_done = add_sample(&builder, &cursor);
	if (!is_done || !builder_end(&builder)) {
		kfrag_recording_release(recording);
		return KFRAG_ENOMEM;
	}
	return recording->nr_snapshots ? KFRAG_OK : KFRAG_EFORMAT;
}
