// SPDX-License-Identifier: MIT
#include "cli/plot_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/view.h"

/* A file on its way to a name. */
struct arrival {
	const char *path; /* as typed */
	char *target; /* where the path leads; owned */
	char *temporary; /* beside it; owned, NULL: written in place */
	FILE *out;
};

static bool fail(const struct arrival *arrival)
{
	cli_message("cannot write '%s': %s", arrival->path, strerror(errno));
	return false;
}

/* The file's own, or that of any new one. */
static mode_t mode_of(const struct stat *status)
{
	mode_t mask;

	if (status)
		return status->st_mode & 0777;
	mask = umask(0);
	(void)umask(mask);
	return 0666 & ~mask;
}

/* Beside the target, so that it can be renamed. */
static int open_temporary(struct arrival *arrival, mode_t mode)
{
	size_t bytes = strlen(arrival->target) + sizeof(".kfrag-XXXXXX");
	int fd;

	arrival->temporary = malloc(bytes);
	if (!arrival->temporary)
		return -1;
	(void)snprintf(arrival->temporary, bytes, "%s.kfrag-XXXXXX",
		       arrival->target);
	fd = mkstemp(arrival->temporary);
	if (fd < 0) {
		free(arrival->temporary);
		arrival->temporary = NULL;
		return -1;
	}
	(void)fchmod(fd, mode);
	return fd;
}

static bool arrival_open(struct arrival *arrival, const char *path)
{
	struct stat status;
	bool exists = stat(path, &status) == 0;
	int fd;

	*arrival = (struct arrival){ .path = path };
	arrival->target = exists ? realpath(path, NULL) : strdup(path);
	if (!arrival->target)
		return fail(arrival);
	if (exists && !S_ISREG(status.st_mode))
		fd = open(path, O_WRONLY | O_CLOEXEC);
	else if (exists && access(path, W_OK) != 0)
		fd = -1;
	else
		fd = open_temporary(arrival, mode_of(exists ? &status : NULL));
	if (fd >= 0)
		arrival->out = fdopen(fd, "w");
	return arrival->out || fail(arrival);
}

/* With what is written so far, or without it. */
static bool arrival_close(struct arrival *arrival, bool ok)
{
	if (arrival->out) {
		bool failed = ferror(arrival->out) != 0;

		if (fclose(arrival->out) != 0 || failed)
			ok = ok && fail(arrival);
	}
	if (arrival->temporary) {
		if (ok && rename(arrival->temporary, arrival->target) != 0)
			ok = fail(arrival);
		if (!ok)
			(void)unlink(arrival->temporary);
	}
	free(arrival->temporary);
	free(arrival->target);
	return ok;
}

static void copy_bytes(FILE *picture, FILE *out)
{
	char bytes[16384];
	size_t got;

	while ((got = fread(bytes, 1, sizeof(bytes), picture)) > 0)
		if (fwrite(bytes, 1, got, out) != got)
			return;
}

/*
 * The dumb terminal starts with a form feed and an empty line, fills lines
 * with blanks, and does not end the last one.
 */
static void copy_text(FILE *picture, FILE *out)
{
	size_t nr_blanks = 0, nr_lines = 0;
	bool has_begun = false;
	int c;

	while ((c = getc(picture)) != EOF) {
		if (c == ' ') {
			nr_blanks++;
		} else if (c == '\n') {
			nr_blanks = 0;
			nr_lines += has_begun;
		} else if (c != '\f') {
			for (; nr_lines > 0; nr_lines--)
				putc('\n', out);
			for (; nr_blanks > 0; nr_blanks--)
				putc(' ', out);
			putc(c, out);
			has_begun = true;
		}
	}
	if (has_begun)
		putc('\n', out);
}

static void copy(FILE *picture, FILE *out, bool is_text)
{
	if (is_text)
		copy_text(picture, out);
	else
		copy_bytes(picture, out);
}

bool plot_file_put(const char *path, FILE *picture, bool is_text)
{
	struct arrival arrival;
	bool ok;

	if (!path) {
		copy(picture, stdout, is_text);
		return true;
	}
	ok = arrival_open(&arrival, path);
	if (ok)
		copy(picture, arrival.out, is_text);
	return arrival_close(&arrival, ok);
}

bool plot_file_put_bytes(const char *path, const char *bytes, size_t nr_bytes)
{
	struct arrival arrival;
	bool ok = arrival_open(&arrival, path);

	if (ok)
		(void)fwrite(bytes, 1, nr_bytes, arrival.out);
	return arrival_close(&arrival, ok);
}
