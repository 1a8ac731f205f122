// SPDX-License-Identifier: MIT
/*
 * SLUB's choice of an order: calculate_order() of mm/slub.c, 2.6.22 to 6.18.
 * Larger slabs lose less at their end and need the page allocator less often,
 * but large blocks are hard to have. So SLUB wants a number of objects in a
 * slab that grows with the CPUs which would queue for it, and then takes the
 * first order up to a limit in which no more than a fraction is left over.
 */
#include "geometry/geometry_impl.h"
#include "kfrag/arith.h"

#define COSTLY_ORDER 3 /* PAGE_ALLOC_COSTLY_ORDER, since 2.6.26 */
#define SMALL_PAGE_BYTES 4096

/* What calculate_order() works with, for one size. */
struct choice {
	uint64_t page_size_bytes;
	uint64_t size_bytes;
	unsigned min_order;
	unsigned max_order;
	uint64_t nr_wanted;
	unsigned first_fraction; /* of the slab that may be lost: 1/n */
};

static uint64_t nr_objs(const struct choice *choice, unsigned order)
{
	return (choice->page_size_bytes << order) / choice->size_bytes;
}

/* The kernel's get_order(). */
static unsigned order_of(const struct choice *choice, uint64_t bytes)
{
	return kfrag_log2_ceil(kfrag_div_up(bytes, choice->page_size_bytes));
}

static unsigned largest(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static bool is_early(const struct kfrag_world *world)
{
	return world->era == KFRAG_ERA_SLUB_2_6_22;
}

static unsigned default_max_order(const struct kfrag_world *world)
{
	if (!is_early(world))
		return COSTLY_ORDER;
	return world->page_size_bytes > SMALL_PAGE_BYTES ? 2 : 1;
}

static uint64_t default_nr_wanted(const struct kfrag_world *world)
{
	if (is_early(world))
		return world->page_size_bytes > SMALL_PAGE_BYTES ? 8 : 4;
	return UINT64_C(4) * (kfrag_log2_floor(world->nr_cpus) + 2);
}

static unsigned clamp_order(struct kfrag_opt order, unsigned otherwise)
{
	if (!order.known)
		return otherwise;
	return order.value > KFRAG_GEOMETRY_MAX_ORDER ?
		       KFRAG_GEOMETRY_MAX_ORDER :
		       (unsigned)order.value;
}

static struct choice choice_of(const struct kfrag_world *world,
			       uint64_t size_bytes)
{
	struct choice choice = {
		.page_size_bytes = world->page_size_bytes,
		.size_bytes = size_bytes,
		.min_order = clamp_order(world->slub_min_order, 0),
		.max_order = clamp_order(world->slub_max_order,
					 default_max_order(world)),
		.nr_wanted = world->slub_min_objects.value,
		.first_fraction = is_early(world) ? 8 : 16,
	};
	uint64_t nr_most;

	/* Since 6.7 one moves the other out of its way. */
	if (world->era == KFRAG_ERA_SLUB_6_7)
		choice.max_order = largest(choice.max_order, choice.min_order);
	nr_most = nr_objs(&choice, choice.max_order);
	if (choice.nr_wanted == 0)
		choice.nr_wanted = default_nr_wanted(world);
	if (choice.nr_wanted > nr_most && world->era >= KFRAG_ERA_SLUB_2_6_30)
		choice.nr_wanted = nr_most;
	return choice;
}

/* The first order in which nr objects fit and 1/fraction at most is lost. */
static bool find_order(const struct choice *choice, uint64_t nr,
		       unsigned fraction, unsigned *order)
{
	unsigned o = largest(choice->min_order,
			     order_of(choice, nr * choice->size_bytes));

	for (; o <= choice->max_order; o++) {
		uint64_t slab_bytes = choice->page_size_bytes << o;

		if (slab_bytes % choice->size_bytes <= slab_bytes / fraction) {
			*order = o;
			return true;
		}
	}
	return false;
}

static bool find_fraction(const struct choice *choice, uint64_t nr,
			  unsigned last_fraction, unsigned *order)
{
	for (unsigned f = choice->first_fraction; f >= last_fraction; f /= 2)
		if (find_order(choice, nr, f, order))
			return true;
	return false;
}

/* Until 6.6: rather fewer objects than a lot of loss. */
static unsigned choose_with_fewer(const struct kfrag_world *world,
				  const struct choice *choice)
{
	bool halves = world->era < KFRAG_ERA_SLUB_2_6_30;
	uint64_t nr = choice->nr_wanted;
	unsigned order;

	/* What no slab holds is not to be found; the product might wrap. */
	while (halves && nr > nr_objs(choice, KFRAG_GEOMETRY_MAX_ORDER))
		nr /= 2;
	while (nr > 1) {
		if (find_fraction(choice, nr, 4, &order))
			return order;
		nr = halves ? nr / 2 : nr - 1;
	}
	return largest(choice->min_order, order_of(choice, choice->size_bytes));
}

/* Since 6.7: rather a lot of loss than fewer objects. */
static unsigned choose_with_loss(const struct choice *choice)
{
	uint64_t nr = choice->nr_wanted ? choice->nr_wanted : 1;
	unsigned order;

	if (find_fraction(choice, nr, 2, &order))
		return order;
	return order_of(choice, choice->size_bytes);
}

/* Objects of a slab are counted in 15 bits. */
static bool is_beyond_count(const struct kfrag_world *world,
			    const struct choice *choice, unsigned *order)
{
	uint64_t most_bytes = choice->size_bytes * KFRAG_GEOMETRY_MAX_OBJS;
	unsigned least = choice->min_order;

	if (world->era == KFRAG_ERA_SLUB_6_7 && choice->nr_wanted > 0)
		least = largest(least,
				order_of(choice, choice->nr_wanted *
							 choice->size_bytes));
	if (nr_objs(choice, least) <= KFRAG_GEOMETRY_MAX_OBJS)
		return false;
	*order = order_of(choice, most_bytes);
	*order -= *order > 0;
	return true;
}

bool kfrag_geometry_slub(const struct kfrag_world *world,
			 const struct kfrag_object *object,
			 struct kfrag_geometry *geometry)
{
	struct choice choice;
	unsigned order;

	*geometry = (struct kfrag_geometry){ 0 };
	if (object->size_bytes > world->page_size_bytes
					 << KFRAG_GEOMETRY_MAX_ORDER)
		return false;
	choice = choice_of(world, object->size_bytes);
	if (!is_beyond_count(world, &choice, &order))
		order = world->era == KFRAG_ERA_SLUB_6_7 ?
				choose_with_loss(&choice) :
				choose_with_fewer(world, &choice);
	return kfrag_geometry_of_order(world, object, order, geometry);
}
