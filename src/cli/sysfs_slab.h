/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_SYSFS_SLAB_H
#define KFRAG_CLI_SYSFS_SLAB_H

#include <stddef.h>

#define CLI_LIVE_SYSFS_SLAB "/sys/kernel/slab"

/*
 * A folder like /sys/kernel/slab as the text that kfrag_sysslab_parse() reads,
 * the entries sorted by name: what can be read of each, symbolic links as
 * aliases of their targets. Entries whose five numbers cannot be read are left
 * out. Nothing is written, and what has effects when it is read is not opened.
 *
 * Returns a text to free, or NULL with errno and *nr_bytes 0 where the folder
 * cannot be read; where it has no entry, the text is empty.
 */
char *cli_sysfs_slab_read(const char *folder, size_t *nr_bytes);

/* The same without the counts of the moment. */
char *cli_sysfs_slab_read_static(const char *folder, size_t *nr_bytes);

/*
 * Only what its entries are called and are aliases of, likewise: a text that
 * tells, much faster, whether there are others by now.
 */
char *cli_sysfs_slab_read_names(const char *folder, size_t *nr_bytes);

#endif
