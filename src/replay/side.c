// SPDX-License-Identifier: MIT
#include "replay/side.h"

#include <stdlib.h>

enum kfrag_error kfrag_side_init(struct kfrag_side *side, size_t nr_caches)
{
	*side = (struct kfrag_side){ 0 };
	for (int state = 0; state < KFRAG_NR_STATES; state++) {
		side->states[state].caches =
			calloc(nr_caches ? nr_caches : 1,
			       sizeof(*side->states[state].caches));
		if (!side->states[state].caches) {
			kfrag_side_release(side);
			return KFRAG_ENOMEM;
		}
	}
	return KFRAG_OK;
}

void kfrag_side_release(struct kfrag_side *side)
{
	for (int state = 0; state < KFRAG_NR_STATES; state++)
		free(side->states[state].caches);
	*side = (struct kfrag_side){ 0 };
}

void kfrag_side_note_free(struct kfrag_side_state *state,
			  const struct kfrag_buddy *buddy)
{
	for (unsigned order = 0; order <= KFRAG_MAX_ORDER; order++)
		state->nr_free[order] = kfrag_buddy_nr_free(buddy, order);
}

void kfrag_side_note_refusal(struct kfrag_side_cache *cache,
			     uint64_t *failed_fragmented_objs,
			     const struct kfrag_buddy *buddy, unsigned order,
			     uint64_t nr_objs)
{
	cache->failed_objs += nr_objs;
	/* A block above max_order is refused however whole the memory is. */
	if (order <= kfrag_buddy_max_order(buddy) &&
	    kfrag_buddy_free_pages(buddy) >> order > 0)
		*failed_fragmented_objs += nr_objs;
}

static enum kfrag_error fill(const struct kfrag_workload *workload,
			     const struct kfrag_side_ops *ops, void *run,
			     uint64_t *nr_wanted, uint64_t seed)
{
	struct kfrag_fill fill;
	enum kfrag_error error;
	uint64_t nr_objs;
	size_t cache;

	for (size_t i = 0; i < workload->nr_caches; i++)
		nr_wanted[i] = workload->caches[i].nr_peak_objs -
			       ops->live_objs(run, i);
	error = kfrag_fill_init(&fill, nr_wanted, workload->nr_caches, seed);
	while (!error && kfrag_fill_next(&fill, &cache, &nr_objs))
		error = ops->take(run, cache, nr_objs);
	kfrag_fill_release(&fill);
	return error;
}

static void end_phase(const struct kfrag_replay_params *params,
		      const char *phase)
{
	if (params->listener.end_of_phase)
		params->listener.end_of_phase(params->listener.context, phase);
}

enum kfrag_error kfrag_side_play(struct kfrag_side *side,
				 const struct kfrag_workload *workload,
				 const struct kfrag_replay_params *params,
				 const struct kfrag_side_ops *ops, void *run)
{
	uint64_t *nr_wanted =
		calloc(workload->nr_caches ? workload->nr_caches : 1,
		       sizeof(*nr_wanted));
	enum kfrag_error error = nr_wanted ? KFRAG_OK : KFRAG_ENOMEM;

	end_phase(params, ops->create_phase);
	for (uint64_t round = 0; !error && round < params->rounds; round++) {
		struct kfrag_random random;

		error = fill(workload, ops, run, nr_wanted,
			     kfrag_stream_seed(params->seed, round,
					       KFRAG_STREAM_FILL));
		if (error)
			break;
		ops->note_state(run, &side->states[KFRAG_PEAK]);
		end_phase(params, ops->fill_phase);
		kfrag_random_init(&random,
				  kfrag_stream_seed(params->seed, round,
						    ops->stream));
		error = ops->settle(run, round + 1 == params->rounds, &random);
		ops->note_state(run, &side->states[KFRAG_SETTLED]);
		end_phase(params, ops->settle_phase);
	}
	free(nr_wanted);
	return error;
}
