// SPDX-License-Identifier: MIT
/* What percentages are of, and what adds up (src/output/column_rules.c). */
#include "kfrag/condition.h"

#include "expect.h"
#include "kfrag/bill_output.h"
#include "kfrag/diff.h"
#include "kfrag/trend_output.h"

Suite *column_rules_suite(void);

/* Tables that conditions are on. */
#define NR_SETS (KFRAG_NR_TABLES + KFRAG_NR_DIFFS + 2)

static bool ends_with(const char *text, const char *end)
{
	size_t bytes = strlen(text), end_bytes = strlen(end);

	return bytes >= end_bytes && strcmp(text + bytes - end_bytes, end) == 0;
}

static const struct kfrag_column_set *real_set(int index)
{
	if (index < KFRAG_NR_TABLES)
		return kfrag_table_columns((enum kfrag_table_kind)index);
	index -= KFRAG_NR_TABLES;
	if (index < KFRAG_NR_DIFFS)
		return kfrag_diff_columns((enum kfrag_diff_kind)index);
	return index == KFRAG_NR_DIFFS ?
		       kfrag_trend_columns(KFRAG_TREND_CACHES) :
		       kfrag_bill_columns(KFRAG_BILL_CACHES);
}

/* Each names columns that are there, and says of each of them one thing. */
START_TEST(rules_name_columns)
{
	const struct kfrag_column_set *any = real_set(_i);

	ck_assert_uint_ge(any->nr_keys, 1);
	ck_assert_uint_le(any->nr_keys, KFRAG_CONDITION_MAX_KEYS);
	ck_assert_ptr_nonnull(any->rules);
	for (const struct kfrag_column_rule *rule = any->rules; rule->column;
	     rule++) {
		const struct kfrag_column *column = kfrag_column_set_find(
			any, rule->column, strlen(rule->column));
		bool has_whole = rule->of == KFRAG_WHOLE_COLUMN ||
				 rule->of == KFRAG_WHOLE_BEFORE;

		ck_assert_msg(column, "%s", rule->column);
		ck_assert_int_eq(rule->whole != NULL, has_whole);
		if (rule->whole)
			ck_assert_msg(
				kfrag_column_set_find(any, rule->whole,
						      strlen(rule->whole)),
				"%s", rule->whole);
		ck_assert(column->is_text || !rule->words);
		for (const struct kfrag_column_rule *other = rule + 1;
		     other->column; other++)
			ck_assert_str_ne(other->column, rule->column);
	}
}
END_TEST

START_TEST(quantities_add_up)
{
	const struct kfrag_column_set *any = real_set(_i);

	if (strcmp(any->name, "caches") != 0)
		return;
	for (size_t i = 0; i < any->nr_columns; i++) {
		const char *name = any->columns[i].name;
		bool is_quantity = ends_with(name, "_bytes") ||
				   ends_with(name, "_objs") ||
				   ends_with(name, "_slabs") ||
				   ends_with(name, "_bytes_per_hour");
		struct kfrag_column_rule rule =
			kfrag_column_set_rule(any, &any->columns[i]);

		ck_assert_str_eq(rule.column, name);
		/* Extremes of several caches are of several moments. */
		if (ends_with(name, "size_bytes") ||
		    strncmp(name, "min_", 4) == 0 ||
		    strncmp(name, "max_", 4) == 0)
			is_quantity = false;
		ck_assert_msg(rule.adds == is_quantity, "%s", name);
		if (ends_with(name, "held_bytes"))
			ck_assert_int_ne(rule.of, KFRAG_WHOLE_NONE);
	}
}
END_TEST

/* A rule lists the words that the column can have. */
static void expect_words(const struct kfrag_column_set *any, const char *name,
			 const char *(*text)(int value), int nr_values)
{
	const struct kfrag_column *column =
		kfrag_column_set_find(any, name, strlen(name));
	struct kfrag_column_rule rule;
	char words[64] = "";

	if (!column)
		return;
	rule = kfrag_column_set_rule(any, column);
	for (int i = 0; i < nr_values; i++) {
		size_t length = strlen(words);

		snprintf(words + length, sizeof(words) - length, "%s%s",
			 i ? " " : "", text(i));
	}
	ck_assert_str_eq(rule.words, words);
}

static const char *allocator(int value)
{
	return kfrag_allocator_text((enum kfrag_allocator)value);
}

static const char *state(int value)
{
	return kfrag_state_text((enum kfrag_state)value);
}

static const char *verdict(int value)
{
	return kfrag_verdict_text((enum kfrag_verdict)value);
}

static const char *status(int value)
{
	return kfrag_status_text((enum kfrag_status)value);
}

START_TEST(words_are_complete)
{
	const struct kfrag_column_set *any = real_set(_i);

	expect_words(any, "allocator", allocator, KFRAG_NR_ALLOCATORS);
	expect_words(any, "state", state, KFRAG_NR_STATES);
	expect_words(any, "verdict", verdict, KFRAG_NR_VERDICTS);
	expect_words(any, "status", status,
		     strcmp(any->name, "caches") == 0 ? KFRAG_NR_STATUSES :
							KFRAG_NEW);
}
END_TEST

Suite *column_rules_suite(void)
{
	Suite *suite = suite_create("column_rules");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, rules_name_columns, 0, NR_SETS);
	tcase_add_loop_test(core, quantities_add_up, 0, NR_SETS);
	tcase_add_loop_test(core, words_are_complete, 0, NR_SETS);
	suite_add_tcase(suite, core);
	return suite;
}
