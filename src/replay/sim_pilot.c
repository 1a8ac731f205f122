// SPDX-License-Identifier: MIT
/* A run ahead of another one, to see when it becomes steady. */
#include <stdlib.h>

#include "kfrag/steady.h"
#include "replay/sim_impl.h"

#define NR_OBSERVATIONS 1000

/* All of them have to be steady; those of the other allocator always are. */
static const enum kfrag_sim_level watched[] = {
	KFRAG_LEVEL_LIVE_OBJS,
	KFRAG_LEVEL_HELD_UNITS,
	KFRAG_LEVEL_SLABS,
	KFRAG_LEVEL_FREE_SMALLEST,
};

#define NR_WATCHED (sizeof(watched) / sizeof(watched[0]))

struct pilot {
	uint64_t averages[NR_WATCHED][NR_OBSERVATIONS];
	uint64_t starts[NR_OBSERVATIONS]; /* ticks */
	size_t nr_observations;
};

static void watch(struct pilot *pilot, struct kfrag_sim *sim)
{
	struct kfrag_sim_course course = kfrag_sim_open(sim);
	uint64_t nr_events = sim->params->nr_events / NR_OBSERVATIONS;
	bool goes_on = true;

	while (goes_on && pilot->nr_observations < NR_OBSERVATIONS) {
		size_t at = pilot->nr_observations++;

		kfrag_sim_end_warmup(sim);
		pilot->starts[at] = sim->now;
		goes_on = kfrag_sim_go_on(&course, nr_events ? nr_events : 1);
		for (size_t i = 0; i < NR_WATCHED; i++)
			pilot->averages[i][at] =
				kfrag_sim_average(sim, watched[i]);
	}
}

static bool judge(const struct pilot *pilot, size_t *first)
{
	bool is_steady = true;

	*first = 0;
	for (size_t i = 0; i < NR_WATCHED; i++) {
		size_t at;

		if (!kfrag_steady_find(pilot->averages[i],
				       pilot->nr_observations, &at))
			is_steady = false;
		*first = at > *first ? at : *first;
	}
	return is_steady;
}

enum kfrag_error kfrag_sim_find_warmup(const struct kfrag_sim_params *params,
				       uint64_t seed, uint64_t *ticks,
				       bool *is_steady)
{
	struct pilot *pilot = calloc(1, sizeof(*pilot));
	struct kfrag_sim sim;
	enum kfrag_error error;
	size_t first;

	*ticks = 0;
	*is_steady = false;
	if (!pilot)
		return KFRAG_ENOMEM;
	error = kfrag_sim_init(&sim, params, seed);
	if (!error) {
		kfrag_sim_note(&sim);
		watch(pilot, &sim);
		error = sim.error;
	}
	if (!error) {
		*is_steady = judge(pilot, &first);
		*ticks = *is_steady ? pilot->starts[first] : sim.now / 2;
	}
	kfrag_sim_release(&sim);
	free(pilot);
	return error;
}
