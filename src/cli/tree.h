/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_TREE_H
#define KFRAG_CLI_TREE_H

#include "kfrag/machine.h"

/*
 * A folder with a copy of /proc in it, as an unpacked sosreport is: slabinfo,
 * and what stands beside it about the machine.
 */

/*
 * Opens its slabinfo. *path is then that file's, for the caller to free; it is
 * NULL after a sentence on stderr, with -1 returned.
 */
int cli_tree_open(const char *folder, char **path);

/* Never fails: what cannot be read states nothing. */
void cli_tree_read_machine(struct kfrag_machine *machine, const char *folder);

#endif
