// SPDX-License-Identifier: MIT
/*
 * Both allocators' memory side by side. Below each map a table says how much
 * is of which colour, and so is the legend.
 */
#include "kfrag/plot_map.h"

#include <string.h>

#include "output/figures.h"
#include "output/map_pair.h"
#include "output/map_table.h"
#include "output/plot_text.h"

/* Two maps of 512 pixels. */
#define WIDTH KFRAG_MAP_PAIR_WIDTH(512)
#define HEIGHT KFRAG_MAP_PAIR_HEIGHT(512)
#define TEXT_WIDTH 80
#define TEXT_HEIGHT 24

/* Lines above and below the maps of text. */
#define TEXT_HEAD 3
#define TEXT_FOOT (KFRAG_NR_PAGE_KINDS + 1)

#define MIN_TEXT_WIDTH 52
#define MIN_TEXT_HEIGHT (TEXT_HEAD + 4 + TEXT_FOOT)

/* More cells than these cannot be told apart. */
#define MAX_ORDER 8
#define MAX_TEXT_ORDER 6

static struct kfrag_plot_size natural_size(const struct kfrag_plot_style *style)
{
	return kfrag_panels_natural(
		style, (struct kfrag_plot_size){ WIDTH, HEIGHT, TEXT_WIDTH,
						 TEXT_HEIGHT });
}

struct kfrag_map_grid kfrag_plot_map_grid(const struct kfrag_plot_style *style)
{
	struct kfrag_plot_size natural = natural_size(style);
	unsigned side;

	if (style->terminal == KFRAG_PLOT_TEXT) {
		unsigned width =
			kfrag_panels_size(style->width, natural.columns);
		unsigned height =
			kfrag_panels_size(style->height, natural.lines);

		side = kfrag_panels_least(
			kfrag_panels_less(width, 4) / 4,
			kfrag_panels_less(height, TEXT_HEAD + TEXT_FOOT));
		return (struct kfrag_map_grid){
			KFRAG_MAP_WIDE,
			kfrag_panels_order(side, MAX_TEXT_ORDER),
			0,
			MIN_TEXT_WIDTH,
			MIN_TEXT_HEIGHT,
		};
	}
	side = kfrag_map_pair_side(
		kfrag_panels_size(style->width, natural.width),
		kfrag_panels_size(style->height, natural.height));
	return (struct kfrag_map_grid){
		KFRAG_MAP_SQUARE,
		kfrag_panels_pixel_order(side, MAX_ORDER),
		kfrag_map_pair_inset_order(side, MAX_ORDER),
		KFRAG_MAP_PAIR_MIN_WIDTH,
		KFRAG_MAP_PAIR_MIN_HEIGHT,
	};
}

size_t kfrag_map_grid_bins(struct kfrag_map_grid grid)
{
	unsigned order = grid.max_order;

	/* A close-up halves the whole twice, or more. */
	if (grid.close_up_order > 0 && order < grid.close_up_order + 2)
		order = grid.close_up_order + 2;
	return (size_t)(grid.shape == KFRAG_MAP_WIDE ? 2 : 1) << 2 * order;
}

static void put_captions(struct kfrag_plot_frame *frame,
			 const struct kfrag_report *report,
			 const struct kfrag_map_picture *picture)
{
	char memory[KFRAG_UNITS_SIZE], cell[128];

	kfrag_figure_round_bytes(report->memory_bytes, memory);
	if (frame->is_text) {
		kfrag_figure_round_bytes(picture->pages_per_cell *
						 report->page_size_bytes,
					 cell);
		kfrag_plot_caption(frame, 0,
				   "%s of memory, settled; a character is %s",
				   memory, cell);
		return;
	}
	kfrag_panels_cell_text(picture, report->page_size_bytes, cell,
			       sizeof(cell));
	kfrag_plot_caption(frame, 0, "%s of memory, settled; a dot is %s",
			   memory, cell);
	kfrag_panels_explain(frame, 1, report);
}

/* "buddy only: 24,601 free blocks" */
static void make_heading(const struct kfrag_report *report,
			 enum kfrag_allocator allocator,
			 struct kfrag_map_heading *heading)
{
	const struct kfrag_total_row *total =
		kfrag_report_total(report, allocator, KFRAG_SETTLED);
	char blocks[KFRAG_UNITS_SIZE];

	(void)snprintf(heading->text, sizeof(heading->text),
		       "%s: %s free block%s", kfrag_panels_allocator(allocator),
		       kfrag_units_count(total->free_blocks.value, blocks),
		       total->free_blocks.value == 1 ? "" : "s");
}

static void draw_text(struct kfrag_plot_frame *frame,
		      const struct kfrag_report *report,
		      const struct kfrag_map_picture *pictures)
{
	struct kfrag_panels panels = {
		.frame = frame,
		.width = pictures[0].width,
		.height = pictures[0].height,
		.scale = 1,
		.left = 1,
		.top = TEXT_HEAD,
		.step_x = frame->width / 2,
	};

	for (unsigned i = 0; i < KFRAG_KERNEL; i++) {
		unsigned x = kfrag_panels_x(&panels, i);
		struct kfrag_map_heading heading;

		make_heading(report, (enum kfrag_allocator)i, &heading);
		/* On narrow pages without the figure. */
		kfrag_plot_text_put(frame, TEXT_HEAD - 1, x, "%s",
				    strlen(heading.text) < panels.step_x ?
					    heading.text :
					    kfrag_panels_allocator(
						    (enum kfrag_allocator)i));
		kfrag_panels_put_text(&panels, i, 0, &pictures[i]);
		kfrag_map_table_text(&panels, x, TEXT_HEAD + panels.height,
				     &pictures[i], report->page_size_bytes);
	}
	kfrag_plot_text_draw(frame);
}

static void draw(struct kfrag_plot_frame *frame,
		 const struct kfrag_report *report,
		 const struct kfrag_plot_maps *maps)
{
	struct kfrag_map_heading headings[KFRAG_KERNEL];
	struct kfrag_panels panels;

	for (unsigned i = 0; i < KFRAG_KERNEL; i++)
		make_heading(report, (enum kfrag_allocator)i, &headings[i]);
	kfrag_map_pair_begin(&panels, frame, maps->pictures);
	if (maps->close_up.cells)
		kfrag_map_pair_inset(&panels, report, &maps->close_up,
				     maps->halvings);
	kfrag_map_pair_draw(&panels, report, maps->pictures, headings, "");
}

enum kfrag_error kfrag_plot_write_map(FILE *out,
				      const struct kfrag_plot_page *page,
				      const struct kfrag_report *report,
				      const struct kfrag_plot_maps *maps)
{
	struct kfrag_plot_frame frame;

	kfrag_plot_begin(&frame, out, page, natural_size(&page->style));
	put_captions(&frame, report, &maps->pictures[0]);
	if (frame.is_text)
		draw_text(&frame, report, maps->pictures);
	else
		draw(&frame, report, maps);
	return kfrag_plot_end(&frame);
}
