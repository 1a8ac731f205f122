/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_COLUMN_LIST_H
#define KFRAG_OUTPUT_COLUMN_LIST_H

/*
 * A table's columns are one list, from which both their value functions and
 * their entries are made, so that a name and its value cannot part:
 *
 *	#define LIST(TABLE, TEXT, NUMBER) \
 *		TEXT(TABLE, name, value, help) NUMBER(TABLE, ...) ...
 *
 * LIST(x, VALUE, VALUE) makes x_name() and its like, where VALUE is a macro of
 * the file for such rows; LIST(x, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) the
 * entries. See columns.c.
 */
#include "kfrag/columns.h"
#include "output/values.h"

/* The value function of a column: an expression of `row`, a `type`. */
#define KFRAG_COLUMN_VALUE(table, type, column, expression)                    \
	static struct kfrag_value table##_##column(const void *any)            \
	{                                                                      \
		const type *row = any;                                         \
                                                                               \
		return expression;                                             \
	}

/* Its entry in an array of columns. */
#define KFRAG_COLUMN_TEXT(table, column, expression, help)                     \
	{ #column, help, table##_##column, true },
#define KFRAG_COLUMN_NUMBER(table, column, expression, help)                   \
	{ #column, help, table##_##column, false },

/* Array and length of a column set. */
#define KFRAG_COLUMN_ARRAY(columns)                                            \
	(columns), sizeof(columns) / sizeof((columns)[0])

#endif
