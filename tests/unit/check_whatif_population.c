// SPDX-License-Identifier: MIT
/* Laws of changed populations (src/replay/whatif_slabs.c). */
#include "expect.h"
#include "fixture_whatif.h"
#include "kfrag/arith.h"
#include "kfrag/whatif.h"

Suite *whatif_population_suite(void);

#define NR_WORLDS 300

static struct kfrag_record before_of(const struct fixture_whatif *fixture,
				     size_t index)
{
	return fixture->fixture.snapshot.records[index];
}

START_TEST(packing_frees_what_moving_could)
{
	struct kfrag_random random;
	struct fixture_whatif fixture;
	uint64_t nr_freed = 0;

	kfrag_random_init(&random, 3);
	for (int i = 0; i < NR_WORLDS; i++) {
		fixture_whatif_random(&fixture, &random);
		fixture.whatif.shrinks = true;
		fixture_whatif_run(&fixture);
		for (size_t k = 0; k < 20; k++) {
			struct kfrag_record before = before_of(&fixture, k);
			const struct kfrag_record *after =
				fixture_whatif_after(&fixture, k);
			uint64_t nr_slabs = kfrag_div_up(before.active_objs,
							 before.objs_per_slab);

			EXPECT_EQ(after->num_slabs, nr_slabs);
			EXPECT_EQ(after->num_objs,
				  nr_slabs * before.objs_per_slab);
			EXPECT_EQ(after->active_objs, before.active_objs);
			EXPECT_EQ(after->objs_per_slab, before.objs_per_slab);
			nr_freed += before.num_slabs - after->num_slabs;
		}
		fixture_whatif_release(&fixture);
	}
	ck_assert_uint_gt(nr_freed, NR_WORLDS);
}
END_TEST

START_TEST(packing_takes_files_as_they_are)
{
	struct fixture_whatif fixture;
	struct kfrag_record *record;

	fixture_whatif_init(&fixture);
	/* More active than there are: no more than there are. */
	fixture_whatif_add(&fixture, 192, 10, 300);
	/* SLAB keeps empty slabs apart. */
	record = fixture_whatif_add(&fixture, 192, 10, 30);
	record->active_slabs = 7;
	/* Some of a lower order; all are needed. */
	record = fixture_whatif_add(&fixture, 2048, 10, 151);
	record->num_objs = 152;
	/* Nothing says how many are in a slab. */
	record = fixture_whatif_add(&fixture, 192, 10, 30);
	record->objs_per_slab = 0;
	fixture.whatif.shrinks = true;
	fixture_whatif_run(&fixture);
	EXPECT_EQ(fixture_whatif_after(&fixture, 0)->num_slabs, 10);
	EXPECT_EQ(fixture_whatif_after(&fixture, 1)->num_slabs, 2);
	EXPECT_EQ(fixture_whatif_after(&fixture, 1)->active_slabs, 2);
	EXPECT_EQ(fixture_whatif_after(&fixture, 2)->num_slabs, 10);
	EXPECT_EQ(fixture_whatif_after(&fixture, 2)->num_objs, 152);
	EXPECT_EQ(fixture_whatif_after(&fixture, 3)->num_slabs, 10);
	fixture_whatif_release(&fixture);
}
END_TEST

START_TEST(populations_scale)
{
	struct kfrag_random random;
	struct fixture_whatif fixture;

	kfrag_random_init(&random, 4);
	for (int i = 0; i < NR_WORLDS; i++) {
		uint64_t factor = 1 + fixture_log_random(&random, 1000);

		fixture_whatif_random(&fixture, &random);
		fixture.whatif.population_numerator = factor;
		fixture.whatif.population_denominator = 1;
		fixture_whatif_run(&fixture);
		for (size_t k = 0; k < 20; k++) {
			struct kfrag_record before = before_of(&fixture, k);
			const struct kfrag_record *after =
				fixture_whatif_after(&fixture, k);

			EXPECT_EQ(after->num_objs, factor * before.num_objs);
			EXPECT_EQ(after->num_slabs, factor * before.num_slabs);
			EXPECT_EQ(after->active_objs,
				  factor * before.active_objs);
			EXPECT_EQ(after->active_slabs,
				  factor * before.active_slabs);
		}
		fixture_whatif_release(&fixture);
	}
}
END_TEST

/* No more than there were can be in use then. */
START_TEST(active_objects_are_limited)
{
	struct fixture_whatif fixture;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 192, 10, 300);
	fixture.whatif.slab_order = kfrag_known(4);
	fixture_whatif_run(&fixture);
	EXPECT_EQ(fixture_whatif_after(&fixture, 0)->num_objs, 341);
	EXPECT_EQ(fixture_whatif_after(&fixture, 0)->active_objs, 210);
	fixture.whatif.population_numerator = 2;
	fixture.whatif.population_denominator = 1;
	fixture.whatif.slab_order = kfrag_unknown();
	fixture_whatif_run(&fixture);
	EXPECT_EQ(fixture_whatif_after(&fixture, 0)->num_objs, 420);
	EXPECT_EQ(fixture_whatif_after(&fixture, 0)->active_objs, 420);
	fixture_whatif_release(&fixture);
}
END_TEST

START_TEST(parts_of_objects_are_whole_ones)
{
	struct fixture_whatif fixture;
	const struct kfrag_record *after;
	struct kfrag_record *record;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 192, 3, 1);
	record = fixture_whatif_add(&fixture, 192, 3, 1);
	record->objs_per_slab = 0;
	fixture.whatif.population_numerator = 3;
	fixture.whatif.population_denominator = 2;
	fixture_whatif_run(&fixture);
	after = fixture_whatif_after(&fixture, 0);
	/* 63 x 1.5 = 94.5 slots, five slabs of 21; 1.5 objects are 2. */
	EXPECT_EQ(after->num_slabs, 5);
	EXPECT_EQ(after->num_objs, 105);
	EXPECT_EQ(after->active_objs, 2);
	/* Slabs of an unknown content grow as the objects. */
	after = fixture_whatif_after(&fixture, 1);
	EXPECT_EQ(after->num_objs, 95);
	EXPECT_EQ(after->num_slabs, 5);
	fixture_whatif_release(&fixture);
}
END_TEST

START_TEST(populations_end_at_64_bits)
{
	struct fixture_whatif fixture;
	struct kfrag_record *record;

	fixture_whatif_init(&fixture);
	record = fixture_whatif_add(&fixture, 192, 3, 1);
	record->num_objs = UINT64_MAX / 2;
	fixture.whatif.population_numerator = 3;
	fixture.whatif.population_denominator = 1;
	ck_assert_int_eq(kfrag_whatif_init(&fixture.result,
					   &fixture.fixture.snapshot,
					   &fixture.fit, NULL, &fixture.whatif),
			 KFRAG_EOVERFLOW);
	ck_assert_ptr_null(fixture.result.snapshot.records);
	record->num_objs = UINT64_MAX / 3;
	record->objs_per_slab = 0;
	record->num_slabs = UINT64_MAX / 2;
	ck_assert_int_eq(kfrag_whatif_init(&fixture.result,
					   &fixture.fixture.snapshot,
					   &fixture.fit, NULL, &fixture.whatif),
			 KFRAG_EOVERFLOW);
	/* The last slab is a whole one. */
	record->num_objs = UINT64_MAX;
	record->objs_per_slab = 21;
	fixture.whatif.population_numerator = 0;
	fixture.whatif.population_denominator = 0;
	fixture.whatif.slub_min_order = kfrag_known(1);
	ck_assert_int_eq(kfrag_whatif_init(&fixture.result,
					   &fixture.fixture.snapshot,
					   &fixture.fit, NULL, &fixture.whatif),
			 KFRAG_EOVERFLOW);
	fixture_whatif_release(&fixture);
}
END_TEST

Suite *whatif_population_suite(void)
{
	Suite *suite = suite_create("whatif_population");
	TCase *tcase = tcase_create("whatif_population");

	tcase_add_test(tcase, packing_frees_what_moving_could);
	tcase_add_test(tcase, packing_takes_files_as_they_are);
	tcase_add_test(tcase, populations_scale);
	tcase_add_test(tcase, active_objects_are_limited);
	tcase_add_test(tcase, parts_of_objects_are_whole_ones);
	tcase_add_test(tcase, populations_end_at_64_bits);
	suite_add_tcase(suite, tcase);
	return suite;
}
