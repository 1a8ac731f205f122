// SPDX-License-Identifier: MIT
#include "output/nearest.h"

#include <string.h>

/* Names of columns are shorter. */
#define MAX_BYTES 64

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, row by row; b has at most MAX_BYTES. */
static size_t distance(const char *a, size_t a_bytes, const char *b,
		       size_t b_bytes)
{
	size_t costs[MAX_BYTES + 1];

	for (size_t k = 0; k <= b_bytes; k++)
		costs[k] = k;
	for (size_t i = 0; i < a_bytes; i++) {
		size_t diagonal = costs[0];

		costs[0] = i + 1;
		for (size_t k = 0; k < b_bytes; k++) {
			size_t change = diagonal + (a[i] != b[k]);

			diagonal = costs[k + 1];
			costs[k + 1] =
				least(change, 1 + least(costs[k], diagonal));
		}
	}
	return costs[b_bytes];
}

const char *kfrag_nearest_column(const struct kfrag_column_set *const *sets,
				 size_t nr_sets, const char *name,
				 size_t name_bytes)
{
	size_t best = name_bytes / 3 + 1;
	const char *nearest = NULL;

	if (name_bytes > MAX_BYTES)
		return NULL;
	for (size_t i = 0; i < nr_sets; i++) {
		for (size_t k = 0; k < sets[i]->nr_columns; k++) {
			const char *other = sets[i]->columns[k].name;
			size_t cost = distance(other, strlen(other), name,
					       name_bytes);

			if (cost < best) {
				best = cost;
				nearest = other;
			}
		}
	}
	return nearest;
}
