// SPDX-License-Identifier: MIT
#include "fixture_trend.h"

#include <string.h>

#include "expect.h"
#include "fixture_snapshot.h"

#define SIZE_BYTES 1024
#define PER_SLAB 4
#define PAGE_BYTES 4096
#define FIRST_TIME 1700000000

static const char *const sources[] = { "first", "second \"x\"\n" };

/* Objects in use, and slots where these are others. */
static const struct {
	const char *name;
	uint64_t active_objs[FIXTURE_TREND_SAMPLES];
	uint64_t num_objs[FIXTURE_TREND_SAMPLES];
	size_t first; /* the sample it appears in */
} caches[FIXTURE_NR_TRENDS] = {
	[FIXTURE_FLAT] = { .name = "flat",
			   .active_objs = { 100, 100, 100, 100, 100, 100, 100,
					    100, 100, 100 } },
	[FIXTURE_GROWN] = { .name = "grown",
			    .active_objs = { 100, 100, 900, 1000, 1000, 1000,
					     1000, 1000, 1000, 1000 } },
	[FIXTURE_FALLEN] = { .name = "fallen",
			     .active_objs = { 2000, 2000, 2000, 1000, 400, 400,
					      400, 400, 400, 400 } },
	[FIXTURE_WANDERING] = { .name = "wandering",
				.active_objs = { 500, 600, 550, 400, 450, 500,
						 520, 530, 510, 505 } },
	[FIXTURE_UNUSED] = { .name = "unused" },
	[FIXTURE_CYCLIC] = { .name = "cyclic",
			     .active_objs = { 100, 2100, 100, 2100, 100, 2100,
					      100, 2100, 100, 2100 } },
	[FIXTURE_TRAPPED] = { .name = "trapped",
			      .active_objs = { 2000, 2000, 2000, 2000, 2000,
					       1000, 600, 500, 500, 500 },
			      .num_objs = { 2000, 2000, 2000, 2000, 2000, 2000,
					    2000, 2000, 1960, 1960 } },
	[FIXTURE_BLOATED] = { .name = "bloated",
			      .active_objs = { 900, 900, 900, 900, 900, 900,
					       900, 900, 900, 900 },
			      .num_objs = { 1000, 1400, 1800, 2200, 2600, 3000,
					    3400, 3800, 4200, 4600 } },
	[FIXTURE_LEAKING] = { .name = "leaking",
			      .active_objs = { 1000, 1400, 1800, 2200, 2600,
					       3000, 3400, 3800, 4200, 4600 } },
	[FIXTURE_LATE] = { .name = "late, \"\n\xff",
			   .active_objs = { 0, 0, 0, 0, 0, 0, 0, 0, 10, 20 },
			   .first = 8 },
};

static void set_sample(struct fixture_snapshot *snapshot, size_t sample,
		       enum fixture_trend_cache first, size_t nr)
{
	fixture_snapshot_init(snapshot);
	for (size_t i = first; i < first + nr; i++) {
		uint64_t active = caches[i].active_objs[sample];
		uint64_t num = caches[i].num_objs[sample];
		struct fixture_row row = {
			.active_objs = active,
			.num_objs = num ? num : active,
			.size_bytes = SIZE_BYTES,
			.objs_per_slab = PER_SLAB,
			.pages_per_slab = 1,
		};
		struct kfrag_record *record;

		if (sample < caches[i].first)
			continue;
		record = fixture_snapshot_add(snapshot, &row);
		record->name = caches[i].name;
		record->name_bytes = strlen(caches[i].name);
	}
}

static void finish(struct fixture_trend *fixture,
		   struct kfrag_history_builder *builder, uint64_t interval_ms)
{
	ck_assert(!kfrag_history_builder_finish(builder, &fixture->history,
						interval_ms));
	kfrag_history_builder_destroy(builder);
	ck_assert(!kfrag_trends_init(&fixture->trends, &fixture->history));
	ck_assert(!kfrag_trend_rows_init(&fixture->rows, &fixture->trends,
					 sources));
}

static void make(struct fixture_trend *fixture, size_t nr_samples,
		 enum fixture_times times, uint64_t interval_ms,
		 enum fixture_trend_cache first, size_t nr)
{
	struct kfrag_history_builder *builder;

	ck_assert(!kfrag_history_builder_create(&builder));
	for (size_t i = 0; i < nr_samples; i++) {
		struct fixture_snapshot snapshot;

		set_sample(&snapshot, i, first, nr);
		if (times == FIXTURE_HOURLY) {
			snapshot.snapshot.has_time = true;
			snapshot.snapshot.time = FIRST_TIME + 3600 * i;
			snapshot.snapshot.time_ms = (uint32_t)(100 * i);
		}
		ck_assert(!kfrag_history_builder_add(
			builder, &snapshot.snapshot, PAGE_BYTES, 0, i + 1));
	}
	finish(fixture, builder, interval_ms);
}

void fixture_trend_init(struct fixture_trend *fixture, size_t nr_samples,
			enum fixture_times times, uint64_t interval_ms)
{
	make(fixture, nr_samples, times, interval_ms, FIXTURE_FLAT,
	     FIXTURE_NR_TRENDS);
}

void fixture_trend_init_some(struct fixture_trend *fixture,
			     enum fixture_trend_cache first, size_t nr)
{
	make(fixture, FIXTURE_TREND_SAMPLES, FIXTURE_HOURLY, 0, first, nr);
}

static void set_random_names(struct fixture_snapshot *snapshot,
			     struct kfrag_random *random)
{
	/* Of few bytes, so that many come again. */
	static const char bytes[] = "aB\\\"\xc3\xb6\n,\xff ";

	for (size_t i = 0; i < snapshot->snapshot.nr_records; i++) {
		struct kfrag_record *record = &snapshot->records[i];

		record->name_bytes = (size_t)kfrag_random_below(
			random, sizeof(snapshot->names[i]));
		for (size_t k = 0; k < record->name_bytes; k++)
			snapshot->names[i][k] =
				bytes[kfrag_random_below(random, sizeof(bytes))];
		snapshot->names[i][record->name_bytes] = '\0';
	}
}

void fixture_trend_random(struct fixture_trend *fixture,
			  struct kfrag_random *random)
{
	uint64_t nr_samples = 1 + kfrag_random_below(random, 40);
	unsigned nr_rows = 1 + (unsigned)kfrag_random_below(random, 20);
	bool has_time = kfrag_random_below(random, 3) != 0;
	uint64_t interval_ms = kfrag_random_below(random, 2) * 60000;
	uint64_t state = kfrag_random_next(random);
	struct kfrag_history_builder *builder;

	ck_assert(!kfrag_history_builder_create(&builder));
	for (size_t i = 0; i < nr_samples; i++) {
		struct fixture_snapshot snapshot;
		struct kfrag_random same;

		fixture_snapshot_random(&snapshot, random, nr_rows,
					UINT64_C(1) << 40, PAGE_BYTES);
		/* The names of the sample before, so that caches go on. */
		kfrag_random_init(&same, state);
		set_random_names(&snapshot, &same);
		snapshot.snapshot.has_time =
			has_time && kfrag_random_below(random, 100) != 0;
		snapshot.snapshot.time = fixture_log_random(random, 1U << 31);
		ck_assert(!kfrag_history_builder_add(
			builder, &snapshot.snapshot, PAGE_BYTES,
			(size_t)kfrag_random_below(random, 2), i + 1));
	}
	finish(fixture, builder, interval_ms);
}

void fixture_trend_release(struct fixture_trend *fixture)
{
	kfrag_trend_rows_release(&fixture->rows);
	kfrag_trends_release(&fixture->trends);
	kfrag_history_release(&fixture->history);
}
