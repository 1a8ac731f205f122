// SPDX-License-Identifier: MIT
#include "cli/fail_if.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/tree.h"
#include "cli/view.h"
#include "kfrag/arith.h"
#include "kfrag/units.h"
#include "output/figures.h"
#include "output/scratch.h"
#include "output/values.h"

/* Rows that are named of a condition; of the others, how many they are. */
#define MAX_NAMED 20

/* ---------------------------------------------------------------- memory */

static const struct kfrag_condition *
find_of(const struct cli_conditions *conditions, enum kfrag_whole_kind whole)
{
	for (size_t i = 0; i < conditions->nr_conditions; i++)
		if (kfrag_condition_is_of(&conditions->list[i], whole))
			return &conditions->list[i];
	return NULL;
}

/* 0: nothing says it. */
static uint64_t memory_of(const struct shared_options *options,
			  const struct cli_input *input,
			  const struct kfrag_snapshot *snapshot)
{
	struct kfrag_machine machine;

	if (options->params.memory_bytes > 0)
		return options->params.memory_bytes;
	if (snapshot->origin.memtotal_bytes.known || !input->is_live)
		return snapshot->origin.memtotal_bytes.value;
	cli_tree_read_machine(&machine, "/");
	return machine.memory_bytes;
}

bool cli_fail_if_find_memory(struct kfrag_condition_memory *memory,
			     enum kfrag_whole_kind whole,
			     const struct shared_options *options,
			     const struct cli_input *input,
			     const struct kfrag_snapshot *snapshot)
{
	const struct kfrag_condition *condition =
		find_of(&options->fail_if, whole);
	uint64_t *bytes = whole == KFRAG_WHOLE_OLD_MEMORY ? &memory->old_bytes :
							    &memory->bytes;

	if (!condition)
		return true;
	*bytes = memory_of(options, input, snapshot);
	if (*bytes > 0)
		return true;
	cli_message("%s: it does not state the machine's memory, of which "
		    "--fail-if wants a percentage of %s; --memory SIZE does",
		    input->path, condition->column->name);
	return false;
}

/* ----------------------------------------------------------------- lines */

/* What the lines of one condition have in common. */
struct lines {
	const struct kfrag_condition *condition;
	struct kfrag_scratch scratch;
	size_t nr_lines;
};

static void print_text(struct lines *lines, const char *text, size_t bytes)
{
	const char *shown = kfrag_scratch_escape(&lines->scratch, text, bytes);

	fputs(shown ? shown : kfrag_error_text(KFRAG_ENOMEM), stderr);
}

static void print_value(struct lines *lines, const struct kfrag_value *value)
{
	char digits[KFRAG_NUMBER_SIZE];

	if (kfrag_value_is_text(value))
		print_text(lines, value->text, value->text_bytes);
	else
		fputs(kfrag_value_digits(value, "?", digits).text, stderr);
}

/* "kfrag: --fail-if 'x:y>1': " */
static void print_head(struct lines *lines)
{
	const char *text = lines->condition->text;

	fputs("kfrag: --fail-if '", stderr);
	print_text(lines, text, strlen(text));
	fputs("': ", stderr);
}

/* "slab/settled" */
static void print_keys(struct lines *lines, const void *row)
{
	const struct kfrag_column_set *set = lines->condition->set;

	for (size_t i = 0; i < set->nr_keys; i++) {
		struct kfrag_value value = set->columns[i].value(row);

		if (i > 0)
			fputc('/', stderr);
		print_value(lines, &value);
	}
}

static void print_figure(struct kfrag_condition_figure figure)
{
	fprintf(stderr, "%s%" PRIu64, figure.is_negative ? "-" : "",
		figure.magnitude);
}

static bool is_in_bytes(const struct kfrag_column *column)
{
	size_t bytes = strlen(column->name);

	return bytes > 6 && strcmp(column->name + bytes - 6, "_bytes") == 0;
}

/* Decimals of a percentage at most, and what the last one is. */
#define NR_DECIMALS 9
#define LAST_DECIMAL 1000000000

/* Beyond this many times the whole, nobody reads decimals. */
#define MAX_SPELLED 1000000

static bool is_threshold(const struct kfrag_condition *condition,
			 uint64_t value, uint64_t scale)
{
	uint64_t high, low, other_high, other_low;

	kfrag_mul_wide(value, condition->scale, &high, &low);
	kfrag_mul_wide(condition->number, scale, &other_high, &other_low);
	return high == other_high && low == other_low;
}

/*
 * A decimal, or more where what exceeds a threshold would look as if it were
 * just that.
 */
static void spell_percentage(const struct kfrag_condition *condition,
			     uint64_t part, uint64_t whole,
			     char out[KFRAG_UNITS_SIZE])
{
	bool is_exclusive = condition->op == KFRAG_ABOVE ||
			    condition->op == KFRAG_BELOW ||
			    condition->op == KFRAG_UNEQUAL;
	uint64_t one = 1, last = LAST_DECIMAL, value;
	char digits[KFRAG_UNITS_SIZE - 8];
	int nr_dropped = NR_DECIMALS;

	if (part / whole > MAX_SPELLED) {
		kfrag_units_percent(part, whole, out);
		return;
	}
	do {
		nr_dropped--;
		one *= 10;
		last /= 10;
		value = part / whole * 100 * one +
			(kfrag_mul_div(200 * one, part % whole, whole) + 1) / 2;
	} while (nr_dropped > 0 && is_exclusive &&
		 is_threshold(condition, value, 100 * one));
	snprintf(digits, sizeof(digits), "%" PRIu64 ".%09" PRIu64, value / one,
		 value % one * last);
	snprintf(out, KFRAG_UNITS_SIZE, "%.*s %%",
		 (int)strlen(digits) - nr_dropped, digits);
}

/* ", 51.7 % of kernel_held_bytes 5283840" */
static void print_percentage(const struct kfrag_condition *condition,
			     const struct kfrag_condition_hit *hit)
{
	uint64_t part = hit->part.magnitude, whole = hit->whole.magnitude;
	const char *of = condition->whole ? condition->whole->name : "memory";
	char text[KFRAG_UNITS_SIZE] = "0 %";

	if (whole > 0)
		spell_percentage(condition, part, whole, text);
	else if (part > 0)
		snprintf(text, sizeof(text), "infinite %%");
	fprintf(stderr, ", %s%s of %s ", hit->part.is_negative ? "-" : "", text,
		of);
	print_figure(hit->whole);
}

static void print_number(const struct kfrag_condition *condition,
			 const struct kfrag_condition_hit *hit)
{
	char text[KFRAG_UNITS_SIZE];

	print_figure(hit->part);
	if (condition->is_percent)
		print_percentage(condition, hit);
	else if (is_in_bytes(condition->column))
		fprintf(stderr, " (%s%s)", hit->part.is_negative ? "-" : "",
			kfrag_units_bytes(hit->part.magnitude, text));
}

static void print_hit(void *context, const struct kfrag_condition_hit *hit)
{
	struct lines *lines = context;
	const struct kfrag_condition *condition = lines->condition;

	if (lines->nr_lines++ >= MAX_NAMED)
		return;
	print_head(lines);
	if (hit->row)
		print_keys(lines, hit->row);
	else
		fputs("total", stderr);
	fprintf(stderr, " has %s ", condition->column->name);
	if (condition->column->is_text) {
		struct kfrag_value value = condition->column->value(hit->row);

		print_value(lines, &value);
	} else {
		print_number(condition, hit);
	}
	fputc('\n', stderr);
}

static void print_counts(struct lines *lines,
			 const struct kfrag_condition_counts *counts)
{
	if (counts->nr_hits > MAX_NAMED) {
		print_head(lines);
		fprintf(stderr, "and %zu more\n", counts->nr_hits - MAX_NAMED);
	} else if (counts->nr_rows == 0) {
		print_head(lines);
		fprintf(stderr, "no row of %s has such a name\n",
			lines->condition->set->name);
	} else if (counts->nr_known == 0) {
		print_head(lines);
		fprintf(stderr, "%s is not known there\n",
			lines->condition->is_percent ?
				"the percentage" :
				lines->condition->column->name);
	}
}

/* ---------------------------------------------------------------- checks */

static enum cli_exit explain_error(struct lines *lines, enum kfrag_error error)
{
	print_head(lines);
	fprintf(stderr, "%s\n", kfrag_error_text(error));
	return CLI_TROUBLE;
}

static enum cli_exit check_one(const struct kfrag_condition *condition,
			       const struct shared_options *options,
			       const void *data,
			       const struct kfrag_condition_memory *memory)
{
	struct lines lines = { .condition = condition };
	struct kfrag_condition_counts counts;
	struct kfrag_selection all;
	enum cli_exit status = CLI_OK;
	enum kfrag_error error;

	error = options->tables->select(&all, data, condition->table);
	if (!error) {
		error = kfrag_condition_evaluate(condition, all.rows,
						 all.nr_rows, memory, print_hit,
						 &lines, &counts);
		kfrag_selection_release(&all);
	}
	if (error) {
		status = explain_error(&lines, error);
	} else {
		print_counts(&lines, &counts);
		if (counts.nr_hits > 0)
			status = CLI_FOUND;
	}
	kfrag_scratch_release(&lines.scratch);
	return status;
}

enum cli_exit cli_fail_if_check(const struct shared_options *options,
				const void *data,
				const struct kfrag_condition_memory *memory)
{
	const struct cli_conditions *conditions = &options->fail_if;
	enum cli_exit status = CLI_OK;

	if (conditions->nr_conditions == 0)
		return CLI_OK;
	/* Where both go to one place, the output comes first. */
	fflush(stdout);
	cli_view_prepare_patterns();
	for (size_t i = 0; i < conditions->nr_conditions; i++) {
		enum cli_exit one =
			check_one(&conditions->list[i], options, data, memory);

		if (one > status)
			status = one;
	}
	return status;
}
