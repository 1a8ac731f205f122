// SPDX-License-Identifier: MIT
#include "replay/sim_heap.h"

#include <stdlib.h>

static inline bool is_before(const struct kfrag_sim_death *a,
			     const struct kfrag_sim_death *b)
{
	return a->time != b->time ? a->time < b->time : a->number < b->number;
}

bool kfrag_sim_heap_push(struct kfrag_sim_heap *heap,
			 struct kfrag_sim_death death)
{
	size_t place = heap->nr_deaths;

	if (place == heap->capacity) {
		size_t capacity = heap->capacity * 2 + 1024;
		struct kfrag_sim_death *deaths =
			realloc(heap->deaths, capacity * sizeof(*heap->deaths));

		if (!deaths)
			return false;
		heap->deaths = deaths;
		heap->capacity = capacity;
	}
	heap->nr_deaths++;
	while (place > 0 && is_before(&death, &heap->deaths[(place - 1) / 2])) {
		heap->deaths[place] = heap->deaths[(place - 1) / 2];
		place = (place - 1) / 2;
	}
	heap->deaths[place] = death;
	return true;
}

struct kfrag_sim_death kfrag_sim_heap_pop(struct kfrag_sim_heap *heap)
{
	struct kfrag_sim_death first = heap->deaths[0];
	struct kfrag_sim_death last = heap->deaths[--heap->nr_deaths];
	size_t place = 0, below;

	while ((below = 2 * place + 1) < heap->nr_deaths) {
		if (below + 1 < heap->nr_deaths &&
		    is_before(&heap->deaths[below + 1], &heap->deaths[below]))
			below++;
		if (is_before(&last, &heap->deaths[below]))
			break;
		heap->deaths[place] = heap->deaths[below];
		place = below;
	}
	heap->deaths[place] = last;
	return first;
}
