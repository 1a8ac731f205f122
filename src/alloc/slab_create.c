// SPDX-License-Identifier: MIT
/* How slab allocators and their caches come into being and go. */
#include <stdlib.h>

#include "alloc/slab_impl.h"
#include "kfrag/arith.h"

enum kfrag_error kfrag_slab_create(struct kfrag_slab **out,
				   struct kfrag_page_source source,
				   uint64_t nr_pages, uint64_t page_size_bytes)
{
	uint64_t nr_regions = kfrag_div_up(nr_pages, KFRAG_SLAB_REGION_PAGES);
	struct kfrag_slab *slab;

	*out = NULL;
	if (nr_pages == 0 || nr_pages > KFRAG_MAX_PAGES ||
	    !kfrag_is_power_of_two(page_size_bytes) ||
	    page_size_bytes > UINT64_MAX / nr_pages)
		return KFRAG_EINVAL;
	if (nr_regions > SIZE_MAX / sizeof(struct kfrag_slab_region *))
		return KFRAG_ENOMEM;
	slab = calloc(1, sizeof(*slab));
	if (!slab)
		return KFRAG_ENOMEM;
	slab->regions =
		calloc((size_t)nr_regions, sizeof(struct kfrag_slab_region *));
	if (!slab->regions) {
		free(slab);
		return KFRAG_ENOMEM;
	}
	slab->source = source;
	slab->nr_pages = nr_pages;
	slab->page_shift = kfrag_log2_floor(page_size_bytes);
	slab->nr_regions = nr_regions;
	*out = slab;
	return KFRAG_OK;
}

void kfrag_slab_destroy(struct kfrag_slab *slab)
{
	struct kfrag_slab_view view = { 0 };

	if (!slab)
		return;
	while (kfrag_slab_next(slab, view.pfn, &view)) {
		kfrag_slab_table_remove(slab, view.cache, view.pfn);
		kfrag_slab_give_block(view.cache, view.pfn);
	}
	kfrag_slab_discard(slab);
}

/* Of the slabs that start in this region. */
static void free_wide_maps(const struct kfrag_slab *slab, uint64_t number)
{
	uint64_t first = number << KFRAG_SLAB_REGION_SHIFT, size;

	for (uint64_t pfn = kfrag_slab_next_used(slab, first);
	     pfn < slab->nr_pages && pfn >> KFRAG_SLAB_REGION_SHIFT == number;
	     pfn = kfrag_slab_next_used(slab, (pfn & ~(size - 1)) + size)) {
		const struct kfrag_slab_cache *cache =
			kfrag_slab_owner(slab, pfn);

		size = UINT64_C(1) << cache->params.order;
		if (cache->is_wide && (pfn & (size - 1)) == 0)
			free(kfrag_slab_wide_map(
				kfrag_slab_place_of(slab, pfn)));
	}
}

static bool may_have_wide_maps(const struct kfrag_slab *slab, uint64_t number)
{
	const struct kfrag_slab_region *region = slab->regions[number];

	return region &&
	       (region->owners || slab->caches[region->owner]->is_wide);
}

void kfrag_slab_discard(struct kfrag_slab *slab)
{
	if (!slab)
		return;
	for (uint64_t i = 0; i < slab->nr_regions; i++)
		if (may_have_wide_maps(slab, i))
			free_wide_maps(slab, i);
	for (uint32_t i = 0; i < slab->nr_caches; i++) {
		slab->caches[i]->params.policy->destroy(
			slab->caches[i]->partial);
		free(slab->caches[i]);
	}
	kfrag_slab_table_release(slab);
	free(slab->caches);
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
	cache->pick = KFRAG_SLAB_NONE;
	cache->first_empty = KFRAG_SLAB_NONE;
	cache->is_wide = params->objs_per_slab > 64;
	cache->offset_mask =
		(UINT64_C(1) << slab->page_shift << params->order) - 1;
	cache->uses_links = params->policy->uses_links ||
			    params->min_partial_slabs > 0;
	if (!cache->is_wide)
		cache->all_free = UINT64_MAX >> (64 - params->objs_per_slab);
	if (!params->policy->update)
		cache->quick_slots = cache->all_free;
	kfrag_bitmap_shape_init(&cache->shape, params->objs_per_slab);
	if (params->policy->create(&cache->partial,
				   kfrag_slab_host_of(cache))) {
		free(cache);
		return KFRAG_ENOMEM;
	}
	slab->caches[slab->nr_caches++] = cache;
	*out = cache;
	return KFRAG_OK;
}
