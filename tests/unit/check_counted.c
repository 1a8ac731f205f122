// SPDX-License-Identifier: MIT
/*
 * What is counted without a replay against the replay itself, for
 * populations small enough for both.
 */
#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "expect.h"
#include "fixture_snapshot.h"
#include "kfrag/arith.h"
#include "kfrag/random.h"
#include "kfrag/replay.h"
#include "replay/side.h"

Suite *counted_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))
#define PAGE_BYTES 4096
#define NR_PAGES (UINT64_C(1) << 16)

/* Both sides of both ways for one snapshot. */
struct bench {
	struct fixture_snapshot fixture;
	struct kfrag_workload workload;
	struct kfrag_replay_params params;
	struct kfrag_side counted, replayed;
};

static void bench_open(struct bench *bench, uint64_t min_partial_slabs)
{
	size_t nr_caches = bench->fixture.snapshot.nr_records;
	size_t offender;

	kfrag_replay_params_init(&bench->params);
	bench->params.min_partial_slabs = min_partial_slabs;
	EXPECT(!kfrag_workload_init(&bench->workload, &bench->fixture.snapshot,
				    PAGE_BYTES, bench->params.max_order,
				    &offender));
	EXPECT(!kfrag_side_init(&bench->counted, nr_caches));
	EXPECT(!kfrag_side_init(&bench->replayed, nr_caches));
}

static void bench_close(struct bench *bench)
{
	kfrag_side_release(&bench->counted);
	kfrag_side_release(&bench->replayed);
	kfrag_workload_release(&bench->workload);
}

/*
 * A cache of one page a slab, filled and settled: its slabs after settling,
 * counted, and replayed with a seed.
 */
static uint64_t counted_slabs(struct bench *bench)
{
	kfrag_count_slab(&bench->counted, &bench->workload,
			 bench->params.min_partial_slabs);
	return bench->counted.states[KFRAG_SETTLED].caches[0].held_blocks;
}

static uint64_t replayed_slabs(struct bench *bench, uint64_t seed)
{
	bench->params.seed = seed;
	EXPECT(!kfrag_replay_slab(&bench->replayed, &bench->workload,
				  &bench->params, NR_PAGES));
	return bench->replayed.states[KFRAG_SETTLED].caches[0].held_blocks;
}

/* One cache of slabs of objs_per_slab objects, one page each. */
static void bench_of(struct bench *bench, uint64_t num_objs,
		     uint64_t active_objs, uint64_t objs_per_slab,
		     uint64_t min_partial_slabs)
{
	struct fixture_row row = {
		.active_objs = active_objs,
		.num_objs = num_objs,
		.size_bytes = PAGE_BYTES / objs_per_slab,
		.objs_per_slab = objs_per_slab,
		.pages_per_slab = 1,
	};

	*bench = (struct bench){ 0 };
	fixture_snapshot_of(&bench->fixture, &row);
	bench_open(bench, min_partial_slabs);
}

/* ------------------------------------------- where chance has no say */

static const struct {
	uint64_t num_objs, active_objs, objs_per_slab, min_partial_slabs;
	uint64_t slabs;
} certain_rows[] = {
	/* All stay. */
	{ 1000, 1000, 8, 0, 125 },
	{ 1001, 1001, 8, 0, 126 },
	{ 1001, 1001, 8, 10, 126 },
	{ 7, 7, 8, 0, 1 },
	{ 0, 0, 8, 0, 0 },
	{ 0, 0, 8, 5, 0 },
	/* All go; min_partial empty slabs are kept, where there are any. */
	{ 1000, 0, 8, 0, 0 },
	{ 1000, 0, 8, 1, 1 },
	{ 1000, 0, 8, 10, 10 },
	{ 1000, 0, 8, 125, 125 },
	{ 1000, 0, 8, 126, 125 },
	{ 1000, 0, 8, UINT64_MAX, 125 },
	{ 1001, 0, 8, 126, 126 },
	{ 3, 0, 8, 10, 1 },
	/* A slab for each object. */
	{ 1000, 400, 1, 0, 400 },
	{ 1000, 1, 1, 0, 1 },
	{ 1000, 999, 1, 0, 999 },
	/* Full slabs are not partial: the empty ones are kept beside them. */
	{ 1000, 400, 1, 10, 410 },
	{ 1000, 995, 1, 10, 1000 },
	{ 1000, 990, 1, 10, 1000 },
	{ 1000, 989, 1, 10, 999 },
	{ 1000, 400, 1, UINT64_MAX, 1000 },
	/* One object goes of slabs of several: none becomes empty. */
	{ 1000, 999, 8, 0, 125 },
	{ 1000, 993, 8, 0, 125 },
	/* One object stays. */
	{ 1000, 1, 8, 0, 1 },
	{ 1001, 1, 8, 0, 1 },
	/* One slab. */
	{ 8, 3, 8, 0, 1 },
	{ 5, 1, 8, 3, 1 },
	/* Enough is kept for all slabs that are not full. */
	{ 1000, 300, 8, 125, 125 },
	{ 1000, 300, 8, 1000, 125 },
};

START_TEST(certain_row)
{
	struct bench bench;

	bench_of(&bench, certain_rows[_i].num_objs,
		 certain_rows[_i].active_objs, certain_rows[_i].objs_per_slab,
		 certain_rows[_i].min_partial_slabs);
	ck_assert_uint_eq(counted_slabs(&bench), certain_rows[_i].slabs);
	for (uint64_t seed = 0; seed < 5; seed++)
		ck_assert_uint_eq(replayed_slabs(&bench, seed),
				  certain_rows[_i].slabs);
	bench_close(&bench);
}
END_TEST

/* -------------------------------------------------- where it has one */

/* C(n - m, a) / C(n, a): none of m certain objects is among a of n. */
static double none_of(uint64_t n, uint64_t a, uint64_t m)
{
	double probability = 1;

	for (uint64_t i = 0; i < m; i++)
		probability *=
			n - a > i ? (double)(n - a - i) / (double)(n - i) : 0;
	return probability;
}

static double expected_slabs(uint64_t num_objs, uint64_t active_objs,
			     uint64_t objs_per_slab)
{
	uint64_t nr_full = num_objs / objs_per_slab;
	uint64_t rest = num_objs % objs_per_slab;

	return (double)nr_full *
		       (1 - none_of(num_objs, active_objs, objs_per_slab)) +
	       (1 - none_of(num_objs, active_objs, rest));
}

static const struct {
	uint64_t num_objs, active_objs, objs_per_slab, min_partial_slabs;
} random_rows[] = {
	{ 10000, 3000, 8, 0 }, /* 1178.03 of 1250 */
	{ 10000, 100, 8, 0 },
	{ 10000, 9900, 8, 0 },
	{ 10000, 5000, 2, 0 },
	{ 9999, 3333, 16, 0 },
	{ 10001, 1000, 4, 0 },
	{ 6400, 100, 64, 0 },
	{ 12800, 100, 128, 0 },
	{ 19, 3, 8, 0 },
	{ 9, 1, 8, 0 },
	{ 20, 10, 2, 0 },
	/* Some of the empty slabs stay. */
	{ 10000, 3000, 8, 10 },
	{ 10000, 3000, 8, 1000 },
	{ 10000, 3000, 8, 1240 },
	{ 10000, 100, 8, 5 },
	{ 10000, 100, 8, 50 },
	{ 10000, 100, 8, 500 },
	{ 10000, 5000, 2, 40 },
	{ 10000, 5000, 2, 2000 },
	{ 12800, 100, 128, 20 },
	{ 10000, 9000, 2, 100 },
	{ 10001, 100, 8, 50 },
	{ 10003, 5000, 4, 200 },
};

/*
 * The mean over seeds lies within four standard errors of what is counted,
 * which is rounded to whole slabs.
 */
START_TEST(mean_of_many_seeds)
{
	enum { NR_SEEDS = 60 };
	double mean = 0, variance = 0, off, allowed;
	double values[NR_SEEDS];
	uint64_t counted;
	struct bench bench;

	bench_of(&bench, random_rows[_i].num_objs, random_rows[_i].active_objs,
		 random_rows[_i].objs_per_slab,
		 random_rows[_i].min_partial_slabs);
	counted = counted_slabs(&bench);
	for (uint64_t seed = 0; seed < NR_SEEDS; seed++) {
		values[seed] = (double)replayed_slabs(&bench, 1000 + seed);
		mean += values[seed] / NR_SEEDS;
	}
	for (uint64_t seed = 0; seed < NR_SEEDS; seed++)
		variance += (values[seed] - mean) * (values[seed] - mean) /
			    (NR_SEEDS - 1);
	/* |mean - counted| - 0.5 <= 4 * sqrt(variance / seeds), squared. */
	off = mean > (double)counted ? mean - (double)counted :
				       (double)counted - mean;
	allowed = 16 * variance / NR_SEEDS;
	ck_assert_msg(off <= 0.5 || (off - 0.5) * (off - 0.5) <= allowed,
		      "counted %u slabs, %f replayed, variance of one %f",
		      (unsigned)counted, mean, variance);
	bench_close(&bench);
}
END_TEST

/* The sum of one minus the empty slabs' probabilities, in floating point. */
START_TEST(expectation_is_the_closed_form)
{
	unsigned nr_partial_last = 0, nr_sparse = 0, nr_larger_than_word = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned round = 0; round < 500; round++) {
		uint64_t num = fixture_log_random(&random, 1000000000);
		uint64_t active = kfrag_random_below(&random, num + 1);
		uint64_t per_slab = UINT64_C(1)
				    << kfrag_random_below(&random, 13);
		double off, expected;
		struct bench bench;

		/* So few that many slabs become empty. */
		if (kfrag_random_below(&random, 2) == 0)
			active = kfrag_random_below(&random,
						    2 * num / per_slab + 1);
		if (active > num)
			active = num;
		expected = expected_slabs(num, active, per_slab);
		bench_of(&bench, num, active, per_slab, 0);
		off = (double)counted_slabs(&bench) - expected;
		if (off < -0.5001 || off > 0.5001)
			ck_abort_msg("%" PRIu64 " of %" PRIu64 ", %" PRIu64
				     " a slab: %f slabs, %f off",
				     active, num, per_slab, expected, off);
		nr_partial_last += num % per_slab != 0;
		nr_sparse += expected < 0.9 * (double)num / (double)per_slab;
		nr_larger_than_word += per_slab > 64;
		bench_close(&bench);
	}
	ck_assert_uint_gt(nr_partial_last, 0);
	ck_assert_uint_gt(nr_sparse, 0);
	ck_assert_uint_gt(nr_larger_than_word, 0);
}
END_TEST

/* ------------------------------------------------------ whole snapshots */

/* What a property met; every count must be above 0 in the end. */
struct met {
	unsigned nr_refused, nr_live, nr_freed;
};

static void compare_peaks(const struct bench *bench, struct met *met)
{
	for (size_t i = 0; i < bench->workload.nr_caches; i++) {
		const struct kfrag_side_cache *a =
			&bench->counted.states[KFRAG_PEAK].caches[i];
		const struct kfrag_side_cache *b =
			&bench->replayed.states[KFRAG_PEAK].caches[i];

		EXPECT_EQ(a->live_objs, b->live_objs);
		EXPECT_EQ(a->held_blocks, b->held_blocks);
		EXPECT_EQ(a->failed_objs, b->failed_objs);
		met->nr_refused += b->failed_objs > 0;
		met->nr_live += b->live_objs > 0;
	}
}

static void compare_settled(const struct bench *bench, struct met *met)
{
	for (size_t i = 0; i < bench->workload.nr_caches; i++) {
		const struct kfrag_side_cache *a =
			&bench->counted.states[KFRAG_SETTLED].caches[i];
		const struct kfrag_side_cache *b =
			&bench->replayed.states[KFRAG_SETTLED].caches[i];
		const struct kfrag_side_cache *peak =
			&bench->replayed.states[KFRAG_PEAK].caches[i];

		EXPECT_EQ(a->live_objs, b->live_objs);
		EXPECT_EQ(a->failed_objs, b->failed_objs);
		met->nr_freed += b->live_objs < peak->live_objs;
	}
}

/* All but the slabs after settling is the same to the last digit. */
START_TEST(counted_as_replayed)
{
	struct kfrag_random random;
	struct met met = { 0 };

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned round = 0; round < 30; round++) {
		struct bench bench = { 0 };
		uint64_t nr_pages;

		fixture_snapshot_random(&bench.fixture, &random, 15, 2000,
					PAGE_BYTES);
		bench_open(&bench, kfrag_random_below(&random, 4));
		bench.params.max_order =
			(unsigned)kfrag_random_below(&random, 5);
		bench.workload.max_order = bench.params.max_order;
		nr_pages = UINT64_C(1) << 18;

		kfrag_count_buddy(&bench.counted, &bench.workload);
		EXPECT(!kfrag_replay_buddy(&bench.replayed, &bench.workload,
					   &bench.params, nr_pages));
		compare_peaks(&bench, &met);
		compare_settled(&bench, &met);
		for (size_t i = 0; i < bench.workload.nr_caches; i++)
			EXPECT_EQ(bench.counted.states[KFRAG_SETTLED]
					  .caches[i]
					  .held_blocks,
				  bench.replayed.states[KFRAG_SETTLED]
					  .caches[i]
					  .held_blocks);
		kfrag_side_release(&bench.counted);
		EXPECT(!kfrag_side_init(&bench.counted, 15));
		kfrag_count_slab(&bench.counted, &bench.workload,
				 bench.params.min_partial_slabs);
		EXPECT(!kfrag_replay_slab(&bench.replayed, &bench.workload,
					  &bench.params, nr_pages));
		compare_peaks(&bench, &met);
		compare_settled(&bench, &met);
		bench_close(&bench);
	}
	ck_assert_uint_gt(met.nr_refused, 0);
	ck_assert_uint_gt(met.nr_live, 0);
	ck_assert_uint_gt(met.nr_freed, 0);
}
END_TEST

Suite *counted_suite(void)
{
	Suite *suite = suite_create("counted");
	TCase *core = tcase_create("core");
	TCase *property = tcase_create("property");

	tcase_add_loop_test(core, certain_row, 0, NR_OF(certain_rows));
	suite_add_tcase(suite, core);

	tcase_set_timeout(property, 60);
	tcase_add_loop_test(property, mean_of_many_seeds, 0,
			    NR_OF(random_rows));
	tcase_add_loop_test(property, expectation_is_the_closed_form, 0, 4);
	tcase_add_loop_test(property, counted_as_replayed, 0, 4);
	suite_add_tcase(suite, property);
	return suite;
}
