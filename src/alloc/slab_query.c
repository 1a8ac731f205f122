// SPDX-License-Identifier: MIT
/*
 * The slab allocator looked at from outside: iteration, counts, and whether
 * its bits, sets and counts agree with each other.
 */
#include <inttypes.h>
#include <stdio.h>

#include "alloc/slab_impl.h"
#include "alloc/slab_policy_impl.h"
#include "kfrag/arith.h"

enum kfrag_error kfrag_slab_host_error(const struct kfrag_slab *slab)
{
	return slab->host_error;
}

bool kfrag_slab_next(const struct kfrag_slab *slab, uint32_t from,
		     struct kfrag_slab_view *view)
{
	for (uint32_t id = from; id < slab->nr_descs; id++) {
		const struct kfrag_slab_desc *desc = &slab->descs[id];

		if (desc->cache == KFRAG_SLAB_NONE)
			continue;
		*view = (struct kfrag_slab_view){
			.id = id,
			.nr_inuse = desc->nr_inuse,
			.pfn = desc->pfn,
			.cache = slab->caches[desc->cache],
		};
		return true;
	}
	*view = (struct kfrag_slab_view){ 0 };
	return false;
}

uint64_t kfrag_slab_live_mask(const struct kfrag_slab *slab, uint32_t id,
			      uint32_t word)
{
	struct kfrag_slab_desc *desc = &slab->descs[id];
	const struct kfrag_slab_cache *cache = slab->caches[desc->cache];
	uint32_t nr_slots = cache->params.objs_per_slab - word * 64;
	uint64_t in_slab = nr_slots < 64 ? (UINT64_C(1) << nr_slots) - 1 :
					   UINT64_MAX;

	return ~kfrag_slab_slots(cache, desc)[word] & in_slab;
}

uint32_t kfrag_slab_cache_index(const struct kfrag_slab_cache *cache)
{
	return cache->index;
}

uint64_t kfrag_slab_cache_nr_objs(const struct kfrag_slab_cache *cache)
{
	return cache->nr_objs;
}

uint64_t kfrag_slab_cache_nr_slabs(const struct kfrag_slab_cache *cache)
{
	return cache->nr_slabs;
}

uint64_t kfrag_slab_cache_nr_partial(const struct kfrag_slab_cache *cache)
{
	return cache->nr_partial;
}

uint64_t kfrag_slab_cache_nr_empty(const struct kfrag_slab_cache *cache)
{
	return cache->nr_empty;
}

struct kfrag_slab_stats
kfrag_slab_cache_stats(const struct kfrag_slab_cache *cache)
{
	return cache->stats;
}

struct kfrag_slab_stats kfrag_slab_stats(const struct kfrag_slab *slab)
{
	struct kfrag_slab_stats sum = { 0 };

	for (uint32_t i = 0; i < slab->nr_caches; i++) {
		const struct kfrag_slab_stats *stats = &slab->caches[i]->stats;

		sum.nr_slabs_made += stats->nr_slabs_made;
		sum.nr_slabs_returned += stats->nr_slabs_returned;
		sum.nr_refusals += stats->nr_refusals;
	}
	return sum;
}

uint64_t kfrag_slab_bitmap_bytes(const struct kfrag_slab *slab)
{
	uint64_t nr_words = 0;

	for (uint32_t i = 0; i < slab->nr_caches; i++)
		nr_words += slab->caches[i]->nr_slabs *
			    slab->caches[i]->shape.nr_words;
	return nr_words * sizeof(uint64_t);
}

uint64_t kfrag_slab_bookkeeping_bytes(const struct kfrag_slab *slab)
{
	uint64_t bytes = KFRAG_SLAB_BYTES +
			 (uint64_t)slab->capacity * KFRAG_SLAB_DESC_BYTES +
			 slab->nr_map_chunks * KFRAG_POINTER_BYTES +
			 slab->nr_map_chunks_made * KFRAG_SLAB_MAP_PAGES *
				 sizeof(uint32_t) +
			 (uint64_t)slab->caches_capacity * KFRAG_POINTER_BYTES;

	for (uint32_t i = 0; i < slab->nr_caches; i++) {
		const struct kfrag_slab_cache *cache = slab->caches[i];

		bytes += KFRAG_SLAB_CACHE_BYTES +
			 cache->params.policy->bytes(cache->partial);
		/* A bitmap of one word lives in the descriptor. */
		if (cache->shape.nr_words == 1)
			bytes -= cache->nr_slabs * sizeof(uint64_t);
	}
	return bytes;
}

/* What the descriptors of one cache add up to. */
struct tally {
	uint64_t nr_slabs;
	uint64_t nr_objs;
	uint64_t nr_partial;
	uint64_t nr_empty;
};

static bool check_desc(const struct kfrag_slab *slab, uint32_t id,
		       char *message, size_t message_size)
{
	struct kfrag_slab_desc *desc = &slab->descs[id];
	const struct kfrag_slab_cache *cache = slab->caches[desc->cache];
	const uint64_t *slots = kfrag_slab_slots(cache, desc);
	uint64_t nr_free = kfrag_bitmap_count(&cache->shape, slots);
	char detail[128];

	if (!kfrag_bitmap_check(&cache->shape, slots, detail, sizeof(detail))) {
		snprintf(message, message_size, "slab %" PRIu32 ": %s", id,
			 detail);
		return false;
	}
	if (desc->nr_inuse + nr_free != cache->params.objs_per_slab) {
		snprintf(message, message_size,
			 "slab %" PRIu32 ": nr_inuse is %" PRIu32 ", but "
			 "%" PRIu64 " of %" PRIu32 " slots are free",
			 id, desc->nr_inuse, nr_free,
			 cache->params.objs_per_slab);
		return false;
	}
	for (uint64_t i = 0; i < UINT64_C(1) << cache->params.order; i++) {
		uint32_t mapped = kfrag_slab_id_at(slab, desc->pfn + i);

		if (mapped == id)
			continue;
		snprintf(message, message_size,
			 "page %" PRIu64 " is of slab %" PRIu32 ", but the "
			 "map says %" PRIu32,
			 desc->pfn + i, id, mapped);
		return false;
	}
	return true;
}

/* What the policy picks is a partial slab of this cache, or nothing. */
static bool pick_is_partial(const struct kfrag_slab_cache *cache,
			    uint64_t nr_partial)
{
	uint32_t id = cache->params.policy->pick(cache->partial);
	const struct kfrag_slab_desc *desc;

	if (id == KFRAG_SLAB_NONE || nr_partial == 0)
		return id == KFRAG_SLAB_NONE && nr_partial == 0;
	if (id >= cache->slab->nr_descs)
		return false;
	desc = &cache->slab->descs[id];
	return desc->cache == cache->index && desc->nr_inuse > 0 &&
	       desc->nr_inuse < cache->params.objs_per_slab;
}

/* Slabs in the list of empty ones; UINT64_MAX where another is in it. */
static uint64_t count_empty(const struct kfrag_slab_cache *cache)
{
	const struct kfrag_slab *slab = cache->slab;
	uint32_t id = cache->first_empty;
	uint64_t count = 0;

	while (id < slab->nr_descs && slab->descs[id].cache == cache->index &&
	       slab->descs[id].nr_inuse == 0 && count <= cache->nr_empty) {
		count++;
		id = slab->descs[id].links.next;
	}
	return id == KFRAG_SLAB_NONE ? count : UINT64_MAX;
}

static bool check_cache(const struct kfrag_slab *slab,
			struct kfrag_slab_cache *cache, char *message,
			size_t message_size)
{
	const struct kfrag_slab_policy *policy = cache->params.policy;
	struct kfrag_slab_view view;
	struct tally tally = { 0 };
	uint64_t nr_partial = policy->count(cache->partial);
	uint64_t nr_empty = count_empty(cache);
	const char *what = NULL;

	for (uint32_t id = 0; kfrag_slab_next(slab, id, &view);
	     id = view.id + 1) {
		if (view.cache != cache)
			continue;
		tally.nr_slabs++;
		tally.nr_objs += view.nr_inuse;
		tally.nr_empty += view.nr_inuse == 0;
		tally.nr_partial += view.nr_inuse > 0 &&
				    view.nr_inuse < cache->params.objs_per_slab;
	}
	if (tally.nr_slabs != cache->nr_slabs ||
	    tally.nr_slabs !=
		    cache->stats.nr_slabs_made - cache->stats.nr_slabs_returned)
		what = "nr_slabs";
	else if (tally.nr_objs != cache->nr_objs)
		what = "nr_objs";
	else if (tally.nr_partial != cache->nr_partial ||
		 tally.nr_partial != nr_partial ||
		 !pick_is_partial(cache, nr_partial))
		what = "nr_partial";
	else if (tally.nr_empty != cache->nr_empty ||
		 tally.nr_empty != nr_empty)
		what = "nr_empty";
	if (!what)
		return true;
	snprintf(message, message_size,
		 "cache %" PRIu32 ": %s: slabs %" PRIu64 " objs %" PRIu64
		 " partial %" PRIu64 " (set %" PRIu64 ") empty %" PRIu64
		 " (list %" PRIu64 "), but the slabs add up to %" PRIu64
		 " %" PRIu64 " %" PRIu64 " %" PRIu64,
		 cache->index, what, cache->nr_slabs, cache->nr_objs,
		 cache->nr_partial, nr_partial, cache->nr_empty, nr_empty,
		 tally.nr_slabs, tally.nr_objs, tally.nr_partial,
		 tally.nr_empty);
	return false;
}

/* Every page of the map that names a slab is counted by its order. */
static bool check_map(const struct kfrag_slab *slab, char *message,
		      size_t message_size)
{
	uint64_t nr_mapped = 0, nr_held = 0;

	for (uint64_t pfn = 0; pfn < slab->nr_pages; pfn++)
		nr_mapped += kfrag_slab_id_at(slab, pfn) != KFRAG_SLAB_NONE;
	for (uint32_t i = 0; i < slab->nr_caches; i++)
		nr_held += slab->caches[i]->nr_slabs
			   << slab->caches[i]->params.order;
	if (nr_mapped == nr_held)
		return true;
	snprintf(message, message_size,
		 "the map names slabs for %" PRIu64 " pages, but they hold "
		 "%" PRIu64,
		 nr_mapped, nr_held);
	return false;
}

/* Descriptors that no slab uses are chained, each once. */
static bool check_unused(const struct kfrag_slab *slab, char *message,
			 size_t message_size)
{
	uint32_t nr_unused = 0, nr_chained = 0;
	uint32_t id = slab->first_unused;

	for (uint32_t i = 0; i < slab->nr_descs; i++)
		nr_unused += slab->descs[i].cache == KFRAG_SLAB_NONE;
	while (nr_chained <= nr_unused && id < slab->nr_descs &&
	       slab->descs[id].cache == KFRAG_SLAB_NONE) {
		nr_chained++;
		id = slab->descs[id].links.next;
	}
	if (nr_chained == nr_unused && id == KFRAG_SLAB_NONE)
		return true;
	snprintf(message, message_size,
		 "%" PRIu32 " descriptors are unused, but %" PRIu32
		 " are chained, up to %" PRIu32,
		 nr_unused, nr_chained, id);
	return false;
}

static bool check_places(const struct kfrag_slab *slab, char *message,
			 size_t message_size)
{
	uint64_t nr_chunks = 0;

	for (uint32_t i = 0; i < slab->nr_caches; i++) {
		const struct kfrag_slab_cache *cache = slab->caches[i];

		if (cache->index == i && cache->slab == slab)
			continue;
		snprintf(message, message_size,
			 "cache %" PRIu32 " says that it is %" PRIu32 "%s", i,
			 cache->index,
			 cache->slab == slab ? "" : " of another allocator");
		return false;
	}
	for (uint64_t i = 0; i < slab->nr_map_chunks; i++)
		nr_chunks += slab->map[i] != NULL;
	if (nr_chunks == slab->nr_map_chunks_made)
		return true;
	snprintf(message, message_size,
		 "nr_map_chunks_made is %" PRIu64 ", but there are %" PRIu64,
		 slab->nr_map_chunks_made, nr_chunks);
	return false;
}

bool kfrag_slab_check(const struct kfrag_slab *slab, char *message,
		      size_t message_size)
{
	struct kfrag_slab_view view;

	if (!check_places(slab, message, message_size) ||
	    !check_unused(slab, message, message_size))
		return false;
	for (uint32_t id = 0; kfrag_slab_next(slab, id, &view);
	     id = view.id + 1)
		if (!check_desc(slab, view.id, message, message_size))
			return false;
	for (uint32_t i = 0; i < slab->nr_caches; i++)
		if (!check_cache(slab, slab->caches[i], message, message_size))
			return false;
	return check_map(slab, message, message_size);
}
