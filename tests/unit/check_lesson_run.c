// SPDX-License-Identifier: MIT
/*
 * What the steps of lessons do: the lecture's figures, and laws that hold
 * after each step of any script.
 */
#include "kfrag/lesson_run.h"

#include <stdio.h>

#include "expect.h"
#include "kfrag/random.h"

Suite *lesson_run_suite(void);

#define KIB 1024

struct lesson_fixture {
	struct kfrag_lesson lesson;
	struct kfrag_lesson_run run;
	struct kfrag_lesson_fault fault;
};

static void begin(struct lesson_fixture *fixture, const char *text)
{
	ck_assert_msg(kfrag_lesson_parse(&fixture->lesson, text, strlen(text),
					 &fixture->fault) == KFRAG_OK,
		      "%s", fixture->fault.message);
	ck_assert_int_eq(kfrag_lesson_run_init(&fixture->run, &fixture->lesson),
			 KFRAG_OK);
}

static void end(struct lesson_fixture *fixture)
{
	kfrag_lesson_run_release(&fixture->run);
	kfrag_lesson_release(&fixture->lesson);
}

static void step(struct lesson_fixture *fixture)
{
	ck_assert(kfrag_lesson_run_has_more(&fixture->run));
	ck_assert_msg(kfrag_lesson_run_step(&fixture->run, &fixture->fault) ==
			      KFRAG_OK,
		      "%s", fixture->fault.message);
}

static uint64_t free_bytes(const struct lesson_fixture *fixture)
{
	return kfrag_buddy_free_pages(fixture->run.buddy) *
	       fixture->run.page_bytes;
}

static const struct kfrag_lesson_page_event *
last_event(const struct lesson_fixture *fixture)
{
	ck_assert_uint_gt(fixture->run.event.nr_pages, 0);
	return &fixture->run.event.pages[fixture->run.event.nr_pages - 1];
}

START_TEST(test_lecture)
{
	struct lesson_fixture fixture;
	const struct kfrag_lesson_page_event *event;

	begin(&fixture, "memory 256K; alloc A 14K; alloc B 70K; alloc C 90K;"
			"free C; free A; alloc C 90K; free B; free C");
	step(&fixture);
	ck_assert_uint_eq(fixture.run.nr_blocks, 1);
	ck_assert_uint_eq(fixture.run.max_order, 6);

	step(&fixture);
	event = last_event(&fixture);
	ck_assert_uint_eq(event->order, 2);
	ck_assert_uint_eq(event->found_order, 6);
	ck_assert_uint_eq(event->pfn, 0);
	ck_assert_uint_eq(event->nr_free[6], 1);
	ck_assert_uint_eq(fixture.run.nr_blocks, 5);
	ck_assert_uint_eq(free_bytes(&fixture), 240 * KIB);

	step(&fixture);
	event = last_event(&fixture);
	ck_assert_uint_eq(event->order, 5);
	ck_assert_uint_eq(event->found_order, 5);
	ck_assert_uint_eq(event->pfn, 32);
	ck_assert_uint_eq(free_bytes(&fixture), 112 * KIB);

	step(&fixture);
	ck_assert(kfrag_lesson_is_refused(&fixture.run));
	event = last_event(&fixture);
	ck_assert_uint_eq(event->free_pages, 28);
	ck_assert_uint_eq(event->nr_free[2], 1);
	ck_assert_uint_eq(event->nr_free[3], 1);
	ck_assert_uint_eq(event->nr_free[4], 1);
	ck_assert_uint_eq(event->nr_free[5], 0);

	step(&fixture);
	ck_assert(fixture.run.event.has_no_block);

	step(&fixture);
	event = last_event(&fixture);
	ck_assert(event->is_free);
	ck_assert_uint_eq(event->merged_order, 5);
	ck_assert_int_eq(event->stop, KFRAG_LESSON_STOP_IN_USE);
	ck_assert_uint_eq(free_bytes(&fixture), 128 * KIB);

	step(&fixture);
	ck_assert(!kfrag_lesson_is_refused(&fixture.run));
	ck_assert_uint_eq(free_bytes(&fixture), 0);
	step(&fixture);
	ck_assert_uint_eq(last_event(&fixture)->merged_order, 5);
	step(&fixture);
	event = last_event(&fixture);
	ck_assert_uint_eq(event->merged_order, 6);
	ck_assert_int_eq(event->stop, KFRAG_LESSON_STOP_LARGEST);
	ck_assert_uint_eq(free_bytes(&fixture), 256 * KIB);
	ck_assert(!kfrag_lesson_run_has_more(&fixture.run));
	end(&fixture);
}
END_TEST

START_TEST(test_stops)
{
	struct lesson_fixture fixture;

	/* 11 pages: 8 + 2 + 1. */
	begin(&fixture, "memory 44K; alloc A 4K; free A");
	for (int i = 0; i < 3; i++)
		step(&fixture);
	ck_assert_int_eq(last_event(&fixture)->stop, KFRAG_LESSON_STOP_OUTSIDE);
	ck_assert_uint_eq(last_event(&fixture)->pfn, 10);
	ck_assert_uint_eq(last_event(&fixture)->merged_order, 0);
	end(&fixture);
	/* Split with a free half, and with none. */
	begin(&fixture, "memory 16K; alloc A 4K; alloc C 8K; free C;"
			"alloc B 4K; alloc C 8K; free C");
	for (int i = 0; i < 4; i++)
		step(&fixture);
	ck_assert_int_eq(last_event(&fixture)->stop, KFRAG_LESSON_STOP_SPLIT);
	for (int i = 0; i < 3; i++)
		step(&fixture);
	ck_assert_int_eq(last_event(&fixture)->stop, KFRAG_LESSON_STOP_SPLIT);
	end(&fixture);
}
END_TEST

START_TEST(test_bits)
{
	struct lesson_fixture fixture;

	begin(&fixture, "memory 16K; alloc A 4K; alloc B 4K");
	step(&fixture);
	ck_assert_uint_eq(kfrag_lesson_nr_pairs(&fixture.run, 0), 2);
	ck_assert_uint_eq(kfrag_lesson_nr_pairs(&fixture.run, 1), 1);
	ck_assert_uint_eq(kfrag_lesson_nr_pairs(&fixture.run, 2), 0);
	ck_assert(!kfrag_lesson_pair_bit(&fixture.run, 0, 0));
	step(&fixture);
	ck_assert(kfrag_lesson_pair_bit(&fixture.run, 0, 0));
	ck_assert(!kfrag_lesson_pair_bit(&fixture.run, 0, 1));
	ck_assert(kfrag_lesson_pair_bit(&fixture.run, 1, 0));
	step(&fixture);
	ck_assert(!kfrag_lesson_pair_bit(&fixture.run, 0, 0));
	ck_assert(kfrag_lesson_pair_bit(&fixture.run, 1, 0));
	end(&fixture);
}
END_TEST

START_TEST(test_slabs)
{
	struct lesson_fixture fixture;
	const struct kfrag_lesson_event *event = &fixture.run.event;

	begin(&fixture, "memory 16K; cache c 1000; new c 6; delete c #1;"
			"new c; delete c 3; show; new c 20; delete c 16");
	for (int i = 0; i < 3; i++)
		step(&fixture);
	ck_assert_uint_eq(event->nr_pages, 2);
	ck_assert_uint_eq(event->nr_objs, 6);
	ck_assert_uint_eq(event->first.slot, 0);
	ck_assert_uint_eq(event->last.pfn, 1);
	ck_assert_uint_eq(event->last.slot, 1);
	step(&fixture);
	ck_assert_uint_eq(event->first.slot, 1);
	ck_assert_uint_eq(event->nr_pages, 0);
	step(&fixture);
	ck_assert_uint_eq(event->first.pfn, 0);
	ck_assert_uint_eq(event->first.slot, 1);
	/* The last slab's two, and the last of the slab before. */
	step(&fixture);
	ck_assert_uint_eq(event->nr_objs, 3);
	ck_assert_uint_eq(event->nr_pages, 1);
	ck_assert_uint_eq(event->last.pfn, 0);
	ck_assert_uint_eq(event->last.slot, 3);
	step(&fixture);
	ck_assert_uint_eq(event->nr_objs, 3);
	/* 13 find a slot: the next slab is refused. */
	step(&fixture);
	ck_assert_uint_eq(event->nr_objs, 13);
	ck_assert(kfrag_lesson_is_refused(&fixture.run));
	step(&fixture);
	ck_assert_uint_eq(event->nr_objs, 16);
	ck_assert_uint_eq(free_bytes(&fixture), 16 * KIB);
	end(&fixture);
}
END_TEST

static const struct {
	const char *text;
	uint32_t column;
	const char *message;
} faults[] = {
	{ "alloc A 4K; alloc A 8K", 19,
	  "expected a name without a block: 'A' has one already" },
	{ "alloc A 4K; free A;free A", 25,
	  "expected a block that is in use: 'A' is free already" },
	{ "cache c 64; new c 2; delete c 3", 31,
	  "expected at most as many as there are: cache 'c' has 2" },
	{ "cache c 64; delete c #0", 22,
	  "expected a slot that there is: cache 'c' has 0, the first being "
	  "#0" },
	{ "cache c 64; new c; delete c #64", 29,
	  "expected a slot that there is: cache 'c' has 64, the first being "
	  "#0" },
	{ "cache c 64; new c; delete c #1", 29,
	  "expected a slot with an object: #1 of 'c' is free" },
};

START_TEST(test_faults)
{
	enum kfrag_error error = KFRAG_OK;
	struct lesson_fixture fixture;

	begin(&fixture, faults[_i].text);
	while (!error && kfrag_lesson_run_has_more(&fixture.run))
		error = kfrag_lesson_run_step(&fixture.run, &fixture.fault);
	ck_assert_int_eq(error, KFRAG_EINVAL);
	ck_assert_uint_eq(fixture.fault.line, 1);
	ck_assert_uint_eq(fixture.fault.column, faults[_i].column);
	ck_assert_str_eq(fixture.fault.message, faults[_i].message);
	end(&fixture);
}
END_TEST

/* ------------------------------------------------------------------- laws */

#define NR_STEPS 120
#define NR_NAMES 8
#define SCRIPT_SIZE 8192

/* Blocks lie side by side from the first page to the last. */
static void expect_no_gap(const struct kfrag_lesson_run *run)
{
	uint64_t next = 0, nr_used = 0;
	char message[256];

	for (size_t i = 0; i < run->nr_blocks; i++) {
		const struct kfrag_lesson_block *block = &run->blocks[i];
		uint64_t pages = UINT64_C(1) << block->order;

		EXPECT_EQ(block->pfn, next);
		next += pages;
		if (block->kind == KFRAG_LESSON_BLOCK_FREE)
			EXPECT(kfrag_lesson_is_free(run, block->order,
						    block->pfn));
		else
			nr_used += pages;
	}
	EXPECT_EQ(next, run->nr_pages);
	EXPECT_EQ(nr_used + kfrag_buddy_free_pages(run->buddy), run->nr_pages);
	EXPECT(kfrag_buddy_check(run->buddy, message, sizeof(message)));
	EXPECT(kfrag_slab_check(run->slab, message, sizeof(message)));
}

struct sums {
	uint64_t nr_splits, nr_merges, nr_allocs, nr_frees, nr_refusals;
};

static void add_events(struct sums *sums,
		       const struct kfrag_lesson_event *event)
{
	for (size_t i = 0; i < event->nr_pages; i++) {
		const struct kfrag_lesson_page_event *page = &event->pages[i];

		if (page->is_refused) {
			sums->nr_refusals++;
		} else if (page->is_free) {
			sums->nr_frees++;
			sums->nr_merges += page->merged_order - page->order;
		} else {
			sums->nr_allocs++;
			sums->nr_splits += page->found_order - page->order;
		}
	}
}

static void expect_sums(const struct sums *sums,
			const struct kfrag_lesson_run *run)
{
	struct kfrag_buddy_stats stats = kfrag_buddy_stats(run->buddy);

	EXPECT_EQ(stats.nr_splits, sums->nr_splits);
	EXPECT_EQ(stats.nr_merges, sums->nr_merges);
	EXPECT_EQ(stats.nr_allocs, sums->nr_allocs);
	EXPECT_EQ(stats.nr_frees, sums->nr_frees);
	EXPECT_EQ(stats.nr_refusals, sums->nr_refusals);
}

/* One more line of a script that has no mistake but what chance brings. */
static void add_line(char *script, struct kfrag_random *random)
{
	uint64_t kind = kfrag_random_below(random, 10);
	uint64_t name = kfrag_random_below(random, NR_NAMES);
	uint64_t number = 1 + kfrag_random_below(random, 40);
	size_t length = strlen(script);
	char *end = script + length;
	size_t room = SCRIPT_SIZE - length;

	if (kind < 4)
		snprintf(end, room, "alloc n%d %dK\n", (int)name, (int)number);
	else if (kind < 7)
		snprintf(end, room, "free n%d\n", (int)name);
	else if (kind < 9)
		snprintf(end, room, "new c%d %d\n", (int)(name % 2),
			 (int)number);
	else
		snprintf(end, room, "delete c%d #%d\n", (int)(name % 2),
			 (int)number);
}

/* Mistakes that chance brings are not done: the next line is. */
START_TEST(test_laws)
{
	struct kfrag_random random;
	struct lesson_fixture fixture;
	struct sums sums = { 0 };
	char script[SCRIPT_SIZE];

	kfrag_random_init(&random, (uint64_t)_i + 1);
	snprintf(script, sizeof(script),
		 "memory %dK\ncache c0 700\ncache c1 3000 %d\n",
		 4 * (int)(3 + kfrag_random_below(&random, 140)), _i % 2);
	for (int i = 0; i < NR_NAMES; i++)
		snprintf(script + strlen(script), 32, "alloc n%d 4K\n", i);
	for (int i = 0; i < NR_STEPS; i++)
		add_line(script, &random);
	begin(&fixture, script);
	while (kfrag_lesson_run_has_more(&fixture.run)) {
		enum kfrag_error error =
			kfrag_lesson_run_step(&fixture.run, &fixture.fault);

		EXPECT(error == KFRAG_OK || error == KFRAG_EINVAL);
		if (!error)
			add_events(&sums, &fixture.run.event);
		expect_no_gap(&fixture.run);
		expect_sums(&sums, &fixture.run);
	}
	EXPECT(sums.nr_splits > 0);
	end(&fixture);
}
END_TEST

Suite *lesson_run_suite(void)
{
	Suite *suite = suite_create("lesson_run");
	TCase *tcase = tcase_create("steps");

	tcase_add_test(tcase, test_lecture);
	tcase_add_test(tcase, test_stops);
	tcase_add_test(tcase, test_bits);
	tcase_add_test(tcase, test_slabs);
	tcase_add_loop_test(tcase, test_faults, 0,
			    sizeof(faults) / sizeof(*faults));
	tcase_add_loop_test(tcase, test_laws, 0, 30);
	suite_add_tcase(suite, tcase);
	return suite;
}
