/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CSV_H
#define KFRAG_CSV_H

#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"

/*
 * Writes a header line and one line per row (RFC 4180 quoting by libcsv, but
 * lines end in LF). Numbers stand bare, texts in quotes, unknown is empty.
 * KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_csv_write(FILE *out, const struct kfrag_selection *selection);

#endif
