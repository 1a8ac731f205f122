// SPDX-License-Identifier: MIT
/* Objects and their slabs, in sentences. */
#include <inttypes.h>

#include "kfrag/arith.h"
#include "output/lesson_words_parts.h"

/* Pages given or taken by a step that are told one by one. */
#define MAX_TOLD 2

void kfrag_lesson_add_cache(char *words, const struct kfrag_lesson_run *run,
			    const struct kfrag_lesson_step *step,
			    const char *name)
{
	uint64_t slab_bytes = run->page_bytes << step->order;
	uint64_t slot_bytes = step->objs_per_slab * step->bytes;

	kfrag_lesson_add(words, "The cache %s has slabs of %u page%s (", name,
			 1u << step->order,
			 kfrag_lesson_plural(UINT64_C(1) << step->order));
	kfrag_lesson_add_size(words, slab_bytes);
	kfrag_lesson_add(words, "), each cut into %" PRIu64 " slot%s of ",
			 step->objs_per_slab,
			 kfrag_lesson_plural(step->objs_per_slab));
	kfrag_lesson_add_size(words, step->bytes);
	kfrag_lesson_add(words, "; ");
	if (slab_bytes == slot_bytes)
		kfrag_lesson_add(words, "nothing");
	else
		kfrag_lesson_add_size(words, slab_bytes - slot_bytes);
	kfrag_lesson_add(
		words,
		" is left behind them, the tail. It has no slab yet. In a "
		"block of its own an object would take ");
	kfrag_lesson_add_block_size(
		words, run,
		kfrag_log2_ceil(kfrag_div_up(step->bytes, run->page_bytes)));
	kfrag_lesson_add(words, ".");
}

static void add_state(char *words, const struct kfrag_lesson_thing *thing,
		      const char *name)
{
	uint64_t nr_objs = kfrag_slab_cache_nr_objs(thing->cache);
	uint64_t nr_slabs = kfrag_slab_cache_nr_slabs(thing->cache);
	uint64_t nr_idle = nr_slabs * thing->objs_per_slab - nr_objs;

	kfrag_lesson_add(words,
			 " Now %s has %" PRIu64 " object%s in %" PRIu64
			 " slab%s, and "
			 "%" PRIu64 " slot%s free.",
			 name, nr_objs, kfrag_lesson_plural(nr_objs), nr_slabs,
			 kfrag_lesson_plural(nr_slabs), nr_idle,
			 kfrag_lesson_plural(nr_idle));
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
			kfrag_lesson_add(words, " The slab at ");
			kfrag_lesson_add_place(words, run, page->pfn);
			kfrag_lesson_add(
				words, " is empty: it goes back to the buddy.");
			kfrag_lesson_add_given(words, run, page);
		} else if (page->is_refused) {
			kfrag_lesson_add(words,
					 "%sNo slot is left, and a slab needs ",
					 *words ? " " : "");
			kfrag_lesson_add_size(words, slab_bytes);
			kfrag_lesson_add(words, ".");
			kfrag_lesson_add_refusal(words, run, page, name,
						 slab_bytes);
		} else {
			kfrag_lesson_add(words,
					 "%sNo slot is free: a new slab of ",
					 *words ? " " : "");
			kfrag_lesson_add_size(words, slab_bytes);
			kfrag_lesson_add(words, ".");
			kfrag_lesson_add_taken(words, run, page, "It");
		}
	}
	if (event->nr_pages <= MAX_TOLD)
		return;
	nr_more = event->nr_pages - MAX_TOLD;
	kfrag_lesson_add(words, " And so on for %zu more slab%s", nr_more,
			 kfrag_lesson_plural(nr_more));
	if (event->pages[event->nr_pages - 1].is_refused)
		kfrag_lesson_add(words, ", the last of which finds no block");
	kfrag_lesson_add(words, ".");
}

static void add_slot(char *words, const struct kfrag_lesson_run *run,
		     const struct kfrag_lesson_slot *slot)
{
	kfrag_lesson_add(words, "slot %" PRIu32 " of the slab at ", slot->slot);
	kfrag_lesson_add_place(words, run, slot->pfn);
}

void kfrag_lesson_add_objects(char *words, const struct kfrag_lesson_run *run,
			      const struct kfrag_lesson_step *step,
			      const char *name)
{
	const struct kfrag_lesson_event *event = &run->event;
	bool is_new = step->verb == KFRAG_LESSON_NEW;

	if (is_new)
		add_slab_events(words, run, step, name);
	kfrag_lesson_add(words, *words ? " " : "");
	if (event->nr_objs == 0) {
		kfrag_lesson_add(words, "No object is made.");
	} else if (event->nr_objs == 1) {
		kfrag_lesson_add(words, is_new ? "The object gets " :
						 "The object is gone from ");
		add_slot(words, run, &event->first);
		kfrag_lesson_add(words, is_new ? ", the first that is free." :
						 ", which is free now.");
	} else {
		kfrag_lesson_add(words, "%" PRIu64 " objects %s: the first %s ",
				 event->nr_objs, is_new ? "come" : "go",
				 is_new ? "gets" : "leaves");
		add_slot(words, run, &event->first);
		kfrag_lesson_add(words, ", the last ");
		add_slot(words, run, &event->last);
		kfrag_lesson_add(words, ".");
	}
	if (!is_new)
		add_slab_events(words, run, step, name);
	add_state(words, &run->things[step->name], name);
}
