/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_LESSON_SVG_PARTS_H
#define KFRAG_OUTPUT_LESSON_SVG_PARTS_H

#include "kfrag/lesson_run.h"
#include "output/lesson_canvas.h"

/* The drawings of lesson_parts.h as parts of a picture. */
void kfrag_lesson_svg_memory(struct kfrag_canvas *canvas,
			     const struct kfrag_lesson_run *run);
void kfrag_lesson_svg_tree(struct kfrag_canvas *canvas,
			   const struct kfrag_lesson_run *run);
void kfrag_lesson_svg_freelist(struct kfrag_canvas *canvas,
			       const struct kfrag_lesson_run *run);
void kfrag_lesson_svg_bitmap(struct kfrag_canvas *canvas,
			     const struct kfrag_lesson_run *run);
void kfrag_lesson_svg_slabs(struct kfrag_canvas *canvas,
			    const struct kfrag_lesson_run *run);

/* All of a mask, one below the other. */
void kfrag_lesson_svg_draw(struct kfrag_canvas *canvas,
			   const struct kfrag_lesson_run *run, unsigned show);

/* Where a page, or the end of memory, is on a bar. */
static inline unsigned kfrag_lesson_svg_x(const struct kfrag_lesson_run *run,
					  uint64_t pfn)
{
	return KFRAG_CANVAS_LEFT +
	       (unsigned)(pfn * KFRAG_CANVAS_BAR / run->nr_pages);
}

#endif
