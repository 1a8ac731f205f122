// SPDX-License-Identifier: MIT
#include "output/calendar.h"

#include <time.h>

#include "expect.h"
#include "kfrag/random.h"

Suite *calendar_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

static const struct {
	uint64_t time;
	const char *text;
} times[] = {
	{ 0, "1970-01-01 00:00:00" },
	{ 59, "1970-01-01 00:00:59" },
	{ 68169600, "1972-02-29 00:00:00" },
	{ 68255999, "1972-02-29 23:59:59" },
	{ 68256000, "1972-03-01 00:00:00" },
	{ 951782400, "2000-02-29 00:00:00" },
	{ 978307199, "2000-12-31 23:59:59" },
	{ 1700000000, "2023-11-14 22:13:20" },
	{ 2147483648, "2038-01-19 03:14:08" },
	{ UINT64_C(4107542400), "2100-03-01 00:00:00" },
	{ UINT64_C(4107542399), "2100-02-28 23:59:59" },
	{ UINT64_C(253402300799), "9999-12-31 23:59:59" },
	{ UINT64_C(253402300800), "253402300800" },
	{ UINT64_MAX, "18446744073709551615" },
};

START_TEST(dates)
{
	char buf[KFRAG_CALENDAR_SIZE];

	ck_assert_str_eq(kfrag_calendar_text(times[_i].time, buf),
			 times[_i].text);
}
END_TEST

/* As the C library has it, where its time_t reaches. */
START_TEST(dates_of_the_library)
{
	uint64_t limit = sizeof(time_t) < 8 ? UINT64_C(1) << 31 :
					      UINT64_C(253402300800);
	struct kfrag_random random;

	kfrag_random_init(&random, 1);
	for (int i = 0; i < 20000; i++) {
		uint64_t at = kfrag_random_below(&random, limit);
		time_t time = (time_t)at;
		char buf[KFRAG_CALENDAR_SIZE], expected[KFRAG_CALENDAR_SIZE];
		struct tm fields;

		EXPECT(gmtime_r(&time, &fields));
		EXPECT(strftime(expected, sizeof(expected), "%Y-%m-%d %H:%M:%S",
				&fields) > 0);
		if (strcmp(kfrag_calendar_text(at, buf), expected) != 0)
			ck_abort_msg("%s is not %s", buf, expected);
	}
}
END_TEST

Suite *calendar_suite(void)
{
	Suite *suite = suite_create("calendar");
	TCase *tc = tcase_create("calendar");

	tcase_add_loop_test(tc, dates, 0, NR_OF(times));
	tcase_add_test(tc, dates_of_the_library);
	suite_add_tcase(suite, tc);
	return suite;
}
