// SPDX-License-Identifier: MIT
/* The columns of metadata, lists as in column_list.h. */
#include <assert.h>

#include "kfrag/metadata_output.h"
#include "output/column_list.h"
#include "output/column_rules.h"
#include "output/sort_keys.h"
#include "output/values.h"

static struct kfrag_value plain(uint64_t number)
{
	return kfrag_value_unsigned(number);
}

static struct kfrag_value place(const struct kfrag_metadata_row *row)
{
	return kfrag_value_word(row->slab_bytes <= row->tail_bytes ? "tail" :
								     "extra");
}

/* TEXT or NUMBER(name, value, help) */
#define CACHE_COLUMNS(TEXT, NUMBER)                                            \
	TEXT(name, kfrag_value_name(record->name, record->name_bytes),         \
	     "name of the cache")                                              \
	TEXT(kind, kfrag_value_word(kfrag_metadata_text(row->kind)),           \
	     "pointer, index, bitmap, extension-8 or extension-16")            \
	NUMBER(size_bytes, plain(record->size_bytes), "size of a slot")        \
	NUMBER(objs_per_slab, plain(row->cache->objs_per_slab),                \
	       "slots of a slab")                                              \
	NUMBER(slab_order, plain(row->cache->slab_order),                      \
	       "log2 of the pages of a slab")                                  \
	NUMBER(num_slabs, plain(record->num_slabs), "slabs")                   \
	NUMBER(slab_tail_bytes, plain(row->tail_bytes),                        \
	       "behind the last slot of a slab")                               \
	NUMBER(slab_metadata_bytes, plain(row->slab_bytes),                    \
	       "needed for a slab")                                            \
	NUMBER(metadata_bytes, plain(row->metadata_bytes),                     \
	       "num_slabs x slab_metadata_bytes")                              \
	TEXT(place, place(row),                                                \
	     "tail: it fits behind the slots; extra: it does not")             \
	NUMBER(extra_bytes, plain(row->extra_bytes),                           \
	       "metadata_bytes where they are extra, else 0")

#define TOTAL_COLUMNS(TEXT, NUMBER)                                            \
	TEXT(kind, kfrag_value_word(kfrag_metadata_text(row->kind)),           \
	     "what is kept")                                                   \
	NUMBER(nr_caches, plain(row->nr_caches), "caches with slabs")          \
	NUMBER(nr_in_tail, plain(row->nr_in_tail),                             \
	       "of these, whose tails hold it")                                \
	NUMBER(all_metadata_bytes, plain(row->metadata_bytes), "bytes of all") \
	NUMBER(all_extra_bytes, plain(row->extra_bytes),                       \
	       "of these, what is not in tails")

#define CACHE_VALUE(column, expression, text)                                  \
	static struct kfrag_value cache_##column(const void *any)              \
	{                                                                      \
		const struct kfrag_metadata_row *row = any;                    \
		const struct kfrag_record *record = row->cache->record;        \
                                                                               \
		(void)record;                                                  \
		return expression;                                             \
	}
#define TOTAL_VALUE(column, expression, text)                                  \
	KFRAG_COLUMN_VALUE(total, struct kfrag_metadata_total, column,         \
			   expression)

CACHE_COLUMNS(CACHE_VALUE, CACHE_VALUE)
TOTAL_COLUMNS(TOTAL_VALUE, TOTAL_VALUE)

#define CACHE_TEXT(column, expression, text)                                   \
	KFRAG_COLUMN_TEXT(cache, column, text)
#define CACHE_NUMBER(column, expression, text)                                 \
	KFRAG_COLUMN_NUMBER(cache, column, text)
#define TOTAL_TEXT(column, expression, text)                                   \
	KFRAG_COLUMN_TEXT(total, column, text)
#define TOTAL_NUMBER(column, expression, text)                                 \
	KFRAG_COLUMN_NUMBER(total, column, text)

static const struct kfrag_column cache_columns[] = { CACHE_COLUMNS(
	CACHE_TEXT, CACHE_NUMBER) };
static const struct kfrag_column total_columns[] = { TOTAL_COLUMNS(
	TOTAL_TEXT, TOTAL_NUMBER) };

const struct kfrag_column_set *
kfrag_metadata_columns(enum kfrag_metadata_table table)
{
	static const struct kfrag_column_set sets[KFRAG_NR_METADATA_TABLES] = {
		[KFRAG_METADATA_CACHES] = { "caches",
					    KFRAG_COLUMN_ARRAY(cache_columns),
					    2, kfrag_rules_metadata_caches },
		[KFRAG_METADATA_TOTALS] = { "totals",
					    KFRAG_COLUMN_ARRAY(total_columns),
					    1, kfrag_rules_metadata_totals },
	};

	assert((unsigned)table < KFRAG_NR_METADATA_TABLES);
	return &sets[table];
}

enum kfrag_error
kfrag_metadata_selection_init(struct kfrag_selection *selection,
			      const struct kfrag_metadata *metadata,
			      enum kfrag_metadata_table table)
{
	const struct kfrag_column_set *set = kfrag_metadata_columns(table);

	if (table == KFRAG_METADATA_CACHES)
		return kfrag_selection_init_rows(selection, set, metadata->rows,
						 metadata->nr_rows,
						 sizeof(*metadata->rows));
	return kfrag_selection_init_rows(selection, set, metadata->totals,
					 KFRAG_NR_METADATA,
					 sizeof(*metadata->totals));
}

bool kfrag_metadata_sort_key_find(const char *text, struct kfrag_sort_key *key)
{
	return kfrag_sort_key_pick(
		NULL, 0, kfrag_metadata_columns(KFRAG_METADATA_CACHES), text,
		key);
}
