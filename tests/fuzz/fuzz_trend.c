// SPDX-License-Identifier: MIT
/*
 * Reads any bytes as a recording, follows its caches, writes their trends in
 * every way, and asserts what holds of each.
 */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/capture.h"
#include "kfrag/csv.h"
#include "kfrag/trend_output.h"
#include "kfrag/workload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void forget(void *context, const struct kfrag_record *record)
{
	(void)context;
	(void)record;
}

/* The recording goes before the history is looked at. */
static void make_history(struct kfrag_history *history,
			 struct kfrag_recording *recording)
{
	struct kfrag_history_builder *builder;

	assert(kfrag_history_builder_create(&builder) == KFRAG_OK);
	for (size_t i = 0; i < recording->nr_snapshots; i++) {
		struct kfrag_snapshot *snapshot = &recording->snapshots[i];
		uint64_t page = kfrag_snapshot_page_size(snapshot);

		kfrag_workload_trim(snapshot, page, forget, NULL);
		assert(kfrag_history_builder_add(builder, snapshot, page, 0,
						 i + 1) == KFRAG_OK);
	}
	kfrag_recording_release(recording);
	assert(kfrag_history_builder_finish(builder, history, 0) == KFRAG_OK);
	kfrag_history_builder_destroy(builder);
}

static void check_history(const struct kfrag_history *history)
{
	size_t nr_points = 0;

	for (size_t i = 0; i < history->nr_moments; i++) {
		const struct kfrag_moment *moment = &history->moments[i];

		assert(i == 0 || moment->at_ms >= moment[-1].at_ms);
		assert(moment->kernel_held_bytes ==
		       moment->active_bytes + moment->kernel_idle_bytes +
			       (uint64_t)moment->kernel_tail_bytes);
		nr_points += moment->nr_points;
	}
	for (size_t i = 0; i < history->nr_series; i++) {
		const struct kfrag_series *series = &history->series[i];

		assert(series->nr_points > 0);
		for (size_t j = 1; j < series->nr_points; j++)
			assert(series->points[j]->moment >
			       series->points[j - 1]->moment);
		nr_points -= series->nr_points;
	}
	assert(nr_points == 0);
}

static void check_trend(const struct kfrag_trend *trend)
{
	assert(trend->last->active_objs <= trend->most->active_objs);
	assert(trend->least->active_objs <= trend->first->active_objs);
	assert(trend->last->num_slabs <= trend->most_slabs->num_slabs);
	assert(trend->trapped_bytes <= trend->last->kernel_held_bytes);
	assert(trend->first_low_objs <= trend->last_low_objs);
	if (trend->verdict == KFRAG_TRAPPED)
		assert(trend->needed_slabs < trend->last->num_slabs);
	if (trend->verdict == KFRAG_TOO_FEW)
		assert(trend->series->nr_points < 6);
}

static void write_all(const struct kfrag_trends *trends, FILE *out)
{
	static const char *const sources[] = { "fuzz" };
	const struct kfrag_trend_run run = {
		.trends = trends,
		.sources = { sources, 1 },
		.listed = KFRAG_TREND_NAMED,
	};
	const struct kfrag_table_style style = { .width = 80 };
	struct kfrag_selection tables[KFRAG_NR_TREND_TABLES];
	struct kfrag_table_caches caches = { .selection = &tables[0] };
	struct kfrag_trend_rows rows;

	assert(kfrag_trend_rows_init(&rows, trends, sources) == KFRAG_OK);
	for (int i = 0; i < KFRAG_NR_TREND_TABLES; i++) {
		assert(kfrag_trend_selection_init(&tables[i], &rows,
						  (enum kfrag_trend_table)i) ==
		       KFRAG_OK);
		assert(kfrag_csv_write(out, &tables[i]) == KFRAG_OK);
	}
	caches.nr_matching = tables[0].nr_rows;
	assert(kfrag_trend_write_table(out, &run, &caches, &style) == KFRAG_OK);
	assert(kfrag_trend_write_json(out, &run, tables,
				      KFRAG_NR_TREND_TABLES) == KFRAG_OK);
	assert(kfrag_trend_write_gnuplot(out, &run, tables,
					 KFRAG_NR_TREND_TABLES) == KFRAG_OK);
	for (int i = 0; i < KFRAG_NR_TREND_TABLES; i++)
		kfrag_selection_release(&tables[i]);
	kfrag_trend_rows_release(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kfrag_recording recording;
	struct kfrag_history history;
	struct kfrag_trends trends;
	size_t nr_rows = 0;
	FILE *out;

	if (kfrag_capture_parse(&recording, (const char *)data, size)) {
		kfrag_recording_release(&recording);
		return 0;
	}
	make_history(&history, &recording);
	check_history(&history);
	assert(kfrag_trends_init(&trends, &history) == KFRAG_OK);
	assert(trends.nr_rows == history.nr_series);
	for (size_t i = 0; i < trends.nr_rows; i++)
		check_trend(&trends.rows[i]);
	for (int i = 0; i < KFRAG_NR_VERDICTS; i++)
		nr_rows += trends.nr_of[i];
	assert(nr_rows == trends.nr_rows);
	out = fopen("/dev/null", "w");
	assert(out);
	write_all(&trends, out);
	assert(fclose(out) == 0);
	kfrag_trends_release(&trends);
	kfrag_history_release(&history);
	return 0;
}
