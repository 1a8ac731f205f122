/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_EXPLAIN_OPTIONS_H
#define KFRAG_CLI_EXPLAIN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "kfrag/lesson_draw.h"

enum explain_subject {
	EXPLAIN_SCRIPT, /* a file, standard input or -e */
	EXPLAIN_LESSON, /* of explain_lessons.h */
	EXPLAIN_WASTE, /* of a capture */
	EXPLAIN_CACHE /* of a capture */
};

struct explain_options {
	bool wants_help;
	bool wants_version;
	enum explain_subject subject;
	const char *path; /* of a script or capture; NULL: none */
	const char *name; /* of a cache or lesson; NULL: none */
	char *text; /* owned: all -e, a line each; NULL: none */
	size_t nr_text_bytes;
	bool step;
	bool json;
	const char *answers; /* path; NULL: none */
	const char *svg; /* folder; NULL: none */
	struct kfrag_lesson_style style;
};

/* Returns false after a sentence on stderr. Release in both cases. */
bool explain_options_parse(struct explain_options *options, int argc,
			   char **argv);
void explain_options_release(struct explain_options *options);

/* The whole --help text, on stdout. */
void explain_options_help(void);

#endif
