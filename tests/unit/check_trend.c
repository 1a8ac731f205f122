// SPDX-License-Identifier: MIT
/* The figures of a trend (src/replay/trend.c); verdicts: check_verdicts.c. */
#include "kfrag/trend.h"

#include "expect.h"
#include "fixture_snapshot.h"

Suite *trend_suite(void);

#define PAGE_BYTES 4096

/* A cache of 16 objects of 256 bytes a slab: its samples, a minute apart. */
struct counts {
	uint64_t active_objs;
	uint64_t num_slabs;
};

static void history_of(struct kfrag_history *history,
		       const struct counts *counts, size_t nr, bool has_time)
{
	struct kfrag_history_builder *builder;

	ck_assert_int_eq(kfrag_history_builder_create(&builder), KFRAG_OK);
	for (size_t i = 0; i < nr; i++) {
		const struct fixture_row row = { counts[i].active_objs,
						 counts[i].num_slabs * 16, 256,
						 16, 1 };
		struct fixture_snapshot fixture;

		fixture_snapshot_of(&fixture, &row);
		fixture.snapshot.has_time = has_time;
		fixture.snapshot.time = has_time ? 60 * i : 0;
		ck_assert_int_eq(kfrag_history_builder_add(builder,
							   &fixture.snapshot,
							   PAGE_BYTES, 0, 1),
				 KFRAG_OK);
	}
	ck_assert_int_eq(kfrag_history_builder_finish(builder, history, 0),
			 KFRAG_OK);
	kfrag_history_builder_destroy(builder);
}

static const struct counts climb[] = {
	{ 1600, 100 }, { 1760, 110 }, { 1920, 120 }, { 2080, 130 },
	{ 2240, 140 }, { 2400, 150 }, { 2560, 160 }, { 2720, 170 },
};

START_TEST(figures_of_a_climb)
{
	struct kfrag_history history;
	struct kfrag_trends trends;
	const struct kfrag_trend *trend;

	history_of(&history, climb, 8, true);
	ck_assert_int_eq(kfrag_trends_init(&trends, &history), KFRAG_OK);
	trend = &trends.rows[0];
	ck_assert_ptr_eq(trend->series, &history.series[0]);
	ck_assert_int_eq(trend->verdict, KFRAG_LEAK);
	for (int flow = 0; flow < KFRAG_NR_FLOWS; flow++) {
		/* 10 slabs, all their slots in use, a minute. */
		ck_assert(trend->slopes[flow].known);
		ck_assert_int_eq(trend->slopes[flow].bytes_per_hour,
				 10 * 4096 * 60);
		ck_assert_int_eq(trend->climbs_bytes[flow], 70 * 4096);
		ck_assert(trends.slopes[flow].known);
		ck_assert_int_eq(trends.slopes[flow].bytes_per_hour,
				 10 * 4096 * 60);
	}
	ck_assert(trend->doubling_seconds.known);
	ck_assert_uint_eq(trend->doubling_seconds.value, 17 * 60);
	ck_assert_uint_eq(trend->first->active_objs, 1600);
	ck_assert_uint_eq(trend->last->active_objs, 2720);
	ck_assert_ptr_eq(trend->least, trend->first);
	ck_assert_ptr_eq(trend->most, trend->last);
	ck_assert_ptr_eq(trend->most_slabs, trend->last);
	ck_assert_uint_eq(trend->needed_slabs, 170);
	ck_assert_uint_eq(trend->trapped_bytes, 0);
	ck_assert_uint_eq(trend->nr_turns, 0);
	ck_assert(!trend->period_seconds.known);
	kfrag_trends_release(&trends);
	kfrag_history_release(&history);
}
END_TEST

START_TEST(no_slope_without_a_time)
{
	struct kfrag_history history;
	struct kfrag_trends trends;

	history_of(&history, climb, 8, false);
	ck_assert_int_eq(kfrag_trends_init(&trends, &history), KFRAG_OK);
	ck_assert_int_eq(trends.rows[0].verdict, KFRAG_LEAK);
	for (int flow = 0; flow < KFRAG_NR_FLOWS; flow++) {
		ck_assert(!trends.rows[0].slopes[flow].known);
		ck_assert_int_eq(trends.rows[0].slopes[flow].bytes_per_hour, 0);
		ck_assert_int_eq(trends.rows[0].climbs_bytes[flow], 70 * 4096);
		ck_assert(!trends.slopes[flow].known);
	}
	ck_assert(!trends.rows[0].doubling_seconds.known);
	ck_assert(!trends.rows[0].period_seconds.known);
	kfrag_trends_release(&trends);
	kfrag_history_release(&history);
}
END_TEST

START_TEST(figures_of_a_trap)
{
	static const struct counts counts[] = { { 1600, 100 },
						{ 16000, 1000 },
						{ 3201, 998 } };
	struct kfrag_history history;
	struct kfrag_trends trends;
	const struct kfrag_trend *trend;

	history_of(&history, counts, 3, true);
	ck_assert_int_eq(kfrag_trends_init(&trends, &history), KFRAG_OK);
	trend = &trends.rows[0];
	ck_assert_int_eq(trend->verdict, KFRAG_TRAPPED);
	ck_assert_uint_eq(trends.nr_of[KFRAG_TRAPPED], 1);
	ck_assert_uint_eq(trend->needed_slabs, 201);
	ck_assert_uint_eq(trend->trapped_bytes, 797 * 4096);
	ck_assert_uint_eq(trend->most->active_objs, 16000);
	ck_assert_uint_eq(trend->most_slabs->num_slabs, 1000);
	ck_assert_uint_eq(trend->nr_turns, 1);
	kfrag_trends_release(&trends);
	kfrag_history_release(&history);
}
END_TEST

START_TEST(figures_of_a_cycle)
{
	struct counts counts[41];
	struct kfrag_history history;
	struct kfrag_trends trends;

	for (unsigned i = 0; i < 41; i++) {
		unsigned part = i % 10 < 5 ? i % 10 : 10 - i % 10;

		counts[i] = (struct counts){ 16000 + 1600 * part,
					     1000 + 100 * part };
	}
	history_of(&history, counts, 41, true);
	ck_assert_int_eq(kfrag_trends_init(&trends, &history), KFRAG_OK);
	ck_assert_int_eq(trends.rows[0].verdict, KFRAG_CYCLIC);
	ck_assert_uint_eq(trends.rows[0].nr_turns, 7);
	ck_assert(trends.rows[0].period_seconds.known);
	ck_assert_uint_eq(trends.rows[0].period_seconds.value, 600);
	kfrag_trends_release(&trends);
	kfrag_history_release(&history);
}
END_TEST

/* Half of the time flat: where it climbs, and how fast it does there. */
START_TEST(figures_of_a_late_climb)
{
	struct counts counts[40];
	struct kfrag_history history;
	struct kfrag_trends trends;
	const struct kfrag_trend *trend;

	for (unsigned i = 0; i < 40; i++) {
		unsigned steps = i < 20 ? 0 : i - 20;

		counts[i] =
			(struct counts){ 1600 + 160 * steps, 100 + 10 * steps };
	}
	history_of(&history, counts, 40, true);
	ck_assert_int_eq(kfrag_trends_init(&trends, &history), KFRAG_OK);
	trend = &trends.rows[0];
	ck_assert_int_eq(trend->verdict, KFRAG_LEAK);
	ck_assert_ptr_eq(trend->since, history.series[0].points[20]);
	ck_assert_int_eq(trend->since_slopes[KFRAG_FLOW_HELD].bytes_per_hour,
			 10 * 4096 * 60);
	ck_assert_int_lt(trend->slopes[KFRAG_FLOW_HELD].bytes_per_hour,
			 10 * 4096 * 60);
	ck_assert_int_eq(trend->since_climbs_bytes[KFRAG_FLOW_ACTIVE],
			 190 * 4096);
	ck_assert_uint_eq(trend->doubling_seconds.value, 29 * 60);
	kfrag_trends_release(&trends);
	kfrag_history_release(&history);
}
END_TEST

/* Waves of 12 samples that come back to 400 objects more each time. */
START_TEST(figures_of_a_tide)
{
	struct counts counts[61];
	struct kfrag_history history;
	struct kfrag_trends trends;

	for (unsigned i = 0; i < 61; i++) {
		unsigned part = i % 12 < 6 ? i % 12 : 12 - i % 12;
		unsigned objs = 4000 + 400 * (i / 12) + 400 * part;

		counts[i] = (struct counts){ objs, objs / 16 + 1 };
	}
	history_of(&history, counts, 61, true);
	ck_assert_int_eq(kfrag_trends_init(&trends, &history), KFRAG_OK);
	ck_assert_int_eq(trends.rows[0].verdict, KFRAG_LEAK);
	ck_assert_uint_eq(trends.rows[0].first_low_objs, 4000);
	ck_assert_uint_eq(trends.rows[0].last_low_objs, 5600);
	ck_assert_ptr_eq(trends.rows[0].since, trends.rows[0].first);
	kfrag_trends_release(&trends);
	kfrag_history_release(&history);
}
END_TEST

/* Each threshold is named once, and has its words. */
START_TEST(thresholds_are_a_table)
{
	size_t nr;
	const struct kfrag_threshold *list = kfrag_trend_thresholds(&nr);

	ck_assert_uint_gt(nr, 10);
	for (size_t i = 0; i < nr; i++) {
		ck_assert_uint_gt(list[i].value, 0);
		ck_assert_uint_gt(strlen(list[i].unit), 3);
		ck_assert_uint_gt(strlen(list[i].help), 10);
		ck_assert_uint_le(strlen(list[i].help), 56);
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(list[i].name, list[j].name);
	}
	for (int i = 0; i < KFRAG_NR_VERDICTS; i++)
		ck_assert_uint_gt(
			strlen(kfrag_verdict_text((enum kfrag_verdict)i)), 3);
}
END_TEST

Suite *trend_suite(void)
{
	Suite *suite = suite_create("trend");
	TCase *figures = tcase_create("figures");

	tcase_add_test(figures, figures_of_a_climb);
	tcase_add_test(figures, no_slope_without_a_time);
	tcase_add_test(figures, figures_of_a_trap);
	tcase_add_test(figures, figures_of_a_cycle);
	tcase_add_test(figures, figures_of_a_late_climb);
	tcase_add_test(figures, figures_of_a_tide);
	tcase_add_test(figures, thresholds_are_a_table);
	suite_add_tcase(suite, figures);
	return suite;
}
