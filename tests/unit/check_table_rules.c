// SPDX-License-Identifier: MIT
/*
 * What holds for every report for people, whatever is in it: its width, whole
 * numbers, colour that adds nothing, one text in every locale.
 */
#include "kfrag/table.h"

#include <locale.h>

#include "expect.h"
#include "fixture_report.h"
#include "kfrag/random.h"
#include "output/fit.h"
#include "table_page.h"

Suite *table_rules_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* What the property tests met. */
struct met {
	unsigned nr_lines;
	unsigned nr_shortened;
	unsigned nr_dropped;
};

/* NULL, or the first line that breaks a rule. */
static const char *find_bad_line(const char *text, size_t width,
				 struct met *met)
{
	while (*text) {
		char line[4096];
		size_t length = strcspn(text, "\n");

		EXPECT(length < sizeof(line));
		memcpy(line, text, length);
		line[length] = '\0';
		if (kfrag_fit_width(line) > width || text[length] != '\n')
			return text;
		if (length > 0 && line[length - 1] == ' ')
			return text;
		for (size_t i = 0; i < length; i++)
			if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
				return text;
		met->nr_lines++;
		met->nr_shortened += strchr(line, '~') != NULL;
		text += length + 1;
	}
	return NULL;
}

static bool has_word(const char *text, const char *word, size_t length)
{
	while (*text) {
		size_t next;

		text += strspn(text, " \n");
		next = strcspn(text, " \n");
		if (next == length && memcmp(text, word, length) == 0)
			return true;
		text += next;
	}
	return false;
}

static size_t nr_words(const char *text)
{
	size_t nr = 0;

	for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
		text += strcspn(text, " \n");
		nr++;
	}
	return nr;
}

/*
 * NULL where every word with a digit in `narrow` is one of `wide` as well, so
 * that no number is cut; else the word. Those with the mark of a shortened
 * name are none.
 */
static const char *find_cut_number(const char *narrow, const char *wide,
				   struct met *met)
{
	met->nr_dropped += nr_words(narrow) < nr_words(wide);
	for (narrow += strspn(narrow, " \n"); *narrow;
	     narrow += strspn(narrow, " \n")) {
		size_t length = strcspn(narrow, " \n");

		if (strcspn(narrow, "0123456789") < length &&
		    !memchr(narrow, '~', length) &&
		    !has_word(wide, narrow, length))
			return narrow;
		narrow += length;
	}
	return NULL;
}

START_TEST(rules_are_checked)
{
	struct met met = { 0 };

	ck_assert_ptr_null(find_bad_line("", 5, &met));
	ck_assert_ptr_null(
		find_bad_line("12345\n\n \xc3\xa9\xc3\xa9 5\n", 5, &met));
	ck_assert_ptr_nonnull(find_bad_line("123456\n", 5, &met));
	ck_assert_ptr_nonnull(find_bad_line("123\n12 \n", 5, &met));
	ck_assert_ptr_nonnull(find_bad_line("1\t2\n", 5, &met));
	ck_assert_ptr_nonnull(find_bad_line("\x1b[m\n", 5, &met));
	ck_assert_ptr_nonnull(find_bad_line("1", 5, &met));
	ck_assert_ptr_null(find_cut_number("b 12\nc 345", "a 345 b 12", &met));
	ck_assert_ptr_null(find_cut_number("b 1~2", "a 345 b 12", &met));
	ck_assert_ptr_nonnull(find_cut_number("12,34 b", "12,345 b", &met));
	ck_assert_ptr_nonnull(find_cut_number("a 45", "a 345", &met));
}
END_TEST

/* Names that fill whole lines, beside the hostile ones. */
static const char long_name[] =
	"a_name_of_more_characters_than_any_terminal_has_columns_which_the_"
	"kernel_would_not_take_but_a_file_can_hold_so_that_somebody_will_try_"
	"it_0123456789_0123456789_0123456789";

static void hostile_page(struct table_page *page, struct kfrag_random *random,
			 unsigned width)
{
	*page = (struct table_page){ .source = kfrag_random_below(random, 2) ?
						       long_name :
						       "a\nb \xff\x1b[31m",
				     .key = "waste",
				     .style = { .width = width } };
	fixture_report_random(&page->report, random,
			      fixture_random_size(random, 30),
			      (unsigned)kfrag_random_below(random, 31));
	if (page->report.nr_caches > 3) {
		page->report.caches[3].name = long_name;
		page->report.caches[3].name_bytes =
			fixture_random_size(random, sizeof(long_name));
	}
}

static void expect_null(const char *found, size_t width)
{
	if (found)
		ck_abort_msg("at width %zu: %.200s", width, found);
}

START_TEST(every_width_holds)
{
	struct kfrag_random random;
	struct met met = { 0 };

	kfrag_random_init(&random, (uint64_t)_i);
	for (int round = 0; round < 10; round++) {
		struct table_page page;
		char *wide;

		hostile_page(&page, &random, 2000);
		table_page_text(&page);
		wide = table_page_take(&page);
		for (unsigned width = 40; width <= 120; width++) {
			const char *text;

			page.style.width = width;
			text = table_page_text(&page);
			expect_null(find_bad_line(text, width, &met), width);
			expect_null(find_cut_number(text, wide, &met), width);
		}
		free(wide);
		table_page_release(&page);
	}
	ck_assert_uint_gt(met.nr_lines, 0);
	ck_assert_uint_gt(met.nr_shortened, 0);
	ck_assert_uint_gt(met.nr_dropped, 0);
}
END_TEST

/* Colour is an addition: without it the same characters are left. */
static void strip_colour(char *text)
{
	char *out = text;

	while (*text) {
		if (*text == '\033')
			text += strcspn(text, "m") + 1;
		else
			*out++ = *text++;
	}
	*out = '\0';
}

START_TEST(colour_adds_nothing)
{
	struct kfrag_random random;
	unsigned nr_coloured = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int round = 0; round < 20; round++) {
		struct table_page page;
		char *plain;

		hostile_page(&page, &random, 80);
		table_page_text(&page);
		plain = table_page_take(&page);
		page.style.colour = true;
		table_page_text(&page);
		EXPECT(!strchr(plain, '\033'));
		nr_coloured += strchr(page.capture.text, '\033') != NULL;
		strip_colour(page.capture.text);
		EXPECT(strcmp(plain, page.capture.text) == 0);
		free(plain);
		table_page_release(&page);
	}
	ck_assert_uint_eq(nr_coloured, 20);
}
END_TEST

/* Same bytes whatever the locale of the process is, or its environment. */
START_TEST(no_locale_matters)
{
	static const char *const locales[] = { "C", "C.UTF-8", "en_US.UTF-8",
					       "de_DE.ISO-8859-1" };
	struct table_page page;
	unsigned nr_set = 0;
	char *first;

	table_page_init(&page, fixture_report_init, 60);
	page.source = "gr\xc3\xb6\xc3\x9f"
		      "e \xff";
	table_page_text(&page);
	first = table_page_take(&page);
	setenv("COLUMNS", "33", 1);
	setenv("LIBSMARTCOLS_DEBUG", "all", 1);
	for (size_t i = 0; i < NR_OF(locales); i++) {
		if (!setlocale(LC_ALL, locales[i]))
			continue;
		nr_set++;
		ck_assert_str_eq(table_page_text(&page), first);
	}
	setlocale(LC_ALL, "C");
	unsetenv("COLUMNS");
	unsetenv("LIBSMARTCOLS_DEBUG");
	ck_assert_uint_gt(nr_set, 0);
	free(first);
	table_page_release(&page);
}
END_TEST

Suite *table_rules_suite(void)
{
	Suite *suite = suite_create("table_rules");
	TCase *tc = tcase_create("table_rules");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, rules_are_checked);
	tcase_add_loop_test(tc, every_width_holds, 1, 4);
	tcase_add_loop_test(tc, colour_adds_nothing, 1, 3);
	tcase_add_test(tc, no_locale_matters);
	suite_add_tcase(suite, tc);
	return suite;
}
