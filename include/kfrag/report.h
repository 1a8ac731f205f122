/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPORT_H
#define KFRAG_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/measure.h"
#include "kfrag/units.h"

/*
 * The rows of the three tables, all integers in bytes, objects, pages or
 * per mille; made by kfrag_report_create() (replay.h), read by every output.
 * Each member is the column of the same name; docs: man/kfrag.1, OUTPUT.
 */
enum kfrag_allocator {
	KFRAG_BUDDY, /* buddy only */
	KFRAG_SLAB, /* buddy + slab */
	KFRAG_KERNEL, /* what the file itself says */
	KFRAG_NR_ALLOCATORS
};

enum kfrag_state { KFRAG_PEAK, KFRAG_SETTLED, KFRAG_NR_STATES };

/* "buddy", "slab", "kernel"; "peak", "settled". */
const char *kfrag_allocator_text(enum kfrag_allocator allocator);
const char *kfrag_state_text(enum kfrag_state state);

/*
 * kernel_held = active_objs * size + kernel_idle + kernel_tail; the tail is
 * below zero where the file contradicts itself.
 * buddy_held = live * size + buddy_internal; slab_held = live * size +
 * slab_idle + slab_tail, live being active_objs where nothing failed.
 */
struct kfrag_cache_row {
	const char *name; /* raw bytes, owned by the recording */
	size_t name_bytes;
	uint64_t line; /* of the row in the file; no column */
	uint64_t active_slabs; /* the file's; no column, for sorting */
	bool active_slabs_unknown; /* then it is num_slabs; no column */
	uint64_t size_bytes;
	uint64_t active_objs; /* at most num_objs */
	uint64_t num_objs;
	uint64_t objs_per_slab;
	unsigned slab_order;
	uint64_t num_slabs;
	uint64_t kernel_held_bytes;
	uint64_t kernel_idle_bytes;
	int64_t kernel_tail_bytes;
	unsigned buddy_order;
	uint64_t buddy_peak_held_bytes;
	uint64_t buddy_peak_internal_bytes;
	uint64_t buddy_held_bytes;
	uint64_t buddy_internal_bytes;
	uint64_t buddy_failed_objs;
	uint64_t slab_slabs;
	uint64_t slab_held_bytes;
	uint64_t slab_idle_bytes;
	uint64_t slab_tail_bytes;
	uint64_t slab_failed_objs;
};

/*
 * Unknown members are what the allocator does not have (a buddy has no idle
 * slots) or the file cannot state.
 * held = live_bytes + internal, or live_bytes + idle + tail;
 * memory = free + held.
 */
struct kfrag_total_row {
	enum kfrag_allocator allocator;
	enum kfrag_state state;
	uint64_t live_objs;
	uint64_t live_bytes;
	uint64_t held_bytes;
	struct kfrag_opt internal_bytes;
	struct kfrag_opt idle_bytes;
	bool tail_known;
	int64_t tail_bytes;
	struct kfrag_opt free_bytes;
	struct kfrag_opt free_blocks;
	struct kfrag_opt largest_free_bytes;
	struct kfrag_opt external_permille;
	struct kfrag_opt bitmap_bytes;
	struct kfrag_opt bookkeeping_bytes;
	struct kfrag_opt memory_bytes;
	struct kfrag_opt failed_objs;
	struct kfrag_opt failed_fragmented_objs;
};

struct kfrag_order_row {
	enum kfrag_allocator allocator;
	enum kfrag_state state;
	unsigned order;
	uint64_t block_bytes;
	struct kfrag_opt free_blocks;
	struct kfrag_opt unusable_permille;
	bool fragmentation_known;
	int fragmentation_permille;
	uint64_t bitmap_bits;
};

/* What the allocators did, from the start of the replay to its end. */
struct kfrag_activity {
	uint64_t nr_splits;
	uint64_t nr_merges;
	uint64_t nr_slabs_made; /* 0 for buddy only */
	uint64_t nr_slabs_returned; /* 0 for buddy only */
};

struct kfrag_report {
	/* Parameters of the run. */
	uint64_t page_size_bytes;
	uint64_t memory_bytes; /* managed by each of both allocators */
	unsigned max_order;
	uint64_t seed;
	uint64_t rounds;
	uint64_t min_partial_slabs;
	const char *placement; /* name, static */
	const char *policy; /* name, static */
	/*
	 * False where the population was too large to replay object by
	 * object: peak and held figures are then exact arithmetic on whole
	 * slabs, and what depends on addresses is unknown.
	 */
	bool replayed;
	/* Population as replayed. */
	uint64_t nr_caches;
	uint64_t num_objs;
	uint64_t active_objs;
	/* Rows. */
	struct kfrag_cache_row *caches; /* nr_caches, in the file's order */
	struct kfrag_total_row *totals; /* allocator by allocator */
	size_t nr_totals;
	struct kfrag_order_row *orders; /* allocator, state, order */
	size_t nr_orders;
	struct kfrag_activity activity[KFRAG_KERNEL]; /* buddy, slab */
	struct kfrag_measure_designs designs; /* for memory_bytes */
};

/* Frees the rows and leaves the report empty; fine on an empty one. */
void kfrag_report_release(struct kfrag_report *report);

/* The row of an allocator and state; NULL where the report has none. */
const struct kfrag_total_row *
kfrag_report_total(const struct kfrag_report *report,
		   enum kfrag_allocator allocator, enum kfrag_state state);

#endif
