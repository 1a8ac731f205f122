/* SPDX-License-Identifier: MIT */
#ifndef TWIN_SLAB_H
#define TWIN_SLAB_H

#include "kfrag/geometry.h"

/* Cases in which a rule of its own decides. */
struct twin_slab_hard {
	uint64_t nr_elsewhere;
	uint64_t nr_moved_in;
	uint64_t nr_in_object;
	uint64_t nr_beyond_index;
	uint64_t nr_reclaim; /* that another cache would not have */
	uint64_t nr_stopped; /* by the largest order */
	uint64_t nr_rounded; /* objects lost to the rounding of the list */
};

struct twin_slab_answer {
	bool any;
	unsigned order;
	uint64_t nr_objs;
	uint64_t list_bytes; /* inside the slab */
	uint64_t rest_bytes;
	enum kfrag_management where;
};

/*
 * The slab that SLAB makes of an object, found another way than by
 * kfrag_geometry_of(). Sizes are multiples of their alignment.
 */
struct twin_slab_answer twin_slab(const struct kfrag_world *world,
				  const struct kfrag_object *object,
				  struct twin_slab_hard *hard);

/* The largest order an era's slabs may have, with pages of 4 KiB. */
unsigned twin_slab_last_order(enum kfrag_era era);

#endif
