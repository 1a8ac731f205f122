/* SPDX-License-Identifier: MIT */
#ifndef BULK_H
#define BULK_H

/*
 * w5: objects of 192 bytes, 21 to a slab of one page, from
 *	empty	memory just as large as their slabs,
 *	frag	memory twice as large, whose pages were all allocated one by
 *		one and a random half of them freed again, so that a free
 *		block has 1.4 pages on average,
 * all at once (bulk), or one by one. Making the memory is not timed; making
 * the slab allocator over it is. Only kfrag has such functions.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bulk_case {
	const char *title;
	uint64_t nr_objs;
	bool is_fragmented;
	bool is_one_by_one;
};

extern const struct bulk_case bulk_cases[];
extern const size_t nr_bulk_cases;

void bulk_heading(void);

/* nr_runs of it and a median row, fewer where the budget ends before. */
void bulk_run_case(const struct bulk_case *bulk, unsigned shift, size_t nr_runs,
		   double budget_ns);

#endif
