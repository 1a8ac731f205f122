// SPDX-License-Identifier: MIT
#include "output/map_panels.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "kfrag/arith.h"
#include "kfrag/units.h"
#include "output/figures.h"
#include "output/plot_text.h"

/* Labels and objects of the page itself have the numbers below. */
#define FIRST_NUMBER 1000

static const enum kfrag_plot_colour kind_colours[KFRAG_NR_PAGE_KINDS + 1] = {
	[KFRAG_PAGE_FREE] = KFRAG_COLOUR_FREE,
	[KFRAG_PAGE_LIVE] = KFRAG_COLOUR_LIVE,
	[KFRAG_PAGE_IDLE] = KFRAG_COLOUR_IDLE,
	[KFRAG_PAGE_TAIL] = KFRAG_COLOUR_TAIL,
	[KFRAG_NR_PAGE_KINDS] = KFRAG_COLOUR_GRID,
};

char kfrag_panels_mark(enum kfrag_page_kind kind)
{
	static const char marks[KFRAG_NR_PAGE_KINDS + 1] = {
		[KFRAG_PAGE_FREE] = '.',     [KFRAG_PAGE_LIVE] = '#',
		[KFRAG_PAGE_IDLE] = 'o',     [KFRAG_PAGE_TAIL] = '+',
		[KFRAG_NR_PAGE_KINDS] = ' ',
	};

	return marks[kind];
}

const char *kfrag_panels_allocator(enum kfrag_allocator allocator)
{
	return allocator == KFRAG_BUDDY ? "buddy only" : "buddy + slab";
}

void kfrag_panels_cell_text(const struct kfrag_map_picture *picture,
			    uint64_t page_size_bytes, char *text, size_t size)
{
	uint64_t pages = picture->pages_per_cell;
	char count[KFRAG_UNITS_SIZE], bytes[KFRAG_UNITS_SIZE];

	if (pages == 1)
		(void)snprintf(text, size, "a page of %s",
			       kfrag_figure_round_bytes(page_size_bytes,
							bytes));
	else
		(void)snprintf(text, size, "%s pages, %s",
			       kfrag_units_count(pages, count),
			       kfrag_figure_round_bytes(pages * page_size_bytes,
							bytes));
	if (kfrag_panels_has_rest(picture)) {
		size_t length = strlen(text);

		(void)snprintf(text + length, size - length,
			       "; grey is no memory");
	}
}

void kfrag_panels_explain(struct kfrag_plot_frame *frame, unsigned line,
			  const struct kfrag_report *report)
{
	const struct kfrag_total_row *buddy =
		kfrag_report_total(report, KFRAG_BUDDY, KFRAG_SETTLED);
	const struct kfrag_total_row *slab =
		kfrag_report_total(report, KFRAG_SLAB, KFRAG_SETTLED);
	char by_buddy[KFRAG_UNITS_SIZE], by_slab[KFRAG_UNITS_SIZE];

	if (buddy->failed_objs.value == 0 && slab->failed_objs.value == 0)
		kfrag_plot_caption(frame, line,
				   "Hilbert curve: neighbours stay neighbours; "
				   "first page upper left, last upper right");
	else
		kfrag_plot_caption(
			frame, line,
			"No place for %s objects of buddy only, for %s of "
			"buddy + slab",
			kfrag_units_count(buddy->failed_objs.value, by_buddy),
			kfrag_units_count(slab->failed_objs.value, by_slab));
}

bool kfrag_panels_has_rest(const struct kfrag_map_picture *picture)
{
	uint64_t nr_cells = (uint64_t)picture->width * picture->height;

	return nr_cells * picture->pages_per_cell >=
	       picture->nr_pages + picture->pages_per_cell;
}

unsigned kfrag_panels_x(const struct kfrag_panels *panels, unsigned column)
{
	return panels->left + column * panels->step_x;
}

unsigned kfrag_panels_y(const struct kfrag_panels *panels, unsigned row)
{
	return panels->top + row * panels->step_y;
}

unsigned kfrag_panels_scale(const struct kfrag_map_picture *picture,
			    unsigned max_side)
{
	unsigned cells = picture->height > picture->width ? picture->height :
							    picture->width;

	return max_side > cells ? max_side / cells : 1;
}

struct kfrag_plot_size
kfrag_panels_natural(const struct kfrag_plot_style *style,
		     struct kfrag_plot_size size)
{
	if (style->terminal == KFRAG_PLOT_SCRIPT) {
		size.width = 640;
		size.height = 480;
	}
	return size;
}

unsigned kfrag_panels_order(unsigned side, unsigned max_order)
{
	return side ? kfrag_panels_least(kfrag_log2_floor(side), max_order) : 0;
}

unsigned kfrag_panels_pixel_order(unsigned side, unsigned max_order)
{
	unsigned order = kfrag_panels_order(side, max_order);

	return order > 0 && side >> order == 1 && side >= 3u << (order - 1) ?
		       order - 1 :
		       order;
}

void kfrag_panels_begin(struct kfrag_panels *panels)
{
	struct kfrag_plot_frame *frame = panels->frame;

	/* Where the page's size is not ours to say, squares stay squares. */
	if (frame->page->style.terminal == KFRAG_PLOT_SCRIPT)
		kfrag_plot_format(frame, "set margins 0, 0, 0, 0\n"
					 "set size ratio -1\n");
	else
		kfrag_plot_format(frame, "set lmargin at screen 0; "
					 "set rmargin at screen 1\n"
					 "set bmargin at screen 0; "
					 "set tmargin at screen 1\n");
	kfrag_plot_format(frame,
			  "set xrange [0:%u]; set yrange [%u:0]\n"
			  "unset border; unset tics; unset key; unset grid; "
			  "unset colorbox\n"
			  "set cbrange [-0.5:%d.5]\n"
			  "set palette maxcolors %d\n"
			  "set palette defined (",
			  frame->width, frame->height, KFRAG_NR_PAGE_KINDS,
			  KFRAG_NR_PAGE_KINDS + 1);
	for (int k = 0; k <= KFRAG_NR_PAGE_KINDS; k++)
		kfrag_plot_format(frame, "%s%d '%s'", k > 0 ? ", " : "", k,
				  kfrag_plot_colour(frame, kind_colours[k]));
	kfrag_plot_format(frame, ")\n");
}

void kfrag_panels_label(struct kfrag_panels *panels, unsigned x, unsigned y,
			const char *side, unsigned font_size,
			enum kfrag_plot_colour colour, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	kfrag_plot_format(panels->frame,
			  "set label %u '%s' at first %u, %u %s front "
			  "noenhanced font ',%u' textcolor rgb '%s'\n",
			  FIRST_NUMBER + panels->nr_labels++, text, x, y, side,
			  font_size, kfrag_plot_colour(panels->frame, colour));
}

void kfrag_panels_swatch(struct kfrag_panels *panels, unsigned x, unsigned y,
			 enum kfrag_page_kind kind)
{
	struct kfrag_plot_frame *frame = panels->frame;

	kfrag_plot_format(
		frame,
		"set object rectangle from first %u, %u to first %u, %u "
		"front fillstyle solid border linecolor rgb '%s' "
		"fillcolor rgb '%s' linewidth 0.5\n",
		x, y, x + 11, y + 11,
		kfrag_plot_colour(frame, KFRAG_COLOUR_FAINT),
		kfrag_plot_colour(frame, kind_colours[kind]));
}

/*
 * How often each row and column is written. Viewers of SVG blur what they
 * enlarge, so that is done here; and gnuplot wants images of 2 by 2 at least.
 */
static unsigned repeat_of(const struct kfrag_panels *panels,
			  const struct kfrag_map_picture *picture,
			  unsigned scale)
{
	if (panels->frame->page->style.terminal == KFRAG_PLOT_SVG && scale > 1)
		return scale;
	return picture->width < 2 || picture->height < 2 ? 2 : 1;
}

static void put_data(struct kfrag_panels *panels, const char *name,
		     const struct kfrag_map_picture *picture, unsigned scale)
{
	struct kfrag_writer *writer = &panels->frame->writer;
	unsigned repeat = repeat_of(panels, picture, scale);

	kfrag_writer_format(writer, "$%s << EOD\n", name);
	for (unsigned row = 0; row < picture->height * repeat; row++) {
		const uint8_t *cells =
			picture->cells + row / repeat * picture->width;

		for (unsigned i = 0; i < picture->width * repeat; i++) {
			if (i > 0)
				kfrag_writer_char(writer, ' ');
			kfrag_writer_char(writer,
					  (char)('0' + cells[i / repeat]));
		}
		kfrag_writer_char(writer, '\n');
	}
	kfrag_writer_text(writer, "EOD\n");
}

void kfrag_panels_data(struct kfrag_panels *panels, unsigned number,
		       const struct kfrag_map_picture *picture)
{
	char name[16];

	(void)snprintf(name, sizeof(name), "map%u", number);
	put_data(panels, name, picture, panels->scale);
}

void kfrag_panels_border(struct kfrag_panels *panels, unsigned x, unsigned y,
			 unsigned width, unsigned height)
{
	kfrag_plot_format(panels->frame,
			  "set object rectangle from first %u, %u "
			  "to first %u, %u front fillstyle empty border "
			  "linecolor rgb '%s'\n",
			  x, y, x + width, y + height,
			  kfrag_plot_colour(panels->frame, KFRAG_COLOUR_FAINT));
}

void kfrag_panels_borders(struct kfrag_panels *panels, unsigned nr_columns,
			  unsigned nr_rows)
{
	for (unsigned i = 0; i < nr_columns * nr_rows; i++)
		kfrag_panels_border(panels,
				    kfrag_panels_x(panels, i % nr_columns),
				    kfrag_panels_y(panels, i / nr_columns),
				    panels->width * panels->scale,
				    panels->height * panels->scale);
}

/* What `plot` draws of a data block. */
static void put_image(struct kfrag_panels *panels, const char *name, unsigned x,
		      unsigned y, double step)
{
	kfrag_plot_format(panels->frame,
			  "$%s matrix using (%u + ($1 + 0.5) * %g):"
			  "(%u + ($2 + 0.5) * %g):3 with image notitle",
			  name, x, step, y, step);
}

void kfrag_panels_draw(struct kfrag_panels *panels, unsigned nr_columns,
		       unsigned nr_rows)
{
	const struct kfrag_panels_inset *inset = &panels->inset;
	const struct kfrag_map_picture like = { .width = panels->width,
						.height = panels->height };
	unsigned repeat = repeat_of(panels, &like, panels->scale);

	if (inset->picture)
		put_data(panels, "inset", inset->picture, inset->scale);
	kfrag_plot_format(panels->frame, "plot ");
	for (unsigned i = 0; i < nr_columns * nr_rows; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "map%u", i);
		if (i > 0)
			kfrag_plot_format(panels->frame, ", \\\n  ");
		put_image(panels, name, kfrag_panels_x(panels, i % nr_columns),
			  kfrag_panels_y(panels, i / nr_columns),
			  (double)panels->scale / repeat);
	}
	if (inset->picture) {
		repeat = repeat_of(panels, inset->picture, inset->scale);
		kfrag_plot_format(panels->frame, ", \\\n  ");
		put_image(panels, "inset", inset->x, inset->y,
			  (double)inset->scale / repeat);
	}
	kfrag_plot_format(panels->frame, "\n");
}

void kfrag_panels_put_text(struct kfrag_panels *panels, unsigned column,
			   unsigned row,
			   const struct kfrag_map_picture *picture)
{
	char text[2u << KFRAG_MAP_MAX_ORDER];

	for (unsigned y = 0; y < picture->height; y++) {
		const uint8_t *cells = picture->cells + y * picture->width;

		for (unsigned x = 0; x < picture->width; x++)
			text[x] = kfrag_panels_mark(
				(enum kfrag_page_kind)cells[x]);
		kfrag_plot_text_put(panels->frame,
				    kfrag_panels_y(panels, row) + y,
				    kfrag_panels_x(panels, column), "%.*s",
				    (int)picture->width, text);
	}
}

void kfrag_panels_comment(struct kfrag_panels *panels, const char *allocator,
			  const struct kfrag_map_picture *picture)
{
	kfrag_plot_format(panels->frame, "# %s, pages:", allocator);
	for (int k = 0; k < KFRAG_NR_PAGE_KINDS; k++)
		kfrag_plot_format(
			panels->frame, " %" PRIu64 " %s",
			picture->nr_pages_of[k],
			kfrag_page_kind_text((enum kfrag_page_kind)k));
	kfrag_plot_format(panels->frame, "; %" PRIu64 " per cell\n",
			  picture->pages_per_cell);
}
