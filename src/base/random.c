// SPDX-License-Identifier: MIT
#include "kfrag/random.h"

#include "kfrag/arith.h"

static uint64_t splitmix64(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void kfrag_random_init(struct kfrag_random *random, uint64_t seed)
{
	for (int i = 0; i < 4; i++)
		random->state[i] = splitmix64(&seed);
}

uint64_t kfrag_random_below(struct kfrag_random *random, uint64_t bound)
{
	uint64_t high, low;

	kfrag_mul_wide(kfrag_random_next(random), bound, &high, &low);
	if (low < bound) {
		/* 2^64 mod bound of the low halves would be hit too often. */
		uint64_t surplus = (0 - bound) % bound;

		while (low < surplus)
			kfrag_mul_wide(kfrag_random_next(random), bound, &high,
				       &low);
	}
	return high;
}
