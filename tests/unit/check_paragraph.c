// SPDX-License-Identifier: MIT
#include "output/paragraph.h"

#include "capture.h"
#include "expect.h"
#include "fixture_report.h"
#include "kfrag/random.h"
#include "output/fit.h"

Suite *paragraph_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* ----------------------------------------------------------------- fit */

START_TEST(widths)
{
	ck_assert_uint_eq(kfrag_fit_width(""), 0);
	ck_assert_uint_eq(kfrag_fit_width("dentry"), 6);
	ck_assert_uint_eq(kfrag_fit_width("\\xff"), 4);
	ck_assert_uint_eq(kfrag_fit_width("\xc3\xa9\xe2\x82\xac"
					  "\xf0\x9f\x90\xa7z"),
			  4);
}
END_TEST

static const struct {
	const char *text;
	size_t width;
	const char *fitted;
} fits[] = {
	{ "", 1, "" },
	{ "dentry", 6, "dentry" },
	{ "dentry", 7, "dentry" },
	{ "dentry", 5, "den~y" },
	{ "dentry", 2, "d~" },
	{ "dentry", 1, "~" },
	{ "request_sock_subflow_v6", 12, "request~w_v6" },
	{ "\xc3\xa9\xc3\xa8\xc3\xaa\xc3\xab\xc3\xa0\xc3\xa2", 4,
	  "\xc3\xa9\xc3\xa8~\xc3\xa2" },
	{ "\xf0\x9f\x90\xa7\xf0\x9f\x90\xa7\xf0\x9f\x90\xa7\xf0\x9f\x90\xa7", 3,
	  "\xf0\x9f\x90\xa7~\xf0\x9f\x90\xa7" },
	{ "a\xf0\x9f\x90\xa7", 1, "~" },
};

START_TEST(shortened_text)
{
	char text[64];

	snprintf(text, sizeof(text), "%s", fits[_i].text);
	kfrag_fit_shorten(text, fits[_i].width);
	ck_assert_str_eq(text, fits[_i].fitted);
}
END_TEST

/* ---------------------------------------------------------- paragraphs */

static const struct {
	const char *text;
	size_t width;
	const char *lines;
} cases[] = {
	{ "", 10, "\n" },
	{ "one", 10, "one\n" },
	{ "one two six", 11, "one two six\n" },
	{ "one two six", 10, "one two\nsix\n" },
	{ "one two six", 3, "one\ntwo\nsix\n" },
	{ "one two six", 1, "one\ntwo\nsix\n" },
	{ "longer_than_all six", 8, "longer_than_all\nsix\n" },
	{ "six longer_than_all", 8, "six\nlonger_than_all\n" },
	/* Blanks stay inside a line, and end none. */
	{ "a  b", 10, "a  b\n" },
	{ "a  b", 3, "a\nb\n" },
	{ " a b ", 10, " a b\n" },
	/* So do not more blanks than a line has room for. */
	{ "one      two", 5, "one\ntwo\n" },
	{ "one            seven", 5, "one\nseven\n" },
	{ "   seven", 5, "seven\n" },
	{ "   six", 6, "   six\n" },
	/* A tab is a blank that holds together. */
	{ "takes 4\tKiB", 10, "takes\n4 KiB\n" },
	{ "takes 4\tKiB", 11, "takes 4 KiB\n" },
	{ "\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9", 5,
	  "\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9\n" },
};

START_TEST(known_paragraphs)
{
	struct capture capture;

	capture_begin(&capture);
	ck_assert_int_eq(kfrag_paragraph_write(capture.out, cases[_i].width,
					       "%s", cases[_i].text),
			 KFRAG_OK);
	ck_assert_str_eq(capture_end(&capture), cases[_i].lines);
	capture_release(&capture);
}
END_TEST

START_TEST(joined_words)
{
	char text[] = "4.00 KiB of it";

	ck_assert_ptr_eq(kfrag_paragraph_join(text), text);
	ck_assert_str_eq(text, "4.00\tKiB\tof\tit");
}
END_TEST

/* No words lost, no line too long that need not be, none too short. */
START_TEST(lines_are_full)
{
	struct kfrag_random random;
	unsigned nr_lines = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int round = 0; round < 500; round++) {
		char text[512], back[512];
		size_t length = 0, width = 1 + fixture_random_size(&random, 60);
		struct capture capture;
		char *line, *rest;

		do {
			size_t word = 1 + fixture_random_size(&random, 12);

			memset(text + length, 'w', word);
			length += word;
			text[length++] = ' ';
		} while (length < 480);
		text[--length] = '\0';
		capture_begin(&capture);
		EXPECT(!kfrag_paragraph_write(capture.out, width, "%s", text));
		capture_end(&capture);
		snprintf(back, sizeof(back), "%s", capture.text);
		EXPECT_EQ(strlen(back), length + 1);
		for (line = back; *line; line = rest + 1) {
			size_t next;

			rest = strchr(line, '\n');
			EXPECT((size_t)(rest - line) <= width ||
			       !memchr(line, ' ', (size_t)(rest - line)));
			next = strcspn(rest + 1, " \n");
			EXPECT(!rest[1] ||
			       (size_t)(rest - line) + 1 + next > width);
			nr_lines++;
		}
		for (line = back; *line; line++)
			if (*line == '\n')
				*line = ' ';
		EXPECT(memcmp(back, text, length) == 0);
		capture_release(&capture);
	}
	ck_assert_uint_gt(nr_lines, 500);
}
END_TEST

Suite *paragraph_suite(void)
{
	Suite *suite = suite_create("paragraph");
	TCase *tc = tcase_create("paragraph");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, widths);
	tcase_add_loop_test(tc, shortened_text, 0, NR_OF(fits));
	tcase_add_loop_test(tc, known_paragraphs, 0, NR_OF(cases));
	tcase_add_test(tc, joined_words);
	tcase_add_loop_test(tc, lines_are_full, 1, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
