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

/*
 * How the index of a pair is found, and what the bitmap costs, a line at a
 * time. Return line.
 */
#define KFRAG_LESSON_BITMAP_LINE 160
#define KFRAG_LESSON_PAIR_LINES 3
#define KFRAG_LESSON_COST_LINES 2
const char *kfrag_lesson_pair_line(const struct kfrag_lesson_run *run,
				   const struct kfrag_lesson_pair *pair,
				   unsigned i,
				   char line[KFRAG_LESSON_BITMAP_LINE]);
const char *kfrag_lesson_cost_line(const struct kfrag_lesson_run *run,
				   unsigned i,
				   char line[KFRAG_LESSON_BITMAP_LINE]);

/* Whether a slot holds an object; of KFRAG_SLAB_NONE, none does. */
bool kfrag_lesson_is_live(const struct kfrag_lesson_run *run, uint64_t pfn,
			  uint32_t slot);

/*
 * The free list leads from one free slot of a slab to the next by address: the
 * first that is at least `from`, or KFRAG_LESSON_NO_SLOT.
 */
#define KFRAG_LESSON_NO_SLOT UINT32_MAX
uint32_t kfrag_lesson_next_free(const struct kfrag_lesson_run *run,
				const struct kfrag_lesson_thing *thing,
				uint64_t pfn, uint32_t from);

/*
 * "inode: 1 object in 1 slab" of a cache, and "objects of 600 B, 6 a slab, tail
 * 496 B". Return line.
 */
#define KFRAG_LESSON_CACHE_LINE 96
const char *kfrag_lesson_cache_line(const struct kfrag_lesson_run *run,
				    size_t name,
				    char line[KFRAG_LESSON_CACHE_LINE]);

const char *kfrag_lesson_slots_line(const struct kfrag_lesson_run *run,
				    size_t name,
				    char line[KFRAG_LESSON_CACHE_LINE]);

/* What is drawn after the last step: a mask, which may be empty. */
unsigned kfrag_lesson_drawings(const struct kfrag_lesson_run *run);

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
