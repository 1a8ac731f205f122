/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_TEXTS_H
#define KFRAG_CLI_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

/* Different texts in the order in which they came. {0} is empty. */
struct cli_texts {
	char **list; /* owned, and so is each */
	size_t nr_texts;
	size_t nr_room;
};

/* Adds a copy where there is no such text yet. Returns false: no memory. */
bool cli_texts_add(struct cli_texts *texts, const char *text);
void cli_texts_release(struct cli_texts *texts);

#endif
