// SPDX-License-Identifier: MIT
/*
 * An oracle: it knows when each object will die. Of the partial slabs it takes
 * the one that lives on for as short as it can beyond the object, so that the
 * object keeps no slab alive; where all end before, the one that ends last.
 */
#include <stdlib.h>

#include "alloc/slab_members.h"
#include "replay/sim_impl.h"

struct oracle {
	struct kfrag_slab_host host;
	/* next of a slab's links: when the last of its objects dies. */
	struct kfrag_slab_members members;
	uint64_t death; /* of the object to come */
	uint64_t pick;
};

static uint64_t *end_of(const struct oracle *oracle, uint64_t pfn)
{
	return &oracle->host.calls->links(oracle->host.context, pfn)->next;
}

static enum kfrag_error oracle_create(void **set, struct kfrag_slab_host host)
{
	struct oracle *oracle = calloc(1, sizeof(*oracle));

	*set = oracle;
	if (!oracle)
		return KFRAG_ENOMEM;
	oracle->host = host;
	oracle->pick = KFRAG_SLAB_NONE;
	return KFRAG_OK;
}

static void oracle_destroy(void *set)
{
	struct oracle *oracle = set;

	kfrag_slab_members_release(&oracle->members);
	free(oracle);
}

static enum kfrag_error oracle_reserve(void *set, uint64_t pfn,
				       uint64_t nr_slabs)
{
	struct oracle *oracle = set;

	(void)pfn;
	return kfrag_slab_members_reserve(&oracle->members, oracle->host,
					  nr_slabs);
}

static void choose(struct oracle *oracle)
{
	uint64_t best_end = 0;

	oracle->pick = KFRAG_SLAB_NONE;
	for (uint64_t i = 0; i < oracle->members.nr_slabs; i++) {
		uint64_t pfn = oracle->members.pfns[i];
		uint64_t end = *end_of(oracle, pfn);
		bool is_better = end > best_end;

		if (best_end >= oracle->death)
			is_better = end >= oracle->death && end < best_end;
		if (is_better || oracle->pick == KFRAG_SLAB_NONE) {
			oracle->pick = pfn;
			best_end = end;
		}
	}
}

static void oracle_tell(void *set, uint64_t death)
{
	struct oracle *oracle = set;

	oracle->death = death;
	choose(oracle);
}

/* The object to come is in the slab. */
static void note_object(struct oracle *oracle, uint64_t pfn)
{
	uint64_t *end = end_of(oracle, pfn);

	if (*end < oracle->death)
		*end = oracle->death;
}

static uint64_t oracle_insert(void *set, const struct kfrag_slab_ref *ref)
{
	struct oracle *oracle = set;

	if (ref->nr_inuse == 0)
		*end_of(oracle, ref->pfn) = 0;
	kfrag_slab_members_put(&oracle->members, oracle->host,
			       oracle->members.nr_slabs++, ref->pfn);
	if (oracle->pick == KFRAG_SLAB_NONE)
		oracle->pick = ref->pfn;
	return oracle->pick;
}

static uint64_t oracle_remove(void *set, const struct kfrag_slab_ref *ref)
{
	struct oracle *oracle = set;
	const struct kfrag_slab_members *members = &oracle->members;

	if (oracle->host.calls->nr_inuse(oracle->host.context, ref->pfn) > 0)
		note_object(oracle, ref->pfn);
	kfrag_slab_members_remove(&oracle->members, oracle->host, ref->pfn);
	/* Until it is told of the next object, any will do. */
	if (oracle->pick == ref->pfn)
		oracle->pick = members->nr_slabs ? members->pfns[0] :
						   KFRAG_SLAB_NONE;
	return oracle->pick;
}

static uint64_t oracle_update(void *set, const struct kfrag_slab_ref *ref,
			      uint32_t old_inuse)
{
	struct oracle *oracle = set;

	if (ref->nr_inuse > old_inuse)
		note_object(oracle, ref->pfn);
	return oracle->pick;
}

static uint64_t oracle_pick(const void *set)
{
	const struct oracle *oracle = set;

	return oracle->pick;
}

static uint64_t oracle_count(const void *set)
{
	const struct oracle *oracle = set;

	return oracle->members.nr_slabs;
}

static uint64_t oracle_bytes(const void *set)
{
	const struct oracle *oracle = set;

	return sizeof(*oracle) + oracle->members.capacity * sizeof(uint64_t);
}

const struct kfrag_slab_policy kfrag_sim_oracle = {
	.name = "oracle",
	.help = "the slab that lives on for as short as it can",
	.uses_links = true,
	.chooses_each_time = true,
	.create = oracle_create,
	.destroy = oracle_destroy,
	.seed = oracle_tell,
	.reserve = oracle_reserve,
	.insert = oracle_insert,
	.remove = oracle_remove,
	.update = oracle_update,
	.pick = oracle_pick,
	.count = oracle_count,
	.bytes = oracle_bytes,
};
