// SPDX-License-Identifier: MIT
#include "kfrag/error.h"

#include <ctype.h>
#include <string.h>

#include <check.h>

Suite *error_suite(void);

/* A fragment that others put into sentences of their own. */
START_TEST(every_code_has_a_text)
{
	const char *text = kfrag_error_text((enum kfrag_error)_i);
	size_t length = strlen(text);

	ck_assert_uint_gt(length, 0);
	ck_assert_uint_lt(length, 60);
	ck_assert(islower((unsigned char)text[0]));
	ck_assert_int_ne(text[length - 1], '.');
	ck_assert_int_ne(text[length - 1], '\n');
	ck_assert_str_ne(text, "unknown error");
	for (int other = 0; other < _i; other++)
		ck_assert_str_ne(text,
				 kfrag_error_text((enum kfrag_error)other));
}
END_TEST

START_TEST(success_is_zero)
{
	ck_assert_int_eq(KFRAG_OK, 0);
	ck_assert_str_eq(kfrag_error_text(KFRAG_OK), "success");
}
END_TEST

static const int no_codes[] = { -1, KFRAG_NR_ERRORS, KFRAG_NR_ERRORS + 1,
				1000 };

START_TEST(no_code_is_unknown)
{
	ck_assert_str_eq(kfrag_error_text((enum kfrag_error)no_codes[_i]),
			 "unknown error");
}
END_TEST

Suite *error_suite(void)
{
	Suite *suite = suite_create("error");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, every_code_has_a_text, 0, KFRAG_NR_ERRORS);
	tcase_add_test(core, success_is_zero);
	tcase_add_loop_test(core, no_code_is_unknown, 0,
			    (int)(sizeof(no_codes) / sizeof(*no_codes)));
	suite_add_tcase(suite, core);
	return suite;
}
