/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_ALLOC_SLAB_POLICY_IMPL_H
#define KFRAG_ALLOC_SLAB_POLICY_IMPL_H

/* One policy per file; their table is slab_policy.c. */
#include "kfrag/slab_policy.h"

extern const struct kfrag_slab_policy kfrag_slab_policy_lowest;
extern const struct kfrag_slab_policy kfrag_slab_policy_head;
extern const struct kfrag_slab_policy kfrag_slab_policy_tail;
extern const struct kfrag_slab_policy kfrag_slab_policy_recent;
extern const struct kfrag_slab_policy kfrag_slab_policy_fullest;
extern const struct kfrag_slab_policy kfrag_slab_policy_emptiest;
extern const struct kfrag_slab_policy kfrag_slab_policy_oldest;
extern const struct kfrag_slab_policy kfrag_slab_policy_youngest;
extern const struct kfrag_slab_policy kfrag_slab_policy_random;
extern const struct kfrag_slab_policy kfrag_slab_policy_best_of_2;
extern const struct kfrag_slab_policy kfrag_slab_policy_best_of_4;
extern const struct kfrag_slab_policy kfrag_slab_policy_best_of_8;

static inline struct kfrag_slab_links *
kfrag_slab_links_of(struct kfrag_slab_host host, uint64_t pfn)
{
	return host.calls->links(host.context, pfn);
}

/* A doubly linked list of slabs through their links. */
static inline void kfrag_slab_list_push(struct kfrag_slab_host host,
					uint64_t *head, uint64_t pfn)
{
	struct kfrag_slab_links *links = kfrag_slab_links_of(host, pfn);

	links->prev = KFRAG_SLAB_NONE;
	links->next = *head;
	if (*head != KFRAG_SLAB_NONE)
		kfrag_slab_links_of(host, *head)->prev = pfn;
	*head = pfn;
}

static inline void kfrag_slab_list_remove(struct kfrag_slab_host host,
					  uint64_t *head, uint64_t pfn)
{
	struct kfrag_slab_links links = *kfrag_slab_links_of(host, pfn);

	if (links.prev != KFRAG_SLAB_NONE)
		kfrag_slab_links_of(host, links.prev)->next = links.next;
	else
		*head = links.next;
	if (links.next != KFRAG_SLAB_NONE)
		kfrag_slab_links_of(host, links.next)->prev = links.prev;
}

static inline uint64_t kfrag_slab_list_count(struct kfrag_slab_host host,
					     uint64_t head)
{
	uint64_t count = 0;

	for (; head != KFRAG_SLAB_NONE;
	     head = kfrag_slab_links_of(host, head)->next)
		count++;
	return count;
}

#endif
