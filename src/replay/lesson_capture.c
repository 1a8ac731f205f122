// SPDX-License-Identifier: MIT
#include "kfrag/lesson_capture.h"

struct kfrag_lesson_waste
kfrag_lesson_waste_of(const struct kfrag_workload *workload,
		      const struct kfrag_workload_cache *cache)
{
	struct kfrag_lesson_waste waste = {
		.nr_objs = cache->nr_peak_objs,
		.block_bytes = workload->page_size_bytes << cache->buddy_order,
	};

	waste.lost_bytes =
		waste.nr_objs * (waste.block_bytes - cache->size_bytes);
	if (cache->size_bytes % workload->page_size_bytes != 0)
		waste.script_bytes = waste.lost_bytes;
	return waste;
}

struct kfrag_lesson_waste
kfrag_lesson_waste_sum(const struct kfrag_workload *workload)
{
	struct kfrag_lesson_waste sum = { 0 };

	for (size_t i = 0; i < workload->nr_caches; i++) {
		struct kfrag_lesson_waste waste =
			kfrag_lesson_waste_of(workload, &workload->caches[i]);

		sum.nr_objs += waste.nr_objs;
		sum.lost_bytes += waste.lost_bytes;
		sum.script_bytes += waste.script_bytes;
	}
	return sum;
}
