// SPDX-License-Identifier: MIT
/*
 * What the allocators do when the host has no memory: each allocation of
 * theirs fails in turn.
 */
#include "expect.h"
#include "fixture_slab.h"
#include "host_fault.h"
#include "kfrag/buddy.h"
#include "kfrag/radix.h"
#include "kfrag/random.h"
#include "kfrag/slab.h"

Suite *host_memory_suite(void);

#define PAGE_BYTES 4096

/* Plain, with start bits, LIFO, FIFO. */
#define NR_BUDDY_KINDS 4

static enum kfrag_error create_kind(struct kfrag_buddy **buddy, int kind,
				    uint64_t nr_pages, unsigned max_order)
{
	switch (kind) {
	case 0:
		return kfrag_buddy_create(buddy, nr_pages, max_order);
	case 1:
		return kfrag_buddy_create_checked(buddy, nr_pages, max_order);
	default:
		return kfrag_buddy_create_placed(buddy, nr_pages, max_order,
						 kind == 2 ? KFRAG_BUDDY_LIFO :
							     KFRAG_BUDDY_FIFO);
	}
}

START_TEST(buddy_create)
{
	long k = 0;

	for (bool created = false; !created; k++) {
		struct kfrag_buddy *buddy = (struct kfrag_buddy *)&k;
		enum kfrag_error error;

		host_fault_after(k);
		error = create_kind(&buddy, _i, 1000, 10);
		created = !host_fault_end();
		ck_assert_int_eq(error, created ? KFRAG_OK : KFRAG_ENOMEM);
		ck_assert_int_eq(buddy != NULL, created);
		kfrag_buddy_destroy(buddy);
	}
	/* The struct and its words or lists; the last round was without fault. */
	ck_assert_int_eq(k, 3);
}
END_TEST

/* _i: the seed. */
START_TEST(radix_reserve)
{
	struct kfrag_radix radix = { 0 };
	struct kfrag_random random;
	unsigned nr_faults = 0, nr_deep = 0;
	uint64_t count = 0, lowest = UINT64_MAX;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < 60; i++) {
		uint64_t index = kfrag_random_next(&random) >>
				 kfrag_random_below(&random, 64);
		uint64_t found;

		for (long k = 0;; k++) {
			enum kfrag_error error;
			bool faulted;

			host_fault_after(k);
			error = kfrag_radix_reserve(&radix, index);
			faulted = host_fault_end();
			EXPECT_EQ(error, faulted ? KFRAG_ENOMEM : KFRAG_OK);
			EXPECT_EQ(kfrag_radix_count(&radix), count);
			EXPECT_EQ(kfrag_radix_first(&radix, &found), count > 0);
			EXPECT(count == 0 || found == lowest);
			if (!faulted)
				break;
			nr_faults++;
			nr_deep += k > 0;
		}
		if (kfrag_radix_contains(&radix, index))
			continue;
		kfrag_radix_insert(&radix, index);
		EXPECT(kfrag_radix_contains(&radix, index));
		count++;
		lowest = index < lowest ? index : lowest;
	}
	kfrag_radix_release(&radix);
	ck_assert_uint_gt(nr_faults, 0);
	ck_assert_uint_gt(nr_deep, 0);
}
END_TEST

START_TEST(slab_create)
{
	struct kfrag_page_source none = { 0 };
	long k = 0;

	for (bool created = false; !created; k++) {
		struct kfrag_slab *slab = (struct kfrag_slab *)&k;
		enum kfrag_error error;

		host_fault_after(k);
		error = kfrag_slab_create(&slab, none, 5000, PAGE_BYTES);
		created = !host_fault_end();
		ck_assert_int_eq(error, created ? KFRAG_OK : KFRAG_ENOMEM);
		ck_assert_int_eq(slab != NULL, created);
		kfrag_slab_destroy(slab);
	}
	ck_assert_int_ge(k, 3);
}
END_TEST

/* _i: the policy. More caches than the first array of them holds. */
START_TEST(cache_create)
{
	struct kfrag_slab *slab =
		make_slab((struct kfrag_page_source){ 0 }, 64, PAGE_BYTES);
	struct kfrag_slab_cache_params params = {
		.size_bytes = 8,
		.objs_per_slab = 500,
		.policy = kfrag_slab_policies()[_i],
	};
	unsigned nr_faults = 0;

	for (uint32_t i = 0; i < 40; i++) {
		for (long k = 0;; k++) {
			struct kfrag_slab_cache *cache =
				(struct kfrag_slab_cache *)&params;
			enum kfrag_error error;

			host_fault_after(k);
			error = kfrag_slab_cache_create(&cache, slab, &params);
			check_slab(slab);
			if (!host_fault_end()) {
				EXPECT_EQ(error, KFRAG_OK);
				EXPECT_EQ(kfrag_slab_cache_index(cache), i);
				break;
			}
			EXPECT_EQ(error, KFRAG_ENOMEM);
			EXPECT(cache == NULL);
			nr_faults++;
		}
	}
	/* Each time the cache and its set or, when it is full, the array. */
	ck_assert_uint_ge(nr_faults, 80);
	kfrag_slab_destroy(slab);
}
END_TEST

/*
 * Takes and frees objects with the k-th allocation failing. Returns whether
 * one did: after it there is no new slab, but all else works.
 */
static bool population_survives(const struct kfrag_slab_cache_params *params,
				long k)
{
	enum { NR_PAGES = 2100, NR_SLABS = 300 };
	uint64_t nr_objs = (uint64_t)NR_SLABS * params->objs_per_slab, taken;
	struct kfrag_buddy *buddy = make_buddy(NR_PAGES);
	struct kfrag_slab *slab =
		make_slab(kfrag_buddy_page_source(buddy), NR_PAGES, PAGE_BYTES);
	struct kfrag_slab_cache *cache = make_cache(slab, params);
	struct kfrag_slab_view view;
	uint64_t address, nr_slabs;
	bool faulted;

	host_fault_after(k);
	taken = kfrag_slab_alloc_bulk(cache, nr_objs, NULL);
	faulted = host_fault_end();
	check_slab(slab);
	nr_slabs = kfrag_slab_cache_nr_slabs(cache);
	EXPECT_EQ(kfrag_slab_host_error(slab),
		  faulted ? KFRAG_ENOMEM : KFRAG_OK);
	EXPECT_EQ(taken, nr_slabs * params->objs_per_slab);
	EXPECT_EQ(taken == nr_objs, !faulted);
	EXPECT_EQ(NR_PAGES - kfrag_buddy_free_pages(buddy),
		  nr_slabs << params->order);
	EXPECT_EQ(kfrag_slab_alloc(cache, &address), !faulted);
	/* The second object of the first slab goes and comes back. */
	if (kfrag_slab_next(slab, 0, &view)) {
		address = view.pfn * PAGE_BYTES + params->size_bytes;
		kfrag_slab_free(slab, address);
		EXPECT(kfrag_slab_alloc(cache, &address));
	}
	check_slab(slab);
	kfrag_slab_destroy(slab);
	EXPECT_EQ(kfrag_buddy_free_pages(buddy), NR_PAGES);
	kfrag_buddy_destroy(buddy);
	return faulted;
}

/* _i: the policy, then maps of one word or of several. */
START_TEST(slab_alloc)
{
	bool wide = _i >= NR_POLICIES;
	struct kfrag_slab_cache_params params = {
		.size_bytes = 8,
		.objs_per_slab = wide ? 500 : 50,
		.order = 2,
		.policy = kfrag_slab_policies()[_i % NR_POLICIES],
	};
	long k = 0;

	while (population_survives(&params, k))
		k++;
	/* The region and its maps, the policy's memory, wide maps. */
	ck_assert_int_ge(k, wide ? 302 : 2);
}
END_TEST

/* -------------------------------------------------------------- overhead */

/*
 * What the allocators say that they take is what they asked the host for, on
 * machines whose pointers are as they count them.
 */
START_TEST(buddy_bytes)
{
	static const uint64_t sizes[] = { 1, 64, 65, 1000, 4096, 100000 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		for (unsigned max_order = 0; max_order <= 12; max_order++) {
			struct kfrag_buddy *buddy = NULL;

			host_bytes_reset();
			EXPECT_EQ(create_kind(&buddy, _i, sizes[i], max_order),
				  KFRAG_OK);
			EXPECT_EQ(host_bytes_given(),
				  kfrag_buddy_bitmap_bytes(buddy) +
					  kfrag_buddy_bookkeeping_bytes(buddy));
			kfrag_buddy_destroy(buddy);
		}
	}
}
END_TEST

/*
 * _i: the policy, then maps of one word or of several. Of the tables only what
 * slabs stand in is counted: all of it once the memory is full.
 */
START_TEST(slab_bytes)
{
	bool wide = _i >= NR_POLICIES;
	struct kfrag_slab_cache_params params = {
		.size_bytes = 8,
		.objs_per_slab = wide ? 500 : 50,
		.order = 2,
		.policy = kfrag_slab_policies()[_i % NR_POLICIES],
	};
	struct kfrag_buddy *buddy = make_buddy(1024);
	struct kfrag_slab_cache *cache;
	struct kfrag_slab *slab;
	uint64_t bytes = 0;

	host_bytes_reset();
	slab = make_slab(kfrag_buddy_page_source(buddy), 1024, PAGE_BYTES);
	cache = make_cache(slab, &params);
	for (unsigned i = 0; i < 256; i++) {
		EXPECT(bytes < host_bytes_given());
		EXPECT_EQ(kfrag_slab_alloc_bulk(cache, params.objs_per_slab,
						NULL),
			  params.objs_per_slab);
		bytes = kfrag_slab_bitmap_bytes(slab) +
			kfrag_slab_bookkeeping_bytes(slab);
	}
	EXPECT_EQ(bytes, host_bytes_given());
	kfrag_slab_destroy(slab);
	kfrag_buddy_destroy(buddy);
}
END_TEST

Suite *host_memory_suite(void)
{
	Suite *suite = suite_create("host_memory");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	if (!host_fault_is_possible())
		return suite;
	tcase_set_timeout(core, 60);
	tcase_add_loop_test(core, buddy_create, 0, NR_BUDDY_KINDS);
	tcase_add_loop_test(core, radix_reserve, 0, 4);
	tcase_add_test(core, slab_create);
	tcase_add_loop_test(core, cache_create, 0, NR_POLICIES);
	tcase_add_loop_test(core, slab_alloc, 0, 2 * NR_POLICIES);
	if (sizeof(void *) != 8)
		return suite;
	tcase_add_loop_test(core, buddy_bytes, 0, NR_BUDDY_KINDS);
	tcase_add_loop_test(core, slab_bytes, 0, 2 * NR_POLICIES);
	return suite;
}
