// SPDX-License-Identifier: MIT
/* Sort keys of trends. Figures are those of the last sample. */
#include "kfrag/trend_output.h"
#include "output/sort_keys.h"
#include "output/trend_sections.h"
#include "output/values.h"

static const struct kfrag_trend *trend_of(const void *any)
{
	const struct kfrag_trend_row *row = any;

	return row->trend;
}

static const struct kfrag_point *last_of(const void *any)
{
	return trend_of(any)->last;
}

/* Sums of bytes take 62 bits: half of one is below this. */
#define VERDICT_UNIT (UINT64_C(1) << 61)

uint64_t kfrag_trend_bytes_at_stake(const struct kfrag_trend *trend)
{
	int64_t climb = trend->climbs_bytes[KFRAG_FLOW_HELD];

	if (trend->verdict == KFRAG_TRAPPED)
		return trend->trapped_bytes;
	return climb > 0 ? (uint64_t)climb : 0;
}

static struct kfrag_value key_verdict(const void *any)
{
	const struct kfrag_trend *trend = trend_of(any);
	uint64_t rank = (uint64_t)(KFRAG_NR_VERDICTS - 1 - trend->verdict);
	uint64_t bytes = kfrag_trend_bytes_at_stake(trend) / 2;

	if (bytes >= VERDICT_UNIT)
		bytes = VERDICT_UNIT - 1;
	return kfrag_value_unsigned(rank * VERDICT_UNIT + bytes);
}

static struct kfrag_value key_growth(const void *any)
{
	return kfrag_value_signed(trend_of(any)->climbs_bytes[KFRAG_FLOW_HELD]);
}

static struct kfrag_value key_name(const void *any)
{
	const struct kfrag_series *series = trend_of(any)->series;

	return kfrag_value_name(series->name, series->name_bytes);
}

static struct kfrag_value key_size(const void *any)
{
	return kfrag_value_unsigned(trend_of(any)->series->size_bytes);
}

static struct kfrag_value key_use(const void *any)
{
	const struct kfrag_point *last = last_of(any);

	return kfrag_value_share(last->active_objs, last->num_objs);
}

#define LAST_KEY(column)                                                       \
	static struct kfrag_value key_##column(const void *any)                \
	{                                                                      \
		return kfrag_value_unsigned(last_of(any)->column);             \
	}

LAST_KEY(active_objs)
LAST_KEY(num_objs)
LAST_KEY(num_slabs)
LAST_KEY(objs_per_slab)
LAST_KEY(slab_order)
LAST_KEY(kernel_held_bytes)

static const struct kfrag_sort_key keys[] = {
	{ 0, "verdict", "leak first; trapped bytes, or growth; the default",
	  key_verdict, false },
	{ 0, "growth", "bytes held that the slope comes to in all", key_growth,
	  false },
	{ 'a', "active", "objects in use (active_objs)", key_active_objs,
	  false },
	{ 'b', "objs-per-slab", "objects per slab (objs_per_slab)",
	  key_objs_per_slab, false },
	{ 'c', "cache-size", "bytes held (kernel_held_bytes)",
	  key_kernel_held_bytes, false },
	{ 'l', "slabs", "number of slabs (num_slabs)", key_num_slabs, false },
	{ 'n', "name", "name of the cache, by bytes", key_name, true },
	{ 'o', "objs", "objects in use or idle (num_objs)", key_num_objs,
	  false },
	{ 'p', "pages-per-slab", "pages of a slab (slab_order)", key_slab_order,
	  false },
	{ 's', "size", "size of an object (size_bytes)", key_size, false },
	{ 'u', "use", "active_objs / num_objs", key_use, false },
};

#define NR_KEYS (sizeof(keys) / sizeof(keys[0]))

const struct kfrag_sort_key *kfrag_trend_sort_keys(size_t *nr_keys)
{
	*nr_keys = NR_KEYS;
	return keys;
}

bool kfrag_trend_sort_key_find(const char *text, struct kfrag_sort_key *key)
{
	return kfrag_sort_key_pick(keys, NR_KEYS,
				   kfrag_trend_columns(KFRAG_TREND_CACHES),
				   text, key);
}
