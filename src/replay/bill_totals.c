// SPDX-License-Identifier: MIT
#include "replay/bill_totals.h"

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

void kfrag_bill_add_up(struct kfrag_bill *bill)
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
