/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_WRITER_H
#define KFRAG_OUTPUT_WRITER_H

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "kfrag/error.h"
#include "output/scratch.h"
#include "output/values.h"

/*
 * Gathers the fields of csv, json and gnuplot for a stream, which is then
 * asked once for some thousand bytes, not once for each field. Writing to the
 * stream past the writer needs a flush before it. A failed write is found by
 * kfrag_writer_end().
 */
#define KFRAG_WRITER_SIZE 16384

struct kfrag_writer {
	FILE *stream;
	struct kfrag_scratch escaped;
	size_t nr_bytes;
	char bytes[KFRAG_WRITER_SIZE];
};

/* Leaves the bytes alone: there is no need to clear them. */
static inline void kfrag_writer_init(struct kfrag_writer *writer, FILE *stream)
{
	writer->stream = stream;
	writer->escaped = (struct kfrag_scratch){ 0 };
	writer->nr_bytes = 0;
}

/*
 * Flushes and releases. Returns `error` where it is one, else KFRAG_EIO where
 * not all that was written has arrived.
 */
KFRAG_MUST_CHECK enum kfrag_error kfrag_writer_end(struct kfrag_writer *writer,
						   enum kfrag_error error);

/* Hands what was gathered to the stream. */
void kfrag_writer_flush(struct kfrag_writer *writer);

/* Puts more bytes than there is room for. */
void kfrag_writer_bytes_past(struct kfrag_writer *writer, const char *bytes,
			     size_t nr_bytes);

static inline void kfrag_writer_bytes(struct kfrag_writer *writer,
				      const char *bytes, size_t nr_bytes)
{
	if (nr_bytes > KFRAG_WRITER_SIZE - writer->nr_bytes) {
		kfrag_writer_bytes_past(writer, bytes, nr_bytes);
		return;
	}
	memcpy(writer->bytes + writer->nr_bytes, bytes, nr_bytes);
	writer->nr_bytes += nr_bytes;
}

static inline void kfrag_writer_text(struct kfrag_writer *writer,
				     const char *text)
{
	kfrag_writer_bytes(writer, text, strlen(text));
}

static inline void kfrag_writer_char(struct kfrag_writer *writer, char c)
{
	if (writer->nr_bytes == KFRAG_WRITER_SIZE)
		kfrag_writer_flush(writer);
	writer->bytes[writer->nr_bytes++] = c;
}

/* Puts kfrag_value_digits(). */
static inline void kfrag_writer_digits(struct kfrag_writer *writer,
				       const struct kfrag_value *value,
				       const char *unknown)
{
	char buf[KFRAG_NUMBER_SIZE];
	struct kfrag_digits digits = kfrag_value_digits(value, unknown, buf);

	kfrag_writer_bytes(writer, digits.text, digits.bytes);
}

/*
 * kfrag_scratch_escape() into the writer's own scratch: NULL where the host
 * has no memory. The writer has not taken the text yet.
 */
static inline const char *kfrag_writer_escape(struct kfrag_writer *writer,
					      const char *text, size_t bytes)
{
	return kfrag_scratch_escape(&writer->escaped, text, bytes);
}

/* For what is written once, not once per row. */
__attribute__((format(printf, 2, 3))) void
kfrag_writer_format(struct kfrag_writer *writer, const char *format, ...);

#endif
