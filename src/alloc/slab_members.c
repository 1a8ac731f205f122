// SPDX-License-Identifier: MIT
#include "alloc/slab_members.h"

#include <stdlib.h>

#include "alloc/slab_policy_impl.h"

enum kfrag_error kfrag_slab_members_reserve(struct kfrag_slab_members *members,
					    struct kfrag_slab_host host,
					    uint64_t nr_more)
{
	uint64_t nr_wanted = host.calls->nr_slabs(host.context) + nr_more;
	uint64_t capacity = members->capacity + members->capacity / 2;
	uint64_t *pfns;

	if (nr_wanted <= members->capacity)
		return KFRAG_OK;
	if (capacity < nr_wanted)
		capacity = nr_wanted;
	if (capacity > SIZE_MAX / sizeof(*pfns))
		return KFRAG_ENOMEM;
	pfns = realloc(members->pfns, (size_t)capacity * sizeof(*pfns));
	if (!pfns)
		return KFRAG_ENOMEM;
	members->pfns = pfns;
	members->capacity = capacity;
	return KFRAG_OK;
}

void kfrag_slab_members_release(struct kfrag_slab_members *members)
{
	free(members->pfns);
	*members = (struct kfrag_slab_members){ 0 };
}

void kfrag_slab_members_put(struct kfrag_slab_members *members,
			    struct kfrag_slab_host host, uint64_t place,
			    uint64_t pfn)
{
	members->pfns[place] = pfn;
	kfrag_slab_links_of(host, pfn)->prev = place;
}

uint64_t kfrag_slab_members_remove(struct kfrag_slab_members *members,
				   struct kfrag_slab_host host, uint64_t pfn)
{
	uint64_t place = kfrag_slab_links_of(host, pfn)->prev;

	members->nr_slabs--;
	if (place < members->nr_slabs)
		kfrag_slab_members_put(members, host, place,
				       members->pfns[members->nr_slabs]);
	return place;
}
