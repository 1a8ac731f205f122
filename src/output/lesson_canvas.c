// SPDX-License-Identifier: MIT
#include "output/lesson_canvas.h"

#include <stdarg.h>
#include <string.h>

#include "output/stream.h"

/* Characters of a line of words. */
#define LINE_CHARS 110
#define FORMAT_SIZE 256

enum kfrag_error kfrag_canvas_write(FILE *out, kfrag_canvas_draw draw,
				    const void *context)
{
	struct kfrag_canvas canvas = { .y = KFRAG_CANVAS_MARGIN };
	unsigned height;

	draw(&canvas, context);
	height = canvas.y + KFRAG_CANVAS_MARGIN;
	canvas = (struct kfrag_canvas){ .out = out, .y = KFRAG_CANVAS_MARGIN };
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
		"height=\"%u\" viewBox=\"0 0 %d %u\" "
		"font-family=\"sans-serif\" font-size=\"16\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
		KFRAG_CANVAS_WIDTH, height, KFRAG_CANVAS_WIDTH, height);
	draw(&canvas, context);
	fputs("</svg>\n", out);
	return kfrag_stream_end(out);
}

static void put_rect(const struct kfrag_canvas *canvas, unsigned x,
		     unsigned below, unsigned width, unsigned height,
		     const char *look)
{
	if (canvas->out)
		fprintf(canvas->out,
			"<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" "
			"%s\"/>\n",
			x, canvas->y + below, width, height, look);
}

void kfrag_canvas_rect(const struct kfrag_canvas *canvas, unsigned x,
		       unsigned below, unsigned width, unsigned height,
		       const char *fill)
{
	char look[64];

	snprintf(look, sizeof(look), "stroke=\"#333333\" fill=\"%s", fill);
	put_rect(canvas, x, below, width, height, look);
}

void kfrag_canvas_patch(const struct kfrag_canvas *canvas, unsigned x,
			unsigned below, unsigned width, unsigned height,
			const char *fill)
{
	char look[64];

	snprintf(look, sizeof(look), "fill=\"%s", fill);
	put_rect(canvas, x, below, width, height, look);
}

void kfrag_canvas_mark(const struct kfrag_canvas *canvas, unsigned x,
		       unsigned below, unsigned width, unsigned height)
{
	put_rect(
		canvas, x, below, width, height,
		"fill=\"none\" stroke-width=\"3\" stroke=\"" KFRAG_CANVAS_MARK);
}

/* Two characters that UTF-8 has, but no XML may: U+FFFE and U+FFFF. */
static int is_no_xml(const char *text, size_t nr_bytes)
{
	return nr_bytes >= 3 && (memcmp(text, "\xef\xbf\xbe", 3) == 0 ||
				 memcmp(text, "\xef\xbf\xbf", 3) == 0);
}

static void put_escaped(FILE *out, const char *text, size_t nr_bytes)
{
	for (size_t i = 0; i < nr_bytes; i++) {
		if (text[i] == '&') {
			fputs("&amp;", out);
		} else if (text[i] == '<') {
			fputs("&lt;", out);
		} else if (text[i] == '>') {
			fputs("&gt;", out);
		} else if (is_no_xml(text + i, nr_bytes - i)) {
			fprintf(out, "\\xef\\xbf\\x%02x",
				(unsigned)(unsigned char)text[i + 2]);
			i += 2;
		} else {
			fputc(text[i], out);
		}
	}
}

void kfrag_canvas_text(const struct kfrag_canvas *canvas, unsigned x,
		       unsigned below, const char *attributes, const char *text,
		       size_t nr_bytes)
{
	if (!canvas->out)
		return;
	fprintf(canvas->out, "<text x=\"%u\" y=\"%u\"%s>", x, canvas->y + below,
		attributes);
	put_escaped(canvas->out, text, nr_bytes);
	fputs("</text>\n", canvas->out);
}

void kfrag_canvas_format(const struct kfrag_canvas *canvas, unsigned x,
			 unsigned below, const char *attributes,
			 const char *format, ...)
{
	char text[FORMAT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	kfrag_canvas_text(canvas, x, below, attributes, text, strlen(text));
}

void kfrag_canvas_heading(struct kfrag_canvas *canvas, const char *format, ...)
{
	char text[FORMAT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	kfrag_canvas_text(canvas, KFRAG_CANVAS_MARGIN, KFRAG_CANVAS_LINE - 6,
			  " font-weight=\"bold\" fill=\"#555555\"", text,
			  strlen(text));
	canvas->y += KFRAG_CANVAS_LINE + 4;
}

/* Bytes of the next line, which ends at a blank where there is one. */
static size_t line_bytes(const char *words, size_t left)
{
	size_t length = LINE_CHARS;

	if (left <= LINE_CHARS)
		return left;
	while (length > 0 && words[length] != ' ')
		length--;
	if (length > 0)
		return length;
	length = LINE_CHARS;
	/* A character of several bytes stays whole. */
	while (length < left && ((unsigned char)words[length] & 0xc0) == 0x80)
		length++;
	return length;
}

void kfrag_canvas_words(struct kfrag_canvas *canvas, const char *words)
{
	size_t left = strlen(words), length;

	while (left > 0) {
		length = line_bytes(words, left);
		kfrag_canvas_text(canvas, KFRAG_CANVAS_MARGIN,
				  KFRAG_CANVAS_LINE - 6, "", words, length);
		canvas->y += KFRAG_CANVAS_LINE;
		words += length;
		left -= length;
		if (left > 0 && *words == ' ') {
			words++;
			left--;
		}
	}
}
