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

/* "step-", a number, ".svg" and a NUL. */
#define NAME_SIZE 40

bool explain_svg_open(const char *folder)
{
	if (mkdir(folder, 0777) == 0 || errno == EEXIST)
		return true;
	cli_message("cannot make the folder '%s': %s", folder, strerror(errno));
	return false;
}

/* Writes and closes it; false with errno set. */
static bool write_file(const char *path, explain_svg_draw draw,
		       const void *context)
{
	FILE *out = fopen(path, "w");
	enum kfrag_error error;

	if (!out)
		return false;
	errno = 0;
	error = draw(out, context);
	if (error && !errno)
		errno = error == KFRAG_ENOMEM ? ENOMEM : EIO;
	if (fclose(out) != 0)
		return false;
	return !error;
}

bool explain_svg_file(const char *folder, const char *name,
		      explain_svg_draw draw, const void *context)
{
	size_t size = strlen(folder) + strlen(name) + sizeof("/.new");
	char *path = malloc(2 * size), *temporary;
	bool ok;

	if (!path) {
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return false;
	}
	temporary = path + size;
	snprintf(path, size, "%s/%s", folder, name);
	snprintf(temporary, size, "%s/%s.new", folder, name);
	ok = write_file(temporary, draw, context) &&
	     rename(temporary, path) == 0;
	if (!ok) {
		cli_message("cannot write '%s': %s", path, strerror(errno));
		(void)unlink(temporary);
	}
	free(path);
	return ok;
}

static enum kfrag_error draw_step(FILE *out, const void *context)
{
	return kfrag_lesson_write_svg(out, context);
}

bool explain_svg_write(const char *folder, size_t number,
		       const struct kfrag_lesson_run *run)
{
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), "step-%03zu.svg", number);
	return explain_svg_file(folder, name, draw_step, run);
}
