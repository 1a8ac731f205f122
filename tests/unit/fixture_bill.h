/* SPDX-License-Identifier: MIT */
#ifndef FIXTURE_BILL_H
#define FIXTURE_BILL_H

#include "fixture_snapshot.h"
#include "kfrag/bill.h"
#include "kfrag/geometry_fit.h"

/*
 * Bills of snapshots put together by hand, of a world that is given, not
 * fitted. It must not be copied or moved.
 */
struct fixture_bill {
	struct fixture_snapshot of;
	struct kfrag_geometry_row rows[FIXTURE_MAX_RECORDS];
	struct kfrag_geometry_fit fit;
	struct kfrag_bill bill;
};

/* Without rows; SLUB eras are of 2 to 3 CPUs, others of no known number. */
void fixture_bill_init(struct fixture_bill *fixture, enum kfrag_era era,
		       uint64_t page_size_bytes);

/* Makes the bill, of what is in fixture->of now; sysslab may be NULL. */
void fixture_bill_make(struct fixture_bill *fixture,
		       const struct kfrag_sysslab *sysslab,
		       const struct kfrag_slab_meminfo *meminfo);
void fixture_bill_release(struct fixture_bill *fixture);

#endif
