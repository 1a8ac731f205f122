// SPDX-License-Identifier: MIT
/*
 * Maps laid out for the eye: which kind each cell shows, and where it lies.
 */
#include "kfrag/map_picture.h"

#include "expect.h"
#include "kfrag/random.h"
#include "output/hilbert.h"
#include "output/map_pick.h"

Suite *map_picture_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))
#define MAX_BINS 3000

/* ------------------------------------------------------------------- picks */

/* How bins are mixed. */
enum { PURE, RUNS, SPARSE, EVEN, ALTERNATING, NR_MIXTURES };

/* Pages of each kind for one bin of so many. */
static void mix(struct kfrag_random *random, int mixture, size_t bin,
		uint64_t nr_pages, uint64_t counts[KFRAG_NR_PAGE_KINDS])
{
	uint64_t rest = nr_pages;
	int last = (int)kfrag_random_below(random, KFRAG_NR_PAGE_KINDS);

	for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++)
		counts[k] = 0;
	switch (mixture) {
	case RUNS:
		last = (int)(bin / 7 % KFRAG_NR_PAGE_KINDS);
		counts[(last + 1) % KFRAG_NR_PAGE_KINDS] =
			kfrag_random_below(random, rest + 1);
		break;
	case SPARSE: /* one odd page in each */
		counts[1 + kfrag_random_below(random, 3)] = 1;
		last = KFRAG_PAGE_FREE;
		break;
	case EVEN:
		for (int k = 1; k < KFRAG_NR_PAGE_KINDS; k++)
			counts[k] = nr_pages / KFRAG_NR_PAGE_KINDS;
		last = KFRAG_PAGE_FREE;
		break;
	case ALTERNATING: /* halves of two, then of the two others */
		counts[bin % 2 * 2] = nr_pages / 2;
		last = (int)(bin % 2 * 2 + 1);
		break;
	default: /* one kind, but now and then all mixed up */
		for (int k = 0; k < 3 && bin % 5 == 0; k++) {
			counts[k] = kfrag_random_below(random, rest + 1);
			rest -= counts[k];
		}
	}
	rest = nr_pages;
	for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++)
		rest -= k == last ? 0 : counts[k];
	counts[last] = rest;
}

static void random_map(struct kfrag_memory_map *map,
		       struct kfrag_random *random, int mixture)
{
	uint64_t pages_per_bin = UINT64_C(1) << kfrag_random_below(random, 12);
	uint64_t nr_pages =
		1 + kfrag_random_below(random, MAX_BINS * pages_per_bin);
	uint64_t pfn = 0;

	EXPECT(!kfrag_memory_map_init(map, nr_pages,
				      (size_t)(nr_pages / pages_per_bin + 1)));
	kfrag_memory_map_begin(map);
	for (size_t bin = 0; bin < map->nr_bins; bin++) {
		uint64_t counts[KFRAG_NR_PAGE_KINDS];
		uint64_t here = nr_pages - pfn;

		if (here > map->pages_per_bin)
			here = map->pages_per_bin;
		mix(random, mixture, bin, here, counts);
		for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++) {
			kfrag_memory_map_add(map, (enum kfrag_page_kind)k, pfn,
					     counts[k]);
			pfn += counts[k];
		}
	}
	EXPECT_EQ(pfn, nr_pages);
	kfrag_memory_map_end(map, KFRAG_PAGE_FREE);
}

/* Along the whole map no kind is a bin ahead or behind. */
START_TEST(picks_are_never_a_bin_off)
{
	static uint8_t kinds[MAX_BINS * 2 + 1];
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned round = 0; round < 60; round++) {
		uint64_t pages[KFRAG_NR_PAGE_KINDS] = { 0 };
		uint64_t picked[KFRAG_NR_PAGE_KINDS] = { 0 };
		struct kfrag_memory_map map;

		random_map(&map, &random, _i % NR_MIXTURES);
		EXPECT(map.nr_bins <= NR_OF(kinds));
		kfrag_map_pick(&map, kinds);
		for (size_t bin = 0; bin < map.nr_bins; bin++) {
			EXPECT(kinds[bin] < KFRAG_NR_PAGE_KINDS);
			picked[kinds[bin]] += map.pages_per_bin;
			for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++) {
				pages[k] += map.bins[bin].nr_pages[k];
				EXPECT(picked[k] <
				       pages[k] + map.pages_per_bin);
				EXPECT(pages[k] <
				       picked[k] + map.pages_per_bin);
			}
		}
		kfrag_memory_map_release(&map);
	}
}
END_TEST

/* ------------------------------------------------------------------ layout */

static const struct {
	uint64_t nr_pages;
	enum kfrag_map_shape shape;
	unsigned max_order;
	unsigned width, height;
	uint64_t pages_per_cell;
} layouts[] = {
	{ 1, KFRAG_MAP_SQUARE, 8, 1, 1, 1 },
	{ 2, KFRAG_MAP_SQUARE, 8, 2, 2, 1 },
	{ 2, KFRAG_MAP_WIDE, 8, 2, 1, 1 },
	{ 5, KFRAG_MAP_SQUARE, 8, 4, 4, 1 },
	{ 512, KFRAG_MAP_SQUARE, 8, 32, 32, 1 },
	{ 512, KFRAG_MAP_WIDE, 8, 32, 16, 1 },
	/* Half empty otherwise. */
	{ 2048, KFRAG_MAP_SQUARE, 8, 32, 32, 2 },
	{ 2049, KFRAG_MAP_SQUARE, 8, 64, 64, 1 },
	{ 65536, KFRAG_MAP_SQUARE, 8, 256, 256, 1 },
	{ 65537, KFRAG_MAP_SQUARE, 8, 256, 256, 2 },
	{ 131072, KFRAG_MAP_SQUARE, 8, 256, 256, 2 },
	{ 131072, KFRAG_MAP_SQUARE, 9, 256, 256, 2 },
	{ 131072, KFRAG_MAP_SQUARE, 0, 1, 1, 131072 },
	{ 131072, KFRAG_MAP_WIDE, 4, 32, 16, 256 },
	{ UINT64_C(1) << 30, KFRAG_MAP_SQUARE, 8, 256, 256, 1 << 14 },
};

START_TEST(grids_fit_their_maps)
{
	struct kfrag_map_picture picture;
	struct kfrag_memory_map map;
	size_t nr_inside = 0;

	EXPECT(!kfrag_memory_map_init(&map, layouts[_i].nr_pages, 1 << 18));
	EXPECT(!kfrag_map_picture_init(&picture, &map, layouts[_i].shape,
				       layouts[_i].max_order));
	EXPECT_EQ(picture.width, layouts[_i].width);
	EXPECT_EQ(picture.height, layouts[_i].height);
	EXPECT_EQ(picture.pages_per_cell, layouts[_i].pages_per_cell);
	EXPECT_EQ(picture.nr_pages, layouts[_i].nr_pages);
	EXPECT_EQ(picture.nr_pages_of[KFRAG_PAGE_FREE], layouts[_i].nr_pages);
	for (size_t i = 0; i < (size_t)picture.width * picture.height; i++)
		nr_inside += picture.cells[i] == KFRAG_PAGE_FREE;
	EXPECT_EQ(nr_inside,
		  (layouts[_i].nr_pages + layouts[_i].pages_per_cell - 1) /
			  layouts[_i].pages_per_cell);
	kfrag_map_picture_release(&picture);
	ck_assert_ptr_null(picture.cells);
	kfrag_memory_map_release(&map);
}
END_TEST

/* The cell of a page, where each page has one. */
static uint8_t *cell_of(const struct kfrag_map_picture *picture, uint32_t page)
{
	unsigned order = 0, side;
	struct kfrag_cell cell;

	while (1u << order < picture->height)
		order++;
	side = 1u << order;
	cell = kfrag_hilbert_cell(order, page % (side * side));
	return &picture->cells[cell.row * picture->width +
			       page / (side * side) * side + cell.column];
}

START_TEST(pages_lie_along_the_curve)
{
	struct kfrag_map_picture picture;
	struct kfrag_memory_map map;
	uint32_t nr_pages = 500;

	EXPECT(!kfrag_memory_map_init(&map, nr_pages, nr_pages));
	kfrag_memory_map_begin(&map);
	kfrag_memory_map_add(&map, KFRAG_PAGE_LIVE, 0, 100);
	kfrag_memory_map_add(&map, KFRAG_PAGE_IDLE, 100, 200);
	kfrag_memory_map_add(&map, KFRAG_PAGE_TAIL, 300, 1);
	kfrag_memory_map_end(&map, KFRAG_PAGE_FREE);
	EXPECT(!kfrag_map_picture_init(&picture, &map, (enum kfrag_map_shape)_i,
				       5));
	for (uint32_t page = 0; page < nr_pages; page++)
		EXPECT_EQ(*cell_of(&picture, page),
			  page < 100  ? KFRAG_PAGE_LIVE :
			  page < 300  ? KFRAG_PAGE_IDLE :
			  page == 300 ? KFRAG_PAGE_TAIL :
					KFRAG_PAGE_FREE);
	EXPECT_EQ(*cell_of(&picture, nr_pages), KFRAG_NR_PAGE_KINDS);
	EXPECT_EQ(picture.nr_pages_of[KFRAG_PAGE_IDLE], 200);
	kfrag_map_picture_release(&picture);
	kfrag_memory_map_release(&map);
}
END_TEST

/* Folded or not, the picture has as much of each kind as the memory. */
START_TEST(cells_add_up_to_the_memory)
{
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned round = 0; round < 40; round++) {
		uint64_t nr_cells[KFRAG_NR_PAGE_KINDS + 1] = { 0 };
		struct kfrag_map_picture picture;
		struct kfrag_memory_map map;

		random_map(&map, &random, _i);
		EXPECT(!kfrag_map_picture_init(
			&picture, &map,
			(enum kfrag_map_shape)kfrag_random_below(&random, 2),
			(unsigned)kfrag_random_below(&random, 7)));
		for (size_t i = 0; i < (size_t)picture.width * picture.height;
		     i++)
			nr_cells[picture.cells[i]]++;
		for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++) {
			uint64_t pages = nr_cells[k] * picture.pages_per_cell;
			uint64_t wanted = picture.nr_pages_of[k];

			EXPECT(pages < wanted + picture.pages_per_cell);
			EXPECT(wanted < pages + picture.pages_per_cell);
		}
		kfrag_map_picture_release(&picture);
		kfrag_memory_map_release(&map);
	}
}
END_TEST

/* -------------------------------------------------------------- close-ups */

/* Of so many pages, those used first; halvings 0: there is no close-up. */
static const struct {
	uint64_t nr_pages, nr_used;
	unsigned halvings;
} close_ups[] = {
	{ 65536, 65536, 0 },  { 65536, 4097, 0 },  { 65536, 4096, 2 },
	{ 65536, 1025, 2 },   { 65536, 1024, 3 },  { 65536, 100, 4 },
	{ 65536, 0, 4 },      { 131072, 8192, 2 }, { 131072, 8193, 0 },
	{ 131072, 1, 4 },     { 100000, 8192, 2 }, { 4096, 1, 2 },
	{ 4095, 1, 2 },	      { 1024, 1, 0 },	   { 1, 0, 0 },
	{ 1 << 20, 1500, 4 },
};

/* The same cells as in the corner of the whole, where they are as fine. */
START_TEST(close_ups_show_the_corner)
{
	uint64_t nr_pages = close_ups[_i].nr_pages;
	struct kfrag_map_picture whole, part;
	struct kfrag_memory_map map;
	struct kfrag_random random;
	unsigned halvings = 77;

	kfrag_random_init(&random, (uint64_t)_i);
	EXPECT(!kfrag_memory_map_init(&map, nr_pages, 1 << 20));
	kfrag_memory_map_begin(&map);
	for (uint64_t page = 0; page < close_ups[_i].nr_used; page++)
		kfrag_memory_map_add(
			&map,
			(enum kfrag_page_kind)(1 +
					       kfrag_random_below(&random, 3)),
			page, 1);
	kfrag_memory_map_end(&map, KFRAG_PAGE_FREE);
	EXPECT(!kfrag_map_picture_init(&whole, &map, KFRAG_MAP_SQUARE,
				       KFRAG_MAP_MAX_ORDER));
	EXPECT(!kfrag_map_picture_init_close_up(
		&part, &map, KFRAG_MAP_MAX_ORDER, &halvings));
	ck_assert_uint_eq(halvings, close_ups[_i].halvings);
	ck_assert_int_eq(part.cells != NULL, halvings > 0);
	if (halvings > 0) {
		ck_assert_uint_eq(part.width, whole.width >> halvings);
		ck_assert_uint_eq(part.height, part.width);
		ck_assert_uint_eq(part.pages_per_cell, whole.pages_per_cell);
	}
	for (unsigned row = 0; row < part.height; row++)
		for (unsigned column = 0; column < part.width; column++)
			EXPECT_EQ(part.cells[row * part.width + column],
				  whole.cells[row * whole.width + column]);
	kfrag_map_picture_release(&whole);
	kfrag_map_picture_release(&part);
	kfrag_memory_map_release(&map);
}
END_TEST

Suite *map_picture_suite(void)
{
	Suite *suite = suite_create("map_picture");
	TCase *core = tcase_create("core");

	tcase_set_timeout(core, 60);
	tcase_add_loop_test(core, picks_are_never_a_bin_off, 0,
			    2 * NR_MIXTURES);
	tcase_add_loop_test(core, grids_fit_their_maps, 0, NR_OF(layouts));
	tcase_add_loop_test(core, pages_lie_along_the_curve, 0, 2);
	tcase_add_loop_test(core, close_ups_show_the_corner, 0,
			    NR_OF(close_ups));
	tcase_add_loop_test(core, cells_add_up_to_the_memory, 0, NR_MIXTURES);
	suite_add_tcase(suite, core);
	return suite;
}
