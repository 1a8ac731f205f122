/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_CHOICE_H
#define KFRAG_CLI_CHOICE_H

#include <stdint.h>

#include "cli/input.h"
#include "kfrag/snapshot.h"

/*
 * The sample of a number from 1, or, for 0, the last one; where there are
 * others, a sentence says that it "is WHAT". NULL after a sentence on stderr.
 */
struct kfrag_snapshot *cli_choose_sample(struct cli_input *input,
					 uint64_t sample, const char *what);

/* The last sample, for who has no --sample; a sentence as above. */
struct kfrag_snapshot *cli_last_sample(struct cli_input *input,
				       const char *what);

/*
 * The capture as people read it: its path, and the machine where a recording
 * says which. The caller's to free; NULL where nothing says so (the path will
 * do), or the host has no memory.
 */
char *cli_make_title(const struct cli_input *input,
		     const struct kfrag_snapshot *snapshot);

#endif
