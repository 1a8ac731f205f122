// SPDX-License-Identifier: MIT
/*
 * Scripts of maps: their data, what they say, and that maps fit their pages.
 */
#include "kfrag/plot_map.h"

#include <inttypes.h>
#include <stdio.h>

#include "capture.h"
#include "expect.h"
#include "fixture_report.h"
#include "output/map_pair.h"
#include "output/map_panels.h"

Suite *plot_map_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ------------------------------------------------------------------- sizes */

static const struct {
	unsigned side, max_order, order;
} orders[] = {
	{ 0, 8, 0 },   { 1, 8, 0 },   { 2, 8, 1 },   { 3, 8, 0 },
	{ 4, 8, 2 },   { 255, 8, 6 }, { 256, 8, 8 }, { 383, 8, 8 },
	{ 384, 8, 7 }, { 511, 8, 7 }, { 512, 8, 8 }, { 5000, 8, 8 },
	{ 512, 3, 3 },
};

START_TEST(orders_make_use_of_the_side)
{
	unsigned order =
		kfrag_panels_pixel_order(orders[_i].side, orders[_i].max_order);

	ck_assert_uint_eq(order, orders[_i].order);
}
END_TEST

/* What a picture of a whole grid would be like. */
static struct kfrag_map_picture whole_picture(struct kfrag_map_grid grid)
{
	return (struct kfrag_map_picture){
		.width = (grid.shape == KFRAG_MAP_WIDE ? 2u : 1u)
			 << grid.max_order,
		.height = 1u << grid.max_order,
	};
}

START_TEST(pairs_fit_their_pages)
{
	struct kfrag_plot_style style = { .terminal = KFRAG_PLOT_PNG };

	for (style.width = 600; style.width < 3000; style.width += 37) {
		for (style.height = 320; style.height < 2000;
		     style.height += 41) {
			unsigned side =
				kfrag_map_pair_side(style.width, style.height);
			struct kfrag_map_grid grid =
				kfrag_plot_map_grid(&style);
			struct kfrag_map_picture picture = whole_picture(grid);
			unsigned scale = kfrag_panels_scale(&picture, side);

			EXPECT_EQ(grid.shape, KFRAG_MAP_SQUARE);
			EXPECT(kfrag_map_grid_bins(grid) >=
			       (size_t)picture.width * picture.height);
			EXPECT_EQ(kfrag_map_grid_bins(grid) >>
					  2 * grid.close_up_order >> 4,
				  1);
			EXPECT(style.width >= grid.min_width);
			EXPECT(style.height >= grid.min_height);
			EXPECT(picture.width * scale <= side);
			/* More than half of it is used. */
			EXPECT(2 * picture.width * scale > side);
			EXPECT(KFRAG_MAP_PAIR_WIDTH(side) <= style.width);
			EXPECT(KFRAG_MAP_PAIR_HEIGHT(side) <= style.height);
		}
	}
}
END_TEST

START_TEST(text_fits_its_page)
{
	struct kfrag_plot_style style = { .terminal = KFRAG_PLOT_TEXT };

	for (style.width = 52; style.width < 300; style.width++) {
		for (style.height = 12; style.height < 90; style.height++) {
			struct kfrag_map_grid grid =
				kfrag_plot_map_grid(&style);
			struct kfrag_map_picture picture = whole_picture(grid);

			EXPECT_EQ(grid.shape, KFRAG_MAP_WIDE);
			EXPECT(style.width >= grid.min_width);
			EXPECT(style.height >= grid.min_height);
			EXPECT(2 * picture.width + 3 <= style.width);
			/* Title, caption, heading, four kinds, command. */
			EXPECT(picture.height + 8 <= style.height);
		}
	}
}
END_TEST

START_TEST(films_have_few_frames)
{
	struct kfrag_plot_style film = { .terminal = KFRAG_PLOT_GIF };
	struct kfrag_plot_style stills = { .terminal = KFRAG_PLOT_SVG };

	for (uint64_t r = 1; r <= KFRAG_CHURN_MAX_ROUNDS; r++) {
		unsigned frames = kfrag_plot_churn_frames_per_fill(&film, r);

		ck_assert_uint_ge(frames, 1);
		ck_assert_uint_le(r * (frames + 1), KFRAG_CHURN_MAX_FRAMES);
		ck_assert_uint_eq(kfrag_plot_churn_frames_per_fill(&stills, r),
				  1);
	}
	ck_assert_uint_eq(kfrag_plot_churn_frames_per_fill(&film, 4), 8);
}
END_TEST

/* ----------------------------------------------------------------- scripts */

/* A picture of 16 pages: 10 live, 3 idle, 1 tail, 2 free. */
static void make_picture(struct kfrag_map_picture *picture,
			 enum kfrag_map_shape shape)
{
	struct kfrag_memory_map map;

	EXPECT(!kfrag_memory_map_init(&map, 16, 16));
	kfrag_memory_map_begin(&map);
	kfrag_memory_map_add(&map, KFRAG_PAGE_IDLE, 2, 3);
	kfrag_memory_map_add(&map, KFRAG_PAGE_TAIL, 7, 1);
	kfrag_memory_map_add(&map, KFRAG_PAGE_FREE, 14, 2);
	kfrag_memory_map_end(&map, KFRAG_PAGE_LIVE);
	EXPECT(!kfrag_map_picture_init(picture, &map, shape, 2));
	kfrag_memory_map_release(&map);
}

static unsigned count(const char *text, const char *word)
{
	unsigned nr_found = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		nr_found++;
	return nr_found;
}

/* Digits 0..4 in the data block that starts here; returns its end. */
static const char *count_cells(const char *block, unsigned cells[5])
{
	const char *end = strstr(block, "\nEOD\n");

	EXPECT(end);
	block = strchr(block, '\n');
	for (; block < end; block++)
		if (*block >= '0' && *block <= '4')
			cells[*block - '0']++;
	return end;
}

static void write_map(struct capture *capture,
		      const struct kfrag_plot_style *style)
{
	struct kfrag_plot_maps maps = { 0 };
	const struct kfrag_plot_page page = {
		.style = *style,
		.title = FIXTURE_SOURCE,
		.command = "kfrag plot map 'x'",
	};
	struct kfrag_report report;

	fixture_report_sane(&report);
	for (int a = 0; a < KFRAG_KERNEL; a++)
		make_picture(&maps.pictures[a],
			     style->terminal == KFRAG_PLOT_TEXT ?
				     KFRAG_MAP_WIDE :
				     KFRAG_MAP_SQUARE);
	capture_begin(capture);
	ck_assert(!kfrag_plot_write_map(capture->out, &page, &report, &maps));
	(void)capture_end(capture);
	for (int a = 0; a < KFRAG_KERNEL; a++)
		kfrag_map_picture_release(&maps.pictures[a]);
	kfrag_report_release(&report);
}

/* SVG has each cell as often as it has pixels: 128 by 128 here. */
START_TEST(data_is_the_map)
{
	struct kfrag_plot_style style = {
		.terminal = (enum kfrag_plot_terminal)_i,
		.is_dark = _i % 2,
	};
	unsigned repeat = _i == KFRAG_PLOT_SVG ? 128 * 128 : 1;
	static const unsigned wanted[5] = { 2, 10, 3, 1, 0 };
	struct capture capture;
	const char *at;

	write_map(&capture, &style);
	at = capture.text;
	for (unsigned a = 0; a < KFRAG_KERNEL; a++) {
		unsigned cells[5] = { 0 };
		char name[16];

		(void)snprintf(name, sizeof(name), "$map%u << EOD\n", a);
		at = strstr(at, name);
		ck_assert_ptr_nonnull(at);
		at = count_cells(at, cells);
		for (int k = 0; k < 5; k++)
			ck_assert_uint_eq(cells[k], wanted[k] * repeat);
	}
	ck_assert_uint_eq(count(capture.text, "2 free 10 live 3 idle 1 tail; "
					      "1 per cell\n"),
			  2);
	ck_assert_uint_eq(count(capture.text, "\nplot "), 1);
	/* Live pages of a 4 KiB each, in both tables. */
	ck_assert_uint_eq(count(capture.text, "'40.0 KiB'"), 2);
	ck_assert_uint_eq(count(capture.text, "'62.5 %'"), 2);
	/* The title is as bad as can be, and stays within its quotes. */
	ck_assert_ptr_nonnull(
		strstr(capture.text, "'dir/a \"b\\c\"\\x0a\\xff.slabinfo'"));
	capture_release(&capture);
}
END_TEST

START_TEST(text_has_the_marks)
{
	struct kfrag_plot_style style = { .terminal = KFRAG_PLOT_TEXT };
	struct capture capture;

	write_map(&capture, &style);
	/* Along the curve, in the left one of two squares. */
	ck_assert_uint_eq(count(capture.text, "'##..    '"), 2);
	ck_assert_uint_eq(count(capture.text, "'oo##    '"), 2);
	ck_assert_uint_eq(count(capture.text, "'o+##    '"), 2);
	ck_assert_uint_eq(count(capture.text, "'####    '"), 2);
	ck_assert_uint_eq(count(capture.text, "# live"), 2);
	ck_assert_uint_eq(count(capture.text, ". free"), 2);
	ck_assert_uint_eq(count(capture.text, "buddy + slab"), 1);
	ck_assert_uint_eq(count(capture.text, "$map"), 0);
	capture_release(&capture);
}
END_TEST

/* ------------------------------------------------------------------- churn */

#define MAX_FRAMES 64

static size_t make_frames(struct kfrag_churn_frame *frames, uint64_t rounds,
			  unsigned frames_per_fill, enum kfrag_map_shape shape)
{
	size_t nr_frames = 0;

	for (uint64_t r = 0; r < rounds; r++) {
		for (unsigned f = 1; f <= frames_per_fill + 1; f++) {
			struct kfrag_churn_frame *frame = &frames[nr_frames++];
			bool settled = f > frames_per_fill;

			EXPECT(nr_frames <= MAX_FRAMES);
			frame->moment = (struct kfrag_map_moment){
				.round = r,
				.state = settled ? KFRAG_SETTLED : KFRAG_PEAK,
				.frame = settled ? 0 : f,
				.nr_frames = frames_per_fill,
			};
			for (int a = 0; a < KFRAG_KERNEL; a++)
				make_picture(&frame->pictures[a], shape);
		}
	}
	return nr_frames;
}

static void write_churn(struct capture *capture,
			const struct kfrag_plot_style *style, uint64_t rounds,
			unsigned frames_per_fill)
{
	static struct kfrag_churn_frame frames[MAX_FRAMES];
	const struct kfrag_plot_page page = {
		.style = *style,
		.title = "a capture",
		.command = "kfrag plot churn",
	};
	struct kfrag_report report;
	size_t nr_frames = make_frames(frames, rounds, frames_per_fill,
				       style->terminal == KFRAG_PLOT_TEXT ?
					       KFRAG_MAP_WIDE :
					       KFRAG_MAP_SQUARE);

	fixture_report_sane(&report);
	report.rounds = rounds;
	capture_begin(capture);
	ck_assert(!kfrag_plot_write_churn(capture->out, &page, &report, frames,
					  nr_frames));
	(void)capture_end(capture);
	for (size_t i = 0; i < nr_frames; i++)
		for (int a = 0; a < KFRAG_KERNEL; a++)
			kfrag_map_picture_release(&frames[i].pictures[a]);
	kfrag_report_release(&report);
}

START_TEST(films_have_a_plot_per_frame)
{
	struct kfrag_plot_style style = { .terminal = KFRAG_PLOT_GIF };
	struct capture capture;

	write_churn(&capture, &style, 3, 4);
	ck_assert_uint_eq(count(capture.text, "\nplot "), 15);
	ck_assert_uint_eq(count(capture.text, "# 15 frames\n"), 1);
	ck_assert_uint_eq(count(capture.text, "'round 2 of 3, filling 1/4'"),
			  1);
	ck_assert_uint_eq(count(capture.text, "'round 2 of 3, peak'"), 1);
	ck_assert_uint_eq(count(capture.text, "'round 3 of 3, settled'"), 1);
	ck_assert_uint_eq(count(capture.text, "set terminal gif animate"), 1);
	/* Labels of a frame take the places of those of the last. */
	ck_assert_uint_eq(count(capture.text, "set label 1000 "), 15);
	capture_release(&capture);
}
END_TEST

/* Rounds of which there are stills, as numbers; of the widest page. */
static const struct {
	uint64_t rounds;
	const char *shown; /* what follows "round " */
} stills[] = {
	{ 1, "1" },   { 2, "12" },  { 3, "123" },
	{ 4, "124" }, { 5, "135" }, { 9, "159" },
};

START_TEST(stills_are_of_the_first_and_the_last_round)
{
	static const struct kfrag_plot_style styles[] = {
		{ .terminal = KFRAG_PLOT_PNG },
		{ .terminal = KFRAG_PLOT_PNG, .width = 800, .height = 500 },
		{ .terminal = KFRAG_PLOT_SCRIPT },
		{ .terminal = KFRAG_PLOT_TEXT },
	};
	const char *shown = stills[_i].shown;
	size_t nr_shown = strlen(shown);

	for (size_t s = 0; s < NR_OF(styles); s++) {
		struct capture capture;
		char word[40];

		write_churn(&capture, &styles[s], stills[_i].rounds, 1);
		for (char r = '1'; r <= '9'; r++) {
			const char *place = strchr(shown, r);
			bool is_there = place &&
					(s == 0 || place == shown || !place[1]);

			(void)snprintf(word, sizeof(word), "'round %c, peak'",
				       r);
			ck_assert_uint_eq(count(capture.text, word), is_there);
			(void)snprintf(word, sizeof(word),
				       "'round %c, settled'", r);
			ck_assert_uint_eq(count(capture.text, word), is_there);
		}
		if (s == 0)
			ck_assert_uint_eq(count(capture.text, " << EOD\n"),
					  nr_shown * 4);
		ck_assert_uint_eq(count(capture.text, "\nplot "), 1);
		capture_release(&capture);
	}
}
END_TEST

START_TEST(full_disks_are_noticed)
{
	struct kfrag_plot_maps maps = { 0 };
	const struct kfrag_plot_page page = { .title = "", .command = "" };
	struct full_stream stream;
	struct kfrag_report report;

	fixture_report_empty(&report);
	for (int a = 0; a < KFRAG_KERNEL; a++)
		make_picture(&maps.pictures[a], KFRAG_MAP_SQUARE);
	full_stream_open(&stream);
	ck_assert_int_eq(kfrag_plot_write_map(stream.out, &page, &report,
					      &maps),
			 KFRAG_EIO);
	(void)fclose(stream.out);
	for (int a = 0; a < KFRAG_KERNEL; a++)
		kfrag_map_picture_release(&maps.pictures[a]);
	kfrag_report_release(&report);
}
END_TEST

Suite *plot_map_suite(void)
{
	Suite *suite = suite_create("plot_map");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, orders_make_use_of_the_side, 0,
			    NR_OF(orders));
	tcase_add_test(core, pairs_fit_their_pages);
	tcase_add_test(core, text_fits_its_page);
	tcase_add_test(core, films_have_few_frames);
	tcase_add_test(core, text_has_the_marks);
	tcase_add_loop_test(core, data_is_the_map, KFRAG_PLOT_PNG,
			    KFRAG_NR_PLOT_TERMINALS);
	tcase_add_test(core, films_have_a_plot_per_frame);
	tcase_add_loop_test(core, stills_are_of_the_first_and_the_last_round, 0,
			    NR_OF(stills));
	tcase_add_test(core, full_disks_are_noticed);
	suite_add_tcase(suite, core);
	return suite;
}
