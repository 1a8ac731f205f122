/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TESTS_TWIN_BUDDY_H
#define KFRAG_TESTS_TWIN_BUDDY_H

/*
 * A buddy allocator and its model, which take every step together. Each
 * function ends the test where the two differ.
 */
#include <stdbool.h>
#include <stdint.h>

#include "alloc/buddy_impl.h"
#include "kfrag/random.h"
#include "model.h"

/* How often a step was of an unusual kind; none may be 0 at the end. */
struct twin_hard_cases {
	unsigned nr_refusals;
	unsigned nr_refusals_with_enough_free;
	unsigned nr_short_runs; /* fewer blocks than asked for */
	unsigned nr_long_runs; /* more than one block */
	unsigned nr_split_runs; /* ... cut from a larger block */
	unsigned nr_gapped_masks; /* blocks that do not lie side by side */
	unsigned nr_split_masks; /* ... cut from larger blocks */
	unsigned nr_short_bulks; /* some blocks, but not all */
	unsigned nr_masks; /* several blocks freed at once */
	unsigned nr_masks_over_words;
	unsigned nr_high_merges; /* over three orders or more */
	unsigned nr_not_lowest; /* a lower block was free, of the same order */
};

struct twin {
	struct kfrag_buddy *buddy;
	struct model_buddy model;
	bool checked; /* with start bits, or lists */
	struct kfrag_random random;
	struct twin_hard_cases met;
};

/* Without lists, made by kfrag_buddy_create_checked() for odd seeds. */
void twin_init(struct twin *twin, uint64_t seed, uint64_t nr_pages,
	       unsigned max_order, enum kfrag_buddy_placement placement);
void twin_release(struct twin *twin);

/* 0..bound-1, from the twin's seed. */
uint64_t twin_draw(struct twin *twin, uint64_t bound);

/* A request or a free of any kind; more of the former while growing. */
void twin_step(struct twin *twin, bool growing);
void twin_step_alloc(struct twin *twin, unsigned order);
void twin_step_free(struct twin *twin);

/*
 * An allocated block, the first one from a random page on. Returns false
 * where there is none.
 */
bool twin_choose_live(struct twin *twin, uint64_t *pfn, unsigned *order);

struct kfrag_buddy *twin_make_buddy(uint64_t nr_pages, unsigned max_order,
				    bool checked);
struct kfrag_buddy *twin_make_placed(uint64_t nr_pages, unsigned max_order,
				     enum kfrag_buddy_placement placement);
/* Of kind 0 .. TWIN_NR_KINDS - 1: plain, checked, LIFO, FIFO. */
#define TWIN_NR_KINDS 4
struct kfrag_buddy *twin_make_kind(int kind, uint64_t nr_pages,
				   unsigned max_order);
void twin_check_itself(const struct kfrag_buddy *buddy);

/* All counts are those of the model, and each list's order. */
void twin_check_against(const struct kfrag_buddy *buddy,
			const struct model_buddy *model);

/*
 * All counts, and all bits where there are some, are those of an allocator
 * that was never used.
 */
void twin_check_like_fresh(const struct kfrag_buddy *buddy, bool checked);

#endif
