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

/* One side's rounds. */
struct play {
	const struct kfrag_workload *workload;
	const struct kfrag_replay_params *params;
	const struct kfrag_side_ops *ops;
	void *run;
	uint64_t *nr_wanted; /* by the fill */
	struct kfrag_memory_map map; /* empty where none are wanted */
	unsigned nr_frames; /* of each fill */
	uint64_t round;
};

static void end_phase(const struct play *play, const char *phase)
{
	const struct kfrag_replay_listener *listener = &play->params->listener;

	if (listener->end_of_phase)
		listener->end_of_phase(listener->context, phase);
}

static bool is_last_round(const struct play *play)
{
	return play->round + 1 == play->params->rounds;
}

static enum kfrag_error show_map(struct play *play, enum kfrag_state state,
				 unsigned frame)
{
	const struct kfrag_replay_maps *maps = &play->params->maps;
	const struct kfrag_map_moment moment = {
		.allocator = play->ops->allocator,
		.round = play->round,
		.state = state,
		.frame = frame,
		.nr_frames = play->nr_frames,
	};
	enum kfrag_error error;

	kfrag_memory_map_begin(&play->map);
	play->ops->draw_map(play->run, &play->map);
	kfrag_memory_map_end(&play->map, KFRAG_PAGE_LIVE);
	error = maps->on_map(maps->context, &moment, &play->map);
	end_phase(play, play->ops->map_phase);
	return error;
}

/* The frames that are due after so many of nr_steps steps of the fill. */
static enum kfrag_error show_due(struct play *play, unsigned *frame,
				 unsigned step, unsigned nr_steps)
{
	uint64_t all = play->nr_frames;
	enum kfrag_error error = KFRAG_OK;

	while (!error && *frame < all &&
	       (*frame + UINT64_C(1)) * nr_steps <= step * all) {
		++*frame;
		end_phase(play, play->ops->fill_phase);
		error = show_map(play, KFRAG_PEAK, *frame);
	}
	return error;
}

static enum kfrag_error fill(struct play *play)
{
	const struct kfrag_workload *workload = play->workload;
	unsigned frame = 0, step = 0;
	struct kfrag_fill fill;
	enum kfrag_error error;
	uint64_t nr_objs;
	size_t cache;

	for (size_t i = 0; i < workload->nr_caches; i++)
		play->nr_wanted[i] = workload->caches[i].nr_peak_objs -
				     play->ops->live_objs(play->run, i);
	error = kfrag_fill_init(&fill, play->nr_wanted, workload->nr_caches,
				kfrag_stream_seed(play->params->seed,
						  play->round,
						  KFRAG_STREAM_FILL));
	while (!error && kfrag_fill_next(&fill, &cache, &nr_objs)) {
		/* With the first batch of a step those before are complete. */
		if (step != fill.step)
			error = show_due(play, &frame, fill.step - 1,
					 fill.nr_steps);
		step = fill.step;
		if (!error)
			error = play->ops->take(play->run, cache, nr_objs);
	}
	if (!error)
		error = show_due(play, &frame, 1, 1);
	kfrag_fill_release(&fill);
	return error;
}

static enum kfrag_error settle(struct play *play)
{
	const struct kfrag_side_ops *ops = play->ops;
	struct kfrag_random random;

	kfrag_random_init(&random, kfrag_stream_seed(play->params->seed,
						     play->round, ops->stream));
	return ops->settle(play->run, is_last_round(play), &random);
}

static enum kfrag_error play_round(struct play *play, struct kfrag_side *side)
{
	const struct kfrag_side_ops *ops = play->ops;
	enum kfrag_error error = fill(play);

	if (error)
		return error;
	ops->note_state(play->run, &side->states[KFRAG_PEAK]);
	end_phase(play, ops->fill_phase);
	error = settle(play);
	ops->note_state(play->run, &side->states[KFRAG_SETTLED]);
	end_phase(play, ops->settle_phase);
	if (!error && play->map.bins &&
	    (play->nr_frames > 0 || is_last_round(play)))
		error = show_map(play, KFRAG_SETTLED, 0);
	return error;
}

enum kfrag_error
kfrag_side_play(struct kfrag_side *side, const struct kfrag_workload *workload,
		const struct kfrag_replay_params *params, uint64_t nr_pages,
		const struct kfrag_side_ops *ops, void *run)
{
	struct play play = {
		.workload = workload,
		.params = params,
		.ops = ops,
		.run = run,
	};
	enum kfrag_error error = KFRAG_ENOMEM;

	play.nr_wanted = calloc(workload->nr_caches ? workload->nr_caches : 1,
				sizeof(*play.nr_wanted));
	if (play.nr_wanted)
		error = KFRAG_OK;
	if (!error && params->maps.max_bins > 0) {
		play.nr_frames = params->maps.frames_per_fill;
		error = kfrag_memory_map_init(&play.map, nr_pages,
					      params->maps.max_bins);
	}
	end_phase(&play, ops->create_phase);
	for (; !error && play.round < params->rounds; play.round++)
		error = play_round(&play, side);
	kfrag_memory_map_release(&play.map);
	free(play.nr_wanted);
	return error;
}
