/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_WHATIF_PARTS_H
#define KFRAG_OUTPUT_WHATIF_PARTS_H

#include "kfrag/diff.h"
#include "kfrag/error.h"
#include "output/writer.h"

/* What a comparison under a premise says besides. Each may return KFRAG_ENOMEM. */

/* The member "what_if": changes, the worlds, and what was assumed. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_whatif_json(struct kfrag_writer *writer,
		  const struct kfrag_diff_premise *premise);

/* The same as comments. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_whatif_gnuplot(struct kfrag_writer *writer,
		     const struct kfrag_diff_premise *premise);

#endif
