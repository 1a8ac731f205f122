// SPDX-License-Identifier: MIT
/*
 * What takes the allocators' reports further when the host has no memory: each
 * allocation fails in turn.
 */
#include "expect.h"
#include "fixture_report.h"
#include "fixture_snapshot.h"
#include "fixture_trend.h"
#include "host_fault.h"
#include "kfrag/comparison.h"
#include "kfrag/condition.h"
#include "kfrag/geometry_fit.h"
#include "kfrag/lesson_draw.h"
#include "kfrag/lesson_run.h"
#include "kfrag/map_picture.h"
#include "kfrag/plot.h"
#include "kfrag/replay.h"
#include "kfrag/trend.h"

Suite *host_memory_output_suite(void);

#define PAGE_BYTES 4096

/* From samples to trends; false where memory ran out on the way. */
static bool make_trends(struct kfrag_trends *trends,
			struct kfrag_history *history,
			const struct kfrag_snapshot *snapshot)
{
	struct kfrag_history_builder *builder;
	enum kfrag_error error;

	*trends = (struct kfrag_trends){ 0 };
	*history = (struct kfrag_history){ 0 };
	error = kfrag_history_builder_create(&builder);
	for (unsigned i = 0; i < 20 && !error; i++)
		error = kfrag_history_builder_add(builder, snapshot, PAGE_BYTES,
						  0, i + 1);
	if (!error)
		error = kfrag_history_builder_finish(builder, history, 0);
	kfrag_history_builder_destroy(builder);
	if (!error)
		error = kfrag_trends_init(trends, history);
	ck_assert(error == KFRAG_OK || error == KFRAG_ENOMEM);
	return !error;
}

START_TEST(trends_init)
{
	const struct fixture_row row = { 10, 16, 64, 16, 1 };
	struct fixture_snapshot fixture;
	long k = 0;

	fixture_snapshot_init(&fixture);
	for (unsigned i = 0; i < 3; i++)
		fixture_snapshot_add(&fixture, &row);
	for (bool made = false; !made; k++) {
		struct kfrag_history history;
		struct kfrag_trends trends;
		bool worked;

		host_fault_after(k);
		worked = make_trends(&trends, &history, &fixture.snapshot);
		made = !host_fault_end();
		ck_assert_int_eq(worked, made);
		ck_assert_uint_eq(trends.nr_rows, made ? 3 : 0);
		kfrag_trends_release(&trends);
		kfrag_history_release(&history);
	}
	ck_assert_int_gt(k, 50);
}
END_TEST

/* A picture of each map, of which only the last is kept. */
static enum kfrag_error keep_picture(void *context,
				     const struct kfrag_map_moment *moment,
				     const struct kfrag_memory_map *map)
{
	struct kfrag_map_picture *picture = context;

	(void)moment;
	kfrag_map_picture_release(picture);
	return kfrag_map_picture_init(picture, map, KFRAG_MAP_SQUARE, 3);
}

START_TEST(report_with_maps)
{
	const struct fixture_row row = { 10, 160, 3 * PAGE_BYTES, 1, 4 };
	struct kfrag_map_picture picture = { 0 };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	long k = 0;

	fixture_snapshot_of(&fixture, &row);
	kfrag_replay_params_init(&params);
	params.maps.max_bins = 64;
	params.maps.frames_per_fill = 2;
	params.maps.on_map = keep_picture;
	params.maps.context = &picture;
	for (bool made = false; !made; k++) {
		struct kfrag_report report;
		enum kfrag_error error;
		size_t offender;

		host_fault_after(k);
		error = kfrag_report_create(&report, &fixture.snapshot, &params,
					    &offender);
		made = !host_fault_end();
		ck_assert_int_eq(error, made ? KFRAG_OK : KFRAG_ENOMEM);
		ck_assert_int_eq(report.caches != NULL, made);
		kfrag_report_release(&report);
	}
	ck_assert_ptr_nonnull(picture.cells);
	kfrag_map_picture_release(&picture);
	/* Six maps, of each a copy, its kinds and its cells, and the rest. */
	ck_assert_int_gt(k, 6 * 3 + 10);
}
END_TEST

START_TEST(comparison_init)
{
	struct kfrag_report a, b;
	long k = 0;

	fixture_report_sane(&a);
	fixture_report_init(&b);
	for (bool made = false; !made; k++) {
		struct kfrag_comparison comparison;
		enum kfrag_error error;

		host_fault_after(k);
		error = kfrag_comparison_init(&comparison, &a, &b);
		made = !host_fault_end();
		ck_assert_int_eq(error, made ? KFRAG_OK : KFRAG_ENOMEM);
		ck_assert_int_eq(comparison.caches != NULL, made);
		ck_assert_int_eq(comparison.totals != NULL, made);
		ck_assert_uint_eq(comparison.nr_caches,
				  made ? FIXTURE_NR_CACHES : 0);
		kfrag_comparison_release(&comparison);
	}
	ck_assert_int_eq(k, 5);
	kfrag_report_release(&a);
	kfrag_report_release(&b);
}
END_TEST

START_TEST(trend_rows_init)
{
	static const char *const sources[] = { "a" };
	struct fixture_trend fixture;
	long k = 0;

	fixture_trend_init(&fixture, 3, FIXTURE_HOURLY, 0);
	for (bool made = false; !made; k++) {
		struct kfrag_trend_rows rows;
		enum kfrag_error error;

		host_fault_after(k);
		error = kfrag_trend_rows_init(&rows, &fixture.trends, sources);
		made = !host_fault_end();
		ck_assert_int_eq(error, made ? KFRAG_OK : KFRAG_ENOMEM);
		ck_assert_int_eq(rows.caches != NULL, made);
		ck_assert_int_eq(rows.moments != NULL, made);
		ck_assert_int_eq(rows.points != NULL, made);
		kfrag_trend_rows_release(&rows);
	}
	/* Three arrays, a sentence each, and a round without fault. */
	ck_assert_uint_eq((size_t)k, 3 + fixture.trends.nr_rows + 1);
	fixture_trend_release(&fixture);
}
END_TEST

/* Pictures whose rows are gathered before they are written. */
START_TEST(plot_rows)
{
	const struct kfrag_plot_page page = { .title = "t", .command = "c" };
	struct kfrag_selection caches = { 0 };
	struct kfrag_comparison comparison = { 0 };
	struct kfrag_report report;
	struct fixture_trend fixture;
	struct kfrag_diff diff = { .old_side = { .report = &report },
				   .new_side = { .report = &report },
				   .comparison = &comparison };
	FILE *out = fopen("/dev/null", "w");

	ck_assert_ptr_nonnull(out);
	fixture_report_sane(&report);
	fixture_trend_init(&fixture, 3, FIXTURE_HOURLY, 0);
	host_fault_after(0);
	ck_assert_int_eq(kfrag_plot_write_diff(out, &page, &diff, &caches),
			 KFRAG_ENOMEM);
	ck_assert(host_fault_end());
	host_fault_after(0);
	ck_assert_int_eq(kfrag_plot_write_trend(out, &page, &fixture.history,
						&caches, 8),
			 KFRAG_ENOMEM);
	ck_assert(host_fault_end());
	fixture_trend_release(&fixture);
	kfrag_report_release(&report);
	fclose(out);
}
END_TEST

START_TEST(geometry_fit_init)
{
	static const struct fixture_row row = { 10, 21, 192, 21, 1 };
	struct kfrag_geometry_fit fit;
	struct fixture_snapshot fixture;
	long k = 0;

	fixture_snapshot_of(&fixture, &row);
	for (bool fitted = false; !fitted; k++) {
		host_fault_after(k);
		fitted = kfrag_geometry_fit_init(&fit, &fixture.snapshot) ==
			 KFRAG_OK;
		ck_assert(host_fault_end() != fitted);
		ck_assert((fit.rows != NULL) == fitted);
		ck_assert_uint_eq(fit.nr_rows, fitted ? 1 : 0);
	}
	ck_assert_int_eq(k, 3);
	kfrag_geometry_fit_release(&fit);
}
END_TEST

START_TEST(condition_parse)
{
	const struct kfrag_column_set *set =
		kfrag_table_columns(KFRAG_TABLE_CACHES);
	struct kfrag_condition_fault fault;
	struct kfrag_condition condition = { .number = 1 };

	host_fault_after(0);
	ck_assert_int_eq(kfrag_condition_parse(&condition, "*:num_objs>1", &set,
					       1, &fault),
			 KFRAG_ENOMEM);
	ck_assert(host_fault_end());
	ck_assert_ptr_null(condition.text);
	ck_assert_ptr_null(condition.storage);
	kfrag_condition_release(&condition);
}
END_TEST

/* All steps of a script; whatever fails first. */
static enum kfrag_error run_lesson(const char *text)
{
	struct kfrag_lesson_fault fault;
	struct kfrag_lesson_run run;
	struct kfrag_lesson lesson;
	enum kfrag_error error =
		kfrag_lesson_parse(&lesson, text, strlen(text), &fault);

	if (error)
		return error;
	error = kfrag_lesson_run_init(&run, &lesson);
	while (!error && kfrag_lesson_run_has_more(&run))
		error = kfrag_lesson_run_step(&run, &fault);
	kfrag_lesson_run_release(&run);
	kfrag_lesson_release(&lesson);
	return error;
}

START_TEST(lesson_run)
{
	static const char text[] =
		"memory 1M; alloc A 5K; alloc B 4K; free A; cache c 3000 0;"
		"new c 100; delete c 90; alloc a 4K; alloc b 4K; alloc c 4K;"
		"alloc d 4K; alloc e 4K; alloc f 4K; alloc g 4K; alloc h 4K;"
		"alloc i 4K; alloc j 4K; alloc k 4K; alloc l 4K; alloc m 4K";
	enum kfrag_error error;
	long nr_faults = 0;

	for (;; nr_faults++) {
		host_fault_after(nr_faults);
		error = run_lesson(text);
		if (!host_fault_end())
			break;
		EXPECT_EQ(error, KFRAG_ENOMEM);
	}
	EXPECT_EQ(error, KFRAG_OK);
	EXPECT(nr_faults > 10);
}
END_TEST

/* Where there is no memory for the example of a cache, all else is said. */
START_TEST(lesson_cache)
{
	struct kfrag_report report;
	FILE *out = fopen("/dev/null", "w");
	enum kfrag_error error;
	long nr_faults = 0;

	ck_assert_ptr_nonnull(out);
	fixture_report_sane(&report);
	for (;; nr_faults++) {
		host_fault_after(nr_faults);
		error = kfrag_lesson_write_cache_svg(out, "x", &report,
						     &report.caches[0]);
		EXPECT_EQ(error, KFRAG_OK);
		if (!host_fault_end())
			break;
	}
	EXPECT(nr_faults > 10);
	kfrag_report_release(&report);
	fclose(out);
}
END_TEST

Suite *host_memory_output_suite(void)
{
	Suite *suite = suite_create("host_memory_output");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	if (!host_fault_is_possible())
		return suite;
	tcase_set_timeout(core, 60);
	tcase_add_test(core, report_with_maps);
	tcase_add_test(core, comparison_init);
	tcase_add_test(core, trend_rows_init);
	tcase_add_test(core, trends_init);
	tcase_add_test(core, plot_rows);
	tcase_add_test(core, geometry_fit_init);
	tcase_add_test(core, condition_parse);
	tcase_add_test(core, lesson_run);
	tcase_add_test(core, lesson_cache);
	return suite;
}
