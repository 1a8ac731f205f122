// SPDX-License-Identifier: MIT
/* What a step did, in sentences. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "kfrag/arith.h"
#include "output/lesson_parts.h"

/* Pages given or taken by a step that are told one by one. */
#define MAX_TOLD 2

__attribute__((format(printf, 2, 3))) static void add(char *words,
						      const char *format, ...)
{
	size_t length = strlen(words);
	va_list args;

	va_start(args, format);
	vsnprintf(words + length, KFRAG_LESSON_WORDS_SIZE - length, format,
		  args);
	va_end(args);
}

static void add_size(char *words, uint64_t bytes)
{
	char buf[KFRAG_LESSON_SIZE_TEXT];

	add(words, "%s", kfrag_lesson_size(bytes, buf));
}

static void add_block_size(char *words, const struct kfrag_lesson_run *run,
			   unsigned order)
{
	add_size(words, kfrag_lesson_block_bytes(run, order));
}

static void add_place(char *words, const struct kfrag_lesson_run *run,
		      uint64_t pfn)
{
	if (pfn == 0)
		add(words, "0");
	else
		add_size(words, pfn * run->page_bytes);
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* ------------------------------------------------------------------ blocks */

static void add_memory(char *words, const struct kfrag_lesson_run *run)
{
	add(words, "An empty memory of ");
	add_size(words, run->nr_pages * run->page_bytes);
	add(words, ": %" PRIu64 " page%s of ", run->nr_pages,
	    plural(run->nr_pages));
	add_size(words, run->page_bytes);
	if (run->nr_blocks == 1) {
		add(words,
		    ". All of it is one free block of order %u, that "
		    "is, of 2^%u pages.",
		    run->max_order, run->max_order);
		return;
	}
	add(words, ". It is no power of two, so it begins as %zu free blocks: ",
	    run->nr_blocks);
	for (size_t i = 0; i < run->nr_blocks && i < 16; i++) {
		add(words, i > 0 ? " + " : "");
		add_block_size(words, run, run->blocks[i].order);
	}
	add(words, ".");
}

/* "16 KiB none, 32 KiB none, 64 KiB 1" */
static void add_search(char *words, const struct kfrag_lesson_run *run,
		       const struct kfrag_lesson_page_event *event)
{
	unsigned last = event->found_order;

	if (last > run->max_order)
		last = run->max_order;
	add(words, " The free lists are searched upwards: ");
	for (unsigned order = event->order; order <= last; order++) {
		add(words, "%sorder %u (", order > event->order ? ", " : "",
		    order);
		add_block_size(words, run, order);
		if (event->nr_free[order])
			add(words, ") %" PRIu64 " block%s",
			    event->nr_free[order],
			    plural(event->nr_free[order]));
		else
			add(words, ") none");
	}
	add(words, ".");
}

static void add_splits(char *words, const struct kfrag_lesson_run *run,
		       const struct kfrag_lesson_page_event *event)
{
	char whole[KFRAG_LESSON_SIZE_TEXT], half[KFRAG_LESSON_SIZE_TEXT];

	if (event->found_order == event->order)
		return;
	add(words, " Split ");
	for (unsigned order = event->found_order; order > event->order;
	     order--) {
		kfrag_lesson_short_size(kfrag_lesson_block_bytes(run, order),
					whole);
		kfrag_lesson_short_size(
			kfrag_lesson_block_bytes(run, order - 1), half);
		add(words, "%s%s -> %s + %s",
		    order < event->found_order ? ", " : "", whole, half, half);
	}
	add(words, ".");
}

/* "16 + 2 x 32 + 64": what is free, block by block. */
static void add_free_sum(char *words, const struct kfrag_lesson_run *run,
			 const struct kfrag_lesson_page_event *event)
{
	char size[KFRAG_LESSON_SIZE_TEXT];
	const char *between = "";

	for (unsigned order = 0; order <= run->max_order; order++) {
		if (event->nr_free[order] == 0)
			continue;
		kfrag_lesson_short_size(kfrag_lesson_block_bytes(run, order),
					size);
		add(words, "%s", between);
		if (event->nr_free[order] > 1)
			add(words, "%" PRIu64 " x ", event->nr_free[order]);
		add(words, "%s", size);
		between = " + ";
	}
}

static void add_refusal(char *words, const struct kfrag_lesson_run *run,
			const struct kfrag_lesson_page_event *event,
			const char *who, uint64_t bytes)
{
	uint64_t free_bytes = event->free_pages * run->page_bytes;

	if (event->order > run->max_order) {
		add(words, " No block is that large. %s gets nothing.", who);
		return;
	}
	add_search(words, run, event);
	add(words, " None is large enough: %s gets nothing", who);
	if (free_bytes == 0) {
		add(words, ". Nothing is free at all.");
		return;
	}
	add(words, free_bytes >= bytes ? ", although " : "; only ");
	add_size(words, free_bytes);
	add(words, " are free: ");
	add_free_sum(words, run, event);
	add(words, ".");
	if (free_bytes >= bytes)
		add(words, " Enough is free, but not in one piece: that is "
			   "external fragmentation.");
}

/* From the search to the block's place. */
static void add_taken(char *words, const struct kfrag_lesson_run *run,
		      const struct kfrag_lesson_page_event *event,
		      const char *who)
{
	bool is_split = event->found_order > event->order;

	add_search(words, run, event);
	add_splits(words, run, event);
	add(words, " %s gets the %s, at ", who,
	    is_split			      ? "first" :
	    event->nr_free[event->order] == 1 ? "block" :
						"lowest");
	add_place(words, run, event->pfn);
	add(words, ".");
}

static void add_alloc(char *words, const struct kfrag_lesson_run *run,
		      const struct kfrag_lesson_step *step, const char *name)
{
	const struct kfrag_lesson_page_event *event = run->event.pages;
	uint64_t block_bytes = run->page_bytes << step->order;

	add_size(words, block_bytes);
	add(words, " is the smallest block that holds ");
	add_size(words, step->bytes);
	add(words, ".");
	if (event->is_refused) {
		add_refusal(words, run, event, name, step->bytes);
		return;
	}
	add_taken(words, run, event, name);
	if (block_bytes == step->bytes)
		return;
	add(words, " ");
	add_size(words, block_bytes - step->bytes);
	add(words, " of it are lost by rounding up: internal fragmentation.");
}

/* "Block 5 of order 2 is odd: its buddy is 5 xor 1 = 4, at 64 KiB, " */
static void add_buddy(char *words, const struct kfrag_lesson_run *run,
		      unsigned order, uint64_t pfn)
{
	uint64_t index = pfn >> order, buddy = index ^ 1;

	add(words,
	    " Order %u: block %" PRIu64 " is %s, so its buddy is %" PRIu64
	    " xor 1 = %" PRIu64 ", at ",
	    order, index, index % 2 ? "odd" : "even", index, buddy);
	add_place(words, run, buddy << order);
}

static void add_stop(char *words, const struct kfrag_lesson_run *run,
		     const struct kfrag_lesson_page_event *event)
{
	if (event->stop == KFRAG_LESSON_STOP_LARGEST) {
		add(words, " That is a block of the largest order, which has "
			   "no buddy.");
		return;
	}
	add_buddy(words, run, event->merged_order, event->pfn);
	if (event->stop == KFRAG_LESSON_STOP_OUTSIDE)
		add(words, ": beyond the end of memory. Merging ends.");
	else if (event->stop == KFRAG_LESSON_STOP_SPLIT)
		add(words, ": split, and not all free. Merging ends.");
	else
		add(words, ": in use. Merging ends.");
}

static void add_given(char *words, const struct kfrag_lesson_run *run,
		      const struct kfrag_lesson_page_event *event)
{
	unsigned order = event->order;

	for (; order < event->merged_order; order++) {
		add_buddy(words, run, order, event->pfn);
		add(words, ": free. Both merge into ");
		add_block_size(words, run, order + 1);
		add(words, " at ");
		add_place(words, run, event->pfn >> (order + 1) << (order + 1));
		add(words, ".");
	}
	add_stop(words, run, event);
}

static void add_free(char *words, const struct kfrag_lesson_run *run,
		     const char *name)
{
	const struct kfrag_lesson_page_event *event = run->event.pages;

	if (run->event.has_no_block) {
		add(words,
		    "%s has no block, as its request was refused: "
		    "nothing to free.",
		    name);
		return;
	}
	add(words, "%s gives back ", name);
	add_block_size(words, run, event->order);
	add(words, " at ");
	add_place(words, run, event->pfn);
	add(words, ".");
	add_given(words, run, event);
}

/* ------------------------------------------------------------------- slabs */

static void add_cache(char *words, const struct kfrag_lesson_run *run,
		      const struct kfrag_lesson_step *step, const char *name)
{
	uint64_t slab_bytes = run->page_bytes << step->order;
	uint64_t slot_bytes = step->objs_per_slab * step->bytes;

	add(words, "The cache %s has slabs of %u page%s (", name,
	    1u << step->order, plural(UINT64_C(1) << step->order));
	add_size(words, slab_bytes);
	add(words, "), each cut into %" PRIu64 " slot%s of ",
	    step->objs_per_slab, plural(step->objs_per_slab));
	add_size(words, step->bytes);
	add(words, "; ");
	if (slab_bytes == slot_bytes)
		add(words, "nothing");
	else
		add_size(words, slab_bytes - slot_bytes);
	add(words, " is left behind them, the tail. It has no slab yet. In a "
		   "block of its own an object would take ");
	add_block_size(
		words, run,
		kfrag_log2_ceil(kfrag_div_up(step->bytes, run->page_bytes)));
	add(words, ".");
}

static void add_state(char *words, const struct kfrag_lesson_thing *thing,
		      const char *name)
{
	uint64_t nr_objs = kfrag_slab_cache_nr_objs(thing->cache);
	uint64_t nr_slabs = kfrag_slab_cache_nr_slabs(thing->cache);
	uint64_t nr_idle = nr_slabs * thing->objs_per_slab - nr_objs;

	add(words,
	    " Now %s has %" PRIu64 " object%s in %" PRIu64 " slab%s, and "
	    "%" PRIu64 " slot%s free.",
	    name, nr_objs, plural(nr_objs), nr_slabs, plural(nr_slabs), nr_idle,
	    plural(nr_idle));
}

/* Slabs taken or given back, the first ones one by one. */
static void add_slab_events(char *words, const struct kfrag_lesson_run *run,
			    const struct kfrag_lesson_step *step,
			    const char *name)
{
	const struct kfrag_lesson_event *event = &run->event;
	uint64_t slab_bytes = run->page_bytes << run->things[step->name].order;
	size_t nr_more;

	for (size_t i = 0; i < event->nr_pages && i < MAX_TOLD; i++) {
		const struct kfrag_lesson_page_event *page = &event->pages[i];

		if (page->is_free) {
			add(words, " The slab at ");
			add_place(words, run, page->pfn);
			add(words, " is empty: it goes back to the buddy.");
			add_given(words, run, page);
		} else if (page->is_refused) {
			add(words, "%sNo slot is left, and a slab needs ",
			    *words ? " " : "");
			add_size(words, slab_bytes);
			add(words, ".");
			add_refusal(words, run, page, name, slab_bytes);
		} else {
			add(words, "%sNo slot is free: a new slab of ",
			    *words ? " " : "");
			add_size(words, slab_bytes);
			add(words, ".");
			add_taken(words, run, page, "It");
		}
	}
	if (event->nr_pages <= MAX_TOLD)
		return;
	nr_more = event->nr_pages - MAX_TOLD;
	add(words, " And so on for %zu more slab%s", nr_more, plural(nr_more));
	if (event->pages[event->nr_pages - 1].is_refused)
		add(words, ", the last of which finds no block");
	add(words, ".");
}

static void add_slot(char *words, const struct kfrag_lesson_run *run,
		     const struct kfrag_lesson_slot *slot)
{
	add(words, "slot %" PRIu32 " of the slab at ", slot->slot);
	add_place(words, run, slot->pfn);
}

static void add_objects(char *words, const struct kfrag_lesson_run *run,
			const struct kfrag_lesson_step *step, const char *name)
{
	const struct kfrag_lesson_event *event = &run->event;
	bool is_new = step->verb == KFRAG_LESSON_NEW;

	if (is_new)
		add_slab_events(words, run, step, name);
	add(words, *words ? " " : "");
	if (event->nr_objs == 0) {
		add(words, "No object is made.");
	} else if (event->nr_objs == 1) {
		add(words,
		    is_new ? "The object gets " : "The object is gone from ");
		add_slot(words, run, &event->first);
		add(words, is_new ? ", the first that is free." :
				    ", which is free now.");
	} else {
		add(words, "%" PRIu64 " objects %s: the first %s ",
		    event->nr_objs, is_new ? "come" : "go",
		    is_new ? "gets" : "leaves");
		add_slot(words, run, &event->first);
		add(words, ", the last ");
		add_slot(words, run, &event->last);
		add(words, ".");
	}
	if (!is_new)
		add_slab_events(words, run, step, name);
	add_state(words, &run->things[step->name], name);
}

const char *kfrag_lesson_words(const struct kfrag_lesson_run *run,
			       char words[KFRAG_LESSON_WORDS_SIZE])
{
	const struct kfrag_lesson_step *step = kfrag_lesson_run_last(run);
	const char *name = run->lesson->nr_names ?
				   run->lesson->names[step->name].text :
				   "";

	words[0] = '\0';
	switch (step->verb) {
	case KFRAG_LESSON_MEMORY:
	case KFRAG_LESSON_PAGE:
		add_memory(words, run);
		break;
	case KFRAG_LESSON_ALLOC:
		add_alloc(words, run, step, name);
		break;
	case KFRAG_LESSON_FREE:
		add_free(words, run, name);
		break;
	case KFRAG_LESSON_CACHE:
		add_cache(words, run, step, name);
		break;
	case KFRAG_LESSON_NEW:
	case KFRAG_LESSON_DELETE:
		add_objects(words, run, step, name);
		break;
	default:
		break;
	}
	return words;
}
