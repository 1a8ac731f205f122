// SPDX-License-Identifier: MIT
/* Conditions held against rows; how they are read: check_condition_parse.c. */
#include "kfrag/condition.h"

#include <locale.h>
#include <stdio.h>

#include "expect.h"
#include "kfrag/diff.h"

Suite *condition_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* ------------------------------------------- a table for any of the rules */

struct row {
	const char *name;
	int64_t number;
	struct kfrag_opt part_bytes;
	struct kfrag_opt whole_bytes;
	int64_t change_bytes;
	bool change_unknown;
};

static struct kfrag_value name_of(const void *any)
{
	const struct row *row = any;

	return (struct kfrag_value){ .kind = KFRAG_VALUE_BYTES_TEXT,
				     .text = row->name,
				     .text_bytes = strlen(row->name) };
}

static struct kfrag_value signed_value(int64_t number)
{
	return (struct kfrag_value){ .kind = KFRAG_VALUE_SIGNED,
				     .signed_number = number };
}

static struct kfrag_value opt_value(struct kfrag_opt opt)
{
	return (struct kfrag_value){ .kind = opt.known ? KFRAG_VALUE_UNSIGNED :
							 KFRAG_VALUE_UNKNOWN,
				     .number = opt.value };
}

static struct kfrag_value number_of(const void *any)
{
	return signed_value(((const struct row *)any)->number);
}

static struct kfrag_value part_of(const void *any)
{
	return opt_value(((const struct row *)any)->part_bytes);
}

static struct kfrag_value whole_of(const void *any)
{
	return opt_value(((const struct row *)any)->whole_bytes);
}

static struct kfrag_value change_of(const void *any)
{
	const struct row *row = any;

	return row->change_unknown ? opt_value(kfrag_unknown()) :
				     signed_value(row->change_bytes);
}

static const struct kfrag_column columns[] = {
	{ "name", "", name_of, true },
	{ "number", "", number_of, false },
	{ "part_bytes", "", part_of, false },
	{ "whole_bytes", "", whole_of, false },
	{ "change_bytes", "", change_of, false },
};

static const struct kfrag_column_rule rules[] = {
	{ .column = "part_bytes",
	  .adds = true,
	  .of = KFRAG_WHOLE_COLUMN,
	  .whole = "whole_bytes" },
	{ .column = "whole_bytes", .adds = true, .of = KFRAG_WHOLE_MEMORY },
	{ .column = "change_bytes",
	  .adds = true,
	  .of = KFRAG_WHOLE_BEFORE,
	  .whole = "whole_bytes" },
	{ 0 },
};

static const struct kfrag_column_set set = {
	.name = "caches",
	.columns = columns,
	.nr_columns = NR_OF(columns),
	.nr_keys = 1,
	.rules = rules,
};

/* Same columns; two of them are keys. */
static const struct kfrag_column_set pairs = {
	.name = "pairs",
	.columns = columns,
	.nr_columns = NR_OF(columns),
	.nr_keys = 2,
};

/* ------------------------------------------------------------ evaluation */

#define MAX_ROWS 8

struct outcome {
	enum kfrag_error error;
	struct kfrag_condition_counts counts;
	struct kfrag_condition_hit hits[MAX_ROWS];
	size_t nr_taken;
};

static void take(void *context, const struct kfrag_condition_hit *hit)
{
	struct outcome *outcome = context;

	EXPECT(outcome->nr_taken < MAX_ROWS);
	outcome->hits[outcome->nr_taken++] = *hit;
}

static struct outcome evaluate_in(const struct kfrag_column_set *any_set,
				  const char *text, const struct row *rows,
				  size_t nr_rows)
{
	const struct kfrag_condition_memory memory = { .bytes = 1000,
						       .old_bytes = 7 };
	const void *places[MAX_ROWS];
	struct kfrag_condition_fault fault;
	struct kfrag_condition condition;
	struct outcome outcome = { 0 };

	for (size_t i = 0; i < nr_rows; i++)
		places[i] = &rows[i];
	if (kfrag_condition_parse(&condition, text, &any_set, 1, &fault))
		ck_abort_msg("'%s': %s", text, fault.message);
	outcome.error = kfrag_condition_evaluate(&condition, places, nr_rows,
						 &memory, take, &outcome,
						 &outcome.counts);
	kfrag_condition_release(&condition);
	ck_assert_ptr_null(condition.storage);
	ck_assert(outcome.error || outcome.counts.nr_hits == outcome.nr_taken);
	ck_assert(outcome.counts.nr_hits <= outcome.counts.nr_known);
	ck_assert(outcome.counts.nr_known <= outcome.counts.nr_rows);
	return outcome;
}

static struct outcome evaluate(const char *text, const struct row *rows,
			       size_t nr_rows)
{
	return evaluate_in(&set, text, rows, nr_rows);
}

/* Whether it holds for a single row. */
static bool is_met(const char *text, const struct row *row)
{
	struct outcome outcome = evaluate(text, row, 1);

	ck_assert_int_eq(outcome.error, KFRAG_OK);
	return outcome.counts.nr_hits == 1;
}

static void expect(bool met, const char *text, const struct row *row)
{
	if (is_met(text, row) != met)
		ck_abort_msg("'%s' should be %s", text, met ? "met" : "unmet");
}

START_TEST(operators)
{
	static const struct {
		const char *op;
		bool below, same, above;
	} cases[] = {
		{ ">", false, false, true },  { ">=", false, true, true },
		{ "<", true, false, false },  { "<=", true, true, false },
		{ "==", false, true, false }, { "=", false, true, false },
		{ "!=", true, false, true },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		char text[32];

		for (int64_t number = -2; number <= 2; number++) {
			const bool want[] = { cases[i].below, cases[i].same,
					      cases[i].above };

			snprintf(text, sizeof(text), "a:number%s%" PRId64,
				 cases[i].op, number);
			for (int64_t k = -1; k <= 1; k++)
				expect(want[k + 1], text,
				       &(struct row){ .name = "a",
						      .number = number + k });
		}
	}
}
END_TEST

START_TEST(ends_of_64_bits)
{
	struct row low = { "a", INT64_MIN, { UINT64_MAX, true }, { 0 }, 0, 0 };
	struct row high = { .name = "a", .number = INT64_MAX };

	expect(true, "a:number==-9223372036854775808", &low);
	expect(true, "a:number>-9223372036854775809", &low);
	expect(false, "a:number<-9223372036854775808", &low);
	expect(true, "a:number>-18446744073709551615", &low);
	expect(false, "a:number>9223372036854775807", &high);
	expect(true, "a:number>=9223372036854775807", &high);
	expect(true, "a:number<+9223372036854775808", &high);
	expect(false, "a:part_bytes>18446744073709551615", &low);
	expect(true, "a:part_bytes==18446744073709551615", &low);
	expect(true, "a:part_bytes>-18446744073709551615", &low);
	/* No number is too large in units: nothing is above it. */
	expect(false, "a:part_bytes>=16E", &low);
	expect(true, "a:part_bytes<16EiB", &low);
	expect(true, "a:part_bytes<18446744073709551615EiB", &low);
	expect(true, "a:part_bytes>15.999999999EiB", &low);
	expect(true, "a:number==-0", &(struct row){ .name = "a" });
}
END_TEST

START_TEST(units_are_exact)
{
	struct row row = { .name = "a" };

	row.part_bytes = kfrag_known(1536);
	expect(true, "a:part_bytes==1.5KiB", &row);
	expect(true, "a:part_bytes==1.5 k", &row);
	expect(true, "a:part_bytes==1.500000000Kb", &row);
	expect(true, "a:part_bytes>1.499999999KiB", &row);
	expect(false, "a:part_bytes>=1.500000001KiB", &row);
	/* 0.1 KiB are 102.4 bytes. */
	row.part_bytes = kfrag_known(102);
	expect(true, "a:part_bytes<0.1KiB", &row);
	row.part_bytes = kfrag_known(103);
	expect(true, "a:part_bytes>0.1KiB", &row);
	row.part_bytes = kfrag_known(5 * KFRAG_GIB);
	expect(true, "a:part_bytes==5GiB", &row);
	expect(true, "a:part_bytes==5 G", &row);
	expect(true, "a:part_bytes==5120MiB", &row);
	expect(true, "a:part_bytes==5368709120B", &row);
	row.change_bytes = -1024;
	expect(true, "a:change_bytes==-1KiB", &row);
	expect(true, "a:change_bytes<-0.5KiB", &row);
	expect(false, "a:change_bytes<-1KiB", &row);
}
END_TEST

START_TEST(percentages_are_exact)
{
	struct row row = { .name = "a" };

	row.part_bytes = kfrag_known(1);
	row.whole_bytes = kfrag_known(8);
	expect(true, "a:part_bytes==12.5%", &row);
	expect(true, "a:part_bytes>=12.5 %", &row);
	expect(false, "a:part_bytes>12.5%", &row);
	expect(true, "a:part_bytes>12.499999999%", &row);
	expect(false, "a:part_bytes>12.500000001%", &row);
	expect(true, "a:part_bytes>-1%", &row);
	row.whole_bytes = kfrag_known(3);
	expect(true, "a:part_bytes>33.333333333%", &row);
	expect(true, "a:part_bytes<33.333333334%", &row);
	/* Above 100 %, and products of 128 bits. */
	row.part_bytes = kfrag_known(UINT64_MAX);
	expect(true, "a:part_bytes>18446744073709551615%", &row);
	row.whole_bytes = kfrag_known(UINT64_MAX - 1);
	expect(true, "a:part_bytes>100%", &row);
	expect(true, "a:part_bytes<100.000000001%", &row);
	row.whole_bytes = kfrag_known(UINT64_MAX);
	expect(true, "a:part_bytes==100%", &row);
	row.part_bytes = kfrag_known(UINT64_MAX - 1);
	expect(true, "a:part_bytes<100%", &row);
	/* Of memory: 1000. */
	row.whole_bytes = kfrag_known(201);
	expect(true, "a:whole_bytes>20%", &row);
	expect(true, "a:whole_bytes==20.1%", &row);
	expect(false, "a:whole_bytes>20.1%", &row);
}
END_TEST

START_TEST(changes_of_nothing)
{
	struct row grown = { .name = "a", .change_bytes = 1 };
	struct row shrunk = { .name = "a", .change_bytes = -1 };
	struct row same = { .name = "a" };
	struct outcome outcome;

	/* The whole is unknown, as of a new row, or 0. */
	for (int i = 0; i < 2; i++) {
		expect(true, "a:change_bytes>18446744073709551615%", &grown);
		expect(false, "a:change_bytes<0%", &grown);
		expect(true, "a:change_bytes!=0%", &grown);
		expect(true, "a:change_bytes<-18446744073709551615%", &shrunk);
		expect(false, "a:change_bytes>-5%", &shrunk);
		expect(true, "a:change_bytes==0%", &same);
		expect(false, "a:change_bytes>0%", &same);
		expect(true, "a:change_bytes>-1%", &same);
		expect(true, "a:change_bytes<1%", &same);
		grown.whole_bytes.known = true;
		shrunk.whole_bytes.known = true;
		same.whole_bytes.known = true;
	}
	outcome = evaluate("a:change_bytes>5%", &grown, 1);
	ck_assert_uint_eq(outcome.hits[0].whole.magnitude, 0);
	ck_assert_uint_eq(outcome.hits[0].part.magnitude, 1);
	shrunk.whole_bytes = kfrag_known(10);
	expect(true, "a:change_bytes==-10%", &shrunk);
	expect(true, "a:change_bytes<-9.9%", &shrunk);
	expect(false, "a:change_bytes<-10%", &shrunk);
	expect(false, "a:change_bytes>10%", &shrunk);
}
END_TEST

START_TEST(unknown_never_holds)
{
	static const char *const texts[] = {
		"a:part_bytes>0",    "a:part_bytes<=0",	    "a:part_bytes!=5",
		"a:part_bytes>1%",   "a:part_bytes<=1%",    "a:change_bytes<1",
		"a:change_bytes<1%", "total:part_bytes>=0",
	};
	const struct row row = { .name = "a", .change_unknown = true };
	struct row nothing = { "a", 0, { 5, true }, { 0, true }, 0, true };
	struct outcome outcome;

	for (size_t i = 0; i < NR_OF(texts); i++) {
		outcome = evaluate(texts[i], &row, 1);
		ck_assert_uint_eq(outcome.counts.nr_rows, 1);
		ck_assert_uint_eq(outcome.counts.nr_known, 0);
	}
	/* A share of nothing, or of what is unknown, is unknown. */
	for (int i = 0; i < 2; i++) {
		outcome = evaluate("a:part_bytes<=100%", &nothing, 1);
		ck_assert_uint_eq(outcome.counts.nr_known, 0);
		outcome = evaluate("total:part_bytes>=0%", &nothing, 1);
		ck_assert_uint_eq(outcome.counts.nr_known, 0);
		nothing.whole_bytes = kfrag_unknown();
	}
}
END_TEST

START_TEST(rows_by_name)
{
	const struct row rows[] = {
		{ .name = "kmalloc-64" }, { .name = "total" },
		{ .name = "kmalloc-96" }, { .name = ":a-0000104" },
		{ .name = "a\nb" },	  { .name = "x>=1" },
		{ .name = "f\xc3\xbcr" }, { .name = "a/b" },
	};
	static const struct {
		const char *text;
		unsigned hits; /* a bit a row */
	} cases[] = {
		{ "*:number==0", 0xff },
		{ "kmalloc-*:number==0", 5 },
		{ "  kmalloc-?4 : number == 0 ", 1 },
		{ "kmalloc-[!6]*:number==0", 4 },
		{ "tota[l]:number==0", 2 },
		{ ":a-*:number==0", 8 },
		{ "a\\x0ab:number==0", 16 },
		{ "x>=1:number==0", 32 },
		{ "f?r:number==0", 64 },
		{ "a/*:number==0", 128 },
		{ "none:number==0", 0 },
		{ "*:name==a\\x0ab", 16 },
		{ "*:name=kmalloc-64", 1 },
		{ "*:name==*", 0 },
		{ "k*:name!=kmalloc-64", 4 },
		{ "*:name==x:number>1", 0 },
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return;
	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct outcome outcome =
			evaluate(cases[i].text, rows, NR_OF(rows));
		unsigned hits = 0;

		for (size_t k = 0; k < outcome.nr_taken; k++)
			hits |= 1u << ((const struct row *)outcome.hits[k].row -
				       rows);
		if (hits != cases[i].hits)
			ck_abort_msg("'%s': %#x, not %#x", cases[i].text, hits,
				     cases[i].hits);
	}
}
END_TEST

/* A number may be a key; it is matched as it is written. */
START_TEST(rows_by_two_keys)
{
	const struct row rows[] = {
		{ .name = "a", .number = 1 },
		{ .name = "a", .number = 12 },
		{ .name = "b", .number = -1 },
	};

	ck_assert_uint_eq(evaluate_in(&pairs, "a/*:number>0", rows, 3).nr_taken,
			  2);
	ck_assert_uint_eq(evaluate_in(&pairs, "*/1:number>0", rows, 3).nr_taken,
			  1);
	ck_assert_uint_eq(
		evaluate_in(&pairs, "?/-1:number<0", rows, 3).nr_taken, 1);
	ck_assert_uint_eq(
		evaluate_in(&pairs, "/:number<0", rows, 3).counts.nr_rows, 0);
}
END_TEST

START_TEST(totals)
{
	const struct row rows[] = {
		{ "a", 0, { 10, true }, { 30, true }, 5, false },
		{ "b", 0, { 0, false }, { 50, true }, 0, true },
		{ "total", 0, { 5, true }, { 20, true }, -8, false },
		{ "c", 0, { 7, true }, { 0, false }, 0, false },
	};
	struct outcome outcome;

	ck_assert_uint_eq(evaluate("total:part_bytes==22", rows, 4).nr_taken,
			  1);
	ck_assert_uint_eq(evaluate("total:part_bytes>22", rows, 4).nr_taken, 0);
	/* Of the rows of which both are known: 15 of 50. */
	outcome = evaluate("total:part_bytes==30%", rows, 4);
	ck_assert_uint_eq(outcome.nr_taken, 1);
	ck_assert_ptr_null(outcome.hits[0].row);
	ck_assert_uint_eq(outcome.hits[0].part.magnitude, 15);
	ck_assert_uint_eq(outcome.hits[0].whole.magnitude, 50);
	ck_assert_uint_eq(outcome.counts.nr_rows, 1);
	/* Of memory, 1000. */
	ck_assert_uint_eq(evaluate("total:whole_bytes==10%", rows, 4).nr_taken,
			  1);
	outcome = evaluate("total:change_bytes==-3", rows, 4);
	ck_assert_uint_eq(outcome.nr_taken, 1);
	ck_assert(outcome.hits[0].part.is_negative);
	ck_assert_uint_eq(evaluate("total:change_bytes==-6%", rows, 4).nr_taken,
			  1);
	outcome = evaluate("total:change_bytes==5", rows, 1);
	ck_assert_uint_eq(outcome.nr_taken, 1);
	ck_assert(!outcome.hits[0].part.is_negative);
	outcome = evaluate("total:part_bytes>=0", rows, 0);
	ck_assert_uint_eq(outcome.counts.nr_rows, 0);
}
END_TEST

START_TEST(sums_beyond_64_bits)
{
	struct row rows[] = {
		{ "a", 0, { UINT64_MAX, true }, { 1, true }, INT64_MIN, false },
		{ "b", 0, { 0, true }, { 1, true }, INT64_MAX, false },
		{ "c", 0, { 1, true }, { 1, true }, INT64_MIN, false },
	};

	ck_assert_int_eq(evaluate("total:part_bytes>5", rows, 3).error,
			 KFRAG_EOVERFLOW);
	ck_assert_int_eq(evaluate("total:part_bytes>5%", rows, 3).error,
			 KFRAG_EOVERFLOW);
	ck_assert_uint_eq(evaluate("total:part_bytes==18446744073709551615",
				   rows, 2)
				  .nr_taken,
			  1);
	ck_assert_uint_eq(evaluate("total:change_bytes==-1", rows, 2).nr_taken,
			  1);
	ck_assert_int_eq(evaluate("total:change_bytes<5", rows, 3).error,
			 KFRAG_EOVERFLOW);
	rows[0].part_bytes.value = 0;
	rows[0].whole_bytes.value = UINT64_MAX;
	ck_assert_int_eq(evaluate("total:part_bytes>5%", rows, 3).error,
			 KFRAG_EOVERFLOW);
}
END_TEST

Suite *condition_suite(void)
{
	Suite *suite = suite_create("condition");
	TCase *core = tcase_create("core");

	tcase_add_test(core, operators);
	tcase_add_test(core, ends_of_64_bits);
	tcase_add_test(core, units_are_exact);
	tcase_add_test(core, percentages_are_exact);
	tcase_add_test(core, changes_of_nothing);
	tcase_add_test(core, unknown_never_holds);
	tcase_add_test(core, rows_by_name);
	tcase_add_test(core, rows_by_two_keys);
	tcase_add_test(core, totals);
	tcase_add_test(core, sums_beyond_64_bits);
	suite_add_tcase(suite, core);
	return suite;
}
