/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_LESSON_RUN_H
#define KFRAG_LESSON_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/buddy.h"
#include "kfrag/error.h"
#include "kfrag/lesson.h"
#include "kfrag/slab.h"

/*
 * Does the steps of a lesson with the allocators of this library, and keeps
 * for each what happened. The allocators do not tell how they found a block:
 * which orders were searched and what was split and merged is derived from
 * the free blocks before the call, and asserted against their counts.
 */

/* Where merging ended. */
enum kfrag_lesson_stop {
	KFRAG_LESSON_STOP_LARGEST, /* the block is of the largest order */
	KFRAG_LESSON_STOP_OUTSIDE, /* the buddy is not in the memory */
	KFRAG_LESSON_STOP_IN_USE, /* the buddy is allocated as one block */
	KFRAG_LESSON_STOP_SPLIT /* the buddy has been split */
};

/* A block taken from the buddy allocator or given back, or a refusal. */
struct kfrag_lesson_page_event {
	bool is_free; /* given back */
	bool is_refused;
	unsigned order; /* wanted, or given back */
	uint64_t pfn; /* 0 where it was refused */
	unsigned found_order; /* alloc: the block was split from this order */
	unsigned merged_order; /* free: the block has merged up to this one */
	enum kfrag_lesson_stop stop; /* free */
	uint64_t free_pages; /* before */
	uint64_t nr_free[KFRAG_LESSON_MAX_ORDER + 1]; /* before */
};

/* A slot of a slab. */
struct kfrag_lesson_slot {
	uint64_t pfn; /* of the slab */
	uint32_t slot; /* in it */
};

struct kfrag_lesson_event {
	struct kfrag_lesson_page_event *pages; /* nr_pages of them */
	size_t nr_pages;
	size_t room_pages;
	/* free: the name has no block, as its request was refused. */
	bool has_no_block;
	/* new, delete. */
	uint64_t nr_objs; /* made or gone: fewer than wanted is a refusal */
	struct kfrag_lesson_slot first; /* the first of them */
	struct kfrag_lesson_slot last;
};

enum kfrag_lesson_block_kind {
	KFRAG_LESSON_BLOCK_FREE,
	KFRAG_LESSON_BLOCK_NAMED, /* of an alloc */
	KFRAG_LESSON_BLOCK_SLAB
};

struct kfrag_lesson_block {
	uint64_t pfn;
	unsigned order;
	enum kfrag_lesson_block_kind kind;
	size_t name; /* of a block or its cache; 0 where it is free */
	uint64_t bytes; /* asked for; of a slab: in its slots; 0: free */
};

enum kfrag_lesson_life {
	KFRAG_LESSON_UNBORN,
	KFRAG_LESSON_LIVE,
	KFRAG_LESSON_REFUSED,
	KFRAG_LESSON_GONE
};

/* What a name stands for, now. */
struct kfrag_lesson_thing {
	enum kfrag_lesson_life life;
	uint64_t bytes; /* asked for, or size of an object */
	unsigned order; /* of the block, or of slabs */
	uint64_t pfn; /* block */
	uint64_t objs_per_slab; /* cache */
	struct kfrag_slab_cache *cache; /* NULL: a block */
};

/* All of it may be read; only the functions below write it. */
struct kfrag_lesson_run {
	const struct kfrag_lesson *lesson;
	size_t nr_done; /* steps */
	uint64_t page_bytes;
	uint64_t nr_pages;
	unsigned max_order; /* of the largest block */
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	struct kfrag_lesson_thing *things; /* one for each name */
	struct kfrag_lesson_event event; /* of the last step */
	struct kfrag_lesson_block *blocks; /* all of memory, by address */
	size_t nr_blocks;
	size_t room_blocks;
	bool is_out_of_memory; /* the host is */
};

/*
 * No step is done yet; the lesson must outlive the run, which is the caller's
 * to release. KFRAG_ENOMEM leaves it empty.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_run_init(struct kfrag_lesson_run *run,
		      const struct kfrag_lesson *lesson);
void kfrag_lesson_run_release(struct kfrag_lesson_run *run);

/* Whether a step is left to do. */
bool kfrag_lesson_run_has_more(const struct kfrag_lesson_run *run);

/*
 * Does the next step. KFRAG_EINVAL fills in the fault: the step asks for
 * what cannot be, such as freeing a block twice, and nothing is changed.
 * KFRAG_ENOMEM does not; there is nothing to do then but to release the run.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_run_step(struct kfrag_lesson_run *run,
		      struct kfrag_lesson_fault *fault);

/* The step done last. */
static inline const struct kfrag_lesson_step *
kfrag_lesson_run_last(const struct kfrag_lesson_run *run)
{
	return &run->lesson->steps[run->nr_done - 1];
}

static inline uint64_t
kfrag_lesson_block_bytes(const struct kfrag_lesson_run *run, unsigned order)
{
	return run->page_bytes << order;
}

/* Whether this is a free block of just this order. */
bool kfrag_lesson_is_free(const struct kfrag_lesson_run *run, unsigned order,
			  uint64_t pfn);

/*
 * The bit of the pair of buddies with this index, in the manner of Linux up to
 * 2.6.9: whether just one of both is a free block of the order.
 */
bool kfrag_lesson_pair_bit(const struct kfrag_lesson_run *run, unsigned order,
			   uint64_t index);

/* Pairs of an order: both buddies begin inside the memory. */
uint64_t kfrag_lesson_nr_pairs(const struct kfrag_lesson_run *run,
			       unsigned order);

/* Whether the last step that changed something was refused a block. */
bool kfrag_lesson_is_refused(const struct kfrag_lesson_run *run);

#endif
