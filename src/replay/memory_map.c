// SPDX-License-Identifier: MIT
#include "kfrag/memory_map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/arith.h"
#include "kfrag/bits.h"

const char *kfrag_page_kind_text(enum kfrag_page_kind kind)
{
	static const char *const texts[KFRAG_NR_PAGE_KINDS] = {
		[KFRAG_PAGE_FREE] = "free",
		[KFRAG_PAGE_LIVE] = "live",
		[KFRAG_PAGE_IDLE] = "idle",
		[KFRAG_PAGE_TAIL] = "tail",
	};

	return texts[kind];
}

static uint64_t pages_of_bin(const struct kfrag_memory_map *map, size_t bin)
{
	uint64_t rest = map->nr_pages - bin * map->pages_per_bin;

	return rest < map->pages_per_bin ? rest : map->pages_per_bin;
}

enum kfrag_error kfrag_memory_map_init(struct kfrag_memory_map *map,
				       uint64_t nr_pages, size_t max_bins)
{
	uint64_t pages_per_bin;

	assert(nr_pages > 0 && nr_pages <= UINT32_MAX && max_bins > 0);
	pages_per_bin = UINT64_C(1)
			<< kfrag_log2_ceil(kfrag_div_up(nr_pages, max_bins));
	*map = (struct kfrag_memory_map){
		.nr_pages = nr_pages,
		.pages_per_bin = pages_per_bin,
		.nr_bins = (size_t)kfrag_div_up(nr_pages, pages_per_bin),
	};
	map->bins = calloc(map->nr_bins, sizeof(*map->bins));
	if (!map->bins) {
		*map = (struct kfrag_memory_map){ 0 };
		return KFRAG_ENOMEM;
	}
	kfrag_memory_map_end(map, KFRAG_PAGE_FREE);
	return KFRAG_OK;
}

void kfrag_memory_map_release(struct kfrag_memory_map *map)
{
	free(map->bins);
	*map = (struct kfrag_memory_map){ 0 };
}

enum kfrag_error kfrag_memory_map_copy(struct kfrag_memory_map *copy,
				       const struct kfrag_memory_map *map)
{
	*copy = *map;
	copy->bins = calloc(map->nr_bins, sizeof(*map->bins));
	if (!copy->bins) {
		*copy = (struct kfrag_memory_map){ 0 };
		return KFRAG_ENOMEM;
	}
	memcpy(copy->bins, map->bins, map->nr_bins * sizeof(*map->bins));
	return KFRAG_OK;
}

static void fold_once(struct kfrag_memory_map *map)
{
	size_t nr_bins = map->nr_bins / 2 + map->nr_bins % 2;

	for (size_t i = 0; i < nr_bins; i++) {
		struct kfrag_map_bin sum = map->bins[2 * i];

		for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++)
			if (2 * i + 1 < map->nr_bins)
				sum.nr_pages[k] +=
					map->bins[2 * i + 1].nr_pages[k];
		map->bins[i] = sum;
	}
	map->nr_bins = nr_bins;
	map->pages_per_bin *= 2;
}

void kfrag_memory_map_fold(struct kfrag_memory_map *map, size_t max_bins)
{
	assert(max_bins > 0);
	while (map->nr_bins > max_bins)
		fold_once(map);
}

void kfrag_memory_map_crop(struct kfrag_memory_map *map, size_t nr_bins)
{
	assert(nr_bins > 0);
	while (map->nr_bins > nr_bins) {
		const struct kfrag_map_bin *last = &map->bins[--map->nr_bins];

		for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++) {
			map->nr_pages_of[k] -= last->nr_pages[k];
			map->nr_pages -= last->nr_pages[k];
		}
	}
}

void kfrag_memory_map_begin(struct kfrag_memory_map *map)
{
	memset(map->bins, 0, map->nr_bins * sizeof(*map->bins));
	memset(map->nr_pages_of, 0, sizeof(map->nr_pages_of));
}

void kfrag_memory_map_add(struct kfrag_memory_map *map,
			  enum kfrag_page_kind kind, uint64_t pfn,
			  uint64_t nr_pages)
{
	unsigned shift = kfrag_log2_floor(map->pages_per_bin);

	assert(pfn <= map->nr_pages && nr_pages <= map->nr_pages - pfn);
	map->nr_pages_of[kind] += nr_pages;
	while (nr_pages > 0) {
		size_t bin = (size_t)(pfn >> shift);
		uint64_t here = ((uint64_t)(bin + 1) << shift) - pfn;

		if (here > nr_pages)
			here = nr_pages;
		map->bins[bin].nr_pages[kind] += (uint32_t)here;
		pfn += here;
		nr_pages -= here;
	}
}

void kfrag_memory_map_end(struct kfrag_memory_map *map,
			  enum kfrag_page_kind background)
{
	for (size_t i = 0; i < map->nr_bins; i++) {
		uint64_t rest = pages_of_bin(map, i);

		for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++) {
			assert(map->bins[i].nr_pages[k] <= rest);
			rest -= map->bins[i].nr_pages[k];
		}
		map->bins[i].nr_pages[background] += (uint32_t)rest;
		map->nr_pages_of[background] += rest;
	}
}

void kfrag_memory_map_add_blocks(struct kfrag_memory_map *map,
				 enum kfrag_page_kind kind, uint64_t pfn,
				 unsigned order, uint64_t mask, uint64_t first,
				 uint64_t nr_pages)
{
	unsigned shift = kfrag_log2_floor(map->pages_per_bin);
	uint64_t last = (uint64_t)(63 - __builtin_clzll(mask)) << order;

	assert(mask && first + nr_pages <= UINT64_C(1) << order);
	/* Very often they are all in one bin. */
	if (pfn >> shift == (pfn + last + first + nr_pages - 1) >> shift) {
		uint64_t sum = kfrag_popcount(mask) * nr_pages;

		map->bins[pfn >> shift].nr_pages[kind] += (uint32_t)sum;
		map->nr_pages_of[kind] += sum;
		return;
	}
	for (; mask; mask &= mask - 1) {
		uint64_t block = (uint64_t)__builtin_ctzll(mask) << order;

		kfrag_memory_map_add(map, kind, pfn + block + first, nr_pages);
	}
}
