// SPDX-License-Identifier: MIT
/* A comparison as a table for people, JSON and data for gnuplot. */
#include "kfrag/diff.h"

#include "capture.h"
#include "expect.h"
#include "expect_lines.h"
#include "fixture_report.h"
#include "kfrag/csv.h"
#include "kfrag/random.h"

Suite *diff_suite(void);

/* Two reports, what they are compared as, and how it comes out. */
struct page {
	struct kfrag_report reports[2];
	struct kfrag_snapshot snapshots[2];
	struct kfrag_comparison comparison;
	struct kfrag_diff diff;
	struct kfrag_table_style style;
	size_t nr_lines;
	struct capture capture;
};

/* Takes the reports that are in it. */
static void page_compare(struct page *page)
{
	struct kfrag_diff_side *sides[] = { &page->diff.old_side,
					    &page->diff.new_side };
	static const char *const sources[] = { "before", "after" };

	page->style.width = 80;
	page->nr_lines = SIZE_MAX;
	for (int i = 0; i < 2; i++) {
		page->snapshots[i].version = KFRAG_SLABINFO_2_1;
		*sides[i] = (struct kfrag_diff_side){
			.report = &page->reports[i],
			.source = sources[i],
			.sample = 1,
			.nr_samples = 1,
			.snapshot = &page->snapshots[i],
		};
	}
	ck_assert(!kfrag_comparison_init(&page->comparison, &page->reports[0],
					 &page->reports[1]));
	page->diff.comparison = &page->comparison;
	page->diff.differs = kfrag_comparison_differs(&page->comparison);
}

/* The new one has more dentries, no inode_cache, and a cache of its own. */
static void page_init(struct page *page)
{
	struct kfrag_cache_row *rows;
	struct kfrag_total_row *kernel;

	*page = (struct page){ 0 };
	fixture_report_sane(&page->reports[0]);
	fixture_report_sane(&page->reports[1]);
	rows = page->reports[1].caches;
	page->reports[1].num_objs += 21;
	rows[0].num_objs += 21;
	rows[0].num_slabs += 1;
	rows[0].kernel_held_bytes += 4096;
	rows[0].kernel_idle_bytes += 4032;
	rows[0].kernel_tail_bytes += 64;
	rows[1].name = "xfs_inode";
	rows[1].name_bytes = 9;
	kernel = &page->reports[1].totals[page->reports[1].nr_totals - 1];
	kernel->held_bytes += 4096;
	kernel->idle_bytes.value += 4032;
	kernel->tail_bytes += 64;
	page_compare(page);
}

static void page_release(struct page *page)
{
	capture_release(&page->capture);
	kfrag_comparison_release(&page->comparison);
	for (int i = 0; i < 2; i++)
		kfrag_report_release(&page->reports[i]);
}

static enum kfrag_error write_table(const struct page *page, FILE *out)
{
	struct kfrag_selection selection;
	struct kfrag_table_caches caches = { .selection = &selection };
	struct kfrag_sort_key key;
	enum kfrag_error error;

	EXPECT(!kfrag_diff_selection_init(&selection, &page->comparison,
					  KFRAG_DIFF_CACHES));
	kfrag_diff_selection_drop_same(&selection);
	EXPECT(kfrag_diff_sort_key_find("change", &key));
	EXPECT(!kfrag_selection_sort(&selection, &key));
	caches.key = &key;
	caches.nr_matching = selection.nr_rows;
	if (selection.nr_rows > page->nr_lines)
		selection.nr_rows = page->nr_lines;
	error = kfrag_diff_write_table(out, &page->diff, &caches, &page->style);
	kfrag_selection_release(&selection);
	return error;
}

static const char *page_text(struct page *page)
{
	capture_release(&page->capture);
	capture_begin(&page->capture);
	EXPECT(!write_table(page, page->capture.out));
	return capture_end(&page->capture);
}

static const char expected_page[] =
	"OLD: before: 2 caches, 446 objects of which 223 active\n"
	"NEW: after: 2 caches, 467 objects of which 223 active\n"
	"pages of 4 KiB, 64 MiB managed, blocks up to order 3, policy "
	"lowest, seed 1\n"
	"\n"
	"The kernel's own slabs held 96.0 KiB and now hold 100 KiB: +4.00 "
	"KiB (+4.2 %),\n"
	"of which objects in use 0 B, idle slots +3.94 KiB, tails +64 B.\n"
	"Of 3 caches, 1 grew, 1 is new and 1 is gone.\n"
	"The largest change is inode_cache (gone): -16.0 KiB.\n"
	"\n"
	"TOTAL                     OLD       NEW     CHANGE  PERCENT\n"
	"caches                      2         2          0      0 %\n"
	"objects in use            223       223          0      0 %\n"
	"objects in all            446       467        +21   +4.7 %\n"
	"slabs                      22        23         +1   +4.5 %\n"
	"kernel's own, held   96.0 KiB   100 KiB  +4.00 KiB   +4.2 %\n"
	"kernel's own, idle   47.0 KiB  50.9 KiB  +3.94 KiB   +8.4 %\n"
	"kernel's own, tail   2.02 KiB  2.08 KiB      +64 B   +3.1 %\n"
	"buddy + slab, held   88.0 KiB  88.0 KiB        0 B      0 %\n"
	"buddy + slab, waste  41.0 KiB  41.0 KiB        0 B      0 %\n"
	"buddy only, held      892 KiB   892 KiB        0 B      0 %\n"
	"buddy only, waste     845 KiB   845 KiB        0 B      0 %\n"
	"\n"
	"What the kernel's own slabs hold now, and all changes since OLD:\n"
	"CACHE           HELD    CHANGE PERCENT ACTIVE TOTAL SLABS      IDLE "
	"  TAIL\n"
	"inode_cache      0 B -16.0 KiB    gone    -13   -26    -2 -7.62 KiB "
	"-784 B\n"
	"xfs_inode   16.0 KiB +16.0 KiB     new    +13   +26    +2 +7.62 KiB "
	"+784 B\n"
	"dentry      84.0 KiB +4.00 KiB  +5.0 %      0   +21    +1 +3.94 KiB "
	" +64 B\n"
	"(3 caches that differ, by change, most first; --sort, --cache; all "
	"figures:\n"
	"--csv)\n";

START_TEST(whole_page)
{
	struct page page;

	page_init(&page);
	ck_assert_str_eq(page_text(&page), expected_page);
	page_release(&page);
}
END_TEST

static const char expected_nothing[] =
	"OLD: before: 2 caches, 446 objects of which 223 active\n"
	"NEW: after: 2 caches, 446 objects of which 223 active\n"
	"pages of 4 KiB, 64 MiB managed, blocks up to order 3, policy "
	"lowest, seed 1\n"
	"\n"
	"No difference: sizes, objects and slabs of 2 caches are the same.\n";

START_TEST(nothing_differs)
{
	struct page page = { 0 };

	fixture_report_sane(&page.reports[0]);
	fixture_report_sane(&page.reports[1]);
	page_compare(&page);
	ck_assert_str_eq(page_text(&page), expected_nothing);
	page_release(&page);
}
END_TEST

/* What makes two files hard to compare is said. */
START_TEST(warnings)
{
	struct page page;
	const char *text;

	page_init(&page);
	text = page_text(&page);
	ck_assert_ptr_null(strstr(text, "Different"));
	ck_assert_ptr_null(strstr(text, "one by one"));
	page.reports[1].page_size_bytes = 65536;
	page.reports[1].replayed = false;
	page.snapshots[0].version = KFRAG_SLABINFO_2_0;
	page.diff.old_side.kernel = "6.1.0";
	text = page_text(&page);
	ck_assert_ptr_nonnull(strstr(text, "Different page sizes: pages of OLD "
					   "have 4 KiB, pages of NEW 64 KiB."));
	ck_assert_ptr_nonnull(strstr(text, "Different versions of slabinfo: "
					   "OLD is 2.0, NEW 2.1."));
	ck_assert_ptr_nonnull(strstr(text, "one by one"));
	ck_assert_ptr_null(strstr(text, "kernels"));
	page.snapshots[0].version = KFRAG_SLABINFO_UNKNOWN;
	ck_assert_ptr_null(strstr(page_text(&page), "Different versions"));
	page.diff.new_side.kernel = "6.2\n";
	text = page_text(&page);
	ck_assert_ptr_nonnull(strstr(text, "Different kernels: OLD is of 6.1.0,"
					   " NEW of 6.2\\x0a."));
	page_release(&page);
}
END_TEST

/* Slots that emptied in slabs that stayed outweigh what came and went. */
START_TEST(trapped_slots)
{
	static const char sentence[] =
		"The largest change of idle slots (--sort waste) is dentry: ";
	struct page page;

	page_init(&page);
	ck_assert_ptr_null(strstr(page_text(&page), sentence));
	page.reports[1].caches[0].kernel_idle_bytes += 65536;
	ck_assert_ptr_nonnull(strstr(page_text(&page), sentence));
	page_release(&page);
}
END_TEST

START_TEST(samples_of_one_file)
{
	struct page page;

	page_init(&page);
	page.diff.old_side.nr_samples = 7;
	page.diff.old_side.sample = 2;
	page.snapshots[0].has_time = true;
	page.snapshots[0].time = 1700000000;
	ck_assert_ptr_nonnull(strstr(page_text(&page),
				     "OLD: before, sample 2 of 7, time "
				     "1700000000: "));
	page_release(&page);
}
END_TEST

/* ---------------------------------------------------------------- rules */

/* _i: the seed. */
START_TEST(no_line_is_too_wide)
{
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < 60; i++) {
		struct page page = { 0 };

		for (int k = 0; k < 2; k++)
			fixture_report_random(&page.reports[k], &random,
					      fixture_random_size(&random, 30),
					      3);
		page_compare(&page);
		page.diff.old_side.source = FIXTURE_SOURCE;
		page.diff.new_side.source =
			"a/rather/long/path/of/a/capture/that/does/not/fit/a/"
			"line/of/a/terminal/of/eighty/columns.slabinfo";
		page.style.width =
			40 + (unsigned)fixture_random_size(&random, 160);
		page.nr_lines = fixture_random_size(&random, 40);
		expect_lines_fit(page_text(&page), page.style.width);
		page_release(&page);
	}
}
END_TEST

START_TEST(full_disk)
{
	struct kfrag_selection selection;
	struct full_stream stream;
	struct page page;

	page_init(&page);
	EXPECT(!kfrag_diff_selection_init(&selection, &page.comparison,
					  KFRAG_DIFF_TOTALS));
	full_stream_open(&stream);
	ck_assert_int_eq(write_table(&page, stream.out), KFRAG_EIO);
	fclose(stream.out);
	full_stream_open(&stream);
	ck_assert_int_eq(kfrag_diff_write_json(stream.out, &page.diff,
					       &selection, 1),
			 KFRAG_EIO);
	fclose(stream.out);
	full_stream_open(&stream);
	ck_assert_int_eq(kfrag_diff_write_gnuplot(stream.out, &page.diff,
						  &selection, 1),
			 KFRAG_EIO);
	fclose(stream.out);
	kfrag_selection_release(&selection);
	page_release(&page);
}
END_TEST

/* ---------------------------------------------------------- for programs */

static const char *
write_chosen(struct page *page,
	     enum kfrag_error (*write)(FILE *out, const struct kfrag_diff *diff,
				       const struct kfrag_selection *selection,
				       size_t nr_selections))
{
	struct kfrag_selection selection;
	size_t offset;

	EXPECT(!kfrag_diff_selection_init(&selection, &page->comparison,
					  KFRAG_DIFF_CACHES));
	EXPECT(!kfrag_selection_set_columns(
		&selection, "name,status,old_num_objs,delta_num_objs",
		&offset));
	page->diff.new_side.kernel = "6.2 \"x\"";
	page->snapshots[0].has_time = true;
	page->snapshots[0].time = 17;
	capture_release(&page->capture);
	capture_begin(&page->capture);
	EXPECT(!write(page->capture.out, &page->diff, &selection, 1));
	kfrag_selection_release(&selection);
	return capture_end(&page->capture);
}

static const char expected_json[] =
	"{\n"
	"\"kfrag\": \"0.1.0\",\n"
	"\"differs\": true,\n"
	"\"old\": {\"source\": \"before\", \"sample\": 1, \"time\": 17, "
	"\"kernel\": null, \"slabinfo_version\": \"2.1\", "
	"\"page_size_bytes\": 4096, \"memory_bytes\": 67108864, "
	"\"max_order\": 3, \"seed\": 1, \"rounds\": 1, "
	"\"min_partial_slabs\": 0, \"placement\": \"address\", \"policy\": "
	"\"lowest\", \"replayed\": true},\n"
	"\"new\": {\"source\": \"after\", \"sample\": 1, \"time\": null, "
	"\"kernel\": \"6.2 \\\"x\\\"\", \"slabinfo_version\": \"2.1\", "
	"\"page_size_bytes\": 4096, \"memory_bytes\": 67108864, "
	"\"max_order\": 3, \"seed\": 1, \"rounds\": 1, "
	"\"min_partial_slabs\": 0, \"placement\": \"address\", \"policy\": "
	"\"lowest\", \"replayed\": true},\n"
	"\"caches\": [\n"
	"{\"name\": \"dentry\", \"status\": \"changed\", \"old_num_objs\": "
	"420, \"delta_num_objs\": 21},\n"
	"{\"name\": \"inode_cache\", \"status\": \"gone\", \"old_num_objs\": "
	"26, \"delta_num_objs\": -26},\n"
	"{\"name\": \"xfs_inode\", \"status\": \"new\", \"old_num_objs\": "
	"null, \"delta_num_objs\": 26}\n"
	"]\n"
	"}\n";

START_TEST(json)
{
	struct page page;

	page_init(&page);
	ck_assert_str_eq(write_chosen(&page, kfrag_diff_write_json),
			 expected_json);
	page_release(&page);
}
END_TEST

static const char expected_gnuplot[] =
	"# kfrag 0.1.0\n"
	"# old_source: before\n"
	"# old_page_size_bytes: 4096\n"
	"# old_memory_bytes: 67108864\n"
	"# old_max_order: 3\n"
	"# old_seed: 1\n"
	"# old_rounds: 1\n"
	"# old_min_partial_slabs: 0\n"
	"# old_placement: address\n"
	"# old_policy: lowest\n"
	"# old_replayed: true\n"
	"# old_sample: 1\n"
	"# old_time: 17\n"
	"# new_source: after\n"
	"# new_page_size_bytes: 4096\n"
	"# new_memory_bytes: 67108864\n"
	"# new_max_order: 3\n"
	"# new_seed: 1\n"
	"# new_rounds: 1\n"
	"# new_min_partial_slabs: 0\n"
	"# new_placement: address\n"
	"# new_policy: lowest\n"
	"# new_replayed: true\n"
	"# new_sample: 1\n"
	"# new_kernel: 6.2 \"x\"\n"
	"\n"
	"\n"
	"# caches\n"
	"# name status old_num_objs delta_num_objs\n"
	"\"dentry\" \"changed\" 420 21\n"
	"\"inode_cache\" \"gone\" 26 -26\n"
	"\"xfs_inode\" \"new\" NaN 26\n";

START_TEST(gnuplot)
{
	struct page page;

	page_init(&page);
	ck_assert_str_eq(write_chosen(&page, kfrag_diff_write_gnuplot),
			 expected_gnuplot);
	page_release(&page);
}
END_TEST

Suite *diff_suite(void)
{
	Suite *suite = suite_create("diff");
	TCase *tc = tcase_create("diff");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, whole_page);
	tcase_add_test(tc, nothing_differs);
	tcase_add_test(tc, warnings);
	tcase_add_test(tc, trapped_slots);
	tcase_add_test(tc, samples_of_one_file);
	tcase_add_loop_test(tc, no_line_is_too_wide, 1, 5);
	tcase_add_test(tc, full_disk);
	tcase_add_test(tc, json);
	tcase_add_test(tc, gnuplot);
	suite_add_tcase(suite, tc);
	return suite;
}
