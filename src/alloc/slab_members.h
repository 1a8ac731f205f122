/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_ALLOC_SLAB_MEMBERS_H
#define KFRAG_ALLOC_SLAB_MEMBERS_H

#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/slab_policy.h"

/*
 * The slabs of a policy's set as an array. Where a slab stands in it is in
 * prev of its links; next is left to the policy. {0} is empty.
 */
struct kfrag_slab_members {
	uint64_t *pfns;
	uint64_t nr_slabs;
	uint64_t capacity; /* enough for every slab of the cache */
};

/* Makes room for nr_more slabs beyond those of the cache; KFRAG_ENOMEM. */
enum kfrag_error kfrag_slab_members_reserve(struct kfrag_slab_members *members,
					    struct kfrag_slab_host host,
					    uint64_t nr_more);
void kfrag_slab_members_release(struct kfrag_slab_members *members);

/* Puts a slab at a place of the array. */
void kfrag_slab_members_put(struct kfrag_slab_members *members,
			    struct kfrag_slab_host host, uint64_t place,
			    uint64_t pfn);

/*
 * Takes a slab out; the last one comes to its place, which is returned, and
 * is nr_slabs where it was the last itself.
 */
uint64_t kfrag_slab_members_remove(struct kfrag_slab_members *members,
				   struct kfrag_slab_host host, uint64_t pfn);

#endif
