/* SPDX-License-Identifier: MIT */
#ifndef REPORT_LAWS_H
#define REPORT_LAWS_H

#include "kfrag/replay.h"
#include "kfrag/report.h"
#include "kfrag/snapshot.h"

/*
 * What must hold in every report, whatever is random in it: rows against the
 * snapshot's records, conservation of bytes, blocks, slabs and objects, and
 * the three tables against each other. Everything is worked out anew from
 * the records. Returns NULL, or the first law that is broken.
 */
const char *report_laws_broken(const struct kfrag_report *report,
			       const struct kfrag_snapshot *snapshot,
			       const struct kfrag_replay_params *params);

/*
 * Compares every row of two reports of the same snapshot, member by member.
 * Returns NULL, or the name of the first member that differs.
 */
const char *report_difference(const struct kfrag_report *a,
			      const struct kfrag_report *b);

/* Slabs at the peak, the sum of ceil(N / O) over caches that can have any. */
uint64_t report_laws_peak_slabs(const struct kfrag_snapshot *snapshot,
				const struct kfrag_replay_params *params);

#endif
