// SPDX-License-Identifier: MIT
#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "fixture_snapshot.h"
#include "kfrag/buddy.h"
#include "kfrag/random.h"
#include "kfrag/slab.h"
#include "kfrag/workload.h"

Suite *workload_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))
#define KIB UINT64_C(1024)

/* The plan of a snapshot of one row. */
static struct kfrag_workload_cache plan(const struct fixture_row *row,
					uint64_t page_size_bytes)
{
	struct fixture_snapshot fixture;
	struct kfrag_workload workload;
	struct kfrag_workload_cache cache;
	size_t offender;

	fixture_snapshot_of(&fixture, row);
	EXPECT(!kfrag_workload_init(&workload, &fixture.snapshot,
				    page_size_bytes, 10, &offender));
	EXPECT_EQ(workload.nr_caches, 1);
	EXPECT_EQ(workload.page_size_bytes, page_size_bytes);
	EXPECT_EQ(workload.max_order, 10);
	EXPECT(workload.caches[0].record == &fixture.records[0]);
	cache = workload.caches[0];
	cache.record = NULL;
	kfrag_workload_release(&workload);
	EXPECT(!workload.caches);
	EXPECT_EQ(workload.nr_caches, 0);
	return cache;
}

/* Rows as real files hold them; what is replayed of them. */
static const struct {
	uint64_t page_size_bytes;
	struct fixture_row row; /* active, num, size, per slab, pages */
	unsigned buddy_order, slab_order;
	uint64_t objs_per_slab;
} plans[] = {
	/* 2.x, 4 KiB: dentry, a kmalloc cache, task_struct. */
	{ 4 * KIB, { 10, 20, 192, 21, 1 }, 0, 0, 21 },
	{ 4 * KIB, { 10, 20, 8192, 4, 8 }, 1, 3, 4 },
	{ 4 * KIB, { 10, 20, 7680, 4, 8 }, 1, 3, 4 },
	/* The lecture: 14 KiB takes 16, 70 KiB takes 128, 90 KiB too. */
	{ 4 * KIB, { 1, 1, 14 * KIB, 1, 4 }, 2, 2, 1 },
	{ 4 * KIB, { 1, 1, 70 * KIB, 1, 32 }, 5, 5, 1 },
	{ 4 * KIB, { 1, 1, 90 * KIB, 1, 32 }, 5, 5, 1 },
	/* A multiple of the page that is no power of two of them. */
	{ 4 * KIB, { 1, 1, 12288, 1, 4 }, 2, 2, 1 },
	{ 4 * KIB, { 1, 1, 4096, 8, 8 }, 0, 3, 8 },
	{ 4 * KIB, { 1, 1, 4097, 7, 8 }, 1, 3, 7 },
	/* Other pages. */
	{ 8 * KIB, { 1, 1, 192, 42, 1 }, 0, 0, 42 },
	{ 8 * KIB, { 1, 1, 8193, 1, 2 }, 1, 1, 1 },
	{ 16 * KIB, { 1, 1, 12288, 1, 1 }, 0, 0, 1 },
	{ 16 * KIB, { 1, 1, 16384, 2, 2 }, 0, 1, 2 },
	{ 64 * KIB, { 1, 1, 192, 341, 1 }, 0, 0, 341 },
	{ 64 * KIB, { 1, 1, 65537, 1, 2 }, 1, 1, 1 },
	{ 64 * KIB, { 1, 1, 70 * KIB, 1, 2 }, 1, 1, 1 },
	/* SLAB keeps room for its management: fewer slots than fit. */
	{ 4 * KIB, { 1, 1, 32, 113, 1 }, 0, 0, 113 },
	/* 1.x: no objs_per_slab: as many as fit. */
	{ 4 * KIB, { 0, 0, 192, 0, 1 }, 0, 0, 21 },
	{ 4 * KIB, { 5, 9, 32, 0, 1 }, 0, 0, 128 },
	{ 4 * KIB, { 5, 9, 1, 0, 1 }, 0, 0, 4096 },
	{ 4 * KIB, { 5, 9, 1500, 0, 2 }, 0, 1, 5 },
	{ 8 * KIB, { 5, 9, 192, 0, 1 }, 0, 0, 42 },
	{ 4 * KIB, { 5, 9, 131072, 0, 32 }, 5, 5, 1 },
	/* The same where nothing fits: the smallest slab that holds one. */
	{ 4 * KIB, { 5, 9, 4097, 0, 1 }, 1, 1, 1 },
	{ 4 * KIB, { 5, 9, 131072, 0, 1 }, 5, 5, 1 },
	/* From a machine with larger pages, read with 4 KiB. */
	{ 4 * KIB, { 1, 1, 192, 341, 1 }, 0, 0, 21 },
	{ 4 * KIB, { 1, 1, 65536, 8, 8 }, 4, 4, 1 },
	{ 4 * KIB, { 1, 1, 12288, 1, 1 }, 2, 2, 1 },
	{ 4 * KIB, { 1, 1, 12288, 5, 2 }, 2, 2, 1 },
	/* Pages that are no power of two: the next one. */
	{ 4 * KIB, { 1, 1, 4096, 3, 3 }, 0, 2, 3 },
	{ 4 * KIB, { 1, 1, 4096, 0, 3 }, 0, 2, 4 },
	{ 4 * KIB, { 1, 1, 3000, 6, 5 }, 0, 3, 6 },
};

START_TEST(plan_of_row)
{
	const struct fixture_row *row = &plans[_i].row;
	struct kfrag_workload_cache cache =
		plan(row, plans[_i].page_size_bytes);

	ck_assert_uint_eq(cache.buddy_order, plans[_i].buddy_order);
	ck_assert_uint_eq(cache.slab_order, plans[_i].slab_order);
	ck_assert_uint_eq(cache.objs_per_slab, plans[_i].objs_per_slab);
	ck_assert_uint_eq(cache.size_bytes, row->size_bytes);
	ck_assert_uint_eq(cache.nr_peak_objs, row->num_objs);
	ck_assert_uint_eq(cache.nr_settled_objs, row->active_objs);
}
END_TEST

START_TEST(active_above_num_counts_as_num)
{
	struct fixture_row row = { 112, 111, 192, 21, 1 };
	struct kfrag_workload_cache cache = plan(&row, 4 * KIB);

	ck_assert_uint_eq(cache.nr_peak_objs, 111);
	ck_assert_uint_eq(cache.nr_settled_objs, 111);
	row.active_objs = UINT64_MAX;
	cache = plan(&row, 4 * KIB);
	ck_assert_uint_eq(cache.nr_settled_objs, 111);
	row.num_objs = 0;
	cache = plan(&row, 4 * KIB);
	ck_assert_uint_eq(cache.nr_peak_objs, 0);
	ck_assert_uint_eq(cache.nr_settled_objs, 0);
}
END_TEST

/* The least order whose block holds so many bytes, by trying. */
static unsigned order_for(uint64_t bytes, uint64_t page_size_bytes)
{
	unsigned order = 0;

	while (page_size_bytes << order < bytes)
		order++;
	return order;
}

/* Every size around the borders of orders, for the usual page sizes. */
START_TEST(buddy_order_at_its_borders)
{
	static const uint64_t pages[] = { 4 * KIB, 8 * KIB, 16 * KIB,
					  64 * KIB };
	unsigned nr_sizes = 0;

	for (unsigned p = 0; p < NR_OF(pages); p++) {
		for (uint64_t size = 1; size <= 40 * pages[p];
		     size += pages[p] / 2 - 1) {
			struct fixture_row row = { 1, 1, size, 1, 64 };
			struct kfrag_workload_cache cache =
				plan(&row, pages[p]);

			EXPECT_EQ(cache.buddy_order, order_for(size, pages[p]));
			nr_sizes++;
		}
	}
	ck_assert_uint_gt(nr_sizes, 300);
}
END_TEST

struct expected_sums {
	uint64_t buddy_pages, slab_pages, slabs;
	unsigned nr_above_max_order, nr_fewer_objs, nr_larger_slabs;
};

static void check_plan(const struct kfrag_workload *workload,
		       const struct kfrag_workload_cache *cache,
		       const struct kfrag_record *record,
		       struct expected_sums *sums)
{
	uint64_t page = workload->page_size_bytes;
	uint64_t slab_bytes = page << cache->slab_order;
	uint64_t nr_objs = record->num_objs, nr_slabs = 0;

	EXPECT(cache->record == record);
	EXPECT_EQ(cache->buddy_order, order_for(record->size_bytes, page));
	EXPECT_EQ(cache->slab_order,
		  order_for(record->pages_per_slab * page < record->size_bytes ?
				    record->size_bytes :
				    record->pages_per_slab * page,
			    page));
	/* The slots fit, and none was taken away without need. */
	EXPECT(cache->objs_per_slab >= 1);
	EXPECT(cache->objs_per_slab * cache->size_bytes <= slab_bytes);
	if (cache->objs_per_slab != record->objs_per_slab)
		EXPECT((cache->objs_per_slab + 1) * cache->size_bytes >
		       slab_bytes);
	while (nr_slabs * cache->objs_per_slab < nr_objs)
		nr_slabs++;
	if (cache->buddy_order <= workload->max_order)
		sums->buddy_pages += nr_objs << cache->buddy_order;
	else
		sums->nr_above_max_order += nr_objs > 0;
	EXPECT(kfrag_workload_has_slabs(workload, cache) ==
	       (cache->slab_order <= workload->max_order));
	if (cache->slab_order <= workload->max_order) {
		sums->slab_pages += nr_slabs << cache->slab_order;
		sums->slabs += nr_slabs;
	}
	sums->nr_fewer_objs += cache->objs_per_slab < record->objs_per_slab;
	sums->nr_larger_slabs += page << cache->slab_order >
				 record->pages_per_slab * page;
}

/* Plans and sums of whole snapshots, odd rows and all. */
START_TEST(sums_of_random_snapshots)
{
	struct expected_sums met = { 0 };
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned round = 0; round < 200; round++) {
		uint64_t page = KIB << kfrag_random_below(&random, 7);
		unsigned max_order = (unsigned)kfrag_random_below(&random, 6);
		struct expected_sums sums = { 0 };
		struct fixture_snapshot fixture;
		struct kfrag_workload workload;
		size_t offender;

		fixture_snapshot_random(&fixture, &random, 20, 3000, page);
		ck_assert(!kfrag_workload_init(&workload, &fixture.snapshot,
					       page, max_order, &offender));
		ck_assert_uint_eq(workload.nr_caches, 20);
		for (size_t i = 0; i < 20; i++)
			check_plan(&workload, &workload.caches[i],
				   &fixture.records[i], &sums);
		ck_assert_uint_eq(workload.peak_buddy_pages, sums.buddy_pages);
		ck_assert_uint_eq(workload.peak_slab_pages, sums.slab_pages);
		ck_assert_uint_eq(workload.peak_slabs, sums.slabs);
		met.nr_above_max_order += sums.nr_above_max_order;
		met.nr_fewer_objs += sums.nr_fewer_objs;
		met.nr_larger_slabs += sums.nr_larger_slabs;
		kfrag_workload_release(&workload);
	}
	ck_assert_uint_gt(met.nr_above_max_order, 0);
	ck_assert_uint_gt(met.nr_fewer_objs, 0);
	ck_assert_uint_gt(met.nr_larger_slabs, 0);
}
END_TEST

START_TEST(empty_snapshot)
{
	struct fixture_snapshot fixture;
	struct kfrag_workload workload;
	size_t offender = 7;

	fixture_snapshot_init(&fixture);
	ck_assert(!kfrag_workload_init(&workload, &fixture.snapshot, 4 * KIB,
				       10, &offender));
	ck_assert_uint_eq(workload.nr_caches, 0);
	ck_assert_uint_eq(workload.peak_buddy_pages, 0);
	ck_assert_uint_eq(workload.peak_slab_pages, 0);
	ck_assert_uint_eq(workload.peak_slabs, 0);
	ck_assert_uint_eq(offender, 0);
	kfrag_workload_release(&workload);
	kfrag_workload_release(&workload);
}
END_TEST

/* More slots than the slab allocator manages: no slabs to be had. */
START_TEST(slabs_with_too_many_slots)
{
	struct fixture_row rows[] = {
		{ 1, 1, 8, KFRAG_MAX_OBJS_PER_SLAB, 2048 },
		{ 1, 1, 4, KFRAG_MAX_OBJS_PER_SLAB + 1, 2048 },
	};
	struct fixture_snapshot fixture;
	struct kfrag_workload workload;
	size_t offender;

	fixture_snapshot_init(&fixture);
	fixture_snapshot_add(&fixture, &rows[0]);
	fixture_snapshot_add(&fixture, &rows[1]);
	ck_assert(!kfrag_workload_init(&workload, &fixture.snapshot, 4 * KIB,
				       11, &offender));
	ck_assert(kfrag_workload_has_slabs(&workload, &workload.caches[0]));
	ck_assert(!kfrag_workload_has_slabs(&workload, &workload.caches[1]));
	ck_assert_uint_eq(workload.peak_slabs, 1);
	ck_assert_uint_eq(workload.peak_slab_pages, 2048);
	kfrag_workload_release(&workload);
}
END_TEST

/*
 * Rows behind two good ones, with 4 KiB pages. fits: whether all sums stay
 * within 2^62 bytes.
 */
static const struct {
	struct fixture_row row;
	uint64_t num_slabs; /* 0: as many as are needed */
	bool fits;
} huge_rows[] = {
	{ { 0, UINT64_MAX, UINT64_MAX, 1, 1 }, 0, false },
	{ { 0, UINT64_MAX, 1, 4096, 1 }, 0, false },
	{ { 0, 1, UINT64_MAX, 1, 1 }, 0, false },
	{ { 0, 0, UINT64_MAX, 1, 1 }, 0, false },
	{ { 0, 1, 1, 1, UINT64_MAX }, 0, false },
	{ { 0, 1, 1, 1, (UINT64_C(1) << 63) + 1 }, 0, false },
	{ { 0, 1, 192, 21, 1 }, UINT64_MAX, false },
	{ { 0, 1, 192, 21, 1 }, UINT64_C(1) << 52, false },
	/* One byte each, but a page each under buddy only. */
	{ { 0, UINT64_C(1) << 51, 1, 4096, 1 }, 0, false },
	/* Slabs of which each holds a single small object; ours alone. */
	{ { 0, UINT64_C(1) << 48, 1, 1, 32 }, 0, false },
	{ { 0, UINT64_C(1) << 48, 1, 1, 32 }, 1, false },
	/* The two rows before it need 2^13 bytes of slabs, 2^16 of buddy. */
	{ { 0, UINT64_C(1) << 50, 4096, 1, 1 }, 0, false },
	{ { 0, (UINT64_C(1) << 50) - 16, 4096, 1, 1 }, 0, true },
	{ { 0, (UINT64_C(1) << 50) - 15, 4096, 1, 1 }, 0, false },
	{ { 0, 5000000000, 4096, 1, 1 }, 0, true },
	{ { 0, UINT64_C(1) << 40, 192, 21, 1 }, 0, true },
	{ { 0, 1, UINT64_C(1) << 40, 1, 1 }, 0, true },
	/* active_objs is cut to num_objs before anything is added up. */
	{ { UINT64_MAX, 1, 192, 21, 1 }, 0, true },
};

START_TEST(huge_row)
{
	struct fixture_row before[] = {
		{ 8, 8, 512, 8, 1 },
		{ 8, 8, 256, 16, 1 },
	};
	struct fixture_snapshot fixture;
	struct kfrag_workload workload;
	struct kfrag_record *record;
	enum kfrag_error error;
	size_t offender = 99;

	fixture_snapshot_init(&fixture);
	fixture_snapshot_add(&fixture, &before[0]);
	fixture_snapshot_add(&fixture, &before[1]);
	record = fixture_snapshot_add(&fixture, &huge_rows[_i].row);
	if (huge_rows[_i].num_slabs)
		record->num_slabs = huge_rows[_i].num_slabs;
	error = kfrag_workload_init(&workload, &fixture.snapshot, 4 * KIB, 10,
				    &offender);
	if (huge_rows[_i].fits) {
		ck_assert_int_eq(error, KFRAG_OK);
		ck_assert_uint_eq(workload.nr_caches, 3);
	} else {
		ck_assert_int_eq(error, KFRAG_EOVERFLOW);
		ck_assert_uint_eq(offender, 2);
		ck_assert_ptr_null(workload.caches);
		ck_assert_uint_eq(workload.nr_caches, 0);
		ck_assert_uint_eq(workload.peak_buddy_pages, 0);
	}
	kfrag_workload_release(&workload);
}
END_TEST

/* No row is too large alone: the one that goes over is named. */
START_TEST(sum_goes_over)
{
	struct fixture_row row = { 0, UINT64_C(1) << 48, 4096, 1, 1 };
	struct fixture_snapshot fixture;
	struct kfrag_workload workload;
	size_t offender;

	fixture_snapshot_init(&fixture);
	for (unsigned i = 0; i < 4; i++)
		fixture_snapshot_add(&fixture, &row);
	ck_assert(!kfrag_workload_init(&workload, &fixture.snapshot, 4 * KIB,
				       10, &offender));
	ck_assert_uint_eq(workload.peak_buddy_pages, UINT64_C(1) << 50);
	kfrag_workload_release(&workload);

	row = (struct fixture_row){ 0, 1, 1, 1, 1 };
	fixture_snapshot_add(&fixture, &row);
	ck_assert_int_eq(kfrag_workload_init(&workload, &fixture.snapshot,
					     4 * KIB, 10, &offender),
			 KFRAG_EOVERFLOW);
	ck_assert_uint_eq(offender, 4);
}
END_TEST

/* ------------------------------------------------------------- trimming */

struct left_out {
	uint64_t lines[FIXTURE_MAX_RECORDS];
	size_t nr_records;
};

static void note_left_out(void *context, const struct kfrag_record *record)
{
	struct left_out *left_out = context;

	ck_assert_uint_lt(left_out->nr_records, FIXTURE_MAX_RECORDS);
	left_out->lines[left_out->nr_records++] = record->line;
}

static void count_left_out(void *context, const struct kfrag_record *record)
{
	uint64_t *sizes_seen = context;

	sizes_seen[0]++;
	sizes_seen[1] += record->size_bytes;
}

/* What is too large alone or in sum goes, all else stays in its order. */
START_TEST(trim_takes_out_what_does_not_fit)
{
	static const struct fixture_row rows[] = {
		{ 1, 21, 192, 21, 1 },
		{ 0, UINT64_MAX, 193, 21, 1 }, /* alone */
		{ 1, 8, 512, 8, 1 },
		{ 0, UINT64_C(1) << 49, 4096, 1, 1 }, /* half of the limit */
		{ 0, UINT64_C(1) << 49, 4095, 1, 1 },
		{ 0, UINT64_C(1) << 49, 4094, 1, 1 }, /* in sum */
		{ 1, 1, UINT64_MAX, 1, 1 }, /* no block is as large */
		{ 1, 4, 1024, 4, 1 },
	};
	static const uint64_t kept[] = { 192, 512, 4096, 1024 };
	struct fixture_snapshot fixture;
	struct kfrag_workload workload;
	uint64_t seen[2] = { 0 };
	size_t offender;

	fixture_snapshot_init(&fixture);
	for (size_t i = 0; i < NR_OF(rows); i++)
		fixture_snapshot_add(&fixture, &rows[i]);
	ck_assert_int_eq(kfrag_workload_init(&workload, &fixture.snapshot, 4096,
					     10, &offender),
			 KFRAG_EOVERFLOW);
	ck_assert_uint_eq(offender, 1);
	kfrag_workload_trim(&fixture.snapshot, 4096, count_left_out, seen);
	ck_assert_uint_eq(seen[0], 4);
	ck_assert_uint_eq(seen[1], UINT64_C(193) + 4095 + 4094 + UINT64_MAX);
	ck_assert_uint_eq(fixture.snapshot.nr_records, NR_OF(kept));
	for (size_t i = 0; i < NR_OF(kept); i++)
		ck_assert_uint_eq(fixture.snapshot.records[i].size_bytes,
				  kept[i]);
	ck_assert_int_eq(kfrag_workload_init(&workload, &fixture.snapshot, 4096,
					     10, &offender),
			 KFRAG_OK);
	kfrag_workload_release(&workload);
}
END_TEST

/* As if each row were tried in turn and dropped where it goes over. */
START_TEST(trimmed_as_one_by_one)
{
	unsigned nr_left_out = 0, nr_kept = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned round = 0; round < 50; round++) {
		uint64_t page = KIB << kfrag_random_below(&random, 7);
		struct left_out left_out = { 0 };
		struct fixture_snapshot fixture, again;
		struct kfrag_workload workload;
		size_t offender, nr_dropped = 0;

		fixture_snapshot_random(&fixture, &random, 12,
					UINT64_C(1) << 54, page);
		again = fixture;
		again.snapshot.records = again.records;
		kfrag_workload_trim(&fixture.snapshot, page, note_left_out,
				    &left_out);
		while (kfrag_workload_init(&workload, &again.snapshot, page, 10,
					   &offender)) {
			EXPECT_EQ(again.records[offender].line,
				  left_out.lines[nr_dropped]);
			nr_dropped++;
			again.snapshot.nr_records--;
			memmove(&again.records[offender],
				&again.records[offender + 1],
				(again.snapshot.nr_records - offender) *
					sizeof(again.records[0]));
		}
		EXPECT_EQ(nr_dropped, left_out.nr_records);
		EXPECT_EQ(workload.nr_caches, fixture.snapshot.nr_records);
		for (size_t i = 0; i < workload.nr_caches; i++)
			EXPECT_EQ(workload.caches[i].record->line,
				  fixture.records[i].line);
		nr_left_out += (unsigned)nr_dropped;
		nr_kept += (unsigned)workload.nr_caches;
		kfrag_workload_release(&workload);
	}
	ck_assert_uint_gt(nr_left_out, 0);
	ck_assert_uint_gt(nr_kept, 0);
}
END_TEST

Suite *workload_suite(void)
{
	Suite *suite = suite_create("workload");
	TCase *core = tcase_create("core");
	TCase *limits = tcase_create("limits");
	TCase *property = tcase_create("property");

	tcase_add_loop_test(core, plan_of_row, 0, NR_OF(plans));
	tcase_add_test(core, active_above_num_counts_as_num);
	tcase_add_test(core, buddy_order_at_its_borders);
	tcase_add_test(core, empty_snapshot);
	tcase_add_test(core, trim_takes_out_what_does_not_fit);
	suite_add_tcase(suite, core);

	tcase_add_test(limits, slabs_with_too_many_slots);
	tcase_add_loop_test(limits, huge_row, 0, NR_OF(huge_rows));
	tcase_add_test(limits, sum_goes_over);
	suite_add_tcase(suite, limits);

	tcase_set_timeout(property, 60);
	tcase_add_loop_test(property, sums_of_random_snapshots, 0, 4);
	tcase_add_loop_test(property, trimmed_as_one_by_one, 0, 4);
	suite_add_tcase(suite, property);
	return suite;
}
