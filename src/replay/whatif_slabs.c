// SPDX-License-Identifier: MIT
/*
 * From what the kernel would choose for an object to the figures of a record.
 */
#include "kfrag/arith.h"
#include "replay/whatif_impl.h"

/* No more can be active than there are, whatever the file says. */
static void limit_active(struct kfrag_record *record)
{
	if (record->active_objs > record->num_objs)
		record->active_objs = record->num_objs;
}

/* The slots that there were, N, need ceil(N / O) slabs, and fill them. */
enum kfrag_error kfrag_whatif_set_slots(struct kfrag_record *record,
					uint64_t nr_slots)
{
	uint64_t objs_per_slab = record->objs_per_slab;
	uint64_t nr_slabs = kfrag_div_up(nr_slots, objs_per_slab);
	uint64_t nr_active = nr_slabs;

	if (!kfrag_mul_u64(nr_slabs, objs_per_slab, &record->num_objs))
		return KFRAG_EOVERFLOW;
	/* SLAB keeps empty slabs apart; SLUB counts all as active. */
	if (record->active_slabs < record->num_slabs)
		nr_active = kfrag_mul_div(nr_slabs, record->active_slabs,
					  record->num_slabs);
	record->num_slabs = nr_slabs;
	record->active_slabs = nr_active;
	return KFRAG_OK;
}

bool kfrag_whatif_is_explained(const struct kfrag_whatif_run *run,
			       const struct kfrag_whatif_cache *cache)
{
	const struct kfrag_record *record = cache->before;
	struct kfrag_geometry geometry;

	if (!kfrag_geometry_of(&run->fit->world, &cache->old_object,
			       &geometry) ||
	    geometry.order != kfrag_log2_ceil(record->pages_per_slab))
		return false;
	return geometry.objs_per_slab == record->objs_per_slab ||
	       (record->objs_per_slab == 0 && record->num_slabs == 0);
}

/*
 * Slabs that nothing explains: as they are, of other objects as many as fit.
 * Under other pages the least that hold as many bytes.
 */
static bool keep_slabs(struct kfrag_whatif_run *run,
		       const struct kfrag_whatif_cache *cache,
		       struct kfrag_geometry *geometry)
{
	const struct kfrag_record *record = cache->before;
	uint64_t old_page_bytes = run->fit->world.page_size_bytes;
	uint64_t page_bytes = run->result->world.page_size_bytes;
	unsigned old_order = kfrag_log2_ceil(record->pages_per_slab);
	unsigned order = old_order;
	bool is_same = cache->new_object.size_bytes == record->size_bytes;

	kfrag_whatif_add_note(run,
			      is_same ? KFRAG_WHATIF_UNPREDICTED :
					KFRAG_WHATIF_ORDER_KEPT,
			      record, NULL);
	if (old_order < 40)
		order = kfrag_geometry_fallback_order(
			old_page_bytes << old_order, page_bytes);
	if (!is_same || record->objs_per_slab == 0)
		return kfrag_geometry_of_order(&run->result->world,
					       &cache->new_object, order,
					       geometry);
	*geometry = (struct kfrag_geometry){
		.order = order,
		.objs_per_slab = record->objs_per_slab,
	};
	return true;
}

static bool find_slabs(struct kfrag_whatif_run *run,
		       const struct kfrag_whatif_cache *cache,
		       struct kfrag_geometry *geometry)
{
	const struct kfrag_whatif *whatif = run->whatif;

	if (whatif->slab_order.known &&
	    kfrag_whatif_is_chosen(run, cache->index))
		return kfrag_geometry_of_order(
			&run->result->world, &cache->new_object,
			(unsigned)whatif->slab_order.value, geometry);
	if (kfrag_whatif_is_explained(run, cache))
		return kfrag_geometry_of(&run->result->world,
					 &cache->new_object, geometry);
	return keep_slabs(run, cache, geometry);
}

/* What slabinfo says of an object or its slabs, unless it is the same. */
static enum kfrag_error take_slabs(struct kfrag_record *record,
				   uint64_t size_bytes,
				   const struct kfrag_geometry *geometry)
{
	if (record->size_bytes == size_bytes &&
	    record->objs_per_slab == geometry->objs_per_slab &&
	    kfrag_log2_ceil(record->pages_per_slab) == geometry->order)
		return KFRAG_OK;
	limit_active(record);
	record->size_bytes = size_bytes;
	record->objs_per_slab = geometry->objs_per_slab;
	record->pages_per_slab = UINT64_C(1) << geometry->order;
	return kfrag_whatif_set_slots(record, record->num_objs);
}

enum kfrag_error
kfrag_whatif_change_slabs(struct kfrag_whatif_run *run,
			  const struct kfrag_whatif_cache *cache)
{
	const struct kfrag_whatif *whatif = run->whatif;
	bool is_ordered = whatif->slab_order.known &&
			  kfrag_whatif_is_chosen(run, cache->index);
	struct kfrag_geometry geometry;

	if (!run->world_changes && !is_ordered &&
	    cache->new_object.size_bytes == cache->before->size_bytes)
		return KFRAG_OK;
	if (find_slabs(run, cache, &geometry))
		return take_slabs(cache->after, cache->new_object.size_bytes,
				  &geometry);
	kfrag_whatif_add_note(run, KFRAG_WHATIF_TOO_LARGE, cache->before, NULL);
	return KFRAG_OK;
}

/* ------------------------------------------------------------ population */

/* Rounded up: nobody has half an object. */
static bool multiply(uint64_t *count, uint64_t numerator, uint64_t denominator)
{
	uint64_t high, low, product;

	kfrag_mul_wide(*count, numerator, &high, &low);
	if (high >= denominator)
		return false;
	product = kfrag_mul_div(*count, numerator, denominator);
	/* The remainder, of which the low 64 bits are all of it. */
	if (low - product * denominator != 0 &&
	    !kfrag_add_u64(product, 1, &product))
		return false;
	*count = product;
	return true;
}

static enum kfrag_error breed(struct kfrag_record *record,
			      const struct kfrag_whatif *whatif)
{
	uint64_t numerator = whatif->population_numerator;
	uint64_t denominator = whatif->population_denominator;
	uint64_t nr_slots = record->num_objs;

	if (numerator == denominator)
		return KFRAG_OK;
	limit_active(record);
	if (!multiply(&nr_slots, numerator, denominator) ||
	    !multiply(&record->active_objs, numerator, denominator))
		return KFRAG_EOVERFLOW;
	if (record->objs_per_slab > 0)
		return kfrag_whatif_set_slots(record, nr_slots);
	/* Slabs of which nothing is known but their number. */
	record->num_objs = nr_slots;
	if (!multiply(&record->num_slabs, numerator, denominator) ||
	    !multiply(&record->active_slabs, numerator, denominator))
		return KFRAG_EOVERFLOW;
	return KFRAG_OK;
}

/* The active objects, moved together. */
static enum kfrag_error pack(struct kfrag_record *record)
{
	uint64_t objs_per_slab = record->objs_per_slab;
	uint64_t nr_slots = record->active_objs;
	uint64_t nr_slabs;

	if (objs_per_slab == 0)
		return KFRAG_OK;
	if (nr_slots > record->num_objs)
		nr_slots = record->num_objs;
	nr_slabs = kfrag_div_up(nr_slots, objs_per_slab);
	if (nr_slabs >= record->num_slabs)
		return KFRAG_OK;
	record->num_slabs = nr_slabs;
	if (record->active_slabs > nr_slabs)
		record->active_slabs = nr_slabs;
	return kfrag_mul_u64(nr_slabs, objs_per_slab, &record->num_objs) ?
		       KFRAG_OK :
		       KFRAG_EOVERFLOW;
}

enum kfrag_error kfrag_whatif_populate(const struct kfrag_whatif_run *run,
				       struct kfrag_record *record)
{
	enum kfrag_error error = breed(record, run->whatif);

	if (!error && run->whatif->shrinks)
		error = pack(record);
	return error;
}
