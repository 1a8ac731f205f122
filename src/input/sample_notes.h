/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SAMPLE_NOTES_H
#define KFRAG_SAMPLE_NOTES_H

#include <stdbool.h>
#include <stddef.h>

#include "input/slabinfo_line.h"
#include "kfrag/snapshot.h"

/* What comment lines within a recorded sample say. {0} is none of it. */
struct kfrag_sample_notes {
	struct kfrag_slab_meminfo meminfo;
	/* From the first line on that says something to the end of the last. */
	const char *sysslab; /* in the text, marks included; NULL: none */
	size_t sysslab_bytes;
};

/* Takes a line of kind MEMINFO or SYSSLAB. */
void kfrag_sample_notes_add(struct kfrag_sample_notes *notes,
			    const struct kfrag_slabinfo_line *line);

/*
 * Makes what they say known of a recording's last snapshot, which is of their
 * sample. What they do not say of /sys/kernel/slab is as in the snapshot before
 * it, of the same machine. Returns false where memory is short.
 */
bool kfrag_sample_notes_settle(const struct kfrag_sample_notes *notes,
			       struct kfrag_recording *recording);

#endif
