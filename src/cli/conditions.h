/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_CONDITIONS_H
#define KFRAG_CLI_CONDITIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "kfrag/condition.h"

/* What --fail-if was given; {0} is empty. */
struct cli_conditions {
	struct kfrag_condition *list; /* owned */
	size_t nr_conditions;
};

/*
 * Reads one more, on the tables of a subcommand. Returns false after a
 * sentence on stderr, with a caret under the mistake.
 */
bool cli_conditions_add(struct cli_conditions *conditions, const char *text,
			const struct kfrag_column_set *const *sets,
			size_t nr_sets);
void cli_conditions_release(struct cli_conditions *conditions);

#endif
