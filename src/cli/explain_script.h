/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_EXPLAIN_SCRIPT_H
#define KFRAG_CLI_EXPLAIN_SCRIPT_H

#include <stdbool.h>

#include "cli/explain_options.h"
#include "kfrag/lesson.h"

/* A script, where it is from, and what it says. */
struct explain_script {
	const char *source; /* as messages call it */
	char *text; /* owned */
	size_t nr_bytes;
	struct kfrag_lesson lesson;
};

/*
 * Reads and parses the script that the options name. Returns false after a
 * sentence on stderr, with the line and a caret where that is to blame.
 * Release in both cases.
 */
bool explain_script_read(struct explain_script *script,
			 const struct explain_options *options);
void explain_script_release(struct explain_script *script);

/* Says on stderr what is wrong and where; false always. */
bool explain_script_refuse(const struct explain_script *script,
			   const struct kfrag_lesson_fault *fault);

/*
 * Reads a file, or standard input for "-", to its end; *text is the caller's to
 * free. Returns false after a sentence on stderr.
 */
bool explain_read_file(const char *path, char **text, size_t *nr_bytes);

#endif
