// SPDX-License-Identifier: MIT
/*
 * Lowest address first: an ordered set of the slabs' places in memory.
 * Objects gather at the bottom, and the slabs at the top drain and go back.
 *
 * The lowest place is kept by hand and only the others in a tree, as van Emde
 * Boas did: while a population grows, a cache has one partial slab or none,
 * and the tree is not touched at all.
 */
#include <stdlib.h>

#include "alloc/counted_size.h"
#include "alloc/slab_policy_impl.h"
#include "kfrag/radix.h"

struct lowest {
	struct kfrag_slab_host host;
	struct kfrag_radix others; /* all members but the lowest */
	uint64_t first; /* the lowest member, NO_INDEX: no member */
	uint64_t reserved; /* a place in the leaf that was reserved last */
};

KFRAG_COUNTED_SIZE(LOWEST_BYTES, struct lowest, 64);

#define NO_INDEX UINT64_MAX

static enum kfrag_error lowest_create(void **set, struct kfrag_slab_host host,
				      uint32_t objs_per_slab)
{
	struct lowest *lowest = calloc(1, sizeof(*lowest));

	(void)objs_per_slab;
	*set = lowest;
	if (!lowest)
		return KFRAG_ENOMEM;
	lowest->host = host;
	lowest->first = NO_INDEX;
	lowest->reserved = NO_INDEX;
	kfrag_radix_init(&lowest->others);
	return KFRAG_OK;
}

static void lowest_destroy(void *set)
{
	struct lowest *lowest = set;

	kfrag_radix_release(&lowest->others);
	free(lowest);
}

static enum kfrag_error lowest_reserve(void *set,
				       const struct kfrag_slab_ref *ref)
{
	struct lowest *lowest = set;
	enum kfrag_error error;

	if (lowest->reserved != NO_INDEX &&
	    kfrag_radix_same_leaf(lowest->reserved, ref->index))
		return KFRAG_OK;
	error = kfrag_radix_reserve(&lowest->others, ref->index);
	if (!error)
		lowest->reserved = ref->index;
	return error;
}

static void lowest_insert(void *set, const struct kfrag_slab_ref *ref)
{
	struct lowest *lowest = set;
	uint64_t other = ref->index;

	if (ref->index < lowest->first) {
		other = lowest->first;
		lowest->first = ref->index;
	}
	if (other != NO_INDEX)
		kfrag_radix_insert(&lowest->others, other);
}

static void lowest_remove(void *set, const struct kfrag_slab_ref *ref)
{
	struct lowest *lowest = set;
	uint64_t other = ref->index;

	if (ref->index == lowest->first) {
		if (!kfrag_radix_first(&lowest->others, &other))
			other = NO_INDEX;
		lowest->first = other;
	}
	if (other != NO_INDEX)
		kfrag_radix_remove(&lowest->others, other);
}

static void lowest_update(void *set, const struct kfrag_slab_ref *ref,
			  uint32_t old_inuse)
{
	/* A place in memory does not change with the use of it. */
	(void)set;
	(void)ref;
	(void)old_inuse;
}

static uint32_t lowest_pick(const void *set)
{
	const struct lowest *lowest = set;

	if (lowest->first == NO_INDEX)
		return KFRAG_SLAB_NONE;
	return lowest->host.at(lowest->host.context, lowest->first);
}

static uint64_t lowest_count(const void *set)
{
	const struct lowest *lowest = set;

	return kfrag_radix_count(&lowest->others) + (lowest->first != NO_INDEX);
}

static uint64_t lowest_bytes(const void *set)
{
	const struct lowest *lowest = set;

	return LOWEST_BYTES + kfrag_radix_bytes(&lowest->others);
}

const struct kfrag_slab_policy kfrag_slab_policy_lowest = {
	.name = "lowest",
	.help = "the partial slab with the lowest address",
	.create = lowest_create,
	.destroy = lowest_destroy,
	.reserve = lowest_reserve,
	.insert = lowest_insert,
	.remove = lowest_remove,
	.update = lowest_update,
	.pick = lowest_pick,
	.count = lowest_count,
	.bytes = lowest_bytes,
};
