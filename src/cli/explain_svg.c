// SPDX-License-Identifier: MIT
#include "cli/explain_svg.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "kfrag/lesson_draw.h"

/* "/step-", a number, ".svg.new" and a NUL. */
#define NAME_SIZE 48

bool explain_svg_open(const char *folder)
{
	if (mkdir(folder, 0777) == 0 || errno == EEXIST)
		return true;
	cli_message("cannot make the folder '%s': %s", folder, strerror(errno));
	return false;
}

/* Writes and closes it; false with errno set. */
static bool write_file(const char *path, const struct kfrag_lesson_run *run)
{
	FILE *out = fopen(path, "w");
	enum kfrag_error error;

	if (!out)
		return false;
	errno = 0;
	error = kfrag_lesson_write_svg(out, run);
	if (error && !errno)
		errno = error == KFRAG_ENOMEM ? ENOMEM : EIO;
	if (fclose(out) != 0)
		return false;
	return !error;
}

bool explain_svg_write(const char *folder, size_t number,
		       const struct kfrag_lesson_run *run)
{
	size_t size = strlen(folder) + NAME_SIZE;
	char *path = malloc(2 * size), *temporary;
	bool ok;

	if (!path) {
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return false;
	}
	temporary = path + size;
	snprintf(path, size, "%s/step-%03zu.svg", folder, number);
	snprintf(temporary, size, "%s/step-%03zu.svg.new", folder, number);
	ok = write_file(temporary, run) && rename(temporary, path) == 0;
	if (!ok) {
		cli_message("cannot write '%s': %s", path, strerror(errno));
		(void)unlink(temporary);
	}
	free(path);
	return ok;
}
