// SPDX-License-Identifier: MIT
/* What the buddy allocator must refuse, and what its checker must see. */
#include <limits.h>
#include <signal.h>

#include "alloc/buddy_impl.h"
#include "alloc/buddy_lists.h"
#include "expect.h"
#include "model.h"
#include "twin_buddy.h"

Suite *buddy_checker_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* ------------------------------------------------------------ wrong frees */

/* All that an error must leave as it was. */
struct image {
	size_t head_bytes;
	const void *memory;
	size_t memory_bytes;
	unsigned char *bytes;
};

static struct image take_image(const struct kfrag_buddy *buddy)
{
	size_t nr_areas = buddy->max_order + 1;
	struct image image = {
		.memory = buddy->words,
		.memory_bytes = (size_t)buddy->nr_words * sizeof(uint64_t),
	};

	if (kfrag_buddy_has_lists(buddy)) {
		nr_areas = 0;
		image.memory = buddy->lists.links;
		image.memory_bytes = (size_t)kfrag_buddy_lists_bytes(
			buddy->nr_pages, buddy->max_order);
	}
	image.head_bytes = sizeof(*buddy) + nr_areas * sizeof(buddy->areas[0]);
	image.bytes = model_zeros(image.head_bytes + image.memory_bytes, 1);
	memcpy(image.bytes, buddy, image.head_bytes);
	memcpy(image.bytes + image.head_bytes, image.memory,
	       image.memory_bytes);
	return image;
}

static void check_image(const struct image *image,
			const struct kfrag_buddy *buddy)
{
	EXPECT(memcmp(image->bytes, buddy, image->head_bytes) == 0);
	EXPECT(memcmp(image->bytes + image->head_bytes, image->memory,
		      image->memory_bytes) == 0);
}

static const struct {
	uint64_t nr_pages;
	unsigned max_order;
} small_memories[] = {
	{ 1, 0 },  { 1, 3 },  { 2, 1 },	 { 3, 5 },  { 16, 0 }, { 16, 2 },
	{ 23, 3 }, { 32, 5 }, { 40, 4 }, { 47, 6 }, { 64, 6 }, { 77, 3 },
};

/* Every pair of order and page, and some beyond; counts codes given. */
static void try_every_free(struct twin *twin, unsigned counts[KFRAG_NR_ERRORS])
{
	static const uint64_t far[] = { UINT64_C(1) << 32, KFRAG_MAX_PAGES,
					UINT64_C(1) << 63, UINT64_MAX - 63,
					UINT64_MAX };
	uint64_t nr_near = twin->model.nr_pages + 70;
	struct image image = take_image(twin->buddy);

	for (unsigned k = 0; k <= twin->model.max_order + 3; k++) {
		unsigned order = k == twin->model.max_order + 3 ? UINT_MAX : k;

		for (uint64_t i = 0; i < nr_near + NR_OF(far); i++) {
			uint64_t pfn = i < nr_near ? i : far[i - nr_near];
			enum kfrag_error expected =
				twin->checked ?
					model_buddy_judge_checked(&twin->model,
								  order, pfn) :
					model_buddy_judge_plain(&twin->model,
								order, pfn);

			EXPECT_EQ(kfrag_buddy_judge_free(twin->buddy, order,
							 pfn),
				  expected);
			counts[expected]++;
			if (!expected)
				continue;
			EXPECT_EQ(kfrag_buddy_free_checked(twin->buddy, order,
							   pfn),
				  expected);
			check_image(&image, twin->buddy);
		}
	}
	free(image.bytes);
}

/* _i: plain, with start bits, LIFO, FIFO; then the memory. */
START_TEST(every_wrong_free_is_refused)
{
	static const enum kfrag_buddy_placement placements[] = {
		KFRAG_BUDDY_ADDRESS, KFRAG_BUDDY_ADDRESS, KFRAG_BUDDY_LIFO,
		KFRAG_BUDDY_FIFO
	};
	unsigned max_order = small_memories[_i / 4].max_order;
	uint64_t nr_pages = small_memories[_i / 4].nr_pages;
	unsigned counts[KFRAG_NR_ERRORS] = { 0 }, nr_live = 0, order;
	struct twin twin;
	uint64_t pfn;

	twin_init(&twin, (uint64_t)_i, nr_pages, max_order, placements[_i % 4]);
	try_every_free(&twin, counts);
	ck_assert_uint_eq(counts[KFRAG_OK], 0);
	for (int i = 0; i < 60; i++) {
		twin_step(&twin, i % 20 < 14);
		if (i % 5 == 0)
			try_every_free(&twin, counts);
	}
	ck_assert_uint_gt(counts[KFRAG_OK], 0);
	ck_assert_uint_gt(counts[KFRAG_ERANGE], 0);
	ck_assert_uint_gt(counts[KFRAG_EFREE], 0);
	ck_assert_uint_gt(counts[KFRAG_EORDER], 0);
	ck_assert_uint_eq(counts[KFRAG_EALIGN] > 0,
			  max_order > 0 && nr_pages > 2);
	/* And every right one is taken. */
	while (twin_choose_live(&twin, &pfn, &order)) {
		model_buddy_free(&twin.model, order, pfn);
		ck_assert_int_eq(kfrag_buddy_free_checked(twin.buddy, order,
							  pfn),
				 KFRAG_OK);
		ck_assert_int_eq(kfrag_buddy_free_checked(twin.buddy, order,
							  pfn),
				 KFRAG_EFREE);
		nr_live++;
	}
	twin_check_like_fresh(twin.buddy, twin.checked);
	(void)nr_live;
	twin_release(&twin);
}
END_TEST

/* What only start bits and lists can tell. _i: placement. */
START_TEST(wrong_orders_are_told)
{
	struct kfrag_buddy *buddy =
		_i == KFRAG_BUDDY_ADDRESS ?
			twin_make_buddy(64, 6, true) :
			twin_make_placed(64, 6, (enum kfrag_buddy_placement)_i);
	uint64_t pfn;

	/* 0..3 of order 2, 4..7 of order 2, 8..15 of order 3; 16.. free. */
	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	ck_assert_uint_eq(pfn, 4);
	ck_assert(kfrag_buddy_alloc(buddy, 3, &pfn));
	ck_assert_uint_eq(pfn, 8);
	/* Smaller, larger, both halves of one, one of the pages behind. */
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 0, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 1, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 3, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 4, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 5, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 1, 2), KFRAG_EFREE);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 3, 4), KFRAG_EALIGN);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 2, 8), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 2, 12), KFRAG_EFREE);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 2, 16), KFRAG_EFREE);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 7, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 2, 64), KFRAG_ERANGE);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 48);
	twin_check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/*
 * The fast entry asserts. Each row is a free on 32 pages of which 0..3 are
 * allocated; a plain allocator looks no further than the block's own bit.
 */
static const struct {
	unsigned order;
	uint64_t pfn;
	bool plain_too;
} aborting[] = {
	{ 2, 4, true }, /* never allocated */
	{ 0, 4, false },       { 3, 0, false }, /* in part */
	{ 0, 32, true }, /* outside */
	{ 2, 32, true },       { 2, UINT64_MAX - 3, true },
	{ 1, 1, true }, /* misaligned */
	{ 6, 0, true }, /* above max_order */
	{ UINT_MAX, 0, true }, { 1, 0, false }, /* smaller */
	{ 0, 3, false }, /* inside */
};

static struct kfrag_buddy *four_pages_taken(bool checked)
{
	struct kfrag_buddy *buddy = twin_make_buddy(32, 5, checked);
	uint64_t pfn;

	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	ck_assert_uint_eq(pfn, 0);
	return buddy;
}

static struct kfrag_buddy *four_pages_placed(bool fifo)
{
	struct kfrag_buddy *buddy = twin_make_placed(
		32, 5, fifo ? KFRAG_BUDDY_FIFO : KFRAG_BUDDY_LIFO);
	uint64_t pfn;

	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	ck_assert_uint_eq(pfn, 0);
	return buddy;
}

START_TEST(wrong_free_aborts)
{
	kfrag_buddy_free(four_pages_taken(true), aborting[_i].order,
			 aborting[_i].pfn);
}
END_TEST

START_TEST(wrong_free_aborts_plain)
{
	if (!aborting[_i].plain_too)
		abort();
	kfrag_buddy_free(four_pages_taken(false), aborting[_i].order,
			 aborting[_i].pfn);
}
END_TEST

/* _i: LIFO, FIFO; then the row. */
START_TEST(wrong_free_aborts_lists)
{
	kfrag_buddy_free(four_pages_placed(_i % 2), aborting[_i / 2].order,
			 aborting[_i / 2].pfn);
}
END_TEST

START_TEST(wrong_mask_aborts_lists)
{
	kfrag_buddy_free_mask(four_pages_placed(_i % 2), aborting[_i / 2].order,
			      aborting[_i / 2].pfn, 1);
}
END_TEST

START_TEST(wrong_mask_aborts)
{
	kfrag_buddy_free_mask(four_pages_taken(true), aborting[_i].order,
			      aborting[_i].pfn, 1);
}
END_TEST

START_TEST(wrong_mask_aborts_plain)
{
	if (!aborting[_i].plain_too)
		abort();
	kfrag_buddy_free_mask(four_pages_taken(false), aborting[_i].order,
			      aborting[_i].pfn, 1);
}
END_TEST

/* _i: without start bits, with them. */
START_TEST(mask_with_a_free_block_aborts)
{
	kfrag_buddy_free_mask(four_pages_taken(_i), 2, 0, 3);
}
END_TEST

/* _i: without start bits, with them; then with larger blocks. */
START_TEST(mask_behind_the_memory_aborts)
{
	unsigned order = (unsigned)_i / 2;
	struct kfrag_buddy *buddy =
		twin_make_buddy(32 + (UINT64_C(1) << order), 5, _i % 2);
	uint64_t pfn;

	ck_assert(kfrag_buddy_alloc(buddy, order, &pfn));
	ck_assert_uint_eq(pfn, 32);
	kfrag_buddy_free_mask(buddy, order, 32, 3);
}
END_TEST

START_TEST(double_free_aborts)
{
	struct kfrag_buddy *buddy = four_pages_taken(_i);
	uint64_t pfn;

	/* The next block keeps it from merging. */
	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	kfrag_buddy_free(buddy, 2, 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 28);
	kfrag_buddy_free(buddy, 2, 0);
}
END_TEST

START_TEST(double_free_of_merged_aborts)
{
	struct kfrag_buddy *buddy = four_pages_taken(true);

	kfrag_buddy_free(buddy, 2, 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 32);
	kfrag_buddy_free(buddy, 2, 0);
}
END_TEST

/* -------------------------------------------------- kfrag_buddy_check() */

static struct kfrag_buddy *used_buddy(bool checked)
{
	struct twin twin;

	twin_init(&twin, checked, 200, 5, KFRAG_BUDDY_ADDRESS);
	for (int i = 0; i < 30; i++)
		twin_step_alloc(&twin, (unsigned)twin_draw(&twin, 4));
	for (int i = 0; i < 12; i++)
		twin_step_free(&twin);
	twin_check_against(twin.buddy, &twin.model);
	model_buddy_release(&twin.model);
	return twin.buddy;
}

static void expect_complaint(const struct kfrag_buddy *buddy)
{
	char message[300] = "";

	EXPECT(!kfrag_buddy_check(buddy, message, sizeof(message)));
	EXPECT(message[0] != '\0');
}

/* _i: without start bits, with them. */
START_TEST(sees_every_bit)
{
	struct kfrag_buddy *buddy = used_buddy(_i);

	for (uint64_t i = 0; i < buddy->nr_words; i++) {
		for (unsigned bit = 0; bit < 64; bit++) {
			buddy->words[i] ^= UINT64_C(1) << bit;
			expect_complaint(buddy);
			buddy->words[i] ^= UINT64_C(1) << bit;
		}
	}
	twin_check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(sees_every_count)
{
	struct kfrag_buddy *buddy = used_buddy(_i);

	for (unsigned order = 0; order <= buddy->max_order; order++) {
		buddy->areas[order].nr_free++;
		expect_complaint(buddy);
		buddy->areas[order].nr_free -= 2;
		expect_complaint(buddy);
		buddy->areas[order].nr_free++;
	}
	for (unsigned bit = 0; bit < 64; bit++) {
		buddy->nonempty ^= UINT64_C(1) << bit;
		expect_complaint(buddy);
		buddy->nonempty ^= UINT64_C(1) << bit;
	}
	twin_check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* Other busy pages of one word, with all counts, as if that were right. */
static void forge_busy(struct kfrag_buddy *buddy, uint64_t busy)
{
	struct kfrag_buddy_level *level = &buddy->levels[0];

	ck_assert_uint_eq(buddy->nr_levels, 1);
	level->busy[0] = busy;
	buddy->nonempty = 0;
	for (unsigned order = 0; order <= buddy->max_order; order++) {
		struct kfrag_buddy_area *area = &buddy->areas[order];
		uint64_t blocks = kfrag_buddy_blocks(&buddy->areas[order], 0);

		area->first = blocks ? 0 : KFRAG_BUDDY_NONE;
		area->nr_free = (unsigned)__builtin_popcountll(blocks);
		buddy->nonempty |= (uint64_t)(blocks != 0) << order;
	}
}

static void expect_words(const struct kfrag_buddy *buddy, const char *words)
{
	char message[300] = "";

	ck_assert(!kfrag_buddy_check(buddy, message, sizeof(message)));
	ck_assert_msg(strstr(message, words) != NULL, "'%s' says not '%s'",
		      message, words);
}

/* _i: without start bits, with them; each order's set of words. */
START_TEST(sees_every_first_word)
{
	struct kfrag_buddy *buddy = used_buddy(_i);

	for (unsigned order = 0; order <= buddy->max_order; order++) {
		struct kfrag_buddy_area *area = &buddy->areas[order];
		uint64_t right = area->first;

		for (uint64_t word = 0; word < 6; word++) {
			area->first = word < 5 ? word : KFRAG_BUDDY_NONE;
			if (area->first != right)
				expect_complaint(buddy);
		}
		area->first = right;
	}
	twin_check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* 128 pages are two parts of level 1; _i: without start bits, with them. */
START_TEST(sees_cuts_of_free_parts)
{
	struct kfrag_buddy *buddy = twin_make_buddy(128, 7, _i);

	buddy->levels[0].busy[1] = UINT64_MAX;
	expect_words(buddy, "level 1: part 1 is free, but cut below");
	buddy->levels[0].busy[1] = 0;
	buddy->levels[1].busy[0] ^= 4;
	expect_words(buddy, "level 1: part 2 is free, but behind the memory");
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* Allocated and free at once, then neither; all counts agree. */
START_TEST(sees_false_starts)
{
	struct kfrag_buddy *buddy = four_pages_taken(true);
	uint64_t behind = UINT64_MAX << 32;

	forge_busy(buddy, behind | 0xf0);
	expect_words(buddy, "pages of it are free");
	forge_busy(buddy, behind | 0xff);
	buddy->starts[0] = 2;
	expect_words(buddy, "no allocated block holds it");
	buddy->starts[0] = 3;
	expect_words(buddy, "allocated blocks start, but 1 are out");
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* ------------------------------------------- kfrag_buddy_check() of lists */

/*
 * Lists of several blocks, a fresh block left, and a tail that is shorter than
 * a block of max_order. _i is 0 for LIFO, 1 for FIFO.
 */
static struct kfrag_buddy *used_lists(int fifo)
{
	struct twin twin;

	twin_init(&twin, 3, 205, 5, fifo ? KFRAG_BUDDY_FIFO : KFRAG_BUDDY_LIFO);
	for (int i = 0; i < 40; i++)
		twin_step_alloc(&twin, (unsigned)twin_draw(&twin, 3));
	for (int i = 0; i < 24; i++)
		twin_step_free(&twin);
	twin_check_against(twin.buddy, &twin.model);
	model_buddy_release(&twin.model);
	ck_assert_uint_ge(kfrag_buddy_nr_free(twin.buddy, 0), 2);
	ck_assert_uint_ge(kfrag_buddy_nr_free(twin.buddy, 1), 2);
	ck_assert_uint_lt(twin.buddy->lists.fresh + 32,
			  twin.buddy->lists.fresh_end);
	return twin.buddy;
}

/* Every bit of it, by itself; message is any. */
static void sees_bits(const struct kfrag_buddy *buddy, void *memory,
		      size_t nr_bytes)
{
	unsigned char *bytes = memory;

	for (size_t i = 0; i < nr_bytes * 8; i++) {
		bytes[i / 8] ^= (unsigned char)(1u << i % 8);
		expect_complaint(buddy);
		bytes[i / 8] ^= (unsigned char)(1u << i % 8);
	}
}

START_TEST(sees_every_byte)
{
	struct kfrag_buddy *buddy = used_lists(_i);

	for (uint64_t pfn = 0; pfn < buddy->nr_pages; pfn++) {
		uint8_t right = buddy->lists.bytes[pfn];

		for (unsigned wrong = 0; wrong < 256; wrong++) {
			buddy->lists.bytes[pfn] = (uint8_t)wrong;
			if (wrong != right)
				expect_complaint(buddy);
		}
		buddy->lists.bytes[pfn] = right;
	}
	twin_check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* Of the blocks in lists, and of all heads. */
START_TEST(sees_every_link)
{
	struct kfrag_buddy *buddy = used_lists(_i);
	uint64_t nr_links = buddy->nr_pages + buddy->max_order + 1;
	unsigned nr_blocks = 0;

	for (uint64_t i = 0; i < nr_links; i++) {
		struct kfrag_buddy_link *link = &buddy->lists.links[i];

		/* What stands in no list has links that mean nothing. */
		if (i < buddy->nr_pages &&
		    !(buddy->lists.bytes[i] & KFRAG_BUDDY_FREE))
			continue;
		nr_blocks += i < buddy->nr_pages;
		sees_bits(buddy, link, sizeof(*link));
		for (unsigned side = 0; side < 2; side++) {
			uint32_t right = link->sides[side];

			for (uint32_t wrong = 0; wrong < nr_links; wrong++) {
				link->sides[side] = wrong;
				if (wrong != right)
					expect_complaint(buddy);
			}
			link->sides[side] = right;
		}
	}
	ck_assert_uint_ge(nr_blocks, 6);
	twin_check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(sees_every_count_of_lists)
{
	struct kfrag_buddy *buddy = used_lists(_i);
	struct kfrag_buddy_lists *lists = &buddy->lists;

	sees_bits(buddy, lists->nr_free,
		  (buddy->max_order + 1) * sizeof(*lists->nr_free));
	sees_bits(buddy, &buddy->nonempty, sizeof(buddy->nonempty));
	sees_bits(buddy, &lists->fresh, sizeof(lists->fresh));
	sees_bits(buddy, &lists->fresh_end, sizeof(lists->fresh_end));
	sees_bits(buddy, &buddy->stats.nr_allocs,
		  sizeof(buddy->stats.nr_allocs));
	sees_bits(buddy, &buddy->stats.nr_frees, sizeof(buddy->stats.nr_frees));
	lists->turns += _i ? -1 : 1;
	expect_complaint(buddy);
	lists->turns -= _i ? -1 : 1;
	twin_check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* Two blocks that change places leave all links and bytes in agreement. */
START_TEST(sees_a_fresh_block_that_is_not_the_oldest)
{
	struct kfrag_buddy *buddy = twin_make_placed(
		16, 2, _i ? KFRAG_BUDDY_FIFO : KFRAG_BUDDY_LIFO);
	uint64_t pfn;

	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	kfrag_buddy_free(buddy, 2, pfn);
	twin_check_itself(buddy);
	/* A ring of the head, which is 18, and 0 and 4, the other way round. */
	for (uint64_t i = 0; i < 19; i++) {
		struct kfrag_buddy_link *link = &buddy->lists.links[i];
		uint32_t older = link->sides[KFRAG_BUDDY_OLDER];

		if (i != 0 && i != 4 && i != 18)
			continue;
		link->sides[KFRAG_BUDDY_OLDER] =
			link->sides[KFRAG_BUDDY_YOUNGER];
		link->sides[KFRAG_BUDDY_YOUNGER] = older;
	}
	expect_words(buddy, "which are not the oldest");
	kfrag_buddy_destroy(buddy);
}
END_TEST

static void add_abort_tests(TCase *core)
{
	int nr_rows = (int)NR_OF(aborting);

	if (!expect_can_abort())
		return;
	tcase_add_loop_test_raise_signal(core, wrong_free_aborts, SIGABRT, 0,
					 nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_free_aborts_plain, SIGABRT,
					 0, nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_free_aborts_lists, SIGABRT,
					 0, 2 * nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_mask_aborts, SIGABRT, 0,
					 nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_mask_aborts_lists, SIGABRT,
					 0, 2 * nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_mask_aborts_plain, SIGABRT,
					 0, nr_rows);
	tcase_add_loop_test_raise_signal(core, mask_with_a_free_block_aborts,
					 SIGABRT, 0, 2);
	tcase_add_loop_test_raise_signal(core, mask_behind_the_memory_aborts,
					 SIGABRT, 0, 6);
	tcase_add_loop_test_raise_signal(core, double_free_aborts, SIGABRT, 0,
					 2);
	tcase_add_test_raise_signal(core, double_free_of_merged_aborts,
				    SIGABRT);
}

Suite *buddy_checker_suite(void)
{
	Suite *suite = suite_create("buddy_checker");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_loop_test(core, wrong_orders_are_told, 0,
			    KFRAG_NR_BUDDY_PLACEMENTS);
	add_abort_tests(core);
	tcase_add_loop_test(core, sees_every_bit, 0, 2);
	tcase_add_loop_test(core, sees_every_count, 0, 2);
	tcase_add_loop_test(core, sees_every_first_word, 0, 2);
	tcase_add_loop_test(core, sees_cuts_of_free_parts, 0, 2);
	tcase_add_test(core, sees_false_starts);
	tcase_add_loop_test(core, sees_every_byte, 0, 2);
	tcase_add_loop_test(core, sees_every_link, 0, 2);
	tcase_add_loop_test(core, sees_every_count_of_lists, 0, 2);
	tcase_add_loop_test(core, sees_a_fresh_block_that_is_not_the_oldest, 0,
			    2);
	suite_add_tcase(suite, core);
	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, every_wrong_free_is_refused, 0,
			    4 * (int)NR_OF(small_memories));
	suite_add_tcase(suite, properties);
	return suite;
}
