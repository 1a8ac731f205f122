// SPDX-License-Identifier: MIT
/*
 * Both allocators' memory side by side. Below each map a table says how much
 * is of which colour, and so is the legend.
 */
#include "kfrag/plot_map.h"

#include "kfrag/arith.h"
#include "output/figures.h"
#include "output/map_panels.h"
#include "output/map_table.h"
#include "output/plot_text.h"

/* Two maps of 512 pixels. */
#define NATURAL ((struct kfrag_plot_size){ 1096, 720, 80, 24 })

/* Pixels above, below and beside the maps. */
#define HEAD 98
#define FOOT 106
#define GAP 24

/* Lines above and below the maps of text. */
#define TEXT_HEAD 3
#define TEXT_FOOT (KFRAG_NR_PAGE_KINDS + 1)

/* A cell is a pixel or more; more cells than these cannot be told apart. */
#define MAX_ORDER 8
#define MAX_TEXT_ORDER 6

static unsigned or_natural(unsigned wanted, unsigned natural)
{
	return wanted ? wanted : natural;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned less(unsigned a, unsigned b)
{
	return a > b ? a - b : 0;
}

/* The most pixels that a side of a map may have. */
static unsigned max_side(unsigned width, unsigned height)
{
	return least(less(width, 3 * GAP) / 2, less(height, HEAD + FOOT));
}

static unsigned order_within(unsigned side, unsigned max_order)
{
	return side ? least(kfrag_log2_floor(side), max_order) : 0;
}

struct kfrag_map_grid kfrag_plot_map_grid(const struct kfrag_plot_style *style)
{
	struct kfrag_plot_size natural = NATURAL;
	unsigned side;

	if (style->terminal == KFRAG_PLOT_TEXT) {
		unsigned width = or_natural(style->width, natural.columns);
		unsigned height = or_natural(style->height, natural.lines);

		side = least(less(width, 4) / 4,
			     less(height, TEXT_HEAD + TEXT_FOOT));
		return (struct kfrag_map_grid){
			KFRAG_MAP_WIDE,
			order_within(side, MAX_TEXT_ORDER),
		};
	}
	side = max_side(or_natural(style->width, natural.width),
			or_natural(style->height, natural.height));
	return (struct kfrag_map_grid){
		KFRAG_MAP_SQUARE,
		order_within(side, MAX_ORDER),
	};
}

size_t kfrag_map_grid_bins(struct kfrag_map_grid grid)
{
	return (size_t)(grid.shape == KFRAG_MAP_WIDE ? 2 : 1)
	       << 2 * grid.max_order;
}

static void put_captions(struct kfrag_plot_frame *frame,
			 const struct kfrag_report *report,
			 const struct kfrag_map_picture *picture)
{
	char memory[KFRAG_UNITS_SIZE], cell[128];

	kfrag_panels_cell_text(picture, report->page_size_bytes, cell,
			       sizeof(cell));
	kfrag_figure_round_bytes(report->memory_bytes, memory);
	kfrag_plot_caption(frame, 0, "%s of memory, settled; a %s is %s",
			   memory, frame->is_text ? "character" : "dot", cell);
	if (!frame->is_text)
		kfrag_plot_caption(frame, 1,
				   "Neighbours in memory are neighbours here "
				   "(Hilbert curve): the first page is upper "
				   "left, the last upper right");
}

static void draw_text(struct kfrag_panels *panels,
		      const struct kfrag_report *report,
		      const struct kfrag_map_picture *pictures)
{
	struct kfrag_plot_frame *frame = panels->frame;

	panels->step_x = frame->width / 2;
	panels->left = 1;
	panels->top = TEXT_HEAD;
	panels->scale = 1;
	for (unsigned i = 0; i < KFRAG_KERNEL; i++) {
		unsigned x = kfrag_panels_x(panels, i);

		kfrag_plot_text_put(
			frame, TEXT_HEAD - 1, x, "%s",
			kfrag_panels_allocator((enum kfrag_allocator)i));
		kfrag_panels_put_text(panels, i, 0, &pictures[i]);
		kfrag_map_table_text(panels, x, TEXT_HEAD + panels->height,
				     &pictures[i], report->page_size_bytes);
	}
	kfrag_plot_text_draw(frame);
}

static void draw(struct kfrag_panels *panels, const struct kfrag_report *report,
		 const struct kfrag_map_picture *pictures)
{
	struct kfrag_plot_frame *frame = panels->frame;
	unsigned side;

	panels->scale = kfrag_panels_scale(
		&pictures[0], max_side(frame->width, frame->height));
	side = panels->width * panels->scale;
	panels->step_x = side + GAP;
	if (panels->step_x < KFRAG_MAP_TABLE_WIDTH + GAP)
		panels->step_x = KFRAG_MAP_TABLE_WIDTH + GAP;
	panels->left = less(frame->width, panels->step_x + side) / 2;
	panels->top = HEAD;
	kfrag_panels_begin(panels);
	for (unsigned i = 0; i < KFRAG_KERNEL; i++) {
		enum kfrag_allocator allocator = (enum kfrag_allocator)i;
		unsigned x = kfrag_panels_x(panels, i);

		kfrag_panels_comment(panels, kfrag_panels_allocator(allocator),
				     &pictures[i]);
		kfrag_panels_data(panels, i, &pictures[i]);
		kfrag_panels_label(panels, x, HEAD - 12, "left", 11,
				   KFRAG_COLOUR_TEXT, "%s",
				   kfrag_panels_allocator(allocator));
		kfrag_map_table(panels, x, HEAD + side + 10, allocator,
				&pictures[i], report->page_size_bytes);
		kfrag_map_table_swatches(panels, x, HEAD + side + 10);
	}
	kfrag_panels_borders(panels, KFRAG_KERNEL, 1);
	kfrag_panels_draw(panels, KFRAG_KERNEL, 1);
}

enum kfrag_error kfrag_plot_write_map(FILE *out,
				      const struct kfrag_plot_page *page,
				      const struct kfrag_report *report,
				      const struct kfrag_map_picture *pictures)
{
	struct kfrag_plot_frame frame;
	struct kfrag_panels panels = {
		.frame = &frame,
		.width = pictures[0].width,
		.height = pictures[0].height,
	};

	kfrag_plot_begin(&frame, out, page, NATURAL);
	put_captions(&frame, report, &pictures[0]);
	if (frame.is_text)
		draw_text(&panels, report, pictures);
	else
		draw(&panels, report, pictures);
	return kfrag_plot_end(&frame);
}
