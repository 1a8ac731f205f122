/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TESTS_FIXTURE_SIM_H
#define KFRAG_TESTS_FIXTURE_SIM_H

/* Simulations that are expected to run, from the words of the options. */
#include "expect.h"
#include "kfrag/simulation.h"

#define OBJS_PER_SLAB 4

/* Params and what they point to. */
struct setup {
	struct kfrag_sim_params params;
	struct kfrag_distribution sizes;
	struct kfrag_distribution lifetimes;
	struct kfrag_sim_schedule schedule;
	struct kfrag_sim_class classes[KFRAG_SIM_SIZE_CLASSES];
};

static inline void setup_init(struct setup *setup, const char *sizes,
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

static inline void setup_release(struct setup *setup)
{
	kfrag_distribution_release(&setup->sizes);
}

static inline struct kfrag_sim_result run(const struct setup *setup,
					  uint64_t seed)
{
	struct kfrag_sim_result result;

	EXPECT_EQ(kfrag_sim_run(&result, &setup->params, seed), KFRAG_OK);
	return result;
}

static inline void check_micro(struct kfrag_opt micro, double expected)
{
	ck_assert(micro.known);
	ck_assert_double_eq_tol((double)micro.value / 1e6, expected, 2e-6);
}

#endif
