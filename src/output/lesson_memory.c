// SPDX-License-Identifier: MIT
/* The memory as a bar of blocks, and as the tree of splits. */
#include <inttypes.h>
#include <string.h>

#include "kfrag/arith.h"
#include "output/lesson_bar.h"

struct span {
	unsigned from; /* column of its left edge */
	unsigned to; /* of its right edge */
};

static struct span span_of(const struct kfrag_lesson_run *run, uint64_t pfn,
			   unsigned order)
{
	return (struct span){
		kfrag_lesson_column(run, pfn),
		kfrag_lesson_column(run, pfn + (UINT64_C(1) << order)),
	};
}

static const char *name_of(const struct kfrag_lesson_run *run,
			   const struct kfrag_lesson_block *block)
{
	return run->lesson->names[block->name].text;
}

/* Whether blocks of that order are smaller than a column. */
static bool is_narrow(const struct kfrag_lesson_run *run, unsigned order)
{
	return kfrag_lesson_column(run, UINT64_C(1) << order) == 0;
}

/* ---------------------------------------------------------------- the bar */

static void put_edges(const struct kfrag_lesson_run *run, FILE *out,
		      const char *left, const char *between, const char *right,
		      const char *across)
{
	unsigned end = kfrag_lesson_column(run, run->nr_pages);
	struct kfrag_lesson_line line;

	kfrag_lesson_line_clear(&line);
	kfrag_lesson_line_fill(&line, 0, end, across);
	for (size_t i = 0; i < run->nr_blocks; i++) {
		struct span span =
			span_of(run, run->blocks[i].pfn, run->blocks[i].order);

		kfrag_lesson_line_fill(&line, span.from, span.from + 1,
				       between);
	}
	line.cells[0] = left;
	line.cells[end] = right;
	kfrag_lesson_line_write(out, "", &line);
}

/* A name as far as there is room. */
static void put_name(struct kfrag_lesson_line *line, struct span inner,
		     const char *name)
{
	char text[KFRAG_LESSON_NAME_BYTES + 1];

	snprintf(text, sizeof(text), "%.*s", (int)(inner.to - inner.from),
		 name);
	kfrag_lesson_line_put(line, inner.from, text);
}

static void put_used(struct kfrag_lesson_line *line,
		     const struct kfrag_lesson_run *run,
		     const struct kfrag_lesson_block *block, struct span inner,
		     const struct kfrag_lesson_glyphs *glyphs)
{
	bool is_slab = block->kind == KFRAG_LESSON_BLOCK_SLAB;
	uint64_t all = kfrag_lesson_block_bytes(run, block->order);
	unsigned width = inner.to - inner.from;
	unsigned asked = (unsigned)((block->bytes * width + all - 1) / all);

	/* What is lost shows where there is a column for it. */
	if (asked == width && block->bytes < all && width > 2)
		asked--;
	kfrag_lesson_line_fill(line, inner.from, inner.from + asked,
			       is_slab ? glyphs->slab : glyphs->asked);
	kfrag_lesson_line_fill(line, inner.from + asked, inner.to,
			       glyphs->lost);
	put_name(line, inner, name_of(run, block));
}

static void put_block(struct kfrag_lesson_line *line,
		      const struct kfrag_lesson_run *run,
		      const struct kfrag_lesson_block *block,
		      const struct kfrag_lesson_glyphs *glyphs)
{
	struct span span = span_of(run, block->pfn, block->order);
	struct span inner = { span.from + 1, span.to };
	char size[KFRAG_LESSON_SIZE_TEXT];

	if (is_narrow(run, block->order)) {
		line->cells[span.from] = glyphs->mixed;
		return;
	}
	line->cells[span.from] = glyphs->down;
	if (block->kind == KFRAG_LESSON_BLOCK_FREE)
		(void)kfrag_lesson_line_centre(
			line, inner.from, inner.to,
			kfrag_lesson_short_size(
				kfrag_lesson_block_bytes(run, block->order),
				size));
	else if (span.to == inner.from)
		put_name(line, span, name_of(run, block));
	else
		put_used(line, run, block, inner, glyphs);
}

/* Where blocks begin, as far as the figures do not touch. */
static void write_places(FILE *out, const struct kfrag_lesson_run *run)
{
	unsigned end = kfrag_lesson_column(run, run->nr_pages), next = 0;
	char text[KFRAG_LESSON_SIZE_TEXT];
	struct kfrag_lesson_line line;
	unsigned last;

	kfrag_lesson_line_clear(&line);
	kfrag_lesson_short_size(run->nr_pages * run->page_bytes, text);
	fprintf(out, "%*s", KFRAG_LESSON_MARGIN, "");
	last = end - (end > strlen(text) ? 1 : 0);
	for (size_t i = 0; i < run->nr_blocks; i++) {
		unsigned column = kfrag_lesson_column(run, run->blocks[i].pfn);
		char place[KFRAG_LESSON_SIZE_TEXT];

		kfrag_lesson_short_size(run->blocks[i].pfn * run->page_bytes,
					place);
		if (column < next || column + strlen(place) > last)
			continue;
		fprintf(out, "%*s%s", (int)(column - next), "", place);
		next = column + (unsigned)strlen(place);
		fputc(' ', out);
		next++;
	}
	if (next <= end)
		fprintf(out, "%*s%s", (int)(end - next), "", text);
	fputc('\n', out);
}

static void write_legend(FILE *out, const struct kfrag_lesson_run *run,
			 const struct kfrag_lesson_glyphs *glyphs)
{
	bool has[3] = { false, false, false }, has_narrow = false;

	for (size_t i = 0; i < run->nr_blocks; i++) {
		has[run->blocks[i].kind] = true;
		has_narrow |= is_narrow(run, run->blocks[i].order);
	}
	fprintf(out, "%*s(blank: free", KFRAG_LESSON_MARGIN, "");
	if (has[KFRAG_LESSON_BLOCK_NAMED])
		fprintf(out, "; %s asked for", glyphs->asked);
	if (has[KFRAG_LESSON_BLOCK_SLAB])
		fprintf(out, "; %s slab", glyphs->slab);
	if (has[KFRAG_LESSON_BLOCK_NAMED] || has[KFRAG_LESSON_BLOCK_SLAB])
		fprintf(out, "; %s lost in a block", glyphs->lost);
	if (has_narrow)
		fprintf(out, "; %s smaller blocks", glyphs->mixed);
	fputs(")\n", out);
}

void kfrag_lesson_draw_memory(FILE *out, const struct kfrag_lesson_run *run,
			      struct kfrag_lesson_style style)
{
	const struct kfrag_lesson_glyphs *glyphs = kfrag_lesson_glyphs(style);
	uint64_t free_pages = kfrag_buddy_free_pages(run->buddy);
	char used[KFRAG_LESSON_SIZE_TEXT], unused[KFRAG_LESSON_SIZE_TEXT];
	struct kfrag_lesson_line line;

	kfrag_lesson_size((run->nr_pages - free_pages) * run->page_bytes, used);
	kfrag_lesson_size(free_pages * run->page_bytes, unused);
	fprintf(out, "MEMORY  %s in use, %s free\n", used, unused);
	put_edges(run, out, glyphs->top_left, glyphs->top, glyphs->top_right,
		  glyphs->across);
	kfrag_lesson_line_clear(&line);
	for (size_t i = 0; i < run->nr_blocks; i++)
		put_block(&line, run, &run->blocks[i], glyphs);
	line.cells[kfrag_lesson_column(run, run->nr_pages)] = glyphs->down;
	kfrag_lesson_line_write(out, "", &line);
	put_edges(run, out, glyphs->low_left, glyphs->low, glyphs->low_right,
		  glyphs->across);
	write_places(out, run);
	write_legend(out, run, glyphs);
}

/* --------------------------------------------------------------- the tree */

static void put_node(struct kfrag_lesson_line *line, struct span span,
		     const char *fill, const char *text,
		     const struct kfrag_lesson_glyphs *glyphs)
{
	unsigned length = (unsigned)strlen(text);
	char padded[KFRAG_LESSON_NAME_BYTES + 3];

	line->cells[span.from] = glyphs->down;
	line->cells[span.to] = glyphs->down;
	if (span.to == span.from + 1) {
		if (fill == glyphs->across)
			line->cells[span.from] = glyphs->tick;
		else if (fill)
			put_name(line, span, text);
		return;
	}
	if (fill)
		kfrag_lesson_line_fill(line, span.from + 1, span.to, fill);
	snprintf(padded, sizeof(padded), fill && length ? " %s " : "%s", text);
	if (!kfrag_lesson_line_centre(line, span.from + 1, span.to, padded))
		put_name(line, (struct span){ span.from + 1, span.to },
			 fill && fill != glyphs->across ? text : "");
}

/* The node of that order over a block: split, the block itself, or none. */
static void put_node_over(struct kfrag_lesson_line *line,
			  const struct kfrag_lesson_run *run, unsigned order,
			  const struct kfrag_lesson_block *block,
			  const struct kfrag_lesson_glyphs *glyphs)
{
	uint64_t pfn = block->pfn >> order << order;
	struct span span = span_of(run, pfn, order);

	/* What would end beyond the memory has never been a block. */
	if (block->order > order ||
	    pfn + (UINT64_C(1) << order) > run->nr_pages)
		return;
	if (block->order < order)
		put_node(line, span, glyphs->across, "split", glyphs);
	else if (block->kind == KFRAG_LESSON_BLOCK_FREE)
		put_node(line, span, NULL, "free", glyphs);
	else
		put_node(line, span,
			 block->kind == KFRAG_LESSON_BLOCK_SLAB ? glyphs->slab :
								  glyphs->asked,
			 name_of(run, block), glyphs);
}

void kfrag_lesson_draw_tree(FILE *out, const struct kfrag_lesson_run *run,
			    struct kfrag_lesson_style style)
{
	const struct kfrag_lesson_glyphs *glyphs = kfrag_lesson_glyphs(style);
	unsigned lowest = run->max_order;
	char size[KFRAG_LESSON_SIZE_TEXT];
	struct kfrag_lesson_line line;

	for (size_t i = 0; i < run->nr_blocks; i++)
		if (run->blocks[i].order < lowest)
			lowest = run->blocks[i].order;
	fputs("TREE OF SPLITS\n", out);
	for (unsigned order = run->max_order + 1; order-- > lowest;) {
		if (is_narrow(run, order)) {
			fprintf(out,
				"%*s(smaller blocks are too narrow to "
				"draw)\n",
				KFRAG_LESSON_MARGIN, "");
			break;
		}
		kfrag_lesson_line_clear(&line);
		for (size_t i = 0; i < run->nr_blocks; i++)
			put_node_over(&line, run, order, &run->blocks[i],
				      glyphs);
		kfrag_lesson_short_size(kfrag_lesson_block_bytes(run, order),
					size);
		kfrag_lesson_line_write(out, size, &line);
	}
}
