// SPDX-License-Identifier: MIT
#include "kfrag/geometry_fit.h"

#include <string.h>

#include "expect.h"
#include "kfrag/random.h"

Suite *geometry_fit_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define MAX_ROWS 200

/* A snapshot of rows that the model made for a world. */
struct made {
	struct kfrag_snapshot snapshot;
	struct kfrag_record records[MAX_ROWS];
};

static void make_init(struct made *made)
{
	memset(made, 0, sizeof(*made));
	made->snapshot.records = made->records;
	made->snapshot.version = KFRAG_SLABINFO_2_1;
}

static struct kfrag_record *make_row(struct made *made, uint64_t size,
				     uint64_t nr_objs, uint64_t nr_pages)
{
	struct kfrag_record *record =
		&made->records[made->snapshot.nr_records++];

	EXPECT(made->snapshot.nr_records <= MAX_ROWS);
	*record = (struct kfrag_record){ .name = "cache",
					 .name_bytes = 5,
					 .size_bytes = size,
					 .objs_per_slab = nr_objs,
					 .pages_per_slab = nr_pages };
	return record;
}

static void tune(struct made *made, uint64_t limit)
{
	for (size_t i = 0; i < made->snapshot.nr_records; i++) {
		struct kfrag_record *record = &made->records[i];

		record->has_tunables = true;
		record->limit = limit;
		record->batchcount = limit / 2;
	}
}

static bool make_object(struct made *made, const struct kfrag_world *world,
			const struct kfrag_object *object)
{
	struct kfrag_geometry geometry;

	if (!kfrag_geometry_of(world, object, &geometry))
		return false;
	make_row(made, object->size_bytes, geometry.objs_per_slab,
		 UINT64_C(1) << geometry.order);
	return true;
}

/* Sizes as kernels have them: many small ones, some of several pages. */
static uint64_t random_size(struct kfrag_random *random,
			    const struct kfrag_world *world)
{
	uint64_t max = UINT64_C(64) << kfrag_random_below(random, 9);

	return 16 + kfrag_random_below(random, max / 8) * 8 +
	       (world->word_bytes == 4 ? kfrag_random_below(random, 2) * 4 : 0);
}

static struct kfrag_world slub_world(uint64_t nr_cpus)
{
	return (struct kfrag_world){ .era = KFRAG_ERA_SLUB_6_7,
				     .page_size_bytes = 4096,
				     .word_bytes = 8,
				     .cache_line_bytes = 64,
				     .nr_cpus = nr_cpus };
}

static void make_sizes(struct made *made, const struct kfrag_world *world,
		       struct kfrag_random *random, unsigned nr_rows)
{
	while (made->snapshot.nr_records < nr_rows) {
		struct kfrag_object object = {
			.size_bytes = random_size(random, world),
		};

		make_object(made, world, &object);
	}
}

static void fit_init(struct kfrag_geometry_fit *fit, const struct made *made)
{
	ck_assert_int_eq(kfrag_geometry_fit_init(fit, &made->snapshot),
			 KFRAG_OK);
	ck_assert_uint_eq(fit->nr_rows, made->snapshot.nr_records);
	for (size_t i = 0; i < fit->nr_rows; i++)
		ck_assert_ptr_eq(fit->rows[i].record, &made->records[i]);
}

static size_t nr_explained(const struct kfrag_geometry_fit *fit)
{
	size_t nr = 0;

	for (int f = 0; f < KFRAG_NR_ROW_FITS; f++)
		if (kfrag_row_is_explained((enum kfrag_row_fit)f))
			nr += fit->nr_of[f];
	return nr;
}

static void expect_explained(const struct kfrag_geometry_fit *fit)
{
	size_t nr = 0;

	for (int f = 0; f < KFRAG_NR_ROW_FITS; f++)
		nr += fit->nr_of[f];
	EXPECT_EQ(nr, fit->nr_rows);
	EXPECT_EQ(nr_explained(fit), fit->nr_rows);
	for (size_t i = 0; i < fit->nr_rows; i++) {
		const struct kfrag_geometry_row *row = &fit->rows[i];
		struct kfrag_geometry geometry;

		EXPECT(kfrag_geometry_of(&fit->world, &row->object, &geometry));
		EXPECT_EQ(geometry.objs_per_slab, row->record->objs_per_slab);
		EXPECT_EQ(UINT64_C(1) << geometry.order,
			  row->record->pages_per_slab);
		EXPECT_EQ(geometry.order, row->predicted.order);
		EXPECT_EQ(row->object.size_bytes, row->record->size_bytes);
	}
}

static const uint64_t pages[] = { 4096, 16384, 65536 };

/* A world at random, the rows it makes, and a world that explains them. */
START_TEST(slub_there_and_back)
{
	struct kfrag_random random;
	struct kfrag_world world = slub_world(1);
	struct kfrag_geometry_fit fit;
	struct made made;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int round = 0; round < 25; round++) {
		world.era = KFRAG_ERA_SLUB_2_6_26 +
			    (unsigned)kfrag_random_below(&random, 3);
		world.page_size_bytes =
			pages[kfrag_random_below(&random, NR_OF(pages))];
		world.nr_cpus = 1 + kfrag_random_below(&random, 300);
		make_init(&made);
		make_sizes(&made, &world, &random, 150);
		tune(&made, 0);
		fit_init(&fit, &made);
		expect_explained(&fit);
		EXPECT_EQ(fit.world.page_size_bytes, world.page_size_bytes);
		EXPECT(fit.is_allocator_told);
		EXPECT(fit.min_cpus <= world.nr_cpus);
		EXPECT(fit.max_cpus >= world.nr_cpus || fit.max_cpus == 0);
		EXPECT(fit.first_era <= world.era && fit.last_era >= world.era);
		EXPECT(!fit.world.slub_max_order.known);
		EXPECT(!fit.world.slub_min_order.known);
		EXPECT(!fit.world.slub_min_objects.known);
		kfrag_geometry_fit_release(&fit);
	}
}
END_TEST

/* Inodes are reclaimed and constructed, many structures aligned. */
static struct kfrag_object random_slab_object(struct kfrag_random *random,
					      const struct kfrag_world *world)
{
	struct kfrag_object object = {
		.size_bytes = random_size(random, world),
	};

	if (kfrag_random_below(random, 4) == 0)
		object.size_bytes = (object.size_bytes + 63) / 64 * 64;
	if (kfrag_random_below(random, 8) == 0)
		object.traits |= KFRAG_TRAIT_RECLAIM;
	if (kfrag_random_below(random, 16) == 0)
		object.traits |= KFRAG_TRAIT_CONSTRUCTED;
	return object;
}

START_TEST(slab_there_and_back)
{
	struct kfrag_random random;
	struct kfrag_world world = slub_world(1);
	struct kfrag_geometry_fit fit;
	struct made made;

	kfrag_random_init(&random, (uint64_t)_i);
	world.era = (enum kfrag_era)_i;
	for (int round = 0; round < 20; round++) {
		world.page_size_bytes =
			pages[kfrag_random_below(&random, NR_OF(pages))];
		world.word_bytes =
			4 + 4 * (unsigned)kfrag_random_below(&random, 2);
		world.cache_line_bytes = 32u << kfrag_random_below(&random, 3);
		if (_i >= KFRAG_ERA_SLAB_2_6_9)
			world.cache_line_bytes = 64;
		make_init(&made);
		while (made.snapshot.nr_records < 150) {
			struct kfrag_object object =
				random_slab_object(&random, &world);

			make_object(&made, &world, &object);
		}
		tune(&made, 120);
		fit_init(&fit, &made);
		expect_explained(&fit);
		EXPECT(!kfrag_era_range(fit.world.era)->is_slub);
		EXPECT_EQ(fit.world.page_size_bytes, world.page_size_bytes);
		/* Or one that is as simple, of an era that is no neighbour. */
		EXPECT((fit.first_era <= world.era &&
			fit.last_era >= world.era) ||
		       fit.nr_of[KFRAG_ROW_FITS] == fit.nr_rows);
		kfrag_geometry_fit_release(&fit);
	}
}
END_TEST

static const struct {
	int max_order, min_order, min_objects; /* -1: not said */
} booted[] = {
	{ 0, -1, -1 }, { 1, -1, -1 },  { 5, -1, -1 }, { -1, 1, -1 },
	{ -1, 2, -1 }, { -1, -1, 64 }, { -1, -1, 3 }, { 5, -1, 64 },
};

static void boot(struct kfrag_opt *parameter, int value)
{
	if (value >= 0)
		*parameter = kfrag_known((uint64_t)value);
}

START_TEST(boot_parameters)
{
	struct kfrag_random random;
	struct kfrag_world world = slub_world(2);
	struct kfrag_geometry_fit fit;
	struct made made;

	kfrag_random_init(&random, 7);
	boot(&world.slub_max_order, booted[_i].max_order);
	boot(&world.slub_min_order, booted[_i].min_order);
	boot(&world.slub_min_objects, booted[_i].min_objects);
	make_init(&made);
	make_sizes(&made, &world, &random, 150);
	tune(&made, 0);
	fit_init(&fit, &made);
	expect_explained(&fit);
	ck_assert(fit.world.slub_max_order.known ==
		  (booted[_i].max_order >= 0));
	ck_assert_uint_eq(fit.world.slub_max_order.value,
			  world.slub_max_order.value);
	ck_assert_uint_eq(fit.world.slub_min_order.value,
			  world.slub_min_order.value);
	ck_assert_uint_eq(fit.world.slub_min_objects.value,
			  world.slub_min_objects.value);
	kfrag_geometry_fit_release(&fit);
}
END_TEST

/* A parameter that explains two rows more is not believed. */
START_TEST(few_rows_are_no_parameter)
{
	struct kfrag_random random;
	struct kfrag_world world = slub_world(2);
	struct kfrag_geometry_fit fit;
	struct made made;

	kfrag_random_init(&random, 7);
	make_init(&made);
	make_sizes(&made, &world, &random, 100);
	make_row(&made, 1200, 6, 2);
	make_row(&made, 1208, 6, 2);
	tune(&made, 0);
	fit_init(&fit, &made);
	ck_assert_uint_eq(nr_explained(&fit), 100);
	ck_assert_uint_eq(fit.nr_of[KFRAG_ROW_OTHER_ORDER], 2);
	ck_assert(!fit.world.slub_max_order.known);
	ck_assert(!fit.world.slub_min_objects.known);
	kfrag_geometry_fit_release(&fit);
}
END_TEST

START_TEST(rows_that_do_not_fit)
{
	struct kfrag_random random;
	struct kfrag_world world = slub_world(2);
	struct kfrag_geometry_fit fit;
	struct made made;

	kfrag_random_init(&random, 7);
	make_init(&made);
	make_sizes(&made, &world, &random, 60);
	make_row(&made, 256, 17, 1); /* 60: more than fit */
	make_row(&made, 256, 0, 1); /* 61: not said */
	make_row(&made, 256, 32, 2); /* 62: the next order */
	make_row(&made, 256, 9, 1); /* 63 */
	make_row(&made, 256, 9, 3); /* 64: no power of two */
	make_row(&made, UINT64_MAX, 2, 1); /* 65 */
	make_row(&made, 8, 1, UINT64_MAX); /* 66 */
	tune(&made, 0);
	fit_init(&fit, &made);
	ck_assert_int_eq((int)fit.rows[60].fit, KFRAG_ROW_CONTRADICTS);
	ck_assert_int_eq((int)fit.rows[61].fit, KFRAG_ROW_UNKNOWN);
	ck_assert_int_eq((int)fit.rows[62].fit, KFRAG_ROW_OTHER_ORDER);
	ck_assert_int_eq((int)fit.rows[63].fit, KFRAG_ROW_STRANGE);
	ck_assert_int_eq((int)fit.rows[64].fit, KFRAG_ROW_STRANGE);
	ck_assert_int_eq((int)fit.rows[65].fit, KFRAG_ROW_CONTRADICTS);
	ck_assert_int_eq((int)fit.rows[66].fit, KFRAG_ROW_STRANGE);
	/* The prediction is that of the object, not of the row. */
	ck_assert_uint_eq(fit.rows[62].predicted.objs_per_slab, 16);
	ck_assert_uint_eq(fit.rows[65].predicted.objs_per_slab, 0);
	ck_assert_uint_eq(nr_explained(&fit), 60);
	kfrag_geometry_fit_release(&fit);
}
END_TEST

/* One row of SLAB with each trait, among rows that fix the era. */
START_TEST(traits_of_slab)
{
	struct kfrag_random random;
	struct kfrag_world world = slub_world(1);
	struct kfrag_geometry_fit fit;
	struct made made;

	world.era = KFRAG_ERA_SLAB_2_6_16;
	kfrag_random_init(&random, 7);
	make_init(&made);
	make_sizes(&made, &world, &random, 100);
	make_row(&made, 704, 5, 1); /* an inode */
	make_row(&made, 512, 7, 1); /* 500 bytes in cache lines */
	tune(&made, 54);
	fit_init(&fit, &made);
	ck_assert_int_eq((int)fit.world.era, KFRAG_ERA_SLAB_2_6_16);
	ck_assert_int_eq((int)fit.rows[100].fit, KFRAG_ROW_FITS_TRAIT);
	ck_assert_uint_eq(fit.rows[100].object.traits, KFRAG_TRAIT_RECLAIM);
	ck_assert_int_eq((int)fit.rows[101].fit, KFRAG_ROW_FITS_UNALIGNED);
	ck_assert_uint_lt(fit.rows[101].object.unaligned_bytes, 512);
	ck_assert_uint_gt(fit.rows[101].object.align_bytes, 8);
	kfrag_geometry_fit_release(&fit);
}
END_TEST

/* Most rows decide, a version before 2.1 above all. */
START_TEST(who_tells_the_allocator)
{
	struct kfrag_geometry_fit fit;
	struct made made;

	make_init(&made);
	for (int i = 0; i < 3; i++)
		make_row(&made, 1024, 4, 1);
	fit_init(&fit, &made);
	ck_assert(!fit.is_allocator_told);
	kfrag_geometry_fit_release(&fit);
	tune(&made, 0);
	made.records[0].limit = 10;
	fit_init(&fit, &made);
	ck_assert(fit.is_allocator_told);
	ck_assert(kfrag_era_range(fit.world.era)->is_slub);
	kfrag_geometry_fit_release(&fit);
	made.records[1].batchcount = 10;
	fit_init(&fit, &made);
	ck_assert(fit.is_allocator_told);
	ck_assert(!kfrag_era_range(fit.world.era)->is_slub);
	kfrag_geometry_fit_release(&fit);
	made.records[1].batchcount = 0;
	made.snapshot.version = KFRAG_SLABINFO_1_1;
	fit_init(&fit, &made);
	ck_assert(fit.is_allocator_told);
	ck_assert_int_eq((int)fit.world.era, KFRAG_ERA_SLAB_2_4);
	kfrag_geometry_fit_release(&fit);
}
END_TEST

START_TEST(release_decides_between_equals)
{
	struct kfrag_geometry_fit fit;
	struct made made;

	make_init(&made);
	make_row(&made, 1024, 16, 4);
	tune(&made, 0);
	fit_init(&fit, &made);
	ck_assert_int_eq((int)fit.world.era, KFRAG_ERA_SLUB_6_7);
	ck_assert_int_eq((int)fit.first_era, KFRAG_ERA_SLUB_2_6_26);
	ck_assert_int_eq((int)fit.last_era, KFRAG_ERA_SLUB_6_7);
	kfrag_geometry_fit_release(&fit);
	made.snapshot.origin.kernel = "6.1.0-56-amd64";
	fit_init(&fit, &made);
	ck_assert_int_eq((int)fit.world.era, KFRAG_ERA_SLUB_2_6_30);
	kfrag_geometry_fit_release(&fit);
	/* Rows know better: two objects of 11000 bytes are of 6.7. */
	make_row(&made, 11000, 2, 8);
	tune(&made, 0);
	fit_init(&fit, &made);
	ck_assert_int_eq((int)fit.world.era, KFRAG_ERA_SLUB_6_7);
	ck_assert_int_eq((int)fit.first_era, KFRAG_ERA_SLUB_6_7);
	kfrag_geometry_fit_release(&fit);
}
END_TEST

START_TEST(page_size_of_the_origin)
{
	struct kfrag_geometry_fit fit;
	struct made made;

	make_init(&made);
	make_row(&made, 64, 64, 1);
	tune(&made, 0);
	made.snapshot.origin.page_size_bytes = kfrag_known(65536);
	fit_init(&fit, &made);
	ck_assert_uint_eq(fit.world.page_size_bytes, 65536);
	ck_assert_uint_eq(nr_explained(&fit), 0);
	kfrag_geometry_fit_release(&fit);
	made.snapshot.origin.page_size_bytes = kfrag_unknown();
	fit_init(&fit, &made);
	ck_assert_uint_eq(fit.world.page_size_bytes, 4096);
	ck_assert_uint_eq(nr_explained(&fit), 1);
	kfrag_geometry_fit_release(&fit);
}
END_TEST

/* A machine of 32 MiB: SLAB's orders end one earlier. */
START_TEST(little_memory)
{
	struct kfrag_random random;
	struct kfrag_world world = slub_world(1);
	struct kfrag_geometry_fit fit;
	struct made made;

	world.era = KFRAG_ERA_SLAB_2_6_16;
	world.slab_max_order = kfrag_known(0);
	kfrag_random_init(&random, 7);
	make_init(&made);
	make_sizes(&made, &world, &random, 100);
	tune(&made, 54);
	fit_init(&fit, &made);
	ck_assert_uint_eq(fit.nr_of[KFRAG_ROW_FITS], 100);
	ck_assert(fit.world.slab_max_order.known);
	ck_assert_uint_eq(fit.world.slab_max_order.value, 0);
	kfrag_geometry_fit_release(&fit);
}
END_TEST

START_TEST(nothing_to_go_by)
{
	struct kfrag_geometry_fit fit;
	struct made made;

	make_init(&made);
	fit_init(&fit, &made);
	ck_assert_int_eq((int)fit.world.era, KFRAG_ERA_SLUB_6_7);
	ck_assert_uint_eq(fit.world.page_size_bytes, 4096);
	ck_assert_uint_eq(fit.min_cpus, 1);
	ck_assert_uint_eq(fit.max_cpus, 0);
	kfrag_geometry_fit_release(&fit);
	ck_assert_ptr_null(fit.rows);
}
END_TEST

START_TEST(words_for_fits)
{
	for (int a = 0; a < KFRAG_NR_ROW_FITS; a++) {
		const char *text = kfrag_row_fit_text((enum kfrag_row_fit)a);

		ck_assert_uint_gt(strlen(text), 0);
		ck_assert_ptr_null(strchr(text, ' '));
		ck_assert_uint_gt(
			strlen(kfrag_row_fit_help((enum kfrag_row_fit)a)), 0);
		for (int b = 0; b < a; b++)
			ck_assert_str_ne(text, kfrag_row_fit_text(
						       (enum kfrag_row_fit)b));
	}
}
END_TEST

Suite *geometry_fit_suite(void)
{
	Suite *suite = suite_create("geometry_fit");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_loop_test(core, boot_parameters, 0, (int)NR_OF(booted));
	tcase_add_test(core, few_rows_are_no_parameter);
	tcase_add_test(core, rows_that_do_not_fit);
	tcase_add_test(core, traits_of_slab);
	tcase_add_test(core, who_tells_the_allocator);
	tcase_add_test(core, release_decides_between_equals);
	tcase_add_test(core, page_size_of_the_origin);
	tcase_add_test(core, little_memory);
	tcase_add_test(core, nothing_to_go_by);
	tcase_add_test(core, words_for_fits);
	suite_add_tcase(suite, core);
	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, slub_there_and_back, 0, 6);
	tcase_add_loop_test(properties, slab_there_and_back, 0,
			    KFRAG_ERA_SLAB_4_6 + 1);
	suite_add_tcase(suite, properties);
	return suite;
}
