// SPDX-License-Identifier: MIT
#include "replay/lesson_pages.h"

#include <assert.h>
#include <stdlib.h>

bool kfrag_lesson_is_free(const struct kfrag_lesson_run *run, unsigned order,
			  uint64_t pfn)
{
	uint64_t found;

	return kfrag_buddy_next_free(run->buddy, order, pfn, &found) &&
	       found == pfn;
}

uint64_t kfrag_lesson_nr_pairs(const struct kfrag_lesson_run *run,
			       unsigned order)
{
	uint64_t nr_blocks = run->nr_pages >> order;

	return order < run->max_order ? nr_blocks / 2 : 0;
}

bool kfrag_lesson_pair_bit(const struct kfrag_lesson_run *run, unsigned order,
			   uint64_t index)
{
	uint64_t pfn = index << (order + 1);

	return kfrag_lesson_is_free(run, order, pfn) !=
	       kfrag_lesson_is_free(run, order, pfn + (UINT64_C(1) << order));
}

/* An event with the state before the call in it; NULL: no memory. */
static struct kfrag_lesson_page_event *begin_event(struct kfrag_lesson_run *run)
{
	struct kfrag_lesson_event *all = &run->event;
	struct kfrag_lesson_page_event *event;
	size_t room = all->room_pages ? all->room_pages * 2 : 4;

	if (all->nr_pages == all->room_pages) {
		event = realloc(all->pages, room * sizeof(*event));
		if (!event) {
			run->is_out_of_memory = true;
			return NULL;
		}
		all->pages = event;
		all->room_pages = room;
	}
	event = &all->pages[all->nr_pages++];
	*event = (struct kfrag_lesson_page_event){ 0 };
	event->free_pages = kfrag_buddy_free_pages(run->buddy);
	for (unsigned order = 0; order <= run->max_order; order++)
		event->nr_free[order] = kfrag_buddy_nr_free(run->buddy, order);
	return event;
}

bool kfrag_lesson_pages_take(struct kfrag_lesson_run *run, unsigned order,
			     uint64_t *pfn)
{
	struct kfrag_lesson_page_event *event = begin_event(run);
	uint64_t nr_splits = kfrag_buddy_stats(run->buddy).nr_splits;
	unsigned found = order;

	*pfn = 0;
	if (!event)
		return false;
	event->order = order;
	while (found <= run->max_order && event->nr_free[found] == 0)
		found++;
	event->found_order = found;
	event->is_refused = !kfrag_buddy_alloc(run->buddy, order, pfn);
	event->pfn = *pfn;
	assert(event->is_refused == (found > run->max_order));
	assert(event->is_refused ||
	       kfrag_buddy_stats(run->buddy).nr_splits - nr_splits ==
		       found - order);
	(void)nr_splits;
	return !event->is_refused;
}

static int compare_blocks(const void *left, const void *right)
{
	const struct kfrag_lesson_block *a = left, *b = right;

	return a->pfn < b->pfn ? -1 : a->pfn > b->pfn;
}

/* Whether a block of a smaller order began there before the step. */
static bool was_smaller(const struct kfrag_lesson_run *run, unsigned order,
			uint64_t pfn)
{
	const struct kfrag_lesson_block key = { .pfn = pfn }, *found = NULL;

	if (run->nr_blocks > 0)
		found = bsearch(&key, run->blocks, run->nr_blocks, sizeof(key),
				compare_blocks);
	return found && found->order < order;
}

/* Why a free block of this order does not merge; or no reason, and it does. */
static bool find_stop(const struct kfrag_lesson_run *run, unsigned order,
		      uint64_t pfn, enum kfrag_lesson_stop *stop)
{
	uint64_t size = UINT64_C(1) << order, buddy = pfn ^ size, inside;

	if (order == run->max_order) {
		*stop = KFRAG_LESSON_STOP_LARGEST;
		return true;
	}
	if (buddy + size > run->nr_pages) {
		*stop = KFRAG_LESSON_STOP_OUTSIDE;
		return true;
	}
	*stop = KFRAG_LESSON_STOP_IN_USE;
	if (was_smaller(run, order, buddy))
		*stop = KFRAG_LESSON_STOP_SPLIT;
	for (unsigned smaller = 0; smaller < order; smaller++)
		if (kfrag_buddy_next_free(run->buddy, smaller, buddy,
					  &inside) &&
		    inside < buddy + size)
			*stop = KFRAG_LESSON_STOP_SPLIT;
	return !kfrag_lesson_is_free(run, order, buddy);
}

void kfrag_lesson_pages_give(struct kfrag_lesson_run *run, unsigned order,
			     uint64_t pfn)
{
	struct kfrag_lesson_page_event *event = begin_event(run);
	uint64_t nr_merges = kfrag_buddy_stats(run->buddy).nr_merges;
	enum kfrag_lesson_stop stop = KFRAG_LESSON_STOP_LARGEST;
	unsigned merged = order;

	while (!find_stop(run, merged, pfn >> merged << merged, &stop))
		merged++;
	kfrag_buddy_free(run->buddy, order, pfn);
	assert(kfrag_buddy_stats(run->buddy).nr_merges - nr_merges ==
	       merged - order);
	(void)nr_merges;
	if (!event)
		return;
	event->is_free = true;
	event->order = order;
	event->pfn = pfn;
	event->merged_order = merged;
	event->stop = stop;
}

static uint64_t source_take(void *context, unsigned order, uint64_t max_blocks,
			    uint64_t *pfn)
{
	(void)max_blocks;
	return kfrag_lesson_pages_take(context, order, pfn);
}

static void source_give(void *context, unsigned order, uint64_t pfn)
{
	kfrag_lesson_pages_give(context, order, pfn);
}

struct kfrag_page_source kfrag_lesson_pages_source(struct kfrag_lesson_run *run)
{
	return (struct kfrag_page_source){
		.take = source_take,
		.give = source_give,
		.context = run,
	};
}

/* ----------------------------------------------------------------- blocks */

static bool add_block(struct kfrag_lesson_run *run,
		      struct kfrag_lesson_block block)
{
	size_t room = run->room_blocks ? run->room_blocks * 2 : 64;
	struct kfrag_lesson_block *grown;

	if (run->nr_blocks == run->room_blocks) {
		grown = realloc(run->blocks, room * sizeof(*grown));
		if (!grown)
			return false;
		run->blocks = grown;
		run->room_blocks = room;
	}
	run->blocks[run->nr_blocks++] = block;
	return true;
}

static bool add_free_blocks(struct kfrag_lesson_run *run)
{
	for (unsigned order = 0; order <= run->max_order; order++) {
		struct kfrag_lesson_block block = { .order = order };
		uint64_t from = 0;

		while (kfrag_buddy_next_free(run->buddy, order, from,
					     &block.pfn)) {
			if (!add_block(run, block))
				return false;
			from = block.pfn + 1;
		}
	}
	return true;
}

static bool add_named_blocks(struct kfrag_lesson_run *run)
{
	for (size_t i = 0; i < run->lesson->nr_names; i++) {
		const struct kfrag_lesson_thing *thing = &run->things[i];

		if (thing->life == KFRAG_LESSON_LIVE && !thing->cache &&
		    !add_block(run, (struct kfrag_lesson_block){
					    .pfn = thing->pfn,
					    .order = thing->order,
					    .kind = KFRAG_LESSON_BLOCK_NAMED,
					    .name = i,
					    .bytes = thing->bytes,
				    }))
			return false;
	}
	return true;
}

static size_t name_of(const struct kfrag_lesson_run *run,
		      const struct kfrag_slab_cache *cache)
{
	size_t i = 0;

	while (run->things[i].cache != cache)
		i++;
	return i;
}

static bool add_slabs(struct kfrag_lesson_run *run)
{
	struct kfrag_slab_view view;
	uint64_t from = 0;

	for (; kfrag_slab_next(run->slab, from, &view); from = view.pfn + 1) {
		size_t name = name_of(run, view.cache);
		const struct kfrag_lesson_thing *thing = &run->things[name];

		if (!add_block(run, (struct kfrag_lesson_block){
					    .pfn = view.pfn,
					    .order = thing->order,
					    .kind = KFRAG_LESSON_BLOCK_SLAB,
					    .name = name,
					    .bytes = thing->bytes *
						     thing->objs_per_slab,
				    }))
			return false;
	}
	return true;
}

enum kfrag_error kfrag_lesson_list_blocks(struct kfrag_lesson_run *run)
{
	run->nr_blocks = 0;
	if (!add_free_blocks(run) || !add_named_blocks(run) || !add_slabs(run))
		return KFRAG_ENOMEM;
	qsort(run->blocks, run->nr_blocks, sizeof(*run->blocks),
	      compare_blocks);
	return KFRAG_OK;
}

bool kfrag_lesson_is_refused(const struct kfrag_lesson_run *run)
{
	const struct kfrag_lesson_event *event = &run->event;

	return event->nr_pages > 0 &&
	       event->pages[event->nr_pages - 1].is_refused;
}
