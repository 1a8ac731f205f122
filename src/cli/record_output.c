// SPDX-License-Identifier: MIT
/*
 * A regular file takes a sample in one write(), so that a kill finds it before
 * or behind that nearly always, and a reader finds out where it does not.
 * Signals are held back meanwhile. A pipe may take its time, so it gets a
 * sample in parts that never block, and an interrupt can come between them.
 */
#include "cli/record_output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "kfrag/sample.h"

/* Of a recording's end, to begin with. */
#define FIRST_TAIL_BYTES ((size_t)64 << 10)

static bool fail(const char *path, const char *what, int error)
{
	cli_message("cannot %s '%s': %s", what, path, strerror(error));
	return false;
}

static bool fail_write(const struct record_output *output, int error)
{
	if (output->path)
		return fail(output->path, "write", error);
	cli_message("cannot write the output: %s", strerror(error));
	return false;
}

/* As many bytes as there are from an offset on, up to *bytes. */
static bool read_at(int fd, char *text, size_t *bytes, off_t at)
{
	size_t nr_bytes = 0;

	while (nr_bytes < *bytes) {
		ssize_t got = pread(fd, text + nr_bytes, *bytes - nr_bytes,
				    at + (off_t)nr_bytes);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		nr_bytes += (size_t)got;
	}
	*bytes = nr_bytes;
	return true;
}

/* What the end of a file that begins as a recording is. */
struct tail {
	enum kfrag_sample_tail kind;
	off_t cut_at;
	bool ends_line;
};

/* Looks at more and more of the end. */
static bool find_tail(int fd, off_t size, struct tail *tail)
{
	size_t window = FIRST_TAIL_BYTES;

	*tail = (struct tail){ .kind = KFRAG_TAIL_UNKNOWN };
	while (tail->kind == KFRAG_TAIL_UNKNOWN) {
		bool is_all = (uintmax_t)size <= window;
		size_t bytes = is_all ? (size_t)size : window;
		off_t at = size - (off_t)bytes;
		char *text = malloc(bytes);
		size_t cut_at;

		if (!text || !read_at(fd, text, &bytes, at) || bytes == 0) {
			free(text);
			return false;
		}
		tail->kind =
			kfrag_sample_find_tail(text, bytes, is_all, &cut_at);
		tail->cut_at = at + (off_t)cut_at;
		tail->ends_line = text[bytes - 1] == '\n';
		free(text);
		if (window > SIZE_MAX / 2) {
			errno = EFBIG;
			return false;
		}
		window *= 2;
	}
	return true;
}

/* Makes a file that was there before ready for more samples. */
static bool continue_file(struct record_output *output, off_t size)
{
	char head[64];
	size_t head_bytes = sizeof(head);
	struct tail tail;

	if (size == 0)
		return true;
	if (!read_at(output->fd, head, &head_bytes, 0))
		return fail(output->path, "read", errno);
	if (!kfrag_sample_is_first(head, head_bytes)) {
		cli_message("'%s' is there and is no recording; it was left "
			    "alone",
			    output->path);
		return false;
	}
	if (!find_tail(output->fd, size, &tail))
		return fail(output->path, "read", errno);
	if (tail.kind == KFRAG_TAIL_WHOLE) {
		output->needs_newline = !tail.ends_line;
		return true;
	}
	if (ftruncate(output->fd, tail.cut_at) != 0)
		return fail(output->path, "shorten", errno);
	cli_message("%s: its last sample was cut off, and is taken away",
		    output->path);
	return true;
}

/* Two recorders would take each other's samples for cut ones. */
static bool lock_file(const struct record_output *output)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(output->fd, F_SETLK, &lock) == 0 ||
	    (errno != EACCES && errno != EAGAIN))
		return true;
	cli_message("'%s' is being written by another process", output->path);
	return false;
}

static bool open_file(struct record_output *output)
{
	struct stat status;
	int flags = O_RDWR | O_CREAT | O_APPEND;

	/* What is no file is not read, and may not be to. */
	if (stat(output->path, &status) == 0 && !S_ISREG(status.st_mode))
		flags = O_WRONLY;
	output->fd = open(output->path, flags | O_CLOEXEC, 0666);
	if (output->fd < 0 || fstat(output->fd, &status) != 0)
		return fail(output->path, "open", errno);
	output->is_regular = S_ISREG(status.st_mode);
	output->is_appended = true;
	if (!output->is_regular)
		return true;
	/* The size counts once nobody else writes. */
	if (!lock_file(output))
		return false;
	if (fstat(output->fd, &status) != 0)
		return fail(output->path, "open", errno);
	return continue_file(output, status.st_size);
}

static void take_stdout(struct record_output *output)
{
	struct stat status;
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	output->fd = STDOUT_FILENO;
	output->is_appended = flags >= 0 && (flags & O_APPEND);
	if (fstat(STDOUT_FILENO, &status) != 0 || !S_ISREG(status.st_mode))
		return;
	output->is_regular = true;
	/* Whatever was cut before it, a sample begins on a line of its own. */
	output->needs_newline = output->is_appended && status.st_size > 0;
}

bool record_output_open(struct record_output *output, const char *path)
{
	*output = (struct record_output){ .path = path };
	if (!path) {
		take_stdout(output);
		return true;
	}
	if (open_file(output))
		return true;
	if (output->fd >= 0)
		close(output->fd);
	output->fd = -1;
	return false;
}

/* Returns bytes written; below `bytes` the reason is in errno. */
static size_t write_file(int fd, const char *text, size_t bytes)
{
	size_t nr_written = 0;

	while (nr_written < bytes) {
		ssize_t put = write(fd, text + nr_written, bytes - nr_written);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			break;
		nr_written += (size_t)put;
	}
	return nr_written;
}

/* Where the next write begins; negative: unknown. */
static off_t output_offset(const struct record_output *output)
{
	struct stat status;

	if (!output->is_appended)
		return lseek(output->fd, 0, SEEK_CUR);
	return fstat(output->fd, &status) == 0 ? status.st_size : -1;
}

/* Unless somebody else has written behind it. */
static void take_back(const struct record_output *output, off_t offset,
		      size_t bytes)
{
	struct stat status;

	if (bytes == 0 || offset < 0 || fstat(output->fd, &status) != 0 ||
	    status.st_size != offset + (off_t)bytes)
		return;
	if (ftruncate(output->fd, offset) != 0)
		cli_message("cannot take the last part back: %s",
			    strerror(errno));
	else if (!output->is_appended)
		(void)lseek(output->fd, offset, SEEK_SET);
}

static enum record_result put_file(const struct record_output *output,
				   const char *text, size_t bytes)
{
	off_t offset = output_offset(output);
	size_t nr_written = write_file(output->fd, text, bytes);
	int error = errno;

	if (nr_written == bytes)
		return RECORD_OK;
	take_back(output, offset, nr_written);
	fail_write(output, error);
	return RECORD_FAILED;
}

static enum record_result put_stream(const struct record_output *output,
				     const struct record_wait *wait,
				     const char *text, size_t bytes)
{
	bool is_interrupted = false;

	while (bytes > 0) {
		/* Ready means that so many do not block. */
		size_t part = bytes < PIPE_BUF ? bytes : PIPE_BUF;
		ssize_t put;

		if (record_wait_write(wait, output->fd) == RECORD_INTERRUPT) {
			if (is_interrupted)
				return RECORD_STOPPED;
			is_interrupted = true;
			continue;
		}
		put = write(output->fd, text, part);
		if (put < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (put < 0 && errno == EPIPE)
			return RECORD_LEFT;
		if (put < 0) {
			fail_write(output, errno);
			return RECORD_FAILED;
		}
		text += put;
		bytes -= (size_t)put;
	}
	return is_interrupted ? RECORD_STOPPED : RECORD_OK;
}

enum record_result record_output_put(struct record_output *output,
				     const struct record_wait *wait,
				     const char *sample, size_t bytes)
{
	enum record_result result;

	if (!output->is_regular)
		return put_stream(output, wait, sample, bytes);
	if (output->needs_newline) {
		result = put_file(output, "\n", 1);
		if (result != RECORD_OK)
			return result;
		output->needs_newline = false;
	}
	return put_file(output, sample, bytes);
}

bool record_output_close(struct record_output *output)
{
	int fd = output->fd;

	output->fd = -1;
	/* main() closes standard output. */
	if (fd < 0 || fd == STDOUT_FILENO || close(fd) == 0)
		return true;
	return fail_write(output, errno);
}
