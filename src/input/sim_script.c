// SPDX-License-Identifier: MIT
/* Scripts of requests to the buddy system: from text to steps. */
#include "kfrag/sim_script.h"

#include <stdlib.h>
#include <string.h>

#include "input/lesson_cursor.h"
#include "kfrag/arith.h"

#define DEFAULT_MAX_ORDER 10
#define MAX_ORDER 20

struct parser {
	struct kfrag_sim_script *script;
	struct kfrag_lesson_cursor cursor;
	char (*names)[KFRAG_LESSON_NAME_BYTES + 1];
	size_t open[KFRAG_SIM_MAX_DEPTH]; /* repeats without their end */
	size_t nr_open;
	size_t room;
	enum kfrag_error error; /* what a refusal is */
};

#define FIGURE_TEXTS(name, word, help) { word, help },

static const struct {
	const char *word;
	const char *help;
} figures[KFRAG_SIM_NR_FIGURES] = { KFRAG_SIM_FIGURES(FIGURE_TEXTS) };

const char *kfrag_sim_figure_word(enum kfrag_sim_figure figure)
{
	return figures[figure].word;
}

const char *kfrag_sim_figure_help(enum kfrag_sim_figure figure)
{
	return figures[figure].help;
}

/* ----------------------------------------------------------------- numbers */

static bool read_number(struct parser *parser, const char *what, uint64_t max,
			uint64_t *number)
{
	(void)kfrag_lesson_cursor_word(&parser->cursor);
	return kfrag_lesson_cursor_number(&parser->cursor, what, 1, max,
					  number);
}

/* The order of the block that a size takes. */
static bool read_order(struct parser *parser, struct kfrag_sim_step *step)
{
	uint64_t units;
	unsigned max_order = parser->script->max_order;

	if (!kfrag_lesson_cursor_size(&parser->cursor, &units))
		return false;
	if (units > UINT64_C(1) << max_order)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor,
			"expected a size of at most 2^%u units, the largest "
			"block; see max-order",
			max_order);
	step->order = kfrag_log2_ceil(units);
	return true;
}

/* ------------------------------------------------------------------- verbs */

static bool parse_memory(struct parser *parser, struct kfrag_sim_step *step)
{
	uint64_t *units = &parser->script->memory_units;

	(void)step;
	if (!kfrag_lesson_cursor_size(&parser->cursor, units))
		return false;
	if (*units <= KFRAG_SIM_MAX_UNITS)
		return true;
	return kfrag_lesson_cursor_refuse(
		&parser->cursor, "expected a memory of at most 2^26 units");
}

static bool parse_max_order(struct parser *parser, struct kfrag_sim_step *step)
{
	uint64_t order = 0;

	(void)step;
	(void)kfrag_lesson_cursor_word(&parser->cursor);
	if (!kfrag_lesson_cursor_number(&parser->cursor, "an order", 0,
					MAX_ORDER, &order))
		return false;
	parser->script->max_order = (unsigned)order;
	return true;
}

static bool parse_live(struct parser *parser, struct kfrag_sim_step *step)
{
	(void)step;
	return kfrag_lesson_cursor_size(&parser->cursor,
					&parser->script->live_units);
}

/* Known, or made where `makes`. */
static bool read_name(struct parser *parser, struct kfrag_sim_step *step,
		      bool makes)
{
	struct kfrag_sim_script *script = parser->script;
	char name[KFRAG_LESSON_NAME_BYTES + 1];

	if (!kfrag_lesson_cursor_name(&parser->cursor, name))
		return false;
	for (step->name = 0; step->name < script->nr_names; step->name++)
		if (strcmp(parser->names[step->name], name) == 0)
			return true;
	if (!makes)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor,
			"expected the name of a block that alloc made before");
	if (script->nr_names == KFRAG_SIM_MAX_NAMES)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor,
			"expected at most %d names; take "
			"makes blocks without one",
			KFRAG_SIM_MAX_NAMES);
	memcpy(parser->names[script->nr_names++], name, sizeof(name));
	return true;
}

static bool parse_alloc(struct parser *parser, struct kfrag_sim_step *step)
{
	return read_name(parser, step, true) && read_order(parser, step);
}

static bool parse_free(struct parser *parser, struct kfrag_sim_step *step)
{
	return read_name(parser, step, false);
}

static bool parse_take(struct parser *parser, struct kfrag_sim_step *step)
{
	step->number = 1;
	if (!read_order(parser, step))
		return false;
	return !kfrag_lesson_cursor_word(&parser->cursor) ||
	       kfrag_lesson_cursor_number(&parser->cursor, "a count", 1,
					  KFRAG_SIM_MAX_UNITS, &step->number);
}

static bool parse_fill(struct parser *parser, struct kfrag_sim_step *step)
{
	return read_order(parser, step);
}

static bool parse_drop(struct parser *parser, struct kfrag_sim_step *step)
{
	static const char *const words[KFRAG_SIM_NR_DROPS] = {
		[KFRAG_SIM_DROP_ALL] = "all",
		[KFRAG_SIM_DROP_UNALIGNED] = "unaligned",
		[KFRAG_SIM_DROP_RANDOM] = "random",
		[KFRAG_SIM_DROP_OLDEST] = "oldest",
		[KFRAG_SIM_DROP_NEWEST] = "newest",
	};

	(void)kfrag_lesson_cursor_word(&parser->cursor);
	for (; step->what < KFRAG_SIM_NR_DROPS; step->what++)
		if (kfrag_lesson_cursor_is(&parser->cursor, words[step->what]))
			break;
	if (step->what == KFRAG_SIM_NR_DROPS)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor, "expected all, or unaligned, random, "
					 "oldest or newest and a number");
	return step->what == KFRAG_SIM_DROP_ALL ||
	       read_number(parser, "a number", KFRAG_SIM_MAX_UNITS,
			   &step->number);
}

static bool parse_repeat(struct parser *parser, struct kfrag_sim_step *step)
{
	if (!read_number(parser, "a count", KFRAG_SIM_MAX_STEPS, &step->number))
		return false;
	if (parser->nr_open == KFRAG_SIM_MAX_DEPTH)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor,
			"expected at most %d repeats in each "
			"other",
			KFRAG_SIM_MAX_DEPTH);
	parser->open[parser->nr_open++] = parser->script->nr_steps - 1;
	return true;
}

static bool parse_end(struct parser *parser, struct kfrag_sim_step *step)
{
	if (parser->nr_open == 0)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor, "expected a repeat before this end");
	step->match = parser->open[--parser->nr_open];
	parser->script->steps[step->match].match = parser->script->nr_steps - 1;
	return true;
}

/* Of the last word. */
static bool find_placement(struct parser *parser, struct kfrag_sim_step *step)
{
	step->is_placed = true;
	for (int i = 0; i < KFRAG_NR_BUDDY_PLACEMENTS; i++) {
		step->placement = (enum kfrag_buddy_placement)i;
		if (kfrag_lesson_cursor_is(
			    &parser->cursor,
			    kfrag_buddy_placement_text(step->placement)))
			return true;
	}
	return kfrag_lesson_cursor_refuse(
		&parser->cursor, "expected the end of the line, or address, "
				 "lifo or fifo where only then");
}

static bool parse_expect(struct parser *parser, struct kfrag_sim_step *step)
{
	(void)kfrag_lesson_cursor_word(&parser->cursor);
	for (; step->what < KFRAG_SIM_NR_FIGURES; step->what++)
		if (kfrag_lesson_cursor_is(&parser->cursor,
					   figures[step->what].word))
			break;
	if (step->what == KFRAG_SIM_NR_FIGURES)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor, "expected requests, failed, live, "
					 "peak, high-water or touched");
	(void)kfrag_lesson_cursor_word(&parser->cursor);
	if (!kfrag_lesson_cursor_number(&parser->cursor, "a number", 0,
					UINT64_C(10000000000), &step->number))
		return false;
	return !kfrag_lesson_cursor_word(&parser->cursor) ||
	       find_placement(parser, step);
}

/* -------------------------------------------------------------- statements */

/* A verb is a row. Those that are no steps say how all is to be. */
static const struct verb {
	const char *word;
	bool is_step;
	enum kfrag_sim_verb verb;
	bool (*parse)(struct parser *parser, struct kfrag_sim_step *step);
} verbs[] = {
	{ "memory", false, KFRAG_SIM_END, parse_memory },
	{ "max-order", false, KFRAG_SIM_END, parse_max_order },
	{ "limit", false, KFRAG_SIM_END, parse_live },
	{ "alloc", true, KFRAG_SIM_ALLOC, parse_alloc },
	{ "free", true, KFRAG_SIM_FREE, parse_free },
	{ "take", true, KFRAG_SIM_TAKE, parse_take },
	{ "fill", true, KFRAG_SIM_FILL, parse_fill },
	{ "drop", true, KFRAG_SIM_DROP, parse_drop },
	{ "repeat", true, KFRAG_SIM_REPEAT, parse_repeat },
	{ "end", true, KFRAG_SIM_END, parse_end },
	{ "expect", true, KFRAG_SIM_EXPECT, parse_expect },
};

#define NR_VERBS (sizeof(verbs) / sizeof(verbs[0]))

static struct kfrag_sim_step *add_step(struct parser *parser)
{
	struct kfrag_sim_script *script = parser->script;
	struct kfrag_sim_step *grown = script->steps;

	if (script->nr_steps == parser->room) {
		parser->room = parser->room * 2 + 16;
		grown = realloc(grown, parser->room * sizeof(*grown));
	}
	if (!grown) {
		parser->error = KFRAG_ENOMEM;
		return NULL;
	}
	script->steps = grown;
	grown += script->nr_steps++;
	*grown = (struct kfrag_sim_step){ .line = parser->cursor.line };
	return grown;
}

static const struct verb *find_verb(struct parser *parser)
{
	for (size_t i = 0; i < NR_VERBS; i++) {
		if (!kfrag_lesson_cursor_is(&parser->cursor, verbs[i].word))
			continue;
		if (verbs[i].is_step || parser->script->nr_steps == 0)
			return &verbs[i];
		(void)kfrag_lesson_cursor_refuse(
			&parser->cursor, "expected %s before the first request",
			verbs[i].word);
		return NULL;
	}
	(void)kfrag_lesson_cursor_refuse(
		&parser->cursor, "expected memory, max-order, limit, alloc, "
				 "free, take, fill, drop, repeat, end or "
				 "expect");
	return NULL;
}

static bool parse_statement(struct parser *parser)
{
	struct kfrag_sim_step none, *step = &none;
	const struct verb *verb;

	(void)kfrag_lesson_cursor_word(&parser->cursor);
	verb = find_verb(parser);
	if (!verb)
		return false;
	if (verb->is_step)
		step = add_step(parser);
	if (!step)
		return false;
	step->verb = verb->verb;
	return verb->parse(parser, step) &&
	       kfrag_lesson_cursor_end(&parser->cursor);
}

static bool parse_all(struct parser *parser)
{
	while (kfrag_lesson_cursor_next(&parser->cursor))
		if (!parse_statement(parser))
			return false;
	parser->cursor.word = parser->cursor.at;
	if (parser->nr_open > 0)
		return kfrag_lesson_cursor_refuse(
			&parser->cursor, "expected the end of a repeat");
	if (parser->script->nr_steps > 0)
		return true;
	return kfrag_lesson_cursor_refuse(
		&parser->cursor, "expected a request, such as alloc A 4");
}

enum kfrag_error kfrag_sim_script_parse(struct kfrag_sim_script *script,
					const char *text, size_t nr_bytes,
					struct kfrag_lesson_fault *fault)
{
	struct parser parser = {
		.script = script,
		.cursor = {
			.at = text,
			.end = text + nr_bytes,
			.line_start = text,
			.line = 1,
			.fault = fault,
		},
		.error = KFRAG_EINVAL,
	};
	bool ok;

	*script = (struct kfrag_sim_script){ .max_order = DEFAULT_MAX_ORDER };
	*fault = (struct kfrag_lesson_fault){ 0 };
	parser.names = calloc(KFRAG_SIM_MAX_NAMES, sizeof(*parser.names));
	if (!parser.names)
		return KFRAG_ENOMEM;
	ok = parse_all(&parser);
	free(parser.names);
	if (!ok) {
		kfrag_sim_script_release(script);
		return parser.error;
	}
	if (script->memory_units == 0)
		script->memory_units = UINT64_C(1) << script->max_order;
	if (script->live_units == 0)
		script->live_units = script->memory_units;
	return KFRAG_OK;
}

void kfrag_sim_script_release(struct kfrag_sim_script *script)
{
	free(script->steps);
	*script = (struct kfrag_sim_script){ 0 };
}
