/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_CHOOSE_H
#define KFRAG_REPLAY_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/random.h"

/*
 * Chooses nr_chosen of nr_objs objects, every subset of that size equally
 * likely: bit i of the row of words is whether object i is chosen, and the
 * last word's further bits are 0. Theory at the head of choose.c.
 */
void kfrag_choose(struct kfrag_random *random, uint64_t *chosen,
		  uint64_t nr_objs, uint64_t nr_chosen);

/* A buffer that grows and keeps nothing. All zero is an empty one. */
struct kfrag_words {
	uint64_t *words; /* free() it */
	size_t capacity;
};

/* Room for nr_words (>= 1); what was in the buffer is lost. */
bool kfrag_words_reserve(struct kfrag_words *buffer, size_t nr_words);

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
