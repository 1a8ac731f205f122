/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_LESSON_PAGES_H
#define KFRAG_REPLAY_LESSON_PAGES_H

#include <stdbool.h>

#include "kfrag/lesson_run.h"
#include "kfrag/pages.h"

/* The buddy allocator of a run; each call is noted in the run's event. */
bool kfrag_lesson_pages_take(struct kfrag_lesson_run *run, unsigned order,
			     uint64_t *pfn);
void kfrag_lesson_pages_give(struct kfrag_lesson_run *run, unsigned order,
			     uint64_t pfn);

/* The same two for a slab allocator. */
struct kfrag_page_source
kfrag_lesson_pages_source(struct kfrag_lesson_run *run);

/* Fills in run->blocks. KFRAG_ENOMEM. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_list_blocks(struct kfrag_lesson_run *run);

#endif
