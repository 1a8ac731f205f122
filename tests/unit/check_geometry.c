// SPDX-License-Identifier: MIT
#include "kfrag/geometry.h"

#include <string.h>

#include "expect.h"
#include "twin_slub.h"

Suite *geometry_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define LAST_SIZE 300000

static const uint64_t pages[] = { 4096, 16384, 65536 };

static void expect_same(const struct kfrag_world *world,
			const struct twin_slub_table *table, unsigned order)
{
	struct kfrag_object object = { .size_bytes = table->size_bytes };
	struct kfrag_geometry geometry;
	uint64_t slab_bytes = world->page_size_bytes << order;
	uint64_t nr = slab_bytes / table->size_bytes;

	EXPECT(kfrag_geometry_of(world, &object, &geometry));
	if (geometry.order != order)
		ck_abort_msg("era %s, page %" PRIu64 ", %" PRIu64
			     " CPUs, size %" PRIu64 ": order %u, not %u",
			     kfrag_era_range(world->era)->name,
			     world->page_size_bytes, world->nr_cpus,
			     table->size_bytes, geometry.order, order);
	EXPECT_EQ(geometry.objs_per_slab,
		  nr < KFRAG_MAX_OBJS_PER_SLAB ? nr : KFRAG_MAX_OBJS_PER_SLAB);
	EXPECT_EQ(geometry.objs_per_slab * table->size_bytes +
			  geometry.rest_bytes,
		  slab_bytes);
	EXPECT_EQ(geometry.management, KFRAG_MANAGED_BY_PAGE);
	EXPECT_EQ(geometry.management_bytes, 0);
}

/* Four for each power of two of CPUs, and four more. */
static uint64_t wanted_of_cpus(uint64_t nr_cpus)
{
	uint64_t nr = 4;

	for (; nr_cpus > 0; nr_cpus /= 2)
		nr += 4;
	return nr;
}

static struct twin_slub_parameters defaults(const struct twin_slub_rules *rules,
					    uint64_t page_bytes,
					    uint64_t nr_cpus)
{
	if (rules->era != KFRAG_ERA_SLUB_2_6_22)
		return (struct twin_slub_parameters){ 0, 3,
						      wanted_of_cpus(nr_cpus) };
	return page_bytes == 4096 ? (struct twin_slub_parameters){ 0, 1, 4 } :
				    (struct twin_slub_parameters){ 0, 2, 8 };
}

static struct kfrag_world world_of(enum kfrag_era era, uint64_t page_bytes,
				   uint64_t nr_cpus)
{
	return (struct kfrag_world){ .era = era,
				     .page_size_bytes = page_bytes,
				     .word_bytes = 8,
				     .cache_line_bytes = 64,
				     .nr_cpus = nr_cpus };
}

/* 1, 2 to 3, 4 to 7, ... 2048 to 4095 CPUs: an odd number of each class. */
static uint64_t cpus_of(unsigned class)
{
	return (UINT64_C(1) << class) + (class > 1 ? 1 : 0);
}

START_TEST(every_size_with_defaults)
{
	const struct twin_slub_rules *rules = &twin_slub_rules[_i];
	struct twin_slub_hard hard = { 0 };
	struct twin_slub_table table;

	for (size_t p = 0; p < NR_OF(pages); p++) {
		for (uint64_t size = 8; size <= LAST_SIZE; size += 8) {
			twin_slub_fill(&table, pages[p], size);
			for (unsigned c = 0; c < 12; c++) {
				struct kfrag_world world = world_of(
					rules->era, pages[p], cpus_of(c));

				expect_same(&world, &table,
					    twin_slub_order(
						    rules, &table,
						    defaults(rules, pages[p],
							     cpus_of(c)),
						    &hard));
				if (rules->era == KFRAG_ERA_SLUB_2_6_22)
					break;
			}
		}
	}
	ck_assert_uint_gt(hard.nr_fallbacks, 0);
	ck_assert(rules->is_clamped == (hard.nr_clamped > 0));
	/* What is left of a wish that was clamped either fits or falls back. */
	ck_assert(rules->halves == (hard.nr_fewer > 0));
}
END_TEST

/* Boot parameters that contradict each other among them; 0: as the era. */
static const struct twin_slub_parameters booted[] = {
	{ 0, 0, 0 }, { 0, 1, 0 }, { 0, 4, 0 },	 { 0, 10, 0 },
	{ 1, 3, 0 }, { 2, 3, 0 }, { 3, 3, 64 },	 { 4, 10, 0 },
	{ 2, 1, 0 }, { 5, 0, 4 }, { 0, 3, 1 },	 { 0, 3, 64 },
	{ 0, 3, 2 }, { 0, 6, 7 }, { 10, 10, 0 }, { 3, 5, 40000 },
};

static struct twin_slub_parameters
effective(const struct twin_slub_rules *rules,
	  const struct twin_slub_parameters *boot,
	  const struct kfrag_world *world)
{
	struct twin_slub_parameters parameters = *boot;

	if (parameters.nr_wanted == 0)
		parameters.nr_wanted =
			defaults(rules, world->page_size_bytes, world->nr_cpus)
				.nr_wanted;
	if (!rules->gives_in && parameters.max_order < parameters.min_order)
		parameters.max_order = parameters.min_order;
	return parameters;
}

START_TEST(sizes_with_boot_parameters)
{
	const struct twin_slub_rules *rules = &twin_slub_rules[_i];
	struct twin_slub_hard hard = { 0 };
	struct twin_slub_table table;

	for (size_t b = 0; b < NR_OF(booted); b++) {
		for (uint64_t size = 8 + 8 * b; size <= LAST_SIZE;
		     size += size < 2000 ? 8 : 104) {
			struct kfrag_world world = world_of(
				rules->era, pages[size / 8 % NR_OF(pages)],
				cpus_of((unsigned)(size / 24 % 12)));

			world.slub_min_order = kfrag_known(booted[b].min_order);
			world.slub_max_order = kfrag_known(booted[b].max_order);
			world.slub_min_objects =
				kfrag_known(booted[b].nr_wanted);
			twin_slub_fill(&table, world.page_size_bytes, size);
			expect_same(&world, &table,
				    twin_slub_order(rules, &table,
						    effective(rules, &booted[b],
							      &world),
						    &hard));
		}
	}
	ck_assert_uint_gt(hard.nr_fallbacks, 0);
	ck_assert_uint_gt(hard.nr_beyond_count, 0);
	ck_assert(rules->is_clamped == (hard.nr_clamped > 0));
}
END_TEST

/* Published: 6.6 and 6.7 differ for these, and only these, of 4 KiB pages. */
START_TEST(what_6_7_changed)
{
	uint64_t nr_differ = 0;

	for (uint64_t size = 8; size <= LAST_SIZE; size += 8) {
		struct kfrag_world world = world_of(KFRAG_ERA_SLUB_2_6_30, 4096,
						    cpus_of((unsigned)_i));
		struct kfrag_object object = { .size_bytes = size };
		struct kfrag_geometry old, new;

		ck_assert(kfrag_geometry_of(&world, &object, &old));
		world.era = KFRAG_ERA_SLUB_6_7;
		ck_assert(kfrag_geometry_of(&world, &object, &new));
		if (old.order == new.order)
			continue;
		nr_differ++;
		ck_assert_uint_ge(size, 10928);
		ck_assert_uint_le(size, 12280);
		ck_assert_uint_eq(old.order, 2);
		ck_assert_uint_eq(old.objs_per_slab, 1);
		ck_assert_uint_eq(new.order, 3);
		ck_assert_uint_eq(new.objs_per_slab, 2);
	}
	ck_assert_uint_eq(nr_differ, 170);
}
END_TEST

/* As machines had them: their /proc/slabinfo. */
static const struct {
	uint64_t page_bytes;
	uint64_t nr_cpus;
	uint64_t size_bytes;
	uint64_t objs_per_slab;
	unsigned order;
} seen[] = {
	{ 4096, 2, 192, 21, 0 },  { 4096, 2, 416, 19, 1 },
	{ 4096, 2, 1088, 15, 2 }, { 4096, 2, 2112, 15, 3 },
	{ 4096, 8, 704, 23, 2 },  { 4096, 4, 1088, 30, 3 },
	{ 4096, 2, 12224, 1, 2 }, { 65536, 1, 8192, 8, 0 },
};

START_TEST(as_machines_have_it)
{
	struct kfrag_world world = world_of(
		KFRAG_ERA_SLUB_2_6_30, seen[_i].page_bytes, seen[_i].nr_cpus);
	struct kfrag_object object = { .size_bytes = seen[_i].size_bytes };
	struct kfrag_geometry geometry;

	ck_assert(kfrag_geometry_of(&world, &object, &geometry));
	ck_assert_uint_eq(geometry.order, seen[_i].order);
	ck_assert_uint_eq(geometry.objs_per_slab, seen[_i].objs_per_slab);
}
END_TEST

START_TEST(of_a_given_order)
{
	struct kfrag_world world = world_of(KFRAG_ERA_SLUB_6_7, 4096, 2);
	struct kfrag_object object = { .size_bytes = 5000 };
	struct kfrag_geometry geometry;

	ck_assert(!kfrag_geometry_of_order(&world, &object, 0, &geometry));
	ck_assert_uint_eq(geometry.objs_per_slab, 0);
	ck_assert(kfrag_geometry_of_order(&world, &object, 1, &geometry));
	ck_assert_uint_eq(geometry.objs_per_slab, 1);
	ck_assert_uint_eq(geometry.rest_bytes, 3192);
	ck_assert(kfrag_geometry_of_order(&world, &object, 10, &geometry));
	ck_assert_uint_eq(geometry.objs_per_slab, 838);
	ck_assert(!kfrag_geometry_of_order(&world, &object, 11, &geometry));
	object.size_bytes = 8;
	ck_assert(kfrag_geometry_of_order(&world, &object, 10, &geometry));
	ck_assert_uint_eq(geometry.objs_per_slab, KFRAG_MAX_OBJS_PER_SLAB);
	ck_assert_uint_eq(geometry.rest_bytes, 4194304 - 8 * 32767);
}
END_TEST

START_TEST(too_large_for_any_slab)
{
	struct kfrag_world world = world_of(KFRAG_ERA_SLUB_6_7, 4096, 2);
	struct kfrag_object object = { .size_bytes = 4194304 };
	struct kfrag_geometry geometry;

	for (size_t i = 0; i < NR_OF(twin_slub_rules); i++) {
		world.era = twin_slub_rules[i].era;
		object.size_bytes = 4194304;
		ck_assert(kfrag_geometry_of(&world, &object, &geometry));
		ck_assert_uint_eq(geometry.order, 10);
		object.size_bytes++;
		ck_assert(!kfrag_geometry_of(&world, &object, &geometry));
		ck_assert_uint_eq(geometry.objs_per_slab, 0);
		object.size_bytes = UINT64_MAX;
		ck_assert(!kfrag_geometry_of(&world, &object, &geometry));
	}
}
END_TEST

START_TEST(fallback_order)
{
	ck_assert_uint_eq(kfrag_geometry_fallback_order(1, 4096), 0);
	ck_assert_uint_eq(kfrag_geometry_fallback_order(4096, 4096), 0);
	ck_assert_uint_eq(kfrag_geometry_fallback_order(4097, 4096), 1);
	ck_assert_uint_eq(kfrag_geometry_fallback_order(8193, 4096), 2);
	ck_assert_uint_eq(kfrag_geometry_fallback_order(8193, 65536), 0);
}
END_TEST

START_TEST(eras_by_name)
{
	enum kfrag_era era;

	for (int i = 0; i < KFRAG_NR_ERAS; i++) {
		const struct kfrag_era_range *range =
			kfrag_era_range((enum kfrag_era)i);

		ck_assert(kfrag_era_find(range->name, &era));
		ck_assert_int_eq((int)era, i);
		ck_assert(range->is_slub == (i >= KFRAG_ERA_SLUB_2_6_22));
		ck_assert_int_eq(strncmp(range->name,
					 range->is_slub ? "slub-" : "slab-", 5),
				 0);
		ck_assert_uint_gt(strlen(range->kernels), 0);
	}
	ck_assert(kfrag_era_find("slub", &era));
	ck_assert_int_eq((int)era, KFRAG_ERA_SLUB_6_7);
	ck_assert(kfrag_era_find("slab", &era));
	ck_assert_int_eq((int)era, KFRAG_ERA_SLAB_4_6);
	ck_assert(!kfrag_era_find("", &era));
	ck_assert(!kfrag_era_find("slob", &era));
	ck_assert(!kfrag_era_find("slub-6.7 ", &era));
	ck_assert(!kfrag_era_find("SLUB", &era));
}
END_TEST

/* -1: none. Both sides of each border. */
static const struct {
	const char *release;
	int slab, slub;
} releases[] = {
	{ "2.4.18", KFRAG_ERA_SLAB_2_4, -1 },
	{ "2.5.65-mm2", KFRAG_ERA_SLAB_2_4, -1 },
	{ "2.6.0-test9", KFRAG_ERA_SLAB_2_6_0, -1 },
	{ "2.6.7", KFRAG_ERA_SLAB_2_6_0, -1 },
	{ "2.6.8", KFRAG_ERA_SLAB_2_6_9, -1 },
	{ "2.6.15.7", KFRAG_ERA_SLAB_2_6_9, -1 },
	{ "2.6.16", KFRAG_ERA_SLAB_2_6_16, -1 },
	{ "2.6.21", KFRAG_ERA_SLAB_2_6_16, -1 },
	{ "2.6.22", KFRAG_ERA_SLAB_2_6_16, KFRAG_ERA_SLUB_2_6_22 },
	{ "2.6.25", KFRAG_ERA_SLAB_2_6_16, KFRAG_ERA_SLUB_2_6_22 },
	{ "2.6.26", KFRAG_ERA_SLAB_2_6_16, KFRAG_ERA_SLUB_2_6_26 },
	{ "2.6.29", KFRAG_ERA_SLAB_2_6_16, KFRAG_ERA_SLUB_2_6_26 },
	{ "2.6.30", KFRAG_ERA_SLAB_2_6_16, KFRAG_ERA_SLUB_2_6_30 },
	{ "2.6.32-220.el6.x86_64", KFRAG_ERA_SLAB_2_6_16,
	  KFRAG_ERA_SLUB_2_6_30 },
	{ "3.12", KFRAG_ERA_SLAB_2_6_16, KFRAG_ERA_SLUB_2_6_30 },
	{ "3.13.0", KFRAG_ERA_SLAB_3_13, KFRAG_ERA_SLUB_2_6_30 },
	{ "3.15", KFRAG_ERA_SLAB_3_15, KFRAG_ERA_SLUB_2_6_30 },
	{ "4.5.999999", KFRAG_ERA_SLAB_3_15, KFRAG_ERA_SLUB_2_6_30 },
	{ "4.6", KFRAG_ERA_SLAB_4_6, KFRAG_ERA_SLUB_2_6_30 },
	{ "4.10", KFRAG_ERA_SLAB_4_6, KFRAG_ERA_SLUB_2_6_30 },
	{ "6.6.119-09226-gd21866c9e0f4", KFRAG_ERA_SLAB_4_6,
	  KFRAG_ERA_SLUB_2_6_30 },
	{ "6.7.12", KFRAG_ERA_SLAB_4_6, KFRAG_ERA_SLUB_6_7 },
	{ "6.8", -1, KFRAG_ERA_SLUB_6_7 },
	{ "7.1-rc3", -1, KFRAG_ERA_SLUB_6_7 },
	{ "2.2.26", -1, -1 },
	{ "", -1, -1 },
	{ "linux", -1, -1 },
	{ "4294967302.7", -1, KFRAG_ERA_SLUB_6_7 },
};

START_TEST(eras_by_release)
{
	enum kfrag_era era;
	bool found = kfrag_era_of_release(releases[_i].release, false, &era);

	ck_assert_int_eq(found ? (int)era : -1, releases[_i].slab);
	found = kfrag_era_of_release(releases[_i].release, true, &era);
	ck_assert_int_eq(found ? (int)era : -1, releases[_i].slub);
}
END_TEST

Suite *geometry_suite(void)
{
	Suite *suite = suite_create("geometry");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_loop_test(core, as_machines_have_it, 0, (int)NR_OF(seen));
	tcase_add_test(core, of_a_given_order);
	tcase_add_test(core, too_large_for_any_slab);
	tcase_add_test(core, fallback_order);
	tcase_add_test(core, eras_by_name);
	tcase_add_loop_test(core, eras_by_release, 0, (int)NR_OF(releases));
	suite_add_tcase(suite, core);
	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, every_size_with_defaults, 0,
			    (int)NR_OF(twin_slub_rules));
	tcase_add_loop_test(properties, sizes_with_boot_parameters, 0,
			    (int)NR_OF(twin_slub_rules));
	tcase_add_loop_test(properties, what_6_7_changed, 0, 12);
	suite_add_tcase(suite, properties);
	return suite;
}
