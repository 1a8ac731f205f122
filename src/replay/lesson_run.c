// SPDX-License-Identifier: MIT
#include "kfrag/lesson_run.h"

#include <inttypes.h>
#include <stdlib.h>

#include "kfrag/arith.h"
#include "replay/lesson_pages.h"
#include "replay/lesson_steps.h"

static void release_memory(struct kfrag_lesson_run *run)
{
	if (run->slab)
		kfrag_slab_discard(run->slab);
	kfrag_buddy_destroy(run->buddy);
	run->slab = NULL;
	run->buddy = NULL;
}

static enum kfrag_error begin_memory(struct kfrag_lesson_run *run,
				     const struct kfrag_lesson_step *step)
{
	enum kfrag_error error;

	release_memory(run);
	for (size_t i = 0; i < run->lesson->nr_names; i++)
		run->things[i] = (struct kfrag_lesson_thing){ 0 };
	run->page_bytes = step->page_bytes;
	run->nr_pages = step->memory_bytes / step->page_bytes;
	run->max_order = kfrag_log2_floor(run->nr_pages);
	error = kfrag_buddy_create_checked(&run->buddy, run->nr_pages,
					   run->max_order);
	if (error)
		return error;
	return kfrag_slab_create(&run->slab, kfrag_lesson_pages_source(run),
				 run->nr_pages, run->page_bytes);
}

enum kfrag_error kfrag_lesson_run_init(struct kfrag_lesson_run *run,
				       const struct kfrag_lesson *lesson)
{
	*run = (struct kfrag_lesson_run){ .lesson = lesson };
	run->things = calloc(lesson->nr_names + 1, sizeof(*run->things));
	if (run->things)
		return KFRAG_OK;
	*run = (struct kfrag_lesson_run){ 0 };
	return KFRAG_ENOMEM;
}

void kfrag_lesson_run_release(struct kfrag_lesson_run *run)
{
	release_memory(run);
	free(run->things);
	free(run->event.pages);
	free(run->blocks);
	*run = (struct kfrag_lesson_run){ 0 };
}

bool kfrag_lesson_run_has_more(const struct kfrag_lesson_run *run)
{
	return run->nr_done < run->lesson->nr_steps;
}

/* What the step before left is no part of this one. */
static void begin_event(struct kfrag_lesson_event *event)
{
	struct kfrag_lesson_page_event *pages = event->pages;
	size_t room_pages = event->room_pages;

	*event = (struct kfrag_lesson_event){ 0 };
	event->pages = pages;
	event->room_pages = room_pages;
}

static enum kfrag_error do_step(struct kfrag_lesson_run *run,
				const struct kfrag_lesson_step *step,
				struct kfrag_lesson_fault *fault)
{
	switch (step->verb) {
	case KFRAG_LESSON_MEMORY:
	case KFRAG_LESSON_PAGE:
		return begin_memory(run, step);
	case KFRAG_LESSON_ALLOC:
		return kfrag_lesson_do_alloc(run, step, fault);
	case KFRAG_LESSON_FREE:
		return kfrag_lesson_do_free(run, step, fault);
	case KFRAG_LESSON_CACHE:
		return kfrag_lesson_do_cache(run, step);
	case KFRAG_LESSON_NEW:
		return kfrag_lesson_do_new(run, step);
	case KFRAG_LESSON_DELETE:
		return kfrag_lesson_do_delete(run, step, fault);
	default:
		return KFRAG_OK;
	}
}

/* Steps that only say or show something leave the event alone. */
static bool changes_memory(enum kfrag_lesson_verb verb)
{
	return verb < KFRAG_LESSON_SHOW;
}

enum kfrag_error kfrag_lesson_run_step(struct kfrag_lesson_run *run,
				       struct kfrag_lesson_fault *fault)
{
	const struct kfrag_lesson_step *step =
		&run->lesson->steps[run->nr_done++];
	enum kfrag_error error;

	*fault = (struct kfrag_lesson_fault){ 0 };
	if (!changes_memory(step->verb))
		return KFRAG_OK;
	begin_event(&run->event);
	error = do_step(run, step, fault);
	if (!error && run->is_out_of_memory)
		error = KFRAG_ENOMEM;
	return error ? error : kfrag_lesson_list_blocks(run);
}
