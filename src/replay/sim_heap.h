/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_SIM_HEAP_H
#define KFRAG_REPLAY_SIM_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Deaths to come, the earliest first, of one time the one that came first. */
struct kfrag_sim_death {
	uint64_t time;
	uint64_t number; /* of the birth: no two have the same */
	uint32_t object;
};

/* A binary heap. {0} is empty; free() deaths. */
struct kfrag_sim_heap {
	struct kfrag_sim_death *deaths;
	size_t nr_deaths;
	size_t capacity;
};

/* Returns false, with the heap as it was, where the host has no memory. */
bool kfrag_sim_heap_push(struct kfrag_sim_heap *heap,
			 struct kfrag_sim_death death);

/* Takes out the first; the heap must not be empty. */
struct kfrag_sim_death kfrag_sim_heap_pop(struct kfrag_sim_heap *heap);

#endif
