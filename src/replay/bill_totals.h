/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_BILL_TOTALS_H
#define KFRAG_REPLAY_BILL_TOTALS_H

#include "kfrag/bill.h"

/* Fills in the totals, of rows and meminfo. */
void kfrag_bill_add_up(struct kfrag_bill *bill);

#endif
