// SPDX-License-Identifier: MIT
#include "cli/contents.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "kfrag/capture.h"

/*
 * Where text is looked at before more of it is read, so that a device without
 * end or a small file that unpacks to a huge one is refused early: by then a
 * capture has ended a line, and held a row.
 */
#define FIRST_LINE_BYTES ((size_t)64 << 10)
#define FIRST_ROW_BYTES ((size_t)1 << 20)

bool cli_refuse(const char *path, const char *why)
{
	cli_message("'%s' is not slabinfo: %s", path, why);
	return false;
}

void cli_contents_release(struct cli_contents *text)
{
	free(text->bytes);
	*text = (struct cli_contents){ 0 };
}

/* ---------------------------------------------------------- the bytes */

/* What comes from a file descriptor. Its errors have been told. */
struct source {
	int fd;
	const char *path;
	char *first; /* read already: goes out once more */
	size_t nr_first;
	size_t first_at;
	size_t nr_bytes; /* from fd, so far */
};

static enum kfrag_error read_fd(void *context, void *out, size_t size,
				size_t *got)
{
	struct source *source = context;
	ssize_t result;

	do {
		result = read(source->fd, out, size);
	} while (result < 0 && errno == EINTR);
	if (result < 0) {
		cli_message("cannot read '%s': %s", source->path,
			    strerror(errno));
		return KFRAG_EIO;
	}
	*got = (size_t)result;
	source->nr_bytes += *got;
	if (source->nr_bytes <= CLI_MAX_INPUT_BYTES)
		return KFRAG_OK;
	cli_refuse(source->path, "it is larger than 256 MiB");
	return KFRAG_EIO;
}

static enum kfrag_error read_packed(void *context, void *out, size_t size,
				    size_t *got)
{
	struct source *source = context;
	size_t left = source->nr_first - source->first_at;

	if (left == 0)
		return read_fd(context, out, size, got);
	*got = left < size ? left : size;
	memcpy(out, source->first + source->first_at, *got);
	source->first_at += *got;
	return KFRAG_OK;
}

static enum kfrag_error read_unpacked(void *context, void *out, size_t size,
				      size_t *got)
{
	return kfrag_unpack_read(context, out, size, got);
}

/* ----------------------------------------------------------- the text */

static bool has_row(const char *bytes, size_t nr_bytes)
{
	struct kfrag_recording recording;
	enum kfrag_error error;
	bool has_cut;

	error = kfrag_capture_parse(&recording, bytes, nr_bytes);
	/* Of a long sample the end may lie beyond these bytes. */
	has_cut = recording.nr_cut_samples > 0;
	kfrag_recording_release(&recording);
	return error != KFRAG_EFORMAT || has_cut;
}

static bool still_plausible(const char *path, const struct cli_contents *text)
{
	if (text->nr_bytes == FIRST_LINE_BYTES &&
	    !memchr(text->bytes, '\n', text->nr_bytes))
		return cli_refuse(path, "no line ends within its first 64 KiB");
	/* A capture has many rows in the first of these already. */
	if (text->nr_bytes == FIRST_ROW_BYTES &&
	    !has_row(text->bytes, FIRST_LINE_BYTES) &&
	    !has_row(text->bytes, FIRST_ROW_BYTES))
		return cli_refuse(path, "its first MiB holds no row of a "
					"cache");
	if (text->nr_bytes == CLI_MAX_INPUT_BYTES)
		return cli_refuse(path, text->packing ?
						"unpacked, it is larger than "
						"256 MiB" :
						"it is larger than 256 MiB");
	return true;
}

static bool explain_no_memory(void)
{
	cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
	return false;
}

/* Capacities are powers of two, so each threshold above is one of them. */
static bool make_room(struct cli_contents *text)
{
	size_t capacity = text->capacity ? text->capacity * 2 :
					   FIRST_LINE_BYTES;
	char *bytes;

	if (text->nr_bytes < text->capacity)
		return true;
	bytes = realloc(text->bytes, capacity);
	if (!bytes)
		return explain_no_memory();
	text->bytes = bytes;
	text->capacity = capacity;
	return true;
}

/* Reads at least so many bytes, or up to the end, which *is_all tells. */
static bool read_up_to(struct cli_contents *text, size_t nr_bytes,
		       struct kfrag_byte_source source, const char *path,
		       bool *is_all)
{
	*is_all = false;
	while (text->nr_bytes < nr_bytes) {
		enum kfrag_error error;
		size_t got;

		if (!make_room(text))
			return false;
		error = source.read(source.context,
				    text->bytes + text->nr_bytes,
				    text->capacity - text->nr_bytes, &got);
		if (error)
			return error == KFRAG_ENOMEM ? explain_no_memory() :
						       false;
		if (got == 0) {
			*is_all = true;
			return true;
		}
		text->nr_bytes += got;
		if (text->nr_bytes == text->capacity &&
		    !still_plausible(path, text))
			return false;
	}
	return true;
}

/* Once the text has begun as packed bytes do: takes that for its source. */
static bool unpack(struct cli_contents *text, struct source *source)
{
	struct kfrag_byte_source packed = { read_packed, source };
	struct kfrag_unpack *unpack;
	bool ok, is_all;

	source->first = text->bytes;
	source->nr_first = text->nr_bytes;
	*text = (struct cli_contents){ .packing = text->packing };
	if (kfrag_unpack_create(&unpack, text->packing, packed))
		return explain_no_memory();
	ok = read_up_to(text, SIZE_MAX,
			(struct kfrag_byte_source){ read_unpacked, unpack },
			source->path, &is_all);
	text->fault = kfrag_unpack_fault(unpack);
	kfrag_unpack_destroy(unpack);
	return ok;
}

bool cli_contents_read(struct cli_contents *text, int fd, const char *path)
{
	struct source source = { .fd = fd, .path = path };
	struct kfrag_byte_source plain = { read_fd, &source };
	bool ok, is_all;

	*text = (struct cli_contents){ 0 };
	ok = read_up_to(text, KFRAG_PACKING_MAGIC_BYTES, plain, path, &is_all);
	if (ok)
		text->packing = kfrag_packing_of(text->bytes, text->nr_bytes);
	if (ok && text->packing)
		ok = unpack(text, &source);
	else if (ok && !is_all)
		ok = read_up_to(text, SIZE_MAX, plain, path, &is_all);
	free(source.first);
	if (!ok)
		cli_contents_release(text);
	return ok;
}
