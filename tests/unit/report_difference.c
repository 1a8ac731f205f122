// SPDX-License-Identifier: MIT
#include "report_laws.h"

#define SAME(member)                                                           \
	do {                                                                   \
		if (a->member != b->member)                                    \
			return #member;                                        \
	} while (0)

#define SAME_OPT(member)                                                       \
	do {                                                                   \
		SAME(member.known);                                            \
		SAME(member.value);                                            \
	} while (0)

static const char *cache_difference(const struct kfrag_cache_row *a,
				    const struct kfrag_cache_row *b)
{
	SAME(name);
	SAME(name_bytes);
	SAME(line);
	SAME(active_slabs);
	SAME(active_slabs_unknown);
	SAME(size_bytes);
	SAME(active_objs);
	SAME(num_objs);
	SAME(objs_per_slab);
	SAME(slab_order);
	SAME(num_slabs);
	SAME(kernel_held_bytes);
	SAME(kernel_idle_bytes);
	SAME(kernel_tail_bytes);
	SAME(buddy_order);
	SAME(buddy_peak_held_bytes);
	SAME(buddy_peak_internal_bytes);
	SAME(buddy_held_bytes);
	SAME(buddy_internal_bytes);
	SAME(buddy_failed_objs);
	SAME(slab_slabs);
	SAME(slab_held_bytes);
	SAME(slab_idle_bytes);
	SAME(slab_tail_bytes);
	SAME(slab_failed_objs);
	return NULL;
}

static const char *total_difference(const struct kfrag_total_row *a,
				    const struct kfrag_total_row *b)
{
	SAME(allocator);
	SAME(state);
	SAME(live_objs);
	SAME(live_bytes);
	SAME(held_bytes);
	SAME_OPT(internal_bytes);
	SAME_OPT(idle_bytes);
	SAME(tail_known);
	SAME(tail_bytes);
	SAME_OPT(free_bytes);
	SAME_OPT(free_blocks);
	SAME_OPT(largest_free_bytes);
	SAME_OPT(external_permille);
	SAME_OPT(bitmap_bytes);
	SAME_OPT(bookkeeping_bytes);
	SAME_OPT(memory_bytes);
	SAME_OPT(failed_objs);
	SAME_OPT(failed_fragmented_objs);
	return NULL;
}

static const char *order_difference(const struct kfrag_order_row *a,
				    const struct kfrag_order_row *b)
{
	SAME(allocator);
	SAME(state);
	SAME(order);
	SAME(block_bytes);
	SAME_OPT(free_blocks);
	SAME_OPT(unusable_permille);
	SAME(fragmentation_known);
	SAME(fragmentation_permille);
	SAME(bitmap_bits);
	return NULL;
}

const char *report_difference(const struct kfrag_report *a,
			      const struct kfrag_report *b)
{
	const char *difference = NULL;

	SAME(memory_bytes);
	SAME(replayed);
	SAME(num_objs);
	SAME(active_objs);
	SAME(nr_caches);
	SAME(nr_totals);
	SAME(nr_orders);
	for (int i = 0; i < KFRAG_KERNEL; i++) {
		SAME(activity[i].nr_splits);
		SAME(activity[i].nr_merges);
		SAME(activity[i].nr_slabs_made);
		SAME(activity[i].nr_slabs_returned);
	}
	for (uint64_t i = 0; i < a->nr_caches && !difference; i++)
		difference = cache_difference(&a->caches[i], &b->caches[i]);
	for (size_t i = 0; i < a->nr_totals && !difference; i++)
		difference = total_difference(&a->totals[i], &b->totals[i]);
	for (size_t i = 0; i < a->nr_orders && !difference; i++)
		difference = order_difference(&a->orders[i], &b->orders[i]);
	return difference;
}
