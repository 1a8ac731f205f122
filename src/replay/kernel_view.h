/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_KERNEL_VIEW_H
#define KFRAG_REPLAY_KERNEL_VIEW_H

#include <stdint.h>

#include "kfrag/arith.h"
#include "kfrag/workload.h"

/*
 * What the file itself says of a cache, in the words of a report:
 * held = live + idle + tail. No product overflows in a planned cache.
 */
struct kfrag_kernel_view {
	uint64_t objs_per_slab; /* as the file says, or as planned */
	unsigned slab_order; /* log2 of pages_per_slab, rounded up */
	uint64_t held_bytes;
	uint64_t idle_bytes;
	int64_t tail_bytes; /* < 0 where the file contradicts itself */
};

static inline struct kfrag_kernel_view
kfrag_kernel_view_of(const struct kfrag_workload_cache *cache,
		     uint64_t page_size_bytes)
{
	const struct kfrag_record *record = cache->record;
	uint64_t held_bytes =
		record->num_slabs * record->pages_per_slab * page_size_bytes;
	uint64_t nr_idle = cache->nr_peak_objs - cache->nr_settled_objs;

	return (struct kfrag_kernel_view){
		.objs_per_slab = record->objs_per_slab ? record->objs_per_slab :
							 cache->objs_per_slab,
		.slab_order = kfrag_log2_ceil(record->pages_per_slab),
		.held_bytes = held_bytes,
		.idle_bytes = nr_idle * cache->size_bytes,
		.tail_bytes = (int64_t)(held_bytes - cache->nr_peak_objs *
							     cache->size_bytes),
	};
}

#endif
