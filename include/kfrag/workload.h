/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_WORKLOAD_H
#define KFRAG_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/random.h"
#include "kfrag/snapshot.h"

/*
 * From a snapshot to what is to be allocated: per cache how many objects at
 * the peak and after settling, and in which blocks and slabs; then the order
 * in which a fill asks for them.
 */
struct kfrag_workload_cache {
	const struct kfrag_record *record; /* borrowed */
	uint64_t nr_peak_objs; /* num_objs */
	uint64_t nr_settled_objs; /* active_objs, at most num_objs */
	uint64_t size_bytes;
	/*
	 * The slabs as replayed: pages_per_slab as a power of two, and
	 * objs_per_slab. Where the file does not say how many, or more than
	 * fit, as many as fit; where not even one does, the slab is the
	 * smallest that holds one.
	 */
	unsigned slab_order;
	uint64_t objs_per_slab;
	unsigned buddy_order; /* of one object's own block */
};

struct kfrag_workload {
	struct kfrag_workload_cache *caches; /* in the snapshot's order */
	size_t nr_caches;
	uint64_t page_size_bytes;
	unsigned max_order;
	/*
	 * Sums over the caches whose blocks are at most of max_order; the
	 * objects of the others can only be refused.
	 */
	uint64_t peak_buddy_pages;
	uint64_t peak_slab_pages;
	uint64_t peak_slabs;
};

/*
 * KFRAG_EOVERFLOW where a sum of bytes needs more than 62 bits, with the
 * index of the record that went over in *offender; KFRAG_ENOMEM. The
 * snapshot must outlive the workload, which is the caller's to release.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_workload_init(struct kfrag_workload *workload,
		    const struct kfrag_snapshot *snapshot,
		    uint64_t page_size_bytes, unsigned max_order,
		    size_t *offender);
void kfrag_workload_release(struct kfrag_workload *workload);

/*
 * Takes those records out of the snapshot with which a sum would need more
 * than 62 bits, so that kfrag_workload_init() accepts the rest, whatever its
 * max_order. left_out() sees each one before it goes.
 */
void kfrag_workload_trim(struct kfrag_snapshot *snapshot,
			 uint64_t page_size_bytes,
			 void (*left_out)(void *context,
					  const struct kfrag_record *record),
			 void *context);

/* The smallest power of two of pages in which either allocator has room. */
uint64_t kfrag_workload_memory_pages(const struct kfrag_workload *workload);

/* Whether slabs of the cache can be had at all from blocks of max_order. */
bool kfrag_workload_has_slabs(const struct kfrag_workload *workload,
			      const struct kfrag_workload_cache *cache);

/*
 * A fill: every cache gets nr_wanted[i] more objects, in KFRAG_FILL_STEPS
 * steps (fewer where that would make more batches than KFRAG_FILL_BATCHES),
 * of which each brings every cache the same share, from a random start
 * within the first step on, the caches in a new random order each step. So
 * all populations grow side by side in proportion, as in a running system,
 * and a small population arrives somewhere in the middle, not at the end.
 */
#define KFRAG_FILL_STEPS 64
#define KFRAG_FILL_BATCHES (1 << 18)

struct kfrag_fill {
	struct kfrag_random random;
	struct kfrag_fill_share *shares; /* owned, in the step's order */
	size_t nr_shares;
	size_t position;
	unsigned step;
	unsigned nr_steps;
};

/* nr_wanted is only read here. KFRAG_ENOMEM leaves an empty fill. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_fill_init(struct kfrag_fill *fill, const uint64_t *nr_wanted,
		size_t nr_caches, uint64_t seed);
void kfrag_fill_release(struct kfrag_fill *fill);

/*
 * The next batch: nr_objs (>= 1) objects of a cache. Returns false at the
 * end. The batches of a cache add up to its nr_wanted.
 */
bool kfrag_fill_next(struct kfrag_fill *fill, size_t *cache, uint64_t *nr_objs);

#endif
