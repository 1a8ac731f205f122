// SPDX-License-Identifier: MIT
#include "kfrag/buddy.h"

#include <limits.h>

#include "alloc/buddy_impl.h"
#include "expect.h"
#include "twin_buddy.h"

Suite *buddy_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* ----------------------------------------------------------------- create */

static const struct {
	uint64_t nr_pages;
	unsigned max_order;
} refused[] = {
	{ 0, 0 },
	{ 0, 10 },
	{ KFRAG_MAX_PAGES + 1, 10 },
	{ UINT64_MAX, 10 },
	{ 1, KFRAG_MAX_ORDER + 1 },
	{ 1024, UINT_MAX },
};

START_TEST(create_refuses)
{
	struct kfrag_buddy *const none = NULL;
	struct kfrag_buddy *buddy = (struct kfrag_buddy *)&refused;

	ck_assert_int_eq(kfrag_buddy_create(&buddy, refused[_i].nr_pages,
					    refused[_i].max_order),
			 KFRAG_EINVAL);
	ck_assert_ptr_eq(buddy, none);
	buddy = (struct kfrag_buddy *)&refused;
	ck_assert_int_eq(kfrag_buddy_create_checked(&buddy,
						    refused[_i].nr_pages,
						    refused[_i].max_order),
			 KFRAG_EINVAL);
	ck_assert_ptr_eq(buddy, none);
}
END_TEST

/* _i: refused, or too much for lists, or placed nowhere. */
START_TEST(create_placed_refuses)
{
	static const struct {
		uint64_t nr_pages;
		int placement;
	} more[] = {
		{ KFRAG_BUDDY_MAX_LISTED_PAGES + 1, KFRAG_BUDDY_LIFO },
		{ KFRAG_BUDDY_MAX_LISTED_PAGES + 1, KFRAG_BUDDY_FIFO },
		{ 1024, KFRAG_NR_BUDDY_PLACEMENTS },
		{ 1024, -1 },
	};
	struct kfrag_buddy *const none = NULL;
	struct kfrag_buddy *buddy = (struct kfrag_buddy *)&refused;

	for (int p = 0; p < KFRAG_NR_BUDDY_PLACEMENTS; p++) {
		enum kfrag_error error = kfrag_buddy_create_placed(
			&buddy, refused[_i].nr_pages, refused[_i].max_order,
			(enum kfrag_buddy_placement)p);

		ck_assert_int_eq(error, KFRAG_EINVAL);
		ck_assert_ptr_eq(buddy, none);
	}
	for (size_t i = 0; i < NR_OF(more); i++) {
		buddy = (struct kfrag_buddy *)&refused;
		ck_assert_int_eq(
			kfrag_buddy_create_placed(
				&buddy, more[i].nr_pages, 10,
				(enum kfrag_buddy_placement)more[i].placement),
			KFRAG_EINVAL);
		ck_assert_ptr_eq(buddy, none);
	}
}
END_TEST

#if SIZE_MAX == UINT32_MAX
START_TEST(create_without_address_space)
{
	struct kfrag_buddy *buddy = NULL;

	ck_assert_int_eq(kfrag_buddy_create(&buddy, KFRAG_MAX_PAGES, 10),
			 KFRAG_ENOMEM);
	ck_assert_ptr_null(buddy);
	ck_assert_int_eq(kfrag_buddy_create_placed(&buddy,
						   KFRAG_BUDDY_MAX_LISTED_PAGES,
						   10, KFRAG_BUDDY_LIFO),
			 KFRAG_ENOMEM);
	ck_assert_ptr_null(buddy);
}
END_TEST
#endif

START_TEST(destroy_of_null)
{
	kfrag_buddy_destroy(NULL);
}
END_TEST

/* Nothing fits an order that the memory has no whole block of. */
START_TEST(order_larger_than_memory)
{
	struct kfrag_buddy *buddy = twin_make_kind(_i, 1000, KFRAG_MAX_ORDER);
	uint64_t pfn = 7;

	ck_assert(!kfrag_buddy_alloc(buddy, 10, &pfn));
	ck_assert_uint_eq(pfn, 0);
	ck_assert(!kfrag_buddy_alloc(buddy, KFRAG_MAX_ORDER, &pfn));
	ck_assert(!kfrag_buddy_alloc(buddy, KFRAG_MAX_ORDER + 1, &pfn));
	ck_assert(!kfrag_buddy_alloc(buddy, UINT_MAX, &pfn));
	ck_assert(kfrag_buddy_alloc(buddy, 9, &pfn));
	ck_assert_uint_eq(pfn, 0);
	ck_assert_uint_eq(kfrag_buddy_stats(buddy).nr_refusals, 4);
	twin_check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(run_of_none)
{
	struct kfrag_buddy *buddy = twin_make_kind(_i, 16, 4);
	uint64_t pfn = 7;

	ck_assert_uint_eq(kfrag_buddy_alloc_run(buddy, 0, 0, &pfn), 0);
	ck_assert_uint_eq(pfn, 0);
	ck_assert_uint_eq(kfrag_buddy_stats(buddy).nr_refusals, 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 16);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* ------------------------------------------------------------ bits a page */

static const struct {
	uint64_t nr_pages;
	unsigned max_order;
	uint64_t bytes; /* worked out apart */
	uint64_t order_0_bits;
} costs[] = {
	{ 1, 0, 16, 128 },
	{ 1, 30, 296, 128 },
	{ 64, 0, 24, 192 },
	{ 65, 0, 24, 192 },
	{ 4096, 11, 728, 4352 },
	{ 1000000, 10, 139168, 1016064 },
	{ UINT64_C(1) << 20, 10, 146000, 1065472 }, /* 1.1139 bits a page */
	{ UINT64_C(1) << 20, 20, 146168, 1065472 },
	{ KFRAG_MAX_PAGES, 10, UINT64_C(152846296952),
	  UINT64_C(1116964193728) },
};

START_TEST(bitmap_bytes)
{
	uint64_t nr_pages = costs[_i].nr_pages, bits = 0;
	unsigned max_order = costs[_i].max_order;
	struct kfrag_buddy *buddy;

	ck_assert_uint_eq(kfrag_buddy_bitmap_bytes_for(nr_pages, max_order),
			  costs[_i].bytes);
	ck_assert_uint_eq(kfrag_buddy_bitmap_bits_for(nr_pages, 0),
			  costs[_i].order_0_bits);
	for (unsigned order = 0; order <= max_order; order++)
		bits += kfrag_buddy_bitmap_bits_for(nr_pages, order);
	ck_assert_uint_eq(bits, costs[_i].bytes * 8);
	if (nr_pages > UINT64_C(1) << 20)
		return;

	buddy = twin_make_buddy(nr_pages, max_order, false);
	ck_assert_uint_eq(kfrag_buddy_bitmap_bytes(buddy), costs[_i].bytes);
	for (unsigned order = 0; order <= max_order; order++)
		ck_assert_uint_eq(kfrag_buddy_bitmap_bits(buddy, order),
				  kfrag_buddy_bitmap_bits_for(nr_pages, order));
	ck_assert_uint_eq(kfrag_buddy_bitmap_bits(buddy, max_order + 1), 0);
	ck_assert_uint_eq(kfrag_buddy_bookkeeping_bytes(buddy),
			  KFRAG_BUDDY_BYTES +
				  (max_order + 1) * KFRAG_BUDDY_AREA_BYTES);
	kfrag_buddy_destroy(buddy);

	buddy = twin_make_buddy(nr_pages, max_order, true);
	ck_assert_uint_eq(kfrag_buddy_bitmap_bytes(buddy),
			  costs[_i].bytes + (nr_pages + 63) / 64 * 8);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* _i: LIFO, FIFO. */
START_TEST(bytes_of_lists)
{
	struct kfrag_buddy *buddy = twin_make_kind(2 + _i, 1000000, 10);

	ck_assert_uint_eq(kfrag_buddy_bitmap_bytes(buddy), 0);
	for (unsigned order = 0; order <= 11; order++)
		ck_assert_uint_eq(kfrag_buddy_bitmap_bits(buddy, order), 0);
	/* Two links of 32 bits and a byte a page; a head for each order. */
	ck_assert_uint_eq(kfrag_buddy_bookkeeping_bytes(buddy),
			  KFRAG_BUDDY_BYTES + 9 * 1000000 + 8 * 11);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(page_source)
{
	struct kfrag_buddy *buddy = twin_make_kind(_i, 64, 6);
	struct kfrag_page_source source = kfrag_buddy_page_source(buddy);
	uint64_t pfn = 7;

	ck_assert_uint_eq(source.take(source.context, 3, 5, &pfn), 5);
	ck_assert_uint_eq(pfn, 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 24);
	ck_assert_uint_eq(source.take(source.context, 5, 1, &pfn), 0);
	ck_assert_uint_eq(pfn, 0);
	for (uint64_t i = 0; i < 5; i++)
		source.give(source.context, 3, i * 8);
	twin_check_like_fresh(buddy, buddy->starts != NULL);
	kfrag_buddy_destroy(buddy);
}
END_TEST

Suite *buddy_suite(void)
{
	Suite *suite = suite_create("buddy");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, create_refuses, 0, (int)NR_OF(refused));
#if SIZE_MAX == UINT32_MAX
	tcase_add_test(core, create_without_address_space);
#endif
	tcase_add_test(core, destroy_of_null);
	tcase_add_loop_test(core, create_placed_refuses, 0,
			    (int)NR_OF(refused));
	tcase_add_loop_test(core, order_larger_than_memory, 0, TWIN_NR_KINDS);
	tcase_add_loop_test(core, run_of_none, 0, TWIN_NR_KINDS);
	tcase_add_loop_test(core, bytes_of_lists, 0, 2);
	tcase_add_loop_test(core, bitmap_bytes, 0, (int)NR_OF(costs));
	tcase_add_loop_test(core, page_source, 0, TWIN_NR_KINDS);
	suite_add_tcase(suite, core);
	return suite;
}
