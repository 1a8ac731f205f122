/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_MAP_PICTURE_H
#define KFRAG_MAP_PICTURE_H

#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/memory_map.h"

/*
 * A memory map laid out for the eye, a kind in each cell of a grid: along a
 * Hilbert curve, so that neighbours stay neighbours, through one square or two
 * side by side. Page 0 is in the upper left corner, the last in the upper
 * right. Cells with several pages show a kind of theirs or their neighbours'
 * such that the picture as a whole has as much of each as the memory, to
 * within a cell.
 */
struct kfrag_map_picture {
	unsigned width; /* cells */
	unsigned height;
	/*
	 * Owned; row by row from the top: enum kfrag_page_kind, or
	 * KFRAG_NR_PAGE_KINDS in a cell that is behind the end of the memory.
	 */
	uint8_t *cells;
	uint64_t pages_per_cell;
	uint64_t nr_pages;
	uint64_t nr_pages_of[KFRAG_NR_PAGE_KINDS];
};

enum kfrag_map_shape {
	KFRAG_MAP_SQUARE,
	KFRAG_MAP_WIDE /* twice as wide as high, as characters are high */
};

/* Cells in a column at most: 2^KFRAG_MAP_MAX_ORDER. */
#define KFRAG_MAP_MAX_ORDER 10

/*
 * A picture of at most 2^max_order rows, and fewer where a cell would not have
 * a page of its own. It does not need the map afterwards, and is the caller's
 * to release. KFRAG_ENOMEM leaves it empty.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_map_picture_init(struct kfrag_map_picture *picture,
		       const struct kfrag_memory_map *map,
		       enum kfrag_map_shape shape, unsigned max_order);

/*
 * A square close-up of the first pages, where all that is not free lies in a
 * small part of the memory: the first 4^-halvings, as large as that part of a
 * picture of the whole is with a side of 2^-halvings, and turned as it is
 * there. halvings is 0, and the picture empty, where the whole shows as much.
 * KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_map_picture_init_close_up(struct kfrag_map_picture *picture,
				const struct kfrag_memory_map *map,
				unsigned max_order, unsigned *halvings);

void kfrag_map_picture_release(struct kfrag_map_picture *picture);

#endif
