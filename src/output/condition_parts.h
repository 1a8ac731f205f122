/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_CONDITION_PARTS_H
#define KFRAG_OUTPUT_CONDITION_PARTS_H

#include "kfrag/condition.h"

/* Bytes of the text of a condition, blanks at the ends left out. */
struct kfrag_condition_span {
	size_t start;
	size_t end;
};

/* What the text of a condition falls into. */
struct kfrag_condition_parts {
	const char *text;
	struct kfrag_condition_span selector;
	struct kfrag_condition_span column;
	struct kfrag_condition_span op;
	struct kfrag_condition_span value;
};

/*
 * Finds the operator: the first one that follows a colon and the name of a
 * column of the sets, as the names of caches may hold colons and operators.
 * Sets *op. KFRAG_EINVAL with the fault.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_condition_split(struct kfrag_condition_parts *parts, const char *text,
		      const struct kfrag_column_set *const *sets,
		      size_t nr_sets, enum kfrag_condition_op *op,
		      struct kfrag_condition_fault *fault);

/*
 * Reads the number, unit or percentage that the condition's column is
 * compared with. KFRAG_EINVAL with the fault.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_condition_read_number(struct kfrag_condition *condition,
			    const struct kfrag_condition_parts *parts,
			    struct kfrag_condition_fault *fault);

/* Returns KFRAG_EINVAL, after filling in the fault. */
__attribute__((format(printf, 3, 4))) enum kfrag_error
kfrag_condition_refuse(struct kfrag_condition_fault *fault, size_t offset,
		       const char *format, ...);

#endif
