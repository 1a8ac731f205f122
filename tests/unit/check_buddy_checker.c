// SPDX-License-Identifier: MIT
/* What the buddy allocator's checker must see. */
#include "alloc/buddy_impl.h"
#include "expect.h"
#include "model.h"
#include "twin_buddy.h"

Suite *buddy_checker_suite(void);

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
	struct kfrag_buddy *buddy = twin_make_buddy(32, 5, true);
	uint64_t behind = UINT64_MAX << 32;
	uint64_t pfn;

	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	ck_assert_uint_eq(pfn, 0);
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

Suite *buddy_checker_suite(void)
{
	Suite *suite = suite_create("buddy_checker");
	TCase *core = tcase_create("core");

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
	return suite;
}
