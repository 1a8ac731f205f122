// SPDX-License-Identifier: MIT
/*
 * Buddy + slab: every object in a slot of its cache's slabs, which come from
 * a buddy allocator of the same size as that of buddy only. The slab
 * allocator itself knows which slots are allocated, so choosing objects at
 * random is one pass over its slabs.
 */
#include <stdlib.h>

#include "kfrag/arith.h"
#include "kfrag/slab.h"
#include "replay/map_pages.h"
#include "replay/side.h"

struct run {
	const struct kfrag_workload *workload;
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache **slab_caches; /* NULL: slabs not to be had */
	struct kfrag_bit_reader *readers; /* by a slab cache's own index */
	struct kfrag_map_slots *slots; /* by the same */
	struct kfrag_words chosen;
	struct kfrag_side_cache *caches; /* as they are now */
	uint64_t failed_fragmented_objs;
};

static uint64_t live_objs(const void *context, size_t cache)
{
	const struct run *run = context;

	return run->slab_caches[cache] ?
		       kfrag_slab_cache_nr_objs(run->slab_caches[cache]) :
		       0;
}

static enum kfrag_error make_caches(struct run *run,
				    const struct kfrag_replay_params *params)
{
	const struct kfrag_workload *workload = run->workload;

	for (size_t i = 0; i < workload->nr_caches; i++) {
		const struct kfrag_workload_cache *cache = &workload->caches[i];
		struct kfrag_slab_cache_params slab_params = {
			.size_bytes = cache->size_bytes,
			.objs_per_slab = (uint32_t)cache->objs_per_slab,
			.order = cache->slab_order,
			.min_partial_slabs = params->min_partial_slabs,
			.policy = params->policy,
		};
		enum kfrag_error error;

		if (cache->nr_peak_objs == 0 ||
		    !kfrag_workload_has_slabs(workload, cache))
			continue;
		error = kfrag_slab_cache_create(&run->slab_caches[i], run->slab,
						&slab_params);
		if (error)
			return error;
		kfrag_slab_cache_seed(run->slab_caches[i], params->seed + i);
		run->slots[kfrag_slab_cache_index(run->slab_caches[i])] =
			(struct kfrag_map_slots){
				.size_bytes = slab_params.size_bytes,
				.objs_per_slab = slab_params.objs_per_slab,
				.order = slab_params.order,
			};
	}
	return KFRAG_OK;
}

static enum kfrag_error take(void *context, size_t cache, uint64_t nr_objs)
{
	struct run *run = context;
	uint64_t got;

	/* Refused however much memory is free, so never for its being cut. */
	if (!run->slab_caches[cache]) {
		run->caches[cache].failed_objs += nr_objs;
		return KFRAG_OK;
	}
	got = kfrag_slab_alloc_bulk(run->slab_caches[cache], nr_objs, NULL);
	if (got < nr_objs)
		kfrag_side_note_refusal(&run->caches[cache],
					&run->failed_fragmented_objs,
					run->buddy,
					run->workload->caches[cache].slab_order,
					nr_objs - got);
	return kfrag_slab_host_error(run->slab);
}

/* Words for the choice among the objects of a cache; 0: none is to go. */
static size_t words_of_choice(const struct run *run, size_t cache)
{
	uint64_t nr_live = live_objs(run, cache);

	if (nr_live <= run->workload->caches[cache].nr_settled_objs)
		return 0;
	return (size_t)(nr_live / 64) + 2;
}

static void choose(struct run *run, struct kfrag_random *random)
{
	uint64_t *words = run->chosen.words;

	for (size_t i = 0; i < run->workload->nr_caches; i++) {
		size_t nr_words = words_of_choice(run, i);
		uint64_t nr_live = live_objs(run, i);
		struct kfrag_bit_reader *reader;

		if (nr_words == 0)
			continue;
		kfrag_choose(random, words, nr_live,
			     nr_live -
				     run->workload->caches[i].nr_settled_objs);
		reader = &run->readers[kfrag_slab_cache_index(
			run->slab_caches[i])];
		*reader = (struct kfrag_bit_reader){ .words = words };
		words += nr_words;
	}
}

static enum kfrag_error settle(void *context, bool is_last,
			       struct kfrag_random *random)
{
	struct run *run = context;
	size_t nr_words = 0;

	(void)is_last;
	for (size_t i = 0; i < run->workload->nr_caches; i++) {
		run->readers[i] = (struct kfrag_bit_reader){ 0 };
		nr_words += words_of_choice(run, i);
	}
	if (nr_words == 0)
		return KFRAG_OK;
	if (!kfrag_words_reserve(&run->chosen, nr_words))
		return KFRAG_ENOMEM;
	choose(run, random);
	kfrag_slab_free_chosen(run->slab, run->readers);
	return KFRAG_OK;
}

static void note_state(const void *context, struct kfrag_side_state *state)
{
	const struct run *run = context;

	kfrag_side_note_free(state, run->buddy);
	state->bitmap_bytes = kfrag_buddy_bitmap_bytes(run->buddy) +
			      kfrag_slab_bitmap_bytes(run->slab);
	state->bookkeeping_bytes = kfrag_buddy_bookkeeping_bytes(run->buddy) +
				   kfrag_slab_bookkeeping_bytes(run->slab);
	state->failed_fragmented_objs = run->failed_fragmented_objs;
	for (size_t i = 0; i < run->workload->nr_caches; i++) {
		const struct kfrag_slab_cache *cache = run->slab_caches[i];

		state->caches[i].live_objs = live_objs(run, i);
		state->caches[i].held_blocks =
			cache ? kfrag_slab_cache_nr_slabs(cache) : 0;
		state->caches[i].failed_objs = run->caches[i].failed_objs;
	}
}

static void draw_map(const void *context, struct kfrag_memory_map *map)
{
	const struct run *run = context;

	kfrag_map_free_blocks(map, run->buddy);
	kfrag_map_slabs(map, run->slab, run->slots,
			run->workload->page_size_bytes);
}

static const struct kfrag_side_ops ops = {
	.allocator = KFRAG_SLAB,
	.stream = KFRAG_STREAM_SLAB,
	.create_phase = "slab create",
	.fill_phase = "slab fill",
	.settle_phase = "slab settle",
	.map_phase = "slab map",
	.live_objs = live_objs,
	.take = take,
	.settle = settle,
	.note_state = note_state,
	.draw_map = draw_map,
};

static void note_activity(const struct run *run,
			  struct kfrag_activity *activity)
{
	struct kfrag_buddy_stats buddy = kfrag_buddy_stats(run->buddy);
	struct kfrag_slab_stats slab = kfrag_slab_stats(run->slab);

	*activity = (struct kfrag_activity){
		.nr_splits = buddy.nr_splits,
		.nr_merges = buddy.nr_merges,
		.nr_slabs_made = slab.nr_slabs_made,
		.nr_slabs_returned = slab.nr_slabs_returned,
	};
}

enum kfrag_error kfrag_replay_slab(struct kfrag_side *side,
				   const struct kfrag_workload *workload,
				   const struct kfrag_replay_params *params,
				   uint64_t nr_pages)
{
	size_t nr_caches = workload->nr_caches ? workload->nr_caches : 1;
	struct run run = { .workload = workload };
	enum kfrag_error error = KFRAG_ENOMEM;

	run.slab_caches = calloc(nr_caches, sizeof(struct kfrag_slab_cache *));
	run.readers = calloc(nr_caches, sizeof(*run.readers));
	run.slots = calloc(nr_caches, sizeof(*run.slots));
	run.caches = calloc(nr_caches, sizeof(*run.caches));
	if (!run.slab_caches || !run.readers || !run.slots || !run.caches)
		goto out;
	error = kfrag_buddy_create_placed(&run.buddy, nr_pages,
					  params->max_order, params->placement);
	if (!error)
		error = kfrag_slab_create(&run.slab,
					  kfrag_buddy_page_source(run.buddy),
					  nr_pages, workload->page_size_bytes);
	if (!error)
		error = make_caches(&run, params);
	if (!error)
		error = kfrag_side_play(side, workload, params, nr_pages, &ops,
					&run);
	if (error)
		goto out;
	note_activity(&run, &side->activity);
	side->replayed = true;
out:
	kfrag_slab_discard(run.slab);
	kfrag_buddy_destroy(run.buddy);
	free(run.slab_caches);
	free(run.readers);
	free(run.slots);
	free(run.chosen.words);
	free(run.caches);
	return error;
}
