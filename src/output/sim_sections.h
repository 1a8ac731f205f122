/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_SIM_SECTIONS_H
#define KFRAG_OUTPUT_SIM_SECTIONS_H

#include <stddef.h>
#include <stdio.h>

#include "kfrag/error.h"
#include "kfrag/sim_output.h"
#include "kfrag/units.h"

/* A figure in millionths with about five digits; "-" is an unknown one. */
const char *kfrag_sim_figure(struct kfrag_opt micro,
			     char buf[KFRAG_UNITS_SIZE]);

/* What follows from the policies' figures, in words. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_write_finding(FILE *out, const struct kfrag_sim_policy_row *all,
			size_t nr_all, unsigned width);

#endif
