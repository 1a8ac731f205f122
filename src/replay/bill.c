// SPDX-License-Identifier: MIT
#include "kfrag/bill.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/arith.h"
#include "replay/bill_sure.h"
#include "replay/bill_totals.h"

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
	kfrag_bill_add_up(bill);
	return KFRAG_OK;
}

void kfrag_bill_release(struct kfrag_bill *bill)
{
	free(bill->rows);
	*bill = (struct kfrag_bill){ .fit = NULL };
}
