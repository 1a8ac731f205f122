// SPDX-License-Identifier: MIT
/* Objects of other sizes, and merged caches (src/replay/whatif_*.c). */
#include "expect.h"
#include "fixture_whatif.h"
#include "kfrag/whatif.h"

Suite *whatif_object_suite(void);

static uint64_t size_after(const struct fixture_whatif *fixture, size_t index)
{
	return fixture_whatif_after(fixture, index)->size_bytes;
}

static void resize(struct fixture_whatif *fixture, enum kfrag_resize resize,
		   uint64_t bytes)
{
	fixture->whatif.resize = resize;
	fixture->whatif.resize_bytes = bytes;
	fixture_whatif_run(fixture);
}

START_TEST(sizes_without_payload)
{
	struct fixture_whatif fixture;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 192, 10, 100);
	resize(&fixture, KFRAG_RESIZE_SHRINK, 1);
	EXPECT_EQ(size_after(&fixture, 0), 192);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture,
					  KFRAG_WHATIF_PAYLOAD_UNKNOWN),
		  1);
	resize(&fixture, KFRAG_RESIZE_SHRINK, 8);
	EXPECT_EQ(size_after(&fixture, 0), 184);
	EXPECT_EQ(fixture_whatif_after(&fixture, 0)->objs_per_slab, 22);
	resize(&fixture, KFRAG_RESIZE_GROW, 1);
	EXPECT_EQ(size_after(&fixture, 0), 200);
	resize(&fixture, KFRAG_RESIZE_TO, 100);
	EXPECT_EQ(size_after(&fixture, 0), 104);
	fixture.whatif.align_bytes = kfrag_known(64);
	fixture_whatif_run(&fixture);
	EXPECT_EQ(size_after(&fixture, 0), 128);
	/* A word is the least. */
	fixture.whatif.align_bytes = kfrag_known(1);
	fixture_whatif_run(&fixture);
	EXPECT_EQ(size_after(&fixture, 0), 104);
	fixture_whatif_release(&fixture);
}
END_TEST

START_TEST(nothing_is_left_of_some)
{
	struct fixture_whatif fixture;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 192, 10, 100);
	resize(&fixture, KFRAG_RESIZE_SHRINK, 192);
	EXPECT_EQ(size_after(&fixture, 0), 192);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_TOO_SMALL), 1);
	fixture_whatif_sysslab(&fixture, "cache-0 187 192 21 0 64\n");
	resize(&fixture, KFRAG_RESIZE_SHRINK, 187);
	EXPECT_EQ(size_after(&fixture, 0), 192);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_TOO_SMALL), 1);
	/* And of some there is more than a slab holds. */
	resize(&fixture, KFRAG_RESIZE_GROW, UINT64_C(1) << 30);
	EXPECT_EQ(size_after(&fixture, 0), 192);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_TOO_LARGE), 1);
	fixture_whatif_release(&fixture);
}
END_TEST

START_TEST(sizes_with_payload)
{
	struct fixture_whatif fixture;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 192, 10, 100);
	fixture_whatif_sysslab(&fixture, "cache-0 130 192 21 0 64\n");
	resize(&fixture, KFRAG_RESIZE_SHRINK, 1);
	EXPECT_EQ(size_after(&fixture, 0), 192);
	EXPECT_EQ(fixture.result.nr_notes, 0);
	resize(&fixture, KFRAG_RESIZE_SHRINK, 2);
	EXPECT_EQ(size_after(&fixture, 0), 128);
	resize(&fixture, KFRAG_RESIZE_GROW, 63);
	EXPECT_EQ(size_after(&fixture, 0), 256);
	fixture.whatif.align_bytes = kfrag_known(8);
	resize(&fixture, KFRAG_RESIZE_NONE, 0);
	EXPECT_EQ(size_after(&fixture, 0), 136);
	/* A payload of another size is of another machine. */
	fixture_whatif_sysslab(&fixture, "cache-0 30 192 21 0 64\n");
	fixture.whatif.align_bytes = kfrag_unknown();
	resize(&fixture, KFRAG_RESIZE_SHRINK, 8);
	EXPECT_EQ(size_after(&fixture, 0), 184);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture,
					  KFRAG_WHATIF_LAYOUT_UNKNOWN),
		  1);
	fixture_whatif_release(&fixture);
}
END_TEST

/* Whether the pointer is behind is tried out where nothing says so. */
START_TEST(pointers_behind_are_found)
{
	struct fixture_whatif fixture;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 192, 10, 100);
	fixture_whatif_sysslab(&fixture, "cache-0 184 192 21 0 8\n");
	resize(&fixture, KFRAG_RESIZE_SHRINK, 8);
	EXPECT_EQ(size_after(&fixture, 0), 184);
	EXPECT_EQ(fixture.result.nr_notes, 0);
	/* RCU does not always put it there. */
	fixture_whatif_sysslab(&fixture,
			       "cache-0 192 192 21 0 8 destroy_by_rcu=1\n");
	resize(&fixture, KFRAG_RESIZE_SHRINK, 8);
	EXPECT_EQ(size_after(&fixture, 0), 184);
	EXPECT_EQ(fixture.result.nr_notes, 0);
	fixture_whatif_release(&fixture);
}
END_TEST

static void set_debug(struct fixture_whatif *fixture, unsigned debug)
{
	fixture->whatif.debug = kfrag_known(debug);
	fixture_whatif_run(fixture);
}

#define ALL_DEBUG                                                              \
	(KFRAG_DEBUG_CONSISTENCY | KFRAG_DEBUG_RED_ZONE | KFRAG_DEBUG_POISON | \
	 KFRAG_DEBUG_STORE_USER)

/* Sizes of a 6.1 that was booted so; see data/README.md. */
START_TEST(debugging_makes_objects_larger)
{
	struct fixture_whatif fixture;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 48, 10, 100);
	set_debug(&fixture, ALL_DEBUG);
	EXPECT_EQ(size_after(&fixture, 0), 48);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_DEBUG_UNKNOWN),
		  1);
	ck_assert(fixture.result.has_tracks);
	fixture_whatif_sysslab(&fixture, "cache-0 48 48 85 0 8\n");
	set_debug(&fixture, ALL_DEBUG);
	EXPECT_EQ(size_after(&fixture, 0), 144);
	EXPECT_EQ(fixture.result.nr_notes, 0);
	set_debug(&fixture, KFRAG_DEBUG_STORE_USER);
	EXPECT_EQ(size_after(&fixture, 0), 112);
	set_debug(&fixture, KFRAG_DEBUG_CONSISTENCY);
	EXPECT_EQ(size_after(&fixture, 0), 48);
	ck_assert(!fixture.result.has_tracks);
	/* Tracks of old kernels hold sixteen addresses. */
	fixture.fixture.snapshot.origin.kernel = "5.10.0-1";
	set_debug(&fixture, KFRAG_DEBUG_STORE_USER);
	EXPECT_EQ(fixture.result.track_bytes, 152);
	EXPECT_EQ(size_after(&fixture, 0), 352);
	fixture.fixture.snapshot.origin.kernel = "5.19";
	set_debug(&fixture, KFRAG_DEBUG_STORE_USER);
	EXPECT_EQ(fixture.result.track_bytes, 32);
	fixture.whatif.track_bytes = kfrag_known(40);
	set_debug(&fixture, KFRAG_DEBUG_STORE_USER);
	EXPECT_EQ(size_after(&fixture, 0), 128);
	fixture_whatif_release(&fixture);
}
END_TEST

START_TEST(debugging_is_taken_away)
{
	struct fixture_whatif fixture;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 144, 10, 100);
	fixture_whatif_sysslab(&fixture,
			       "cache-0 48 144 28 0 8 red_zone=1 poison=1 "
			       "store_user=1 sanity_checks=1\n");
	set_debug(&fixture, 0);
	EXPECT_EQ(size_after(&fixture, 0), 48);
	EXPECT_EQ(fixture.result.nr_notes, 0);
	fixture_whatif_release(&fixture);
}
END_TEST

/* The letter O: not where the least order would be a higher one. */
START_TEST(debugging_is_spared_where_it_costs)
{
	struct fixture_whatif fixture;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 4096, 10, 10);
	fixture_whatif_add(&fixture, 2048, 10, 10);
	fixture_whatif_sysslab(&fixture, "cache-0 4096 4096 8 3 8\n"
					 "cache-1 2048 2048 16 3 8\n");
	fixture.whatif.debug_only_if_free = true;
	set_debug(&fixture, ALL_DEBUG);
	EXPECT_EQ(size_after(&fixture, 0), 4096);
	EXPECT(size_after(&fixture, 1) > 2048);
	fixture_whatif_release(&fixture);
}
END_TEST

START_TEST(shared_caches_are_named)
{
	struct fixture_whatif fixture;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 192, 10, 100);
	fixture_whatif_sysslab(&fixture, "cache-0 192 192 21 0 8 id=:a\n"
					 "x 192 192 21 0 8 id=:a\n");
	fixture.whatif.merging = KFRAG_MERGING_OFF;
	fixture_whatif_run(&fixture);
	EXPECT_EQ(fixture.result.nr_notes, 1);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_UNMERGED), 1);
	EXPECT_EQ(fixture_whatif_after(&fixture, 0)->num_slabs, 10);
	fixture.whatif.merging = KFRAG_MERGING_AS_IT_IS;
	set_debug(&fixture, KFRAG_DEBUG_POISON);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_UNMERGED), 1);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_SHARED), 1);
	/* Checks alone leave caches merged. */
	set_debug(&fixture, KFRAG_DEBUG_CONSISTENCY);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_UNMERGED), 0);
	fixture_whatif_release(&fixture);
}
END_TEST

/* --------------------------------------------------------------- merging */

static void rename_record(struct fixture_whatif *fixture, size_t index,
			  const char *name)
{
	struct kfrag_record *record = &fixture->fixture.snapshot.records[index];

	record->name = name;
	record->name_bytes = strlen(name);
}

START_TEST(caches_of_a_size_are_merged)
{
	static const char *const names[] = { "young",	  "other",	"ctor",
					     "rcu",	  "reclaim",	"zone",
					     "kmalloc-1", "kmem_cache", "old" };
	struct fixture_whatif fixture;
	const struct kfrag_record *old;

	fixture_whatif_init(&fixture);
	for (size_t i = 0; i < 9; i++) {
		fixture_whatif_add(&fixture, i == 1 ? 200 : 192, 10, 100 + i);
		rename_record(&fixture, i, names[i]);
	}
	fixture_whatif_sysslab(&fixture,
			       "ctor 184 192 21 0 8 ctor=1\n"
			       "rcu 184 192 21 0 8 destroy_by_rcu=1\n"
			       "reclaim 192 192 21 0 8 reclaim_account=1\n"
			       "zone 168 192 21 0 8 red_zone=1\n");
	fixture.whatif.merging = KFRAG_MERGING_ON;
	fixture_whatif_run(&fixture);
	/* The youngest went into the oldest, which is last in the file. */
	EXPECT_EQ(fixture.result.snapshot.nr_records, 8);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_MERGED), 1);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_FLAGS_UNKNOWN),
		  1);
	ck_assert_str_eq(fixture.result.notes[0].record->name, "young");
	ck_assert_str_eq(fixture.result.notes[0].into->name, "old");
	old = fixture_whatif_after(&fixture, 7);
	ck_assert_str_eq(old->name, "old");
	EXPECT_EQ(old->num_slabs, 20);
	EXPECT_EQ(old->num_objs, 420);
	EXPECT_EQ(old->active_objs, 208);
	EXPECT_EQ(old->active_slabs, 20);
	fixture_whatif_release(&fixture);
}
END_TEST

/* Of a kernel that merges, only what has a new size can find company. */
START_TEST(caches_kept_apart_stay_apart)
{
	struct fixture_whatif fixture;

	fixture_whatif_init(&fixture);
	for (size_t i = 0; i < 3; i++)
		fixture_whatif_add(&fixture, i == 0 ? 200 : 192, 10, 100);
	fixture_whatif_sysslab(&fixture, ":0000192 192 192 21 0 8\n");
	fixture.whatif.merging = KFRAG_MERGING_ON;
	fixture_whatif_run(&fixture);
	EXPECT_EQ(fixture.result.snapshot.nr_records, 3);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture,
					  KFRAG_WHATIF_MERGES_ALREADY),
		  1);
	EXPECT_EQ(fixture_whatif_nr_notes(&fixture, KFRAG_WHATIF_FLAGS_UNKNOWN),
		  0);
	/* The 200 bytes become 192, the same as those of the others. */
	fixture.whatif.resize = KFRAG_RESIZE_TO;
	fixture.whatif.resize_bytes = 192;
	fixture_whatif_run(&fixture);
	EXPECT_EQ(fixture.result.snapshot.nr_records, 2);
	fixture_whatif_release(&fixture);
}
END_TEST

START_TEST(merged_caches_add_up)
{
	struct kfrag_random random;
	struct fixture_whatif fixture;

	kfrag_random_init(&random, 5);
	for (int i = 0; i < 200; i++) {
		uint64_t before = 0, after = 0, nr_before = 0, nr_after = 0;

		fixture_whatif_random(&fixture, &random);
		for (size_t k = 0; k < 20; k++)
			fixture_whatif_add(
				&fixture,
				8 * (1 + kfrag_random_below(&random, 8)), k, k);
		fixture.whatif.merging = KFRAG_MERGING_ON;
		fixture_whatif_run(&fixture);
		for (size_t k = 0; k < 40; k++) {
			before += fixture.fixture.records[k].active_objs;
			nr_before += fixture.fixture.records[k].num_slabs;
		}
		for (size_t k = 0; k < fixture.result.snapshot.nr_records;
		     k++) {
			after += fixture_whatif_after(&fixture, k)->active_objs;
			nr_after +=
				fixture_whatif_after(&fixture, k)->num_slabs;
		}
		EXPECT_EQ(before, after);
		EXPECT_EQ(nr_before, nr_after);
		EXPECT(fixture.result.snapshot.nr_records <= 28);
		fixture_whatif_release(&fixture);
	}
}
END_TEST

START_TEST(merged_caches_end_at_64_bits)
{
	struct fixture_whatif fixture;

	fixture_whatif_init(&fixture);
	for (int i = 0; i < 2; i++)
		fixture_whatif_add(&fixture, 192, 10, 0)->active_objs =
			UINT64_MAX;
	fixture.whatif.merging = KFRAG_MERGING_ON;
	ck_assert_int_eq(kfrag_whatif_init(&fixture.result,
					   &fixture.fixture.snapshot,
					   &fixture.fit, NULL, &fixture.whatif),
			 KFRAG_EOVERFLOW);
	ck_assert_ptr_null(fixture.result.notes);
	fixture_whatif_release(&fixture);
}
END_TEST

Suite *whatif_object_suite(void)
{
	Suite *suite = suite_create("whatif_object");
	TCase *tcase = tcase_create("whatif_object");

	tcase_add_test(tcase, sizes_without_payload);
	tcase_add_test(tcase, nothing_is_left_of_some);
	tcase_add_test(tcase, sizes_with_payload);
	tcase_add_test(tcase, pointers_behind_are_found);
	tcase_add_test(tcase, debugging_makes_objects_larger);
	tcase_add_test(tcase, debugging_is_taken_away);
	tcase_add_test(tcase, debugging_is_spared_where_it_costs);
	tcase_add_test(tcase, shared_caches_are_named);
	tcase_add_test(tcase, caches_of_a_size_are_merged);
	tcase_add_test(tcase, caches_kept_apart_stay_apart);
	tcase_add_test(tcase, merged_caches_add_up);
	tcase_add_test(tcase, merged_caches_end_at_64_bits);
	suite_add_tcase(suite, tcase);
	return suite;
}
