// SPDX-License-Identifier: MIT
#include "output/grid.h"

#include "capture.h"
#include "expect.h"

Suite *grid_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

static const struct kfrag_grid_column columns[] = {
	{ .heading = "NAME", .shortens = true },
	{ .heading = "FIRST", .right = true, .rank = 1 },
	{ .heading = "SECOND", .right = true, .rank = 3 },
	{ .heading = "THIRD", .right = true },
	{ .heading = "LAST", .rank = 2 },
};

static void fill(struct kfrag_grid *grid)
{
	static const char *const cells[] = {
		"dentry", "1", "22,222,222",
		"3",	  "x", "an_inode_cache_of_28_letters",
		"1,111",  "2", "333 B",
		"",
	};

	kfrag_grid_init(grid, columns, NR_OF(columns));
	for (size_t i = 0; i < NR_OF(cells); i++)
		kfrag_grid_add(grid, cells[i]);
	kfrag_grid_add_name(grid, "\xc3\xa9\n\xff", 4);
	for (int i = 0; i < 4; i++)
		kfrag_grid_add(grid, "-");
}

static const struct {
	unsigned width;
	size_t nr_shown;
	const char *text;
} fitted[] = {
	{ 80, 5,
	  "NAME                          FIRST      SECOND  THIRD  LAST\n"
	  "dentry                            1  22,222,222      3  x\n"
	  "an_inode_cache_of_28_letters  1,111           2  333 B\n"
	  "\303\251\\x0a\\xff                         -           -      -  -\n" },
	/* 60 is what it takes; then the gaps get narrow. */
	{ 60, 5,
	  "NAME                          FIRST      SECOND  THIRD  LAST\n"
	  "dentry                            1  22,222,222      3  x\n"
	  "an_inode_cache_of_28_letters  1,111           2  333 B\n"
	  "\303\251\\x0a\\xff                         -           -      -  -\n" },
	{ 59, 5,
	  "NAME                         FIRST     SECOND THIRD LAST\n"
	  "dentry                           1 22,222,222     3 x\n"
	  "an_inode_cache_of_28_letters 1,111          2 333 B\n"
	  "\303\251\\x0a\\xff                        -          -     - -\n" },
	/* Then names do, down to 20. */
	{ 55, 5,
	  "NAME                     FIRST      SECOND  THIRD  LAST\n"
	  "dentry                       1  22,222,222      3  x\n"
	  "an_inode_cache_~letters  1,111           2  333 B\n"
	  "\303\251\\x0a\\xff                    -           -      -  -\n" },
	{ 48, 5,
	  "NAME                 FIRST     SECOND THIRD LAST\n"
	  "dentry                   1 22,222,222     3 x\n"
	  "an_inode_cach~etters 1,111          2 333 B\n"
	  "\303\251\\x0a\\xff                -          -     - -\n" },
	/* Then columns go, the highest rank first. */
	{ 47, 4,
	  "NAME                         FIRST THIRD LAST\n"
	  "dentry                           1     3 x\n"
	  "an_inode_cache_of_28_letters 1,111 333 B\n"
	  "\303\251\\x0a\\xff                        -     - -\n" },
	{ 40, 4,
	  "NAME                  FIRST  THIRD  LAST\n"
	  "dentry                    1      3  x\n"
	  "an_inode_cach~etters  1,111  333 B\n"
	  "\303\251\\x0a\\xff                 -      -  -\n" },
	{ 36, 3,
	  "NAME                    FIRST  THIRD\n"
	  "dentry                      1      3\n"
	  "an_inode_cache~letters  1,111  333 B\n"
	  "\303\251\\x0a\\xff                   -      -\n" },
	{ 34, 3,
	  "NAME                  FIRST  THIRD\n"
	  "dentry                    1      3\n"
	  "an_inode_cach~etters  1,111  333 B\n"
	  "\303\251\\x0a\\xff                 -      -\n" },
	/* Then names go as far as it takes. */
	{ 12, 2,
	  "NAME   THIRD\n"
	  "den~y      3\n"
	  "an_~s  333 B\n"
	  "\303\251\\x~f      -\n" },
};

static struct kfrag_table_style style_of(unsigned width)
{
	return (struct kfrag_table_style){ .width = width };
}

START_TEST(fits_a_width)
{
	struct kfrag_table_style style = style_of(fitted[_i].width);
	struct capture capture;
	struct kfrag_grid grid;
	size_t nr_shown;

	fill(&grid);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_grid_write_fitted(&grid, capture.out, &style,
						 &nr_shown),
			 KFRAG_OK);
	ck_assert_str_eq(capture_end(&capture), fitted[_i].text);
	ck_assert_uint_eq(nr_shown, fitted[_i].nr_shown);
	capture_release(&capture);
	kfrag_grid_release(&grid);
}
END_TEST

/* Nothing is shortened or dropped: what has no room follows below. */
static const struct kfrag_grid_column numbers[] = {
	{ .heading = "ROW" },
	{ .heading = "0", .right = true },
	{ .heading = "1", .right = true },
	{ .heading = "2", .right = true },
	{ .heading = "TEN", .right = true },
};

static const struct {
	unsigned width;
	const char *text;
} folded[] = {
	{ 22, "ROW  0    1  2     TEN\n"
	      "one  7  100  0  12,345\n"
	      "two  0    0  0       1\n" },
	{ 21, "ROW 0   1 2    TEN\n"
	      "one 7 100 0 12,345\n"
	      "two 0   0 0      1\n" },
	{ 17, "ROW  0    1  2\n"
	      "one  7  100  0\n"
	      "two  0    0  0\n"
	      "ROW     TEN\n"
	      "one  12,345\n"
	      "two       1\n" },
	{ 10, "ROW 0   1\n"
	      "one 7 100\n"
	      "two 0   0\n"
	      "ROW  2\n"
	      "one  0\n"
	      "two  0\n"
	      "ROW    TEN\n"
	      "one 12,345\n"
	      "two      1\n" },
	/* One column at least, though it has no room. */
	{ 1, "ROW 0\n"
	     "one 7\n"
	     "two 0\n"
	     "ROW   1\n"
	     "one 100\n"
	     "two   0\n"
	     "ROW 2\n"
	     "one 0\n"
	     "two 0\n"
	     "ROW    TEN\n"
	     "one 12,345\n"
	     "two      1\n" },
};

static void fill_numbers(struct kfrag_grid *grid)
{
	static const char *const cells[] = { "one", "7", "100", "0", "12,345",
					     "two", "0", "0",	"0", "1" };

	kfrag_grid_init(grid, numbers, NR_OF(numbers));
	for (size_t i = 0; i < NR_OF(cells); i++)
		kfrag_grid_add(grid, cells[i]);
}

START_TEST(folds_at_a_width)
{
	struct kfrag_table_style style = style_of(folded[_i].width);
	struct capture capture;
	struct kfrag_grid grid;

	fill_numbers(&grid);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_grid_write_folded(&grid, capture.out, &style),
			 KFRAG_OK);
	ck_assert_str_eq(capture_end(&capture), folded[_i].text);
	capture_release(&capture);
	kfrag_grid_release(&grid);
}
END_TEST

START_TEST(whole_at_any_width)
{
	struct kfrag_table_style style = style_of(1);
	struct capture capture;
	struct kfrag_grid grid;

	fill(&grid);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_grid_write_whole(&grid, capture.out, &style),
			 KFRAG_OK);
	ck_assert_str_eq(capture_end(&capture), fitted[0].text);
	capture_release(&capture);
	kfrag_grid_release(&grid);
}
END_TEST

START_TEST(headings_alone)
{
	struct kfrag_table_style style = style_of(80);
	struct capture capture;
	struct kfrag_grid grid;

	kfrag_grid_init(&grid, numbers, NR_OF(numbers));
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_grid_write_whole(&grid, capture.out, &style),
			 KFRAG_OK);
	ck_assert_str_eq(capture_end(&capture), "ROW  0  1  2  TEN\n");
	capture_release(&capture);
	kfrag_grid_release(&grid);
}
END_TEST

START_TEST(bold_headings)
{
	struct kfrag_table_style style = { .width = 80, .colour = true };
	struct capture capture;
	struct kfrag_grid grid;

	fill_numbers(&grid);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_grid_write_whole(&grid, capture.out, &style),
			 KFRAG_OK);
	ck_assert_str_eq(capture_end(&capture),
			 "\033[1mROW  0    1  2     TEN\033[0m\n"
			 "one  7  100  0  12,345\n"
			 "two  0    0  0       1\n");
	capture_release(&capture);
	kfrag_grid_release(&grid);
}
END_TEST

/* Names that libsmartcols would cut, miscount or encode once more. */
START_TEST(odd_names_in_any_column)
{
	static const struct kfrag_grid_column odd[] = {
		{ .heading = "N", .right = true },
		{ .heading = "A" },
		{ .heading = "M", .right = true },
		{ .heading = "B" },
	};
	struct kfrag_table_style style = style_of(80);
	struct capture capture;
	struct kfrag_grid grid;

	kfrag_grid_init(&grid, odd, NR_OF(odd));
	kfrag_grid_add(&grid, "1");
	kfrag_grid_add_name(&grid, "\\x41", 4);
	kfrag_grid_add(&grid, "22");
	kfrag_grid_add_name(&grid, "\xe6\x97\xa5\xe6\x9c\xac", 6);
	kfrag_grid_add(&grid, "333");
	kfrag_grid_add_name(&grid, "\xcd\xb8\xee\x80\x80\xe2\x80\x8b", 8);
	kfrag_grid_add(&grid, "4");
	kfrag_grid_add_name(&grid, "\0 ", 2);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_grid_write_whole(&grid, capture.out, &style),
			 KFRAG_OK);
	ck_assert_str_eq(
		capture_end(&capture),
		"  N  A      M  B\n"
		"  1  \\x41  22  \xe6\x97\xa5\xe6\x9c\xac\n"
		"333  \xcd\xb8\xee\x80\x80\xe2\x80\x8b    4  \\x00 \n");
	capture_release(&capture);
	kfrag_grid_release(&grid);
}
END_TEST

Suite *grid_suite(void)
{
	Suite *suite = suite_create("grid");
	TCase *tc = tcase_create("grid");

	tcase_add_loop_test(tc, fits_a_width, 0, NR_OF(fitted));
	tcase_add_loop_test(tc, folds_at_a_width, 0, NR_OF(folded));
	tcase_add_test(tc, whole_at_any_width);
	tcase_add_test(tc, headings_alone);
	tcase_add_test(tc, bold_headings);
	tcase_add_test(tc, odd_names_in_any_column);
	suite_add_tcase(suite, tc);
	return suite;
}
