/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SLAB_POLICY_H
#define KFRAG_SLAB_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"

/*
 * A policy answers one question: from which of a cache's partial slabs (some
 * slots free, some not) does the next object come? It keeps the set of
 * partial slabs of one cache in whatever structure makes its answer quick.
 *
 * A slab is named to its policy by an id that is stable while the slab
 * lives; ids of returned slabs are used again.
 */
#define KFRAG_SLAB_NONE UINT32_MAX

struct kfrag_slab_links {
	uint32_t prev; /* KFRAG_SLAB_NONE at the head */
	uint32_t next; /* KFRAG_SLAB_NONE at the tail */
};

/*
 * What a policy may ask of the allocator about the slabs of its cache. The
 * links are the policy's own while the slab is in its set, so that lists need
 * no memory.
 */
struct kfrag_slab_host {
	struct kfrag_slab_links *(*links)(void *context, uint32_t id);
	/* The id of the slab at this place in address order. */
	uint32_t (*at)(void *context, uint64_t index);
	void *context;
};

/* One slab as a policy sees it. */
struct kfrag_slab_ref {
	uint32_t id;
	uint32_t nr_inuse; /* allocated slots */
	uint64_t index; /* pfn >> order: its place in address order */
};

struct kfrag_slab_policy {
	const char *name; /* as typed after --policy */
	const char *help; /* half a line, lower case */
	/* An empty set for slabs of objs_per_slab slots; KFRAG_ENOMEM. */
	enum kfrag_error (*create)(void **set, struct kfrag_slab_host host,
				   uint32_t objs_per_slab);
	void (*destroy)(void *set);
	/*
	 * A slab came into being: the only call after create() that may fail
	 * (KFRAG_ENOMEM), so that freeing an object never can.
	 */
	enum kfrag_error (*reserve)(void *set,
				    const struct kfrag_slab_ref *ref);
	/* The slab becomes partial: enters the set. */
	void (*insert)(void *set, const struct kfrag_slab_ref *ref);
	/* The slab is partial no more; ref holds nr_inuse as last told. */
	void (*remove)(void *set, const struct kfrag_slab_ref *ref);
	/* nr_inuse of a slab in the set changed from old_inuse. */
	void (*update)(void *set, const struct kfrag_slab_ref *ref,
		       uint32_t old_inuse);
	/* The slab to allocate from, KFRAG_SLAB_NONE from an empty set. */
	uint32_t (*pick)(const void *set);
	/* Slabs in the set, counted from scratch; for kfrag_slab_check(). */
	uint64_t (*count)(const void *set);
	/* Bytes of memory that the set holds. */
	uint64_t (*bytes)(const void *set);
};

/*
 * The policies of this library, the default first; ends with NULL.
 *   lowest   lowest address: concentrates objects at the bottom of memory
 *   head     list head: the slab freed into last, as Linux' partial lists
 *   fullest  most objects in use first (Solaris, tcmalloc)
 */
const struct kfrag_slab_policy *const *kfrag_slab_policies(void);

/* NULL where no policy has the name. */
const struct kfrag_slab_policy *kfrag_slab_policy_find(const char *name);

#endif
