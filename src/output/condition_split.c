// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "output/condition_parts.h"
#include "output/nearest.h"

/* Longer ones are not repeated in a message. */
#define LONGEST_NAME 40

enum kfrag_error kfrag_condition_refuse(struct kfrag_condition_fault *fault,
					size_t offset, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(fault->message, sizeof(fault->message), format, args);
	va_end(args);
	fault->offset = offset;
	return KFRAG_EINVAL;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static struct kfrag_condition_span trim(const char *text, size_t start,
					size_t end)
{
	while (start < end && is_blank(text[start]))
		start++;
	while (end > start && is_blank(text[end - 1]))
		end--;
	return (struct kfrag_condition_span){ start, end };
}

/* Length of the operator that the text begins with; 0: none. */
static size_t read_operator(const char *text, enum kfrag_condition_op *op)
{
	static const struct {
		const char *text;
		enum kfrag_condition_op op;
	} operators[] = {
		{ ">=", KFRAG_AT_LEAST }, { "<=", KFRAG_AT_MOST },
		{ "==", KFRAG_EQUAL },	  { "!=", KFRAG_UNEQUAL },
		{ ">", KFRAG_ABOVE },	  { "<", KFRAG_BELOW },
		{ "=", KFRAG_EQUAL },
	};

	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		size_t length = strlen(operators[i].text);

		if (strncmp(text, operators[i].text, length) == 0) {
			*op = operators[i].op;
			return length;
		}
	}
	return 0;
}

static bool is_known(const struct kfrag_condition_parts *parts,
		     const struct kfrag_column_set *const *sets, size_t nr_sets)
{
	for (size_t i = 0; i < nr_sets; i++)
		if (kfrag_column_set_find(
			    sets[i], parts->text + parts->column.start,
			    parts->column.end - parts->column.start))
			return true;
	return false;
}

/* The parts around an operator; false where no colon stands before it. */
static bool part_at(struct kfrag_condition_parts *parts, size_t start,
		    struct kfrag_condition_span op)
{
	const char *text = parts->text;
	size_t colon = op.start;

	while (colon > start && text[colon - 1] != ':')
		colon--;
	if (colon == start)
		return false;
	parts->selector = trim(text, 0, colon - 1);
	parts->column = trim(text, colon, op.start);
	parts->op = op;
	parts->value = trim(text, op.end, strlen(text));
	return true;
}

static enum kfrag_error
refuse_column(const struct kfrag_condition_parts *parts,
	      const struct kfrag_column_set *const *sets, size_t nr_sets,
	      struct kfrag_condition_fault *fault)
{
	const char *name = parts->text + parts->column.start;
	size_t bytes = parts->column.end - parts->column.start, i = 0;
	const char *nearest;

	if (bytes == 0)
		return kfrag_condition_refuse(fault, parts->column.start,
					      "the name of a column is "
					      "missing");
	while (i < bytes && name[i] >= ' ' && name[i] <= '~')
		i++;
	if (i < bytes || bytes > LONGEST_NAME)
		return kfrag_condition_refuse(fault, parts->column.start,
					      "no column has such a name");
	nearest = kfrag_nearest_column(sets, nr_sets, name, bytes);
	if (!nearest)
		return kfrag_condition_refuse(fault, parts->column.start,
					      "no column '%.*s'", (int)bytes,
					      name);
	return kfrag_condition_refuse(fault, parts->column.start,
				      "no column '%.*s'; did you mean '%s'?",
				      (int)bytes, name, nearest);
}

/* Where the name of a column ends that no operator follows. */
static size_t end_of_column(const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t at = colon ? (size_t)(colon - text) + 1 : 0;

	while (is_blank(text[at]))
		at++;
	return at + strspn(text + at, "abcdefghijklmnopqrstuvwxyz_0123456789");
}

static enum kfrag_error refuse_text(const char *text, bool has_operator,
				    struct kfrag_condition_fault *fault)
{
	size_t first = strspn(text, " \t");

	if (!text[first])
		return kfrag_condition_refuse(fault, first,
					      "a condition is missing");
	if (has_operator)
		return kfrag_condition_refuse(fault, first,
					      "a selector and a colon are "
					      "missing before the column");
	return kfrag_condition_refuse(fault, end_of_column(text),
				      "an operator is missing: >, >=, <, <=, "
				      "== or !=");
}

enum kfrag_error
kfrag_condition_split(struct kfrag_condition_parts *parts, const char *text,
		      const struct kfrag_column_set *const *sets,
		      size_t nr_sets, enum kfrag_condition_op *op,
		      struct kfrag_condition_fault *fault)
{
	bool has_operator = false, has_colon = false;
	size_t start = 0, at = 0;

	*parts = (struct kfrag_condition_parts){ .text = text };
	while (text[at]) {
		size_t length = read_operator(text + at, op);

		if (length == 0) {
			at++;
			continue;
		}
		has_operator = true;
		if (part_at(parts, start,
			    (struct kfrag_condition_span){ at, at + length })) {
			has_colon = true;
			if (is_known(parts, sets, nr_sets))
				return KFRAG_OK;
		}
		at += length;
		start = at;
	}
	/* The last one that might have been meant. */
	if (has_colon)
		return refuse_column(parts, sets, nr_sets, fault);
	return refuse_text(text, has_operator, fault);
}
