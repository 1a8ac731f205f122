/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_TREND_EVIDENCE_H
#define KFRAG_OUTPUT_TREND_EVIDENCE_H

#include "kfrag/trend.h"

#define KFRAG_EVIDENCE_SIZE 768

/* The value of a threshold by its name; 0 where there is none. */
uint64_t kfrag_trend_threshold(const char *name);

/*
 * Why a verdict is that: the figures that decided, as a sentence without a
 * stop for a paragraph, figures joined with their units (paragraph.h).
 * Returns buf.
 */
const char *kfrag_trend_evidence(const struct kfrag_trend *trend,
				 char buf[KFRAG_EVIDENCE_SIZE]);

#endif
