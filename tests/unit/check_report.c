// SPDX-License-Identifier: MIT
#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "expect.h"
#include "fixture_snapshot.h"
#include "kfrag/arith.h"
#include "kfrag/buddy.h"
#include "kfrag/replay.h"
#include "kfrag/report.h"
#include "report_laws.h"

Suite *report_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))
#define PAGE_BYTES UINT64_C(4096)

/* Makes a report that must succeed, and looks whether it obeys the laws. */
static void create(struct kfrag_report *report,
		   const struct fixture_snapshot *fixture,
		   const struct kfrag_replay_params *params)
{
	const char *broken;
	size_t offender;

	EXPECT(!kfrag_report_create(report, &fixture->snapshot, params,
				    &offender));
	broken = report_laws_broken(report, &fixture->snapshot, params);
	if (broken)
		ck_abort_msg("broken: %s", broken);
}

/* The same of a snapshot of one row. */
static void create_of_row(struct kfrag_report *report,
			  struct fixture_snapshot *fixture,
			  const struct fixture_row *row,
			  const struct kfrag_replay_params *params)
{
	fixture_snapshot_of(fixture, row);
	create(report, fixture, params);
}

static const struct kfrag_total_row *total(const struct kfrag_report *report,
					   enum kfrag_allocator allocator,
					   enum kfrag_state state)
{
	const struct kfrag_total_row *row =
		kfrag_report_total(report, allocator, state);

	ck_assert_ptr_nonnull(row);
	return row;
}

static bool is_empty(const struct kfrag_report *report)
{
	return !report->caches && !report->totals && !report->orders &&
	       report->nr_caches == 0 && report->nr_totals == 0 &&
	       report->nr_orders == 0 && report->memory_bytes == 0;
}

/* ---------------------------------------------------------------- params */

static void no_page_size(struct kfrag_replay_params *params)
{
	params->page_size_bytes = 0;
}

static void odd_page_size(struct kfrag_replay_params *params)
{
	params->page_size_bytes = 3000;
}

static void small_page_size(struct kfrag_replay_params *params)
{
	params->page_size_bytes = KFRAG_MIN_PAGE_BYTES / 2;
}

static void large_page_size(struct kfrag_replay_params *params)
{
	params->page_size_bytes = KFRAG_MAX_PAGE_BYTES * 2;
}

static void broken_page(struct kfrag_replay_params *params)
{
	params->memory_bytes = 100 * PAGE_BYTES + 1;
}

static void too_much_memory(struct kfrag_replay_params *params)
{
	params->memory_bytes = (KFRAG_MAX_PAGES + 1) * PAGE_BYTES;
}

static void large_order(struct kfrag_replay_params *params)
{
	params->max_order = KFRAG_MAX_ORDER + 1;
}

static void no_rounds(struct kfrag_replay_params *params)
{
	params->rounds = 0;
}

static void no_policy(struct kfrag_replay_params *params)
{
	params->policy = NULL;
}

static void no_placement(struct kfrag_replay_params *params)
{
	params->placement = KFRAG_NR_BUDDY_PLACEMENTS;
}

static void (*const bad_params[])(struct kfrag_replay_params *params) = {
	no_page_size, odd_page_size,   small_page_size, large_page_size,
	broken_page,  too_much_memory, large_order,	no_rounds,
	no_policy,    no_placement,
};

START_TEST(bad_params_are_refused)
{
	struct fixture_row row = { 5, 10, 192, 21, 1 };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;
	size_t offender = 9;

	memset(&report, 0x5a, sizeof(report));
	fixture_snapshot_of(&fixture, &row);
	kfrag_replay_params_init(&params);
	bad_params[_i](&params);
	ck_assert_int_eq(kfrag_report_create(&report, &fixture.snapshot,
					     &params, &offender),
			 KFRAG_EINVAL);
	ck_assert(is_empty(&report));
	ck_assert_uint_eq(offender, 0);
	kfrag_report_release(&report);
}
END_TEST

START_TEST(default_params)
{
	struct kfrag_replay_params params;

	kfrag_replay_params_init(&params);
	ck_assert_uint_eq(params.page_size_bytes, 4096);
	ck_assert_uint_eq(params.memory_bytes, 0);
	ck_assert_uint_eq(params.max_order, 10);
	ck_assert_uint_eq(params.seed, 1);
	ck_assert_uint_eq(params.rounds, 1);
	ck_assert_uint_eq(params.min_partial_slabs, 0);
	ck_assert_int_eq((int)params.placement, KFRAG_BUDDY_ADDRESS);
	ck_assert_ptr_eq(params.policy, kfrag_slab_policies()[0]);
}
END_TEST

/* The borders themselves are fine. */
START_TEST(params_at_their_borders)
{
	struct fixture_row row = { 5, 10, 192, 0, 1 };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;

	kfrag_replay_params_init(&params);
	params.page_size_bytes = KFRAG_MIN_PAGE_BYTES;
	params.max_order = 0;
	create_of_row(&report, &fixture, &row, &params);
	kfrag_report_release(&report);
	params.page_size_bytes = KFRAG_MAX_PAGE_BYTES;
	params.max_order = KFRAG_MAX_ORDER;
	params.min_partial_slabs = UINT64_MAX;
	params.seed = UINT64_MAX;
	params.memory_bytes = KFRAG_MAX_PAGE_BYTES;
	create_of_row(&report, &fixture, &row, &params);
	kfrag_report_release(&report);
}
END_TEST

/* -------------------------------------------------------------- by hand */

/*
 * Two caches worked out by hand: 100 objects of 3000 bytes, none freed, and
 * 20 of 192 that all go.
 */
START_TEST(hand_made_report)
{
	struct fixture_row rows[] = { { 100, 100, 3000, 10, 8 },
				      { 0, 20, 192, 21, 1 } };
	const struct kfrag_cache_row *row;
	const struct kfrag_total_row *sum;
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;

	fixture_snapshot_init(&fixture);
	fixture_snapshot_add(&fixture, &rows[0]);
	fixture_snapshot_add(&fixture, &rows[1])->num_slabs = 2;
	kfrag_replay_params_init(&params);
	create(&report, &fixture, &params);
	ck_assert(report.replayed);

	row = &report.caches[0];
	ck_assert_uint_eq(row->kernel_held_bytes, 327680);
	ck_assert_uint_eq(row->kernel_idle_bytes, 0);
	ck_assert_int_eq(row->kernel_tail_bytes, 27680);
	ck_assert_uint_eq(row->buddy_peak_held_bytes, 409600);
	ck_assert_uint_eq(row->buddy_peak_internal_bytes, 109600);
	ck_assert_uint_eq(row->buddy_held_bytes, 409600);
	ck_assert_uint_eq(row->buddy_internal_bytes, 109600);
	ck_assert_uint_eq(row->slab_slabs, 10);
	ck_assert_uint_eq(row->slab_held_bytes, 327680);
	ck_assert_uint_eq(row->slab_idle_bytes, 0);
	ck_assert_uint_eq(row->slab_tail_bytes, 27680);
	row = &report.caches[1];
	ck_assert_uint_eq(row->kernel_held_bytes, 8192);
	ck_assert_uint_eq(row->kernel_idle_bytes, 3840);
	ck_assert_int_eq(row->kernel_tail_bytes, 4352);
	ck_assert_uint_eq(row->buddy_peak_internal_bytes, 20 * 3904);
	ck_assert_uint_eq(row->buddy_held_bytes, 0);
	ck_assert_uint_eq(row->slab_slabs, 0);

	/* 120 pages against 81: 128 pages, 512 KiB. */
	ck_assert_uint_eq(report.memory_bytes, 524288);
	sum = total(&report, KFRAG_BUDDY, KFRAG_PEAK);
	ck_assert_uint_eq(sum->live_objs, 120);
	ck_assert_uint_eq(sum->live_bytes, 303840);
	ck_assert_uint_eq(sum->held_bytes, 491520);
	/* Allocation from the lowest address leaves one block of 8 pages. */
	ck_assert_uint_eq(sum->free_bytes.value, 32768);
	ck_assert_uint_eq(sum->free_blocks.value, 1);
	ck_assert_uint_eq(sum->largest_free_bytes.value, 32768);
	ck_assert_uint_eq(sum->external_permille.value, 0);
	sum = total(&report, KFRAG_SLAB, KFRAG_PEAK);
	ck_assert_uint_eq(sum->held_bytes, 331776);
	ck_assert_uint_eq(sum->idle_bytes.value, 192);
	ck_assert_int_eq(sum->tail_bytes, 27680 + 64);
	sum = total(&report, KFRAG_KERNEL, KFRAG_SETTLED);
	ck_assert_uint_eq(sum->held_bytes, 335872);
	ck_assert_int_eq(sum->tail_bytes, 27680 + 4352);
	kfrag_report_release(&report);
	ck_assert(is_empty(&report));
	kfrag_report_release(&report);
}
END_TEST

/* The file's own figures may contradict each other: the tail is then < 0. */
START_TEST(kernel_tail_below_zero)
{
	struct fixture_row row = { 100, 100, 4000, 8, 8 };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;

	fixture_snapshot_of(&fixture, &row);
	fixture.records[0].num_slabs = 2;
	kfrag_replay_params_init(&params);
	create(&report, &fixture, &params);
	ck_assert_int_eq(report.caches[0].kernel_tail_bytes, 65536 - 400000);
	ck_assert_int_eq(
		total(&report, KFRAG_KERNEL, KFRAG_SETTLED)->tail_bytes,
		65536 - 400000);
	kfrag_report_release(&report);
}
END_TEST

START_TEST(empty_snapshot)
{
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;

	fixture_snapshot_init(&fixture);
	kfrag_replay_params_init(&params);
	params.rounds = 3;
	create(&report, &fixture, &params);
	ck_assert(report.replayed);
	ck_assert_uint_eq(report.memory_bytes, PAGE_BYTES);
	ck_assert_uint_eq(
		total(&report, KFRAG_SLAB, KFRAG_SETTLED)->free_bytes.value,
		PAGE_BYTES);
	kfrag_report_release(&report);
}
END_TEST

/* Rows without objects stand beside others, and alone. */
START_TEST(rows_without_objects)
{
	struct fixture_row rows[] = { { 0, 0, 192, 21, 1 },
				      { 7, 0, 12000, 0, 4 },
				      { 10, 20, 192, 21, 1 } };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;

	kfrag_replay_params_init(&params);
	for (size_t nr_rows = 1; nr_rows <= NR_OF(rows); nr_rows++) {
		fixture_snapshot_init(&fixture);
		for (size_t i = 0; i < nr_rows; i++)
			fixture_snapshot_add(&fixture, &rows[i]);
		create(&report, &fixture, &params);
		ck_assert_uint_eq(report.caches[0].slab_slabs, 0);
		ck_assert_uint_eq(report.num_objs, nr_rows == 3 ? 20 : 0);
		kfrag_report_release(&report);
	}
}
END_TEST

START_TEST(active_above_num_counts_as_num)
{
	struct fixture_row row = { 112, 111, 192, 21, 1 };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;

	kfrag_replay_params_init(&params);
	create_of_row(&report, &fixture, &row, &params);
	ck_assert_uint_eq(report.caches[0].active_objs, 111);
	ck_assert_uint_eq(report.caches[0].kernel_idle_bytes, 0);
	ck_assert_uint_eq(total(&report, KFRAG_SLAB, KFRAG_SETTLED)->live_objs,
			  111);
	ck_assert_uint_eq(report.active_objs, 111);
	kfrag_report_release(&report);
}
END_TEST

START_TEST(texts)
{
	ck_assert_str_eq(kfrag_allocator_text(KFRAG_BUDDY), "buddy");
	ck_assert_str_eq(kfrag_allocator_text(KFRAG_SLAB), "slab");
	ck_assert_str_eq(kfrag_allocator_text(KFRAG_KERNEL), "kernel");
	ck_assert_str_eq(kfrag_state_text(KFRAG_PEAK), "peak");
	ck_assert_str_eq(kfrag_state_text(KFRAG_SETTLED), "settled");
}
END_TEST

/* ------------------------------------------------------ too little memory */

/*
 * One cache in so many pages: what fits at the peak. Nothing is cut up by a
 * fill alone, so no failure is fragmentation's.
 */
static const struct {
	uint64_t nr_pages;
	unsigned max_order;
	struct fixture_row row;
	uint64_t buddy_live, slab_live;
} small_memories[] = {
	{ 16384, 10, { 100000, 100000, 4096, 8, 8 }, 16384, 16384 },
	{ 16384, 10, { 0, 100000, 192, 21, 1 }, 16384, 100000 },
	{ 100, 10, { 5000, 5000, 192, 21, 1 }, 100, 2100 },
	{ 1, 10, { 9, 9, 4096, 8, 8 }, 1, 0 },
	{ 1, 0, { 9, 9, 192, 21, 1 }, 1, 9 },
	{ 7, 10, { 9, 9, 16384, 2, 8 }, 1, 0 },
	{ 7, 10, { 9, 9, 4097, 1, 2 }, 3, 3 },
	{ 12, 10, { 9, 9, 16384, 1, 4 }, 3, 3 },
	/* The lecture: two of 70 KiB in 256, then a third and 90 KiB fail. */
	{ 64, 10, { 3, 3, 71680, 1, 32 }, 2, 2 },
	/* Above max_order: refused in any memory. */
	{ 1024, 1, { 9, 9, 16384, 1, 4 }, 0, 0 },
	{ 1024, 1, { 30, 30, 4096, 8, 8 }, 30, 0 },
	/* More slots than a slab can have. */
	{ 4096, 11, { 30, 30, 4, 0, 2048 }, 30, 0 },
};

START_TEST(small_memory)
{
	uint64_t nr_objs = small_memories[_i].row.num_objs;
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;
	const struct kfrag_total_row *sum;

	kfrag_replay_params_init(&params);
	params.memory_bytes = small_memories[_i].nr_pages * PAGE_BYTES;
	params.max_order = small_memories[_i].max_order;
	create_of_row(&report, &fixture, &small_memories[_i].row, &params);
	sum = total(&report, KFRAG_BUDDY, KFRAG_PEAK);
	ck_assert_uint_eq(sum->live_objs, small_memories[_i].buddy_live);
	ck_assert_uint_eq(sum->failed_objs.value, nr_objs - sum->live_objs);
	ck_assert_uint_eq(sum->failed_fragmented_objs.value, 0);
	sum = total(&report, KFRAG_SLAB, KFRAG_PEAK);
	ck_assert_uint_eq(sum->live_objs, small_memories[_i].slab_live);
	ck_assert_uint_eq(sum->failed_objs.value, nr_objs - sum->live_objs);
	ck_assert_uint_eq(sum->failed_fragmented_objs.value, 0);
	ck_assert_uint_eq(report.caches[0].buddy_failed_objs,
			  nr_objs - small_memories[_i].buddy_live);
	ck_assert_uint_eq(report.caches[0].slab_failed_objs,
			  nr_objs - small_memories[_i].slab_live);
	kfrag_report_release(&report);
}
END_TEST

/* ------------------------------------------------------------ huge numbers */

/* Counted, not replayed; the slabs after settling within one of these. */
static const struct {
	struct fixture_row row;
	double slabs;
} huge_rows[] = {
	/* Half of five billion stays: 1 - 2^-8 of the slabs, 2^-21 and so. */
	{ { 2500000000, 5000000000, 512, 8, 1 }, 622558593.9 },
	{ { 2500000000, 5000000000, 192, 21, 1 }, 238095125.0 },
	{ { 0, 5000000000, 192, 21, 1 }, 0 },
	{ { 5000000000, 5000000000, 192, 21, 1 }, 238095239 },
	{ { 5000000000, 4999999999, 8, 512, 1 }, 9765625 },
	{ { 1, 5000000000, 4096, 8, 8 }, 1 },
	{ { 1000000000000, 3000000000000, 1024, 4, 1 },
	  750000000000.0 * (1 - 16.0 / 81) },
	/* Pages enough to replay, but too many slabs. */
	{ { 100000000, 200000000, 4096, 1, 1 }, 100000000 },
	/* As large as may be: 2^62 bytes. */
	{ { UINT64_C(1) << 49, UINT64_C(1) << 50, 4096, 1, 1 },
	  562949953421312.0 },
};

START_TEST(huge_row)
{
	const struct fixture_row *fixed = &huge_rows[_i].row;
	uint64_t nr_slabs = kfrag_div_up(fixed->num_objs, fixed->objs_per_slab);
	const struct kfrag_cache_row *row;
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;
	double off;

	kfrag_replay_params_init(&params);
	params.rounds = 1000000;
	create_of_row(&report, &fixture, fixed, &params);
	ck_assert(!report.replayed);
	ck_assert_uint_eq(report.num_objs, fixed->num_objs);
	row = &report.caches[0];
	ck_assert_uint_eq(row->buddy_peak_held_bytes,
			  fixed->num_objs * PAGE_BYTES);
	ck_assert_uint_eq(row->buddy_peak_internal_bytes,
			  fixed->num_objs * (PAGE_BYTES - fixed->size_bytes));
	ck_assert_uint_eq(row->buddy_held_bytes, row->active_objs * PAGE_BYTES);
	ck_assert_uint_eq(total(&report, KFRAG_SLAB, KFRAG_PEAK)->held_bytes,
			  nr_slabs * fixed->pages_per_slab * PAGE_BYTES);
	off = (double)row->slab_slabs - huge_rows[_i].slabs;
	/* A double holds 2^53 whole; the closed forms above hold to 1e-9. */
	ck_assert_msg(off >= -1 - huge_rows[_i].slabs * 1e-9 &&
			      off <= 1 + huge_rows[_i].slabs * 1e-9,
		      "%" PRIu64 " slabs, expected %f", row->slab_slabs,
		      huge_rows[_i].slabs);
	kfrag_report_release(&report);
}
END_TEST

/*
 * Five billion objects in a small memory are replayed: refused, never a
 * crash. In a large one that does not hold them they can be neither.
 */
START_TEST(huge_row_in_given_memory)
{
	struct fixture_row row = { 1, 5000000000, 4096, 1, 1 };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;
	size_t offender;

	kfrag_replay_params_init(&params);
	params.memory_bytes = 64 * KFRAG_MIB;
	create_of_row(&report, &fixture, &row, &params);
	ck_assert(report.replayed);
	ck_assert_uint_eq(report.caches[0].buddy_failed_objs,
			  5000000000 - 16384);
	ck_assert_uint_eq(report.caches[0].slab_failed_objs,
			  5000000000 - 16384);
	kfrag_report_release(&report);

	params.memory_bytes = 2 * KFRAG_REPLAY_MAX_PAGES * PAGE_BYTES;
	memset(&report, 0x5a, sizeof(report));
	ck_assert_int_eq(kfrag_report_create(&report, &fixture.snapshot,
					     &params, &offender),
			 KFRAG_ERANGE);
	ck_assert(is_empty(&report));

	/* Just enough, and no power of two. */
	params.memory_bytes = 5000000000 * PAGE_BYTES;
	create(&report, &fixture, &params);
	ck_assert(!report.replayed);
	ck_assert_uint_eq(
		total(&report, KFRAG_BUDDY, KFRAG_PEAK)->free_bytes.value, 0);
	kfrag_report_release(&report);
	params.memory_bytes -= PAGE_BYTES;
	ck_assert_int_eq(kfrag_report_create(&report, &fixture.snapshot,
					     &params, &offender),
			 KFRAG_ERANGE);
}
END_TEST

START_TEST(overflow_names_the_row)
{
	struct fixture_row rows[] = { { 10, 20, 192, 21, 1 },
				      { 0, UINT64_MAX, 192, 21, 1 },
				      { 0, UINT64_MAX, UINT64_MAX, 1, 1 } };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;
	size_t offender = 0;

	fixture_snapshot_init(&fixture);
	for (size_t i = 0; i < NR_OF(rows); i++)
		fixture_snapshot_add(&fixture, &rows[i]);
	kfrag_replay_params_init(&params);
	memset(&report, 0x5a, sizeof(report));
	ck_assert_int_eq(kfrag_report_create(&report, &fixture.snapshot,
					     &params, &offender),
			 KFRAG_EOVERFLOW);
	ck_assert_uint_eq(offender, 1);
	ck_assert(is_empty(&report));
}
END_TEST

static void add_core(TCase *core)
{
	tcase_add_loop_test(core, bad_params_are_refused, 0, NR_OF(bad_params));
	tcase_add_test(core, default_params);
	tcase_add_test(core, params_at_their_borders);
	tcase_add_test(core, hand_made_report);
	tcase_add_test(core, kernel_tail_below_zero);
	tcase_add_test(core, empty_snapshot);
	tcase_add_test(core, rows_without_objects);
	tcase_add_test(core, active_above_num_counts_as_num);
	tcase_add_test(core, texts);
	tcase_add_loop_test(core, small_memory, 0, NR_OF(small_memories));
}

Suite *report_suite(void)
{
	Suite *suite = suite_create("report");
	TCase *core = tcase_create("core");
	TCase *limits = tcase_create("limits");

	add_core(core);
	suite_add_tcase(suite, core);

	tcase_set_timeout(limits, 60);
	tcase_add_loop_test(limits, huge_row, 0, NR_OF(huge_rows));
	tcase_add_test(limits, huge_row_in_given_memory);
	tcase_add_test(limits, overflow_names_the_row);
	suite_add_tcase(suite, limits);
	return suite;
}
