/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TESTS_CAPTURE_H
#define KFRAG_TESTS_CAPTURE_H

/* Streams for tests of what writes to a FILE *. */
#include <stdio.h>
#include <stdlib.h>

#include <check.h>

/* What was written, as a string. */
struct capture {
	FILE *out;
	char *text;
	size_t bytes;
};

static inline void capture_begin(struct capture *capture)
{
	capture->text = NULL;
	capture->bytes = 0;
	capture->out = open_memstream(&capture->text, &capture->bytes);
	ck_assert_ptr_nonnull(capture->out);
}

/* Returns the text, which capture_release() frees. */
static inline const char *capture_end(struct capture *capture)
{
	ck_assert_int_eq(fclose(capture->out), 0);
	capture->out = NULL;
	return capture->text;
}

static inline void capture_release(struct capture *capture)
{
	free(capture->text);
	capture->text = NULL;
}

/* A stream that takes a few bytes and then fails, as a full disk does. */
struct full_stream {
	FILE *out;
	char room[16];
};

static inline void full_stream_open(struct full_stream *stream)
{
	stream->out = fmemopen(stream->room, sizeof(stream->room), "w");
	ck_assert_ptr_nonnull(stream->out);
	/* Unbuffered, the very first write fails; else the last flush. */
	ck_assert_int_eq(setvbuf(stream->out, NULL, _IOFBF, 64), 0);
}

#endif
