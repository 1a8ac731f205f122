// SPDX-License-Identifier: MIT
#include "output/plot_text.h"

#include <stdarg.h>
#include <string.h>

#include "kfrag/arith.h"

static void put_at(struct kfrag_plot_frame *frame, unsigned line,
		   unsigned column, const char *side, const char *text,
		   size_t bytes, unsigned max_chars)
{
	if (line >= frame->height || column >= frame->width)
		return;
	kfrag_plot_label(frame, text, bytes, max_chars, KFRAG_COLOUR_TEXT,
			 "at character %u, %u %s", column,
			 frame->height - 1 - line, side);
}

void kfrag_plot_text_put(struct kfrag_plot_frame *frame, unsigned line,
			 unsigned column, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (column < frame->width)
		put_at(frame, line, column, "left", text, strlen(text),
		       frame->width - column);
}

void kfrag_plot_text_put_right(struct kfrag_plot_frame *frame, unsigned line,
			       unsigned column, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put_at(frame, line, column, "right", text, strlen(text), column + 1);
}

void kfrag_plot_text_name(struct kfrag_plot_frame *frame, unsigned line,
			  unsigned column, const char *text, size_t bytes,
			  unsigned max_chars)
{
	put_at(frame, line, column, "left", text, bytes, max_chars);
}

/*
 * Where a figure stands, half characters rounded up; in integers, which are
 * the same on all machines.
 */
static unsigned place_of(const struct kfrag_plot_bars *bars, uint64_t bytes)
{
	uint64_t nr_halves;

	if (bytes >= bars->max_bytes)
		return bars->width;
	nr_halves = kfrag_mul_div(bytes, 2 * (uint64_t)bars->width,
				  bars->max_bytes);
	return (unsigned)((nr_halves + 1) / 2);
}

void kfrag_plot_text_bar(struct kfrag_plot_frame *frame,
			 const struct kfrag_plot_bars *bars, unsigned line,
			 uint64_t from_bytes, uint64_t to_bytes, char mark)
{
	unsigned from = place_of(bars, from_bytes);
	unsigned to = place_of(bars, to_bytes);
	char text[1024];

	if (to - from >= sizeof(text))
		to = from + sizeof(text) - 1;
	if (from >= to)
		return;
	memset(text, mark, to - from);
	put_at(frame, line, bars->column + from, "left", text, to - from, 0);
}

void kfrag_plot_text_draw(struct kfrag_plot_frame *frame)
{
	kfrag_plot_format(frame, "plot [0:1] [0:1] NaN notitle\n");
}
