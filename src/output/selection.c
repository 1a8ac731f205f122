// SPDX-License-Identifier: MIT
#include <assert.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/columns.h"
#include "output/scratch.h"

static size_t nr_rows_of(const struct kfrag_report *report,
			 enum kfrag_table_kind kind)
{
	switch (kind) {
	case KFRAG_TABLE_CACHES:
		return (size_t)report->nr_caches;
	case KFRAG_TABLE_TOTALS:
		return report->nr_totals;
	default:
		return report->nr_orders;
	}
}

static const void *row_of(const struct kfrag_report *report,
			  enum kfrag_table_kind kind, size_t index)
{
	switch (kind) {
	case KFRAG_TABLE_CACHES:
		return &report->caches[index];
	case KFRAG_TABLE_TOTALS:
		return &report->totals[index];
	default:
		return &report->orders[index];
	}
}

enum kfrag_error kfrag_selection_init(struct kfrag_selection *selection,
				      const struct kfrag_report *report,
				      enum kfrag_table_kind kind)
{
	size_t nr_columns, nr_rows = nr_rows_of(report, kind);
	const struct kfrag_column *all = kfrag_columns(kind, &nr_columns);
	const struct kfrag_column **columns;
	const void **rows;

	*selection = (struct kfrag_selection){ .kind = kind };
	columns = calloc(nr_columns, sizeof(*columns));
	rows = calloc(nr_rows ? nr_rows : 1, sizeof(*rows));
	if (!columns || !rows) {
		free(columns);
		free(rows);
		return KFRAG_ENOMEM;
	}
	for (size_t i = 0; i < nr_columns; i++)
		columns[i] = &all[i];
	for (size_t i = 0; i < nr_rows; i++)
		rows[i] = row_of(report, kind, i);
	selection->columns = columns;
	selection->nr_columns = nr_columns;
	selection->rows = rows;
	selection->nr_rows = nr_rows;
	return KFRAG_OK;
}

void kfrag_selection_release(struct kfrag_selection *selection)
{
	free((void *)selection->columns);
	free((void *)selection->rows);
	*selection = (struct kfrag_selection){ .kind = selection->kind };
}

static const struct kfrag_column *find_word(enum kfrag_table_kind kind,
					    const char *word, size_t length)
{
	size_t nr_columns;
	const struct kfrag_column *columns = kfrag_columns(kind, &nr_columns);

	for (size_t i = 0; i < nr_columns; i++)
		if (strlen(columns[i].name) == length &&
		    memcmp(columns[i].name, word, length) == 0)
			return &columns[i];
	return NULL;
}

enum kfrag_error kfrag_selection_set_columns(struct kfrag_selection *selection,
					     const char *list,
					     size_t *bad_offset)
{
	const struct kfrag_column **columns;
	const char *word = list;
	size_t nr_words = 1;

	*bad_offset = 0;
	for (const char *at = list; *at; at++)
		nr_words += *at == ',';
	columns = calloc(nr_words, sizeof(*columns));
	if (!columns)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < nr_words; i++) {
		size_t length = strcspn(word, ",");

		columns[i] = find_word(selection->kind, word, length);
		if (!columns[i]) {
			*bad_offset = (size_t)(word - list);
			free(columns);
			return KFRAG_EINVAL;
		}
		word += length + 1;
	}
	free((void *)selection->columns);
	selection->columns = columns;
	selection->nr_columns = nr_words;
	return KFRAG_OK;
}

static bool matches_any(const char *name, const char *const *patterns,
			size_t nr_patterns)
{
	for (size_t i = 0; i < nr_patterns; i++)
		if (fnmatch(patterns[i], name, FNM_NOESCAPE) == 0)
			return true;
	return false;
}

enum kfrag_error kfrag_selection_match(struct kfrag_selection *selection,
				       const char *const *patterns,
				       size_t nr_patterns)
{
	struct kfrag_scratch scratch = { 0 };
	enum kfrag_error error = KFRAG_OK;
	const void **kept;
	size_t nr_kept = 0;

	assert(selection->kind == KFRAG_TABLE_CACHES);
	kept = calloc(selection->nr_rows ? selection->nr_rows : 1,
		      sizeof(*kept));
	if (!kept)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < selection->nr_rows && !error; i++) {
		const struct kfrag_cache_row *row = selection->rows[i];
		const char *name = kfrag_scratch_escape(&scratch, row->name,
							row->name_bytes);

		if (!name)
			error = KFRAG_ENOMEM;
		else if (matches_any(name, patterns, nr_patterns))
			kept[nr_kept++] = row;
	}
	kfrag_scratch_release(&scratch);
	if (error) {
		free(kept);
		return error;
	}
	free((void *)selection->rows);
	selection->rows = kept;
	selection->nr_rows = nr_kept;
	return KFRAG_OK;
}
