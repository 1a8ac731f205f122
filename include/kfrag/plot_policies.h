/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_PLOT_POLICIES_H
#define KFRAG_PLOT_POLICIES_H

#include <stddef.h>
#include <stdio.h>

#include "kfrag/error.h"
#include "kfrag/plot.h"
#include "kfrag/sim_output.h"

/*
 * What slab policies made of the same objects: slabs held over the fewest
 * that would do, where the population is low and on average. workload says
 * what the objects did, any bytes. KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_plot_write_policies(FILE *out, const struct kfrag_plot_page *page,
			  const char *workload,
			  const struct kfrag_sim_policy_row *rows,
			  size_t nr_rows);

#endif
