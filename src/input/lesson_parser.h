/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_INPUT_LESSON_PARSER_H
#define KFRAG_INPUT_LESSON_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input/lesson_cursor.h"
#include "kfrag/lesson.h"

struct kfrag_lesson_parser {
	struct kfrag_lesson *lesson;
	struct kfrag_lesson_cursor cursor;
	size_t room_steps;
	size_t room_names;
	size_t first_name; /* the names before are of an earlier memory */
	uint64_t page_bytes;
	uint64_t memory_bytes;
	bool has_memory; /* a script's own */
	enum kfrag_error error; /* KFRAG_ENOMEM where it is not the script */
};

/*
 * An array with room for one more element of that size; NULL: no memory, and
 * it is as it was.
 */
void *kfrag_lesson_grow(void *list, size_t nr_used, size_t *room, size_t size);

/* A text without the blanks around it. */
struct kfrag_lesson_text kfrag_lesson_trim(const char *text, const char *end);

/* Everything begins anew, in an empty memory. False after a fault. */
bool kfrag_lesson_begin_memory(struct kfrag_lesson_parser *parser,
			       struct kfrag_lesson_step *step);

/* What the last word of the cursor commands. False after a fault. */
bool kfrag_lesson_find_verb(struct kfrag_lesson_parser *parser,
			    enum kfrag_lesson_verb *verb);

/*
 * Reads what stands behind the word of step->verb. False after a fault, or
 * with parser->error KFRAG_ENOMEM.
 */
bool kfrag_lesson_parse_verb(struct kfrag_lesson_parser *parser,
			     struct kfrag_lesson_step *step);

#endif
