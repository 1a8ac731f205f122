/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_RECORD_OUTPUT_H
#define KFRAG_CLI_RECORD_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cli/record_source.h"
#include "cli/record_wait.h"

/* Where samples go, each of them whole or not at all. */
struct record_output {
	const char *path; /* NULL: standard output */
	int fd; /* negative: none */
	bool is_regular;
	bool is_appended; /* the file's end may move under us */
	bool needs_newline; /* before the next sample */
};

/*
 * Opens a file, or standard output (NULL). A file that holds samples already
 * is continued: one that was cut is taken away. Returns false after a
 * sentence on stderr; a file that is no recording is then as it was.
 */
bool record_output_open(struct record_output *output, const char *path);

/*
 * Writes a sample. Where that fails, a regular file is made to end with the
 * sample before it. STOPPED: within the sample, by a second interrupt.
 */
enum record_result record_output_put(struct record_output *output,
				     const struct record_wait *wait,
				     const char *sample, size_t bytes);

/* Returns false after a sentence on stderr. */
bool record_output_close(struct record_output *output);

#endif
