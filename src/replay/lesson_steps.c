// SPDX-License-Identifier: MIT
#include "replay/lesson_steps.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "replay/lesson_pages.h"

__attribute__((format(printf, 3, 4))) static enum kfrag_error
refuse(struct kfrag_lesson_fault *fault, const struct kfrag_lesson_step *step,
       const char *format, ...)
{
	va_list args;

	fault->line = step->line;
	fault->column = step->blame_column;
	va_start(args, format);
	vsnprintf(fault->message, sizeof(fault->message), format, args);
	va_end(args);
	return KFRAG_EINVAL;
}

static const char *name_of(const struct kfrag_lesson_run *run,
			   const struct kfrag_lesson_step *step)
{
	return run->lesson->names[step->name].text;
}

enum kfrag_error kfrag_lesson_do_alloc(struct kfrag_lesson_run *run,
				       const struct kfrag_lesson_step *step,
				       struct kfrag_lesson_fault *fault)
{
	struct kfrag_lesson_thing *thing = &run->things[step->name];
	bool is_taken;

	if (thing->life == KFRAG_LESSON_LIVE)
		return refuse(fault, step,
			      "expected a name without a block: '%s' has one "
			      "already",
			      name_of(run, step));
	*thing = (struct kfrag_lesson_thing){ .bytes = step->bytes,
					      .order = step->order };
	is_taken = kfrag_lesson_pages_take(run, step->order, &thing->pfn);
	thing->life = is_taken ? KFRAG_LESSON_LIVE : KFRAG_LESSON_REFUSED;
	return KFRAG_OK;
}

enum kfrag_error kfrag_lesson_do_free(struct kfrag_lesson_run *run,
				      const struct kfrag_lesson_step *step,
				      struct kfrag_lesson_fault *fault)
{
	struct kfrag_lesson_thing *thing = &run->things[step->name];

	if (thing->life == KFRAG_LESSON_GONE)
		return refuse(fault, step,
			      "expected a block that is in use: '%s' is free "
			      "already",
			      name_of(run, step));
	if (thing->life == KFRAG_LESSON_LIVE)
		kfrag_lesson_pages_give(run, thing->order, thing->pfn);
	else
		run->event.has_no_block = true;
	if (thing->life == KFRAG_LESSON_LIVE)
		thing->life = KFRAG_LESSON_GONE;
	return KFRAG_OK;
}

enum kfrag_error kfrag_lesson_do_cache(struct kfrag_lesson_run *run,
				       const struct kfrag_lesson_step *step)
{
	struct kfrag_lesson_thing *thing = &run->things[step->name];
	const struct kfrag_slab_cache_params params = {
		.size_bytes = step->bytes,
		.objs_per_slab = (uint32_t)step->objs_per_slab,
		.order = step->order,
		.policy = kfrag_slab_policies()[0],
	};

	thing->life = KFRAG_LESSON_LIVE;
	thing->bytes = step->bytes;
	thing->order = step->order;
	thing->objs_per_slab = step->objs_per_slab;
	return kfrag_slab_cache_create(&thing->cache, run->slab, &params);
}

static struct kfrag_lesson_slot slot_at(const struct kfrag_lesson_run *run,
					const struct kfrag_lesson_thing *thing,
					uint64_t address)
{
	uint64_t page = address / run->page_bytes;
	uint64_t pfn = page >> thing->order << thing->order;

	return (struct kfrag_lesson_slot){
		.pfn = pfn,
		.slot = (uint32_t)((address - pfn * run->page_bytes) /
				   thing->bytes),
	};
}

/* One object more of this step came or went. */
static void note_object(struct kfrag_lesson_event *event,
			struct kfrag_lesson_slot slot)
{
	if (event->nr_objs++ == 0)
		event->first = slot;
	event->last = slot;
}

enum kfrag_error kfrag_lesson_do_new(struct kfrag_lesson_run *run,
				     const struct kfrag_lesson_step *step)
{
	const struct kfrag_lesson_thing *thing = &run->things[step->name];
	uint64_t address;

	while (run->event.nr_objs < step->nr_objs &&
	       kfrag_slab_alloc(thing->cache, &address))
		note_object(&run->event, slot_at(run, thing, address));
	return kfrag_slab_host_error(run->slab);
}

/* Whether a slot of a slab holds an object. */
static bool is_live(const struct kfrag_lesson_run *run, uint64_t pfn,
		    uint32_t slot)
{
	return kfrag_slab_live_mask(run->slab, pfn, slot / 64) >> (slot % 64) &
	       1;
}

static void delete_object(struct kfrag_lesson_run *run,
			  const struct kfrag_lesson_thing *thing, uint64_t pfn,
			  uint32_t slot)
{
	kfrag_slab_free(run->slab, pfn * run->page_bytes + slot * thing->bytes);
	note_object(&run->event,
		    (struct kfrag_lesson_slot){ .pfn = pfn, .slot = slot });
}

/* Objects of one slab, the last slots first, until so many are gone. */
static void delete_from(struct kfrag_lesson_run *run,
			const struct kfrag_lesson_thing *thing, uint64_t pfn,
			uint64_t nr_objs)
{
	uint32_t nr_live = 0;

	for (uint32_t slot = 0; slot < thing->objs_per_slab; slot++)
		nr_live += is_live(run, pfn, slot);
	/* The slab is gone with its last object: nothing asks for it then. */
	for (uint32_t slot = (uint32_t)thing->objs_per_slab;
	     slot-- > 0 && nr_live > 0 && run->event.nr_objs < nr_objs;) {
		if (!is_live(run, pfn, slot))
			continue;
		delete_object(run, thing, pfn, slot);
		nr_live--;
	}
}

static enum kfrag_error delete_slot(struct kfrag_lesson_run *run,
				    const struct kfrag_lesson_step *step,
				    struct kfrag_lesson_fault *fault)
{
	const struct kfrag_lesson_thing *thing = &run->things[step->name];
	uint64_t first = 0;

	for (size_t i = 0; i < run->nr_blocks; i++) {
		const struct kfrag_lesson_block *block = &run->blocks[i];
		uint64_t slot = step->slot - first;

		if (block->kind != KFRAG_LESSON_BLOCK_SLAB ||
		    block->name != step->name)
			continue;
		first += thing->objs_per_slab;
		if (step->slot >= first)
			continue;
		if (!is_live(run, block->pfn, (uint32_t)slot))
			break;
		delete_object(run, thing, block->pfn, (uint32_t)slot);
		return KFRAG_OK;
	}
	if (step->slot >= first)
		return refuse(fault, step,
			      "expected a slot that there is: cache '%s' has "
			      "%" PRIu64 ", the first being #0",
			      name_of(run, step), first);
	return refuse(fault, step,
		      "expected a slot with an object: #%" PRIu64
		      " of '%s' is free",
		      step->slot, name_of(run, step));
}

enum kfrag_error kfrag_lesson_do_delete(struct kfrag_lesson_run *run,
					const struct kfrag_lesson_step *step,
					struct kfrag_lesson_fault *fault)
{
	const struct kfrag_lesson_thing *thing = &run->things[step->name];
	uint64_t nr_live = kfrag_slab_cache_nr_objs(thing->cache);

	if (step->has_slot)
		return delete_slot(run, step, fault);
	if (step->nr_objs > nr_live)
		return refuse(fault, step,
			      "expected at most as many as there are: cache "
			      "'%s' has %" PRIu64,
			      name_of(run, step), nr_live);
	for (size_t i = run->nr_blocks; i-- > 0;) {
		const struct kfrag_lesson_block *block = &run->blocks[i];

		if (block->kind == KFRAG_LESSON_BLOCK_SLAB &&
		    block->name == step->name)
			delete_from(run, thing, block->pfn, step->nr_objs);
	}
	return KFRAG_OK;
}
