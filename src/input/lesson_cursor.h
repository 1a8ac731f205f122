/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_INPUT_LESSON_CURSOR_H
#define KFRAG_INPUT_LESSON_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/lesson.h"

/* A place in a script, and the word that was read last. */
struct kfrag_lesson_cursor {
	const char *at;
	const char *end; /* of the script */
	const char *line_start;
	uint64_t line;
	const char *word; /* where it starts */
	size_t word_bytes; /* 0: the statement ended */
	struct kfrag_lesson_fault *fault;
};

/*
 * Goes to the start of the next statement, past blanks, ends of lines, `;`
 * and comments. Returns false at the end of the script.
 */
bool kfrag_lesson_cursor_next(struct kfrag_lesson_cursor *cursor);

/* Reads the next word of the statement; false where it has no more. */
bool kfrag_lesson_cursor_word(struct kfrag_lesson_cursor *cursor);

/* Reads the rest of the line, without blanks around it. */
struct kfrag_lesson_text
kfrag_lesson_cursor_rest(struct kfrag_lesson_cursor *cursor);

bool kfrag_lesson_cursor_is(const struct kfrag_lesson_cursor *cursor,
			    const char *word);

/* Where the last word stands: in bytes, from 1. */
uint32_t kfrag_lesson_cursor_column(const struct kfrag_lesson_cursor *cursor);

/* Fills in the fault, at the last word, and returns false. */
__attribute__((format(printf, 2, 3))) bool
kfrag_lesson_cursor_refuse(struct kfrag_lesson_cursor *cursor,
			   const char *format, ...);

/*
 * These take the next word for what it has to be. Each returns false with
 * the fault filled in, which says what was expected.
 */
bool kfrag_lesson_cursor_size(struct kfrag_lesson_cursor *cursor,
			      uint64_t *bytes);
bool kfrag_lesson_cursor_name(struct kfrag_lesson_cursor *cursor,
			      char name[KFRAG_LESSON_NAME_BYTES + 1]);
bool kfrag_lesson_cursor_end(struct kfrag_lesson_cursor *cursor);

/* The last word as a number from min to max; what: "a count". */
bool kfrag_lesson_cursor_number(struct kfrag_lesson_cursor *cursor,
				const char *what, uint64_t min, uint64_t max,
				uint64_t *number);

#endif
