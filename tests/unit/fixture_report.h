/* SPDX-License-Identifier: MIT */
#ifndef FIXTURE_REPORT_H
#define FIXTURE_REPORT_H

#include <stddef.h>

#include "kfrag/columns.h"
#include "kfrag/random.h"
#include "kfrag/report.h"

/*
 * Reports put together by hand, so that tests of the output need no replay.
 * All of them are released with kfrag_report_release().
 */

/*
 * Caches by place: two ordinary ones, then every kind of hostile name and
 * number; see fixture_report.c.
 */
enum fixture_cache {
	FIXTURE_DENTRY,
	FIXTURE_INODE,
	FIXTURE_SHELL, /* a name that would like to be a command */
	FIXTURE_BYTES, /* comma, newline, NUL, control and broken bytes */
	FIXTURE_UTF8, /* letters beyond ASCII, and a C1 control */
	FIXTURE_BACKSLASH, /* a name that looks escaped already */
	FIXTURE_EMPTY, /* no objects */
	FIXTURE_NEGATIVE, /* a tail below zero */
	FIXTURE_MAX, /* UINT64_MAX and INT64_MIN wherever they go */
	FIXTURE_NR_CACHES
};

/* 4 KiB pages, 64 MiB, orders 0..3; unknown members in every table. */
void fixture_report_init(struct kfrag_report *report);

/* A source that is as bad as the names of the caches. */
#define FIXTURE_SOURCE "dir/a \"b\\c\"\n\xff.slabinfo"

/*
 * The same with unusual parameters, and a selection of each table: three
 * columns of the caches, four rows of the orders. To be released with
 * fixture_report_unmix().
 */
void fixture_report_mixed(struct kfrag_report *report,
			  struct kfrag_selection *selections);
void fixture_report_unmix(struct kfrag_report *report,
			  struct kfrag_selection *selections);

/* The same with ordinary caches only: figures that make sense together. */
void fixture_report_sane(struct kfrag_report *report);

/* What the replay makes of a file without objects: no caches at all. */
void fixture_report_empty(struct kfrag_report *report);

/* The sane report as it is where nothing was replayed object by object. */
void fixture_report_counted(struct kfrag_report *report);

/*
 * nr_caches random rows with many equal figures among them, totals that need
 * not fit, orders 0..max_order; names are random bytes of up to 60.
 */
void fixture_report_random(struct kfrag_report *report,
			   struct kfrag_random *random, size_t nr_caches,
			   unsigned max_order);

/* 0..bound-1 as a size. */
static inline size_t fixture_random_size(struct kfrag_random *random,
					 size_t bound)
{
	return (size_t)kfrag_random_below(random, bound);
}

#endif
