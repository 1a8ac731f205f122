/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_METADATA_OUTPUT_H
#define KFRAG_METADATA_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/metadata.h"
#include "kfrag/model_output.h"
#include "kfrag/table.h"

enum kfrag_metadata_table {
	KFRAG_METADATA_CACHES, /* rows are struct kfrag_metadata_row */
	KFRAG_METADATA_TOTALS, /* rows are struct kfrag_metadata_total */
	KFRAG_NR_METADATA_TABLES
};

const struct kfrag_column_set *
kfrag_metadata_columns(enum kfrag_metadata_table table);

/* All columns and rows of a table, as kfrag_selection_init(). */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_metadata_selection_init(struct kfrag_selection *selection,
			      const struct kfrag_metadata *metadata,
			      enum kfrag_metadata_table table);

/* Every column of the caches. */
bool kfrag_metadata_sort_key_find(const char *text, struct kfrag_sort_key *key);

/*
 * For people: what each kind would cost in all, and the rows of the list.
 * KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_metadata_write_table(FILE *out, const struct kfrag_model_run *run,
			   const struct kfrag_metadata *metadata,
			   const struct kfrag_table_caches *caches,
			   const struct kfrag_table_style *style);

#endif
