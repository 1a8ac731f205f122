/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CSV_SNAPSHOT_H
#define KFRAG_CSV_SNAPSHOT_H

#include <stddef.h>

#include "kfrag/error.h"
#include "kfrag/snapshot.h"

/*
 * CSV as kfrag writes it of caches, read back: the first line names the
 * columns, in any order. Needed are name, size_bytes, active_objs, num_objs,
 * objs_per_slab, slab_order and num_slabs, read where they are there
 * kernel_held_bytes, time, time_ms (0 to 999, past time) and moment; all
 * others are passed over.
 *
 * What the CSV does not hold: active_slabs (num_slabs stands for it, and it is
 * marked as unknown), active_objs above num_objs (it was written as num_objs), the version of
 * the slabinfo, and names that hold \xNN as text (kfrag_text_unescape()).
 * pages_per_slab is 1 << slab_order, or what kernel_held_bytes says where that
 * is no power of two. None of it changes the bytes of a report.
 */
enum kfrag_csv_header {
	KFRAG_CSV_STRANGE, /* the text is no CSV of kfrag's caches */
	KFRAG_CSV_INCOMPLETE, /* it is, but a needed column was left out */
	KFRAG_CSV_CACHES
};

/*
 * Looks at the first line only. *missing is the first needed column that is
 * not there, NULL if none.
 */
enum kfrag_csv_header kfrag_csv_snapshot_header(const char *text,
						size_t text_bytes,
						const char **missing);

/*
 * The text need not be NUL-terminated and is not kept. Rows with the same
 * time, time_ms and moment are one sample, wherever they stand; what is not
 * there or empty is the same, too. Samples are in the order of their first
 * rows. A row ends where its line does: fields hold no line breaks. A last
 * line without a newline is a row only if no digit of a figure can be missing.
 *
 * The page size of a snapshot's origin is what kernel_held_bytes says of its
 * rows, if they agree: a power of two from 1 KiB to 16 MiB; else unknown.
 *
 * KFRAG_EFORMAT: the header is not KFRAG_CSV_CACHES, or not one row is good
 * (recording then holds the diags only). KFRAG_ENOMEM: recording is empty.
 * Otherwise the recording is the caller's to release and has at least one
 * snapshot with one record.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_csv_snapshot_parse(struct kfrag_recording *recording, const char *text,
			 size_t text_bytes);

#endif
