/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CONDITION_H
#define KFRAG_CONDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"

/*
 * Conditions on the rows of tables: SELECTOR:COLUMN OP VALUE, such as
 * "kmalloc-*:kernel_held_bytes > 5GiB". Grammar and meaning: man/kfrag.1,
 * CONDITIONS. All arithmetic is exact.
 */
enum kfrag_condition_op {
	KFRAG_ABOVE, /* > */
	KFRAG_AT_LEAST, /* >= */
	KFRAG_BELOW, /* < */
	KFRAG_AT_MOST, /* <= */
	KFRAG_EQUAL, /* == or = */
	KFRAG_UNEQUAL /* != */
};

#define KFRAG_CONDITION_MAX_KEYS 4

struct kfrag_condition {
	const char *text; /* as it was given, borrowed */
	size_t table; /* index of its set */
	const struct kfrag_column_set *set; /* what rows it is of */
	const struct kfrag_column *column;
	struct kfrag_column_rule rule; /* of the column */
	const struct kfrag_column *whole; /* rule.whole, or NULL */
	bool is_total; /* of the sum of all rows, else of rows by their keys */
	enum kfrag_condition_op op;
	bool is_percent; /* of rule.of */
	/* A number: number x factor / scale; of a percentage without factor. */
	bool is_negative;
	uint64_t number;
	uint64_t factor; /* the unit */
	uint64_t scale; /* >= 1 */
	const char *word; /* of a text column, in place of the number */
	const char *patterns[KFRAG_CONDITION_MAX_KEYS]; /* set->nr_keys */
	char *storage; /* owned: behind the words */
};

/* Where in a text the mistake is, and what it is, without a full stop. */
struct kfrag_condition_fault {
	size_t offset; /* in bytes, at most the text's length */
	char message[160]; /* printable ASCII */
};

/*
 * Reads a condition on a row of one of the sets, at least one; the first is
 * that of the caches, whose sum is `total`. KFRAG_EINVAL fills in the fault,
 * KFRAG_ENOMEM does not; both leave the condition empty. Otherwise it is the
 * caller's to release, and the text must outlive it.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_condition_parse(struct kfrag_condition *condition, const char *text,
		      const struct kfrag_column_set *const *sets,
		      size_t nr_sets, struct kfrag_condition_fault *fault);
void kfrag_condition_release(struct kfrag_condition *condition);

/* Whether it is on a percentage of that. */
static inline bool
kfrag_condition_is_of(const struct kfrag_condition *condition,
		      enum kfrag_whole_kind whole)
{
	return condition->is_percent && condition->rule.of == whole;
}

/* The machine's memory, in bytes; 0: unknown. */
struct kfrag_condition_memory {
	uint64_t bytes; /* KFRAG_WHOLE_MEMORY */
	uint64_t old_bytes; /* KFRAG_WHOLE_OLD_MEMORY */
};

/* Any figure of a table, or a sum of them. */
struct kfrag_condition_figure {
	bool is_negative; /* false of 0 */
	uint64_t magnitude;
};

/* A row, or the total, for which a condition holds. */
struct kfrag_condition_hit {
	const void *row; /* NULL: the total */
	struct kfrag_condition_figure part; /* of a column of numbers */
	/* What the percentage is of; 0: the part exceeds any percentage. */
	struct kfrag_condition_figure whole;
};

struct kfrag_condition_counts {
	size_t nr_rows; /* that the selector names; the total is one */
	size_t nr_known; /* of them, with known figures */
	size_t nr_hits; /* of them, for which the condition holds */
};

/*
 * Hands each hit among the rows, which are of condition->set, to take(), in
 * their order. `?` stands for a character as LC_CTYPE says. The sum of the
 * total leaves out what is unknown.
 * KFRAG_ENOMEM, KFRAG_EOVERFLOW (of a sum): hits may have been taken.
 */
KFRAG_MUST_CHECK enum kfrag_error kfrag_condition_evaluate(
	const struct kfrag_condition *condition, const void *const *rows,
	size_t nr_rows, const struct kfrag_condition_memory *memory,
	void (*take)(void *context, const struct kfrag_condition_hit *hit),
	void *context, struct kfrag_condition_counts *counts);

#endif
