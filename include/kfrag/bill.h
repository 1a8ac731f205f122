/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_BILL_H
#define KFRAG_BILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/geometry_fit.h"
#include "kfrag/meminfo.h"
#include "kfrag/snapshot.h"
#include "kfrag/sysslab.h"
#include "kfrag/units.h"

/*
 * What a capture's slabs are made of, so that it adds up: per cache and in
 * total
 *
 *   live + idle + tail + fallback = held,  held + rest = Slab of meminfo.
 */

/* How sure a count is. */
enum kfrag_sure {
	KFRAG_SURE_EXACT,
	/*
	 * Objects that are free, but parked with the CPUs, count as live: what
	 * is live can only be less.
	 */
	KFRAG_SURE_UPPER_BOUND,
	/* And what is idle, more; of that alone. */
	KFRAG_SURE_LOWER_BOUND,
	/* It may be more or less. */
	KFRAG_SURE_ESTIMATE,
	KFRAG_NR_SURES
};

/* "exact", "upper-bound", "lower-bound", "estimate". */
const char *kfrag_sure_text(enum kfrag_sure sure);

struct kfrag_bill_row {
	const struct kfrag_record *record; /* borrowed, as are the next two */
	const struct kfrag_geometry_row *geometry;
	const struct kfrag_sysslab_entry *entry; /* NULL: none of that cache */
	uint64_t live_objs; /* active_objs, at most num_objs */
	enum kfrag_sure sure; /* of live_objs and what depends on it */
	/* Whatever is parked: min <= max <= num_objs. */
	uint64_t live_min_objs;
	uint64_t live_max_objs;
	uint64_t live_bytes; /* live_objs x size_bytes */
	uint64_t idle_bytes; /* (num_objs - live_objs) x size_bytes */
	uint64_t idle_min_bytes; /* (num_objs - live_max_objs) x size_bytes */
	uint64_t idle_max_bytes;
	/* num_slabs x slab bytes - num_objs x size_bytes; < 0: contradiction */
	int64_t tail_bytes;
	/*
	 * Slabs that are smaller than the others, as those could not be had;
	 * unknown where num_objs is not what any number of them explains.
	 */
	struct kfrag_opt fallback_slabs;
	int64_t fallback_bytes; /* that they lack, <= 0; 0 while unknown */
	uint64_t held_bytes;
	/* live_objs x object_size, at most; the rest of live_bytes. */
	struct kfrag_opt payload_bytes;
	struct kfrag_opt loss_bytes;
	struct kfrag_opt nr_aliases; /* names merged into the cache, besides */
	struct kfrag_opt is_reclaimable; /* 0 or 1 */
};

enum kfrag_bill_item {
	KFRAG_BILL_LIVE,
	KFRAG_BILL_IDLE,
	KFRAG_BILL_TAIL,
	KFRAG_BILL_FALLBACK,
	KFRAG_BILL_HELD, /* the sum of those */
	KFRAG_BILL_REST, /* slab - held; < 0 where slab is less */
	KFRAG_BILL_SLAB, /* Slab of meminfo */
	KFRAG_BILL_PAYLOAD, /* of live; known where it is of every cache */
	KFRAG_BILL_LOSS, /* the rest of live */
	KFRAG_NR_BILL_ITEMS
};

/* "live", "idle", "tail", "fallback", "held", "rest", ... */
const char *kfrag_bill_item_text(enum kfrag_bill_item item);

struct kfrag_bill_total {
	enum kfrag_bill_item item;
	bool known; /* else nothing below says anything */
	int64_t bytes;
	enum kfrag_sure sure;
	bool has_bounds;
	int64_t min_bytes;
	int64_t max_bytes;
	/* Of caches that can be shrunk, and of others. */
	bool has_split;
	int64_t reclaimable_bytes;
	int64_t unreclaimable_bytes;
};

struct kfrag_bill {
	const struct kfrag_geometry_fit *fit; /* borrowed */
	bool is_slub;
	uint64_t page_size_bytes;
	/* CPUs at most, as objects are parked with them; unknown: no bound. */
	struct kfrag_opt max_cpus;
	/* Whether Slab may count kmallocs too large for a cache, since 5.4. */
	bool may_count_large;
	/* Whether the kernel may count free objects of long lists in part. */
	bool may_estimate;
	bool has_sysslab; /* of at least one row */
	struct kfrag_slab_meminfo meminfo;
	struct kfrag_bill_row *rows; /* of all records, in their order */
	size_t nr_rows;
	size_t nr_of[KFRAG_NR_SURES];
	uint64_t live_objs;
	uint64_t live_min_objs;
	uint64_t live_max_objs;
	uint64_t num_objs;
	uint64_t fallback_slabs;
	size_t nr_unknown_fallbacks; /* rows */
	size_t nr_contradictions; /* rows with active_objs above num_objs */
	struct kfrag_bill_total totals[KFRAG_NR_BILL_ITEMS];
};

/*
 * Of a snapshot that kfrag_workload_trim() leaves as it is, with the fit's page
 * size; fit is of that snapshot. sysslab may be NULL; what it says of another
 * cache of the same name is not used. KFRAG_ENOMEM leaves the bill empty;
 * otherwise it is the caller's to release, and the others must outlive it.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_bill_init(struct kfrag_bill *bill, const struct kfrag_snapshot *snapshot,
		const struct kfrag_geometry_fit *fit,
		const struct kfrag_sysslab *sysslab,
		const struct kfrag_slab_meminfo *meminfo);
void kfrag_bill_release(struct kfrag_bill *bill);

#endif
