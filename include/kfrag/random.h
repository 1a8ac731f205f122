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

/* Uniform on all 2^64 values. */
uint64_t kfrag_random_next(struct kfrag_random *random);

/*
 * Exactly uniform on 0..bound-1 (D. Lemire, "Fast random integer generation
 * in an interval", 2019: multiply, reject the few that would bias); bound
 * must not be 0.
 */
uint64_t kfrag_random_below(struct kfrag_random *random, uint64_t bound);

#endif
