/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SIMULATION_H
#define KFRAG_SIMULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/buddy.h"
#include "kfrag/distribution.h"
#include "kfrag/error.h"
#include "kfrag/slab_policy.h"
#include "kfrag/units.h"

/*
 * Synthetic workloads through the real allocators: objects arrive, live and
 * die by drawn times, and what they hold is averaged over time. Events are
 * ordered by integers alone (distribution.h), so a seed gives the same figures
 * on every machine.
 */

/* --------------------------------------------------------------- arrivals */

enum kfrag_sim_arrivals {
	KFRAG_SIM_POISSON, /* at a rate, forever */
	KFRAG_SIM_STEADY, /* one for each death: the number stays */
	KFRAG_SIM_PHASES
};

enum kfrag_sim_phase_kind {
	KFRAG_SIM_GROW, /* until so many live, N from here on */
	KFRAG_SIM_SHRINK, /* until a fraction of N lives */
	KFRAG_SIM_RECLAIM /* the same at once, by victims */
};

/* Which objects the kernel takes back first. */
enum kfrag_sim_victims {
	KFRAG_SIM_VICTIMS_RANDOM, /* any object */
	KFRAG_SIM_VICTIMS_EMPTIEST, /* all of the slab with the fewest */
	KFRAG_SIM_VICTIMS_BEST /* of the emptiest of nr_choices random slabs */
};

#define KFRAG_SIM_MAX_PHASES 32
#define KFRAG_SIM_MAX_OBJS UINT64_C(100000000)
/* Rates and fractions are in billionths. */
#define KFRAG_SIM_NANO UINT64_C(1000000000)

struct kfrag_sim_phase {
	enum kfrag_sim_phase_kind kind;
	uint64_t nr_objs; /* grow */
	uint64_t fraction_nano; /* shrink, reclaim: of N */
	/* Births in a unit of time, of N; grow without one happens at once. */
	uint64_t rate_nano;
	bool has_rate;
	enum kfrag_sim_victims victims;
	uint64_t nr_choices;
};

struct kfrag_sim_schedule {
	enum kfrag_sim_arrivals arrivals;
	uint64_t rate_nano; /* poisson: births in a unit of time */
	uint64_t nr_objs; /* steady */
	struct kfrag_sim_phase phases[KFRAG_SIM_MAX_PHASES];
	size_t nr_phases;
	uint64_t nr_cycles; /* of the phases; 0: none was typed */
};

/*
 * poisson:RATE, steady:N, or phases with semicolons between: grow N [@RATE],
 * shrink FRACTION [@RATE], reclaim FRACTION [random | emptiest | best-of-K],
 * and last xCYCLES. Returns KFRAG_EINVAL with *message a static sentence.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_schedule_parse(struct kfrag_sim_schedule *schedule, const char *text,
			 const char **message);

/* N of the schedule: the most objects that it aims at. */
uint64_t kfrag_sim_schedule_peak(const struct kfrag_sim_schedule *schedule,
				 const struct kfrag_distribution *lifetimes);

/*
 * Whether a phase would never end, as births and deaths balance before: it is
 * stored then.
 */
bool kfrag_sim_schedule_is_endless(const struct kfrag_sim_schedule *schedule,
				   const struct kfrag_distribution *lifetimes,
				   size_t *phase);

/* -------------------------------------------------------------- parameters */

/* Where objects of a kind go; one cache each under the slab allocator. */
struct kfrag_sim_class {
	uint64_t size; /* of a slot, in units; 0: nothing of this kind */
	uint32_t objs_per_slab;
	unsigned order; /* of a slab, log2 of pages */
};

/* By log2 of a size, or by item of a list. */
#define KFRAG_SIM_SIZE_CLASSES 64

struct kfrag_sim_params {
	bool uses_slab;
	const struct kfrag_distribution *sizes;
	const struct kfrag_distribution *lifetimes;
	const struct kfrag_sim_schedule *schedule;
	/* Of a list as many as items, else KFRAG_SIM_SIZE_CLASSES; slab. */
	const struct kfrag_sim_class *classes;
	size_t nr_classes;
	uint64_t page_units; /* units in a page, the smallest block */
	bool has_no_sizes; /* slab: only how many objects a slab has counts */
	uint64_t nr_pages;
	unsigned max_order;
	enum kfrag_buddy_placement placement;
	/* NULL: an oracle that knows when objects die, as a bound. */
	const struct kfrag_slab_policy *policy;
	uint64_t min_partial_slabs;
	/* Not measured: phases' first cycles; of others, ticks. */
	uint64_t warmup_cycles;
	uint64_t warmup_ticks;
	/*
	 * Not phases: warmup_ticks are found instead, by a run of nr_events
	 * with the same seed from the start on and steady.h. Where it finds no
	 * steady state, they are half of its time.
	 */
	bool finds_warmup;
	uint64_t nr_cycles; /* phases, those of the warmup included */
	uint64_t nr_events; /* others: births and deaths after the warmup */
};

/* ----------------------------------------------------------------- results */

/*
 * What is measured of a run. NAME(word, unit, help); figures are in millionths.
 * Averages are over time; where no time passes, they are the end's.
 */
#define KFRAG_SIM_MEASURES(MEASURE)                                            \
	MEASURE(LIVE_OBJS, "live_objs", "objects", "objects, on average")      \
	MEASURE(LIVE_UNITS, "live_units", "units", "what they asked for")      \
	MEASURE(HELD_UNITS, "held_units", "units", "their blocks or slabs")    \
	MEASURE(INTERNAL, "internal", "share",                                 \
		"1 - live_units / held_units, both over all time")             \
	MEASURE(FREE_SMALLEST, "free_order0", "blocks",                        \
		"free blocks of order 0, on average")                          \
	MEASURE(NONE_FREE, "none_free_order0", "share",                        \
		"of time without a free block of order 0")                     \
	MEASURE(HIGH_WATER, "high_water_units", "units",                       \
		"end of the highest block ever")                               \
	MEASURE(PEAK_SLABS, "peak_slabs", "slabs", "at the end of growing")    \
	MEASURE(PEAK_FEWEST, "peak_fewest", "slabs",                           \
		"that would have held the objects then")                       \
	MEASURE(PEAK_RATIO, "peak_ratio", "ratio",                             \
		"the same over the fewest that hold the objects")              \
	MEASURE(TROUGH_SLABS, "trough_slabs", "slabs",                         \
		"at the end of shrinking or reclaiming")                       \
	MEASURE(TROUGH_FEWEST, "trough_fewest", "slabs",                       \
		"that would have held the objects then")                       \
	MEASURE(TROUGH_RATIO, "trough_ratio", "ratio",                         \
		"the same over the fewest")                                    \
	MEASURE(AVERAGE_SLABS, "average_slabs", "slabs", "over time")          \
	MEASURE(AVERAGE_FEWEST, "average_fewest", "slabs",                     \
		"that would have held the objects, over time")                 \
	MEASURE(AVERAGE_RATIO, "average_ratio", "ratio",                       \
		"the same over the fewest, over time")                         \
	MEASURE(MADE, "made_per_1000", "slabs", "made per 1,000 births")       \
	MEASURE(RETURNED, "returned_per_1000", "slabs",                        \
		"given back per 1,000 births")                                 \
	MEASURE(BIRTHS, "births", "objects", "that arrived")                   \
	MEASURE(DEATHS, "deaths", "objects", "that died or were reclaimed")    \
	MEASURE(FAILED, "failed_objs", "objects", "that found no memory")      \
	MEASURE(TIME, "time", "units of time", "that was measured")            \
	MEASURE(WARMUP, "warmup", "units of time", "before that")              \
	MEASURE(STEADY_FOUND, "steady", "share",                               \
		"of runs where --warmup auto found a steady state")            \
	MEASURE(TOUCHED, "touched_units", "units",                             \
		"of the largest blocks ever used, in exact cases")

#define KFRAG_SIM_MEASURE_NAME(name, word, unit, help) KFRAG_SIM_##name,
enum kfrag_sim_measure {
	KFRAG_SIM_MEASURES(KFRAG_SIM_MEASURE_NAME) KFRAG_SIM_NR_MEASURES
};

#define KFRAG_SIM_MICRO UINT64_C(1000000)

struct kfrag_sim_result {
	uint64_t seed;
	struct kfrag_opt micro[KFRAG_SIM_NR_MEASURES];
};

/*
 * One run; it ends early where its 2^64 ticks do, after 16 million units of
 * time. KFRAG_EINVAL: params that the allocators refuse. KFRAG_ERANGE: more than
 * KFRAG_SIM_MAX_OBJS objects live. KFRAG_ENOMEM. The result is then empty.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_run(struct kfrag_sim_result *result,
	      const struct kfrag_sim_params *params, uint64_t seed);

/* Mean over runs, and its standard error, in millionths. */
struct kfrag_sim_summary {
	struct kfrag_opt mean_micro;
	struct kfrag_opt error_micro; /* unknown of one run */
	struct kfrag_opt min_micro;
	struct kfrag_opt max_micro;
};

/* Of a measure over nr_results runs; unknown where one of them does not know. */
struct kfrag_sim_summary
kfrag_sim_summarize(const struct kfrag_sim_result *results, size_t nr_results,
		    enum kfrag_sim_measure measure);

/*
 * One result of several caches on their own: slabs, births and deaths are
 * sums, ratios of sums again. Other measures are unknown.
 */
void kfrag_sim_add_result(struct kfrag_sim_result *sum,
			  const struct kfrag_sim_result *result);

/* ------------------------------------------------------------ exact cases */

/*
 * D. Knuth, The Art of Computer Programming 1, 2.5, exercise 41, blocks of
 * orders 0..r.
 */
struct kfrag_sim_knuth {
	uint64_t nr_live_units; /* n, which never are exceeded */
	uint64_t nr_memory_units; /* (r + 1) n */
	uint64_t high_water_units;
	uint64_t nr_roots; /* blocks of order r ever touched */
	uint64_t nr_requests;
	uint64_t nr_failed;
};

#define KFRAG_SIM_KNUTH_MAX_ORDER 16

/*
 * The worst case: n = 2^(r + 1) blocks of order 0, then for k = 1..r all that
 * do not start at a multiple of 2^k go, and n / 2^(k + 1) of order k come.
 * By lowest address it takes (1 + r/2) n units. KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_knuth_worst(struct kfrag_sim_knuth *outcome, unsigned r,
		      enum kfrag_buddy_placement placement);

/*
 * The bound: nr_requests requests of any order up to r, half of them chosen
 * to do harm, with at most n = m 2^r units live: (r + 1) n units never fail.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_knuth_bound(struct kfrag_sim_knuth *outcome, unsigned r,
		      enum kfrag_buddy_placement placement,
		      uint64_t nr_requests, uint64_t seed);

/* ------------------------------------------------------------ closed forms */

/*
 * What theory says of a measure; unknown where it says nothing:
 *   internal      of the buddy system and sizes whose chances can be summed
 *   free_order0, none_free_order0   unit requests, Poisson arrivals and
 *                 exponential lifetimes: the chain of Purdom and Stigler
 *   trough_slabs, trough_ratio   one cache that grows at once and then only
 *                 shrinks, whatever the policy
 *   live_objs     Little's law
 */
struct kfrag_opt kfrag_sim_expected(const struct kfrag_sim_params *params,
				    enum kfrag_sim_measure measure);

/* S slabs of n objects, L of them kept at random: slabs that stay. */
double kfrag_sim_thinned_slabs(uint64_t nr_slabs, uint64_t objs_per_slab,
			       uint64_t nr_kept);

#endif
