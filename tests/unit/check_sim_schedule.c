// SPDX-License-Identifier: MIT
/* When objects come and go, in words. */
#include "fixture_sim.h"

Suite *sim_schedule_suite(void);

#define NR_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

static const char *const bad_arrivals[] = {
	"",
	"grow",
	"grow 0",
	"grow 1.5",
	"grow 5 2",
	"grow 5 @",
	"grow 5 @x",
	"grow 5; shrink",
	"shrink 0.5",
	"grow 5; shrink 2",
	"grow 5; x0",
	"grow 5; xx",
	"grow 5 x3",
	"grow 5; x3; x3",
	"grow 5; jump 3",
	"grow 5 @2 3",
	"poisson:",
	"poisson:0",
	"poisson:1e3",
	"steady:0",
	"steady:-1",
	"grow 5; reclaim 0.5 best-of-0",
	"grow 5; reclaim 0.5 best-of-",
	"grow 5; reclaim 0.5 worst",
	"grow 200000000",
};

START_TEST(bad_arrivals_are_refused)
{
	struct kfrag_sim_schedule schedule;
	const char *message = NULL;

	ck_assert_int_eq(kfrag_sim_schedule_parse(&schedule, bad_arrivals[_i],
						  &message),
			 KFRAG_EINVAL);
	ck_assert_ptr_nonnull(message);
	ck_assert_uint_eq(schedule.nr_phases, 0);
}
END_TEST

START_TEST(too_many_phases)
{
	char text[40 * 9] = "grow 5";
	struct kfrag_sim_schedule schedule;
	const char *message;

	for (int i = 1; i < 32; i++)
		strcat(text, "; grow 5");
	ck_assert_int_eq(kfrag_sim_schedule_parse(&schedule, text, &message),
			 KFRAG_OK);
	strcat(text, "; grow 5");
	ck_assert_int_eq(kfrag_sim_schedule_parse(&schedule, text, &message),
			 KFRAG_EINVAL);
}
END_TEST

START_TEST(phases_are_read)
{
	struct setup setup;
	const struct kfrag_sim_phase *phases = setup.schedule.phases;
	size_t phase;

	setup_init(&setup, "fixed:1", "exponential:2",
		   " grow 7 @1.5 ;shrink 0.25 @0.1;reclaim 0.125 best-of-12; "
		   "x9",
		   true);
	ck_assert_uint_eq(setup.schedule.nr_phases, 3);
	ck_assert_uint_eq(setup.schedule.nr_cycles, 9);
	ck_assert_uint_eq(phases[0].nr_objs, 7);
	ck_assert_uint_eq(phases[0].rate_nano, 1500000000);
	ck_assert_uint_eq(phases[1].fraction_nano, 250000000);
	ck_assert_uint_eq(phases[1].rate_nano, 100000000);
	ck_assert_int_eq(phases[2].kind, KFRAG_SIM_RECLAIM);
	ck_assert_int_eq(phases[2].victims, KFRAG_SIM_VICTIMS_BEST);
	ck_assert_uint_eq(phases[2].nr_choices, 12);
	ck_assert_uint_eq(
		kfrag_sim_schedule_peak(&setup.schedule, &setup.lifetimes), 7);
	ck_assert(!kfrag_sim_schedule_is_endless(&setup.schedule,
						 &setup.lifetimes, &phase));
	setup_init(&setup, "fixed:1", "exponential:0.5", "poisson:40", true);
	ck_assert_uint_eq(
		kfrag_sim_schedule_peak(&setup.schedule, &setup.lifetimes), 21);
	setup_init(&setup, "fixed:1", "forever", "poisson:40", true);
	ck_assert_uint_eq(kfrag_sim_schedule_peak(&setup.schedule,
						  &setup.lifetimes),
			  KFRAG_SIM_MAX_OBJS);
}
END_TEST

static const struct {
	const char *lifetimes;
	const char *arrivals;
	size_t phase; /* from 1; 0: it ends */
} endless[] = {
	{ "exponential:1", "grow 5 @1", 1 },
	{ "exponential:2", "grow 5 @0.6", 0 },
	{ "exponential:1", "grow 5; shrink 0.5 @0.5", 2 },
	{ "exponential:1", "grow 5; shrink 0.5 @0.4", 0 },
	{ "forever", "grow 5 @0.1", 0 },
	{ "forever", "grow 5; shrink 0.5", 2 },
	{ "forever", "grow 5 @0", 1 },
	{ "exponential:1", "grow 5; shrink 1 @3", 0 },
	{ "exponential:1", "grow 5; shrink 0", 0 },
	{ "exponential:1", "grow 5; shrink 0 @0.1", 2 },
};

START_TEST(endless_phases)
{
	struct setup setup;
	size_t phase = 9;

	setup_init(&setup, "fixed:1", endless[_i].lifetimes,
		   endless[_i].arrivals, true);
	ck_assert_int_eq(kfrag_sim_schedule_is_endless(
				 &setup.schedule, &setup.lifetimes, &phase),
			 endless[_i].phase > 0);
	if (endless[_i].phase > 0)
		ck_assert_uint_eq(phase + 1, endless[_i].phase);
}
END_TEST

Suite *sim_schedule_suite(void)
{
	Suite *suite = suite_create("sim_schedule");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, bad_arrivals_are_refused, 0,
			    NR_OF(bad_arrivals));
	tcase_add_test(core, too_many_phases);
	tcase_add_test(core, phases_are_read);
	tcase_add_loop_test(core, endless_phases, 0, NR_OF(endless));
	suite_add_tcase(suite, core);
	return suite;
}
