// SPDX-License-Identifier: MIT
/*
 * The columns of trends, in lists as of column_list.h. `row` is the row;
 * `trend`, `moment` and `point` are what it is of.
 */
#include <assert.h>
#include <string.h>

#include "kfrag/trend_output.h"
#include "output/column_list.h"
#include "output/column_rules.h"

static struct kfrag_value plain(uint64_t number)
{
	return kfrag_value_unsigned(number);
}

static struct kfrag_value slope(const struct kfrag_trend *trend,
				enum kfrag_flow flow)
{
	const struct kfrag_slope *of = &trend->slopes[flow];

	return kfrag_value_signed_opt(of->known, of->bytes_per_hour);
}

static struct kfrag_value time_of(const struct kfrag_moment *moment)
{
	return moment->has_time ? plain(moment->time) : kfrag_value_unknown();
}

static struct kfrag_value since_time_of(const struct kfrag_trend *trend)
{
	bool climbs = trend->verdict == KFRAG_LEAK ||
		      trend->verdict == KFRAG_BLOAT;

	return climbs ? time_of(trend->since->moment) : kfrag_value_unknown();
}

static struct kfrag_value time_ms_of(const struct kfrag_moment *moment)
{
	return moment->has_time ? plain(moment->time_ms) :
				  kfrag_value_unknown();
}

/* The first and the last of what a point has. */
#define BOTH(TABLE, NUMBER, column)                                            \
	NUMBER(TABLE, first_##column, plain(trend->first->column),             \
	       #column " of the first sample")                                 \
	NUMBER(TABLE, last_##column, plain(trend->last->column),               \
	       #column " of the last sample")

/* TEXT or NUMBER(name, value, help) */
#define CACHE_COLUMNS(TABLE, TEXT, NUMBER)                                     \
	TEXT(TABLE, name, kfrag_value_name(series->name, series->name_bytes),  \
	     "name of the cache")                                              \
	NUMBER(TABLE, size_bytes, plain(series->size_bytes), "size of a slot") \
	TEXT(TABLE, verdict,                                                   \
	     kfrag_value_word(kfrag_verdict_text(trend->verdict)),             \
	     "leak, bloat, trapped, cyclic, steady or too-few")                \
	NUMBER(TABLE, nr_samples, plain(series->nr_points),                    \
	       "samples that the cache is in")                                 \
	NUMBER(TABLE, first_time, time_of(trend->first->moment),               \
	       "of the first of them, in seconds since the epoch")             \
	NUMBER(TABLE, last_time, time_of(trend->last->moment),                 \
	       "of the last of them")                                          \
	NUMBER(TABLE, since_time, since_time_of(trend),                        \
	       "leak, bloat: of the sample from which on it climbs")           \
	NUMBER(TABLE, active_bytes_per_hour, slope(trend, KFRAG_FLOW_ACTIVE),  \
	       "slope of active_objs x size_bytes")                            \
	NUMBER(TABLE, total_bytes_per_hour, slope(trend, KFRAG_FLOW_TOTAL),    \
	       "slope of num_objs x size_bytes")                               \
	NUMBER(TABLE, held_bytes_per_hour, slope(trend, KFRAG_FLOW_HELD),      \
	       "slope of kernel_held_bytes")                                   \
	NUMBER(TABLE, doubling_seconds,                                        \
	       kfrag_value_opt(trend->doubling_seconds),                       \
	       "until held is twice the last, at this slope")                  \
	BOTH(TABLE, NUMBER, active_objs)                                       \
	BOTH(TABLE, NUMBER, num_objs)                                          \
	BOTH(TABLE, NUMBER, num_slabs)                                         \
	BOTH(TABLE, NUMBER, kernel_held_bytes)                                 \
	BOTH(TABLE, NUMBER, kernel_idle_bytes)                                 \
	NUMBER(TABLE, min_active_objs, plain(trend->least->active_objs),       \
	       "fewest objects in use")                                        \
	NUMBER(TABLE, max_active_objs, plain(trend->most->active_objs),        \
	       "most objects in use")                                          \
	NUMBER(TABLE, needed_slabs, plain(trend->needed_slabs),                \
	       "slabs that last_active_objs fill when packed")                 \
	NUMBER(TABLE, trapped_bytes, plain(trend->trapped_bytes),              \
	       "of the last slabs beyond these, whatever the verdict")         \
	NUMBER(TABLE, nr_turns, plain(trend->nr_turns),                        \
	       "times that objects in use turned up or down")                  \
	NUMBER(TABLE, period_seconds, kfrag_value_opt(trend->period_seconds),  \
	       "from a turn to the next but one, on average")                  \
	TEXT(TABLE, evidence,                                                  \
	     kfrag_value_name(row->evidence, strlen(row->evidence)),           \
	     "why the verdict is that, for people; may change")

#define TOTAL_COLUMNS(TABLE, TEXT, NUMBER)                                     \
	NUMBER(TABLE, time, time_of(moment),                                   \
	       "of the sample, in seconds since the "                          \
	       "epoch")                                                        \
	NUMBER(TABLE, time_ms, time_ms_of(moment), "and milliseconds past it") \
	TEXT(TABLE, source,                                                    \
	     kfrag_value_name(row->source, strlen(row->source)),               \
	     "FILE that the sample is of")                                     \
	NUMBER(TABLE, sample, plain(moment->sample), "which of that, from 1")  \
	NUMBER(TABLE, nr_caches, plain(moment->nr_points), "caches in it")     \
	NUMBER(TABLE, active_objs, plain(moment->active_objs),                 \
	       "objects in use")                                               \
	NUMBER(TABLE, num_objs, plain(moment->num_objs),                       \
	       "objects in use or idle")                                       \
	NUMBER(TABLE, num_slabs, plain(moment->num_slabs), "slabs")            \
	NUMBER(TABLE, live_bytes, plain(moment->active_bytes),                 \
	       "objects in use x their size_bytes")                            \
	NUMBER(TABLE, kernel_held_bytes, plain(moment->kernel_held_bytes),     \
	       "all slabs")                                                    \
	NUMBER(TABLE, kernel_idle_bytes, plain(moment->kernel_idle_bytes),     \
	       "idle slots x their size_bytes")                                \
	NUMBER(TABLE, kernel_tail_bytes,                                       \
	       kfrag_value_signed(moment->kernel_tail_bytes),                  \
	       "held - live - idle")                                           \
	NUMBER(TABLE, page_size_bytes, plain(moment->page_size_bytes),         \
	       "page size that held is computed with")                         \
	NUMBER(TABLE, moment, plain(row->number), "its place in time, from 1")

#define SAMPLE_COLUMNS(TABLE, TEXT, NUMBER)                                    \
	NUMBER(TABLE, time, time_of(point->moment),                            \
	       "of the sample, in seconds "                                    \
	       "since the epoch")                                              \
	NUMBER(TABLE, time_ms, time_ms_of(point->moment),                      \
	       "and milliseconds past it")                                     \
	TEXT(TABLE, name,                                                      \
	     kfrag_value_name(point->series->name, point->series->name_bytes), \
	     "name of the cache")                                              \
	NUMBER(TABLE, size_bytes, plain(point->series->size_bytes),            \
	       "size of a slot")                                               \
	NUMBER(TABLE, active_objs, plain(point->active_objs),                  \
	       "objects in use")                                               \
	NUMBER(TABLE, num_objs, plain(point->num_objs),                        \
	       "objects in use or idle")                                       \
	NUMBER(TABLE, objs_per_slab, plain(point->objs_per_slab),              \
	       "slots of a slab")                                              \
	NUMBER(TABLE, slab_order, plain(point->slab_order),                    \
	       "log2 of the pages of a slab")                                  \
	NUMBER(TABLE, num_slabs, plain(point->num_slabs), "slabs")             \
	NUMBER(TABLE, kernel_held_bytes, plain(point->kernel_held_bytes),      \
	       "num_slabs x slab bytes")                                       \
	NUMBER(TABLE, kernel_idle_bytes, plain(point->kernel_idle_bytes),      \
	       "(num_objs - active_objs) x size_bytes")                        \
	NUMBER(TABLE, kernel_tail_bytes,                                       \
	       kfrag_value_signed(point->kernel_tail_bytes),                   \
	       "kernel_held_bytes - num_objs x size_bytes")                    \
	NUMBER(TABLE, moment, plain(row->number),                              \
	       "place of the sample in time, from 1")

#define CACHE_VALUE(table, column, expression, text)                           \
	static struct kfrag_value table##_##column(const void *any)            \
	{                                                                      \
		const struct kfrag_trend_row *row = any;                       \
		const struct kfrag_trend *trend = row->trend;                  \
		const struct kfrag_series *series = trend->series;             \
                                                                               \
		(void)series;                                                  \
		return expression;                                             \
	}
#define TOTAL_VALUE(table, column, expression, text)                           \
	static struct kfrag_value table##_##column(const void *any)            \
	{                                                                      \
		const struct kfrag_moment_row *row = any;                      \
		const struct kfrag_moment *moment = row->moment;               \
                                                                               \
		(void)moment;                                                  \
		return expression;                                             \
	}
#define SAMPLE_VALUE(table, column, expression, text)                          \
	static struct kfrag_value table##_##column(const void *any)            \
	{                                                                      \
		const struct kfrag_point_row *row = any;                       \
		const struct kfrag_point *point = row->point;                  \
                                                                               \
		(void)point;                                                   \
		return expression;                                             \
	}

CACHE_COLUMNS(cache, CACHE_VALUE, CACHE_VALUE)
TOTAL_COLUMNS(total, TOTAL_VALUE, TOTAL_VALUE)
SAMPLE_COLUMNS(sample, SAMPLE_VALUE, SAMPLE_VALUE)

static const struct kfrag_column cache_columns[] = { CACHE_COLUMNS(
	cache, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };
static const struct kfrag_column total_columns[] = { TOTAL_COLUMNS(
	total, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };
static const struct kfrag_column sample_columns[] = { SAMPLE_COLUMNS(
	sample, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };

const struct kfrag_column_set *kfrag_trend_columns(enum kfrag_trend_table table)
{
	static const struct kfrag_column_set sets[KFRAG_NR_TREND_TABLES] = {
		[KFRAG_TREND_CACHES] = { "caches",
					 KFRAG_COLUMN_ARRAY(cache_columns), 1,
					 kfrag_rules_trend_caches },
		[KFRAG_TREND_TOTALS] = { "totals",
					 KFRAG_COLUMN_ARRAY(total_columns), 0,
					 NULL },
		[KFRAG_TREND_SAMPLES] = { "samples",
					  KFRAG_COLUMN_ARRAY(sample_columns), 0,
					  NULL },
	};

	assert((unsigned)table < KFRAG_NR_TREND_TABLES);
	return &sets[table];
}
