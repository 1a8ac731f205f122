// SPDX-License-Identifier: MIT
/* One cache of a capture, in a block for each object and in slabs. */
#include <inttypes.h>
#include <string.h>

#include "kfrag/units.h"
#include "output/lesson_capture_parts.h"
#include "output/lesson_example.h"
#include "output/lesson_parts.h"
#include "output/paragraph.h"

/* ---------------------------------------------------------------- figures */

void kfrag_lesson_ways_of(const struct kfrag_cache_row *row,
			  struct kfrag_lesson_way ways[KFRAG_LESSON_WAYS])
{
	uint64_t kernel_live = row->active_objs * row->size_bytes;

	ways[0] = (struct kfrag_lesson_way){
		.key = "blocks-all",
		.label = "a block each, all objects",
		.nr_objs = row->num_objs,
		.held_bytes = row->buddy_peak_held_bytes,
		.lost_bytes = row->buddy_peak_internal_bytes,
	};
	ways[1] = (struct kfrag_lesson_way){
		.key = "blocks",
		.label = "a block each, those in use",
		.nr_objs = row->active_objs,
		.held_bytes = row->buddy_held_bytes,
		.lost_bytes = row->buddy_internal_bytes,
	};
	ways[2] = (struct kfrag_lesson_way){
		.key = "slabs",
		.label = "slabs, those in use",
		.nr_objs = row->active_objs,
		.held_bytes = row->slab_held_bytes,
		.lost_bytes = row->slab_idle_bytes + row->slab_tail_bytes,
	};
	ways[3] = (struct kfrag_lesson_way){
		.key = "kernel",
		.label = "the kernel's own slabs",
		.nr_objs = row->active_objs,
		.held_bytes = row->kernel_held_bytes,
		.lost_bytes = row->kernel_held_bytes > kernel_live ?
				      row->kernel_held_bytes - kernel_live :
				      0,
	};
}

static void write_table(FILE *out, const struct kfrag_cache_row *row)
{
	struct kfrag_lesson_way ways[KFRAG_LESSON_WAYS];
	char objs[KFRAG_UNITS_SIZE], held[KFRAG_UNITS_SIZE];
	char lost[KFRAG_UNITS_SIZE], percent[KFRAG_UNITS_SIZE];

	kfrag_lesson_ways_of(row, ways);
	fprintf(out, "%-30s%12s%13s%13s%9s\n", "", "OBJECTS", "HELD", "LOST",
		"WASTE");
	for (size_t i = 0; i < KFRAG_LESSON_WAYS; i++)
		fprintf(out, "%-30s%12s%13s%13s%9s\n", ways[i].label,
			kfrag_units_count(ways[i].nr_objs, objs),
			kfrag_units_bytes(ways[i].held_bytes, held),
			kfrag_units_bytes(ways[i].lost_bytes, lost),
			kfrag_units_percent(ways[i].lost_bytes,
					    ways[i].held_bytes, percent));
}

/* ------------------------------------------------------------------ words */

const char *kfrag_lesson_cache_slabs(const struct kfrag_cache_row *row,
				     char words[KFRAG_LESSON_CAPTURE_WORDS])
{
	char idle[KFRAG_UNITS_SIZE], tail[KFRAG_UNITS_SIZE];
	char slabs[KFRAG_UNITS_SIZE], kernel[KFRAG_UNITS_SIZE];

	snprintf(words, KFRAG_LESSON_CAPTURE_WORDS,
		 "The objects in use are what is left of all of them after "
		 "random ones went. %s slabs still hold one (the kernel has "
		 "%s): %s of them are idle slots, which only this cache can "
		 "use, and %s are tails.",
		 kfrag_units_count(row->slab_slabs, slabs),
		 kfrag_units_count(row->num_slabs, kernel),
		 kfrag_units_bytes(row->slab_idle_bytes, idle),
		 kfrag_units_bytes(row->slab_tail_bytes, tail));
	return words;
}

/* What would be compared is not the same objects. */
static const char *put_failed(const struct kfrag_cache_row *row,
			      char words[KFRAG_LESSON_CAPTURE_WORDS])
{
	char blocks[KFRAG_UNITS_SIZE], slots[KFRAG_UNITS_SIZE];

	snprintf(words, KFRAG_LESSON_CAPTURE_WORDS,
		 "Not all of them fit into the memory, or into its largest "
		 "blocks. Objects without a block of their own: %s; without a "
		 "slot of a slab: %s.",
		 kfrag_units_count(row->buddy_failed_objs, blocks),
		 kfrag_units_count(row->slab_failed_objs, slots));
	return words;
}

const char *kfrag_lesson_cache_answer(const struct kfrag_cache_row *row,
				      char words[KFRAG_LESSON_CAPTURE_WORDS])
{
	char blocks[KFRAG_UNITS_SIZE], slabs[KFRAG_UNITS_SIZE];
	uint64_t less = row->buddy_held_bytes, more = row->slab_held_bytes;
	char ratio[KFRAG_UNITS_SIZE];
	uint64_t tenths;
	bool slabs_win = more < less;

	if (row->active_objs == 0) {
		snprintf(words, KFRAG_LESSON_CAPTURE_WORDS, "None is in use.");
		return words;
	}
	if (row->buddy_failed_objs > 0 || row->slab_failed_objs > 0 ||
	    less == 0 || more == 0)
		return put_failed(row, words);
	if (slabs_win) {
		less = row->slab_held_bytes;
		more = row->buddy_held_bytes;
	}
	tenths = more / less * 10 + (more % less * 20 / less + 1) / 2;
	snprintf(ratio, sizeof(ratio), "%" PRIu64 ".%" PRIu64 " times ",
		 tenths / 10, tenths % 10);
	snprintf(words, KFRAG_LESSON_CAPTURE_WORDS,
		 "In a block each, the objects in use take %s; in slabs, %s: "
		 "%s%s.",
		 kfrag_units_bytes(row->buddy_held_bytes, blocks),
		 kfrag_units_bytes(row->slab_held_bytes, slabs),
		 less == more ? "" : ratio, slabs_win ? "less" : "as much");
	return words;
}

const char *kfrag_lesson_cache_head(const struct kfrag_report *report,
				    const struct kfrag_cache_row *row,
				    char words[KFRAG_LESSON_CAPTURE_WORDS])
{
	uint64_t block_bytes = report->page_size_bytes << row->buddy_order;
	uint64_t slab_bytes = report->page_size_bytes << row->slab_order;
	char size[KFRAG_UNITS_SIZE], block[KFRAG_LESSON_SIZE_TEXT];
	char slab[KFRAG_LESSON_SIZE_TEXT], lost[KFRAG_UNITS_SIZE];
	char all[KFRAG_UNITS_SIZE], used[KFRAG_UNITS_SIZE];

	snprintf(
		words, KFRAG_LESSON_CAPTURE_WORDS,
		"%s object%s of %s bytes, of which %s are in use. In a block of "
		"its own each takes %s (order %u), of which %s bytes are "
		"lost. A slab is %s (order %u) and has %" PRIu64 " slot%s.",
		kfrag_units_count(row->num_objs, all),
		row->num_objs == 1 ? "" : "s",
		kfrag_units_count(row->size_bytes, size),
		kfrag_units_count(row->active_objs, used),
		kfrag_lesson_size(block_bytes, block), row->buddy_order,
		kfrag_units_count(block_bytes - row->size_bytes, lost),
		kfrag_lesson_size(slab_bytes, slab), row->slab_order,
		row->objs_per_slab, row->objs_per_slab == 1 ? "" : "s");
	return words;
}

static enum kfrag_error write_words(FILE *out, const char *words)
{
	return kfrag_paragraph_write(out, KFRAG_LESSON_WIDTH - 1, "%s", words);
}

/* The row of the file, as far as it is read here. */
static void write_row(FILE *out, const struct kfrag_cache_row *row)
{
	fprintf(out,
		"\nIts row of slabinfo:\n"
		"%13s %12s %10s %11s %13s %11s\n"
		"%13" PRIu64 " %12" PRIu64 " %10" PRIu64 " %11" PRIu64
		" %13" PRIu64 " %11" PRIu64 "\n\n",
		"active_objs", "num_objs", "objsize", "objperslab",
		"pagesperslab", "num_slabs", row->active_objs, row->num_objs,
		row->size_bytes, row->objs_per_slab,
		UINT64_C(1) << row->slab_order, row->num_slabs);
}

static void draw_example(FILE *out, const struct kfrag_report *report,
			 const struct kfrag_cache_row *row,
			 struct kfrag_lesson_style style)
{
	struct kfrag_lesson_example example;

	if (!kfrag_lesson_example_init(&example, report, row))
		return;
	fputs("\nThe first object, in a block of its own and in a slab:\n",
	      out);
	kfrag_lesson_draw(out, &example.run, KFRAG_LESSON_EXAMPLE_SHOW, style);
	fputc('\n', out);
	kfrag_lesson_example_release(&example);
}

enum kfrag_error kfrag_lesson_write_cache(FILE *out, const char *source,
					  const struct kfrag_report *report,
					  const struct kfrag_cache_row *row,
					  struct kfrag_lesson_style style)
{
	const struct kfrag_lesson_text name = { row->name, row->name_bytes };
	const struct kfrag_lesson_text path = { source, strlen(source) };
	char words[KFRAG_LESSON_CAPTURE_WORDS];
	enum kfrag_error error = kfrag_lesson_write_text(out, "Cache ", name);

	if (!error)
		error = kfrag_lesson_write_text(out, "of ", path);
	if (!error) {
		write_row(out, row);
		error = write_words(out, kfrag_lesson_cache_head(report, row,
								 words));
	}
	if (error)
		return error;
	draw_example(out, report, row, style);
	write_table(out, row);
	fputc('\n', out);
	error = write_words(out, kfrag_lesson_cache_slabs(row, words));
	if (!error)
		error = write_words(out, kfrag_lesson_cache_answer(row, words));
	return error;
}
