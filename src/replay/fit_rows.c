// SPDX-License-Identifier: MIT
#include "replay/fit_rows.h"

#include <stdlib.h>

#include "kfrag/arith.h"

/* Objects are aligned to a cache line at most, but for a few by hand. */
#define MAX_ALIGN_BYTES 256

/* Of slabs 1 in 50 may be edited by hand. */
#define ODD_ROWS_IN 50

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_rows(const void *a, const void *b)
{
	const struct kfrag_fit_row *x = a, *y = b;
	int order = compare_u64(x->size_bytes, y->size_bytes);

	if (order == 0)
		order = compare_u64(x->objs_per_slab, y->objs_per_slab);
	if (order == 0)
		order = compare_u64(x->pages_per_slab, y->pages_per_slab);
	return order;
}

/* Sorts, and counts what is there more than once. */
static void gather(struct kfrag_fit_rows *rows)
{
	size_t nr_kept = 0;

	if (rows->nr_rows == 0)
		return;
	qsort(rows->rows, rows->nr_rows, sizeof(*rows->rows), compare_rows);
	for (size_t i = 1; i < rows->nr_rows; i++) {
		struct kfrag_fit_row *last = &rows->rows[nr_kept];

		if (compare_rows(last, &rows->rows[i]) == 0)
			last->nr_rows++;
		else
			rows->rows[++nr_kept] = rows->rows[i];
	}
	rows->nr_rows = nr_kept + 1;
}

enum kfrag_error kfrag_fit_rows_init(struct kfrag_fit_rows *rows,
				     const struct kfrag_snapshot *snapshot)
{
	uint64_t nr_odd = 0;

	*rows = (struct kfrag_fit_rows){ 0 };
	rows->rows = calloc(snapshot->nr_records + 1, sizeof(*rows->rows));
	if (rows->rows == NULL)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < snapshot->nr_records; i++) {
		const struct kfrag_record *record = &snapshot->records[i];

		nr_odd += record->size_bytes % 8 == 4;
		if (record->objs_per_slab == 0)
			continue;
		rows->rows[rows->nr_rows++] = (struct kfrag_fit_row){
			.size_bytes = record->size_bytes,
			.objs_per_slab = record->objs_per_slab,
			.pages_per_slab = record->pages_per_slab,
			.nr_rows = 1,
		};
	}
	rows->nr_all = rows->nr_rows;
	rows->has_odd_words = nr_odd * ODD_ROWS_IN > snapshot->nr_records;
	gather(rows);
	return KFRAG_OK;
}

void kfrag_fit_rows_release(struct kfrag_fit_rows *rows)
{
	free(rows->rows);
	*rows = (struct kfrag_fit_rows){ 0 };
}

static bool is_row(const struct kfrag_fit_row *row,
		   const struct kfrag_geometry *geometry)
{
	return geometry->objs_per_slab == row->objs_per_slab &&
	       UINT64_C(1) << geometry->order == row->pages_per_slab;
}

static bool
gives(const struct kfrag_world *world, const struct kfrag_fit_row *row,
      const struct kfrag_object *object, struct kfrag_geometry *geometry)
{
	return kfrag_geometry_of(world, object, geometry) &&
	       is_row(row, geometry);
}

/* The largest alignment that a size shows. */
static uint64_t max_align_bytes(uint64_t size_bytes)
{
	uint64_t align = size_bytes & (0 - size_bytes);

	return align < MAX_ALIGN_BYTES ? align : MAX_ALIGN_BYTES;
}

/* Whether it takes the object to know what its list is aligned to. */
static bool is_align_seen(const struct kfrag_world *world)
{
	return world->era >= KFRAG_ERA_SLAB_2_6_9 &&
	       world->era <= KFRAG_ERA_SLAB_3_15;
}

/* With the object's traits, and any alignment that its size allows. */
static bool
gives_aligned(const struct kfrag_world *world, const struct kfrag_fit_row *row,
	      struct kfrag_object *object, struct kfrag_geometry *geometry)
{
	uint64_t max_bytes = max_align_bytes(row->size_bytes);

	object->align_bytes = 0;
	if (gives(world, row, object, geometry))
		return true;
	if (!is_align_seen(world))
		return false;
	for (uint64_t align = 2 * world->word_bytes; align <= max_bytes;
	     align *= 2) {
		object->align_bytes = align;
		if (gives(world, row, object, geometry))
			return true;
	}
	return false;
}

/*
 * With the smallest size that an alignment rounds up to the row's: where a
 * larger one makes a difference, so does that. Cache lines are halved for
 * objects that fit into half of one.
 */
static bool gives_unaligned(const struct kfrag_world *world,
			    const struct kfrag_fit_row *row,
			    struct kfrag_object *object,
			    struct kfrag_geometry *geometry)
{
	uint64_t max_bytes = max_align_bytes(row->size_bytes);

	for (uint64_t align = 2 * world->word_bytes; align <= max_bytes;
	     align *= 2) {
		uint64_t unaligned =
			row->size_bytes - align + world->word_bytes;

		if (unaligned <= align / 2)
			unaligned = align / 2 + world->word_bytes;
		object->align_bytes = align;
		object->unaligned_bytes = unaligned;
		if (gives(world, row, object, geometry))
			return true;
	}
	object->unaligned_bytes = 0;
	return false;
}

static const unsigned traits[] = {
	KFRAG_TRAIT_RECLAIM,
	KFRAG_TRAIT_CONSTRUCTED,
	KFRAG_TRAIT_ON_SLAB,
	KFRAG_TRAIT_RECLAIM | KFRAG_TRAIT_CONSTRUCTED,
	KFRAG_TRAIT_RECLAIM | KFRAG_TRAIT_ON_SLAB,
	KFRAG_TRAIT_CONSTRUCTED | KFRAG_TRAIT_ON_SLAB,
};
#define NR_TRAITS (sizeof(traits) / sizeof(traits[0]))

static bool
gives_trait(const struct kfrag_world *world, const struct kfrag_fit_row *row,
	    struct kfrag_object *object, struct kfrag_geometry *geometry)
{
	for (size_t i = 0; i < NR_TRAITS; i++) {
		object->traits = traits[i];
		if (gives_aligned(world, row, object, geometry))
			return true;
	}
	object->traits = 0;
	return false;
}

/* Whether slabs of the row's order hold as many as it says. */
static bool is_other_order(const struct kfrag_world *world,
			   const struct kfrag_fit_row *row)
{
	struct kfrag_object object = { .size_bytes = row->size_bytes };
	struct kfrag_geometry geometry;
	unsigned order;

	if (!kfrag_is_power_of_two(row->pages_per_slab))
		return false;
	order = kfrag_log2_floor(row->pages_per_slab);
	for (size_t i = 0; i <= NR_TRAITS; i++) {
		object.traits = i == 0 ? 0 : traits[i - 1];
		if (kfrag_geometry_of_order(world, &object, order, &geometry) &&
		    is_row(row, &geometry))
			return true;
	}
	return false;
}

/* Why no object gives the row. */
static enum kfrag_row_fit blame(const struct kfrag_world *world,
				const struct kfrag_fit_row *row)
{
	uint64_t objs_bytes, slab_bytes;

	if (row->objs_per_slab == 0)
		return KFRAG_ROW_UNKNOWN;
	if (!kfrag_mul_u64(row->pages_per_slab, world->page_size_bytes,
			   &slab_bytes))
		return KFRAG_ROW_STRANGE;
	if (!kfrag_mul_u64(row->objs_per_slab, row->size_bytes, &objs_bytes) ||
	    objs_bytes > slab_bytes)
		return KFRAG_ROW_CONTRADICTS;
	return is_other_order(world, row) ? KFRAG_ROW_OTHER_ORDER :
					    KFRAG_ROW_STRANGE;
}

/* KFRAG_NR_ROW_FITS: nothing explains it. */
static enum kfrag_row_fit
find_object(const struct kfrag_world *world, const struct kfrag_fit_row *row,
	    struct kfrag_object *object, struct kfrag_geometry *geometry)
{
	*object = (struct kfrag_object){ .size_bytes = row->size_bytes };
	if (gives_aligned(world, row, object, geometry))
		return KFRAG_ROW_FITS;
	if (kfrag_era_range(world->era)->is_slub)
		return KFRAG_NR_ROW_FITS;
	if (gives_unaligned(world, row, object, geometry))
		return KFRAG_ROW_FITS_UNALIGNED;
	if (gives_trait(world, row, object, geometry))
		return KFRAG_ROW_FITS_TRAIT;
	return KFRAG_NR_ROW_FITS;
}

enum kfrag_row_fit kfrag_fit_explain(const struct kfrag_world *world,
				     const struct kfrag_fit_row *row,
				     struct kfrag_object *object,
				     struct kfrag_geometry *predicted)
{
	enum kfrag_row_fit fit = find_object(world, row, object, predicted);

	if (fit != KFRAG_NR_ROW_FITS)
		return fit;
	*object = (struct kfrag_object){ .size_bytes = row->size_bytes };
	if (!kfrag_geometry_of(world, object, predicted))
		*predicted = (struct kfrag_geometry){ 0 };
	return blame(world, row);
}

uint64_t kfrag_fit_cost(const struct kfrag_world *world,
			const struct kfrag_fit_rows *rows, uint64_t enough_cost)
{
	uint64_t cost = 0;

	for (size_t i = 0; i < rows->nr_rows && cost < enough_cost; i++) {
		const struct kfrag_fit_row *row = &rows->rows[i];
		struct kfrag_object object;
		struct kfrag_geometry geometry;

		switch (find_object(world, row, &object, &geometry)) {
		case KFRAG_ROW_FITS:
			break;
		case KFRAG_ROW_FITS_TRAIT:
		case KFRAG_ROW_FITS_UNALIGNED:
			cost += row->nr_rows * KFRAG_FIT_TRAIT_COST;
			break;
		default:
			cost += row->nr_rows * KFRAG_FIT_ROW_COST;
			break;
		}
	}
	return cost < enough_cost ? cost : enough_cost;
}
