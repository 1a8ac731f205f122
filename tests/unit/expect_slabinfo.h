/* SPDX-License-Identifier: MIT */
#ifndef EXPECT_SLABINFO_H
#define EXPECT_SLABINFO_H

#include <stddef.h>

#include "kfrag/snapshot.h"

/* Assertions that the tests of the slabinfo reader share. */

/* All of a record but its name. */
void expect_figures(const struct kfrag_record *record,
		    const struct kfrag_record *expected);

/* Whether the whole snapshot has just this record on its line. */
void expect_record_of(const struct kfrag_snapshot *whole,
		      const struct kfrag_record *record);

void expect_diag(const struct kfrag_diag *diag,
		 const struct kfrag_diag *expected);

/*
 * Parses an exact-size copy, which is gone before the recording is looked at,
 * so that a sanitizer sees every byte too many.
 */
void expect_parse(struct kfrag_recording *recording, const char *text,
		  size_t bytes);

#endif
