// SPDX-License-Identifier: MIT
/*
 * Buddy only: every object in a block of its own. The allocator remembers
 * nothing about allocated blocks, so the replay does: per cache, words of 64
 * neighbouring blocks with a bit for each that the cache owns. Runs of blocks
 * stay cheap that way, and choosing some of them at random is one pass.
 */
#include <stdlib.h>

#include "kfrag/arith.h"
#include "replay/side.h"

struct owner {
	uint64_t *masks; /* none of them 0 */
	uint64_t *blocks; /* number of the block that bit 0 stands for */
	size_t nr_words; /* of both */
	size_t capacity;
	uint64_t nr_objs; /* set bits of all masks */
};

struct run {
	const struct kfrag_workload *workload;
	struct kfrag_buddy *buddy;
	struct owner *owners;
	struct kfrag_words chosen;
	struct kfrag_side_cache *caches; /* as they are now */
	uint64_t failed_fragmented_objs;
};

static bool resize(uint64_t **words, size_t nr_words)
{
	uint64_t *resized;
	size_t nr_bytes;

	if (__builtin_mul_overflow(nr_words, sizeof(**words), &nr_bytes))
		return false;
	resized = realloc(*words, nr_bytes);
	if (resized)
		*words = resized;
	return resized != NULL;
}

static bool reserve_words(struct owner *owner, uint64_t nr_more)
{
	size_t capacity = owner->capacity ? owner->capacity : 4;

	if (nr_more <= owner->capacity - owner->nr_words)
		return true;
	while (capacity - owner->nr_words < nr_more) {
		if (capacity > SIZE_MAX / 2)
			return false;
		capacity *= 2;
	}
	if (!resize(&owner->masks, capacity) ||
	    !resize(&owner->blocks, capacity))
		return false;
	owner->capacity = capacity;
	return true;
}

/* The cache owns nr_blocks more blocks from number `block` on. */
static enum kfrag_error own(struct owner *owner, uint64_t block,
			    uint64_t nr_blocks)
{
	if (!reserve_words(owner, kfrag_div_up(nr_blocks, 64)))
		return KFRAG_ENOMEM;
	owner->nr_objs += nr_blocks;
	while (nr_blocks > 0) {
		uint64_t here = nr_blocks < 64 ? nr_blocks : 64;

		owner->masks[owner->nr_words] = UINT64_MAX >> (64 - here);
		owner->blocks[owner->nr_words++] = block;
		block += here;
		nr_blocks -= here;
	}
	return KFRAG_OK;
}

static enum kfrag_error take(void *context, size_t cache, uint64_t nr_objs)
{
	struct run *run = context;
	unsigned order = run->workload->caches[cache].buddy_order;

	while (nr_objs > 0) {
		uint64_t pfn, got;

		got = kfrag_buddy_alloc_run(run->buddy, order, nr_objs, &pfn);
		if (got == 0) {
			kfrag_side_note_refusal(&run->caches[cache],
						&run->failed_fragmented_objs,
						run->buddy, order, nr_objs);
			return KFRAG_OK;
		}
		if (own(&run->owners[cache], pfn >> order, got))
			return KFRAG_ENOMEM;
		nr_objs -= got;
	}
	return KFRAG_OK;
}

/* Frees objects of the cache at random until nr_stay are left. */
static enum kfrag_error settle(struct run *run, size_t cache, uint64_t nr_stay,
			       struct kfrag_random *random)
{
	unsigned order = run->workload->caches[cache].buddy_order;
	struct owner *owner = &run->owners[cache];
	size_t nr_kept = 0;

	if (owner->nr_objs <= nr_stay)
		return KFRAG_OK;
	if (!kfrag_words_reserve(&run->chosen, owner->nr_words))
		return KFRAG_ENOMEM;
	kfrag_choose(random, owner->masks, run->chosen.words, owner->nr_words,
		     owner->nr_objs, owner->nr_objs - nr_stay);
	for (size_t i = 0; i < owner->nr_words; i++) {
		uint64_t freed = run->chosen.words[i];
		uint64_t block = owner->blocks[i];

		if (freed)
			kfrag_buddy_free_mask(run->buddy, order, block << order,
					      freed);
		owner->masks[nr_kept] = owner->masks[i] & ~freed;
		owner->blocks[nr_kept] = block;
		nr_kept += owner->masks[nr_kept] != 0;
	}
	owner->nr_words = nr_kept;
	owner->nr_objs = nr_stay;
	return KFRAG_OK;
}

static void note_state(const void *context, struct kfrag_side_state *state)
{
	const struct run *run = context;

	kfrag_side_note_free(state, run->buddy);
	state->bitmap_bytes = kfrag_buddy_bitmap_bytes(run->buddy);
	state->bookkeeping_bytes = kfrag_buddy_bookkeeping_bytes(run->buddy);
	state->failed_fragmented_objs = run->failed_fragmented_objs;
	for (size_t i = 0; i < run->workload->nr_caches; i++) {
		state->caches[i].live_objs = run->owners[i].nr_objs;
		state->caches[i].held_blocks = run->owners[i].nr_objs;
		state->caches[i].failed_objs = run->caches[i].failed_objs;
	}
}

static enum kfrag_error settle_all(void *context, struct kfrag_random *random)
{
	struct run *run = context;
	enum kfrag_error error = KFRAG_OK;

	for (size_t i = 0; !error && i < run->workload->nr_caches; i++)
		error = settle(run, i, run->workload->caches[i].nr_settled_objs,
			       random);
	return error;
}

static uint64_t live_objs(const void *context, size_t cache)
{
	const struct run *run = context;

	return run->owners[cache].nr_objs;
}

static const struct kfrag_side_ops ops = {
	.stream = KFRAG_STREAM_BUDDY,
	.live_objs = live_objs,
	.take = take,
	.settle = settle_all,
	.note_state = note_state,
};

enum kfrag_error kfrag_replay_buddy(struct kfrag_side *side,
				    const struct kfrag_workload *workload,
				    const struct kfrag_replay_params *params,
				    uint64_t nr_pages)
{
	size_t nr_caches = workload->nr_caches ? workload->nr_caches : 1;
	struct run run = { .workload = workload };
	enum kfrag_error error = KFRAG_ENOMEM;
	struct kfrag_buddy_stats stats;

	run.owners = calloc(nr_caches, sizeof(*run.owners));
	run.caches = calloc(nr_caches, sizeof(*run.caches));
	if (!run.owners || !run.caches)
		goto out;
	error = kfrag_buddy_create(&run.buddy, nr_pages, params->max_order);
	if (!error)
		error = kfrag_side_play(side, workload, params, &ops, &run);
	if (error)
		goto out;
	stats = kfrag_buddy_stats(run.buddy);
	side->activity.nr_splits = stats.nr_splits;
	side->activity.nr_merges = stats.nr_merges;
	side->replayed = true;
out:
	kfrag_buddy_destroy(run.buddy);
	for (size_t i = 0; run.owners && i < workload->nr_caches; i++) {
		free(run.owners[i].masks);
		free(run.owners[i].blocks);
	}
	free(run.chosen.words);
	free(run.owners);
	free(run.caches);
	return error;
}
