/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_BOUNDARY_OUTPUT_H
#define KFRAG_BOUNDARY_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "kfrag/boundary.h"
#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/model_output.h"
#include "kfrag/table.h"

enum kfrag_boundary_table {
	KFRAG_BOUNDARY_SIZES, /* rows are struct kfrag_boundary */
	KFRAG_BOUNDARY_ORDERS, /* rows are struct kfrag_best_order */
	KFRAG_NR_BOUNDARY_TABLES
};

const struct kfrag_column_set *
kfrag_boundary_columns(enum kfrag_boundary_table table);

/* All columns and rows of a table, as kfrag_selection_init(). */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_boundary_selection_init(struct kfrag_selection *selection,
			      const struct kfrag_boundaries *boundaries,
			      enum kfrag_boundary_table table);

/* "yield": bytes won per byte shaved; and every column of the sizes. */
bool kfrag_boundary_sort_key_find(const char *text, struct kfrag_sort_key *key);

/*
 * For people: the sizes of the list, in which the ones that win nothing should
 * not be; then the caches that another order would suit better. KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_boundary_write_table(FILE *out, const struct kfrag_model_run *run,
			   const struct kfrag_boundaries *boundaries,
			   const struct kfrag_table_caches *caches,
			   const struct kfrag_table_style *style);

/* Takes the sizes that win nothing out of a selection of them. */
void kfrag_boundary_selection_drop_idle(struct kfrag_selection *selection);

#endif
