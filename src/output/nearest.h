/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_NEAREST_H
#define KFRAG_OUTPUT_NEAREST_H

#include <stddef.h>

#include "kfrag/columns.h"

/*
 * The name of a column of the sets that a mistyped one is most like: at most a
 * third of its characters are to be put in, taken out or changed, or a word
 * before it lacks. NULL where there is none.
 */
const char *kfrag_nearest_column(const struct kfrag_column_set *const *sets,
				 size_t nr_sets, const char *name,
				 size_t name_bytes);

#endif
