// SPDX-License-Identifier: MIT
/*
 * The slab allocator (J. Bonwick, USENIX Summer 1994).
 *
 * 1. Why. A kernel allocates millions of small objects of few sizes. A block
 *    of pages for each would waste most of it: a 192-byte object in a page of
 *    4096 leaves 95 % unused. So each size gets a cache, and the cache gets
 *    its memory in slabs: blocks of 2^order pages, cut into equal slots.
 *
 * 2. What is lost. A slab of S bytes holds O = floor(S / size) slots or fewer;
 *    the S - O * size bytes behind them are its tail, lost for as long as the
 *    slab exists. A slot without an object is idle: lost until the next
 *    allocation from this cache, and to this cache only. That is all of it:
 *    held = live + idle + tail.
 *
 * 3. Full, partial, empty. A slab is full (no free slot), partial, or empty
 *    (no object). An object comes from a partial slab; where there is none,
 *    from one kept empty; else from a new slab of the page source. A full
 *    slab is in no set: nothing asks for it until one of its objects is
 *    freed. A slab that becomes empty goes back to the page source, unless
 *    min_partial says to keep it against the next request.
 *
 * 4. Which partial slab? This decides how many slabs are left when a
 *    population shrinks: a slab goes back only when its very last object is
 *    gone. The policy (slab_policy.h) keeps the set of partial slabs; any
 *    fixed priority concentrates the objects, and the rest drains.
 *
 * 5. Finding things. A slab's slots are a bitmap, set bits being free, so a
 *    free slot is the lowest set bit. From an address to its slab: the page
 *    map names the slab of each page, as struct page does in Linux; from
 *    there to the slot: the distance from the slab's first byte over the
 *    object size. Both ways take a fixed number of steps.
 *
 * 6. Where pages come from is not this file's business: it knows two
 *    functions that take and return blocks (pages.h).
 */
#include "kfrag/slab.h"

#include <assert.h>
#include <stdlib.h>

#include "alloc/slab_impl.h"
#include "alloc/slab_policy_impl.h"
#include "kfrag/arith.h"

static struct kfrag_slab_links *host_links(void *context, uint32_t id)
{
	struct kfrag_slab_cache *cache = context;

	return &cache->slab->descs[id].links;
}

static uint32_t host_at(void *context, uint64_t index)
{
	struct kfrag_slab_cache *cache = context;

	return kfrag_slab_id_at(cache->slab, index << cache->params.order);
}

static struct kfrag_slab_host host_of(struct kfrag_slab_cache *cache)
{
	return (struct kfrag_slab_host){
		.links = host_links,
		.at = host_at,
		.context = cache,
	};
}

static struct kfrag_slab_ref ref_of(const struct kfrag_slab_cache *cache,
				    uint32_t id)
{
	const struct kfrag_slab_desc *desc = &cache->slab->descs[id];

	return (struct kfrag_slab_ref){
		.id = id,
		.nr_inuse = desc->nr_inuse,
		.index = desc->pfn >> cache->params.order,
	};
}

enum kfrag_error kfrag_slab_create(struct kfrag_slab **out,
				   struct kfrag_page_source source,
				   uint64_t nr_pages, uint64_t page_size_bytes)
{
	uint64_t nr_chunks = kfrag_div_up(nr_pages, KFRAG_SLAB_MAP_PAGES);
	struct kfrag_slab *slab;

	*out = NULL;
	if (nr_pages == 0 || nr_pages > KFRAG_MAX_PAGES ||
	    !kfrag_is_power_of_two(page_size_bytes) ||
	    page_size_bytes > UINT64_MAX / nr_pages)
		return KFRAG_EINVAL;
	if (nr_chunks > SIZE_MAX / sizeof(*slab->map))
		return KFRAG_ENOMEM;
	slab = calloc(1, sizeof(*slab));
	if (!slab)
		return KFRAG_ENOMEM;
	slab->map = calloc((size_t)nr_chunks, sizeof(*slab->map));
	if (!slab->map) {
		free(slab);
		return KFRAG_ENOMEM;
	}
	slab->source = source;
	slab->nr_pages = nr_pages;
	slab->page_shift = kfrag_log2_floor(page_size_bytes);
	slab->nr_map_chunks = nr_chunks;
	slab->first_unused = KFRAG_SLAB_NONE;
	*out = slab;
	return KFRAG_OK;
}

static void free_words(const struct kfrag_slab_cache *cache,
		       struct kfrag_slab_desc *desc)
{
	if (cache->shape.nr_words > 1)
		free(desc->slots.words);
}

void kfrag_slab_destroy(struct kfrag_slab *slab)
{
	if (!slab)
		return;
	for (uint32_t id = 0; id < slab->nr_descs; id++) {
		struct kfrag_slab_desc *desc = &slab->descs[id];
		struct kfrag_slab_cache *cache;

		if (desc->cache == KFRAG_SLAB_NONE)
			continue;
		cache = slab->caches[desc->cache];
		free_words(cache, desc);
		slab->source.give(slab->source.context, cache->params.order,
				  desc->pfn);
	}
	for (uint32_t i = 0; i < slab->nr_caches; i++) {
		slab->caches[i]->params.policy->destroy(
			slab->caches[i]->partial);
		free(slab->caches[i]);
	}
	for (uint64_t i = 0; i < slab->nr_map_chunks; i++)
		free(slab->map[i]);
	free(slab->caches);
	free(slab->map);
	free(slab->descs);
	free(slab);
}

static bool params_are_valid(const struct kfrag_slab *slab,
			     const struct kfrag_slab_cache_params *params)
{
	uint64_t slots_bytes;

	return params->size_bytes >= 1 && params->objs_per_slab >= 1 &&
	       params->objs_per_slab <= KFRAG_MAX_OBJS_PER_SLAB &&
	       params->order <= KFRAG_MAX_ORDER && params->policy &&
	       kfrag_mul_u64(params->size_bytes, params->objs_per_slab,
			     &slots_bytes) &&
	       kfrag_div_up(slots_bytes, UINT64_C(1) << slab->page_shift) <=
		       UINT64_C(1) << params->order;
}

static bool grow_caches(struct kfrag_slab *slab)
{
	uint32_t capacity = slab->caches_capacity ? slab->caches_capacity * 2 :
						    16;
	struct kfrag_slab_cache **caches;

	if (slab->nr_caches < slab->caches_capacity)
		return true;
	if (slab->nr_caches > UINT32_MAX / 4)
		return false;
	caches = realloc(slab->caches,
			 capacity * sizeof(struct kfrag_slab_cache *));
	if (!caches)
		return false;
	slab->caches = caches;
	slab->caches_capacity = capacity;
	return true;
}

enum kfrag_error
kfrag_slab_cache_create(struct kfrag_slab_cache **out, struct kfrag_slab *slab,
			const struct kfrag_slab_cache_params *params)
{
	struct kfrag_slab_cache *cache;

	*out = NULL;
	if (!params_are_valid(slab, params))
		return KFRAG_EINVAL;
	if (!grow_caches(slab))
		return KFRAG_ENOMEM;
	cache = calloc(1, sizeof(*cache));
	if (!cache)
		return KFRAG_ENOMEM;
	cache->slab = slab;
	cache->params = *params;
	cache->index = slab->nr_caches;
	cache->first_empty = KFRAG_SLAB_NONE;
	kfrag_bitmap_shape_init(&cache->shape, params->objs_per_slab);
	if (params->policy->create(&cache->partial, host_of(cache),
				   params->objs_per_slab)) {
		free(cache);
		return KFRAG_ENOMEM;
	}
	slab->caches[slab->nr_caches++] = cache;
	*out = cache;
	return KFRAG_OK;
}

/* A page of no slab reads 0, so that chunks can start as zeros. */
static void map_slab(struct kfrag_slab *slab, uint64_t pfn, unsigned order,
		     uint32_t id_plus_one)
{
	uint64_t end = pfn + (UINT64_C(1) << order);

	for (; pfn < end; pfn++)
		slab->map[pfn / KFRAG_SLAB_MAP_PAGES]
			 [pfn % KFRAG_SLAB_MAP_PAGES] = id_plus_one;
}

static bool reserve_map(struct kfrag_slab *slab, uint64_t pfn, unsigned order)
{
	uint64_t last =
		(pfn + (UINT64_C(1) << order) - 1) / KFRAG_SLAB_MAP_PAGES;

	for (uint64_t i = pfn / KFRAG_SLAB_MAP_PAGES; i <= last; i++) {
		if (slab->map[i])
			continue;
		slab->map[i] = calloc(KFRAG_SLAB_MAP_PAGES, sizeof(uint32_t));
		if (!slab->map[i])
			return false;
		slab->nr_map_chunks_made++;
	}
	return true;
}

static bool reserve_desc(struct kfrag_slab *slab)
{
	uint32_t capacity = slab->capacity ? slab->capacity * 2 : 256;
	struct kfrag_slab_desc *descs;
	size_t nr_bytes;

	if (slab->first_unused != KFRAG_SLAB_NONE ||
	    slab->nr_descs < slab->capacity)
		return true;
	if (slab->capacity > UINT32_MAX / 4 ||
	    __builtin_mul_overflow(sizeof(*descs), capacity, &nr_bytes))
		return false;
	descs = realloc(slab->descs, nr_bytes);
	if (!descs)
		return false;
	slab->descs = descs;
	slab->capacity = capacity;
	return true;
}

/* After reserve_desc(). */
static uint32_t take_desc(struct kfrag_slab *slab)
{
	uint32_t id = slab->first_unused;

	if (id == KFRAG_SLAB_NONE)
		return slab->nr_descs++;
	slab->first_unused = slab->descs[id].links.next;
	return id;
}

/*
 * Makes a slab of the block at pfn, all slots free, in none of the cache's
 * sets yet. Returns its id; KFRAG_SLAB_NONE, and the block is still the
 * caller's, where the host has no memory.
 */
static uint32_t make_slab(struct kfrag_slab_cache *cache, uint64_t pfn)
{
	struct kfrag_slab *slab = cache->slab;
	unsigned order = cache->params.order;
	struct kfrag_slab_desc desc = { .pfn = pfn, .cache = cache->index };
	struct kfrag_slab_ref ref = { .index = pfn >> order };
	uint32_t id;

	if (!reserve_desc(slab) || !reserve_map(slab, pfn, order) ||
	    cache->params.policy->reserve(cache->partial, &ref))
		return KFRAG_SLAB_NONE;
	if (cache->shape.nr_words > 1) {
		desc.slots.words =
			calloc((size_t)cache->shape.nr_words, sizeof(uint64_t));
		if (!desc.slots.words)
			return KFRAG_SLAB_NONE;
	}
	kfrag_bitmap_set_range(&cache->shape, kfrag_slab_slots(cache, &desc), 0,
			       cache->params.objs_per_slab);
	id = take_desc(slab);
	slab->descs[id] = desc;
	map_slab(slab, pfn, order, id + 1);
	cache->nr_slabs++;
	cache->stats.nr_slabs_made++;
	return id;
}

static void return_slab(struct kfrag_slab_cache *cache, uint32_t id)
{
	struct kfrag_slab *slab = cache->slab;
	struct kfrag_slab_desc *desc = &slab->descs[id];

	map_slab(slab, desc->pfn, cache->params.order, 0);
	free_words(cache, desc);
	slab->source.give(slab->source.context, cache->params.order, desc->pfn);
	*desc = (struct kfrag_slab_desc){
		.cache = KFRAG_SLAB_NONE,
		.links.next = slab->first_unused,
	};
	slab->first_unused = id;
	cache->nr_slabs--;
	cache->stats.nr_slabs_returned++;
}

static bool is_partial(const struct kfrag_slab_cache *cache, uint32_t nr_inuse)
{
	return nr_inuse > 0 && nr_inuse < cache->params.objs_per_slab;
}

/* Takes the slab out of the set that its nr_inuse puts it into. */
static void leave_set(struct kfrag_slab_cache *cache, uint32_t id)
{
	struct kfrag_slab_ref ref = ref_of(cache, id);

	if (ref.nr_inuse == 0) {
		kfrag_slab_list_remove(host_of(cache), &cache->first_empty, id);
		cache->nr_empty--;
	} else if (is_partial(cache, ref.nr_inuse)) {
		cache->params.policy->remove(cache->partial, &ref);
		cache->nr_partial--;
	}
}

/* Puts it there; one empty slab too many goes back to the page source. */
static void enter_set(struct kfrag_slab_cache *cache, uint32_t id)
{
	struct kfrag_slab_ref ref = ref_of(cache, id);

	if (is_partial(cache, ref.nr_inuse)) {
		cache->params.policy->insert(cache->partial, &ref);
		cache->nr_partial++;
	} else if (ref.nr_inuse == 0) {
		if (cache->nr_partial + cache->nr_empty >=
		    cache->params.min_partial_slabs) {
			return_slab(cache, id);
			return;
		}
		kfrag_slab_list_push(host_of(cache), &cache->first_empty, id);
		cache->nr_empty++;
	}
}

static void change_inuse(struct kfrag_slab_cache *cache, uint32_t id,
			 uint32_t nr_inuse)
{
	struct kfrag_slab_desc *desc = &cache->slab->descs[id];
	uint32_t old_inuse = desc->nr_inuse;

	if (is_partial(cache, old_inuse) && is_partial(cache, nr_inuse)) {
		struct kfrag_slab_ref ref;

		desc->nr_inuse = nr_inuse;
		ref = ref_of(cache, id);
		cache->params.policy->update(cache->partial, &ref, old_inuse);
		return;
	}
	leave_set(cache, id);
	desc->nr_inuse = nr_inuse;
	enter_set(cache, id);
}

/* The lowest `count` set bits of word, or all of them. */
static uint64_t lowest_bits(uint64_t word, uint64_t count)
{
	uint64_t rest = word;

	if ((unsigned)__builtin_popcountll(word) <= count)
		return word;
	while (count-- > 0)
		rest &= rest - 1;
	return word ^ rest;
}

/* Allocates the slab's lowest free slots; nr_inuse is the caller's to set. */
static uint32_t take_slots(struct kfrag_slab_cache *cache, uint32_t id,
			   uint64_t nr_objs, uint64_t *addresses)
{
	struct kfrag_slab_desc *desc = &cache->slab->descs[id];
	uint64_t *slots = kfrag_slab_slots(cache, desc);
	uint64_t base = desc->pfn << cache->slab->page_shift;
	uint32_t taken = 0;
	uint64_t slot;

	while (taken < nr_objs &&
	       kfrag_bitmap_first(&cache->shape, slots, &slot)) {
		uint64_t word = slot / 64;
		uint64_t mask = lowest_bits(slots[word], nr_objs - taken);

		kfrag_bitmap_clear_mask(&cache->shape, slots, word, mask);
		for (; mask; mask &= mask - 1, taken++) {
			if (!addresses)
				continue;
			slot = word * 64 + (unsigned)__builtin_ctzll(mask);
			addresses[taken] =
				base + slot * cache->params.size_bytes;
		}
	}
	cache->nr_objs += taken;
	return taken;
}

static uint64_t fill_old_slab(struct kfrag_slab_cache *cache, uint32_t id,
			      uint64_t nr_objs, uint64_t *addresses)
{
	uint32_t taken = take_slots(cache, id, nr_objs, addresses);

	change_inuse(cache, id, cache->slab->descs[id].nr_inuse + taken);
	return taken;
}

/* Fills new slabs from one run of blocks. Returns 0 where there is none. */
static uint64_t fill_new_slabs(struct kfrag_slab_cache *cache, uint64_t nr_objs,
			       uint64_t *addresses)
{
	struct kfrag_slab *slab = cache->slab;
	unsigned order = cache->params.order;
	uint64_t nr_wanted = kfrag_div_up(nr_objs, cache->params.objs_per_slab);
	uint64_t taken = 0, pfn, nr_blocks;

	nr_blocks =
		slab->source.take(slab->source.context, order, nr_wanted, &pfn);
	for (uint64_t i = 0; i < nr_blocks; i++, pfn += UINT64_C(1) << order) {
		uint32_t here, id = KFRAG_SLAB_NONE;

		if (!slab->host_error)
			id = make_slab(cache, pfn);
		if (id == KFRAG_SLAB_NONE) {
			slab->host_error = KFRAG_ENOMEM;
			slab->source.give(slab->source.context, order, pfn);
			continue;
		}
		here = take_slots(cache, id, nr_objs - taken,
				  addresses ? addresses + taken : NULL);
		slab->descs[id].nr_inuse = here;
		enter_set(cache, id);
		taken += here;
	}
	return taken;
}

uint64_t kfrag_slab_alloc_bulk(struct kfrag_slab_cache *cache, uint64_t nr_objs,
			       uint64_t *addresses)
{
	const struct kfrag_slab_policy *policy = cache->params.policy;
	uint64_t taken = 0;

	while (taken < nr_objs) {
		uint64_t *out = addresses ? addresses + taken : NULL;
		uint32_t id = policy->pick(cache->partial);
		uint64_t here;

		if (id == KFRAG_SLAB_NONE)
			id = cache->first_empty;
		if (id != KFRAG_SLAB_NONE)
			here = fill_old_slab(cache, id, nr_objs - taken, out);
		else
			here = fill_new_slabs(cache, nr_objs - taken, out);
		if (here == 0) {
			cache->stats.nr_refusals++;
			break;
		}
		taken += here;
	}
	return taken;
}

bool kfrag_slab_alloc(struct kfrag_slab_cache *cache, uint64_t *address)
{
	*address = 0;
	return kfrag_slab_alloc_bulk(cache, 1, address) == 1;
}

void kfrag_slab_free_mask(struct kfrag_slab *slab, uint32_t id, uint32_t word,
			  uint64_t mask)
{
	struct kfrag_slab_desc *desc = &slab->descs[id];
	struct kfrag_slab_cache *cache = slab->caches[desc->cache];
	uint32_t nr_freed = (unsigned)__builtin_popcountll(mask);

	assert((kfrag_slab_live_mask(slab, id, word) & mask) == mask);
	kfrag_bitmap_set_mask(&cache->shape, kfrag_slab_slots(cache, desc),
			      word, mask);
	cache->nr_objs -= nr_freed;
	change_inuse(cache, id, desc->nr_inuse - nr_freed);
}

/* The slab and slot of an allocated object. */
static enum kfrag_error find_object(const struct kfrag_slab *slab,
				    uint64_t address, uint32_t *id,
				    uint64_t *slot)
{
	const struct kfrag_slab_cache *cache;
	struct kfrag_slab_desc *desc;
	uint64_t pfn = address >> slab->page_shift;
	uint64_t offset;

	if (pfn >= slab->nr_pages)
		return KFRAG_ERANGE;
	*id = kfrag_slab_id_at(slab, pfn);
	if (*id == KFRAG_SLAB_NONE)
		return KFRAG_ERANGE;
	desc = &slab->descs[*id];
	cache = slab->caches[desc->cache];
	offset = address - (desc->pfn << slab->page_shift);
	*slot = offset / cache->params.size_bytes;
	if (offset % cache->params.size_bytes ||
	    *slot >= cache->params.objs_per_slab)
		return KFRAG_EALIGN;
	if (kfrag_bitmap_test(kfrag_slab_slots(cache, desc), *slot))
		return KFRAG_EFREE;
	return KFRAG_OK;
}

enum kfrag_error kfrag_slab_free_checked(struct kfrag_slab *slab,
					 uint64_t address)
{
	enum kfrag_error error;
	uint64_t slot;
	uint32_t id;

	error = find_object(slab, address, &id, &slot);
	if (!error)
		kfrag_slab_free_mask(slab, id, (uint32_t)(slot / 64),
				     UINT64_C(1) << (slot % 64));
	return error;
}

void kfrag_slab_free(struct kfrag_slab *slab, uint64_t address)
{
	enum kfrag_error error = kfrag_slab_free_checked(slab, address);

	assert(error == KFRAG_OK);
	(void)error;
}
