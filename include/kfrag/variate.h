/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_VARIATE_H
#define KFRAG_VARIATE_H

#include <stdint.h>

#include "kfrag/random.h"

/*
 * Random variates from integers alone: the same on every machine, whatever its
 * floating point and its libm do.
 */

/*
 * Exponential with the given mean, rounded down, by J. von Neumann's
 * comparisons ("Various techniques used in connection with random digits",
 * 1951): exact but for the 64 bits of a fraction. At most UINT64_MAX.
 */
uint64_t kfrag_variate_exponential(struct kfrag_random *random, uint64_t mean);

/* Uniform on first..last, both inclusive, first <= last. */
uint64_t kfrag_variate_uniform(struct kfrag_random *random, uint64_t first,
			       uint64_t last);

/*
 * r of first..last (1 <= first <= last) with a probability in proportion to
 * 1/r, exactly: an octave, a number in it, and rejection of what is too many.
 */
uint64_t kfrag_variate_inverse(struct kfrag_random *random, uint64_t first,
			       uint64_t last);

#endif
