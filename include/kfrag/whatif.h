/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_WHATIF_H
#define KFRAG_WHATIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/geometry.h"
#include "kfrag/geometry_fit.h"
#include "kfrag/snapshot.h"
#include "kfrag/sysslab.h"
#include "kfrag/units.h"

/*
 * The same objects in another world: a copy of a snapshot as the kernel would
 * have it, had it been booted or built otherwise.
 */
enum kfrag_resize {
	KFRAG_RESIZE_NONE,
	KFRAG_RESIZE_TO,
	KFRAG_RESIZE_GROW,
	KFRAG_RESIZE_SHRINK
};

enum kfrag_merging {
	KFRAG_MERGING_AS_IT_IS,
	KFRAG_MERGING_ON, /* as SLUB does without slab_nomerge */
	KFRAG_MERGING_OFF
};

enum kfrag_allocator_kind {
	KFRAG_KIND_AS_IT_IS,
	KFRAG_KIND_SLAB,
	KFRAG_KIND_SLUB
};

/* A boot parameter that is not given. */
#define KFRAG_WHATIF_DEFAULT UINT64_MAX

/*
 * What changes. All of it is made in this order: the world, objects (size,
 * then alignment, then debugging), merging, slabs, population, packing. What
 * is of caches is done to the chosen ones; the others only follow the world.
 */
struct kfrag_whatif {
	/* Of each record, whether it is chosen; NULL: all are. */
	const bool *is_chosen;

	/* The world; what is unknown stays as it is. */
	struct kfrag_opt page_size_bytes; /* a power of two */
	struct kfrag_opt nr_cpus; /* at least 1 */
	/* Boot parameters, or KFRAG_WHATIF_DEFAULT. */
	struct kfrag_opt slub_min_order;
	struct kfrag_opt slub_max_order;
	struct kfrag_opt slub_min_objects;
	struct kfrag_opt era; /* of enum kfrag_era */
	enum kfrag_allocator_kind kind; /* before the era */
	enum kfrag_merging merging;

	/* Caches. */
	enum kfrag_resize resize;
	/* The new payload, or by how much it changes; where the payload is
	 * unknown, of the size that slabinfo states. */
	uint64_t resize_bytes;
	struct kfrag_opt align_bytes; /* a power of two */
	struct kfrag_opt debug; /* of enum kfrag_slub_debug; 0: none */
	/* Where debugging would take a higher least order: without. */
	bool debug_only_if_free;
	struct kfrag_opt track_bytes; /* unknown: of the era */
	struct kfrag_opt slab_order; /* at most KFRAG_GEOMETRY_MAX_ORDER */
	/* numerator / denominator times as many objects; 0 / 0: as many. */
	uint64_t population_numerator;
	uint64_t population_denominator;
	/* What is active, in as few slabs as hold it. */
	bool shrinks;
};

/* What had to be assumed of a cache, or could not be done to it. */
enum kfrag_whatif_code {
	/* Nothing in the world explains its slabs: they stay as they are. */
	KFRAG_WHATIF_UNPREDICTED,
	/* The same; of another size: of the same order. */
	KFRAG_WHATIF_ORDER_KEPT,
	KFRAG_WHATIF_PAYLOAD_UNKNOWN, /* size_bytes was changed in its place */
	/* More names share it: its payload is the largest of theirs. */
	KFRAG_WHATIF_SHARED,
	/* sysslab states what the layout of its size contradicts. */
	KFRAG_WHATIF_LAYOUT_UNKNOWN,
	KFRAG_WHATIF_DEBUG_UNKNOWN, /* its payload is unknown: as it is */
	KFRAG_WHATIF_TOO_SMALL, /* nothing would be left of it: as it is */
	KFRAG_WHATIF_TOO_LARGE, /* no slab holds one: as it is */
	KFRAG_WHATIF_UNMERGED, /* other names' objects would leave it */
	KFRAG_WHATIF_MERGED, /* it went into `into` */
	KFRAG_WHATIF_FLAGS_UNKNOWN, /* merged by size alone */
	/* The kernel merges already: what stands apart has a reason. */
	KFRAG_WHATIF_MERGES_ALREADY,
	KFRAG_NR_WHATIF_CODES
};

/* "unpredicted", ...; and a phrase for people. */
const char *kfrag_whatif_code_text(enum kfrag_whatif_code code);
const char *kfrag_whatif_code_help(enum kfrag_whatif_code code);

struct kfrag_whatif_note {
	enum kfrag_whatif_code code;
	/* Of the old snapshot; NULL: of all caches. */
	const struct kfrag_record *record;
	const struct kfrag_record *into; /* the same; KFRAG_WHATIF_MERGED */
};

struct kfrag_whatif_result {
	/*
	 * records are the result's, names and origin the old snapshot's; the
	 * page size of the origin is the new one.
	 *
	 * A cache whose object and slabs stay has the same figures. Of others,
	 * all slots that there were, num_objs, are asked for again: num_slabs =
	 * ceil(num_objs / objs_per_slab) full slabs, and num_objs becomes what
	 * these hold. Slabs of a lower order (num_objs below num_slabs *
	 * objs_per_slab) are so made anew of the usual one. Packing leaves
	 * ceil(active_objs / objs_per_slab) slabs. Fractions of an object are
	 * rounded up. The same share of slabs is active, and no more objects
	 * than there were.
	 */
	struct kfrag_snapshot snapshot;
	struct kfrag_world world;
	size_t nr_explained; /* records of before, by the world of before */
	bool has_tracks; /* debugging with KFRAG_DEBUG_STORE_USER */
	uint64_t track_bytes; /* of each of two */
	struct kfrag_whatif_note *notes; /* by code, then as the records */
	size_t nr_notes;
};

/*
 * fit is the snapshot's, its world that of before; sysslab (NULL: there is
 * none) the same machine's. Both may go before the result, the snapshot may
 * not. KFRAG_EOVERFLOW: a population beyond 64 bits; KFRAG_ENOMEM. Both leave
 * the result empty; else it is the caller's to release.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_whatif_init(struct kfrag_whatif_result *result,
		  const struct kfrag_snapshot *snapshot,
		  const struct kfrag_geometry_fit *fit,
		  const struct kfrag_sysslab *sysslab,
		  const struct kfrag_whatif *whatif);
void kfrag_whatif_release(struct kfrag_whatif_result *result);

#endif
