// SPDX-License-Identifier: MIT
/*
 * One colour for a bin of many pages.
 *
 * The kind that most pages of a bin have would hide all that is in the
 * minority everywhere: a tail in every slab, a live page in every block. So
 * what a bin owes to each kind is carried along to the next ones, as in error
 * diffusion, and paid when enough has come together. Always paying the largest
 * debt lets others grow beyond one bin. R. Tijdeman's rule ("The chairman
 * assignment problem", 1980) does not: of the kinds that are owed at least
 * 1 / (2 n - 2) of a bin, pay the one whose debt will first be 1 less that much
 * if nothing is paid until then. No debt, either way, ever exceeds that.
 *
 * n is 5: the pages that a short last bin lacks are a kind of their own, which
 * is never picked.
 */
#include "output/map_pick.h"

#include <assert.h>
#include <stdbool.h>

/* In parts of a page: 1 / (2 n - 2) of a bin is pages_per_bin of them. */
#define PARTS INT64_C(8)

struct debt {
	int64_t parts; /* owed now */
	int64_t ahead; /* owed when due, if nothing is paid until then */
	size_t due; /* the bin where that is too much; nr_bins: never */
};

static int64_t parts_in(const struct kfrag_memory_map *map, size_t bin, int k)
{
	return PARTS * map->bins[bin].nr_pages[k];
}

static void look_ahead(const struct kfrag_memory_map *map, int k,
		       struct debt *debt)
{
	int64_t limit = (PARTS - 1) * (int64_t)map->pages_per_bin;

	while (debt->due < map->nr_bins && debt->ahead < limit)
		if (++debt->due < map->nr_bins)
			debt->ahead += parts_in(map, debt->due, k);
}

/* Whether kind a is to be paid at this bin rather than b: both are owed. */
static bool goes_before(const struct kfrag_map_bin *bin,
			const struct debt *debts, int a, int b)
{
	bool has_a = bin->nr_pages[a] > 0, has_b = bin->nr_pages[b] > 0;

	if (debts[a].due != debts[b].due)
		return debts[a].due < debts[b].due;
	/* Often never: then rather not where there is none of it. */
	if (has_a != has_b)
		return has_a;
	return debts[a].parts > debts[b].parts;
}

/* The kind to be paid at this bin; at least one is owed enough. */
static int pick(const struct kfrag_memory_map *map, size_t bin,
		const struct debt *debts)
{
	int64_t enough = (int64_t)map->pages_per_bin;
	int best = -1;

	for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++)
		if (debts[k].parts >= enough &&
		    (best < 0 || goes_before(&map->bins[bin], debts, k, best)))
			best = k;
	assert(best >= 0);
	return best;
}

static int pick_largest(const struct debt *debts)
{
	int best = 0;

	for (int k = 1; k < KFRAG_NR_PAGE_KINDS; k++)
		if (debts[k].parts > debts[best].parts)
			best = k;
	return best;
}

void kfrag_map_pick(const struct kfrag_memory_map *map, uint8_t *kinds)
{
	int64_t bin_parts = PARTS * (int64_t)map->pages_per_bin;
	struct debt debts[KFRAG_NR_PAGE_KINDS] = { 0 };

	for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++) {
		debts[k].ahead = parts_in(map, 0, k);
		look_ahead(map, k, &debts[k]);
	}
	for (size_t bin = 0; bin < map->nr_bins; bin++) {
		bool is_short = map->nr_pages - bin * map->pages_per_bin <
				map->pages_per_bin;
		int kind;

		for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++)
			debts[k].parts += parts_in(map, bin, k);
		kind = is_short ? pick_largest(debts) : pick(map, bin, debts);
		debts[kind].parts -= bin_parts;
		debts[kind].ahead -= bin_parts;
		look_ahead(map, kind, &debts[kind]);
		kinds[bin] = (uint8_t)kind;
	}
}
