/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_LESSON_PARTS_H
#define KFRAG_OUTPUT_LESSON_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kfrag/lesson_draw.h"

#define KFRAG_LESSON_WIDTH 80
#define KFRAG_LESSON_SIZE_TEXT 32

/* Exactly, in the largest unit that leaves a whole number: "14 KiB", "14K". */
const char *kfrag_lesson_size(uint64_t bytes, char buf[KFRAG_LESSON_SIZE_TEXT]);
const char *kfrag_lesson_short_size(uint64_t bytes,
				    char buf[KFRAG_LESSON_SIZE_TEXT]);

/* Memory, and what lies under it, is drawn in so many columns. */
#define KFRAG_LESSON_COLUMNS 64
#define KFRAG_LESSON_MARGIN 8

/* The column in which a page begins, 0..KFRAG_LESSON_COLUMNS. */
unsigned kfrag_lesson_column(const struct kfrag_lesson_run *run, uint64_t pfn);

/* The pair of buddies that the last step of a block looked at. */
struct kfrag_lesson_pair {
	unsigned order;
	uint64_t index; /* of the pair */
	uint64_t block; /* index of the block that came first */
};

/* Returns false where the last step touched none. */
bool kfrag_lesson_last_pair(const struct kfrag_lesson_run *run,
			    struct kfrag_lesson_pair *pair);

/* The parts of a drawing. */
void kfrag_lesson_draw_memory(FILE *out, const struct kfrag_lesson_run *run,
			      struct kfrag_lesson_style style);
void kfrag_lesson_draw_tree(FILE *out, const struct kfrag_lesson_run *run,
			    struct kfrag_lesson_style style);
void kfrag_lesson_draw_freelist(FILE *out, const struct kfrag_lesson_run *run);
void kfrag_lesson_draw_bitmap(FILE *out, const struct kfrag_lesson_run *run);
void kfrag_lesson_draw_slabs(FILE *out, const struct kfrag_lesson_run *run,
			     struct kfrag_lesson_style style);

#endif
