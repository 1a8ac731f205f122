// SPDX-License-Identifier: MIT
/*
 * While samples are added, a point knows its series by its number only;
 * kfrag_history_builder_finish() sorts the moments and turns numbers into
 * pointers, now that everything stays in place.
 */
#include "kfrag/history.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/arith.h"
#include "kfrag/workload.h"
#include "replay/kernel_view.h"
#include "replay/series_index.h"

#define MS_PER_SECOND 1000
#define MS_PER_HOUR 3600000

/* A moment, the series of its points, and its place in time. */
struct added {
	struct kfrag_moment moment;
	size_t *series; /* one per point */
	size_t place; /* in the order of adding */
	uint64_t epoch_ms; /* the largest number where it would not fit */
};

struct kfrag_history_builder {
	struct added *added;
	size_t nr_added;
	size_t nr_room;
	struct kfrag_series_index index;
};

enum kfrag_error
kfrag_history_builder_create(struct kfrag_history_builder **builder)
{
	*builder = calloc(1, sizeof(**builder));
	return *builder ? KFRAG_OK : KFRAG_ENOMEM;
}

void kfrag_history_builder_destroy(struct kfrag_history_builder *builder)
{
	if (!builder)
		return;
	for (size_t i = 0; i < builder->nr_added; i++) {
		free(builder->added[i].moment.points);
		free(builder->added[i].series);
	}
	free(builder->added);
	kfrag_series_index_release(&builder->index);
	free(builder);
}

/* ------------------------------------------------------------- adding */

static uint64_t epoch_ms(const struct kfrag_snapshot *snapshot)
{
	uint64_t ms;

	if (!kfrag_mul_u64(snapshot->time, MS_PER_SECOND, &ms) ||
	    !kfrag_add_u64(ms, snapshot->time_ms, &ms))
		return UINT64_MAX;
	return ms;
}

static void set_point(struct kfrag_point *point,
		      const struct kfrag_workload_cache *cache,
		      uint64_t page_size_bytes)
{
	const struct kfrag_kernel_view kernel =
		kfrag_kernel_view_of(cache, page_size_bytes);

	*point = (struct kfrag_point){
		.active_objs = cache->nr_settled_objs,
		.num_objs = cache->nr_peak_objs,
		.num_slabs = cache->record->num_slabs,
		.objs_per_slab = kernel.objs_per_slab,
		.slab_order = kernel.slab_order,
		.kernel_held_bytes = kernel.held_bytes,
		.kernel_idle_bytes = kernel.idle_bytes,
		.kernel_tail_bytes = kernel.tail_bytes,
	};
}

static void add_to_moment(struct kfrag_moment *moment,
			  const struct kfrag_point *point, uint64_t size_bytes)
{
	moment->active_objs += point->active_objs;
	moment->num_objs += point->num_objs;
	moment->num_slabs += point->num_slabs;
	moment->active_bytes += point->active_objs * size_bytes;
	moment->kernel_held_bytes += point->kernel_held_bytes;
	moment->kernel_idle_bytes += point->kernel_idle_bytes;
	moment->kernel_tail_bytes += point->kernel_tail_bytes;
}

static enum kfrag_error set_points(struct kfrag_moment *moment,
				   const struct kfrag_snapshot *snapshot)
{
	struct kfrag_workload workload;
	enum kfrag_error error;
	size_t offender;

	/* Its sums check those of the points; max_order does not matter. */
	error = kfrag_workload_init(&workload, snapshot,
				    moment->page_size_bytes, 0, &offender);
	if (error)
		return error;
	for (size_t i = 0; i < workload.nr_caches; i++) {
		set_point(&moment->points[i], &workload.caches[i],
			  moment->page_size_bytes);
		add_to_moment(moment, &moment->points[i],
			      workload.caches[i].size_bytes);
	}
	kfrag_workload_release(&workload);
	return KFRAG_OK;
}

/* Rows mostly stand where they stood in the sample before. */
static bool set_series(struct kfrag_history_builder *builder,
		       struct added *added,
		       const struct kfrag_snapshot *snapshot)
{
	const struct added *before =
		builder->nr_added ? &builder->added[builder->nr_added - 1] :
				    NULL;

	for (size_t i = 0; i < snapshot->nr_records; i++) {
		size_t guess = KFRAG_NO_SERIES;

		if (before && i < before->moment.nr_points)
			guess = before->series[i];
		if (!kfrag_series_index_take(
			    &builder->index, &snapshot->records[i],
			    builder->nr_added + 1, guess, &added->series[i]))
			return false;
	}
	return true;
}

static bool make_room(struct kfrag_history_builder *builder)
{
	size_t room = builder->nr_room ? builder->nr_room * 2 : 16;
	struct added *grown;

	if (builder->nr_added < builder->nr_room)
		return true;
	if (room > SIZE_MAX / sizeof(*grown))
		return false;
	grown = realloc(builder->added, room * sizeof(*grown));
	if (!grown)
		return false;
	builder->added = grown;
	builder->nr_room = room;
	return true;
}

static bool is_page_size(uint64_t bytes)
{
	return kfrag_is_power_of_two(bytes) && bytes >= KFRAG_MIN_PAGE_BYTES &&
	       bytes <= KFRAG_MAX_PAGE_BYTES;
}

enum kfrag_error
kfrag_history_builder_add(struct kfrag_history_builder *builder,
			  const struct kfrag_snapshot *snapshot,
			  uint64_t page_size_bytes, size_t source,
			  size_t sample)
{
	size_t nr_room = snapshot->nr_records ? snapshot->nr_records : 1;
	struct added added = {
		.moment = {
			.has_time = snapshot->has_time,
			.time = snapshot->time,
			.time_ms = snapshot->time_ms,
			.source = source,
			.sample = sample,
			.page_size_bytes = page_size_bytes,
			.memtotal_bytes = snapshot->origin.memtotal_bytes,
			.nr_points = snapshot->nr_records,
		},
		.place = builder->nr_added,
		.epoch_ms = epoch_ms(snapshot),
	};
	enum kfrag_error error = KFRAG_ENOMEM;

	if (!is_page_size(page_size_bytes))
		return KFRAG_EINVAL;
	added.moment.points = calloc(nr_room, sizeof(*added.moment.points));
	added.series = calloc(nr_room, sizeof(*added.series));
	if (added.moment.points && added.series && make_room(builder))
		error = set_points(&added.moment, snapshot);
	if (!error && !set_series(builder, &added, snapshot))
		error = KFRAG_ENOMEM;
	if (error) {
		free(added.moment.points);
		free(added.series);
		return error;
	}
	builder->added[builder->nr_added++] = added;
	return KFRAG_OK;
}

/* ----------------------------------------------------------- finishing */

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_time(const void *any_a, const void *any_b)
{
	const struct added *a = any_a, *b = any_b;
	int order = compare(a->epoch_ms, b->epoch_ms);

	return order ? order : compare(a->place, b->place);
}

/* Sorts what was added, if it can be; sets at_ms. Returns is_timed. */
static bool set_times(struct kfrag_history_builder *builder,
		      uint64_t interval_ms)
{
	struct added *added = builder->added;
	size_t nr = builder->nr_added;
	bool have_time = true;

	for (size_t i = 0; i < nr; i++)
		have_time = have_time && added[i].moment.has_time;
	if (have_time && nr > 0)
		qsort(added, nr, sizeof(*added), by_time);
	for (size_t i = 0; i < nr; i++) {
		uint64_t step_ms = interval_ms ? interval_ms : MS_PER_HOUR;
		uint64_t *at_ms = &added[i].moment.at_ms;

		if (have_time)
			*at_ms = added[i].epoch_ms - added[0].epoch_ms;
		else if (!kfrag_mul_u64(i, step_ms, at_ms))
			*at_ms = UINT64_MAX;
	}
	return have_time || interval_ms > 0;
}

/* The names move over; their points follow later. */
static bool set_all_series(struct kfrag_history *history,
			   struct kfrag_series_index *index)
{
	for (size_t i = 0; i < index->nr_keys; i++) {
		struct kfrag_series_key *key = &index->keys[i];
		struct kfrag_series *series = &history->series[i];

		series->points = calloc(key->nr_points ? key->nr_points : 1,
					sizeof(*series->points));
		if (!series->points)
			return false;
		series->name = key->name;
		series->name_bytes = key->name_bytes;
		series->size_bytes = key->size_bytes;
		key->name = NULL;
		history->nr_series++;
	}
	return true;
}

static void link_points(struct kfrag_history *history,
			struct kfrag_history_builder *builder)
{
	for (size_t i = 0; i < builder->nr_added; i++) {
		struct added *added = &builder->added[i];
		struct kfrag_moment *moment = &history->moments[i];

		*moment = added->moment;
		added->moment.points = NULL;
		for (size_t j = 0; j < moment->nr_points; j++) {
			struct kfrag_point *point = &moment->points[j];
			struct kfrag_series *series =
				&history->series[added->series[j]];

			assert(series->points);
			point->series = series;
			point->moment = moment;
			series->points[series->nr_points++] = point;
		}
	}
	history->nr_moments = builder->nr_added;
}

enum kfrag_error
kfrag_history_builder_finish(struct kfrag_history_builder *builder,
			     struct kfrag_history *history,
			     uint64_t interval_ms)
{
	size_t nr_moments = builder->nr_added ? builder->nr_added : 1;
	size_t nr_series = builder->index.nr_keys ? builder->index.nr_keys : 1;

	*history = (struct kfrag_history){ 0 };
	history->moments = calloc(nr_moments, sizeof(*history->moments));
	history->series = calloc(nr_series, sizeof(*history->series));
	if (!history->moments || !history->series ||
	    !set_all_series(history, &builder->index)) {
		kfrag_history_release(history);
		return KFRAG_ENOMEM;
	}
	history->is_timed = set_times(builder, interval_ms);
	link_points(history, builder);
	return KFRAG_OK;
}

void kfrag_history_release(struct kfrag_history *history)
{
	size_t nr_moments = history->moments ? history->nr_moments : 0;
	size_t nr_series = history->series ? history->nr_series : 0;

	for (size_t i = 0; i < nr_moments; i++)
		free(history->moments[i].points);
	for (size_t i = 0; i < nr_series; i++) {
		free(history->series[i].name);
		free((void *)history->series[i].points);
	}
	free(history->moments);
	free(history->series);
	*history = (struct kfrag_history){ 0 };
}
