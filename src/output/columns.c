// SPDX-License-Identifier: MIT
/*
 * The output contract: the columns of the three tables. Each is one line of a
 * list, from which both its value function and its entry in the table are
 * made, so that a name and its value cannot part. `row` is the row.
 */
#include "kfrag/columns.h"

#include <assert.h>
#include <string.h>

static struct kfrag_value number(uint64_t value)
{
	return (struct kfrag_value){ .kind = KFRAG_VALUE_UNSIGNED,
				     .number = value };
}

static struct kfrag_value maybe(struct kfrag_opt value)
{
	return (struct kfrag_value){ .kind = value.known ?
						     KFRAG_VALUE_UNSIGNED :
						     KFRAG_VALUE_UNKNOWN,
				     .number = value.value };
}

static struct kfrag_value maybe_signed(bool known, int64_t value)
{
	return (struct kfrag_value){ .kind = known ? KFRAG_VALUE_SIGNED :
						     KFRAG_VALUE_UNKNOWN,
				     .signed_number = known ? value : 0 };
}

static struct kfrag_value bytes_text(const char *text, size_t text_bytes)
{
	return (struct kfrag_value){ .kind = KFRAG_VALUE_BYTES_TEXT,
				     .text = text,
				     .text_bytes = text_bytes };
}

static struct kfrag_value word(const char *text)
{
	return (struct kfrag_value){ .kind = KFRAG_VALUE_WORD,
				     .text = text,
				     .text_bytes = strlen(text) };
}

/* TEXT or NUMBER(name, value, help) */
#define CACHE_COLUMNS(TEXT, NUMBER)                                            \
	TEXT(name, bytes_text(row->name, row->name_bytes),                     \
	     "name of the cache")                                              \
	NUMBER(size_bytes, number(row->size_bytes),                            \
	       "size of a slot: object, alignment and metadata")               \
	NUMBER(active_objs, number(row->active_objs),                          \
	       "objects in use, by the file (an upper bound)")                 \
	NUMBER(num_objs, number(row->num_objs),                                \
	       "objects in use or idle, by the file")                          \
	NUMBER(objs_per_slab, number(row->objs_per_slab), "slots of a slab")   \
	NUMBER(slab_order, number(row->slab_order),                            \
	       "log2 of the pages of a slab")                                  \
	NUMBER(num_slabs, number(row->num_slabs),                              \
	       "slabs that the kernel holds, by the file")                     \
	NUMBER(kernel_held_bytes, number(row->kernel_held_bytes),              \
	       "num_slabs x slab bytes")                                       \
	NUMBER(kernel_idle_bytes, number(row->kernel_idle_bytes),              \
	       "(num_objs - active_objs) x size_bytes")                        \
	NUMBER(kernel_tail_bytes, maybe_signed(true, row->kernel_tail_bytes),  \
	       "kernel_held_bytes - num_objs x size_bytes")                    \
	NUMBER(buddy_order, number(row->buddy_order),                          \
	       "log2 of the pages of an object's own block")                   \
	NUMBER(buddy_peak_held_bytes, number(row->buddy_peak_held_bytes),      \
	       "blocks of all num_objs objects, buddy only")                   \
	NUMBER(buddy_peak_internal_bytes,                                      \
	       number(row->buddy_peak_internal_bytes),                         \
	       "buddy_peak_held_bytes - their objects x size_bytes")           \
	NUMBER(buddy_held_bytes, number(row->buddy_held_bytes),                \
	       "blocks of the active_objs that stay, buddy only")              \
	NUMBER(buddy_internal_bytes, number(row->buddy_internal_bytes),        \
	       "buddy_held_bytes - their objects x size_bytes")                \
	NUMBER(buddy_failed_objs, number(row->buddy_failed_objs),              \
	       "objects that found no block, buddy only")                      \
	NUMBER(slab_slabs, number(row->slab_slabs),                            \
	       "slabs held by the active_objs that stay")                      \
	NUMBER(slab_held_bytes, number(row->slab_held_bytes),                  \
	       "slab_slabs x slab bytes")                                      \
	NUMBER(slab_idle_bytes, number(row->slab_idle_bytes),                  \
	       "free slots of these slabs x size_bytes")                       \
	NUMBER(slab_tail_bytes, number(row->slab_tail_bytes),                  \
	       "slab_held_bytes - all slots x size_bytes")                     \
	NUMBER(slab_failed_objs, number(row->slab_failed_objs),                \
	       "objects that found no slot")

#define TOTAL_COLUMNS(TEXT, NUMBER)                                            \
	TEXT(allocator, word(kfrag_allocator_text(row->allocator)),            \
	     "buddy (only), slab (on a buddy), kernel (the file)")             \
	TEXT(state, word(kfrag_state_text(row->state)),                        \
	     "peak (num_objs live), settled (active_objs live)")               \
	NUMBER(live_objs, number(row->live_objs),                              \
	       "objects that have their place")                                \
	NUMBER(live_bytes, number(row->live_bytes),                            \
	       "live objects x their size_bytes")                              \
	NUMBER(held_bytes, number(row->held_bytes),                            \
	       "all blocks, or all slabs")                                     \
	NUMBER(internal_bytes, maybe(row->internal_bytes),                     \
	       "held_bytes - live_bytes; of buddy only")                       \
	NUMBER(idle_bytes, maybe(row->idle_bytes),                             \
	       "free slots x their size_bytes")                                \
	NUMBER(tail_bytes, maybe_signed(row->tail_known, row->tail_bytes),     \
	       "held_bytes - live_bytes - idle_bytes")                         \
	NUMBER(free_bytes, maybe(row->free_bytes),                             \
	       "memory_bytes - held_bytes")                                    \
	NUMBER(free_blocks, maybe(row->free_blocks),                           \
	       "free blocks of all orders")                                    \
	NUMBER(largest_free_bytes, maybe(row->largest_free_bytes),             \
	       "the largest free block")                                       \
	NUMBER(external_permille, maybe(row->external_permille),               \
	       "1000 x (free - largest free block) / free")                    \
	NUMBER(bitmap_bytes, maybe(row->bitmap_bytes),                         \
	       "bitmaps of the allocator, as allocated")                       \
	NUMBER(bookkeeping_bytes, maybe(row->bookkeeping_bytes),               \
	       "its other bookkeeping, as allocated")                          \
	NUMBER(memory_bytes, maybe(row->memory_bytes),                         \
	       "the memory that it manages")                                   \
	NUMBER(failed_objs, maybe(row->failed_objs),                           \
	       "objects that did not fit, since the start")                    \
	NUMBER(failed_fragmented_objs, maybe(row->failed_fragmented_objs),     \
	       "those of them for which enough was free in total")

#define ORDER_COLUMNS(TEXT, NUMBER)                                            \
	TEXT(allocator, word(kfrag_allocator_text(row->allocator)),            \
	     "buddy (only), slab (on a buddy)")                                \
	TEXT(state, word(kfrag_state_text(row->state)),                        \
	     "peak (num_objs live), settled (active_objs live)")               \
	NUMBER(order, number(row->order), "log2 of the pages of a block")      \
	NUMBER(block_bytes, number(row->block_bytes),                          \
	       "size of a block of this order")                                \
	NUMBER(free_blocks, maybe(row->free_blocks),                           \
	       "free blocks of exactly this order")                            \
	NUMBER(unusable_permille, maybe(row->unusable_permille),               \
	       "share of the free memory in smaller blocks")                   \
	NUMBER(fragmentation_permille,                                         \
	       maybe_signed(row->fragmentation_known,                          \
			    row->fragmentation_permille),                      \
	       "a request fails: 1000 cut up, 0 too little memory")            \
	NUMBER(bitmap_bits, number(row->bitmap_bits),                          \
	       "bits of this order's bitmap, as allocated")

#define CACHE_VALUE(column, expression, text)                                  \
	static struct kfrag_value cache_##column(const void *any)              \
	{                                                                      \
		const struct kfrag_cache_row *row = any;                       \
                                                                               \
		return expression;                                             \
	}
#define TOTAL_VALUE(column, expression, text)                                  \
	static struct kfrag_value total_##column(const void *any)              \
	{                                                                      \
		const struct kfrag_total_row *row = any;                       \
                                                                               \
		return expression;                                             \
	}
#define ORDER_VALUE(column, expression, text)                                  \
	static struct kfrag_value order_##column(const void *any)              \
	{                                                                      \
		const struct kfrag_order_row *row = any;                       \
                                                                               \
		return expression;                                             \
	}

CACHE_COLUMNS(CACHE_VALUE, CACHE_VALUE)
TOTAL_COLUMNS(TOTAL_VALUE, TOTAL_VALUE)
ORDER_COLUMNS(ORDER_VALUE, ORDER_VALUE)

#define CACHE_TEXT(column, expression, text)                                   \
	{ #column, text, cache_##column, true },
#define CACHE_NUMBER(column, expression, text)                                 \
	{ #column, text, cache_##column, false },
#define TOTAL_TEXT(column, expression, text)                                   \
	{ #column, text, total_##column, true },
#define TOTAL_NUMBER(column, expression, text)                                 \
	{ #column, text, total_##column, false },
#define ORDER_TEXT(column, expression, text)                                   \
	{ #column, text, order_##column, true },
#define ORDER_NUMBER(column, expression, text)                                 \
	{ #column, text, order_##column, false },

static const struct kfrag_column cache_columns[] = { CACHE_COLUMNS(
	CACHE_TEXT, CACHE_NUMBER) };
static const struct kfrag_column total_columns[] = { TOTAL_COLUMNS(
	TOTAL_TEXT, TOTAL_NUMBER) };
static const struct kfrag_column order_columns[] = { ORDER_COLUMNS(
	ORDER_TEXT, ORDER_NUMBER) };

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *text;
	const struct kfrag_column *columns;
	size_t nr_columns;
} tables[KFRAG_NR_TABLES] = {
	[KFRAG_TABLE_CACHES] = { "caches", cache_columns,
				 LENGTH(cache_columns) },
	[KFRAG_TABLE_TOTALS] = { "totals", total_columns,
				 LENGTH(total_columns) },
	[KFRAG_TABLE_ORDERS] = { "orders", order_columns,
				 LENGTH(order_columns) },
};

const char *kfrag_table_text(enum kfrag_table_kind kind)
{
	assert((unsigned)kind < KFRAG_NR_TABLES);
	return tables[kind].text;
}

const struct kfrag_column *kfrag_columns(enum kfrag_table_kind kind,
					 size_t *nr_columns)
{
	assert((unsigned)kind < KFRAG_NR_TABLES);
	*nr_columns = tables[kind].nr_columns;
	return tables[kind].columns;
}

const struct kfrag_column *kfrag_column_find(enum kfrag_table_kind kind,
					     const char *name)
{
	size_t nr_columns;
	const struct kfrag_column *columns = kfrag_columns(kind, &nr_columns);

	for (size_t i = 0; i < nr_columns; i++)
		if (strcmp(columns[i].name, name) == 0)
			return &columns[i];
	return NULL;
}
