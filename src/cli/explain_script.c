// SPDX-License-Identifier: MIT
#include "cli/explain_script.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/explain_lessons.h"
#include "output/fit.h"
#include "output/scratch.h"

/* No script is longer. */
#define MAX_BYTES ((size_t)4 << 20)
#define CHUNK_BYTES ((size_t)16 << 10)
/* Columns of a line with a mistake that are shown, and of them before it. */
#define SHOWN_WIDTH 77
#define BEFORE_WIDTH 60

/* What is left of a stream; false with errno set. */
static bool read_all(FILE *in, char **text, size_t *nr_bytes)
{
	size_t room = 0, got;

	for (;;) {
		char *grown = realloc(*text, room += CHUNK_BYTES);

		if (!grown)
			return false;
		*text = grown;
		errno = 0;
		got = fread(*text + *nr_bytes, 1, room - *nr_bytes, in);
		*nr_bytes += got;
		if (*nr_bytes < room)
			return !ferror(in);
		if (room > MAX_BYTES) {
			errno = EFBIG;
			return false;
		}
	}
}

bool explain_read_file(const char *path, char **text, size_t *nr_bytes)
{
	bool is_stdin = strcmp(path, "-") == 0, ok;
	FILE *in = is_stdin ? stdin : fopen(path, "r");
	int error;

	*text = NULL;
	*nr_bytes = 0;
	if (!in) {
		cli_message("cannot open '%s': %s", path, strerror(errno));
		return false;
	}
	ok = read_all(in, text, nr_bytes);
	error = errno;
	if (!is_stdin)
		(void)fclose(in);
	if (ok)
		return true;
	cli_message("cannot read '%s': %s", path, strerror(error));
	free(*text);
	*text = NULL;
	*nr_bytes = 0;
	return false;
}

/* As much of a line as fits, with the place in it; before it, a ~ if cut. */
static void write_around(const char *before, const char *behind)
{
	size_t width = kfrag_fit_width(before), room;
	bool is_cut = width > BEFORE_WIDTH;
	const char *end = behind;

	for (; width > BEFORE_WIDTH; width--)
		do
			before++;
		while (((unsigned char)*before & 0xc0) == 0x80);
	width += is_cut;
	for (room = SHOWN_WIDTH - width; *end; end++)
		if (((unsigned char)*end & 0xc0) != 0x80 && room-- == 0)
			break;
	fprintf(stderr, "  %s%s%.*s\n  %*s\n", is_cut ? "~" : "", before,
		(int)(end - behind), behind, (int)width + 1, "^");
}

/* The line with a caret below the place. */
static void show_line(const struct explain_script *script,
		      const struct kfrag_lesson_fault *fault)
{
	const char *line = script->text, *end = line + script->nr_bytes;
	struct kfrag_scratch before = { 0 }, behind = { 0 };
	const char *place, *line_end;

	for (uint64_t i = 1; i < fault->line; i++)
		line = (const char *)memchr(line, '\n', (size_t)(end - line)) +
		       1;
	line_end = memchr(line, '\n', (size_t)(end - line));
	if (!line_end)
		line_end = end;
	place = line + fault->column - 1;
	/* Of a script without a command there is nothing to see. */
	if (line < line_end &&
	    kfrag_scratch_escape(&before, line, fault->column - 1) &&
	    kfrag_scratch_escape(&behind, place, (size_t)(line_end - place)))
		write_around(before.text, behind.text);
	kfrag_scratch_release(&before);
	kfrag_scratch_release(&behind);
}

bool explain_script_refuse(const struct explain_script *script,
			   const struct kfrag_lesson_fault *fault)
{
	cli_message("%s:%" PRIu64 ":%" PRIu32 ": %s", script->source,
		    fault->line, fault->column, fault->message);
	if (fault->line > 0)
		show_line(script, fault);
	return false;
}

static bool copy_text(struct explain_script *script, const char *text,
		      size_t nr_bytes)
{
	script->text = malloc(nr_bytes + 1);
	if (!script->text) {
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return false;
	}
	memcpy(script->text, text, nr_bytes);
	script->nr_bytes = nr_bytes;
	return true;
}

static bool find_text(struct explain_script *script,
		      const struct explain_options *options)
{
	const char *text;

	if (options->text) {
		script->source = "-e";
		return copy_text(script, options->text, options->nr_text_bytes);
	}
	if (options->subject == EXPLAIN_LESSON) {
		script->source = options->name;
		text = explain_lesson_find(options->name)->script;
		return copy_text(script, text, strlen(text));
	}
	script->source = options->path;
	return explain_read_file(options->path, &script->text,
				 &script->nr_bytes);
}

bool explain_script_read(struct explain_script *script,
			 const struct explain_options *options)
{
	struct kfrag_lesson_fault fault;
	enum kfrag_error error;

	*script = (struct explain_script){ 0 };
	if (!find_text(script, options))
		return false;
	error = kfrag_lesson_parse(&script->lesson, script->text,
				   script->nr_bytes, &fault);
	if (error == KFRAG_EINVAL)
		return explain_script_refuse(script, &fault);
	if (error)
		cli_message("%s", kfrag_error_text(error));
	return !error;
}

void explain_script_release(struct explain_script *script)
{
	kfrag_lesson_release(&script->lesson);
	free(script->text);
	*script = (struct explain_script){ 0 };
}
