/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_VIEW_H
#define KFRAG_CLI_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/shared_options.h"
#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/table.h"

/*
 * The tables that go out, their rows and columns as the options ask for: one,
 * or all where a format holds them all. The first is the one that was asked
 * for, or that of the caches.
 */
struct cli_view {
	struct kfrag_selection selections[KFRAG_NR_TABLES];
	size_t nr_selections;
};

/* Returns false after a sentence on stderr. Close in both cases. */
bool cli_view_open(struct cli_view *view, const struct shared_options *options,
		   const void *data);
void cli_view_close(struct cli_view *view);

/* Leaves the caches whose names --cache asks for. KFRAG_ENOMEM. */
KFRAG_MUST_CHECK enum kfrag_error
cli_view_match(struct kfrag_selection *selection,
	       const struct shared_options *options);

/* Makes '?' in a pattern stand for a character, not for a byte. */
void cli_view_prepare_patterns(void);

/* How the caches are ordered; false: as in the file. */
bool cli_view_order(const struct shared_options *options,
		    struct kfrag_sort_key *key);

/* The terminal's, or that of a page of 80 columns. */
struct kfrag_table_style cli_view_style(void);

/*
 * What a write came to, errno being 0 before it: returns true where it
 * succeeded, or its reader left; else false after a sentence on stderr.
 */
bool cli_view_is_written(enum kfrag_error error);

#endif
