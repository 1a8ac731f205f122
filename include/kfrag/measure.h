/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_MEASURE_H
#define KFRAG_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "kfrag/units.h"

/*
 * The measures as pure functions of integers; no allocator in sight, so a
 * test or a buddyinfo line can feed them. Formulas: head of measure.c.
 *
 * nr_free[o] is the number of free blocks of order o, o below nr_orders.
 * The sum of nr_free[o] << o must stay below 2^53 pages.
 */

/* Pages in all free blocks. */
uint64_t kfrag_measure_free_pages(const uint64_t *nr_free, unsigned nr_orders);

/* All free blocks, whatever their order. */
uint64_t kfrag_measure_free_blocks(const uint64_t *nr_free, unsigned nr_orders);

/* Pages of the largest free block; 0 where nothing is free. */
uint64_t kfrag_measure_largest_pages(const uint64_t *nr_free,
				     unsigned nr_orders);

/*
 * Unusable free space index for requests of an order, per mille of the free
 * pages, rounded down: unusable_free_index() of Linux, mm/vmstat.c. 1000
 * where nothing is free.
 */
unsigned kfrag_measure_unusable_permille(const uint64_t *nr_free,
					 unsigned nr_orders, unsigned order);

/*
 * Fragmentation index, per mille: __fragmentation_index() of Linux,
 * mm/vmstat.c. Towards 1000 a request fails because memory is cut up,
 * towards 0 because too little is free. Returns false, with *permille 0,
 * where the request would succeed (the kernel prints -1.000). Can be
 * negative (down to -500) where a single block is free.
 */
bool kfrag_measure_fragmentation_permille(const uint64_t *nr_free,
					  unsigned nr_orders, unsigned order,
					  int *permille);

/* floor(1000 * (free - largest) / free); 0 where nothing is free. */
unsigned kfrag_measure_external_permille(uint64_t free_bytes,
					 uint64_t largest_free_bytes);

/*
 * What other designs would take to keep track of the same pages, in bits.
 */
struct kfrag_measure_designs {
	uint64_t textbook_bits; /* one bit per block and order */
	uint64_t pair_bits; /* one per pair of buddies, every order (2.6.9) */
	uint64_t order_byte_bits; /* one byte of order per page */
	uint64_t struct_page_bits; /* 64 bytes per page */
};

struct kfrag_measure_designs kfrag_measure_designs(uint64_t nr_pages,
						   unsigned max_order);

#endif
