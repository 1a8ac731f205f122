/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_GEOMETRY_SLAB_RULES_H
#define KFRAG_GEOMETRY_SLAB_RULES_H

#include "kfrag/geometry.h"

/* In what SLAB's eras differ, for a world and an alignment. */
struct kfrag_slab_rules {
	/* What manages a slab takes head + n * index bytes, rounded up. */
	uint64_t head_bytes; /* struct slab, until 3.12 */
	uint64_t index_bytes; /* kmem_bufctl_t, freelist_idx_t */
	uint64_t list_align_bytes;
	uint64_t most_objs; /* that an index can tell apart */
	uint64_t off_slab_bytes; /* objects from here on; not since 4.6 */
	uint64_t reclaim_bytes; /* up to here RECLAIM means the first order */
	unsigned enough_order;
	unsigned last_order;
	bool tries_in_object; /* since 4.6 */
	uint64_t cache_line_bytes;
};

/* align_bytes 0: a word. */
struct kfrag_slab_rules kfrag_slab_rules(const struct kfrag_world *world,
					 uint64_t align_bytes);

/* kmem_cache::size of the kmalloc cache that holds a list of that many. */
uint64_t kfrag_slab_list_cache_bytes(const struct kfrag_slab_rules *rules,
				     uint64_t bytes);

/* No object is smaller, or an index could not tell a slab's objects apart. */
uint64_t kfrag_slab_min_object_bytes(const struct kfrag_world *world);

#endif
