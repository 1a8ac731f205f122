// SPDX-License-Identifier: MIT
/*
 * List tail: slabs that become partial enter at the tail, and allocation takes
 * from the head until that slab is full, as SLUB of Linux does with slabs that
 * were full (add_partial() with DEACTIVATE_TO_TAIL, mm/slub.c). The slab that
 * has been partial for longest serves next, so it had most time to drain.
 */
#include <stdlib.h>

#include "alloc/counted_size.h"
#include "alloc/slab_policy_impl.h"

struct tail {
	struct kfrag_slab_host host;
	uint64_t first;
	uint64_t last;
};

KFRAG_COUNTED_SIZE(TAIL_BYTES, struct tail, 40);

static enum kfrag_error tail_create(void **set, struct kfrag_slab_host host)
{
	struct tail *tail = calloc(1, sizeof(*tail));

	*set = tail;
	if (!tail)
		return KFRAG_ENOMEM;
	tail->host = host;
	tail->first = KFRAG_SLAB_NONE;
	tail->last = KFRAG_SLAB_NONE;
	return KFRAG_OK;
}

static void tail_destroy(void *set)
{
	free(set);
}

static uint64_t tail_insert(void *set, const struct kfrag_slab_ref *ref)
{
	struct tail *tail = set;
	struct kfrag_slab_links *links =
		kfrag_slab_links_of(tail->host, ref->pfn);

	links->prev = tail->last;
	links->next = KFRAG_SLAB_NONE;
	if (tail->last == KFRAG_SLAB_NONE)
		tail->first = ref->pfn;
	else
		kfrag_slab_links_of(tail->host, tail->last)->next = ref->pfn;
	tail->last = ref->pfn;
	return tail->first;
}

static uint64_t tail_remove(void *set, const struct kfrag_slab_ref *ref)
{
	struct tail *tail = set;

	if (tail->last == ref->pfn)
		tail->last = kfrag_slab_links_of(tail->host, ref->pfn)->prev;
	kfrag_slab_list_remove(tail->host, &tail->first, ref->pfn);
	return tail->first;
}

static uint64_t tail_pick(const void *set)
{
	const struct tail *tail = set;

	return tail->first;
}

static uint64_t tail_count(const void *set)
{
	const struct tail *tail = set;

	return kfrag_slab_list_count(tail->host, tail->first);
}

static uint64_t tail_bytes(const void *set)
{
	(void)set;
	return TAIL_BYTES;
}

const struct kfrag_slab_policy kfrag_slab_policy_tail = {
	.name = "tail",
	.help = "the slab that became partial first (FIFO, as SLUB)",
	.uses_links = true,
	.create = tail_create,
	.destroy = tail_destroy,
	.insert = tail_insert,
	.remove = tail_remove,
	.pick = tail_pick,
	.count = tail_count,
	.bytes = tail_bytes,
};
