// SPDX-License-Identifier: MIT
/*
 * Buddy only: every object in a block of its own. The allocator remembers
 * nothing about allocated blocks, so the replay does: per cache, runs of
 * neighbouring blocks as they were allocated, and after a settling words of 64
 * blocks with a bit for each that is left. Billions of objects stay cheap that
 * way, and choosing some of them at random is one pass.
 */
#include <stdlib.h>

#include "kfrag/arith.h"
#include "kfrag/bits.h"
#include "replay/map_pages.h"
#include "replay/side.h"

/* Blocks one behind the other, or those of 64 that bits are set for. */
struct run {
	uint64_t block; /* number of the first one */
	uint64_t nr_blocks;
};

struct word {
	uint64_t block; /* number of the one that bit 0 stands for */
	uint64_t mask; /* not 0 */
};

struct owner {
	struct run *runs;
	size_t nr_runs;
	size_t runs_capacity;
	struct word *words;
	size_t nr_words;
	size_t words_capacity;
	uint64_t nr_objs; /* blocks of all runs and words */
};

struct side_run {
	const struct kfrag_workload *workload;
	bool draws_maps;
	struct kfrag_buddy *buddy;
	struct owner *owners;
	struct kfrag_words chosen;
	struct kfrag_side_cache *caches; /* as they are now */
	uint64_t failed_fragmented_objs;
};

/* Room for one more, in an array that doubles. */
static bool reserve_one(void **items, size_t nr_items, size_t *capacity,
			size_t item_bytes)
{
	size_t wanted = *capacity ? *capacity * 2 : 16;
	size_t nr_bytes;
	void *grown;

	if (nr_items < *capacity)
		return true;
	if (wanted < *capacity ||
	    __builtin_mul_overflow(wanted, item_bytes, &nr_bytes))
		return false;
	grown = realloc(*items, nr_bytes);
	if (!grown)
		return false;
	*items = grown;
	*capacity = wanted;
	return true;
}

/* nr_objs is the caller's to count, here and below. */
static enum kfrag_error own_run(struct owner *owner, uint64_t block,
				uint64_t nr_blocks)
{
	if (owner->nr_runs > 0) {
		struct run *last = &owner->runs[owner->nr_runs - 1];

		if (last->block + last->nr_blocks == block) {
			last->nr_blocks += nr_blocks;
			return KFRAG_OK;
		}
	}
	if (!reserve_one((void **)&owner->runs, owner->nr_runs,
			 &owner->runs_capacity, sizeof(*owner->runs)))
		return KFRAG_ENOMEM;
	owner->runs[owner->nr_runs++] = (struct run){ block, nr_blocks };
	return KFRAG_OK;
}

static enum kfrag_error own_word(struct owner *owner, uint64_t block,
				 uint64_t mask)
{
	if (!mask)
		return KFRAG_OK;
	if (!reserve_one((void **)&owner->words, owner->nr_words,
			 &owner->words_capacity, sizeof(*owner->words)))
		return KFRAG_ENOMEM;
	owner->words[owner->nr_words++] = (struct word){ block, mask };
	return KFRAG_OK;
}

static enum kfrag_error take(void *context, size_t cache, uint64_t nr_objs)
{
	struct side_run *run = context;
	unsigned order = run->workload->caches[cache].buddy_order;

	while (nr_objs > 0) {
		struct owner *owner = &run->owners[cache];
		uint64_t pfn, mask, got;
		enum kfrag_error error;

		got = kfrag_buddy_alloc_mask(run->buddy, order, nr_objs, &pfn,
					     &mask);
		if (got == 0) {
			kfrag_side_note_refusal(&run->caches[cache],
						&run->failed_fragmented_objs,
						run->buddy, order, nr_objs);
			return KFRAG_OK;
		}
		error = mask ? own_word(owner, pfn >> order, mask) :
			       own_run(owner, pfn >> order, got);
		if (error)
			return error;
		owner->nr_objs += got;
		nr_objs -= got;
	}
	return KFRAG_OK;
}

/* Frees those blocks of the words that the bits name, in place. */
static void thin_words(struct side_run *run, struct owner *owner,
		       unsigned order, struct kfrag_bit_reader *chosen)
{
	size_t nr_kept = 0;

	for (size_t i = 0; i < owner->nr_words; i++) {
		struct word word = owner->words[i];
		uint64_t freed = kfrag_bits_deposit(
			kfrag_bits_read(chosen, kfrag_popcount(word.mask)),
			word.mask);

		if (freed)
			kfrag_buddy_free_mask(run->buddy, order,
					      word.block << order, freed);
		word.mask &= ~freed;
		owner->words[nr_kept] = word;
		nr_kept += word.mask != 0;
	}
	owner->nr_words = nr_kept;
}

/*
 * The same with the runs, which become words: of whole words of the buddy's
 * bitmap, as far as they go.
 */
static enum kfrag_error thin_runs(struct side_run *run, struct owner *owner,
				  unsigned order,
				  struct kfrag_bit_reader *chosen, bool forgets)
{
	enum kfrag_error error = KFRAG_OK;

	for (size_t i = 0; !error && i < owner->nr_runs; i++) {
		uint64_t block = owner->runs[i].block;
		uint64_t end = block + owner->runs[i].nr_blocks;

		while (!error && block < end) {
			uint64_t here = 64 - block % 64, freed;

			if (here > end - block)
				here = end - block;
			freed = kfrag_bits_read(chosen, (unsigned)here);
			if (freed)
				kfrag_buddy_free_mask(run->buddy, order,
						      block << order, freed);
			if (!forgets)
				error = own_word(owner, block,
						 ~freed & UINT64_MAX >>
								  (64 - here));
			block += here;
		}
	}
	owner->nr_runs = 0;
	return error;
}

/* Pages of a block that its object does not reach. */
static uint64_t tail_pages(const struct side_run *run, size_t cache)
{
	const struct kfrag_workload_cache *plan = &run->workload->caches[cache];

	return (UINT64_C(1) << plan->buddy_order) -
	       kfrag_div_up(plan->size_bytes, run->workload->page_size_bytes);
}

/*
 * Frees objects of the cache at random until nr_stay are left. Where no fill
 * follows, only a map may ask for those, and only for their tails.
 */
static enum kfrag_error settle(struct side_run *run, size_t cache, bool is_last,
			       struct kfrag_random *random)
{
	uint64_t nr_stay = run->workload->caches[cache].nr_settled_objs;
	unsigned order = run->workload->caches[cache].buddy_order;
	struct owner *owner = &run->owners[cache];
	struct kfrag_bit_reader chosen = { 0 };
	bool is_drawn = run->draws_maps && tail_pages(run, cache) > 0;

	if (owner->nr_objs <= nr_stay)
		return KFRAG_OK;
	if (!kfrag_words_reserve(&run->chosen,
				 (size_t)(owner->nr_objs / 64) + 2))
		return KFRAG_ENOMEM;
	kfrag_choose(random, run->chosen.words, owner->nr_objs,
		     owner->nr_objs - nr_stay);
	chosen.words = run->chosen.words;
	owner->nr_objs = nr_stay;
	thin_words(run, owner, order, &chosen);
	return thin_runs(run, owner, order, &chosen, is_last && !is_drawn);
}

static void note_state(const void *context, struct kfrag_side_state *state)
{
	const struct side_run *run = context;

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

static enum kfrag_error settle_all(void *context, bool is_last,
				   struct kfrag_random *random)
{
	struct side_run *run = context;
	enum kfrag_error error = KFRAG_OK;

	for (size_t i = 0; !error && i < run->workload->nr_caches; i++)
		error = settle(run, i, is_last, random);
	return error;
}

static uint64_t live_objs(const void *context, size_t cache)
{
	const struct side_run *run = context;

	return run->owners[cache].nr_objs;
}

/* The rest of each of the owner's blocks. */
static void draw_tails(const struct owner *owner, unsigned order,
		       uint64_t nr_pages, struct kfrag_memory_map *map)
{
	uint64_t first = (UINT64_C(1) << order) - nr_pages;

	for (size_t i = 0; i < owner->nr_words; i++)
		kfrag_memory_map_add_blocks(map, KFRAG_PAGE_TAIL,
					    owner->words[i].block << order,
					    order, owner->words[i].mask, first,
					    nr_pages);
	for (size_t i = 0; i < owner->nr_runs; i++) {
		uint64_t block = owner->runs[i].block;
		uint64_t nr_left = owner->runs[i].nr_blocks;

		while (nr_left > 0) {
			unsigned here = nr_left < 64 ? (unsigned)nr_left : 64;

			kfrag_memory_map_add_blocks(map, KFRAG_PAGE_TAIL,
						    block << order, order,
						    UINT64_MAX >> (64 - here),
						    first, nr_pages);
			block += here;
			nr_left -= here;
		}
	}
}

static void draw_map(const void *context, struct kfrag_memory_map *map)
{
	const struct side_run *run = context;

	kfrag_map_free_blocks(map, run->buddy);
	for (size_t i = 0; i < run->workload->nr_caches; i++)
		if (run->owners[i].nr_objs > 0 && tail_pages(run, i) > 0)
			draw_tails(&run->owners[i],
				   run->workload->caches[i].buddy_order,
				   tail_pages(run, i), map);
}

static const struct kfrag_side_ops ops = {
	.allocator = KFRAG_BUDDY,
	.stream = KFRAG_STREAM_BUDDY,
	.create_phase = "buddy create",
	.fill_phase = "buddy fill",
	.settle_phase = "buddy settle",
	.map_phase = "buddy map",
	.live_objs = live_objs,
	.take = take,
	.settle = settle_all,
	.note_state = note_state,
	.draw_map = draw_map,
};

enum kfrag_error kfrag_replay_buddy(struct kfrag_side *side,
				    const struct kfrag_workload *workload,
				    const struct kfrag_replay_params *params,
				    uint64_t nr_pages)
{
	size_t nr_caches = workload->nr_caches ? workload->nr_caches : 1;
	struct side_run run = {
		.workload = workload,
		.draws_maps = params->maps.max_bins > 0,
	};
	enum kfrag_error error = KFRAG_ENOMEM;
	struct kfrag_buddy_stats stats;

	run.owners = calloc(nr_caches, sizeof(*run.owners));
	run.caches = calloc(nr_caches, sizeof(*run.caches));
	if (!run.owners || !run.caches)
		goto out;
	error = kfrag_buddy_create_placed(&run.buddy, nr_pages,
					  params->max_order, params->placement);
	if (!error)
		error = kfrag_side_play(side, workload, params, nr_pages, &ops,
					&run);
	if (error)
		goto out;
	stats = kfrag_buddy_stats(run.buddy);
	side->activity.nr_splits = stats.nr_splits;
	side->activity.nr_merges = stats.nr_merges;
	side->replayed = true;
out:
	kfrag_buddy_destroy(run.buddy);
	for (size_t i = 0; run.owners && i < workload->nr_caches; i++) {
		free(run.owners[i].runs);
		free(run.owners[i].words);
	}
	free(run.chosen.words);
	free(run.owners);
	free(run.caches);
	return error;
}
