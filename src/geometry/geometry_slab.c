// SPDX-License-Identifier: MIT
#include "geometry/geometry_impl.h"

bool kfrag_geometry_slab(const struct kfrag_world *world,
			 const struct kfrag_object *object,
			 struct kfrag_geometry *geometry)
{
	(void)world;
	(void)object;
	*geometry = (struct kfrag_geometry){ 0 };
	return false;
}

bool kfrag_geometry_slab_of_order(const struct kfrag_world *world,
				  const struct kfrag_object *object,
				  unsigned order,
				  struct kfrag_geometry *geometry)
{
	(void)order;
	return kfrag_geometry_slab(world, object, geometry);
}
