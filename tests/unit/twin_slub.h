/* SPDX-License-Identifier: MIT */
#ifndef TWIN_SLUB_H
#define TWIN_SLUB_H

#include "kfrag/geometry.h"

/*
 * The order that SLUB chooses, found another way than by kfrag_geometry_of().
 */
#define TWIN_SLUB_NR_ORDERS (KFRAG_GEOMETRY_MAX_ORDER + 1)
#define TWIN_SLUB_NR_ERAS 4

/* What slabs of each order hold and lose. */
struct twin_slub_table {
	uint64_t page_bytes;
	uint64_t size_bytes;
	uint64_t nr_objs[TWIN_SLUB_NR_ORDERS];
	uint64_t lost_bytes[TWIN_SLUB_NR_ORDERS];
	unsigned least_order; /* that holds one */
};

/* What eras differ in. */
struct twin_slub_rules {
	enum kfrag_era era;
	unsigned first_fraction, last_fraction;
	bool halves; /* the wanted number, until slabs can hold it */
	bool gives_in; /* wants fewer rather than lose more */
	bool is_clamped; /* wants no more than the largest slab holds */
};

struct twin_slub_parameters {
	unsigned min_order;
	unsigned max_order;
	uint64_t nr_wanted;
};

/* Cases in which a rule of its own decides. */
struct twin_slub_hard {
	uint64_t nr_fallbacks; /* no order was good enough */
	uint64_t nr_beyond_count; /* more objects than can be counted */
	uint64_t nr_clamped;
	uint64_t nr_fewer; /* objects than wanted */
};

extern const struct twin_slub_rules twin_slub_rules[TWIN_SLUB_NR_ERAS];

void twin_slub_fill(struct twin_slub_table *table, uint64_t page_bytes,
		    uint64_t size);
unsigned twin_slub_order(const struct twin_slub_rules *rules,
			 const struct twin_slub_table *table,
			 struct twin_slub_parameters parameters,
			 struct twin_slub_hard *hard);

#endif
