// SPDX-License-Identifier: MIT
/*
 * List head first: slabs that were full enter at the head, and allocation
 * takes from the head until that slab is full, as get_partial_node() of
 * Linux (mm/slub.c) takes the first of a node's partial list. (Linux lets slabs that were freed
 * into enter at the tail: slab_policy_tail.c.)
 */
#include <stdlib.h>

#include "alloc/counted_size.h"
#include "alloc/slab_policy_impl.h"

struct head {
	struct kfrag_slab_host host;
	uint64_t first;
};

KFRAG_COUNTED_SIZE(HEAD_BYTES, struct head, 32);

static enum kfrag_error head_create(void **set, struct kfrag_slab_host host)
{
	struct head *head = calloc(1, sizeof(*head));

	*set = head;
	if (!head)
		return KFRAG_ENOMEM;
	head->host = host;
	head->first = KFRAG_SLAB_NONE;
	return KFRAG_OK;
}

static void head_destroy(void *set)
{
	free(set);
}

static uint64_t head_insert(void *set, const struct kfrag_slab_ref *ref)
{
	struct head *head = set;

	kfrag_slab_list_push(head->host, &head->first, ref->pfn);
	return head->first;
}

static uint64_t head_remove(void *set, const struct kfrag_slab_ref *ref)
{
	struct head *head = set;

	kfrag_slab_list_remove(head->host, &head->first, ref->pfn);
	return head->first;
}

static uint64_t head_pick(const void *set)
{
	const struct head *head = set;

	return head->first;
}

static uint64_t head_count(const void *set)
{
	const struct head *head = set;

	return kfrag_slab_list_count(head->host, head->first);
}

static uint64_t head_bytes(const void *set)
{
	(void)set;
	return HEAD_BYTES;
}

const struct kfrag_slab_policy kfrag_slab_policy_head = {
	.name = "head",
	.help = "the slab that became partial last (LIFO)",
	.uses_links = true,
	.create = head_create,
	.destroy = head_destroy,
	.insert = head_insert,
	.remove = head_remove,
	.pick = head_pick,
	.count = head_count,
	.bytes = head_bytes,
};
