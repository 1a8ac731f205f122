// SPDX-License-Identifier: MIT
/*
 * What is measured, and against what.
 *
 * 1. Internal fragmentation is memory that is handed out but holds no
 *    object: held - live. Under buddy only it is the rounding of each object
 *    to a power of two of pages. Under buddy + slab it has two parts that
 *    call for different cures: idle slots (free slots * size: too few
 *    objects left in too many slabs) and tails (slabs * (slab bytes - O *
 *    size): a size that divides no slab evenly).
 *
 * 2. External fragmentation is free memory that cannot serve a request
 *    because it is cut up. It has no single number: it depends on the
 *    request. For a request of order j, with F free pages in T free blocks,
 *    of which S blocks of order j can be cut:
 *      unusable free space index = (F - S * 2^j) / F
 *        (M. Gorman, A. Whitcroft, Supporting the allocation of large
 *        contiguous regions of memory, 2005)
 *      fragmentation index       = 1 - (1 + F / 2^j) / T,  only where S = 0
 *        towards 1: there is memory enough, but cut up; towards 0: there is
 *        too little of it.
 *    Both in the kernel's own per mille and rounding (mm/vmstat.c:
 *    unusable_free_index, __fragmentation_index), so that the figures can be
 *    laid beside /sys/kernel/debug/extfrag.
 *
 * 3. Every measure is a ratio of sums, never a mean of ratios; numerator and
 *    denominator stay integers and apart until they are printed.
 */
#include "kfrag/measure.h"

#include "kfrag/arith.h"

uint64_t kfrag_measure_free_pages(const uint64_t *nr_free, unsigned nr_orders)
{
	uint64_t pages = 0;

	for (unsigned order = 0; order < nr_orders; order++)
		pages += nr_free[order] << order;
	return pages;
}

uint64_t kfrag_measure_free_blocks(const uint64_t *nr_free, unsigned nr_orders)
{
	uint64_t blocks = 0;

	for (unsigned order = 0; order < nr_orders; order++)
		blocks += nr_free[order];
	return blocks;
}

uint64_t kfrag_measure_largest_pages(const uint64_t *nr_free,
				     unsigned nr_orders)
{
	for (unsigned order = nr_orders; order-- > 0;)
		if (nr_free[order])
			return UINT64_C(1) << order;
	return 0;
}

/* Blocks of `order` that can be cut from the free blocks as they are. */
static uint64_t suitable_blocks(const uint64_t *nr_free, unsigned nr_orders,
				unsigned order)
{
	uint64_t blocks = 0;

	for (unsigned o = order; o < nr_orders; o++)
		blocks += nr_free[o] << (o - order);
	return blocks;
}

unsigned kfrag_measure_unusable_permille(const uint64_t *nr_free,
					 unsigned nr_orders, unsigned order)
{
	uint64_t pages = kfrag_measure_free_pages(nr_free, nr_orders);
	uint64_t usable = suitable_blocks(nr_free, nr_orders, order) << order;

	if (pages == 0)
		return 1000;
	return (unsigned)((pages - usable) * 1000 / pages);
}

bool kfrag_measure_fragmentation_permille(const uint64_t *nr_free,
					  unsigned nr_orders, unsigned order,
					  int *permille)
{
	uint64_t pages = kfrag_measure_free_pages(nr_free, nr_orders);
	uint64_t blocks = kfrag_measure_free_blocks(nr_free, nr_orders);

	*permille = 0;
	if (blocks == 0)
		return true;
	if (suitable_blocks(nr_free, nr_orders, order) != 0)
		return false;
	*permille = 1000 - (int)((1000 + (pages * 1000 >> order)) / blocks);
	return true;
}

unsigned kfrag_measure_external_permille(uint64_t free_bytes,
					 uint64_t largest_free_bytes)
{
	if (free_bytes == 0)
		return 0;
	return (unsigned)kfrag_mul_div(1000, free_bytes - largest_free_bytes,
				       free_bytes);
}

struct kfrag_measure_designs kfrag_measure_designs(uint64_t nr_pages,
						   unsigned max_order)
{
	struct kfrag_measure_designs designs = {
		.order_byte_bits = nr_pages * 8,
		.struct_page_bits = nr_pages * 64 * 8,
	};

	for (unsigned order = 0; order <= max_order; order++) {
		uint64_t nr_blocks = nr_pages >> order;

		designs.textbook_bits += nr_blocks;
		designs.pair_bits += kfrag_div_up(nr_blocks, 2);
	}
	return designs;
}
