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
#define CACHE_COLUMNS(TABLE, TEXT, NUMBER)                                     \
	TEXT(TABLE, name, kfrag_value_name(record->name, record->name_bytes),  \
	     "name of the cache")                                              \
	TEXT(TABLE, kind, kfrag_value_word(kfrag_metadata_text(row->kind)),    \
	     "pointer, index, bitmap, extension-8 or extension-16")            \
	NUMBER(TABLE, size_bytes, plain(record->size_bytes), "size of a slot") \
	NUMBER(TABLE, objs_per_slab, plain(row->cache->objs_per_slab),         \
	       "slots of a slab")                                              \
	NUMBER(TABLE, slab_order, plain(row->cache->slab_order),               \
	       "log2 of the pages of a slab")                                  \
	NUMBER(TABLE, num_slabs, plain(record->num_slabs), "slabs")            \
	NUMBER(TABLE, slab_tail_bytes, plain(row->tail_bytes),                 \
	       "behind the last slot of a slab")                               \
	NUMBER(TABLE, slab_metadata_bytes, plain(row->slab_bytes),             \
	       "needed for a slab")                                            \
	NUMBER(TABLE, metadata_bytes, plain(row->metadata_bytes),              \
	       "num_slabs x slab_metadata_bytes")                              \
	TEXT(TABLE, place, place(row),                                         \
	     "tail: it fits behind the slots; extra: it does not")             \
	NUMBER(TABLE, extra_bytes, plain(row->extra_bytes),                    \
	       "metadata_bytes where they are extra, else 0")

#define TOTAL_COLUMNS(TABLE, TEXT, NUMBER)                                     \
	TEXT(TABLE, kind, kfrag_value_word(kfrag_metadata_text(row->kind)),    \
	     "what is kept")                                                   \
	NUMBER(TABLE, nr_caches, plain(row->nr_caches), "caches with slabs")   \
	NUMBER(TABLE, nr_in_tail, plain(row->nr_in_tail),                      \
	       "of these, whose tails hold it")                                \
	NUMBER(TABLE, all_metadata_bytes, plain(row->metadata_bytes),          \
	       "bytes of all")                                                 \
	NUMBER(TABLE, all_extra_bytes, plain(row->extra_bytes),                \
	       "of these, what is not in tails")

#define CACHE_VALUE(table, column, expression, text)                           \
	static struct kfrag_value table##_##column(const void *any)            \
	{                                                                      \
		const struct kfrag_metadata_row *row = any;                    \
		const struct kfrag_record *record = row->cache->record;        \
                                                                               \
		(void)record;                                                  \
		return expression;                                             \
	}
#define TOTAL_VALUE(table, column, expression, text)                           \
	KFRAG_COLUMN_VALUE(table, struct kfrag_metadata_total, column,         \
			   expression)

CACHE_COLUMNS(cache, CACHE_VALUE, CACHE_VALUE)
TOTAL_COLUMNS(total, TOTAL_VALUE, TOTAL_VALUE)

static const struct kfrag_column cache_columns[] = { CACHE_COLUMNS(
	cache, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };
static const struct kfrag_column total_columns[] = { TOTAL_COLUMNS(
	total, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };

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
