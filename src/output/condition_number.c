// SPDX-License-Identifier: MIT
#include <string.h>

#include "kfrag/arith.h"
#include "kfrag/units.h"
#include "output/condition_parts.h"

/* Behind the point of a number. */
#define MAX_DECIMALS 9

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool ends_with(const char *text, const char *end)
{
	size_t text_bytes = strlen(text), end_bytes = strlen(end);

	return text_bytes >= end_bytes &&
	       strcmp(text + text_bytes - end_bytes, end) == 0;
}

/* Reads digits behind those of *number. Returns false beyond 64 bits. */
static bool read_digits(const char *text, size_t *at, uint64_t *number)
{
	for (; is_digit(text[*at]); (*at)++)
		if (!kfrag_mul_u64(*number, 10, number) ||
		    !kfrag_add_u64(*number, (uint64_t)(text[*at] - '0'),
				   number))
			return false;
	return true;
}

/* ".5": more digits, and what they are to be divided by. */
static enum kfrag_error read_decimals(struct kfrag_condition *condition,
				      const char *text, size_t *at,
				      struct kfrag_condition_fault *fault)
{
	size_t point = *at;

	if (text[point] != '.')
		return KFRAG_OK;
	(*at)++;
	if (!is_digit(text[*at]))
		return kfrag_condition_refuse(fault, *at,
					      "digits are missing behind the "
					      "point");
	if (!read_digits(text, at, &condition->number))
		return kfrag_condition_refuse(fault, point,
					      "the number has too many digits");
	if (*at - point - 1 > MAX_DECIMALS)
		return kfrag_condition_refuse(fault, point,
					      "at most %d digits may follow "
					      "the point",
					      MAX_DECIMALS);
	for (size_t i = point + 1; i < *at; i++)
		condition->scale *= 10;
	return KFRAG_OK;
}

static enum kfrag_error read_percent(struct kfrag_condition *condition,
				     size_t offset,
				     struct kfrag_condition_fault *fault)
{
	const char *name = condition->column->name;

	if (ends_with(name, "_permille"))
		return kfrag_condition_refuse(
			fault, offset, "%s is per mille: 5 %% are 50", name);
	if (condition->rule.of == KFRAG_WHOLE_NONE)
		return kfrag_condition_refuse(fault, offset,
					      "%s is no part of anything that "
					      "a percentage could be of",
					      name);
	condition->is_percent = true;
	condition->scale *= 100;
	return KFRAG_OK;
}

/* Only figures in bytes have units; "" is none. */
static enum kfrag_error read_unit(struct kfrag_condition *condition,
				  const struct kfrag_condition_parts *parts,
				  size_t at,
				  struct kfrag_condition_fault *fault)
{
	size_t bytes = parts->value.end - at;
	char one[8] = "1";

	if (bytes + 2 <= sizeof(one)) {
		memcpy(one + 1, parts->text + at, bytes);
		/* The point of "1.5" is no more of a unit than its digits. */
		if (!is_digit(one[1]) &&
		    kfrag_units_parse_bytes(one, &condition->factor)) {
			if (ends_with(condition->column->name, "_bytes"))
				return KFRAG_OK;
			return kfrag_condition_refuse(fault, at,
						      "%s is not in bytes and "
						      "has no units",
						      condition->column->name);
		}
	}
	return kfrag_condition_refuse(fault, at,
				      "only a unit such as KiB, MiB or GiB, or "
				      "%% may follow a number");
}

enum kfrag_error
kfrag_condition_read_number(struct kfrag_condition *condition,
			    const struct kfrag_condition_parts *parts,
			    struct kfrag_condition_fault *fault)
{
	const char *text = parts->text;
	size_t at = parts->value.start, first, point;
	enum kfrag_error error;

	condition->factor = 1;
	condition->scale = 1;
	condition->is_negative = text[at] == '-';
	at += text[at] == '-' || text[at] == '+';
	first = at;
	if (!is_digit(text[at]))
		return kfrag_condition_refuse(fault, at, "a number is wanted");
	if (!read_digits(text, &at, &condition->number))
		return kfrag_condition_refuse(fault, first,
					      "the number exceeds 64 bits");
	point = at;
	error = read_decimals(condition, text, &at, fault);
	if (error)
		return error;
	while (at < parts->value.end && (text[at] == ' ' || text[at] == '\t'))
		at++;
	if (at + 1 == parts->value.end && text[at] == '%')
		return read_percent(condition, at, fault);
	if (at < parts->value.end)
		return read_unit(condition, parts, at, fault);
	if (condition->scale > 1)
		return kfrag_condition_refuse(fault, point,
					      "a number without a unit or %% "
					      "has no decimals");
	return KFRAG_OK;
}
