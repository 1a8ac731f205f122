/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_H
#define KFRAG_REPLAY_H

#include <stddef.h>
#include <stdint.h>

#include "kfrag/buddy.h"
#include "kfrag/error.h"
#include "kfrag/memory_map.h"
#include "kfrag/report.h"
#include "kfrag/slab_policy.h"
#include "kfrag/snapshot.h"

/*
 * What is replayed object by object: up to so many managed pages, slabs and
 * slots (the slots' bitmaps then take 512 MiB).
 * Beyond, the figures are counted (src/replay/counted.c).
 */
#define KFRAG_REPLAY_MAX_PAGES (UINT64_C(1) << 30)
#define KFRAG_REPLAY_MAX_SLABS (UINT64_C(1) << 27)
#define KFRAG_REPLAY_MAX_SLOTS (UINT64_C(1) << 32)

/* Which of its maps a replay shows. */
struct kfrag_map_moment {
	enum kfrag_allocator allocator; /* KFRAG_BUDDY, then KFRAG_SLAB */
	uint64_t round; /* from 0 */
	/* KFRAG_PEAK: frame of nr_frames parts of the fill are done. */
	enum kfrag_state state;
	unsigned frame; /* 1..nr_frames; 0 when settled */
	unsigned nr_frames;
};

/*
 * Hears what the replay has just done, for those who keep time: "buddy fill",
 * "slab settle", ... Texts are static; rounds repeat them.
 */
struct kfrag_replay_listener {
	void (*end_of_phase)(void *context, const char *phase); /* or NULL */
	void *context;
};

/*
 * Maps of the managed memory while it is replayed, of which the report does
 * not change. Where the figures are counted there are none.
 */
struct kfrag_replay_maps {
	size_t max_bins; /* of each map; 0: no maps */
	/*
	 * Maps of each fill of each round, the last of them at the peak, beside
	 * one after each settling. 0: only one after the last settling.
	 */
	unsigned frames_per_fill;
	/*
	 * Sees each map, which is the replay's and gone after the call. An
	 * error ends the replay, which returns it.
	 */
	enum kfrag_error (*on_map)(void *context,
				   const struct kfrag_map_moment *moment,
				   const struct kfrag_memory_map *map);
	void *context;
};

struct kfrag_replay_params {
	/* A power of two, KFRAG_MIN_PAGE_BYTES .. KFRAG_MAX_PAGE_BYTES. */
	uint64_t page_size_bytes;
	uint64_t memory_bytes; /* 0: the smallest power of two that holds */
	unsigned max_order; /* 0..KFRAG_MAX_ORDER */
	uint64_t seed;
	uint64_t rounds; /* >= 1 */
	uint64_t min_partial_slabs;
	enum kfrag_buddy_placement placement;
	const struct kfrag_slab_policy *policy;
	struct kfrag_replay_maps maps;
	struct kfrag_replay_listener listener;
};

/*
 * page_size_bytes 4096, max_order 10, seed 1, rounds 1, KFRAG_BUDDY_ADDRESS,
 * the default policy, no maps.
 */
void kfrag_replay_params_init(struct kfrag_replay_params *params);

/*
 * Replays the snapshot's populations through buddy only and buddy + slab and
 * fills in the report. Its names point into the snapshot's recording, which
 * must outlive it; rows are the caller's to release.
 *
 * KFRAG_EINVAL: params break a rule above, or memory_bytes is no multiple of
 * the page size. KFRAG_EOVERFLOW: the populations add up to more than 2^62
 * bytes (*offender is then the index of the record that went over).
 * KFRAG_ERANGE: too large to replay, and memory_bytes too small to count.
 * KFRAG_ENOMEM. What on_map() returns. After an error the report is empty.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_report_create(struct kfrag_report *report,
		    const struct kfrag_snapshot *snapshot,
		    const struct kfrag_replay_params *params, size_t *offender);

#endif
