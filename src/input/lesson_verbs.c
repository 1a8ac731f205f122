// SPDX-License-Identifier: MIT
/* What stands behind each command of a script. */
#include <stdio.h>
#include <string.h>

#include "input/lesson_parser.h"
#include "kfrag/arith.h"
#include "kfrag/slab.h"
#include "kfrag/units.h"

#define MIN_PAGE_BYTES 64
#define MAX_PAGE_BYTES KFRAG_MIB
#define MAX_BLOCK_BYTES (UINT64_C(1) << 48)

typedef bool (*parse_verb)(struct kfrag_lesson_parser *parser,
			   struct kfrag_lesson_step *step);

/* ------------------------------------------------------------------ names */

static bool find_name(const struct kfrag_lesson_parser *parser,
		      const char *text, bool is_cache, size_t *name)
{
	const struct kfrag_lesson *lesson = parser->lesson;

	for (size_t i = parser->first_name; i < lesson->nr_names; i++) {
		*name = i;
		if (lesson->names[i].is_cache == is_cache &&
		    strcmp(lesson->names[i].text, text) == 0)
			return true;
	}
	*name = 0;
	return false;
}

static bool add_name(struct kfrag_lesson_parser *parser, const char *text,
		     bool is_cache, size_t *name)
{
	struct kfrag_lesson *lesson = parser->lesson;
	struct kfrag_lesson_name *grown =
		kfrag_lesson_grow(lesson->names, lesson->nr_names,
				  &parser->room_names, sizeof(*grown));

	if (!grown) {
		parser->error = KFRAG_ENOMEM;
		return false;
	}
	lesson->names = grown;
	*name = lesson->nr_names++;
	lesson->names[*name].is_cache = is_cache;
	snprintf(lesson->names[*name].text, sizeof(lesson->names->text), "%s",
		 text);
	return true;
}

/* A name that a cache or block before has. */
static bool parse_known(struct kfrag_lesson_parser *parser, bool is_cache,
			size_t *name)
{
	char text[KFRAG_LESSON_NAME_BYTES + 1];

	if (!kfrag_lesson_cursor_name(&parser->cursor, text))
		return false;
	if (find_name(parser, text, is_cache, name))
		return true;
	return kfrag_lesson_cursor_refuse(
		&parser->cursor, "expected the name of %s before: no '%s' is",
		is_cache ? "a cache" : "an alloc", text);
}

/* ----------------------------------------------------------------- memory */

static bool parse_memory(struct kfrag_lesson_parser *parser,
			 struct kfrag_lesson_step *step)
{
	if (!kfrag_lesson_cursor_size(&parser->cursor, &step->bytes))
		return false;
	parser->memory_bytes = step->bytes;
	parser->has_memory = true;
	return kfrag_lesson_begin_memory(parser, step);
}

static bool parse_page(struct kfrag_lesson_parser *parser,
		       struct kfrag_lesson_step *step)
{
	if (!kfrag_lesson_cursor_size(&parser->cursor, &step->bytes))
		return false;
	if (!kfrag_is_power_of_two(step->bytes) ||
	    step->bytes < MIN_PAGE_BYTES || step->bytes > MAX_PAGE_BYTES)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor,
			"expected a power of two from 64 to 1M");
	parser->page_bytes = step->bytes;
	if (!parser->has_memory)
		parser->memory_bytes = step->bytes * KFRAG_LESSON_PAGES;
	return kfrag_lesson_begin_memory(parser, step);
}

/* ----------------------------------------------------------------- blocks */

static bool parse_alloc(struct kfrag_lesson_parser *parser,
			struct kfrag_lesson_step *step)
{
	char text[KFRAG_LESSON_NAME_BYTES + 1];

	if (!kfrag_lesson_cursor_name(&parser->cursor, text))
		return false;
	step->blame_column = kfrag_lesson_cursor_column(&parser->cursor);
	if (!kfrag_lesson_cursor_size(&parser->cursor, &step->bytes))
		return false;
	if (step->bytes > MAX_BLOCK_BYTES)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor, "expected a size of at most 256T");
	step->order =
		kfrag_log2_ceil(kfrag_div_up(step->bytes, parser->page_bytes));
	return find_name(parser, text, false, &step->name) ||
	       add_name(parser, text, false, &step->name);
}

static bool parse_free(struct kfrag_lesson_parser *parser,
		       struct kfrag_lesson_step *step)
{
	if (!parse_known(parser, false, &step->name))
		return false;
	step->blame_column = kfrag_lesson_cursor_column(&parser->cursor);
	return true;
}

/* ----------------------------------------------------------------- caches */

static unsigned largest_order(const struct kfrag_lesson_parser *parser)
{
	return kfrag_log2_floor(parser->memory_bytes / parser->page_bytes);
}

unsigned kfrag_lesson_slab_order(uint64_t size_bytes, uint64_t page_bytes,
				 unsigned max_order)
{
	unsigned least = kfrag_log2_ceil(kfrag_div_up(size_bytes, page_bytes));

	for (unsigned order = least; order <= 3 && order <= max_order;
	     order++) {
		uint64_t slab_bytes = page_bytes << order;

		if (slab_bytes % size_bytes <= slab_bytes / 8)
			return order;
	}
	return least;
}

static bool plan_slabs(struct kfrag_lesson_parser *parser,
		       struct kfrag_lesson_step *step)
{
	uint64_t fitting = (parser->page_bytes << step->order) / step->bytes;

	if (fitting == 0)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor,
			"expected a larger order: no object fits into a slab "
			"of 2^%u pages",
			step->order);
	if (fitting > KFRAG_MAX_OBJS_PER_SLAB)
		fitting = KFRAG_MAX_OBJS_PER_SLAB;
	step->objs_per_slab = fitting;
	return true;
}

static bool parse_cache(struct kfrag_lesson_parser *parser,
			struct kfrag_lesson_step *step)
{
	struct kfrag_lesson_cursor *cursor = &parser->cursor;
	unsigned largest = largest_order(parser);
	char text[KFRAG_LESSON_NAME_BYTES + 1];
	uint64_t order;

	if (!kfrag_lesson_cursor_name(cursor, text))
		return false;
	if (find_name(parser, text, true, &step->name))
		return kfrag_lesson_cursor_refuse(
			cursor, "expected a new name: there is a cache '%s'",
			text);
	if (!kfrag_lesson_cursor_size(cursor, &step->bytes))
		return false;
	step->order = kfrag_lesson_slab_order(step->bytes, parser->page_bytes,
					      largest);
	if (step->order > largest)
		return kfrag_lesson_cursor_refuse(
			cursor,
			"expected a size that fits into the largest "
			"block, 2^%u pages",
			largest);
	if (kfrag_lesson_cursor_word(cursor)) {
		if (!kfrag_lesson_cursor_number(cursor, "an order", 0, largest,
						&order))
			return false;
		step->order = (unsigned)order;
	}
	return plan_slabs(parser, step) &&
	       add_name(parser, text, true, &step->name);
}

static bool parse_count(struct kfrag_lesson_parser *parser,
			struct kfrag_lesson_step *step)
{
	step->nr_objs = 1;
	if (!kfrag_lesson_cursor_word(&parser->cursor))
		return true;
	return kfrag_lesson_cursor_number(&parser->cursor, "a count", 1,
					  KFRAG_LESSON_MAX_OBJS,
					  &step->nr_objs);
}

static bool parse_new(struct kfrag_lesson_parser *parser,
		      struct kfrag_lesson_step *step)
{
	return parse_known(parser, true, &step->name) &&
	       parse_count(parser, step);
}

static bool parse_delete(struct kfrag_lesson_parser *parser,
			 struct kfrag_lesson_step *step)
{
	struct kfrag_lesson_cursor *cursor = &parser->cursor;

	step->nr_objs = 1;
	if (!parse_known(parser, true, &step->name))
		return false;
	step->blame_column = kfrag_lesson_cursor_column(cursor);
	if (!kfrag_lesson_cursor_word(cursor))
		return true;
	step->blame_column = kfrag_lesson_cursor_column(cursor);
	if (*cursor->word != '#')
		return kfrag_lesson_cursor_number(cursor,
						  "a count or #slot, "
						  "a count being",
						  1, KFRAG_LESSON_MAX_OBJS,
						  &step->nr_objs);
	step->has_slot = true;
	cursor->word++;
	cursor->word_bytes--;
	return kfrag_lesson_cursor_number(cursor, "a slot", 0, UINT32_MAX,
					  &step->slot);
}

/* --------------------------------------------------- what is shown and said */

static bool parse_show(struct kfrag_lesson_parser *parser,
		       struct kfrag_lesson_step *step)
{
	static const struct {
		const char *word;
		unsigned show;
	} kinds[] = {
		{ "memory", KFRAG_LESSON_SHOW_MEMORY },
		{ "tree", KFRAG_LESSON_SHOW_TREE },
		{ "freelist", KFRAG_LESSON_SHOW_FREELIST },
		{ "bitmap", KFRAG_LESSON_SHOW_BITMAP },
		{ "slabs", KFRAG_LESSON_SHOW_SLABS },
		{ "all", KFRAG_LESSON_SHOW_ALL },
	};
	unsigned found;

	while (kfrag_lesson_cursor_word(&parser->cursor)) {
		found = 0;
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			if (kfrag_lesson_cursor_is(&parser->cursor,
						   kinds[i].word))
				found = kinds[i].show;
		if (!found)
			return kfrag_lesson_cursor_refuse(
				&parser->cursor,
				"expected tree, freelist, bitmap, slabs, "
				"memory or all");
		step->show |= found;
	}
	if (!step->show)
		step->show = KFRAG_LESSON_SHOW_ALL;
	return true;
}

static bool parse_say(struct kfrag_lesson_parser *parser,
		      struct kfrag_lesson_step *step)
{
	step->text = kfrag_lesson_cursor_rest(&parser->cursor);
	if (step->text.nr_bytes > 0)
		return true;
	return kfrag_lesson_cursor_refuse(&parser->cursor, "expected a text");
}

static bool parse_ask(struct kfrag_lesson_parser *parser,
		      struct kfrag_lesson_step *step)
{
	struct kfrag_lesson_text rest =
		kfrag_lesson_cursor_rest(&parser->cursor);
	const char *end = rest.text + rest.nr_bytes, *equal = end;

	while (equal > rest.text && equal[-1] != '=')
		equal--;
	parser->cursor.word = end;
	if (equal == rest.text)
		return kfrag_lesson_cursor_refuse(&parser->cursor,
						  "expected = and the answer");
	step->text = kfrag_lesson_trim(rest.text, equal - 1);
	step->answer = kfrag_lesson_trim(equal, end);
	if (step->answer.nr_bytes == 0)
		return kfrag_lesson_cursor_refuse(&parser->cursor,
						  "expected the answer");
	parser->cursor.word = rest.text;
	if (step->text.nr_bytes == 0)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor, "expected a question before the =");
	return true;
}

/* --------------------------------------------------------------- commands */

static const struct {
	const char *word;
	parse_verb parse;
} verbs[KFRAG_NR_LESSON_VERBS] = {
	[KFRAG_LESSON_MEMORY] = { "memory", parse_memory },
	[KFRAG_LESSON_PAGE] = { "page", parse_page },
	[KFRAG_LESSON_ALLOC] = { "alloc", parse_alloc },
	[KFRAG_LESSON_FREE] = { "free", parse_free },
	[KFRAG_LESSON_CACHE] = { "cache", parse_cache },
	[KFRAG_LESSON_NEW] = { "new", parse_new },
	[KFRAG_LESSON_DELETE] = { "delete", parse_delete },
	[KFRAG_LESSON_SHOW] = { "show", parse_show },
	[KFRAG_LESSON_SAY] = { "say", parse_say },
	[KFRAG_LESSON_ASK] = { "ask", parse_ask },
};

bool kfrag_lesson_find_verb(struct kfrag_lesson_parser *parser,
			    enum kfrag_lesson_verb *verb)
{
	for (int i = 0; i < KFRAG_NR_LESSON_VERBS; i++) {
		*verb = (enum kfrag_lesson_verb)i;
		if (kfrag_lesson_cursor_is(&parser->cursor, verbs[i].word))
			return true;
	}
	return kfrag_lesson_cursor_refuse(
		&parser->cursor, "expected a command: memory, page, alloc, "
				 "free, cache, new, delete, show, say or ask");
}

bool kfrag_lesson_parse_verb(struct kfrag_lesson_parser *parser,
			     struct kfrag_lesson_step *step)
{
	return verbs[step->verb].parse(parser, step);
}
