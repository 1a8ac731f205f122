// SPDX-License-Identifier: MIT
/*
 * The output contract: the columns of the three tables; see column_list.h.
 */
#include "kfrag/columns.h"

#include <assert.h>
#include <string.h>

#include "output/column_list.h"
#include "output/column_rules.h"

/* TEXT or NUMBER(name, value, help) */
#define CACHE_COLUMNS(TABLE, TEXT, NUMBER)                                     \
	TEXT(TABLE, name, kfrag_value_name(row->name, row->name_bytes),        \
	     "name of the cache")                                              \
	NUMBER(TABLE, size_bytes, kfrag_value_unsigned(row->size_bytes),       \
	       "size of a slot: object, alignment and metadata")               \
	NUMBER(TABLE, active_objs, kfrag_value_unsigned(row->active_objs),     \
	       "objects in use, by the file (an upper bound)")                 \
	NUMBER(TABLE, num_objs, kfrag_value_unsigned(row->num_objs),           \
	       "objects in use or idle, by the file")                          \
	NUMBER(TABLE, objs_per_slab, kfrag_value_unsigned(row->objs_per_slab), \
	       "slots of a slab")                                              \
	NUMBER(TABLE, slab_order, kfrag_value_unsigned(row->slab_order),       \
	       "log2 of the pages of a slab")                                  \
	NUMBER(TABLE, num_slabs, kfrag_value_unsigned(row->num_slabs),         \
	       "slabs that the kernel holds, by the file")                     \
	NUMBER(TABLE, kernel_held_bytes,                                       \
	       kfrag_value_unsigned(row->kernel_held_bytes),                   \
	       "num_slabs x slab bytes")                                       \
	NUMBER(TABLE, kernel_idle_bytes,                                       \
	       kfrag_value_unsigned(row->kernel_idle_bytes),                   \
	       "(num_objs - active_objs) x size_bytes")                        \
	NUMBER(TABLE, kernel_tail_bytes,                                       \
	       kfrag_value_signed(row->kernel_tail_bytes),                     \
	       "kernel_held_bytes - num_objs x size_bytes")                    \
	NUMBER(TABLE, buddy_order, kfrag_value_unsigned(row->buddy_order),     \
	       "log2 of the pages of an object's own block")                   \
	NUMBER(TABLE, buddy_peak_held_bytes,                                   \
	       kfrag_value_unsigned(row->buddy_peak_held_bytes),               \
	       "blocks of all num_objs objects, buddy only")                   \
	NUMBER(TABLE, buddy_peak_internal_bytes,                               \
	       kfrag_value_unsigned(row->buddy_peak_internal_bytes),           \
	       "buddy_peak_held_bytes - their objects x size_bytes")           \
	NUMBER(TABLE, buddy_held_bytes,                                        \
	       kfrag_value_unsigned(row->buddy_held_bytes),                    \
	       "blocks of the active_objs that stay, buddy only")              \
	NUMBER(TABLE, buddy_internal_bytes,                                    \
	       kfrag_value_unsigned(row->buddy_internal_bytes),                \
	       "buddy_held_bytes - their objects x size_bytes")                \
	NUMBER(TABLE, buddy_failed_objs,                                       \
	       kfrag_value_unsigned(row->buddy_failed_objs),                   \
	       "objects that found no block, buddy only")                      \
	NUMBER(TABLE, slab_slabs, kfrag_value_unsigned(row->slab_slabs),       \
	       "slabs held by the active_objs that stay")                      \
	NUMBER(TABLE, slab_held_bytes,                                         \
	       kfrag_value_unsigned(row->slab_held_bytes),                     \
	       "slab_slabs x slab bytes")                                      \
	NUMBER(TABLE, slab_idle_bytes,                                         \
	       kfrag_value_unsigned(row->slab_idle_bytes),                     \
	       "free slots of these slabs x size_bytes")                       \
	NUMBER(TABLE, slab_tail_bytes,                                         \
	       kfrag_value_unsigned(row->slab_tail_bytes),                     \
	       "slab_held_bytes - all slots x size_bytes")                     \
	NUMBER(TABLE, slab_failed_objs,                                        \
	       kfrag_value_unsigned(row->slab_failed_objs),                    \
	       "objects that found no slot")

#define TOTAL_COLUMNS(TABLE, TEXT, NUMBER)                                     \
	TEXT(TABLE, allocator,                                                 \
	     kfrag_value_word(kfrag_allocator_text(row->allocator)),           \
	     "buddy (only), slab (on a buddy), kernel (the file)")             \
	TEXT(TABLE, state, kfrag_value_word(kfrag_state_text(row->state)),     \
	     "peak (num_objs live), settled (active_objs live)")               \
	NUMBER(TABLE, live_objs, kfrag_value_unsigned(row->live_objs),         \
	       "objects that have their place")                                \
	NUMBER(TABLE, live_bytes, kfrag_value_unsigned(row->live_bytes),       \
	       "live objects x their size_bytes")                              \
	NUMBER(TABLE, held_bytes, kfrag_value_unsigned(row->held_bytes),       \
	       "all blocks, or all slabs")                                     \
	NUMBER(TABLE, internal_bytes, kfrag_value_opt(row->internal_bytes),    \
	       "held_bytes - live_bytes; of buddy only")                       \
	NUMBER(TABLE, idle_bytes, kfrag_value_opt(row->idle_bytes),            \
	       "free slots x their size_bytes")                                \
	NUMBER(TABLE, tail_bytes,                                              \
	       kfrag_value_signed_opt(row->tail_known, row->tail_bytes),       \
	       "held_bytes - live_bytes - idle_bytes")                         \
	NUMBER(TABLE, free_bytes, kfrag_value_opt(row->free_bytes),            \
	       "memory_bytes - held_bytes")                                    \
	NUMBER(TABLE, free_blocks, kfrag_value_opt(row->free_blocks),          \
	       "free blocks of all orders")                                    \
	NUMBER(TABLE, largest_free_bytes,                                      \
	       kfrag_value_opt(row->largest_free_bytes),                       \
	       "the largest free block")                                       \
	NUMBER(TABLE, external_permille,                                       \
	       kfrag_value_opt(row->external_permille),                        \
	       "1000 x (free - largest free block) / free")                    \
	NUMBER(TABLE, bitmap_bytes, kfrag_value_opt(row->bitmap_bytes),        \
	       "bitmaps of the allocator, as allocated")                       \
	NUMBER(TABLE, bookkeeping_bytes,                                       \
	       kfrag_value_opt(row->bookkeeping_bytes),                        \
	       "its other bookkeeping, as allocated")                          \
	NUMBER(TABLE, memory_bytes, kfrag_value_opt(row->memory_bytes),        \
	       "the memory that it manages")                                   \
	NUMBER(TABLE, failed_objs, kfrag_value_opt(row->failed_objs),          \
	       "objects that did not fit, since the start")                    \
	NUMBER(TABLE, failed_fragmented_objs,                                  \
	       kfrag_value_opt(row->failed_fragmented_objs),                   \
	       "those of them for which enough was free in total")

#define ORDER_COLUMNS(TABLE, TEXT, NUMBER)                                     \
	TEXT(TABLE, allocator,                                                 \
	     kfrag_value_word(kfrag_allocator_text(row->allocator)),           \
	     "buddy (only), slab (on a buddy)")                                \
	TEXT(TABLE, state, kfrag_value_word(kfrag_state_text(row->state)),     \
	     "peak (num_objs live), settled (active_objs live)")               \
	NUMBER(TABLE, order, kfrag_value_unsigned(row->order),                 \
	       "log2 of the pages of a block")                                 \
	NUMBER(TABLE, block_bytes, kfrag_value_unsigned(row->block_bytes),     \
	       "size of a block of this order")                                \
	NUMBER(TABLE, free_blocks, kfrag_value_opt(row->free_blocks),          \
	       "free blocks of exactly this order")                            \
	NUMBER(TABLE, unusable_permille,                                       \
	       kfrag_value_opt(row->unusable_permille),                        \
	       "share of the free memory in smaller blocks")                   \
	NUMBER(TABLE, fragmentation_permille,                                  \
	       kfrag_value_signed_opt(row->fragmentation_known,                \
				      row->fragmentation_permille),            \
	       "a request fails: 1000 cut up, 0 too little memory")            \
	NUMBER(TABLE, bitmap_bits, kfrag_value_unsigned(row->bitmap_bits),     \
	       "bits of this order's bitmap, as allocated")

#define CACHE_VALUE(table, column, expression, text)                           \
	KFRAG_COLUMN_VALUE(table, struct kfrag_cache_row, column, expression)
#define TOTAL_VALUE(table, column, expression, text)                           \
	KFRAG_COLUMN_VALUE(table, struct kfrag_total_row, column, expression)
#define ORDER_VALUE(table, column, expression, text)                           \
	KFRAG_COLUMN_VALUE(table, struct kfrag_order_row, column, expression)

CACHE_COLUMNS(cache, CACHE_VALUE, CACHE_VALUE)
TOTAL_COLUMNS(total, TOTAL_VALUE, TOTAL_VALUE)
ORDER_COLUMNS(order, ORDER_VALUE, ORDER_VALUE)

static const struct kfrag_column cache_columns[] = { CACHE_COLUMNS(
	cache, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };
static const struct kfrag_column total_columns[] = { TOTAL_COLUMNS(
	total, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };
static const struct kfrag_column order_columns[] = { ORDER_COLUMNS(
	order, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };

const struct kfrag_column_set *kfrag_table_columns(enum kfrag_table_kind kind)
{
	static const struct kfrag_column_set sets[KFRAG_NR_TABLES] = {
		[KFRAG_TABLE_CACHES] = { "caches",
					 KFRAG_COLUMN_ARRAY(cache_columns), 1,
					 kfrag_rules_caches },
		[KFRAG_TABLE_TOTALS] = { "totals",
					 KFRAG_COLUMN_ARRAY(total_columns), 2,
					 kfrag_rules_totals },
		[KFRAG_TABLE_ORDERS] = { "orders",
					 KFRAG_COLUMN_ARRAY(order_columns), 3,
					 kfrag_rules_orders },
	};

	assert((unsigned)kind < KFRAG_NR_TABLES);
	return &sets[kind];
}

const char *kfrag_table_text(enum kfrag_table_kind kind)
{
	return kfrag_table_columns(kind)->name;
}

const struct kfrag_column *kfrag_columns(enum kfrag_table_kind kind,
					 size_t *nr_columns)
{
	const struct kfrag_column_set *set = kfrag_table_columns(kind);

	*nr_columns = set->nr_columns;
	return set->columns;
}

const struct kfrag_column *
kfrag_column_set_find(const struct kfrag_column_set *set, const char *name,
		      size_t name_bytes)
{
	for (size_t i = 0; i < set->nr_columns; i++)
		if (strlen(set->columns[i].name) == name_bytes &&
		    memcmp(set->columns[i].name, name, name_bytes) == 0)
			return &set->columns[i];
	return NULL;
}

const struct kfrag_column *kfrag_column_find(enum kfrag_table_kind kind,
					     const char *name)
{
	return kfrag_column_set_find(kfrag_table_columns(kind), name,
				     strlen(name));
}
