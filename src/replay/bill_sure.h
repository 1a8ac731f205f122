/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_BILL_SURE_H
#define KFRAG_REPLAY_BILL_SURE_H

#include <stdbool.h>
#include <stdint.h>

#include "kfrag/bill.h"

/* What a kernel's counts depend on. */
struct kfrag_bill_kernel {
	bool is_slub;
	enum kfrag_era last_era; /* that it may be of */
	unsigned release; /* of kfrag_release_parse() */
	struct kfrag_opt max_cpus; /* unknown: no bound */
	bool parks_nothing; /* no CPU has objects of its own */
	bool may_estimate; /* as in struct kfrag_bill */
	bool may_count_large;
};

void kfrag_bill_kernel_of(struct kfrag_bill_kernel *kernel,
			  const struct kfrag_snapshot *snapshot,
			  const struct kfrag_geometry_fit *fit);

/* Fills in sure, live_min_objs and live_max_objs of a row; reads the others. */
void kfrag_bill_row_bound(struct kfrag_bill_row *row,
			  const struct kfrag_bill_kernel *kernel);

#endif
