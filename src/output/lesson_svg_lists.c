// SPDX-License-Identifier: MIT
/* The free lists, and the bitmap of pairs of buddies, in a picture. */
#include <inttypes.h>
#include <string.h>

#include "output/lesson_parts.h"
#include "output/lesson_svg_parts.h"

#define ROW_HEIGHT 26
/* Where a free list begins, and how far its boxes lie apart. */
#define LIST_LEFT 260
#define BOX_WIDTH 66
#define BOX_STEP 82
#define MAX_BOXES 6
/* Bits are not drawn narrower. */
#define MIN_BIT 6

/* ---------------------------------------------------------- the free lists */

static void put_free_list(const struct kfrag_canvas *canvas,
			  const struct kfrag_lesson_run *run, unsigned order)
{
	uint64_t nr_free = kfrag_buddy_nr_free(run->buddy, order);
	char place[KFRAG_LESSON_SIZE_TEXT];
	uint64_t from = 0, pfn;
	unsigned i = 0;

	for (; i < MAX_BOXES &&
	       kfrag_buddy_next_free(run->buddy, order, from, &pfn);
	     i++) {
		unsigned x = LIST_LEFT + i * BOX_STEP;

		kfrag_lesson_short_size(pfn * run->page_bytes, place);
		kfrag_canvas_patch(canvas, x - BOX_STEP + BOX_WIDTH, 11,
				   BOX_STEP - BOX_WIDTH, 2, "#333333");
		kfrag_canvas_rect(canvas, x, 2, BOX_WIDTH, ROW_HEIGHT - 5,
				  KFRAG_CANVAS_FREE);
		kfrag_canvas_text(canvas, x + BOX_WIDTH / 2, 18,
				  " text-anchor=\"middle\"", place,
				  strlen(place));
		from = pfn + 1;
	}
	if (nr_free > i)
		kfrag_canvas_format(canvas, LIST_LEFT + i * BOX_STEP, 18, "",
				    "and %" PRIu64 " more", nr_free - i);
}

void kfrag_lesson_svg_freelist(struct kfrag_canvas *canvas,
			       const struct kfrag_lesson_run *run)
{
	char size[KFRAG_LESSON_SIZE_TEXT];

	kfrag_canvas_heading(canvas, "Free lists: the blocks of each order, "
				     "and where they begin");
	for (unsigned order = run->max_order + 1; order-- > 0;) {
		kfrag_lesson_short_size(kfrag_lesson_block_bytes(run, order),
					size);
		kfrag_canvas_format(canvas, KFRAG_CANVAS_MARGIN, 18, "",
				    "order %u", order);
		kfrag_canvas_text(canvas, KFRAG_CANVAS_LEFT, 18, "", size,
				  strlen(size));
		kfrag_canvas_format(canvas, LIST_LEFT - 30, 18,
				    " text-anchor=\"end\"", "%" PRIu64,
				    kfrag_buddy_nr_free(run->buddy, order));
		put_free_list(canvas, run, order);
		canvas->y += ROW_HEIGHT;
	}
	canvas->y += 14;
}

/* -------------------------------------------------------------- the bitmap */

static void put_bit(const struct kfrag_canvas *canvas,
		    const struct kfrag_lesson_run *run, unsigned order,
		    uint64_t index)
{
	bool bit = kfrag_lesson_pair_bit(run, order, index);
	unsigned x = kfrag_lesson_svg_x(run, index << (order + 1));
	unsigned width =
		kfrag_lesson_svg_x(run, (index + 1) << (order + 1)) - x;

	kfrag_canvas_rect(canvas, x, 0, width, ROW_HEIGHT - 4,
			  bit ? KFRAG_CANVAS_BIT : KFRAG_CANVAS_FREE);
	if (kfrag_canvas_fits(1, width))
		kfrag_canvas_format(canvas, x + width / 2, 16,
				    " text-anchor=\"middle\"", "%d", bit);
}

static void put_bits(const struct kfrag_canvas *canvas,
		     const struct kfrag_lesson_run *run, unsigned order,
		     const struct kfrag_lesson_pair *pair)
{
	uint64_t nr_pairs = kfrag_lesson_nr_pairs(run, order), nr_set = 0;
	uint64_t nr_pages = UINT64_C(2) << order;
	unsigned x;

	kfrag_canvas_format(canvas, KFRAG_CANVAS_MARGIN, 16, "", "order %u",
			    order);
	if (kfrag_lesson_svg_x(run, nr_pages) < KFRAG_CANVAS_LEFT + MIN_BIT) {
		for (uint64_t i = 0; i < nr_pairs; i++)
			nr_set += kfrag_lesson_pair_bit(run, order, i);
		kfrag_canvas_format(canvas, KFRAG_CANVAS_LEFT, 16, "",
				    "%" PRIu64 " bits, %" PRIu64 " of them 1",
				    nr_pairs, nr_set);
		return;
	}
	for (uint64_t i = 0; i < nr_pairs; i++)
		put_bit(canvas, run, order, i);
	if (!pair || pair->order != order)
		return;
	x = kfrag_lesson_svg_x(run, pair->index * nr_pages);
	kfrag_canvas_mark(
		canvas, x, 0,
		kfrag_lesson_svg_x(run, (pair->index + 1) * nr_pages) - x,
		ROW_HEIGHT - 4);
}

static void put_line(struct kfrag_canvas *canvas, const char *text)
{
	kfrag_canvas_text(canvas, KFRAG_CANVAS_LEFT, 16, "", text,
			  strlen(text));
	canvas->y += KFRAG_CANVAS_LINE;
}

void kfrag_lesson_svg_bitmap(struct kfrag_canvas *canvas,
			     const struct kfrag_lesson_run *run)
{
	char line[KFRAG_LESSON_BITMAP_LINE];
	struct kfrag_lesson_pair pair;
	bool has_pair = kfrag_lesson_last_pair(run, &pair);

	kfrag_canvas_heading(canvas, "Bitmap: a bit a pair of buddies; 1: just "
				     "one of both is a free block");
	for (unsigned order = run->max_order; order-- > 0;) {
		put_bits(canvas, run, order, has_pair ? &pair : NULL);
		canvas->y += ROW_HEIGHT;
	}
	canvas->y += 4;
	for (unsigned i = 0; has_pair && i < KFRAG_LESSON_PAIR_LINES; i++)
		put_line(canvas, kfrag_lesson_pair_line(run, &pair, i, line));
	for (unsigned i = 0; i < KFRAG_LESSON_COST_LINES; i++)
		put_line(canvas, kfrag_lesson_cost_line(run, i, line));
	canvas->y += 14;
}
