/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_BILLING_H
#define KFRAG_CLI_BILLING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/utsname.h>

#include "cli/companions.h"
#include "cli/input.h"
#include "kfrag/bill.h"
#include "kfrag/bill_output.h"
#include "kfrag/geometry_fit.h"

/* The bill of a sample, and what it is made from. {0} is empty. */
struct cli_billing {
	struct kfrag_geometry_fit fit;
	struct cli_companions companions;
	struct kfrag_bill bill;
	struct kfrag_bill_run run; /* of the input's path */
	struct utsname uname; /* of the live file's kernel */
};

/*
 * Infers the sample's world, of this kernel for the live file, with a page size or, for 0, what the sample tells;
 * looks for meminfo and sysslab; makes the bill. Rows whose figures would not
 * fit 64 bits are named and left out of the snapshot. Returns false after a
 * sentence on stderr. Release in both cases; *billing stays where it is, and
 * input and snapshot outlive it.
 */
bool cli_billing_make(struct cli_billing *billing, struct cli_input *input,
		      struct kfrag_snapshot *snapshot, uint64_t page_size_bytes,
		      const struct cli_companion_paths *paths, bool verbose);
void cli_billing_release(struct cli_billing *billing);

#endif
