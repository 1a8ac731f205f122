// SPDX-License-Identifier: MIT
/*
 * What the allocators, and what takes their reports further, do when the host
 * has no memory: each allocation of theirs fails in turn. The linker puts the functions here
 * in the place of malloc() and friends (--wrap); without that option there
 * are no tests.
 */
#include "expect.h"
#include "fixture_report.h"
#include "fixture_slab.h"
#include "fixture_snapshot.h"
#include "fixture_trend.h"
#include "kfrag/buddy.h"
#include "kfrag/comparison.h"
#include "kfrag/condition.h"
#include "kfrag/lesson_draw.h"
#include "kfrag/lesson_run.h"
#include "kfrag/map_picture.h"
#include "kfrag/plot.h"
#include "kfrag/radix.h"
#include "kfrag/random.h"
#include "kfrag/replay.h"
#include "kfrag/slab.h"
#include "kfrag/trend.h"

Suite *host_memory_suite(void);

#define PAGE_BYTES 4096

/* Allocations until one fails; negative: none does. */
static long nr_until_fault = -1;

/* Bytes that were asked for and given since it was last set to 0. */
static uint64_t nr_bytes_given;

/* What realloc() gave last: an array that grows again gives it back. */
static void *last_grown;
static size_t last_grown_bytes;

/* The names are the linker's choice. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
void *__real_calloc(size_t count, size_t size) __attribute__((weak));
void *__real_realloc(void *old, size_t size) __attribute__((weak));
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool faults_now(void)
{
	if (nr_until_fault < 0)
		return false;
	return nr_until_fault-- == 0;
}

void *__wrap_calloc(size_t count, size_t size)
{
	if (faults_now())
		return NULL;
	nr_bytes_given += (uint64_t)count * size;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	if (faults_now())
		return NULL;
	nr_bytes_given += size;
	if (old && old == last_grown)
		nr_bytes_given -= last_grown_bytes;
	last_grown = __real_realloc(old, size);
	last_grown_bytes = size;
	return last_grown;
}

static bool can_fault(void)
{
	return __real_calloc && __real_realloc;
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* Whether the fault happened; no more of them in any case. */
static bool end_fault(void)
{
	bool happened = nr_until_fault < 0;

	nr_until_fault = -1;
	return happened;
}

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

		nr_until_fault = k;
		error = create_kind(&buddy, _i, 1000, 10);
		created = !end_fault();
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

			nr_until_fault = k;
			error = kfrag_radix_reserve(&radix, index);
			faulted = end_fault();
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

		nr_until_fault = k;
		error = kfrag_slab_create(&slab, none, 5000, PAGE_BYTES);
		created = !end_fault();
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

			nr_until_fault = k;
			error = kfrag_slab_cache_create(&cache, slab, &params);
			check_slab(slab);
			if (!end_fault()) {
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

	nr_until_fault = k;
	taken = kfrag_slab_alloc_bulk(cache, nr_objs, NULL);
	faulted = end_fault();
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

/* Its lists, its rows: after a fault it is empty. */
/* From samples to trends; false where memory ran out on the way. */
static bool make_trends(struct kfrag_trends *trends,
			struct kfrag_history *history,
			const struct kfrag_snapshot *snapshot)
{
	struct kfrag_history_builder *builder;
	enum kfrag_error error;

	*trends = (struct kfrag_trends){ 0 };
	*history = (struct kfrag_history){ 0 };
	error = kfrag_history_builder_create(&builder);
	for (unsigned i = 0; i < 20 && !error; i++)
		error = kfrag_history_builder_add(builder, snapshot, PAGE_BYTES,
						  0, i + 1);
	if (!error)
		error = kfrag_history_builder_finish(builder, history, 0);
	kfrag_history_builder_destroy(builder);
	if (!error)
		error = kfrag_trends_init(trends, history);
	ck_assert(error == KFRAG_OK || error == KFRAG_ENOMEM);
	return !error;
}

START_TEST(trends_init)
{
	const struct fixture_row row = { 10, 16, 64, 16, 1 };
	struct fixture_snapshot fixture;
	long k = 0;

	fixture_snapshot_init(&fixture);
	for (unsigned i = 0; i < 3; i++)
		fixture_snapshot_add(&fixture, &row);
	for (bool made = false; !made; k++) {
		struct kfrag_history history;
		struct kfrag_trends trends;
		bool worked;

		nr_until_fault = k;
		worked = make_trends(&trends, &history, &fixture.snapshot);
		made = !end_fault();
		ck_assert_int_eq(worked, made);
		ck_assert_uint_eq(trends.nr_rows, made ? 3 : 0);
		kfrag_trends_release(&trends);
		kfrag_history_release(&history);
	}
	ck_assert_int_gt(k, 50);
}
END_TEST

/* A picture of each map, of which only the last is kept. */
static enum kfrag_error keep_picture(void *context,
				     const struct kfrag_map_moment *moment,
				     const struct kfrag_memory_map *map)
{
	struct kfrag_map_picture *picture = context;

	(void)moment;
	kfrag_map_picture_release(picture);
	return kfrag_map_picture_init(picture, map, KFRAG_MAP_SQUARE, 3);
}

START_TEST(report_with_maps)
{
	const struct fixture_row row = { 10, 160, 3 * PAGE_BYTES, 1, 4 };
	struct kfrag_map_picture picture = { 0 };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	long k = 0;

	fixture_snapshot_of(&fixture, &row);
	kfrag_replay_params_init(&params);
	params.maps.max_bins = 64;
	params.maps.frames_per_fill = 2;
	params.maps.on_map = keep_picture;
	params.maps.context = &picture;
	for (bool made = false; !made; k++) {
		struct kfrag_report report;
		enum kfrag_error error;
		size_t offender;

		nr_until_fault = k;
		error = kfrag_report_create(&report, &fixture.snapshot, &params,
					    &offender);
		made = !end_fault();
		ck_assert_int_eq(error, made ? KFRAG_OK : KFRAG_ENOMEM);
		ck_assert_int_eq(report.caches != NULL, made);
		kfrag_report_release(&report);
	}
	ck_assert_ptr_nonnull(picture.cells);
	kfrag_map_picture_release(&picture);
	/* Six maps, of each a copy, its kinds and its cells, and the rest. */
	ck_assert_int_gt(k, 6 * 3 + 10);
}
END_TEST

START_TEST(comparison_init)
{
	struct kfrag_report a, b;
	long k = 0;

	fixture_report_sane(&a);
	fixture_report_init(&b);
	for (bool made = false; !made; k++) {
		struct kfrag_comparison comparison;
		enum kfrag_error error;

		nr_until_fault = k;
		error = kfrag_comparison_init(&comparison, &a, &b);
		made = !end_fault();
		ck_assert_int_eq(error, made ? KFRAG_OK : KFRAG_ENOMEM);
		ck_assert_int_eq(comparison.caches != NULL, made);
		ck_assert_int_eq(comparison.totals != NULL, made);
		ck_assert_uint_eq(comparison.nr_caches,
				  made ? FIXTURE_NR_CACHES : 0);
		kfrag_comparison_release(&comparison);
	}
	ck_assert_int_eq(k, 5);
	kfrag_report_release(&a);
	kfrag_report_release(&b);
}
END_TEST

START_TEST(trend_rows_init)
{
	static const char *const sources[] = { "a" };
	struct fixture_trend fixture;
	long k = 0;

	fixture_trend_init(&fixture, 3, FIXTURE_HOURLY, 0);
	for (bool made = false; !made; k++) {
		struct kfrag_trend_rows rows;
		enum kfrag_error error;

		nr_until_fault = k;
		error = kfrag_trend_rows_init(&rows, &fixture.trends, sources);
		made = !end_fault();
		ck_assert_int_eq(error, made ? KFRAG_OK : KFRAG_ENOMEM);
		ck_assert_int_eq(rows.caches != NULL, made);
		ck_assert_int_eq(rows.moments != NULL, made);
		ck_assert_int_eq(rows.points != NULL, made);
		kfrag_trend_rows_release(&rows);
	}
	/* Three arrays, a sentence each, and a round without fault. */
	ck_assert_uint_eq((size_t)k, 3 + fixture.trends.nr_rows + 1);
	fixture_trend_release(&fixture);
}
END_TEST

/* Pictures whose rows are gathered before they are written. */
START_TEST(plot_rows)
{
	const struct kfrag_plot_page page = { .title = "t", .command = "c" };
	struct kfrag_selection caches = { 0 };
	struct kfrag_comparison comparison = { 0 };
	struct kfrag_report report;
	struct fixture_trend fixture;
	struct kfrag_diff diff = { .old_side = { .report = &report },
				   .new_side = { .report = &report },
				   .comparison = &comparison };
	FILE *out = fopen("/dev/null", "w");

	ck_assert_ptr_nonnull(out);
	fixture_report_sane(&report);
	fixture_trend_init(&fixture, 3, FIXTURE_HOURLY, 0);
	nr_until_fault = 0;
	ck_assert_int_eq(kfrag_plot_write_diff(out, &page, &diff, &caches),
			 KFRAG_ENOMEM);
	ck_assert(end_fault());
	nr_until_fault = 0;
	ck_assert_int_eq(kfrag_plot_write_trend(out, &page, &fixture.history,
						&caches, 8),
			 KFRAG_ENOMEM);
	ck_assert(end_fault());
	fixture_trend_release(&fixture);
	kfrag_report_release(&report);
	fclose(out);
}
END_TEST

START_TEST(condition_parse)
{
	const struct kfrag_column_set *set =
		kfrag_table_columns(KFRAG_TABLE_CACHES);
	struct kfrag_condition_fault fault;
	struct kfrag_condition condition = { .number = 1 };

	nr_until_fault = 0;
	ck_assert_int_eq(kfrag_condition_parse(&condition, "*:num_objs>1", &set,
					       1, &fault),
			 KFRAG_ENOMEM);
	ck_assert(end_fault());
	ck_assert_ptr_null(condition.text);
	ck_assert_ptr_null(condition.storage);
	kfrag_condition_release(&condition);
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

			nr_bytes_given = 0;
			EXPECT_EQ(create_kind(&buddy, _i, sizes[i], max_order),
				  KFRAG_OK);
			EXPECT_EQ(nr_bytes_given,
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

	nr_bytes_given = 0;
	slab = make_slab(kfrag_buddy_page_source(buddy), 1024, PAGE_BYTES);
	cache = make_cache(slab, &params);
	for (unsigned i = 0; i < 256; i++) {
		EXPECT(bytes < nr_bytes_given);
		EXPECT_EQ(kfrag_slab_alloc_bulk(cache, params.objs_per_slab,
						NULL),
			  params.objs_per_slab);
		bytes = kfrag_slab_bitmap_bytes(slab) +
			kfrag_slab_bookkeeping_bytes(slab);
	}
	EXPECT_EQ(bytes, nr_bytes_given);
	kfrag_slab_destroy(slab);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* All steps of a script; whatever fails first. */
static enum kfrag_error run_lesson(const char *text)
{
	struct kfrag_lesson_fault fault;
	struct kfrag_lesson_run run;
	struct kfrag_lesson lesson;
	enum kfrag_error error =
		kfrag_lesson_parse(&lesson, text, strlen(text), &fault);

	if (error)
		return error;
	error = kfrag_lesson_run_init(&run, &lesson);
	while (!error && kfrag_lesson_run_has_more(&run))
		error = kfrag_lesson_run_step(&run, &fault);
	kfrag_lesson_run_release(&run);
	kfrag_lesson_release(&lesson);
	return error;
}

START_TEST(lesson_run)
{
	static const char text[] =
		"memory 1M; alloc A 5K; alloc B 4K; free A; cache c 3000 0;"
		"new c 100; delete c 90; alloc a 4K; alloc b 4K; alloc c 4K;"
		"alloc d 4K; alloc e 4K; alloc f 4K; alloc g 4K; alloc h 4K;"
		"alloc i 4K; alloc j 4K; alloc k 4K; alloc l 4K; alloc m 4K";
	enum kfrag_error error;
	long nr_faults = 0;

	for (;; nr_faults++) {
		nr_until_fault = nr_faults;
		error = run_lesson(text);
		if (!end_fault())
			break;
		EXPECT_EQ(error, KFRAG_ENOMEM);
	}
	EXPECT_EQ(error, KFRAG_OK);
	EXPECT(nr_faults > 10);
}
END_TEST

/* Where there is no memory for the example of a cache, all else is said. */
START_TEST(lesson_cache)
{
	struct kfrag_report report;
	FILE *out = fopen("/dev/null", "w");
	enum kfrag_error error;
	long nr_faults = 0;

	ck_assert_ptr_nonnull(out);
	fixture_report_sane(&report);
	for (;; nr_faults++) {
		nr_until_fault = nr_faults;
		error = kfrag_lesson_write_cache_svg(out, "x", &report,
						     &report.caches[0]);
		EXPECT_EQ(error, KFRAG_OK);
		if (!end_fault())
			break;
	}
	EXPECT(nr_faults > 10);
	kfrag_report_release(&report);
	fclose(out);
}
END_TEST

Suite *host_memory_suite(void)
{
	Suite *suite = suite_create("host_memory");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	if (!can_fault())
		return suite;
	tcase_set_timeout(core, 60);
	tcase_add_loop_test(core, buddy_create, 0, NR_BUDDY_KINDS);
	tcase_add_loop_test(core, radix_reserve, 0, 4);
	tcase_add_test(core, slab_create);
	tcase_add_loop_test(core, cache_create, 0, NR_POLICIES);
	tcase_add_loop_test(core, slab_alloc, 0, 2 * NR_POLICIES);
	tcase_add_test(core, report_with_maps);
	tcase_add_test(core, comparison_init);
	tcase_add_test(core, trend_rows_init);
	tcase_add_test(core, trends_init);
	tcase_add_test(core, plot_rows);
	tcase_add_test(core, condition_parse);
	tcase_add_test(core, lesson_run);
	tcase_add_test(core, lesson_cache);
	if (sizeof(void *) != 8)
		return suite;
	tcase_add_loop_test(core, buddy_bytes, 0, NR_BUDDY_KINDS);
	tcase_add_loop_test(core, slab_bytes, 0, 2 * NR_POLICIES);
	return suite;
}
