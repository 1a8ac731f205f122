// SPDX-License-Identifier: MIT
#include "output/plot_frame.h"

#include <assert.h>
#include <string.h>

/* In the widths of a character, of which most take less than a whole one. */
#define BOX_CHARS 2
#define GAP_CHARS 3
#define PIXELS_PER_CHAR 9
#define PIXELS_PER_NARROW_CHAR 7

/* Where an item stands: lines from the top, widths from the left. */
struct place {
	unsigned line;
	unsigned column;
};

static bool has_narrow_chars(const struct kfrag_plot_frame *frame)
{
	return frame->page->style.terminal == KFRAG_PLOT_SVG ||
	       frame->page->style.terminal == KFRAG_PLOT_SCRIPT;
}

static unsigned item_chars(struct kfrag_plot_frame *frame,
			   const struct kfrag_plot_legend_item *item)
{
	unsigned chars = kfrag_plot_width(frame, item->text, item->bytes,
					  KFRAG_PLOT_NAME_CHARS + 10);

	/* Some terminals have narrower ones, and of a script's none knows. */
	return BOX_CHARS + 1 + chars * (has_narrow_chars(frame) ? 12 : 9) / 10 +
	       GAP_CHARS;
}

/* Behind the item, or at the start of the next line. */
static void move_on(struct kfrag_plot_frame *frame, struct place *place,
		    const struct kfrag_plot_legend_item *item)
{
	unsigned chars = item_chars(frame, item);
	unsigned width = frame->width / (has_narrow_chars(frame) ?
						 PIXELS_PER_NARROW_CHAR :
						 PIXELS_PER_CHAR);

	if (place->column > 2 && place->column + chars > width) {
		place->line++;
		place->column = 2;
	}
}

unsigned kfrag_plot_legend(struct kfrag_plot_frame *frame,
			   const struct kfrag_plot_legend_item *items,
			   size_t nr_items)
{
	struct place last = { 0, 2 }, place = { 0, 2 };

	for (size_t i = 0; i < nr_items; i++) {
		move_on(frame, &last, &items[i]);
		last.column += item_chars(frame, &items[i]);
	}
	for (size_t i = 0; i < nr_items; i++) {
		unsigned bottom;

		move_on(frame, &place, &items[i]);
		/* In tenths of a line, from below. */
		bottom = 20 + (last.line - place.line) * 14;
		kfrag_plot_format(frame,
				  "set object rectangle from character %u, "
				  "%u.%u to character %u, %u.%u front noclip "
				  "fillcolor rgb '%s' fillstyle solid border "
				  "linecolor rgb '%s'\n",
				  place.column, bottom / 10, bottom % 10,
				  place.column + BOX_CHARS, (bottom + 8) / 10,
				  (bottom + 8) % 10, items[i].colour,
				  kfrag_plot_colour(frame, KFRAG_COLOUR_TEXT));
		kfrag_plot_label(frame, items[i].text, items[i].bytes,
				 KFRAG_PLOT_NAME_CHARS + 10, KFRAG_COLOUR_TEXT,
				 "at character %u, %u.%u left",
				 place.column + BOX_CHARS + 1,
				 (bottom + 4) / 10, (bottom + 4) % 10);
		place.column += item_chars(frame, &items[i]);
	}
	return last.line + 1;
}

void kfrag_plot_bottom(struct kfrag_plot_frame *frame, unsigned legend_lines)
{
	unsigned tenths = 50 + legend_lines * 14;

	kfrag_plot_format(frame, "set bmargin %u.%u\n", tenths / 10,
			  tenths % 10);
}

void kfrag_plot_put_legend(struct kfrag_plot_frame *frame,
			   const struct kfrag_plot_word *words, size_t nr_words)
{
	struct kfrag_plot_legend_item items[KFRAG_PLOT_MAX_WORDS];

	assert(nr_words <= KFRAG_PLOT_MAX_WORDS);
	for (size_t i = 0; i < nr_words; i++)
		items[i] = (struct kfrag_plot_legend_item){
			.text = words[i].text,
			.bytes = strlen(words[i].text),
			.colour = kfrag_plot_colour(frame, words[i].colour),
		};
	kfrag_plot_bottom(frame, kfrag_plot_legend(frame, items, nr_words));
}
