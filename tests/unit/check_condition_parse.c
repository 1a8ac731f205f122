// SPDX-License-Identifier: MIT
/* What conditions are made of, and where the mistakes of wrong ones are. */
#include "kfrag/condition.h"

#include "expect.h"
#include "kfrag/diff.h"

Suite *condition_parse_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

static enum kfrag_error parse_report(struct kfrag_condition *condition,
				     const char *text,
				     struct kfrag_condition_fault *fault)
{
	const struct kfrag_column_set *sets[KFRAG_NR_TABLES];

	for (int i = 0; i < KFRAG_NR_TABLES; i++)
		sets[i] = kfrag_table_columns((enum kfrag_table_kind)i);
	return kfrag_condition_parse(condition, text, sets, NR_OF(sets), fault);
}

static enum kfrag_error parse_diff(struct kfrag_condition *condition,
				   const char *text,
				   struct kfrag_condition_fault *fault)
{
	const struct kfrag_column_set *sets[KFRAG_NR_DIFFS];

	for (int i = 0; i < KFRAG_NR_DIFFS; i++)
		sets[i] = kfrag_diff_columns((enum kfrag_diff_kind)i);
	return kfrag_condition_parse(condition, text, sets, NR_OF(sets), fault);
}

#define REPORT parse_report
#define DIFF parse_diff

/* The caret is the first line's, as text and caret stand in a message. */
static const struct {
	enum kfrag_error (*parse)(struct kfrag_condition *condition,
				  const char *text,
				  struct kfrag_condition_fault *fault);
	const char *text;
	const char *caret;
	const char *message;
} faults[] = {
	/* Parts that are missing. */
	{ REPORT, "", "^", "a condition is missing" },
	{ REPORT, "  ", "  ^", "a condition is missing" },
	{ REPORT, "dentry", "      ^",
	  "an operator is missing: >, >=, <, <=, == or !=" },
	{ REPORT, "*: num_objs !5", "           ^",
	  "an operator is missing: >, >=, <, <=, == or !=" },
	{ REPORT, "DENTRY", "^",
	  "an operator is missing: >, >=, <, <=, == or !=" },
	{ REPORT, " num_objs>5", " ^",
	  "a selector and a colon are missing before the column" },
	{ REPORT, ">5", "^",
	  "a selector and a colon are missing before the column" },
	{ REPORT, ":num_objs>5", "^",
	  "a pattern of names, or total, is missing" },
	{ REPORT, "a: >5", "   ^", "the name of a column is missing" },
	{ REPORT, "a:num_objs>", "           ^", "a value is missing" },
	{ REPORT, "a:num_objs> ", "            ^", "a value is missing" },
	{ DIFF, "a:status==", "          ^", "a value is missing" },
	/* Columns. */
	{ REPORT, "kmalloc-*:kernel_hold_bytes>5GiB", "          ^",
	  "no column 'kernel_hold_bytes'; did you mean "
	  "'kernel_held_bytes'?" },
	{ REPORT, "a:num_obs>5", "  ^",
	  "no column 'num_obs'; did you mean 'num_objs'?" },
	{ REPORT, "a:b:zzz>5", "    ^", "no column 'zzz'" },
	{ REPORT, "a:b=c:zzz>5", "      ^", "no column 'zzz'" },
	{ REPORT, "a:b=c>5", "  ^", "no column 'b'" },
	{ REPORT, "a:Num objs>5", "  ^",
	  "no column 'Num objs'; did you mean 'num_objs'?" },
	{ REPORT, "a:\001>5", "  ^", "no column has such a name" },
	{ REPORT, "a:n\xc3\xbcm>5", "  ^", "no column has such a name" },
	{ REPORT, "a:x2345678901234567890123456789012345678901>5", "  ^",
	  "no column has such a name" },
	{ REPORT, "a:delta_num_objs>5", "  ^", "no column 'delta_num_objs'" },
	{ DIFF, "a:num_objs>5", "  ^",
	  "no column 'num_objs'; did you mean 'new_num_objs'?" },
	/* Selectors. */
	{ REPORT, "total:held_bytes>5", "^",
	  "total is of caches; a row of totals is named allocator/state" },
	{ REPORT, " total :unusable_permille>5", " ^",
	  "total is of caches; a row of orders is named "
	  "allocator/state/order" },
	{ REPORT, "slab:held_bytes>5", "^",
	  "a row of totals is named allocator/state" },
	{ REPORT, "slab/settled/0:held_bytes>5", "^",
	  "a row of totals is named allocator/state" },
	{ REPORT, "slab/settled:bitmap_bits>5", "^",
	  "a row of orders is named allocator/state/order" },
	{ REPORT, "slab:free_blocks>5", "^",
	  "a row of totals is named allocator/state" },
	{ REPORT, "total:size_bytes>5", "      ^",
	  "a sum of size_bytes over all caches says nothing" },
	{ REPORT, "total:slab_order>5", "      ^",
	  "a sum of slab_order over all caches says nothing" },
	{ REPORT, "total:name==x", "      ^",
	  "a sum of name over all caches says nothing" },
	{ DIFF, "total:delta_size_bytes>5", "      ^",
	  "a sum of delta_size_bytes over all caches says nothing" },
	/* Words. */
	{ REPORT, "a:name>x", "      ^", "name is no number: == or != only" },
	{ DIFF, "*:status == neww", "            ^",
	  "status is one of: same changed new gone" },
	{ DIFF, "slab/*:status==new", "               ^",
	  "status is one of: same changed" },
	/* Numbers. */
	{ REPORT, "a:num_objs>new", "           ^", "a number is wanted" },
	{ REPORT, "a:num_objs>-", "            ^", "a number is wanted" },
	{ REPORT, "a:num_objs>+-5", "            ^", "a number is wanted" },
	{ REPORT, "a:num_objs>.5", "           ^", "a number is wanted" },
	{ REPORT, "a:num_objs=>5", "           ^", "a number is wanted" },
	{ REPORT, "a:num_objs>-18446744073709551616", "            ^",
	  "the number exceeds 64 bits" },
	{ REPORT, "a:num_objs>1.5", "            ^",
	  "a number without a unit or % has no decimals" },
	{ REPORT, "a:kernel_held_bytes>1.5", "                     ^",
	  "a number without a unit or % has no decimals" },
	{ REPORT, "a:kernel_held_bytes>1.%", "                      ^",
	  "digits are missing behind the point" },
	{ REPORT, "a:kernel_held_bytes>1.0000000000%", "                     ^",
	  "at most 9 digits may follow the point" },
	{ REPORT, "a:kernel_held_bytes>99999999999.999999999%",
	  "                               ^",
	  "the number has too many digits" },
	/* Units and percentages. */
	{ REPORT, "a:num_objs>5K", "            ^",
	  "num_objs is not in bytes and has no units" },
	{ REPORT, "a:kernel_held_bytes>5 KiX", "                      ^",
	  "only a unit such as KiB, MiB or GiB, or % may follow a number" },
	{ REPORT, "a:num_objs>5 or so", "             ^",
	  "only a unit such as KiB, MiB or GiB, or % may follow a number" },
	{ REPORT, "a:kernel_held_bytes>5 6", "                      ^",
	  "only a unit such as KiB, MiB or GiB, or % may follow a number" },
	{ REPORT, "a:kernel_held_bytes>5%%", "                     ^",
	  "only a unit such as KiB, MiB or GiB, or % may follow a number" },
	{ REPORT, "a:kernel_held_bytes>5>6", "                     ^",
	  "only a unit such as KiB, MiB or GiB, or % may follow a number" },
	{ REPORT, "a:num_objs>5 %", "             ^",
	  "num_objs is no part of anything that a percentage could be of" },
	{ REPORT, "slab/*:external_permille>5%", "                          ^",
	  "external_permille is per mille: 5 % are 50" },
};

START_TEST(faults_have_places)
{
	struct kfrag_condition condition = { .number = 1 };
	struct kfrag_condition_fault fault;
	enum kfrag_error error;

	error = faults[_i].parse(&condition, faults[_i].text, &fault);
	ck_assert_msg(error == KFRAG_EINVAL, "'%s'", faults[_i].text);
	ck_assert_str_eq(fault.message, faults[_i].message);
	ck_assert_msg(fault.offset == strlen(faults[_i].caret) - 1,
		      "'%s': at %zu", faults[_i].text, fault.offset);
	ck_assert_uint_le(fault.offset, strlen(faults[_i].text));
	ck_assert_ptr_null(condition.text);
	ck_assert_ptr_null(condition.storage);
}
END_TEST

static const struct {
	enum kfrag_error (*parse)(struct kfrag_condition *condition,
				  const char *text,
				  struct kfrag_condition_fault *fault);
	const char *text;
	const char *table;
	const char *column;
	const char *patterns[3];
	enum kfrag_condition_op op;
	const char *whole; /* name, or NULL */
} goods[] = {
	{ REPORT,
	  "dentry:num_objs>5",
	  "caches",
	  "num_objs",
	  { "dentry" },
	  KFRAG_ABOVE,
	  NULL },
	{ REPORT,
	  ":a-0000104:num_objs>=5",
	  "caches",
	  "num_objs",
	  { ":a-0000104" },
	  KFRAG_AT_LEAST,
	  NULL },
	{ REPORT,
	  " a : b : num_objs <= 5 ",
	  "caches",
	  "num_objs",
	  { "a : b" },
	  KFRAG_AT_MOST,
	  NULL },
	{ REPORT,
	  "a/b/c:num_objs<5",
	  "caches",
	  "num_objs",
	  { "a/b/c" },
	  KFRAG_BELOW,
	  NULL },
	{ REPORT,
	  "a:b=c:num_objs=5",
	  "caches",
	  "num_objs",
	  { "a:b=c" },
	  KFRAG_EQUAL,
	  NULL },
	{ REPORT,
	  "[!a]>b:num_objs!=5",
	  "caches",
	  "num_objs",
	  { "[!a]>b" },
	  KFRAG_UNEQUAL,
	  NULL },
	{ REPORT,
	  "a:kernel_idle_bytes>50%",
	  "caches",
	  "kernel_idle_bytes",
	  { "a" },
	  KFRAG_ABOVE,
	  "kernel_held_bytes" },
	{ REPORT,
	  "slab/settled:held_bytes==5%",
	  "totals",
	  "held_bytes",
	  { "slab", "settled" },
	  KFRAG_EQUAL,
	  "memory_bytes" },
	{ REPORT,
	  "slab/*:free_blocks>5",
	  "totals",
	  "free_blocks",
	  { "slab", "*" },
	  KFRAG_ABOVE,
	  NULL },
	{ REPORT,
	  "slab/*/9:free_blocks>5",
	  "orders",
	  "free_blocks",
	  { "slab", "*", "9" },
	  KFRAG_ABOVE,
	  NULL },
	{ REPORT,
	  "*/*/*:state==peak",
	  "orders",
	  "state",
	  { "*", "*", "*" },
	  KFRAG_EQUAL,
	  NULL },
	{ DIFF, "a:status==new", "caches", "status", { "a" }, KFRAG_EQUAL, NULL },
	{ DIFF,
	  "a/b:status!=changed",
	  "totals",
	  "status",
	  { "a", "b" },
	  KFRAG_UNEQUAL,
	  NULL },
	{ DIFF,
	  "a/b/c:status=gone",
	  "caches",
	  "status",
	  { "a/b/c" },
	  KFRAG_EQUAL,
	  NULL },
	{ DIFF,
	  "a:delta_num_objs>5%",
	  "caches",
	  "delta_num_objs",
	  { "a" },
	  KFRAG_ABOVE,
	  "old_num_objs" },
	{ DIFF,
	  "a:old_active_objs>5%",
	  "caches",
	  "old_active_objs",
	  { "a" },
	  KFRAG_ABOVE,
	  "old_num_objs" },
};

START_TEST(good_ones)
{
	struct kfrag_condition_fault fault;
	struct kfrag_condition condition;

	ck_assert_int_eq(goods[_i].parse(&condition, goods[_i].text, &fault),
			 KFRAG_OK);
	ck_assert_str_eq(condition.text, goods[_i].text);
	ck_assert_str_eq(condition.set->name, goods[_i].table);
	ck_assert_str_eq(condition.column->name, goods[_i].column);
	ck_assert_int_eq((int)condition.op, (int)goods[_i].op);
	ck_assert(!condition.is_total);
	for (size_t i = 0; i < condition.set->nr_keys; i++)
		ck_assert_str_eq(condition.patterns[i], goods[_i].patterns[i]);
	ck_assert_int_eq(condition.is_percent, goods[_i].whole != NULL);
	if (goods[_i].whole)
		ck_assert_str_eq(condition.whole->name, goods[_i].whole);
	kfrag_condition_release(&condition);
}
END_TEST

START_TEST(memory_is_a_whole)
{
	static const struct {
		const char *text;
		enum kfrag_whole_kind of;
	} cases[] = {
		{ "total:old_slab_held_bytes>20%", KFRAG_WHOLE_OLD_MEMORY },
		{ "total:new_slab_held_bytes>20%", KFRAG_WHOLE_MEMORY },
		{ "total:delta_slab_held_bytes>20%", KFRAG_WHOLE_BEFORE },
		{ "total:new_slab_held_bytes>20", KFRAG_WHOLE_NONE },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		struct kfrag_condition_fault fault;
		struct kfrag_condition condition;

		ck_assert_int_eq(parse_diff(&condition, cases[i].text, &fault),
				 KFRAG_OK);
		ck_assert(condition.is_total);
		for (int of = KFRAG_WHOLE_COLUMN; of <= KFRAG_WHOLE_OLD_MEMORY;
		     of++)
			ck_assert_int_eq(kfrag_condition_is_of(
						 &condition,
						 (enum kfrag_whole_kind)of),
					 of == (int)cases[i].of);
		kfrag_condition_release(&condition);
	}
}
END_TEST

Suite *condition_parse_suite(void)
{
	Suite *suite = suite_create("condition_parse");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, faults_have_places, 0, NR_OF(faults));
	tcase_add_loop_test(core, good_ones, 0, NR_OF(goods));
	tcase_add_test(core, memory_is_a_whole);
	suite_add_tcase(suite, core);
	return suite;
}
