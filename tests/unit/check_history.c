// SPDX-License-Identifier: MIT
/* Samples and the ways of caches through them (src/replay/history.c). */
#include "kfrag/history.h"

#include <stdio.h>

#include "expect.h"
#include "fixture_snapshot.h"
#include "kfrag/random.h"
#include "kfrag/replay.h"
#include "kfrag/report.h"

Suite *history_suite(void);

#define PAGE_BYTES 4096
#define NO_TIME UINT64_MAX

/*
 * Adds a sample of caches that are a letter and a size each, "a1 b2 a1"; the
 * first has 1 object, the second 2, ...
 */
static void add(struct kfrag_history_builder *builder, const char *caches,
		uint64_t time, size_t source)
{
	struct fixture_snapshot fixture;
	enum kfrag_error error;

	fixture_snapshot_init(&fixture);
	for (size_t i = 0; i < (strlen(caches) + 1) / 3; i++) {
		const struct fixture_row row = {
			.active_objs = i + 1,
			.num_objs = 16,
			.size_bytes = (uint64_t)(caches[3 * i + 1] - '0'),
			.objs_per_slab = 16,
			.pages_per_slab = 1,
		};
		struct kfrag_record *record =
			fixture_snapshot_add(&fixture, &row);

		record->name = caches + 3 * i;
		record->name_bytes = 1;
	}
	fixture.snapshot.has_time = time != NO_TIME;
	fixture.snapshot.time = time == NO_TIME ? 0 : time / 1000;
	fixture.snapshot.time_ms = time == NO_TIME ? 0 :
						     (uint32_t)(time % 1000);
	error = kfrag_history_builder_add(builder, &fixture.snapshot,
					  PAGE_BYTES, source, source + 1);
	ck_assert_int_eq(error, KFRAG_OK);
}

static void finish(struct kfrag_history_builder *builder,
		   struct kfrag_history *history, uint64_t interval_ms)
{
	ck_assert_int_eq(kfrag_history_builder_finish(builder, history,
						      interval_ms),
			 KFRAG_OK);
	kfrag_history_builder_destroy(builder);
}

static struct kfrag_history_builder *create(void)
{
	struct kfrag_history_builder *builder;

	ck_assert_int_eq(kfrag_history_builder_create(&builder), KFRAG_OK);
	return builder;
}

/* "a1: 1 2; b2: 2 -;": each series' objects; one per moment, or "-". */
static void spell(const struct kfrag_history *history, char *text, size_t size)
{
	size_t length = 0;

	*text = '\0';
	for (size_t i = 0; i < history->nr_series; i++) {
		const struct kfrag_series *series = &history->series[i];
		size_t next = 0;

		length += (size_t)snprintf(text + length, size - length,
					   "%s%c%d:", i ? "; " : "",
					   series->name[0],
					   (int)series->size_bytes);
		for (size_t j = 0; j < history->nr_moments; j++) {
			const struct kfrag_point *point = NULL;

			if (next < series->nr_points &&
			    series->points[next]->moment ==
				    &history->moments[j])
				point = series->points[next++];
			if (point)
				ck_assert_ptr_eq(point->series, series);
			length += (size_t)snprintf(
				text + length, size - length,
				point ? " %d" : " -",
				point ? (int)point->active_objs : 0);
		}
		ck_assert_uint_eq(next, series->nr_points);
	}
}

/* Samples, and how the ways of their caches come out. */
static const struct {
	const char *samples[4];
	const char *ways;
} matches[] = {
	{ { "a1 b2", "a1 b2" }, "a1: 1 1; b2: 2 2" },
	{ { "a1 b2", "b2 a1" }, "a1: 1 2; b2: 2 1" },
	{ { "a1 b2", "b2", "a1" }, "a1: 1 - 1; b2: 2 1 -" },
	{ { "a1", "b1 a1", "a1 b1" }, "a1: 1 2 1; b1: - 1 2" },
	/* Another size is another cache. */
	{ { "a1", "a2", "a1" }, "a1: 1 - 1; a2: - 1 -" },
	/* Equal ones go by position. */
	{ { "a1 a1", "a1 a1" }, "a1: 1 1; a1: 2 2" },
	{ { "a1 b1 a1", "a1 a1 b1" }, "a1: 1 1; b1: 2 3; a1: 3 2" },
	{ { "a1 a1 a1", "a1", "a1 a1 a1" }, "a1: 1 1 1; a1: 2 - 2; a1: 3 - 3" },
	{ { "a1", "a1 a1", "a1" }, "a1: 1 1 1; a1: - 2 -" },
};

START_TEST(caches_find_themselves)
{
	struct kfrag_history_builder *builder = create();
	struct kfrag_history history;
	char ways[256];

	for (size_t i = 0; i < 4 && matches[_i].samples[i]; i++)
		add(builder, matches[_i].samples[i], 1000 * i, i);
	finish(builder, &history, 0);
	spell(&history, ways, sizeof(ways));
	ck_assert_str_eq(ways, matches[_i].ways);
	kfrag_history_release(&history);
}
END_TEST

/* Long runs of equal caches, and more caches than the table starts with. */
START_TEST(many_caches)
{
	static struct fixture_snapshot fixture;
	struct kfrag_history_builder *builder = create();
	struct kfrag_history history;
	char names[40][8];

	for (unsigned sample = 0; sample < 50; sample++) {
		fixture_snapshot_init(&fixture);
		for (unsigned i = 0; i < 40; i++) {
			const struct fixture_row row = { sample, 64, 64, 64,
							 1 };
			struct kfrag_record *record =
				fixture_snapshot_add(&fixture, &row);

			snprintf(names[i], sizeof(names[i]), "%u",
				 i < 10 ? 0 : sample * 40 + i);
			record->name = names[i];
			record->name_bytes = strlen(names[i]);
		}
		ck_assert_int_eq(kfrag_history_builder_add(builder,
							   &fixture.snapshot,
							   PAGE_BYTES, 0, 1),
				 KFRAG_OK);
	}
	finish(builder, &history, 0);
	ck_assert_uint_eq(history.nr_series, 10 + 30 * 50);
	for (size_t i = 0; i < history.nr_series; i++)
		ck_assert_uint_eq(history.series[i].nr_points, i < 10 ? 50 : 1);
	kfrag_history_release(&history);
}
END_TEST

START_TEST(moments_are_in_time_order)
{
	struct kfrag_history_builder *builder = create();
	struct kfrag_history history;
	char ways[64];

	add(builder, "a1 b1", 5000, 0);
	add(builder, "b1 a1", 3500, 1);
	add(builder, "c1 b1 a1", 3250, 2);
	add(builder, "b1", 3500, 3);
	finish(builder, &history, 0);
	ck_assert(history.is_timed);
	ck_assert_uint_eq(history.nr_moments, 4);
	for (unsigned i = 0; i < 4; i++) {
		static const uint64_t at_ms[] = { 0, 250, 250, 1750 };
		static const size_t sources[] = { 2, 1, 3, 0 };

		ck_assert_uint_eq(history.moments[i].at_ms, at_ms[i]);
		ck_assert_uint_eq(history.moments[i].source, sources[i]);
		ck_assert_uint_eq(history.moments[i].sample, sources[i] + 1);
	}
	spell(&history, ways, sizeof(ways));
	ck_assert_str_eq(ways, "a1: 3 2 - 1; b1: 2 1 1 2; c1: 1 - - -");
	kfrag_history_release(&history);
}
END_TEST

/* One sample without a time, and all stay in the order of adding. */
START_TEST(without_a_time)
{
	static const uint64_t intervals_ms[] = { 0, 250 };
	uint64_t step_ms = _i ? intervals_ms[_i] : 3600000;
	struct kfrag_history_builder *builder = create();
	struct kfrag_history history;

	add(builder, "a1", 9000, 0);
	add(builder, "a1", NO_TIME, 1);
	add(builder, "a1", 1000, 2);
	finish(builder, &history, intervals_ms[_i]);
	ck_assert_int_eq(history.is_timed, _i > 0);
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_uint_eq(history.moments[i].source, i);
		ck_assert_uint_eq(history.moments[i].at_ms, i * step_ms);
	}
	kfrag_history_release(&history);
}
END_TEST

START_TEST(nothing_added)
{
	struct kfrag_history_builder *builder = create();
	struct kfrag_history history;

	finish(builder, &history, 0);
	ck_assert_uint_eq(history.nr_moments, 0);
	ck_assert_uint_eq(history.nr_series, 0);
	kfrag_history_release(&history);
	kfrag_history_builder_destroy(NULL);
}
END_TEST

/* Times beyond what milliseconds can count are as late as can be. */
START_TEST(ends_of_time)
{
	struct kfrag_history_builder *builder = create();
	struct fixture_snapshot fixture;
	const struct fixture_row row = { 1, 16, 64, 16, 1 };
	struct kfrag_history history;

	fixture_snapshot_of(&fixture, &row);
	fixture.snapshot.has_time = true;
	fixture.snapshot.time = UINT64_MAX;
	fixture.snapshot.time_ms = 999;
	ck_assert_int_eq(kfrag_history_builder_add(builder, &fixture.snapshot,
						   PAGE_BYTES, 0, 1),
			 KFRAG_OK);
	add(builder, "a1", 0, 1);
	finish(builder, &history, 0);
	ck_assert_uint_eq(history.moments[0].source, 1);
	ck_assert_uint_eq(history.moments[1].at_ms, UINT64_MAX);
	ck_assert_uint_eq(history.moments[1].time, UINT64_MAX);
	kfrag_history_release(&history);
}
END_TEST

START_TEST(refusals_add_nothing)
{
	static const uint64_t page_sizes[] = { 0, 512, 4095, 12288,
					       UINT64_C(1) << 25 };
	struct kfrag_history_builder *builder = create();
	const struct fixture_row row = { 1, 16, 64, 16, 1 };
	struct fixture_snapshot fixture;
	struct kfrag_history history;
	enum kfrag_error error;

	fixture_snapshot_of(&fixture, &row);
	for (size_t i = 0; i < 5; i++) {
		error = kfrag_history_builder_add(builder, &fixture.snapshot,
						  page_sizes[i], 0, 1);
		ck_assert_int_eq(error, KFRAG_EINVAL);
	}
	fixture.records[0].num_objs = UINT64_MAX;
	error = kfrag_history_builder_add(builder, &fixture.snapshot,
					  PAGE_BYTES, 0, 1);
	ck_assert_int_eq(error, KFRAG_EOVERFLOW);
	add(builder, "a1", 0, 0);
	finish(builder, &history, 0);
	ck_assert_uint_eq(history.nr_moments, 1);
	ck_assert_uint_eq(history.nr_series, 1);
	kfrag_history_release(&history);
}
END_TEST

static void compare_with_report(const struct kfrag_moment *moment,
				const struct kfrag_report *report)
{
	const struct kfrag_total_row *total =
		kfrag_report_total(report, KFRAG_KERNEL, KFRAG_SETTLED);

	EXPECT_EQ(moment->nr_points, report->nr_caches);
	for (size_t i = 0; i < moment->nr_points; i++) {
		const struct kfrag_point *point = &moment->points[i];
		const struct kfrag_cache_row *row = &report->caches[i];

		EXPECT_EQ(point->series->size_bytes, row->size_bytes);
		EXPECT(strcmp(point->series->name, row->name) == 0);
		EXPECT_EQ(point->active_objs, row->active_objs);
		EXPECT_EQ(point->num_objs, row->num_objs);
		EXPECT_EQ(point->num_slabs, row->num_slabs);
		EXPECT_EQ(point->objs_per_slab, row->objs_per_slab);
		EXPECT_EQ(point->slab_order, row->slab_order);
		EXPECT_EQ(point->kernel_held_bytes, row->kernel_held_bytes);
		EXPECT_EQ(point->kernel_idle_bytes, row->kernel_idle_bytes);
		EXPECT_EQ(point->kernel_tail_bytes, row->kernel_tail_bytes);
	}
	EXPECT_EQ(moment->active_objs, total->live_objs);
	EXPECT_EQ(moment->active_bytes, total->live_bytes);
	EXPECT_EQ(moment->kernel_held_bytes, total->held_bytes);
	EXPECT_EQ(moment->kernel_idle_bytes, total->idle_bytes.value);
	EXPECT_EQ(moment->kernel_tail_bytes, total->tail_bytes);
	EXPECT_EQ(moment->kernel_held_bytes,
		  moment->active_bytes + moment->kernel_idle_bytes +
			  (uint64_t)moment->kernel_tail_bytes);
}

/* A moment says what a report of its sample says, whatever the rows are. */
START_TEST(moments_say_what_reports_say)
{
	struct kfrag_replay_params params;
	struct kfrag_random random;
	unsigned nr_below_zero = 0;

	kfrag_replay_params_init(&params);
	kfrag_random_init(&random, 17);
	for (unsigned i = 0; i < 200; i++) {
		struct kfrag_history_builder *builder = create();
		struct fixture_snapshot fixture;
		struct kfrag_history history;
		struct kfrag_report report;
		size_t offender;

		fixture_snapshot_random(&fixture, &random, 20, 3000,
					PAGE_BYTES);
		EXPECT_EQ(kfrag_history_builder_add(builder, &fixture.snapshot,
						    PAGE_BYTES, 0, 1),
			  KFRAG_OK);
		finish(builder, &history, 0);
		EXPECT_EQ(kfrag_report_create(&report, &fixture.snapshot,
					      &params, &offender),
			  KFRAG_OK);
		compare_with_report(&history.moments[0], &report);
		for (size_t j = 0; j < history.moments[0].nr_points; j++)
			nr_below_zero +=
				history.moments[0].points[j].kernel_tail_bytes <
				0;
		kfrag_report_release(&report);
		kfrag_history_release(&history);
	}
	ck_assert_uint_gt(nr_below_zero, 20);
}
END_TEST

Suite *history_suite(void)
{
	Suite *suite = suite_create("history");
	TCase *tcase = tcase_create("history");

	tcase_add_loop_test(tcase, caches_find_themselves, 0,
			    sizeof(matches) / sizeof(matches[0]));
	tcase_add_test(tcase, many_caches);
	tcase_add_test(tcase, moments_are_in_time_order);
	tcase_add_loop_test(tcase, without_a_time, 0, 2);
	tcase_add_test(tcase, nothing_added);
	tcase_add_test(tcase, ends_of_time);
	tcase_add_test(tcase, refusals_add_nothing);
	tcase_add_test(tcase, moments_say_what_reports_say);
	suite_add_tcase(suite, tcase);
	return suite;
}
