// SPDX-License-Identifier: MIT
/*
 * Sort keys and sorting. The value of each row is taken once; places in the
 * file break ties, so that qsort() sorts stably.
 */
#include <stdlib.h>
#include <string.h>

#include "kfrag/arith.h"
#include "kfrag/columns.h"
#include "output/sort_keys.h"
#include "output/values.h"

static struct kfrag_value key_active(const void *any)
{
	const struct kfrag_cache_row *row = any;

	return kfrag_value_unsigned(row->active_objs);
}

static struct kfrag_value key_per_slab(const void *any)
{
	const struct kfrag_cache_row *row = any;

	return kfrag_value_unsigned(row->objs_per_slab);
}

static struct kfrag_value key_held(const void *any)
{
	const struct kfrag_cache_row *row = any;

	return kfrag_value_unsigned(row->kernel_held_bytes);
}

static struct kfrag_value key_slabs(const void *any)
{
	const struct kfrag_cache_row *row = any;

	return kfrag_value_unsigned(row->num_slabs);
}

static struct kfrag_value key_active_slabs(const void *any)
{
	const struct kfrag_cache_row *row = any;

	return kfrag_value_unsigned(row->active_slabs);
}

static struct kfrag_value key_name(const void *any)
{
	const struct kfrag_cache_row *row = any;

	return kfrag_value_name(row->name, row->name_bytes);
}

static struct kfrag_value key_objs(const void *any)
{
	const struct kfrag_cache_row *row = any;

	return kfrag_value_unsigned(row->num_objs);
}

static struct kfrag_value key_pages(const void *any)
{
	const struct kfrag_cache_row *row = any;

	return kfrag_value_unsigned(row->slab_order);
}

static struct kfrag_value key_size(const void *any)
{
	const struct kfrag_cache_row *row = any;

	return kfrag_value_unsigned(row->size_bytes);
}

static struct kfrag_value key_use(const void *any)
{
	const struct kfrag_cache_row *row = any;

	return kfrag_value_share(row->active_objs, row->num_objs);
}

static struct kfrag_value key_waste(const void *any)
{
	const struct kfrag_cache_row *row = any;
	uint64_t idle = row->kernel_idle_bytes, sum;
	uint64_t tail = (uint64_t)row->kernel_tail_bytes;

	if (row->kernel_tail_bytes < 0) {
		if (idle >= 0 - tail)
			return kfrag_value_unsigned(idle + tail);
		/* Above -2^63, since the tail is no lower than that. */
		return kfrag_value_signed(row->kernel_tail_bytes +
					  (int64_t)idle);
	}
	if (!kfrag_add_u64(idle, tail, &sum))
		return kfrag_value_unsigned(UINT64_MAX);
	return kfrag_value_unsigned(sum);
}

static const struct kfrag_sort_key keys[] = {
	{ 0, "waste", "kernel_idle_bytes + kernel_tail_bytes", key_waste,
	  false },
	{ 'a', "active", "objects in use (active_objs)", key_active, false },
	{ 'b', "objs-per-slab", "objects per slab (objs_per_slab)",
	  key_per_slab, false },
	{ 'c', "cache-size", "bytes held (kernel_held_bytes)", key_held,
	  false },
	{ 'l', "slabs", "number of slabs (num_slabs)", key_slabs, false },
	{ 'v', "active-slabs", "slabs in use, by the file", key_active_slabs,
	  false },
	{ 'n', "name", "name of the cache, by bytes", key_name, true },
	{ 'o', "objs", "objects in use or idle (num_objs)", key_objs, false },
	{ 'p', "pages-per-slab", "pages of a slab (slab_order)", key_pages,
	  false },
	{ 's', "size", "size of an object (size_bytes)", key_size, false },
	{ 'u', "use", "active_objs / num_objs", key_use, false },
};

#define NR_KEYS (sizeof(keys) / sizeof(keys[0]))

const struct kfrag_sort_key *kfrag_sort_keys(size_t *nr_keys)
{
	*nr_keys = NR_KEYS;
	return keys;
}

bool kfrag_sort_key_pick(const struct kfrag_sort_key *list, size_t nr_keys,
			 const struct kfrag_column_set *set, const char *text,
			 struct kfrag_sort_key *key)
{
	const struct kfrag_column *column;

	for (size_t i = 0; i < nr_keys; i++) {
		bool is_letter = list[i].letter && text[0] == list[i].letter &&
				 text[1] == '\0';

		if (is_letter || strcmp(text, list[i].word) == 0) {
			*key = list[i];
			return true;
		}
	}
	column = kfrag_column_set_find(set, text, strlen(text));
	*key = (struct kfrag_sort_key){ 0 };
	if (!column)
		return false;
	*key = (struct kfrag_sort_key){ .word = column->name,
					.help = column->help,
					.value = column->value,
					.ascending = column->is_text };
	return true;
}

bool kfrag_sort_key_find(const char *text, struct kfrag_sort_key *key)
{
	return kfrag_sort_key_pick(keys, NR_KEYS,
				   kfrag_table_columns(KFRAG_TABLE_CACHES),
				   text, key);
}

struct entry {
	struct kfrag_value value;
	size_t place;
	const void *row;
};

static int compare_texts(const struct kfrag_value *a,
			 const struct kfrag_value *b)
{
	size_t common = a->text_bytes < b->text_bytes ? a->text_bytes :
							b->text_bytes;
	int order = common ? memcmp(a->text, b->text, common) : 0;

	if (order)
		return order;
	return (a->text_bytes > b->text_bytes) -
	       (a->text_bytes < b->text_bytes);
}

static bool is_negative(const struct kfrag_value *value)
{
	return value->kind == KFRAG_VALUE_SIGNED && value->signed_number < 0;
}

static uint64_t magnitude(const struct kfrag_value *value)
{
	return value->kind == KFRAG_VALUE_SIGNED ?
		       (uint64_t)value->signed_number :
		       value->number;
}

static int compare_numbers(const struct kfrag_value *a,
			   const struct kfrag_value *b)
{
	uint64_t x = magnitude(a), y = magnitude(b);

	if (is_negative(a) != is_negative(b))
		return is_negative(a) ? -1 : 1;
	/* Two negative ones compare as their two's complements do. */
	return (x > y) - (x < y);
}

/* Both known, and of one column. */
static int compare_values(const struct kfrag_value *a,
			  const struct kfrag_value *b)
{
	if (a->kind == KFRAG_VALUE_BYTES_TEXT || a->kind == KFRAG_VALUE_WORD)
		return compare_texts(a, b);
	return compare_numbers(a, b);
}

/* `sign` is 1 for the smallest first, -1 for the largest first. */
static int compare_entries(const struct entry *a, const struct entry *b,
			   int sign)
{
	bool a_known = a->value.kind != KFRAG_VALUE_UNKNOWN;
	bool b_known = b->value.kind != KFRAG_VALUE_UNKNOWN;
	int order = 0;

	if (a_known != b_known)
		return a_known ? -1 : 1;
	if (a_known)
		order = compare_values(&a->value, &b->value);
	if (order)
		return order < 0 ? -sign : sign;
	return (a->place > b->place) - (a->place < b->place);
}

static int smallest_first(const void *a, const void *b)
{
	return compare_entries(a, b, 1);
}

static int largest_first(const void *a, const void *b)
{
	return compare_entries(a, b, -1);
}

static enum kfrag_error sort_rows(struct kfrag_selection *selection,
				  const struct kfrag_sort_key *key,
				  int (*compare)(const void *, const void *))
{
	size_t nr_rows = selection->nr_rows;
	struct entry *entries;
	const void **rows;

	entries = calloc(nr_rows ? nr_rows : 1, sizeof(*entries));
	rows = calloc(nr_rows ? nr_rows : 1, sizeof(*rows));
	if (!entries || !rows) {
		free(entries);
		free(rows);
		return KFRAG_ENOMEM;
	}
	for (size_t i = 0; i < nr_rows; i++)
		entries[i] = (struct entry){
			.value = key->value(selection->rows[i]),
			.place = i,
			.row = selection->rows[i],
		};
	qsort(entries, nr_rows, sizeof(*entries), compare);
	for (size_t i = 0; i < nr_rows; i++)
		rows[i] = entries[i].row;
	free(entries);
	free((void *)selection->rows);
	selection->rows = rows;
	return KFRAG_OK;
}

enum kfrag_error kfrag_selection_sort(struct kfrag_selection *selection,
				      const struct kfrag_sort_key *key)
{
	return sort_rows(selection, key,
			 key->ascending ? smallest_first : largest_first);
}

enum kfrag_error kfrag_selection_sort_reverse(struct kfrag_selection *selection,
					      const struct kfrag_sort_key *key)
{
	return sort_rows(selection, key,
			 key->ascending ? largest_first : smallest_first);
}
