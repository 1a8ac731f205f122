// SPDX-License-Identifier: MIT
/* The columns of boundaries, lists as in column_list.h. */
#include <assert.h>

#include "kfrag/arith.h"
#include "kfrag/boundary_output.h"
#include "output/column_list.h"
#include "output/column_rules.h"
#include "output/sort_keys.h"
#include "output/values.h"

static struct kfrag_value plain(uint64_t number)
{
	return kfrag_value_unsigned(number);
}

/* TEXT or NUMBER(name, value, help) */
#define COMMON_COLUMNS(TABLE, TEXT, NUMBER)                                    \
	TEXT(TABLE, name,                                                      \
	     kfrag_value_name(row->record->name, row->record->name_bytes),     \
	     "name of the cache")                                              \
	NUMBER(TABLE, size_bytes, plain(row->record->size_bytes),              \
	       "size of a slot")                                               \
	NUMBER(TABLE, num_objs, plain(row->record->num_objs),                  \
	       "objects in use or idle: the population")                       \
	NUMBER(TABLE, objs_per_slab, plain(row->now.objs_per_slab),            \
	       "slots of a slab")                                              \
	NUMBER(TABLE, slab_order, plain(row->now.order),                       \
	       "log2 of the pages of a slab")                                  \
	NUMBER(TABLE, num_slabs, plain(row->now.num_slabs),                    \
	       "slabs for num_objs")                                           \
	NUMBER(TABLE, held_bytes, plain(row->now.held_bytes),                  \
	       "bytes of these slabs")

#define SIZE_COLUMNS(TABLE, TEXT, NUMBER)                                      \
	COMMON_COLUMNS(TABLE, TEXT, NUMBER)                                    \
	NUMBER(TABLE, new_size_bytes, plain(row->size_bytes),                  \
	       "a smaller slot, with another slab")                            \
	NUMBER(TABLE, shaved_bytes, plain(row->shaved_bytes),                  \
	       "to be taken off the object for that")                          \
	NUMBER(TABLE, new_objs_per_slab, plain(row->then.objs_per_slab),       \
	       "slots of a slab then")                                         \
	NUMBER(TABLE, new_slab_order, plain(row->then.order),                  \
	       "log2 of the pages of a slab then")                             \
	NUMBER(TABLE, new_num_slabs, plain(row->then.num_slabs),               \
	       "slabs for num_objs then")                                      \
	NUMBER(TABLE, new_held_bytes, plain(row->then.held_bytes),             \
	       "bytes of these slabs")                                         \
	NUMBER(TABLE, won_bytes, kfrag_value_signed(row->won_bytes),           \
	       "held_bytes - new_held_bytes")                                  \
	NUMBER(TABLE, won_per_shaved_byte,                                     \
	       kfrag_value_signed(kfrag_boundary_yield(row)),                  \
	       "won_bytes / shaved_bytes, towards 0")

#define ORDER_COLUMNS(TABLE, TEXT, NUMBER)                                     \
	COMMON_COLUMNS(TABLE, TEXT, NUMBER)                                    \
	NUMBER(TABLE, best_slab_order, plain(row->best.order),                 \
	       "order of slabs that takes least")                              \
	NUMBER(TABLE, best_objs_per_slab, plain(row->best.objs_per_slab),      \
	       "slots of a slab of that order")                                \
	NUMBER(TABLE, best_num_slabs, plain(row->best.num_slabs),              \
	       "slabs for num_objs of that order")                             \
	NUMBER(TABLE, best_held_bytes, plain(row->best.held_bytes),            \
	       "bytes of these slabs")                                         \
	NUMBER(TABLE, won_bytes, plain(row->won_bytes),                        \
	       "held_bytes - best_held_bytes")

#define SIZE_VALUE(table, column, expression, text)                            \
	KFRAG_COLUMN_VALUE(table, struct kfrag_boundary, column, expression)
#define ORDER_VALUE(table, column, expression, text)                           \
	KFRAG_COLUMN_VALUE(table, struct kfrag_best_order, column, expression)

SIZE_COLUMNS(size, SIZE_VALUE, SIZE_VALUE)
ORDER_COLUMNS(order, ORDER_VALUE, ORDER_VALUE)

static const struct kfrag_column size_columns[] = { SIZE_COLUMNS(
	size, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };
static const struct kfrag_column order_columns[] = { ORDER_COLUMNS(
	order, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

const struct kfrag_column_set *
kfrag_boundary_columns(enum kfrag_boundary_table table)
{
	static const struct kfrag_column_set sets[KFRAG_NR_BOUNDARY_TABLES] = {
		[KFRAG_BOUNDARY_SIZES] = { "sizes",
					   KFRAG_COLUMN_ARRAY(size_columns), 1,
					   kfrag_rules_boundary_sizes },
		[KFRAG_BOUNDARY_ORDERS] = { "orders",
					    KFRAG_COLUMN_ARRAY(order_columns),
					    1, kfrag_rules_boundary_orders },
	};

	assert((unsigned)table < KFRAG_NR_BOUNDARY_TABLES);
	return &sets[table];
}

enum kfrag_error
kfrag_boundary_selection_init(struct kfrag_selection *selection,
			      const struct kfrag_boundaries *boundaries,
			      enum kfrag_boundary_table table)
{
	const struct kfrag_column_set *set = kfrag_boundary_columns(table);

	if (table == KFRAG_BOUNDARY_SIZES)
		return kfrag_selection_init_rows(selection, set,
						 boundaries->sizes,
						 boundaries->nr_sizes,
						 sizeof(*boundaries->sizes));
	return kfrag_selection_init_rows(selection, set, boundaries->orders,
					 boundaries->nr_orders,
					 sizeof(*boundaries->orders));
}

static bool wins(const void *any)
{
	const struct kfrag_boundary *row = any;

	return row->won_bytes > 0;
}

void kfrag_boundary_selection_drop_idle(struct kfrag_selection *selection)
{
	kfrag_selection_keep(selection, wins);
}

bool kfrag_boundary_sort_key_find(const char *text, struct kfrag_sort_key *key)
{
	static const struct kfrag_sort_key keys[] = {
		{ 0, "yield", "bytes won per byte shaved",
		  size_won_per_shaved_byte, false },
	};

	return kfrag_sort_key_pick(keys, LENGTH(keys),
				   kfrag_boundary_columns(KFRAG_BOUNDARY_SIZES),
				   text, key);
}
