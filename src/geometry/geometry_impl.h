/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_GEOMETRY_GEOMETRY_IMPL_H
#define KFRAG_GEOMETRY_GEOMETRY_IMPL_H

#include "kfrag/geometry.h"

/* kfrag_geometry_of() of the eras of SLUB, and of those of SLAB. */
bool kfrag_geometry_slub(const struct kfrag_world *world,
			 const struct kfrag_object *object,
			 struct kfrag_geometry *geometry);
bool kfrag_geometry_slab(const struct kfrag_world *world,
			 const struct kfrag_object *object,
			 struct kfrag_geometry *geometry);
bool kfrag_geometry_slab_of_order(const struct kfrag_world *world,
				  const struct kfrag_object *object,
				  unsigned order,
				  struct kfrag_geometry *geometry);

#endif
