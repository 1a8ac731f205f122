/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_SIM_IMPL_H
#define KFRAG_REPLAY_SIM_IMPL_H

/* A simulation under way. Theory at the head of simulation.c. */
#include "kfrag/random.h"
#include "kfrag/simulation.h"
#include "kfrag/slab.h"
#include "replay/sim_heap.h"

/* A sum of products of 64 bits, exact. */
struct kfrag_sim_sum {
	uint64_t high;
	uint64_t low;
};

struct kfrag_sim_object {
	uint64_t address; /* of a slot, or pfn of a block */
	uint64_t size;
	size_t place; /* among the living; SIZE_MAX: its death is to come */
	uint32_t class_index; /* or the block's order */
	bool has_death; /* in the heap */
};

/* What is true at a moment, and is averaged. */
enum kfrag_sim_level {
	KFRAG_LEVEL_LIVE_OBJS,
	KFRAG_LEVEL_LIVE_UNITS,
	KFRAG_LEVEL_HELD_UNITS,
	KFRAG_LEVEL_FREE_SMALLEST,
	KFRAG_LEVEL_NONE_FREE,
	KFRAG_LEVEL_SLABS,
	KFRAG_LEVEL_FEWEST, /* slabs that would do */
	KFRAG_NR_LEVELS
};

/* A generator for each purpose: none shifts what another one draws. */
enum kfrag_sim_stream {
	KFRAG_SIM_ARRIVALS,
	KFRAG_SIM_SIZES,
	KFRAG_SIM_LIFETIMES,
	KFRAG_SIM_RECLAIMS,
	KFRAG_SIM_NR_STREAMS
};

/* Sums over the moments at which growing, or shrinking, ended. */
struct kfrag_sim_turns {
	uint64_t nr_turns;
	uint64_t nr_slabs;
	uint64_t nr_fewest;
	uint64_t ratio_micro;
};

struct kfrag_sim {
	const struct kfrag_sim_params *params;
	uint64_t warmup_ticks; /* the params', or found */
	struct kfrag_opt steady_micro; /* known where they were looked for */
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache **caches; /* by class; NULL: none yet */
	struct kfrag_random random[KFRAG_SIM_NR_STREAMS];
	uint64_t seed;
	enum kfrag_error error; /* of the host; ends the run */

	struct kfrag_sim_object *objects;
	uint32_t *free_objects; /* a stack of those not in use */
	size_t nr_free_objects;
	uint32_t *living;
	size_t nr_living;
	size_t capacity; /* of all three */
	struct kfrag_sim_heap heap;
	uint64_t nr_numbers; /* births, ever */

	uint64_t now; /* ticks */
	uint64_t levels[KFRAG_NR_LEVELS];
	/* Since the warmup ended, and what was before: */
	struct kfrag_slab_stats stats_before;
	uint64_t start;
	struct kfrag_sim_sum sums[KFRAG_NR_LEVELS];
	uint64_t nr_births;
	uint64_t nr_deaths;
	uint64_t nr_failed;
	uint64_t high_water_units; /* ever */
	struct kfrag_sim_turns peaks;
	struct kfrag_sim_turns troughs;
};

/* ---------------------------------------------------------- sim_objects.c */

/* Params that are valid; release in every case. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_init(struct kfrag_sim *sim, const struct kfrag_sim_params *params,
	       uint64_t seed);
void kfrag_sim_release(struct kfrag_sim *sim);

/* Both end with sim->error set where the host has no memory. */
void kfrag_sim_birth(struct kfrag_sim *sim);
void kfrag_sim_death(struct kfrag_sim *sim, uint32_t id);

/*
 * Takes the next death out of the heap, of those not reclaimed before, if it
 * comes at `until` at the latest. Returns false where there is none.
 */
bool kfrag_sim_next_death(struct kfrag_sim *sim, uint64_t until,
			  struct kfrag_sim_death *death);
/* Makes a slot of a dead object free for another, at its death's time. */
void kfrag_sim_forget(struct kfrag_sim *sim, uint32_t object);

/* ----------------------------------------------------------- sim_oracle.c */

/*
 * A policy that is told, as its seed, when the next object will die. It stands
 * in no table: no kernel knows that.
 */
extern const struct kfrag_slab_policy kfrag_sim_oracle;

/* ---------------------------------------------------------- sim_measure.c */

/* Time goes on; the levels were the same all the while. */
void kfrag_sim_pass(struct kfrag_sim *sim, uint64_t until);
/* Levels that change with slabs and blocks, after a birth or a death. */
void kfrag_sim_note(struct kfrag_sim *sim);
void kfrag_sim_end_warmup(struct kfrag_sim *sim);
void kfrag_sim_note_turn(struct kfrag_sim *sim, struct kfrag_sim_turns *turns);
void kfrag_sim_tell(const struct kfrag_sim *sim,
		    struct kfrag_sim_result *result);

/* Of a level, in millionths, since the warmup ended. */
uint64_t kfrag_sim_average(const struct kfrag_sim *sim,
			   enum kfrag_sim_level level);

/* ----------------------------------------------------------- sim_course.c */

/* Events without phases, one after the other. */
struct kfrag_sim_course {
	struct kfrag_sim *sim;
	uint64_t gap; /* ticks between births on average; UINT64_MAX: none */
	uint64_t birth; /* the next one's time */
};

/* births: in a unit of time, nr_objs x rate_nano; the time now counts. */
struct kfrag_sim_course kfrag_sim_course_begin(struct kfrag_sim *sim,
					       uint64_t nr_objs,
					       uint64_t rate_nano);

/*
 * One event, a death or the next birth. Returns false where nothing will
 * happen any more, or with sim->error set.
 */
bool kfrag_sim_course_step(struct kfrag_sim_course *course);

/* Births until so many live, at no time, or one of them fails. */
void kfrag_sim_fill(struct kfrag_sim *sim, uint64_t nr_objs);

/* What --arrivals begins with, poisson or steady; and goes on with. */
struct kfrag_sim_course kfrag_sim_open(struct kfrag_sim *sim);
/* nr_events births and deaths; false where fewer can happen. */
bool kfrag_sim_go_on(struct kfrag_sim_course *course, uint64_t nr_events);

/* ------------------------------------------------------------ sim_pilot.c */

/*
 * Ticks until the run of that seed is steady; *is_steady says whether it is
 * ever, as finds_warmup describes. KFRAG_ENOMEM, KFRAG_ERANGE as a run.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_find_warmup(const struct kfrag_sim_params *params, uint64_t seed,
		      uint64_t *ticks, bool *is_steady);

/* ---------------------------------------------------------- sim_reclaim.c */

void kfrag_sim_reclaim(struct kfrag_sim *sim,
		       const struct kfrag_sim_phase *phase, uint64_t nr_left);

#endif
