// SPDX-License-Identifier: MIT
/* What the slab allocator must refuse, and what its checker must see. */
#include <signal.h>

#include "alloc/slab_impl.h"
#include "expect.h"
#include "fixture_slab.h"
#include "kfrag/buddy.h"

Suite *slab_checker_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define PAGE_BYTES 4096

/*
 * Three caches in 32 pages: slots of 192 bytes with a tail, slots of 5000 in
 * slabs of two pages, slots of 8 with a bitmap of several words.
 */
struct trio {
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache *caches[3];
	uint64_t addresses[2000];
	size_t nr_addresses;
};

static const struct kfrag_slab_cache_params trio_params[] = {
	{ .size_bytes = 192, .objs_per_slab = 21, .min_partial_slabs = 3 },
	{ .size_bytes = 5000, .objs_per_slab = 1, .order = 1 },
	{ .size_bytes = 8, .objs_per_slab = 500, .min_partial_slabs = 3 },
};

/* Caches with full, partial and empty slabs, and some given back. */
static void trio_init(struct trio *trio, size_t policy)
{
	static const size_t nr_objs[] = { 21 * 6, 3, 500 * 2 + 70 };

	*trio = (struct trio){ .buddy = make_buddy(32) };
	trio->slab =
		make_slab(kfrag_buddy_page_source(trio->buddy), 32, PAGE_BYTES);
	for (size_t i = 0; i < 3; i++) {
		struct kfrag_slab_cache_params params = trio_params[i];

		params.policy = kfrag_slab_policies()[policy];
		trio->caches[i] = make_cache(trio->slab, &params);
		EXPECT_EQ(kfrag_slab_alloc_bulk(trio->caches[i], nr_objs[i],
						trio->addresses +
							trio->nr_addresses),
			  nr_objs[i]);
		trio->nr_addresses += nr_objs[i];
	}
	/* Of the first cache: four slabs empty, one with holes. */
	for (size_t i = 0; i < 4 * 21; i++)
		kfrag_slab_free(trio->slab, trio->addresses[i]);
	for (size_t i = 4 * 21; i < 5 * 21; i += 2)
		kfrag_slab_free(trio->slab, trio->addresses[i]);
	/* Of the second one slab, of the third all of one slab. */
	kfrag_slab_free(trio->slab, trio->addresses[6 * 21]);
	for (size_t i = 6 * 21 + 3; i < 6 * 21 + 3 + 500; i++)
		kfrag_slab_free(trio->slab, trio->addresses[i]);
	EXPECT_EQ(kfrag_slab_cache_nr_empty(trio->caches[0]), 3);
	EXPECT_EQ(kfrag_slab_cache_nr_partial(trio->caches[0]), 1);
	EXPECT_EQ(kfrag_slab_cache_nr_empty(trio->caches[1]), 0);
	EXPECT_EQ(kfrag_slab_cache_nr_slabs(trio->caches[1]), 2);
	EXPECT_EQ(kfrag_slab_cache_nr_empty(trio->caches[2]), 1);
	check_slab(trio->slab);
}

static void trio_release(struct trio *trio)
{
	kfrag_slab_destroy(trio->slab);
	EXPECT_EQ(kfrag_buddy_free_pages(trio->buddy), 32);
	kfrag_buddy_destroy(trio->buddy);
}

/* From the definitions alone: what the bytes at an address are. */
static enum kfrag_error judge(const struct trio *trio, uint64_t address)
{
	struct kfrag_slab_view view;

	for (uint64_t pfn = 0; kfrag_slab_next(trio->slab, pfn, &view);
	     pfn = view.pfn + 1) {
		const struct kfrag_slab_cache_params *params =
			&trio_params[kfrag_slab_cache_index(view.cache)];
		uint64_t first = view.pfn * PAGE_BYTES;
		uint64_t slot = (address - first) / params->size_bytes;

		if (address < first ||
		    address >= first + ((uint64_t)PAGE_BYTES << params->order))
			continue;
		if ((address - first) % params->size_bytes ||
		    slot >= params->objs_per_slab)
			return KFRAG_EALIGN;
		if (kfrag_slab_live_mask(trio->slab, view.pfn,
					 (uint32_t)slot / 64) >>
			    slot % 64 &
		    1)
			return KFRAG_OK;
		return KFRAG_EFREE;
	}
	return KFRAG_ERANGE;
}

START_TEST(every_wrong_free_is_refused)
{
	static const uint64_t far[] = { 32 * PAGE_BYTES, 33 * PAGE_BYTES,
					UINT64_C(1) << 32, UINT64_C(1) << 63,
					UINT64_MAX };
	unsigned counts[KFRAG_NR_ERRORS] = { 0 };
	struct kfrag_slab_stats before;
	uint64_t nr_free_pages, nr_objs = 0;
	struct trio trio;

	trio_init(&trio, (size_t)_i);
	before = kfrag_slab_stats(trio.slab);
	nr_free_pages = kfrag_buddy_free_pages(trio.buddy);
	for (uint64_t i = 0; i < 32 * PAGE_BYTES + NR_OF(far); i++) {
		uint64_t address =
			i < 32 * PAGE_BYTES ? i : far[i - 32 * PAGE_BYTES];
		enum kfrag_error expected = judge(&trio, address);

		counts[expected]++;
		if (expected)
			EXPECT_EQ(kfrag_slab_free_checked(trio.slab, address),
				  expected);
	}
	check_slab(trio.slab);
	for (size_t i = 0; i < 3; i++)
		nr_objs += kfrag_slab_cache_nr_objs(trio.caches[i]);
	ck_assert_uint_eq(counts[KFRAG_OK], nr_objs);
	ck_assert_uint_gt(counts[KFRAG_ERANGE], 0);
	ck_assert_uint_gt(counts[KFRAG_EALIGN], 0);
	ck_assert_uint_gt(counts[KFRAG_EFREE], 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(trio.buddy), nr_free_pages);
	ck_assert_uint_eq(kfrag_slab_stats(trio.slab).nr_slabs_returned,
			  before.nr_slabs_returned);
	/* Every right one is taken, once. */
	for (uint64_t address = 0; address < 32 * PAGE_BYTES; address++) {
		if (judge(&trio, address) != KFRAG_OK)
			continue;
		EXPECT_EQ(kfrag_slab_free_checked(trio.slab, address),
			  KFRAG_OK);
		EXPECT(kfrag_slab_free_checked(trio.slab, address) != KFRAG_OK);
		nr_objs--;
	}
	ck_assert_uint_eq(nr_objs, 0);
	check_slab(trio.slab);
	trio_release(&trio);
}
END_TEST

START_TEST(double_free_aborts)
{
	struct trio trio;

	trio_init(&trio, 0);
	/* The last object of the first cache, its slab full until now. */
	kfrag_slab_free(trio.slab, trio.addresses[6 * 21 - 1]);
	kfrag_slab_free(trio.slab, trio.addresses[6 * 21 - 1]);
}
END_TEST

static const uint64_t no_objects[] = { 1, 32 * PAGE_BYTES, 31 * PAGE_BYTES,
				       UINT64_MAX };

START_TEST(wrong_free_aborts)
{
	struct trio trio;

	trio_init(&trio, 0);
	kfrag_slab_free(trio.slab, no_objects[_i]);
}
END_TEST

START_TEST(wrong_mask_aborts)
{
	struct kfrag_slab_view view;
	struct trio trio;
	uint64_t live;

	trio_init(&trio, 0);
	/* The first slab with a free slot and an object. */
	for (uint64_t pfn = 0; kfrag_slab_next(trio.slab, pfn, &view);
	     pfn = view.pfn + 1)
		if (view.cache == trio.caches[0] && view.nr_inuse > 0 &&
		    view.nr_inuse < 21)
			break;
	live = kfrag_slab_live_mask(trio.slab, view.pfn, 0);
	ck_assert_uint_ne(live, 0);
	kfrag_slab_free_mask(trio.slab, view.pfn, 0,
			     _i ? live | UINT64_C(1) << 21 :
				  (live << 1 | live));
}
END_TEST

/* ---------------------------------------------------------------- checker */

/* The first slab of a cache with so many objects. */
static uint64_t find_slab(const struct trio *trio, uint32_t cache,
			  uint32_t nr_inuse)
{
	struct kfrag_slab_view view;

	for (uint64_t pfn = 0; kfrag_slab_next(trio->slab, pfn, &view);
	     pfn = view.pfn + 1)
		if (view.cache->index == cache && view.nr_inuse == nr_inuse)
			return view.pfn;
	ck_abort_msg("no slab of cache %" PRIu32 " with %" PRIu32 " objects",
		     cache, nr_inuse);
	return KFRAG_SLAB_NONE;
}

static void expect_complaint(const struct kfrag_slab *slab)
{
	char message[300] = "";

	EXPECT(!kfrag_slab_check(slab, message, sizeof(message)));
	EXPECT(message[0] != '\0');
}

/* Changes a number by some, and back. */
#define BREAK(trio, field, change)                                             \
	do {                                                                   \
		(field) += (change);                                           \
		expect_complaint((trio)->slab);                                \
		(field) -= (change);                                           \
	} while (0)

/* Puts another value there for a moment. */
#define BREAK_TO(trio, type, field, value)                                     \
	do {                                                                   \
		type broken_saved = (field);                                   \
		(field) = (value);                                             \
		expect_complaint((trio)->slab);                                \
		(field) = broken_saved;                                        \
	} while (0)

START_TEST(sees_maps)
{
	struct kfrag_slab_region *region;
	struct kfrag_slab_wide_map *wide;
	struct trio trio;

	trio_init(&trio, (size_t)_i);
	region = trio.slab->regions[0];
	ck_assert_ptr_nonnull(region->owners);
	for (uint64_t page = 0; page < 32; page++) {
		for (unsigned bit = 0; bit < 64; bit++) {
			region->maps[page] ^= UINT64_C(1) << bit;
			expect_complaint(trio.slab);
			region->maps[page] ^= UINT64_C(1) << bit;
		}
	}
	wide = kfrag_slab_wide_map(
		kfrag_slab_place_of(trio.slab, find_slab(&trio, 2, 70)));
	BREAK(&trio, wide->nr_free, 1);
	for (unsigned i = 0; i < 9 * 64; i++) {
		wide->words[i / 64] ^= UINT64_C(1) << (i % 64);
		expect_complaint(trio.slab);
		wide->words[i / 64] ^= UINT64_C(1) << (i % 64);
	}
	check_slab(trio.slab);
	trio_release(&trio);
}
END_TEST

START_TEST(sees_pages)
{
	struct kfrag_slab_region *region;
	struct trio trio;

	trio_init(&trio, (size_t)_i);
	region = trio.slab->regions[0];
	BREAK(&trio, region->nr_used, 1);
	for (uint64_t page = 0; page < 32; page++) {
		uint32_t other = region->owners[page] == 0;

		region->used[0] ^= UINT64_C(1) << page;
		expect_complaint(trio.slab);
		region->used[0] ^= UINT64_C(1) << page;
		if (kfrag_slab_is_used(trio.slab, page))
			BREAK_TO(&trio, uint32_t, region->owners[page], other);
	}
	check_slab(trio.slab);
	trio_release(&trio);
}
END_TEST

START_TEST(sees_picks)
{
	struct kfrag_slab_cache *cache;
	struct trio trio;

	trio_init(&trio, (size_t)_i);
	cache = trio.caches[0];
	ck_assert_uint_eq(cache->pick, find_slab(&trio, 0, 10));
	BREAK_TO(&trio, uint64_t, cache->pick, KFRAG_SLAB_NONE);
	BREAK_TO(&trio, uint64_t, cache->pick, find_slab(&trio, 0, 21));
	if (!cache->quick_slots) {
		BREAK_TO(&trio, uint64_t *, cache->quick_word,
			 &cache->quick_slots);
	} else {
		BREAK(&trio, cache->quick_word, 1);
		BREAK(&trio, cache->quick_shift, 1);
		BREAK(&trio, cache->quick_address, 1);
	}
	check_slab(trio.slab);
	trio_release(&trio);
}
END_TEST

START_TEST(sees_counts)
{
	struct trio trio;

	trio_init(&trio, (size_t)_i);
	for (size_t i = 0; i < 3; i++) {
		struct kfrag_slab_cache *cache = trio.caches[i];

		BREAK(&trio, cache->nr_objs, 1);
		BREAK(&trio, cache->nr_slabs, 1);
		BREAK(&trio, cache->nr_partial, 1);
		BREAK(&trio, cache->nr_empty, 1);
		BREAK(&trio, cache->nr_empty, UINT64_MAX);
		BREAK(&trio, cache->stats.nr_slabs_made, 1);
		BREAK(&trio, cache->stats.nr_slabs_returned, 1);
		BREAK(&trio, cache->params.order, 1);
		BREAK(&trio, cache->params.objs_per_slab, UINT32_MAX);
		BREAK(&trio, cache->index, 1);
		BREAK_TO(&trio, struct kfrag_slab *, cache->slab, NULL);
	}
	/* A slot less than the maps have. */
	BREAK_TO(&trio, uint64_t, trio.caches[0]->all_free,
		 trio.caches[0]->all_free / 2);
	BREAK(&trio, trio.caches[2]->shape.nr_bits, UINT64_MAX);
	check_slab(trio.slab);
	trio_release(&trio);
}
END_TEST

/* The list of empty slabs. */
START_TEST(sees_lists)
{
	struct kfrag_slab_place place;
	struct trio trio;
	uint64_t *first, *next, full;

	trio_init(&trio, (size_t)_i);
	first = &trio.caches[0]->first_empty;
	full = find_slab(&trio, 0, 21);
	/* Cut short, of another cache, no empty slab, in a circle. */
	BREAK_TO(&trio, uint64_t, *first, KFRAG_SLAB_NONE);
	BREAK_TO(&trio, uint64_t, *first, trio.caches[2]->first_empty);
	BREAK_TO(&trio, uint64_t, *first, full);
	BREAK_TO(&trio, uint64_t, *first, 31);
	BREAK_TO(&trio, uint64_t, *first, 32);
	place = kfrag_slab_place_of(trio.slab, *first);
	next = &place.region->links[place.index].next;
	BREAK_TO(&trio, uint64_t, *next, KFRAG_SLAB_NONE);
	BREAK_TO(&trio, uint64_t, *next, full);
	BREAK_TO(&trio, uint64_t, *next, *first);
	check_slab(trio.slab);
	trio_release(&trio);
}
END_TEST

static uint64_t pick_none(const void *set)
{
	(void)set;
	return KFRAG_SLAB_NONE;
}

static uint64_t pick_unknown(const void *set)
{
	(void)set;
	return 1000;
}

static uint64_t pick_first(const void *set)
{
	(void)set;
	return 0;
}

/* A partial slab that its policy has lost, or one that is none. */
START_TEST(sees_policy_sets)
{
	const struct kfrag_slab_policy *policy = kfrag_slab_policies()[_i];
	struct kfrag_slab_policy broken;
	struct kfrag_slab_ref partial, full;
	struct trio trio;
	void *set;

	trio_init(&trio, (size_t)_i);
	set = trio.caches[0]->partial;
	partial = (struct kfrag_slab_ref){
		.pfn = find_slab(&trio, 0, 10),
		.nr_inuse = 10,
	};
	full = (struct kfrag_slab_ref){
		.pfn = find_slab(&trio, 0, 21),
		.nr_inuse = 20,
	};
	policy->remove(set, &partial);
	expect_complaint(trio.slab);
	policy->insert(set, &full);
	expect_complaint(trio.slab);
	policy->insert(set, &partial);
	expect_complaint(trio.slab);
	policy->remove(set, &full);
	check_slab(trio.slab);
	/* It holds the right number, but picks none, or no slab at all. */
	broken = *policy;
	broken.pick = pick_none;
	BREAK_TO(&trio, const struct kfrag_slab_policy *,
		 trio.caches[0]->params.policy, &broken);
	broken.pick = pick_unknown;
	BREAK_TO(&trio, const struct kfrag_slab_policy *,
		 trio.caches[0]->params.policy, &broken);
	broken.pick = pick_first;
	BREAK_TO(&trio, const struct kfrag_slab_policy *,
		 trio.caches[1]->params.policy, &broken);
	trio_release(&trio);
}
END_TEST

/* --------------------------------------------------------------- overhead */

START_TEST(bookkeeping)
{
	struct trio trio;
	uint64_t bytes, nr_links;

	trio_init(&trio, (size_t)_i);
	bytes = kfrag_slab_bookkeeping_bytes(trio.slab);
	for (size_t i = 0; i < 3; i++)
		bytes -= KFRAG_SLAB_CACHE_BYTES +
			 trio.caches[i]->params.policy->bytes(
				 trio.caches[i]->partial);
	/* A word and a pointer for each page of slabs, 500 slots in nine. */
	ck_assert_uint_eq(trio.slab->regions[0]->nr_used, 5 + 2 * 2 + 3);
	ck_assert_uint_eq(kfrag_slab_bitmap_bytes(trio.slab),
			  12 * 8 + 3 * 9 * 8 + 8);
	/* An owner and, since two caches keep empty slabs, links. */
	nr_links = 12;
	ck_assert_uint_eq(bytes,
			  KFRAG_SLAB_BYTES + KFRAG_SLAB_REGION_BYTES +
				  KFRAG_POINTER_BYTES + 12 * sizeof(uint32_t) +
				  nr_links * sizeof(struct kfrag_slab_links) +
				  12 * KFRAG_POINTER_BYTES +
				  3 * sizeof(struct kfrag_slab_wide_map) +
				  trio.slab->caches_capacity *
					  KFRAG_POINTER_BYTES);
	trio_release(&trio);
}
END_TEST

Suite *slab_checker_suite(void)
{
	Suite *suite = suite_create("slab_checker");
	TCase *core = tcase_create("core");

	tcase_set_timeout(core, 60);
	tcase_add_loop_test(core, every_wrong_free_is_refused, 0, NR_POLICIES);
	tcase_add_loop_test(core, sees_maps, 0, NR_POLICIES);
	tcase_add_loop_test(core, sees_pages, 0, NR_POLICIES);
	tcase_add_loop_test(core, sees_picks, 0, NR_POLICIES);
	tcase_add_loop_test(core, sees_counts, 0, NR_POLICIES);
	tcase_add_loop_test(core, sees_lists, 0, NR_POLICIES);
	tcase_add_loop_test(core, sees_policy_sets, 0, NR_POLICIES);
	tcase_add_loop_test(core, bookkeeping, 0, NR_POLICIES);
	if (expect_can_abort()) {
		tcase_add_test_raise_signal(core, double_free_aborts, SIGABRT);
		tcase_add_loop_test_raise_signal(core, wrong_free_aborts,
						 SIGABRT, 0,
						 (int)NR_OF(no_objects));
		tcase_add_loop_test_raise_signal(core, wrong_mask_aborts,
						 SIGABRT, 0, 2);
	}
	suite_add_tcase(suite, core);
	return suite;
}
