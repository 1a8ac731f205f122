// SPDX-License-Identifier: MIT
/* Pictures of all kinds of reports, comparisons and histories. */
#include "kfrag/plot.h"

#include <string.h>

#include "capture.h"
#include "expect.h"
#include "fixture_report.h"
#include "fixture_trend.h"
#include "kfrag/random.h"

Suite *plot_suite(void);

/* The page of a loop's number: all terminals, both themes. */
static struct kfrag_plot_page page_of(int number)
{
	return (struct kfrag_plot_page){
		.style = { .terminal = (enum kfrag_plot_terminal)(
				   number % KFRAG_NR_PLOT_TERMINALS),
			   .is_dark = number / KFRAG_NR_PLOT_TERMINALS % 2 },
		.title = "';system('touch pwned');'",
		.command = "kfrag plot '\\",
	};
}

#define NR_PAGES (2 * KFRAG_NR_PLOT_TERMINALS)

/*
 * Single quotes come in pairs in each line, so no text ends a string that it
 * is in; and nothing outside of them could be a command.
 */
static void check_script(const struct capture *capture)
{
	const char *line = capture->text;
	bool quoted = false;

	ck_assert_ptr_nonnull(strstr(line, "plot "));
	for (const char *at = line; *at; at++) {
		if (*at == '\'' && (at[-1] != '"' || at[1] != '"'))
			quoted = !quoted;
		else if (*at == '\n')
			EXPECT(!quoted);
		EXPECT(quoted || *at != '`');
		if (!quoted && strncmp(at, "system", 6) == 0)
			ck_abort_msg("code in a script: %.40s", at);
	}
}

/* What is written has room for, and survives, whatever there is. */
static void write_reports(const struct kfrag_report *report,
			  const struct kfrag_plot_page *page)
{
	const struct kfrag_sort_key key = kfrag_plot_waste_key();
	struct kfrag_selection caches;
	struct capture capture;

	ck_assert(!kfrag_selection_init(&caches, report, KFRAG_TABLE_CACHES));
	ck_assert(!kfrag_selection_sort(&caches, &key));
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_plot_write_waste(capture.out, page, report,
						&caches),
			 KFRAG_OK);
	(void)capture_end(&capture);
	check_script(&capture);
	capture_release(&capture);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_plot_write_orders(capture.out, page, report),
			 KFRAG_OK);
	(void)capture_end(&capture);
	check_script(&capture);
	capture_release(&capture);
	kfrag_selection_release(&caches);
}

START_TEST(reports)
{
	struct kfrag_plot_page page = page_of(_i);
	struct kfrag_report report;

	fixture_report_sane(&report);
	write_reports(&report, &page);
	page.style.width = page.style.height = 10;
	write_reports(&report, &page);
	kfrag_report_release(&report);
	fixture_report_empty(&report);
	write_reports(&report, &page);
	kfrag_report_release(&report);
	page = page_of(_i);
	fixture_report_counted(&report);
	write_reports(&report, &page);
	kfrag_report_release(&report);
}
END_TEST

/* _i: the seed. */
START_TEST(random_reports)
{
	const struct kfrag_plot_page page = page_of(_i);
	struct kfrag_random random;
	struct kfrag_report report;

	kfrag_random_init(&random, (uint64_t)_i);
	fixture_report_random(&report, &random, (size_t)_i * 3,
			      (unsigned)_i % 31);
	write_reports(&report, &page);
	kfrag_report_release(&report);
}
END_TEST

static void write_comparison(const struct kfrag_report *old_report,
			     const struct kfrag_report *new_report,
			     const struct kfrag_plot_page *page)
{
	struct kfrag_comparison comparison;
	struct kfrag_diff diff = {
		.old_side = { .report = old_report },
		.new_side = { .report = new_report },
		.comparison = &comparison,
	};
	struct kfrag_selection caches;
	struct kfrag_sort_key key;
	struct capture capture;

	ck_assert(!kfrag_comparison_init(&comparison, old_report, new_report));
	ck_assert(!kfrag_diff_selection_init(&caches, &comparison,
					     KFRAG_DIFF_CACHES));
	ck_assert(kfrag_diff_sort_key_find("change", &key));
	ck_assert(!kfrag_selection_sort(&caches, &key));
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_plot_write_diff(capture.out, page, &diff,
					       &caches),
			 KFRAG_OK);
	(void)capture_end(&capture);
	check_script(&capture);
	capture_release(&capture);
	kfrag_selection_release(&caches);
	kfrag_comparison_release(&comparison);
}

START_TEST(comparisons)
{
	struct kfrag_plot_page page = page_of(_i);
	struct kfrag_report a, b, none;

	fixture_report_sane(&a);
	fixture_report_sane(&b);
	fixture_report_empty(&none);
	b.caches[0].kernel_held_bytes += 4096;
	write_comparison(&a, &b, &page);
	write_comparison(&b, &a, &page);
	write_comparison(&a, &a, &page);
	write_comparison(&a, &none, &page);
	write_comparison(&none, &none, &page);
	page.style.width = page.style.height = 10;
	write_comparison(&none, &b, &page);
	kfrag_report_release(&a);
	kfrag_report_release(&b);
	kfrag_report_release(&none);
}
END_TEST

static void write_trends(const struct fixture_trend *fixture,
			 const struct kfrag_plot_page *page, size_t nr_shown)
{
	struct kfrag_selection caches;
	struct capture capture;

	ck_assert(!kfrag_trend_selection_init(&caches, &fixture->rows,
					      KFRAG_TREND_CACHES));
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_plot_write_trend(capture.out, page,
						&fixture->history, &caches,
						nr_shown),
			 KFRAG_OK);
	(void)capture_end(&capture);
	check_script(&capture);
	capture_release(&capture);
	kfrag_selection_release(&caches);
}

START_TEST(trends)
{
	struct kfrag_plot_page page = page_of(_i);
	struct fixture_trend fixture;
	struct kfrag_random random;

	fixture_trend_init(&fixture, FIXTURE_TREND_SAMPLES, FIXTURE_HOURLY, 0);
	for (size_t nr_shown = 0; nr_shown < 12; nr_shown += 3)
		write_trends(&fixture, &page, nr_shown);
	page.style.width = page.style.height = 10;
	write_trends(&fixture, &page, 8);
	fixture_trend_release(&fixture);
	fixture_trend_init(&fixture, 1, FIXTURE_NO_TIMES, 0);
	write_trends(&fixture, &page, 8);
	fixture_trend_release(&fixture);
	page = page_of(_i);
	kfrag_random_init(&random, (uint64_t)_i);
	fixture_trend_random(&fixture, &random);
	write_trends(&fixture, &page, 8);
	fixture_trend_release(&fixture);
}
END_TEST

START_TEST(costs)
{
	struct kfrag_plot_page page = page_of(_i);
	struct kfrag_plot_cost of[3] = { { .memory_bytes = 4096 } };
	struct capture capture;

	for (unsigned i = 1; i < 3; i++)
		of[i] = (struct kfrag_plot_cost){
			.memory_bytes = UINT64_C(4096) << (20 * i),
			.designs = kfrag_measure_designs(
				UINT64_C(1) << (20 * i), 10),
			.own_bytes = UINT64_C(1) << (18 * i),
			.is_measured = i == 1,
		};
	for (size_t nr = 0; nr <= 3; nr++) {
		capture_begin(&capture);
		ck_assert_int_eq(kfrag_plot_write_bitmap(capture.out, &page, of,
							 nr, 4096, 10),
				 KFRAG_OK);
		(void)capture_end(&capture);
		check_script(&capture);
		capture_release(&capture);
		page.style.width = page.style.height = nr ? 10 : 0;
	}
}
END_TEST

Suite *plot_suite(void)
{
	Suite *suite = suite_create("plot");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	tcase_add_loop_test(core, reports, 0, NR_PAGES);
	tcase_add_loop_test(core, random_reports, 0, 60);
	tcase_add_loop_test(core, comparisons, 0, NR_PAGES);
	tcase_add_loop_test(core, trends, 0, NR_PAGES);
	tcase_add_loop_test(core, costs, 0, NR_PAGES);
	return suite;
}
