// SPDX-License-Identifier: MIT
/* The table of free lists, and the bitmap of pairs of buddies. */
#include <inttypes.h>
#include <string.h>

#include "output/lesson_bar.h"

/* Characters of a line that name blocks; the rest are counted. */
#define PLACES_WIDTH 36

static void write_free_blocks(FILE *out, const struct kfrag_lesson_run *run,
			      unsigned order)
{
	uint64_t nr_free = kfrag_buddy_nr_free(run->buddy, order);
	char place[KFRAG_LESSON_SIZE_TEXT];
	uint64_t from = 0, pfn, nr_named = 0;
	size_t width = 0;

	while (width < PLACES_WIDTH &&
	       kfrag_buddy_next_free(run->buddy, order, from, &pfn)) {
		kfrag_lesson_short_size(pfn * run->page_bytes, place);
		fprintf(out, "%s%s", nr_named ? ", " : "  ", place);
		width += strlen(place) + 2;
		nr_named++;
		from = pfn + 1;
	}
	if (nr_free > nr_named)
		fprintf(out, ", and %" PRIu64 " more", nr_free - nr_named);
	if (nr_free == 0)
		fputs("  -", out);
	fputc('\n', out);
}

void kfrag_lesson_draw_freelist(FILE *out, const struct kfrag_lesson_run *run)
{
	char size[KFRAG_LESSON_SIZE_TEXT];

	fputs("FREE LISTS\n"
	      "   ORDER   BLOCK  BLOCKS  AT\n",
	      out);
	for (unsigned order = run->max_order + 1; order-- > 0;) {
		kfrag_lesson_short_size(kfrag_lesson_block_bytes(run, order),
					size);
		fprintf(out, "%8u%8s%8" PRIu64, order, size,
			kfrag_buddy_nr_free(run->buddy, order));
		write_free_blocks(out, run, order);
	}
}

/* -------------------------------------------------------------- the bitmap */

/* A column for each bit, under the first page of its pair. */
static void write_bits(FILE *out, const struct kfrag_lesson_run *run,
		       unsigned order, const char *label)
{
	uint64_t nr_pairs = kfrag_lesson_nr_pairs(run, order), nr_set = 0;
	bool fits = kfrag_lesson_column(run, UINT64_C(2) << order) > 0;
	struct kfrag_lesson_line line;

	kfrag_lesson_line_clear(&line);
	for (uint64_t i = 0; i < nr_pairs; i++) {
		bool bit = kfrag_lesson_pair_bit(run, order, i);

		nr_set += bit;
		if (fits)
			kfrag_lesson_line_put(
				&line,
				kfrag_lesson_column(run, i << (order + 1)),
				bit ? "1" : "0");
	}
	if (fits)
		kfrag_lesson_line_write(out, label, &line);
	else
		fprintf(out, "%-*s%" PRIu64 " bits, %" PRIu64 " of them 1\n",
			KFRAG_LESSON_MARGIN, label, nr_pairs, nr_set);
}

static void write_mark(FILE *out, const struct kfrag_lesson_run *run,
		       const struct kfrag_lesson_pair *pair)
{
	struct kfrag_lesson_line line;

	kfrag_lesson_line_clear(&line);
	kfrag_lesson_line_put(
		&line,
		kfrag_lesson_column(run, pair->index << (pair->order + 1)),
		"^");
	kfrag_lesson_line_write(out, "", &line);
}

const char *kfrag_lesson_pair_line(const struct kfrag_lesson_run *run,
				   const struct kfrag_lesson_pair *pair,
				   unsigned i,
				   char line[KFRAG_LESSON_BITMAP_LINE])
{
	char place[KFRAG_LESSON_SIZE_TEXT];
	uint64_t buddy = pair->block ^ 1;

	if (i == 0)
		snprintf(line, KFRAG_LESSON_BITMAP_LINE,
			 "last pair: block %" PRIu64 " = page %" PRIu64
			 " / %" PRIu64 " is %s;",
			 pair->block, pair->block << pair->order,
			 UINT64_C(1) << pair->order,
			 pair->block % 2 ? "odd" : "even");
	else if (i == 1)
		snprintf(line, KFRAG_LESSON_BITMAP_LINE,
			 "its buddy is %" PRIu64 " xor 1 = %" PRIu64 ", at %s;",
			 pair->block, buddy,
			 kfrag_lesson_short_size((buddy << pair->order) *
							 run->page_bytes,
						 place));
	else
		snprintf(line, KFRAG_LESSON_BITMAP_LINE,
			 "bit %" PRIu64 " = %" PRIu64
			 " / 2 of order %u is theirs: %d",
			 pair->index, pair->block, pair->order,
			 kfrag_lesson_pair_bit(run, pair->order, pair->index));
	return line;
}

const char *kfrag_lesson_cost_line(const struct kfrag_lesson_run *run,
				   unsigned i,
				   char line[KFRAG_LESSON_BITMAP_LINE])
{
	uint64_t nr_pair_bits = 0, nr_block_bits = 0;

	if (i > 0) {
		snprintf(line, KFRAG_LESSON_BITMAP_LINE,
			 "(this program: a bit a page, sets of words with free "
			 "blocks: %" PRIu64 ")",
			 8 * kfrag_buddy_bitmap_bytes_for(run->nr_pages,
							  run->max_order));
		return line;
	}
	for (unsigned order = 0; order <= run->max_order; order++) {
		nr_pair_bits += kfrag_lesson_nr_pairs(run, order);
		nr_block_bits += run->nr_pages >> order;
	}
	snprintf(line, KFRAG_LESSON_BITMAP_LINE,
		 "%" PRIu64 " bits for %" PRIu64
		 " pages; a bit a block of every order: %" PRIu64,
		 nr_pair_bits, run->nr_pages, nr_block_bits);
	return line;
}

void kfrag_lesson_draw_bitmap(FILE *out, const struct kfrag_lesson_run *run)
{
	struct kfrag_lesson_pair pair;
	bool has_pair = kfrag_lesson_last_pair(run, &pair);
	char line[KFRAG_LESSON_BITMAP_LINE];
	char label[KFRAG_LESSON_SIZE_TEXT];

	fputs("BITMAP  a bit a pair of buddies: 1, just one of both is a free "
	      "block\n",
	      out);
	for (unsigned order = run->max_order; order-- > 0;) {
		snprintf(label, sizeof(label),
			 order < 10 ? "order %u" : "order%u", order);
		write_bits(out, run, order, label);
		if (has_pair && pair.order == order &&
		    kfrag_lesson_column(run, UINT64_C(2) << order) > 0)
			write_mark(out, run, &pair);
	}
	for (unsigned i = 0; has_pair && i < KFRAG_LESSON_PAIR_LINES; i++)
		fprintf(out, "%c %s\n", i == 0 ? '^' : ' ',
			kfrag_lesson_pair_line(run, &pair, i, line));
	for (unsigned i = 0; i < KFRAG_LESSON_COST_LINES; i++)
		fprintf(out, "%-*s%s\n", KFRAG_LESSON_MARGIN,
			i == 0 ? "COST" : "",
			kfrag_lesson_cost_line(run, i, line));
}
