// SPDX-License-Identifier: MIT
#include "kfrag/distribution.h"

#include <math.h>
#include <stdlib.h>

#include "kfrag/arith.h"
#include "kfrag/variate.h"

/* A mean over more values than these is not worth the time. */
#define MAX_SUMMED (UINT64_C(1) << 24)

enum kfrag_error
kfrag_distribution_init_list(struct kfrag_distribution *distribution,
			     const struct kfrag_distribution_item *items,
			     size_t nr_items)
{
	uint64_t end = 0;

	*distribution = (struct kfrag_distribution){
		.kind = KFRAG_LIST,
		.scale = 1,
		.nr_items = nr_items,
		.items = calloc(nr_items ? nr_items : 1, sizeof(*items)),
	};
	if (!distribution->items) {
		*distribution = (struct kfrag_distribution){ 0 };
		return KFRAG_ENOMEM;
	}
	for (size_t i = 0; i < nr_items; i++) {
		distribution->items[i] = items[i];
		end += items[i].weight;
		distribution->items[i].end = end;
	}
	return KFRAG_OK;
}

void kfrag_distribution_release(struct kfrag_distribution *distribution)
{
	free(distribution->items);
	*distribution = (struct kfrag_distribution){ 0 };
}

/* The first item that ends behind a point of the weights. */
static size_t draw_item(const struct kfrag_distribution *distribution,
			struct kfrag_random *random)
{
	const struct kfrag_distribution_item *items = distribution->items;
	size_t low = 0, high = distribution->nr_items - 1;
	uint64_t at = kfrag_random_below(random, items[high].end);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (items[middle].end > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static uint64_t draw(const struct kfrag_distribution *distribution,
		     struct kfrag_random *random, size_t *item)
{
	uint64_t mean = distribution->first;

	switch (distribution->kind) {
	case KFRAG_UNIFORM:
		return kfrag_variate_uniform(random, distribution->first,
					     distribution->last);
	case KFRAG_INVERSE:
		return kfrag_variate_inverse(random, distribution->first,
					     distribution->last);
	case KFRAG_BIMODAL:
		if (kfrag_random_below(random, 100) >= distribution->percent)
			mean = distribution->last;
		return kfrag_variate_exponential(random, mean);
	case KFRAG_EXPONENTIAL:
		return kfrag_variate_exponential(random, mean);
	case KFRAG_LIST:
		*item = draw_item(distribution, random);
		return distribution->items[*item].value;
	default:
		return distribution->first;
	}
}

uint64_t kfrag_distribution_draw(const struct kfrag_distribution *distribution,
				 struct kfrag_random *random, size_t *item)
{
	uint64_t sample, scaled;

	*item = 0;
	sample = draw(distribution, random, item);
	if (!kfrag_mul_u64(sample, distribution->scale, &scaled))
		return UINT64_MAX;
	return scaled;
}

uint64_t kfrag_distribution_max(const struct kfrag_distribution *distribution)
{
	uint64_t max = 0;

	switch (distribution->kind) {
	case KFRAG_FIXED:
		return distribution->first;
	case KFRAG_UNIFORM:
	case KFRAG_INVERSE:
		return distribution->last;
	case KFRAG_LIST:
		for (size_t i = 0; i < distribution->nr_items; i++)
			if (distribution->items[i].value > max)
				max = distribution->items[i].value;
		return max;
	default:
		return UINT64_MAX;
	}
}

/* The mean of what `of` makes of each value. */
static double mean_of(const struct kfrag_distribution *distribution,
		      uint64_t (*of)(uint64_t value, uint64_t block_size),
		      uint64_t block_size)
{
	double sum = 0, weights = 0;

	if (distribution->kind == KFRAG_LIST) {
		for (size_t i = 0; i < distribution->nr_items; i++) {
			const struct kfrag_distribution_item *item =
				&distribution->items[i];

			sum += (double)item->weight *
			       (double)of(item->value, block_size);
			weights += (double)item->weight;
		}
		return sum / weights;
	}
	for (uint64_t r = distribution->first; r <= distribution->last; r++) {
		double weight = distribution->kind == KFRAG_INVERSE ?
					1.0 / (double)r :
					1.0;

		sum += weight * (double)of(r, block_size);
		weights += weight;
	}
	return sum / weights;
}

static uint64_t itself(uint64_t value, uint64_t block_size)
{
	(void)block_size;
	return value;
}

static uint64_t block_of(uint64_t value, uint64_t block_size)
{
	return block_size << kfrag_log2_ceil(kfrag_div_up(value, block_size));
}

static bool can_be_summed(const struct kfrag_distribution *distribution)
{
	return distribution->kind == KFRAG_LIST ||
	       ((distribution->kind == KFRAG_UNIFORM ||
		 distribution->kind == KFRAG_INVERSE) &&
		distribution->last - distribution->first < MAX_SUMMED);
}

double kfrag_distribution_mean(const struct kfrag_distribution *distribution)
{
	double first = (double)distribution->first;
	double last = (double)distribution->last;
	double scale = (double)distribution->scale;

	switch (distribution->kind) {
	case KFRAG_FIXED:
		return distribution->first == KFRAG_TICKS_NEVER ?
			       (double)INFINITY :
			       first * scale;
	case KFRAG_UNIFORM:
		return (first + last) / 2 * scale;
	case KFRAG_BIMODAL:
		return (first * (double)distribution->percent +
			last * (double)(100 - distribution->percent)) /
		       100 * scale;
	case KFRAG_EXPONENTIAL:
		return first * scale;
	default:
		if (can_be_summed(distribution))
			return mean_of(distribution, itself, 1) * scale;
		return last * scale;
	}
}

double
kfrag_distribution_mean_block(const struct kfrag_distribution *distribution,
			      uint64_t block_size)
{
	if (distribution->kind == KFRAG_FIXED)
		return (double)block_of(distribution->first, block_size);
	if (!can_be_summed(distribution))
		return -1;
	return mean_of(distribution, block_of, block_size);
}
