// SPDX-License-Identifier: MIT
/* D. Knuth, The Art of Computer Programming 1, 2.5, exercise 41. */
#include <stdlib.h>

#include "kfrag/random.h"
#include "kfrag/simulation.h"

struct block {
	uint64_t pfn;
	unsigned order;
};

struct exercise {
	struct kfrag_sim_knuth *outcome;
	struct kfrag_buddy *buddy;
	struct block *blocks; /* at most one per unit that lives */
	uint64_t nr_blocks;
	uint64_t live_units;
	unsigned r;
};

static enum kfrag_error
exercise_init(struct exercise *exercise, struct kfrag_sim_knuth *outcome,
	      uint64_t n, unsigned r, enum kfrag_buddy_placement placement)
{
	*outcome = (struct kfrag_sim_knuth){
		.nr_live_units = n,
		.nr_memory_units = (r + 1) * n,
	};
	*exercise = (struct exercise){ .outcome = outcome, .r = r };
	exercise->blocks = calloc((size_t)n, sizeof(*exercise->blocks));
	if (!exercise->blocks)
		return KFRAG_ENOMEM;
	return kfrag_buddy_create_placed(
		&exercise->buddy, outcome->nr_memory_units, r, placement);
}

static void exercise_release(struct exercise *exercise)
{
	kfrag_buddy_destroy(exercise->buddy);
	free(exercise->blocks);
}

static void take(struct exercise *exercise, unsigned order)
{
	struct kfrag_sim_knuth *outcome = exercise->outcome;
	struct block block = { .order = order };
	uint64_t end;

	outcome->nr_requests++;
	if (!kfrag_buddy_alloc(exercise->buddy, order, &block.pfn)) {
		outcome->nr_failed++;
		return;
	}
	exercise->blocks[exercise->nr_blocks++] = block;
	exercise->live_units += UINT64_C(1) << order;
	end = block.pfn + (UINT64_C(1) << order);
	if (end > outcome->high_water_units)
		outcome->high_water_units = end;
}

static void give(struct exercise *exercise, uint64_t which)
{
	struct block block = exercise->blocks[which];

	kfrag_buddy_free(exercise->buddy, block.order, block.pfn);
	exercise->live_units -= UINT64_C(1) << block.order;
	exercise->blocks[which] = exercise->blocks[--exercise->nr_blocks];
}

enum kfrag_error kfrag_sim_knuth_worst(struct kfrag_sim_knuth *outcome,
				       unsigned r,
				       enum kfrag_buddy_placement placement)
{
	uint64_t n = UINT64_C(2) << r;
	struct exercise exercise;
	enum kfrag_error error =
		exercise_init(&exercise, outcome, n, r, placement);

	for (uint64_t i = 0; i < n && !error; i++)
		take(&exercise, 0);
	for (unsigned k = 1; k <= r && !error; k++) {
		for (uint64_t i = exercise.nr_blocks; i-- > 0;)
			if (exercise.blocks[i].pfn % (UINT64_C(1) << k) != 0)
				give(&exercise, i);
		for (uint64_t i = 0; i < n >> (k + 1); i++)
			take(&exercise, k);
	}
	/* What was touched stays so: a block lives at its start for ever. */
	if (!error)
		outcome->nr_roots = (outcome->nr_memory_units >> r) -
				    kfrag_buddy_nr_free(exercise.buddy, r);
	exercise_release(&exercise);
	return error;
}

/* ------------------------------------------------------------------- bound */

/* Frees until `order` may live: any block, or one that merges badly. */
static void make_room(struct exercise *exercise, struct kfrag_random *random,
		      unsigned order, bool nastily)
{
	uint64_t units = UINT64_C(1) << order;

	for (int tries = 0;
	     exercise->live_units + units > exercise->outcome->nr_live_units;
	     tries++) {
		uint64_t which =
			kfrag_random_below(random, exercise->nr_blocks);

		if (nastily && tries < 40 &&
		    exercise->blocks[which].pfn % units == 0)
			continue;
		give(exercise, which);
	}
}

enum kfrag_error kfrag_sim_knuth_bound(struct kfrag_sim_knuth *outcome,
				       unsigned r,
				       enum kfrag_buddy_placement placement,
				       uint64_t nr_requests, uint64_t seed)
{
	struct kfrag_random random;
	struct exercise exercise;
	enum kfrag_error error = exercise_init(&exercise, outcome,
					       UINT64_C(3) << r, r, placement);

	kfrag_random_init(&random, seed);
	for (uint64_t i = 0; i < nr_requests && !error; i++) {
		/* By turns at random, and small ones first. */
		bool nastily = i / 500 % 2;
		unsigned order =
			nastily ? (unsigned)(i % 500 * (r + 1) / 500) :
				  (unsigned)kfrag_random_below(&random, r + 1);

		if (exercise.nr_blocks > 0 &&
		    kfrag_random_below(&random, 50) == 0)
			give(&exercise,
			     kfrag_random_below(&random, exercise.nr_blocks));
		make_room(&exercise, &random, order, nastily);
		take(&exercise, order);
	}
	exercise_release(&exercise);
	return error;
}
