// SPDX-License-Identifier: MIT
#include "expect.h"
#include "kfrag/geometry.h"

Suite *geometry_layout_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

#define Z KFRAG_DEBUG_RED_ZONE
#define P KFRAG_DEBUG_POISON
#define U KFRAG_DEBUG_STORE_USER
#define FZPU (KFRAG_DEBUG_CONSISTENCY | Z | P | U)
#define TRACK_BYTES 32 /* struct track of 6.1 */

static const struct kfrag_world slub_world = {
	.era = KFRAG_ERA_SLUB_2_6_30,
	.page_size_bytes = 4096,
	.word_bytes = 8,
	.cache_line_bytes = 64,
	.nr_cpus = 2,
};

/*
 * What Linux 6.1 on x86_64 made of some caches, booted with slab_nomerge or
 * with slub_debug=Z, P, U and FZPU: object_size, align, and slab_size of each.
 */
static const struct {
	uint64_t object_size_bytes, align_bytes;
	bool has_pointer_behind, is_kmalloc;
	uint64_t plain, z, p, u, fzpu;
} booted[] = {
	{ 48, 8, false, false, 48, 72, 56, 112, 144 }, /* Acpi-Namespace */
	{ 64, 8, false, false, 64, 88, 72, 128, 160 }, /* vmap_area */
	{ 192, 8, false, false, 192, 216, 200, 256, 288 }, /* dentry */
	{ 96, 8, true, false, 104, 128, 104, 168, 192 }, /* anon_vma */
	{ 632, 8, true, false, 640, 664, 640, 704, 728 }, /* inode_cache */
	{ 2280, 64, true, false, 2304, 2368, 2304, 2368, 2432 }, /* TCP */
	{ 6208, 64, false, false, 6208, 6336, 6272, 6272, 6400 },
	{ 4096, 64, false, false, 4096, 4224, 4160, 4160, 4288 },
	{ 8, 8, false, true, 8, 32, 16, 80, 112 }, /* kmalloc-8 */
	{ 64, 64, false, true, 64, 192, 128, 192, 256 }, /* kmalloc-64 */
	{ 96, 8, false, true, 96, 120, 104, 168, 200 }, /* kmalloc-96 */
	{ 8192, 8192, false, true, 8192, 24576, 16384, 16384, 24576 },
};

START_TEST(as_booted)
{
	struct kfrag_layout layout = {
		.object_size_bytes = booted[_i].object_size_bytes,
		.align_bytes = booted[_i].align_bytes,
		.has_pointer_behind = booted[_i].has_pointer_behind,
		.is_kmalloc = booted[_i].is_kmalloc,
		.track_bytes = TRACK_BYTES,
	};
	const struct {
		unsigned debug;
		uint64_t size_bytes;
	} modes[] = {
		{ 0, booted[_i].plain },
		{ KFRAG_DEBUG_CONSISTENCY, booted[_i].plain },
		{ Z, booted[_i].z },
		{ P, booted[_i].p },
		{ U, booted[_i].u },
		{ FZPU, booted[_i].fzpu },
	};

	for (size_t m = 0; m < NR_OF(modes); m++) {
		layout.debug = modes[m].debug;
		ck_assert_uint_eq(kfrag_layout_size(&slub_world, &layout),
				  modes[m].size_bytes);
	}
}
END_TEST

/* A gap behind the object is red zone enough. */
START_TEST(red_zone_in_a_gap)
{
	struct kfrag_layout layout = { .object_size_bytes = 45, .debug = Z };

	ck_assert_uint_eq(kfrag_layout_size(&slub_world, &layout), 48 + 8 + 8);
	layout.object_size_bytes = 48;
	ck_assert_uint_eq(kfrag_layout_size(&slub_world, &layout),
			  48 + 8 + 8 + 8);
}
END_TEST

/* Red zones keep the pointer out of an object that is smaller than it. */
START_TEST(red_zone_of_small_objects)
{
	struct kfrag_layout layout = { .object_size_bytes = 7, .debug = Z };

	ck_assert_uint_eq(kfrag_layout_size(&slub_world, &layout),
			  8 + 8 + 8 + 8);
	layout.debug = 0;
	ck_assert_uint_eq(kfrag_layout_size(&slub_world, &layout), 8);
}
END_TEST

/* Since 6.2, of what kmalloc() gave and nobody asked for. */
START_TEST(red_zone_of_kmalloc)
{
	struct kfrag_world world = slub_world;
	struct kfrag_layout layout = { .object_size_bytes = 96,
				       .debug = Z | U,
				       .is_kmalloc = true,
				       .track_bytes = TRACK_BYTES };

	ck_assert_uint_eq(kfrag_layout_size(&world, &layout), 192);
	world.era = KFRAG_ERA_SLUB_6_7;
	ck_assert_uint_eq(kfrag_layout_size(&world, &layout), 200);
}
END_TEST

START_TEST(old_red_zones_have_nothing_before)
{
	struct kfrag_world world = slub_world;
	struct kfrag_layout layout = { .object_size_bytes = 192, .debug = Z };

	world.era = KFRAG_ERA_SLUB_2_6_26;
	ck_assert_uint_eq(kfrag_layout_size(&world, &layout), 192 + 8 + 8);
}
END_TEST

START_TEST(words_of_32_bits)
{
	struct kfrag_world world = slub_world;
	struct kfrag_layout layout = { .object_size_bytes = 45 };

	world.word_bytes = 4;
	ck_assert_uint_eq(kfrag_layout_size(&world, &layout), 48);
	layout.object_size_bytes = 44;
	ck_assert_uint_eq(kfrag_layout_size(&world, &layout), 44);
	layout.has_pointer_behind = true;
	ck_assert_uint_eq(kfrag_layout_size(&world, &layout), 48);
	layout.align_bytes = 2; /* less than a word is none */
	ck_assert_uint_eq(kfrag_layout_size(&world, &layout), 48);
}
END_TEST

START_TEST(slab_rounds_up)
{
	struct kfrag_world world = slub_world;
	struct kfrag_layout layout = { .object_size_bytes = 500,
				       .align_bytes = 64,
				       .has_pointer_behind = true };
	struct kfrag_object object = { 0 };
	struct kfrag_geometry geometry;

	for (int era = 0; era <= KFRAG_ERA_SLAB_4_6; era++) {
		world.era = (enum kfrag_era)era;
		layout.object_size_bytes = 500;
		layout.align_bytes = 64;
		ck_assert_uint_eq(kfrag_layout_size(&world, &layout), 512);
		layout.align_bytes = 0;
		ck_assert_uint_eq(kfrag_layout_size(&world, &layout), 504);
		/* An index of a byte needs fewer objects on a page. */
		layout.object_size_bytes = 8;
		object.size_bytes = kfrag_layout_size(&world, &layout);
		ck_assert_uint_eq(object.size_bytes,
				  era < KFRAG_ERA_SLAB_3_15 ? 8 : 16);
		ck_assert(kfrag_geometry_of(&world, &object, &geometry));
	}
	world.page_size_bytes = 65536;
	ck_assert_uint_eq(kfrag_layout_size(&world, &layout), 8);
}
END_TEST

Suite *geometry_layout_suite(void)
{
	Suite *suite = suite_create("geometry_layout");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, as_booted, 0, (int)NR_OF(booted));
	tcase_add_test(core, red_zone_in_a_gap);
	tcase_add_test(core, red_zone_of_small_objects);
	tcase_add_test(core, red_zone_of_kmalloc);
	tcase_add_test(core, old_red_zones_have_nothing_before);
	tcase_add_test(core, words_of_32_bits);
	tcase_add_test(core, slab_rounds_up);
	suite_add_tcase(suite, core);
	return suite;
}
