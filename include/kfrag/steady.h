/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_STEADY_H
#define KFRAG_STEADY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KFRAG_STEADY_BATCH 5 /* observations whose mean counts as one */
#define KFRAG_STEADY_MIN_BATCHES 20
#define KFRAG_STEADY_MAX_BATCHES 1024

/*
 * Where a series becomes steady, by MSER-5 (K. P. White, "An effective
 * truncation heuristic for bias reduction in simulation output", Simulation
 * 69, 1997): of means of 5 observations each, the start is cut off at which
 * the standard error of the mean of the rest is least. Integers only.
 *
 * Returns false where the least lies behind the middle, or where there are
 * fewer than 20 batches or more than 1024: no steady state was found. The last
 * quarter is never cut into, as so little is alike by chance: what changes only
 * there goes unseen. *first is the observation that the steady state begins
 * with, 0 where none does.
 */
bool kfrag_steady_find(const uint64_t *series, size_t nr_observations,
		       size_t *first);

#endif
