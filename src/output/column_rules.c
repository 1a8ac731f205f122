// SPDX-License-Identifier: MIT
/*
 * What a percentage of each column is of, and which columns add up over all
 * caches. Columns that are not in a list do neither.
 */
#include "output/column_rules.h"

#include <string.h>

/*
 * PART(column, whole): a share of another column. HELD(column): of the
 * machine's memory. ALONE(column): of nothing. SIZE(column): of nothing, and
 * a sum of it says nothing.
 */
#define CACHE_MEASURES(PART, HELD, ALONE, SIZE)                                \
	PART(active_objs, num_objs), ALONE(num_objs), ALONE(num_slabs),        \
		HELD(kernel_held_bytes),                                       \
		PART(kernel_idle_bytes, kernel_held_bytes),                    \
		PART(kernel_tail_bytes, kernel_held_bytes),                    \
		HELD(buddy_held_bytes),                                        \
		PART(buddy_internal_bytes, buddy_held_bytes),                  \
		HELD(slab_held_bytes), PART(slab_idle_bytes, slab_held_bytes), \
		PART(slab_tail_bytes, slab_held_bytes), SIZE(size_bytes),      \
		SIZE(objs_per_slab)

#define TOTAL_MEASURES(PART, HELD, ALONE, SIZE)                                \
	ALONE(live_objs), PART(live_bytes, held_bytes),                        \
		PART(held_bytes, memory_bytes),                                \
		PART(internal_bytes, held_bytes),                              \
		PART(idle_bytes, held_bytes), PART(tail_bytes, held_bytes),    \
		PART(free_bytes, memory_bytes), ALONE(free_blocks),            \
		PART(largest_free_bytes, free_bytes),                          \
		PART(bitmap_bytes, memory_bytes),                              \
		PART(bookkeeping_bytes, memory_bytes), ALONE(memory_bytes),    \
		ALONE(failed_objs), PART(failed_fragmented_objs, failed_objs)

/* A rule's parts. */
#define OF_COLUMN(name, name_of_whole)                                         \
	{                                                                      \
		.column = (name), .adds = true, .of = KFRAG_WHOLE_COLUMN,      \
		.whole = (name_of_whole),                                      \
	}
#define OF_MEMORY(name, memory)                                                \
	{                                                                      \
		.column = (name), .adds = true, .of = (memory),                \
	}
#define OF_NOTHING(name, does_add)                                             \
	{                                                                      \
		.column = (name), .adds = (does_add),                          \
	}
#define OF_BEFORE(name, before, does_add)                                      \
	{                                                                      \
		.column = (name), .adds = (does_add),                          \
		.of = KFRAG_WHOLE_BEFORE, .whole = (before),                   \
	}
#define WORDS(name, all)                                                       \
	{                                                                      \
		.column = (name), .words = (all),                              \
	}
#define ALLOCATORS WORDS("allocator", "buddy slab kernel")
#define STATES WORDS("state", "peak settled")

/* ------------------------------------------------------------ a report's */

#define PART(name, whole) OF_COLUMN(#name, #whole)
#define HELD(name) OF_MEMORY(#name, KFRAG_WHOLE_MEMORY)
#define ALONE(name) OF_NOTHING(#name, true)
#define SIZE(name) OF_NOTHING(#name, false)

const struct kfrag_column_rule kfrag_rules_caches[] = {
	CACHE_MEASURES(PART, HELD, ALONE, SIZE),
	/* What a comparison has not. */
	HELD(buddy_peak_held_bytes),
	PART(buddy_peak_internal_bytes, buddy_peak_held_bytes),
	ALONE(buddy_failed_objs),
	ALONE(slab_slabs),
	ALONE(slab_failed_objs),
	{ 0 },
};

const struct kfrag_column_rule kfrag_rules_totals[] = {
	ALLOCATORS,
	STATES,
	TOTAL_MEASURES(PART, HELD, ALONE, SIZE),
	{ 0 },
};

const struct kfrag_column_rule kfrag_rules_orders[] = {
	ALLOCATORS,
	STATES,
	{ 0 },
};

/* -------------------------------------------------------- a comparison's */

/* Old and new ones as in a report; a change is of what was there before. */
#define CHANGE(name, does_add) OF_BEFORE("delta_" #name, "old_" #name, does_add)
#define DIFF_PART(name, whole)                                                 \
	OF_COLUMN("old_" #name, "old_" #whole),                                \
		OF_COLUMN("new_" #name, "new_" #whole), CHANGE(name, true)
#define DIFF_HELD(name)                                                        \
	OF_MEMORY("old_" #name, KFRAG_WHOLE_OLD_MEMORY),                       \
		OF_MEMORY("new_" #name, KFRAG_WHOLE_MEMORY),                   \
		CHANGE(name, true)
#define DIFF_ALONE(name)                                                       \
	OF_NOTHING("old_" #name, true), OF_NOTHING("new_" #name, true),        \
		CHANGE(name, true)
#define DIFF_SIZE(name) CHANGE(name, false)

const struct kfrag_column_rule kfrag_rules_diff_caches[] = {
	WORDS("status", "same changed new gone"),
	CACHE_MEASURES(DIFF_PART, DIFF_HELD, DIFF_ALONE, DIFF_SIZE),
	/* What a report has not. */
	DIFF_PART(active_slabs, num_slabs),
	{ 0 },
};

const struct kfrag_column_rule kfrag_rules_diff_totals[] = {
	ALLOCATORS,
	STATES,
	WORDS("status", "same changed"),
	TOTAL_MEASURES(DIFF_PART, DIFF_HELD, DIFF_ALONE, DIFF_SIZE),
	{ 0 },
};

/* --------------------------------------------------------------- trends' */

#define BOTH_PART(name, whole)                                                 \
	OF_COLUMN("first_" #name, "first_" #whole),                            \
		OF_COLUMN("last_" #name, "last_" #whole)
#define BOTH_ALONE(name)                                                       \
	OF_NOTHING("first_" #name, true), OF_NOTHING("last_" #name, true)

#define BOTH_HELD(name)                                                        \
	OF_MEMORY("first_" #name, KFRAG_WHOLE_MEMORY),                         \
		OF_MEMORY("last_" #name, KFRAG_WHOLE_MEMORY)

const struct kfrag_column_rule kfrag_rules_trend_caches[] = {
	WORDS("verdict", "leak bloat trapped cyclic steady too-few"),
	ALONE(active_bytes_per_hour),
	ALONE(total_bytes_per_hour),
	PART(held_bytes_per_hour, last_kernel_held_bytes),
	BOTH_PART(active_objs, num_objs),
	BOTH_ALONE(num_objs),
	BOTH_ALONE(num_slabs),
	BOTH_HELD(kernel_held_bytes),
	BOTH_PART(kernel_idle_bytes, kernel_held_bytes),
	PART(needed_slabs, last_num_slabs),
	PART(trapped_bytes, last_kernel_held_bytes),
	{ 0 },
};

/* --------------------------------------------------------------- a bill's */

const struct kfrag_column_rule kfrag_rules_bill_caches[] = {
	SIZE(size_bytes),
	SIZE(objs_per_slab),
	PART(live_objs, num_objs),
	ALONE(num_objs),
	ALONE(num_slabs),
	HELD(held_bytes),
	PART(live_bytes, held_bytes),
	PART(idle_bytes, held_bytes),
	PART(tail_bytes, held_bytes),
	PART(fallback_bytes, held_bytes),
	PART(fallback_slabs, num_slabs),
	WORDS("sure", "exact upper-bound estimate"),
	PART(live_min_objs, num_objs),
	PART(live_max_objs, num_objs),
	PART(idle_min_bytes, held_bytes),
	PART(idle_max_bytes, held_bytes),
	PART(payload_bytes, live_bytes),
	PART(loss_bytes, live_bytes),
	SIZE(nr_aliases),
	{ 0 },
};

/* ------------------------------------------------- what would be otherwise */

/* Of one cache several sizes are listed, which do not add up. */
const struct kfrag_column_rule kfrag_rules_boundary_sizes[] = {
	{ .column = "won_bytes",
	  .of = KFRAG_WHOLE_COLUMN,
	  .whole = "held_bytes" },
	{ 0 },
};

const struct kfrag_column_rule kfrag_rules_boundary_orders[] = {
	ALONE(num_objs),
	ALONE(num_slabs),
	HELD(held_bytes),
	ALONE(best_num_slabs),
	PART(best_held_bytes, held_bytes),
	PART(won_bytes, held_bytes),
	{ 0 },
};

const struct kfrag_column_rule kfrag_rules_metadata_caches[] = {
	WORDS("kind", "pointer index bitmap extension-8 extension-16"),
	WORDS("place", "tail extra"),
	{ .column = "slab_metadata_bytes",
	  .of = KFRAG_WHOLE_COLUMN,
	  .whole = "slab_tail_bytes" },
	{ 0 },
};

const struct kfrag_column_rule kfrag_rules_metadata_totals[] = {
	WORDS("kind", "pointer index bitmap extension-8 extension-16"),
	{ .column = "nr_in_tail",
	  .of = KFRAG_WHOLE_COLUMN,
	  .whole = "nr_caches" },
	{ .column = "all_extra_bytes",
	  .of = KFRAG_WHOLE_COLUMN,
	  .whole = "all_metadata_bytes" },
	{ 0 },
};

struct kfrag_column_rule
kfrag_column_set_rule(const struct kfrag_column_set *set,
		      const struct kfrag_column *column)
{
	const struct kfrag_column_rule *rule = set->rules;

	for (; rule && rule->column; rule++)
		if (strcmp(rule->column, column->name) == 0)
			return *rule;
	return (struct kfrag_column_rule){ .column = column->name };
}
