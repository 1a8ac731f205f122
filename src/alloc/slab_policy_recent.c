// SPDX-License-Identifier: MIT
/*
 * Most recently freed into: a list whose head is the partial slab that lost an
 * object last. What is still in the processor's cache serves next.
 */
#include <stdlib.h>

#include "alloc/counted_size.h"
#include "alloc/slab_policy_impl.h"

struct recent {
	struct kfrag_slab_host host;
	uint64_t first;
};

KFRAG_COUNTED_SIZE(RECENT_BYTES, struct recent, 32);

static enum kfrag_error recent_create(void **set, struct kfrag_slab_host host)
{
	struct recent *recent = calloc(1, sizeof(*recent));

	*set = recent;
	if (!recent)
		return KFRAG_ENOMEM;
	recent->host = host;
	recent->first = KFRAG_SLAB_NONE;
	return KFRAG_OK;
}

static void recent_destroy(void *set)
{
	free(set);
}

/* It lost an object, or is new and alone. */
static uint64_t recent_insert(void *set, const struct kfrag_slab_ref *ref)
{
	struct recent *recent = set;

	kfrag_slab_list_push(recent->host, &recent->first, ref->pfn);
	return recent->first;
}

static uint64_t recent_remove(void *set, const struct kfrag_slab_ref *ref)
{
	struct recent *recent = set;

	kfrag_slab_list_remove(recent->host, &recent->first, ref->pfn);
	return recent->first;
}

static uint64_t recent_update(void *set, const struct kfrag_slab_ref *ref,
			      uint32_t old_inuse)
{
	struct recent *recent = set;

	if (ref->nr_inuse < old_inuse && recent->first != ref->pfn) {
		recent_remove(recent, ref);
		recent_insert(recent, ref);
	}
	return recent->first;
}

static uint64_t recent_pick(const void *set)
{
	const struct recent *recent = set;

	return recent->first;
}

static uint64_t recent_count(const void *set)
{
	const struct recent *recent = set;

	return kfrag_slab_list_count(recent->host, recent->first);
}

static uint64_t recent_bytes(const void *set)
{
	(void)set;
	return RECENT_BYTES;
}

const struct kfrag_slab_policy kfrag_slab_policy_recent = {
	.name = "recent",
	.help = "the partial slab that was freed into last",
	.uses_links = true,
	.create = recent_create,
	.destroy = recent_destroy,
	.insert = recent_insert,
	.remove = recent_remove,
	.update = recent_update,
	.pick = recent_pick,
	.count = recent_count,
	.bytes = recent_bytes,
};
