// SPDX-License-Identifier: MIT
#include "output/values.h"

#include <string.h>

#include "kfrag/arith.h"

/*
 * Figures come by the million: with snprintf() they would take most of the
 * time of a report.
 */
static struct kfrag_digits write_digits(bool is_negative, uint64_t magnitude,
					char buf[KFRAG_NUMBER_SIZE])
{
	char *end = buf + KFRAG_NUMBER_SIZE - 1, *at = end;

	*end = '\0';
	do {
		*--at = (char)('0' + magnitude % 10);
		magnitude /= 10;
	} while (magnitude > 0);
	if (is_negative)
		*--at = '-';
	return (struct kfrag_digits){ at, (size_t)(end - at) };
}

struct kfrag_digits kfrag_value_digits(const struct kfrag_value *value,
				       const char *unknown,
				       char buf[KFRAG_NUMBER_SIZE])
{
	uint64_t number = (uint64_t)value->signed_number;

	switch (value->kind) {
	case KFRAG_VALUE_UNSIGNED:
		return write_digits(false, value->number, buf);
	case KFRAG_VALUE_SIGNED:
		if (value->signed_number < 0)
			return write_digits(true, 0 - number, buf);
		return write_digits(false, number, buf);
	default:
		return (struct kfrag_digits){ unknown, strlen(unknown) };
	}
}

struct kfrag_value kfrag_value_share(uint64_t part, uint64_t whole)
{
	if (whole == 0)
		return kfrag_value_unknown();
	if (part >= whole)
		return kfrag_value_unsigned(UINT64_MAX);
	return kfrag_value_unsigned(kfrag_mul_div(UINT64_MAX, part, whole));
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
