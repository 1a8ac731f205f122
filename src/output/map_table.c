// SPDX-License-Identifier: MIT
#include "output/map_table.h"

#include "kfrag/units.h"
#include "output/plot_text.h"

#define FONT_SIZE 9

/* Where the columns end, in pixels: of wide tables and of narrow ones. */
struct columns {
	unsigned pages; /* 0: none */
	unsigned bytes;
	unsigned share;
};

static const struct columns wide = { 212, 282, 340 };
static const struct columns narrow = { 0, 198, 256 };

/* Characters of a wide table of text. */
#define TEXT_WIDTH 38

/* Gaps around and between two tables. */
#define GAPS 72

static const struct columns *columns_of(const struct kfrag_plot_frame *frame)
{
	return frame->width < 2 * wide.share + GAPS ? &narrow : &wide;
}

unsigned kfrag_map_table_width(const struct kfrag_plot_frame *frame)
{
	return columns_of(frame)->share;
}

/* From the most to the least useful. */
static const enum kfrag_page_kind kinds[KFRAG_NR_PAGE_KINDS] = {
	KFRAG_PAGE_LIVE,
	KFRAG_PAGE_IDLE,
	KFRAG_PAGE_TAIL,
	KFRAG_PAGE_FREE,
};

static const char *kind_name(enum kfrag_page_kind kind,
			     enum kfrag_allocator allocator)
{
	switch (kind) {
	case KFRAG_PAGE_LIVE:
		return "live objects";
	case KFRAG_PAGE_IDLE:
		return "only idle slots";
	case KFRAG_PAGE_TAIL:
		return allocator == KFRAG_BUDDY ? "only rounding" :
						  "only slab tail";
	default:
		return "free";
	}
}

/* Figures of one line, as text. */
struct figures {
	char pages[KFRAG_UNITS_SIZE];
	char bytes[KFRAG_UNITS_SIZE];
	char share[KFRAG_UNITS_SIZE];
};

static void make_figures(struct figures *figures,
			 const struct kfrag_map_picture *picture,
			 enum kfrag_page_kind kind, uint64_t page_size_bytes)
{
	uint64_t pages = picture->nr_pages_of[kind];

	kfrag_units_count(pages, figures->pages);
	kfrag_units_bytes(pages * page_size_bytes, figures->bytes);
	kfrag_units_percent(pages, picture->nr_pages, figures->share);
}

void kfrag_map_table(struct kfrag_panels *panels, unsigned x, unsigned y,
		     enum kfrag_allocator allocator,
		     const struct kfrag_map_picture *picture,
		     uint64_t page_size_bytes)
{
	const struct columns *columns = columns_of(panels->frame);

	for (unsigned i = 0; i < KFRAG_NR_PAGE_KINDS; i++) {
		unsigned middle = y + i * KFRAG_MAP_TABLE_LINE + 6;
		struct figures figures;

		make_figures(&figures, picture, kinds[i], page_size_bytes);
		kfrag_panels_label(panels, x + 18, middle, "left", FONT_SIZE,
				   KFRAG_COLOUR_TEXT, "%s",
				   kind_name(kinds[i], allocator));
		if (columns->pages)
			kfrag_panels_label(panels, x + columns->pages, middle,
					   "right", FONT_SIZE,
					   KFRAG_COLOUR_TEXT, "%s pages",
					   figures.pages);
		kfrag_panels_label(panels, x + columns->bytes, middle, "right",
				   FONT_SIZE, KFRAG_COLOUR_TEXT, "%s",
				   figures.bytes);
		kfrag_panels_label(panels, x + columns->share, middle, "right",
				   FONT_SIZE, KFRAG_COLOUR_TEXT, "%s",
				   figures.share);
	}
}

void kfrag_map_table_swatches(struct kfrag_panels *panels, unsigned x,
			      unsigned y)
{
	for (unsigned i = 0; i < KFRAG_NR_PAGE_KINDS; i++)
		kfrag_panels_swatch(panels, x, y + i * KFRAG_MAP_TABLE_LINE,
				    kinds[i]);
}

void kfrag_map_table_text(struct kfrag_panels *panels, unsigned column,
			  unsigned line,
			  const struct kfrag_map_picture *picture,
			  uint64_t page_size_bytes)
{
	bool is_wide = panels->frame->width >= 2 * TEXT_WIDTH + 3;

	for (unsigned i = 0; i < KFRAG_NR_PAGE_KINDS; i++) {
		struct figures figures;

		make_figures(&figures, picture, kinds[i], page_size_bytes);
		kfrag_plot_text_put(panels->frame, line + i, column,
				    "%c %s%*s %9s %7s",
				    kfrag_panels_mark(kinds[i]),
				    kfrag_page_kind_text(kinds[i]),
				    is_wide ? 14 : 0,
				    is_wide ? figures.pages : "", figures.bytes,
				    figures.share);
	}
}
