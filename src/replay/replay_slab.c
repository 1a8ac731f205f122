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
#include "replay/side.h"

/*
 * The live objects of the caches that shrink, as words of slots, one cache
 * behind the other.
 */
struct settling {
	uint64_t nr_freed; /* objects to free */
	size_t first; /* of the cache's words */
	size_t nr_words; /* found so far */
};

struct slot_words {
	struct kfrag_words live;
	struct kfrag_words chosen;
	struct kfrag_words places; /* pfn << 16 | number of the word */
};

struct run {
	const struct kfrag_workload *workload;
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache **slab_caches; /* NULL: slabs not to be had */
	size_t *workload_index; /* of a slab cache by its own index */
	struct settling *settlings; /* by cache of the workload */
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
		run->workload_index[kfrag_slab_cache_index(run->slab_caches[i])] =
			i;
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

/* The workload's cache that a slab belongs to. */
static size_t cache_of(const struct run *run,
		       const struct kfrag_slab_view *view)
{
	return run->workload_index[kfrag_slab_cache_index(view->cache)];
}

static size_t words_per_slab(const struct kfrag_workload_cache *cache)
{
	return (size_t)kfrag_div_up(cache->objs_per_slab, 64);
}

/* How many objects go where; returns how many words of slots to look at. */
static size_t plan_settling(struct run *run)
{
	size_t nr_words = 0;

	for (size_t i = 0; i < run->workload->nr_caches; i++) {
		const struct kfrag_workload_cache *cache =
			&run->workload->caches[i];
		struct settling *settling = &run->settlings[i];
		uint64_t nr_live = live_objs(run, i);

		*settling = (struct settling){ .first = nr_words };
		if (nr_live <= cache->nr_settled_objs)
			continue;
		settling->nr_freed = nr_live - cache->nr_settled_objs;
		nr_words += (size_t)(kfrag_slab_cache_nr_slabs(
					     run->slab_caches[i]) *
				     words_per_slab(cache));
	}
	return nr_words;
}

static void collect_live(struct run *run, struct slot_words *words)
{
	struct kfrag_slab_view view;

	for (uint64_t pfn = 0; kfrag_slab_next(run->slab, pfn, &view);
	     pfn = view.pfn + 1) {
		size_t cache = cache_of(run, &view);
		struct settling *settling = &run->settlings[cache];
		size_t nr_words = words_per_slab(&run->workload->caches[cache]);

		if (settling->nr_freed == 0)
			continue;
		for (uint32_t word = 0; word < nr_words; word++) {
			uint64_t live =
				kfrag_slab_live_mask(run->slab, view.pfn, word);
			size_t at = settling->first + settling->nr_words;

			if (!live)
				continue;
			settling->nr_words++;
			words->live.words[at] = live;
			words->places.words[at] = view.pfn << 16 | word;
		}
	}
}

static void settle_cache(struct run *run, size_t cache,
			 const struct slot_words *words,
			 struct kfrag_random *random)
{
	const struct settling *settling = &run->settlings[cache];
	size_t end = settling->first + settling->nr_words;

	kfrag_choose(random, words->live.words + settling->first,
		     words->chosen.words + settling->first, settling->nr_words,
		     live_objs(run, cache), settling->nr_freed);
	for (size_t i = settling->first; i < end; i++) {
		uint64_t place = words->places.words[i];

		if (words->chosen.words[i])
			kfrag_slab_free_mask(run->slab, place >> 16,
					     (uint32_t)(place & 0xffff),
					     words->chosen.words[i]);
	}
}

static enum kfrag_error settle(void *context, struct kfrag_random *random)
{
	struct run *run = context;
	struct slot_words words = { 0 };
	size_t nr_words = plan_settling(run);
	enum kfrag_error error = KFRAG_OK;

	if (nr_words == 0)
		return KFRAG_OK;
	if (!kfrag_words_reserve(&words.live, nr_words) ||
	    !kfrag_words_reserve(&words.chosen, nr_words) ||
	    !kfrag_words_reserve(&words.places, nr_words)) {
		error = KFRAG_ENOMEM;
	} else {
		collect_live(run, &words);
		for (size_t i = 0; i < run->workload->nr_caches; i++)
			if (run->settlings[i].nr_freed > 0)
				settle_cache(run, i, &words, random);
	}
	free(words.live.words);
	free(words.chosen.words);
	free(words.places.words);
	return error;
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

static const struct kfrag_side_ops ops = {
	.stream = KFRAG_STREAM_SLAB,
	.live_objs = live_objs,
	.take = take,
	.settle = settle,
	.note_state = note_state,
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
	run.workload_index = calloc(nr_caches, sizeof(*run.workload_index));
	run.settlings = calloc(nr_caches, sizeof(*run.settlings));
	run.caches = calloc(nr_caches, sizeof(*run.caches));
	if (!run.slab_caches || !run.workload_index || !run.settlings ||
	    !run.caches)
		goto out;
	error = kfrag_buddy_create(&run.buddy, nr_pages, params->max_order);
	if (!error)
		error = kfrag_slab_create(&run.slab,
					  kfrag_buddy_page_source(run.buddy),
					  nr_pages, workload->page_size_bytes);
	if (!error)
		error = make_caches(&run, params);
	if (!error)
		error = kfrag_side_play(side, workload, params, &ops, &run);
	if (error)
		goto out;
	note_activity(&run, &side->activity);
	side->replayed = true;
out:
	kfrag_slab_destroy(run.slab);
	kfrag_buddy_destroy(run.buddy);
	free(run.slab_caches);
	free(run.workload_index);
	free(run.settlings);
	free(run.caches);
	return error;
}
