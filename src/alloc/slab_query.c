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

bool kfrag_slab_next(const struct kfrag_slab *slab, uint64_t from,
		     struct kfrag_slab_view *view)
{
	uint64_t pfn = kfrag_slab_next_used(slab, from);

	while (pfn < slab->nr_pages) {
		struct kfrag_slab_cache *cache = kfrag_slab_owner(slab, pfn);
		uint64_t size = UINT64_C(1) << cache->params.order;

		/* `from` may be inside of a slab that starts before it. */
		if ((pfn & (size - 1)) == 0) {
			*view = (struct kfrag_slab_view){
				.pfn = pfn,
				.nr_inuse = kfrag_slab_nr_inuse(
					cache, kfrag_slab_place_of(slab, pfn)),
				.cache = cache,
			};
			return true;
		}
		pfn = kfrag_slab_next_used(slab, (pfn & ~(size - 1)) + size);
	}
	*view = (struct kfrag_slab_view){ 0 };
	return false;
}

uint64_t kfrag_slab_live_mask(const struct kfrag_slab *slab, uint64_t pfn,
			      uint32_t word)
{
	const struct kfrag_slab_cache *cache = kfrag_slab_owner(slab, pfn);
	struct kfrag_slab_place place = kfrag_slab_place_of(slab, pfn);
	uint32_t nr_slots = cache->params.objs_per_slab - word * 64;
	uint64_t in_slab = nr_slots < 64 ? (UINT64_C(1) << nr_slots) - 1 :
					   UINT64_MAX;

	if (cache->is_wide)
		return ~kfrag_slab_wide_map(place)->words[word] & in_slab;
	return ~kfrag_slab_map(place) & in_slab;
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
	return kfrag_slab_table_bitmap_bytes(slab);
}

uint64_t kfrag_slab_bookkeeping_bytes(const struct kfrag_slab *slab)
{
	uint64_t bytes = KFRAG_SLAB_BYTES + kfrag_slab_table_other_bytes(slab) +
			 (uint64_t)slab->caches_capacity * KFRAG_POINTER_BYTES;

	for (uint32_t i = 0; i < slab->nr_caches; i++) {
		const struct kfrag_slab_cache *cache = slab->caches[i];

		bytes += KFRAG_SLAB_CACHE_BYTES +
			 cache->params.policy->bytes(cache->partial);
	}
	return bytes;
}

/* What the slabs of one cache add up to. */
struct tally {
	uint64_t nr_slabs;
	uint64_t nr_objs;
	uint64_t nr_partial;
	uint64_t nr_empty;
};

static bool check_wide_map(const struct kfrag_slab_cache *cache,
			   struct kfrag_slab_place place, uint64_t pfn,
			   char *message, size_t message_size)
{
	const struct kfrag_slab_wide_map *map = kfrag_slab_wide_map(place);
	uint64_t nr_free = kfrag_bitmap_count(&cache->shape, map->words);
	char detail[128];

	if (!kfrag_bitmap_check(&cache->shape, map->words, detail,
				sizeof(detail))) {
		snprintf(message, message_size, "slab %" PRIu64 ": %s", pfn,
			 detail);
		return false;
	}
	if (nr_free == map->nr_free)
		return true;
	snprintf(message, message_size,
		 "slab %" PRIu64 ": nr_free is %" PRIu64 ", but %" PRIu64
		 " slots are",
		 pfn, map->nr_free, nr_free);
	return false;
}

/* All pages of the slab are used, and say that they are its cache's. */
static bool check_pages(const struct kfrag_slab *slab,
			const struct kfrag_slab_cache *cache, uint64_t pfn,
			char *message, size_t message_size)
{
	uint64_t end = pfn + (UINT64_C(1) << cache->params.order);

	for (uint64_t page = pfn; page < end; page++) {
		if (page < slab->nr_pages && kfrag_slab_is_used(slab, page) &&
		    kfrag_slab_owner(slab, page) == cache)
			continue;
		snprintf(message, message_size,
			 "page %" PRIu64 " is of slab %" PRIu64 " of cache "
			 "%" PRIu32 ", but the table says otherwise",
			 page, pfn, cache->index);
		return false;
	}
	return true;
}

static bool check_slab(const struct kfrag_slab *slab,
		       const struct kfrag_slab_view *view, char *message,
		       size_t message_size)
{
	struct kfrag_slab_place place = kfrag_slab_place_of(slab, view->pfn);
	const struct kfrag_slab_cache *cache = view->cache;

	if (!check_pages(slab, cache, view->pfn, message, message_size))
		return false;
	if (cache->is_wide)
		return check_wide_map(cache, place, view->pfn, message,
				      message_size);
	if ((kfrag_slab_map(place) & ~cache->all_free) == 0)
		return true;
	snprintf(message, message_size,
		 "slab %" PRIu64 ": the map is %#" PRIx64 ", but there are "
		 "%" PRIu32 " slots",
		 view->pfn, kfrag_slab_map(place), cache->params.objs_per_slab);
	return false;
}

/*
 * What the policy picks is a partial slab of this cache, or nothing, and the
 * cache knows it and where its map is.
 */
static bool pick_is_right(const struct kfrag_slab_cache *cache,
			  uint64_t nr_partial)
{
	uint64_t pfn = cache->params.policy->pick(cache->partial);
	const struct kfrag_slab *slab = cache->slab;
	struct kfrag_slab_place place;
	uint32_t nr_inuse;

	if (pfn != cache->pick)
		return false;
	if (pfn == KFRAG_SLAB_NONE || nr_partial == 0)
		return pfn == KFRAG_SLAB_NONE && nr_partial == 0 &&
		       !cache->quick_word;
	if (pfn >= slab->nr_pages || !kfrag_slab_is_used(slab, pfn) ||
	    kfrag_slab_owner(slab, pfn) != cache)
		return false;
	place = kfrag_slab_place_of(slab, pfn);
	nr_inuse = kfrag_slab_nr_inuse(cache, place);
	if (nr_inuse == 0 || nr_inuse == cache->params.objs_per_slab)
		return false;
	if (!cache->quick_slots)
		return !cache->quick_word;
	return cache->quick_word == kfrag_slab_map_word(place) &&
	       cache->quick_shift == kfrag_slab_map_shift(place) &&
	       cache->quick_address == pfn << slab->page_shift;
}

static bool is_empty_slab(const struct kfrag_slab_cache *cache, uint64_t pfn)
{
	const struct kfrag_slab *slab = cache->slab;

	return pfn < slab->nr_pages && kfrag_slab_is_used(slab, pfn) &&
	       kfrag_slab_owner(slab, pfn) == cache &&
	       kfrag_slab_nr_inuse(cache, kfrag_slab_place_of(slab, pfn)) == 0;
}

/* Slabs in the list of empty ones; UINT64_MAX where another is in it. */
static uint64_t count_empty(const struct kfrag_slab_cache *cache)
{
	uint64_t pfn = cache->first_empty;
	uint64_t count = 0;

	while (count <= cache->nr_empty && is_empty_slab(cache, pfn)) {
		struct kfrag_slab_place place =
			kfrag_slab_place_of(cache->slab, pfn);

		count++;
		pfn = place.region->links[place.index].next;
	}
	return pfn == KFRAG_SLAB_NONE ? count : UINT64_MAX;
}

static struct tally tally_up(const struct kfrag_slab_cache *cache)
{
	struct kfrag_slab_view view;
	struct tally tally = { 0 };

	for (uint64_t pfn = 0; kfrag_slab_next(cache->slab, pfn, &view);
	     pfn = view.pfn + 1) {
		if (view.cache != cache)
			continue;
		tally.nr_slabs++;
		tally.nr_objs += view.nr_inuse;
		tally.nr_empty += view.nr_inuse == 0;
		tally.nr_partial += view.nr_inuse > 0 &&
				    view.nr_inuse < cache->params.objs_per_slab;
	}
	return tally;
}

static bool check_cache(const struct kfrag_slab_cache *cache, char *message,
			size_t message_size)
{
	uint64_t nr_partial = cache->params.policy->count(cache->partial);
	uint64_t nr_empty = count_empty(cache);
	struct tally tally = tally_up(cache);
	const char *what = NULL;

	if (tally.nr_slabs != cache->nr_slabs ||
	    tally.nr_slabs !=
		    cache->stats.nr_slabs_made - cache->stats.nr_slabs_returned)
		what = "nr_slabs";
	else if (tally.nr_objs != cache->nr_objs)
		what = "nr_objs";
	else if (tally.nr_partial != cache->nr_partial ||
		 tally.nr_partial != nr_partial ||
		 !pick_is_right(cache, nr_partial))
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

/* Whether a slab with a map of at most a word starts at the page. */
static bool starts_narrow(const struct kfrag_slab *slab, uint64_t pfn)
{
	const struct kfrag_slab_cache *cache;

	if (!kfrag_slab_is_used(slab, pfn))
		return false;
	cache = kfrag_slab_owner(slab, pfn);
	return !cache->is_wide &&
	       pfn >> cache->params.order << cache->params.order == pfn;
}

/* Where no such slab starts, a map is zero; pages are used as counted. */
static bool check_region(const struct kfrag_slab *slab, uint64_t number,
			 char *message, size_t message_size)
{
	struct kfrag_slab_region *region = slab->regions[number];
	uint64_t first = number * KFRAG_SLAB_REGION_PAGES, nr_used = 0;

	for (uint64_t page = 0;
	     page < KFRAG_SLAB_REGION_PAGES && first + page < slab->nr_pages;
	     page++) {
		struct kfrag_slab_place place = { region,
						  page >> region->place_order };
		bool is_place = place.index << region->place_order == page;

		nr_used += kfrag_slab_is_used(slab, first + page);
		if (!is_place || !kfrag_slab_map(place) ||
		    starts_narrow(slab, first + page))
			continue;
		snprintf(message, message_size,
			 "page %" PRIu64 ": no slab with a map of one word "
			 "starts here, but that is %#" PRIx64,
			 first + page, kfrag_slab_map(place));
		return false;
	}
	if (nr_used == region->nr_used)
		return true;
	snprintf(message, message_size,
		 "region %" PRIu64 ": nr_used is %" PRIu64 ", but %" PRIu64
		 " pages are",
		 number, region->nr_used, nr_used);
	return false;
}

/* The slabs that the caches hold are all that the table has. */
static bool check_nr_pages(const struct kfrag_slab *slab, char *message,
			   size_t message_size)
{
	uint64_t nr_used = 0, nr_held = 0;

	for (uint64_t i = 0; i < slab->nr_regions; i++)
		nr_used += slab->regions[i] ? slab->regions[i]->nr_used : 0;
	for (uint32_t i = 0; i < slab->nr_caches; i++)
		nr_held += slab->caches[i]->nr_slabs
			   << slab->caches[i]->params.order;
	if (nr_used == nr_held)
		return true;
	snprintf(message, message_size,
		 "the table has %" PRIu64 " pages, but the caches hold "
		 "%" PRIu64,
		 nr_used, nr_held);
	return false;
}

static bool check_caches_places(const struct kfrag_slab *slab, char *message,
				size_t message_size)
{
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
	return true;
}

bool kfrag_slab_check(const struct kfrag_slab *slab, char *message,
		      size_t message_size)
{
	struct kfrag_slab_view view;

	if (!check_caches_places(slab, message, message_size))
		return false;
	for (uint64_t i = 0; i < slab->nr_regions; i++)
		if (slab->regions[i] &&
		    !check_region(slab, i, message, message_size))
			return false;
	for (uint64_t pfn = 0; kfrag_slab_next(slab, pfn, &view);
	     pfn = view.pfn + 1)
		if (!check_slab(slab, &view, message, message_size))
			return false;
	for (uint32_t i = 0; i < slab->nr_caches; i++)
		if (!check_cache(slab->caches[i], message, message_size))
			return false;
	return check_nr_pages(slab, message, message_size);
}
