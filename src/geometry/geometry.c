// SPDX-License-Identifier: MIT
#include "kfrag/geometry.h"

#include <string.h>

#include "geometry/geometry_impl.h"
#include "kfrag/arith.h"
#include "kfrag/release.h"

static const struct kfrag_era_range eras[KFRAG_NR_ERAS] = {
	[KFRAG_ERA_SLAB_2_4] = { "slab-2.4", "2.4 and 2.5", false },
	[KFRAG_ERA_SLAB_2_6_0] = { "slab-2.6.0", "2.6.0 to 2.6.7", false },
	[KFRAG_ERA_SLAB_2_6_9] = { "slab-2.6.9", "2.6.8 to 2.6.15", false },
	[KFRAG_ERA_SLAB_2_6_16] = { "slab-2.6.16", "2.6.16 to 3.12", false },
	[KFRAG_ERA_SLAB_3_13] = { "slab-3.13", "3.13 and 3.14", false },
	[KFRAG_ERA_SLAB_3_15] = { "slab-3.15", "3.15 to 4.5", false },
	[KFRAG_ERA_SLAB_4_6] = { "slab-4.6", "4.6 to 6.7", false },
	[KFRAG_ERA_SLUB_2_6_22] = { "slub-2.6.22", "2.6.22 to 2.6.25", true },
	[KFRAG_ERA_SLUB_2_6_26] = { "slub-2.6.26", "2.6.26 to 2.6.29", true },
	[KFRAG_ERA_SLUB_2_6_30] = { "slub-2.6.30", "2.6.30 to 6.6", true },
	[KFRAG_ERA_SLUB_6_7] = { "slub-6.7", "6.7 and later", true },
};

/* The first release of each. */
static const unsigned first_releases[KFRAG_NR_ERAS] = {
	[KFRAG_ERA_SLAB_2_4] = KFRAG_RELEASE(2, 4, 0),
	[KFRAG_ERA_SLAB_2_6_0] = KFRAG_RELEASE(2, 6, 0),
	[KFRAG_ERA_SLAB_2_6_9] = KFRAG_RELEASE(2, 6, 8),
	[KFRAG_ERA_SLAB_2_6_16] = KFRAG_RELEASE(2, 6, 16),
	[KFRAG_ERA_SLAB_3_13] = KFRAG_RELEASE(3, 13, 0),
	[KFRAG_ERA_SLAB_3_15] = KFRAG_RELEASE(3, 15, 0),
	[KFRAG_ERA_SLAB_4_6] = KFRAG_RELEASE(4, 6, 0),
	[KFRAG_ERA_SLUB_2_6_22] = KFRAG_RELEASE(2, 6, 22),
	[KFRAG_ERA_SLUB_2_6_26] = KFRAG_RELEASE(2, 6, 26),
	[KFRAG_ERA_SLUB_2_6_30] = KFRAG_RELEASE(2, 6, 30),
	[KFRAG_ERA_SLUB_6_7] = KFRAG_RELEASE(6, 7, 0),
};
#define LAST_OF_SLAB KFRAG_RELEASE(6, 7, 999)

const struct kfrag_era_range *kfrag_era_range(enum kfrag_era era)
{
	return &eras[era];
}

bool kfrag_era_find(const char *text, enum kfrag_era *era)
{
	*era = 0;
	if (strcmp(text, "slab") == 0)
		text = eras[KFRAG_ERA_SLAB_4_6].name;
	else if (strcmp(text, "slub") == 0)
		text = eras[KFRAG_ERA_SLUB_6_7].name;
	for (int i = 0; i < KFRAG_NR_ERAS; i++) {
		if (strcmp(text, eras[i].name) == 0) {
			*era = (enum kfrag_era)i;
			return true;
		}
	}
	return false;
}

bool kfrag_era_of_release(const char *release, bool is_slub,
			  enum kfrag_era *era)
{
	unsigned number = kfrag_release_parse(release);
	bool found = false;

	*era = 0;
	if (!is_slub && number > LAST_OF_SLAB)
		return false;
	for (int i = 0; i < KFRAG_NR_ERAS; i++) {
		if (eras[i].is_slub == is_slub && first_releases[i] <= number) {
			*era = (enum kfrag_era)i;
			found = true;
		}
	}
	return found;
}

bool kfrag_geometry_of(const struct kfrag_world *world,
		       const struct kfrag_object *object,
		       struct kfrag_geometry *geometry)
{
	if (kfrag_era_range(world->era)->is_slub)
		return kfrag_geometry_slub(world, object, geometry);
	return kfrag_geometry_slab(world, object, geometry);
}

static bool slub_of_order(const struct kfrag_world *world,
			  const struct kfrag_object *object, unsigned order,
			  struct kfrag_geometry *geometry)
{
	uint64_t slab_bytes = world->page_size_bytes << order;
	uint64_t nr_objs = slab_bytes / object->size_bytes;

	*geometry = (struct kfrag_geometry){ 0 };
	if (order > KFRAG_GEOMETRY_MAX_ORDER || nr_objs == 0)
		return false;
	if (nr_objs > KFRAG_GEOMETRY_MAX_OBJS)
		nr_objs = KFRAG_GEOMETRY_MAX_OBJS;
	*geometry = (struct kfrag_geometry){
		.order = order,
		.objs_per_slab = nr_objs,
		.rest_bytes = slab_bytes - nr_objs * object->size_bytes,
	};
	return true;
}

bool kfrag_geometry_of_order(const struct kfrag_world *world,
			     const struct kfrag_object *object, unsigned order,
			     struct kfrag_geometry *geometry)
{
	if (kfrag_era_range(world->era)->is_slub)
		return slub_of_order(world, object, order, geometry);
	return kfrag_geometry_slab_of_order(world, object, order, geometry);
}

unsigned kfrag_geometry_fallback_order(uint64_t size_bytes,
				       uint64_t page_size_bytes)
{
	return kfrag_log2_ceil(kfrag_div_up(size_bytes, page_size_bytes));
}
