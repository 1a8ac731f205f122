// SPDX-License-Identifier: MIT
#include "kfrag/gnuplot.h"

#include <sys/wait.h>
#include <unistd.h>

#include "capture.h"
#include "expect.h"
#include "fixture_report.h"
#include "kfrag/version.h"

Suite *gnuplot_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

static const char expected[] =
	"# kfrag " KFRAG_VERSION "\n"
	"# source: dir/a \"b\\c\"\\x0a\\xff.slabinfo\n"
	"# page_size_bytes: 4096\n"
	"# memory_bytes: 67108864\n"
	"# max_order: 3\n"
	"# seed: 18446744073709551615\n"
	"# rounds: 3\n"
	"# min_partial_slabs: 5\n"
	"# placement: lifo\n"
	"# policy: head\n"
	"# replayed: true\n"
	"\n"
	"\n"
	"# caches\n"
	"# name num_objs kernel_tail_bytes\n"
	"\"dentry\" 420 1280\n"
	"\"inode_cache\" 26 784\n"
	"\"x\\\\x22;system(\\\\x22touch pwned\\\\x22);\\\\x22\" 512 0\n"
	"\"a,b\\\\x0ac\\\\x00\\\\x01\\\\xff\\\\x7f '#`\" 3 9\n"
	"\"gr\303\266\303\237e\342\202\254\360\237\220\247\\\\xc2\\\\x85\" 1 "
	"0\n"
	"\"\\\\x5cx41\\\\x5c\" 1 0\n"
	"\"\" 0 0\n"
	"\"kmalloc-8k\" 4 -4096\n"
	"\"max\" 18446744073709551615 -9223372036854775808\n"
	"\n"
	"\n"
	"# totals\n"
	"# allocator state live_objs live_bytes held_bytes internal_bytes "
	"idle_bytes tail_bytes free_bytes free_blocks largest_free_bytes "
	"external_permille bitmap_bytes bookkeeping_bytes memory_bytes "
	"failed_objs failed_fragmented_objs\n"
	"\"buddy\" \"peak\" 446 96240 1826816 1730576 NaN NaN 65282048 1993 "
	"32768 999 4168 520 67108864 0 0\n"
	"\"buddy\" \"settled\" 223 48120 913408 865288 NaN NaN 66195456 2157 "
	"32768 999 4168 520 67108864 0 0\n"
	"\"slab\" \"peak\" 446 96240 98304 NaN 0 2064 67010560 2045 32768 999 "
	"4344 3456 67108864 0 0\n"
	"\"slab\" \"settled\" 223 48120 90112 NaN 40056 1936 67018752 2047 "
	"32768 999 4344 3456 67108864 0 0\n"
	"\"kernel\" \"settled\" 223 48120 98304 NaN 48120 2064 NaN NaN NaN NaN "
	"NaN NaN NaN NaN NaN\n"
	"\n"
	"\n"
	"# orders\n"
	"# allocator state order block_bytes free_blocks unusable_permille "
	"fragmentation_permille bitmap_bits\n"
	"\"buddy\" \"peak\" 0 4096 0 0 NaN 16384\n"
	"\"buddy\" \"peak\" 1 8192 1 0 NaN 8192\n"
	"\"buddy\" \"peak\" 2 16384 0 0 -500 4096\n"
	"\"buddy\" \"peak\" 3 32768 1992 0 NaN 2048\n";

START_TEST(known_report)
{
	struct kfrag_report report;
	struct kfrag_selection selections[KFRAG_NR_TABLES];
	struct capture capture;

	fixture_report_mixed(&report, selections);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_gnuplot_write(capture.out, &report,
					     FIXTURE_SOURCE, selections,
					     KFRAG_NR_TABLES),
			 KFRAG_OK);
	ck_assert_str_eq(capture_end(&capture), expected);
	capture_release(&capture);
	fixture_report_unmix(&report, selections);
}
END_TEST

START_TEST(full_disk)
{
	struct kfrag_report report;
	struct kfrag_selection selections[KFRAG_NR_TABLES];
	struct full_stream stream;

	fixture_report_mixed(&report, selections);
	full_stream_open(&stream);
	ck_assert_int_eq(kfrag_gnuplot_write(stream.out, &report,
					     FIXTURE_SOURCE, selections,
					     KFRAG_NR_TABLES),
			 KFRAG_EIO);
	fclose(stream.out);
	fixture_report_unmix(&report, selections);
}
END_TEST

/* ----------------------------------------------------- gnuplot itself */

/* A folder of its own, so that nothing else could write what is looked for. */
struct place {
	char folder[256];
	char data[300];
	char script[300];
	char output[300];
};

static void place_open(struct place *place)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(place->folder, sizeof(place->folder), "%s/kfrag-XXXXXX",
		 tmp && *tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(place->folder));
	snprintf(place->data, sizeof(place->data), "%s/data", place->folder);
	snprintf(place->script, sizeof(place->script), "%s/script",
		 place->folder);
	snprintf(place->output, sizeof(place->output), "%s/output",
		 place->folder);
}

static void place_close(struct place *place)
{
	unlink(place->data);
	unlink(place->script);
	unlink(place->output);
	/* Anything else in it keeps the folder, and fails the test. */
	ck_assert_int_eq(rmdir(place->folder), 0);
}

static void
write_data(const struct place *place, const struct kfrag_report *report,
	   const struct kfrag_selection *selections, size_t nr_selections)
{
	FILE *out = fopen(place->data, "w");

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(kfrag_gnuplot_write(out, report, FIXTURE_SOURCE,
					     selections, nr_selections),
			 KFRAG_OK);
	ck_assert_int_eq(fclose(out), 0);
}

/* Becomes gnuplot in the folder; its complaints go nowhere. */
static void become_gnuplot(const struct place *place)
{
	if (chdir(place->folder) == 0 && freopen("output", "w", stdout) &&
	    freopen("/dev/null", "w", stderr))
		execlp("gnuplot", "gnuplot", "script", (char *)NULL);
	_exit(127);
}

/*
 * Runs gnuplot in the folder with the data as 'data'; of the text that the
 * commands plot or print, the lines with data are returned, each ended by a
 * newline. The caller frees it.
 */
static char *run_gnuplot(const struct place *place, const char *commands)
{
	FILE *file = fopen(place->script, "w");
	struct capture capture;
	char line[512];
	int status;
	pid_t child;

	ck_assert_ptr_nonnull(file);
	fprintf(file, "set print '-'\nset table\n%s\n", commands);
	ck_assert_int_eq(fclose(file), 0);
	child = fork();
	if (child == 0)
		become_gnuplot(place);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(status == 0, "gnuplot failed, or is not there");
	file = fopen(place->output, "r");
	ck_assert_ptr_nonnull(file);
	capture_begin(&capture);
	while (fgets(line, sizeof(line), file))
		if (line[0] != '#' && line[0] != '\n')
			fputs(line, capture.out);
	fclose(file);
	capture_end(&capture);
	return capture.text;
}

static const struct {
	const char *commands;
	const char *plotted;
} plots[] = {
	{ "plot 'data' index 'totals' using 5:4",
	  " 1.82682e+06  96240  i\n 913408  48120  i\n 98304  96240  i\n"
	  " 90112  48120  i\n 98304  48120  i\n" },
	/* Unknown values are no points. */
	{ "plot 'data' index 'totals' using 3:6",
	  " 446  1.73058e+06  i\n 223  865288  i\n 446  NaN  u\n"
	  " 223  NaN  u\n 223  NaN  u\n" },
	{ "plot 'data' index 'orders' using 3:5",
	  " 0  0  i\n 1  1  i\n 2  0  i\n 3  1992  i\n" },
	{ "plot 'data' index 'orders' using 3:5:(stringcolumn(1)"
	  ".stringcolumn(2)) with labels",
	  " 0  0 \"buddypeak\"\n 1  1 \"buddypeak\"\n"
	  " 2  0 \"buddypeak\"\n 3  1992 \"buddypeak\"\n" },
	/* A name is a text, and the text that the other formats show. */
	{ "plot 'data' index 'caches' using 0:3:1 with labels",
	  " 0  1280 \"dentry\"\n 1  784 \"inode_cache\"\n"
	  " 2  0 \"x\\x22;system(\\x22touch pwned\\x22);\\x22\"\n"
	  " 3  9 \"a,b\\x0ac\\x00\\x01\\xff\\x7f '#`\"\n"
	  " 4  0 \"gr\303\266\303\237e\342\202\254\360\237\220\247"
	  "\\xc2\\x85\"\n"
	  " 5  0 \"\\x5cx41\\x5c\"\n 6  0 \"\"\n"
	  " 7 -4096 \"kmalloc-8k\"\n 8 -9.22337e+18 \"max\"\n" },
	/* Read as a number it is none; nothing of it is executed. */
	{ "plot 'data' index 'caches' using 2:3:xtic(1)",
	  " 420  1280  i\n 26  784  i\n 512  0  i\n 3  9  i\n 1  0  i\n"
	  " 1  0  i\n 0  0  i\n 4 -4096  i\n 1.84467e+19 -9.22337e+18  i\n" },
};

START_TEST(gnuplot_reads_it)
{
	struct kfrag_report report;
	struct kfrag_selection selections[KFRAG_NR_TABLES];
	struct place place;
	char *plotted;

	fixture_report_mixed(&report, selections);
	place_open(&place);
	write_data(&place, &report, selections, KFRAG_NR_TABLES);
	plotted = run_gnuplot(&place, plots[_i].commands);
	ck_assert_str_eq(plotted, plots[_i].plotted);
	free(plotted);
	place_close(&place);
	fixture_report_unmix(&report, selections);
}
END_TEST

/* Where the caches have no rows, the totals must not be taken for them. */
START_TEST(no_rows_are_no_points)
{
	struct kfrag_report report;
	struct kfrag_selection selections[KFRAG_NR_TABLES];
	struct place place;
	char *plotted;

	fixture_report_mixed(&report, selections);
	selections[KFRAG_TABLE_CACHES].nr_rows = 0;
	place_open(&place);
	write_data(&place, &report, selections, KFRAG_NR_TABLES);
	plotted = run_gnuplot(
		&place,
		"stats 'data' index 'totals' using 3 name 'T' nooutput\n"
		"stats 'data' index 'caches' using 3 name 'C' nooutput\n"
		"print sprintf('%d', T_records)\n"
		"print exists('C_records') ? 'points' : 'none'");
	ck_assert_str_eq(plotted, "5\nnone\n");
	free(plotted);
	place_close(&place);
	fixture_report_unmix(&report, selections);
}
END_TEST

Suite *gnuplot_suite(void)
{
	Suite *suite = suite_create("gnuplot");
	TCase *tc = tcase_create("gnuplot");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, known_report);
	tcase_add_test(tc, full_disk);
	tcase_add_loop_test(tc, gnuplot_reads_it, 0, NR_OF(plots));
	tcase_add_test(tc, no_rows_are_no_points);
	suite_add_tcase(suite, tc);
	return suite;
}
