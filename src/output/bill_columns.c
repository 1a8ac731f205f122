// SPDX-License-Identifier: MIT
/* The columns of bills, and their sort keys. As in columns.c. */
#include <assert.h>

#include "kfrag/arith.h"
#include "kfrag/bill_output.h"
#include "output/column_list.h"
#include "output/column_rules.h"
#include "output/sort_keys.h"
#include "output/values.h"

static struct kfrag_value plain(uint64_t number)
{
	return kfrag_value_unsigned(number);
}

static struct kfrag_value opt(struct kfrag_opt number)
{
	return kfrag_value_opt(number);
}

static struct kfrag_value name_of(const struct kfrag_record *record)
{
	return kfrag_value_name(record->name, record->name_bytes);
}

static struct kfrag_value known(const struct kfrag_bill_total *total,
				int64_t bytes)
{
	return kfrag_value_signed_opt(total->known, bytes);
}

static struct kfrag_value bound(const struct kfrag_bill_total *total,
				int64_t bytes)
{
	return kfrag_value_signed_opt(total->known && total->has_bounds, bytes);
}

static struct kfrag_value split(const struct kfrag_bill_total *total,
				int64_t bytes)
{
	return kfrag_value_signed_opt(total->known && total->has_split, bytes);
}

static struct kfrag_value sure_of(const struct kfrag_bill_total *total)
{
	return total->known ? kfrag_value_word(kfrag_sure_text(total->sure)) :
			      kfrag_value_word("unknown");
}

static struct kfrag_value objs_per_slab(const struct kfrag_record *record)
{
	return record->objs_per_slab ? plain(record->objs_per_slab) :
				       kfrag_value_unknown();
}

static struct kfrag_value order_of(const struct kfrag_record *record)
{
	return plain(kfrag_log2_ceil(record->pages_per_slab));
}

/* Of a size that no slab can hold nothing is predicted. */
static struct kfrag_value predicted(const struct kfrag_geometry_row *row,
				    uint64_t number)
{
	return row->predicted.objs_per_slab ? plain(number) :
					      kfrag_value_unknown();
}

static struct kfrag_value management(const struct kfrag_geometry_row *row)
{
	static const char *const words[] = {
		[KFRAG_MANAGED_BY_PAGE] = "page",
		[KFRAG_MANAGED_ON_SLAB] = "on-slab",
		[KFRAG_MANAGED_OFF_SLAB] = "off-slab",
		[KFRAG_MANAGED_IN_OBJECT] = "in-object",
	};

	return kfrag_value_word(row->predicted.objs_per_slab ?
					words[row->predicted.management] :
					"unknown");
}

#define CACHE_COLUMNS(TABLE, TEXT, NUMBER)                                     \
	TEXT(TABLE, name, name_of(record), "name of the cache")                \
	NUMBER(TABLE, size_bytes, plain(record->size_bytes), "size of a slot") \
	NUMBER(TABLE, live_objs, plain(row->live_objs),                        \
	       "active_objs, at most num_objs")                                \
	NUMBER(TABLE, num_objs, plain(record->num_objs),                       \
	       "objects in use or idle")                                       \
	NUMBER(TABLE, objs_per_slab, objs_per_slab(record), "slots of a slab") \
	NUMBER(TABLE, slab_order, order_of(record),                            \
	       "log2 of the pages of a slab")                                  \
	NUMBER(TABLE, num_slabs, plain(record->num_slabs), "slabs")            \
	NUMBER(TABLE, held_bytes, plain(row->held_bytes),                      \
	       "live + idle + tail + fallback")                                \
	NUMBER(TABLE, live_bytes, plain(row->live_bytes),                      \
	       "live_objs x size_bytes")                                       \
	NUMBER(TABLE, idle_bytes, plain(row->idle_bytes),                      \
	       "(num_objs - live_objs) x size_bytes")                          \
	NUMBER(TABLE, tail_bytes, kfrag_value_signed(row->tail_bytes),         \
	       "num_slabs x slab bytes - num_objs x size_bytes")               \
	NUMBER(TABLE, fallback_bytes,                                          \
	       kfrag_value_signed_opt(row->fallback_slabs.known,               \
				      row->fallback_bytes),                    \
	       "what smaller slabs lack, <= 0")                                \
	NUMBER(TABLE, fallback_slabs, opt(row->fallback_slabs),                \
	       "slabs of the least order, as no other was free")               \
	TEXT(TABLE, sure, kfrag_value_word(kfrag_sure_text(row->sure)),        \
	     "of live_objs: exact, upper-bound, estimate")                     \
	NUMBER(TABLE, live_min_objs, plain(row->live_min_objs),                \
	       "live at least, whatever is parked")                            \
	NUMBER(TABLE, live_max_objs, plain(row->live_max_objs),                \
	       "live at most")                                                 \
	NUMBER(TABLE, idle_min_bytes, plain(row->idle_min_bytes),              \
	       "(num_objs - live_max_objs) x size_bytes")                      \
	NUMBER(TABLE, idle_max_bytes, plain(row->idle_max_bytes),              \
	       "(num_objs - live_min_objs) x size_bytes")                      \
	NUMBER(TABLE, payload_bytes, opt(row->payload_bytes),                  \
	       "live_objs x object_size of sysfs")                             \
	NUMBER(TABLE, loss_bytes, opt(row->loss_bytes),                        \
	       "live_bytes - payload_bytes")                                   \
	NUMBER(TABLE, nr_aliases, opt(row->nr_aliases),                        \
	       "other names merged into the cache")                            \
	NUMBER(TABLE, is_reclaimable, opt(row->is_reclaimable),                \
	       "1 where slabs count as reclaimable")

#define TOTAL_COLUMNS(TABLE, TEXT, NUMBER)                                     \
	TEXT(TABLE, item, kfrag_value_word(kfrag_bill_item_text(row->item)),   \
	     "live .. fallback add up to held, with rest to slab")             \
	NUMBER(TABLE, bytes, known(row, row->bytes), "of all caches")          \
	TEXT(TABLE, sure, sure_of(row),                                        \
	     "exact, upper-bound, lower-bound, estimate, unknown")             \
	NUMBER(TABLE, min_bytes, bound(row, row->min_bytes), "at least")       \
	NUMBER(TABLE, max_bytes, bound(row, row->max_bytes), "at most")        \
	NUMBER(TABLE, reclaimable_bytes, split(row, row->reclaimable_bytes),   \
	       "of it, what counts as reclaimable")                            \
	NUMBER(TABLE, unreclaimable_bytes,                                     \
	       split(row, row->unreclaimable_bytes), "of it, the others")

#define GEOMETRY_COLUMNS(TABLE, TEXT, NUMBER)                                  \
	TEXT(TABLE, name, name_of(record), "name of the cache")                \
	NUMBER(TABLE, size_bytes, plain(record->size_bytes), "size of a slot") \
	NUMBER(TABLE, objs_per_slab, objs_per_slab(record), "slots of a slab") \
	NUMBER(TABLE, slab_order, order_of(record),                            \
	       "log2 of the pages of a slab")                                  \
	NUMBER(TABLE, is_explained,                                            \
	       plain(kfrag_row_is_explained(row->geometry->fit)),              \
	       "1 where the kernel would choose the same")                     \
	TEXT(TABLE, fit,                                                       \
	     kfrag_value_word(kfrag_row_fit_text(row->geometry->fit)),         \
	     "how it fits, or why not")                                        \
	NUMBER(TABLE, predicted_objs_per_slab,                                 \
	       predicted(row->geometry,                                        \
			 row->geometry->predicted.objs_per_slab),              \
	       "slots that the kernel would choose")                           \
	NUMBER(TABLE, predicted_slab_order,                                    \
	       predicted(row->geometry, row->geometry->predicted.order),       \
	       "order that the kernel would choose")                           \
	TEXT(TABLE, management, management(row->geometry),                     \
	     "where a slab's free list is: page, on-slab, ...")                \
	NUMBER(TABLE, management_bytes,                                        \
	       predicted(row->geometry,                                        \
			 row->geometry->predicted.management_bytes),           \
	       "of it, within the slab")                                       \
	TEXT(TABLE, reason,                                                    \
	     kfrag_value_word(kfrag_row_fit_help(row->geometry->fit)),         \
	     "the same as fit, in words; may change")

/* As KFRAG_COLUMN_VALUE, with `record` for what most are of. */
#define ROW_VALUE(table, column, expression, text)                             \
	static struct kfrag_value table##_##column(const void *any)            \
	{                                                                      \
		const struct kfrag_bill_row *row = any;                        \
		const struct kfrag_record *record = row->record;               \
                                                                               \
		(void)record;                                                  \
		return expression;                                             \
	}
#define TOTAL_VALUE(table, column, expression, text)                           \
	KFRAG_COLUMN_VALUE(table, struct kfrag_bill_total, column, expression)

CACHE_COLUMNS(cache, ROW_VALUE, ROW_VALUE)
TOTAL_COLUMNS(total, TOTAL_VALUE, TOTAL_VALUE)
GEOMETRY_COLUMNS(geometry, ROW_VALUE, ROW_VALUE)

static const struct kfrag_column cache_columns[] = { CACHE_COLUMNS(
	cache, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };
static const struct kfrag_column total_columns[] = { TOTAL_COLUMNS(
	total, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };
static const struct kfrag_column geometry_columns[] = { GEOMETRY_COLUMNS(
	geometry, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };

const struct kfrag_column_set *kfrag_bill_columns(enum kfrag_bill_table table)
{
	static const struct kfrag_column_set sets[KFRAG_NR_BILL_TABLES] = {
		[KFRAG_BILL_CACHES] = { "caches",
					KFRAG_COLUMN_ARRAY(cache_columns), 1,
					kfrag_rules_bill_caches },
		[KFRAG_BILL_TOTALS] = { "totals",
					KFRAG_COLUMN_ARRAY(total_columns), 0,
					NULL },
		[KFRAG_BILL_GEOMETRY] = { "geometry",
					  KFRAG_COLUMN_ARRAY(geometry_columns),
					  0, NULL },
	};

	assert((unsigned)table < KFRAG_NR_BILL_TABLES);
	return &sets[table];
}

enum kfrag_error kfrag_bill_selection_init(struct kfrag_selection *selection,
					   const struct kfrag_bill *bill,
					   enum kfrag_bill_table table)
{
	const struct kfrag_column_set *set = kfrag_bill_columns(table);

	if (table == KFRAG_BILL_TOTALS)
		return kfrag_selection_init_rows(selection, set, bill->totals,
						 KFRAG_NR_BILL_ITEMS,
						 sizeof(bill->totals[0]));
	return kfrag_selection_init_rows(selection, set, bill->rows,
					 bill->nr_rows, sizeof(bill->rows[0]));
}

/* -------------------------------------------------------------- sort keys */

static struct kfrag_value key_waste(const void *any)
{
	const struct kfrag_bill_row *row = any;

	/* Both are sums below 2^63. */
	return kfrag_value_signed((int64_t)row->held_bytes -
				  (int64_t)row->live_bytes);
}

static struct kfrag_value key_use(const void *any)
{
	const struct kfrag_bill_row *row = any;

	return kfrag_value_share(row->live_objs, row->record->num_objs);
}

static struct kfrag_value key_active_slabs(const void *any)
{
	const struct kfrag_bill_row *row = any;

	return kfrag_value_unsigned(row->record->active_slabs);
}

static const struct kfrag_sort_key keys[] = {
	{ 'a', "active", "objects in use (live_objs)", cache_live_objs, false },
	{ 'b', "objs-per-slab", "objects per slab (objs_per_slab)",
	  cache_objs_per_slab, false },
	{ 'c', "cache-size", "bytes held (held_bytes); the default",
	  cache_held_bytes, false },
	{ 0, "waste", "held_bytes - live_bytes", key_waste, false },
	{ 'l', "slabs", "number of slabs (num_slabs)", cache_num_slabs, false },
	{ 'v', "active-slabs", "slabs in use, by the file", key_active_slabs,
	  false },
	{ 'n', "name", "name of the cache, by bytes", cache_name, true },
	{ 'o', "objs", "objects in use or idle (num_objs)", cache_num_objs,
	  false },
	{ 'p', "pages-per-slab", "pages of a slab (slab_order)",
	  cache_slab_order, false },
	{ 's', "size", "size of an object (size_bytes)", cache_size_bytes,
	  false },
	{ 'u', "use", "live_objs / num_objs", key_use, false },
};

#define NR_KEYS (sizeof(keys) / sizeof(keys[0]))

const struct kfrag_sort_key *kfrag_bill_sort_keys(size_t *nr_keys)
{
	*nr_keys = NR_KEYS;
	return keys;
}

bool kfrag_bill_sort_key_find(const char *text, struct kfrag_sort_key *key)
{
	return kfrag_sort_key_pick(keys, NR_KEYS,
				   kfrag_bill_columns(KFRAG_BILL_CACHES), text,
				   key);
}
