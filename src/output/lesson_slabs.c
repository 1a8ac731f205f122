// SPDX-License-Identifier: MIT
/* Slabs as rows of slots. */
#include <inttypes.h>

#include "output/lesson_bar.h"

/* A slot is four columns; so many are on a line. */
#define SLOTS_A_LINE 16
/* Slabs of a cache, and lines of a slab, that are drawn. */
#define MAX_SLABS 8
#define MAX_LINES 4

bool kfrag_lesson_is_live(const struct kfrag_lesson_run *run, uint64_t pfn,
			  uint32_t slot)
{
	if (pfn == KFRAG_SLAB_NONE)
		return false;
	return kfrag_slab_live_mask(run->slab, pfn, slot / 64) >> (slot % 64) &
	       1;
}

uint32_t kfrag_lesson_next_free(const struct kfrag_lesson_run *run,
				const struct kfrag_lesson_thing *thing,
				uint64_t pfn, uint32_t from)
{
	for (uint32_t slot = from; slot < thing->objs_per_slab; slot++)
		if (!kfrag_lesson_is_live(run, pfn, slot))
			return slot;
	return KFRAG_LESSON_NO_SLOT;
}

static void write_slot(FILE *out, const struct kfrag_lesson_run *run,
		       const struct kfrag_lesson_thing *thing, uint64_t pfn,
		       uint32_t slot, const struct kfrag_lesson_glyphs *glyphs)
{
	uint32_t next;

	fputs(glyphs->down, out);
	if (kfrag_lesson_is_live(run, pfn, slot)) {
		for (int i = 0; i < 3; i++)
			fputs(glyphs->asked, out);
		return;
	}
	next = kfrag_lesson_next_free(run, thing, pfn, slot + 1);
	if (next == KFRAG_LESSON_NO_SLOT)
		fputs(glyphs->end, out);
	else if (next < 100)
		fprintf(out, ">%-2" PRIu32, next);
	else
		fprintf(out, "%3" PRIu32, next % 1000);
}

static void write_slots(FILE *out, const struct kfrag_lesson_run *run,
			const struct kfrag_lesson_thing *thing, uint64_t pfn,
			const struct kfrag_lesson_glyphs *glyphs)
{
	uint32_t nr_slots = (uint32_t)thing->objs_per_slab;

	for (uint32_t slot = 0; slot < nr_slots; slot++) {
		if (slot == MAX_LINES * SLOTS_A_LINE) {
			fprintf(out, "%*s(and %" PRIu32 " more slots)\n",
				KFRAG_LESSON_MARGIN, "", nr_slots - slot);
			return;
		}
		if (slot % SLOTS_A_LINE == 0)
			fprintf(out, "%*s", KFRAG_LESSON_MARGIN, "");
		write_slot(out, run, thing, pfn, slot, glyphs);
		if (slot + 1 == nr_slots || (slot + 1) % SLOTS_A_LINE == 0)
			fprintf(out, "%s\n", glyphs->down);
	}
}

static void write_slab(FILE *out, const struct kfrag_lesson_run *run,
		       const struct kfrag_lesson_block *block,
		       uint64_t first_slot,
		       const struct kfrag_lesson_glyphs *glyphs)
{
	const struct kfrag_lesson_thing *thing = &run->things[block->name];
	uint32_t nr_slots = (uint32_t)thing->objs_per_slab, nr_live = 0;
	uint32_t first = kfrag_lesson_next_free(run, thing, block->pfn, 0);
	char place[KFRAG_LESSON_SIZE_TEXT];

	for (uint32_t slot = 0; slot < nr_slots; slot++)
		nr_live += kfrag_lesson_is_live(run, block->pfn, slot);
	kfrag_lesson_short_size(block->pfn * run->page_bytes, place);
	/* With the longest figures, of 1 GiB, that is a line of 79. */
	fprintf(out,
		"  slab at %s: #%" PRIu64 " to #%" PRIu64 ", %" PRIu32
		" in use",
		place, first_slot, first_slot + nr_slots - 1, nr_live);
	if (first == KFRAG_LESSON_NO_SLOT)
		fputs(": full\n", out);
	else
		fprintf(out, "; free list from slot %" PRIu32 "\n", first);
	write_slots(out, run, thing, block->pfn, glyphs);
}

const char *kfrag_lesson_cache_line(const struct kfrag_lesson_run *run,
				    size_t name,
				    char line[KFRAG_LESSON_CACHE_LINE])
{
	const struct kfrag_lesson_thing *thing = &run->things[name];
	uint64_t nr_objs = kfrag_slab_cache_nr_objs(thing->cache);
	uint64_t nr_slabs = kfrag_slab_cache_nr_slabs(thing->cache);

	snprintf(line, KFRAG_LESSON_CACHE_LINE,
		 "%s: %" PRIu64 " object%s in %" PRIu64 " slab%s",
		 run->lesson->names[name].text, nr_objs,
		 nr_objs == 1 ? "" : "s", nr_slabs, nr_slabs == 1 ? "" : "s");
	return line;
}

const char *kfrag_lesson_slots_line(const struct kfrag_lesson_run *run,
				    size_t name,
				    char line[KFRAG_LESSON_CACHE_LINE])
{
	const struct kfrag_lesson_thing *thing = &run->things[name];
	uint64_t tail_bytes = kfrag_lesson_block_bytes(run, thing->order) -
			      thing->objs_per_slab * thing->bytes;
	char size[KFRAG_LESSON_SIZE_TEXT], tail[KFRAG_LESSON_SIZE_TEXT];

	snprintf(line, KFRAG_LESSON_CACHE_LINE,
		 "objects of %s, %" PRIu64 " a slab, tail %s",
		 kfrag_lesson_size(thing->bytes, size), thing->objs_per_slab,
		 kfrag_lesson_size(tail_bytes, tail));
	return line;
}

static void write_cache(FILE *out, const struct kfrag_lesson_run *run,
			size_t name, const struct kfrag_lesson_glyphs *glyphs)
{
	const struct kfrag_lesson_thing *thing = &run->things[name];
	char line[KFRAG_LESSON_CACHE_LINE], slots[KFRAG_LESSON_CACHE_LINE];
	uint64_t nr_slabs = 0, first_slot = 0;

	fprintf(out, "SLABS   %s\n  %s\n",
		kfrag_lesson_cache_line(run, name, line),
		kfrag_lesson_slots_line(run, name, slots));
	for (size_t i = 0; i < run->nr_blocks; i++) {
		const struct kfrag_lesson_block *block = &run->blocks[i];

		if (block->kind != KFRAG_LESSON_BLOCK_SLAB ||
		    block->name != name)
			continue;
		if (nr_slabs++ < MAX_SLABS)
			write_slab(out, run, block, first_slot, glyphs);
		first_slot += thing->objs_per_slab;
	}
	if (nr_slabs == 0) {
		fputs("  no slab yet; an empty one looks like this:\n", out);
		write_slots(out, run, thing, KFRAG_SLAB_NONE, glyphs);
	}
	if (nr_slabs > MAX_SLABS)
		fprintf(out, "  (and %" PRIu64 " more slabs)\n",
			nr_slabs - MAX_SLABS);
}

void kfrag_lesson_draw_slabs(FILE *out, const struct kfrag_lesson_run *run,
			     struct kfrag_lesson_style style)
{
	const struct kfrag_lesson_glyphs *glyphs = kfrag_lesson_glyphs(style);
	size_t nr_caches = 0;

	for (size_t i = 0; i < run->lesson->nr_names; i++) {
		if (!run->things[i].cache)
			continue;
		write_cache(out, run, i, glyphs);
		nr_caches++;
	}
	if (nr_caches)
		fprintf(out,
			"%*s(%s%s%s object; >n: free, and slot n is the next "
			"free one; end: the last)\n",
			KFRAG_LESSON_MARGIN, "", glyphs->asked, glyphs->asked,
			glyphs->asked);
	else
		fputs("SLABS   none: there is no cache\n", out);
}
