// SPDX-License-Identifier: MIT
/* Laws of simulations, and what is made of several. */
#include "fixture_sim.h"
#include "fixture_slab.h"
#include "replay/sim_impl.h"

Suite *sim_suite(void);

#define NR_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* ------------------------------------------------------------------- laws */

static const struct {
	const char *sizes;
	const char *lifetimes;
	const char *arrivals;
	bool uses_slab;
} workloads[] = {
	{ "fixed:1", "exponential:1", "poisson:30", false },
	{ "uniform:1:20", "zipf:1:9", "poisson:9", false },
	{ "exponential:5", "uniform:1:2", "steady:40", false },
	{ "list:1*3,2,9", "exponential:2", "steady:50", true },
	{ "inverse:1:64", "bimodal:0.1:3:70", "poisson:20", true },
	{ "fixed:1", "exponential:1", "grow 90 @2; shrink 0.5 @0.1; x5", true },
	{ "fixed:1", "exponential:1", "grow 90; reclaim 0.3; x5", true },
	{ "fixed:1", "exponential:1", "grow 90 @2; reclaim 0.3 emptiest; x5",
	  true },
	{ "fixed:1", "forever", "grow 90; reclaim 0.3 best-of-3; x5", true },
	{ "fixed:1", "forever", "grow 90; reclaim 0.3 best-of-3; x5", false },
};

/* What was born lives, died or failed; nothing held is lost. */
START_TEST(conservation)
{
	struct kfrag_sim_result result, again;
	struct setup setup;
	uint64_t births, rest;

	setup_init(&setup, workloads[_i].sizes, workloads[_i].lifetimes,
		   workloads[_i].arrivals, workloads[_i].uses_slab);
	/* The end's figures count all births where no time is measured. */
	setup.params.nr_events = 300;
	result = run(&setup, 5);
	births = result.micro[KFRAG_SIM_BIRTHS].value;
	rest = births - result.micro[KFRAG_SIM_DEATHS].value -
	       result.micro[KFRAG_SIM_FAILED].value;
	ck_assert_uint_ge(births, result.micro[KFRAG_SIM_DEATHS].value);
	ck_assert_uint_le(rest, births);
	if (result.micro[KFRAG_SIM_TIME].value == 0)
		ck_assert_uint_eq(rest,
				  result.micro[KFRAG_SIM_LIVE_OBJS].value);
	if (result.micro[KFRAG_SIM_HELD_UNITS].known)
		ck_assert_uint_ge(result.micro[KFRAG_SIM_HELD_UNITS].value,
				  result.micro[KFRAG_SIM_LIVE_UNITS].value);
	/* The same seed, the same figures. */
	again = run(&setup, 5);
	ck_assert_mem_eq(&result, &again, sizeof(result));
	again = run(&setup, 6);
	if (strncmp(workloads[_i].arrivals, "grow 90; ", 9) != 0)
		ck_assert_mem_ne(&result, &again, sizeof(result));
	setup_release(&setup);
}
END_TEST

/* Too little memory is a result. */
START_TEST(memory_runs_out)
{
	struct kfrag_sim_result result;
	struct setup setup;

	setup_init(&setup, "fixed:1", "exponential:1", "grow 90 @2", _i);
	setup.params.nr_pages = 16;
	setup.params.page_units = _i ? 4 : 1;
	result = run(&setup, 1);
	ck_assert_uint_gt(result.micro[KFRAG_SIM_FAILED].value, 900000000);
	setup_init(&setup, "fixed:1", "exponential:1", "grow 90", _i);
	setup.params.nr_pages = 16;
	setup.params.page_units = _i ? 4 : 1;
	result = run(&setup, 1);
	ck_assert_uint_eq(result.micro[KFRAG_SIM_FAILED].value, 1000000);
	ck_assert_uint_eq(result.micro[KFRAG_SIM_LIVE_OBJS].value,
			  _i ? 64000000 : 16000000);
}
END_TEST

START_TEST(bad_params)
{
	struct kfrag_sim_result result;
	struct setup setup;

	setup_init(&setup, "fixed:1", "exponential:1", "poisson:3", true);
	setup.params.nr_pages = 0;
	ck_assert_int_eq(kfrag_sim_run(&result, &setup.params, 1),
			 KFRAG_EINVAL);
	setup.params.nr_pages = 64;
	setup.classes[0].objs_per_slab = 5;
	ck_assert_int_eq(kfrag_sim_run(&result, &setup.params, 1),
			 KFRAG_EINVAL);
	ck_assert(!result.micro[KFRAG_SIM_BIRTHS].known);
}
END_TEST

/* Nothing is born that dies: time ends. */
START_TEST(nothing_happens)
{
	struct kfrag_sim_result result;
	struct setup setup;

	setup_init(&setup, "fixed:1", "forever", "steady:20", false);
	result = run(&setup, 1);
	ck_assert_uint_eq(result.micro[KFRAG_SIM_LIVE_OBJS].value, 20000000);
	ck_assert_uint_eq(result.micro[KFRAG_SIM_TIME].value, 0);
}
END_TEST

/* The emptiest slabs first: as many as can be go back. */
START_TEST(victims)
{
	static const char *const arrivals[] = {
		"grow 400; reclaim 0.7 random; reclaim 0.35 emptiest",
		"grow 400; reclaim 0.7 random; reclaim 0.35 best-of-5",
		"grow 400; reclaim 0.7 random; reclaim 0.35 random",
	};
	uint64_t slabs[3];

	for (int i = 0; i < 3; i++) {
		struct kfrag_sim_result result;
		struct setup setup;

		setup_init(&setup, "fixed:1", "exponential:1", arrivals[i],
			   true);
		result = run(&setup, 1);
		ck_assert_uint_eq(result.micro[KFRAG_SIM_LIVE_OBJS].value,
				  140000000);
		slabs[i] = result.micro[KFRAG_SIM_AVERAGE_SLABS].value;
	}
	ck_assert_uint_lt(slabs[0], slabs[1]);
	ck_assert_uint_lt(slabs[1], slabs[2]);
	/* 140 objects, none of them alone while others are full. */
	ck_assert_uint_le(slabs[0], 45000000);
}
END_TEST

/* The bound that others saw, 1.01 times the fewest slabs. */
START_TEST(oracle)
{
	struct kfrag_sim_result result, blind;
	struct setup setup;

	setup_init(&setup, "fixed:1", "exponential:1",
		   "grow 3000 @1.5; shrink 0.3 @0.28; x4", true);
	setup.params.nr_pages = 8192;
	setup.params.warmup_cycles = 1;
	blind = run(&setup, 1);
	setup.params.policy = NULL;
	result = run(&setup, 1);
	ck_assert_uint_eq(result.micro[KFRAG_SIM_BIRTHS].value,
			  blind.micro[KFRAG_SIM_BIRTHS].value);
	ck_assert_uint_lt(result.micro[KFRAG_SIM_TROUGH_RATIO].value, 1030000);
	ck_assert_uint_gt(blind.micro[KFRAG_SIM_TROUGH_RATIO].value, 1150000);
}
END_TEST

/* It keeps its set as any policy does. */
START_TEST(oracle_is_sound)
{
	struct kfrag_slab_cache_params params = {
		.size_bytes = 64,
		.objs_per_slab = 7,
		.min_partial_slabs = (uint64_t)_i,
		.policy = &kfrag_sim_oracle,
	};
	struct kfrag_buddy *buddy = make_buddy(256);
	struct kfrag_slab *slab =
		make_slab(kfrag_buddy_page_source(buddy), 256, 4096);
	struct kfrag_slab_cache *cache = make_cache(slab, &params);
	uint64_t addresses[500], nr = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < 3000; i++) {
		bool grows = kfrag_random_below(&random, 1000) <
			     (i / 500 % 2 ? 350 : 650);
		uint64_t which;

		kfrag_slab_cache_seed(cache, kfrag_random_next(&random));
		if (grows && nr < 500) {
			EXPECT(kfrag_slab_alloc(cache, &addresses[nr]));
			nr++;
		} else if (nr > 0) {
			which = kfrag_random_below(&random, nr);
			kfrag_slab_free(slab, addresses[which]);
			addresses[which] = addresses[--nr];
		}
		check_slab(slab);
	}
	EXPECT_EQ(kfrag_slab_cache_nr_objs(cache), nr);
	ck_assert_uint_gt(kfrag_slab_bookkeeping_bytes(slab), 0);
	kfrag_slab_destroy(slab);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* ----------------------------------------------------------------- summary */

START_TEST(summary)
{
	struct kfrag_sim_result results[4] = { 0 };
	static const uint64_t values[] = { 3000000, 5000000, 4000000, 8000000 };
	struct kfrag_sim_summary of;

	for (int i = 0; i < 4; i++)
		results[i].micro[KFRAG_SIM_TIME] = kfrag_known(values[i]);
	of = kfrag_sim_summarize(results, 4, KFRAG_SIM_TIME);
	ck_assert_uint_eq(of.mean_micro.value, 5000000);
	ck_assert_uint_eq(of.min_micro.value, 3000000);
	ck_assert_uint_eq(of.max_micro.value, 8000000);
	/* sqrt((4 + 0 + 1 + 9) / 12) = 1.080123 */
	ck_assert_uint_ge(of.error_micro.value, 1080120);
	ck_assert_uint_le(of.error_micro.value, 1080124);
	of = kfrag_sim_summarize(results, 1, KFRAG_SIM_TIME);
	ck_assert(of.mean_micro.known && !of.error_micro.known);
	of = kfrag_sim_summarize(results, 0, KFRAG_SIM_TIME);
	ck_assert(!of.mean_micro.known);
	results[2].micro[KFRAG_SIM_TIME] = kfrag_unknown();
	of = kfrag_sim_summarize(results, 4, KFRAG_SIM_TIME);
	ck_assert(!of.mean_micro.known && !of.min_micro.known);
}
END_TEST

START_TEST(many_caches)
{
	struct kfrag_sim_result sum = { 0 }, one;
	struct setup setup;

	setup_init(&setup, "fixed:1", "exponential:1",
		   "grow 90 @2; shrink 0.5 @0.1; x5", true);
	one = run(&setup, 1);
	kfrag_sim_add_result(&sum, &one);
	ck_assert_uint_eq(sum.micro[KFRAG_SIM_MADE].value,
			  one.micro[KFRAG_SIM_MADE].value);
	kfrag_sim_add_result(&sum, &one);
	ck_assert_uint_eq(sum.micro[KFRAG_SIM_BIRTHS].value,
			  2 * one.micro[KFRAG_SIM_BIRTHS].value);
	ck_assert_uint_eq(sum.micro[KFRAG_SIM_PEAK_SLABS].value,
			  2 * one.micro[KFRAG_SIM_PEAK_SLABS].value);
	ck_assert_double_eq_tol((double)sum.micro[KFRAG_SIM_RETURNED].value,
				(double)one.micro[KFRAG_SIM_RETURNED].value, 2);
	/* A ratio of sums, not a mean of ratios. */
	check_micro(sum.micro[KFRAG_SIM_TROUGH_RATIO],
		    (double)one.micro[KFRAG_SIM_TROUGH_SLABS].value /
			    (double)one.micro[KFRAG_SIM_TROUGH_FEWEST].value);
	sum = (struct kfrag_sim_result){ 0 };
	one = (struct kfrag_sim_result){ 0 };
	kfrag_sim_add_result(&sum, &one);
	ck_assert(!sum.micro[KFRAG_SIM_TROUGH_RATIO].known);
	ck_assert(!sum.micro[KFRAG_SIM_MADE].known);
}
END_TEST

Suite *sim_suite(void)
{
	Suite *suite = suite_create("sim");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, conservation, 0, NR_OF(workloads));
	tcase_add_loop_test(core, memory_runs_out, 0, 2);
	tcase_add_test(core, bad_params);
	tcase_add_test(core, nothing_happens);
	tcase_add_test(core, victims);
	tcase_add_test(core, oracle);
	tcase_add_loop_test(core, oracle_is_sound, 0, 3);
	tcase_add_test(core, summary);
	tcase_add_test(core, many_caches);
	suite_add_tcase(suite, core);
	return suite;
}
