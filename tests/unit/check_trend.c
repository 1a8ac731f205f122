// SPDX-License-Identifier: MIT
/*
 * What becomes of caches (src/replay/trend.c), told from samples of
 * populations whose verdict is known.
 */
#include "kfrag/trend.h"

#include <stdio.h>

#include "expect.h"
#include "fixture_snapshot.h"
#include "shapes.h"

Suite *trend_suite(void);

/* ------------------------------------------------------ confusion table */

#define NR_DRAWS 150

/* How often a verdict was given where another, or the same, is true. */
struct confusion {
	unsigned nr[KFRAG_NR_VERDICTS][KFRAG_NR_VERDICTS]; /* truth, verdict */
	unsigned nr_wrong_of_shape[64];
};

static enum kfrag_verdict verdict_of(const struct kfrag_history *history)
{
	struct kfrag_trends trends;
	enum kfrag_verdict verdict;

	EXPECT_EQ(kfrag_trends_init(&trends, history), KFRAG_OK);
	EXPECT_EQ(trends.nr_rows, 1);
	verdict = trends.rows[0].verdict;
	EXPECT_EQ(trends.nr_of[verdict], 1);
	kfrag_trends_release(&trends);
	return verdict;
}

static void fill(struct confusion *confusion)
{
	size_t nr_shapes;
	const struct shape *list = shapes(&nr_shapes);

	for (size_t i = 0; i < nr_shapes; i++) {
		for (unsigned seed = 0; seed < NR_DRAWS; seed++) {
			struct kfrag_history history;
			struct kfrag_random random;
			enum kfrag_verdict verdict;

			kfrag_random_init(&random, seed * 100 + i);
			shape_draw(&list[i], &random, &history);
			verdict = verdict_of(&history);
			confusion->nr[list[i].truth][verdict]++;
			confusion->nr_wrong_of_shape[i] += verdict !=
							   list[i].truth;
			kfrag_history_release(&history);
		}
	}
}

static void print(const struct confusion *confusion)
{
	size_t nr_shapes;
	const struct shape *list = shapes(&nr_shapes);

	fprintf(stderr, "%-10s", "truth");
	for (int i = 0; i < KFRAG_NR_VERDICTS; i++)
		fprintf(stderr, "%9s",
			kfrag_verdict_text((enum kfrag_verdict)i));
	for (int i = 0; i < KFRAG_NR_VERDICTS; i++) {
		fprintf(stderr, "\n%-10s",
			kfrag_verdict_text((enum kfrag_verdict)i));
		for (int j = 0; j < KFRAG_NR_VERDICTS; j++)
			fprintf(stderr, "%9u", confusion->nr[i][j]);
	}
	fputc('\n', stderr);
	for (size_t i = 0; i < nr_shapes; i++)
		if (confusion->nr_wrong_of_shape[i] > 0)
			fprintf(stderr, "%s: %u of %u wrong\n", list[i].name,
				confusion->nr_wrong_of_shape[i], NR_DRAWS);
}

/* At most one in 50 of each truth is missed, one in 200 called a leak. */
START_TEST(verdicts_are_the_truth)
{
	struct confusion confusion = { 0 };
	bool is_good = true;

	fill(&confusion);
	for (int i = 0; i < KFRAG_NR_VERDICTS; i++) {
		unsigned nr_all = 0;

		for (int j = 0; j < KFRAG_NR_VERDICTS; j++)
			nr_all += confusion.nr[i][j];
		is_good = is_good && nr_all >= NR_DRAWS &&
			  confusion.nr[i][i] * 50 >= nr_all * 49;
		if (i != KFRAG_LEAK)
			is_good = is_good &&
				  confusion.nr[i][KFRAG_LEAK] * 200 <= nr_all;
	}
	if (!is_good || getenv("KFRAG_CONFUSION"))
		print(&confusion);
	ck_assert(is_good);
}
END_TEST

/*
 * What wanders by chance alone may end as high as a leak does. Where
 * something pulls it back, as in most caches, it is taken for one once in a
 * hundred times; where nothing does, six times.
 */
START_TEST(wandering_is_no_leak)
{
	static const struct {
		unsigned pull, nr_allowed;
	} cases[] = { { 20, 4 }, { 5, 10 }, { 0, 26 } };
	unsigned nr_leaks = 0;

	for (unsigned seed = 0; seed < 400; seed++) {
		struct kfrag_history history;
		struct kfrag_random random;

		kfrag_random_init(&random, seed);
		shape_wander(60, cases[_i].pull, &random, &history);
		nr_leaks += verdict_of(&history) == KFRAG_LEAK;
		kfrag_history_release(&history);
	}
	if (getenv("KFRAG_CONFUSION"))
		fprintf(stderr, "pull %u: %u leaks\n", cases[_i].pull,
			nr_leaks);
	ck_assert_uint_le(nr_leaks, cases[_i].nr_allowed);
}
END_TEST

/* -------------------------------------------------------------- figures */

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
	TCase *tcase = tcase_create("verdicts");

	tcase_add_test(figures, figures_of_a_climb);
	tcase_add_test(figures, no_slope_without_a_time);
	tcase_add_test(figures, figures_of_a_trap);
	tcase_add_test(figures, figures_of_a_cycle);
	tcase_add_test(figures, thresholds_are_a_table);
	suite_add_tcase(suite, figures);

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, verdicts_are_the_truth);
	tcase_add_loop_test(tcase, wandering_is_no_leak, 0, 3);
	suite_add_tcase(suite, tcase);
	return suite;
}
