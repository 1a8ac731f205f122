// SPDX-License-Identifier: MIT
/*
 * What is done at once leaves the same behind as what is done one by one: two
 * slab allocators over two buddies that start alike, in memory that is whole
 * or cut up, every policy.
 */
#include "expect.h"
#include "fixture_slab.h"
#include "kfrag/bits.h"
#include "kfrag/random.h"
#include "model.h"

Suite *slab_bulk_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define PAGE_BYTES 4096
#define NR_PAGES 1024
#define NR_CACHES 4
#define NR_STEPS 120

static const struct kfrag_slab_cache_params shapes[NR_CACHES] = {
	{ .size_bytes = 192, .objs_per_slab = 21 },
	{ .size_bytes = 1000, .objs_per_slab = 8, .order = 1 },
	{ .size_bytes = 32, .objs_per_slab = 256, .order = 1 },
	{ .size_bytes = 4096, .objs_per_slab = 1 },
};

/* One of both; `rest` are the pages that cut the memory up. */
struct half {
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache *caches[NR_CACHES];
};

struct pair {
	struct half bulk, single;
	struct kfrag_random random;
	unsigned nr_refusals, nr_runs, nr_emptied;
};

static uint64_t draw(struct pair *pair, uint64_t bound)
{
	return kfrag_random_below(&pair->random, bound);
}

static void half_init(struct half *half, size_t policy, uint64_t min_partial,
		      uint64_t seed, unsigned cut_up)
{
	struct kfrag_random random;
	uint64_t pfn;

	half->buddy = make_buddy(NR_PAGES);
	for (uint64_t i = 0; cut_up && i < NR_PAGES; i++)
		EXPECT(kfrag_buddy_alloc(half->buddy, 0, &pfn));
	/* A page in cut_up stays taken. */
	kfrag_random_init(&random, seed);
	for (uint64_t i = 0; cut_up && i < NR_PAGES; i++)
		if (kfrag_random_below(&random, cut_up) > 0)
			kfrag_buddy_free(half->buddy, 0, i);
	half->slab = make_slab(kfrag_buddy_page_source(half->buddy), NR_PAGES,
			       PAGE_BYTES);
	for (size_t i = 0; i < NR_CACHES; i++) {
		struct kfrag_slab_cache_params params = shapes[i];

		params.policy = kfrag_slab_policies()[policy];
		params.min_partial_slabs = min_partial;
		half->caches[i] = make_cache(half->slab, &params);
	}
}

static void half_release(struct half *half)
{
	kfrag_slab_discard(half->slab);
	kfrag_buddy_destroy(half->buddy);
}

static void check_same_slabs(const struct pair *pair)
{
	struct kfrag_slab_view a, b;
	uint64_t pfn = 0;

	for (;; pfn = a.pfn + 1) {
		bool found = kfrag_slab_next(pair->bulk.slab, pfn, &a);
		uint32_t nr_words;

		EXPECT_EQ(kfrag_slab_next(pair->single.slab, pfn, &b), found);
		if (!found)
			return;
		EXPECT_EQ(a.pfn, b.pfn);
		EXPECT_EQ(a.nr_inuse, b.nr_inuse);
		EXPECT_EQ(kfrag_slab_cache_index(a.cache),
			  kfrag_slab_cache_index(b.cache));
		nr_words =
			(shapes[kfrag_slab_cache_index(a.cache)].objs_per_slab +
			 63) /
			64;
		for (uint32_t word = 0; word < nr_words; word++)
			EXPECT_EQ(kfrag_slab_live_mask(pair->bulk.slab, a.pfn,
						       word),
				  kfrag_slab_live_mask(pair->single.slab, a.pfn,
						       word));
	}
}

static void check_same(const struct pair *pair)
{
	char message[300] = "";

	check_slab(pair->bulk.slab);
	check_slab(pair->single.slab);
	EXPECT(kfrag_buddy_check(pair->bulk.buddy, message, sizeof(message)));
	check_same_slabs(pair);
	for (size_t i = 0; i < NR_CACHES; i++)
		EXPECT_EQ(kfrag_slab_cache_nr_partial(pair->bulk.caches[i]),
			  kfrag_slab_cache_nr_partial(pair->single.caches[i]));
	for (unsigned order = 0; order <= 10; order++) {
		uint64_t a = 0, b = 0;

		EXPECT_EQ(kfrag_buddy_nr_free(pair->bulk.buddy, order),
			  kfrag_buddy_nr_free(pair->single.buddy, order));
		while (kfrag_buddy_next_free(pair->bulk.buddy, order, a, &a)) {
			EXPECT(kfrag_buddy_next_free(pair->single.buddy, order,
						     b, &b));
			EXPECT_EQ(a++, b++);
		}
	}
}

static void step_alloc(struct pair *pair, size_t cache)
{
	uint64_t most = draw(pair, 6) ? 100 : 3000;
	uint64_t nr_objs = 1 + draw(pair, most), nr, address;
	uint64_t *addresses = model_zeros(nr_objs, sizeof(*addresses));
	bool blind = draw(pair, 2);
	uint64_t nr_made =
		kfrag_slab_cache_stats(pair->bulk.caches[cache]).nr_slabs_made;

	nr = kfrag_slab_alloc_bulk(pair->bulk.caches[cache], nr_objs,
				   blind ? NULL : addresses);
	for (uint64_t i = 0; i < nr; i++) {
		EXPECT(kfrag_slab_alloc(pair->single.caches[cache], &address));
		EXPECT(blind || addresses[i] == address);
	}
	if (nr < nr_objs) {
		EXPECT(!kfrag_slab_alloc(pair->single.caches[cache], &address));
		pair->nr_refusals++;
	}
	nr_made =
		kfrag_slab_cache_stats(pair->bulk.caches[cache]).nr_slabs_made -
		nr_made;
	pair->nr_runs += nr_made > 64;
	free(addresses);
}

/* Frees in the single one what the bits name, by ascending address. */
static void free_singles(struct pair *pair, struct kfrag_bit_reader *readers)
{
	struct half *half = &pair->single;
	struct kfrag_slab_view view;

	for (uint64_t pfn = 0; kfrag_slab_next(half->slab, pfn, &view);
	     pfn = view.pfn + 1) {
		uint32_t index = kfrag_slab_cache_index(view.cache);
		const struct kfrag_slab_cache_params *shape = &shapes[index];
		uint64_t first = view.pfn * PAGE_BYTES;
		uint64_t live[4] = { 0 };

		if (!readers[index].words)
			continue;
		for (uint32_t i = 0; i < (shape->objs_per_slab + 63) / 64; i++)
			live[i] = kfrag_slab_live_mask(half->slab, view.pfn, i);
		for (uint32_t i = 0; i < shape->objs_per_slab; i++)
			if (live[i / 64] >> (i % 64) & 1 &&
			    kfrag_bits_read(&readers[index], 1))
				kfrag_slab_free(half->slab,
						first + i * shape->size_bytes);
	}
}

static void step_free(struct pair *pair)
{
	struct kfrag_bit_reader bulk[NR_CACHES] = { 0 };
	struct kfrag_bit_reader single[NR_CACHES] = { 0 };
	uint64_t *words[NR_CACHES] = { 0 };
	uint64_t before = kfrag_slab_stats(pair->bulk.slab).nr_slabs_returned;
	/* All of them, nearly all, half, few. */
	uint64_t share = draw(pair, 4);

	for (size_t i = 0; i < NR_CACHES; i++) {
		uint64_t nr_objs =
			kfrag_slab_cache_nr_objs(pair->bulk.caches[i]);

		if (draw(pair, 4) == 0)
			continue;
		words[i] = model_zeros(nr_objs / 64 + 2, sizeof(uint64_t));
		for (uint64_t k = 0; k < nr_objs; k++)
			words[i][k / 64] |=
				(uint64_t)(draw(pair, 12) >= share * 4)
				<< (k % 64);
		bulk[i].words = single[i].words = words[i];
	}
	kfrag_slab_free_chosen(pair->bulk.slab, bulk);
	free_singles(pair, single);
	for (size_t i = 0; i < NR_CACHES; i++) {
		EXPECT_EQ(bulk[i].position, single[i].position);
		free(words[i]);
	}
	pair->nr_emptied +=
		kfrag_slab_stats(pair->bulk.slab).nr_slabs_returned > before;
}

/* _i: policy, then how the memory is cut up, then min_partial. */
START_TEST(at_once_as_one_by_one)
{
	size_t policy = (size_t)_i % NR_POLICIES;
	unsigned cut_up = (unsigned[]){ 0, 2, 8 }[_i / NR_POLICIES % 3];
	uint64_t min_partial = (uint64_t)_i / NR_POLICIES / 3 * 3;
	struct pair pair = { 0 };

	kfrag_random_init(&pair.random, (uint64_t)_i);
	half_init(&pair.bulk, policy, min_partial, 5, cut_up);
	half_init(&pair.single, policy, min_partial, 5, cut_up);
	for (unsigned i = 0; i < NR_STEPS; i++) {
		if (draw(&pair, 5) < 4)
			step_alloc(&pair, (size_t)draw(&pair, NR_CACHES));
		else
			step_free(&pair);
		check_same(&pair);
	}
	ck_assert_uint_gt(pair.nr_refusals, 0);
	ck_assert_uint_gt(pair.nr_runs, 0);
	ck_assert_uint_gt(pair.nr_emptied, 0);
	half_release(&pair.bulk);
	half_release(&pair.single);
}
END_TEST

Suite *slab_bulk_suite(void)
{
	Suite *suite = suite_create("slab_bulk");
	TCase *properties = tcase_create("properties");

	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, at_once_as_one_by_one, 0,
			    NR_POLICIES * 3 * 2);
	suite_add_tcase(suite, properties);
	return suite;
}
