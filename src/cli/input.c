// SPDX-License-Identifier: MIT
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "kfrag/slabinfo.h"

/*
 * Where text is looked at before more of it is read, so that a device without
 * end is refused early: by then a capture has ended a line, and held a row.
 */
#define FIRST_LINE_BYTES ((size_t)64 << 10)
#define FIRST_ROW_BYTES ((size_t)1 << 20)

struct text {
	char *bytes;
	size_t nr_bytes;
	size_t capacity;
};

static bool refuse(const char *path, const char *why)
{
	cli_message("'%s' is not slabinfo: %s", path, why);
	return false;
}

static bool has_row(const char *bytes, size_t nr_bytes)
{
	struct kfrag_recording recording;
	enum kfrag_error error;
	bool has_cut;

	error = kfrag_slabinfo_parse(&recording, bytes, nr_bytes);
	/* Of a long sample the end may lie beyond these bytes. */
	has_cut = recording.nr_cut_samples > 0;
	kfrag_recording_release(&recording);
	return error != KFRAG_EFORMAT || has_cut;
}

static bool still_plausible(const char *path, const struct text *text)
{
	if (text->nr_bytes == FIRST_LINE_BYTES &&
	    !memchr(text->bytes, '\n', text->nr_bytes))
		return refuse(path, "no line ends within its first 64 KiB");
	/* A capture has many rows in the first of these already. */
	if (text->nr_bytes == FIRST_ROW_BYTES &&
	    !has_row(text->bytes, FIRST_LINE_BYTES) &&
	    !has_row(text->bytes, FIRST_ROW_BYTES))
		return refuse(path, "its first MiB holds no row of a cache");
	if (text->nr_bytes == CLI_MAX_INPUT_BYTES)
		return refuse(path, "it is larger than 256 MiB");
	return true;
}

/* Capacities are powers of two, so each threshold above is one of them. */
static bool make_room(struct text *text)
{
	size_t capacity = text->capacity ? text->capacity * 2 :
					   FIRST_LINE_BYTES;
	char *bytes;

	if (text->nr_bytes < text->capacity)
		return true;
	bytes = realloc(text->bytes, capacity);
	if (!bytes) {
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return false;
	}
	text->bytes = bytes;
	text->capacity = capacity;
	return true;
}

static bool read_all(int fd, const char *path, struct text *text)
{
	for (;;) {
		ssize_t got;

		if (!make_room(text))
			return false;
		got = read(fd, text->bytes + text->nr_bytes,
			   text->capacity - text->nr_bytes);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			cli_message("cannot read '%s': %s", path,
				    strerror(errno));
			return false;
		}
		if (got == 0)
			return true;
		text->nr_bytes += (size_t)got;
		if (text->nr_bytes == text->capacity &&
		    !still_plausible(path, text))
			return false;
	}
}

static void explain_open_error(const char *path, int error)
{
	cli_message("cannot open '%s': %s", path, strerror(error));
	if (strcmp(path, CLI_LIVE_PATH) != 0)
		return;
	if (error == EACCES || error == EPERM)
		cli_message("only root may read it; try: "
			    "sudo cat " CLI_LIVE_PATH " | kfrag -");
	else
		cli_message("this system shows no slab caches; "
			    "give kfrag a capture of one that does: "
			    "kfrag FILE");
}

static int open_input(const char *path)
{
	struct stat status;
	int fd;

	if (strcmp(path, "-") == 0)
		return STDIN_FILENO;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		explain_open_error(path, errno);
		return -1;
	}
	if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
		refuse(path, "it is a directory");
		close(fd);
		return -1;
	}
	return fd;
}

static bool parse(struct cli_input *input, const struct text *text)
{
	enum kfrag_error error;
	bool has_cut;

	if (text->nr_bytes == 0)
		return refuse(input->path, "it is empty");
	error = kfrag_slabinfo_parse(&input->recording, text->bytes,
				     text->nr_bytes);
	if (!error)
		return true;
	has_cut = input->recording.nr_cut_samples > 0;
	kfrag_recording_release(&input->recording);
	if (error == KFRAG_EFORMAT && has_cut)
		return refuse(input->path, "each sample in it is cut off");
	if (error == KFRAG_EFORMAT)
		return refuse(input->path, "it holds no row of a cache");
	cli_message("cannot read '%s': %s", input->path,
		    kfrag_error_text(error));
	return false;
}

bool cli_input_read(struct cli_input *input, const char *path,
		    struct cli_phases *phases)
{
	struct text text = { 0 };
	bool ok;
	int fd;

	*input = (struct cli_input){ .path = path };
	input->is_live = strcmp(input->path, CLI_LIVE_PATH) == 0;
	fd = open_input(input->path);
	if (fd < 0)
		return false;
	ok = read_all(fd, input->path, &text);
	cli_phases_end(phases, "reading");
	if (ok)
		ok = parse(input, &text);
	free(text.bytes);
	if (fd != STDIN_FILENO)
		close(fd);
	cli_phases_end(phases, "parsing");
	return ok;
}

void cli_input_release(struct cli_input *input)
{
	kfrag_recording_release(&input->recording);
	*input = (struct cli_input){ 0 };
}

void cli_input_report_diags(const struct cli_input *input)
{
	const struct kfrag_recording *recording = &input->recording;
	char message[256];

	for (size_t i = 0; i < recording->nr_diags; i++) {
		const struct kfrag_diag *diag = &recording->diags[i];

		cli_message("%s:%" PRIu64 ":%" PRIu32 ": %s", input->path,
			    diag->line, diag->column,
			    kfrag_diag_text(diag, message, sizeof(message)));
	}
	if (recording->nr_diags_dropped)
		cli_message("%s: %" PRIu64 " more lines like these",
			    input->path, recording->nr_diags_dropped);
}
