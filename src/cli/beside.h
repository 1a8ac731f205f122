/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_BESIDE_H
#define KFRAG_CLI_BESIDE_H

#include <stddef.h>

/*
 * Small files that may lie beside a capture. Folders may be an archive's, and
 * hold anything: only regular files are opened, and nothing is waited for.
 */

/* Longer ones are cut. zoneinfo has lines for each zone and processor. */
#define CLI_MAX_BESIDE_BYTES ((size_t)4 << 20)

/* "FOLDER/NAME", to free; NULL after a sentence on stderr. */
char *cli_beside_join(const char *folder, const char *name);

/* -1 with errno where there is no such file. */
int cli_beside_open(const char *path);

/*
 * As much of it as is looked at: a text to free, not NUL-terminated, or NULL
 * with *nr_bytes 0 and errno where none can be read. cli_beside_read_close()
 * reads whatever a caller has opened, waits for it, and closes it; an fd below
 * 0 leaves errno as it was.
 */
char *cli_beside_read(const char *path, size_t *nr_bytes);
char *cli_beside_read_close(int fd, size_t *nr_bytes);

#endif
