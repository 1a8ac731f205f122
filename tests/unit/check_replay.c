// SPDX-License-Identifier: MIT
/*
 * Whole replays of random snapshots: what must hold whatever is random, and
 * what must come out on average.
 */
#include <check.h>
#include <stdbool.h>
#include <stdint.h>

#include "expect.h"
#include "fixture_snapshot.h"
#include "kfrag/arith.h"
#include "kfrag/random.h"
#include "kfrag/replay.h"
#include "kfrag/report.h"
#include "replay/choose.h"
#include "report_laws.h"

Suite *replay_suite(void);

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

/* ---------------------------------------------------------------- the laws */

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
	params->placement = (enum kfrag_buddy_placement)kfrag_random_below(
		random, KFRAG_NR_BUDDY_PLACEMENTS);
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
	for (unsigned round = 0; round < 60; round++) {
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
		fixture_snapshot_of(&fixture, &row);
		create(&report, &fixture, &params);
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
		fixture_snapshot_of(&fixture, &row);
		create(&report, &fixture, &params);
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
	static uint64_t live[MAX_MODEL_SLABS], freed[MAX_MODEL_SLABS + 1];
	unsigned nr_slots = (unsigned)row->objs_per_slab;
	uint64_t nr_full = row->num_objs / nr_slots;
	uint64_t nr_last = row->num_objs % nr_slots;
	struct kfrag_random random;
	struct model model = {
		.nr_slabs = nr_full + (nr_last > 0),
		.nr_partial = nr_last > 0,
	};
	size_t nr_slabs = (size_t)model.nr_slabs;
	uint64_t object = 0;

	for (size_t i = 0; i < nr_slabs; i++)
		live[i] = UINT64_MAX >>
			  (64 - (i < nr_full ? nr_slots : nr_last));
	kfrag_random_init(&random,
			  kfrag_stream_seed(seed, 0, KFRAG_STREAM_SLAB));
	kfrag_choose(&random, freed, row->num_objs,
		     row->num_objs - row->active_objs);
	for (size_t i = 0; i < nr_slabs; i++) {
		uint64_t stay = live[i];

		for (unsigned slot = 0; slot < nr_slots; slot++) {
			if (!(live[i] >> slot & 1))
				continue;
			if (freed[object / 64] >> (object % 64) & 1)
				stay ^= UINT64_C(1) << slot;
			object++;
		}
		model_free(&model, live[i], stay, nr_slots, min_partial_slabs);
	}
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
		fixture_snapshot_of(&fixture, &row);
		create(&report, &fixture, &params);
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

Suite *replay_suite(void)
{
	Suite *suite = suite_create("replay");
	TCase *laws = tcase_create("laws");
	TCase *averages = tcase_create("averages");

	tcase_set_timeout(laws, 60);
	tcase_add_loop_test(laws, random_reports_obey_the_laws, 0, 8);
	tcase_add_loop_test(laws, seed_alone_decides, 0, 4);
	tcase_add_loop_test(laws, min_partial_keeps_slabs, 0, 4);
	suite_add_tcase(suite, laws);

	tcase_set_timeout(averages, 60);
	tcase_add_loop_test(averages, slabs_after_random_freeing, 0, 3);
	tcase_add_test(averages, free_blocks_after_random_freeing);
	suite_add_tcase(suite, averages);
	return suite;
}
