/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_DISTRIBUTION_H
#define KFRAG_DISTRIBUTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/random.h"

/*
 * Distributions of sizes and of lifetimes, as people type them. Sampling them
 * takes integers only (variate.h).
 *
 * Time is counted in ticks, of which a unit of time has 2^40.
 */
#define KFRAG_TICKS_PER_UNIT (UINT64_C(1) << 40)
/* Longer than any simulation: that never happens. */
#define KFRAG_TICKS_NEVER UINT64_MAX

enum kfrag_distribution_kind {
	KFRAG_FIXED, /* always first */
	KFRAG_UNIFORM, /* first..last */
	KFRAG_INVERSE, /* in proportion to 1/r on first..last */
	KFRAG_EXPONENTIAL, /* of mean first */
	KFRAG_BIMODAL, /* exponential: percent of mean first, else of last */
	KFRAG_LIST /* values with weights */
};

/* A value of a list, and its chance: weight / sum of weights. */
struct kfrag_distribution_item {
	uint64_t value;
	uint64_t weight;
	uint64_t end; /* sum of the weights up to this one */
};

struct kfrag_distribution {
	enum kfrag_distribution_kind kind;
	uint64_t first;
	uint64_t last;
	uint64_t percent;
	uint64_t scale; /* every sample is multiplied with it */
	bool is_bytes; /* sizes: a unit was typed, as in 4K or 100B */
	struct kfrag_distribution_item *items; /* owned */
	size_t nr_items;
};

/*
 * Sizes, at least 1: fixed:N, uniform:A:B, inverse:A:B, exponential:MEAN
 * (rounded up), list:N[*WEIGHT],..., knuth-a, knuth-b, knuth-c (TAOCP 1, 2.5:
 * uniform on 100..2000; 1 to 32 by powers of two with halving chances; 22
 * sizes from 10 to 4000). Returns KFRAG_EINVAL, with *message a static
 * sentence, or KFRAG_ENOMEM; the distribution is then empty.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_distribution_parse_sizes(struct kfrag_distribution *distribution,
			       const char *text, const char **message);

/*
 * Lifetimes in units of time, decimals allowed, into ticks: forever, fixed:T,
 * uniform:A:B, exponential:MEAN, zipf:A:B (1/t on whole units),
 * bimodal:MEAN:MEAN:PERCENT (so many of the first).
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_distribution_parse_lifetimes(struct kfrag_distribution *distribution,
				   const char *text, const char **message);

/* A list of values with weights of which one is not 0; KFRAG_ENOMEM. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_distribution_init_list(struct kfrag_distribution *distribution,
			     const struct kfrag_distribution_item *items,
			     size_t nr_items);
void kfrag_distribution_release(struct kfrag_distribution *distribution);

/*
 * The next sample. *item is which of a list's, else 0.
 */
uint64_t kfrag_distribution_draw(const struct kfrag_distribution *distribution,
				 struct kfrag_random *random, size_t *item);

/* The largest there can be; UINT64_MAX where there is no largest. */
uint64_t kfrag_distribution_max(const struct kfrag_distribution *distribution);

/*
 * Its mean, as far as a double holds it; infinite of what never happens, and
 * the largest there can be of inverse ranges of more than 2^24 sizes.
 */
double kfrag_distribution_mean(const struct kfrag_distribution *distribution);

/*
 * The mean of the smallest powers of two that hold the sizes; negative where
 * it is not computed, of exponential sizes and of wide ranges.
 */
double
kfrag_distribution_mean_block(const struct kfrag_distribution *distribution,
			      uint64_t block_size);

/* Digits with an optional fraction of up to 9, times `scale`, rounded down. */
bool kfrag_decimal_parse(const char *text, size_t bytes, uint64_t scale,
			 uint64_t *result);

#endif
