/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SIM_SCRIPT_H
#define KFRAG_SIM_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/buddy.h"
#include "kfrag/error.h"
#include "kfrag/lesson.h"

/*
 * Requests to the buddy system, one after the other, as `kfrag simulate
 * --script` reads them: for exact cases, where nothing is left to chance. Sizes
 * are in units of the smallest block. Words and places are as in lesson.h; the
 * language is described in man/kfrag.1, SIMULATIONS.
 */
enum kfrag_sim_verb {
	KFRAG_SIM_ALLOC, /* a block under a name */
	KFRAG_SIM_FREE, /* the block of a name */
	KFRAG_SIM_TAKE, /* number blocks without one */
	KFRAG_SIM_FILL, /* as many as the limit of live units allows */
	KFRAG_SIM_DROP, /* of all live blocks those of `what` */
	KFRAG_SIM_REPEAT, /* until KFRAG_SIM_END */
	KFRAG_SIM_END,
	KFRAG_SIM_EXPECT /* a figure of `what` */
};

enum kfrag_sim_drop {
	KFRAG_SIM_DROP_ALL,
	KFRAG_SIM_DROP_UNALIGNED, /* do not start at a multiple of number */
	KFRAG_SIM_DROP_RANDOM, /* number of them */
	KFRAG_SIM_DROP_OLDEST,
	KFRAG_SIM_DROP_NEWEST,
	KFRAG_SIM_NR_DROPS
};

/* FIGURE(NAME, word, help): what happened, in the outcome's order. */
#define KFRAG_SIM_FIGURES(FIGURE)                                              \
	FIGURE(REQUESTS, "requests", "blocks asked for")                       \
	FIGURE(FAILED, "failed", "requests that found none")                   \
	FIGURE(LIVE, "live", "units that live")                                \
	FIGURE(PEAK, "peak", "most units that lived at once")                  \
	FIGURE(HIGH_WATER, "high-water", "end of the highest block ever")      \
	FIGURE(TOUCHED, "touched",                                             \
	       "units of the largest blocks that were ever used")

#define KFRAG_SIM_FIGURE_NAME(name, word, help) KFRAG_SIM_FIGURE_##name,
enum kfrag_sim_figure {
	KFRAG_SIM_FIGURES(KFRAG_SIM_FIGURE_NAME) KFRAG_SIM_NR_FIGURES
};

const char *kfrag_sim_figure_word(enum kfrag_sim_figure figure);
const char *kfrag_sim_figure_help(enum kfrag_sim_figure figure);

#define KFRAG_SIM_MAX_NAMES 1000
#define KFRAG_SIM_MAX_DEPTH 16 /* of repeats in repeats */
#define KFRAG_SIM_MAX_UNITS (UINT64_C(1) << 26)
#define KFRAG_SIM_MAX_STEPS UINT64_C(20000000)

struct kfrag_sim_step {
	enum kfrag_sim_verb verb;
	uint64_t line; /* from 1 */
	size_t name; /* alloc, free */
	unsigned order; /* alloc, take, fill */
	unsigned what; /* drop: a kfrag_sim_drop; expect: a figure */
	uint64_t number;
	bool is_placed; /* expect: only under this placement */
	enum kfrag_buddy_placement placement;
	size_t match; /* repeat and end: the step of the other one */
};

struct kfrag_sim_script {
	uint64_t memory_units;
	uint64_t live_units; /* what fill stops at */
	unsigned max_order;
	struct kfrag_sim_step *steps; /* owned */
	size_t nr_steps;
	size_t nr_names;
};

/* As kfrag_lesson_parse(); release after KFRAG_OK. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_script_parse(struct kfrag_sim_script *script, const char *text,
		       size_t nr_bytes, struct kfrag_lesson_fault *fault);
void kfrag_sim_script_release(struct kfrag_sim_script *script);

struct kfrag_sim_outcome {
	uint64_t of[KFRAG_SIM_NR_FIGURES];
	uint64_t nr_expected; /* expectations that applied */
	uint64_t nr_wrong;
	/* The first that was wrong. */
	uint64_t wrong_line;
	enum kfrag_sim_figure wrong_figure;
	uint64_t wanted;
	uint64_t seen;
};

/*
 * seed: of what is dropped at random. KFRAG_EINVAL: a name is allocated that
 * lives, at outcome->wrong_line, or freed twice; KFRAG_ERANGE: more than
 * KFRAG_SIM_MAX_STEPS steps and blocks. KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_script_run(struct kfrag_sim_outcome *outcome,
		     const struct kfrag_sim_script *script,
		     enum kfrag_buddy_placement placement, uint64_t seed);

#endif
