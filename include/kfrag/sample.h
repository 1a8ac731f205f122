/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SAMPLE_H
#define KFRAG_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kfrag/error.h"
#include "kfrag/snapshot.h"

/*
 * A recording is a text of samples, one behind the other:
 *
 *   # kfrag record: time=1700000000.123 host=vm kernel=6.1.0 page_size=4096 \
 *     memtotal_kb=981476                              (one line; no backslash)
 *   time: 1700000000
 *   slabinfo - version: 2.1                         (what the kernel wrote)
 *   ...
 *   # buddyinfo: Node 0, zone      DMA      0 ...          (a line per zone)
 *   # meminfo: Slab: 184324 kB                     (a line per known value)
 *   # sysslab: dentry 192 192 21 0 8 ...         (a line per entry, or none)
 *   # kfrag record: end time=1700000000.123
 *
 * What is unknown is left out, but for the time. Without its end line a
 * sample was cut. What is static of /sys/kernel/slab (kfrag/sysslab.h) stands
 * in the first sample only, and in those before which it has changed: it holds
 * until then. kfrag_slabinfo_parse() reads it; to who skips comments it is
 * slabinfo with the `time:` lines of mmtests.
 */
struct kfrag_sample {
	uint64_t time; /* seconds since the epoch */
	uint32_t time_ms; /* and milliseconds, below 1000 */
	struct kfrag_origin origin; /* strings: any bytes, the caller's */
	const char *slabinfo; /* whole lines */
	size_t slabinfo_bytes;
	const char *buddyinfo; /* NULL: unknown */
	size_t buddyinfo_bytes;
	struct kfrag_slab_meminfo meminfo; /* memtotal: see origin */
	const char *sysslab; /* whole lines; NULL: as before, or unknown */
	size_t sysslab_bytes;
};

/*
 * Writes one sample. KFRAG_EFORMAT, with nothing written: slabinfo does not
 * end with a newline, or holds lines of a recording. KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sample_write(FILE *out, const struct kfrag_sample *sample);

/* Whether a text begins as a recording does. */
bool kfrag_sample_is_first(const char *text, size_t bytes);

enum kfrag_sample_tail {
	KFRAG_TAIL_UNKNOWN, /* more of the text is needed to tell */
	KFRAG_TAIL_WHOLE, /* the last sample is complete */
	KFRAG_TAIL_CUT /* it is not */
};

/*
 * How a recording ends, from its last `bytes` bytes, or from all of them
 * (is_all). CUT: *cut_at is where the cut sample begins. What stands behind
 * the last sample and is none is not looked at.
 */
enum kfrag_sample_tail kfrag_sample_find_tail(const char *text, size_t bytes,
					      bool is_all, size_t *cut_at);

#endif
