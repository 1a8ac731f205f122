// SPDX-License-Identifier: MIT
/*
 * The maps that a replay shows: when, what they add up to, and that nobody
 * but who looks at them notices.
 */
#include "expect.h"
#include "fixture_snapshot.h"
#include "kfrag/arith.h"
#include "kfrag/random.h"
#include "kfrag/replay.h"
#include "kfrag/workload.h"
#include "report_laws.h"

Suite *replay_maps_suite(void);

#define MAX_MAPS 200

/* All maps of a replay, in order. */
struct album {
	struct kfrag_map_moment moments[MAX_MAPS];
	struct kfrag_memory_map maps[MAX_MAPS];
	unsigned nr_maps;
};

static enum kfrag_error keep(void *context,
			     const struct kfrag_map_moment *moment,
			     const struct kfrag_memory_map *map)
{
	struct album *album = context;

	EXPECT(album->nr_maps < MAX_MAPS);
	album->moments[album->nr_maps] = *moment;
	return kfrag_memory_map_copy(&album->maps[album->nr_maps++], map);
}

static void throw_away(struct album *album)
{
	for (unsigned i = 0; i < album->nr_maps; i++)
		kfrag_memory_map_release(&album->maps[i]);
	album->nr_maps = 0;
}

static void replay(struct kfrag_report *report, struct album *album,
		   const struct fixture_snapshot *fixture,
		   struct kfrag_replay_params *params, size_t max_bins)
{
	size_t offender;

	params->maps.max_bins = max_bins;
	params->maps.on_map = keep;
	params->maps.context = album;
	EXPECT(!kfrag_report_create(report, &fixture->snapshot, params,
				    &offender));
}

/* ---------------------------------------------------------------- the laws */

/* allocator by allocator, round by round, frame by frame, then settled */
static void expect_moments(const struct album *album,
			   const struct kfrag_replay_params *params)
{
	unsigned frames = params->maps.frames_per_fill, i = 0;

	for (int a = 0; a < KFRAG_KERNEL; a++) {
		uint64_t round = frames ? 0 : params->rounds - 1;

		for (; round < params->rounds; round++) {
			for (unsigned f = 1; f <= frames + 1; f++, i++) {
				const struct kfrag_map_moment *moment =
					&album->moments[i];
				bool settled = f > frames;

				EXPECT(i < album->nr_maps);
				EXPECT_EQ(moment->allocator, a);
				EXPECT_EQ(moment->round, round);
				EXPECT_EQ(moment->state, settled);
				EXPECT_EQ(moment->frame, settled ? 0 : f);
				EXPECT_EQ(moment->nr_frames, frames);
			}
		}
	}
	EXPECT_EQ(i, album->nr_maps);
}

static void expect_sound(const struct kfrag_memory_map *map)
{
	uint64_t sums[KFRAG_NR_PAGE_KINDS] = { 0 }, all = 0;

	for (size_t i = 0; i < map->nr_bins; i++) {
		uint64_t in_bin = 0, rest = map->nr_pages - all;

		for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++) {
			in_bin += map->bins[i].nr_pages[k];
			sums[k] += map->bins[i].nr_pages[k];
		}
		EXPECT_EQ(in_bin, rest < map->pages_per_bin ?
					  rest :
					  map->pages_per_bin);
		all += in_bin;
	}
	EXPECT_EQ(all, map->nr_pages);
	for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++)
		EXPECT_EQ(sums[k], map->nr_pages_of[k]);
}

/* Pages behind the objects of all blocks and slabs held, by arithmetic. */
static uint64_t tail_pages(const struct kfrag_report *report,
			   const struct kfrag_workload *workload,
			   enum kfrag_allocator allocator)
{
	uint64_t page = report->page_size_bytes, sum = 0;

	for (uint64_t i = 0; i < report->nr_caches; i++) {
		const struct kfrag_cache_row *row = &report->caches[i];
		const struct kfrag_workload_cache *cache = &workload->caches[i];
		uint64_t used_bytes = cache->size_bytes;
		uint64_t block_bytes = page << cache->buddy_order;
		uint64_t held_bytes = row->buddy_held_bytes;

		if (allocator == KFRAG_SLAB) {
			used_bytes *= cache->objs_per_slab;
			block_bytes = page << cache->slab_order;
			held_bytes = row->slab_held_bytes;
		}
		sum += held_bytes / block_bytes *
		       (block_bytes / page - kfrag_div_up(used_bytes, page));
	}
	return sum;
}

/* The last map of an allocator against the figures of the report. */
static void expect_as_reported(const struct kfrag_memory_map *map,
			       const struct kfrag_report *report,
			       const struct kfrag_workload *workload,
			       enum kfrag_allocator allocator)
{
	const struct kfrag_total_row *row =
		kfrag_report_total(report, allocator, KFRAG_SETTLED);
	uint64_t page = report->page_size_bytes;

	EXPECT_EQ(map->nr_pages * page, report->memory_bytes);
	EXPECT_EQ(map->nr_pages_of[KFRAG_PAGE_FREE] * page,
		  row->free_bytes.value);
	EXPECT_EQ(map->nr_pages_of[KFRAG_PAGE_TAIL],
		  tail_pages(report, workload, allocator));
	EXPECT(map->nr_pages_of[KFRAG_PAGE_LIVE] * page >= row->live_bytes);
	EXPECT((row->live_objs > 0) == (map->nr_pages_of[KFRAG_PAGE_LIVE] > 0));
	if (allocator == KFRAG_BUDDY)
		EXPECT_EQ(map->nr_pages_of[KFRAG_PAGE_IDLE], 0);
	else /* Of an idle page the rest may be tail. */
		EXPECT(map->nr_pages_of[KFRAG_PAGE_IDLE] * page <=
		       row->idle_bytes.value + (uint64_t)row->tail_bytes);
}

/* The coarse maps are the fine ones, folded. */
static void expect_folded(struct album *fine, const struct album *coarse)
{
	EXPECT_EQ(fine->nr_maps, coarse->nr_maps);
	for (unsigned i = 0; i < fine->nr_maps; i++) {
		const struct kfrag_memory_map *map = &coarse->maps[i];

		kfrag_memory_map_fold(&fine->maps[i], map->nr_bins);
		EXPECT_EQ(fine->maps[i].pages_per_bin, map->pages_per_bin);
		EXPECT_EQ(fine->maps[i].nr_bins, map->nr_bins);
		for (size_t bin = 0; bin < map->nr_bins; bin++)
			for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++)
				EXPECT_EQ(fine->maps[i].bins[bin].nr_pages[k],
					  map->bins[bin].nr_pages[k]);
	}
}

static void random_params(struct kfrag_replay_params *params,
			  struct kfrag_random *random)
{
	kfrag_replay_params_init(params);
	params->page_size_bytes = UINT64_C(4096)
				  << 4 * kfrag_random_below(random, 2);
	params->max_order = (unsigned)kfrag_random_below(random, 13);
	params->seed = kfrag_random_next(random);
	params->rounds = 1 + kfrag_random_below(random, 4);
	params->min_partial_slabs = kfrag_random_below(random, 6);
	params->placement = (enum kfrag_buddy_placement)kfrag_random_below(
		random, KFRAG_NR_BUDDY_PLACEMENTS);
	params->policy = kfrag_slab_policies()[kfrag_random_below(random, 3)];
	params->maps.frames_per_fill = (unsigned)kfrag_random_below(random, 10);
}

/* One population in one memory, without maps, with fine and coarse ones. */
static void look_at(const struct fixture_snapshot *fixture,
		    struct kfrag_replay_params *params, size_t max_bins,
		    uint64_t *memory_bytes)
{
	static struct album fine, coarse;
	struct kfrag_report plain, report, again;
	struct kfrag_workload workload;
	size_t offender;

	EXPECT(!kfrag_workload_init(&workload, &fixture->snapshot,
				    params->page_size_bytes, params->max_order,
				    &offender));
	replay(&plain, &fine, fixture, params, 0);
	EXPECT_EQ(fine.nr_maps, 0);
	replay(&report, &fine, fixture, params, SIZE_MAX);
	replay(&again, &coarse, fixture, params, max_bins);
	EXPECT(!report_difference(&plain, &report));
	EXPECT(!report_difference(&plain, &again));
	expect_moments(&fine, params);
	for (unsigned i = 0; i < fine.nr_maps; i++)
		expect_sound(&fine.maps[i]);
	for (int a = 0; a < KFRAG_KERNEL; a++) {
		unsigned last = fine.nr_maps / 2 * ((unsigned)a + 1) - 1;

		EXPECT_EQ(fine.maps[last].pages_per_bin, 1);
		expect_as_reported(&fine.maps[last], &report, &workload,
				   (enum kfrag_allocator)a);
	}
	expect_folded(&fine, &coarse);
	*memory_bytes = report.memory_bytes;
	throw_away(&fine);
	throw_away(&coarse);
	kfrag_report_release(&plain);
	kfrag_report_release(&report);
	kfrag_report_release(&again);
	kfrag_workload_release(&workload);
}

START_TEST(maps_agree_with_the_report)
{
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned round = 0; round < 25; round++) {
		unsigned nr_rows = (unsigned)kfrag_random_below(&random, 12);
		size_t max_bins = 1 + (size_t)kfrag_random_below(&random, 300);
		uint64_t memory_bytes, nr_pages;

		random_params(&params, &random);
		fixture_snapshot_random(&fixture, &random, nr_rows, 500,
					params.page_size_bytes);
		look_at(&fixture, &params, max_bins, &memory_bytes);
		/* The same in a memory that is cut, or not a power of two. */
		nr_pages = memory_bytes / params.page_size_bytes;
		nr_pages = 1 +
			   kfrag_random_below(&random, nr_pages + nr_pages / 4);
		params.memory_bytes = nr_pages * params.page_size_bytes;
		look_at(&fixture, &params, max_bins, &memory_bytes);
	}
}
END_TEST

/*
 * Objects of 5 pages in blocks of 8, some of which are free: each block is
 * free as a whole, or has 5 live pages and a tail of 3.
 */
START_TEST(buddy_blocks_have_their_tails_behind)
{
	static struct album album;
	struct fixture_row row = { 300, 1000, 5 * 4096 - 7, 1, 8 };
	unsigned nr_held = 0, nr_free = 0;
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;

	kfrag_replay_params_init(&params);
	params.placement = (enum kfrag_buddy_placement)_i;
	params.rounds = 2;
	params.maps.frames_per_fill = 3;
	fixture_snapshot_of(&fixture, &row);
	replay(&report, &album, &fixture, &params, SIZE_MAX);
	for (unsigned i = 0; i < album.nr_maps / 2; i++) {
		const struct kfrag_memory_map *map = &album.maps[i];

		for (size_t page = 0; page < map->nr_bins; page++) {
			const uint32_t *is = map->bins[page].nr_pages;
			size_t block = page - page % 8;

			if (map->bins[block].nr_pages[KFRAG_PAGE_FREE])
				EXPECT_EQ(is[KFRAG_PAGE_FREE], 1);
			else if (page % 8 < 5)
				EXPECT_EQ(is[KFRAG_PAGE_LIVE], 1);
			else
				EXPECT_EQ(is[KFRAG_PAGE_TAIL], 1);
			nr_free += is[KFRAG_PAGE_FREE];
			nr_held += is[KFRAG_PAGE_TAIL];
		}
	}
	ck_assert_uint_gt(nr_free, 0);
	ck_assert_uint_gt(nr_held, 0);
	throw_away(&album);
	kfrag_report_release(&report);
}
END_TEST

/* Each frame of a fill has the share of the objects that it says. */
START_TEST(frames_are_parts_of_the_fill)
{
	static struct album album;
	struct fixture_row row = { 0, 640, 4096, 1, 1 };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;

	kfrag_replay_params_init(&params);
	params.maps.frames_per_fill = 8;
	params.rounds = 2;
	fixture_snapshot_of(&fixture, &row);
	replay(&report, &album, &fixture, &params, 1);
	ck_assert_uint_eq(album.nr_maps, 2 * 2 * 9);
	for (unsigned i = 0; i < album.nr_maps; i++)
		EXPECT_EQ(album.maps[i].nr_pages_of[KFRAG_PAGE_LIVE],
			  80 * album.moments[i].frame);
	throw_away(&album);
	kfrag_report_release(&report);
}
END_TEST

/* ------------------------------------------------------------ no maps */

START_TEST(counted_populations_have_none)
{
	static struct album album;
	struct fixture_row row = { 1, UINT64_C(1) << 40, 4096, 1, 1 };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;

	kfrag_replay_params_init(&params);
	fixture_snapshot_of(&fixture, &row);
	replay(&report, &album, &fixture, &params, 64);
	ck_assert(!report.replayed);
	ck_assert_uint_eq(album.nr_maps, 0);
	kfrag_report_release(&report);
}
END_TEST

/* Takes two maps, refuses the third. */
static enum kfrag_error refuse(void *context,
			       const struct kfrag_map_moment *moment,
			       const struct kfrag_memory_map *map)
{
	unsigned *nr_maps = context;

	(void)moment;
	(void)map;
	return ++*nr_maps == 3 ? KFRAG_EIO : KFRAG_OK;
}

START_TEST(errors_end_the_replay)
{
	struct fixture_row row = { 30, 100, 512, 8, 1 };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;
	unsigned nr_maps = 0;
	size_t offender;

	kfrag_replay_params_init(&params);
	params.maps.max_bins = 4;
	params.maps.frames_per_fill = (unsigned)_i;
	params.rounds = 5;
	params.maps.context = &nr_maps;
	fixture_snapshot_of(&fixture, &row);
	ck_assert_int_eq(kfrag_report_create(&report, &fixture.snapshot,
					     &params, &offender),
			 KFRAG_EINVAL);
	params.maps.on_map = refuse;
	ck_assert_int_eq(kfrag_report_create(&report, &fixture.snapshot,
					     &params, &offender),
			 KFRAG_EIO);
	ck_assert_uint_eq(nr_maps, 3);
	ck_assert_ptr_null(report.caches);
}
END_TEST

Suite *replay_maps_suite(void)
{
	Suite *suite = suite_create("replay_maps");
	TCase *core = tcase_create("core");

	tcase_set_timeout(core, 60);
	tcase_add_loop_test(core, maps_agree_with_the_report, 0, 8);
	tcase_add_loop_test(core, buddy_blocks_have_their_tails_behind, 0,
			    KFRAG_NR_BUDDY_PLACEMENTS);
	tcase_add_test(core, frames_are_parts_of_the_fill);
	tcase_add_test(core, counted_populations_have_none);
	tcase_add_loop_test(core, errors_end_the_replay, 1, 4);
	suite_add_tcase(suite, core);
	return suite;
}
