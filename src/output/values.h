/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_VALUES_H
#define KFRAG_OUTPUT_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kfrag/columns.h"
#include "kfrag/report.h"

/* What csv, json, gnuplot and table have in common about values. */

static inline bool kfrag_value_is_text(const struct kfrag_value *value)
{
	return value->kind == KFRAG_VALUE_BYTES_TEXT ||
	       value->kind == KFRAG_VALUE_WORD;
}

static inline struct kfrag_value kfrag_value_unknown(void)
{
	return (struct kfrag_value){ .kind = KFRAG_VALUE_UNKNOWN };
}

static inline struct kfrag_value kfrag_value_unsigned(uint64_t number)
{
	return (struct kfrag_value){ .kind = KFRAG_VALUE_UNSIGNED,
				     .number = number };
}

static inline struct kfrag_value kfrag_value_signed(int64_t number)
{
	return (struct kfrag_value){ .kind = KFRAG_VALUE_SIGNED,
				     .signed_number = number };
}

static inline struct kfrag_value kfrag_value_opt(struct kfrag_opt opt)
{
	return opt.known ? kfrag_value_unsigned(opt.value) :
			   kfrag_value_unknown();
}

static inline struct kfrag_value kfrag_value_signed_opt(bool known,
							int64_t number)
{
	return known ? kfrag_value_signed(number) : kfrag_value_unknown();
}

static inline struct kfrag_value kfrag_value_name(const char *text,
						  size_t text_bytes)
{
	return (struct kfrag_value){ .kind = KFRAG_VALUE_BYTES_TEXT,
				     .text = text,
				     .text_bytes = text_bytes };
}

static inline struct kfrag_value kfrag_value_word(const char *text)
{
	return (struct kfrag_value){ .kind = KFRAG_VALUE_WORD,
				     .text = text,
				     .text_bytes = strlen(text) };
}

/*
 * part / whole as a 64-bit fraction: two different shares of up to 2^32 differ
 * by 2^-64 or more, and so by one here. Unknown of no whole.
 */
struct kfrag_value kfrag_value_share(uint64_t part, uint64_t whole);

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

/* What json and gnuplot say beside the rows, under the name that both give. */
struct kfrag_named_value {
	const char *name;
	struct kfrag_value value;
};

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
