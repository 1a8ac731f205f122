// SPDX-License-Identifier: MIT
/* What theory says of simulations. */
#include "fixture_sim.h"
#include "replay/sim_impl.h"

Suite *sim_theory_suite(void);

#define NR_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* ------------------------------------------------------------------ theory */

static const struct {
	const char *sizes;
	const char *lifetimes;
	const char *arrivals;
	bool uses_slab;
	enum kfrag_sim_measure measure;
	double expected; /* negative: unknown */
} theory[] = {
	{ "fixed:1", "exponential:1", "poisson:1", false,
	  KFRAG_SIM_FREE_SMALLEST, 0.523523 },
	{ "fixed:1", "exponential:2", "poisson:5", false,
	  KFRAG_SIM_FREE_SMALLEST, 1.735138 },
	{ "fixed:1", "exponential:1", "poisson:30", false, KFRAG_SIM_NONE_FREE,
	  2.979871 / 30 },
	{ "fixed:1", "fixed:1", "poisson:30", false, KFRAG_SIM_NONE_FREE, -1 },
	{ "fixed:2", "exponential:1", "poisson:30", false,
	  KFRAG_SIM_FREE_SMALLEST, -1 },
	{ "fixed:1", "exponential:1", "poisson:300", false,
	  KFRAG_SIM_FREE_SMALLEST, -1 },
	{ "uniform:1:1024", "exponential:1", "poisson:1", false,
	  KFRAG_SIM_INTERNAL, 0.24927 },
	{ "inverse:1:1024", "exponential:1", "poisson:1", false,
	  KFRAG_SIM_INTERNAL, 0.27603 },
	{ "exponential:9", "exponential:1", "poisson:1", false,
	  KFRAG_SIM_INTERNAL, -1 },
	{ "fixed:3", "exponential:1", "poisson:1", true, KFRAG_SIM_INTERNAL,
	  -1 },
	{ "fixed:1", "uniform:1:2", "poisson:4", true, KFRAG_SIM_LIVE_OBJS, 6 },
	{ "fixed:1", "uniform:1:2", "steady:4", true, KFRAG_SIM_LIVE_OBJS, -1 },
	/* C(4, 2) / C(8, 2) = 6 / 28 of two slabs go. */
	{ "fixed:1", "exponential:1", "grow 8; shrink 0.25 @0", true,
	  KFRAG_SIM_TROUGH_SLABS, 2 - 2 * 6.0 / 28 },
	{ "fixed:1", "forever", "grow 8; reclaim 0.25", true,
	  KFRAG_SIM_TROUGH_RATIO, 2 - 2 * 6.0 / 28 },
	{ "fixed:1", "forever", "grow 8; reclaim 0.25 emptiest", true,
	  KFRAG_SIM_TROUGH_RATIO, -1 },
	{ "fixed:1", "fixed:1", "grow 8; shrink 0.25", true,
	  KFRAG_SIM_TROUGH_RATIO, -1 },
	{ "fixed:1", "exponential:1", "grow 9; shrink 0.25", true,
	  KFRAG_SIM_TROUGH_RATIO, -1 },
	{ "fixed:1", "exponential:1", "grow 8 @2; shrink 0.25", true,
	  KFRAG_SIM_TROUGH_RATIO, -1 },
	{ "fixed:1", "exponential:1", "grow 8", true, KFRAG_SIM_BIRTHS, -1 },
};

START_TEST(closed_forms)
{
	struct kfrag_opt micro;
	struct setup setup;

	setup_init(&setup, theory[_i].sizes, theory[_i].lifetimes,
		   theory[_i].arrivals, theory[_i].uses_slab);
	micro = kfrag_sim_expected(&setup.params, theory[_i].measure);
	ck_assert_int_eq(micro.known, theory[_i].expected >= 0);
	if (micro.known)
		ck_assert_double_eq_tol((double)micro.value / 1e6,
					theory[_i].expected, 5e-6);
}
END_TEST

START_TEST(thinned)
{
	ck_assert_double_eq_tol(kfrag_sim_thinned_slabs(1250, 8, 3000), 1178.03,
				0.005);
	ck_assert_double_eq_tol(kfrag_sim_thinned_slabs(10, 4, 40), 10, 1e-9);
	ck_assert_double_eq_tol(kfrag_sim_thinned_slabs(10, 1, 4), 4, 1e-9);
	ck_assert_double_eq_tol(kfrag_sim_thinned_slabs(10, 4, 0), 0, 1e-9);
}
END_TEST

/* ------------------------------------------------------------------- Knuth */

/* _i: placement, then r. */
START_TEST(knuth)
{
	enum kfrag_buddy_placement placement =
		(enum kfrag_buddy_placement)(_i % KFRAG_NR_BUDDY_PLACEMENTS);
	unsigned r = (unsigned)_i / KFRAG_NR_BUDDY_PLACEMENTS;
	struct kfrag_sim_knuth outcome;
	uint64_t n = UINT64_C(2) << r;

	ck_assert_int_eq(kfrag_sim_knuth_worst(&outcome, r, placement),
			 KFRAG_OK);
	ck_assert_uint_eq(outcome.nr_live_units, n);
	ck_assert_uint_eq(outcome.nr_roots << r, n + r * n / 2);
	ck_assert_uint_eq(outcome.nr_failed, 0);
	if (placement == KFRAG_BUDDY_ADDRESS)
		ck_assert_uint_eq(outcome.high_water_units, n + r * n / 2);
	ck_assert_int_eq(kfrag_sim_knuth_bound(&outcome, r, placement, 2500,
					       (uint64_t)_i),
			 KFRAG_OK);
	ck_assert_uint_eq(outcome.nr_requests, 2500);
	ck_assert_uint_eq(outcome.nr_failed, 0);
	ck_assert_uint_le(outcome.high_water_units, outcome.nr_memory_units);
	if (r > 2)
		ck_assert_uint_gt(outcome.high_water_units,
				  outcome.nr_live_units);
}
END_TEST

Suite *sim_theory_suite(void)
{
	Suite *suite = suite_create("sim_theory");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, closed_forms, 0, NR_OF(theory));
	tcase_add_test(core, thinned);
	tcase_add_loop_test(core, knuth, 0, 8 * KFRAG_NR_BUDDY_PLACEMENTS);
	suite_add_tcase(suite, core);
	return suite;
}
