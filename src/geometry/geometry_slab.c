// SPDX-License-Identifier: MIT
/*
 * SLAB's choice of an order: kmem_cache_create() of mm/slab.c until 2.6.15,
 * calculate_slab_order() from 2.6.16 to 6.7. From the first order up it asks
 * how many objects fit beside what manages them, and is content when no more
 * than an eighth is left over, or the order is as large as it may be.
 *
 * Two limits of the kernel's are not here because no cache reaches them: how
 * many objects a slab managed elsewhere may have (a slab is taken before it
 * holds a tenth of that), and the 65533 of a 2-byte index before 3.13.
 */
#include "geometry/geometry_impl.h"
#include "geometry/slab_rules.h"
#include "kfrag/arith.h"

/* A cache while its slabs are being sized. */
struct cache {
	struct kfrag_slab_rules rules;
	enum kfrag_management management;
	uint64_t page_size_bytes;
	uint64_t size_bytes;
	uint64_t asked_bytes; /* the size before alignment */
	unsigned first_order;
	unsigned last_order; /* beyond it there is no slab */
	unsigned enough_order; /* beyond it only where nothing fitted */
	bool takes_first; /* whatever is left over */
};

static uint64_t list_bytes(const struct cache *cache, uint64_t nr_objs)
{
	return kfrag_round_up(cache->rules.head_bytes +
				      nr_objs * cache->rules.index_bytes,
			      cache->rules.list_align_bytes);
}

static bool fits(const struct cache *cache, uint64_t nr_objs,
		 uint64_t slab_bytes)
{
	return nr_objs * cache->size_bytes + list_bytes(cache, nr_objs) <=
	       slab_bytes;
}

static uint64_t most_objs(const struct cache *cache, uint64_t slab_bytes)
{
	uint64_t nr_objs;

	if (cache->management != KFRAG_MANAGED_ON_SLAB)
		return slab_bytes / cache->size_bytes;
	if (slab_bytes < cache->rules.head_bytes)
		return 0;
	nr_objs = (slab_bytes - cache->rules.head_bytes) /
		  (cache->size_bytes + cache->rules.index_bytes);
	while (nr_objs > 0 && !fits(cache, nr_objs, slab_bytes))
		nr_objs--;
	return nr_objs;
}

static struct kfrag_geometry slab_of(const struct cache *cache, unsigned order)
{
	uint64_t slab_bytes = cache->page_size_bytes << order;
	struct kfrag_geometry slab = { .order = order,
				       .management = cache->management };

	slab.objs_per_slab = most_objs(cache, slab_bytes);
	if (cache->management == KFRAG_MANAGED_ON_SLAB)
		slab.management_bytes = list_bytes(cache, slab.objs_per_slab);
	slab.rest_bytes = slab_bytes - slab.objs_per_slab * cache->size_bytes -
			  slab.management_bytes;
	return slab;
}

static bool is_list_worth_it(const struct cache *cache, uint64_t nr_objs)
{
	uint64_t bytes;

	if (!cache->rules.tries_in_object ||
	    cache->management != KFRAG_MANAGED_OFF_SLAB)
		return true;
	bytes = kfrag_slab_list_cache_bytes(&cache->rules,
					    nr_objs * cache->rules.index_bytes);
	return bytes <= cache->asked_bytes / 2;
}

/* calculate_slab_order() */
static bool find_order(const struct cache *cache,
		       struct kfrag_geometry *geometry)
{
	*geometry = (struct kfrag_geometry){ 0 };
	for (unsigned o = cache->first_order; o <= cache->last_order; o++) {
		struct kfrag_geometry slab = slab_of(cache, o);

		if (slab.objs_per_slab == 0)
			continue;
		if (slab.objs_per_slab > cache->rules.most_objs)
			break;
		if (!is_list_worth_it(cache, slab.objs_per_slab))
			continue;
		*geometry = slab;
		if (cache->takes_first || o >= cache->enough_order ||
		    slab.rest_bytes * 8 <= cache->page_size_bytes << o)
			break;
	}
	return geometry->objs_per_slab > 0;
}

/* What is managed elsewhere moves in where it costs no object. */
static void move_in(const struct cache *cache, struct kfrag_geometry *geometry)
{
	uint64_t bytes = list_bytes(cache, geometry->objs_per_slab);

	if (geometry->rest_bytes < bytes)
		return;
	geometry->management = KFRAG_MANAGED_ON_SLAB;
	geometry->management_bytes = bytes;
	geometry->rest_bytes -= bytes;
}

/* Until 4.5: the size alone says where the list is. */
static bool choose_by_size(struct cache *cache, unsigned traits,
			   struct kfrag_geometry *geometry)
{
	bool is_large = cache->asked_bytes >= cache->rules.off_slab_bytes;

	if (!is_large || (traits & KFRAG_TRAIT_ON_SLAB) != 0) {
		cache->management = KFRAG_MANAGED_ON_SLAB;
		return find_order(cache, geometry);
	}
	cache->management = KFRAG_MANAGED_OFF_SLAB;
	if (!find_order(cache, geometry))
		return false;
	move_in(cache, geometry);
	return true;
}

/* Since 4.6: in a free object if it can be, elsewhere if that gains. */
static bool choose_by_trial(struct cache *cache, unsigned traits,
			    struct kfrag_geometry *geometry)
{
	uint64_t index_bytes = cache->rules.index_bytes;

	cache->management = KFRAG_MANAGED_IN_OBJECT;
	if ((traits & KFRAG_TRAIT_CONSTRUCTED) == 0 &&
	    find_order(cache, geometry) &&
	    geometry->objs_per_slab * index_bytes <= cache->asked_bytes)
		return true;
	cache->management = KFRAG_MANAGED_OFF_SLAB;
	if ((traits & KFRAG_TRAIT_ON_SLAB) == 0 &&
	    find_order(cache, geometry) &&
	    geometry->rest_bytes < geometry->objs_per_slab * index_bytes)
		return true;
	cache->management = KFRAG_MANAGED_ON_SLAB;
	return find_order(cache, geometry);
}

static bool choose(const struct kfrag_world *world,
		   const struct kfrag_object *object, struct cache *cache,
		   struct kfrag_geometry *geometry)
{
	bool is_reclaimed = (object->traits & KFRAG_TRAIT_RECLAIM) != 0;

	*geometry = (struct kfrag_geometry){ 0 };
	cache->page_size_bytes = world->page_size_bytes;
	cache->size_bytes = object->size_bytes;
	cache->asked_bytes = object->unaligned_bytes != 0 ?
				     object->unaligned_bytes :
				     object->size_bytes;
	if (object->size_bytes > world->page_size_bytes
					 << cache->rules.last_order)
		return false;
	cache->takes_first = is_reclaimed &&
			     object->size_bytes <= cache->rules.reclaim_bytes;
	return cache->rules.tries_in_object ?
		       choose_by_trial(cache, object->traits, geometry) :
		       choose_by_size(cache, object->traits, geometry);
}

bool kfrag_geometry_slab(const struct kfrag_world *world,
			 const struct kfrag_object *object,
			 struct kfrag_geometry *geometry)
{
	struct cache cache = {
		.rules = kfrag_slab_rules(world, object->align_bytes),
	};

	cache.last_order = cache.rules.last_order;
	cache.enough_order = cache.rules.enough_order;
	return choose(world, object, &cache, geometry);
}

bool kfrag_geometry_slab_of_order(const struct kfrag_world *world,
				  const struct kfrag_object *object,
				  unsigned order,
				  struct kfrag_geometry *geometry)
{
	struct cache cache = {
		.rules = kfrag_slab_rules(world, object->align_bytes),
		.first_order = order,
		.last_order = order,
	};

	*geometry = (struct kfrag_geometry){ 0 };
	if (order > cache.rules.last_order)
		return false;
	return choose(world, object, &cache, geometry);
}
