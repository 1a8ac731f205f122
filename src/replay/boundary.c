// SPDX-License-Identifier: MIT
#include "kfrag/boundary.h"

#include <stdlib.h>

#include "kfrag/arith.h"

/* Half an object is not shaved off for a slab's sake. */
#define SMALLEST_SHARE 2

/* What a size may be, and how it comes from a payload. */
struct steps {
	uint64_t align_bytes; /* sizes are multiples of it */
	uint64_t behind_bytes; /* of a size, behind the payload */
	uint64_t payload_bytes; /* as far as can be known */
};

static struct steps steps_of(const struct kfrag_geometry_fit *fit,
			     const struct kfrag_sysslab_entry *entry,
			     uint64_t size_bytes)
{
	struct steps steps = {
		.align_bytes = fit->world.word_bytes,
		.payload_bytes = size_bytes,
	};

	if (!entry || entry->size_bytes != size_bytes)
		return steps;
	if (entry->align_bytes > steps.align_bytes)
		steps.align_bytes = entry->align_bytes;
	steps.payload_bytes = entry->object_size_bytes;
	/* More than alignment: the free pointer stands behind. */
	if (kfrag_round_up(entry->object_size_bytes, steps.align_bytes) <
	    size_bytes)
		steps.behind_bytes = fit->world.word_bytes;
	return steps;
}

/* Bytes off the payload that make the size so small. */
static uint64_t shaved_bytes(const struct steps *steps, uint64_t size_bytes)
{
	uint64_t payload_bytes = size_bytes - steps->behind_bytes;

	return steps->payload_bytes - payload_bytes;
}

static struct kfrag_slabs slabs_of(const struct kfrag_world *world,
				   uint64_t nr_objs,
				   const struct kfrag_geometry *geometry)
{
	uint64_t nr_slabs = kfrag_div_up(nr_objs, geometry->objs_per_slab);
	struct kfrag_slabs slabs = {
		.order = geometry->order,
		.objs_per_slab = geometry->objs_per_slab,
		.num_slabs = nr_slabs,
	};

	slabs.held_bytes = kfrag_mul_capped(
		nr_slabs, world->page_size_bytes << geometry->order);
	return slabs;
}

int64_t kfrag_boundary_yield(const struct kfrag_boundary *boundary)
{
	int64_t shaved = (int64_t)boundary->shaved_bytes;

	return shaved > 0 ? boundary->won_bytes / shaved : 0;
}

static bool is_same(const struct kfrag_geometry *a,
		    const struct kfrag_geometry *b)
{
	return a->order == b->order && a->objs_per_slab == b->objs_per_slab;
}

static void find_sizes(struct kfrag_boundaries *boundaries,
		       const struct kfrag_geometry_fit *fit,
		       const struct kfrag_geometry_row *row,
		       const struct steps *steps)
{
	uint64_t least_bytes = row->object.size_bytes / SMALLEST_SHARE;
	struct kfrag_geometry last = row->predicted;
	struct kfrag_object object = row->object;
	uint64_t nr_objs = row->record->num_objs;
	unsigned nr_found = 0;

	least_bytes += steps->align_bytes + steps->behind_bytes;
	object.unaligned_bytes = 0;
	/* Today's size may be no multiple, where its alignment is unknown. */
	object.size_bytes =
		kfrag_round_up(object.size_bytes, steps->align_bytes);
	while (nr_found < KFRAG_BOUNDARIES_PER_CACHE &&
	       object.size_bytes > least_bytes) {
		struct kfrag_boundary *found =
			&boundaries->sizes[boundaries->nr_sizes];
		struct kfrag_geometry geometry;

		object.size_bytes -= steps->align_bytes;
		if (!kfrag_geometry_of(&fit->world, &object, &geometry) ||
		    is_same(&geometry, &last))
			continue;
		last = geometry;
		*found = (struct kfrag_boundary){
			.record = row->record,
			.now = slabs_of(&fit->world, nr_objs, &row->predicted),
			.size_bytes = object.size_bytes,
			.shaved_bytes = shaved_bytes(steps, object.size_bytes),
			.then = slabs_of(&fit->world, nr_objs, &geometry),
		};
		found->won_bytes = kfrag_difference_u64(found->now.held_bytes,
							found->then.held_bytes);
		boundaries->nr_sizes++;
		nr_found++;
	}
}

static void find_order(struct kfrag_best_order *found,
		       const struct kfrag_world *world,
		       const struct kfrag_geometry_row *row)
{
	uint64_t nr_objs = row->record->num_objs;
	struct kfrag_geometry geometry;

	*found = (struct kfrag_best_order){
		.record = row->record,
		.now = slabs_of(world, nr_objs, &row->predicted),
	};
	found->best = found->now;
	for (unsigned order = 0; order <= KFRAG_GEOMETRY_MAX_ORDER; order++) {
		struct kfrag_slabs slabs;

		if (!kfrag_geometry_of_order(world, &row->object, order,
					     &geometry))
			continue;
		slabs = slabs_of(world, nr_objs, &geometry);
		if (slabs.held_bytes < found->best.held_bytes ||
		    (slabs.held_bytes == found->best.held_bytes &&
		     order < found->best.order))
			found->best = slabs;
	}
	found->won_bytes = found->now.held_bytes - found->best.held_bytes;
}

static const struct kfrag_sysslab_entry *
entry_of(const struct kfrag_sysslab *sysslab, const struct kfrag_record *record)
{
	if (!sysslab)
		return NULL;
	return kfrag_sysslab_find(sysslab, record->name, record->name_bytes);
}

enum kfrag_error kfrag_boundaries_init(struct kfrag_boundaries *boundaries,
				       const struct kfrag_geometry_fit *fit,
				       const struct kfrag_sysslab *sysslab)
{
	size_t nr_rows = fit->nr_rows ? fit->nr_rows : 1;

	*boundaries = (struct kfrag_boundaries){ 0 };
	boundaries->sizes = calloc(nr_rows, KFRAG_BOUNDARIES_PER_CACHE *
						    sizeof(*boundaries->sizes));
	boundaries->orders = calloc(nr_rows, sizeof(*boundaries->orders));
	if (!boundaries->sizes || !boundaries->orders) {
		kfrag_boundaries_release(boundaries);
		return KFRAG_ENOMEM;
	}
	for (size_t i = 0; i < fit->nr_rows; i++) {
		const struct kfrag_geometry_row *row = &fit->rows[i];
		struct steps steps;

		if (!kfrag_row_is_explained(row->fit)) {
			boundaries->nr_unexplained++;
			continue;
		}
		steps = steps_of(fit, entry_of(sysslab, row->record),
				 row->record->size_bytes);
		find_sizes(boundaries, fit, row, &steps);
		find_order(&boundaries->orders[boundaries->nr_orders++],
			   &fit->world, row);
	}
	return KFRAG_OK;
}

void kfrag_boundaries_release(struct kfrag_boundaries *boundaries)
{
	free(boundaries->sizes);
	free(boundaries->orders);
	*boundaries = (struct kfrag_boundaries){ 0 };
}
