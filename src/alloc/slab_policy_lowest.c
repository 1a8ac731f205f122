// SPDX-License-Identifier: MIT
/*
 * Lowest address first: an ordered set of the slabs' places in memory.
 * Objects gather at the bottom, and the slabs at the top drain and go back.
 *
 * The two lowest are kept by hand and only the others in a tree, as van Emde
 * Boas did with the lowest: while a population grows or keeps its size, a
 * cache has few partial slabs, and the tree is not touched at all.
 */
#include <stdlib.h>

#include "alloc/counted_size.h"
#include "alloc/slab_policy_impl.h"
#include "kfrag/radix.h"

struct lowest {
	struct kfrag_radix others; /* pfn >> order of all but the two lowest */
	/* pfn of the lowest members, KFRAG_SLAB_NONE where there is none. */
	uint64_t first;
	uint64_t second;
	uint64_t reserved; /* a place in the leaf that was reserved last */
	unsigned order; /* of a slab */
};

KFRAG_COUNTED_SIZE(LOWEST_BYTES, struct lowest, 56);

static enum kfrag_error lowest_create(void **set, struct kfrag_slab_host host)
{
	struct lowest *lowest = calloc(1, sizeof(*lowest));

	*set = lowest;
	if (!lowest)
		return KFRAG_ENOMEM;
	lowest->order = host.order;
	lowest->first = KFRAG_SLAB_NONE;
	lowest->second = KFRAG_SLAB_NONE;
	lowest->reserved = KFRAG_SLAB_NONE;
	kfrag_radix_init(&lowest->others);
	return KFRAG_OK;
}

static void lowest_destroy(void *set)
{
	struct lowest *lowest = set;

	kfrag_radix_release(&lowest->others);
	free(lowest);
}

static enum kfrag_error lowest_reserve(void *set, uint64_t pfn,
				       uint64_t nr_slabs)
{
	struct lowest *lowest = set;
	uint64_t place = pfn >> lowest->order;
	uint64_t last = place + nr_slabs - 1;

	while (place <= last) {
		if (lowest->reserved == KFRAG_SLAB_NONE ||
		    !kfrag_radix_same_leaf(lowest->reserved, place)) {
			enum kfrag_error error =
				kfrag_radix_reserve(&lowest->others, place);

			if (error)
				return error;
			lowest->reserved = place;
		}
		place = kfrag_radix_next_leaf(place);
	}
	return KFRAG_OK;
}

static uint64_t lowest_insert(void *set, const struct kfrag_slab_ref *ref)
{
	struct lowest *lowest = set;
	uint64_t other = ref->pfn;

	if (other < lowest->second) {
		other = lowest->second;
		lowest->second = ref->pfn;
		if (ref->pfn < lowest->first) {
			lowest->second = lowest->first;
			lowest->first = ref->pfn;
		}
	}
	if (other != KFRAG_SLAB_NONE)
		kfrag_radix_insert(&lowest->others, other >> lowest->order);
	return lowest->first;
}

static uint64_t lowest_insert_many(void *set, uint64_t first, uint64_t mask)
{
	struct lowest *lowest = set;

	/* One by one what might be among the two lowest, the rest as one. */
	for (; mask; mask &= mask - 1) {
		struct kfrag_slab_ref ref = {
			.pfn = (first + (unsigned)__builtin_ctzll(mask))
			       << lowest->order,
		};

		if (ref.pfn > lowest->second)
			break;
		lowest_insert(lowest, &ref);
	}
	if (mask)
		kfrag_radix_insert_mask(&lowest->others, first, mask);
	return lowest->first;
}

static uint64_t lowest_remove(void *set, const struct kfrag_slab_ref *ref)
{
	struct lowest *lowest = set;
	uint64_t place;

	if (ref->pfn > lowest->second) {
		kfrag_radix_remove(&lowest->others, ref->pfn >> lowest->order);
		return lowest->first;
	}
	if (ref->pfn == lowest->first)
		lowest->first = lowest->second;
	lowest->second = KFRAG_SLAB_NONE;
	if (kfrag_radix_take_first(&lowest->others, &place))
		lowest->second = place << lowest->order;
	return lowest->first;
}

static uint64_t lowest_pick(const void *set)
{
	const struct lowest *lowest = set;

	return lowest->first;
}

static uint64_t lowest_count(const void *set)
{
	const struct lowest *lowest = set;

	return kfrag_radix_count(&lowest->others) +
	       (lowest->first != KFRAG_SLAB_NONE) +
	       (lowest->second != KFRAG_SLAB_NONE);
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
	.insert_many = lowest_insert_many,
	.remove = lowest_remove,
	.pick = lowest_pick,
	.count = lowest_count,
	.bytes = lowest_bytes,
};
