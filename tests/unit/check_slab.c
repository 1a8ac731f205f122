// SPDX-License-Identifier: MIT
#include "kfrag/slab.h"

#include <limits.h>

#include "alloc/slab_impl.h"
#include "expect.h"
#include "fixture_slab.h"
#include "kfrag/buddy.h"
#include "kfrag/random.h"
#include "model.h"

Suite *slab_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define PAGE_BYTES 4096

/* ----------------------------------------------------------------- create */

static const struct {
	uint64_t nr_pages;
	uint64_t page_bytes;
	bool valid;
} memories[] = {
	{ 1, 1, true },
	{ 1, 4096, true },
	{ 1000, 65536, true },
	{ 1, UINT64_C(1) << 63, true },
	/* 2^64 - 2^31 bytes: the most with pages of this size. */
	{ (UINT64_C(1) << 33) - 1, UINT64_C(1) << 31, true },
	{ UINT64_C(1) << 33, UINT64_C(1) << 31, false },
	{ 0, 4096, false },
	{ 1, 0, false },
	{ 1, 4095, false },
	{ 1, 12288, false },
	{ 2, UINT64_C(1) << 63, false }, /* 2^64 bytes: one too many */
	{ KFRAG_MAX_PAGES + 1, 1, false },
	{ KFRAG_MAX_PAGES, UINT64_C(1) << 24, false },
	{ UINT64_MAX, 4096, false },
};

START_TEST(create)
{
	struct kfrag_slab *slab = (struct kfrag_slab *)&memories;
	enum kfrag_error error = kfrag_slab_create(
		&slab, (struct kfrag_page_source){ 0 }, memories[_i].nr_pages,
		memories[_i].page_bytes);

	ck_assert_int_eq(error, memories[_i].valid ? KFRAG_OK : KFRAG_EINVAL);
	ck_assert_int_eq(slab != NULL, memories[_i].valid);
	kfrag_slab_destroy(slab);
}
END_TEST

static const struct {
	uint64_t size_bytes;
	uint32_t objs_per_slab;
	unsigned order;
	bool valid;
} shapes[] = {
	{ 1, 1, 0, true },
	{ 4096, 1, 0, true },
	{ 1, 4096, 0, true },
	{ 192, 21, 0, true },
	{ 1, KFRAG_MAX_OBJS_PER_SLAB, 8, true },
	{ 4096, 1, KFRAG_MAX_ORDER, true },
	{ UINT64_C(4096) << KFRAG_MAX_ORDER, 1, KFRAG_MAX_ORDER, true },
	{ 0, 1, 0, false },
	{ 1, 0, 0, false },
	{ 4097, 1, 0, false },
	{ 1, 4097, 0, false },
	{ 192, 22, 0, false },
	{ 4096, 3, 1, false },
	{ 1, KFRAG_MAX_OBJS_PER_SLAB + 1, 9, false },
	{ 1, UINT32_MAX, KFRAG_MAX_ORDER, false },
	{ 1, 1, KFRAG_MAX_ORDER + 1, false },
	{ 1, 1, UINT_MAX, false },
	{ (UINT64_C(4096) << KFRAG_MAX_ORDER) + 1, 1, KFRAG_MAX_ORDER, false },
	{ UINT64_MAX, 2, 0, false },
	{ UINT64_C(1) << 63, 2, 0, false }, /* 2^64 is not 0 */
};

START_TEST(create_cache)
{
	struct kfrag_slab *slab =
		make_slab((struct kfrag_page_source){ 0 }, 8, PAGE_BYTES);
	struct kfrag_slab_cache_params params = {
		.size_bytes = shapes[_i].size_bytes,
		.objs_per_slab = shapes[_i].objs_per_slab,
		.order = shapes[_i].order,
		.policy = kfrag_slab_policies()[0],
	};
	struct kfrag_slab_cache *cache = (struct kfrag_slab_cache *)&params;

	ck_assert_int_eq(kfrag_slab_cache_create(&cache, slab, &params),
			 shapes[_i].valid ? KFRAG_OK : KFRAG_EINVAL);
	ck_assert_int_eq(cache != NULL, shapes[_i].valid);
	check_slab(slab);
	kfrag_slab_destroy(slab);
}
END_TEST

START_TEST(create_cache_without_policy)
{
	struct kfrag_slab *slab =
		make_slab((struct kfrag_page_source){ 0 }, 8, PAGE_BYTES);
	struct kfrag_slab_cache_params params = { .size_bytes = 8,
						  .objs_per_slab = 8 };
	struct kfrag_slab_cache *cache = (struct kfrag_slab_cache *)&params;

	ck_assert_int_eq(kfrag_slab_cache_create(&cache, slab, &params),
			 KFRAG_EINVAL);
	ck_assert_ptr_null(cache);
	kfrag_slab_destroy(slab);
}
END_TEST

/* Pages so large that a slab's bytes need more than 64 bits. */
START_TEST(create_cache_of_huge_pages)
{
	struct kfrag_slab *slab = make_slab((struct kfrag_page_source){ 0 }, 1,
					    UINT64_C(1) << 63);
	struct kfrag_slab_cache_params params = {
		.size_bytes = UINT64_MAX / 3,
		.objs_per_slab = 3,
		.order = 1,
		.policy = kfrag_slab_policies()[0],
	};
	struct kfrag_slab_cache *cache = NULL;

	for (unsigned order = 1; order <= KFRAG_MAX_ORDER; order++) {
		params.order = order;
		ck_assert_int_eq(kfrag_slab_cache_create(&cache, slab, &params),
				 KFRAG_OK);
	}
	params.order = 0;
	ck_assert_int_eq(kfrag_slab_cache_create(&cache, slab, &params),
			 KFRAG_EINVAL);
	kfrag_slab_destroy(slab);
}
END_TEST

START_TEST(many_caches)
{
	struct kfrag_buddy *buddy = make_buddy(1024);
	struct kfrag_slab *slab =
		make_slab(kfrag_buddy_page_source(buddy), 1024, PAGE_BYTES);
	struct kfrag_slab_cache_params params = {
		.size_bytes = 64,
		.objs_per_slab = 64,
		.policy = kfrag_slab_policies()[0],
	};
	uint64_t address;

	for (uint32_t i = 0; i < 100; i++) {
		struct kfrag_slab_cache *cache = make_cache(slab, &params);

		ck_assert_uint_eq(kfrag_slab_cache_index(cache), i);
		ck_assert(kfrag_slab_alloc(cache, &address));
		ck_assert_uint_eq(address, i * PAGE_BYTES);
		ck_assert_uint_eq(kfrag_slab_cache_nr_objs(cache), 1);
	}
	ck_assert_uint_eq(kfrag_slab_stats(slab).nr_slabs_made, 100);
	check_slab(slab);
	kfrag_slab_destroy(slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 1024);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(destroy_of_null)
{
	kfrag_slab_destroy(NULL);
}
END_TEST

/* ----------------------------------------------------- when pages run out */

static struct kfrag_slab_cache_params pages_of_16(size_t policy)
{
	return (struct kfrag_slab_cache_params){
		.size_bytes = 256,
		.objs_per_slab = 16,
		.policy = kfrag_slab_policies()[policy],
	};
}

/* The k-th call of the page source fails, and the next one does not. */
START_TEST(one_call_is_refused)
{
	struct kfrag_slab_cache_params params = pages_of_16(0);
	struct kfrag_buddy *buddy = make_buddy(64);
	struct model_source source = {
		.below = kfrag_buddy_page_source(buddy),
		.max_held_blocks = 64,
		.refused_call = (uint64_t)_i + 1,
	};
	struct kfrag_slab *slab =
		make_slab(model_source_pages(&source), 64, PAGE_BYTES);
	struct kfrag_slab_cache *cache = make_cache(slab, &params);
	uint64_t nr_objs = 0, address;

	for (uint64_t i = 1; i <= 100; i++) {
		bool found = kfrag_slab_alloc(cache, &address);

		nr_objs += found;
		check_slab(slab);
		EXPECT_EQ(kfrag_slab_cache_nr_objs(cache), nr_objs);
		/* The call for the slab after 16 x _i objects. */
		EXPECT_EQ(found, i != (uint64_t)_i * 16 + 1);
	}
	ck_assert_uint_eq(source.nr_refused, 1);
	ck_assert_uint_eq(kfrag_slab_cache_stats(cache).nr_refusals, 1);
	ck_assert_uint_eq(nr_objs, 99);
	ck_assert_uint_eq(kfrag_slab_cache_nr_slabs(cache), 7);
	ck_assert_int_eq(kfrag_slab_host_error(slab), KFRAG_OK);
	kfrag_slab_destroy(slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 64);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(no_page_at_all)
{
	struct kfrag_slab_cache_params params = pages_of_16((size_t)_i);
	struct model_source source = { 0 };
	struct kfrag_slab *slab =
		make_slab(model_source_pages(&source), 64, PAGE_BYTES);
	struct kfrag_slab_cache *cache = make_cache(slab, &params);
	uint64_t addresses[4] = { 7, 7, 7, 7 };

	ck_assert(!kfrag_slab_alloc(cache, addresses));
	ck_assert_uint_eq(addresses[0], 0);
	ck_assert_uint_eq(kfrag_slab_alloc_bulk(cache, 4, addresses), 0);
	ck_assert_uint_eq(kfrag_slab_alloc_bulk(cache, UINT64_MAX, NULL), 0);
	ck_assert_uint_eq(kfrag_slab_alloc_bulk(cache, 0, addresses), 0);
	ck_assert_uint_eq(kfrag_slab_cache_stats(cache).nr_refusals, 3);
	ck_assert_uint_eq(source.nr_refused, 3);
	ck_assert_uint_eq(kfrag_slab_bitmap_bytes(slab), 0);
	check_slab(slab);
	kfrag_slab_destroy(slab);
}
END_TEST

/* More objects than can ever be: what fits, then a refusal. */
START_TEST(bulk_beyond_memory)
{
	struct kfrag_slab_cache_params params = pages_of_16((size_t)_i);
	struct kfrag_buddy *buddy = make_buddy(37);
	struct kfrag_slab *slab =
		make_slab(kfrag_buddy_page_source(buddy), 37, PAGE_BYTES);
	struct kfrag_slab_cache *cache = make_cache(slab, &params);

	ck_assert_uint_eq(kfrag_slab_alloc_bulk(cache, UINT64_MAX, NULL),
			  37 * 16);
	ck_assert_uint_eq(kfrag_slab_cache_nr_slabs(cache), 37);
	ck_assert_uint_eq(kfrag_slab_cache_nr_partial(cache), 0);
	ck_assert_uint_eq(kfrag_slab_cache_stats(cache).nr_refusals, 1);
	check_slab(slab);
	kfrag_slab_destroy(slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 37);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* ------------------------------------------------ when the host's run out */

/* Has memory for no slab at a page that is a multiple of 4, but 0. */
static enum kfrag_error picky_reserve(void *set, uint64_t pfn,
				      uint64_t nr_slabs)
{
	for (uint64_t i = 0; i < nr_slabs; i++)
		if (pfn + i > 0 && (pfn + i) % 4 == 0)
			return KFRAG_ENOMEM;
	return kfrag_slab_policies()[0]->reserve(set, pfn, nr_slabs);
}

static enum kfrag_error failing_create(void **set, struct kfrag_slab_host host)
{
	(void)host;
	*set = NULL;
	return KFRAG_ENOMEM;
}

/* _i: objects one by one, or in bulk. */
START_TEST(host_out_of_memory)
{
	struct kfrag_slab_policy picky = *kfrag_slab_policies()[0];
	struct kfrag_slab_cache_params params = pages_of_16(0);
	struct kfrag_buddy *buddy = make_buddy(64);
	struct kfrag_slab *slab =
		make_slab(kfrag_buddy_page_source(buddy), 64, PAGE_BYTES);
	struct kfrag_slab_cache *cache;
	uint64_t address, nr_objs = 0;

	picky.reserve = picky_reserve;
	params.policy = &picky;
	cache = make_cache(slab, &params);
	/* In bulk the six slabs asked for come or fail as one. */
	if (_i)
		nr_objs = kfrag_slab_alloc_bulk(cache, 96, NULL);
	else
		while (kfrag_slab_alloc(cache, &address))
			nr_objs++;
	ck_assert_uint_eq(nr_objs, _i ? 0 : 64);
	ck_assert_int_eq(kfrag_slab_host_error(slab), KFRAG_ENOMEM);
	ck_assert_uint_eq(kfrag_slab_cache_nr_slabs(cache), _i ? 0 : 4);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), _i ? 64 : 60);
	ck_assert_uint_eq(kfrag_slab_cache_stats(cache).nr_refusals, 1);
	check_slab(slab);
	if (_i) {
		kfrag_slab_destroy(slab);
		kfrag_buddy_destroy(buddy);
		return;
	}
	/* What there is goes on working. */
	kfrag_slab_free(slab, 256);
	ck_assert(kfrag_slab_alloc(cache, &address));
	ck_assert_uint_eq(address, 256);
	ck_assert(!kfrag_slab_alloc(cache, &address));
	ck_assert_uint_eq(address, 0);
	check_slab(slab);
	kfrag_slab_destroy(slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 64);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(cache_without_host_memory)
{
	struct kfrag_slab_policy failing = *kfrag_slab_policies()[0];
	struct kfrag_slab_cache_params params = pages_of_16(0);
	struct kfrag_slab *slab =
		make_slab((struct kfrag_page_source){ 0 }, 64, PAGE_BYTES);
	struct kfrag_slab_cache *cache = (struct kfrag_slab_cache *)&params;

	failing.create = failing_create;
	params.policy = &failing;
	ck_assert_int_eq(kfrag_slab_cache_create(&cache, slab, &params),
			 KFRAG_ENOMEM);
	ck_assert_ptr_null(cache);
	check_slab(slab);
	params.policy = kfrag_slab_policies()[0];
	ck_assert_uint_eq(kfrag_slab_cache_index(make_cache(slab, &params)), 0);
	kfrag_slab_destroy(slab);
}
END_TEST

/* --------------------------------------------------------- large memories */

/*
 * Over several regions of the table and many leaves of a policy's tree, addresses
 * up to 2^64: every slab partial, then in random order gone.
 */
START_TEST(far_pages)
{
	struct kfrag_slab_cache_params params = {
		.size_bytes = UINT64_C(3) << 46,
		.objs_per_slab = 2,
		.order = 3,
		.policy = kfrag_slab_policies()[_i],
	};
	uint64_t nr_pages = 2 * KFRAG_SLAB_REGION_PAGES + 6151;
	uint64_t nr_slabs = nr_pages / 8, *addresses;
	struct kfrag_buddy *buddy = make_buddy(nr_pages);
	struct kfrag_slab *slab = make_slab(kfrag_buddy_page_source(buddy),
					    nr_pages, UINT64_C(1) << 47);
	struct kfrag_slab_cache *cache = make_cache(slab, &params);
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	addresses = model_zeros(nr_slabs * 2, sizeof(*addresses));
	ck_assert_uint_eq(kfrag_slab_alloc_bulk(cache, UINT64_MAX, NULL),
			  nr_slabs * 2);
	for (uint64_t i = 0; i < nr_slabs; i++) {
		uint64_t other = kfrag_random_below(&random, i + 1);

		addresses[i] = addresses[other];
		addresses[other] = i << 50;
		EXPECT_EQ(kfrag_slab_free_checked(slab, (i << 50) + 1),
			  KFRAG_EALIGN);
		EXPECT_EQ(kfrag_slab_free_checked(
				  slab, (i << 50) + params.size_bytes),
			  KFRAG_OK);
	}
	ck_assert_uint_eq(kfrag_slab_cache_nr_partial(cache), nr_slabs);
	check_slab(slab);
	for (uint64_t i = 0; i < nr_slabs; i++) {
		EXPECT_EQ(kfrag_slab_free_checked(slab, addresses[i]),
			  KFRAG_OK);
		EXPECT_EQ(kfrag_slab_free_checked(slab, addresses[i]),
			  KFRAG_ERANGE);
	}
	check_slab(slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), nr_pages);
	kfrag_slab_destroy(slab);
	kfrag_buddy_destroy(buddy);
	free(addresses);
}
END_TEST

/* A slab over four regions of the table, behind pages of another. */
START_TEST(slab_over_many_pages)
{
	struct kfrag_slab_cache_params params = {
		.size_bytes = 65536 * PAGE_BYTES,
		.objs_per_slab = 2,
		.order = 17,
		.policy = kfrag_slab_policies()[_i],
	};
	uint64_t nr_pages = 12 * KFRAG_SLAB_REGION_PAGES;
	struct kfrag_buddy *buddy = NULL;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache *cache;
	uint64_t addresses[6];

	ck_assert_int_eq(kfrag_buddy_create(&buddy, nr_pages, 17), KFRAG_OK);
	slab = make_slab(kfrag_buddy_page_source(buddy), nr_pages, PAGE_BYTES);
	cache = make_cache(slab, &params);
	ck_assert_uint_eq(kfrag_slab_alloc_bulk(cache, 6, addresses), 6);
	check_slab(slab);
	for (uint64_t i = 0; i < 6; i++) {
		ck_assert_uint_eq(addresses[i], i * params.size_bytes);
		ck_assert_int_eq(kfrag_slab_free_checked(
					 slab, addresses[i] + PAGE_BYTES),
				 KFRAG_EALIGN);
	}
	/* Right behind the last page, and of the table. */
	ck_assert_int_eq(kfrag_slab_free_checked(slab, nr_pages * PAGE_BYTES),
			 KFRAG_ERANGE);
	kfrag_slab_free(slab, addresses[5]);
	kfrag_slab_free(slab, addresses[4]);
	ck_assert_int_eq(kfrag_slab_free_checked(slab, addresses[5]),
			 KFRAG_ERANGE);
	check_slab(slab);
	kfrag_slab_destroy(slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), nr_pages);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* ----------------------------------------------------- caches of a region */

static const struct kfrag_slab_cache_params sharers[] = {
	{ .size_bytes = 1024, .objs_per_slab = 3 },
	{ .size_bytes = 512, .objs_per_slab = 40, .order = 3 },
	{ .size_bytes = 64, .objs_per_slab = 256, .order = 2 },
};

/* Every third object of the cache's first slabs goes. */
static void punch(struct kfrag_slab *slab, const uint64_t *addresses,
		  size_t nr_addresses)
{
	for (size_t i = 0; i < nr_addresses; i += 3)
		kfrag_slab_free(slab, addresses[i]);
	check_slab(slab);
}

/*
 * _i: policy. A region is first one cache's with dense maps; the second and
 * the third come to it while slabs of the others are partial, and all objects
 * stay what they were.
 */
START_TEST(region_of_many_caches)
{
	struct kfrag_buddy *buddy = make_buddy(256);
	struct kfrag_slab *slab =
		make_slab(kfrag_buddy_page_source(buddy), 256, PAGE_BYTES);
	uint64_t addresses[NR_OF(sharers)][300];

	for (size_t i = 0; i < NR_OF(sharers); i++) {
		struct kfrag_slab_cache_params params = sharers[i];

		params.policy = kfrag_slab_policies()[_i];
		ck_assert_uint_eq(
			kfrag_slab_alloc_bulk(make_cache(slab, &params), 300,
					      addresses[i]),
			300);
		ck_assert_uint_eq(slab->regions[0]->owners != NULL, i > 0);
		punch(slab, addresses[i], 300);
	}
	for (size_t i = 0; i < NR_OF(sharers); i++) {
		for (size_t k = 0; k < 300; k++)
			ck_assert_int_eq(kfrag_slab_free_checked(
						 slab, addresses[i][k]) !=
						 KFRAG_OK,
					 k % 3 == 0);
		check_slab(slab);
	}
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 256);
	kfrag_slab_destroy(slab);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* _i: policy. A region without slabs goes to the next cache as it likes it. */
START_TEST(region_changes_hands)
{
	struct kfrag_buddy *buddy = make_buddy(256);
	struct kfrag_slab *slab =
		make_slab(kfrag_buddy_page_source(buddy), 256, PAGE_BYTES);
	uint64_t addresses[300];

	for (size_t i = 0; i < NR_OF(sharers); i++) {
		struct kfrag_slab_cache_params params = sharers[i];

		params.policy = kfrag_slab_policies()[_i];
		ck_assert_uint_eq(
			kfrag_slab_alloc_bulk(make_cache(slab, &params), 300,
					      addresses),
			300);
		ck_assert_ptr_null(slab->regions[0]->owners);
		ck_assert_uint_eq(slab->regions[0]->owner, i);
		punch(slab, addresses, 300);
		for (size_t k = 0; k < 300; k++)
			if (k % 3)
				kfrag_slab_free(slab, addresses[k]);
		ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 256);
		check_slab(slab);
	}
	kfrag_slab_destroy(slab);
	kfrag_buddy_destroy(buddy);
}
END_TEST

Suite *slab_suite(void)
{
	Suite *suite = suite_create("slab");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, create, 0, (int)NR_OF(memories));
	tcase_add_loop_test(core, create_cache, 0, (int)NR_OF(shapes));
	tcase_add_test(core, create_cache_without_policy);
	tcase_add_loop_test(core, region_of_many_caches, 0, NR_POLICIES);
	tcase_add_loop_test(core, region_changes_hands, 0, NR_POLICIES);
	tcase_add_test(core, create_cache_of_huge_pages);
	tcase_add_test(core, many_caches);
	tcase_add_test(core, destroy_of_null);
	tcase_add_loop_test(core, one_call_is_refused, 0, 6);
	tcase_add_loop_test(core, no_page_at_all, 0, NR_POLICIES);
	tcase_add_loop_test(core, bulk_beyond_memory, 0, NR_POLICIES);
	tcase_add_loop_test(core, host_out_of_memory, 0, 2);
	tcase_add_test(core, cache_without_host_memory);
	tcase_add_loop_test(core, far_pages, 0, NR_POLICIES);
	tcase_add_loop_test(core, slab_over_many_pages, 0, NR_POLICIES);
	suite_add_tcase(suite, core);
	return suite;
}
