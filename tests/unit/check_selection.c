// SPDX-License-Identifier: MIT
#include "kfrag/columns.h"

#include <stdio.h>

#include "expect.h"
#include "fixture_report.h"

Suite *selection_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

START_TEST(selection_holds_all)
{
	struct kfrag_report report;
	struct kfrag_selection selection;
	const struct kfrag_column *columns;
	size_t nr_columns;

	fixture_report_init(&report);
	for (int kind = 0; kind < KFRAG_NR_TABLES; kind++) {
		const void *rows[] = { report.caches, report.totals,
				       report.orders };
		const size_t sizes[] = { sizeof(*report.caches),
					 sizeof(*report.totals),
					 sizeof(*report.orders) };
		const size_t nr_rows[] = { FIXTURE_NR_CACHES, report.nr_totals,
					   report.nr_orders };

		ck_assert_int_eq(
			kfrag_selection_init(&selection, &report,
					     (enum kfrag_table_kind)kind),
			KFRAG_OK);
		columns =
			kfrag_columns((enum kfrag_table_kind)kind, &nr_columns);
		ck_assert_ptr_eq(
			selection.set,
			kfrag_table_columns((enum kfrag_table_kind)kind));
		ck_assert_uint_eq(selection.nr_columns, nr_columns);
		for (size_t i = 0; i < nr_columns; i++)
			ck_assert_ptr_eq(selection.columns[i], &columns[i]);
		ck_assert_uint_eq(selection.nr_rows, nr_rows[kind]);
		for (size_t i = 0; i < nr_rows[kind]; i++)
			ck_assert_ptr_eq(selection.rows[i],
					 (const char *)rows[kind] +
						 i * sizes[kind]);
		kfrag_selection_release(&selection);
		ck_assert_uint_eq(selection.nr_rows, 0);
		ck_assert_ptr_null(selection.columns);
	}
	kfrag_report_release(&report);
}
END_TEST

START_TEST(selection_of_nothing)
{
	struct kfrag_report report;
	struct kfrag_selection selection;
	const char *const pattern = "*";
	struct kfrag_sort_key key;

	fixture_report_empty(&report);
	ck_assert_int_eq(kfrag_selection_init(&selection, &report,
					      KFRAG_TABLE_CACHES),
			 KFRAG_OK);
	ck_assert_uint_eq(selection.nr_rows, 0);
	ck_assert(kfrag_sort_key_find("waste", &key));
	ck_assert_int_eq(kfrag_selection_sort(&selection, &key), KFRAG_OK);
	ck_assert_int_eq(kfrag_selection_match(&selection, &pattern, 1),
			 KFRAG_OK);
	ck_assert_uint_eq(selection.nr_rows, 0);
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

static const struct {
	const char *list;
	enum kfrag_error error;
	size_t bad_offset;
	size_t nr_columns;
} lists[] = {
	{ "name", KFRAG_OK, 0, 1 },
	{ "slab_failed_objs,name,num_objs", KFRAG_OK, 0, 3 },
	{ "name,name", KFRAG_OK, 0, 2 },
	{ "", KFRAG_EINVAL, 0, 0 },
	{ ",", KFRAG_EINVAL, 0, 0 },
	{ "name,", KFRAG_EINVAL, 5, 0 },
	{ ",name", KFRAG_EINVAL, 0, 0 },
	{ "name,,num_objs", KFRAG_EINVAL, 5, 0 },
	{ "name,nam", KFRAG_EINVAL, 5, 0 },
	{ "name,names", KFRAG_EINVAL, 5, 0 },
	{ "name, num_objs", KFRAG_EINVAL, 5, 0 },
	{ "NAME", KFRAG_EINVAL, 0, 0 },
	{ "num_objs,held_bytes", KFRAG_EINVAL, 9, 0 },
};

START_TEST(columns_by_list)
{
	struct kfrag_report report;
	struct kfrag_selection selection;
	const struct kfrag_column *const *before;
	size_t offset = 12345;
	char joined[128] = "";

	fixture_report_init(&report);
	ck_assert_int_eq(kfrag_selection_init(&selection, &report,
					      KFRAG_TABLE_CACHES),
			 KFRAG_OK);
	before = selection.columns;
	ck_assert_int_eq(kfrag_selection_set_columns(&selection, lists[_i].list,
						     &offset),
			 lists[_i].error);
	ck_assert_uint_eq(offset, lists[_i].bad_offset);
	if (lists[_i].error) {
		ck_assert_ptr_eq(selection.columns, before);
		ck_assert_uint_eq(selection.nr_columns, 21);
	} else {
		ck_assert_uint_eq(selection.nr_columns, lists[_i].nr_columns);
		for (size_t i = 0; i < selection.nr_columns; i++) {
			size_t length = strlen(joined);

			snprintf(joined + length, sizeof(joined) - length,
				 "%s%s", i > 0 ? "," : "",
				 selection.columns[i]->name);
		}
		ck_assert_str_eq(joined, lists[_i].list);
	}
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

/* ------------------------------------------------------------ matching */

#define ALL_CACHES ((1u << FIXTURE_NR_CACHES) - 1)

static const struct {
	const char *patterns[3];
	unsigned matches; /* bit by place in the fixture */
} globs[] = {
	{ { "*" }, ALL_CACHES },
	{ { "dentry" }, 1u << FIXTURE_DENTRY },
	{ { "DENTRY" }, 0 },
	{ { "dent" }, 0 },
	{ { "?????y" }, 1u << FIXTURE_DENTRY },
	{ { "*_cache" }, 1u << FIXTURE_INODE },
	{ { "[di]*" }, 1u << FIXTURE_DENTRY | 1u << FIXTURE_INODE },
	{ { "dentry", "max", "none" },
	  1u << FIXTURE_DENTRY | 1u << FIXTURE_MAX },
	{ { "" }, 1u << FIXTURE_EMPTY },
	/* What is seen is what matches, behind the NUL too. */
	{ { "a,b\\x0ac\\x00\\x01\\xff\\x7f '#`" }, 1u << FIXTURE_BYTES },
	{ { "a*`" }, 1u << FIXTURE_BYTES },
	{ { "a,b\nc" }, 0 },
	{ { "\\x41\\" }, 1u << FIXTURE_BACKSLASH },
	{ { "x41*" }, 0 },
	{ { "gr\xc3\xb6*\\xc2\\x85" }, 1u << FIXTURE_UTF8 },
	{ { "x\";system(\"touch pwned\");\"" }, 1u << FIXTURE_SHELL },
};

START_TEST(rows_by_pattern)
{
	struct kfrag_report report;
	struct kfrag_selection selection;
	size_t nr_patterns = 0, next = 0;

	while (nr_patterns < 3 && globs[_i].patterns[nr_patterns])
		nr_patterns++;
	fixture_report_init(&report);
	ck_assert_int_eq(kfrag_selection_init(&selection, &report,
					      KFRAG_TABLE_CACHES),
			 KFRAG_OK);
	ck_assert_int_eq(kfrag_selection_match(&selection, globs[_i].patterns,
					       nr_patterns),
			 KFRAG_OK);
	for (unsigned i = 0; i < FIXTURE_NR_CACHES; i++)
		if (globs[_i].matches >> i & 1)
			ck_assert_ptr_eq(selection.rows[next++],
					 &report.caches[i]);
	ck_assert_uint_eq(selection.nr_rows, next);
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

Suite *selection_suite(void)
{
	Suite *suite = suite_create("selection");
	TCase *tc = tcase_create("selection");

	tcase_add_test(tc, selection_holds_all);
	tcase_add_test(tc, selection_of_nothing);
	tcase_add_loop_test(tc, columns_by_list, 0, NR_OF(lists));
	tcase_add_loop_test(tc, rows_by_pattern, 0, NR_OF(globs));
	suite_add_tcase(suite, tc);
	return suite;
}
