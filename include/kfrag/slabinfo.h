/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SLABINFO_H
#define KFRAG_SLABINFO_H

#include <stddef.h>

#include "kfrag/error.h"
#include "kfrag/snapshot.h"

/*
 * Reads the text of /proc/slabinfo, versions 1.0 to 2.1, as any number of
 * samples. The text need not be NUL-terminated and is not kept. Every line
 * that is a row becomes a record; every other one that is no header, comment,
 * separator or blank gets a diag. Never fails on a line's account.
 *
 * A sample begins at a `slabinfo - version` line or at a `time: N` line that
 * follows a row; samples without a row are dropped.
 *
 * A sample of `kfrag record` (kfrag/sample.h) begins at its first line and is
 * complete once its end line is there, with the same time. Without that it
 * was cut: not one row of it is used, and one diag stands for all its lines.
 *
 * Rows of 2.x are told by their ": tunables". A line of 1.x shape, a name and
 * six numbers, is a row only in a sample where more speaks for 1.x (version
 * line, other rows) than for 2.x, as a 2.x row cut in the middle can look the
 * same. A last line without a newline is a row only if no digit of a figure
 * can be missing: 2.x up to num_slabs and what follows it, 1.x up to a ':' or
 * as far as the row before it.
 *
 * KFRAG_EFORMAT: not one row in the whole text, or not one outside cut samples
 * (recording then holds the diags only). KFRAG_ENOMEM: recording is empty. Otherwise the recording is
 * the caller's to release and has at least one snapshot with one record.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_slabinfo_parse(struct kfrag_recording *recording, const char *text,
		     size_t text_bytes);

#endif
