/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_MEMORY_MAP_H
#define KFRAG_MEMORY_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"

/*
 * What the pages of a managed memory hold, bin by bin. A page has exactly one
 * kind: the first of live and idle that it holds a byte of, however few.
 */
enum kfrag_page_kind {
	KFRAG_PAGE_FREE, /* part of a free block */
	KFRAG_PAGE_LIVE, /* bytes of a live object lie in it */
	KFRAG_PAGE_IDLE, /* none, but some of an idle slot */
	KFRAG_PAGE_TAIL, /* neither: a slab's rest, a block's rounding */
	KFRAG_NR_PAGE_KINDS
};

/* "free", "live", "idle", "tail". */
const char *kfrag_page_kind_text(enum kfrag_page_kind kind);

struct kfrag_map_bin {
	uint32_t nr_pages[KFRAG_NR_PAGE_KINDS];
};

/*
 * Bins of pages_per_bin neighbouring pages, the first at page 0; the last one
 * may be short. sum over kinds of nr_pages_of = nr_pages.
 */
struct kfrag_memory_map {
	uint64_t nr_pages;
	uint64_t pages_per_bin; /* a power of two */
	size_t nr_bins;
	struct kfrag_map_bin *bins;
	uint64_t nr_pages_of[KFRAG_NR_PAGE_KINDS];
};

/*
 * All pages are free. The map has at most max_bins (>= 1) bins, and as many as
 * a power of two of pages in each allows; nr_pages is 1..2^32 - 1. It is the
 * caller's to release. KFRAG_ENOMEM leaves it empty.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_memory_map_init(struct kfrag_memory_map *map, uint64_t nr_pages,
		      size_t max_bins);
void kfrag_memory_map_release(struct kfrag_memory_map *map);

/* An independent copy, the caller's to release. KFRAG_ENOMEM: it is empty. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_memory_map_copy(struct kfrag_memory_map *copy,
		      const struct kfrag_memory_map *map);

/* Puts neighbouring bins together until there are at most max_bins (>= 1). */
void kfrag_memory_map_fold(struct kfrag_memory_map *map, size_t max_bins);

/* Leaves only the first nr_bins (>= 1) bins and their pages. */
void kfrag_memory_map_crop(struct kfrag_memory_map *map, size_t nr_bins);

/*
 * Drawing a map: first every page is in the background, of no kind; then runs
 * of pages that do not overlap get their kinds; the end gives all that is left
 * the kind that it says.
 */
void kfrag_memory_map_begin(struct kfrag_memory_map *map);
void kfrag_memory_map_add(struct kfrag_memory_map *map,
			  enum kfrag_page_kind kind, uint64_t pfn,
			  uint64_t nr_pages);
void kfrag_memory_map_end(struct kfrag_memory_map *map,
			  enum kfrag_page_kind background);

/*
 * The same run of pages in each of up to 64 neighbouring blocks: bit i of mask
 * stands for the one that starts i << order pages behind pfn; in each the run
 * starts at page `first` and has nr_pages pages.
 */
void kfrag_memory_map_add_blocks(struct kfrag_memory_map *map,
				 enum kfrag_page_kind kind, uint64_t pfn,
				 unsigned order, uint64_t mask, uint64_t first,
				 uint64_t nr_pages);

#endif
