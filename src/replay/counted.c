// SPDX-License-Identifier: MIT
/*
 * The replay's figures without a replay, for populations of billions.
 *
 * At the peak nothing is left to chance: buddy only holds one block per
 * object, and every slab but the last of a cache is full, ceil(N / O) slabs.
 *
 * After settling, A of N objects are left, chosen at random. A slab of m
 * objects is empty with probability
 *     C(N - m, A) / C(N, A) = product over i < m of (N - A - i) / (N - i),
 * so the expected number of slabs held is the sum of one minus that over the
 * slabs. It is computed in fixed point of 62 bits, each factor rounded down:
 * the error stays below m * 2^-62 of a slab per slab. Further rounds change
 * nothing: each fill makes all slabs full again.
 */
#include "kfrag/arith.h"
#include "replay/side.h"

#define ONE (UINT64_C(1) << 62)

static uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void kfrag_count_buddy(struct kfrag_side *side,
		       const struct kfrag_workload *workload)
{
	for (size_t i = 0; i < workload->nr_caches; i++) {
		const struct kfrag_workload_cache *cache = &workload->caches[i];
		bool fits = cache->buddy_order <= workload->max_order;
		struct kfrag_side_cache peak = {
			.live_objs = fits ? cache->nr_peak_objs : 0,
			.failed_objs = fits ? 0 : cache->nr_peak_objs,
		};
		struct kfrag_side_cache settled = peak;

		settled.live_objs = fits ? cache->nr_settled_objs : 0;
		peak.held_blocks = peak.live_objs;
		settled.held_blocks = settled.live_objs;
		side->states[KFRAG_PEAK].caches[i] = peak;
		side->states[KFRAG_SETTLED].caches[i] = settled;
	}
}

/* Probability, of ONE, that none of m objects is among A of N that stay. */
static uint64_t empty_probability(const struct kfrag_workload_cache *cache,
				  uint64_t m)
{
	uint64_t nr_freed = cache->nr_peak_objs - cache->nr_settled_objs;
	uint64_t probability = ONE;

	if (nr_freed < m)
		return 0;
	for (uint64_t i = 0; i < m && probability > 0; i++)
		probability = kfrag_mul_div(probability, nr_freed - i,
					    cache->nr_peak_objs - i);
	return probability;
}

/* Expected slabs that hold an object after settling, rounded to nearest. */
static uint64_t expected_slabs(const struct kfrag_workload_cache *cache)
{
	uint64_t nr_full = cache->nr_peak_objs / cache->objs_per_slab;
	uint64_t rest = cache->nr_peak_objs % cache->objs_per_slab;
	uint64_t high, low, kept;

	/* nr_full * (1 - p) + (1 - p'), in units of 2^-62. */
	kfrag_mul_wide(nr_full,
		       ONE - empty_probability(cache, cache->objs_per_slab),
		       &high, &low);
	kept = rest ? ONE - empty_probability(cache, rest) : 0;
	low += kept;
	high += low < kept;
	return (high << 2) + (low >> 62) + (low >> 61 & 1);
}

void kfrag_count_slab(struct kfrag_side *side,
		      const struct kfrag_workload *workload,
		      uint64_t min_partial_slabs)
{
	for (size_t i = 0; i < workload->nr_caches; i++) {
		const struct kfrag_workload_cache *cache = &workload->caches[i];
		struct kfrag_side_cache *peak =
			&side->states[KFRAG_PEAK].caches[i];
		struct kfrag_side_cache *settled =
			&side->states[KFRAG_SETTLED].caches[i];
		uint64_t at_least, nr_kept;

		if (!kfrag_workload_has_slabs(workload, cache)) {
			peak->failed_objs = cache->nr_peak_objs;
			settled->failed_objs = cache->nr_peak_objs;
			continue;
		}
		peak->live_objs = cache->nr_peak_objs;
		peak->held_blocks = kfrag_div_up(cache->nr_peak_objs,
						 cache->objs_per_slab);
		settled->live_objs = cache->nr_settled_objs;
		at_least = kfrag_div_up(cache->nr_settled_objs,
					cache->objs_per_slab);
		nr_kept = min_u64(expected_slabs(cache), peak->held_blocks);
		if (nr_kept < at_least)
			nr_kept = at_least;
		if (nr_kept < min_partial_slabs)
			nr_kept = min_u64(min_partial_slabs, peak->held_blocks);
		settled->held_blocks = nr_kept;
	}
}
