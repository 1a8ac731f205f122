// SPDX-License-Identifier: MIT
/*
 * From text to a condition: the parts, then the table that they speak of,
 * then the value.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output/condition_parts.h"

/* Of the sum of all caches. */
#define TOTAL "total"

struct sets {
	const struct kfrag_column_set *const *list;
	size_t nr_sets;
};

static bool is_word(const struct kfrag_condition_parts *parts,
		    struct kfrag_condition_span span, const char *word,
		    size_t word_bytes)
{
	return span.end - span.start == word_bytes &&
	       memcmp(parts->text + span.start, word, word_bytes) == 0;
}

static size_t count_words(const struct kfrag_condition_parts *parts)
{
	size_t nr_words = 1;

	for (size_t i = parts->selector.start; i < parts->selector.end; i++)
		nr_words += parts->text[i] == '/';
	return nr_words;
}

static const struct kfrag_column *
find_column(const struct kfrag_condition_parts *parts,
	    const struct kfrag_column_set *set)
{
	return kfrag_column_set_find(set, parts->text + parts->column.start,
				     parts->column.end - parts->column.start);
}

static void take_table(struct kfrag_condition *condition,
		       const struct kfrag_condition_parts *parts,
		       const struct sets *sets, size_t table)
{
	condition->table = table;
	condition->set = sets->list[table];
	condition->column = find_column(parts, condition->set);
	condition->rule =
		kfrag_column_set_rule(condition->set, condition->column);
	if (!condition->rule.whole)
		return;
	condition->whole = kfrag_column_set_find(condition->set,
						 condition->rule.whole,
						 strlen(condition->rule.whole));
	assert(condition->whole);
}

/* "allocator/state" */
static void spell_keys(const struct kfrag_column_set *set, char *out,
		       size_t size)
{
	size_t length = 0;

	*out = '\0';
	for (size_t i = 0; i < set->nr_keys && length < size; i++)
		length += (size_t)snprintf(out + length, size - length,
					   i ? "/%s" : "%s",
					   set->columns[i].name);
}

/* The first table that has the column says how its rows are named. */
static enum kfrag_error
refuse_selector(const struct kfrag_condition_parts *parts,
		const struct sets *sets, bool is_total,
		struct kfrag_condition_fault *fault)
{
	const struct kfrag_column_set *set = sets->list[0];
	char keys[64];

	for (size_t i = 0; i < sets->nr_sets; i++) {
		if (find_column(parts, sets->list[i])) {
			set = sets->list[i];
			break;
		}
	}
	spell_keys(set, keys, sizeof(keys));
	if (is_total)
		return kfrag_condition_refuse(fault, parts->selector.start,
					      TOTAL " is of caches; a row of "
						    "%s is named %s",
					      set->name, keys);
	return kfrag_condition_refuse(fault, parts->selector.start,
				      "a row of %s is named %s", set->name,
				      keys);
}

static enum kfrag_error choose_total(struct kfrag_condition *condition,
				     const struct kfrag_condition_parts *parts,
				     const struct sets *sets,
				     struct kfrag_condition_fault *fault)
{
	if (!find_column(parts, sets->list[0]))
		return refuse_selector(parts, sets, true, fault);
	take_table(condition, parts, sets, 0);
	condition->is_total = true;
	if (condition->rule.adds)
		return KFRAG_OK;
	return kfrag_condition_refuse(fault, parts->column.start,
				      "a sum of %s over all caches says "
				      "nothing",
				      condition->column->name);
}

/*
 * Which of the tables with the column has rows of so many words. A name of one
 * word may hold slashes itself.
 */
static enum kfrag_error choose_table(struct kfrag_condition *condition,
				     const struct kfrag_condition_parts *parts,
				     const struct sets *sets,
				     struct kfrag_condition_fault *fault)
{
	size_t nr_words = count_words(parts), table = sets->nr_sets;

	if (is_word(parts, parts->selector, TOTAL, sizeof(TOTAL) - 1))
		return choose_total(condition, parts, sets, fault);
	for (size_t i = sets->nr_sets; i-- > 0;) {
		size_t nr_keys = sets->list[i]->nr_keys;
		bool is_better = table == sets->nr_sets ||
				 sets->list[table]->nr_keys != nr_words ||
				 nr_keys == nr_words;

		if (find_column(parts, sets->list[i]) && is_better &&
		    (nr_keys == nr_words || nr_keys == 1))
			table = i;
	}
	if (table == sets->nr_sets)
		return refuse_selector(parts, sets, false, fault);
	take_table(condition, parts, sets, table);
	return KFRAG_OK;
}

/* Copies a span to *at, a NUL behind it, and steps over both. */
static const char *copy(char **at, const struct kfrag_condition_parts *parts,
			struct kfrag_condition_span span)
{
	char *text = *at;
	size_t bytes = span.end - span.start;

	memcpy(text, parts->text + span.start, bytes);
	text[bytes] = '\0';
	*at += bytes + 1;
	return text;
}

/* The patterns of all keys, and the word, into storage of the condition's. */
static enum kfrag_error copy_words(struct kfrag_condition *condition,
				   const struct kfrag_condition_parts *parts)
{
	size_t nr_keys = condition->set->nr_keys;
	char *at, *slash;

	assert(nr_keys >= 1 && nr_keys <= KFRAG_CONDITION_MAX_KEYS);
	condition->storage = calloc(strlen(parts->text) + 2, 1);
	if (!condition->storage)
		return KFRAG_ENOMEM;
	at = condition->storage;
	condition->patterns[0] = copy(&at, parts, parts->selector);
	slash = condition->storage;
	for (size_t i = 1; i < nr_keys && !condition->is_total; i++) {
		slash = strchr(slash, '/');
		assert(slash);
		*slash++ = '\0';
		condition->patterns[i] = slash;
	}
	if (condition->column->is_text)
		condition->word = copy(&at, parts, parts->value);
	return KFRAG_OK;
}

/* Whether the value is one of "a b c". */
static bool is_one_of(const struct kfrag_condition_parts *parts,
		      const char *words)
{
	while (*words) {
		size_t bytes = strcspn(words, " ");

		if (is_word(parts, parts->value, words, bytes))
			return true;
		words += bytes;
		words += *words == ' ';
	}
	return false;
}

static enum kfrag_error check_word(const struct kfrag_condition *condition,
				   const struct kfrag_condition_parts *parts,
				   struct kfrag_condition_fault *fault)
{
	if (condition->op != KFRAG_EQUAL && condition->op != KFRAG_UNEQUAL)
		return kfrag_condition_refuse(fault, parts->op.start,
					      "%s is no number: == or != only",
					      condition->column->name);
	if (condition->rule.words && !is_one_of(parts, condition->rule.words))
		return kfrag_condition_refuse(fault, parts->value.start,
					      "%s is one of: %s",
					      condition->column->name,
					      condition->rule.words);
	return KFRAG_OK;
}

static enum kfrag_error parse(struct kfrag_condition *condition,
			      const struct sets *sets,
			      struct kfrag_condition_fault *fault)
{
	struct kfrag_condition_parts parts;
	enum kfrag_error error;

	error = kfrag_condition_split(&parts, condition->text, sets->list,
				      sets->nr_sets, &condition->op, fault);
	if (error)
		return error;
	if (parts.selector.start == parts.selector.end)
		return kfrag_condition_refuse(fault, parts.selector.start,
					      "a pattern of names, or " TOTAL
					      ", is missing");
	error = choose_table(condition, &parts, sets, fault);
	if (error)
		return error;
	if (parts.value.start == parts.value.end)
		return kfrag_condition_refuse(fault, parts.value.start,
					      "a value is missing");
	error = condition->column->is_text ?
			check_word(condition, &parts, fault) :
			kfrag_condition_read_number(condition, &parts, fault);
	return error ? error : copy_words(condition, &parts);
}

enum kfrag_error
kfrag_condition_parse(struct kfrag_condition *condition, const char *text,
		      const struct kfrag_column_set *const *sets,
		      size_t nr_sets, struct kfrag_condition_fault *fault)
{
	const struct sets all = { sets, nr_sets };
	enum kfrag_error error;

	assert(nr_sets > 0);
	*condition = (struct kfrag_condition){ .text = text };
	*fault = (struct kfrag_condition_fault){ 0 };
	error = parse(condition, &all, fault);
	if (error)
		*condition = (struct kfrag_condition){ 0 };
	return error;
}

void kfrag_condition_release(struct kfrag_condition *condition)
{
	free(condition->storage);
	*condition = (struct kfrag_condition){ 0 };
}
