// SPDX-License-Identifier: MIT
/* Trends as a page for people, JSON and data for gnuplot. */
#include "kfrag/trend_output.h"

#include "capture.h"
#include "expect.h"
#include "expect_lines.h"
#include "fixture_report.h"
#include "fixture_trend.h"
#include "kfrag/csv.h"

Suite *trend_output_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* ----------------------------------------------------------------- pages */

/* Trends, what is asked of them, and how they come out. */
struct page {
	struct fixture_trend fixture;
	struct kfrag_trend_run run;
	struct kfrag_table_style style;
	size_t nr_lines;
	struct capture capture;
};

static void page_of(struct page *page)
{
	static const char *const paths[] = { "day.slabinfo" };

	page->run = (struct kfrag_trend_run){
		.trends = &page->fixture.trends,
		.sources = { paths, 1 },
	};
	page->style.width = 80;
	page->nr_lines = SIZE_MAX;
}

static void page_release(struct page *page)
{
	capture_release(&page->capture);
	fixture_trend_release(&page->fixture);
}

static enum kfrag_error write_table(const struct page *page, FILE *out)
{
	struct kfrag_selection selection;
	struct kfrag_table_caches caches = { .selection = &selection };
	struct kfrag_sort_key key;
	enum kfrag_error error;

	EXPECT(!kfrag_trend_selection_init(&selection, &page->fixture.rows,
					   KFRAG_TREND_CACHES));
	if (page->run.listed == KFRAG_TREND_NOT_CALM)
		kfrag_trend_selection_drop_calm(&selection);
	EXPECT(kfrag_trend_sort_key_find("verdict", &key));
	EXPECT(!kfrag_selection_sort(&selection, &key));
	caches.key = &key;
	caches.nr_matching = selection.nr_rows;
	if (selection.nr_rows > page->nr_lines)
		selection.nr_rows = page->nr_lines;
	error = kfrag_trend_write_table(out, &page->run, &caches, &page->style);
	kfrag_selection_release(&selection);
	return error;
}

static const char *page_text(struct page *page)
{
	capture_release(&page->capture);
	capture_begin(&page->capture);
	EXPECT(!write_table(page, page->capture.out));
	return capture_end(&page->capture);
}

static void expect_page(struct page *page, const char *expected)
{
	ck_assert_str_eq(page_text(page), expected);
}

static void expect_text(struct page *page, const char *part)
{
	if (!strstr(page_text(page), part))
		ck_abort_msg("no '%s' in:\n%s", part, page->capture.text);
}

static const char expected_page[] =
	"day.slabinfo: 10 samples of 10 caches\n"
	"2023-11-14 22:13:20 to 2023-11-15 07:13:20 UTC, 9.0 h; pages of 4 KiB\n"
	"\n"
	"All slabs together held 6.64 MiB at first and hold 14.9 MiB at the end:\n"
	"+8.29 MiB (+124.8 %); their slope is +715 KiB an hour.\n"
	"Of 10 caches, 1 leak, 1 bloat, 1 trapped, 1 cyclic, 5 steady and 1 in too few\n"
	"samples.\n"
	"The worst leak is leaking: +400 KiB an hour.\n"
	"The worst bloat is bloated: +400 KiB an hour.\n"
	"Most is trapped in trapped: 1.43 MiB.\n"
	"\n"
	"CACHE    VERDICT      HELD     CHANGE  ACTIVE    USE  PER HOUR  DOUBLES IN\n"
	"leaking  leak     4.49 MiB  +3.52 MiB   4,600  100 %  +400 KiB      11.5 h\n"
	"bloated  bloat    4.49 MiB  +3.52 MiB     900   19 %  +400 KiB      11.5 h\n"
	"trapped  trapped  1.91 MiB  -40.0 KiB     500   25 %       0 B           -\n"
	"cyclic   cyclic   2.05 MiB  +1.95 MiB   2,100  100 %       0 B           -\n"
	"\n"
	"leaking: leak: objects in use climb by 400 KiB an hour, from 1,000 to 4,600, and\n"
	"100 % of their slots are in use; held doubles in 11.5 h.\n"
	"bloated: bloat: slots climb by 400 KiB an hour, from 1,000 to 4,600, but objects\n"
	"in use do not: 90 % of the slots were in use, now 19 % are; held doubles in\n"
	"11.5 h.\n"
	"trapped: trapped: in use fell from 2,000 objects to 500 (-75.0 %), but 490 of\n"
	"500 slabs stay; packed full, 125 would do: 1.43 MiB are trapped.\n"
	"cyclic: cyclic: objects in use come and go between 100 and 2,100: 8 turns, there\n"
	"and back in about 2.0 h.\n"
	"(4 caches to look at, by verdict, most first; --all, --sort, --cache; to plot:\n"
	"--show samples)\n";

START_TEST(whole_page)
{
	struct page page = { 0 };

	fixture_trend_init(&page.fixture, FIXTURE_TREND_SAMPLES, FIXTURE_HOURLY,
			   0);
	page_of(&page);
	expect_page(&page, expected_page);
	page_release(&page);
}
END_TEST

static const char expected_all[] =
	"day.slabinfo: 10 samples of 10 caches\n"
	"pages of 4 KiB\n"
	"10 samples without a time: all are in the order given, and slopes unknown;\n"
	"--interval SECONDS\n"
	"\n"
	"All slabs together held 6.64 MiB at first and hold 14.9 MiB at the end:\n"
	"+8.29 MiB (+124.8 %).\n"
	"Of 10 caches, 1 leak, 1 bloat, 1 trapped, 1 cyclic, 5 steady and 1 in too few\n"
	"samples.\n"
	"The worst leak is leaking: +3.52 MiB.\n"
	"The worst bloat is bloated: +3.52 MiB.\n"
	"Most is trapped in trapped: 1.43 MiB.\n"
	"\n"
	"CACHE            VERDICT       HELD     CHANGE  ACTIVE    USE\n"
	"leaking          leak      4.49 MiB  +3.52 MiB   4,600  100 %\n"
	"bloated          bloat     4.49 MiB  +3.52 MiB     900   19 %\n"
	"trapped          trapped   1.91 MiB  -40.0 KiB     500   25 %\n"
	"cyclic           cyclic    2.05 MiB  +1.95 MiB   2,100  100 %\n"
	"grown            steady   1,000 KiB   +900 KiB   1,000  100 %\n"
	"flat             steady     100 KiB        0 B     100  100 %\n"
	"fallen           steady     400 KiB  -1.56 MiB     400  100 %\n"
	"wandering        steady     508 KiB  +8.00 KiB     505  100 %\n"
	"unused           steady         0 B        0 B       0      -\n"
	"late, \"\\x0a\\xff  too-few   20.0 KiB  +8.00 KiB      20  100 %\n"
	"\n"
	"leaking: leak: objects in use climb by 3.52 MiB, from 1,000 to 4,600, and 100 %\n"
	"of their slots are in use.\n"
	"bloated: bloat: slots climb by 3.52 MiB, from 1,000 to 4,600, but objects in use\n"
	"do not: 90 % of the slots were in use, now 19 % are.\n"
	"trapped: trapped: in use fell from 2,000 objects to 500 (-75.0 %), but 490 of\n"
	"500 slabs stay; packed full, 125 would do: 1.43 MiB are trapped.\n"
	"cyclic: cyclic: objects in use come and go between 100 and 2,100: 8 turns.\n"
	"grown: steady: objects in use grew from 100 to 1,000 (+900.0 %) and stay there.\n"
	"flat: steady: 100 objects in use all the time.\n"
	"fallen: steady: objects in use fell from 2,000 to 400 (-80.0 %), and slabs from\n"
	"500 to 100.\n"
	"wandering: steady: objects in use wandered between 400 and 600.\n"
	"unused: steady: no object was ever in use.\n"
	"late, \"\\x0a\\xff: too-few: 2 samples, at least 6 are needed.\n"
	"(10 caches, by verdict, most first; --sort, --cache; to plot: --show samples)\n";

START_TEST(all_of_a_page)
{
	struct page page = { 0 };

	fixture_trend_init(&page.fixture, FIXTURE_TREND_SAMPLES,
			   FIXTURE_NO_TIMES, 0);
	page_of(&page);
	page.run.listed = KFRAG_TREND_NAMED;
	expect_page(&page, expected_all);
	page_release(&page);
}
END_TEST

static const char expected_steady[] =
	"day.slabinfo: 10 samples of 5 caches\n"
	"2023-11-14 22:13:20 to 2023-11-15 07:13:20 UTC, 9.0 h; pages of 4 KiB\n"
	"\n"
	"All slabs together held 2.64 MiB at first and hold 1.96 MiB at the end: -692 KiB\n"
	"(-25.6 %); their slope is -95.4 KiB an hour.\n"
	"5 caches, all of them steady: none keeps growing, and no slabs are "
	"trapped.\n"
	"\n"
	"(--all lists them, --cache some of them; to plot: --show samples)\n";

static const char expected_few[] =
	"day.slabinfo: 1 sample of 9 caches\n"
	"2023-11-14 22:13:20 UTC, pages of 4 KiB\n"
	"\n"
	"All slabs together hold 6.64 MiB.\n"
	"Too few samples to tell what becomes of 9 caches: at least 6 are "
	"needed, for\n"
	"trapped 3.\n"
	"\n"
	"(--all lists them, --cache some of them; to plot: --show samples)\n";

START_TEST(nothing_to_see)
{
	struct page page = { 0 };

	fixture_trend_init_some(&page.fixture, FIXTURE_FLAT, 5);
	page_of(&page);
	expect_page(&page, expected_steady);
	page_release(&page);
	fixture_trend_init(&page.fixture, 1, FIXTURE_HOURLY, 0);
	page_of(&page);
	expect_page(&page, expected_few);
	page_release(&page);
}
END_TEST

/* What there is to say of the samples beyond the ordinary. */
START_TEST(heads)
{
	static const char *const paths[] = { "a", "b c", "d", "e", "f\n" };
	static const char *const hosts[] = { "one", "two", "three" };
	static const char *const kernels[] = { "6.1.0", "6.2\xff" };
	struct page page = { 0 };

	fixture_trend_init(&page.fixture, 6, FIXTURE_NO_TIMES, 60000);
	page_of(&page);
	page.run.interval_seconds = 60;
	page.run.sources = (struct kfrag_text_list){ paths, 5 };
	page.run.hosts = (struct kfrag_text_list){ hosts, 1 };
	page.run.kernels = (struct kfrag_text_list){ kernels, 1 };
	expect_text(&page, "a, b c, d and 2 more: 6 samples of 9 caches\n"
			   "pages of 4 KiB, host one, Linux 6.1.0\n"
			   "6 samples without a time: all are in the order "
			   "given, 60 s apart, 5.0 min in all\n"
			   "(--interval)\n");
	page.fixture.history.moments[0].page_size_bytes = 65536;
	page.fixture.history.moments[0].has_time = true;
	page.run.hosts.nr_texts = 3;
	page.run.kernels.nr_texts = 2;
	expect_text(&page, "pages of 4 KiB and 64 KiB\n"
			   "5 samples without a time: ");
	expect_text(&page, "Different hosts: one, two and three.\n"
			   "Different kernels: 6.1.0 and 6.2\\xff.\n"
			   "Caches of one name and size are taken for one, "
			   "whatever the host.\n");
	page_release(&page);
}
END_TEST

START_TEST(lines_of_a_list)
{
	struct page page = { 0 };

	fixture_trend_init(&page.fixture, FIXTURE_TREND_SAMPLES, FIXTURE_HOURLY,
			   0);
	page_of(&page);
	page.nr_lines = 1;
	expect_text(&page, "\n(1 of 4 caches to look at, by verdict, most "
			   "first; --all, --sort, --cache; to\n");
	page.run.listed = KFRAG_TREND_ALL;
	page.nr_lines = SIZE_MAX;
	expect_text(&page, "\n(10 caches, by verdict, most first; --sort, "
			   "--cache; to plot: --show samples)\n");
	ck_assert_ptr_null(strstr(page.capture.text, "flat: "));
	page_release(&page);
}
END_TEST

/* _i: the seed. */
START_TEST(no_line_is_too_wide)
{
	static const char *const texts[] = {
		FIXTURE_SOURCE,
		"a/rather/long/path/of/a/recording/that/does/not/fit/a/line/"
		"of/a/terminal/of/eighty/columns/or/even/one/of/a/hundred/and/"
		"twenty/columns.slabinfo",
		"",
		"\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6"
		"\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6"
		"\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6",
		"x",
	};
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < 60; i++) {
		struct page page = { 0 };
		size_t first = fixture_random_size(&random, 2);

		fixture_trend_random(&page.fixture, &random);
		page_of(&page);
		page.run.sources = (struct kfrag_text_list){
			texts + first,
			1 + fixture_random_size(&random, NR_OF(texts) - 1)
		};
		page.run.hosts = (struct kfrag_text_list){
			texts + 1, fixture_random_size(&random, 4)
		};
		page.run.kernels = page.run.hosts;
		page.run.interval_seconds = UINT64_MAX;
		page.run.listed = (enum kfrag_trend_listed)fixture_random_size(
			&random, 3);
		page.style.width =
			40 + (unsigned)fixture_random_size(&random, 160);
		page.nr_lines = fixture_random_size(&random, 40);
		expect_lines_fit(page_text(&page), page.style.width);
		page_release(&page);
	}
}
END_TEST

/* ---------------------------------------------------------- for programs */

typedef enum kfrag_error
write_function(FILE *out, const struct kfrag_trend_run *run,
	       const struct kfrag_selection *selection, size_t nr_selections);

static const char *write_chosen(struct page *page, write_function *write)
{
	struct kfrag_selection selection;
	size_t offset;

	EXPECT(!kfrag_trend_selection_init(&selection, &page->fixture.rows,
					   KFRAG_TREND_CACHES));
	EXPECT(!kfrag_selection_set_columns(
		&selection, "name,verdict,held_bytes_per_hour", &offset));
	capture_release(&page->capture);
	capture_begin(&page->capture);
	EXPECT(!write(page->capture.out, &page->run, &selection, 1));
	kfrag_selection_release(&selection);
	return capture_end(&page->capture);
}

static void page_for_programs(struct page *page)
{
	static const char *const hosts[] = { "vm \"x\"", "b" };
	static const char *const kernels[] = { "6.1\n" };

	fixture_trend_init_some(&page->fixture, FIXTURE_LEAKING, 2);
	page_of(page);
	page->run.hosts = (struct kfrag_text_list){ hosts, 2 };
	page->run.kernels = (struct kfrag_text_list){ kernels, 1 };
	page->run.interval_seconds = 7;
	page->fixture.history.moments[0].page_size_bytes = 16384;
}

static const char expected_json[] =
	"{\n"
	"\"kfrag\": \"0.1.0\",\n"
	"\"parameters\": {\"sources\": [\"day.slabinfo\"], \"hosts\": "
	"[\"vm \\\"x\\\"\", \"b\"], \"kernels\": [\"6.1\\\\x0a\"], "
	"\"nr_samples\": 10, \"first_time\": 1700000000, \"last_time\": "
	"1700032400, \"interval_seconds\": 7, \"page_sizes_bytes\": [4096, "
	"16384]},\n"
	"\"verdicts\": {\"leak\": 1, \"bloat\": 0, \"trapped\": 0, "
	"\"cyclic\": 0, \"steady\": 0, \"too-few\": 1},\n"
	"\"together\": {\"active_bytes_per_hour\": 409588, "
	"\"total_bytes_per_hour\": 409588, \"held_bytes_per_hour\": "
	"409588},\n"
	"\"caches\": [\n"
	"{\"name\": \"leaking\", \"verdict\": \"leak\", "
	"\"held_bytes_per_hour\": 409588},\n"
	"{\"name\": \"late, \\\"\\\\x0a\\\\xff\", \"verdict\": \"too-few\", "
	"\"held_bytes_per_hour\": 8191}\n"
	"]\n"
	"}\n";

START_TEST(json)
{
	struct page page = { 0 };

	page_for_programs(&page);
	ck_assert_str_eq(write_chosen(&page, kfrag_trend_write_json),
			 expected_json);
	page_release(&page);
}
END_TEST

static const char expected_gnuplot[] =
	"# kfrag 0.1.0\n"
	"# source: day.slabinfo\n"
	"# host: vm \"x\"\n"
	"# host: b\n"
	"# kernel: 6.1\\x0a\n"
	"# nr_samples: 10\n"
	"# first_time: 1700000000\n"
	"# last_time: 1700032400\n"
	"# interval_seconds: 7\n"
	"# page_size_bytes: 4096\n"
	"# page_size_bytes: 16384\n"
	"# active_bytes_per_hour: 409588\n"
	"# total_bytes_per_hour: 409588\n"
	"# held_bytes_per_hour: 409588\n"
	"\n"
	"\n"
	"# caches\n"
	"# name verdict held_bytes_per_hour\n"
	"\"leaking\" \"leak\" 409588\n"
	"\"late, \\\\x22\\\\x0a\\\\xff\" \"too-few\" 8191\n";

START_TEST(gnuplot)
{
	struct page page = { 0 };

	page_for_programs(&page);
	ck_assert_str_eq(write_chosen(&page, kfrag_trend_write_gnuplot),
			 expected_gnuplot);
	page_release(&page);
}
END_TEST

/* What is unknown is that, not 0. */
START_TEST(unknown_for_programs)
{
	struct page page = { 0 };

	fixture_trend_init(&page.fixture, 3, FIXTURE_NO_TIMES, 0);
	page_of(&page);
	ck_assert_ptr_nonnull(
		strstr(write_chosen(&page, kfrag_trend_write_json),
		       "\"first_time\": null, \"last_time\": null, "
		       "\"interval_seconds\": null, "));
	ck_assert_ptr_nonnull(
		strstr(page.capture.text, "\"held_bytes_per_hour\": null},\n"));
	ck_assert_ptr_nonnull(
		strstr(write_chosen(&page, kfrag_trend_write_gnuplot),
		       "# interval_seconds: NaN\n"));
	page_release(&page);
}
END_TEST

START_TEST(full_disk)
{
	static write_function *const writes[] = { kfrag_trend_write_json,
						  kfrag_trend_write_gnuplot };
	struct kfrag_selection selection;
	struct full_stream stream;
	struct page page = { 0 };

	page_for_programs(&page);
	EXPECT(!kfrag_trend_selection_init(&selection, &page.fixture.rows,
					   KFRAG_TREND_TOTALS));
	full_stream_open(&stream);
	ck_assert_int_eq(write_table(&page, stream.out), KFRAG_EIO);
	fclose(stream.out);
	for (size_t i = 0; i < NR_OF(writes); i++) {
		full_stream_open(&stream);
		ck_assert_int_eq(writes[i](stream.out, &page.run, &selection,
					   1),
				 KFRAG_EIO);
		fclose(stream.out);
	}
	kfrag_selection_release(&selection);
	page_release(&page);
}
END_TEST

Suite *trend_output_suite(void)
{
	Suite *suite = suite_create("trend_output");
	TCase *tc = tcase_create("trend_output");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, whole_page);
	tcase_add_test(tc, all_of_a_page);
	tcase_add_test(tc, nothing_to_see);
	tcase_add_test(tc, heads);
	tcase_add_test(tc, lines_of_a_list);
	tcase_add_loop_test(tc, no_line_is_too_wide, 1, 5);
	tcase_add_test(tc, json);
	tcase_add_test(tc, gnuplot);
	tcase_add_test(tc, unknown_for_programs);
	tcase_add_test(tc, full_disk);
	suite_add_tcase(suite, tc);
	return suite;
}
