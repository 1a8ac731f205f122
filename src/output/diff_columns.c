// SPDX-License-Identifier: MIT
/*
 * The columns and sort keys of a comparison. A measure is one line of a list,
 * from which its three columns are made; `row` is the row of a report.
 */
#include <assert.h>
#include <string.h>

#include "kfrag/arith.h"
#include "kfrag/diff.h"
#include "output/column_list.h"
#include "output/column_rules.h"
#include "output/sort_keys.h"

static struct kfrag_value plain(uint64_t number)
{
	return kfrag_value_unsigned(number);
}

static struct kfrag_value active_slabs(const struct kfrag_cache_row *row)
{
	return row->active_slabs_unknown ? kfrag_value_unknown() :
					   plain(row->active_slabs);
}

/* MEASURE(name, value) */
#define CACHE_MEASURES(MEASURE)                                                \
	MEASURE(active_objs, plain(row->active_objs))                          \
	MEASURE(num_objs, plain(row->num_objs))                                \
	MEASURE(num_slabs, plain(row->num_slabs))                              \
	MEASURE(kernel_held_bytes, plain(row->kernel_held_bytes))              \
	MEASURE(kernel_idle_bytes, plain(row->kernel_idle_bytes))              \
	MEASURE(kernel_tail_bytes, kfrag_value_signed(row->kernel_tail_bytes)) \
	MEASURE(buddy_held_bytes, plain(row->buddy_held_bytes))                \
	MEASURE(buddy_internal_bytes, plain(row->buddy_internal_bytes))        \
	MEASURE(slab_held_bytes, plain(row->slab_held_bytes))                  \
	MEASURE(slab_idle_bytes, plain(row->slab_idle_bytes))                  \
	MEASURE(slab_tail_bytes, plain(row->slab_tail_bytes))                  \
	MEASURE(size_bytes, plain(row->size_bytes))                            \
	MEASURE(objs_per_slab, plain(row->objs_per_slab))                      \
	MEASURE(slab_order, plain(row->slab_order))                            \
	MEASURE(active_slabs, active_slabs(row))

#define TOTAL_MEASURES(MEASURE)                                                \
	MEASURE(live_objs, plain(row->live_objs))                              \
	MEASURE(live_bytes, plain(row->live_bytes))                            \
	MEASURE(held_bytes, plain(row->held_bytes))                            \
	MEASURE(internal_bytes, kfrag_value_opt(row->internal_bytes))          \
	MEASURE(idle_bytes, kfrag_value_opt(row->idle_bytes))                  \
	MEASURE(tail_bytes,                                                    \
		kfrag_value_signed_opt(row->tail_known, row->tail_bytes))      \
	MEASURE(free_bytes, kfrag_value_opt(row->free_bytes))                  \
	MEASURE(free_blocks, kfrag_value_opt(row->free_blocks))                \
	MEASURE(largest_free_bytes, kfrag_value_opt(row->largest_free_bytes))  \
	MEASURE(external_permille, kfrag_value_opt(row->external_permille))    \
	MEASURE(bitmap_bytes, kfrag_value_opt(row->bitmap_bytes))              \
	MEASURE(bookkeeping_bytes, kfrag_value_opt(row->bookkeeping_bytes))    \
	MEASURE(memory_bytes, kfrag_value_opt(row->memory_bytes))              \
	MEASURE(failed_objs, kfrag_value_opt(row->failed_objs))                \
	MEASURE(failed_fragmented_objs,                                        \
		kfrag_value_opt(row->failed_fragmented_objs))

static struct kfrag_value difference(const struct kfrag_value *old_value,
				     const struct kfrag_value *new_value)
{
	if (old_value->kind == KFRAG_VALUE_SIGNED ||
	    new_value->kind == KFRAG_VALUE_SIGNED)
		return kfrag_value_signed(kfrag_difference_i64(
			new_value->signed_number, old_value->signed_number));
	return kfrag_value_signed(
		kfrag_difference_u64(new_value->number, old_value->number));
}

/* The row that is not there is 0; a figure that is unknown is not. */
static bool is_unknown(const void *row, const struct kfrag_value *value)
{
	return row && value->kind == KFRAG_VALUE_UNKNOWN;
}

#define MEASURE_VALUES(kind, column, expression)                               \
	static struct kfrag_value kind##_##column(                             \
		const struct kfrag_##kind##_row *row)                          \
	{                                                                      \
		return row ? (expression) : kfrag_value_unknown();             \
	}                                                                      \
	static struct kfrag_value kind##_old_##column(const void *any)         \
	{                                                                      \
		const struct kfrag_##kind##_pair *pair = any;                  \
                                                                               \
		return kind##_##column(pair->old_row);                         \
	}                                                                      \
	static struct kfrag_value kind##_new_##column(const void *any)         \
	{                                                                      \
		const struct kfrag_##kind##_pair *pair = any;                  \
                                                                               \
		return kind##_##column(pair->new_row);                         \
	}                                                                      \
	static struct kfrag_value kind##_delta_##column(const void *any)       \
	{                                                                      \
		const struct kfrag_##kind##_pair *pair = any;                  \
		struct kfrag_value old_value = kind##_old_##column(any);       \
		struct kfrag_value new_value = kind##_new_##column(any);       \
                                                                               \
		if (is_unknown(pair->old_row, &old_value) ||                   \
		    is_unknown(pair->new_row, &new_value))                     \
			return kfrag_value_unknown();                          \
		return difference(&old_value, &new_value);                     \
	}

#define CACHE_VALUES(column, expression)                                       \
	MEASURE_VALUES(cache, column, expression)
#define TOTAL_VALUES(column, expression)                                       \
	MEASURE_VALUES(total, column, expression)

CACHE_MEASURES(CACHE_VALUES)
TOTAL_MEASURES(TOTAL_VALUES)

/* The new one's where there are both, as it is what is there now. */
static const struct kfrag_cache_row *shown_row(const void *any)
{
	const struct kfrag_cache_pair *pair = any;

	return pair->new_row ? pair->new_row : pair->old_row;
}

static struct kfrag_value cache_name(const void *any)
{
	const struct kfrag_cache_row *row = shown_row(any);

	return kfrag_value_name(row->name, row->name_bytes);
}

static struct kfrag_value cache_shown_size(const void *any)
{
	return plain(shown_row(any)->size_bytes);
}

static struct kfrag_value cache_status(const void *any)
{
	const struct kfrag_cache_pair *pair = any;

	return kfrag_value_word(kfrag_status_text(pair->status));
}

static struct kfrag_value total_allocator(const void *any)
{
	const struct kfrag_total_pair *pair = any;

	return kfrag_value_word(kfrag_allocator_text(pair->new_row->allocator));
}

static struct kfrag_value total_state(const void *any)
{
	const struct kfrag_total_pair *pair = any;

	return kfrag_value_word(kfrag_state_text(pair->new_row->state));
}

static struct kfrag_value total_status(const void *any)
{
	const struct kfrag_total_pair *pair = any;

	return kfrag_value_word(kfrag_status_text(pair->status));
}

#define MEASURE_COLUMNS(kind, column)                                          \
	{ "old_" #column, #column " of OLD", kind##_old_##column, false },     \
		{ "new_" #column, #column " of NEW", kind##_new_##column,      \
		  false },                                                     \
		{ "delta_" #column, "new_" #column " - old_" #column,          \
		  kind##_delta_##column, false },
#define CACHE_COLUMNS(column, expression) MEASURE_COLUMNS(cache, column)
#define TOTAL_COLUMNS(column, expression) MEASURE_COLUMNS(total, column)

static const struct kfrag_column cache_columns[] = {
	{ "name", "name of the cache", cache_name, true },
	{ "size_bytes", "size of a slot, the new one where it changed",
	  cache_shown_size, false },
	{ "status", "same, changed, new or gone, by the files alone",
	  cache_status, true },
	CACHE_MEASURES(CACHE_COLUMNS)
};

static const struct kfrag_column total_columns[] = {
	{ "allocator", "buddy (only), slab (on a buddy), kernel (the file)",
	  total_allocator, true },
	{ "state", "peak (num_objs live), settled (active_objs live)",
	  total_state, true },
	{ "status", "same or changed, by all figures of the row", total_status,
	  true },
	TOTAL_MEASURES(TOTAL_COLUMNS)
};

const struct kfrag_column_set *kfrag_diff_columns(enum kfrag_diff_kind kind)
{
	static const struct kfrag_column_set sets[KFRAG_NR_DIFFS] = {
		[KFRAG_DIFF_CACHES] = { "caches",
					KFRAG_COLUMN_ARRAY(cache_columns), 1,
					kfrag_rules_diff_caches },
		[KFRAG_DIFF_TOTALS] = { "totals",
					KFRAG_COLUMN_ARRAY(total_columns), 2,
					kfrag_rules_diff_totals },
	};

	assert((unsigned)kind < KFRAG_NR_DIFFS);
	return &sets[kind];
}

static bool differs(const void *any)
{
	const struct kfrag_cache_pair *pair = any;

	return pair->status != KFRAG_SAME;
}

void kfrag_diff_selection_drop_same(struct kfrag_selection *selection)
{
	kfrag_selection_keep(selection, differs);
}

/* ----------------------------------------------------------- sort keys */

static struct kfrag_value magnitude(struct kfrag_value value)
{
	if (value.kind != KFRAG_VALUE_SIGNED)
		return value;
	return plain(kfrag_magnitude(value.signed_number));
}

#define CHANGE_VALUE(column, expression)                                       \
	static struct kfrag_value change_##column(const void *any)             \
	{                                                                      \
		return magnitude(cache_delta_##column(any));                   \
	}

CACHE_MEASURES(CHANGE_VALUE)

static struct kfrag_value change_waste(const void *any)
{
	int64_t idle = cache_delta_kernel_idle_bytes(any).signed_number;
	int64_t tail = cache_delta_kernel_tail_bytes(any).signed_number;
	uint64_t a = kfrag_magnitude(idle), b = kfrag_magnitude(tail), sum;

	if ((idle < 0) != (tail < 0))
		return plain(a > b ? a - b : b - a);
	return plain(kfrag_add_u64(a, b, &sum) ? sum : UINT64_MAX);
}

static uint64_t use_of(const struct kfrag_cache_row *row)
{
	if (!row)
		return 0;
	return kfrag_value_share(row->active_objs, row->num_objs).number;
}

static struct kfrag_value change_use(const void *any)
{
	const struct kfrag_cache_pair *pair = any;
	uint64_t a = use_of(pair->old_row), b = use_of(pair->new_row);

	return plain(a > b ? a - b : b - a);
}

static const struct kfrag_sort_key keys[] = {
	{ 0, "change", "bytes held (kernel_held_bytes); the default",
	  change_kernel_held_bytes, false },
	{ 0, "waste", "kernel_idle_bytes + kernel_tail_bytes", change_waste,
	  false },
	{ 'a', "active", "objects in use (active_objs)", change_active_objs,
	  false },
	{ 'b', "objs-per-slab", "objects per slab (objs_per_slab)",
	  change_objs_per_slab, false },
	{ 'c', "cache-size", "the same as change", change_kernel_held_bytes,
	  false },
	{ 'l', "slabs", "number of slabs (num_slabs)", change_num_slabs,
	  false },
	{ 'v', "active-slabs", "slabs in use, by the file", change_active_slabs,
	  false },
	{ 'n', "name", "name of the cache, by bytes", cache_name, true },
	{ 'o', "objs", "objects in use or idle (num_objs)", change_num_objs,
	  false },
	{ 'p', "pages-per-slab", "pages of a slab (slab_order)",
	  change_slab_order, false },
	{ 's', "size", "size of an object (size_bytes), not its change",
	  cache_shown_size, false },
	{ 'u', "use", "active_objs / num_objs", change_use, false },
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

const struct kfrag_sort_key *kfrag_diff_sort_keys(size_t *nr_keys)
{
	*nr_keys = LENGTH(keys);
	return keys;
}

/* A measure by its bare name is its change; old_X, new_X, delta_X are columns. */
#define CHANGE_KEY(column, expression)                                         \
	{ 0, #column, "|delta_" #column "|", change_##column, false },

static const struct kfrag_sort_key measure_keys[] = { CACHE_MEASURES(
	CHANGE_KEY) };

bool kfrag_diff_sort_key_find(const char *text, struct kfrag_sort_key *key)
{
	const struct kfrag_column_set *set =
		kfrag_diff_columns(KFRAG_DIFF_CACHES);

	return kfrag_sort_key_pick(keys, LENGTH(keys), set, text, key) ||
	       kfrag_sort_key_pick(measure_keys, LENGTH(measure_keys), set,
				   text, key);
}

/* Equal changes then stand in the order of their names. */
static enum kfrag_error select_caches(struct kfrag_selection *selection,
				      const struct kfrag_comparison *comparison)
{
	enum kfrag_error error = kfrag_selection_init_rows(
		selection, kfrag_diff_columns(KFRAG_DIFF_CACHES),
		comparison->caches, comparison->nr_caches,
		sizeof(*comparison->caches));
	struct kfrag_sort_key key;

	if (!error && kfrag_diff_sort_key_find("name", &key))
		error = kfrag_selection_sort(selection, &key);
	if (error)
		kfrag_selection_release(selection);
	return error;
}

enum kfrag_error
kfrag_diff_selection_init(struct kfrag_selection *selection,
			  const struct kfrag_comparison *comparison,
			  enum kfrag_diff_kind kind)
{
	if (kind == KFRAG_DIFF_CACHES)
		return select_caches(selection, comparison);
	return kfrag_selection_init_rows(selection, kfrag_diff_columns(kind),
					 comparison->totals,
					 comparison->nr_totals,
					 sizeof(*comparison->totals));
}
