// SPDX-License-Identifier: MIT
#include "output/churn_stills.h"

#include <assert.h>
#include <inttypes.h>

#include "kfrag/units.h"
#include "output/figures.h"
#include "output/map_panels.h"
#include "output/map_table.h"
#include "output/plot_text.h"

/* Six maps of 128 pixels in a row. */
#define WIDTH 992
#define HEIGHT 484
#define HEAD 112
#define FOOT 60
#define LEFT 122
#define GAP 14
#define LABEL 26 /* below a map */
#define HEADING 104 /* what words above a map take */
#define MIN_WIDTH (LEFT + FEW_STILLS * (HEADING + GAP))
#define MIN_HEIGHT (HEAD + FOOT + 2 * (LABEL + 32))
#define MAX_ORDER 7
#define MAX_STILLS 6
#define FEW_STILLS 4 /* on narrow pages, and of text */

/* Four maps of 16 by 8 characters in a row. */
#define TEXT_WIDTH 80
#define TEXT_HEIGHT 24
#define TEXT_HEAD 4
#define TEXT_LABELS 2 /* below a row of maps */
#define TEXT_FOOT 1
#define MIN_TEXT_WIDTH 68
#define MIN_TEXT_HEIGHT (TEXT_HEAD + TEXT_FOOT + 2 * (TEXT_LABELS + 4))
#define MAX_TEXT_ORDER 5

struct kfrag_plot_size
kfrag_churn_stills_size(const struct kfrag_plot_style *style)
{
	return kfrag_panels_natural(
		style, (struct kfrag_plot_size){ WIDTH, HEIGHT, TEXT_WIDTH,
						 TEXT_HEIGHT });
}

static unsigned stills_within(unsigned width)
{
	return width < LEFT + MAX_STILLS * (HEADING + GAP) ? FEW_STILLS :
							     MAX_STILLS;
}

/* Pixels, or in text lines, of a map's height at most. */
static unsigned max_side(unsigned width, unsigned height)
{
	unsigned nr_stills = stills_within(width);
	unsigned across =
		kfrag_panels_less(width, LEFT + nr_stills * GAP) / nr_stills;
	unsigned down = kfrag_panels_less(height, HEAD + FOOT + 2 * LABEL) / 2;

	return kfrag_panels_least(across, down);
}

static unsigned max_text_side(unsigned width, unsigned height)
{
	unsigned across = width / FEW_STILLS / 2;
	unsigned down = kfrag_panels_less(height, TEXT_HEAD + TEXT_FOOT +
							  2 * TEXT_LABELS - 1) /
			2;

	return kfrag_panels_least(across, down);
}

struct kfrag_map_grid
kfrag_churn_stills_grid(const struct kfrag_plot_style *style)
{
	struct kfrag_plot_size natural = kfrag_churn_stills_size(style);
	unsigned side;

	if (style->terminal == KFRAG_PLOT_TEXT) {
		side = max_text_side(
			kfrag_panels_size(style->width, natural.columns),
			kfrag_panels_size(style->height, natural.lines));
		return (struct kfrag_map_grid){
			KFRAG_MAP_WIDE,
			kfrag_panels_order(side, MAX_TEXT_ORDER),
			0,
			MIN_TEXT_WIDTH,
			MIN_TEXT_HEIGHT,
		};
	}
	side = max_side(kfrag_panels_size(style->width, natural.width),
			kfrag_panels_size(style->height, natural.height));
	return (struct kfrag_map_grid){
		KFRAG_MAP_SQUARE,
		kfrag_panels_pixel_order(side, MAX_ORDER),
		0,
		MIN_WIDTH,
		MIN_HEIGHT,
	};
}

static bool is_whole(const struct kfrag_map_moment *moment)
{
	return moment->state == KFRAG_SETTLED ||
	       moment->frame == moment->nr_frames;
}

/* The first, the last and one between, as far as there is room. */
static bool is_chosen(uint64_t round, uint64_t rounds, unsigned max_stills)
{
	return round == 0 || round + 1 == rounds ||
	       (max_stills >= MAX_STILLS && round == (rounds - 1) / 2);
}

/* Peaks and settled states of chosen rounds, in order; how many. */
static unsigned choose(const struct kfrag_churn_frame *frames, size_t nr_frames,
		       uint64_t rounds, unsigned max_stills,
		       const struct kfrag_churn_frame **stills)
{
	unsigned nr_stills = 0;

	for (size_t i = 0; i < nr_frames && nr_stills < max_stills; i++)
		if (is_whole(&frames[i].moment) &&
		    is_chosen(frames[i].moment.round, rounds, max_stills))
			stills[nr_stills++] = &frames[i];
	return nr_stills;
}

static void describe_moment(const struct kfrag_map_moment *moment, char *text,
			    size_t size)
{
	(void)snprintf(text, size, "round %" PRIu64 ", %s", moment->round + 1,
		       kfrag_state_text(moment->state));
}

/* "457 MiB held" */
static void describe_held(const struct kfrag_map_picture *picture,
			  uint64_t page_size_bytes, char *text, size_t size)
{
	uint64_t held =
		picture->nr_pages - picture->nr_pages_of[KFRAG_PAGE_FREE];
	char bytes[KFRAG_UNITS_SIZE];

	(void)snprintf(text, size, "%s held",
		       kfrag_units_bytes(held * page_size_bytes, bytes));
}

static void put_legend(struct kfrag_panels *panels)
{
	static const struct {
		enum kfrag_page_kind kind;
		const char *name;
		unsigned width;
	} parts[KFRAG_NR_PAGE_KINDS] = {
		{ KFRAG_PAGE_LIVE, "live objects", 118 },
		{ KFRAG_PAGE_IDLE, "only idle slots", 132 },
		{ KFRAG_PAGE_TAIL, "only tail or rounding", 166 },
		{ KFRAG_PAGE_FREE, "free", 0 },
	};
	unsigned x = panels->left;
	unsigned y = kfrag_panels_less(panels->frame->height, 44);

	for (unsigned i = 0; i < KFRAG_NR_PAGE_KINDS; i++) {
		kfrag_panels_swatch(panels, x, y, parts[i].kind);
		kfrag_panels_label(panels, x + 18, y + 6, "left", 9,
				   KFRAG_COLOUR_TEXT, "%s", parts[i].name);
		x += parts[i].width;
	}
}

static void
draw_still(struct kfrag_panels *panels, unsigned column, unsigned nr_columns,
	   const struct kfrag_churn_frame *still, uint64_t page_size_bytes)
{
	unsigned side = panels->width * panels->scale;
	unsigned middle = kfrag_panels_x(panels, column) + side / 2;
	char text[80];

	describe_moment(&still->moment, text, sizeof(text));
	kfrag_panels_label(panels, middle, HEAD - 12, "center", 10,
			   KFRAG_COLOUR_TEXT, "%s", text);
	for (unsigned row = 0; row < KFRAG_KERNEL; row++) {
		const struct kfrag_map_picture *picture = &still->pictures[row];

		kfrag_panels_comment(
			panels,
			kfrag_panels_allocator((enum kfrag_allocator)row),
			picture);
		kfrag_panels_data(panels, row * nr_columns + column, picture);
		describe_held(picture, page_size_bytes, text, sizeof(text));
		kfrag_panels_label(panels, middle,
				   kfrag_panels_y(panels, row) + side + 12,
				   "center", 9, KFRAG_COLOUR_TEXT, "%s", text);
	}
}

static void
draw(struct kfrag_plot_frame *frame, const struct kfrag_report *report,
     const struct kfrag_churn_frame *const *stills, unsigned nr_stills)
{
	const struct kfrag_map_picture *first = &stills[0]->pictures[0];
	unsigned side = max_side(frame->width, frame->height);
	struct kfrag_panels panels = {
		.frame = frame,
		.width = first->width,
		.height = first->height,
		.scale = kfrag_panels_scale(first, side),
		.left = LEFT,
		.top = HEAD,
	};

	side = panels.width * panels.scale;
	panels.step_x = (side > HEADING ? side : HEADING) + GAP;
	panels.step_y = side + LABEL;
	kfrag_panels_begin(&panels);
	for (unsigned i = 0; i < nr_stills; i++)
		draw_still(&panels, i, nr_stills, stills[i],
			   report->page_size_bytes);
	for (unsigned row = 0; row < KFRAG_KERNEL; row++)
		kfrag_panels_label(
			&panels, LEFT - GAP,
			kfrag_panels_y(&panels, row) + side / 2, "right", 11,
			KFRAG_COLOUR_TEXT, "%s",
			kfrag_panels_allocator((enum kfrag_allocator)row));
	put_legend(&panels);
	kfrag_panels_borders(&panels, nr_stills, KFRAG_KERNEL);
	kfrag_panels_draw(&panels, nr_stills, KFRAG_KERNEL);
}

static void
draw_text(struct kfrag_plot_frame *frame, const struct kfrag_report *report,
	  const struct kfrag_churn_frame *const *stills, unsigned nr_stills)
{
	const struct kfrag_map_picture *first = &stills[0]->pictures[0];
	struct kfrag_panels panels = {
		.frame = frame,
		.width = first->width,
		.height = first->height,
		.scale = 1,
		.top = TEXT_HEAD,
		.step_x = frame->width / FEW_STILLS,
		.step_y = first->height + TEXT_LABELS,
	};
	char text[80];

	for (unsigned i = 0; i < nr_stills; i++) {
		unsigned x = kfrag_panels_x(&panels, i);

		describe_moment(&stills[i]->moment, text, sizeof(text));
		kfrag_plot_text_put(frame, TEXT_HEAD - 2, x, "%s", text);
		for (unsigned row = 0; row < KFRAG_KERNEL; row++) {
			unsigned y = kfrag_panels_y(&panels, row);

			kfrag_panels_put_text(&panels, i, row,
					      &stills[i]->pictures[row]);
			describe_held(&stills[i]->pictures[row],
				      report->page_size_bytes, text,
				      sizeof(text));
			kfrag_plot_text_put(frame, y + panels.height, x, "%s",
					    text);
			if (i == 0)
				kfrag_plot_text_put(
					frame, y - 1, 0, "%s:",
					kfrag_panels_allocator(
						(enum kfrag_allocator)row));
		}
	}
	kfrag_plot_text_draw(frame);
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
				   "%s, a character is %s: "
				   "# live  o idle  + tail  . free",
				   memory, cell);
		return;
	}
	kfrag_panels_cell_text(picture, report->page_size_bytes, cell,
			       sizeof(cell));
	kfrag_plot_caption(frame, 0,
			   "%s of memory while populations fill and settle "
			   "%" PRIu64 " time%s; a dot is %s",
			   memory, report->rounds,
			   report->rounds == 1 ? "" : "s", cell);
	kfrag_panels_explain(frame, 1, report);
}

void kfrag_churn_stills_draw(struct kfrag_plot_frame *frame,
			     const struct kfrag_report *report,
			     const struct kfrag_churn_frame *frames,
			     size_t nr_frames)
{
	const struct kfrag_churn_frame *stills[MAX_STILLS] = { NULL };
	unsigned max_stills = frame->is_text ? FEW_STILLS :
					       stills_within(frame->width);
	unsigned nr_stills =
		choose(frames, nr_frames, report->rounds, max_stills, stills);

	assert(nr_stills > 0);
	put_captions(frame, report, &frames[0].pictures[0]);
	if (frame->is_text)
		draw_text(frame, report, stills, nr_stills);
	else
		draw(frame, report, stills, nr_stills);
}
