// SPDX-License-Identifier: MIT
/* Rows of trends, and selections of them. */
#include "kfrag/trend_output.h"

#include <stdlib.h>
#include <string.h>

#include "output/trend_evidence.h"

/* A copy in which figures and units are words of their own; NULL: no memory. */
static char *copy_evidence(const struct kfrag_trend *trend)
{
	char text[KFRAG_EVIDENCE_SIZE];
	size_t bytes = strlen(kfrag_trend_evidence(trend, text));
	char *copy = calloc(bytes + 1, 1);

	for (size_t i = 0; copy && i < bytes; i++)
		copy[i] = text[i] == '\t' ? ' ' : text[i];
	return copy;
}

static enum kfrag_error set_caches(struct kfrag_trend_rows *rows)
{
	const struct kfrag_trends *trends = rows->trends;

	for (size_t i = 0; i < trends->nr_rows; i++) {
		rows->caches[i].trend = &trends->rows[i];
		rows->caches[i].evidence = copy_evidence(&trends->rows[i]);
		if (!rows->caches[i].evidence)
			return KFRAG_ENOMEM;
	}
	return KFRAG_OK;
}

static void set_moments(struct kfrag_trend_rows *rows,
			const char *const *sources)
{
	const struct kfrag_history *history = rows->trends->history;
	size_t nr_points = 0;

	for (size_t i = 0; i < history->nr_moments; i++) {
		const struct kfrag_moment *moment = &history->moments[i];

		rows->moments[i] = (struct kfrag_moment_row){
			.moment = moment,
			.source = sources[moment->source],
			.number = i + 1,
		};
		for (size_t k = 0; k < moment->nr_points; k++)
			rows->points[nr_points++] = (struct kfrag_point_row){
				.point = &moment->points[k],
				.number = i + 1,
			};
	}
}

static size_t count_points(const struct kfrag_history *history)
{
	size_t nr_points = 0;

	for (size_t i = 0; i < history->nr_moments; i++)
		nr_points += history->moments[i].nr_points;
	return nr_points;
}

enum kfrag_error kfrag_trend_rows_init(struct kfrag_trend_rows *rows,
				       const struct kfrag_trends *trends,
				       const char *const *sources)
{
	const struct kfrag_history *history = trends->history;
	size_t nr_caches = trends->nr_rows ? trends->nr_rows : 1;
	size_t nr_moments = history->nr_moments ? history->nr_moments : 1;
	size_t nr_points = count_points(history);

	*rows = (struct kfrag_trend_rows){ .trends = trends,
					   .nr_points = nr_points };
	rows->caches = calloc(nr_caches, sizeof(*rows->caches));
	rows->moments = calloc(nr_moments, sizeof(*rows->moments));
	rows->points = calloc(nr_points ? nr_points : 1, sizeof(*rows->points));
	if (!rows->caches || !rows->moments || !rows->points ||
	    set_caches(rows)) {
		kfrag_trend_rows_release(rows);
		return KFRAG_ENOMEM;
	}
	set_moments(rows, sources);
	return KFRAG_OK;
}

void kfrag_trend_rows_release(struct kfrag_trend_rows *rows)
{
	for (size_t i = 0; rows->caches && i < rows->trends->nr_rows; i++)
		free(rows->caches[i].evidence);
	free(rows->caches);
	free(rows->moments);
	free(rows->points);
	*rows = (struct kfrag_trend_rows){ 0 };
}

enum kfrag_error kfrag_trend_selection_init(struct kfrag_selection *selection,
					    const struct kfrag_trend_rows *rows,
					    enum kfrag_trend_table table)
{
	const struct kfrag_column_set *set = kfrag_trend_columns(table);

	switch (table) {
	case KFRAG_TREND_CACHES:
		return kfrag_selection_init_rows(selection, set, rows->caches,
						 rows->trends->nr_rows,
						 sizeof(*rows->caches));
	case KFRAG_TREND_TOTALS:
		return kfrag_selection_init_rows(
			selection, set, rows->moments,
			rows->trends->history->nr_moments,
			sizeof(*rows->moments));
	default:
		return kfrag_selection_init_rows(selection, set, rows->points,
						 rows->nr_points,
						 sizeof(*rows->points));
	}
}

bool kfrag_verdict_is_calm(enum kfrag_verdict verdict)
{
	return verdict == KFRAG_STEADY || verdict == KFRAG_TOO_FEW;
}

static bool is_noted(const void *any)
{
	const struct kfrag_trend_row *row = any;

	return !kfrag_verdict_is_calm(row->trend->verdict);
}

void kfrag_trend_selection_drop_calm(struct kfrag_selection *selection)
{
	kfrag_selection_keep(selection, is_noted);
}
