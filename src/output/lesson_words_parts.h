/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_LESSON_WORDS_PARTS_H
#define KFRAG_OUTPUT_LESSON_WORDS_PARTS_H

#include "output/lesson_parts.h"

/*
 * Sentences are added to words, which has KFRAG_LESSON_WORDS_SIZE bytes; what
 * has no room is cut.
 */
__attribute__((format(printf, 2, 3))) void
kfrag_lesson_add(char *words, const char *format, ...);
/* "14 KiB", the size of a block, and the address of a page. */
void kfrag_lesson_add_size(char *words, uint64_t bytes);
void kfrag_lesson_add_block_size(char *words,
				 const struct kfrag_lesson_run *run,
				 unsigned order);
void kfrag_lesson_add_place(char *words, const struct kfrag_lesson_run *run,
			    uint64_t pfn);
/* The end of a noun. */
const char *kfrag_lesson_plural(uint64_t count);

/* What steps of each kind did, name being that of their block or cache. */
void kfrag_lesson_add_memory(char *words, const struct kfrag_lesson_run *run);
void kfrag_lesson_add_alloc(char *words, const struct kfrag_lesson_run *run,
			    const struct kfrag_lesson_step *step,
			    const char *name);
void kfrag_lesson_add_free(char *words, const struct kfrag_lesson_run *run,
			   const char *name);
void kfrag_lesson_add_cache(char *words, const struct kfrag_lesson_run *run,
			    const struct kfrag_lesson_step *step,
			    const char *name);
void kfrag_lesson_add_objects(char *words, const struct kfrag_lesson_run *run,
			      const struct kfrag_lesson_step *step,
			      const char *name);

/*
 * Why `who` gets no block for so many bytes; how it gets one, from the search
 * to the block's place; how one that is given back merges.
 */
void kfrag_lesson_add_refusal(char *words, const struct kfrag_lesson_run *run,
			      const struct kfrag_lesson_page_event *event,
			      const char *who, uint64_t bytes);
void kfrag_lesson_add_taken(char *words, const struct kfrag_lesson_run *run,
			    const struct kfrag_lesson_page_event *event,
			    const char *who);
void kfrag_lesson_add_given(char *words, const struct kfrag_lesson_run *run,
			    const struct kfrag_lesson_page_event *event);

#endif
