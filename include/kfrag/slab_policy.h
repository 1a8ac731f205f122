/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SLAB_POLICY_H
#define KFRAG_SLAB_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"

/*
 * A policy answers one question: from which of a cache's partial slabs (some
 * slots free, some not) does the next object come? It keeps the set of
 * partial slabs of one cache in whatever structure makes its answer quick.
 *
 * A slab is named by the pfn of its first page.
 */
#define KFRAG_SLAB_NONE UINT64_MAX

struct kfrag_slab_links {
	uint64_t prev; /* KFRAG_SLAB_NONE at the head */
	uint64_t next; /* KFRAG_SLAB_NONE at the tail */
};

/* What a policy may ask its cache. */
struct kfrag_slab_host_calls {
	/*
	 * The links of a slab are the policy's own from made_full() or
	 * insert() on until the slab is empty, so that lists need no memory;
	 * only where uses_links is set.
	 */
	struct kfrag_slab_links *(*links)(void *context, uint64_t pfn);
	/* Slabs that the cache has, those of a reserve() not yet among them. */
	uint64_t (*nr_slabs)(void *context);
	/* Objects in a slab of the cache, as of now. */
	uint32_t (*nr_inuse)(void *context, uint64_t pfn);
};

/* What a policy may know of its cache. */
struct kfrag_slab_host {
	uint32_t objs_per_slab;
	unsigned order; /* of a slab: its pfn is a multiple of 2^order */
	const struct kfrag_slab_host_calls *calls;
	void *context; /* for calls */
};

/* One slab as a policy sees it. */
struct kfrag_slab_ref {
	uint64_t pfn;
	uint32_t nr_inuse; /* allocated slots; undefined where update is NULL */
};

struct kfrag_slab_policy {
	const char *name; /* as typed after --policy */
	const char *help; /* half a line, lower case */
	bool uses_links;
	/*
	 * Its answer may change with each object that is allocated, so it has
	 * to be told of each: update is set, and bulks go one by one.
	 */
	bool chooses_each_time;
	/* An empty set for the slabs of a cache; KFRAG_ENOMEM. */
	enum kfrag_error (*create)(void **set, struct kfrag_slab_host host);
	void (*destroy)(void *set);
	/* Seeds what is random of the set, at any time. NULL: nothing is. */
	void (*seed)(void *set, uint64_t seed);
	/*
	 * So many slabs, one behind the other from pfn on, came into being:
	 * the only call after create() that may fail (KFRAG_ENOMEM), so that
	 * freeing an object never can. NULL: nothing to prepare.
	 */
	enum kfrag_error (*reserve)(void *set, uint64_t pfn, uint64_t nr_slabs);
	/*
	 * So many slabs, one behind the other from pfn on, got all their
	 * objects at once. They are in no set. NULL: that is nothing to it.
	 */
	void (*made_full)(void *set, uint64_t pfn, uint64_t nr_slabs);
	/*
	 * Each change of the set returns the slab to allocate from after it,
	 * which is what pick() would say.
	 *
	 * insert: the slab becomes partial, or is about to. remove: it is
	 * partial no more; ref holds nr_inuse as last told. update: nr_inuse
	 * of a slab in the set changed from old_inuse; NULL: that is nothing
	 * to this policy, and nr_inuse need not be counted for it.
	 */
	uint64_t (*insert)(void *set, const struct kfrag_slab_ref *ref);
	/*
	 * The same as insert for up to 64: bit i of mask is the slab at page
	 * (first + i) << order, first being a multiple of 64. NULL: as many
	 * calls of insert, from the lowest on, do as well.
	 */
	uint64_t (*insert_many)(void *set, uint64_t first, uint64_t mask);
	uint64_t (*remove)(void *set, const struct kfrag_slab_ref *ref);
	uint64_t (*update)(void *set, const struct kfrag_slab_ref *ref,
			   uint32_t old_inuse);
	/* The slab to allocate from, KFRAG_SLAB_NONE from an empty set. */
	uint64_t (*pick)(const void *set);
	/* Slabs in the set, counted from scratch; for kfrag_slab_check(). */
	uint64_t (*count)(const void *set);
	/* Bytes of memory that the set holds. */
	uint64_t (*bytes)(const void *set);
};

/*
 * The policies of this library, the default first; ends with NULL.
 * lowest concentrates objects at the bottom of memory; fullest is that of
 * Solaris and tcmalloc. The files slab_policy_*.c say more of each.
 */
const struct kfrag_slab_policy *const *kfrag_slab_policies(void);

/* NULL where no policy has the name. */
const struct kfrag_slab_policy *kfrag_slab_policy_find(const char *name);

#endif
