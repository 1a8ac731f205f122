// SPDX-License-Identifier: MIT
/*
 * Oldest and youngest first: a heap of the partial slabs by when each got the
 * first of the objects that it has had since. An age is a number that counts
 * up; while a slab has objects, it stands in next of its links.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "alloc/counted_size.h"
#include "alloc/slab_members.h"
#include "alloc/slab_policy_impl.h"

struct age {
	struct kfrag_slab_host host;
	struct kfrag_slab_members heap; /* the one to pick at place 0 */
	uint64_t nr_births;
	uint64_t sign; /* 0: the lowest birth first; all ones: the highest */
};

KFRAG_COUNTED_SIZE(AGE_BYTES, struct age, 64);

static enum kfrag_error create(void **set, struct kfrag_slab_host host,
			       uint64_t sign)
{
	struct age *age = calloc(1, sizeof(*age));

	*set = age;
	if (!age)
		return KFRAG_ENOMEM;
	age->host = host;
	age->sign = sign;
	return KFRAG_OK;
}

static enum kfrag_error oldest_create(void **set, struct kfrag_slab_host host)
{
	return create(set, host, 0);
}

static enum kfrag_error youngest_create(void **set, struct kfrag_slab_host host)
{
	return create(set, host, UINT64_MAX);
}

static void age_destroy(void *set)
{
	struct age *age = set;

	kfrag_slab_members_release(&age->heap);
	free(age);
}

static enum kfrag_error age_reserve(void *set, uint64_t pfn, uint64_t nr_slabs)
{
	struct age *age = set;

	(void)pfn;
	return kfrag_slab_members_reserve(&age->heap, age->host, nr_slabs);
}

static void be_born(struct age *age, uint64_t pfn)
{
	kfrag_slab_links_of(age->host, pfn)->next = age->nr_births++;
}

static void age_made_full(void *set, uint64_t pfn, uint64_t nr_slabs)
{
	struct age *age = set;

	for (uint64_t i = 0; i < nr_slabs; i++)
		be_born(age, pfn + (i << age->host.order));
}

static uint64_t key_of(const struct age *age, uint64_t pfn)
{
	return kfrag_slab_links_of(age->host, pfn)->next ^ age->sign;
}

/* A slab rises from a place that is its to take. */
static void rise(struct age *age, uint64_t place, uint64_t pfn)
{
	uint64_t key = key_of(age, pfn);

	while (place > 0) {
		uint64_t above = age->heap.pfns[(place - 1) / 2];

		if (key_of(age, above) < key)
			break;
		kfrag_slab_members_put(&age->heap, age->host, place, above);
		place = (place - 1) / 2;
	}
	kfrag_slab_members_put(&age->heap, age->host, place, pfn);
}

/* A slab sinks from its place as far as it belongs. */
static void sink(struct age *age, uint64_t place)
{
	uint64_t pfn = age->heap.pfns[place], key = key_of(age, pfn);

	for (;;) {
		uint64_t below = 2 * place + 1;

		if (below >= age->heap.nr_slabs)
			break;
		if (below + 1 < age->heap.nr_slabs &&
		    key_of(age, age->heap.pfns[below + 1]) <
			    key_of(age, age->heap.pfns[below]))
			below++;
		if (key < key_of(age, age->heap.pfns[below]))
			break;
		kfrag_slab_members_put(&age->heap, age->host, place,
				       age->heap.pfns[below]);
		place = below;
	}
	kfrag_slab_members_put(&age->heap, age->host, place, pfn);
}

static uint64_t age_pick(const void *set)
{
	const struct age *age = set;

	return age->heap.nr_slabs ? age->heap.pfns[0] : KFRAG_SLAB_NONE;
}

static uint64_t age_insert(void *set, const struct kfrag_slab_ref *ref)
{
	struct age *age = set;

	if (age->host.calls->nr_inuse(age->host.context, ref->pfn) == 0)
		be_born(age, ref->pfn);
	rise(age, age->heap.nr_slabs++, ref->pfn);
	return age_pick(age);
}

static uint64_t age_remove(void *set, const struct kfrag_slab_ref *ref)
{
	struct age *age = set;
	uint64_t place =
		kfrag_slab_members_remove(&age->heap, age->host, ref->pfn);

	if (place < age->heap.nr_slabs) {
		uint64_t moved = age->heap.pfns[place];

		rise(age, place, moved);
		sink(age, kfrag_slab_links_of(age->host, moved)->prev);
	}
	return age_pick(age);
}

static uint64_t age_count(const void *set)
{
	const struct age *age = set;

	return age->heap.nr_slabs;
}

static uint64_t age_bytes(const void *set)
{
	const struct age *age = set;

	return AGE_BYTES + age->heap.capacity * sizeof(uint64_t);
}

#define AGE_POLICY                                                             \
	.uses_links = true, .destroy = age_destroy, .reserve = age_reserve,    \
	.made_full = age_made_full, .insert = age_insert,                      \
	.remove = age_remove, .pick = age_pick, .count = age_count,            \
	.bytes = age_bytes

const struct kfrag_slab_policy kfrag_slab_policy_oldest = {
	.name = "oldest",
	.help = "the partial slab that has had objects for longest",
	.create = oldest_create,
	AGE_POLICY,
};

const struct kfrag_slab_policy kfrag_slab_policy_youngest = {
	.name = "youngest",
	.help = "the partial slab that was made last",
	.create = youngest_create,
	AGE_POLICY,
};
