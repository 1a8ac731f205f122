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

/* What it takes to make `other` of a name; a prefix that lacks takes little. */
static size_t cost_of(const char *other, const char *name, size_t name_bytes)
{
	size_t bytes = strlen(other);
	size_t prefix = bytes > name_bytes ? bytes - name_bytes : 0;

	if (prefix > 1 && other[prefix - 1] == '_' &&
	    memcmp(other + prefix, name, name_bytes) == 0)
		return prefix / 5 + 1;
	return distance(other, bytes, name, name_bytes);
}

const char *kfrag_nearest_column(const struct kfrag_column_set *const *sets,
				 size_t nr_sets, const char *name,
				 size_t name_bytes)
{
	size_t best = name_bytes / 3;
	const char *nearest = NULL;

	if (name_bytes > MAX_BYTES)
		return NULL;
	for (size_t i = 0; i < nr_sets; i++) {
		for (size_t k = 0; k < sets[i]->nr_columns; k++) {
			const char *other = sets[i]->columns[k].name;
			size_t cost = cost_of(other, name, name_bytes);

			/* The last one: new_X, not old_X, for X. */
			if (cost <= best) {
				best = cost;
				nearest = other;
			}
		}
	}
	return nearest;
}
