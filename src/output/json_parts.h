/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_JSON_PARTS_H
#define KFRAG_OUTPUT_JSON_PARTS_H

#include <stddef.h>
#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/report.h"
#include "output/writer.h"

/* What all JSON of ours is made of. Each may return KFRAG_ENOMEM. */

/*
 * Begins an output: one object, with "kfrag" (version) in it. Whoever calls
 * goes on with a member of its own, without a comma before it.
 */
void kfrag_json_begin(struct kfrag_writer *writer, FILE *out);

/*
 * Ends it, with the rows of all selections unless there is an error before.
 * Returns as kfrag_writer_end().
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_json_end(struct kfrag_writer *writer,
	       const struct kfrag_selection *selections, size_t nr_selections,
	       enum kfrag_error error);

KFRAG_MUST_CHECK enum kfrag_error
kfrag_json_string(struct kfrag_writer *writer, const char *text, size_t bytes);

/* Of member number i of an object; a name of ours needs no escapes. */
void kfrag_json_key(struct kfrag_writer *writer, size_t i, const char *name);

/* A string, a number, or null where it is unknown. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_json_value(struct kfrag_writer *writer, const struct kfrag_value *value);

/* Members of an object, of which there are `nr_before` before them. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_json_members(struct kfrag_writer *writer, size_t nr_before,
		   const struct kfrag_named_value *list, size_t nr_values);

/* Member number i: the value of a row's column. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_json_member(struct kfrag_writer *writer, size_t i,
		  const struct kfrag_column *column, const void *row);

/* ", name: value" for each parameter of a run. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_json_parameters(struct kfrag_writer *writer,
		      const struct kfrag_report *report);

/* The next member of the outermost object: a table's rows, an array. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_json_rows(struct kfrag_writer *writer,
		const struct kfrag_selection *selection);

#endif
