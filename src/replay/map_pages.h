/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_MAP_PAGES_H
#define KFRAG_REPLAY_MAP_PAGES_H

#include <stdint.h>

#include "kfrag/buddy.h"
#include "kfrag/memory_map.h"
#include "kfrag/slab.h"

/*
 * What the allocators hold as runs of pages in a map that has begun. Live is
 * the background, so that what is full costs next to nothing.
 */

/* The free blocks. */
void kfrag_map_free_blocks(struct kfrag_memory_map *map,
			   const struct kfrag_buddy *buddy);

/* How objects lie in a cache's slabs. */
struct kfrag_map_slots {
	uint64_t size_bytes;
	uint32_t objs_per_slab;
	unsigned order;
};

/* Idle and tail pages of all slabs; slots by a slab cache's own index. */
void kfrag_map_slabs(struct kfrag_memory_map *map,
		     const struct kfrag_slab *slab,
		     const struct kfrag_map_slots *slots,
		     uint64_t page_size_bytes);

#endif
