// SPDX-License-Identifier: MIT
#include "kfrag/lesson.h"

#include <stdlib.h>
#include <string.h>

#include "input/lesson_parser.h"
#include "kfrag/units.h"

void *kfrag_lesson_grow(void *list, size_t nr_used, size_t *room, size_t size)
{
	size_t wanted = *room ? *room * 2 : 16;
	void *grown;

	if (nr_used < *room)
		return list;
	grown = realloc(list, wanted * size);
	if (grown)
		*room = wanted;
	return grown;
}

struct kfrag_lesson_text kfrag_lesson_trim(const char *text, const char *end)
{
	while (text < end && (*text == ' ' || *text == '\t'))
		text++;
	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return (struct kfrag_lesson_text){ text, (size_t)(end - text) };
}

bool kfrag_lesson_begin_memory(struct kfrag_lesson_parser *parser,
			       struct kfrag_lesson_step *step)
{
	char page[KFRAG_UNITS_SIZE];
	uint64_t nr_pages = parser->memory_bytes / parser->page_bytes;

	kfrag_units_count(parser->page_bytes, page);
	if (parser->memory_bytes % parser->page_bytes != 0)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor,
			"expected a memory of whole pages: one is %s bytes",
			page);
	if (nr_pages > KFRAG_LESSON_MAX_PAGES)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor,
			"expected a memory of at most 1,048,576 pages: one is "
			"%s bytes",
			page);
	step->page_bytes = parser->page_bytes;
	step->memory_bytes = parser->memory_bytes;
	parser->first_name = parser->lesson->nr_names;
	return true;
}

static struct kfrag_lesson_step *add_step(struct kfrag_lesson_parser *parser)
{
	struct kfrag_lesson *lesson = parser->lesson;
	struct kfrag_lesson_step *grown =
		kfrag_lesson_grow(lesson->steps, lesson->nr_steps,
				  &parser->room_steps, sizeof(*grown));

	if (!grown) {
		parser->error = KFRAG_ENOMEM;
		return NULL;
	}
	lesson->steps = grown;
	grown += lesson->nr_steps++;
	*grown = (struct kfrag_lesson_step){ 0 };
	return grown;
}

/* All else happens in a memory: even words, which are drawn beside one. */
static bool needs_memory(enum kfrag_lesson_verb verb)
{
	return verb != KFRAG_LESSON_MEMORY && verb != KFRAG_LESSON_PAGE;
}

static bool add_default_memory(struct kfrag_lesson_parser *parser)
{
	struct kfrag_lesson_step *step = add_step(parser);

	if (!step)
		return false;
	step->verb = KFRAG_LESSON_MEMORY;
	step->bytes = parser->memory_bytes;
	return kfrag_lesson_begin_memory(parser, step);
}

static bool parse_step(struct kfrag_lesson_parser *parser)
{
	struct kfrag_lesson_cursor *cursor = &parser->cursor;
	struct kfrag_lesson_step *step;
	enum kfrag_lesson_verb verb;
	const char *start;

	(void)kfrag_lesson_cursor_word(cursor);
	if (!kfrag_lesson_find_verb(parser, &verb))
		return false;
	if (parser->lesson->nr_steps == 0 && needs_memory(verb) &&
	    !add_default_memory(parser))
		return false;
	step = add_step(parser);
	if (!step)
		return false;
	start = cursor->word;
	step->verb = verb;
	step->line = cursor->line;
	step->column = kfrag_lesson_cursor_column(cursor);
	step->blame_column = step->column;
	if (!kfrag_lesson_parse_verb(parser, step))
		return false;
	step->source =
		kfrag_lesson_trim(start, cursor->word + cursor->word_bytes);
	return kfrag_lesson_cursor_end(cursor);
}

enum kfrag_error kfrag_lesson_parse(struct kfrag_lesson *lesson,
				    const char *text, size_t nr_bytes,
				    struct kfrag_lesson_fault *fault)
{
	struct kfrag_lesson_parser parser = {
		.lesson = lesson,
		.page_bytes = KFRAG_LESSON_PAGE_BYTES,
		.memory_bytes = KFRAG_LESSON_PAGE_BYTES * KFRAG_LESSON_PAGES,
		.error = KFRAG_EINVAL,
	};
	bool ok = true;

	*lesson = (struct kfrag_lesson){ 0 };
	*fault = (struct kfrag_lesson_fault){ 0 };
	lesson->text = malloc(nr_bytes + 1);
	if (!lesson->text)
		return KFRAG_ENOMEM;
	memcpy(lesson->text, text, nr_bytes);
	parser.cursor = (struct kfrag_lesson_cursor){
		.at = lesson->text,
		.end = lesson->text + nr_bytes,
		.line_start = lesson->text,
		.line = 1,
		.fault = fault,
	};
	while (ok && kfrag_lesson_cursor_next(&parser.cursor))
		ok = parse_step(&parser);
	if (ok && lesson->nr_steps == 0) {
		parser.cursor.word = parser.cursor.at;
		ok = kfrag_lesson_cursor_refuse(
			&parser.cursor, "expected a command, such as alloc A "
					"14K");
	}
	if (ok)
		return KFRAG_OK;
	kfrag_lesson_release(lesson);
	return parser.error;
}

void kfrag_lesson_release(struct kfrag_lesson *lesson)
{
	free(lesson->steps);
	free(lesson->names);
	free(lesson->text);
	*lesson = (struct kfrag_lesson){ 0 };
}
