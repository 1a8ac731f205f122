// SPDX-License-Identifier: MIT
/* What `waste` and `cache` say of a capture, as pictures for slides. */
#include <stdlib.h>
#include <string.h>

#include "kfrag/lesson_draw.h"
#include "kfrag/units.h"
#include "output/fit.h"
#include "output/lesson_capture_parts.h"
#include "output/lesson_example.h"
#include "output/lesson_svg_parts.h"
#include "output/scratch.h"

/* Bars begin behind a name of 24 characters, and leave room for a figure. */
#define NAME_CHARS 24
#define TITLE_CHARS 66
#define BARS_LEFT 270
#define BARS_WIDTH 440
#define ROW_HEIGHT 28
/* More would not be read on a slide. */
#define MAX_ROWS 16

static void put_title(struct kfrag_canvas *canvas, const char *title)
{
	kfrag_canvas_text(canvas, KFRAG_CANVAS_MARGIN, KFRAG_CANVAS_LINE,
			  " font-size=\"22\" font-weight=\"bold\"", title,
			  strlen(title));
	canvas->y += 2 * KFRAG_CANVAS_LINE;
}

/* A scaled length; a part that is not nothing has a pixel. */
static unsigned scaled(uint64_t part, uint64_t all)
{
	uint64_t width;

	if (part == 0 || all == 0)
		return 0;
	if (part > all)
		part = all;
	for (; all > UINT64_MAX / BARS_WIDTH; all /= 2)
		part /= 2;
	width = part * BARS_WIDTH / all;
	return width > 0 ? (unsigned)width : 1;
}

/* ------------------------------------------------------------------ waste */

struct waste_picture {
	const char *source; /* escaped */
	const struct kfrag_workload *workload;
	const struct kfrag_lesson_waste_row *rows;
	char **names; /* of the rows that are drawn, escaped and short */
	size_t *drawn; /* which they are */
	size_t nr_drawn;
};

static void put_waste_row(struct kfrag_canvas *canvas, const char *name,
			  const struct kfrag_lesson_waste_row *row,
			  uint64_t most_bytes)
{
	bool is_wrong = kfrag_lesson_is_misjudged(row);
	unsigned width = scaled(row->waste.lost_bytes, most_bytes);
	char lost[KFRAG_UNITS_SIZE];

	kfrag_canvas_text(canvas, KFRAG_CANVAS_MARGIN, 17, "", name,
			  strlen(name));
	kfrag_canvas_rect(canvas, BARS_LEFT, 0, width, ROW_HEIGHT - 6,
			  is_wrong ? KFRAG_CANVAS_BIT : KFRAG_CANVAS_LOST);
	kfrag_canvas_format(canvas, BARS_LEFT + width + 8, 17, "", "%s%s",
			    kfrag_units_bytes(row->waste.lost_bytes, lost),
			    is_wrong ? "  (!)" : "");
	canvas->y += ROW_HEIGHT;
}

static void put_sum(struct kfrag_canvas *canvas, const char *label,
		    uint64_t bytes)
{
	char count[KFRAG_UNITS_SIZE], size[KFRAG_UNITS_SIZE];

	kfrag_canvas_text(canvas, KFRAG_CANVAS_MARGIN, 16, "", label,
			  strlen(label));
	kfrag_canvas_format(canvas, BARS_LEFT + 200, 16, " text-anchor=\"end\"",
			    "%s bytes", kfrag_units_count(bytes, count));
	kfrag_canvas_format(canvas, BARS_LEFT + 230, 16, "", "%s",
			    kfrag_units_bytes(bytes, size));
	canvas->y += KFRAG_CANVAS_LINE;
}

static void draw_waste(struct kfrag_canvas *canvas, const void *context)
{
	const struct waste_picture *picture = context;
	const struct kfrag_workload *workload = picture->workload;
	struct kfrag_lesson_waste sum = kfrag_lesson_waste_sum(workload);
	size_t nr_left = workload->nr_caches - picture->nr_drawn;
	char words[KFRAG_LESSON_CAPTURE_WORDS];

	put_title(canvas, "What blocks for each object would waste");
	kfrag_canvas_words(canvas, picture->source);
	canvas->y += 8;
	for (size_t i = 0; i < picture->nr_drawn; i++)
		put_waste_row(canvas, picture->names[i],
			      &picture->rows[picture->drawn[i]],
			      picture->rows[0].waste.lost_bytes);
	if (nr_left > 0) {
		kfrag_canvas_format(canvas, KFRAG_CANVAS_MARGIN, 17, "",
				    "(and %zu more caches)", nr_left);
		canvas->y += ROW_HEIGHT;
	}
	canvas->y += 10;
	put_sum(canvas, "The lecture's script finds", sum.script_bytes);
	put_sum(canvas, "Really lost are", sum.lost_bytes);
	put_sum(canvas, "The script misses", sum.lost_bytes - sum.script_bytes);
	canvas->y += 10;
	kfrag_canvas_words(canvas, kfrag_lesson_waste_reason(
					   picture->rows, workload->nr_caches,
					   workload->page_size_bytes, words));
}

/* The rows that are drawn: the first ones, and those that are misjudged. */
static bool choose_rows(struct waste_picture *picture)
{
	struct kfrag_scratch scratch = { 0 };

	for (size_t i = 0;
	     i < picture->workload->nr_caches && picture->nr_drawn < MAX_ROWS;
	     i++) {
		const struct kfrag_record *record =
			picture->rows[i].cache->record;
		char *name;

		if (i >= KFRAG_LESSON_WASTE_ROWS &&
		    !kfrag_lesson_is_misjudged(&picture->rows[i]))
			continue;
		scratch = (struct kfrag_scratch){ 0 };
		name = kfrag_scratch_escape(&scratch, record->name,
					    record->name_bytes);
		if (!name)
			return false;
		kfrag_fit_shorten(name, NAME_CHARS);
		picture->names[picture->nr_drawn] = name;
		picture->drawn[picture->nr_drawn++] = i;
	}
	return true;
}

static enum kfrag_error write_waste(FILE *out, struct waste_picture *picture)
{
	enum kfrag_error error = KFRAG_ENOMEM;

	if (choose_rows(picture))
		error = kfrag_canvas_write(out, draw_waste, picture);
	for (size_t i = 0; i < picture->nr_drawn; i++)
		free(picture->names[i]);
	return error;
}

enum kfrag_error
kfrag_lesson_write_waste_svg(FILE *out, const char *source,
			     const struct kfrag_workload *workload)
{
	struct kfrag_lesson_waste_row *rows = kfrag_lesson_waste_rows(workload);
	struct kfrag_scratch scratch = { 0 };
	char *names[MAX_ROWS];
	size_t drawn[MAX_ROWS];
	struct waste_picture picture = {
		.source =
			kfrag_scratch_escape(&scratch, source, strlen(source)),
		.workload = workload,
		.rows = rows,
		.names = names,
		.drawn = drawn,
	};
	enum kfrag_error error = KFRAG_ENOMEM;

	if (rows && picture.source)
		error = write_waste(out, &picture);
	kfrag_scratch_release(&scratch);
	free(rows);
	return error;
}

/* ------------------------------------------------------------------ cache */

struct cache_picture {
	const char *title; /* escaped */
	const char *source; /* escaped */
	const struct kfrag_report *report;
	const struct kfrag_cache_row *row;
	const struct kfrag_lesson_run *example; /* NULL: none */
};

static void put_way(struct kfrag_canvas *canvas,
		    const struct kfrag_lesson_way *way, uint64_t most_bytes)
{
	unsigned width = scaled(way->held_bytes, most_bytes);
	unsigned live = scaled(way->held_bytes - way->lost_bytes, most_bytes);
	char held[KFRAG_UNITS_SIZE], percent[KFRAG_UNITS_SIZE];

	kfrag_canvas_text(canvas, KFRAG_CANVAS_MARGIN, 17, "", way->label,
			  strlen(way->label));
	kfrag_canvas_rect(canvas, BARS_LEFT, 0, width, ROW_HEIGHT - 6,
			  KFRAG_CANVAS_LOST);
	kfrag_canvas_rect(canvas, BARS_LEFT, 0, live < width ? live : width,
			  ROW_HEIGHT - 6, KFRAG_CANVAS_ASKED);
	kfrag_canvas_format(
		canvas, BARS_LEFT + width + 8, 17, "", "%s, %s lost",
		kfrag_units_bytes(way->held_bytes, held),
		kfrag_units_percent(way->lost_bytes, way->held_bytes, percent));
	canvas->y += ROW_HEIGHT;
}

static void put_ways(struct kfrag_canvas *canvas,
		     const struct kfrag_cache_row *row)
{
	struct kfrag_lesson_way ways[KFRAG_LESSON_WAYS];
	uint64_t most_bytes = 0;

	kfrag_lesson_ways_of(row, ways);
	for (size_t i = 0; i < KFRAG_LESSON_WAYS; i++)
		if (ways[i].held_bytes > most_bytes)
			most_bytes = ways[i].held_bytes;
	kfrag_canvas_heading(canvas, "What is held: objects (blue), and what "
				     "is lost (grey)");
	for (size_t i = 0; i < KFRAG_LESSON_WAYS; i++)
		put_way(canvas, &ways[i], most_bytes);
	canvas->y += 10;
}

static void draw_cache(struct kfrag_canvas *canvas, const void *context)
{
	const struct cache_picture *picture = context;
	char words[KFRAG_LESSON_CAPTURE_WORDS];

	put_title(canvas, picture->title);
	kfrag_canvas_words(canvas, picture->source);
	kfrag_canvas_words(canvas,
			   kfrag_lesson_cache_head(picture->report,
						   picture->row, words));
	canvas->y += 10;
	if (picture->example)
		kfrag_lesson_svg_draw(canvas, picture->example,
				      KFRAG_LESSON_EXAMPLE_SHOW);
	put_ways(canvas, picture->row);
	kfrag_canvas_words(canvas,
			   kfrag_lesson_cache_slabs(picture->row, words));
	kfrag_canvas_words(canvas,
			   kfrag_lesson_cache_answer(picture->row, words));
}

enum kfrag_error kfrag_lesson_write_cache_svg(FILE *out, const char *source,
					      const struct kfrag_report *report,
					      const struct kfrag_cache_row *row)
{
	struct kfrag_scratch title = { 0 }, path = { 0 };
	struct kfrag_lesson_example example;
	bool has_example = kfrag_lesson_example_init(&example, report, row);
	char *name = kfrag_scratch_escape(&title, row->name, row->name_bytes);
	const struct cache_picture picture = {
		.title = name,
		.source = kfrag_scratch_escape(&path, source, strlen(source)),
		.report = report,
		.row = row,
		.example = has_example ? &example.run : NULL,
	};
	enum kfrag_error error = KFRAG_ENOMEM;

	if (name)
		kfrag_fit_shorten(name, TITLE_CHARS);
	if (picture.title && picture.source)
		error = kfrag_canvas_write(out, draw_cache, &picture);
	if (has_example)
		kfrag_lesson_example_release(&example);
	kfrag_scratch_release(&title);
	kfrag_scratch_release(&path);
	return error;
}
