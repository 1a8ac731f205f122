/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_EXPLAIN_QUESTIONS_H
#define KFRAG_CLI_EXPLAIN_QUESTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/explain_options.h"
#include "kfrag/lesson.h"

/* The questions of a lesson: who answers them, and how well. */
struct explain_questions {
	char *answers; /* owned: a transcript; NULL: none */
	const char *next; /* in it */
	const char *end;
	bool reads_stdin; /* answers come from there */
	bool is_at_end; /* nobody presses Enter any more */
	bool is_graded; /* a wrong answer is exit 1 */
	size_t nr_asked;
	size_t nr_answered;
	size_t nr_right;
};

/* Returns false after a sentence on stderr. Release in both cases. */
bool explain_questions_init(struct explain_questions *questions,
			    const struct explain_options *options);
void explain_questions_release(struct explain_questions *questions);

/*
 * Asks what the step asks, and says whether the answer is right; where nobody
 * answers, says the right one. False: no memory.
 */
bool explain_questions_ask(struct explain_questions *questions,
			   const struct kfrag_lesson_step *step);

/* The score, if a question was answered. Returns whether all is well. */
bool explain_questions_end(const struct explain_questions *questions);

/* Waits for Enter, if a person is there to press it, up to the end of input. */
void explain_wait(struct explain_questions *questions);

#endif
