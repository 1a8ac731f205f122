// SPDX-License-Identifier: MIT
/*
 * Text from outside on its way into a script.
 */
#include <stdarg.h>
#include <string.h>

#include "kfrag/text.h"
#include "output/fit.h"
#include "output/plot_frame.h"

/* Bytes of a character of valid UTF-8. */
static size_t character_bytes(const char *text)
{
	unsigned char first = (unsigned char)*text;

	if (first < 0xc0)
		return 1;
	if (first < 0xe0)
		return 2;
	return first < 0xf0 ? 3 : 4;
}

/*
 * Whether any font has it: Latin, Greek, Cyrillic (below U+0530), and from
 * punctuation to shapes (U+2000 to U+25FF).
 */
static bool is_common(const char *text)
{
	unsigned char first = (unsigned char)text[0];
	unsigned char second = (unsigned char)text[1];

	if (first < 0xd4 || (first == 0xd4 && second < 0xb0))
		return true;
	return first == 0xe2 && second < 0x98;
}

/* Other characters as the bytes they are. NULL: no memory. */
static char *spell(struct kfrag_plot_frame *frame, const char *text)
{
	static const char digits[] = "0123456789abcdef";
	char *spelled, *at;

	spelled = kfrag_scratch_reserve(&frame->spelled,
					KFRAG_TEXT_ESCAPED_SIZE(strlen(text)));
	if (!spelled)
		return NULL;
	at = spelled;
	while (*text) {
		size_t bytes = character_bytes(text);

		if (is_common(text)) {
			memcpy(at, text, bytes);
			at += bytes;
			text += bytes;
			continue;
		}
		for (; bytes > 0; bytes--, text++) {
			*at++ = '\\';
			*at++ = 'x';
			*at++ = digits[(unsigned char)*text >> 4];
			*at++ = digits[(unsigned char)*text & 15];
		}
	}
	*at = '\0';
	return spelled;
}

/* Itself; other terminals hand the text to what shows it. */
static bool terminal_draws_glyphs(enum kfrag_plot_terminal terminal)
{
	return terminal == KFRAG_PLOT_PNG || terminal == KFRAG_PLOT_PDF ||
	       terminal == KFRAG_PLOT_GIF;
}

/*
 * The text escaped and shortened, "" after an error. Lives until the next.
 * What cairo has no glyph for it draws as a box some hundred times too large.
 */
static const char *shown_text(struct kfrag_plot_frame *frame, const char *text,
			      size_t bytes, unsigned max_chars)
{
	enum kfrag_plot_terminal terminal = frame->page->style.terminal;
	char *shown = kfrag_scratch_escape(&frame->writer.escaped, text, bytes);

	if (shown && terminal_draws_glyphs(terminal))
		shown = spell(frame, shown);
	if (!shown) {
		frame->error = KFRAG_ENOMEM;
		return "";
	}
	if (max_chars > 0)
		kfrag_fit_shorten(shown, max_chars);
	return shown;
}

void kfrag_plot_quote(struct kfrag_plot_frame *frame, const char *text,
		      size_t bytes, unsigned max_chars)
{
	const char *shown = shown_text(frame, text, bytes, max_chars);
	bool is_gif = frame->page->style.terminal == KFRAG_PLOT_GIF;

	kfrag_writer_char(&frame->writer, '\'');
	for (; *shown; shown++) {
		/*
		 * A quote could be doubled but for two in a row or one in
		 * front, which end the string; and behind an odd number of
		 * them @name is a macro. Nothing else has a meaning here.
		 */
		if (*shown == '\'')
			kfrag_writer_text(&frame->writer, "'.\"'\".'");
		else if (*shown == '@')
			kfrag_writer_text(&frame->writer, "'.\"@\".'");
		else if (*shown == '&' && is_gif)
			/* libgd reads text as HTML does. */
			kfrag_writer_text(&frame->writer, "&amp;");
		else
			kfrag_writer_char(&frame->writer, *shown);
	}
	kfrag_writer_char(&frame->writer, '\'');
}

unsigned kfrag_plot_width(struct kfrag_plot_frame *frame, const char *text,
			  size_t bytes, unsigned max_chars)
{
	return (unsigned)kfrag_fit_width(
		shown_text(frame, text, bytes, max_chars));
}

void kfrag_plot_label(struct kfrag_plot_frame *frame, const char *text,
		      size_t bytes, unsigned max_chars,
		      enum kfrag_plot_colour colour, const char *place, ...)
{
	va_list args;

	kfrag_writer_text(&frame->writer, "set label ");
	kfrag_plot_quote(frame, text, bytes, max_chars);
	kfrag_writer_char(&frame->writer, ' ');
	kfrag_writer_flush(&frame->writer);
	va_start(args, place);
	(void)vfprintf(frame->writer.stream, place, args);
	va_end(args);
	kfrag_plot_format(frame, " front noenhanced textcolor rgb '%s'\n",
			  kfrag_plot_colour(frame, colour));
}
