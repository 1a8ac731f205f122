// SPDX-License-Identifier: MIT
#include "kfrag/table.h"

#include "capture.h"
#include "expect.h"
#include "fixture_report.h"
#include "table_page.h"

Suite *table_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

static void assert_holds(const char *text, const char *part)
{
	if (!strstr(text, part))
		ck_abort_msg("'%s' is not in:\n%.4000s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		ck_abort_msg("'%s' is in:\n%.4000s", part, text);
}

/* --------------------------------------------------------- whole pages */

static const char sane_80[] =
	"capture: 2 caches, 446 objects of which 223 active\n"
	"pages of 4 KiB, 64 MiB managed, blocks up to order 3, policy lowest, "
	"seed 1\n"
	"\n"
	"MEMORY                  HELD      LIVE   ROUNDED      TAIL      IDLE  "
	" WASTE\n"
	"buddy only           892 KiB  47.0 KiB   845 KiB         -         -  "
	"94.7 %\n"
	"buddy + slab        88.0 KiB  47.0 KiB         -  1.89 KiB  39.1 KiB  "
	"46.6 %\n"
	"kernel's own        96.0 KiB  47.0 KiB         -  2.02 KiB  47.0 KiB  "
	"51.0 %\n"
	"buddy only, peak    1.74 MiB  94.0 KiB  1.65 MiB         -         -  "
	"94.7 %\n"
	"buddy + slab, peak  96.0 KiB  94.0 KiB         -  2.02 KiB       0 B  "
	" 2.1 %\n"
	"\n"
	"What the kernel's own slabs hold, and (BUDDY) what buddy only would "
	"hold:\n"
	"CACHE         SIZE  ACTIVE  TOTAL   USE      HELD      IDLE      TAIL "
	"    BUDDY\n"
	"dentry       192 B     210    420  50 %  80.0 KiB  39.4 KiB  1.25 KiB "
	"  840 KiB\n"
	"inode_cache  600 B      13     26  50 %  16.0 KiB  7.62 KiB     784 B "
	" 52.0 KiB\n"
	"(2 caches, by waste, most first; --sort, --cache)\n"
	"\n"
	"FREE MEMORY       FREE   LARGEST  EXTERNAL  UNUSABLE FOR 32 KiB\n"
	"buddy only    63.1 MiB  32.0 KiB    99.9 %                1.3 %\n"
	"buddy + slab  63.9 MiB  32.0 KiB    99.9 %                0.0 %\n"
	"(EXTERNAL: outside the largest block; UNUSABLE: in blocks too small "
	"for 32 KiB)\n"
	"\n"
	"FREE BY ORDER    0   1  2      3\n"
	"buddy only     105  60  0  1,992\n"
	"buddy + slab     2   0  0  2,045\n"
	"\n"
	"ACTIVITY      SPLITS  MERGES  SLABS MADE  RETURNED\n"
	"buddy only     1,234      56           -         -\n"
	"buddy + slab      19       2          22         2\n"
	"\n"
	"BITMAPS                       SIZE  BITS A PAGE  OF MEMORY\n"
	"buddy only                4.07 KiB         2.04  0.00621 %\n"
	"buddy + slab              4.24 KiB         2.12  0.00647 %\n"
	"a bit a block (textbook)  3.75 KiB         1.88  0.00572 %\n"
	"a bit a pair of buddies   1.88 KiB         0.94  0.00286 %\n"
	"a byte a page             16.0 KiB         8.00   0.0244 %\n"
	"struct page of Linux      1.00 MiB          512     1.56 %\n"
	"(for 16,384 pages; buddy + slab has a bit a slot as well; other "
	"bookkeeping:\n"
	"520 B, 3.38 KiB with slabs)\n"
	"\n"
	"In buddy blocks these objects would take 892 KiB; in slabs they take "
	"88.0 KiB,\n"
	"10.1 times less.\n"
	"Of the 49.0 KiB that the kernel's own slabs waste in idle slots and "
	"tails, four\n"
	"fifths are in 1 cache: dentry.\n";

static const char sane_40[] = "capture: 2 caches, 446 objects of which\n"
			      "223 active\n"
			      "pages of 4 KiB, 64 MiB managed, blocks\n"
			      "up to order 3, policy lowest, seed 1\n"
			      "\n"
			      "MEMORY                  HELD   WASTE\n"
			      "buddy only           892 KiB  94.7 %\n"
			      "buddy + slab        88.0 KiB  46.6 %\n"
			      "kernel's own        96.0 KiB  51.0 %\n"
			      "buddy only, peak    1.74 MiB  94.7 %\n"
			      "buddy + slab, peak  96.0 KiB   2.1 %\n"
			      "\n"
			      "What the kernel's own slabs hold, and\n"
			      "(BUDDY) what buddy only would hold:\n"
			      "CACHE         USE      HELD      IDLE\n"
			      "dentry       50 %  80.0 KiB  39.4 KiB\n"
			      "inode_cache  50 %  16.0 KiB  7.62 KiB\n"
			      "(2 caches, by waste, most first; --sort,\n"
			      "--cache)\n"
			      "\n"
			      "FREE MEMORY      FREE  LARGEST EXTERNAL\n"
			      "buddy only   63.1 MiB 32.0 KiB   99.9 %\n"
			      "buddy + slab 63.9 MiB 32.0 KiB   99.9 %\n"
			      "(EXTERNAL: outside the largest block;\n"
			      "UNUSABLE: in blocks too small for\n"
			      "32 KiB)\n"
			      "\n"
			      "FREE BY ORDER    0   1  2      3\n"
			      "buddy only     105  60  0  1,992\n"
			      "buddy + slab     2   0  0  2,045\n"
			      "\n"
			      "ACTIVITY      SPLITS  MERGES  SLABS MADE\n"
			      "buddy only     1,234      56           -\n"
			      "buddy + slab      19       2          22\n"
			      "ACTIVITY      RETURNED\n"
			      "buddy only           -\n"
			      "buddy + slab         2\n"
			      "\n"
			      "BITMAPS                       SIZE\n"
			      "buddy only                4.07 KiB\n"
			      "buddy + slab              4.24 KiB\n"
			      "a bit a block (textbook)  3.75 KiB\n"
			      "a bit a pair of buddies   1.88 KiB\n"
			      "a byte a page             16.0 KiB\n"
			      "struct page of Linux      1.00 MiB\n"
			      "(for 16,384 pages; buddy + slab has a\n"
			      "bit a slot as well; other bookkeeping:\n"
			      "520 B, 3.38 KiB with slabs)\n"
			      "\n"
			      "In buddy blocks these objects would take\n"
			      "892 KiB; in slabs they take 88.0 KiB,\n"
			      "10.1 times less.\n"
			      "Of the 49.0 KiB that the kernel's own\n"
			      "slabs waste in idle slots and tails,\n"
			      "four fifths are in 1 cache: dentry.\n";

START_TEST(known_report)
{
	struct table_page page;

	table_page_init(&page, fixture_report_sane, 80);
	ck_assert_str_eq(table_page_text(&page), sane_80);
	/* Narrower than 40 nothing more is dropped. */
	for (unsigned width = 0; width <= 40; width += 20) {
		page.style.width = width;
		ck_assert_str_eq(table_page_text(&page), sane_40);
	}
	table_page_release(&page);
}
END_TEST

START_TEST(hostile_names)
{
	struct table_page page;

	table_page_init(&page, fixture_report_init, 80);
	page.source = "a\nb \xff";
	assert_holds(
		table_page_text(&page),
		"What the kernel's own slabs hold, and (BUDDY) what buddy only "
		"would hold:\n"
		"CACHE                           USE      HELD      IDLE       "
		"TAIL     BUDDY\n"
		"max                           100 %  16.0 EiB  16.0 EiB  "
		"-8.00 EiB  16.0 EiB\n"
		"dentry                         50 %  80.0 KiB  39.4 KiB   "
		"1.25 KiB   840 KiB\n"
		"inode_cache                    50 %  16.0 KiB  7.62 KiB      "
		"784 B  52.0 KiB\n"
		"x\";system(\"touch pwned\");\"      0 %  4.00 KiB  3.99 KiB   "
		"     0 B  4.00 KiB\n"
		"a,b\\x0ac\\x00\\x01\\xff\\x7f '#`   66 %       7 B       8 B  "
		"      9 B      13 B\n"
		"gr\303\266\303\237e\342\202\254\360\237\220\247\\xc2\\x85     "
		"          100 %  4.00 KiB       0 B        0 B  4.00 KiB\n"
		"\\x41\\                         100 %  4.00 KiB       0 B     "
		"   0 B  4.00 KiB\n"
		"                                  -       0 B       0 B       "
		" 0 B       0 B\n"
		"kmalloc-8k                    100 %  28.0 KiB       0 B  "
		"-4.00 KiB  32.0 KiB\n"
		"(9 caches, by waste, most first; --sort, --cache)\n");
	ck_assert_int_eq(
		strncmp(page.capture.text, "a\\x0ab \\xff: 9 caches, ", 22), 0);
	table_page_release(&page);
}
END_TEST

START_TEST(not_replayed)
{
	struct table_page page;

	table_page_init(&page, fixture_report_counted, 80);
	assert_holds(
		table_page_text(&page),
		"capture: 2 caches, 446 objects of which 223 active\n"
		"pages of 4 KiB, 64 MiB managed, blocks up to order 3, policy "
		"lowest, seed 1\n"
		"Too many objects to replay one by one: blocks and slabs are "
		"computed (of slabs\n"
		"after settling, the expected number), and what depends on "
		"places is unknown (-).\n");
	assert_holds(
		page.capture.text,
		"FREE MEMORY       FREE  LARGEST  EXTERNAL  UNUSABLE FOR 32 "
		"KiB\n"
		"buddy only    63.1 MiB        -         -                    "
		"-\n"
		"buddy + slab  63.9 MiB        -         -                    "
		"-\n"
		"\n"
		"BITMAPS                       SIZE  BITS A PAGE  OF MEMORY\n"
		"buddy only                       -            -          -\n"
		"buddy + slab                     -            -          -\n"
		"a bit a block (textbook)  3.75 KiB         1.88  0.00572 %\n"
		"a bit a pair of buddies   1.88 KiB         0.94  0.00286 %\n"
		"a byte a page             16.0 KiB         8.00   0.0244 %\n"
		"struct page of Linux      1.00 MiB          512     1.56 %\n"
		"\n"
		"In buddy blocks these objects would take 892 KiB; in slabs "
		"they take 88.0 KiB,\n"
		"10.1 times less.\n"
		"Of the 49.0 KiB that the kernel's own slabs waste in idle "
		"slots and tails, four\n"
		"fifths are in 1 cache: dentry.\n");
	assert_lacks(page.capture.text, "ACTIVITY");
	table_page_release(&page);
}
END_TEST

START_TEST(no_caches)
{
	struct table_page page;

	table_page_init(&page, fixture_report_empty, 80);
	assert_holds(table_page_text(&page),
		     "capture: 0 caches, 0 objects of which 0 active\n");
	assert_holds(page.capture.text,
		     "\n\n(0 caches, by waste, most first; --sort, --cache)\n");
	assert_holds(
		page.capture.text,
		"\nbuddy only           0 B   0 B        -     -     -      "
		"-\n");
	assert_holds(page.capture.text,
		     "\n\nNo object is live, so they take nothing either way.\n"
		     "The kernel's own slabs have no idle slots and no "
		     "tails.\n");
	assert_lacks(page.capture.text, "CACHE ");
	table_page_release(&page);
}
END_TEST

/* ------------------------------------------------------------- details */

static const struct {
	const char *key;
	bool reversed;
	size_t nr_matching, nr_lines;
	const char *line;
} captions[] = {
	{ NULL, false, 0, 0, "\n(9 caches, in the file's order; --sort" },
	{ "waste", false, 0, 0, "\n(9 caches, by waste, most first; --sort" },
	{ "u", true, 0, 0, "\n(9 caches, by use, least first; --sort" },
	{ "n", false, 0, 0, "\n(9 caches, by name, A to Z; --sort" },
	{ "n", true, 0, 0, "\n(9 caches, by name, backwards; --sort" },
	{ "kernel_held_bytes", false, 0, 2,
	  "\n(2 of 9 caches, by kernel_held_bytes, most first; --all, --sort, "
	  "--cache)\n" },
	{ NULL, false, 3, 0,
	  "\n(3 matching of 9 caches, in the file's order; --sort, "
	  "--cache)\n" },
	{ NULL, false, 3, 1,
	  "\n(1 of 3 matching, of 9 caches, in the file's order; --all, "
	  "--sort, --cache)\n" },
	{ NULL, false, 3, 9,
	  "\n(3 matching of 9 caches, in the file's order; --sort, "
	  "--cache)\n" },
};

START_TEST(what_the_list_shows)
{
	struct table_page page;

	table_page_init(&page, fixture_report_init, 100);
	page.key = captions[_i].key;
	page.reversed = captions[_i].reversed;
	page.nr_matching = captions[_i].nr_matching;
	page.nr_lines = captions[_i].nr_lines;
	assert_holds(table_page_text(&page), captions[_i].line);
	table_page_release(&page);
}
END_TEST

/* Parameters are named where they are not the ordinary ones. */
START_TEST(unusual_parameters)
{
	struct table_page page;

	table_page_init(&page, fixture_report_sane, 200);
	page.report.rounds = 1000;
	page.report.min_partial_slabs = 5;
	page.report.placement = "fifo";
	page.report.policy = "fullest";
	page.report.seed = UINT64_MAX;
	page.report.memory_bytes = 1000 * 4096;
	assert_holds(table_page_text(&page),
		     "\npages of 4 KiB, 4,000 KiB managed, blocks up to order "
		     "3, --buddy-order fifo, policy fullest, 1,000 rounds, "
		     "--min-partial 5, seed 18446744073709551615\n");
	table_page_release(&page);
}
END_TEST

static const struct {
	uint64_t buddy_bytes, slab_bytes;
	const char *words;
} comparisons[] = {
	{ 8192, 4096,
	  "take 8.00 KiB; in slabs they take 4.00 KiB, 2.0 times "
	  "less.\n" },
	{ 36045, 4096, ", 8.8 times less.\n" },
	{ 4096 * 12345, 4096, ", 12,345 times less.\n" },
	{ 4096, 8192, ", 2.0 times as much.\n" },
	{ 4096, 4096, ", as much.\n" },
	{ 4100, 4096, ", about as much.\n" },
	{ 4096, 4100, ", about as much.\n" },
	{ 0, 4096, ", more than nothing.\n" },
	{ 4096, 0, ", nothing.\n" },
	{ UINT64_MAX, 1, ", 18,446,744,073,709,551,615 times less.\n" },
};

START_TEST(finding_in_words)
{
	struct table_page page;

	table_page_init(&page, fixture_report_sane, 200);
	page.report.totals[1].held_bytes = comparisons[_i].buddy_bytes;
	page.report.totals[3].held_bytes = comparisons[_i].slab_bytes;
	assert_holds(table_page_text(&page), comparisons[_i].words);
	table_page_release(&page);
}
END_TEST

/* Wastes by cache, and who is named for four fifths of their sum. */
static const struct {
	size_t nr_caches;
	uint64_t idle_bytes[6];
	const char *words;
} blames[] = {
	{ 1,
	  { 1 },
	  "Of the 1 B that the kernel's own slabs waste in idle "
	  "slots and tails, four fifths are in 1 cache: c0.\n" },
	{ 2, { 20, 80 }, "four fifths are in 1 cache: c1.\n" },
	{ 2, { 21, 79 }, "four fifths are in 2 caches: c1 and c0.\n" },
	{ 3, { 30, 0, 70 }, "are in 2 caches: c2 and c0.\n" },
	{ 4,
	  { 25, 25, 25, 25 },
	  "four fifths are in 4 caches: c0, c1, c2 and 1 more.\n" },
	{ 3, { 34, 33, 33 }, "four fifths are in 3 caches: c0, c1 and c2.\n" },
	{ 6,
	  { 10, 10, 10, 10, 10, 10 },
	  "four fifths are in 5 caches: c0, c1, c2 and 2 more.\n" },
	{ 2, { UINT64_MAX, UINT64_MAX }, "Of the 16.0 EiB that" },
	{ 2, { 0, 0 }, "have no idle slots and no tails.\n" },
};

/* Six caches, orders 0..30. */
static void random_rows(struct kfrag_report *report)
{
	struct kfrag_random random;

	kfrag_random_init(&random, 1);
	fixture_report_random(report, &random, 6, 30);
}

START_TEST(where_the_waste_is)
{
	static const char *const names[] = {
		"c0", "c1", "c2", "c3", "c4", "c5"
	};
	struct table_page page;

	table_page_init(&page, random_rows, 200);
	page.report.nr_caches = blames[_i].nr_caches;
	for (size_t i = 0; i < blames[_i].nr_caches; i++) {
		struct kfrag_cache_row *row = &page.report.caches[i];

		row->name = names[i];
		row->name_bytes = 2;
		row->kernel_idle_bytes = blames[_i].idle_bytes[i];
		row->kernel_tail_bytes = 0;
	}
	assert_holds(table_page_text(&page), blames[_i].words);
	table_page_release(&page);
}
END_TEST

START_TEST(objects_that_did_not_fit)
{
	struct table_page page;

	table_page_init(&page, fixture_report_sane, 80);
	assert_lacks(table_page_text(&page), "FAILED");
	page.report.totals[0].live_objs = 400;
	page.report.totals[1].failed_objs = kfrag_known(12345);
	page.report.totals[1].failed_fragmented_objs = kfrag_known(67);
	assert_holds(table_page_text(&page),
		     "\n\nFAILED        OBJECTS  THOUGH ENOUGH WAS FREE\n"
		     "buddy only     12,345                      67\n"
		     "buddy + slab        0                       0\n"
		     "(objects that found no place in 64 MiB; where enough was "
		     "free in total, it was\n"
		     "in pieces too small for them)\n");
	/* Bytes held by different objects are not compared. */
	assert_holds(page.capture.text,
		     "\n\nOf 446 objects, 400 fit into 64 MiB in buddy blocks "
		     "and 446 in slabs.\n");
	assert_lacks(page.capture.text, "times less");
	table_page_release(&page);
}
END_TEST

/* Which request the unusable memory is too cut up for. */
static const struct {
	uint64_t page_size_bytes;
	unsigned max_order;
	const char *heading;
} requests[] = {
	{ 4096, 10, "UNUSABLE FOR 2 MiB\n" },
	{ 4096, 9, "UNUSABLE FOR 2 MiB\n" },
	{ 4096, 8, "UNUSABLE FOR 1 MiB\n" },
	{ 4096, 0, "UNUSABLE FOR 4 KiB\n" },
	{ 65536, 10, "UNUSABLE FOR 2 MiB\n" },
	{ 1048576, 10, "UNUSABLE FOR 2 MiB\n" },
	{ 2097152, 10, "UNUSABLE FOR 2 MiB\n" },
	{ 16777216, 10, "UNUSABLE FOR 16 MiB\n" },
	{ 1024, 30, "UNUSABLE FOR 2 MiB\n" },
};

START_TEST(a_big_request)
{
	struct table_page page;

	table_page_init(&page, random_rows, 80);
	page.report.max_order = requests[_i].max_order;
	page.report.page_size_bytes = requests[_i].page_size_bytes;
	assert_holds(table_page_text(&page), requests[_i].heading);
	table_page_release(&page);
}
END_TEST

/* -------------------------------------------------------------- tables */

static const char caches_80[] =
	"name        size_bytes active_objs num_objs objs_per_slab slab_order "
	"num_slabs\n"
	"dentry             192         210      420            21          0  "
	"      20\n"
	"inode_cache        600          13       26            13          1  "
	"       2\n"
	"(7 of 21 columns fit here; --columns, --format)\n";

static const char totals_whole[] =
	"allocator  state    live_objs  live_bytes  held_bytes  internal_bytes "
	" idle_bytes  tail_bytes  free_bytes  free_blocks  largest_free_bytes  "
	"external_permille  bitmap_bytes  bookkeeping_bytes  memory_bytes  "
	"failed_objs  failed_fragmented_objs\n"
	"buddy      peak           446       96240     1826816         1730576 "
	"          -           -    65282048         1993               32768  "
	"              999          4168                520      67108864      "
	"      0                       0\n"
	"buddy      settled        223       48120      913408          865288 "
	"          -           -    66195456         2157               32768  "
	"              999          4168                520      67108864      "
	"      0                       0\n"
	"slab       peak           446       96240       98304               - "
	"          0        2064    67010560         2045               32768  "
	"              999          4344               3456      67108864      "
	"      0                       0\n"
	"slab       settled        223       48120       90112               - "
	"      40056        1936    67018752         2047               32768  "
	"              999          4344               3456      67108864      "
	"      0                       0\n"
	"kernel     settled        223       48120       98304               - "
	"      48120        2064           -            -                   -  "
	"                -             -                  -             -      "
	"      -                       -\n";

START_TEST(one_table)
{
	struct kfrag_table_style style = { .width = 80 };
	struct kfrag_report report;
	struct kfrag_selection selection;
	struct capture capture;

	fixture_report_sane(&report);
	ck_assert_int_eq(kfrag_selection_init(&selection, &report,
					      KFRAG_TABLE_CACHES),
			 KFRAG_OK);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_table_write(capture.out, &selection, &style),
			 KFRAG_OK);
	ck_assert_str_eq(capture_end(&capture), caches_80);
	capture_release(&capture);
	kfrag_selection_release(&selection);
	ck_assert_int_eq(kfrag_selection_init(&selection, &report,
					      KFRAG_TABLE_TOTALS),
			 KFRAG_OK);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_table_write_whole(capture.out, &selection,
						 &style),
			 KFRAG_OK);
	ck_assert_str_eq(capture_end(&capture), totals_whole);
	capture_release(&capture);
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

/* ---------------------------------------------------------- full disks */

START_TEST(full_disk)
{
	struct kfrag_table_style style = { .width = 80 };
	struct kfrag_report report;
	struct kfrag_selection selection;
	struct kfrag_table_caches caches = { .selection = &selection };
	struct full_stream stream;
	enum kfrag_error error;

	fixture_report_init(&report);
	ck_assert_int_eq(kfrag_selection_init(&selection, &report,
					      KFRAG_TABLE_CACHES),
			 KFRAG_OK);
	full_stream_open(&stream);
	if (_i == 0)
		error = kfrag_table_write_report(stream.out, &report, "capture",
						 &caches, &style);
	else if (_i == 1)
		error = kfrag_table_write(stream.out, &selection, &style);
	else
		error = kfrag_table_write_whole(stream.out, &selection, &style);
	ck_assert_int_eq(error, KFRAG_EIO);
	fclose(stream.out);
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

static TCase *pages_case(void)
{
	TCase *tc = tcase_create("pages");

	tcase_add_test(tc, known_report);
	tcase_add_test(tc, hostile_names);
	tcase_add_test(tc, not_replayed);
	tcase_add_test(tc, no_caches);
	tcase_add_loop_test(tc, what_the_list_shows, 0, NR_OF(captions));
	tcase_add_test(tc, unusual_parameters);
	tcase_add_loop_test(tc, finding_in_words, 0, NR_OF(comparisons));
	tcase_add_loop_test(tc, where_the_waste_is, 0, NR_OF(blames));
	tcase_add_test(tc, objects_that_did_not_fit);
	tcase_add_loop_test(tc, a_big_request, 0, NR_OF(requests));
	tcase_add_test(tc, one_table);
	tcase_add_loop_test(tc, full_disk, 0, 3);
	return tc;
}

Suite *table_suite(void)
{
	Suite *suite = suite_create("table");

	suite_add_tcase(suite, pages_case());
	return suite;
}
