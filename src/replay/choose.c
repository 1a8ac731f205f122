// SPDX-License-Identifier: MIT
#include "replay/choose.h"

#include <assert.h>

uint64_t kfrag_choose(struct kfrag_choice *choice, struct kfrag_random *random,
		      uint64_t mask)
{
	uint64_t chosen = 0;

	for (; mask; mask &= mask - 1) {
		assert(choice->nr_chosen <= choice->nr_left);
		if (choice->nr_chosen == 0)
			break;
		if (choice->nr_chosen == choice->nr_left ||
		    kfrag_random_below(random, choice->nr_left) <
			    choice->nr_chosen) {
			chosen |= mask & (0 - mask);
			choice->nr_chosen--;
		}
		choice->nr_left--;
	}
	choice->nr_left -= (unsigned)__builtin_popcountll(mask);
	return chosen;
}

uint64_t kfrag_stream_seed(uint64_t seed, uint64_t round,
			   enum kfrag_stream stream)
{
	struct kfrag_random random;

	kfrag_random_init(&random, seed);
	kfrag_random_init(&random, kfrag_random_next(&random) ^
					   (round * KFRAG_NR_STREAMS +
					    (uint64_t)stream));
	return kfrag_random_next(&random);
}
