// SPDX-License-Identifier: MIT
#include "kfrag/sample.h"

#include <inttypes.h>
#include <string.h>

#include "input/sample_marks.h"
#include "output/scratch.h"
#include "output/stream.h"

static bool begins_with(const char *text, size_t bytes, const char *mark)
{
	size_t mark_bytes = strlen(mark);

	return bytes >= mark_bytes && memcmp(text, mark, mark_bytes) == 0;
}

static bool is_mark(const char *text, size_t bytes)
{
	return begins_with(text, bytes, KFRAG_SAMPLE_START) ||
	       begins_with(text, bytes, KFRAG_SAMPLE_END);
}

/* Bytes of the first line, its newline included where there is one. */
static size_t line_bytes(const char *text, size_t bytes)
{
	const char *newline = memchr(text, '\n', bytes);

	return newline ? (size_t)(newline - text) + 1 : bytes;
}

static bool is_fit_for_sample(const char *text, size_t bytes)
{
	if (bytes == 0 || text[bytes - 1] != '\n')
		return false;
	while (bytes > 0) {
		size_t line = line_bytes(text, bytes);

		if (is_mark(text, bytes))
			return false;
		text += line;
		bytes -= line;
	}
	return true;
}

/* " key=string" in one word; nothing where it is unknown. */
static enum kfrag_error write_string(FILE *out, const char *key,
				     const char *string, size_t bytes)
{
	struct kfrag_scratch scratch = { 0 };
	const char *escaped;

	if (!string || bytes == 0)
		return KFRAG_OK;
	escaped = kfrag_scratch_escape(&scratch, string, bytes);
	if (!escaped)
		return KFRAG_ENOMEM;
	fprintf(out, " %s=", key);
	for (; *escaped; escaped++) {
		if (*escaped == ' ')
			fputs("\\x20", out);
		else
			fputc(*escaped, out);
	}
	kfrag_scratch_release(&scratch);
	return KFRAG_OK;
}

static void write_time(FILE *out, const char *mark,
		       const struct kfrag_sample *sample)
{
	fprintf(out, "%s%" PRIu64 ".%03" PRIu32, mark, sample->time,
		sample->time_ms);
}

static enum kfrag_error write_start(FILE *out,
				    const struct kfrag_sample *sample)
{
	const struct kfrag_origin *origin = &sample->origin;
	enum kfrag_error error;

	write_time(out, KFRAG_SAMPLE_START, sample);
	error = write_string(out, "host", origin->host, origin->host_bytes);
	if (!error)
		error = write_string(out, "kernel", origin->kernel,
				     origin->kernel_bytes);
	if (origin->page_size_bytes.known)
		fprintf(out, " page_size=%" PRIu64,
			origin->page_size_bytes.value);
	if (origin->memtotal_bytes.known)
		fprintf(out, " memtotal_kb=%" PRIu64,
			origin->memtotal_bytes.value / KFRAG_KIB);
	fprintf(out, "\ntime: %" PRIu64 "\n", sample->time);
	return error;
}

/* Each line behind a mark. */
static void write_marked(FILE *out, const char *mark, const char *text,
			 size_t bytes)
{
	while (bytes > 0) {
		size_t line = line_bytes(text, bytes);

		fputs(mark, out);
		fwrite(text, 1, line, out);
		if (text[line - 1] != '\n')
			fputc('\n', out);
		text += line;
		bytes -= line;
	}
}

static void write_meminfo(FILE *out, const char *key, struct kfrag_opt value)
{
	if (value.known)
		fprintf(out, KFRAG_SAMPLE_MEMINFO "%s: %" PRIu64 " kB\n", key,
			value.value / KFRAG_KIB);
}

static void write_notes(FILE *out, const struct kfrag_sample *sample)
{
	const struct kfrag_slab_meminfo *meminfo = &sample->meminfo;

	if (sample->buddyinfo)
		write_marked(out, KFRAG_SAMPLE_BUDDYINFO, sample->buddyinfo,
			     sample->buddyinfo_bytes);
	write_meminfo(out, "KReclaimable", meminfo->kreclaimable_bytes);
	write_meminfo(out, "Slab", meminfo->slab_bytes);
	write_meminfo(out, "SReclaimable", meminfo->reclaimable_bytes);
	write_meminfo(out, "SUnreclaim", meminfo->unreclaimable_bytes);
	if (sample->sysslab)
		write_marked(out, KFRAG_SAMPLE_SYSSLAB, sample->sysslab,
			     sample->sysslab_bytes);
}

enum kfrag_error kfrag_sample_write(FILE *out,
				    const struct kfrag_sample *sample)
{
	enum kfrag_error error;

	if (!is_fit_for_sample(sample->slabinfo, sample->slabinfo_bytes))
		return KFRAG_EFORMAT;
	error = write_start(out, sample);
	if (error)
		return error;
	fwrite(sample->slabinfo, 1, sample->slabinfo_bytes, out);
	write_notes(out, sample);
	write_time(out, KFRAG_SAMPLE_END, sample);
	fputc('\n', out);
	return kfrag_stream_end(out);
}

bool kfrag_sample_is_first(const char *text, size_t bytes)
{
	return begins_with(text, bytes, KFRAG_SAMPLE_START);
}

/* The time behind a mark: up to a blank or the line's end. */
struct mark_time {
	const char *text;
	size_t bytes;
};

static struct mark_time time_of(const char *line, size_t bytes,
				const char *mark)
{
	struct mark_time time = { line + strlen(mark), 0 };

	bytes -= strlen(mark);
	while (time.bytes < bytes && !strchr(" \t\r\n", time.text[time.bytes]))
		time.bytes++;
	return time;
}

static bool is_same_time(struct mark_time a, struct mark_time b)
{
	return a.bytes == b.bytes && a.bytes > 0 &&
	       memcmp(a.text, b.text, a.bytes) == 0;
}

static size_t line_start(const char *text, size_t line_end)
{
	while (line_end > 0 && text[line_end - 1] != '\n')
		line_end--;
	return line_end;
}

enum kfrag_sample_tail kfrag_sample_find_tail(const char *text, size_t bytes,
					      bool is_all, size_t *cut_at)
{
	struct mark_time last = { NULL, 0 }; /* of an end without newline */
	size_t end = bytes;

	*cut_at = 0;
	for (;;) {
		size_t start = line_start(text, end);
		const char *line = text + start;

		if (start == 0 && !is_all)
			return KFRAG_TAIL_UNKNOWN;
		if (begins_with(line, end - start, KFRAG_SAMPLE_END)) {
			if (end < bytes)
				return KFRAG_TAIL_WHOLE;
			last = time_of(line, end - start, KFRAG_SAMPLE_END);
		} else if (begins_with(line, end - start, KFRAG_SAMPLE_START)) {
			if (is_same_time(last, time_of(line, end - start,
						       KFRAG_SAMPLE_START)))
				return KFRAG_TAIL_WHOLE;
			*cut_at = start;
			return KFRAG_TAIL_CUT;
		}
		if (start == 0)
			return KFRAG_TAIL_WHOLE;
		end = start - 1;
	}
}
