/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_BOUNDARY_H
#define KFRAG_BOUNDARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/geometry_fit.h"
#include "kfrag/sysslab.h"

/*
 * Where a little less makes a difference: the sizes below today's at which the
 * kernel would choose another slab, and the order in which today's population
 * takes least. Memory is that of ceil(num_objs / objs_per_slab) slabs, before
 * and after.
 */

/* So many of the nearest sizes are looked for per cache. */
#define KFRAG_BOUNDARIES_PER_CACHE 3

struct kfrag_slabs {
	unsigned order;
	uint64_t objs_per_slab;
	uint64_t num_slabs; /* that hold num_objs */
	uint64_t held_bytes;
};

struct kfrag_boundary {
	const struct kfrag_record *record; /* borrowed */
	struct kfrag_slabs now;
	uint64_t size_bytes; /* kmem_cache::size that would do */
	/*
	 * To be taken off the object: off its payload where sysfs states
	 * that, else off its size.
	 */
	uint64_t shaved_bytes;
	struct kfrag_slabs then;
	int64_t won_bytes; /* now.held - then.held: below 0 where it costs */
};

struct kfrag_best_order {
	const struct kfrag_record *record;
	struct kfrag_slabs now;
	struct kfrag_slabs best; /* the least order among equals */
	uint64_t won_bytes; /* 0: the kernel's choice is as good */
};

struct kfrag_boundaries {
	struct kfrag_boundary *sizes; /* cache by cache, nearest first */
	size_t nr_sizes;
	struct kfrag_best_order *orders; /* one per cache, in their order */
	size_t nr_orders;
	size_t nr_unexplained; /* caches of which the world says nothing */
};

/*
 * Of caches that the fit explains; sysslab may be NULL. The fit must outlive
 * the boundaries, which are the caller's to release; KFRAG_ENOMEM leaves them
 * empty. Sums of bytes of the snapshot must be below 2^62
 * (kfrag_workload_trim()).
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_boundaries_init(struct kfrag_boundaries *boundaries,
		      const struct kfrag_geometry_fit *fit,
		      const struct kfrag_sysslab *sysslab);
void kfrag_boundaries_release(struct kfrag_boundaries *boundaries);

/* floor(won_bytes / shaved_bytes), towards 0: what ranks boundaries. */
int64_t kfrag_boundary_yield(const struct kfrag_boundary *boundary);

#endif
