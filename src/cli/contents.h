/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_CONTENTS_H
#define KFRAG_CLI_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "kfrag/unpack.h"

/* Nothing longer is taken for a capture, packed or not. */
#define CLI_MAX_INPUT_BYTES ((size_t)256 << 20)

/* All that a file holds, unpacked. */
struct cli_contents {
	char *bytes;
	size_t nr_bytes;
	size_t capacity;
	enum kfrag_packing packing;
	struct kfrag_unpack_fault fault; /* the text ends where it was met */
};

/*
 * Reads fd to its end, and no further than it may be a capture; path is for
 * messages. Returns false after a sentence on stderr; text is then empty.
 */
bool cli_contents_read(struct cli_contents *text, int fd, const char *path);
void cli_contents_release(struct cli_contents *text);

/* "'path' is not slabinfo: why" on stderr. Returns false. */
bool cli_refuse(const char *path, const char *why);

#endif
