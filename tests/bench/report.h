/* SPDX-License-Identifier: MIT */
#ifndef REPORT_H
#define REPORT_H

/* The figures of many runs as a table of medians. */
#include "measure.h"

#define MAX_RUNS 99

/* All runs of one allocator on one workload. */
struct series {
	const struct allocator *allocator;
	struct measured runs[MAX_RUNS];
	size_t nr_runs;
};

double report_median(double *values, size_t nr);

/*
 * Series 0 is the null allocator's: the floor that is taken off the others.
 * Series 1 is kfrag's: the one that the others are divided by. Linux counts
 * resident memory in steps of some 256 KiB, so differences below that are
 * nothing.
 */
void report_heading(void);
void report_workload(const char *title, const struct stream *stream,
		     const struct series *series, size_t nr_series);

#endif
