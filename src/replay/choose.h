/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_CHOOSE_H
#define KFRAG_REPLAY_CHOOSE_H

#include <stdint.h>

#include "kfrag/random.h"

/*
 * Chooses nr_chosen of nr_left objects uniformly at random while they pass
 * by once, in any order (selection sampling: C. Fan, M. Muller, I. Rezucha
 * 1962; Knuth, TAOCP 2, 3.4.2, algorithm S). Every subset is equally likely.
 */
struct kfrag_choice {
	uint64_t nr_left; /* objects still to pass by */
	uint64_t nr_chosen; /* of which so many are still to be chosen */
};

/* The chosen ones among the objects that are the bits of mask. */
uint64_t kfrag_choose(struct kfrag_choice *choice, struct kfrag_random *random,
		      uint64_t mask);

/*
 * A generator of its own for each purpose of a run, so that what one part of
 * the replay draws never shifts what another part sees.
 */
enum kfrag_stream {
	KFRAG_STREAM_FILL,
	KFRAG_STREAM_BUDDY,
	KFRAG_STREAM_SLAB,
	KFRAG_NR_STREAMS
};

uint64_t kfrag_stream_seed(uint64_t seed, uint64_t round,
			   enum kfrag_stream stream);

#endif
