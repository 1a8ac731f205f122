// SPDX-License-Identifier: MIT
/*
 * Results of others about the buddy system that the allocator must reproduce:
 * each test names its source. Statistical ones run several seeds and accept a
 * mean within four standard errors.
 */
#include "expect.h"
#include "kfrag/arith.h"
#include "kfrag/buddy.h"
#include "kfrag/random.h"
#include "model.h"
#include "sample.h"

Suite *published_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

#define NR_PLACEMENTS KFRAG_NR_BUDDY_PLACEMENTS

/* i: the placement, then anything. */
static struct kfrag_buddy *make_placed(int i, uint64_t nr_pages,
				       unsigned max_order)
{
	struct kfrag_buddy *buddy = NULL;
	enum kfrag_buddy_placement placement =
		(enum kfrag_buddy_placement)(i % NR_PLACEMENTS);

	EXPECT_EQ(kfrag_buddy_create_placed(&buddy, nr_pages, max_order,
					    placement),
		  KFRAG_OK);
	return buddy;
}

static struct kfrag_buddy *make_buddy(uint64_t nr_pages, unsigned max_order)
{
	return make_placed(KFRAG_BUDDY_ADDRESS, nr_pages, max_order);
}

/* ------------------------------------------------- internal fragmentation */

/* B. Russell, SIAM Journal on Computing 6, 1977, for sizes in 1..1024. */
#define MAX_SIZE 1024
#define NR_REQUESTS (20000 * SAMPLE_EFFORT)

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
	ck_assert_msg(sample_square(found - size_mixes[mix].expected) *
				      NR_REQUESTS <
			      sample_square(4 * size_mixes[mix].deviation),
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
	{ 1, 0.523523, 1 },  { 1, 0.523523, 9 },  { 3, 0.949757, 5 },
	{ 10, 1.735138, 1 }, { 10, 1.735138, 9 }, { 30, 2.979871, 9 },
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

/* _i: placement, load. */
START_TEST(free_blocks_under_load)
{
	int row = _i / NR_PLACEMENTS;
	uint64_t rho = loads[row].rho;
	struct sample blocks = { 0 }, identity = { 0 };

	for (uint64_t seed = 0; seed < 30; seed++) {
		struct load load = { 0 };

		load.buddy = make_placed(_i, LOAD_PAGES, loads[row].max_order);
		kfrag_random_init(&load.random, seed);
		/* Until the start is forgotten. */
		for (uint64_t i = 0; i < 40 * (rho + 2); i++)
			load_event(&load, rho);
		for (int i = 0; i < 12000 * SAMPLE_EFFORT; i++) {
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
	sample_check_mean(&blocks, loads[row].expected, 0.01);
	sample_check_mean(&identity, 1, 0.05);
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
 * little is live, this takes (1 + r/2) n units, n being 2^(r + 1). By address
 * these are the lowest; in lists, whole blocks of 2^r from anywhere. _i is
 * the placement, and r.
 */
START_TEST(knuth_worst_case)
{
	unsigned r = (unsigned)_i / NR_PLACEMENTS;
	uint64_t n = UINT64_C(2) << r, roots_touched = 0;
	struct blocks blocks;

	blocks_init(&blocks, make_placed(_i, (r + 1) * n, r), n);
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
	if (_i % NR_PLACEMENTS == KFRAG_BUDDY_ADDRESS)
		ck_assert_uint_eq(blocks.high_water_units, n + r * n / 2);
	/* What was touched stays so: a block lives at its start for ever. */
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

/* _i: placement, then r from 1 on, then seed. */
START_TEST(never_fails)
{
	unsigned r = 1 + (unsigned)_i / NR_PLACEMENTS % 8, nr_full = 0,
		 nr_times_all[9] = { 0 };
	struct kfrag_random random;
	struct blocks blocks;
	uint64_t n;

	kfrag_random_init(&random, (uint64_t)_i);
	n = (1 + kfrag_random_below(&random, 9)) << r;
	if (r >= 6)
		n = UINT64_C(3) << r;
	blocks_init(&blocks, make_placed(_i, (r + 1) * n, r), n);
	for (int i = 0; i < 6000; i++) {
		/* By turns at random, and small ones first as Knuth does. */
		unsigned order =
			i / 500 % 2 ?
				(unsigned)(i % 500) * (r + 1) / 500 :
				(unsigned)kfrag_random_below(&random, r + 1);

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

Suite *published_suite(void)
{
	Suite *suite = suite_create("published");
	TCase *exact = tcase_create("exact");
	TCase *statistical = tcase_create("statistical");

	tcase_set_timeout(exact, 60);
	tcase_add_loop_test(exact, knuth_worst_case, NR_PLACEMENTS,
			    13 * NR_PLACEMENTS);
	tcase_add_loop_test(exact, never_fails, 0, 32 * NR_PLACEMENTS);
	tcase_add_test(exact, textbook_example);
	suite_add_tcase(suite, exact);

	tcase_set_timeout(statistical, 60);
	tcase_add_loop_test(statistical, internal_fragmentation, 0,
			    4 * (int)NR_OF(size_mixes));
	tcase_add_loop_test(statistical, free_blocks_under_load, 0,
			    (int)NR_OF(loads) * NR_PLACEMENTS);
	suite_add_tcase(suite, statistical);
	return suite;
}
