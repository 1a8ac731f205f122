/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_TREND_PARAMETERS_H
#define KFRAG_OUTPUT_TREND_PARAMETERS_H

#include <stdint.h>

#include "kfrag/trend_output.h"
#include "output/values.h"

/* What json and gnuplot say of a run: nr_samples, first_time, last_time, interval_seconds. */
#define KFRAG_NR_TREND_PARAMETERS 4

void kfrag_trend_parameters(
	const struct kfrag_trend_run *run,
	struct kfrag_named_value list[KFRAG_NR_TREND_PARAMETERS]);

/* The slopes of all caches together, named as those of one. */
void kfrag_trend_slopes(const struct kfrag_trends *trends,
			struct kfrag_named_value list[KFRAG_NR_FLOWS]);

/* All page sizes there are, ORed: powers of two. */
uint64_t kfrag_trend_page_sizes(const struct kfrag_history *history);

#endif
