// SPDX-License-Identifier: MIT
/* Scripts of requests to the buddy system, run. */
#include "kfrag/sim_script.h"

#include <stdlib.h>

#include "kfrag/random.h"

#define NOWHERE SIZE_MAX

struct block {
	uint64_t pfn;
	unsigned order;
	size_t name; /* NOWHERE: it has none */
	bool is_dead; /* to be swept */
};

struct run {
	const struct kfrag_sim_script *script;
	struct kfrag_sim_outcome *outcome;
	struct kfrag_buddy *buddy;
	struct kfrag_random random;
	enum kfrag_buddy_placement placement;
	struct block *blocks; /* by age */
	size_t nr_blocks;
	size_t nr_dead; /* of them */
	size_t room;
	size_t *places; /* by name: its block, or NOWHERE */
	bool *is_touched; /* by largest block */
	uint64_t *nr_left; /* by step: what a repeat has to go */
	uint64_t nr_steps; /* that were made */
	enum kfrag_error error;
};

/* ------------------------------------------------------------------ blocks */

static bool add_block(struct run *run, struct block block)
{
	if (run->nr_blocks == run->room) {
		size_t room = run->room * 2 + 64;
		struct block *grown =
			realloc(run->blocks, room * sizeof(*grown));

		if (!grown) {
			run->error = KFRAG_ENOMEM;
			return false;
		}
		run->blocks = grown;
		run->room = room;
	}
	run->blocks[run->nr_blocks++] = block;
	return true;
}

static void note_block(struct run *run, const struct block *block)
{
	uint64_t *of = run->outcome->of;
	uint64_t units = UINT64_C(1) << block->order;
	uint64_t root = block->pfn >> run->script->max_order;

	of[KFRAG_SIM_FIGURE_LIVE] += units;
	if (of[KFRAG_SIM_FIGURE_LIVE] > of[KFRAG_SIM_FIGURE_PEAK])
		of[KFRAG_SIM_FIGURE_PEAK] = of[KFRAG_SIM_FIGURE_LIVE];
	if (block->pfn + units > of[KFRAG_SIM_FIGURE_HIGH_WATER])
		of[KFRAG_SIM_FIGURE_HIGH_WATER] = block->pfn + units;
	if (!run->is_touched[root])
		of[KFRAG_SIM_FIGURE_TOUCHED] += UINT64_C(1)
						<< run->script->max_order;
	run->is_touched[root] = true;
}

/* Returns false where there is no room, which is a result. */
static bool take(struct run *run, unsigned order, size_t name)
{
	struct block block = { .order = order, .name = name };

	run->outcome->of[KFRAG_SIM_FIGURE_REQUESTS]++;
	if (!kfrag_buddy_alloc(run->buddy, order, &block.pfn)) {
		run->outcome->of[KFRAG_SIM_FIGURE_FAILED]++;
		return false;
	}
	if (!add_block(run, block))
		return false;
	note_block(run, &block);
	return true;
}

static void give(struct run *run, struct block *block)
{
	kfrag_buddy_free(run->buddy, block->order, block->pfn);
	run->outcome->of[KFRAG_SIM_FIGURE_LIVE] -= UINT64_C(1) << block->order;
	block->is_dead = true;
	run->nr_dead++;
	if (block->name != NOWHERE)
		run->places[block->name] = NOWHERE;
}

/* Dead blocks leave the list. */
static void sweep(struct run *run)
{
	size_t nr_kept = 0;

	for (size_t i = 0; i < run->nr_blocks; i++) {
		struct block block = run->blocks[i];

		if (block.is_dead)
			continue;
		if (block.name != NOWHERE)
			run->places[block.name] = nr_kept;
		run->blocks[nr_kept++] = block;
	}
	run->nr_blocks = nr_kept;
	run->nr_dead = 0;
}

/* ------------------------------------------------------------------- verbs */

/* So many steps more; false where that is too many. */
static bool spend(struct run *run, uint64_t nr)
{
	run->nr_steps += nr;
	if (run->nr_steps <= KFRAG_SIM_MAX_STEPS)
		return true;
	run->error = KFRAG_ERANGE;
	return false;
}

static void refuse(struct run *run, const struct kfrag_sim_step *step)
{
	run->outcome->wrong_line = step->line;
	run->error = KFRAG_EINVAL;
}

static void alloc_named(struct run *run, const struct kfrag_sim_step *step)
{
	if (run->places[step->name] != NOWHERE)
		refuse(run, step);
	else if (take(run, step->order, step->name))
		run->places[step->name] = run->nr_blocks - 1;
}

static void free_named(struct run *run, const struct kfrag_sim_step *step)
{
	size_t place = run->places[step->name];

	if (place == NOWHERE) {
		refuse(run, step);
		return;
	}
	give(run, &run->blocks[place]);
	if (run->nr_dead > run->nr_blocks / 2)
		sweep(run);
}

static void take_many(struct run *run, const struct kfrag_sim_step *step)
{
	if (!spend(run, step->number))
		return;
	for (uint64_t i = 0; i < step->number && !run->error; i++)
		(void)take(run, step->order, NOWHERE);
}

static void fill(struct run *run, const struct kfrag_sim_step *step)
{
	const uint64_t *live = &run->outcome->of[KFRAG_SIM_FIGURE_LIVE];
	uint64_t units = UINT64_C(1) << step->order;

	while (*live + units <= run->script->live_units && spend(run, 1) &&
	       take(run, step->order, NOWHERE))
		;
}

/* Of the live blocks, from the oldest on: nr_left are left of them. */
static bool is_chosen(struct run *run, const struct kfrag_sim_step *step,
		      const struct block *block, uint64_t nr_wanted,
		      uint64_t nr_left)
{
	switch ((enum kfrag_sim_drop)step->what) {
	case KFRAG_SIM_DROP_UNALIGNED:
		return block->pfn % step->number != 0;
	case KFRAG_SIM_DROP_RANDOM:
		return kfrag_random_below(&run->random, nr_left) < nr_wanted;
	case KFRAG_SIM_DROP_OLDEST:
		return nr_wanted > 0;
	case KFRAG_SIM_DROP_NEWEST:
		return nr_left <= nr_wanted;
	default:
		return true;
	}
}

static void drop(struct run *run, const struct kfrag_sim_step *step)
{
	uint64_t nr_wanted = step->number;

	sweep(run);
	if (!spend(run, run->nr_blocks))
		return;
	for (size_t i = 0; i < run->nr_blocks; i++) {
		struct block *block = &run->blocks[i];

		if (!is_chosen(run, step, block, nr_wanted, run->nr_blocks - i))
			continue;
		give(run, block);
		nr_wanted -= nr_wanted > 0;
	}
	sweep(run);
}

static void expect(struct run *run, const struct kfrag_sim_step *step)
{
	struct kfrag_sim_outcome *outcome = run->outcome;
	uint64_t seen = outcome->of[step->what];

	if (step->is_placed && step->placement != run->placement)
		return;
	outcome->nr_expected++;
	if (seen == step->number)
		return;
	if (outcome->nr_wrong++ > 0)
		return;
	outcome->wrong_line = step->line;
	outcome->wrong_figure = (enum kfrag_sim_figure)step->what;
	outcome->wanted = step->number;
	outcome->seen = seen;
}

/* -------------------------------------------------------------------- runs */

/* Returns the step after it. */
static size_t make_step(struct run *run, size_t at)
{
	const struct kfrag_sim_step *step = &run->script->steps[at];

	switch (step->verb) {
	case KFRAG_SIM_ALLOC:
		alloc_named(run, step);
		break;
	case KFRAG_SIM_FREE:
		free_named(run, step);
		break;
	case KFRAG_SIM_TAKE:
		take_many(run, step);
		break;
	case KFRAG_SIM_FILL:
		fill(run, step);
		break;
	case KFRAG_SIM_DROP:
		drop(run, step);
		break;
	case KFRAG_SIM_REPEAT:
		run->nr_left[at] = step->number;
		break;
	case KFRAG_SIM_END:
		if (--run->nr_left[step->match] > 0)
			return step->match + 1;
		break;
	case KFRAG_SIM_EXPECT:
		expect(run, step);
		break;
	}
	return at + 1;
}

static enum kfrag_error run_init(struct run *run)
{
	const struct kfrag_sim_script *script = run->script;
	size_t nr_roots = (size_t)(script->memory_units >> script->max_order);

	run->places = calloc(script->nr_names + 1, sizeof(*run->places));
	run->is_touched = calloc(nr_roots + 1, sizeof(*run->is_touched));
	run->nr_left = calloc(script->nr_steps, sizeof(*run->nr_left));
	if (!run->places || !run->is_touched || !run->nr_left)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < script->nr_names; i++)
		run->places[i] = NOWHERE;
	return kfrag_buddy_create_placed(&run->buddy, script->memory_units,
					 script->max_order, run->placement);
}

enum kfrag_error kfrag_sim_script_run(struct kfrag_sim_outcome *outcome,
				      const struct kfrag_sim_script *script,
				      enum kfrag_buddy_placement placement,
				      uint64_t seed)
{
	struct run run = {
		.script = script,
		.outcome = outcome,
		.placement = placement,
	};

	*outcome = (struct kfrag_sim_outcome){ 0 };
	kfrag_random_init(&run.random, seed);
	run.error = run_init(&run);
	for (size_t at = 0; at < script->nr_steps && !run.error;)
		if (spend(&run, 1))
			at = make_step(&run, at);
	kfrag_buddy_destroy(run.buddy);
	free(run.blocks);
	free(run.places);
	free(run.is_touched);
	free(run.nr_left);
	return run.error;
}
