/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_SORT_KEYS_H
#define KFRAG_OUTPUT_SORT_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "kfrag/columns.h"

/*
 * The key of a letter or word of `keys`, else that of a column's name, names
 * from A to Z. Returns false, and an empty key, where there is none.
 */
bool kfrag_sort_key_pick(const struct kfrag_sort_key *keys, size_t nr_keys,
			 const struct kfrag_column_set *set, const char *text,
			 struct kfrag_sort_key *key);

#endif
