/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_GEOMETRY_H
#define KFRAG_GEOMETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/units.h"

/*
 * Which slab Linux chooses for objects of a size: its order, and how many fit.
 * Pure functions of a world (a kernel and its machine) and an object; no
 * knowledge of captures.
 *
 * Sources are named per era; the years of kernels in between are from the
 * trees of their borders.
 */
enum kfrag_era {
	KFRAG_ERA_SLAB_2_4, /* 2.4, 2.5: mm/slab.c, kmem_cache_estimate() */
	KFRAG_ERA_SLAB_2_6_0, /* 2.6.0 to 2.6.7: the same, two orders */
	KFRAG_ERA_SLAB_2_6_9, /* 2.6.8 to 2.6.15: cache_estimate() */
	KFRAG_ERA_SLAB_2_6_16, /* 2.6.16 to 3.12: calculate_slab_order() */
	KFRAG_ERA_SLAB_3_13, /* 3.13, 3.14: struct slab went into struct page */
	KFRAG_ERA_SLAB_3_15, /* 3.15 to 4.5: freelist_idx_t */
	KFRAG_ERA_SLAB_4_6, /* 4.6 to 6.7: the free list in an object */
	KFRAG_ERA_SLUB_2_6_22, /* to 2.6.25: mm/slub.c, calculate_order() */
	KFRAG_ERA_SLUB_2_6_26, /* to 2.6.29: objects by the number of CPUs */
	KFRAG_ERA_SLUB_2_6_30, /* to 6.6: one object fewer at a time */
	KFRAG_ERA_SLUB_6_7, /* since: half a slab may be lost before */
	KFRAG_NR_ERAS
};

struct kfrag_era_range {
	const char *name; /* for --era: "slub-6.7" */
	const char *kernels; /* "6.7 and later" */
	bool is_slub;
};
const struct kfrag_era_range *kfrag_era_range(enum kfrag_era era);

/* By name, "slub" and "slab" being the last of each; false: none. */
bool kfrag_era_find(const char *text, enum kfrag_era *era);

/*
 * By the release of a kernel ("6.1.0-56-amd64"), of its SLUB or its SLAB;
 * false: it is none, or had no such allocator. Vendors carry rules across.
 */
bool kfrag_era_of_release(const char *release, bool is_slub,
			  enum kfrag_era *era);

/* Slabs are at most of this order, whatever the kernel's MAX_ORDER. */
#define KFRAG_GEOMETRY_MAX_ORDER 10

/* No kernel puts more objects than this into a slab (15 bits). */
#define KFRAG_GEOMETRY_MAX_OBJS 32767

/* A kernel and its machine, as far as slabs depend on it. */
struct kfrag_world {
	enum kfrag_era era;
	uint64_t page_size_bytes; /* a power of two */
	unsigned word_bytes; /* 4 or 8 */
	unsigned cache_line_bytes; /* a power of two */
	/*
	 * CPUs as the kernel counts them here: the possible ones, since
	 * 5.11.4 the present ones. At least 1. Only SLUB since 2.6.26 cares,
	 * and only for the position of its highest bit.
	 */
	uint64_t nr_cpus;
	/*
	 * Boot parameters of SLUB; unknown: as the era has them. Of orders
	 * that contradict each other slub_min_order wins since 6.7.
	 */
	struct kfrag_opt slub_min_order;
	struct kfrag_opt slub_max_order;
	struct kfrag_opt slub_min_objects; /* 0: as the era has it */
	/* SLAB stops at this order; unknown: 1 (2.4: 2). */
	struct kfrag_opt slab_max_order;
	/*
	 * Of an index in SLAB's list of free objects, before 2.6.16. 0: 4, of
	 * KFRAG_ERA_SLAB_2_6_9 2, as on i386 and x86_64; arm and powerpc
	 * among others had 4.
	 */
	unsigned slab_index_bytes;
};

/* What SLAB knows of a cache and slabinfo does not say. SLUB ignores it. */
enum kfrag_cache_trait {
	/* SLAB_RECLAIM_ACCOUNT: the first order that holds any, since 2.6.8. */
	KFRAG_TRAIT_RECLAIM = 1,
	/* Constructor or RCU: no list in a free object, since 4.6. */
	KFRAG_TRAIT_CONSTRUCTED = 2,
	/* Its list is never elsewhere: SLAB_NOLEAKTRACE, or made early. */
	KFRAG_TRAIT_ON_SLAB = 4
};

struct kfrag_object {
	uint64_t size_bytes; /* kmem_cache::size, at least 1 */
	/* Only SLAB from 2.6.8 to 4.5 cares: a power of two; 0: a word. */
	uint64_t align_bytes;
	/* Only SLAB cares: the size before alignment; 0: size_bytes. */
	uint64_t unaligned_bytes;
	unsigned traits; /* of enum kfrag_cache_trait */
};

/* Where the free list and the counts of a slab are. */
enum kfrag_management {
	KFRAG_MANAGED_BY_PAGE, /* SLUB: struct page, and the free objects */
	KFRAG_MANAGED_ON_SLAB,
	KFRAG_MANAGED_OFF_SLAB,
	KFRAG_MANAGED_IN_OBJECT /* SLAB since 4.6: in a free object */
};

/* objs_per_slab * size + management + rest = page size << order. */
struct kfrag_geometry {
	unsigned order;
	uint64_t objs_per_slab; /* >= 1 */
	enum kfrag_management management;
	uint64_t management_bytes; /* inside the slab; on_slab only */
	uint64_t rest_bytes; /* colouring, and what is left of that */
};

/*
 * Returns false, and an empty geometry, where no slab up to
 * KFRAG_GEOMETRY_MAX_ORDER holds one object (SLAB until 2.6.15: up to order 5),
 * or where SLAB since 3.15 cannot count so small ones; kfrag_layout_size()
 * gives no such size.
 */
bool kfrag_geometry_of(const struct kfrag_world *world,
		       const struct kfrag_object *object,
		       struct kfrag_geometry *geometry);

/* As kfrag_geometry_of() for slabs of one order, as `order` in sysfs sets. */
bool kfrag_geometry_of_order(const struct kfrag_world *world,
			     const struct kfrag_object *object, unsigned order,
			     struct kfrag_geometry *geometry);

/*
 * The order that SLUB takes when it cannot have the one it chose: the least
 * that holds one object (allocate_slab() and kmem_cache::min).
 */
unsigned kfrag_geometry_fallback_order(uint64_t size_bytes,
				       uint64_t page_size_bytes);

/* Debugging that makes objects larger: letters of slub_debug=. */
enum kfrag_slub_debug {
	KFRAG_DEBUG_CONSISTENCY = 1, /* F: nothing in the layout */
	KFRAG_DEBUG_RED_ZONE = 2, /* Z */
	KFRAG_DEBUG_POISON = 4, /* P */
	KFRAG_DEBUG_STORE_USER = 8 /* U */
};

/* An object as its owner asked for it. */
struct kfrag_layout {
	uint64_t object_size_bytes; /* kmem_cache::object_size: the payload */
	uint64_t align_bytes; /* kmem_cache::align; 0: a word */
	/*
	 * Constructor or SLAB_TYPESAFE_BY_RCU: SLUB's pointer goes behind
	 * (not where the cache has a place for it inside, since 6.12).
	 */
	bool has_pointer_behind;
	/* With STORE_USER the size asked for is kept, since 6.1. */
	bool is_kmalloc;
	unsigned debug; /* of enum kfrag_slub_debug */
	uint64_t track_bytes; /* sizeof(struct track); of STORE_USER */
};

/*
 * kmem_cache::size that SLUB gives such an object (calculate_sizes()), red
 * zones as in 4.6 and later unless the era ended before. SLAB: the payload
 * rounded up to its alignment, at least as large as its index can count;
 * debugging is not modelled. Sizes near 2^64 wrap.
 */
uint64_t kfrag_layout_size(const struct kfrag_world *world,
			   const struct kfrag_layout *layout);

#endif
