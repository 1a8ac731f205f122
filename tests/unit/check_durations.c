// SPDX-License-Identifier: MIT
#include "output/durations.h"

#include "expect.h"

Suite *durations_suite(void);

static void expect_line(const struct kfrag_durations *durations, size_t index,
			const char *expected)
{
	char buf[KFRAG_DURATION_LINE_SIZE];

	ck_assert_ptr_eq(kfrag_durations_line(durations, index, "in all", buf),
			 buf);
	ck_assert_str_eq(buf, expected);
}

START_TEST(lines_and_their_sum)
{
	struct kfrag_durations durations = { 0 };

	kfrag_durations_add(&durations, "reading", 1234567);
	kfrag_durations_add(&durations, "buddy only: settle", 98765432100);
	kfrag_durations_add(&durations, "output", 499);
	kfrag_durations_add(&durations, "nothing", 0);
	ck_assert_uint_eq(durations.nr_durations, 4);
	expect_line(&durations, 0,
		    "reading                   1.235 ms    0.0 %");
	expect_line(&durations, 1,
		    "buddy only: settle    98765.432 ms  100.0 %");
	expect_line(&durations, 2,
		    "output                    0.000 ms    0.0 %");
	expect_line(&durations, 3,
		    "nothing                   0.000 ms    0.0 %");
	expect_line(&durations, 4,
		    "in all                98766.667 ms  100.0 %");
}
END_TEST

START_TEST(a_name_that_comes_again)
{
	struct kfrag_durations durations = { 0 };
	char fill[] = "fill";

	for (uint64_t round = 1; round <= 3; round++) {
		kfrag_durations_add(&durations, fill, round * 1000000);
		kfrag_durations_add(&durations, "settle", 500000);
	}
	/* Names are compared, not where they are. */
	kfrag_durations_add(&durations, "fill", 500000);
	ck_assert_uint_eq(durations.nr_durations, 2);
	expect_line(&durations, 0,
		    "fill                      6.500 ms   81.3 %");
	expect_line(&durations, 1,
		    "settle                    1.500 ms   18.8 %");
	expect_line(&durations, 2,
		    "in all                    8.000 ms  100.0 %");
}
END_TEST

START_TEST(no_time_at_all)
{
	struct kfrag_durations durations = { 0 };

	expect_line(&durations, 0,
		    "in all                    0.000 ms        -");
	kfrag_durations_add(&durations, "start", 0);
	expect_line(&durations, 0,
		    "start                     0.000 ms        -");
}
END_TEST

START_TEST(long_names_and_times)
{
	struct kfrag_durations durations = { 0 };
	char name[200], buf[KFRAG_DURATION_LINE_SIZE];
	const char *line;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	kfrag_durations_add(&durations, name, UINT64_MAX);
	line = kfrag_durations_line(&durations, 0, "", buf);
	ck_assert_uint_eq(strspn(line, "n"), 64);
	ck_assert_str_eq(line + 64, " 18446744073709.552 ms  100.0 %");
}
END_TEST

Suite *durations_suite(void)
{
	Suite *suite = suite_create("durations");
	TCase *core = tcase_create("core");

	tcase_add_test(core, lines_and_their_sum);
	tcase_add_test(core, a_name_that_comes_again);
	tcase_add_test(core, no_time_at_all);
	tcase_add_test(core, long_names_and_times);
	suite_add_tcase(suite, core);
	return suite;
}
