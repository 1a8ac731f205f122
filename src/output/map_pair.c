// SPDX-License-Identifier: MIT
#include "output/map_pair.h"

#include "output/figures.h"
#include "output/map_table.h"

/* Pixels above, below and beside the maps. */
#define HEAD 98
#define FOOT 110
#define GAP 24

unsigned kfrag_map_pair_side(unsigned width, unsigned height)
{
	return kfrag_panels_least(kfrag_panels_less(width, 3 * GAP) / 2,
				  kfrag_panels_less(height, HEAD + FOOT));
}

static unsigned table_y(const struct kfrag_panels *panels)
{
	return HEAD + panels->height * panels->scale + 12;
}

void kfrag_map_pair_begin(struct kfrag_panels *panels,
			  struct kfrag_plot_frame *frame,
			  const struct kfrag_map_picture *pictures)
{
	unsigned max_side = kfrag_map_pair_side(frame->width, frame->height);
	unsigned table = kfrag_map_table_width(frame);
	unsigned side;

	*panels = (struct kfrag_panels){
		.frame = frame,
		.width = pictures[0].width,
		.height = pictures[0].height,
		.scale = kfrag_panels_scale(&pictures[0], max_side),
		.top = HEAD,
	};
	side = panels->width * panels->scale;
	if (side < table)
		side = table;
	panels->step_x = side + GAP;
	panels->left =
		kfrag_panels_less(frame->width, panels->step_x + side) / 2;
	kfrag_panels_begin(panels);
	for (unsigned i = 0; i < KFRAG_KERNEL; i++)
		kfrag_map_table_swatches(panels, kfrag_panels_x(panels, i),
					 table_y(panels));
	kfrag_panels_borders(panels, KFRAG_KERNEL, 1);
}

/* What an inset may have of the side of the map that it is in. */
static unsigned inset_side(unsigned side)
{
	return side * 2 / 3;
}

unsigned kfrag_map_pair_inset_order(unsigned side, unsigned max_order)
{
	return kfrag_panels_pixel_order(inset_side(side), max_order);
}

void kfrag_map_pair_inset(struct kfrag_panels *panels,
			  const struct kfrag_report *report,
			  const struct kfrag_map_picture *close_up,
			  unsigned halvings)
{
	unsigned side = panels->width * panels->scale;
	unsigned scale = kfrag_panels_scale(close_up, inset_side(side));
	unsigned size = close_up->width * scale;
	unsigned map_x = kfrag_panels_x(panels, KFRAG_SLAB);
	unsigned x = map_x + side - size - GAP / 2;
	unsigned y = panels->top + side - size - GAP / 2;
	char bytes[KFRAG_UNITS_SIZE];

	panels->inset = (struct kfrag_panels_inset){ close_up, x, y, scale };
	kfrag_panels_border(panels, map_x, panels->top, side >> halvings,
			    side >> halvings);
	kfrag_panels_border(panels, x, y, size, size);
	kfrag_figure_round_bytes(close_up->nr_pages * report->page_size_bytes,
				 bytes);
	kfrag_panels_label(panels, x + size, y - 10, "right", 9,
			   KFRAG_COLOUR_TEXT, "its first %s, enlarged", bytes);
}

void kfrag_map_pair_draw(struct kfrag_panels *panels,
			 const struct kfrag_report *report,
			 const struct kfrag_map_picture *pictures,
			 const struct kfrag_map_heading *headings,
			 const char *moment)
{
	unsigned nr_labels = panels->nr_labels;

	for (unsigned i = 0; i < KFRAG_KERNEL; i++) {
		enum kfrag_allocator allocator = (enum kfrag_allocator)i;

		kfrag_panels_label(panels, kfrag_panels_x(panels, i), HEAD - 12,
				   "left", 11, KFRAG_COLOUR_TEXT, "%s",
				   headings[i].text);
		kfrag_panels_comment(panels, kfrag_panels_allocator(allocator),
				     &pictures[i]);
		kfrag_panels_data(panels, i, &pictures[i]);
		kfrag_map_table(panels, kfrag_panels_x(panels, i),
				table_y(panels), allocator, &pictures[i],
				report->page_size_bytes);
	}
	if (*moment)
		kfrag_panels_label(panels,
				   kfrag_panels_x(panels, 1) +
					   panels->width * panels->scale,
				   HEAD - 12, "right", 11, KFRAG_COLOUR_TEXT,
				   "%s", moment);
	kfrag_panels_draw(panels, KFRAG_KERNEL, 1);
	panels->nr_labels = nr_labels;
}
