// SPDX-License-Identifier: MIT
/* Laws of changed worlds (src/replay/whatif.c, whatif_slabs.c). */
#include "kfrag/whatif.h"

#include "expect.h"
#include "fixture_whatif.h"
#include "kfrag/arith.h"

Suite *whatif_suite(void);

#define NR_WORLDS 300

static struct kfrag_record before_of(const struct fixture_whatif *fixture,
				     size_t index)
{
	return fixture->fixture.snapshot.records[index];
}

static bool is_same(const struct kfrag_record *a, const struct kfrag_record *b)
{
	return a->name == b->name && a->name_bytes == b->name_bytes &&
	       a->line == b->line && a->active_objs == b->active_objs &&
	       a->num_objs == b->num_objs && a->size_bytes == b->size_bytes &&
	       a->objs_per_slab == b->objs_per_slab &&
	       a->pages_per_slab == b->pages_per_slab &&
	       a->active_slabs == b->active_slabs &&
	       a->num_slabs == b->num_slabs;
}

static void expect_all_same(const struct fixture_whatif *fixture)
{
	const struct kfrag_snapshot *after = &fixture->result.snapshot;

	EXPECT_EQ(after->nr_records, fixture->fixture.snapshot.nr_records);
	for (size_t i = 0; i < after->nr_records; i++)
		EXPECT(is_same(&after->records[i],
			       &fixture->fixture.snapshot.records[i]));
}

static void change_at_random(struct kfrag_whatif *whatif,
			     struct kfrag_random *random)
{
	switch (kfrag_random_below(random, 6)) {
	case 0:
		whatif->nr_cpus = kfrag_known(fixture_log_random(random, 4096));
		break;
	case 1:
		whatif->page_size_bytes = kfrag_known(
			UINT64_C(4096) << 2 * kfrag_random_below(random, 3));
		break;
	case 2:
		whatif->slub_min_order =
			kfrag_known(kfrag_random_below(random, 5));
		break;
	case 3:
		whatif->slub_max_order =
			kfrag_known(kfrag_random_below(random, 11));
		break;
	case 4:
		whatif->slub_min_objects =
			kfrag_known(fixture_log_random(random, 100));
		break;
	default:
		whatif->era = kfrag_known((uint64_t)KFRAG_ERA_SLUB_2_6_22 +
					  kfrag_random_below(random, 4));
		break;
	}
}

START_TEST(no_change_changes_nothing)
{
	struct kfrag_random random;
	struct fixture_whatif fixture;

	kfrag_random_init(&random, 1);
	for (int i = 0; i < NR_WORLDS; i++) {
		fixture_whatif_random(&fixture, &random);
		fixture_whatif_run(&fixture);
		expect_all_same(&fixture);
		EXPECT_EQ(fixture.result.nr_notes, 0);
		EXPECT_EQ(fixture.result.nr_explained, 20);
		/* Nor does a world that is named as it is. */
		fixture.whatif.nr_cpus = kfrag_known(fixture.fit.world.nr_cpus);
		fixture.whatif.era =
			kfrag_known((uint64_t)fixture.fit.world.era);
		fixture.whatif.kind = KFRAG_KIND_SLUB;
		fixture.whatif.population_numerator = 3;
		fixture.whatif.population_denominator = 3;
		fixture_whatif_run(&fixture);
		expect_all_same(&fixture);
		fixture_whatif_release(&fixture);
	}
}
END_TEST

/* What a row becomes under other slabs, by the rule of whatif.h. */
static void expect_row(const struct kfrag_record *before,
		       const struct kfrag_record *after,
		       const struct kfrag_geometry *geometry)
{
	uint64_t nr_slabs =
		kfrag_div_up(before->num_objs, geometry->objs_per_slab);

	EXPECT_EQ(after->objs_per_slab, geometry->objs_per_slab);
	EXPECT_EQ(after->pages_per_slab, UINT64_C(1) << geometry->order);
	EXPECT_EQ(after->size_bytes, before->size_bytes);
	EXPECT_EQ(after->active_objs, before->active_objs);
	EXPECT_EQ(after->num_slabs, nr_slabs);
	EXPECT_EQ(after->num_objs, nr_slabs * geometry->objs_per_slab);
	EXPECT_EQ(after->active_slabs, nr_slabs);
}

START_TEST(worlds_give_the_slabs_of_the_kernel)
{
	struct kfrag_random random;
	struct fixture_whatif fixture;
	size_t nr_changed = 0, nr_same = 0;

	kfrag_random_init(&random, 2);
	for (int i = 0; i < NR_WORLDS; i++) {
		fixture_whatif_random(&fixture, &random);
		change_at_random(&fixture.whatif, &random);
		change_at_random(&fixture.whatif, &random);
		fixture_whatif_run(&fixture);
		EXPECT_EQ(fixture.result.nr_notes, 0);
		for (size_t k = 0; k < 20; k++) {
			struct kfrag_record before = before_of(&fixture, k);
			const struct kfrag_record *after =
				fixture_whatif_after(&fixture, k);
			struct kfrag_geometry geometry;

			EXPECT(kfrag_geometry_of(&fixture.result.world,
						 &fixture.rows[k].object,
						 &geometry));
			expect_row(&before, after, &geometry);
			nr_same += is_same(&before, after);
			nr_changed += !is_same(&before, after);
		}
		fixture_whatif_release(&fixture);
	}
	ck_assert_uint_gt(nr_changed, NR_WORLDS);
	ck_assert_uint_gt(nr_same, NR_WORLDS);
}
END_TEST

START_TEST(orders_are_set_by_hand)
{
	struct fixture_whatif fixture;
	const struct kfrag_record *after;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 192, 10, 100);
	fixture_whatif_add(&fixture, 1 << 14, 10, 5);
	fixture.whatif.slab_order = kfrag_known(1);
	fixture_whatif_run(&fixture);
	after = fixture_whatif_after(&fixture, 0);
	EXPECT_EQ(after->objs_per_slab, 42);
	EXPECT_EQ(after->pages_per_slab, 2);
	EXPECT_EQ(after->num_slabs, 5);
	EXPECT_EQ(after->num_objs, 210);
	/* One that has no room for an object is refused. */
	EXPECT_EQ(fixture_whatif_after(&fixture, 1)->pages_per_slab,
		  before_of(&fixture, 1).pages_per_slab);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_TOO_LARGE), 1);
	fixture_whatif_release(&fixture);
}
END_TEST

START_TEST(unexplained_slabs_stay)
{
	struct fixture_whatif fixture;
	const struct kfrag_record *after;
	struct kfrag_record *record;

	fixture_whatif_init(&fixture);
	record = fixture_whatif_add(&fixture, 192, 10, 100);
	record->pages_per_slab = 4;
	record->objs_per_slab = 85;
	record->num_objs = 850;
	fixture.whatif.nr_cpus = kfrag_known(64);
	fixture_whatif_run(&fixture);
	expect_all_same(&fixture);
	EXPECT_EQ(fixture.result.nr_explained, 0);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_UNPREDICTED),
		  1);
	/* Larger pages: as many bytes, as far as there are such. */
	fixture.whatif.page_size_bytes = kfrag_known(65536);
	fixture_whatif_run(&fixture);
	after = fixture_whatif_after(&fixture, 0);
	EXPECT_EQ(after->pages_per_slab, 1);
	EXPECT_EQ(after->objs_per_slab, 85);
	EXPECT_EQ(after->num_slabs, 10);
	/* Of other objects as many as fit the order. */
	fixture.whatif.page_size_bytes = kfrag_unknown();
	fixture.whatif.resize = KFRAG_RESIZE_TO;
	fixture.whatif.resize_bytes = 96;
	fixture_whatif_run(&fixture);
	after = fixture_whatif_after(&fixture, 0);
	EXPECT_EQ(after->pages_per_slab, 4);
	EXPECT_EQ(after->objs_per_slab, 170);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_ORDER_KEPT),
		  1);
	fixture_whatif_release(&fixture);
}
END_TEST

START_TEST(empty_rows_are_predicted)
{
	struct fixture_whatif fixture;
	struct kfrag_record *record;

	/* 1.x says objs_per_slab of no cache without slabs. */
	fixture_whatif_init(&fixture);
	record = fixture_whatif_add(&fixture, 192, 0, 0);
	record->objs_per_slab = 0;
	fixture.whatif.slub_min_order = kfrag_known(2);
	fixture_whatif_run(&fixture);
	EXPECT_EQ(fixture_whatif_after(&fixture, 0)->objs_per_slab, 85);
	EXPECT_EQ(fixture_whatif_after(&fixture, 0)->num_slabs, 0);
	EXPECT_EQ(fixture.result.nr_notes, 0);
	fixture_whatif_release(&fixture);
}
END_TEST

START_TEST(only_the_chosen_change)
{
	static const bool is_chosen[] = { false, true };
	struct fixture_whatif fixture;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 192, 10, 30);
	fixture_whatif_add(&fixture, 192, 10, 30);
	fixture.whatif.is_chosen = is_chosen;
	fixture.whatif.shrinks = true;
	fixture.whatif.resize = KFRAG_RESIZE_SHRINK;
	fixture.whatif.resize_bytes = 8;
	fixture_whatif_run(&fixture);
	EXPECT_EQ(fixture_whatif_after(&fixture, 0)->size_bytes, 192);
	EXPECT_EQ(fixture_whatif_after(&fixture, 0)->num_slabs, 10);
	EXPECT_EQ(fixture_whatif_after(&fixture, 1)->size_bytes, 184);
	EXPECT_EQ(fixture_whatif_after(&fixture, 1)->num_slabs, 2);
	/* The world is everyone's. */
	fixture.whatif.slub_min_order = kfrag_known(2);
	fixture_whatif_run(&fixture);
	EXPECT_EQ(fixture_whatif_after(&fixture, 0)->pages_per_slab, 4);
	fixture_whatif_release(&fixture);
}
END_TEST

/* The kernels of about the same time. */
START_TEST(allocators_have_their_times)
{
	static const struct {
		enum kfrag_era before;
		enum kfrag_allocator_kind kind;
		enum kfrag_era after;
		const char *kernel;
	} cases[] = {
		{ KFRAG_ERA_SLUB_6_7, KFRAG_KIND_SLAB, KFRAG_ERA_SLAB_4_6,
		  NULL },
		{ KFRAG_ERA_SLUB_2_6_30, KFRAG_KIND_SLAB, KFRAG_ERA_SLAB_4_6,
		  NULL },
		{ KFRAG_ERA_SLUB_2_6_26, KFRAG_KIND_SLAB, KFRAG_ERA_SLAB_2_6_16,
		  NULL },
		{ KFRAG_ERA_SLAB_4_6, KFRAG_KIND_SLUB, KFRAG_ERA_SLUB_2_6_30,
		  NULL },
		{ KFRAG_ERA_SLAB_2_6_16, KFRAG_KIND_SLUB, KFRAG_ERA_SLUB_2_6_30,
		  NULL },
		{ KFRAG_ERA_SLAB_2_4, KFRAG_KIND_SLUB, KFRAG_ERA_SLUB_2_6_22,
		  NULL },
		{ KFRAG_ERA_SLAB_2_4, KFRAG_KIND_SLAB, KFRAG_ERA_SLAB_2_4,
		  NULL },
		/* A release says it better. */
		{ KFRAG_ERA_SLUB_2_6_30, KFRAG_KIND_SLAB, KFRAG_ERA_SLAB_3_15,
		  "4.4.0-21-generic" },
		{ KFRAG_ERA_SLUB_6_7, KFRAG_KIND_SLAB, KFRAG_ERA_SLAB_4_6,
		  "6.18.2" },
	};
	struct fixture_whatif fixture;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fixture_whatif_init(&fixture);
		fixture.fit.world.era = cases[i].before;
		fixture.whatif.kind = cases[i].kind;
		fixture.fixture.snapshot.origin.kernel = cases[i].kernel;
		fixture_whatif_run(&fixture);
		ck_assert_int_eq(fixture.result.world.era, cases[i].after);
		fixture_whatif_release(&fixture);
	}
}
END_TEST

START_TEST(codes_have_words)
{
	for (int i = 0; i < KFRAG_NR_WHATIF_CODES; i++) {
		enum kfrag_whatif_code code = (enum kfrag_whatif_code)i;

		ck_assert_uint_gt(strlen(kfrag_whatif_code_text(code)), 3);
		ck_assert_uint_gt(strlen(kfrag_whatif_code_help(code)), 10);
	}
}
END_TEST

Suite *whatif_suite(void)
{
	Suite *suite = suite_create("whatif");
	TCase *tcase = tcase_create("whatif");

	tcase_add_test(tcase, no_change_changes_nothing);
	tcase_add_test(tcase, worlds_give_the_slabs_of_the_kernel);
	tcase_add_test(tcase, orders_are_set_by_hand);
	tcase_add_test(tcase, unexplained_slabs_stay);
	tcase_add_test(tcase, empty_rows_are_predicted);
	tcase_add_test(tcase, only_the_chosen_change);
	tcase_add_test(tcase, allocators_have_their_times);
	tcase_add_test(tcase, codes_have_words);
	suite_add_tcase(suite, tcase);
	return suite;
}
