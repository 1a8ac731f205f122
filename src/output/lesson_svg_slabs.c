// SPDX-License-Identifier: MIT
/* Slabs as rows of slots, in a picture. */
#include <inttypes.h>

#include "output/lesson_parts.h"
#include "output/lesson_svg_parts.h"

#define SLOT_HEIGHT 28
/* Slabs of a cache that are drawn. */
#define MAX_SLABS 8
/* Narrower slots have no edge, and no words in them. */
#define MIN_SLOT 8
#define MIN_WORDS 30

static unsigned slot_x(const struct kfrag_lesson_run *run,
		       const struct kfrag_lesson_thing *thing, uint64_t slot)
{
	return KFRAG_CANVAS_LEFT +
	       (unsigned)(slot * thing->bytes * KFRAG_CANVAS_BAR /
			  kfrag_lesson_block_bytes(run, thing->order));
}

/* Slots that are all in use, or all free, as one patch. */
static void put_narrow(const struct kfrag_canvas *canvas,
		       const struct kfrag_lesson_run *run,
		       const struct kfrag_lesson_thing *thing, uint64_t pfn)
{
	uint32_t nr_slots = (uint32_t)thing->objs_per_slab, end;

	for (uint32_t slot = 0; slot < nr_slots; slot = end) {
		bool is_live = kfrag_lesson_is_live(run, pfn, slot);
		unsigned x = slot_x(run, thing, slot);

		end = slot + 1;
		while (end < nr_slots &&
		       kfrag_lesson_is_live(run, pfn, end) == is_live)
			end++;
		kfrag_canvas_patch(
			canvas, x, 0, slot_x(run, thing, end) - x, SLOT_HEIGHT,
			is_live ? KFRAG_CANVAS_SLAB : KFRAG_CANVAS_FREE);
	}
}

static void
put_slot(const struct kfrag_canvas *canvas, const struct kfrag_lesson_run *run,
	 const struct kfrag_lesson_thing *thing, uint64_t pfn, uint32_t slot)
{
	unsigned x = slot_x(run, thing, slot);
	unsigned width = slot_x(run, thing, (uint64_t)slot + 1) - x;
	bool is_live = kfrag_lesson_is_live(run, pfn, slot);
	uint32_t next;

	kfrag_canvas_rect(canvas, x, 0, width, SLOT_HEIGHT,
			  is_live ? KFRAG_CANVAS_SLAB : KFRAG_CANVAS_FREE);
	if (is_live || width < MIN_WORDS)
		return;
	next = kfrag_lesson_next_free(run, thing, pfn, slot + 1);
	if (next == KFRAG_LESSON_NO_SLOT)
		kfrag_canvas_format(canvas, x + width / 2, SLOT_HEIGHT - 9,
				    " text-anchor=\"middle\" font-size=\"14\"",
				    "end");
	else
		kfrag_canvas_format(canvas, x + width / 2, SLOT_HEIGHT - 9,
				    " text-anchor=\"middle\" font-size=\"14\"",
				    "\u2192%" PRIu32, next);
}

/* A slab, or with KFRAG_SLAB_NONE an empty one. */
static void put_slab(struct kfrag_canvas *canvas,
		     const struct kfrag_lesson_run *run,
		     const struct kfrag_lesson_thing *thing, uint64_t pfn)
{
	char place[KFRAG_LESSON_SIZE_TEXT];

	if (pfn == KFRAG_SLAB_NONE)
		kfrag_canvas_format(canvas, KFRAG_CANVAS_MARGIN, 19, "",
				    "(none yet)");
	else
		kfrag_canvas_format(
			canvas, KFRAG_CANVAS_MARGIN, 19, "", "at %s",
			kfrag_lesson_short_size(pfn * run->page_bytes, place));
	kfrag_canvas_rect(canvas, KFRAG_CANVAS_LEFT, 0, KFRAG_CANVAS_BAR,
			  SLOT_HEIGHT, KFRAG_CANVAS_LOST);
	if (slot_x(run, thing, 1) < KFRAG_CANVAS_LEFT + MIN_SLOT)
		put_narrow(canvas, run, thing, pfn);
	else
		for (uint32_t slot = 0; slot < thing->objs_per_slab; slot++)
			put_slot(canvas, run, thing, pfn, slot);
	canvas->y += SLOT_HEIGHT + 8;
}

static void put_cache(struct kfrag_canvas *canvas,
		      const struct kfrag_lesson_run *run, size_t name)
{
	const struct kfrag_lesson_thing *thing = &run->things[name];
	uint64_t nr_slabs = kfrag_slab_cache_nr_slabs(thing->cache);
	char line[KFRAG_LESSON_CACHE_LINE];
	unsigned nr_drawn = 0;

	kfrag_canvas_heading(canvas, "Slabs of %s",
			     kfrag_lesson_cache_line(run, name, line));
	kfrag_canvas_format(canvas, KFRAG_CANVAS_LEFT, 10, "", "%s",
			    kfrag_lesson_slots_line(run, name, line));
	canvas->y += KFRAG_CANVAS_LINE;
	for (size_t i = 0; i < run->nr_blocks && nr_drawn < MAX_SLABS; i++) {
		if (run->blocks[i].kind != KFRAG_LESSON_BLOCK_SLAB ||
		    run->blocks[i].name != name)
			continue;
		put_slab(canvas, run, thing, run->blocks[i].pfn);
		nr_drawn++;
	}
	if (nr_slabs == 0)
		put_slab(canvas, run, thing, KFRAG_SLAB_NONE);
	if (nr_slabs > nr_drawn) {
		kfrag_canvas_format(canvas, KFRAG_CANVAS_LEFT, 16, "",
				    "(and %" PRIu64 " more slabs)",
				    nr_slabs - nr_drawn);
		canvas->y += KFRAG_CANVAS_LINE;
	}
	canvas->y += 6;
}

static void put_key(struct kfrag_canvas *canvas)
{
	kfrag_canvas_rect(canvas, KFRAG_CANVAS_LEFT, 0, 14, 14,
			  KFRAG_CANVAS_SLAB);
	kfrag_canvas_format(canvas, KFRAG_CANVAS_LEFT + 20, 13, "", "object");
	kfrag_canvas_rect(canvas, KFRAG_CANVAS_LEFT + 100, 0, 14, 14,
			  KFRAG_CANVAS_FREE);
	kfrag_canvas_format(canvas, KFRAG_CANVAS_LEFT + 120, 13, "",
			    "free; \u2192n: slot n is the next free one");
	kfrag_canvas_rect(canvas, KFRAG_CANVAS_LEFT + 450, 0, 14, 14,
			  KFRAG_CANVAS_LOST);
	kfrag_canvas_format(canvas, KFRAG_CANVAS_LEFT + 470, 13, "", "tail");
	canvas->y += KFRAG_CANVAS_LINE + 8;
}

void kfrag_lesson_svg_slabs(struct kfrag_canvas *canvas,
			    const struct kfrag_lesson_run *run)
{
	size_t nr_caches = 0;

	for (size_t i = 0; i < run->lesson->nr_names; i++) {
		if (!run->things[i].cache)
			continue;
		put_cache(canvas, run, i);
		nr_caches++;
	}
	if (nr_caches == 0) {
		kfrag_canvas_heading(canvas, "Slabs: none, there is no cache");
		return;
	}
	put_key(canvas);
}
