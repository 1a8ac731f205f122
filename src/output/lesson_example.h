/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_LESSON_EXAMPLE_H
#define KFRAG_OUTPUT_LESSON_EXAMPLE_H

#include <stdbool.h>

#include "kfrag/lesson_run.h"
#include "kfrag/report.h"

/* The first object of a cache, in a block of its own and in a slab. */
struct kfrag_lesson_example {
	struct kfrag_lesson lesson;
	struct kfrag_lesson_run run; /* all steps are done */
};

#define KFRAG_LESSON_EXAMPLE_SHOW                                              \
	(KFRAG_LESSON_SHOW_MEMORY | KFRAG_LESSON_SHOW_SLABS)

/*
 * False, and nothing to release, where a lesson is too small for the cache or
 * the host has no memory.
 */
bool kfrag_lesson_example_init(struct kfrag_lesson_example *example,
			       const struct kfrag_report *report,
			       const struct kfrag_cache_row *row);
void kfrag_lesson_example_release(struct kfrag_lesson_example *example);

#endif
