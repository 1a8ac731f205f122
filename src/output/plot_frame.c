// SPDX-License-Identifier: MIT
#include "output/plot_frame.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/version.h"
#include "output/figures.h"

static const char *const colours[2][KFRAG_NR_COLOURS] = {
	{
		[KFRAG_COLOUR_LIVE] = "#0072B2",
		[KFRAG_COLOUR_IDLE] = "#E69F00",
		[KFRAG_COLOUR_TAIL] = "#F0E442",
		[KFRAG_COLOUR_FREE] = "#FFFFFF",
		[KFRAG_COLOUR_BUDDY] = "#CC79A7",
		[KFRAG_COLOUR_SLAB] = "#009E73",
		[KFRAG_COLOUR_BUDDY_PEAK] = "#EBCDDD",
		[KFRAG_COLOUR_SLAB_PEAK] = "#99D8C7",
		[KFRAG_COLOUR_KERNEL] = "#222222",
		[KFRAG_COLOUR_OTHERS] = "#DDDDDD",
		[KFRAG_COLOUR_GREW] = "#E69F00",
		[KFRAG_COLOUR_SHRANK] = "#0072B2",
		[KFRAG_COLOUR_TEXT] = "#222222",
		[KFRAG_COLOUR_FAINT] = "#666666",
		[KFRAG_COLOUR_GRID] = "#DDDDDD",
		[KFRAG_COLOUR_PAPER] = "#FFFFFF",
	},
	{
		[KFRAG_COLOUR_LIVE] = "#0072B2",
		[KFRAG_COLOUR_IDLE] = "#E69F00",
		[KFRAG_COLOUR_TAIL] = "#F0E442",
		[KFRAG_COLOUR_FREE] = "#1B1B1B",
		[KFRAG_COLOUR_BUDDY] = "#CC79A7",
		[KFRAG_COLOUR_SLAB] = "#009E73",
		[KFRAG_COLOUR_BUDDY_PEAK] = "#EBCDDD",
		[KFRAG_COLOUR_SLAB_PEAK] = "#99D8C7",
		[KFRAG_COLOUR_KERNEL] = "#EEEEEE",
		[KFRAG_COLOUR_OTHERS] = "#555555",
		[KFRAG_COLOUR_GREW] = "#E69F00",
		[KFRAG_COLOUR_SHRANK] = "#0072B2",
		[KFRAG_COLOUR_TEXT] = "#EEEEEE",
		[KFRAG_COLOUR_FAINT] = "#AAAAAA",
		[KFRAG_COLOUR_GRID] = "#3C3C3C",
		[KFRAG_COLOUR_PAPER] = "#1B1B1B",
	},
};

/* Ordered so that neighbours are 40 or more apart in luma. */
static const char *const series_colours[2][KFRAG_PLOT_NR_SERIES] = {
	{ "#0072B2", "#E69F00", "#D55E00", "#F0E442", "#009E73", "#56B4E9",
	  "#000000", "#CC79A7" },
	{ "#0072B2", "#E69F00", "#D55E00", "#F0E442", "#009E73", "#56B4E9",
	  "#FFFFFF", "#CC79A7" },
};

const char *kfrag_plot_colour(const struct kfrag_plot_frame *frame,
			      enum kfrag_plot_colour colour)
{
	return colours[frame->page->style.is_dark][colour];
}

const char *kfrag_plot_series_colour(const struct kfrag_plot_frame *frame,
				     unsigned series)
{
	return series_colours[frame->page->style.is_dark][series];
}

void kfrag_plot_format(struct kfrag_plot_frame *frame, const char *format, ...)
{
	va_list args;

	kfrag_writer_flush(&frame->writer);
	va_start(args, format);
	(void)vfprintf(frame->writer.stream, format, args);
	va_end(args);
}

/* Where a line of the head stands: 0 is the title's. */
static void put_head(struct kfrag_plot_frame *frame, unsigned line,
		     const char *text)
{
	unsigned max_chars = frame->width - 1;

	if (frame->is_text) {
		kfrag_plot_label(frame, text, strlen(text), max_chars,
				 KFRAG_COLOUR_TEXT, "at character 0, %u left",
				 frame->height - 1 - line);
	} else if (line == 0) {
		max_chars = frame->width * 2 / 17;
		kfrag_plot_label(frame, text, strlen(text), max_chars,
				 KFRAG_COLOUR_TEXT,
				 "at screen 0, screen 1 "
				 "offset character 1, -1 left font ',13'");
	} else {
		max_chars = frame->width / 7;
		kfrag_plot_label(frame, text, strlen(text), max_chars,
				 KFRAG_COLOUR_FAINT,
				 "at screen 0, screen 1 "
				 "offset character 1, -%u.%u left font ',10'",
				 line + 1, line * 3 % 10);
	}
}

void kfrag_plot_caption(struct kfrag_plot_frame *frame, unsigned line,
			const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put_head(frame, line + 1, text);
}

static void put_command(struct kfrag_plot_frame *frame)
{
	const char *command = frame->page->command;
	unsigned width = frame->width;

	if (frame->is_text)
		kfrag_plot_label(frame, command, strlen(command), width - 1,
				 KFRAG_COLOUR_TEXT, "at character 0, 0 left");
	else
		kfrag_plot_label(frame, command, strlen(command), width / 6,
				 KFRAG_COLOUR_FAINT,
				 "at screen 1, screen 0 "
				 "offset character -1, 0.6 right font ',8'");
}

/* Lines that choose a terminal where gnuplot may lack the first choice. */
static void set_picture_terminal(struct kfrag_plot_frame *frame,
				 const char *first, const char *second,
				 const char *options)
{
	kfrag_plot_format(frame,
			  "if (strstrt(GPVAL_TERMINALS, ' %s ') > 0) "
			  "{ set terminal %s %s } "
			  "else { set terminal %s }\n",
			  first, first, options, second);
}

static void set_terminal(struct kfrag_plot_frame *frame)
{
	const char *paper = kfrag_plot_colour(frame, KFRAG_COLOUR_PAPER);
	unsigned width = frame->width, height = frame->height;
	char options[256], second[256];

	switch (frame->page->style.terminal) {
	case KFRAG_PLOT_TEXT:
		kfrag_plot_format(frame,
				  "set terminal dumb size %u, %u noenhanced\n",
				  width, height);
		return;
	case KFRAG_PLOT_PNG:
		(void)snprintf(options, sizeof(options),
			       "size %u, %u background rgb '%s' "
			       "font 'Sans,11' noenhanced",
			       width, height, paper);
		(void)snprintf(second, sizeof(second),
			       "png size %u, %u background rgb '%s' noenhanced",
			       width, height, paper);
		set_picture_terminal(frame, "pngcairo", second, options);
		return;
	case KFRAG_PLOT_PDF:
		/* Pixels of 1/96 inch. */
		(void)snprintf(options, sizeof(options),
			       "size %u.%02uin, %u.%02uin background rgb '%s' "
			       "font 'Sans,11' fontscale 0.73 noenhanced",
			       width / 96, width % 96 * 100 / 96, height / 96,
			       height % 96 * 100 / 96, paper);
		set_picture_terminal(frame, "pdfcairo", "pdf", options);
		return;
	case KFRAG_PLOT_SVG:
		kfrag_plot_format(
			frame,
			"set terminal svg size %u, %u "
			"background rgb '%s' "
			"font 'sans-serif,11' fontscale 1.27 noenhanced\n",
			width, height, paper);
		return;
	case KFRAG_PLOT_GIF:
		kfrag_plot_format(frame,
				  "set terminal gif size %u, %u "
				  "background rgb '%s' "
				  "font 'Sans,11' noenhanced\n",
				  width, height, paper);
		return;
	default:
		return;
	}
}

/* Everything that gnuplot would otherwise draw in black on white. */
static void set_colours(struct kfrag_plot_frame *frame)
{
	const char *text = kfrag_plot_colour(frame, KFRAG_COLOUR_TEXT);
	const char *grid = kfrag_plot_colour(frame, KFRAG_COLOUR_GRID);
	static const char *const axes[] = { "x", "y", "x2", "y2", "cb" };

	for (size_t i = 0; i < sizeof(axes) / sizeof(axes[0]); i++)
		kfrag_plot_format(frame,
				  "set %slabel noenhanced textcolor rgb '%s'\n",
				  axes[i], text);
	kfrag_plot_format(frame,
			  "set tics textcolor rgb '%s' nomirror\n"
			  "set border 3 linecolor rgb '%s'\n"
			  "set grid linecolor rgb '%s' linetype 1\n"
			  "set key noenhanced textcolor rgb '%s'\n",
			  text, text, grid, text);
	/* No terminal of ours, so nobody has seen to the background. */
	if (frame->page->style.is_dark &&
	    frame->page->style.terminal == KFRAG_PLOT_SCRIPT)
		kfrag_plot_format(frame,
				  "set object 1 rectangle from screen 0, 0 "
				  "to screen 1, 1 behind fillcolor rgb '%s' "
				  "fillstyle solid noborder\n",
				  kfrag_plot_colour(frame, KFRAG_COLOUR_PAPER));
}

void kfrag_plot_begin(struct kfrag_plot_frame *frame, FILE *out,
		      const struct kfrag_plot_page *page,
		      struct kfrag_plot_size natural)
{
	bool is_text = page->style.terminal == KFRAG_PLOT_TEXT;

	kfrag_writer_init(&frame->writer, out);
	frame->spelled = (struct kfrag_scratch){ 0 };
	frame->error = KFRAG_OK;
	frame->page = page;
	frame->is_text = is_text;
	frame->width = is_text ? natural.columns : natural.width;
	frame->height = is_text ? natural.lines : natural.height;
	if (page->style.width)
		frame->width = page->style.width;
	if (page->style.height)
		frame->height = page->style.height;
	/* In one line, as those before version 5 would go on behind it. */
	kfrag_plot_format(frame,
			  "# Made by kfrag " KFRAG_VERSION ", for %u x %u %s.\n"
			  "if (GPVAL_VERSION < 5.2) print 'this picture "
			  "needs gnuplot 5.2 or later'; exit\n"
			  "reset\n"
			  "set encoding utf8\n",
			  frame->width, frame->height,
			  is_text ? "characters" : "pixels");
	set_terminal(frame);
	if (frame->is_text)
		kfrag_plot_format(frame, "unset border; unset tics; "
					 "unset key\n");
	else
		set_colours(frame);
	put_head(frame, 0, page->title);
	put_command(frame);
}

enum kfrag_error kfrag_plot_end(struct kfrag_plot_frame *frame)
{
	kfrag_scratch_release(&frame->spelled);
	return kfrag_writer_end(&frame->writer, frame->error);
}
