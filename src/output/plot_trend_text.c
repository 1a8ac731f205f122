// SPDX-License-Identifier: MIT
#include <string.h>

#include "kfrag/arith.h"
#include "kfrag/units.h"
#include "output/plot_text.h"
#include "output/plot_trend.h"

#define HEAD_LINES 4
#define LABEL_CHARS 10
#define NAMES_IN_A_LINE 3
#define MAX_COLUMNS 1000

/* The picture's field: bytes upwards, time to the right. */
struct field {
	unsigned line; /* the upper one */
	unsigned lines, columns;
};

static char mark_of(const struct kfrag_plot_trend *trend, size_t part)
{
	return part >= trend->nr_shown ? '.' : (char)('A' + (int)part);
}

/* The moment that is nearest to a column. */
static const struct kfrag_plot_moment *
moment_at(const struct kfrag_plot_trend *trend, const struct field *field,
	  unsigned column)
{
	uint64_t first = trend->moments[0].x_ms;
	uint64_t last = trend->moments[trend->nr_moments - 1].x_ms;
	uint64_t at = first + kfrag_mul_div(last - first, 2 * column + 1,
					    2 * (uint64_t)field->columns);
	size_t low = 0, high = trend->nr_moments - 1;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (trend->moments[middle].x_ms <= at)
			low = middle;
		else
			high = middle;
	}
	if (trend->moments[high].x_ms - at < at - trend->moments[low].x_ms)
		low = high;
	return &trend->moments[low];
}

static void put_row(struct kfrag_plot_frame *frame,
		    const struct kfrag_plot_trend *trend,
		    const struct field *field, unsigned row)
{
	uint64_t height_bytes = kfrag_mul_div(trend->max_bytes,
					      2 * (field->lines - row) - 1,
					      2 * (uint64_t)field->lines);
	char text[MAX_COLUMNS];

	for (unsigned column = 0; column < field->columns; column++) {
		const struct kfrag_plot_moment *moment =
			moment_at(trend, field, column);
		size_t part = 0;

		while (part < trend->nr_parts &&
		       moment->upper_bytes[part] < height_bytes)
			part++;
		text[column] = part < trend->nr_parts ? mark_of(trend, part) :
							' ';
	}
	kfrag_plot_text_name(frame, field->line + row, LABEL_CHARS, text,
			     field->columns, 0);
}

static void put_field(struct kfrag_plot_frame *frame,
		      const struct kfrag_plot_trend *trend,
		      const struct field *field)
{
	char size[KFRAG_UNITS_SIZE];

	for (unsigned row = 0; row < field->lines; row++) {
		/* The label is that of the line's upper end. */
		uint64_t upper =
			trend->max_bytes / field->lines * (field->lines - row);

		if (row % 4 == 0)
			kfrag_plot_text_put_right(
				frame, field->line + row, LABEL_CHARS - 2, "%s",
				kfrag_units_bytes(upper, size));
		put_row(frame, trend, field, row);
	}
}

/* Tenths: '9' is 90 % to less than 100, which is '*'. */
static void put_shares(struct kfrag_plot_frame *frame,
		       const struct kfrag_plot_trend *trend,
		       const struct field *field, unsigned line, bool is_waste)
{
	char text[MAX_COLUMNS];

	for (unsigned column = 0; column < field->columns; column++) {
		const struct kfrag_plot_moment *moment =
			moment_at(trend, field, column);
		unsigned permille = is_waste ? moment->waste_permille :
					       moment->use_permille;

		text[column] = permille >= 1000 ? '*' :
						  (char)('0' + permille / 100);
	}
	kfrag_plot_text_put(frame, line, 0, is_waste ? "WASTE" : "USE");
	kfrag_plot_text_name(frame, line, LABEL_CHARS, text, field->columns, 0);
}

static void put_names(struct kfrag_plot_frame *frame,
		      const struct kfrag_plot_trend *trend, unsigned line)
{
	unsigned width = frame->width / NAMES_IN_A_LINE;

	for (size_t part = 0; part < trend->nr_parts; part++) {
		unsigned column = (unsigned)(part % NAMES_IN_A_LINE) * width;
		unsigned at = line + (unsigned)(part / NAMES_IN_A_LINE);
		size_t bytes;
		const char *name = kfrag_plot_part_name(trend, part, &bytes);

		kfrag_plot_text_put(frame, at, column, "%c",
				    mark_of(trend, part));
		kfrag_plot_text_name(frame, at, column + 2, name, bytes,
				     width - 3);
	}
}

void kfrag_plot_trend_text(struct kfrag_plot_frame *frame,
			   const struct kfrag_plot_trend *trend)
{
	unsigned name_lines =
		((unsigned)trend->nr_parts + NAMES_IN_A_LINE - 1) /
		NAMES_IN_A_LINE;
	/* Time, both shares, their legend, names, the command. */
	unsigned below = 5 + name_lines;
	struct field field = { .line = HEAD_LINES, .lines = 3 };
	uint64_t last = trend->moments[trend->nr_moments - 1].x_ms;
	char text[KFRAG_PLOT_TIME_SIZE];
	unsigned line;

	if (frame->height > HEAD_LINES + below + field.lines)
		field.lines = frame->height - HEAD_LINES - below;
	field.columns =
		frame->width > LABEL_CHARS + 8 ? frame->width - LABEL_CHARS : 8;
	if (field.columns > MAX_COLUMNS)
		field.columns = MAX_COLUMNS;
	put_field(frame, trend, &field);
	line = field.line + field.lines;
	kfrag_plot_text_put(frame, line, LABEL_CHARS, "%s",
			    kfrag_plot_time_text(trend, trend->moments[0].x_ms,
						 text));
	kfrag_plot_text_put_right(frame, line, frame->width - 1, "%s",
				  kfrag_plot_time_text(trend, last, text));
	put_shares(frame, trend, &field, line + 1, false);
	put_shares(frame, trend, &field, line + 2, true);
	kfrag_plot_text_put(frame, line + 3, 0,
			    "USE: objects of slots, WASTE: idle and tail bytes "
			    "of held; 9: 90 %% or more");
	put_names(frame, trend, line + 4);
	kfrag_plot_text_draw(frame);
}
