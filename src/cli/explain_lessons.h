/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_EXPLAIN_LESSONS_H
#define KFRAG_CLI_EXPLAIN_LESSONS_H

#include <stddef.h>

/* Scripts that come with the program. */
struct explain_lesson {
	const char *name; /* as typed */
	const char *help; /* half a line, lower case */
	const char *script;
};

const struct explain_lesson *explain_lessons(size_t *nr_lessons);

/* NULL where none has the name. */
const struct explain_lesson *explain_lesson_find(const char *name);

#endif
