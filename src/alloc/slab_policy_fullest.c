// SPDX-License-Identifier: MIT
/*
 * Fullest first: one list per number of free slots, and a bitmap of the lists
 * that are not empty, whose lowest bit is the fullest slab's list. What
 * Solaris (kmem_partial_slab_cmp) and tcmalloc (central_freelist) do.
 *
 * Emptiest first is its opposite, for comparison: the lists are by number of
 * slots in use. It spreads objects as far as can be.
 */
#include <stdlib.h>

#include "alloc/counted_size.h"
#include "alloc/slab_policy_impl.h"
#include "kfrag/bitmap.h"

struct fullest {
	struct kfrag_slab_host host;
	struct kfrag_bitmap_shape shape; /* a bit per number of free slots */
	uint64_t *nonempty;
	uint64_t heads[]; /* by number of free slots, or in use */
};

KFRAG_COUNTED_SIZE(FULLEST_BYTES, struct fullest, 136);

static enum kfrag_error fullest_create(void **set, struct kfrag_slab_host host)
{
	size_t nr_heads = (size_t)host.objs_per_slab + 1;
	struct fullest *fullest =
		calloc(1, sizeof(*fullest) + nr_heads * sizeof(uint64_t));

	*set = NULL;
	if (!fullest)
		return KFRAG_ENOMEM;
	kfrag_bitmap_shape_init(&fullest->shape, nr_heads);
	fullest->nonempty = calloc((size_t)fullest->shape.nr_words,
				   sizeof(*fullest->nonempty));
	if (!fullest->nonempty) {
		free(fullest);
		return KFRAG_ENOMEM;
	}
	fullest->host = host;
	for (size_t i = 0; i < nr_heads; i++)
		fullest->heads[i] = KFRAG_SLAB_NONE;
	*set = fullest;
	return KFRAG_OK;
}

static void fullest_destroy(void *set)
{
	struct fullest *fullest = set;

	free(fullest->nonempty);
	free(fullest);
}

static void add(struct fullest *fullest, uint64_t pfn, uint32_t which)
{
	uint64_t *head = &fullest->heads[which];

	if (*head == KFRAG_SLAB_NONE)
		kfrag_bitmap_set(&fullest->shape, fullest->nonempty, which);
	kfrag_slab_list_push(fullest->host, head, pfn);
}

static void take_out(struct fullest *fullest, uint64_t pfn, uint32_t which)
{
	uint64_t *head = &fullest->heads[which];

	kfrag_slab_list_remove(fullest->host, head, pfn);
	if (*head == KFRAG_SLAB_NONE)
		kfrag_bitmap_clear(&fullest->shape, fullest->nonempty, which);
}

static uint64_t fullest_pick(const void *set)
{
	const struct fullest *fullest = set;
	uint64_t which;

	if (!kfrag_bitmap_first(&fullest->shape, fullest->nonempty, &which))
		return KFRAG_SLAB_NONE;
	return fullest->heads[which];
}

static uint64_t fullest_insert(void *set, const struct kfrag_slab_ref *ref)
{
	struct fullest *fullest = set;

	add(fullest, ref->pfn, fullest->host.objs_per_slab - ref->nr_inuse);
	return fullest_pick(fullest);
}

static uint64_t fullest_remove(void *set, const struct kfrag_slab_ref *ref)
{
	struct fullest *fullest = set;

	take_out(fullest, ref->pfn,
		 fullest->host.objs_per_slab - ref->nr_inuse);
	return fullest_pick(fullest);
}

static uint64_t fullest_update(void *set, const struct kfrag_slab_ref *ref,
			       uint32_t old_inuse)
{
	struct fullest *fullest = set;

	take_out(fullest, ref->pfn, fullest->host.objs_per_slab - old_inuse);
	add(fullest, ref->pfn, fullest->host.objs_per_slab - ref->nr_inuse);
	return fullest_pick(fullest);
}

static uint64_t fullest_count(const void *set)
{
	const struct fullest *fullest = set;
	uint64_t count = 0;

	for (uint32_t i = 0; i <= fullest->host.objs_per_slab; i++)
		count +=
			kfrag_slab_list_count(fullest->host, fullest->heads[i]);
	return count;
}

static uint64_t fullest_bytes(const void *set)
{
	const struct fullest *fullest = set;

	return FULLEST_BYTES +
	       ((uint64_t)fullest->host.objs_per_slab + 1) * sizeof(uint64_t) +
	       fullest->shape.nr_words * sizeof(uint64_t);
}

const struct kfrag_slab_policy kfrag_slab_policy_fullest = {
	.name = "fullest",
	.help = "the partial slab with most objects in use",
	.uses_links = true,
	.create = fullest_create,
	.destroy = fullest_destroy,
	.insert = fullest_insert,
	.remove = fullest_remove,
	.update = fullest_update,
	.pick = fullest_pick,
	.count = fullest_count,
	.bytes = fullest_bytes,
};

/* ---------------------------------------------------------------- emptiest */

static uint64_t emptiest_insert(void *set, const struct kfrag_slab_ref *ref)
{
	struct fullest *emptiest = set;

	add(emptiest, ref->pfn, ref->nr_inuse);
	return fullest_pick(emptiest);
}

static uint64_t emptiest_remove(void *set, const struct kfrag_slab_ref *ref)
{
	struct fullest *emptiest = set;

	take_out(emptiest, ref->pfn, ref->nr_inuse);
	return fullest_pick(emptiest);
}

static uint64_t emptiest_update(void *set, const struct kfrag_slab_ref *ref,
				uint32_t old_inuse)
{
	struct fullest *emptiest = set;

	take_out(emptiest, ref->pfn, old_inuse);
	add(emptiest, ref->pfn, ref->nr_inuse);
	return fullest_pick(emptiest);
}

const struct kfrag_slab_policy kfrag_slab_policy_emptiest = {
	.name = "emptiest",
	.help = "the partial slab with fewest objects in use",
	.uses_links = true,
	.chooses_each_time = true,
	.create = fullest_create,
	.destroy = fullest_destroy,
	.insert = emptiest_insert,
	.remove = emptiest_remove,
	.update = emptiest_update,
	.pick = fullest_pick,
	.count = fullest_count,
	.bytes = fullest_bytes,
};
