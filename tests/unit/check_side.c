// SPDX-License-Identifier: MIT
#include <check.h>
#include <stdbool.h>
#include <stdint.h>

#include "fixture_snapshot.h"
#include "replay/side.h"

Suite *side_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

/*
 * 16 pages in blocks of at most 8, of which free_pages are free: never two
 * neighbours, so in blocks of one page.
 */
static struct kfrag_buddy *cut_up_buddy(unsigned free_pages)
{
	struct kfrag_buddy *buddy;
	uint64_t pfn;

	ck_assert(!kfrag_buddy_create(&buddy, 16, 3));
	for (unsigned i = 0; i < 16; i++)
		ck_assert(kfrag_buddy_alloc(buddy, 0, &pfn));
	for (unsigned i = 0; i < free_pages; i++)
		kfrag_buddy_free(buddy, 0, 2 * i + i % 2);
	ck_assert_uint_eq(kfrag_buddy_nr_free(buddy, 0), free_pages);
	return buddy;
}

/* Refusals of 100 objects: whether as many pages as one needs were free. */
static const struct {
	unsigned free_pages, order;
	bool fragmented;
} refusals[] = {
	{ 0, 0, false },
	{ 0, 3, false },
	{ 1, 1, false },
	{ 2, 1, true },
	{ 3, 1, true },
	{ 3, 2, false },
	{ 4, 2, true },
	{ 7, 2, true },
	{ 7, 3, false },
	{ 8, 3, true },
	/* Above max_order a block would not be had in one piece either. */
	{ 8, 4, false },
};

START_TEST(refusal)
{
	struct kfrag_buddy *buddy = cut_up_buddy(refusals[_i].free_pages);
	struct kfrag_side_cache cache = { .failed_objs = 5 };
	uint64_t failed_fragmented_objs = 3;

	kfrag_side_note_refusal(&cache, &failed_fragmented_objs, buddy,
				refusals[_i].order, 100);
	ck_assert_uint_eq(cache.failed_objs, 105);
	ck_assert_uint_eq(failed_fragmented_objs,
			  refusals[_i].fragmented ? 103 : 3);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(free_blocks_are_noted)
{
	struct kfrag_buddy *buddy = cut_up_buddy(5);
	struct kfrag_side side;

	ck_assert(!kfrag_side_init(&side, 0));
	ck_assert(!side.replayed);
	kfrag_side_note_free(&side.states[KFRAG_PEAK], buddy);
	ck_assert_uint_eq(side.states[KFRAG_PEAK].nr_free[0], 5);
	for (unsigned order = 1; order <= KFRAG_MAX_ORDER; order++)
		ck_assert_uint_eq(side.states[KFRAG_PEAK].nr_free[order], 0);
	kfrag_side_release(&side);
	ck_assert_ptr_null(side.states[KFRAG_PEAK].caches);
	kfrag_side_release(&side);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* ------------------------------------------ the order of what is played */

#define MAX_NOTES 32

/* What an allocator was asked to do, in order. */
struct log {
	char notes[MAX_NOTES + 1];
	uint64_t taken[MAX_NOTES]; /* objects since the note before */
	unsigned nr_notes;
	uint64_t nr_taken;
};

/* An allocator that only writes that down. */
struct recorder {
	struct log *log;
	uint64_t live_objs;
	enum kfrag_error take_error;
};

static void note(struct log *log, char what)
{
	ck_assert_uint_lt(log->nr_notes, MAX_NOTES);
	log->taken[log->nr_notes] = log->nr_taken;
	log->notes[log->nr_notes++] = what;
	log->nr_taken = 0;
}

static uint64_t recorder_live(const void *run, size_t cache)
{
	const struct recorder *recorder = run;

	(void)cache;
	return recorder->live_objs;
}

static enum kfrag_error recorder_take(void *run, size_t cache, uint64_t nr_objs)
{
	struct recorder *recorder = run;

	(void)cache;
	recorder->live_objs += nr_objs;
	recorder->log->nr_taken += nr_objs;
	return recorder->take_error;
}

static enum kfrag_error recorder_settle(void *run, bool is_last,
					struct kfrag_random *random)
{
	struct recorder *recorder = run;

	(void)random;
	note(recorder->log, is_last ? 'l' : 's');
	recorder->live_objs = 40;
	return KFRAG_OK;
}

static void recorder_note_state(const void *run, struct kfrag_side_state *state)
{
	const struct recorder *recorder = run;

	note(recorder->log, 'n');
	state->caches[0].live_objs = recorder->live_objs;
}

static const struct kfrag_side_ops recorder_ops = {
	.stream = KFRAG_STREAM_SLAB,
	.create_phase = "C",
	.fill_phase = "F",
	.settle_phase = "S",
	.live_objs = recorder_live,
	.take = recorder_take,
	.settle = recorder_settle,
	.note_state = recorder_note_state,
};

static void hear(void *context, const char *phase)
{
	note(context, phase[0]);
}

static enum kfrag_error play(struct recorder *recorder, struct kfrag_side *side,
			     uint64_t rounds)
{
	struct fixture_row row = { 40, 100, 192, 21, 1 };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_workload workload;
	enum kfrag_error error;
	size_t offender;

	fixture_snapshot_of(&fixture, &row);
	kfrag_replay_params_init(&params);
	params.rounds = rounds;
	params.listener.end_of_phase = hear;
	params.listener.context = recorder->log;
	ck_assert(!kfrag_workload_init(&workload, &fixture.snapshot, 4096, 10,
				       &offender));
	ck_assert(!kfrag_side_init(side, 1));
	error = kfrag_side_play(side, &workload, &params, 16, &recorder_ops,
				recorder);
	kfrag_workload_release(&workload);
	return error;
}

/*
 * Create; fill, note the peak, settle, note, and tell who listens; the fill
 * brings what is missing, and the last settling is told that it is.
 */
START_TEST(rounds_are_played)
{
	struct log log = { 0 };
	struct recorder recorder = { .log = &log };
	struct kfrag_side side;

	ck_assert(!play(&recorder, &side, 3));
	ck_assert_str_eq(log.notes, "CnFsnSnFsnSnFlnS");
	ck_assert_uint_eq(log.taken[1], 100);
	ck_assert_uint_eq(log.taken[6], 60);
	ck_assert_uint_eq(log.taken[11], 60);
	ck_assert_uint_eq(side.states[KFRAG_PEAK].caches[0].live_objs, 100);
	ck_assert_uint_eq(side.states[KFRAG_SETTLED].caches[0].live_objs, 40);
	kfrag_side_release(&side);
}
END_TEST

START_TEST(errors_end_the_play)
{
	struct log log = { 0 };
	struct recorder recorder = {
		.log = &log,
		.take_error = KFRAG_ENOMEM,
	};
	struct kfrag_side side;

	ck_assert_int_eq(play(&recorder, &side, 3), KFRAG_ENOMEM);
	ck_assert_str_eq(log.notes, "C");
	ck_assert_uint_lt(recorder.live_objs, 100);
	kfrag_side_release(&side);
}
END_TEST

Suite *side_suite(void)
{
	Suite *suite = suite_create("side");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, refusal, 0, NR_OF(refusals));
	tcase_add_test(core, free_blocks_are_noted);
	tcase_add_test(core, rounds_are_played);
	tcase_add_test(core, errors_end_the_play);
	suite_add_tcase(suite, core);
	return suite;
}
