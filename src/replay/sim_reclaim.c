// SPDX-License-Identifier: MIT
/* What the kernel takes back under pressure, before its time. */
#include <stdlib.h>

#include "replay/sim_impl.h"

static void take_back(struct kfrag_sim *sim, uint32_t object)
{
	bool has_death = sim->objects[object].has_death;

	kfrag_sim_death(sim, object);
	/* Else its entry in the heap still names it. */
	if (!has_death)
		kfrag_sim_forget(sim, object);
}

static uint32_t any_object(struct kfrag_sim *sim)
{
	return sim->living[kfrag_random_below(&sim->random[KFRAG_SIM_RECLAIMS],
					      sim->nr_living)];
}

/* ------------------------------------------------------------ whole slabs */

struct resident {
	uint64_t pfn; /* of its slab */
	uint32_t object;
};

/* All objects by slab, and where each slab's begin. */
struct residents {
	struct resident *list;
	size_t nr_residents;
	size_t *slabs; /* index of the first of each */
	size_t nr_slabs; /* that still have objects */
};

static uint64_t slab_of(const struct kfrag_sim *sim, uint32_t object)
{
	const struct kfrag_sim_object *of = &sim->objects[object];
	unsigned order = sim->params->classes[of->class_index].order;

	return of->address / sim->params->page_units >> order << order;
}

static int by_slab(const void *a, const void *b)
{
	const struct resident *one = a, *other = b;

	if (one->pfn != other->pfn)
		return one->pfn < other->pfn ? -1 : 1;
	return one->object < other->object ? -1 : one->object > other->object;
}

static bool residents_init(struct residents *residents,
			   const struct kfrag_sim *sim)
{
	size_t nr_living = sim->nr_living;

	*residents = (struct residents){ .nr_residents = nr_living };
	residents->list = calloc(nr_living + 1, sizeof(*residents->list));
	residents->slabs = calloc(nr_living + 1, sizeof(*residents->slabs));
	if (!residents->list || !residents->slabs)
		return false;
	for (size_t i = 0; i < nr_living; i++) {
		residents->list[i].object = sim->living[i];
		residents->list[i].pfn = slab_of(sim, sim->living[i]);
	}
	qsort(residents->list, nr_living, sizeof(*residents->list), by_slab);
	for (size_t i = 0; i < nr_living; i++)
		if (i == 0 ||
		    residents->list[i].pfn != residents->list[i - 1].pfn)
			residents->slabs[residents->nr_slabs++] = i;
	return true;
}

static void residents_release(struct residents *residents)
{
	free(residents->list);
	free(residents->slabs);
}

/* Objects of a slab of the list. */
static size_t nr_in(const struct residents *residents, size_t slab)
{
	size_t first = residents->slabs[slab], last = first + 1;

	while (last < residents->nr_residents &&
	       residents->list[last].pfn == residents->list[first].pfn)
		last++;
	return last - first;
}

static size_t choose_slab(const struct residents *residents,
			  struct kfrag_sim *sim, uint64_t nr_choices)
{
	struct kfrag_random *random = &sim->random[KFRAG_SIM_RECLAIMS];
	size_t best = (size_t)kfrag_random_below(random, residents->nr_slabs);

	for (uint64_t i = 1; i < nr_choices; i++) {
		size_t slab =
			(size_t)kfrag_random_below(random, residents->nr_slabs);

		if (nr_in(residents, slab) < nr_in(residents, best))
			best = slab;
	}
	return best;
}

/* Objects of a slab go until nr_left are left. */
static void clear_slab(struct kfrag_sim *sim, const struct residents *residents,
		       size_t first, uint64_t nr_left)
{
	uint64_t pfn = residents->list[first].pfn;

	for (size_t i = first;
	     i < residents->nr_residents && residents->list[i].pfn == pfn &&
	     sim->nr_living > nr_left;
	     i++)
		take_back(sim, residents->list[i].object);
}

static void reclaim_best(struct kfrag_sim *sim, struct residents *residents,
			 uint64_t nr_choices, uint64_t nr_left)
{
	while (sim->nr_living > nr_left) {
		size_t slab = choose_slab(residents, sim, nr_choices);

		clear_slab(sim, residents, residents->slabs[slab], nr_left);
		residents->slabs[slab] =
			residents->slabs[--residents->nr_slabs];
	}
}

static void reclaim_emptiest(struct kfrag_sim *sim,
			     const struct residents *residents,
			     uint64_t nr_left)
{
	/* By how many they hold; there is none of 0. */
	for (size_t nr = 1; sim->nr_living > nr_left; nr++)
		for (size_t i = 0;
		     i < residents->nr_slabs && sim->nr_living > nr_left; i++)
			if (nr_in(residents, i) == nr)
				clear_slab(sim, residents, residents->slabs[i],
					   nr_left);
}

void kfrag_sim_reclaim(struct kfrag_sim *sim,
		       const struct kfrag_sim_phase *phase, uint64_t nr_left)
{
	struct residents residents;

	if (!sim->slab || phase->victims == KFRAG_SIM_VICTIMS_RANDOM) {
		while (sim->nr_living > nr_left)
			take_back(sim, any_object(sim));
		return;
	}
	if (!residents_init(&residents, sim))
		sim->error = KFRAG_ENOMEM;
	else if (phase->victims == KFRAG_SIM_VICTIMS_EMPTIEST)
		reclaim_emptiest(sim, &residents, nr_left);
	else
		reclaim_best(sim, &residents, phase->nr_choices, nr_left);
	residents_release(&residents);
}
