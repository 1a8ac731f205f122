// SPDX-License-Identifier: MIT
/* The comment lines around the samples of `kfrag record`. */
#include <stdint.h>
#include <string.h>

#include "input/sample_marks.h"
#include "input/slabinfo_line.h"
#include "kfrag/arith.h"

static bool begins_with(const struct kfrag_text_line *text, const char *mark)
{
	size_t bytes = strlen(mark);

	return text->bytes >= bytes && memcmp(text->text, mark, bytes) == 0;
}

/* Whether more text could make the line a mark. */
static bool ends_within(const struct kfrag_text_line *text, const char *mark)
{
	return !text->is_ended && text->bytes < strlen(mark) &&
	       memcmp(text->text, mark, text->bytes) == 0;
}

/* "1700000000" or "1700000000.123" */
static void read_mark_time(struct kfrag_sample_mark *mark,
			   const struct kfrag_text_line *text,
			   struct kfrag_token value)
{
	struct kfrag_token whole = value, fraction = { value.end, value.end };
	enum kfrag_diag_code code;
	uint64_t ms = 0;
	const char *point;

	mark->time_text = text->text + value.start;
	mark->time_text_bytes = value.end - value.start;
	point = memchr(mark->time_text, '.', mark->time_text_bytes);
	if (point) {
		whole.end = (size_t)(point - text->text);
		fraction.start = whole.end + 1;
		if (fraction.end - fraction.start != 3 ||
		    !kfrag_token_number(text, fraction, &ms, &code))
			return;
	}
	mark->has_time = kfrag_token_number(text, whole, &mark->time, &code);
	if (mark->has_time)
		mark->time_ms = (uint32_t)ms;
}

static struct kfrag_opt read_number(const struct kfrag_text_line *text,
				    struct kfrag_token value)
{
	enum kfrag_diag_code code;
	uint64_t number;

	if (!kfrag_token_number(text, value, &number, &code))
		return kfrag_unknown();
	return kfrag_known(number);
}

static struct kfrag_opt read_page_size(const struct kfrag_text_line *text,
				       struct kfrag_token value)
{
	struct kfrag_opt bytes = read_number(text, value);

	if (!kfrag_is_power_of_two(bytes.value) ||
	    bytes.value < KFRAG_MIN_PAGE_BYTES ||
	    bytes.value > KFRAG_MAX_PAGE_BYTES)
		return kfrag_unknown();
	return bytes;
}

static struct kfrag_opt read_kib(const struct kfrag_text_line *text,
				 struct kfrag_token value)
{
	struct kfrag_opt kib = read_number(text, value);

	if (!kib.known || kib.value > UINT64_MAX / KFRAG_KIB)
		return kfrag_unknown();
	return kfrag_known(kib.value * KFRAG_KIB);
}

/* Moves *value behind key where it begins with that, and is longer. */
static bool take_key(const struct kfrag_text_line *text,
		     struct kfrag_token *value, const char *key)
{
	size_t bytes = strlen(key);

	if (value->end - value->start <= bytes ||
	    memcmp(text->text + value->start, key, bytes) != 0)
		return false;
	value->start += bytes;
	return true;
}

/* "key=value"; a key that nobody knows is a later version's. */
static void read_field(struct kfrag_sample_mark *mark,
		       const struct kfrag_text_line *text,
		       struct kfrag_token field)
{
	struct kfrag_origin *origin = &mark->origin;

	if (take_key(text, &field, "time=")) {
		read_mark_time(mark, text, field);
	} else if (take_key(text, &field, "host=")) {
		origin->host = text->text + field.start;
		origin->host_bytes = field.end - field.start;
	} else if (take_key(text, &field, "kernel=")) {
		origin->kernel = text->text + field.start;
		origin->kernel_bytes = field.end - field.start;
	} else if (take_key(text, &field, "page_size=")) {
		origin->page_size_bytes = read_page_size(text, field);
	} else if (take_key(text, &field, "memtotal_kb=")) {
		origin->memtotal_bytes = read_kib(text, field);
	}
}

static bool read_note(struct kfrag_slabinfo_line *line,
		      const struct kfrag_text_line *text, const char *mark,
		      enum kfrag_line_kind kind)
{
	size_t mark_bytes = strlen(mark);

	if (!begins_with(text, mark))
		return false;
	line->kind = kind;
	line->note = text->text + mark_bytes;
	line->note_bytes = text->bytes - mark_bytes;
	return true;
}

bool kfrag_slabinfo_mark_read(struct kfrag_slabinfo_line *line,
			      const struct kfrag_text_line *text)
{
	struct kfrag_token field = { 0 };

	if (read_note(line, text, KFRAG_SAMPLE_MEMINFO, KFRAG_LINE_MEMINFO) ||
	    read_note(line, text, KFRAG_SAMPLE_SYSSLAB, KFRAG_LINE_SYSSLAB))
		return true;
	if (begins_with(text, KFRAG_SAMPLE_END))
		line->kind = KFRAG_LINE_SAMPLE_END;
	else if (begins_with(text, KFRAG_SAMPLE_START))
		line->kind = KFRAG_LINE_SAMPLE_START;
	else if (ends_within(text, KFRAG_SAMPLE_START))
		line->kind = KFRAG_LINE_SAMPLE_CUT;
	else
		return false;
	line->mark = (struct kfrag_sample_mark){ 0 };
	while (kfrag_token_next(text, field.end, &field))
		read_field(&line->mark, text, field);
	return true;
}
