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

/* Bins up to the last one that is not free all over; at least 1. */
static size_t nr_bins_used(const struct kfrag_memory_map *map)
{
	size_t nr_bins = map->nr_bins;

	while (nr_bins > 1) {
		const uint32_t *pages = map->bins[nr_bins - 1].nr_pages;

		if (pages[KFRAG_PAGE_LIVE] | pages[KFRAG_PAGE_IDLE] |
		    pages[KFRAG_PAGE_TAIL])
			break;
		nr_bins--;
	}
	return nr_bins;
}

/* Turns a square over its diagonal. */
static void transpose(struct kfrag_map_picture *picture)
{
	unsigned side = picture->width;

	for (unsigned row = 0; row < side; row++) {
		for (unsigned column = 0; column < row; column++) {
			uint8_t *a = &picture->cells[row * side + column];
			uint8_t *b = &picture->cells[column * side + row];
			uint8_t kind = *a;

			*a = *b;
			*b = kind;
		}
	}
}

/* Less is not worth it, nor is a part of few bins. */
#define MIN_HALVINGS 2
#define MIN_CLOSE_UP_BINS 256

/* How often the square of so many bins can be halved around those used. */
static unsigned count_halvings(size_t nr_bins, size_t nr_used)
{
	unsigned halvings = 0;

	while (nr_bins / 4 >= nr_used && nr_bins / 4 >= MIN_CLOSE_UP_BINS) {
		nr_bins /= 4;
		halvings++;
	}
	return halvings < MIN_HALVINGS ? 0 : halvings;
}

/* The map is the caller's own copy. */
static enum kfrag_error paint_close_up(struct kfrag_map_picture *picture,
				       struct kfrag_memory_map *map,
				       unsigned max_order, unsigned *halvings)
{
	unsigned order = fit(map, KFRAG_MAP_SQUARE, KFRAG_MAP_MAX_ORDER);
	unsigned nr_halvings =
		count_halvings((size_t)1 << 2 * order, nr_bins_used(map));
	enum kfrag_error error;

	if (nr_halvings == 0)
		return KFRAG_OK;
	kfrag_memory_map_crop(map, (size_t)1 << 2 * (order - nr_halvings));
	error = kfrag_map_picture_init(picture, map, KFRAG_MAP_SQUARE,
				       max_order);
	if (error)
		return error;
	if (nr_halvings % 2)
		transpose(picture);
	*halvings = nr_halvings;
	return KFRAG_OK;
}

enum kfrag_error
kfrag_map_picture_init_close_up(struct kfrag_map_picture *picture,
				const struct kfrag_memory_map *map,
				unsigned max_order, unsigned *halvings)
{
	struct kfrag_memory_map copy;
	enum kfrag_error error;

	*picture = (struct kfrag_map_picture){ 0 };
	*halvings = 0;
	error = kfrag_memory_map_copy(&copy, map);
	if (!error)
		error = paint_close_up(picture, &copy, max_order, halvings);
	kfrag_memory_map_release(&copy);
	return error;
}

void kfrag_map_picture_release(struct kfrag_map_picture *picture)
{
	free(picture->cells);
	*picture = (struct kfrag_map_picture){ 0 };
}
