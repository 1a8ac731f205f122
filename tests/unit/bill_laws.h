/* SPDX-License-Identifier: MIT */
#ifndef BILL_LAWS_H
#define BILL_LAWS_H

#include "kfrag/bill.h"

/* Aborts the test where a bill does not add up, whatever it is of. */
void bill_laws_check(const struct kfrag_bill *bill);

#endif
