// SPDX-License-Identifier: MIT
#include "expect.h"
#include "kfrag/geometry.h"
#include "twin_slab.h"

Suite *geometry_slab_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define LAST_SIZE 300000

static void expect_same(const struct kfrag_world *world,
			const struct kfrag_object *object,
			struct twin_slab_hard *hard)
{
	struct twin_slab_answer answer = twin_slab(world, object, hard);
	struct kfrag_geometry geometry;

	EXPECT_EQ(kfrag_geometry_of(world, object, &geometry), answer.any);
	if (geometry.order != answer.order ||
	    geometry.objs_per_slab != answer.nr_objs)
		ck_abort_msg("era %s, page %" PRIu64 ", size %" PRIu64
			     ", traits %u: %" PRIu64
			     " of order %u, not %" PRIu64 " of %u",
			     kfrag_era_range(world->era)->name,
			     world->page_size_bytes, object->size_bytes,
			     object->traits, geometry.objs_per_slab,
			     geometry.order, answer.nr_objs, answer.order);
	EXPECT_EQ(geometry.management, answer.where);
	EXPECT_EQ(geometry.management_bytes, answer.list_bytes);
	EXPECT_EQ(geometry.rest_bytes, answer.rest_bytes);
}

static const uint64_t pages[] = { 4096, 8192, 65536 };

static struct kfrag_world world_of(int era, uint64_t page_bytes)
{
	return (struct kfrag_world){ .era = (enum kfrag_era)era,
				     .page_size_bytes = page_bytes,
				     .word_bytes = 8,
				     .cache_line_bytes = 64,
				     .nr_cpus = 1 };
}

/* Each size as a word-aligned object, and one that its size lets be aligned. */
static void expect_size(const struct kfrag_world *world, uint64_t size,
			unsigned traits, struct twin_slab_hard *hard)
{
	struct kfrag_object object = { .size_bytes = size, .traits = traits };

	expect_same(world, &object, hard);
	if (size % 64 != 0)
		return;
	object.align_bytes = 64;
	object.unaligned_bytes = size - 40;
	expect_same(world, &object, hard);
}

START_TEST(every_size)
{
	struct twin_slab_hard hard = { 0 };

	for (size_t p = 0; p < NR_OF(pages); p++) {
		struct kfrag_world world = world_of(_i, pages[p]);

		for (uint64_t size = 8; size <= LAST_SIZE; size += 8)
			for (unsigned traits = 0; traits < 8; traits++)
				if (traits == 0 || size % 72 == traits * 8)
					expect_size(&world, size, traits,
						    &hard);
	}
	ck_assert_uint_gt(hard.nr_elsewhere, 0);
	ck_assert_uint_gt(hard.nr_stopped, 0);
	ck_assert((_i < KFRAG_ERA_SLAB_4_6) == (hard.nr_moved_in > 0));
	ck_assert((_i == KFRAG_ERA_SLAB_4_6) == (hard.nr_in_object > 0));
	ck_assert((_i >= KFRAG_ERA_SLAB_3_15) == (hard.nr_beyond_index > 0));
	ck_assert((_i >= KFRAG_ERA_SLAB_2_6_9) == (hard.nr_reclaim > 0));
	/* Objects are aligned, and so is what they leave of a slab. */
	ck_assert((_i <= KFRAG_ERA_SLAB_2_6_0) == (hard.nr_rounded > 0));
}
END_TEST

/* 32 bits, other lines, indices and orders. */
START_TEST(other_machines)
{
	static const unsigned lines[] = { 32, 64, 128 };
	struct twin_slab_hard hard = { 0 };
	unsigned turn = 0;

	for (uint64_t size = 16; size <= LAST_SIZE;
	     size += size < 3000 ? 4 : 68) {
		struct kfrag_world world =
			world_of(_i, pages[turn % NR_OF(pages)]);

		turn++;
		world.word_bytes = size % 8 == 4 || turn % 2 != 0 ? 4 : 8;
		world.cache_line_bytes = lines[turn / 3 % NR_OF(lines)];
		world.slab_index_bytes = turn / 9 % 3 * 2;
		if (turn / 27 % 3 != 0)
			world.slab_max_order = kfrag_known(turn / 81 % 11);
		expect_size(&world, size, turn / 2 % 8, &hard);
	}
	ck_assert_uint_gt(hard.nr_elsewhere, 0);
}
END_TEST

/* As kernels printed them: era, page, word, line, size, objects, order. */
static const struct {
	enum kfrag_era era;
	unsigned word_bytes, line_bytes;
	uint64_t size_bytes;
	unsigned traits;
	uint64_t unaligned_bytes;
	uint64_t objs_per_slab;
	unsigned order;
	enum kfrag_management where;
} seen[] = {
	{ KFRAG_ERA_SLAB_2_4, 4, 32, 32, 0, 0, 113, 0, KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_2_4, 4, 32, 128, 0, 0, 30, 0, KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_2_4, 4, 32, 2060, 0, 0, 7, 2, KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_2_4, 4, 32, 131072, 0, 0, 1, 5,
	  KFRAG_MANAGED_OFF_SLAB },
	{ KFRAG_ERA_SLAB_2_6_9, 4, 64, 8, 0, 0, 407, 0, KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_2_6_9, 4, 64, 12, 0, 0, 290, 0,
	  KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_2_6_9, 4, 64, 3072, 0, 0, 2, 1,
	  KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_2_6_16, 4, 32, 16, 0, 0, 203, 0,
	  KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_2_6_16, 8, 64, 136, 0, 0, 28, 0,
	  KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_2_6_16, 8, 64, 704, 0, 0, 11, 1,
	  KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_2_6_16, 8, 64, 704, KFRAG_TRAIT_RECLAIM, 0, 5, 0,
	  KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_2_6_16, 8, 64, 512, 0, 0, 8, 0,
	  KFRAG_MANAGED_OFF_SLAB },
	{ KFRAG_ERA_SLAB_2_6_16, 8, 64, 512, 0, 500, 7, 0,
	  KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_3_15, 4, 32, 16, 0, 0, 240, 0, KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_3_15, 4, 32, 128, 0, 0, 32, 0,
	  KFRAG_MANAGED_OFF_SLAB },
	{ KFRAG_ERA_SLAB_3_15, 4, 32, 128, 0, 104, 31, 0,
	  KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_4_6, 8, 64, 32, 0, 0, 124, 0, KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_4_6, 8, 64, 64, 0, 0, 64, 0, KFRAG_MANAGED_IN_OBJECT },
	{ KFRAG_ERA_SLAB_4_6, 8, 64, 64, KFRAG_TRAIT_CONSTRUCTED, 0, 63, 0,
	  KFRAG_MANAGED_ON_SLAB },
	{ KFRAG_ERA_SLAB_4_6, 8, 64, 1024, KFRAG_TRAIT_CONSTRUCTED, 0, 4, 0,
	  KFRAG_MANAGED_OFF_SLAB },
};

START_TEST(as_kernels_print_it)
{
	struct kfrag_world world = world_of((int)seen[_i].era, 4096);
	struct kfrag_object object = {
		.size_bytes = seen[_i].size_bytes,
		.unaligned_bytes = seen[_i].unaligned_bytes,
		.traits = seen[_i].traits,
	};
	struct kfrag_geometry geometry;

	world.word_bytes = seen[_i].word_bytes;
	world.cache_line_bytes = seen[_i].line_bytes;
	ck_assert(kfrag_geometry_of(&world, &object, &geometry));
	ck_assert_uint_eq(geometry.objs_per_slab, seen[_i].objs_per_slab);
	ck_assert_uint_eq(geometry.order, seen[_i].order);
	ck_assert_int_eq((int)geometry.management, (int)seen[_i].where);
}
END_TEST

/* Of every order: as many as fit, the list somewhere. */
START_TEST(of_a_given_order)
{
	for (int era = 0; era <= KFRAG_ERA_SLAB_4_6; era++) {
		struct kfrag_world world = world_of(era, 4096);
		struct twin_slab_hard hard = { 0 };

		for (uint64_t size = 256; size <= 20000; size += 8) {
			struct kfrag_object object = { .size_bytes = size };
			struct kfrag_geometry chosen, given;

			expect_same(&world, &object, &hard);
			EXPECT(kfrag_geometry_of(&world, &object, &chosen));
			EXPECT(kfrag_geometry_of_order(&world, &object,
						       chosen.order, &given));
			EXPECT_EQ(given.objs_per_slab, chosen.objs_per_slab);
			EXPECT_EQ(given.management, chosen.management);
			EXPECT_EQ(given.rest_bytes, chosen.rest_bytes);
			if (size < 16000 &&
			    kfrag_geometry_of_order(&world, &object, 5, &given))
				EXPECT_EQ(given.objs_per_slab * size +
						  given.management_bytes +
						  given.rest_bytes,
					  131072);
		}
	}
}
END_TEST

START_TEST(what_no_slab_holds)
{
	for (int era = 0; era <= KFRAG_ERA_SLAB_4_6; era++) {
		struct kfrag_world world = world_of(era, 4096);
		unsigned last = twin_slab_last_order((enum kfrag_era)era);
		struct kfrag_object object = { .size_bytes = 4096u << last };
		struct kfrag_geometry geometry;

		ck_assert(kfrag_geometry_of(&world, &object, &geometry));
		ck_assert_uint_eq(geometry.order, last);
		ck_assert(!kfrag_geometry_of_order(&world, &object, last - 1,
						   &geometry));
		ck_assert(!kfrag_geometry_of_order(&world, &object, last + 1,
						   &geometry));
		object.size_bytes++;
		ck_assert(!kfrag_geometry_of(&world, &object, &geometry));
		ck_assert_uint_eq(geometry.objs_per_slab, 0);
		object.size_bytes = UINT64_MAX;
		ck_assert(!kfrag_geometry_of(&world, &object, &geometry));
		object.size_bytes = 8;
		ck_assert(kfrag_geometry_of(&world, &object, &geometry) ==
			  (era < KFRAG_ERA_SLAB_3_15));
	}
}
END_TEST

/* KMALLOC_SHIFT_HIGH is 25 at most: 32 MiB. */
START_TEST(large_pages_have_fewer_orders)
{
	struct kfrag_world world = world_of(KFRAG_ERA_SLAB_4_6, 65536);
	struct kfrag_object object = { .size_bytes = 65536 << 9 };
	struct kfrag_geometry geometry;

	ck_assert(kfrag_geometry_of(&world, &object, &geometry));
	ck_assert_uint_eq(geometry.order, 9);
	object.size_bytes++;
	ck_assert(!kfrag_geometry_of(&world, &object, &geometry));
	world.page_size_bytes = UINT64_C(1) << 26;
	ck_assert(kfrag_geometry_of(&world, &object, &geometry));
	ck_assert_uint_eq(geometry.order, 0);
}
END_TEST

Suite *geometry_slab_suite(void)
{
	Suite *suite = suite_create("geometry_slab");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_loop_test(core, as_kernels_print_it, 0, (int)NR_OF(seen));
	tcase_add_test(core, what_no_slab_holds);
	tcase_add_test(core, large_pages_have_fewer_orders);
	suite_add_tcase(suite, core);
	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, every_size, 0, KFRAG_ERA_SLAB_4_6 + 1);
	tcase_add_loop_test(properties, other_machines, 0,
			    KFRAG_ERA_SLAB_4_6 + 1);
	tcase_add_test(properties, of_a_given_order);
	suite_add_tcase(suite, properties);
	return suite;
}
