// SPDX-License-Identifier: MIT
/*
 * Conditions held against rows. A ratio is never divided: part x scale is
 * compared with whole x number, both in 128 bits.
 */
#include "kfrag/condition.h"

#include <string.h>

#include "kfrag/arith.h"
#include "output/pattern.h"
#include "output/scratch.h"
#include "output/values.h"

struct judge {
	const struct kfrag_condition *condition;
	const struct kfrag_condition_memory *memory;
	struct kfrag_scratch scratch;
};

/* ------------------------------------------------------------- figures */

static bool is_number(const struct kfrag_value *value)
{
	return value->kind == KFRAG_VALUE_UNSIGNED ||
	       value->kind == KFRAG_VALUE_SIGNED;
}

/* 0 of what is no number. */
static struct kfrag_condition_figure figure_of(const struct kfrag_value *value)
{
	if (value->kind == KFRAG_VALUE_SIGNED)
		return (struct kfrag_condition_figure){
			value->signed_number < 0,
			kfrag_magnitude(value->signed_number),
		};
	return (struct kfrag_condition_figure){
		.magnitude = is_number(value) ? value->number : 0,
	};
}

static struct kfrag_condition_figure plain(uint64_t magnitude)
{
	return (struct kfrag_condition_figure){ .magnitude = magnitude };
}

/* The part and the whole of a row, or their sums. False where unknown. */
static bool read_figures(const struct judge *judge, const void *row,
			 struct kfrag_condition_hit *figures)
{
	const struct kfrag_condition *condition = judge->condition;
	struct kfrag_value part = condition->column->value(row), whole;

	*figures = (struct kfrag_condition_hit){ .row = row };
	if (!is_number(&part))
		return false;
	figures->part = figure_of(&part);
	if (!condition->is_percent || !condition->whole)
		return true;
	whole = condition->whole->value(row);
	figures->whole = figure_of(&whole);
	return is_number(&whole) || condition->rule.of == KFRAG_WHOLE_BEFORE;
}

/*
 * What a percentage is of, where it is no column; false where that is unknown
 * or nothing.
 */
static bool complete_whole(const struct judge *judge,
			   struct kfrag_condition_hit *figures)
{
	if (!judge->condition->is_percent)
		return true;
	switch (judge->condition->rule.of) {
	case KFRAG_WHOLE_BEFORE:
		return true;
	case KFRAG_WHOLE_MEMORY:
		figures->whole = plain(judge->memory->bytes);
		break;
	case KFRAG_WHOLE_OLD_MEMORY:
		figures->whole = plain(judge->memory->old_bytes);
		break;
	default:
		break;
	}
	return figures->whole.magnitude > 0;
}

/* ---------------------------------------------------------- comparisons */

/* a x b against c x d: below 0, 0, above 0. */
static int compare_products(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	uint64_t high, low, other_high, other_low;

	kfrag_mul_wide(a, b, &high, &low);
	kfrag_mul_wide(c, d, &other_high, &other_low);
	if (high != other_high)
		return high > other_high ? 1 : -1;
	return (low > other_low) - (low < other_low);
}

static int compare_numbers(const struct kfrag_condition *condition,
			   const struct kfrag_condition_hit *figures)
{
	bool is_below = figures->part.is_negative;
	bool wants_below = condition->is_negative && condition->number > 0;
	uint64_t factor = condition->factor;
	int result;

	if (condition->is_percent)
		factor = figures->whole.magnitude;
	if (condition->is_percent && factor == 0) {
		/* A change of nothing: 0 %, or beyond all percentages. */
		if (figures->part.magnitude > 0)
			return is_below ? -1 : 1;
		factor = 1;
	}
	if (is_below != wants_below)
		return is_below ? -1 : 1;
	result = compare_products(figures->part.magnitude, condition->scale,
				  condition->number, factor);
	return is_below ? -result : result;
}

static bool holds(enum kfrag_condition_op op, int comparison)
{
	switch (op) {
	case KFRAG_ABOVE:
		return comparison > 0;
	case KFRAG_AT_LEAST:
		return comparison >= 0;
	case KFRAG_BELOW:
		return comparison < 0;
	case KFRAG_AT_MOST:
		return comparison <= 0;
	case KFRAG_EQUAL:
		return comparison == 0;
	default:
		return comparison != 0;
	}
}

/* ----------------------------------------------------------------- rows */

/* Text as it is shown; NULL where the host has no memory. */
static const char *show(struct judge *judge, const struct kfrag_value *value,
			char digits[KFRAG_NUMBER_SIZE])
{
	if (kfrag_value_is_text(value))
		return kfrag_scratch_escape(&judge->scratch, value->text,
					    value->text_bytes);
	return kfrag_value_digits(value, "", digits).text;
}

static enum kfrag_error is_named(struct judge *judge, const void *row,
				 bool *named)
{
	const struct kfrag_condition *condition = judge->condition;
	const struct kfrag_column_set *set = condition->set;
	char digits[KFRAG_NUMBER_SIZE];

	*named = true;
	for (size_t i = 0; i < set->nr_keys && *named; i++) {
		struct kfrag_value value = set->columns[i].value(row);
		const char *text = show(judge, &value, digits);

		if (!text)
			return KFRAG_ENOMEM;
		*named = kfrag_pattern_matches(condition->patterns[i], text);
	}
	return KFRAG_OK;
}

static enum kfrag_error judge_text(struct judge *judge, const void *row,
				   bool *known, bool *hit)
{
	const struct kfrag_condition *condition = judge->condition;
	struct kfrag_value value = condition->column->value(row);
	char digits[KFRAG_NUMBER_SIZE];
	const char *text = show(judge, &value, digits);

	if (!text)
		return KFRAG_ENOMEM;
	*known = kfrag_value_is_text(&value);
	*hit = *known &&
	       holds(condition->op, strcmp(text, condition->word) != 0);
	return KFRAG_OK;
}

static enum kfrag_error judge_row(struct judge *judge, const void *row,
				  struct kfrag_condition_hit *figures,
				  struct kfrag_condition_counts *counts,
				  bool *hit)
{
	enum kfrag_error error;
	bool known = false;

	*hit = false;
	*figures = (struct kfrag_condition_hit){ .row = row };
	if (judge->condition->column->is_text) {
		error = judge_text(judge, row, &known, hit);
		if (error)
			return error;
	} else if (read_figures(judge, row, figures) &&
		   complete_whole(judge, figures)) {
		known = true;
		*hit = holds(judge->condition->op,
			     compare_numbers(judge->condition, figures));
	}
	counts->nr_rows++;
	counts->nr_known += known;
	counts->nr_hits += *hit;
	return KFRAG_OK;
}

/* ---------------------------------------------------------------- total */

struct sum {
	uint64_t above; /* of those above 0 */
	uint64_t below; /* magnitudes of those below */
};

static bool add(struct sum *sum, struct kfrag_condition_figure figure)
{
	uint64_t *side = figure.is_negative ? &sum->below : &sum->above;

	return kfrag_add_u64(*side, figure.magnitude, side);
}

static struct kfrag_condition_figure sum_up(const struct sum *sum)
{
	if (sum->below > sum->above)
		return (struct kfrag_condition_figure){
			true, sum->below - sum->above
		};
	return plain(sum->above - sum->below);
}

static enum kfrag_error judge_total(struct judge *judge,
				    const void *const *rows, size_t nr_rows,
				    struct kfrag_condition_hit *figures,
				    struct kfrag_condition_counts *counts)
{
	struct sum part = { 0 }, whole = { 0 };
	bool known = false;

	for (size_t i = 0; i < nr_rows; i++) {
		if (!read_figures(judge, rows[i], figures))
			continue;
		known = true;
		if (!add(&part, figures->part) || !add(&whole, figures->whole))
			return KFRAG_EOVERFLOW;
	}
	*figures = (struct kfrag_condition_hit){
		.part = sum_up(&part),
		.whole = sum_up(&whole),
	};
	counts->nr_rows = nr_rows > 0;
	if (!known || !complete_whole(judge, figures))
		return KFRAG_OK;
	counts->nr_known = 1;
	counts->nr_hits = holds(judge->condition->op,
				compare_numbers(judge->condition, figures));
	return KFRAG_OK;
}

static enum kfrag_error
judge_all(struct judge *judge, const void *const *rows, size_t nr_rows,
	  void (*take)(void *context, const struct kfrag_condition_hit *hit),
	  void *context, struct kfrag_condition_counts *counts)
{
	struct kfrag_condition_hit figures;
	enum kfrag_error error = KFRAG_OK;

	if (judge->condition->is_total) {
		error = judge_total(judge, rows, nr_rows, &figures, counts);
		if (!error && counts->nr_hits > 0)
			take(context, &figures);
		return error;
	}
	for (size_t i = 0; i < nr_rows && !error; i++) {
		bool named, hit;

		error = is_named(judge, rows[i], &named);
		if (error || !named)
			continue;
		error = judge_row(judge, rows[i], &figures, counts, &hit);
		if (!error && hit)
			take(context, &figures);
	}
	return error;
}

enum kfrag_error kfrag_condition_evaluate(
	const struct kfrag_condition *condition, const void *const *rows,
	size_t nr_rows, const struct kfrag_condition_memory *memory,
	void (*take)(void *context, const struct kfrag_condition_hit *hit),
	void *context, struct kfrag_condition_counts *counts)
{
	struct judge judge = { .condition = condition, .memory = memory };
	enum kfrag_error error;

	*counts = (struct kfrag_condition_counts){ 0 };
	error = judge_all(&judge, rows, nr_rows, take, context, counts);
	kfrag_scratch_release(&judge.scratch);
	return error;
}
