// SPDX-License-Identifier: MIT
/*
 * Lowest address first: a sparse ordered set of the slabs' places in memory.
 * Objects gather at the bottom, and the slabs at the top drain and go back.
 */
#include <stdlib.h>

#include "alloc/slab_policy_impl.h"
#include "kfrag/radix.h"

struct lowest {
	struct kfrag_slab_host host;
	struct kfrag_radix partial;
};

static enum kfrag_error lowest_create(void **set, struct kfrag_slab_host host,
				      uint32_t objs_per_slab)
{
	struct lowest *lowest = calloc(1, sizeof(*lowest));

	(void)objs_per_slab;
	*set = lowest;
	if (!lowest)
		return KFRAG_ENOMEM;
	lowest->host = host;
	kfrag_radix_init(&lowest->partial);
	return KFRAG_OK;
}

static void lowest_destroy(void *set)
{
	struct lowest *lowest = set;

	kfrag_radix_release(&lowest->partial);
	free(lowest);
}

static enum kfrag_error lowest_reserve(void *set,
				       const struct kfrag_slab_ref *ref)
{
	struct lowest *lowest = set;

	return kfrag_radix_reserve(&lowest->partial, ref->index);
}

static void lowest_insert(void *set, const struct kfrag_slab_ref *ref)
{
	struct lowest *lowest = set;

	kfrag_radix_insert(&lowest->partial, ref->index);
}

static void lowest_remove(void *set, const struct kfrag_slab_ref *ref)
{
	struct lowest *lowest = set;

	kfrag_radix_remove(&lowest->partial, ref->index);
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
	uint64_t index;

	if (!kfrag_radix_first(&lowest->partial, &index))
		return KFRAG_SLAB_NONE;
	return lowest->host.at(lowest->host.context, index);
}

static uint64_t lowest_count(const void *set)
{
	const struct lowest *lowest = set;

	return kfrag_radix_count(&lowest->partial);
}

static uint64_t lowest_bytes(const void *set)
{
	const struct lowest *lowest = set;

	return sizeof(*lowest) + kfrag_radix_bytes(&lowest->partial);
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
