// SPDX-License-Identifier: MIT
/* Why a verdict is that, in words. */
#include "output/trend_evidence.h"

#include "expect.h"
#include "fixture_trend.h"
#include "kfrag/random.h"

Suite *trend_evidence_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* A trend put together by hand: what decides, and what stands beside it. */
#define NR_POINTS 12

struct made {
	struct kfrag_trend trend;
	struct kfrag_series series;
	struct kfrag_moment moments[NR_POINTS];
	struct kfrag_point points[NR_POINTS];
	const struct kfrag_point *list[NR_POINTS];
};

static void make(struct made *made, enum kfrag_verdict verdict,
		 const uint64_t *active_objs, size_t nr_points)
{
	struct kfrag_trend *trend = &made->trend;

	*made = (struct made){
		.trend = { .series = &made->series, .verdict = verdict },
		.series = { .points = made->list, .nr_points = nr_points },
	};
	for (size_t i = 0; i < nr_points; i++) {
		struct kfrag_point *point = &made->points[i];

		*point = (struct kfrag_point){
			.series = &made->series,
			.moment = &made->moments[i],
			.active_objs = active_objs[i],
			.num_objs = 10000,
			.num_slabs = 100,
		};
		made->list[i] = point;
		if (i == 0)
			trend->least = trend->most = point;
		if (point->active_objs <= trend->least->active_objs)
			trend->least = point;
		if (point->active_objs >= trend->most->active_objs)
			trend->most = point;
	}
	trend->first = trend->since = made->list[0];
	trend->last = made->list[nr_points - 1];
	trend->most_slabs = trend->first;
}

/* Blanks that hold a figure together look like any other. */
static void expect_evidence(const struct made *made, const char *expected)
{
	char text[KFRAG_EVIDENCE_SIZE];

	kfrag_trend_evidence(&made->trend, text);
	for (char *at = text; *at; at++)
		*at = *at == '\t' ? ' ' : *at;
	ck_assert_str_eq(text, expected);
}

static void set_slope(struct made *made, enum kfrag_flow flow, int64_t bytes)
{
	made->trend.slopes[flow] = (struct kfrag_slope){ true, bytes };
	made->trend.climbs_bytes[flow] = bytes * 2;
}

START_TEST(leak)
{
	static const uint64_t active[] = { 5000, 6000, 7000, 8000, 9000, 9800 };
	struct made made;

	make(&made, KFRAG_LEAK, active, NR_OF(active));
	made.trend.climbs_bytes[KFRAG_FLOW_ACTIVE] = 2 << 20;
	expect_evidence(&made, "objects in use climb by 2.00 MiB, from 5,000 "
			       "to 9,800, and 98 % of their slots are in use");
	set_slope(&made, KFRAG_FLOW_ACTIVE, 1258291);
	made.trend.doubling_seconds = kfrag_known(10800);
	expect_evidence(&made, "objects in use climb by 1.20 MiB an hour, from "
			       "5,000 to 9,800, and 98 % of their slots are in "
			       "use; held doubles in 3.0 h");
	made.trend.since = &made.points[3];
	made.series.size_bytes = 1024;
	made.moments[5].at_ms = 7200000;
	expect_evidence(&made, "objects in use climb over the last 3 of 6 "
			       "samples by 900 KiB an hour, from 8,000 to "
			       "9,800, and 98 % of their slots are in use");
	made.trend.slopes[KFRAG_FLOW_ACTIVE].known = false;
	made.trend.doubling_seconds = kfrag_unknown();
	expect_evidence(&made, "objects in use climb over the last 3 of 6 "
			       "samples by 1.76 MiB, from 8,000 to 9,800, and "
			       "98 % of their slots are in use");
	made.trend.since = &made.points[0];
	set_slope(&made, KFRAG_FLOW_ACTIVE, 1258291);
	/* In a hundred years it does not. */
	made.trend.doubling_seconds = kfrag_known(UINT64_C(3155695200));
	expect_evidence(&made, "objects in use climb by 1.20 MiB an hour, from "
			       "5,000 to 9,800, and 98 % of their slots are in "
			       "use");
}
END_TEST

START_TEST(leak_of_what_comes_and_goes)
{
	static const uint64_t active[] = { 1000, 4000, 2000, 5000,
					   3000, 6000, 4000, 7000 };
	static const uint64_t others[] = { 1000, 4000, 2000, 5000,
					   1000, 6000, 4000, 7000 };
	struct made made;

	make(&made, KFRAG_LEAK, active, NR_OF(active));
	made.trend.nr_turns = 6;
	expect_evidence(&made,
			"objects in use come and go (6 turns), but do not come "
			"back to where they were: there were 1,000 at least in "
			"the first half of the samples, 3,000 in the second, "
			"and 70 % of the slots are in use");
	/* The lows do not tell: the slope does. */
	make(&made, KFRAG_LEAK, others, NR_OF(others));
	made.trend.nr_turns = 6;
	set_slope(&made, KFRAG_FLOW_ACTIVE, 1024);
	expect_evidence(&made, "objects in use climb by 1.00 KiB an hour, from "
			       "1,000 to 7,000, and 70 % of their slots are in "
			       "use");
}
END_TEST

START_TEST(bloat)
{
	static const uint64_t active[] = { 900, 900, 900, 900, 900, 900 };
	struct made made;

	make(&made, KFRAG_BLOAT, active, NR_OF(active));
	made.points[0].num_objs = 1000;
	set_slope(&made, KFRAG_FLOW_TOTAL, 1 << 20);
	expect_evidence(&made, "slots climb by 1.00 MiB an hour, from 1,000 to "
			       "10,000, but objects in use do not: 90 % of the "
			       "slots were in use, now 9 % are");
	set_slope(&made, KFRAG_FLOW_ACTIVE, 10240);
	made.trend.doubling_seconds = kfrag_known(7200);
	expect_evidence(&made, "slots climb by 1.00 MiB an hour, from 1,000 to "
			       "10,000, but objects in use only by 10.0 KiB an "
			       "hour: 90 % of the slots were in use, now 9 % "
			       "are; held doubles in 2.0 h");
}
END_TEST

START_TEST(trapped)
{
	static const uint64_t active[] = { 9000, 29002, 14746 };
	struct made made;

	make(&made, KFRAG_TRAPPED, active, NR_OF(active));
	made.trend.needed_slabs = 51;
	made.trend.trapped_bytes = 2778726;
	expect_evidence(&made, "in use fell from 29,002 objects to 14,746 "
			       "(-49.2 %), but 100 slabs stay; packed full, 51 "
			       "would do: 2.65 MiB are trapped");
	made.points[2].num_slabs = 90;
	expect_evidence(&made, "in use fell from 29,002 objects to 14,746 "
			       "(-49.2 %), but 90 of 100 slabs stay; packed "
			       "full, 51 would do: 2.65 MiB are trapped");
}
END_TEST

START_TEST(cyclic)
{
	static const uint64_t active[] = { 5, 9, 5, 9, 5, 9 };
	struct made made;

	make(&made, KFRAG_CYCLIC, active, NR_OF(active));
	made.trend.nr_turns = 4;
	expect_evidence(&made, "objects in use come and go between 5 and 9: 4 "
			       "turns");
	made.trend.period_seconds = kfrag_known(86400);
	expect_evidence(&made, "objects in use come and go between 5 and 9: 4 "
			       "turns, there and back in about 24.0 h");
}
END_TEST

static const struct {
	uint64_t active[6];
	uint64_t last_slabs;
	const char *text;
} steadies[] = {
	{ { 0 }, 100, "no object was ever in use" },
	{ { 1, 1, 1, 1, 1, 1 }, 100, "1 object in use all the time" },
	{ { 1000, 1050, 1000, 1040, 1020, 1010 },
	  100,
	  "objects in use stay between 1,000 and 1,050" },
	{ { 100, 100, 1000, 1000, 1000, 990 },
	  100,
	  "objects in use grew from 100 to 990 (+890.0 %) and stay there" },
	{ { 100, 1000, 100, 1000, 500, 1000 },
	  100,
	  "objects in use grew from 100 to 1,000 (+900.0 %), but do not climb "
	  "all the way" },
	{ { 1000, 1000, 1000, 100, 100, 100 },
	  100,
	  "objects in use fell from 1,000 to 100 (-90.0 %); slabs stay at "
	  "100" },
	{ { 1000, 1000, 1000, 100, 100, 100 },
	  10,
	  "objects in use fell from 1,000 to 100 (-90.0 %), and slabs from 100 "
	  "to 10" },
	{ { 500, 1000, 300, 100, 700, 500 },
	  100,
	  "objects in use wandered between 100 and 1,000" },
};

START_TEST(steady)
{
	struct made made;

	make(&made, KFRAG_STEADY, steadies[_i].active, 6);
	made.points[5].num_slabs = steadies[_i].last_slabs;
	expect_evidence(&made, steadies[_i].text);
}
END_TEST

START_TEST(too_few)
{
	static const uint64_t active[] = { 1, 2 };
	struct made made;
	char expected[64];

	ck_assert_uint_gt(kfrag_trend_threshold("min-samples"), 2);
	ck_assert_uint_gt(kfrag_trend_threshold("min-samples-trapped"), 0);
	ck_assert_uint_gt(kfrag_trend_threshold("cyclic-turns"), 0);
	ck_assert_uint_eq(kfrag_trend_threshold("nothing"), 0);
	snprintf(expected, sizeof(expected),
		 "2 samples, at least %" PRIu64 " are needed",
		 kfrag_trend_threshold("min-samples"));
	make(&made, KFRAG_TOO_FEW, active, 2);
	expect_evidence(&made, expected);
	make(&made, KFRAG_TOO_FEW, active, 1);
	snprintf(expected, sizeof(expected),
		 "1 sample, at least %" PRIu64 " are needed",
		 kfrag_trend_threshold("min-samples"));
	expect_evidence(&made, expected);
}
END_TEST

/* _i: the seed. Figures of any size: nothing is cut off, no break in it. */
START_TEST(every_verdict_has_room)
{
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < 2000; i++) {
		uint64_t active[NR_POINTS];
		size_t nr = 1 + (size_t)kfrag_random_below(&random, NR_POINTS);
		char text[KFRAG_EVIDENCE_SIZE];
		struct made made;

		for (size_t k = 0; k < nr; k++)
			active[k] = kfrag_random_next(&random) >>
				    kfrag_random_below(&random, 64);
		make(&made,
		     (enum kfrag_verdict)kfrag_random_below(&random,
							    KFRAG_NR_VERDICTS),
		     active, nr);
		for (size_t k = 0; k < nr; k++) {
			made.points[k].num_objs = UINT64_MAX;
			made.points[k].num_slabs = kfrag_random_next(&random);
		}
		for (int flow = 0; flow < KFRAG_NR_FLOWS; flow++)
			set_slope(&made, (enum kfrag_flow)flow,
				  (int64_t)(kfrag_random_next(&random) >> 2));
		made.trend.nr_turns = kfrag_random_next(&random);
		made.trend.trapped_bytes = kfrag_random_next(&random);
		made.trend.needed_slabs = kfrag_random_next(&random);
		made.trend.period_seconds = kfrag_known(UINT64_MAX);
		made.trend.doubling_seconds =
			kfrag_known(kfrag_random_below(&random, 1U << 28));
		kfrag_trend_evidence(&made.trend, text);
		EXPECT(strlen(text) > 8);
		EXPECT(strlen(text) < KFRAG_EVIDENCE_SIZE - 1);
		EXPECT(!strchr(text, '\n'));
	}
}
END_TEST

Suite *trend_evidence_suite(void)
{
	Suite *suite = suite_create("trend_evidence");
	TCase *tc = tcase_create("trend_evidence");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, leak);
	tcase_add_test(tc, leak_of_what_comes_and_goes);
	tcase_add_test(tc, bloat);
	tcase_add_test(tc, trapped);
	tcase_add_test(tc, cyclic);
	tcase_add_loop_test(tc, steady, 0, NR_OF(steadies));
	tcase_add_test(tc, too_few);
	tcase_add_loop_test(tc, every_verdict_has_room, 1, 3);
	suite_add_tcase(suite, tc);
	return suite;
}
