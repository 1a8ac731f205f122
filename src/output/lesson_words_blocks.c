// SPDX-License-Identifier: MIT
/* Blocks taken, refused and given back, in sentences. */
#include <inttypes.h>

#include "output/lesson_words_parts.h"

void kfrag_lesson_add_memory(char *words, const struct kfrag_lesson_run *run)
{
	kfrag_lesson_add(words, "An empty memory of ");
	kfrag_lesson_add_size(words, run->nr_pages * run->page_bytes);
	kfrag_lesson_add(words, ": %" PRIu64 " page%s of ", run->nr_pages,
			 kfrag_lesson_plural(run->nr_pages));
	kfrag_lesson_add_size(words, run->page_bytes);
	if (run->nr_blocks == 1) {
		kfrag_lesson_add(
			words,
			". All of it is one free block of order %u, that "
			"is, of 2^%u pages.",
			run->max_order, run->max_order);
		return;
	}
	kfrag_lesson_add(
		words,
		". It is no power of two, so it begins as %zu free blocks: ",
		run->nr_blocks);
	for (size_t i = 0; i < run->nr_blocks && i < 16; i++) {
		kfrag_lesson_add(words, i > 0 ? " + " : "");
		kfrag_lesson_add_block_size(words, run, run->blocks[i].order);
	}
	kfrag_lesson_add(words, ".");
}

/* "16 KiB none, 32 KiB none, 64 KiB 1" */
static void add_search(char *words, const struct kfrag_lesson_run *run,
		       const struct kfrag_lesson_page_event *event)
{
	unsigned last = event->found_order;

	if (last > run->max_order)
		last = run->max_order;
	kfrag_lesson_add(words, " The free lists are searched upwards: ");
	for (unsigned order = event->order; order <= last; order++) {
		kfrag_lesson_add(words, "%sorder %u (",
				 order > event->order ? ", " : "", order);
		kfrag_lesson_add_block_size(words, run, order);
		if (event->nr_free[order])
			kfrag_lesson_add(
				words, ") %" PRIu64 " block%s",
				event->nr_free[order],
				kfrag_lesson_plural(event->nr_free[order]));
		else
			kfrag_lesson_add(words, ") none");
	}
	kfrag_lesson_add(words, ".");
}

static void add_splits(char *words, const struct kfrag_lesson_run *run,
		       const struct kfrag_lesson_page_event *event)
{
	char whole[KFRAG_LESSON_SIZE_TEXT], half[KFRAG_LESSON_SIZE_TEXT];

	if (event->found_order == event->order)
		return;
	kfrag_lesson_add(words, " Split ");
	for (unsigned order = event->found_order; order > event->order;
	     order--) {
		kfrag_lesson_short_size(kfrag_lesson_block_bytes(run, order),
					whole);
		kfrag_lesson_short_size(
			kfrag_lesson_block_bytes(run, order - 1), half);
		kfrag_lesson_add(words, "%s%s -> %s + %s",
				 order < event->found_order ? ", " : "", whole,
				 half, half);
	}
	kfrag_lesson_add(words, ".");
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
		kfrag_lesson_add(words, "%s", between);
		if (event->nr_free[order] > 1)
			kfrag_lesson_add(words, "%" PRIu64 " x ",
					 event->nr_free[order]);
		kfrag_lesson_add(words, "%s", size);
		between = " + ";
	}
}

void kfrag_lesson_add_refusal(char *words, const struct kfrag_lesson_run *run,
			      const struct kfrag_lesson_page_event *event,
			      const char *who, uint64_t bytes)
{
	uint64_t free_bytes = event->free_pages * run->page_bytes;

	if (event->order > run->max_order) {
		kfrag_lesson_add(words,
				 " No block is that large. %s gets nothing.",
				 who);
		return;
	}
	add_search(words, run, event);
	kfrag_lesson_add(words, " None is large enough: %s gets nothing", who);
	if (free_bytes == 0) {
		kfrag_lesson_add(words, ". Nothing is free at all.");
		return;
	}
	kfrag_lesson_add(words,
			 free_bytes >= bytes ? ", although " : "; only ");
	kfrag_lesson_add_size(words, free_bytes);
	kfrag_lesson_add(words, " are free: ");
	add_free_sum(words, run, event);
	kfrag_lesson_add(words, ".");
	if (free_bytes >= bytes)
		kfrag_lesson_add(
			words, " Enough is free, but not in one piece: that is "
			       "external fragmentation.");
}

/* From the search to the block's place. */
void kfrag_lesson_add_taken(char *words, const struct kfrag_lesson_run *run,
			    const struct kfrag_lesson_page_event *event,
			    const char *who)
{
	bool is_split = event->found_order > event->order;

	add_search(words, run, event);
	add_splits(words, run, event);
	kfrag_lesson_add(words, " %s gets the %s, at ", who,
			 is_split			   ? "first" :
			 event->nr_free[event->order] == 1 ? "block" :
							     "lowest");
	kfrag_lesson_add_place(words, run, event->pfn);
	kfrag_lesson_add(words, ".");
}

void kfrag_lesson_add_alloc(char *words, const struct kfrag_lesson_run *run,
			    const struct kfrag_lesson_step *step,
			    const char *name)
{
	const struct kfrag_lesson_page_event *event = run->event.pages;
	uint64_t block_bytes = run->page_bytes << step->order;

	kfrag_lesson_add_size(words, block_bytes);
	kfrag_lesson_add(words, " is the smallest block that holds ");
	kfrag_lesson_add_size(words, step->bytes);
	kfrag_lesson_add(words, ".");
	if (event->is_refused) {
		kfrag_lesson_add_refusal(words, run, event, name, step->bytes);
		return;
	}
	kfrag_lesson_add_taken(words, run, event, name);
	if (block_bytes == step->bytes)
		return;
	kfrag_lesson_add(words, " ");
	kfrag_lesson_add_size(words, block_bytes - step->bytes);
	kfrag_lesson_add(
		words,
		" of it are lost by rounding up: internal fragmentation.");
}

/* "Block 5 of order 2 is odd: its buddy is 5 xor 1 = 4, at 64 KiB, " */
static void add_buddy(char *words, const struct kfrag_lesson_run *run,
		      unsigned order, uint64_t pfn)
{
	uint64_t index = pfn >> order, buddy = index ^ 1;

	kfrag_lesson_add(words,
			 " Order %u: block %" PRIu64
			 " is %s, so its buddy is %" PRIu64 " xor 1 = %" PRIu64
			 ", at ",
			 order, index, index % 2 ? "odd" : "even", index,
			 buddy);
	kfrag_lesson_add_place(words, run, buddy << order);
}

static void add_stop(char *words, const struct kfrag_lesson_run *run,
		     const struct kfrag_lesson_page_event *event)
{
	if (event->stop == KFRAG_LESSON_STOP_LARGEST) {
		kfrag_lesson_add(
			words,
			" That is a block of the largest order, which has "
			"no buddy.");
		return;
	}
	add_buddy(words, run, event->merged_order, event->pfn);
	if (event->stop == KFRAG_LESSON_STOP_OUTSIDE)
		kfrag_lesson_add(words,
				 ": beyond the end of memory. Merging ends.");
	else if (event->stop == KFRAG_LESSON_STOP_SPLIT)
		kfrag_lesson_add(words,
				 ": split, and not all free. Merging ends.");
	else
		kfrag_lesson_add(words, ": in use. Merging ends.");
}

void kfrag_lesson_add_given(char *words, const struct kfrag_lesson_run *run,
			    const struct kfrag_lesson_page_event *event)
{
	unsigned order = event->order;

	for (; order < event->merged_order; order++) {
		add_buddy(words, run, order, event->pfn);
		kfrag_lesson_add(words, ": free. Both merge into ");
		kfrag_lesson_add_block_size(words, run, order + 1);
		kfrag_lesson_add(words, " at ");
		kfrag_lesson_add_place(
			words, run, event->pfn >> (order + 1) << (order + 1));
		kfrag_lesson_add(words, ".");
	}
	add_stop(words, run, event);
}

void kfrag_lesson_add_free(char *words, const struct kfrag_lesson_run *run,
			   const char *name)
{
	const struct kfrag_lesson_page_event *event = run->event.pages;

	if (run->event.has_no_block) {
		kfrag_lesson_add(words,
				 "%s has no block, as its request was refused: "
				 "nothing to free.",
				 name);
		return;
	}
	kfrag_lesson_add(words, "%s gives back ", name);
	kfrag_lesson_add_block_size(words, run, event->order);
	kfrag_lesson_add(words, " at ");
	kfrag_lesson_add_place(words, run, event->pfn);
	kfrag_lesson_add(words, ".");
	kfrag_lesson_add_given(words, run, event);
}
