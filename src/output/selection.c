// SPDX-License-Identifier: MIT
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/columns.h"
#include "output/pattern.h"
#include "output/scratch.h"

enum kfrag_error kfrag_selection_init_rows(struct kfrag_selection *selection,
					   const struct kfrag_column_set *set,
					   const void *rows, size_t nr_rows,
					   size_t row_bytes)
{
	const struct kfrag_column **columns =
		calloc(set->nr_columns, sizeof(*columns));
	const void **places = calloc(nr_rows ? nr_rows : 1, sizeof(*places));

	*selection = (struct kfrag_selection){ .set = set };
	if (!columns || !places) {
		free(columns);
		free(places);
		return KFRAG_ENOMEM;
	}
	for (size_t i = 0; i < set->nr_columns; i++)
		columns[i] = &set->columns[i];
	for (size_t i = 0; i < nr_rows; i++)
		places[i] = (const char *)rows + i * row_bytes;
	selection->columns = columns;
	selection->nr_columns = set->nr_columns;
	selection->rows = places;
	selection->nr_rows = nr_rows;
	return KFRAG_OK;
}

enum kfrag_error kfrag_selection_init(struct kfrag_selection *selection,
				      const struct kfrag_report *report,
				      enum kfrag_table_kind kind)
{
	const struct kfrag_column_set *set = kfrag_table_columns(kind);

	switch (kind) {
	case KFRAG_TABLE_CACHES:
		return kfrag_selection_init_rows(selection, set, report->caches,
						 (size_t)report->nr_caches,
						 sizeof(*report->caches));
	case KFRAG_TABLE_TOTALS:
		return kfrag_selection_init_rows(selection, set, report->totals,
						 report->nr_totals,
						 sizeof(*report->totals));
	default:
		return kfrag_selection_init_rows(selection, set, report->orders,
						 report->nr_orders,
						 sizeof(*report->orders));
	}
}

void kfrag_selection_release(struct kfrag_selection *selection)
{
	free((void *)selection->columns);
	free((void *)selection->rows);
	*selection = (struct kfrag_selection){ .set = selection->set };
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

		columns[i] =
			kfrag_column_set_find(selection->set, word, length);
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
		if (kfrag_pattern_matches(patterns[i], name))
			return true;
	return false;
}

enum kfrag_error kfrag_selection_match(struct kfrag_selection *selection,
				       const char *const *patterns,
				       size_t nr_patterns)
{
	const struct kfrag_column *name_column =
		kfrag_column_set_find(selection->set, "name", 4);
	struct kfrag_scratch scratch = { 0 };
	enum kfrag_error error = KFRAG_OK;
	const void **kept;
	size_t nr_kept = 0;

	assert(name_column && name_column->is_text);
	kept = calloc(selection->nr_rows ? selection->nr_rows : 1,
		      sizeof(*kept));
	if (!kept)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < selection->nr_rows && !error; i++) {
		const void *row = selection->rows[i];
		struct kfrag_value value = name_column->value(row);
		const char *name = kfrag_scratch_escape(&scratch, value.text,
							value.text_bytes);

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

void kfrag_selection_keep(struct kfrag_selection *selection,
			  bool (*keeps)(const void *row))
{
	/* The array is the selection's own, made by calloc(). */
	const void **rows = (const void **)selection->rows;
	size_t nr_kept = 0;

	for (size_t i = 0; i < selection->nr_rows; i++)
		if (keeps(rows[i]))
			rows[nr_kept++] = rows[i];
	selection->nr_rows = nr_kept;
}
