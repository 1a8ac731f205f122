// SPDX-License-Identifier: MIT
/* A step of a lesson as a picture for slides. */
#include <inttypes.h>
#include <string.h>

#include "output/lesson_parts.h"
#include "output/scratch.h"
#include "output/stream.h"

/* Sizes in pixels. */
#define WIDTH 960
#define MARGIN 30
#define BAR_WIDTH (WIDTH - 2 * MARGIN)
#define BAR_HEIGHT 60
#define LINE_HEIGHT 22
#define SLOT_HEIGHT 28
/* Characters that fit into a line of words, and slabs into a picture. */
#define LINE_CHARS 110
#define MAX_SLABS 8
#define MAX_SLOTS 256 /* of a slab; the rest stays grey */

#define COLOUR_USED "#4a7ab5"
#define COLOUR_SLAB "#5a9e6f"
#define COLOUR_LOST "#d9d9d9"

struct picture {
	FILE *out;
	const struct kfrag_lesson_run *run;
	unsigned y; /* where the next part begins */
};

/* Text with what XML gives a meaning replaced; it is escaped as text.h says. */
static void put_escaped(FILE *out, const char *text, size_t nr_bytes)
{
	for (size_t i = 0; i < nr_bytes; i++) {
		if (text[i] == '&')
			fputs("&amp;", out);
		else if (text[i] == '<')
			fputs("&lt;", out);
		else if (text[i] == '>')
			fputs("&gt;", out);
		else
			fputc(text[i], out);
	}
}

static void put_text(FILE *out, unsigned x, unsigned y, const char *attributes,
		     const char *text, size_t nr_bytes)
{
	fprintf(out, "<text x=\"%u\" y=\"%u\"%s>", x, y, attributes);
	put_escaped(out, text, nr_bytes);
	fputs("</text>\n", out);
}

/* Lines that end at blanks. */
static void put_words(struct picture *picture, const char *words)
{
	size_t left = strlen(words), length;

	while (left > 0) {
		length = left;
		if (length > LINE_CHARS) {
			length = LINE_CHARS;
			while (length > 0 && words[length] != ' ')
				length--;
			if (length == 0)
				length = LINE_CHARS;
		}
		/* A character of several bytes stays whole. */
		while (length < left &&
		       ((unsigned char)words[length] & 0xc0) == 0x80)
			length++;
		put_text(picture->out, MARGIN, picture->y, "", words, length);
		picture->y += LINE_HEIGHT;
		words += length;
		left -= length;
		if (left > 0 && *words == ' ') {
			words++;
			left--;
		}
	}
}

/* -------------------------------------------------------------- the memory */

static unsigned x_of(const struct picture *picture, uint64_t pfn)
{
	return MARGIN + (unsigned)(pfn * BAR_WIDTH / picture->run->nr_pages);
}

static void put_rect(FILE *out, unsigned x, unsigned y, unsigned width,
		     unsigned height, const char *colour)
{
	fprintf(out,
		"<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" "
		"fill=\"%s\" stroke=\"#333\"/>\n",
		x, y, width, height, colour);
}

static void put_block(const struct picture *picture,
		      const struct kfrag_lesson_block *block)
{
	uint64_t pages = UINT64_C(1) << block->order;
	uint64_t all = kfrag_lesson_block_bytes(picture->run, block->order);
	unsigned x = x_of(picture, block->pfn);
	unsigned width = x_of(picture, block->pfn + pages) - x;
	bool is_free = block->kind == KFRAG_LESSON_BLOCK_FREE;
	char size[KFRAG_LESSON_SIZE_TEXT];
	const char *label = kfrag_lesson_short_size(all, size);

	/* Thousands of blocks share a pixel. */
	if (width == 0)
		return;
	put_rect(picture->out, x, picture->y, width, BAR_HEIGHT,
		 is_free ? "#ffffff" : COLOUR_LOST);
	if (!is_free) {
		put_rect(picture->out, x, picture->y,
			 (unsigned)(block->bytes * width / all), BAR_HEIGHT,
			 block->kind == KFRAG_LESSON_BLOCK_SLAB ? COLOUR_SLAB :
								  COLOUR_USED);
		label = picture->run->lesson->names[block->name].text;
	}
	if (strlen(label) * 9 <= width)
		put_text(picture->out, x + width / 2,
			 picture->y + BAR_HEIGHT / 2 + 5,
			 is_free ?
				 " text-anchor=\"middle\"" :
				 " text-anchor=\"middle\" font-weight=\"bold\"",
			 label, strlen(label));
}

static void put_places(const struct picture *picture)
{
	const struct kfrag_lesson_run *run = picture->run;
	char place[KFRAG_LESSON_SIZE_TEXT];
	unsigned next = 0;

	for (size_t i = 0; i < run->nr_blocks; i++) {
		unsigned x = x_of(picture, run->blocks[i].pfn);

		kfrag_lesson_short_size(run->blocks[i].pfn * run->page_bytes,
					place);
		if (x < next || x + strlen(place) * 9 + 30 > WIDTH - MARGIN)
			continue;
		put_text(picture->out, x, picture->y + BAR_HEIGHT + 18, "",
			 place, strlen(place));
		next = x + (unsigned)strlen(place) * 9 + 9;
	}
	kfrag_lesson_short_size(run->nr_pages * run->page_bytes, place);
	put_text(picture->out, WIDTH - MARGIN, picture->y + BAR_HEIGHT + 18,
		 " text-anchor=\"end\"", place, strlen(place));
}

static void put_memory(struct picture *picture)
{
	for (size_t i = 0; i < picture->run->nr_blocks; i++)
		put_block(picture, &picture->run->blocks[i]);
	put_places(picture);
	picture->y += BAR_HEIGHT + 2 * LINE_HEIGHT + 10;
}

/* ---------------------------------------------------------- the free lists */

static void put_free_lists(struct picture *picture)
{
	const struct kfrag_lesson_run *run = picture->run;
	char line[128], size[KFRAG_LESSON_SIZE_TEXT];
	unsigned columns = run->max_order + 1;

	for (unsigned order = 0; order <= run->max_order; order++) {
		unsigned x = MARGIN + order * (BAR_WIDTH / columns);

		kfrag_lesson_short_size(kfrag_lesson_block_bytes(run, order),
					size);
		put_text(picture->out, x, picture->y, " fill=\"#666\"", size,
			 strlen(size));
		snprintf(line, sizeof(line), "%" PRIu64 " free",
			 kfrag_buddy_nr_free(run->buddy, order));
		put_text(picture->out, x, picture->y + LINE_HEIGHT, "", line,
			 strlen(line));
	}
	picture->y += 3 * LINE_HEIGHT;
}

/* --------------------------------------------------------------- the slabs */

static void put_slab(struct picture *picture,
		     const struct kfrag_lesson_block *block)
{
	const struct kfrag_lesson_thing *thing =
		&picture->run->things[block->name];
	uint64_t all = kfrag_lesson_block_bytes(picture->run, block->order);
	const char *name = picture->run->lesson->names[block->name].text;

	put_text(picture->out, MARGIN, picture->y + 19, "", name, strlen(name));
	put_rect(picture->out, MARGIN + 220, picture->y, BAR_WIDTH - 220,
		 SLOT_HEIGHT, COLOUR_LOST);
	for (uint32_t slot = 0; slot < thing->objs_per_slab && slot < MAX_SLOTS;
	     slot++) {
		unsigned from = (unsigned)(slot * thing->bytes *
					   (BAR_WIDTH - 220) / all);
		unsigned to = (unsigned)((slot + 1) * thing->bytes *
					 (BAR_WIDTH - 220) / all);
		uint64_t mask = kfrag_slab_live_mask(picture->run->slab,
						     block->pfn, slot / 64);

		put_rect(picture->out, MARGIN + 220 + from, picture->y,
			 to - from, SLOT_HEIGHT,
			 mask >> (slot % 64) & 1 ? COLOUR_SLAB : "#ffffff");
	}
	picture->y += SLOT_HEIGHT + 8;
}

static unsigned nr_drawn_slabs(const struct kfrag_lesson_run *run)
{
	unsigned nr_slabs = 0;

	for (size_t i = 0; i < run->nr_blocks && nr_slabs < MAX_SLABS; i++)
		nr_slabs += run->blocks[i].kind == KFRAG_LESSON_BLOCK_SLAB;
	return nr_slabs;
}

static void put_slabs(struct picture *picture)
{
	unsigned nr_left = nr_drawn_slabs(picture->run);

	for (size_t i = 0; nr_left > 0; i++) {
		if (picture->run->blocks[i].kind != KFRAG_LESSON_BLOCK_SLAB)
			continue;
		put_slab(picture, &picture->run->blocks[i]);
		nr_left--;
	}
}

/* ------------------------------------------------------------- the picture */

/* More than enough, so that nothing has to be measured first. */
static unsigned height_of(const struct kfrag_lesson_run *run, size_t nr_chars)
{
	return 4 * MARGIN + BAR_HEIGHT + 7 * LINE_HEIGHT +
	       ((unsigned)nr_chars / (LINE_CHARS / 2) + 1) * LINE_HEIGHT +
	       nr_drawn_slabs(run) * (SLOT_HEIGHT + 8);
}

static void put_picture(FILE *out, const struct kfrag_lesson_run *run,
			const char *title, const char *words)
{
	struct picture picture = { .out = out,
				   .run = run,
				   .y = MARGIN + LINE_HEIGHT };
	unsigned height = height_of(run, strlen(words));

	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
		"height=\"%u\" viewBox=\"0 0 %d %u\" "
		"font-family=\"sans-serif\" font-size=\"16\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
		WIDTH, height, WIDTH, height);
	put_text(out, MARGIN, picture.y,
		 " font-size=\"22\" font-weight=\"bold\"", title,
		 strlen(title));
	picture.y += LINE_HEIGHT;
	put_memory(&picture);
	put_free_lists(&picture);
	put_slabs(&picture);
	picture.y += LINE_HEIGHT;
	put_words(&picture, words);
	fputs("</svg>\n", out);
}

enum kfrag_error kfrag_lesson_write_svg(FILE *out,
					const struct kfrag_lesson_run *run)
{
	const struct kfrag_lesson_step *step = kfrag_lesson_run_last(run);
	bool is_text = step->verb >= KFRAG_LESSON_SAY;
	struct kfrag_scratch title = { 0 }, text = { 0 };
	char words[KFRAG_LESSON_WORDS_SIZE];
	const char *shown_title = "", *shown_text;

	shown_text = is_text ? kfrag_scratch_escape(&text, step->text.text,
						    step->text.nr_bytes) :
			       kfrag_lesson_words(run, words);
	if (!is_text && step->line > 0)
		shown_title = kfrag_scratch_escape(&title, step->source.text,
						   step->source.nr_bytes);
	if (shown_title && shown_text)
		put_picture(out, run, shown_title, shown_text);
	kfrag_scratch_release(&title);
	kfrag_scratch_release(&text);
	if (!shown_title || !shown_text)
		return KFRAG_ENOMEM;
	return kfrag_stream_end(out);
}
