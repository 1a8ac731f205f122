// SPDX-License-Identifier: MIT
/*
 * What theory says of a simulation. These are for people to compare with, and
 * decide nothing, so they are computed in floating point.
 */
#include <stdlib.h>

#include "kfrag/arith.h"
#include "kfrag/simulation.h"

static struct kfrag_opt micro(double value)
{
	if (!(value >= 0) || value > 1e12)
		return kfrag_unknown();
	return kfrag_known((uint64_t)(value * 1e6 + 0.5));
}

/* ---------------------------------------------------------- thinned slabs */

/* The chance that nr_in of nr_objs objects all go where nr_kept stay. */
static double all_gone(uint64_t nr_objs, uint64_t nr_in, uint64_t nr_kept)
{
	double chance = 1;

	for (uint64_t i = 0; i < nr_in; i++)
		chance *= nr_objs - nr_kept <= i ?
				  0 :
				  (double)(nr_objs - nr_kept - i) /
					  (double)(nr_objs - i);
	return chance;
}

/* Objects fill slabs, the last one perhaps not; so many stay at random. */
static double slabs_left(uint64_t nr_objs, uint64_t objs_per_slab,
			 uint64_t nr_kept)
{
	uint64_t nr_full = nr_objs / objs_per_slab;
	uint64_t nr_last = nr_objs % objs_per_slab;

	return (double)nr_full *
		       (1 - all_gone(nr_objs, objs_per_slab, nr_kept)) +
	       1 - all_gone(nr_objs, nr_last, nr_kept);
}

double kfrag_sim_thinned_slabs(uint64_t nr_slabs, uint64_t objs_per_slab,
			       uint64_t nr_kept)
{
	return slabs_left(nr_slabs * objs_per_slab, objs_per_slab, nr_kept);
}

/* One cache, grown at once and then thinned at random, nothing coming. */
static bool is_thinning(const struct kfrag_sim_params *params)
{
	const struct kfrag_sim_schedule *schedule = params->schedule;
	const struct kfrag_sim_phase *last = &schedule->phases[1];

	if (!params->uses_slab || schedule->arrivals != KFRAG_SIM_PHASES ||
	    schedule->nr_phases != 2 || params->nr_cycles != 1 ||
	    schedule->phases[0].has_rate ||
	    params->sizes->kind != KFRAG_FIXED || params->min_partial_slabs > 0)
		return false;
	if (last->kind == KFRAG_SIM_RECLAIM)
		return last->victims == KFRAG_SIM_VICTIMS_RANDOM;
	return last->kind == KFRAG_SIM_SHRINK && last->rate_nano == 0 &&
	       params->lifetimes->kind == KFRAG_EXPONENTIAL;
}

static struct kfrag_opt thinned(const struct kfrag_sim_params *params,
				bool is_ratio)
{
	const struct kfrag_sim_schedule *schedule = params->schedule;
	size_t which = kfrag_log2_ceil(params->sizes->first);
	uint64_t per_slab = params->classes[which].objs_per_slab;
	uint64_t nr_objs = schedule->phases[0].nr_objs;
	uint64_t nr_kept = kfrag_mul_div(
		nr_objs, schedule->phases[1].fraction_nano, KFRAG_SIM_NANO);
	double slabs;

	if (nr_kept == 0 && is_ratio)
		return kfrag_unknown();
	slabs = slabs_left(nr_objs, per_slab, nr_kept);
	if (is_ratio)
		slabs /= (double)kfrag_div_up(nr_kept, per_slab);
	return micro(slabs);
}

/* -------------------------------------------------- free blocks under load */

/*
 * P. Purdom and S. Stigler, "Statistical properties of the buddy system"
 * (Journal of the ACM 17, 1970), for requests of one unit: a pair of buddies
 * is whole, half used or full. With f half used and p full, a birth takes
 * (f, p) to (f - 1, p + 1), or (0, p) to (1, p); deaths take it at rate f to
 * (f - 1, p) and at rate 2 p to (f + 1, p - 1). The free blocks of order 0
 * are the f.
 */
#define MAX_RHO 200

struct chain {
	double rho;
	size_t nr_full; /* p below this */
	size_t nr_halves; /* f below this */
	double *chances; /* of p and f */
	double *next;
};

static double *chance(const struct chain *chain, double *chances, size_t p,
		      size_t f)
{
	return &chances[p * chain->nr_halves + f];
}

/* What flows out of a state in a short time dt; beyond the edge: nothing. */
static void flow(const struct chain *chain, size_t p, size_t f, double dt)
{
	double here = *chance(chain, chain->chances, p, f), left = here;
	double birth = here * chain->rho * dt;
	double half = here * (double)f * dt;
	double full = here * 2 * (double)p * dt;

	if (f == 0) {
		*chance(chain, chain->next, p, 1) += birth;
		left -= birth;
	} else if (p + 1 < chain->nr_full) {
		*chance(chain, chain->next, p + 1, f - 1) += birth;
		left -= birth;
	}
	if (f > 0) {
		*chance(chain, chain->next, p, f - 1) += half;
		left -= half;
	}
	if (p > 0 && f + 1 < chain->nr_halves) {
		*chance(chain, chain->next, p - 1, f + 1) += full;
		left -= full;
	}
	*chance(chain, chain->next, p, f) += left;
}

static void clear(const struct chain *chain)
{
	for (size_t i = 0; i < chain->nr_full * chain->nr_halves; i++)
		chain->next[i] = 0;
}

static void settle(struct chain *chain)
{
	double dt = 1 / (chain->rho + 2 * (double)chain->nr_full +
			 (double)chain->nr_halves);
	/* What is left of the start is exp(-25). */
	size_t nr_steps = (size_t)(25 / dt);

	*chance(chain, chain->chances, (size_t)(chain->rho / 2), 0) = 1;
	for (size_t i = 0; i < nr_steps; i++) {
		double *swap = chain->chances;

		clear(chain);
		for (size_t p = 0; p < chain->nr_full; p++)
			for (size_t f = 0; f < chain->nr_halves; f++)
				if (*chance(chain, chain->chances, p, f) >
				    1e-18)
					flow(chain, p, f, dt);
		chain->chances = chain->next;
		chain->next = swap;
	}
}

static bool is_unit_load(const struct kfrag_sim_params *params)
{
	return !params->uses_slab && params->max_order > 0 &&
	       params->schedule->arrivals == KFRAG_SIM_POISSON &&
	       params->lifetimes->kind == KFRAG_EXPONENTIAL &&
	       params->sizes->kind == KFRAG_FIXED &&
	       params->sizes->first <= params->page_units;
}

static double load(const struct kfrag_sim_params *params)
{
	return (double)params->schedule->rate_nano / (double)KFRAG_SIM_NANO *
	       kfrag_distribution_mean(params->lifetimes) /
	       (double)KFRAG_TICKS_PER_UNIT;
}

static struct kfrag_opt free_blocks(const struct kfrag_sim_params *params,
				    bool is_share)
{
	struct chain chain = { .rho = load(params) };
	size_t deviation = 0; /* of what lives, rounded up */
	double sum = 0;

	if (!is_unit_load(params) || chain.rho > MAX_RHO)
		return kfrag_unknown();
	while ((double)(deviation * deviation) < chain.rho)
		deviation++;
	/* Ten deviations and more above their means. */
	chain.nr_full = (size_t)(chain.rho / 2) + 5 * deviation + 24;
	chain.nr_halves = 8 * deviation + 32;
	chain.chances = calloc(chain.nr_full * chain.nr_halves, sizeof(double));
	chain.next = calloc(chain.nr_full * chain.nr_halves, sizeof(double));
	if (chain.chances && chain.next) {
		settle(&chain);
		for (size_t p = 0; p < chain.nr_full; p++)
			for (size_t f = 0; f < chain.nr_halves; f++)
				sum += *chance(&chain, chain.chances, p, f) *
				       (double)f;
	} else {
		sum = -1;
	}
	free(chain.chances);
	free(chain.next);
	return micro(is_share ? sum / chain.rho : sum);
}

/* ------------------------------------------------------------ all together */

static struct kfrag_opt internal(const struct kfrag_sim_params *params)
{
	double block = kfrag_distribution_mean_block(params->sizes,
						     params->page_units);

	if (params->uses_slab || block <= 0)
		return kfrag_unknown();
	return micro(1 - kfrag_distribution_mean(params->sizes) / block);
}

struct kfrag_opt kfrag_sim_expected(const struct kfrag_sim_params *params,
				    enum kfrag_sim_measure measure)
{
	switch (measure) {
	case KFRAG_SIM_INTERNAL:
		return internal(params);
	case KFRAG_SIM_FREE_SMALLEST:
	case KFRAG_SIM_NONE_FREE:
		return free_blocks(params, measure == KFRAG_SIM_NONE_FREE);
	case KFRAG_SIM_LIVE_OBJS:
		if (params->schedule->arrivals == KFRAG_SIM_POISSON)
			return micro(load(params));
		return kfrag_unknown();
	case KFRAG_SIM_TROUGH_SLABS:
	case KFRAG_SIM_TROUGH_RATIO:
		if (is_thinning(params))
			return thinned(params,
				       measure == KFRAG_SIM_TROUGH_RATIO);
		return kfrag_unknown();
	default:
		return kfrag_unknown();
	}
}
