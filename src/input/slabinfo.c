// SPDX-License-Identifier: MIT
/*
 * The text is walked twice, both times line by line. The first walk counts
 * rows, bytes of names and samples, and settles for each sample what lines
 * of 1.x shape are; the second stores. So each array is allocated once, at
 * its exact size, and time and memory are linear in the text.
 *
 * What lines of 1.x shape are: rows, or what is left of 2.x rows that lost
 * their second half. Neither the version line (it can be missing or wrong)
 * nor the line itself can tell, so all that speaks for either side has one
 * vote: each row of an unmistakable shape, the version line, and the
 * "# name" header that 2.x alone writes. A draw is for "left over": losing a
 * row is better than inventing one.
 */
#include "kfrag/slabinfo.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

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

/* What the lines of a sample said about it so far. */
struct sample {
	enum kfrag_slabinfo_version version;
	uint64_t version_line; /* 0: none */
	uint64_t time_line; /* 0: none */
	uint64_t time;
	bool has_time; /* else its time line was unreadable */
	bool has_rows; /* good or bad */
};

/*
 * Adds a line to the sample that it belongs to. Returns true where that is a
 * new one; sample then holds nothing of the old one any more.
 */
static bool sample_add(struct sample *sample,
		       const struct kfrag_slabinfo_line *line)
{
	bool is_mark = line->kind == KFRAG_LINE_VERSION ||
		       line->kind == KFRAG_LINE_TIME;
	bool is_new = is_mark && sample->has_rows;

	if (is_new)
		*sample = (struct sample){ .has_rows = false };
	if (line->kind == KFRAG_LINE_VERSION) {
		sample->version = line->version;
		sample->version_line = line->number;
	} else if (line->kind == KFRAG_LINE_TIME) {
		sample->time_line = line->number;
		sample->time = line->time;
		sample->has_time = line->has_time;
	} else if (line->kind == KFRAG_LINE_ROW_1 ||
		   line->kind == KFRAG_LINE_ROW_2) {
		sample->has_rows = true;
	}
	return is_new;
}

static uint64_t sample_first_line(const struct sample *sample)
{
	uint64_t version_line = sample->version_line;
	uint64_t time_line = sample->time_line;

	if (!version_line && !time_line)
		return 1;
	if (!version_line || !time_line)
		return version_line + time_line;
	return version_line < time_line ? version_line : time_line;
}

/* How a sample's lines of 1.x shape are to be taken. */
enum old_rows {
	OLD_ROWS_UNKNOWN, /* neither 1.x nor 2.x: strangers */
	OLD_ROWS_CUT, /* what is left of 2.x rows */
	OLD_ROWS_GOOD
};

/* Rows of one shape. */
struct tally {
	uint64_t nr_votes;
	size_t nr_records;
	size_t names_bytes; /* with a NUL behind each */
};

struct survey {
	unsigned char *old_rows; /* per sample with has_rows */
	size_t nr_samples;
	size_t nr_samples_room;
	struct tally old, new; /* of the sample that is walked */
	size_t nr_snapshots; /* samples that have a record */
	size_t nr_records;
	size_t names_bytes;
};

static void tally_add(struct tally *tally,
		      const struct kfrag_slabinfo_line *line)
{
	if (kfrag_slabinfo_line_is_lost(line))
		return;
	tally->nr_records++;
	tally->names_bytes += line->record.name_bytes + 1;
}

static enum old_rows survey_verdict(const struct survey *survey,
				    enum kfrag_slabinfo_version version)
{
	uint64_t nr_old = survey->old.nr_votes;
	uint64_t nr_new = survey->new.nr_votes;

	if (version == KFRAG_SLABINFO_1_0 || version == KFRAG_SLABINFO_1_1 ||
	    version == KFRAG_SLABINFO_1_2)
		nr_old++;
	else if (version == KFRAG_SLABINFO_2_0 || version == KFRAG_SLABINFO_2_1)
		nr_new++;
	if (nr_old > nr_new)
		return OLD_ROWS_GOOD;
	return nr_new > 0 ? OLD_ROWS_CUT : OLD_ROWS_UNKNOWN;
}

/* Closes the sample that was walked: one with has_rows. */
static bool survey_close(struct survey *survey,
			 enum kfrag_slabinfo_version version)
{
	enum old_rows verdict = survey_verdict(survey, version);
	size_t nr_records = survey->new.nr_records;

	if (survey->nr_samples == survey->nr_samples_room) {
		size_t room = survey->nr_samples_room * 2 + 16;
		unsigned char *grown = realloc(survey->old_rows, room);

		if (!grown)
			return false;
		survey->old_rows = grown;
		survey->nr_samples_room = room;
	}
	survey->old_rows[survey->nr_samples++] = (unsigned char)verdict;
	survey->names_bytes += survey->new.names_bytes;
	if (verdict == OLD_ROWS_GOOD) {
		nr_records += survey->old.nr_records;
		survey->names_bytes += survey->old.names_bytes;
	}
	survey->nr_records += nr_records;
	survey->nr_snapshots += nr_records > 0;
	survey->old = survey->new = (struct tally){ .nr_votes = 0 };
	return true;
}

/* Walks the whole text. Returns false where memory is short. */
static bool survey_walk(struct survey *survey, struct cursor cursor)
{
	struct sample sample = { .has_rows = false };
	struct kfrag_slabinfo_line line;

	while (next_line(&cursor, &line)) {
		enum kfrag_slabinfo_version version = sample.version;

		if (sample_add(&sample, &line) &&
		    !survey_close(survey, version))
			return false;
		if (line.kind == KFRAG_LINE_ROW_1) {
			survey->old.nr_votes += line.is_sure;
			tally_add(&survey->old, &line);
		} else if (line.kind == KFRAG_LINE_ROW_2) {
			survey->new.nr_votes++;
			tally_add(&survey->new, &line);
		} else if (line.kind == KFRAG_LINE_HEADER) {
			survey->new.nr_votes++;
		}
	}
	return !sample.has_rows || survey_close(survey, sample.version);
}

/* Of a sample with has_rows, counted from 0. */
static enum old_rows survey_old_rows(const struct survey *survey, size_t sample)
{
	assert(sample < survey->nr_samples);
	return (enum old_rows)survey->old_rows[sample];
}

/* The second walk: what the recording holds so far. */
struct builder {
	struct kfrag_recording *recording;
	const struct survey *survey;
	size_t nr_samples; /* with has_rows, closed */
	size_t nr_records;
	size_t first_record; /* of the sample that is walked */
	size_t names_bytes;
	size_t nr_diags_room;
};

static bool add_diag(struct builder *builder, const struct kfrag_diag *diag)
{
	struct kfrag_recording *recording = builder->recording;

	recording->nr_lost_lines += kfrag_diag_is_lost(diag);
	if (recording->nr_diags == KFRAG_MAX_DIAGS) {
		recording->nr_diags_dropped++;
		return true;
	}
	if (recording->nr_diags == builder->nr_diags_room) {
		size_t room = builder->nr_diags_room * 2 + 16;
		struct kfrag_diag *grown =
			realloc(recording->diags, room * sizeof(*grown));

		if (!grown)
			return false;
		recording->diags = grown;
		builder->nr_diags_room = room;
	}
	recording->diags[recording->nr_diags++] = *diag;
	return true;
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

static void add_record(struct builder *builder,
		       const struct kfrag_slabinfo_line *line)
{
	struct kfrag_recording *recording = builder->recording;
	char *name = recording->names + builder->names_bytes;
	size_t name_bytes = line->record.name_bytes;

	memcpy(name, line->record.name, name_bytes);
	name[name_bytes] = '\0';
	builder->names_bytes += name_bytes + 1;
	recording->records[builder->nr_records] = line->record;
	recording->records[builder->nr_records++].name = name;
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

static bool builder_add(struct builder *builder,
			const struct kfrag_slabinfo_line *line)
{
	if (line->kind == KFRAG_LINE_ROW_1) {
		enum old_rows verdict =
			survey_old_rows(builder->survey, builder->nr_samples);

		if (verdict != OLD_ROWS_GOOD)
			return add_refusal(builder, line, verdict);
	} else if (line->kind != KFRAG_LINE_ROW_2) {
		return add_diags(builder, line);
	}
	if (!kfrag_slabinfo_line_is_lost(line))
		add_record(builder, line);
	return add_diags(builder, line);
}

/* Closes a sample with has_rows; not one of them may be good. */
static void builder_close(struct builder *builder, const struct sample *sample)
{
	struct kfrag_recording *recording = builder->recording;
	size_t nr_records = builder->nr_records - builder->first_record;

	builder->nr_samples++;
	if (nr_records == 0)
		return;
	recording->snapshots[recording->nr_snapshots++] =
		(struct kfrag_snapshot){
			.records = recording->records + builder->first_record,
			.nr_records = nr_records,
			.version = sample->version,
			.line = sample_first_line(sample),
			.has_time = sample->has_time,
			.time = sample->time,
		};
	builder->first_record = builder->nr_records;
}

static bool builder_walk(struct builder *builder, struct cursor cursor)
{
	struct sample sample = { .has_rows = false };
	struct kfrag_slabinfo_line line;

	while (next_line(&cursor, &line)) {
		struct sample before = sample;

		if (sample_add(&sample, &line))
			builder_close(builder, &before);
		if (!builder_add(builder, &line))
			return false;
	}
	if (sample.has_rows)
		builder_close(builder, &sample);
	return true;
}

static bool allocate(struct kfrag_recording *recording,
		     const struct survey *survey)
{
	if (survey->nr_records == 0)
		return true;
	recording->snapshots =
		calloc(survey->nr_snapshots, sizeof(*recording->snapshots));
	recording->records =
		calloc(survey->nr_records, sizeof(*recording->records));
	recording->names = malloc(survey->names_bytes);
	return recording->snapshots && recording->records && recording->names;
}

enum kfrag_error kfrag_slabinfo_parse(struct kfrag_recording *recording,
				      const char *text, size_t text_bytes)
{
	struct cursor cursor = { .text = text, .bytes = text_bytes };
	struct survey survey = { .nr_samples = 0 };
	struct builder builder = { .recording = recording, .survey = &survey };
	bool is_done;

	*recording = (struct kfrag_recording){ 0 };
	is_done = survey_walk(&survey, cursor) &&
		  allocate(recording, &survey) &&
		  builder_walk(&builder, cursor);
	free(survey.old_rows);
	if (!is_done) {
		kfrag_recording_release(recording);
		return KFRAG_ENOMEM;
	}
	return recording->nr_snapshots ? KFRAG_OK : KFRAG_EFORMAT;
}
