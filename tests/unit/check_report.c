// SPDX-License-Identifier: MIT
#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "expect.h"
#include "fixture_snapshot.h"
#include "kfrag/arith.h"
#include "kfrag/buddy.h"
#include "kfrag/random.h"
#include "kfrag/replay.h"
#include "kfrag/report.h"
#include "replay/choose.h"
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

static void (*const bad_params[])(struct kfrag_replay_params *params) = {
	no_page_size,	 odd_page_size, small_page_size,
	large_page_size, broken_page,	too_much_memory,
	large_order,	 no_rounds,	no_policy,
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

/* ------------------------------------------------------------- properties */

/* What a property met; every count must be above 0 in the end. */
struct met {
	unsigned nr_refused, nr_fragmented, nr_complete;
	unsigned nr_slabs_returned, nr_merges, nr_idle, nr_odd_memories;
	unsigned nr_negative_tails, nr_differing, nr_later_refused;
};

static void meet(struct met *met, const struct kfrag_report *report)
{
	uint64_t nr_pages = report->memory_bytes / report->page_size_bytes;

	for (int a = 0; a < KFRAG_KERNEL; a++) {
		const struct kfrag_total_row *row = kfrag_report_total(
			report, (enum kfrag_allocator)a, KFRAG_SETTLED);

		met->nr_refused += row->failed_objs.value > 0;
		met->nr_fragmented += row->failed_fragmented_objs.value > 0;
		met->nr_complete += row->failed_objs.value == 0;
		met->nr_merges += report->activity[a].nr_merges > 0;
		met->nr_idle += row->idle_bytes.value > 0;
		met->nr_later_refused += row->failed_objs.value >
					 report->num_objs;
	}
	met->nr_slabs_returned +=
		report->activity[KFRAG_SLAB].nr_slabs_returned > 0;
	met->nr_odd_memories += !kfrag_is_power_of_two(nr_pages);
	for (uint64_t i = 0; i < report->nr_caches; i++)
		met->nr_negative_tails += report->caches[i].kernel_tail_bytes <
					  0;
}

static void random_params(struct kfrag_replay_params *params,
			  struct kfrag_random *random)
{
	kfrag_replay_params_init(params);
	params->page_size_bytes = KFRAG_MIN_PAGE_BYTES
				  << kfrag_random_below(random, 8);
	params->max_order = (unsigned)kfrag_random_below(random, 13);
	params->seed = kfrag_random_next(random);
	params->rounds = 1 + kfrag_random_below(random, 4);
	if (kfrag_random_below(random, 3) == 0)
		params->min_partial_slabs = kfrag_random_below(random, 12);
	params->policy = kfrag_slab_policies()[kfrag_random_below(random, 3)];
}

/* A part of what the default would be, in any number of pages. */
static uint64_t random_memory(struct kfrag_random *random,
			      const struct kfrag_report *report)
{
	uint64_t nr_pages = report->memory_bytes / report->page_size_bytes;

	nr_pages = 1 + kfrag_random_below(random, nr_pages + nr_pages / 4);
	return nr_pages * report->page_size_bytes;
}

START_TEST(random_reports_obey_the_laws)
{
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;
	struct kfrag_random random;
	struct met met = { 0 };

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned round = 0; round < 40; round++) {
		unsigned nr_rows = (unsigned)kfrag_random_below(&random, 25);

		random_params(&params, &random);
		fixture_snapshot_random(&fixture, &random, nr_rows, 3000,
					params.page_size_bytes);
		for (unsigned i = 0; i < nr_rows; i++)
			if (kfrag_random_below(&random, 10) == 0)
				fixture.records[i].num_slabs /= 2;
		create(&report, &fixture, &params);
		meet(&met, &report);
		params.memory_bytes = random_memory(&random, &report);
		kfrag_report_release(&report);
		create(&report, &fixture, &params);
		meet(&met, &report);
		kfrag_report_release(&report);
	}
	ck_assert_uint_gt(met.nr_refused, 0);
	ck_assert_uint_gt(met.nr_fragmented, 0);
	ck_assert_uint_gt(met.nr_complete, 0);
	ck_assert_uint_gt(met.nr_slabs_returned, 0);
	ck_assert_uint_gt(met.nr_merges, 0);
	ck_assert_uint_gt(met.nr_idle, 0);
	ck_assert_uint_gt(met.nr_odd_memories, 0);
	ck_assert_uint_gt(met.nr_negative_tails, 0);
	ck_assert_uint_gt(met.nr_later_refused, 0);
}
END_TEST

/* Same snapshot and params, same report; another seed, another one. */
START_TEST(seed_alone_decides)
{
	struct kfrag_random random;
	struct met met = { 0 };

	kfrag_random_init(&random, 100 + (uint64_t)_i);
	for (unsigned round = 0; round < 20; round++) {
		struct kfrag_report first, again, other;
		struct fixture_snapshot fixture;
		struct kfrag_replay_params params;
		const char *difference;

		random_params(&params, &random);
		fixture_snapshot_random(&fixture, &random, 12, 2000,
					params.page_size_bytes);
		create(&first, &fixture, &params);
		create(&again, &fixture, &params);
		difference = report_difference(&first, &again);
		if (difference)
			ck_abort_msg("%s differs", difference);
		params.seed++;
		create(&other, &fixture, &params);
		met.nr_differing += report_difference(&first, &other) != NULL;
		/* What is exact at the peak is so with any seed. */
		if (params.rounds == 1)
			for (uint64_t i = 0; i < first.nr_caches; i++)
				EXPECT_EQ(
					first.caches[i].buddy_peak_held_bytes,
					other.caches[i].buddy_peak_held_bytes);
		kfrag_report_release(&first);
		kfrag_report_release(&again);
		kfrag_report_release(&other);
	}
	ck_assert_uint_ge(met.nr_differing, 15);
}
END_TEST

/* The laws are no ornament: each figure is watched by one of them. */
#define MEMBER(row, member)                                                    \
	{                                                                      \
#member, offsetof(struct row, member)                          \
	}

struct member {
	const char *name;
	size_t offset;
};

static const struct member cache_members[] = {
	MEMBER(kfrag_cache_row, name_bytes),
	MEMBER(kfrag_cache_row, line),
	MEMBER(kfrag_cache_row, active_slabs),
	MEMBER(kfrag_cache_row, size_bytes),
	MEMBER(kfrag_cache_row, active_objs),
	MEMBER(kfrag_cache_row, num_objs),
	MEMBER(kfrag_cache_row, objs_per_slab),
	MEMBER(kfrag_cache_row, num_slabs),
	MEMBER(kfrag_cache_row, kernel_held_bytes),
	MEMBER(kfrag_cache_row, kernel_idle_bytes),
	MEMBER(kfrag_cache_row, kernel_tail_bytes),
	MEMBER(kfrag_cache_row, buddy_peak_held_bytes),
	MEMBER(kfrag_cache_row, buddy_peak_internal_bytes),
	MEMBER(kfrag_cache_row, buddy_held_bytes),
	MEMBER(kfrag_cache_row, buddy_internal_bytes),
	MEMBER(kfrag_cache_row, buddy_failed_objs),
	MEMBER(kfrag_cache_row, slab_slabs),
	MEMBER(kfrag_cache_row, slab_held_bytes),
	MEMBER(kfrag_cache_row, slab_idle_bytes),
	MEMBER(kfrag_cache_row, slab_tail_bytes),
	MEMBER(kfrag_cache_row, slab_failed_objs),
};

static const struct member total_members[] = {
	MEMBER(kfrag_total_row, live_objs),
	MEMBER(kfrag_total_row, live_bytes),
	MEMBER(kfrag_total_row, held_bytes),
	MEMBER(kfrag_total_row, internal_bytes.value),
	MEMBER(kfrag_total_row, idle_bytes.value),
	MEMBER(kfrag_total_row, tail_bytes),
	MEMBER(kfrag_total_row, free_bytes.value),
	MEMBER(kfrag_total_row, free_blocks.value),
	MEMBER(kfrag_total_row, largest_free_bytes.value),
	MEMBER(kfrag_total_row, external_permille.value),
	MEMBER(kfrag_total_row, memory_bytes.value),
	MEMBER(kfrag_total_row, failed_objs.value),
	MEMBER(kfrag_total_row, failed_fragmented_objs.value),
};

static const struct member order_members[] = {
	MEMBER(kfrag_order_row, block_bytes),
	MEMBER(kfrag_order_row, free_blocks.value),
	MEMBER(kfrag_order_row, unusable_permille.value),
};

/* Adds one to a figure, looks for a complaint, and takes it back. */
static void break_member(const struct kfrag_report *report,
			 const struct fixture_snapshot *fixture,
			 const struct kfrag_replay_params *params, void *row,
			 const struct member *member)
{
	unsigned char *place = (unsigned char *)row + member->offset;
	uint64_t before, after;

	memcpy(&before, place, sizeof(before));
	after = before + 1;
	memcpy(place, &after, sizeof(after));
	if (!report_laws_broken(report, &fixture->snapshot, params))
		ck_abort_msg("%s may be wrong unnoticed", member->name);
	memcpy(place, &before, sizeof(before));
}

START_TEST(laws_notice_each_wrong_figure)
{
	struct fixture_row rows[] = { { 400, 1000, 192, 21, 1 },
				      { 30, 50, 9000, 3, 8 },
				      { 10, 10, 20000, 1, 8 } };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;

	fixture_snapshot_init(&fixture);
	for (size_t i = 0; i < NR_OF(rows); i++)
		fixture_snapshot_add(&fixture, &rows[i]);
	kfrag_replay_params_init(&params);
	create(&report, &fixture, &params);
	for (size_t i = 0; i < report.nr_caches; i++)
		for (size_t j = 0; j < NR_OF(cache_members); j++)
			break_member(&report, &fixture, &params,
				     &report.caches[i], &cache_members[j]);
	/* The kernel's row does not have them all. */
	for (size_t i = 0; i + 1 < report.nr_totals; i++) {
		for (size_t j = 0; j < NR_OF(total_members); j++) {
			const char *name = total_members[j].name;
			bool buddy = report.totals[i].allocator == KFRAG_BUDDY;

			if (buddy ? strncmp(name, "idle", 4) == 0 ||
					    strncmp(name, "tail", 4) == 0 :
				    strncmp(name, "internal", 8) == 0)
				continue;
			break_member(&report, &fixture, &params,
				     &report.totals[i], &total_members[j]);
		}
	}
	for (size_t i = 0; i < report.nr_orders; i++)
		for (size_t j = 0; j < NR_OF(order_members); j++)
			break_member(&report, &fixture, &params,
				     &report.orders[i], &order_members[j]);
	ck_assert_ptr_null(
		report_laws_broken(&report, &fixture.snapshot, &params));
	kfrag_report_release(&report);
}
END_TEST

/* ----------------------------------------------------------- what is random */

/*
 * |mean - expected| below four standard errors, or, where the spread is
 * known, of that; no square roots.
 */
static bool is_within(const double *values, size_t nr_values, double expected,
		      double known_variance)
{
	double mean = 0, variance = 0;

	for (size_t i = 0; i < nr_values; i++)
		mean += values[i] / (double)nr_values;
	for (size_t i = 0; i < nr_values; i++)
		variance += (values[i] - mean) * (values[i] - mean) /
			    (double)(nr_values - 1);
	/* A spread that is far off is as wrong as a mean. */
	if (known_variance > 0 &&
	    (variance < known_variance / 2 || variance > known_variance * 2))
		return false;
	if (known_variance > 0)
		variance = known_variance;
	return (mean - expected) * (mean - expected) <=
	       16 * variance / (double)nr_values;
}

/*
 * 1250 full slabs of 8, of whose objects 3000 stay: 1178.03 slabs are held,
 * with a standard deviation of 7.32, whatever the policy.
 */
START_TEST(slabs_after_random_freeing)
{
	enum { NR_SEEDS = 100 };
	struct fixture_row row = { 3000, 10000, 512, 8, 1 };
	double slabs[NR_SEEDS];
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;

	kfrag_replay_params_init(&params);
	params.policy = kfrag_slab_policies()[_i];
	for (unsigned seed = 0; seed < NR_SEEDS; seed++) {
		struct kfrag_report report;

		params.seed = seed;
		create_of_row(&report, &fixture, &row, &params);
		slabs[seed] = (double)report.caches[0].slab_slabs;
		kfrag_report_release(&report);
	}
	ck_assert(is_within(slabs, NR_SEEDS, 1178.03, 7.32 * 7.32));
}
END_TEST

/*
 * The same under buddy only: of N pages f are freed at random. A page stays
 * a block of its own where its buddy is in use: f (N - f) / (N - 1) blocks
 * of order 0 are expected. The neighbour of the first page beyond the end of
 * the population is never freed by it.
 */
START_TEST(free_blocks_after_random_freeing)
{
	enum { NR_SEEDS = 60, NR_OBJS = 4096, NR_FREED = 1500 };
	struct fixture_row row = { NR_OBJS - NR_FREED, NR_OBJS, 4096, 8, 8 };
	double blocks[NR_SEEDS], expected;
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;

	expected = (double)NR_FREED * (NR_OBJS - NR_FREED) / (NR_OBJS - 1);
	kfrag_replay_params_init(&params);
	for (unsigned seed = 0; seed < NR_SEEDS; seed++) {
		const struct kfrag_order_row *order;
		struct kfrag_report report;

		params.seed = seed;
		create_of_row(&report, &fixture, &row, &params);
		order = &report.orders[KFRAG_SETTLED * 11];
		ck_assert_uint_eq(order->state, KFRAG_SETTLED);
		blocks[seed] = (double)order->free_blocks.value;
		kfrag_report_release(&report);
	}
	ck_assert(is_within(blocks, NR_SEEDS, expected, 0));
}
END_TEST

#define MAX_MODEL_SLABS 4000

/* The cache in the model below. */
struct model {
	uint64_t nr_slabs, nr_partial, nr_empty;
};

/*
 * Linux' rule, slab by slab: an emptied slab stays while fewer than
 * min_partial others have free slots. live are the slab's objects, before
 * and after.
 */
static void model_free(struct model *model, uint64_t live, uint64_t stay,
		       unsigned nr_slots, uint64_t min_partial_slabs)
{
	bool was_partial = (unsigned)__builtin_popcountll(live) < nr_slots;

	if (stay == live)
		return;
	if (was_partial)
		model->nr_partial--;
	if (stay)
		model->nr_partial++;
	else if (model->nr_partial + model->nr_empty < min_partial_slabs)
		model->nr_empty++;
	else
		model->nr_slabs--;
}

/* One cache with up to 64 slots a slab, settled once. */
static uint64_t model_slabs(const struct fixture_row *row, uint64_t seed,
			    uint64_t min_partial_slabs)
{
	static uint64_t live[MAX_MODEL_SLABS], freed[MAX_MODEL_SLABS];
	unsigned nr_slots = (unsigned)row->objs_per_slab;
	uint64_t nr_full = row->num_objs / nr_slots;
	uint64_t nr_last = row->num_objs % nr_slots;
	struct kfrag_random random;
	struct model model = {
		.nr_slabs = nr_full + (nr_last > 0),
		.nr_partial = nr_last > 0,
	};
	size_t nr_slabs = (size_t)model.nr_slabs;

	for (size_t i = 0; i < nr_slabs; i++)
		live[i] = UINT64_MAX >>
			  (64 - (i < nr_full ? nr_slots : nr_last));
	kfrag_random_init(&random,
			  kfrag_stream_seed(seed, 0, KFRAG_STREAM_SLAB));
	kfrag_choose(&random, live, freed, nr_slabs, row->num_objs,
		     row->num_objs - row->active_objs);
	for (size_t i = 0; i < nr_slabs; i++)
		model_free(&model, live[i], live[i] & ~freed[i], nr_slots,
			   min_partial_slabs);
	return model.nr_slabs;
}

START_TEST(min_partial_keeps_slabs)
{
	unsigned nr_kept = 0, nr_returned = 0, nr_all = 0;
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned round = 0; round < 200; round++) {
		uint64_t per_slab = 1 + kfrag_random_below(&random, 64);
		uint64_t num = fixture_log_random(&random, MAX_MODEL_SLABS);
		struct fixture_row row = {
			.active_objs = kfrag_random_below(&random, num + 1),
			.num_objs = num,
			.size_bytes = PAGE_BYTES / per_slab,
			.objs_per_slab = per_slab,
			.pages_per_slab = 1,
		};
		struct kfrag_report report;
		uint64_t nr_slabs, peak = kfrag_div_up(num, per_slab);

		if (kfrag_random_below(&random, 2) == 0)
			row.active_objs /= per_slab;
		kfrag_replay_params_init(&params);
		params.seed = kfrag_random_next(&random);
		params.min_partial_slabs = kfrag_random_below(&random, 12);
		create_of_row(&report, &fixture, &row, &params);
		nr_slabs = report.caches[0].slab_slabs;
		EXPECT_EQ(nr_slabs, model_slabs(&row, params.seed,
						params.min_partial_slabs));
		nr_kept += nr_slabs > row.active_objs;
		nr_returned += nr_slabs < peak && params.min_partial_slabs > 0;
		nr_all += nr_slabs == peak;
		kfrag_report_release(&report);
	}
	ck_assert_uint_gt(nr_kept, 0);
	ck_assert_uint_gt(nr_returned, 0);
	ck_assert_uint_gt(nr_all, 0);
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
	{ { 20000000, 40000000, 4096, 1, 1 }, 20000000 },
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
	TCase *property = tcase_create("property");
	TCase *checker = tcase_create("checker");

	add_core(core);
	suite_add_tcase(suite, core);

	tcase_set_timeout(limits, 60);
	tcase_add_loop_test(limits, huge_row, 0, NR_OF(huge_rows));
	tcase_add_test(limits, huge_row_in_given_memory);
	tcase_add_test(limits, overflow_names_the_row);
	suite_add_tcase(suite, limits);

	tcase_set_timeout(property, 60);
	tcase_add_loop_test(property, random_reports_obey_the_laws, 0, 8);
	tcase_add_loop_test(property, seed_alone_decides, 0, 4);
	tcase_add_loop_test(property, slabs_after_random_freeing, 0, 3);
	tcase_add_test(property, free_blocks_after_random_freeing);
	tcase_add_loop_test(property, min_partial_keeps_slabs, 0, 4);
	suite_add_tcase(suite, property);

	tcase_add_test(checker, laws_notice_each_wrong_figure);
	suite_add_tcase(suite, checker);
	return suite;
}
