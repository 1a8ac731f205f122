/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_JSON_PARTS_H
#define KFRAG_OUTPUT_JSON_PARTS_H

#include <stddef.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/report.h"
#include "output/writer.h"

/* What all JSON of ours is made of. Each may return KFRAG_ENOMEM. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_json_string(struct kfrag_writer *writer, const char *text, size_t bytes);

/* Of member number i of an object; a name of ours needs no escapes. */
void kfrag_json_key(struct kfrag_writer *writer, size_t i, const char *name);

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
