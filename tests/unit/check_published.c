// SPDX-License-Identifier: MIT
/*
 * Results of others that the allocators must reproduce: each test names its
 * source. Statistical ones run several seeds and accept a mean within four
 * standard errors; squares are compared, so no square root is needed.
 */
#include "expect.h"
#include "kfrag/arith.h"
#include "kfrag/buddy.h"
#include "kfrag/random.h"
#include "kfrag/slab.h"
#include "model.h"

Suite *published_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define NR_POLICIES 3

/* Scales all statistical tests: more is sharper, and takes longer. */
#define EFFORT 1

static struct kfrag_buddy *make_buddy(uint64_t nr_pages, unsigned max_order)
{
	struct kfrag_buddy *buddy = NULL;

	EXPECT_EQ(kfrag_buddy_create(&buddy, nr_pages, max_order), KFRAG_OK);
	return buddy;
}

static double square(double x)
{
	return x * x;
}

/* Runs of one experiment. */
struct sample {
	double sum;
	double sum_of_squares;
	unsigned nr;
};

static void sample_add(struct sample *sample, double value)
{
	sample->sum += value;
	sample->sum_of_squares += square(value);
	sample->nr++;
}

/* Of the mean, estimated from the runs themselves. */
static double squared_error(const struct sample *sample)
{
	double mean = sample->sum / sample->nr;

	return (sample->sum_of_squares / sample->nr - square(mean)) /
	       (sample->nr - 1);
}

/*
 * |mean - expected| < 4 standard errors, and these small enough (relative to
 * what is expected) for that to say something.
 */
static void check_mean(const struct sample *sample, double expected,
		       double max_relative_error)
{
	double mean = sample->sum / sample->nr;
	double error2 = squared_error(sample);

	ck_assert_msg(square(mean - expected) < 16 * error2,
		      "mean of %u runs is %.5f, expected %.5f, squared "
		      "standard error %.3e",
		      sample->nr, mean, expected, error2);
	ck_assert_msg(error2 < square(max_relative_error * expected),
		      "the runs differ too much: squared standard error %.3e "
		      "of a mean of %.5f",
		      error2, mean);
}

/* ------------------------------------------------- internal fragmentation */

/* B. Russell, SIAM Journal on Computing 6, 1977, for sizes in 1..1024. */
#define MAX_SIZE 1024
#define NR_REQUESTS (20000 * EFFORT)

/* Chances of the sizes 1..1024 in 2^-40, or about. */
static uint64_t uniform_weight(uint64_t size)
{
	(void)size;
	return UINT64_C(1) << 40;
}

static uint64_t harmonic_weight(uint64_t size)
{
	return (UINT64_C(1) << 40) / size;
}

static const struct {
	uint64_t (*weight)(uint64_t size);
	double expected; /* 1 - sum of requests / sum of blocks */
	double deviation; /* of one request, for a tolerance of 4 of these */
} size_mixes[] = {
	{ uniform_weight, 0.24927, 0.1637 },
	{ harmonic_weight, 0.27603, 0.2741 },
};

static uint64_t draw_size(struct kfrag_random *random,
			  const uint64_t sums[MAX_SIZE + 1])
{
	uint64_t at = kfrag_random_below(random, sums[MAX_SIZE]);
	uint64_t low = 0, high = MAX_SIZE;

	/* sums[low] <= at < sums[high] */
	while (high - low > 1) {
		uint64_t middle = (low + high) / 2;

		if (sums[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* _i: mix of sizes, then seed. */
START_TEST(internal_fragmentation)
{
	size_t mix = (size_t)_i % NR_OF(size_mixes);
	uint64_t nr_pages = (uint64_t)NR_REQUESTS * MAX_SIZE;
	struct kfrag_buddy *buddy = make_buddy(nr_pages, 10);
	uint64_t sums[MAX_SIZE + 1] = { 0 }, requested = 0, pfn;
	struct kfrag_random random;
	double found;

	for (uint64_t size = 1; size <= MAX_SIZE; size++)
		sums[size] = sums[size - 1] + size_mixes[mix].weight(size);
	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < NR_REQUESTS; i++) {
		uint64_t size = draw_size(&random, sums);

		EXPECT(kfrag_buddy_alloc(buddy, kfrag_log2_ceil(size), &pfn));
		requested += size;
	}
	found = 1 - (double)requested /
			    (double)(nr_pages - kfrag_buddy_free_pages(buddy));
	ck_assert_msg(square(found - size_mixes[mix].expected) * NR_REQUESTS <
			      square(4 * size_mixes[mix].deviation),
		      "internal fragmentation is %.5f, expected %.5f", found,
		      size_mixes[mix].expected);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* ------------------------------------------------------------ a load of 1s */

/*
 * P. Purdom and S. Stigler, Journal of the ACM 17, 1970: requests of one unit
 * arrive at rate rho and stay for an exponential time of mean 1. The numbers
 * are the exact solution of their Markov chain. With i units live the next
 * event comes after 1 / (rho + i) on average, and is an arrival with
 * probability rho / (rho + i): time is counted, never drawn.
 */
static const struct {
	uint64_t rho;
	double expected; /* free blocks of order 0, averaged over time */
	unsigned max_order;
} loads[] = {
	{ 1, 0.523523, 1 },
	{ 1, 0.523523, 9 },
	{ 3, 0.949757, 5 },
	{ 10, 1.735138, 1 },
	{ 10, 1.735138, 9 },
	{ 30, 2.979871, 9 },
};

#define LOAD_PAGES 512

/* Units live, and the time spent with so many free blocks. */
struct load {
	struct kfrag_buddy *buddy;
	struct kfrag_random random;
	uint64_t pfns[LOAD_PAGES];
	uint64_t nr_live;
	double time;
	double time_with_none;
	double free_blocks_time;
};

static void load_event(struct load *load, uint64_t rho)
{
	uint64_t chance =
		kfrag_random_below(&load->random, rho + load->nr_live);

	if (chance < rho) {
		EXPECT(load->nr_live < LOAD_PAGES);
		EXPECT(kfrag_buddy_alloc(load->buddy, 0,
					 &load->pfns[load->nr_live]));
		load->nr_live++;
		return;
	}
	kfrag_buddy_free(load->buddy, 0, load->pfns[chance - rho]);
	load->pfns[chance - rho] = load->pfns[--load->nr_live];
}

static void load_count(struct load *load, uint64_t rho)
{
	uint64_t nr_free = kfrag_buddy_nr_free(load->buddy, 0);
	double step = 1.0 / (double)(rho + load->nr_live);

	load->time += step;
	load->free_blocks_time += step * (double)nr_free;
	load->time_with_none += nr_free == 0 ? step : 0;
}

START_TEST(free_blocks_under_load)
{
	uint64_t rho = loads[_i].rho;
	struct sample blocks = { 0 }, identity = { 0 };

	for (uint64_t seed = 0; seed < 30; seed++) {
		struct load load = { 0 };

		load.buddy = make_buddy(LOAD_PAGES, loads[_i].max_order);
		kfrag_random_init(&load.random, seed);
		/* Until the start is forgotten. */
		for (uint64_t i = 0; i < 40 * (rho + 2); i++)
			load_event(&load, rho);
		for (int i = 0; i < 12000 * EFFORT; i++) {
			load_event(&load, rho);
			load_count(&load, rho);
		}
		sample_add(&blocks, load.free_blocks_time / load.time);
		/* P(none free) = E(free blocks) / rho */
		sample_add(&identity, ((double)rho * load.time_with_none -
				       load.free_blocks_time) /
						      load.time +
					      1);
		kfrag_buddy_destroy(load.buddy);
	}
	check_mean(&blocks, loads[_i].expected, 0.01);
	check_mean(&identity, 1, 0.05);
}
END_TEST

/* ------------------------------------------------------- Knuth's exercise */

/* Allocated blocks of a test that frees by looking at all of them. */
struct blocks {
	struct kfrag_buddy *buddy;
	uint64_t *pfns;
	unsigned *orders;
	size_t nr;
	uint64_t live_units;
	uint64_t high_water_units;
};

static void blocks_init(struct blocks *blocks, struct kfrag_buddy *buddy,
			uint64_t max_blocks)
{
	*blocks = (struct blocks){ .buddy = buddy };
	blocks->pfns = model_zeros(max_blocks, sizeof(*blocks->pfns));
	blocks->orders = model_zeros(max_blocks, sizeof(*blocks->orders));
}

static void blocks_release(struct blocks *blocks)
{
	free(blocks->pfns);
	free(blocks->orders);
}

static void blocks_alloc(struct blocks *blocks, unsigned order)
{
	uint64_t pfn, end;

	EXPECT(kfrag_buddy_alloc(blocks->buddy, order, &pfn));
	end = pfn + (UINT64_C(1) << order);
	blocks->pfns[blocks->nr] = pfn;
	blocks->orders[blocks->nr] = order;
	blocks->nr++;
	blocks->live_units += UINT64_C(1) << order;
	if (end > blocks->high_water_units)
		blocks->high_water_units = end;
}

static void blocks_free(struct blocks *blocks, size_t which)
{
	unsigned order = blocks->orders[which];

	kfrag_buddy_free(blocks->buddy, order, blocks->pfns[which]);
	blocks->live_units -= UINT64_C(1) << order;
	blocks->nr--;
	blocks->pfns[which] = blocks->pfns[blocks->nr];
	blocks->orders[which] = blocks->orders[blocks->nr];
}

/*
 * D. Knuth, The Art of Computer Programming 1, 2.5, exercise 41: however
 * little is live, this takes (1 + r/2) n units. _i is r, n = 2^(r + 1).
 */
START_TEST(knuth_worst_case)
{
	unsigned r = (unsigned)_i;
	uint64_t n = UINT64_C(2) << r, roots_touched = 0;
	struct blocks blocks;

	blocks_init(&blocks, make_buddy((r + 1) * n, r), n);
	for (uint64_t i = 0; i < n; i++)
		blocks_alloc(&blocks, 0);
	for (unsigned k = 1; k <= r; k++) {
		for (size_t i = blocks.nr; i-- > 0;)
			if (blocks.pfns[i] % (UINT64_C(1) << k) != 0)
				blocks_free(&blocks, i);
		for (uint64_t i = 0; i < n >> (k + 1); i++) {
			blocks_alloc(&blocks, k);
			ck_assert_uint_le(blocks.live_units, n);
		}
		ck_assert_uint_eq(blocks.live_units, n);
	}
	ck_assert_uint_eq(blocks.high_water_units, n + r * n / 2);
	/* The rest is whole, so all that was touched lies at the bottom. */
	roots_touched = 2 * (r + 1) - kfrag_buddy_nr_free(blocks.buddy, r);
	ck_assert_uint_eq(roots_touched, (n + r * n / 2) >> r);
	ck_assert_uint_eq(kfrag_buddy_stats(blocks.buddy).nr_refusals, 0);
	kfrag_buddy_destroy(blocks.buddy);
	blocks_release(&blocks);
}
END_TEST

/*
 * The other side of the exercise: (r + 1) n units are always enough for n
 * live ones in blocks of orders 0..r, whatever is asked for.
 */

/* Frees until `units` more may live: any block, or one that merges badly. */
static void make_room(struct blocks *blocks, struct kfrag_random *random,
		      unsigned order, uint64_t n, bool nastily)
{
	uint64_t units = UINT64_C(1) << order;

	for (int tries = 0; blocks->live_units + units > n; tries++) {
		size_t which = (size_t)kfrag_random_below(random, blocks->nr);

		if (nastily && tries < 40 && blocks->pfns[which] % units == 0)
			continue;
		blocks_free(blocks, which);
	}
}

/* _i: r from 1 on, then seed. */
START_TEST(never_fails)
{
	unsigned r = 1 + (unsigned)_i % 8, nr_full = 0, nr_times_all[9] = { 0 };
	struct kfrag_random random;
	struct blocks blocks;
	uint64_t n;

	kfrag_random_init(&random, (uint64_t)_i);
	n = (1 + kfrag_random_below(&random, 9)) << r;
	if (r >= 6)
		n = UINT64_C(3) << r;
	blocks_init(&blocks, make_buddy((r + 1) * n, r), n);
	for (int i = 0; i < 6000; i++) {
		/* By turns at random, and small ones first as Knuth does. */
		unsigned order = i / 500 % 2 ?
					 (unsigned)(i % 500) * (r + 1) / 500 :
					 (unsigned)kfrag_random_below(&random,
								      r + 1);

		if (kfrag_random_below(&random, 50) == 0 && blocks.nr > 0)
			blocks_free(&blocks, (size_t)kfrag_random_below(
						     &random, blocks.nr));
		make_room(&blocks, &random, order, n, i / 500 % 2);
		blocks_alloc(&blocks, order);
		EXPECT(blocks.live_units <= n);
		nr_full += blocks.live_units == n;
		nr_times_all[order]++;
	}
	ck_assert_uint_gt(nr_full, 0);
	for (unsigned order = 0; order <= r; order++)
		ck_assert_uint_gt(nr_times_all[order], 0);
	/* Somewhere it took more than what lived. */
	ck_assert_uint_gt(blocks.high_water_units, n);
	ck_assert_uint_eq(kfrag_buddy_stats(blocks.buddy).nr_refusals, 0);
	kfrag_buddy_destroy(blocks.buddy);
	blocks_release(&blocks);
}
END_TEST

/* ------------------------------------------------------------ the textbook */

/*
 * A. Silberschatz, P. Galvin, G. Gagne, Operating System Concepts, the buddy
 * system: 256 KiB in pages of 4 KiB.
 */
START_TEST(textbook_example)
{
	struct kfrag_buddy *buddy = make_buddy(64, 6);
	uint64_t small, large, pfn;

	/* 14 KiB take 16 KiB: 256 -> 128 -> 64 -> 32 -> 16. */
	ck_assert(kfrag_buddy_alloc(buddy, 2, &small));
	ck_assert_uint_eq(kfrag_buddy_stats(buddy).nr_splits, 4);
	/* 70 KiB take the other 128 KiB. */
	ck_assert(kfrag_buddy_alloc(buddy, 5, &large));
	ck_assert_uint_eq(large, 32);
	/* 90 KiB do not fit, although 112 KiB are free. */
	ck_assert(!kfrag_buddy_alloc(buddy, 5, &pfn));
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy) * 4, 112);
	ck_assert_uint_eq(kfrag_buddy_largest_free_pages(buddy) * 4, 64);
	/* The first one back: 16 -> 32 -> 64 -> 128. */
	kfrag_buddy_free(buddy, 2, small);
	ck_assert_uint_eq(kfrag_buddy_stats(buddy).nr_merges, 3);
	ck_assert_uint_eq(kfrag_buddy_largest_free_pages(buddy) * 4, 128);
	ck_assert(kfrag_buddy_alloc(buddy, 5, &pfn));
	ck_assert_uint_eq(pfn, 0);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* ------------------------------------------------------------------- slabs */

/* One cache of slabs of one page, over as many pages as it can ever need. */
struct population {
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache *cache;
	struct kfrag_random random;
	uint64_t *addresses;
	uint64_t nr_live;
};

static void population_init(struct population *population, size_t policy,
			    uint32_t objs_per_slab, uint64_t max_objs,
			    uint64_t seed)
{
	struct kfrag_slab_cache_params params = {
		.size_bytes = 8,
		.objs_per_slab = objs_per_slab,
		.policy = kfrag_slab_policies()[policy],
	};
	/* Any policy: at worst every object alone in a slab. */
	uint64_t nr_pages = max_objs;

	*population = (struct population){
		.buddy = make_buddy(nr_pages, 10),
		.addresses = model_zeros(max_objs, sizeof(uint64_t)),
	};
	kfrag_random_init(&population->random, seed);
	EXPECT_EQ(kfrag_slab_create(&population->slab,
				    kfrag_buddy_page_source(population->buddy),
				    nr_pages, 4096),
		  KFRAG_OK);
	EXPECT_EQ(kfrag_slab_cache_create(&population->cache, population->slab,
					  &params),
		  KFRAG_OK);
}

static void population_release(struct population *population)
{
	kfrag_slab_destroy(population->slab);
	kfrag_buddy_destroy(population->buddy);
	free(population->addresses);
}

static void birth(struct population *population)
{
	EXPECT(kfrag_slab_alloc(population->cache,
				&population->addresses[population->nr_live]));
	population->nr_live++;
}

/* Of any of them alike: lifetimes are exponential. */
static void death(struct population *population)
{
	uint64_t which = kfrag_random_below(&population->random,
					    population->nr_live);

	kfrag_slab_free(population->slab, population->addresses[which]);
	population->addresses[which] =
		population->addresses[--population->nr_live];
}

static uint64_t nr_slabs(const struct population *population)
{
	return kfrag_slab_cache_nr_slabs(population->cache);
}

static const struct {
	uint64_t nr_slabs;
	uint32_t objs_per_slab;
	uint64_t nr_kept;
	double expected; /* 0: from the formula alone */
} thinned[] = {
	{ 1250, 8, 3000, 1178.03 },
	{ 300, 16, 1000, 0 },
	{ 100, 21, 300, 0 },
	{ 64, 64, 100, 0 },
	{ 40, 512, 100, 0 },
	{ 500, 2, 500, 0 },
	{ 1000, 1, 350, 350 },
	{ 50, 100, 0, 0 },
	{ 50, 100, 5000, 50 },
};

/* That so many slots chosen before are all free, N slots, L kept. */
static double chance_all_free(uint64_t nr_slots, uint64_t nr_kept,
			      uint64_t nr_chosen)
{
	double chance = 1;

	for (uint64_t i = 0; i < nr_chosen; i++) {
		if (nr_slots - nr_kept <= i)
			return 0;
		chance *= (double)(nr_slots - nr_kept - i) /
			  (double)(nr_slots - i);
	}
	return chance;
}

/*
 * S slabs of n objects of which L stay at random: S (1 - C(N-n, L) / C(N, L))
 * slabs stay. Each slab's fate has that chance; with that of two slabs at
 * once it gives the deviation of a single run.
 */
START_TEST(thinned_slabs)
{
	uint64_t nr_objs = thinned[_i].nr_slabs * thinned[_i].objs_per_slab;
	double s = (double)thinned[_i].nr_slabs;
	double p1 = chance_all_free(nr_objs, thinned[_i].nr_kept,
				    thinned[_i].objs_per_slab);
	double p2 = chance_all_free(nr_objs, thinned[_i].nr_kept,
				    2 * (uint64_t)thinned[_i].objs_per_slab);
	double expected = s * (1 - p1);
	double variance = s * p1 + s * (s - 1) * p2 - square(s * p1);
	unsigned nr_runs = 30 * EFFORT;
	struct sample sample = { 0 };

	if (thinned[_i].expected > 0)
		ck_assert_double_eq_tol(expected, thinned[_i].expected, 0.005);
	if (_i == 0)
		ck_assert_double_eq_tol(variance, 7.32 * 7.32, 0.1);
	for (unsigned run = 0; run < nr_runs; run++) {
		struct population population;

		population_init(&population, run % NR_POLICIES,
				thinned[_i].objs_per_slab, nr_objs, run);
		while (population.nr_live < nr_objs)
			birth(&population);
		EXPECT_EQ(nr_slabs(&population), thinned[_i].nr_slabs);
		while (population.nr_live > thinned[_i].nr_kept)
			death(&population);
		sample_add(&sample, (double)nr_slabs(&population));
		population_release(&population);
	}
	/* Where nothing is left to chance it is exact. */
	ck_assert_msg(square(sample.sum / nr_runs - expected) <=
			      16 * variance / nr_runs + 1e-9,
		      "mean of %u runs is %.3f slabs, expected %.3f", nr_runs,
		      sample.sum / nr_runs, expected);
}
END_TEST

static uint64_t fewest_slabs(const struct population *population,
			     uint32_t objs_per_slab)
{
	return kfrag_div_up(population->nr_live, objs_per_slab);
}

/* Grown to 10,000, then only deaths until 30 % live: no policy can help. */
START_TEST(shrinking_without_births)
{
	struct sample sample = { 0 };

	for (unsigned run = 0; run < 10 * EFFORT; run++) {
		struct population population;

		population_init(&population, (size_t)_i, 16, 10000, run);
		while (population.nr_live < 10000)
			birth(&population);
		while (population.nr_live > 3000)
			death(&population);
		sample_add(&sample,
			   (double)nr_slabs(&population) /
				   (double)fewest_slabs(&population, 16));
		population_release(&population);
	}
	ck_assert_double_eq_tol(sample.sum / sample.nr, 3.3135, 0.02);
}
END_TEST

/*
 * Births at a rate against deaths of each at rate 1, as the chain of single
 * events, until so many live.
 */
static void live_until(struct population *population, uint64_t births_rate,
		       uint64_t nr_live)
{
	while (population->nr_live != nr_live) {
		uint64_t chance = kfrag_random_below(
			&population->random, births_rate + population->nr_live);

		if (chance < births_rate)
			birth(population);
		else
			death(population);
	}
}

/*
 * A population that breathes: births at 1.5 N up to N, at 0.28 N down to
 * 0.3 N. Each of the policies here keeps 1.86 times the slabs needed at the
 * trough; those that follow the frees keep 2.8 and more.
 */
START_TEST(breathing_population)
{
	enum { N = 10000, NR_CYCLES = 12, NR_DROPPED = 4 };
	struct sample sample = { 0 };
	struct population population;

	/* A birth may still come at the peak. */
	population_init(&population, (size_t)_i, 16, 2 * N, (uint64_t)_i);
	for (int cycle = 0; cycle < NR_CYCLES; cycle++) {
		live_until(&population, N * 3 / 2, N);
		live_until(&population, N * 28 / 100, N * 3 / 10);
		if (cycle >= NR_DROPPED)
			sample_add(&sample,
				   (double)nr_slabs(&population) /
					   (double)fewest_slabs(&population,
								16));
	}
	ck_assert_double_eq_tol(sample.sum / sample.nr, 1.86, 0.05);
	population_release(&population);
}
END_TEST

/* As many slots as fit leave a tail smaller than 1/(n + 1) of the slab. */
START_TEST(tails)
{
	struct kfrag_slab *slab = NULL;
	unsigned nr_tails = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	ck_assert_int_eq(kfrag_slab_create(&slab,
					   (struct kfrag_page_source){ 0 }, 8,
					   4096),
			 KFRAG_OK);
	for (int i = 0; i < 300; i++) {
		unsigned order = (unsigned)kfrag_random_below(&random, 4);
		uint64_t slab_bytes = UINT64_C(4096) << order;
		uint64_t size = 1 + kfrag_random_below(&random, slab_bytes);
		uint64_t n = slab_bytes / size, tail = slab_bytes % size;
		struct kfrag_slab_cache_params params = {
			.size_bytes = size,
			.objs_per_slab = (uint32_t)n,
			.order = order,
			.policy = kfrag_slab_policies()[0],
		};
		struct kfrag_slab_cache *cache;

		EXPECT_EQ(kfrag_slab_cache_create(&cache, slab, &params),
			  KFRAG_OK);
		params.objs_per_slab++;
		EXPECT_EQ(kfrag_slab_cache_create(&cache, slab, &params),
			  KFRAG_EINVAL);
		EXPECT(tail * (n + 1) < slab_bytes);
		nr_tails += tail > 0;
	}
	ck_assert_uint_gt(nr_tails, 0);
	kfrag_slab_destroy(slab);
}
END_TEST

Suite *published_suite(void)
{
	Suite *suite = suite_create("published");
	TCase *exact = tcase_create("exact");
	TCase *statistical = tcase_create("statistical");

	tcase_set_timeout(exact, 60);
	tcase_add_loop_test(exact, knuth_worst_case, 1, 13);
	tcase_add_loop_test(exact, never_fails, 0, 32);
	tcase_add_test(exact, textbook_example);
	tcase_add_loop_test(exact, tails, 0, 4);
	suite_add_tcase(suite, exact);

	tcase_set_timeout(statistical, 60);
	tcase_add_loop_test(statistical, internal_fragmentation, 0,
			    4 * (int)NR_OF(size_mixes));
	tcase_add_loop_test(statistical, free_blocks_under_load, 0,
			    (int)NR_OF(loads));
	tcase_add_loop_test(statistical, thinned_slabs, 0,
			    (int)NR_OF(thinned));
	tcase_add_loop_test(statistical, shrinking_without_births, 0,
			    NR_POLICIES);
	tcase_add_loop_test(statistical, breathing_population, 0, NR_POLICIES);
	suite_add_tcase(suite, statistical);
	return suite;
}
