// SPDX-License-Identifier: MIT
/* The memory as a bar of blocks, and as the tree of splits, in a picture. */
#include <string.h>

#include "output/lesson_parts.h"
#include "output/lesson_svg_parts.h"

#define BAR_HEIGHT 50
#define NODE_HEIGHT 26
/* Nodes of the tree are not drawn narrower. */
#define MIN_NODE 3

static const char *colour_of(enum kfrag_lesson_block_kind kind)
{
	static const char *const colours[] = {
		[KFRAG_LESSON_BLOCK_FREE] = KFRAG_CANVAS_FREE,
		[KFRAG_LESSON_BLOCK_NAMED] = KFRAG_CANVAS_ASKED,
		[KFRAG_LESSON_BLOCK_SLAB] = KFRAG_CANVAS_SLAB,
	};

	return colours[kind];
}

static void put_label(const struct kfrag_canvas *canvas, unsigned x,
		      unsigned width, unsigned below, const char *label)
{
	if (kfrag_canvas_fits(strlen(label) + 1, width))
		kfrag_canvas_text(canvas, x + width / 2, below,
				  " text-anchor=\"middle\"", label,
				  strlen(label));
}

/* ---------------------------------------------------------------- the bar */

static void put_block(const struct kfrag_canvas *canvas,
		      const struct kfrag_lesson_run *run,
		      const struct kfrag_lesson_block *block)
{
	uint64_t all = kfrag_lesson_block_bytes(run, block->order);
	unsigned x = kfrag_lesson_svg_x(run, block->pfn);
	unsigned width =
		kfrag_lesson_svg_x(run,
				   block->pfn + (UINT64_C(1) << block->order)) -
		x;
	char size[KFRAG_LESSON_SIZE_TEXT];
	const char *label = kfrag_lesson_short_size(all, size);

	/* Thousands of blocks share a pixel. */
	if (width == 0)
		return;
	if (block->kind == KFRAG_LESSON_BLOCK_FREE) {
		kfrag_canvas_rect(canvas, x, 0, width, BAR_HEIGHT,
				  KFRAG_CANVAS_FREE);
	} else {
		label = run->lesson->names[block->name].text;
		kfrag_canvas_rect(canvas, x, 0, width, BAR_HEIGHT,
				  KFRAG_CANVAS_LOST);
		kfrag_canvas_rect(canvas, x, 0,
				  (unsigned)(block->bytes * width / all),
				  BAR_HEIGHT, colour_of(block->kind));
	}
	put_label(canvas, x, width, BAR_HEIGHT / 2 + 6, label);
}

/* Where blocks begin, as far as the figures do not touch. */
static void put_places(const struct kfrag_canvas *canvas,
		       const struct kfrag_lesson_run *run)
{
	unsigned end = KFRAG_CANVAS_WIDTH - KFRAG_CANVAS_MARGIN, next = 0;
	char place[KFRAG_LESSON_SIZE_TEXT];

	for (size_t i = 0; i < run->nr_blocks; i++) {
		unsigned x = kfrag_lesson_svg_x(run, run->blocks[i].pfn);

		kfrag_lesson_short_size(run->blocks[i].pfn * run->page_bytes,
					place);
		if (x < next || x + strlen(place) * 9 + 60 > end)
			continue;
		kfrag_canvas_text(canvas, x, BAR_HEIGHT + 18, "", place,
				  strlen(place));
		next = x + (unsigned)strlen(place) * 9 + 9;
	}
	kfrag_lesson_short_size(run->nr_pages * run->page_bytes, place);
	kfrag_canvas_text(canvas, end, BAR_HEIGHT + 18, " text-anchor=\"end\"",
			  place, strlen(place));
}

/* What the colours mean that there are. */
static void put_key(const struct kfrag_canvas *canvas,
		    const struct kfrag_lesson_run *run)
{
	static const char *const words[] = { "free", "asked for", "slab",
					     "lost in a block" };
	bool has[4] = { false, false, false, false };
	unsigned x = KFRAG_CANVAS_LEFT;

	for (size_t i = 0; i < run->nr_blocks; i++)
		has[run->blocks[i].kind] = true;
	has[3] = has[KFRAG_LESSON_BLOCK_NAMED] || has[KFRAG_LESSON_BLOCK_SLAB];
	for (unsigned i = 0; i < 4; i++) {
		if (!has[i])
			continue;
		kfrag_canvas_rect(
			canvas, x, 0, 14, 14,
			i == 3 ? KFRAG_CANVAS_LOST :
				 colour_of((enum kfrag_lesson_block_kind)i));
		kfrag_canvas_text(canvas, x + 20, 13, "", words[i],
				  strlen(words[i]));
		x += 20 + (unsigned)strlen(words[i]) * 9 + 20;
	}
}

void kfrag_lesson_svg_memory(struct kfrag_canvas *canvas,
			     const struct kfrag_lesson_run *run)
{
	uint64_t free_pages = kfrag_buddy_free_pages(run->buddy);
	char used[KFRAG_LESSON_SIZE_TEXT], unused[KFRAG_LESSON_SIZE_TEXT];

	kfrag_canvas_heading(
		canvas, "Memory: %s in use, %s free",
		kfrag_lesson_size(
			(run->nr_pages - free_pages) * run->page_bytes, used),
		kfrag_lesson_size(free_pages * run->page_bytes, unused));
	for (size_t i = 0; i < run->nr_blocks; i++)
		put_block(canvas, run, &run->blocks[i]);
	put_places(canvas, run);
	canvas->y += BAR_HEIGHT + KFRAG_CANVAS_LINE + 8;
	put_key(canvas, run);
	canvas->y += KFRAG_CANVAS_LINE + 8;
}

/* --------------------------------------------------------------- the tree */

/* The node of that order over a block: split, or the block itself. */
static void put_node(const struct kfrag_canvas *canvas,
		     const struct kfrag_lesson_run *run, unsigned order,
		     const struct kfrag_lesson_block *block)
{
	uint64_t pfn = block->pfn >> order << order;
	unsigned x = kfrag_lesson_svg_x(run, pfn);
	unsigned width =
		kfrag_lesson_svg_x(run, pfn + (UINT64_C(1) << order)) - x;
	const char *colour = "#f2f2f2", *label = "split";

	if (block->order == order) {
		colour = colour_of(block->kind);
		label = block->kind == KFRAG_LESSON_BLOCK_FREE ?
				"free" :
				run->lesson->names[block->name].text;
	}
	kfrag_canvas_rect(canvas, x, 0, width, NODE_HEIGHT, colour);
	put_label(canvas, x, width, NODE_HEIGHT - 8, label);
}

static void put_row(const struct kfrag_canvas *canvas,
		    const struct kfrag_lesson_run *run, unsigned order)
{
	uint64_t next = 0;

	for (size_t i = 0; i < run->nr_blocks; i++) {
		const struct kfrag_lesson_block *block = &run->blocks[i];
		uint64_t end =
			(block->pfn >> order << order) + (UINT64_C(1) << order);

		/* All blocks below a node have the same one over them. */
		if (block->order > order || end > run->nr_pages || end <= next)
			continue;
		put_node(canvas, run, order, block);
		next = end;
	}
}

void kfrag_lesson_svg_tree(struct kfrag_canvas *canvas,
			   const struct kfrag_lesson_run *run)
{
	unsigned lowest = run->max_order;
	char size[KFRAG_LESSON_SIZE_TEXT];

	for (size_t i = 0; i < run->nr_blocks; i++)
		if (run->blocks[i].order < lowest)
			lowest = run->blocks[i].order;
	kfrag_canvas_heading(canvas, "Tree of splits");
	for (unsigned order = run->max_order + 1; order-- > lowest;) {
		if (kfrag_lesson_svg_x(run, UINT64_C(1) << order) <
		    KFRAG_CANVAS_LEFT + MIN_NODE) {
			kfrag_canvas_format(canvas, KFRAG_CANVAS_LEFT, 16, "",
					    "(smaller blocks are too narrow to "
					    "draw)");
			canvas->y += NODE_HEIGHT;
			break;
		}
		kfrag_lesson_short_size(kfrag_lesson_block_bytes(run, order),
					size);
		kfrag_canvas_text(canvas, KFRAG_CANVAS_MARGIN, NODE_HEIGHT - 8,
				  "", size, strlen(size));
		put_row(canvas, run, order);
		canvas->y += NODE_HEIGHT;
	}
	canvas->y += 14;
}
