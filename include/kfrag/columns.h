/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_COLUMNS_H
#define KFRAG_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/report.h"

/*
 * One table of columns per kind of row: name, unit, words for people and the
 * way to the value. Every format, --columns, --sort and --help read these.
 */
enum kfrag_table_kind {
	KFRAG_TABLE_CACHES,
	KFRAG_TABLE_TOTALS,
	KFRAG_TABLE_ORDERS,
	KFRAG_NR_TABLES
};

/* "caches", "totals", "orders". */
const char *kfrag_table_text(enum kfrag_table_kind kind);

enum kfrag_value_kind {
	KFRAG_VALUE_UNKNOWN, /* empty field, null, NaN */
	KFRAG_VALUE_UNSIGNED,
	KFRAG_VALUE_SIGNED,
	KFRAG_VALUE_BYTES_TEXT, /* raw bytes of a name, any value */
	KFRAG_VALUE_WORD /* a static word of our own, plain ASCII */
};

struct kfrag_value {
	enum kfrag_value_kind kind;
	uint64_t number; /* KFRAG_VALUE_UNSIGNED */
	int64_t signed_number; /* KFRAG_VALUE_SIGNED */
	const char *text; /* both text kinds; borrowed from the row */
	size_t text_bytes;
};

struct kfrag_column {
	const char *name; /* as in the output contract; never changes */
	const char *help; /* one line, lower case, with the formula */
	struct kfrag_value (*value)(const void *row);
	bool is_text; /* else its values are numbers, or unknown */
};

/* What a percentage of a column is of. */
enum kfrag_whole_kind {
	KFRAG_WHOLE_NONE, /* of nothing */
	KFRAG_WHOLE_COLUMN, /* of another column of the row; 0: unknown */
	KFRAG_WHOLE_BEFORE, /* the same; any change of 0 is without bound */
	KFRAG_WHOLE_MEMORY, /* of the machine's memory */
	KFRAG_WHOLE_OLD_MEMORY /* of that of an older capture's machine */
};

/* What conditions (condition.h) may ask of a column. */
struct kfrag_column_rule {
	const char *column;
	bool adds; /* its sum over all caches says something */
	enum kfrag_whole_kind of;
	const char *whole; /* name of that column, else NULL */
	const char *words; /* all of a text column, "a b c"; NULL: any */
};

/* All columns of rows of one kind, in the contract's order. */
struct kfrag_column_set {
	const char *name; /* of the table: "caches", for --show and outputs */
	const struct kfrag_column *columns;
	size_t nr_columns;
	size_t nr_keys; /* so many of the first say which row it is */
	/* Of some columns; the last has no column. NULL: of none. */
	const struct kfrag_column_rule *rules;
};

/* NULL where the set has no column of that name, which needs no NUL. */
const struct kfrag_column *
kfrag_column_set_find(const struct kfrag_column_set *set, const char *name,
		      size_t name_bytes);

/* What is said of a column; an empty rule where nothing is. */
struct kfrag_column_rule
kfrag_column_set_rule(const struct kfrag_column_set *set,
		      const struct kfrag_column *column);

/* The columns of a report's table. */
const struct kfrag_column_set *kfrag_table_columns(enum kfrag_table_kind kind);

/* The same as an array, and how many there are. */
const struct kfrag_column *kfrag_columns(enum kfrag_table_kind kind,
					 size_t *nr_columns);

/* NULL where the table has no such column. */
const struct kfrag_column *kfrag_column_find(enum kfrag_table_kind kind,
					     const char *name);

/*
 * What to write of one table: which columns, which rows, in which order.
 * The caller owns both arrays; rows point into what they were made of.
 */
struct kfrag_selection {
	const struct kfrag_column_set *set; /* what rows are, and can show */
	const struct kfrag_column *const *columns;
	size_t nr_columns;
	const void *const *rows;
	size_t nr_rows;
};

/*
 * All columns and all rows of a table, in the report's order, into arrays
 * that the caller releases. KFRAG_ENOMEM leaves the selection empty.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_selection_init(struct kfrag_selection *selection,
		     const struct kfrag_report *report,
		     enum kfrag_table_kind kind);

/*
 * The same for nr_rows rows of any kind that stand row_bytes apart from
 * `rows` on.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_selection_init_rows(struct kfrag_selection *selection,
			  const struct kfrag_column_set *set, const void *rows,
			  size_t nr_rows, size_t row_bytes);
void kfrag_selection_release(struct kfrag_selection *selection);

/*
 * Keeps only the columns of a comma-separated list, in its order. Returns
 * KFRAG_EINVAL, with the place of the first unknown or empty word in
 * *bad_offset, and the selection as it was.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_selection_set_columns(struct kfrag_selection *selection, const char *list,
			    size_t *bad_offset);

/*
 * Sort keys of the caches table: slabtop's letters, a word for each, waste,
 * and every column's name.
 */
struct kfrag_sort_key {
	char letter; /* 0 where slabtop has none */
	const char *word;
	const char *help;
	struct kfrag_value (*value)(const void *row);
	bool ascending; /* names; figures come largest first */
};

/* The keys with words of their own, and how many. */
const struct kfrag_sort_key *kfrag_sort_keys(size_t *nr_keys);

/* By letter, word or column name; returns false where there is none. */
bool kfrag_sort_key_find(const char *text, struct kfrag_sort_key *key);

/*
 * Sorts the rows of a selection by a key of such rows; equal rows keep their
 * order, reversed or not.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_selection_sort(struct kfrag_selection *selection,
		     const struct kfrag_sort_key *key);
KFRAG_MUST_CHECK enum kfrag_error
kfrag_selection_sort_reverse(struct kfrag_selection *selection,
			     const struct kfrag_sort_key *key);

/*
 * Keeps the rows whose name one of the glob patterns matches, where the set
 * has a column of names: fnmatch(3) over the escaped text of the name (text.h), so that
 * what is seen is what matches; a backslash in a pattern stands for itself
 * ([*] is a star). KFRAG_ENOMEM leaves the selection as it was.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_selection_match(struct kfrag_selection *selection,
		      const char *const *patterns, size_t nr_patterns);

/* Keeps the rows of which keeps() says so, in their order. */
void kfrag_selection_keep(struct kfrag_selection *selection,
			  bool (*keeps)(const void *row));

#endif
