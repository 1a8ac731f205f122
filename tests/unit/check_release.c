// SPDX-License-Identifier: MIT
#include "expect.h"
#include "kfrag/release.h"

Suite *release_suite(void);

static const struct {
	const char *text;
	unsigned number;
} releases[] = {
	{ "6.1.0-18-amd64", KFRAG_RELEASE(6, 1, 0) },
	{ "6.12", KFRAG_RELEASE(6, 12, 0) },
	{ "2.6.32-220.el6.x86_64", KFRAG_RELEASE(2, 6, 32) },
	{ "6.18.44-fc-v595", KFRAG_RELEASE(6, 18, 44) },
	{ "4.4.x", KFRAG_RELEASE(4, 4, 0) },
	{ "6.9-rc1", KFRAG_RELEASE(6, 9, 0) },
	{ "99999999999999999999.1.2000", KFRAG_RELEASE(999, 1, 999) },
	{ NULL, 0 },
	{ "", 0 },
	{ "6", 0 },
	{ "6.", 0 },
	{ ".1", 0 },
	{ "linux-6.1", 0 },
	{ "-6.1", 0 },
};

START_TEST(text)
{
	ck_assert_uint_eq(kfrag_release_parse(releases[_i].text),
			  releases[_i].number);
}
END_TEST

START_TEST(order)
{
	EXPECT(KFRAG_RELEASE(2, 6, 32) < KFRAG_RELEASE(2, 7, 0));
	EXPECT(KFRAG_RELEASE(5, 999, 999) < KFRAG_RELEASE(6, 0, 0));
	EXPECT(kfrag_release_parse("6.9.9") < kfrag_release_parse("6.10"));
}
END_TEST

Suite *release_suite(void)
{
	Suite *suite = suite_create("release");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	tcase_add_loop_test(core, text, 0,
			    sizeof(releases) / sizeof(releases[0]));
	tcase_add_test(core, order);
	return suite;
}
