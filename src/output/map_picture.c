// SPDX-License-Identifier: MIT
#include "kfrag/map_picture.h"

#include <assert.h>
#include <stdlib.h>

#include "output/hilbert.h"
#include "output/map_pick.h"

/* Below so many bins a page each is worth more than a square that is full. */
#define FEW_BINS 512

static unsigned nr_squares(enum kfrag_map_shape shape)
{
	return shape == KFRAG_MAP_WIDE ? 2 : 1;
}

/* The order of the least squares that hold all bins. */
static unsigned order_for(size_t nr_bins, enum kfrag_map_shape shape)
{
	unsigned order = 0;

	while ((size_t)nr_squares(shape) << 2 * order < nr_bins)
		order++;
	return order;
}

/* Puts bins together until they fit, and fill more than half of the grid. */
static unsigned fit(struct kfrag_memory_map *map, enum kfrag_map_shape shape,
		    unsigned max_order)
{
	size_t nr_cells = (size_t)nr_squares(shape) << 2 * max_order;
	unsigned order;

	kfrag_memory_map_fold(map, nr_cells);
	order = order_for(map->nr_bins, shape);
	nr_cells = (size_t)nr_squares(shape) << 2 * order;
	if (map->nr_bins > FEW_BINS && map->nr_bins <= nr_cells / 2) {
		kfrag_memory_map_fold(map, nr_cells / 4);
		order--;
	}
	return order;
}

static void lay_out(struct kfrag_map_picture *picture, const uint8_t *kinds,
		    size_t nr_bins, unsigned order)
{
	size_t nr_cells = (size_t)picture->width * picture->height;

	for (size_t i = 0; i < nr_cells; i++)
		picture->cells[i] = KFRAG_NR_PAGE_KINDS;
	for (size_t bin = 0; bin < nr_bins; bin++) {
		size_t square = bin >> 2 * order;
		uint32_t place = (uint32_t)(bin - (square << 2 * order));
		struct kfrag_cell cell = kfrag_hilbert_cell(order, place);

		picture->cells[(size_t)cell.row * picture->width +
			       (square << order) + cell.column] = kinds[bin];
	}
}

/* The map is the caller's own copy. */
static enum kfrag_error paint(struct kfrag_map_picture *picture,
			      struct kfrag_memory_map *map,
			      enum kfrag_map_shape shape, unsigned max_order)
{
	unsigned order = fit(map, shape, max_order);
	uint8_t *kinds = calloc(map->nr_bins, 1);

	picture->width = nr_squares(shape) << order;
	picture->height = 1u << order;
	picture->pages_per_cell = map->pages_per_bin;
	picture->cells = calloc(picture->width, picture->height);
	if (!kinds || !picture->cells) {
		free(kinds);
		return KFRAG_ENOMEM;
	}
	kfrag_map_pick(map, kinds);
	lay_out(picture, kinds, map->nr_bins, order);
	free(kinds);
	return KFRAG_OK;
}

enum kfrag_error kfrag_map_picture_init(struct kfrag_map_picture *picture,
					const struct kfrag_memory_map *map,
					enum kfrag_map_shape shape,
					unsigned max_order)
{
	struct kfrag_memory_map copy;
	enum kfrag_error error;

	assert(max_order <= KFRAG_MAP_MAX_ORDER);
	*picture = (struct kfrag_map_picture){ .nr_pages = map->nr_pages };
	for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++)
		picture->nr_pages_of[k] = map->nr_pages_of[k];
	error = kfrag_memory_map_copy(&copy, map);
	if (!error)
		error = paint(picture, &copy, shape, max_order);
	kfrag_memory_map_release(&copy);
	if (error)
		kfrag_map_picture_release(picture);
	return error;
}

void kfrag_map_picture_release(struct kfrag_map_picture *picture)
{
	free(picture->cells);
	*picture = (struct kfrag_map_picture){ 0 };
}
