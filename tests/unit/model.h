/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TESTS_MODEL_H
#define KFRAG_TESTS_MODEL_H

/*
 * Slow, obviously right models of both allocators: a byte per page or slot,
 * everything found by looking at all of them. Nothing is shared with src/.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/buddy.h"
#include "kfrag/error.h"
#include "kfrag/pages.h"
#include "kfrag/random.h"
#include "kfrag/slab.h"

/* calloc() that ends the test where there is no memory. */
void *model_zeros(uint64_t count, size_t size);

/* ------------------------------------------------------------------ buddy */

/* A page's byte: free, or the order of the block that starts there, or */
#define MODEL_FREE 0xff
#define MODEL_INSIDE 0xfe /* an allocated block, behind its first page */

struct model_buddy {
	uint64_t nr_pages;
	unsigned max_order;
	enum kfrag_buddy_placement placement;
	uint8_t *pages;
	/* By first page: when the block there became free, at its order. */
	uint64_t *since;
	uint64_t now;
	struct kfrag_buddy_stats stats;
};

/* In address order. */
void model_buddy_init(struct model_buddy *model, uint64_t nr_pages,
		      unsigned max_order);
void model_buddy_init_placed(struct model_buddy *model, uint64_t nr_pages,
			     unsigned max_order,
			     enum kfrag_buddy_placement placement);
void model_buddy_release(struct model_buddy *model);

/*
 * The order of the free block that the page is in, -1 where it is in none:
 * free blocks are always the largest aligned ones whose pages are all free.
 */
int model_buddy_free_order(const struct model_buddy *model, uint64_t pfn);

/* Whether, of two free blocks of one order, the first is to be taken first. */
bool model_buddy_goes_first(const struct model_buddy *model, uint64_t pfn,
			    uint64_t other);

bool model_buddy_alloc(struct model_buddy *model, unsigned order,
		       uint64_t *pfn);
void model_buddy_free(struct model_buddy *model, unsigned order, uint64_t pfn);

/*
 * What kfrag_buddy_free_checked() must answer, with start bits or lists, and
 * without either.
 */
enum kfrag_error model_buddy_judge_checked(const struct model_buddy *model,
					   unsigned order, uint64_t pfn);
enum kfrag_error model_buddy_judge_plain(const struct model_buddy *model,
					 unsigned order, uint64_t pfn);

uint64_t model_buddy_free_pages(const struct model_buddy *model);

/* counts[0..max_order]: free blocks of each order. */
void model_buddy_count_free(const struct model_buddy *model,
			    uint64_t counts[KFRAG_MAX_ORDER + 1]);

/* One block a call, whatever max_blocks says. */
struct kfrag_page_source model_buddy_page_source(struct model_buddy *model);

/* ------------------------------------------------------------ page source */

/* A page source in front of another that can refuse, and counts. */
struct model_source {
	struct kfrag_page_source below;
	uint64_t max_held_blocks; /* at a time; the next is refused */
	uint64_t max_run; /* blocks of one call, at most; 0: any number */
	uint64_t refused_call; /* this call of take() fails, from 1; 0: none */
	uint64_t nr_calls; /* of take() */
	uint64_t nr_refused;
	uint64_t nr_taken_blocks;
	uint64_t nr_given_blocks;
	uint64_t nr_runs; /* calls that gave more than one block */
};

struct kfrag_page_source model_source_pages(struct model_source *source);

/* ------------------------------------------------------------------- slab */

struct model_slab_block {
	uint64_t pfn;
	uint64_t nr_inuse;
	uint8_t *used; /* a byte per slot */
	/* When it last became partial, changed nr_inuse, became empty. */
	uint64_t time_entered;
	uint64_t time_changed;
	uint64_t time_emptied;
	/* When it got the first of the objects it has had since; lost one. */
	uint64_t time_born;
	uint64_t time_freed;
};

/* What random policies go by: partial slabs in an array, and numbers. */
struct model_slab_draws {
	struct kfrag_random source;
	uint64_t numbers[8];
	size_t nr_numbers; /* 0: no random policy */
	uint64_t *pfns;
	size_t nr_pfns;
	size_t capacity;
};

/* One cache. Its slabs stand in no order. */
struct model_slab {
	struct kfrag_page_source source;
	uint64_t page_size_bytes;
	struct kfrag_slab_cache_params params; /* of policy only the name */
	struct model_slab_block *blocks;
	size_t nr_blocks;
	size_t capacity;
	uint64_t now;
	struct kfrag_slab_stats stats;
	struct model_slab_draws draws; /* seed 0 */
};

void model_slab_init(struct model_slab *model, struct kfrag_page_source source,
		     uint64_t page_size_bytes,
		     const struct kfrag_slab_cache_params *params);

/* Gives all slabs back. */
void model_slab_release(struct model_slab *model);

bool model_slab_alloc(struct model_slab *model, uint64_t *address);

/* address must be an allocated object. */
void model_slab_free(struct model_slab *model, uint64_t address);

/* NULL where no slab starts at pfn. */
struct model_slab_block *model_slab_at(const struct model_slab *model,
				       uint64_t pfn);

uint64_t model_slab_address(const struct model_slab *model,
			    const struct model_slab_block *block,
			    uint64_t slot);

uint64_t model_slab_nr_objs(const struct model_slab *model);
uint64_t model_slab_nr_partial(const struct model_slab *model);
uint64_t model_slab_nr_empty(const struct model_slab *model);

#endif
