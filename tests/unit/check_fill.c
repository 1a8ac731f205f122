// SPDX-License-Identifier: MIT
/* The order in which a fill asks for objects. */
#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "fixture_snapshot.h"
#include "kfrag/random.h"
#include "kfrag/workload.h"

Suite *fill_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

#define MAX_FILLED 40

/* What a property met; every count must be above 0 in the end. */
struct met {
	unsigned nr_zero, nr_few, nr_many, nr_huge, nr_silent_steps;
};

static void random_wanted(struct kfrag_random *random, uint64_t *nr_wanted,
			  size_t nr_caches, struct met *met)
{
	for (size_t i = 0; i < nr_caches; i++) {
		switch (kfrag_random_below(random, 4)) {
		case 0:
			nr_wanted[i] = 0;
			met->nr_zero++;
			break;
		case 1:
			nr_wanted[i] = 1 + kfrag_random_below(random,
							      KFRAG_FILL_STEPS);
			met->nr_few++;
			break;
		case 2:
			nr_wanted[i] = fixture_log_random(random, 10000000);
			met->nr_many++;
			break;
		default:
			nr_wanted[i] = kfrag_random_next(random) >> 10;
			met->nr_huge++;
			break;
		}
	}
}

/*
 * Each cache's sum is within one object of its share at the end of a step:
 * |sum * steps - wanted * step| < steps.
 */
static void check_shares(const struct kfrag_fill *fill, const uint64_t *sums,
			 const uint64_t *nr_wanted, size_t nr_caches,
			 unsigned step)
{
	int64_t nr_steps = fill->nr_steps;

	for (size_t i = 0; i < nr_caches; i++) {
		/* Modulo 2^64: the difference is small. */
		int64_t ahead = (int64_t)(sums[i] * fill->nr_steps -
					  nr_wanted[i] * step);

		if (ahead <= -nr_steps || ahead >= nr_steps)
			ck_abort_msg("step %u, cache %zu: %" PRId64
				     " / %" PRId64 " objects off",
				     step, i, ahead, nr_steps);
	}
}

static void fill_in_step(struct kfrag_random *random, size_t nr_caches,
			 struct met *met)
{
	uint64_t nr_wanted[MAX_FILLED], sums[MAX_FILLED] = { 0 };
	unsigned last_step[MAX_FILLED] = { 0 }, step = 0;
	struct kfrag_fill fill;
	uint64_t nr_objs;
	size_t cache;

	random_wanted(random, nr_wanted, nr_caches, met);
	EXPECT(!kfrag_fill_init(&fill, nr_wanted, nr_caches,
				kfrag_random_next(random)));
	while (kfrag_fill_next(&fill, &cache, &nr_objs)) {
		EXPECT(nr_objs >= 1);
		EXPECT(cache < nr_caches);
		EXPECT(fill.step <= fill.nr_steps);
		for (; step + 1 < fill.step; step++) {
			check_shares(&fill, sums, nr_wanted, nr_caches,
				     step + 1);
			met->nr_silent_steps++;
		}
		if (step < fill.step) {
			check_shares(&fill, sums, nr_wanted, nr_caches, step);
			step = fill.step;
		}
		/* At most one batch a step. */
		EXPECT(last_step[cache] < step);
		last_step[cache] = step;
		sums[cache] += nr_objs;
	}
	for (size_t i = 0; i < nr_caches; i++)
		EXPECT_EQ(sums[i], nr_wanted[i]);
	/* The end stays the end. */
	EXPECT(!kfrag_fill_next(&fill, &cache, &nr_objs));
	kfrag_fill_release(&fill);
	ck_assert_ptr_null(fill.shares);
}

START_TEST(all_caches_grow_in_step)
{
	struct kfrag_random random;
	struct met met = { 0 };

	kfrag_random_init(&random, (uint64_t)_i);
	for (size_t nr_caches = 1; nr_caches <= MAX_FILLED; nr_caches++)
		for (unsigned round = 0; round < 4; round++)
			fill_in_step(&random, nr_caches, &met);
	ck_assert_uint_gt(met.nr_zero, 0);
	ck_assert_uint_gt(met.nr_few, 0);
	ck_assert_uint_gt(met.nr_many, 0);
	ck_assert_uint_gt(met.nr_huge, 0);
	ck_assert_uint_gt(met.nr_silent_steps, 0);
}
END_TEST

START_TEST(nothing_wanted)
{
	uint64_t nr_wanted[3] = { 0, 0, 0 }, nr_objs;
	struct kfrag_fill fill;
	size_t cache;

	ck_assert(!kfrag_fill_init(&fill, nr_wanted, 3, 1));
	ck_assert(!kfrag_fill_next(&fill, &cache, &nr_objs));
	kfrag_fill_release(&fill);
	ck_assert(!kfrag_fill_init(&fill, NULL, 0, 1));
	ck_assert(!kfrag_fill_next(&fill, &cache, &nr_objs));
	kfrag_fill_release(&fill);
	kfrag_fill_release(&fill);
}
END_TEST

/* With many caches the steps become few, so that the batches stay so. */
static const struct {
	size_t nr_caches;
	unsigned nr_steps;
} crowds[] = {
	{ 1, KFRAG_FILL_STEPS },
	{ KFRAG_FILL_BATCHES / KFRAG_FILL_STEPS, KFRAG_FILL_STEPS },
	{ KFRAG_FILL_BATCHES / KFRAG_FILL_STEPS + 1, KFRAG_FILL_STEPS - 1 },
	{ 5000, KFRAG_FILL_BATCHES / 5000 },
	{ KFRAG_FILL_BATCHES / 2 + 1, 1 },
	{ KFRAG_FILL_BATCHES + 1, 1 },
};

START_TEST(crowd)
{
	size_t nr_caches = crowds[_i].nr_caches, nr_batches = 0, cache;
	uint64_t *nr_wanted = calloc(nr_caches, sizeof(*nr_wanted));
	uint64_t *sums = calloc(nr_caches, sizeof(*sums));
	struct kfrag_random random;
	struct kfrag_fill fill;
	uint64_t nr_objs;
	unsigned step = 0;

	ck_assert(nr_wanted && sums);
	kfrag_random_init(&random, 4);
	for (size_t i = 0; i < nr_caches; i++)
		nr_wanted[i] = fixture_log_random(&random, 1000000);
	ck_assert(!kfrag_fill_init(&fill, nr_wanted, nr_caches, 9));
	ck_assert_uint_eq(fill.nr_steps, crowds[_i].nr_steps);
	while (kfrag_fill_next(&fill, &cache, &nr_objs)) {
		for (; step + 1 < fill.step; step++)
			if (step % 16 == 0)
				check_shares(&fill, sums, nr_wanted, nr_caches,
					     step + 1);
		sums[cache] += nr_objs;
		nr_batches++;
	}
	for (size_t i = 0; i < nr_caches; i++)
		EXPECT_EQ(sums[i], nr_wanted[i]);
	ck_assert(nr_batches <= KFRAG_FILL_BATCHES || nr_batches == nr_caches);
	kfrag_fill_release(&fill);
	free(nr_wanted);
	free(sums);
}
END_TEST

#define NR_EQUAL 4
#define NR_EQUAL_BATCHES (NR_EQUAL * KFRAG_FILL_STEPS)

/* The order of caches in a fill of NR_EQUAL equal ones. */
static void record_order(size_t *order, uint64_t seed)
{
	uint64_t nr_wanted[NR_EQUAL], nr_objs;
	struct kfrag_fill fill;
	size_t nr_batches = 0, cache;

	for (unsigned i = 0; i < NR_EQUAL; i++)
		nr_wanted[i] = 10 * KFRAG_FILL_STEPS;
	EXPECT(!kfrag_fill_init(&fill, nr_wanted, NR_EQUAL, seed));
	while (kfrag_fill_next(&fill, &cache, &nr_objs)) {
		EXPECT(nr_batches < NR_EQUAL_BATCHES);
		EXPECT_EQ(nr_objs, 10);
		order[nr_batches++] = cache;
	}
	EXPECT_EQ(nr_batches, NR_EQUAL_BATCHES);
	kfrag_fill_release(&fill);
}

START_TEST(seed_decides_the_order)
{
	static size_t first[NR_EQUAL_BATCHES], again[NR_EQUAL_BATCHES];
	static size_t other[NR_EQUAL_BATCHES];
	unsigned nr_same = 0;

	record_order(first, 42);
	record_order(again, 42);
	record_order(other, 43);
	ck_assert_mem_eq(first, again, sizeof(first));
	for (unsigned i = 0; i < NR_EQUAL_BATCHES; i++)
		nr_same += first[i] == other[i];
	/* A quarter by chance: 256, the standard deviation is about 14. */
	ck_assert_uint_lt(nr_same, 256 + 5 * 14);
}
END_TEST

/* Where each cache of one step stood in the step before, 2 bits for each. */
static unsigned relative_order(const size_t *before, const size_t *now)
{
	unsigned code = 0;

	for (unsigned i = 0; i < NR_EQUAL; i++)
		for (unsigned j = 0; j < NR_EQUAL; j++)
			if (before[j] == now[i])
				code = code << 2 | j;
	return code;
}

/*
 * Each step shuffles anew: all 24 orders of four caches are about equally
 * frequent, as seen from the step before: chi-square.
 */
START_TEST(steps_are_shuffled)
{
	static size_t order[NR_EQUAL_BATCHES];
	unsigned counts[256] = { 0 }, nr_orders = 0, nr_steps = 0;
	double chi_square = 0, expected;

	for (uint64_t seed = 0; seed < 40; seed++) {
		record_order(order, seed);
		for (unsigned i = NR_EQUAL; i < NR_EQUAL_BATCHES;
		     i += NR_EQUAL) {
			counts[relative_order(&order[i - NR_EQUAL],
					      &order[i])]++;
			nr_steps++;
		}
	}
	expected = nr_steps / 24.0;
	for (unsigned i = 0; i < NR_OF(counts); i++) {
		double off = (double)counts[i] - expected;

		if (counts[i] == 0)
			continue;
		nr_orders++;
		chi_square += off * off / expected;
	}
	ck_assert_uint_eq(nr_orders, 24);
	/* 23 degrees of freedom: mean 23, five standard deviations 34. */
	ck_assert_msg(chi_square < 23 + 34, "chi-square %f", chi_square);
}
END_TEST

/* A single object arrives at any time of the fill: chi-square. */
START_TEST(small_populations_arrive_any_time)
{
	enum { NR_BINS = 16, NR_SEEDS = 3200 };
	unsigned counts[NR_BINS] = { 0 };
	double chi_square = 0, expected = NR_SEEDS / (double)NR_BINS;

	for (uint64_t seed = 0; seed < NR_SEEDS; seed++) {
		uint64_t nr_wanted[2] = { 1000000, 1 }, nr_objs;
		struct kfrag_fill fill;
		size_t cache;

		EXPECT(!kfrag_fill_init(&fill, nr_wanted, 2, seed));
		while (kfrag_fill_next(&fill, &cache, &nr_objs))
			if (cache == 1)
				counts[(fill.step - 1) * NR_BINS /
				       KFRAG_FILL_STEPS]++;
		kfrag_fill_release(&fill);
	}
	for (unsigned i = 0; i < NR_BINS; i++) {
		double off = (double)counts[i] - expected;

		chi_square += off * off / expected;
	}
	/* 15 degrees of freedom: mean 15, five standard deviations 27. */
	ck_assert_msg(chi_square < 15 + 27, "chi-square %f", chi_square);
}
END_TEST

Suite *fill_suite(void)
{
	Suite *suite = suite_create("fill");
	TCase *core = tcase_create("core");
	TCase *limits = tcase_create("limits");
	TCase *property = tcase_create("property");

	tcase_add_test(core, nothing_wanted);
	tcase_add_test(core, seed_decides_the_order);
	suite_add_tcase(suite, core);

	tcase_set_timeout(limits, 60);
	tcase_add_loop_test(limits, crowd, 0, NR_OF(crowds));
	suite_add_tcase(suite, limits);

	tcase_set_timeout(property, 60);
	tcase_add_loop_test(property, all_caches_grow_in_step, 0, 4);
	tcase_add_test(property, steps_are_shuffled);
	tcase_add_test(property, small_populations_arrive_any_time);
	suite_add_tcase(suite, property);
	return suite;
}
