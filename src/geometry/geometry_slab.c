// SPDX-License-Identifier: MIT
/*
 * SLAB's choice of an order: kmem_cache_create() of mm/slab.c in 2.4,
 * calculate_slab_order() later. It takes the first order in which no more than
 * an eighth is left over, up to a small one. What makes it hard is that the
 * slab's management, struct slab and a list of indices, is part of the sum: on
 * the slab with small objects, off it with large ones, since 4.6 in a free
 * object where that is large enough.
 */
#include "geometry/geometry_impl.h"
#include "kfrag/arith.h"

#define LARGEST_LOSS 8 /* 1/8 of a slab may be left over */

/* How an era manages its slabs. */
struct rules {
	unsigned slab_bytes[2]; /* sizeof(struct slab), 32 and 64 bits */
	unsigned index_bytes; /* 0: by the world or the page size */
	unsigned default_max_order;
	unsigned off_slab_share; /* off from page / this on */
	bool aligns_to_line; /* the management, not to the objects' own */
};

static const struct rules rules[] = {
	[KFRAG_ERA_SLAB_2_4] = { { 24, 40 }, 4, 2, 8, true },
	[KFRAG_ERA_SLAB_2_6_0] = { { 24, 40 }, 4, 1, 8, true },
	[KFRAG_ERA_SLAB_2_6_9] = { { 24, 40 }, 0, 1, 8, false },
	[KFRAG_ERA_SLAB_2_6_16] = { { 28, 48 }, 4, 1, 8, false },
	[KFRAG_ERA_SLAB_3_13] = { { 0, 0 }, 4, 1, 8, false },
	[KFRAG_ERA_SLAB_3_15] = { { 0, 0 }, 0, 1, 32, false },
	[KFRAG_ERA_SLAB_4_6] = { { 0, 0 }, 0, 1, 0, false },
};

/* SLAB_OBJ_MIN_SIZE: what makes one-byte indices enough for small pages. */
#define MIN_OBJ_BYTES 16

static uint64_t round_up(uint64_t bytes, uint64_t align_bytes)
{
	return (bytes + align_bytes - 1) & ~(align_bytes - 1);
}

static unsigned index_bytes(const struct kfrag_world *world)
{
	const struct rules *era = &rules[world->era];

	if (era->index_bytes)
		return era->index_bytes;
	if (world->era == KFRAG_ERA_SLAB_2_6_9)
		return world->slab_index_bytes ? world->slab_index_bytes : 4;
	return world->page_size_bytes / 256 <= MIN_OBJ_BYTES ? 1 : 2;
}

/* Before 3.15 a slab may hold any number that matters. */
static uint64_t max_objs(const struct kfrag_world *world)
{
	if (world->era < KFRAG_ERA_SLAB_3_15)
		return UINT64_MAX;
	return (UINT64_C(1) << (8 * index_bytes(world))) - 1;
}

static uint64_t slab_bytes(const struct kfrag_world *world)
{
	return rules[world->era].slab_bytes[world->word_bytes > 4];
}

static uint64_t management_bytes(const struct kfrag_world *world,
				 const struct kfrag_object *object,
				 uint64_t nr_objs)
{
	uint64_t align_bytes = object->align_bytes ? object->align_bytes :
						     world->word_bytes;

	if (rules[world->era].aligns_to_line)
		align_bytes = world->cache_line_bytes;
	if (world->era >= KFRAG_ERA_SLAB_4_6)
		align_bytes = 1;
	return round_up(slab_bytes(world) + nr_objs * index_bytes(world),
			align_bytes);
}

/* An estimate of one order: cache_estimate(). Returns false for no object. */
static bool estimate(const struct kfrag_world *world,
		     const struct kfrag_object *object, unsigned order,
		     enum kfrag_management management,
		     struct kfrag_geometry *geometry)
{
	uint64_t bytes = world->page_size_bytes << order;
	uint64_t base_bytes = slab_bytes(world);
	uint64_t nr_objs, used_bytes;

	*geometry = (struct kfrag_geometry){ .order = order,
					     .management = management };
	if (management == KFRAG_MANAGED_ON_SLAB) {
		if (bytes <= base_bytes)
			return false;
		nr_objs = (bytes - base_bytes) /
			  (object->size_bytes + index_bytes(world));
		if (nr_objs > 0 &&
		    nr_objs * object->size_bytes +
				    management_bytes(world, object, nr_objs) >
			    bytes)
			nr_objs--;
		geometry->management_bytes =
			management_bytes(world, object, nr_objs);
	} else {
		nr_objs = bytes / object->size_bytes;
	}
	if (nr_objs == 0) {
		*geometry = (struct kfrag_geometry){ 0 };
		return false;
	}
	used_bytes = nr_objs * object->size_bytes + geometry->management_bytes;
	geometry->objs_per_slab = nr_objs;
	geometry->rest_bytes = bytes - used_bytes;
	return true;
}

/* The kmalloc cache of SLAB for so many bytes; sizes 32, 64, 96, 128, ... */
static uint64_t kmalloc_bytes(uint64_t bytes)
{
	uint64_t power;

	if (bytes <= 32)
		return 32;
	if (bytes > 64 && bytes <= 96)
		return 96;
	if (bytes > 128 && bytes <= 192)
		return 192;
	power = UINT64_C(1) << kfrag_log2_ceil(bytes);
	return power;
}

enum verdict { ACCEPT, PASS_OVER, STOP };

/* Whether the list of indices of a slab can stand elsewhere. */
static enum verdict judge_off_slab(const struct kfrag_world *world,
				   const struct kfrag_object *object,
				   uint64_t nr_objs)
{
	uint64_t list_bytes = nr_objs * index_bytes(world);
	uint64_t size_bytes = object->size_bytes;

	switch (world->era) {
	case KFRAG_ERA_SLAB_4_6:
		return kmalloc_bytes(list_bytes) > size_bytes / 2 ? PASS_OVER :
								    ACCEPT;
	case KFRAG_ERA_SLAB_3_13:
	case KFRAG_ERA_SLAB_3_15:
		return list_bytes > size_bytes ? STOP : ACCEPT;
	default:
		if (size_bytes <= slab_bytes(world))
			return STOP;
		return list_bytes > size_bytes - slab_bytes(world) ? STOP :
								     ACCEPT;
	}
}

static unsigned max_order(const struct kfrag_world *world)
{
	if (!world->slab_max_order.known)
		return rules[world->era].default_max_order;
	return world->slab_max_order.value > KFRAG_GEOMETRY_MAX_ORDER ?
		       KFRAG_GEOMETRY_MAX_ORDER :
		       (unsigned)world->slab_max_order.value;
}

static bool stops_at(const struct kfrag_world *world,
		     const struct kfrag_object *object,
		     const struct kfrag_geometry *geometry)
{
	uint64_t bytes = world->page_size_bytes << geometry->order;

	return (object->traits & KFRAG_TRAIT_RECLAIM) ||
	       geometry->order >= max_order(world) ||
	       geometry->rest_bytes * LARGEST_LOSS <= bytes;
}

/* calculate_slab_order() with management in one place. */
static bool
find_order(const struct kfrag_world *world, const struct kfrag_object *object,
	   enum kfrag_management management, struct kfrag_geometry *geometry)
{
	struct kfrag_geometry next;

	*geometry = (struct kfrag_geometry){ 0 };
	for (unsigned o = 0; o <= KFRAG_GEOMETRY_MAX_ORDER; o++) {
		enum verdict verdict = ACCEPT;

		if (!estimate(world, object, o, management, &next))
			continue;
		if (next.objs_per_slab > max_objs(world))
			break;
		if (management == KFRAG_MANAGED_OFF_SLAB)
			verdict = judge_off_slab(world, object,
						 next.objs_per_slab);
		if (verdict == STOP)
			break;
		if (verdict == PASS_OVER)
			continue;
		*geometry = next;
		if (stops_at(world, object, &next))
			break;
	}
	return geometry->objs_per_slab > 0;
}

/* Until 4.5 the size decides, before it was aligned. */
static bool is_large(const struct kfrag_world *world,
		     const struct kfrag_object *object)
{
	uint64_t size_bytes = object->unaligned_bytes ?
				      object->unaligned_bytes :
				      object->size_bytes;
	uint64_t least_bytes =
		world->page_size_bytes / rules[world->era].off_slab_share;

	/* KMALLOC_MIN_SIZE + 1: the list's own cache must come first. */
	if (world->era == KFRAG_ERA_SLAB_3_15 && least_bytes < 33)
		least_bytes = 33;
	return size_bytes >= least_bytes &&
	       !(object->traits & KFRAG_TRAIT_ON_SLAB);
}

/* Since 4.6: in an object, else off the slab, else on it. */
static bool find_place(const struct kfrag_world *world,
		       const struct kfrag_object *object,
		       struct kfrag_geometry *geometry)
{
	uint64_t payload_bytes = object->unaligned_bytes ?
					 object->unaligned_bytes :
					 object->size_bytes;

	if (!(object->traits & KFRAG_TRAIT_CONSTRUCTED) &&
	    find_order(world, object, KFRAG_MANAGED_IN_OBJECT, geometry) &&
	    geometry->objs_per_slab * index_bytes(world) <= payload_bytes)
		return true;
	if (!(object->traits & KFRAG_TRAIT_ON_SLAB) &&
	    find_order(world, object, KFRAG_MANAGED_OFF_SLAB, geometry) &&
	    geometry->rest_bytes < geometry->objs_per_slab * index_bytes(world))
		return true;
	return find_order(world, object, KFRAG_MANAGED_ON_SLAB, geometry);
}

/* A list that the rest can hold goes back on the slab. */
static void bring_home(const struct kfrag_world *world,
		       const struct kfrag_object *object,
		       struct kfrag_geometry *geometry)
{
	uint64_t bytes =
		management_bytes(world, object, geometry->objs_per_slab);

	if (geometry->management != KFRAG_MANAGED_OFF_SLAB ||
	    geometry->rest_bytes < bytes)
		return;
	geometry->management = KFRAG_MANAGED_ON_SLAB;
	geometry->management_bytes = bytes;
	geometry->rest_bytes -= bytes;
}

/* 2.6.0 to 2.6.15: what can be reclaimed gets single pages. */
static bool takes_one_page(const struct kfrag_world *world,
			   const struct kfrag_object *object)
{
	bool is_early = world->era == KFRAG_ERA_SLAB_2_6_0 ||
			world->era == KFRAG_ERA_SLAB_2_6_9;

	return is_early && (object->traits & KFRAG_TRAIT_RECLAIM) &&
	       object->size_bytes <= world->page_size_bytes;
}

bool kfrag_geometry_slab(const struct kfrag_world *world,
			 const struct kfrag_object *object,
			 struct kfrag_geometry *geometry)
{
	enum kfrag_management management = KFRAG_MANAGED_ON_SLAB;
	struct kfrag_object ordinary = *object;

	*geometry = (struct kfrag_geometry){ 0 };
	if (object->size_bytes > world->page_size_bytes
					 << KFRAG_GEOMETRY_MAX_ORDER)
		return false;
	if (world->era == KFRAG_ERA_SLAB_4_6)
		return find_place(world, object, geometry);
	if (is_large(world, object))
		management = KFRAG_MANAGED_OFF_SLAB;
	if (world->era < KFRAG_ERA_SLAB_2_6_16)
		ordinary.traits &= ~(unsigned)KFRAG_TRAIT_RECLAIM;
	if (takes_one_page(world, object)) {
		if (!estimate(world, object, 0, management, geometry))
			return false;
	} else if (!find_order(world, &ordinary, management, geometry)) {
		return false;
	}
	bring_home(world, object, geometry);
	return true;
}

bool kfrag_geometry_slab_of_order(const struct kfrag_world *world,
				  const struct kfrag_object *object,
				  unsigned order,
				  struct kfrag_geometry *geometry)
{
	enum kfrag_management management = KFRAG_MANAGED_ON_SLAB;
	struct kfrag_geometry chosen;

	*geometry = (struct kfrag_geometry){ 0 };
	if (order > KFRAG_GEOMETRY_MAX_ORDER ||
	    !kfrag_geometry_slab(world, object, &chosen))
		return false;
	if (chosen.management != KFRAG_MANAGED_ON_SLAB ||
	    (world->era != KFRAG_ERA_SLAB_4_6 && is_large(world, object)))
		management = KFRAG_MANAGED_OFF_SLAB;
	if (chosen.management == KFRAG_MANAGED_IN_OBJECT)
		management = KFRAG_MANAGED_IN_OBJECT;
	if (!estimate(world, object, order, management, geometry))
		return false;
	if (geometry->objs_per_slab > max_objs(world)) {
		*geometry = (struct kfrag_geometry){ 0 };
		return false;
	}
	bring_home(world, object, geometry);
	return true;
}
