// SPDX-License-Identifier: MIT
/*
 * Which slab is in which of its cache's sets: partial ones in the policy's,
 * those kept empty in a list, full ones in none.
 */
#include "alloc/slab_impl.h"
#include "alloc/slab_policy_impl.h"
#include "kfrag/bits.h"

static struct kfrag_slab_links *links_of(void *context, uint64_t pfn)
{
	struct kfrag_slab_cache *cache = context;
	struct kfrag_slab_place place = kfrag_slab_place_of(cache->slab, pfn);

	return &place.region->links[place.index];
}

static uint64_t nr_slabs_of(void *context)
{
	const struct kfrag_slab_cache *cache = context;

	return cache->nr_slabs;
}

static uint32_t nr_inuse_of(void *context, uint64_t pfn)
{
	const struct kfrag_slab_cache *cache = context;

	return kfrag_slab_nr_inuse(cache,
				   kfrag_slab_place_of(cache->slab, pfn));
}

static const struct kfrag_slab_host_calls host_calls = {
	.links = links_of,
	.nr_slabs = nr_slabs_of,
	.nr_inuse = nr_inuse_of,
};

struct kfrag_slab_host kfrag_slab_host_of(struct kfrag_slab_cache *cache)
{
	return (struct kfrag_slab_host){
		.objs_per_slab = cache->params.objs_per_slab,
		.order = cache->params.order,
		.calls = &host_calls,
		.context = cache,
	};
}

/* Where the picked slab's map is. */
void kfrag_slab_find_quick(struct kfrag_slab_cache *cache)
{
	struct kfrag_slab_place place;

	cache->quick_word = NULL;
	if (cache->pick == KFRAG_SLAB_NONE || !cache->quick_slots)
		return;
	place = kfrag_slab_place_of(cache->slab, cache->pick);
	cache->quick_word = kfrag_slab_map_word(place);
	cache->quick_shift = kfrag_slab_map_shift(place);
	cache->quick_address = cache->pick << cache->slab->page_shift;
}

/* What the policy picks after a change of its set. */
static inline void set_pick(struct kfrag_slab_cache *cache, uint64_t pick)
{
	if (pick == cache->pick)
		return;
	cache->pick = pick;
	kfrag_slab_find_quick(cache);
}

/* As the policy wants to know it. */
static struct kfrag_slab_ref ref_of(const struct kfrag_slab_cache *cache,
				    uint64_t pfn)
{
	struct kfrag_slab_ref ref = { .pfn = pfn };

	if (cache->params.policy->update)
		ref.nr_inuse = kfrag_slab_nr_inuse(
			cache, kfrag_slab_place_of(cache->slab, pfn));
	return ref;
}

void kfrag_slab_become_partial(struct kfrag_slab_cache *cache, uint64_t pfn)
{
	struct kfrag_slab_ref ref = ref_of(cache, pfn);

	cache->nr_partial++;
	set_pick(cache, cache->params.policy->insert(cache->partial, &ref));
}

void kfrag_slab_become_partial_many(struct kfrag_slab_cache *cache,
				    uint64_t first, uint64_t mask)
{
	const struct kfrag_slab_policy *policy = cache->params.policy;

	if (!policy->insert_many) {
		for (; mask; mask &= mask - 1) {
			uint64_t place =
				first + (unsigned)__builtin_ctzll(mask);

			kfrag_slab_become_partial(cache,
						  place << cache->params.order);
		}
		return;
	}
	cache->nr_partial += kfrag_popcount(mask);
	set_pick(cache, policy->insert_many(cache->partial, first, mask));
}

/* nr_inuse as the policy was last told. */
void kfrag_slab_leave_partial(struct kfrag_slab_cache *cache, uint64_t pfn,
			      uint32_t nr_inuse)
{
	struct kfrag_slab_ref ref = { .pfn = pfn, .nr_inuse = nr_inuse };

	cache->nr_partial--;
	set_pick(cache, cache->params.policy->remove(cache->partial, &ref));
}

/* A partial slab has nr_more objects more than before, or fewer. */
void kfrag_slab_stay_partial(struct kfrag_slab_cache *cache, uint64_t pfn,
			     int64_t nr_more)
{
	struct kfrag_slab_ref ref;

	if (!cache->params.policy->update)
		return;
	ref = ref_of(cache, pfn);
	set_pick(cache, cache->params.policy->update(
				cache->partial, &ref,
				(uint32_t)(ref.nr_inuse - nr_more)));
}

/* Kept while there are few, else given back to the page source. */
void kfrag_slab_become_empty(struct kfrag_slab_cache *cache, uint64_t pfn)
{
	if (cache->nr_partial + cache->nr_empty <
	    cache->params.min_partial_slabs) {
		kfrag_slab_list_push(kfrag_slab_host_of(cache),
				     &cache->first_empty, pfn);
		cache->nr_empty++;
		return;
	}
	kfrag_slab_table_remove(cache->slab, cache, pfn);
	kfrag_slab_give_block(cache, pfn);
	cache->nr_slabs--;
	cache->stats.nr_slabs_returned++;
}

/* So many objects of a slab are free; it was full, or is empty now. */
void kfrag_slab_note_freed(struct kfrag_slab_cache *cache, uint64_t pfn,
			   bool was_full, bool is_empty, uint32_t nr_objs)
{
	cache->nr_objs -= nr_objs;
	if (was_full && !is_empty)
		kfrag_slab_become_partial(cache, pfn);
	else if (!was_full && is_empty)
		kfrag_slab_leave_partial(cache, pfn, nr_objs);
	else if (!is_empty)
		kfrag_slab_stay_partial(cache, pfn, -(int64_t)nr_objs);
	if (is_empty)
		kfrag_slab_become_empty(cache, pfn);
}

void kfrag_slab_cache_seed(struct kfrag_slab_cache *cache, uint64_t seed)
{
	const struct kfrag_slab_policy *policy = cache->params.policy;

	if (!policy->seed)
		return;
	policy->seed(cache->partial, seed);
	set_pick(cache, policy->pick(cache->partial));
}
