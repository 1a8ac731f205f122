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
 * slabs. Further rounds change nothing: each fill makes all slabs full again.
 *
 * min_partial keeps an emptied slab while fewer others have free slots, so
 * those that were emptied among the first min_partial slabs that lost an
 * object at all. A slab stays full with probability C(N - m, A - m) / C(N, A),
 * the product of (A - i) / (N - i); of the K slabs that do not, e are empty,
 * and of the first min_partial of them the same share: min_partial * e / K.
 *
 * The products are computed in fixed point of 62 bits, rounded down. Where
 * millions of factors (s - i) / (n - i) are to be multiplied, g neighbouring
 * ones are taken as the g-th power of the one in their middle: the logarithm
 * of their product is off by about g^3 / 24 * (1 / s^2 - 1 / n^2). With
 * g^2 <= s / 64, the slabs that come out are off by less than a thousandth of
 * one, all of them together.
 */
#include "kfrag/arith.h"
#include "replay/side.h"

#define ONE (UINT64_C(1) << 62)

/* A number of slabs, in units of 1 / ONE. */
struct expectation {
	uint64_t high;
	uint64_t low;
};

static void add(struct expectation *sum, uint64_t nr_slabs,
		uint64_t probability)
{
	uint64_t high, low;

	kfrag_mul_wide(nr_slabs, probability, &high, &low);
	sum->low += low;
	sum->high += high + (sum->low < low);
}

static uint64_t to_nearest(const struct expectation *sum)
{
	return (sum->high << 2) + (sum->low >> 62) + (sum->low >> 61 & 1);
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

static uint64_t times(uint64_t a, uint64_t b)
{
	uint64_t high, low;

	kfrag_mul_wide(a, b, &high, &low);
	return high << 2 | low >> 62;
}

/* The product of (s - i) / (n - i) over i < m, of ONE; m <= s <= n. */
static uint64_t falling_ratio(uint64_t s, uint64_t n, uint64_t m)
{
	unsigned log2_most = s - m < 64 ? 0 : (kfrag_log2_floor(s - m) - 6) / 2;
	uint64_t product = ONE;

	while (m > 0 && product > 0) {
		unsigned log2_g = kfrag_log2_floor(m);
		uint64_t g, factor;

		if (log2_g > log2_most)
			log2_g = log2_most;
		g = UINT64_C(1) << log2_g;
		factor = kfrag_mul_div(ONE, 2 * s - g + 1, 2 * n - g + 1);
		for (unsigned i = 0; i < log2_g; i++)
			factor = times(factor, factor);
		product = times(product, factor);
		s -= g;
		n -= g;
		m -= g;
	}
	return product;
}

/*
 * Probability, of ONE, that m objects are all among nr_some of nr_all. It is
 * the same for nr_all - nr_some that are all among nr_all - m: the shorter of
 * both products is taken.
 */
static uint64_t all_among(uint64_t nr_some, uint64_t nr_all, uint64_t m)
{
	if (nr_some < m)
		return 0;
	if (nr_all - nr_some < m)
		return falling_ratio(nr_all - m, nr_all, nr_all - nr_some);
	return falling_ratio(nr_some, nr_all, m);
}

/* Expected slabs held after settling, rounded to nearest. */
static uint64_t expected_slabs(const struct kfrag_workload_cache *cache,
			       uint64_t min_partial_slabs)
{
	uint64_t nr_objs = cache->nr_peak_objs;
	uint64_t nr_freed = nr_objs - cache->nr_settled_objs;
	uint64_t nr_full = nr_objs / cache->objs_per_slab;
	uint64_t rest = nr_objs % cache->objs_per_slab;
	uint64_t empty = all_among(nr_freed, nr_objs, cache->objs_per_slab);
	uint64_t opened = ONE - all_among(cache->nr_settled_objs, nr_objs,
					  cache->objs_per_slab);
	struct expectation held = { 0 }, nr_opened = { 0 };

	add(&held, nr_full, ONE - empty);
	add(&nr_opened, nr_full, opened);
	if (rest) {
		add(&held, 1, ONE - all_among(nr_freed, nr_objs, rest));
		add(&nr_opened, 1, ONE);
	}
	if (min_partial_slabs >= to_nearest(&nr_opened))
		return nr_full + (rest > 0);
	if (empty)
		add(&held, min_partial_slabs,
		    kfrag_mul_div(ONE, empty, opened));
	return to_nearest(&held);
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

		if (!kfrag_workload_has_slabs(workload, cache)) {
			peak->failed_objs = cache->nr_peak_objs;
			settled->failed_objs = cache->nr_peak_objs;
			continue;
		}
		peak->live_objs = cache->nr_peak_objs;
		peak->held_blocks =
			kfrag_div_up(cache->nr_peak_objs, cache->objs_per_slab);
		settled->live_objs = cache->nr_settled_objs;
		settled->held_blocks = expected_slabs(cache, min_partial_slabs);
	}
}
