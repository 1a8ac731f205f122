// SPDX-License-Identifier: MIT
/* One cache of a capture, in a block for each object and in slabs. */
#include <inttypes.h>
#include <string.h>

#include "kfrag/units.h"
#include "output/lesson_parts.h"
#include "output/paragraph.h"

#define SCRIPT_SIZE 512

/* ------------------------------------------------- a block, and two slabs */

/* The name as one that a script can have. */
static void make_name(const struct kfrag_cache_row *row,
		      char name[KFRAG_LESSON_NAME_BYTES + 1])
{
	size_t length = row->name_bytes;

	if (length > KFRAG_LESSON_NAME_BYTES)
		length = KFRAG_LESSON_NAME_BYTES;
	for (size_t i = 0; i < length; i++) {
		char byte = row->name[i];

		if ((byte >= '0' && byte <= '9') ||
		    (byte >= 'A' && byte <= 'Z') ||
		    (byte >= 'a' && byte <= 'z') || byte == '-')
			name[i] = byte;
		else
			name[i] = '_';
	}
	name[length] = '\0';
	if (length == 0)
		snprintf(name, KFRAG_LESSON_NAME_BYTES + 1, "object");
}

/* Does all steps; false where a lesson is too small for this cache. */
static bool run_all(struct kfrag_lesson_run *run)
{
	struct kfrag_lesson_fault fault;
	bool ok = true;

	while (ok && kfrag_lesson_run_has_more(run))
		ok = kfrag_lesson_run_step(run, &fault) == KFRAG_OK;
	return ok;
}

static void draw(FILE *out, struct kfrag_lesson *lesson,
		 const struct kfrag_cache_row *row,
		 struct kfrag_lesson_style style)
{
	struct kfrag_lesson_run run;

	/* SLAB has fewer slots in a slab than fit, for its own data. */
	for (size_t i = 0; i < lesson->nr_steps; i++)
		if (lesson->steps[i].verb == KFRAG_LESSON_CACHE &&
		    lesson->steps[i].objs_per_slab > row->objs_per_slab)
			lesson->steps[i].objs_per_slab = row->objs_per_slab;
	if (kfrag_lesson_run_init(&run, lesson))
		return;
	if (run_all(&run)) {
		fputs("\nThe first object, in a block of its own and in a "
		      "slab:\n",
		      out);
		kfrag_lesson_draw(out, &run,
				  KFRAG_LESSON_SHOW_MEMORY |
					  KFRAG_LESSON_SHOW_SLABS,
				  style);
		fputc('\n', out);
	}
	kfrag_lesson_run_release(&run);
}

static void draw_example(FILE *out, const struct kfrag_report *report,
			 const struct kfrag_cache_row *row,
			 struct kfrag_lesson_style style)
{
	unsigned larger = row->slab_order > row->buddy_order ? row->slab_order :
							       row->buddy_order;
	char name[KFRAG_LESSON_NAME_BYTES + 1], script[SCRIPT_SIZE];
	struct kfrag_lesson_fault fault;
	struct kfrag_lesson lesson;

	if (larger + 2 > KFRAG_LESSON_MAX_ORDER || row->objs_per_slab == 0)
		return;
	make_name(row, name);
	snprintf(script, sizeof(script),
		 "page %" PRIu64 "\nmemory %" PRIu64 "\nalloc object %" PRIu64
		 "\ncache %s %" PRIu64 " %u\nnew %s\n",
		 report->page_size_bytes,
		 report->page_size_bytes << (larger + 2), row->size_bytes, name,
		 row->size_bytes, row->slab_order, name);
	if (kfrag_lesson_parse(&lesson, script, strlen(script), &fault))
		return;
	draw(out, &lesson, row, style);
	kfrag_lesson_release(&lesson);
}

/* ---------------------------------------------------------------- figures */

static void write_figures(FILE *out, const char *label, uint64_t nr_objs,
			  uint64_t held_bytes, uint64_t lost_bytes)
{
	char objs[KFRAG_UNITS_SIZE], held[KFRAG_UNITS_SIZE];
	char lost[KFRAG_UNITS_SIZE], percent[KFRAG_UNITS_SIZE];

	fprintf(out, "%-30s%12s%13s%13s%9s\n", label,
		kfrag_units_count(nr_objs, objs),
		kfrag_units_bytes(held_bytes, held),
		kfrag_units_bytes(lost_bytes, lost),
		kfrag_units_percent(lost_bytes, held_bytes, percent));
}

static void write_table(FILE *out, const struct kfrag_cache_row *row)
{
	uint64_t kernel_live = row->active_objs * row->size_bytes;
	uint64_t kernel_lost = row->kernel_held_bytes > kernel_live ?
				       row->kernel_held_bytes - kernel_live :
				       0;

	fprintf(out, "%-30s%12s%13s%13s%9s\n", "", "OBJECTS", "HELD", "LOST",
		"WASTE");
	write_figures(out, "a block each, all objects", row->num_objs,
		      row->buddy_peak_held_bytes,
		      row->buddy_peak_internal_bytes);
	write_figures(out, "a block each, those in use", row->active_objs,
		      row->buddy_held_bytes, row->buddy_internal_bytes);
	write_figures(out, "slabs, those in use", row->active_objs,
		      row->slab_held_bytes,
		      row->slab_idle_bytes + row->slab_tail_bytes);
	write_figures(out, "the kernel's own slabs", row->active_objs,
		      row->kernel_held_bytes, kernel_lost);
}

static enum kfrag_error write_slabs(FILE *out,
				    const struct kfrag_cache_row *row)
{
	char idle[KFRAG_UNITS_SIZE], tail[KFRAG_UNITS_SIZE];
	char slabs[KFRAG_UNITS_SIZE], kernel[KFRAG_UNITS_SIZE];

	return kfrag_paragraph_write(
		out, KFRAG_LESSON_WIDTH - 1,
		"The objects in use are what is left of all of them after "
		"random ones went. %s slabs still hold one (the kernel has "
		"%s): %s of them are idle slots, which only this cache can "
		"use, and %s are tails.",
		kfrag_units_count(row->slab_slabs, slabs),
		kfrag_units_count(row->num_slabs, kernel),
		kfrag_units_bytes(row->slab_idle_bytes, idle),
		kfrag_units_bytes(row->slab_tail_bytes, tail));
}

static enum kfrag_error write_answer(FILE *out,
				     const struct kfrag_cache_row *row)
{
	char blocks[KFRAG_UNITS_SIZE], slabs[KFRAG_UNITS_SIZE];
	uint64_t less = row->buddy_held_bytes, more = row->slab_held_bytes;
	char ratio[KFRAG_UNITS_SIZE];
	uint64_t tenths;
	bool slabs_win = more < less;

	if (less == 0 || more == 0)
		return kfrag_paragraph_write(out, KFRAG_LESSON_WIDTH - 1,
					     "None is in use.");
	if (slabs_win) {
		less = row->slab_held_bytes;
		more = row->buddy_held_bytes;
	}
	tenths = more / less * 10 + (more % less * 20 / less + 1) / 2;
	snprintf(ratio, sizeof(ratio), "%" PRIu64 ".%" PRIu64 " times ",
		 tenths / 10, tenths % 10);
	return kfrag_paragraph_write(
		out, KFRAG_LESSON_WIDTH - 1,
		"In a block each, the objects in use take %s; in slabs, %s: "
		"%s%s.",
		kfrag_units_bytes(row->buddy_held_bytes, blocks),
		kfrag_units_bytes(row->slab_held_bytes, slabs),
		less == more ? "" : ratio, slabs_win ? "less" : "as much");
}

/* The row of the file, as far as it is read here. */
static void write_row(FILE *out, const struct kfrag_cache_row *row)
{
	fprintf(out,
		"\nIts row of slabinfo:\n"
		"%13s%13s%9s%12s%14s%12s\n"
		"%13" PRIu64 "%13" PRIu64 "%9" PRIu64 "%12" PRIu64 "%14" PRIu64
		"%12" PRIu64 "\n\n",
		"active_objs", "num_objs", "objsize", "objperslab",
		"pagesperslab", "num_slabs", row->active_objs, row->num_objs,
		row->size_bytes, row->objs_per_slab,
		UINT64_C(1) << row->slab_order, row->num_slabs);
}

static enum kfrag_error write_head(FILE *out, const struct kfrag_report *report,
				   const struct kfrag_cache_row *row)
{
	uint64_t block_bytes = report->page_size_bytes << row->buddy_order;
	uint64_t slab_bytes = report->page_size_bytes << row->slab_order;
	char size[KFRAG_UNITS_SIZE], block[KFRAG_LESSON_SIZE_TEXT];
	char slab[KFRAG_LESSON_SIZE_TEXT], lost[KFRAG_UNITS_SIZE];
	char all[KFRAG_UNITS_SIZE], used[KFRAG_UNITS_SIZE];

	return kfrag_paragraph_write(
		out, KFRAG_LESSON_WIDTH - 1,
		"%s objects of %s bytes, of which %s are in use. In a block of "
		"its own each takes %s (order %u), of which %s bytes are lost. "
		"A slab is %s (order %u) and has %" PRIu64 " slots.",
		kfrag_units_count(row->num_objs, all),
		kfrag_units_count(row->size_bytes, size),
		kfrag_units_count(row->active_objs, used),
		kfrag_lesson_size(block_bytes, block), row->buddy_order,
		kfrag_units_count(block_bytes - row->size_bytes, lost),
		kfrag_lesson_size(slab_bytes, slab), row->slab_order,
		row->objs_per_slab);
}

enum kfrag_error kfrag_lesson_write_cache(FILE *out, const char *source,
					  const struct kfrag_report *report,
					  const struct kfrag_cache_row *row,
					  struct kfrag_lesson_style style)
{
	const struct kfrag_lesson_text name = { row->name, row->name_bytes };
	const struct kfrag_lesson_text path = { source, strlen(source) };
	enum kfrag_error error = kfrag_lesson_write_text(out, "Cache ", name);

	if (!error)
		error = kfrag_lesson_write_text(out, "of ", path);
	if (!error) {
		write_row(out, row);
		error = write_head(out, report, row);
	}
	if (error)
		return error;
	draw_example(out, report, row, style);
	write_table(out, row);
	fputc('\n', out);
	error = write_slabs(out, row);
	return error ? error : write_answer(out, row);
}
