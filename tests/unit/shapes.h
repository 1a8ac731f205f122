/* SPDX-License-Identifier: MIT */
#ifndef SHAPES_H
#define SHAPES_H

#include <stdint.h>

#include "kfrag/history.h"
#include "kfrag/random.h"
#include "kfrag/trend.h"

/*
 * Populations whose verdict is known since they were made for it: a shape
 * with everything else about it drawn at random.
 */
struct shape {
	const char *name;
	enum kfrag_verdict truth;
	unsigned min_samples; /* it needs as many to show */
	unsigned max_samples;
};

const struct shape *shapes(size_t *nr_shapes);

/*
 * A history of one cache of that shape, up to two hundredths of noise in
 * its objects; the caller releases it.
 */
void shape_draw(const struct shape *shape, struct kfrag_random *random,
		struct kfrag_history *history);

/*
 * A cache that wanders: each step is up or down by chance, a `pull` back to
 * where it began in 100 (0: none), in slabs that are given back.
 */
void shape_wander(unsigned nr_samples, unsigned pull,
		  struct kfrag_random *random, struct kfrag_history *history);

#endif
