// SPDX-License-Identifier: MIT
/* Text, colours, axes and heads of scripts for gnuplot. */
#include "output/plot_frame.h"

#include <string.h>

#include "capture.h"
#include "expect.h"

Suite *plot_frame_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

struct frame {
	struct kfrag_plot_page page;
	struct kfrag_plot_frame frame;
	struct capture capture;
	size_t head_bytes; /* of what was written at the start */
};

static void frame_begin(struct frame *frame, enum kfrag_plot_terminal terminal,
			bool is_dark)
{
	frame->page = (struct kfrag_plot_page){
		.style = { .terminal = terminal, .is_dark = is_dark },
		.title = "a title",
		.command = "kfrag plot",
	};
	capture_begin(&frame->capture);
	kfrag_plot_begin(&frame->frame, frame->capture.out, &frame->page,
			 KFRAG_PLOT_SIZE);
	kfrag_writer_flush(&frame->frame.writer);
	ck_assert_int_eq(fflush(frame->capture.out), 0);
	frame->head_bytes = frame->capture.bytes;
}

/* What came behind the head. */
static const char *frame_end(struct frame *frame)
{
	ck_assert_int_eq(kfrag_plot_end(&frame->frame), KFRAG_OK);
	return capture_end(&frame->capture) + frame->head_bytes;
}

#define TEXT(literal) (literal), sizeof(literal) - 1

static const struct quote {
	const char *text;
	size_t bytes;
	unsigned max_chars;
	enum kfrag_plot_terminal terminal;
	const char *want;
} quotes[] = {
	{ TEXT(""), 0, KFRAG_PLOT_SVG, "''" },
	{ TEXT("dentry"), 0, KFRAG_PLOT_SVG, "'dentry'" },
	{ TEXT("x\";system(\"touch pwned\");\""), 0, KFRAG_PLOT_SVG,
	  "'x\";system(\"touch pwned\");\"'" },
	{ TEXT("a_b^c{} `id` $(id) #%d\\"), 0, KFRAG_PLOT_SVG,
	  "'a_b^c{} `id` $(id) #%d\\'" },
	/* Two of them in a row, and one in front, are more than doubled. */
	{ TEXT("it's"), 0, KFRAG_PLOT_SVG, "'it'.\"'\".'s'" },
	{ TEXT("''"), 0, KFRAG_PLOT_SVG, "''.\"'\".''.\"'\".''" },
	{ TEXT("'@GPVAL_TERM"), 0, KFRAG_PLOT_SVG,
	  "''.\"'\".''.\"@\".'GPVAL_TERM'" },
	{ TEXT("a\nb\t\0\x7f"), 0, KFRAG_PLOT_SVG, "'a\\x0ab\\x09\\x00\\x7f'" },
	{ TEXT("bad\xff\xfe"), 0, KFRAG_PLOT_SVG, "'bad\\xff\\xfe'" },
	{ TEXT("abcdefghijkl"), 7, KFRAG_PLOT_SVG, "'abcd~kl'" },
	/* Where glyphs are drawn, rare ones are spelled. */
	{ TEXT("gr\303\274n \342\202\254 \320\257 \342\224\202"), 0,
	  KFRAG_PLOT_PNG, "'gr\303\274n \342\202\254 \320\257 \342\224\202'" },
	{ TEXT("\324\257\324\260"), 0, KFRAG_PLOT_PNG, "'\324\257\\xd4\\xb0'" },
	{ TEXT("\360\237\220\247"), 0, KFRAG_PLOT_PDF,
	  "'\\xf0\\x9f\\x90\\xa7'" },
	{ TEXT("\360\237\220\247"), 0, KFRAG_PLOT_SVG, "'\360\237\220\247'" },
	{ TEXT("\346\227\245x"), 0, KFRAG_PLOT_GIF, "'\\xe6\\x97\\xa5x'" },
	{ TEXT("<&lt;>"), 0, KFRAG_PLOT_GIF, "'<&amp;lt;>'" },
	{ TEXT("<&lt;>"), 0, KFRAG_PLOT_PNG, "'<&lt;>'" },
};

START_TEST(quoted_text)
{
	const struct quote *quote = &quotes[_i];
	struct frame frame;

	frame_begin(&frame, quote->terminal, false);
	kfrag_plot_quote(&frame.frame, quote->text, quote->bytes,
			 quote->max_chars);
	ck_assert_str_eq(frame_end(&frame), quote->want);
	capture_release(&frame.capture);
}
END_TEST

START_TEST(label)
{
	struct frame frame;

	frame_begin(&frame, KFRAG_PLOT_SVG, true);
	kfrag_plot_label(&frame.frame, TEXT("it's"), 0, KFRAG_COLOUR_TEXT,
			 "at graph 0, first %d right", 3);
	ck_assert_str_eq(frame_end(&frame),
			 "set label 'it'.\"'\".'s' at graph 0, first 3 right "
			 "front noenhanced textcolor rgb '#EEEEEE'\n");
	capture_release(&frame.capture);
}
END_TEST

START_TEST(width)
{
	struct frame frame;

	frame_begin(&frame, KFRAG_PLOT_SVG, false);
	ck_assert_uint_eq(kfrag_plot_width(&frame.frame, TEXT("dentry"), 40),
			  6);
	ck_assert_uint_eq(kfrag_plot_width(&frame.frame, TEXT("a\n"), 0), 5);
	ck_assert_uint_eq(
		kfrag_plot_width(&frame.frame, TEXT("gr\303\274n"), 0), 4);
	ck_assert_uint_eq(kfrag_plot_width(&frame.frame, TEXT("abcdefgh"), 5),
			  5);
	(void)frame_end(&frame);
	capture_release(&frame.capture);
}
END_TEST

/* Luma of "#rrggbb", in thousandths of 0..255 (Rec. 601). */
static int luma(const char *colour)
{
	long value = strtol(colour + 1, NULL, 16);

	ck_assert_uint_eq(strlen(colour), 7);
	return (int)((value >> 16) * 299 + (value >> 8 & 255) * 587 +
		     (value & 255) * 114);
}

static void apart(const char *a, const char *b)
{
	ck_assert_msg(abs(luma(a) - luma(b)) >= 40000, "%s %s", a, b);
}

/* Whatever touches differs on grey paper. _i: the theme. */
START_TEST(colours)
{
	static const enum kfrag_plot_colour pairs[][2] = {
		{ KFRAG_COLOUR_LIVE, KFRAG_COLOUR_IDLE },
		{ KFRAG_COLOUR_LIVE, KFRAG_COLOUR_TAIL },
		{ KFRAG_COLOUR_IDLE, KFRAG_COLOUR_TAIL },
		{ KFRAG_COLOUR_LIVE, KFRAG_COLOUR_FREE },
		{ KFRAG_COLOUR_IDLE, KFRAG_COLOUR_FREE },
		{ KFRAG_COLOUR_TAIL, KFRAG_COLOUR_FREE },
		{ KFRAG_COLOUR_LIVE, KFRAG_COLOUR_PAPER },
		{ KFRAG_COLOUR_TAIL, KFRAG_COLOUR_PAPER },
		{ KFRAG_COLOUR_BUDDY_PEAK, KFRAG_COLOUR_BUDDY },
		{ KFRAG_COLOUR_BUDDY, KFRAG_COLOUR_SLAB_PEAK },
		{ KFRAG_COLOUR_SLAB_PEAK, KFRAG_COLOUR_SLAB },
		{ KFRAG_COLOUR_BUDDY, KFRAG_COLOUR_SLAB },
		{ KFRAG_COLOUR_GREW, KFRAG_COLOUR_SHRANK },
		{ KFRAG_COLOUR_GREW, KFRAG_COLOUR_KERNEL },
		{ KFRAG_COLOUR_SHRANK, KFRAG_COLOUR_KERNEL },
		{ KFRAG_COLOUR_TEXT, KFRAG_COLOUR_PAPER },
		{ KFRAG_COLOUR_FAINT, KFRAG_COLOUR_PAPER },
	};
	struct frame frame;

	frame_begin(&frame, KFRAG_PLOT_SVG, _i == 1);
	for (size_t i = 0; i < NR_OF(pairs); i++)
		apart(kfrag_plot_colour(&frame.frame, pairs[i][0]),
		      kfrag_plot_colour(&frame.frame, pairs[i][1]));
	for (unsigned i = 1; i < KFRAG_PLOT_NR_SERIES; i++)
		apart(kfrag_plot_series_colour(&frame.frame, i - 1),
		      kfrag_plot_series_colour(&frame.frame, i));
	apart(kfrag_plot_series_colour(&frame.frame, KFRAG_PLOT_NR_SERIES - 1),
	      kfrag_plot_colour(&frame.frame, KFRAG_COLOUR_OTHERS));
	(void)frame_end(&frame);
	capture_release(&frame.capture);
}
END_TEST

static const char *const terminals[KFRAG_NR_PLOT_TERMINALS] = {
	[KFRAG_PLOT_SCRIPT] = NULL,
	[KFRAG_PLOT_TEXT] = "set terminal dumb size 80, 24 noenhanced\n",
	[KFRAG_PLOT_PNG] = "set terminal pngcairo size 800, 500 ",
	[KFRAG_PLOT_SVG] = "set terminal svg size 800, 500 ",
	[KFRAG_PLOT_PDF] = "set terminal pdfcairo size 8.33in, 5.20in ",
	[KFRAG_PLOT_GIF] = "set terminal gif size 800, 500 ",
};

/* _i: the terminal. A script leaves it to whoever runs it. */
START_TEST(terminal_lines)
{
	const char *text;
	struct frame frame;

	frame_begin(&frame, (enum kfrag_plot_terminal)_i, false);
	text = frame_end(&frame) - frame.head_bytes;
	if (terminals[_i])
		ck_assert_ptr_nonnull(strstr(text, terminals[_i]));
	else
		ck_assert_ptr_null(strstr(text, "set terminal"));
	ck_assert_ptr_null(strstr(text, "set output"));
	ck_assert_ptr_nonnull(strstr(text, "'a title'"));
	ck_assert_ptr_nonnull(strstr(text, "'kfrag plot'"));
	ck_assert_ptr_nonnull(strstr(text, "GPVAL_VERSION < 5.2"));
	capture_release(&frame.capture);
}
END_TEST

START_TEST(terminal_find)
{
	static const struct {
		const char *path;
		enum kfrag_plot_terminal terminal;
	} known[] = {
		{ "a.png", KFRAG_PLOT_PNG },  { "a.b/c.SVG", KFRAG_PLOT_SVG },
		{ ".pdf", KFRAG_PLOT_PDF },   { "a.png.gif", KFRAG_PLOT_GIF },
		{ "x.txt", KFRAG_PLOT_TEXT }, { "x.gp", KFRAG_PLOT_SCRIPT },
	};
	static const char *const unknown[] = { "",	 "png",	    "a.jpg",
					       "a.png~", "a.png/b", "a." };
	enum kfrag_plot_terminal terminal = KFRAG_PLOT_GIF;

	for (size_t i = 0; i < NR_OF(unknown); i++)
		ck_assert(!kfrag_plot_terminal_find(unknown[i], &terminal));
	ck_assert_int_eq(terminal, KFRAG_PLOT_GIF);
	for (size_t i = 0; i < NR_OF(known); i++) {
		ck_assert(kfrag_plot_terminal_find(known[i].path, &terminal));
		ck_assert_int_eq(terminal, known[i].terminal);
	}
}
END_TEST

START_TEST(byte_tics)
{
	struct frame frame;

	frame_begin(&frame, KFRAG_PLOT_SVG, false);
	kfrag_plot_byte_tics(&frame.frame, "x", 5 * KFRAG_MIB, 6);
	kfrag_plot_byte_tics(&frame.frame, "x", 1, 6);
	kfrag_plot_byte_tics_from(&frame.frame, "y", 33 * KFRAG_MIB,
				  34 * KFRAG_MIB, 4);
	kfrag_plot_log_byte_tics(&frame.frame, "y", KFRAG_KIB, KFRAG_MIB, 5);
	ck_assert_str_eq(frame_end(&frame),
			 "set xtics noenhanced ('0 B' 0, '1 MiB' 1048576, "
			 "'2 MiB' 2097152, '3 MiB' 3145728, '4 MiB' 4194304, "
			 "'5 MiB' 5242880)\n"
			 "set xtics noenhanced ('0 B' 0, '1 B' 1)\n"
			 "set ytics noenhanced ('33.0 MiB' 34603008, "
			 "'33.2 MiB' 34865152, '33.5 MiB' 35127296, "
			 "'33.8 MiB' 35389440, '34.0 MiB' 35651584)\n"
			 "set logscale y 2\nset ytics noenhanced "
			 "('1 KiB' 1024, '32 KiB' 32768, '1 MiB' 1048576)\n");
	capture_release(&frame.capture);
}
END_TEST

/* Items that do not fit a line go to the next; none is left out. */
START_TEST(legend)
{
	static const char name[] = "a name of some thirty characters";
	struct kfrag_plot_legend_item items[9];
	unsigned nr_labels = 0, nr_lines;
	const char *text;
	struct frame frame;

	for (size_t i = 0; i < NR_OF(items); i++)
		items[i] = (struct kfrag_plot_legend_item){ name,
							    sizeof(name) - 1,
							    "#000000" };
	frame_begin(&frame, KFRAG_PLOT_PNG, false);
	ck_assert_uint_eq(kfrag_plot_legend(&frame.frame, items, 1), 1);
	nr_lines = kfrag_plot_legend(&frame.frame, items, NR_OF(items));
	text = frame_end(&frame);
	ck_assert_uint_eq(nr_lines, 5);
	for (; (text = strstr(text, "set label '")) != NULL; text++)
		nr_labels++;
	ck_assert_uint_eq(nr_labels, 10);
	capture_release(&frame.capture);
}
END_TEST

START_TEST(failed_write)
{
	const struct kfrag_plot_page page = { .title = "t", .command = "c" };
	struct kfrag_plot_frame frame;
	struct full_stream stream;

	full_stream_open(&stream);
	kfrag_plot_begin(&frame, stream.out, &page, KFRAG_PLOT_SIZE);
	ck_assert_int_eq(kfrag_plot_end(&frame), KFRAG_EIO);
	fclose(stream.out);
}
END_TEST

/* The first error is what comes out. */
START_TEST(failed_before)
{
	struct frame frame;

	frame_begin(&frame, KFRAG_PLOT_SVG, false);
	frame.frame.error = KFRAG_ENOMEM;
	ck_assert_int_eq(kfrag_plot_end(&frame.frame), KFRAG_ENOMEM);
	(void)capture_end(&frame.capture);
	capture_release(&frame.capture);
}
END_TEST

Suite *plot_frame_suite(void)
{
	Suite *suite = suite_create("plot_frame");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	tcase_add_loop_test(core, quoted_text, 0, NR_OF(quotes));
	tcase_add_test(core, label);
	tcase_add_test(core, width);
	tcase_add_loop_test(core, colours, 0, 2);
	tcase_add_loop_test(core, terminal_lines, 0, KFRAG_NR_PLOT_TERMINALS);
	tcase_add_test(core, terminal_find);
	tcase_add_test(core, byte_tics);
	tcase_add_test(core, legend);
	tcase_add_test(core, failed_write);
	tcase_add_test(core, failed_before);
	return suite;
}
