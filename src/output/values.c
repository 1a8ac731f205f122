// SPDX-License-Identifier: MIT
#include "output/values.h"

#include <inttypes.h>
#include <stdio.h>

const char *kfrag_value_digits(const struct kfrag_value *value,
			       const char *unknown, char buf[KFRAG_NUMBER_SIZE])
{
	switch (value->kind) {
	case KFRAG_VALUE_UNSIGNED:
		snprintf(buf, KFRAG_NUMBER_SIZE, "%" PRIu64, value->number);
		return buf;
	case KFRAG_VALUE_SIGNED:
		snprintf(buf, KFRAG_NUMBER_SIZE, "%" PRId64,
			 value->signed_number);
		return buf;
	default:
		return unknown;
	}
}

void kfrag_report_parameters(const struct kfrag_report *report,
			     struct kfrag_named_number list[KFRAG_NR_PARAMETERS])
{
	const struct kfrag_named_number all[KFRAG_NR_PARAMETERS] = {
		{ "page_size_bytes", report->page_size_bytes },
		{ "memory_bytes", report->memory_bytes },
		{ "max_order", report->max_order },
		{ "seed", report->seed },
		{ "rounds", report->rounds },
		{ "min_partial_slabs", report->min_partial_slabs },
	};

	for (int i = 0; i < KFRAG_NR_PARAMETERS; i++)
		list[i] = all[i];
}
