// SPDX-License-Identifier: MIT
#include "cli/explain_svg.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/view.h"
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
	bool ok;

	if (!out)
		return false;
	ok = draw(out, context) == KFRAG_OK;
	return fclose(out) == 0 && ok;
}

bool explain_svg_file(const char *folder, const char *name,
		      explain_svg_draw draw, const void *context)
{
	size_t size = strlen(folder) + strlen(name) + sizeof("/.new");
	char *path = malloc(2 * size), *temporary;
	bool ok;

	if (!path)
		return cli_view_is_written(KFRAG_ENOMEM);
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
