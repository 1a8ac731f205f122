/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_VALUES_H
#define KFRAG_OUTPUT_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/columns.h"
#include "kfrag/report.h"

/* What csv, json, gnuplot and table have in common about values. */

static inline bool kfrag_value_is_text(const struct kfrag_value *value)
{
	return value->kind == KFRAG_VALUE_BYTES_TEXT ||
	       value->kind == KFRAG_VALUE_WORD;
}

/* Room for every 64-bit number, sign and NUL included. */
#define KFRAG_NUMBER_SIZE 24

struct kfrag_digits {
	const char *text; /* with a NUL behind it */
	size_t bytes;
};

/*
 * Writes a value that is no text as plain decimal digits, somewhere into buf.
 * Returns them, or `unknown` for an unknown value.
 */
struct kfrag_digits kfrag_value_digits(const struct kfrag_value *value,
				       const char *unknown,
				       char buf[KFRAG_NUMBER_SIZE]);

/* The numeric parameters of a run, under the names that outputs give them. */
struct kfrag_named_number {
	const char *name;
	uint64_t value;
};

#define KFRAG_NR_PARAMETERS 6

void kfrag_report_parameters(
	const struct kfrag_report *report,
	struct kfrag_named_number list[KFRAG_NR_PARAMETERS]);

#endif
