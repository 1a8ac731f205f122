/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_COMPARISON_H
#define KFRAG_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>

#include "kfrag/error.h"
#include "kfrag/report.h"

/*
 * Two reports side by side: which row of the one is which row of the other.
 * A difference is always new - old; a row that is not there counts as 0.
 */
enum kfrag_status {
	KFRAG_SAME,
	KFRAG_CHANGED,
	KFRAG_NEW, /* only in the new report */
	KFRAG_GONE, /* only in the old report */
	KFRAG_NR_STATUSES
};

/* "same", "changed", "new", "gone". */
const char *kfrag_status_text(enum kfrag_status status);

/*
 * A cache, and whether the files say the same of it: the columns of a report
 * from size_bytes to kernel_tail_bytes, and the active slabs. What the replay
 * makes of it is no figure of the files, and may differ where they do not:
 * chance deals differently when another cache grows.
 */
struct kfrag_cache_pair {
	const struct kfrag_cache_row *old_row; /* NULL: new */
	const struct kfrag_cache_row *new_row; /* NULL: gone */
	enum kfrag_status status;
};

/* The totals of an allocator and state; here every figure counts. */
struct kfrag_total_pair {
	const struct kfrag_total_row *old_row;
	const struct kfrag_total_row *new_row;
	enum kfrag_status status;
};

struct kfrag_comparison {
	/* The old report's order, then the caches that are new in theirs. */
	struct kfrag_cache_pair *caches;
	size_t nr_caches;
	struct kfrag_total_pair *totals; /* the reports' order */
	size_t nr_totals;
	size_t nr_of[KFRAG_NR_STATUSES]; /* caches */
};

/*
 * Matches caches of the same name and size, the first with the first where
 * several are equal; of a name's caches that are left, whose sizes differ,
 * again the first with the first. All rows stay the reports', which must
 * outlive the comparison. KFRAG_ENOMEM leaves it empty; otherwise it is the
 * caller's to release.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_comparison_init(struct kfrag_comparison *comparison,
		      const struct kfrag_report *old_report,
		      const struct kfrag_report *new_report);
void kfrag_comparison_release(struct kfrag_comparison *comparison);

/* Whether the files differ: any cache that is not the same. */
bool kfrag_comparison_differs(const struct kfrag_comparison *comparison);

#endif
