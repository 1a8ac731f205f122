// SPDX-License-Identifier: MIT
#include "kfrag/bill.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/arith.h"
#include "replay/bill_sure.h"

const char *kfrag_sure_text(enum kfrag_sure sure)
{
	static const char *const texts[KFRAG_NR_SURES] = {
		[KFRAG_SURE_EXACT] = "exact",
		[KFRAG_SURE_UPPER_BOUND] = "upper-bound",
		[KFRAG_SURE_LOWER_BOUND] = "lower-bound",
		[KFRAG_SURE_ESTIMATE] = "estimate",
	};

	assert((unsigned)sure < KFRAG_NR_SURES);
	return texts[sure];
}

const char *kfrag_bill_item_text(enum kfrag_bill_item item)
{
	static const char *const texts[KFRAG_NR_BILL_ITEMS] = {
		[KFRAG_BILL_LIVE] = "live", [KFRAG_BILL_IDLE] = "idle",
		[KFRAG_BILL_TAIL] = "tail", [KFRAG_BILL_FALLBACK] = "fallback",
		[KFRAG_BILL_HELD] = "held", [KFRAG_BILL_REST] = "rest",
		[KFRAG_BILL_SLAB] = "slab", [KFRAG_BILL_PAYLOAD] = "payload",
		[KFRAG_BILL_LOSS] = "loss",
	};

	assert((unsigned)item < KFRAG_NR_BILL_ITEMS);
	return texts[item];
}

/* ------------------------------------------------------------------- rows */

/*
 * Each fallback slab has fewer slots by the same number, so that what num_objs
 * lacks says how many there are.
 */
static void find_fallback(struct kfrag_bill_row *row, bool is_slub,
			  uint64_t page_size_bytes)
{
	const struct kfrag_record *record = row->record;
	uint64_t slab_bytes = record->pages_per_slab * page_size_bytes;
	uint64_t least_bytes, least_objs, num_slots, nr_missing, nr_slabs;

	row->fallback_slabs = kfrag_known(0);
	if (!is_slub || !record->objs_per_slab)
		return;
	if (kfrag_mul_u64(record->num_slabs, record->objs_per_slab,
			  &num_slots) &&
	    num_slots == record->num_objs)
		return;
	row->fallback_slabs = kfrag_unknown();
	least_bytes = page_size_bytes << kfrag_geometry_fallback_order(
			      record->size_bytes, page_size_bytes);
	least_objs = least_bytes / record->size_bytes;
	if (num_slots < record->num_objs || least_objs == 0 ||
	    least_bytes >= slab_bytes || least_objs >= record->objs_per_slab)
		return;
	nr_missing = num_slots - record->num_objs;
	nr_slabs = nr_missing / (record->objs_per_slab - least_objs);
	if (nr_missing % (record->objs_per_slab - least_objs) ||
	    nr_slabs > record->num_slabs)
		return;
	row->fallback_slabs = kfrag_known(nr_slabs);
	row->fallback_bytes = -(int64_t)(nr_slabs * (slab_bytes - least_bytes));
}

/* Unknown where neither the flag nor the id says so. */
static struct kfrag_opt
find_reclaimable(const struct kfrag_sysslab_entry *entry)
{
	const char *end;

	if (entry->reclaim_account.known)
		return entry->reclaim_account;
	/* ":aA-0000192": flags that keep caches apart, then the size. */
	if (!entry->id || entry->id_bytes == 0 || entry->id[0] != ':')
		return kfrag_unknown();
	end = memchr(entry->id, '-', entry->id_bytes);
	return kfrag_known(end &&
			   memchr(entry->id, 'a', (size_t)(end - entry->id)));
}

static void use_entry(struct kfrag_bill_row *row,
		      const struct kfrag_sysslab *sysslab)
{
	const struct kfrag_record *record = row->record;
	const struct kfrag_sysslab_entry *entry;

	entry = kfrag_sysslab_find(sysslab, record->name, record->name_bytes);
	if (!entry || entry->size_bytes != record->size_bytes ||
	    entry->objs_per_slab != record->objs_per_slab)
		return;
	row->entry = entry;
	row->is_reclaimable = find_reclaimable(entry);
	row->payload_bytes =
		kfrag_known(row->live_objs * entry->object_size_bytes);
	row->loss_bytes =
		kfrag_known(row->live_bytes - row->payload_bytes.value);
	if (entry->id || entry->nr_aliases.known)
		row->nr_aliases =
			kfrag_known(kfrag_sysslab_nr_aliases(sysslab, entry));
}

/* No product overflows: the snapshot is trimmed. */
static void fill_in_row(struct kfrag_bill_row *row,
			const struct kfrag_geometry_row *geometry,
			const struct kfrag_bill *bill,
			const struct kfrag_sysslab *sysslab,
			const struct kfrag_bill_kernel *kernel)
{
	const struct kfrag_record *record = geometry->record;
	uint64_t slots_bytes = record->num_objs * record->size_bytes;
	uint64_t slabs_bytes = 0;

	if (record->num_slabs > 0)
		slabs_bytes = record->num_slabs * record->pages_per_slab *
			      bill->page_size_bytes;
	*row = (struct kfrag_bill_row){
		.record = record,
		.geometry = geometry,
		.live_objs = record->active_objs < record->num_objs ?
				     record->active_objs :
				     record->num_objs,
		.tail_bytes = (int64_t)slabs_bytes - (int64_t)slots_bytes,
	};
	row->live_bytes = row->live_objs * record->size_bytes;
	row->idle_bytes = slots_bytes - row->live_bytes;
	if (record->num_slabs > 0)
		find_fallback(row, bill->is_slub, bill->page_size_bytes);
	else
		row->fallback_slabs = kfrag_known(0);
	row->held_bytes = slabs_bytes + (uint64_t)row->fallback_bytes;
	if (sysslab)
		use_entry(row, sysslab);
	kfrag_bill_row_bound(row, kernel);
	row->idle_min_bytes =
		(record->num_objs - row->live_max_objs) * record->size_bytes;
	row->idle_max_bytes =
		(record->num_objs - row->live_min_objs) * record->size_bytes;
}

static void count_row(struct kfrag_bill *bill, const struct kfrag_bill_row *row)
{
	const struct kfrag_record *record = row->record;

	bill->has_sysslab |= row->entry != NULL;
	bill->nr_of[row->sure]++;
	bill->live_objs += row->live_objs;
	bill->live_min_objs += row->live_min_objs;
	bill->live_max_objs += row->live_max_objs;
	bill->num_objs += record->num_objs;
	bill->fallback_slabs += row->fallback_slabs.value;
	bill->nr_unknown_fallbacks += !row->fallback_slabs.known;
	bill->nr_contradictions += record->active_objs > record->num_objs;
}

/* ----------------------------------------------------------------- totals */

/* A row's part of an item, with the bounds of it. */
struct part {
	bool known;
	enum kfrag_sure sure;
	int64_t bytes;
	int64_t min_bytes;
	int64_t max_bytes;
};

static struct part exactly(int64_t bytes)
{
	return (struct part){ true, KFRAG_SURE_EXACT, bytes, bytes, bytes };
}

static struct part live_part(const struct kfrag_bill_row *row)
{
	uint64_t size_bytes = row->record->size_bytes;

	return (struct part){
		true,
		row->sure,
		(int64_t)row->live_bytes,
		(int64_t)(row->live_min_objs * size_bytes),
		(int64_t)(row->live_max_objs * size_bytes),
	};
}

static struct part idle_part(const struct kfrag_bill_row *row)
{
	return (struct part){
		true,
		row->sure == KFRAG_SURE_UPPER_BOUND ? KFRAG_SURE_LOWER_BOUND :
						      row->sure,
		(int64_t)row->idle_bytes,
		(int64_t)row->idle_min_bytes,
		(int64_t)row->idle_max_bytes,
	};
}

/* Where the fallback slabs are unknown, so is what is held, a little. */
static struct part fallback_part(const struct kfrag_bill_row *row,
				 int64_t bytes)
{
	struct part part = exactly(bytes);

	if (!row->fallback_slabs.known)
		part.sure = KFRAG_SURE_ESTIMATE;
	return part;
}

/* A merged cache has the object_size of its largest objects. */
static struct part payload_part(const struct kfrag_bill_row *row,
				struct kfrag_opt bytes)
{
	struct part part = exactly((int64_t)bytes.value);

	part.known = bytes.known || row->live_objs == 0;
	part.sure = row->sure;
	if (part.sure == KFRAG_SURE_EXACT && row->live_objs > 0 &&
	    (!row->nr_aliases.known || row->nr_aliases.value > 0))
		part.sure = KFRAG_SURE_UPPER_BOUND;
	return part;
}

/* More for each smaller object, less for each that is not live. */
static struct part loss_part(const struct kfrag_bill_row *row)
{
	struct part part = payload_part(row, row->loss_bytes);

	if (part.sure != KFRAG_SURE_EXACT)
		part.sure = KFRAG_SURE_ESTIMATE;
	return part;
}

static struct part part_of(const struct kfrag_bill_row *row,
			   enum kfrag_bill_item item)
{
	switch (item) {
	case KFRAG_BILL_LIVE:
		return live_part(row);
	case KFRAG_BILL_IDLE:
		return idle_part(row);
	case KFRAG_BILL_TAIL:
		return exactly(row->tail_bytes);
	case KFRAG_BILL_FALLBACK:
		return fallback_part(row, row->fallback_bytes);
	case KFRAG_BILL_HELD:
		return fallback_part(row, (int64_t)row->held_bytes);
	case KFRAG_BILL_PAYLOAD:
		return payload_part(row, row->payload_bytes);
	default:
		return loss_part(row);
	}
}

static void add_part(struct kfrag_bill_total *total,
		     const struct kfrag_bill_row *row, const struct part *part)
{
	total->known = total->known && part->known;
	total->bytes += part->bytes;
	total->min_bytes += part->min_bytes;
	total->max_bytes += part->max_bytes;
	if (part->sure > total->sure)
		total->sure = part->sure;
	if (row->is_reclaimable.value)
		total->reclaimable_bytes += part->bytes;
	else
		total->unreclaimable_bytes += part->bytes;
	if (!row->is_reclaimable.known && part->bytes != 0)
		total->has_split = false;
}

static void sum_rows(struct kfrag_bill *bill, enum kfrag_bill_item item)
{
	struct kfrag_bill_total total = {
		.item = item,
		.known = true,
		.has_split = bill->has_sysslab,
	};

	for (size_t i = 0; i < bill->nr_rows; i++) {
		const struct kfrag_bill_row *row = &bill->rows[i];
		struct part part = part_of(row, item);

		add_part(&total, row, &part);
	}
	total.has_bounds = item == KFRAG_BILL_LIVE || item == KFRAG_BILL_IDLE ||
			   total.sure == KFRAG_SURE_EXACT;
	if (!total.known)
		total = (struct kfrag_bill_total){ .item = item };
	bill->totals[item] = total;
}

static void set_slab(struct kfrag_bill *bill)
{
	const struct kfrag_slab_meminfo *meminfo = &bill->meminfo;
	struct kfrag_bill_total *slab = &bill->totals[KFRAG_BILL_SLAB];
	int64_t bytes;

	slab->item = KFRAG_BILL_SLAB;
	if (!meminfo->slab_bytes.known || meminfo->slab_bytes.value > INT64_MAX)
		return;
	bytes = (int64_t)meminfo->slab_bytes.value;
	*slab = (struct kfrag_bill_total){
		.item = KFRAG_BILL_SLAB,
		.known = true,
		.bytes = bytes,
		.has_bounds = true,
		.min_bytes = bytes,
		.max_bytes = bytes,
	};
	slab->has_split = meminfo->reclaimable_bytes.known &&
			  meminfo->unreclaimable_bytes.known &&
			  meminfo->reclaimable_bytes.value <= INT64_MAX &&
			  meminfo->unreclaimable_bytes.value <= INT64_MAX;
	if (!slab->has_split)
		return;
	slab->reclaimable_bytes = (int64_t)meminfo->reclaimable_bytes.value;
	slab->unreclaimable_bytes = (int64_t)meminfo->unreclaimable_bytes.value;
}

/* Of figures that are not negative, or sums of those of a trimmed snapshot. */
static void set_rest(struct kfrag_bill *bill)
{
	const struct kfrag_bill_total *held = &bill->totals[KFRAG_BILL_HELD];
	const struct kfrag_bill_total *slab = &bill->totals[KFRAG_BILL_SLAB];
	struct kfrag_bill_total *rest = &bill->totals[KFRAG_BILL_REST];

	rest->item = KFRAG_BILL_REST;
	if (!slab->known)
		return;
	rest->known = true;
	rest->bytes = slab->bytes - held->bytes;
	rest->sure = held->sure;
	rest->has_bounds = held->has_bounds;
	rest->min_bytes = rest->bytes;
	rest->max_bytes = rest->bytes;
	rest->has_split = slab->has_split && held->has_split;
	if (!rest->has_split)
		return;
	rest->reclaimable_bytes =
		slab->reclaimable_bytes - held->reclaimable_bytes;
	rest->unreclaimable_bytes =
		slab->unreclaimable_bytes - held->unreclaimable_bytes;
}

static void add_up(struct kfrag_bill *bill)
{
	static const enum kfrag_bill_item items[] = {
		KFRAG_BILL_LIVE,     KFRAG_BILL_IDLE, KFRAG_BILL_TAIL,
		KFRAG_BILL_FALLBACK, KFRAG_BILL_HELD, KFRAG_BILL_PAYLOAD,
		KFRAG_BILL_LOSS,
	};

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		sum_rows(bill, items[i]);
	set_slab(bill);
	set_rest(bill);
	/* Nothing is of any payload where no cache is in the sysslab. */
	if (bill->has_sysslab)
		return;
	bill->totals[KFRAG_BILL_PAYLOAD].known = false;
	bill->totals[KFRAG_BILL_LOSS].known = false;
}

enum kfrag_error kfrag_bill_init(struct kfrag_bill *bill,
				 const struct kfrag_snapshot *snapshot,
				 const struct kfrag_geometry_fit *fit,
				 const struct kfrag_sysslab *sysslab,
				 const struct kfrag_slab_meminfo *meminfo)
{
	struct kfrag_bill_kernel kernel;

	*bill = (struct kfrag_bill){ .fit = fit };
	bill->rows =
		calloc(fit->nr_rows ? fit->nr_rows : 1, sizeof(*bill->rows));
	if (!bill->rows)
		return KFRAG_ENOMEM;
	kfrag_bill_kernel_of(&kernel, snapshot, fit);
	bill->nr_rows = fit->nr_rows;
	bill->is_slub = kernel.is_slub;
	bill->page_size_bytes = fit->world.page_size_bytes;
	bill->max_cpus = kernel.max_cpus;
	bill->may_count_large = kernel.may_count_large;
	bill->may_estimate = kernel.may_estimate;
	bill->meminfo = *meminfo;
	for (size_t i = 0; i < bill->nr_rows; i++) {
		fill_in_row(&bill->rows[i], &fit->rows[i], bill, sysslab,
			    &kernel);
		count_row(bill, &bill->rows[i]);
	}
	add_up(bill);
	return KFRAG_OK;
}

void kfrag_bill_release(struct kfrag_bill *bill)
{
	free(bill->rows);
	*bill = (struct kfrag_bill){ .fit = NULL };
}
