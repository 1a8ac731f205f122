/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_SIDE_H
#define KFRAG_REPLAY_SIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "kfrag/buddy.h"
#include "kfrag/replay.h"
#include "kfrag/workload.h"
#include "replay/choose.h"

/*
 * One side of the replay: what one allocator makes of a workload. Both sides
 * leave the same figures behind, from which report.c makes its rows.
 */
struct kfrag_side_cache {
	uint64_t live_objs;
	uint64_t held_blocks; /* own blocks of buddy only, or slabs */
	uint64_t failed_objs; /* refused since the start of the replay */
};

struct kfrag_side_state {
	struct kfrag_side_cache *caches; /* owned, as the workload's */
	uint64_t nr_free[KFRAG_MAX_ORDER + 1];
	uint64_t bitmap_bytes;
	uint64_t bookkeeping_bytes;
	uint64_t failed_fragmented_objs;
};

struct kfrag_side {
	struct kfrag_side_state states[KFRAG_NR_STATES];
	struct kfrag_activity activity;
	/* False: counted, not replayed; no nr_free, bitmaps and activity. */
	bool replayed;
};

/* KFRAG_ENOMEM leaves an empty side. */
KFRAG_MUST_CHECK enum kfrag_error kfrag_side_init(struct kfrag_side *side,
						  size_t nr_caches);
void kfrag_side_release(struct kfrag_side *side);

/* Free blocks per order, of the allocator as it is now. */
void kfrag_side_note_free(struct kfrag_side_state *state,
			  const struct kfrag_buddy *buddy);

/*
 * Counts objects that the allocator refused; `order` is of the block that
 * one of them asked for.
 */
void kfrag_side_note_refusal(struct kfrag_side_cache *cache,
			     uint64_t *failed_fragmented_objs,
			     const struct kfrag_buddy *buddy, unsigned order,
			     uint64_t nr_objs);

/*
 * What an allocator does in a replay; the rounds, the order of the fill and
 * the random numbers are the same for all (kfrag_side_play).
 */
struct kfrag_side_ops {
	enum kfrag_allocator allocator;
	enum kfrag_stream stream; /* of the random choice in settle() */
	/* Names of phases, for a listener. */
	const char *create_phase; /* all before the first fill */
	const char *fill_phase;
	const char *settle_phase;
	const char *map_phase;
	uint64_t (*live_objs)(const void *run, size_t cache);
	/* Allocates nr_objs (>= 1) objects, or counts the refused ones. */
	enum kfrag_error (*take)(void *run, size_t cache, uint64_t nr_objs);
	/*
	 * Frees at random until each cache is down to its settled objects;
	 * is_last: nothing but note_state() and draw_map() follows.
	 */
	enum kfrag_error (*settle)(void *run, bool is_last,
				   struct kfrag_random *random);
	void (*note_state)(const void *run, struct kfrag_side_state *state);
	/* Everything but the live pages, which are the background. */
	void (*draw_map)(const void *run, struct kfrag_memory_map *map);
};

/*
 * Plays params->rounds rounds of fill and settle; KFRAG_ENOMEM, or what
 * on_map() returns.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_side_play(struct kfrag_side *side, const struct kfrag_workload *workload,
		const struct kfrag_replay_params *params, uint64_t nr_pages,
		const struct kfrag_side_ops *ops, void *run);

/*
 * Both replay the workload in nr_pages pages. The side is initialised, and
 * filled in by it. KFRAG_ENOMEM, or what on_map() returns.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_replay_buddy(struct kfrag_side *side,
		   const struct kfrag_workload *workload,
		   const struct kfrag_replay_params *params, uint64_t nr_pages);
KFRAG_MUST_CHECK enum kfrag_error
kfrag_replay_slab(struct kfrag_side *side,
		  const struct kfrag_workload *workload,
		  const struct kfrag_replay_params *params, uint64_t nr_pages);

/*
 * The same without replaying, where that would take too long: theory at the
 * head of counted.c. The memory must hold the whole peak.
 */
void kfrag_count_buddy(struct kfrag_side *side,
		       const struct kfrag_workload *workload);
void kfrag_count_slab(struct kfrag_side *side,
		      const struct kfrag_workload *workload,
		      uint64_t min_partial_slabs);

#endif
