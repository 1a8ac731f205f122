/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_RANDOM_H
#define KFRAG_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Seeded random numbers, the same on every machine, compiler and word size:
 * xoshiro256** of D. Blackman and S. Vigna, "Scrambled linear pseudorandom
 * number generators" (ACM TOMS 47, 2021), its state filled by splitmix64.
 * Not for secrets.
 */
struct kfrag_random {
	uint64_t state[4];
};

/* Every seed, 0 included, gives a usable generator of its own. */
void kfrag_random_init(struct kfrag_random *random, uint64_t seed);

static inline uint64_t kfrag_random_rotate(uint64_t value, unsigned bits)
{
	return (value << bits) | (value >> (64 - bits));
}

/* Uniform on all 2^64 values. */
static inline uint64_t kfrag_random_next(struct kfrag_random *random)
{
	uint64_t *s = random->state;
	uint64_t result = kfrag_random_rotate(s[1] * 5, 7) * 9;
	uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = kfrag_random_rotate(s[3], 45);
	return result;
}

/*
 * Exactly uniform on 0..bound-1 (D. Lemire, "Fast random integer generation
 * in an interval", 2019: multiply, reject the few that would bias); bound
 * must not be 0.
 */
uint64_t kfrag_random_below(struct kfrag_random *random, uint64_t bound);

#endif
