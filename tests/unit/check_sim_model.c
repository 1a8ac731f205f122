// SPDX-License-Identifier: MIT
/*
 * Simulations beside a slow one that looks at every object for each event, and
 * keeps its slabs in the slow model.
 */
#include "fixture_sim.h"
#include "fixture_slab.h"
#include "kfrag/arith.h"
#include "kfrag/variate.h"
#include "model.h"

Suite *sim_model_suite(void);

#define TICKS KFRAG_TICKS_PER_UNIT

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

Suite *sim_model_suite(void)
{
	Suite *suite = suite_create("sim_model");
	TCase *beside = tcase_create("beside");

	tcase_set_timeout(beside, 60);
	tcase_add_loop_test(beside, poisson_beside_slow, 0, 5 * NR_POLICIES);
	tcase_add_loop_test(beside, phases_beside_slow, 0, NR_POLICIES);
	suite_add_tcase(suite, beside);
	return suite;
}
