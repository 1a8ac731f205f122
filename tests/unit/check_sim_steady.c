// SPDX-License-Identifier: MIT
/* Where series become steady: some whose truth is known, and runs of them. */
#include "expect.h"
#include "kfrag/random.h"
#include "kfrag/simulation.h"
#include "kfrag/steady.h"

Suite *sim_steady_suite(void);

#define NR_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define NR 1000
#define LEVEL UINT64_C(1000000)

/* LEVEL + start x (1 - 1/tau)^i + noise, in integers. */
struct shape {
	int64_t start; /* beside LEVEL */
	int64_t tau;
	uint64_t noise; /* uniform below this */
	size_t after, before; /* where the steady state may begin */
};

static const struct shape shapes[] = {
	{ 0, 1, 1, 0, 0 }, /* constant */
	{ 0, 1, 100000, 0, 400 }, /* noise alone */
	{ -(int64_t)LEVEL, 50, 100000, 100, 400 }, /* starts empty */
	{ 5 * (int64_t)LEVEL, 50, 100000, 150, 450 }, /* starts full */
	{ -(int64_t)LEVEL, 5, 1, 40, 200 }, /* hardly any noise */
};

static void make(uint64_t *series, const struct shape *shape, uint64_t seed)
{
	int64_t off = shape->start;
	struct kfrag_random random;

	kfrag_random_init(&random, seed);
	for (size_t i = 0; i < NR; i++) {
		series[i] = (uint64_t)((int64_t)LEVEL + off) +
			    kfrag_random_below(&random, shape->noise);
		off -= off / shape->tau;
	}
}

START_TEST(known_shapes)
{
	const struct shape *shape = &shapes[_i / 20];
	uint64_t series[NR];
	size_t first;

	make(series, shape, (uint64_t)(_i % 20));
	EXPECT(kfrag_steady_find(series, NR, &first));
	EXPECT_EQ(first % KFRAG_STEADY_BATCH, 0);
	ck_assert_uint_ge(first, shape->after);
	ck_assert_uint_le(first, shape->before);
}
END_TEST

/* What lies in the last few observations is no batch, so it changes nothing. */
START_TEST(odd_length)
{
	uint64_t series[NR];
	size_t first, same;

	make(series, &shapes[2], 1);
	EXPECT(kfrag_steady_find(series, NR - 5, &first));
	series[NR - 5] = UINT64_MAX;
	EXPECT(kfrag_steady_find(series, NR - 1, &same));
	EXPECT_EQ(first, same);
}
END_TEST

/* A step: what is before it goes, to the batch. */
START_TEST(step)
{
	size_t at = (size_t)_i * 50, first;
	uint64_t series[NR];

	for (size_t i = 0; i < NR; i++)
		series[i] = i < at ? UINT64_MAX - i % 2 : i % 2;
	ck_assert_int_eq(kfrag_steady_find(series, NR, &first), at <= NR / 2);
	EXPECT_EQ(first, at <= NR / 2 ? at : 0);
}
END_TEST

START_TEST(no_steady_state)
{
	static uint64_t
		series[KFRAG_STEADY_BATCH * (KFRAG_STEADY_MAX_BATCHES + 1)];
	struct kfrag_random random;
	size_t first = 7;

	/* Grows for ever, or shrinks. */
	kfrag_random_init(&random, 1);
	for (uint64_t i = 0; i < NR; i++)
		series[i] = (_i ? NR - i : i) * 1000 +
			    kfrag_random_below(&random, 20000);
	EXPECT(!kfrag_steady_find(series, NR, &first));
	EXPECT_EQ(first, 0);
	/* Too short, and too long. */
	for (size_t i = 0; i < sizeof(series) / sizeof(series[0]); i++)
		series[i] = 1;
	EXPECT(!kfrag_steady_find(series, 0, &first));
	EXPECT(!kfrag_steady_find(series, 99, &first));
	EXPECT(kfrag_steady_find(series, 100, &first));
	EXPECT(!kfrag_steady_find(series, sizeof(series) / sizeof(series[0]),
				  &first));
}
END_TEST

/* ------------------------------------------------------------- simulations */

static struct kfrag_sim_result run(const char *lifetime, const char *arrivals,
				   uint64_t nr_events, uint64_t seed)
{
	struct kfrag_distribution sizes, lifetimes;
	struct kfrag_sim_schedule schedule;
	struct kfrag_sim_result result;
	const char *message;
	struct kfrag_sim_params params = {
		.sizes = &sizes,
		.lifetimes = &lifetimes,
		.schedule = &schedule,
		.page_units = 1,
		.nr_pages = 1 << 17,
		.max_order = 10,
		.nr_events = nr_events,
		.finds_warmup = true,
		.warmup_ticks = UINT64_MAX,
	};

	EXPECT_EQ(kfrag_distribution_parse_sizes(&sizes, "fixed:1", &message),
		  KFRAG_OK);
	EXPECT_EQ(kfrag_distribution_parse_lifetimes(&lifetimes, lifetime,
						     &message),
		  KFRAG_OK);
	EXPECT_EQ(kfrag_sim_schedule_parse(&schedule, arrivals, &message),
		  KFRAG_OK);
	EXPECT_EQ(kfrag_sim_run(&result, &params, seed), KFRAG_OK);
	kfrag_distribution_release(&sizes);
	return result;
}

static double figure(const struct kfrag_sim_result *result,
		     enum kfrag_sim_measure measure)
{
	EXPECT(result->micro[measure].known);
	return (double)result->micro[measure].value / 1e6;
}

/*
 * From none on, 1000 (1 - exp(-t)) live: what is left of the start is within
 * the noise, of some 30, after 3 lifetimes at least.
 */
START_TEST(starts_empty)
{
	struct kfrag_sim_result result =
		run("exponential:1", "poisson:1000", 100000, (uint64_t)_i);

	ck_assert_double_eq(figure(&result, KFRAG_SIM_STEADY_FOUND), 1);
	ck_assert_double_ge(figure(&result, KFRAG_SIM_WARMUP), 2);
	ck_assert_double_le(figure(&result, KFRAG_SIM_WARMUP), 26);
	ck_assert_double_eq_tol(figure(&result, KFRAG_SIM_LIVE_OBJS), 1000, 30);
}
END_TEST

/* Lifetimes of 2 without chance: all that lives was born since. */
START_TEST(ramp_and_plateau)
{
	struct kfrag_sim_result result =
		run("fixed:2", "poisson:2000", 400000, (uint64_t)_i);

	ck_assert_double_eq(figure(&result, KFRAG_SIM_STEADY_FOUND), 1);
	ck_assert_double_ge(figure(&result, KFRAG_SIM_WARMUP), 1.8);
	ck_assert_double_eq_tol(figure(&result, KFRAG_SIM_LIVE_OBJS), 4000, 80);
}
END_TEST

/* Too short a run, or nothing ever dies: it says so, and measures a half. */
START_TEST(never_steady)
{
	struct kfrag_sim_result result =
		_i ? run("forever", "poisson:10", 10000, 1) :
		     run("exponential:1", "poisson:10000", 10000, 1);
	double warmup = figure(&result, KFRAG_SIM_WARMUP);

	ck_assert_double_eq(figure(&result, KFRAG_SIM_STEADY_FOUND), 0);
	if (_i)
		ck_assert_double_eq_tol(warmup, 500, 50);
	else
		ck_assert_double_le(warmup, 0.6);
}
END_TEST

/* Always as many, from the start on. */
START_TEST(steady_from_the_start)
{
	struct kfrag_sim_result result =
		run("uniform:1:2", "steady:500", 20000, (uint64_t)_i);

	ck_assert_double_eq(figure(&result, KFRAG_SIM_STEADY_FOUND), 1);
	ck_assert_double_eq(figure(&result, KFRAG_SIM_WARMUP), 0);
}
END_TEST

Suite *sim_steady_suite(void)
{
	Suite *suite = suite_create("sim_steady");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, known_shapes, 0, 20 * NR_OF(shapes));
	tcase_add_test(core, odd_length);
	tcase_add_loop_test(core, step, 0, 15);
	tcase_add_loop_test(core, no_steady_state, 0, 2);
	tcase_add_loop_test(core, starts_empty, 0, 5);
	tcase_add_loop_test(core, ramp_and_plateau, 0, 5);
	tcase_add_loop_test(core, never_steady, 0, 2);
	tcase_add_loop_test(core, steady_from_the_start, 0, 3);
	suite_add_tcase(suite, core);
	return suite;
}
