// SPDX-License-Identifier: MIT
#include "bill_laws.h"

#include "expect.h"

static void check_row(const struct kfrag_bill_row *row, uint64_t page_bytes)
{
	const struct kfrag_record *record = row->record;
	uint64_t slabs_bytes =
		record->num_slabs * record->pages_per_slab * page_bytes;
	int64_t sum = (int64_t)row->live_bytes + (int64_t)row->idle_bytes +
		      row->tail_bytes + row->fallback_bytes;

	EXPECT((int64_t)row->held_bytes == sum);
	EXPECT_EQ(row->live_bytes + row->idle_bytes,
		  record->num_objs * record->size_bytes);
	EXPECT(row->fallback_bytes <= 0);
	EXPECT_EQ(row->held_bytes,
		  slabs_bytes - (0 - (uint64_t)row->fallback_bytes));
	EXPECT(row->held_bytes <= slabs_bytes);
	EXPECT(row->live_objs <= record->num_objs);
	EXPECT(row->live_min_objs <= row->live_max_objs);
	EXPECT(row->live_min_objs <= row->live_objs);
	EXPECT(row->live_max_objs <= record->num_objs);
	EXPECT(row->sure == KFRAG_SURE_ESTIMATE ||
	       row->live_max_objs <= row->live_objs);
	EXPECT((row->sure == KFRAG_SURE_EXACT) ==
	       (row->live_min_objs == row->live_objs &&
		row->live_max_objs == row->live_objs));
	EXPECT(row->sure != KFRAG_SURE_LOWER_BOUND);
	EXPECT(row->idle_min_bytes <= row->idle_max_bytes);
	EXPECT(!row->fallback_slabs.known ||
	       row->fallback_slabs.value <= record->num_slabs);
	EXPECT(row->fallback_bytes == 0 || row->fallback_slabs.value > 0);
	if (row->payload_bytes.known)
		EXPECT_EQ(row->payload_bytes.value + row->loss_bytes.value,
			  row->live_bytes);
}

static void check_total(const struct kfrag_bill *bill,
			enum kfrag_bill_item item)
{
	const struct kfrag_bill_total *total = &bill->totals[item];

	EXPECT_EQ(total->item, item);
	if (!total->known)
		return;
	if (total->has_bounds)
		EXPECT(total->min_bytes <= total->max_bytes);
	if (total->has_bounds && total->sure == KFRAG_SURE_EXACT)
		EXPECT(total->min_bytes == total->bytes &&
		       total->max_bytes == total->bytes);
	if (total->has_split && item != KFRAG_BILL_SLAB &&
	    item != KFRAG_BILL_REST)
		EXPECT(total->bytes ==
		       total->reclaimable_bytes + total->unreclaimable_bytes);
}

static int64_t bytes_of(const struct kfrag_bill *bill,
			enum kfrag_bill_item item)
{
	return bill->totals[item].bytes;
}

static void check_sums(const struct kfrag_bill *bill)
{
	int64_t live = 0, idle = 0, tail = 0, fallback = 0, held = 0;
	size_t nr_rows = 0;

	for (size_t i = 0; i < bill->nr_rows; i++) {
		live += (int64_t)bill->rows[i].live_bytes;
		idle += (int64_t)bill->rows[i].idle_bytes;
		tail += bill->rows[i].tail_bytes;
		fallback += bill->rows[i].fallback_bytes;
		held += (int64_t)bill->rows[i].held_bytes;
	}
	EXPECT(bytes_of(bill, KFRAG_BILL_LIVE) == live);
	EXPECT(bytes_of(bill, KFRAG_BILL_IDLE) == idle);
	EXPECT(bytes_of(bill, KFRAG_BILL_TAIL) == tail);
	EXPECT(bytes_of(bill, KFRAG_BILL_FALLBACK) == fallback);
	EXPECT(bytes_of(bill, KFRAG_BILL_HELD) == held);
	EXPECT(live + idle + tail + fallback == held);
	if (bill->totals[KFRAG_BILL_SLAB].known)
		EXPECT(held + bytes_of(bill, KFRAG_BILL_REST) ==
		       bytes_of(bill, KFRAG_BILL_SLAB));
	EXPECT(bill->totals[KFRAG_BILL_REST].known ==
	       bill->totals[KFRAG_BILL_SLAB].known);
	if (bill->totals[KFRAG_BILL_PAYLOAD].known)
		EXPECT(bytes_of(bill, KFRAG_BILL_PAYLOAD) +
			       bytes_of(bill, KFRAG_BILL_LOSS) ==
		       live);
	for (int i = 0; i < KFRAG_NR_SURES; i++)
		nr_rows += bill->nr_of[i];
	EXPECT_EQ(nr_rows, bill->nr_rows);
}

void bill_laws_check(const struct kfrag_bill *bill)
{
	for (size_t i = 0; i < bill->nr_rows; i++)
		check_row(&bill->rows[i], bill->page_size_bytes);
	for (int i = 0; i < KFRAG_NR_BILL_ITEMS; i++)
		check_total(bill, (enum kfrag_bill_item)i);
	check_sums(bill);
}
