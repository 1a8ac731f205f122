// SPDX-License-Identifier: MIT
/*
 * Simulations beside a slow one that looks at every object for each event, and
 * keeps its slabs in the slow model; what theory says; laws.
 */
#include "expect.h"
#include "fixture_slab.h"
#include "kfrag/arith.h"
#include "kfrag/simulation.h"
#include "kfrag/variate.h"
#include "model.h"
#include "replay/sim_impl.h"

Suite *sim_suite(void);

#define NR_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define TICKS KFRAG_TICKS_PER_UNIT
#define OBJS_PER_SLAB 4

/* Params and what they point to. */
struct setup {
	struct kfrag_sim_params params;
	struct kfrag_distribution sizes;
	struct kfrag_distribution lifetimes;
	struct kfrag_sim_schedule schedule;
	struct kfrag_sim_class classes[KFRAG_SIM_SIZE_CLASSES];
};

static void setup_init(struct setup *setup, const char *sizes,
		       const char *lifetimes, const char *arrivals,
		       bool uses_slab)
{
	const char *message = NULL;

	*setup = (struct setup){ 0 };
	EXPECT_EQ(kfrag_distribution_parse_sizes(&setup->sizes, sizes,
						 &message),
		  KFRAG_OK);
	EXPECT_EQ(kfrag_distribution_parse_lifetimes(&setup->lifetimes,
						     lifetimes, &message),
		  KFRAG_OK);
	EXPECT_EQ(kfrag_sim_schedule_parse(&setup->schedule, arrivals,
					   &message),
		  KFRAG_OK);
	for (int i = 0; i < KFRAG_SIM_SIZE_CLASSES; i++)
		setup->classes[i] =
			(struct kfrag_sim_class){ 1, OBJS_PER_SLAB, 0 };
	setup->params = (struct kfrag_sim_params){
		.uses_slab = uses_slab,
		.sizes = &setup->sizes,
		.lifetimes = &setup->lifetimes,
		.schedule = &setup->schedule,
		.classes = setup->classes,
		.nr_classes = KFRAG_SIM_SIZE_CLASSES,
		.page_units = uses_slab ? OBJS_PER_SLAB : 1,
		.has_no_sizes = uses_slab,
		.nr_pages = 1024,
		.max_order = 10,
		.policy = kfrag_slab_policies()[0],
		.nr_cycles = setup->schedule.nr_cycles ?
				     setup->schedule.nr_cycles :
				     1,
		.nr_events = 400,
	};
}

static void setup_release(struct setup *setup)
{
	kfrag_distribution_release(&setup->sizes);
}

static struct kfrag_sim_result run(const struct setup *setup, uint64_t seed)
{
	struct kfrag_sim_result result;

	EXPECT_EQ(kfrag_sim_run(&result, &setup->params, seed), KFRAG_OK);
	return result;
}

/* --------------------------------------------------------- a slow simulation */

struct slow_object {
	uint64_t address;
	uint64_t death;
	uint64_t number;
};

struct slow {
	const struct setup *setup;
	struct kfrag_random arrivals, sizes, lifetimes;
	struct model_buddy buddy;
	struct model_slab slab;
	struct slow_object objects[512];
	size_t nr_objects;
	uint64_t now, start, nr_numbers, nr_births, nr_deaths;
	double live_time, slabs_time, fewest_time; /* in objects x ticks */
	double peaks, troughs;
	unsigned nr_peaks, nr_troughs;
	uint64_t nr_made, nr_returned; /* before the start */
};

static void slow_init(struct slow *slow, const struct setup *setup,
		      uint64_t seed)
{
	struct kfrag_slab_cache_params params = {
		.size_bytes = 1,
		.objs_per_slab = OBJS_PER_SLAB,
		.policy = setup->params.policy,
	};
	struct kfrag_random seeds;

	*slow = (struct slow){ .setup = setup };
	kfrag_random_init(&seeds, seed);
	kfrag_random_init(&slow->arrivals, kfrag_random_next(&seeds));
	kfrag_random_init(&slow->sizes, kfrag_random_next(&seeds));
	kfrag_random_init(&slow->lifetimes, kfrag_random_next(&seeds));
	model_buddy_init(&slow->buddy, setup->params.nr_pages, 10);
	model_slab_init(&slow->slab, model_buddy_page_source(&slow->buddy),
			OBJS_PER_SLAB, &params);
}

static void slow_release(struct slow *slow)
{
	model_slab_release(&slow->slab);
	model_buddy_release(&slow->buddy);
}

static void slow_pass(struct slow *slow, uint64_t until)
{
	double ticks = (double)(until - slow->now);

	slow->live_time += ticks * (double)slow->nr_objects;
	slow->slabs_time += ticks * (double)slow->slab.nr_blocks;
	slow->fewest_time +=
		ticks * (double)kfrag_div_up(slow->nr_objects, OBJS_PER_SLAB);
	slow->now = until;
}

static void slow_birth(struct slow *slow)
{
	struct slow_object *object = &slow->objects[slow->nr_objects++];
	size_t item;

	EXPECT(slow->nr_objects <= 512);
	EXPECT(model_slab_alloc(&slow->slab, &object->address));
	object->number = slow->nr_numbers++;
	object->death =
		slow->now + kfrag_distribution_draw(&slow->setup->lifetimes,
						    &slow->lifetimes, &item);
	slow->nr_births++;
}

/* The first to die, and of those the first that came. */
static struct slow_object *slow_first(struct slow *slow)
{
	struct slow_object *first = NULL;

	for (size_t i = 0; i < slow->nr_objects; i++) {
		struct slow_object *object = &slow->objects[i];

		if (!first || object->death < first->death ||
		    (object->death == first->death &&
		     object->number < first->number))
			first = object;
	}
	return first;
}

static void slow_death(struct slow *slow, struct slow_object *object)
{
	slow_pass(slow, object->death);
	model_slab_free(&slow->slab, object->address);
	*object = slow->objects[--slow->nr_objects];
	slow->nr_deaths++;
}

static uint64_t slow_next(struct slow *slow, uint64_t gap)
{
	return gap ? slow->now +
			       kfrag_variate_exponential(&slow->arrivals, gap) :
		     UINT64_MAX;
}

static void slow_step(struct slow *slow, uint64_t gap, uint64_t *birth)
{
	struct slow_object *first = slow_first(slow);

	if (first && first->death <= *birth) {
		slow_death(slow, first);
		return;
	}
	slow_pass(slow, *birth);
	slow_birth(slow);
	*birth = slow_next(slow, gap);
}

static void slow_start(struct slow *slow)
{
	slow->start = slow->now;
	slow->live_time = slow->slabs_time = slow->fewest_time = 0;
	slow->nr_births = slow->nr_deaths = 0;
	slow->peaks = slow->troughs = 0;
	slow->nr_peaks = slow->nr_troughs = 0;
	slow->nr_made = slow->slab.stats.nr_slabs_made;
	slow->nr_returned = slow->slab.stats.nr_slabs_returned;
}

static void slow_poisson(struct slow *slow)
{
	const struct kfrag_sim_params *params = &slow->setup->params;
	uint64_t gap = (uint64_t)((double)TICKS * 1e9 /
				  (double)slow->setup->schedule.rate_nano);
	uint64_t birth = slow_next(slow, gap);

	while (slow->now < params->warmup_ticks)
		slow_step(slow, gap, &birth);
	slow_start(slow);
	for (uint64_t i = 0; i < params->nr_events; i++)
		slow_step(slow, gap, &birth);
}

static void slow_go(struct slow *slow, uint64_t nr_objs, uint64_t gap)
{
	uint64_t birth = slow_next(slow, gap);

	while (slow->nr_objects != nr_objs)
		slow_step(slow, gap, &birth);
}

/* grow 64 @2; shrink 0.25 @0.125; x4 */
static void slow_breathe(struct slow *slow)
{
	for (uint64_t cycle = 0; cycle < 4; cycle++) {
		if (cycle == slow->setup->params.warmup_cycles)
			slow_start(slow);
		slow_go(slow, 64, TICKS / 128);
		slow->peaks += (double)slow->slab.nr_blocks;
		slow->nr_peaks++;
		slow_go(slow, 16, TICKS / 8);
		slow->troughs += (double)slow->slab.nr_blocks;
		slow->nr_troughs++;
	}
}

static void check_micro(struct kfrag_opt micro, double expected)
{
	ck_assert(micro.known);
	ck_assert_double_eq_tol((double)micro.value / 1e6, expected, 2e-6);
}

static void check_beside(const struct slow *slow,
			 const struct kfrag_sim_result *result)
{
	double ticks = (double)(slow->now - slow->start);
	double births = (double)slow->nr_births;
	const struct kfrag_slab_stats *stats = &slow->slab.stats;

	check_micro(result->micro[KFRAG_SIM_LIVE_OBJS],
		    slow->live_time / ticks);
	check_micro(result->micro[KFRAG_SIM_AVERAGE_SLABS],
		    slow->slabs_time / ticks);
	check_micro(result->micro[KFRAG_SIM_AVERAGE_RATIO],
		    slow->slabs_time / slow->fewest_time);
	check_micro(result->micro[KFRAG_SIM_BIRTHS], births);
	check_micro(result->micro[KFRAG_SIM_DEATHS], (double)slow->nr_deaths);
	check_micro(result->micro[KFRAG_SIM_TIME], ticks / (double)TICKS);
	check_micro(result->micro[KFRAG_SIM_MADE],
		    (double)(stats->nr_slabs_made - slow->nr_made) * 1000 /
			    births);
	check_micro(result->micro[KFRAG_SIM_RETURNED],
		    (double)(stats->nr_slabs_returned - slow->nr_returned) *
			    1000 / births);
	if (slow->nr_peaks == 0)
		return;
	check_micro(result->micro[KFRAG_SIM_PEAK_SLABS],
		    slow->peaks / slow->nr_peaks);
	check_micro(result->micro[KFRAG_SIM_TROUGH_SLABS],
		    slow->troughs / slow->nr_troughs);
	check_micro(result->micro[KFRAG_SIM_TROUGH_RATIO],
		    slow->troughs / slow->nr_troughs / 4);
}

static const char *const slow_lifetimes[] = { "exponential:1",
					      "uniform:0.5:1.5", "fixed:1",
					      "zipf:1:4",
					      "bimodal:0.5:1.5:50" };

/* _i: lifetimes, then policy; whatever needs no seed of its own. */
START_TEST(poisson_beside_slow)
{
	struct slow *slow = model_zeros(1, sizeof(*slow));
	struct kfrag_sim_result result;
	struct setup setup;

	setup_init(&setup, "fixed:1", slow_lifetimes[_i % 5], "poisson:20",
		   true);
	setup.params.policy = kfrag_slab_policies()[_i / 5];
	setup.params.warmup_ticks = 3 * TICKS;
	slow_init(slow, &setup, 0);
	slow_poisson(slow);
	result = run(&setup, 0);
	check_beside(slow, &result);
	slow_release(slow);
	free(slow);
	setup_release(&setup);
}
END_TEST

/* _i: policy; seed 0 is what the model draws with. */
START_TEST(phases_beside_slow)
{
	struct slow *slow = model_zeros(1, sizeof(*slow));
	struct kfrag_sim_result result;
	struct setup setup;

	setup_init(&setup, "fixed:1", "exponential:1",
		   "grow 64 @2; shrink 0.25 @0.125; x4", true);
	setup.params.policy = kfrag_slab_policies()[_i];
	setup.params.warmup_cycles = 1;
	slow_init(slow, &setup, 0);
	slow_breathe(slow);
	result = run(&setup, 0);
	check_beside(slow, &result);
	slow_release(slow);
	free(slow);
	setup_release(&setup);
}
END_TEST

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

/* ---------------------------------------------------------------- schedule */

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
	/* And one alone in a third: 10 / 36 and 28 / 36. */
	{ "fixed:1", "exponential:1", "grow 9; shrink 0.25", true,
	  KFRAG_SIM_TROUGH_RATIO, 3 - 48.0 / 36 },
	{ "fixed:1", "exponential:1", "grow 9; shrink 0", true,
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

Suite *sim_suite(void)
{
	Suite *suite = suite_create("sim");
	TCase *core = tcase_create("core");
	TCase *beside = tcase_create("beside");

	tcase_add_loop_test(core, conservation, 0, NR_OF(workloads));
	tcase_add_loop_test(core, memory_runs_out, 0, 2);
	tcase_add_test(core, bad_params);
	tcase_add_test(core, nothing_happens);
	tcase_add_test(core, victims);
	tcase_add_test(core, oracle);
	tcase_add_loop_test(core, oracle_is_sound, 0, 3);
	tcase_add_loop_test(core, bad_arrivals_are_refused, 0,
			    NR_OF(bad_arrivals));
	tcase_add_test(core, too_many_phases);
	tcase_add_test(core, phases_are_read);
	tcase_add_loop_test(core, endless_phases, 0, NR_OF(endless));
	tcase_add_loop_test(core, closed_forms, 0, NR_OF(theory));
	tcase_add_test(core, thinned);
	tcase_add_test(core, summary);
	tcase_add_test(core, many_caches);
	tcase_add_loop_test(core, knuth, 0, 8 * KFRAG_NR_BUDDY_PLACEMENTS);
	suite_add_tcase(suite, core);
	tcase_set_timeout(beside, 60);
	tcase_add_loop_test(beside, poisson_beside_slow, 0, 5 * NR_POLICIES);
	tcase_add_loop_test(beside, phases_beside_slow, 0, NR_POLICIES);
	suite_add_tcase(suite, beside);
	return suite;
}
