// SPDX-License-Identifier: MIT
/*
 * A random partial slab for each object, or the fullest of k random ones.
 *
 * The random numbers are drawn anew with each object that is allocated where
 * there was a choice, and with nothing else; they name places in the array of
 * partial slabs whatever their number is. So to allocate whole slabs or to free
 * several objects of a slab at once is the same as to do it one by one.
 */
#include <stdlib.h>

#include "alloc/counted_size.h"
#include "alloc/slab_members.h"
#include "alloc/slab_policy_impl.h"
#include "kfrag/arith.h"
#include "kfrag/random.h"

#define MAX_CHOICES 8

struct random {
	struct kfrag_slab_host host;
	struct kfrag_slab_members members;
	struct kfrag_random source;
	uint64_t nr_choices;
	uint64_t draws[MAX_CHOICES]; /* uniform on all 2^64 values */
};

KFRAG_COUNTED_SIZE(RANDOM_BYTES, struct random, 152);

/* Fresh numbers, after an object from one of nr_slabs slabs. */
static void draw(struct random *random, uint64_t nr_slabs)
{
	if (nr_slabs < 2)
		return;
	for (uint64_t i = 0; i < random->nr_choices; i++)
		random->draws[i] = kfrag_random_next(&random->source);
}

static void random_seed(void *set, uint64_t seed)
{
	struct random *random = set;

	kfrag_random_init(&random->source, seed);
	draw(random, UINT64_MAX);
}

static enum kfrag_error create(void **set, struct kfrag_slab_host host,
			       uint64_t nr_choices)
{
	struct random *random = calloc(1, sizeof(*random));

	*set = random;
	if (!random)
		return KFRAG_ENOMEM;
	random->host = host;
	random->nr_choices = nr_choices;
	random_seed(random, 0);
	return KFRAG_OK;
}

static void random_destroy(void *set)
{
	struct random *random = set;

	kfrag_slab_members_release(&random->members);
	free(random);
}

static enum kfrag_error random_reserve(void *set, uint64_t pfn,
				       uint64_t nr_slabs)
{
	struct random *random = set;

	(void)pfn;
	return kfrag_slab_members_reserve(&random->members, random->host,
					  nr_slabs);
}

/* Of up to 2^40 slabs each has its chance but for one part in 2^24. */
static uint64_t slab_at(const struct random *random, uint64_t choice)
{
	uint64_t place, low;

	kfrag_mul_wide(random->draws[choice], random->members.nr_slabs, &place,
		       &low);
	return random->members.pfns[place];
}

static uint64_t random_pick(const void *set)
{
	const struct random *random = set;
	uint64_t best, best_inuse;

	if (random->members.nr_slabs == 0)
		return KFRAG_SLAB_NONE;
	best = slab_at(random, 0);
	best_inuse = kfrag_slab_links_of(random->host, best)->next;
	for (uint64_t i = 1; i < random->nr_choices; i++) {
		uint64_t pfn = slab_at(random, i);
		uint64_t nr_inuse =
			kfrag_slab_links_of(random->host, pfn)->next;

		if (nr_inuse > best_inuse) {
			best = pfn;
			best_inuse = nr_inuse;
		}
	}
	return best;
}

static uint64_t random_insert(void *set, const struct kfrag_slab_ref *ref)
{
	struct random *random = set;

	kfrag_slab_links_of(random->host, ref->pfn)->next = ref->nr_inuse;
	kfrag_slab_members_put(&random->members, random->host,
			       random->members.nr_slabs++, ref->pfn);
	return random_pick(random);
}

static uint64_t random_remove(void *set, const struct kfrag_slab_ref *ref)
{
	struct random *random = set;

	kfrag_slab_members_remove(&random->members, random->host, ref->pfn);
	/* It left for an object more, and not because it is empty. */
	if (random->host.calls->nr_inuse(random->host.context, ref->pfn) > 0)
		draw(random, random->members.nr_slabs + 1);
	return random_pick(random);
}

static uint64_t random_update(void *set, const struct kfrag_slab_ref *ref,
			      uint32_t old_inuse)
{
	struct random *random = set;

	kfrag_slab_links_of(random->host, ref->pfn)->next = ref->nr_inuse;
	if (ref->nr_inuse > old_inuse)
		draw(random, random->members.nr_slabs);
	return random_pick(random);
}

static uint64_t random_count(const void *set)
{
	const struct random *random = set;

	return random->members.nr_slabs;
}

static uint64_t random_bytes(const void *set)
{
	const struct random *random = set;

	return RANDOM_BYTES + random->members.capacity * sizeof(uint64_t);
}

/* A creator each; nr_choices is at most MAX_CHOICES. */
#define CREATOR(nr_choices)                                                    \
	static enum kfrag_error create_##nr_choices(                           \
		void **set, struct kfrag_slab_host host)                       \
	{                                                                      \
		return create(set, host, nr_choices);                          \
	}
CREATOR(1)
CREATOR(2)
CREATOR(4)
CREATOR(8)

#define RANDOM_POLICY                                                          \
	.uses_links = true, .chooses_each_time = true,                         \
	.destroy = random_destroy, .seed = random_seed,                        \
	.reserve = random_reserve, .insert = random_insert,                    \
	.remove = random_remove, .update = random_update, .pick = random_pick, \
	.count = random_count, .bytes = random_bytes

const struct kfrag_slab_policy kfrag_slab_policy_random = {
	.name = "random",
	.help = "a random partial slab for each object",
	.create = create_1,
	RANDOM_POLICY,
};

const struct kfrag_slab_policy kfrag_slab_policy_best_of_2 = {
	.name = "best-of-2",
	.help = "the fullest of 2 random partial slabs",
	.create = create_2,
	RANDOM_POLICY,
};

const struct kfrag_slab_policy kfrag_slab_policy_best_of_4 = {
	.name = "best-of-4",
	.help = "the fullest of 4 random partial slabs",
	.create = create_4,
	RANDOM_POLICY,
};

const struct kfrag_slab_policy kfrag_slab_policy_best_of_8 = {
	.name = "best-of-8",
	.help = "the fullest of 8 random partial slabs",
	.create = create_8,
	RANDOM_POLICY,
};
