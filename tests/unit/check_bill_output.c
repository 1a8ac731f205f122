// SPDX-License-Identifier: MIT
/* Bills as a page for people, JSON, CSV and data for gnuplot. */
#include "kfrag/bill_output.h"

#include "capture.h"
#include "expect.h"
#include "fixture_bill.h"
#include "host_fault.h"
#include "kfrag/csv.h"
#include "output/bill_sections.h"
#include "output/fit.h"

Suite *bill_output_suite(void);

#define PAGE UINT64_C(4096)
#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---------------------------------------------------------------- intervals */

static const struct {
	int64_t min, max, whole;
	bool is_whole;
	const char *text;
} intervals[] = {
	{ 41, 100, 100, true, "41..100 %" },
	{ 99, 100, 100, true, "99..100 %" },
	{ 100, 100, 100, true, "100 %" },
	/* Down, so that 100 % is all of it. */
	{ 1999, 1999, 2000, true, "99 %" },
	{ 1990, 1999, 2000, true, "99 %" },
	{ 0, 0, 0, true, "-" },
	{ 0, 0, -1, false, "-" },
	{ 0, 0, 10, false, "0.0 %" },
	/* Half up. */
	{ 4995, 4995, 100000, false, "5.0 %" },
	{ 4949, 4950, 100000, false, "4.9..5.0 %" },
	{ 4950, 5049, 100000, false, "5.0 %" },
	{ -5, -5, 100, false, "-5.0 %" },
	{ -5, -5, 1000000, false, "0.0 %" },
	{ INT64_MAX, INT64_MAX, INT64_MAX, false, "100.0 %" },
	{ 0, INT64_MAX, INT64_MAX, true, "0..100 %" },
	{ 0, 300, 100, false, "0.0..300.0 %" },
	{ INT64_MIN, INT64_MIN, 1, false, "-1844674407370955161.5 %" },
};

START_TEST(test_intervals)
{
	char buf[KFRAG_UNITS_SIZE];

	ck_assert_str_eq(kfrag_bill_interval(intervals[_i].min,
					     intervals[_i].max,
					     intervals[_i].whole,
					     intervals[_i].is_whole, buf),
			 intervals[_i].text);
}
END_TEST

/* -------------------------------------------------------------------- pages */

/* Something of everything that a page can say. */
static void make_bill(struct fixture_bill *fixture, enum kfrag_era era)
{
	static const struct fixture_row rows[] = {
		{ 40, 63, 192, 21, 1 },	       { 30, 558, 448, 36, 4 },
		{ 200, 557, 448, 36, 4 },      { 120, 111, 192, 21, 1 },
		{ 20000, 420000, 192, 21, 1 }, { 1, 1, 4096, 0, 8 },
	};
	static const char name[] = "a \xff name that is longer than any other "
				   "and goes on and on and on";
	struct kfrag_slab_meminfo meminfo = {
		.slab_bytes = kfrag_known(UINT64_C(1) << 30),
		.reclaimable_bytes = kfrag_known(UINT64_C(1) << 29),
		.unreclaimable_bytes = kfrag_known(UINT64_C(1) << 29),
	};

	fixture_bill_init(fixture, era, PAGE);
	for (size_t i = 0; i < NR_OF(rows); i++)
		fixture_snapshot_add(&fixture->of, &rows[i]);
	fixture->of.records[1].num_slabs = 17;
	fixture->of.records[2].num_slabs = 17;
	fixture->of.records[4].name = name;
	fixture->of.records[4].name_bytes = sizeof(name) - 1;
	fixture_bill_make(fixture, NULL, &meminfo);
	fixture->fit.nr_of[KFRAG_ROW_FITS] = 1;
	fixture->fit.nr_of[KFRAG_ROW_STRANGE] = 5;
	for (size_t i = 1; i < NR_OF(rows); i++)
		fixture->rows[i].fit = KFRAG_ROW_STRANGE;
}

/* Forms of output, by number. */
enum { PAGE_FORM, BLOCK_FORM, JSON_FORM, GNUPLOT_FORM, CSV_FORM, NR_FORMS };

static enum kfrag_error write_form(const struct fixture_bill *fixture, int form,
				   unsigned width, FILE *out)
{
	const struct kfrag_bill_run run = {
		.bill = &fixture->bill,
		.source = "some\x01where",
		.meminfo_from = "given",
	};
	struct kfrag_table_style style = { .width = width };
	struct kfrag_selection selection;
	struct kfrag_table_caches caches = { .selection = &selection };
	enum kfrag_error error = kfrag_bill_selection_init(
		&selection, &fixture->bill, KFRAG_BILL_CACHES);

	if (error)
		return error;
	caches.nr_matching = selection.nr_rows;
	if (form == PAGE_FORM)
		error = kfrag_bill_write_table(out, &run, &caches, &style);
	else if (form == BLOCK_FORM)
		error = kfrag_bill_write_block(out, &run, &style);
	else if (form == JSON_FORM)
		error = kfrag_bill_write_json(out, &run, &selection, 1);
	else if (form == GNUPLOT_FORM)
		error = kfrag_bill_write_gnuplot(out, &run, &selection, 1);
	else
		error = kfrag_csv_write(out, &selection);
	kfrag_selection_release(&selection);
	return error;
}

/* No line is wider, down to what the column that adds up needs. */
START_TEST(test_widths)
{
	struct fixture_bill fixture;

	make_bill(&fixture, _i == 0 ? KFRAG_ERA_SLUB_6_7 : KFRAG_ERA_SLAB_4_6);
	for (unsigned width = 48; width < 130; width++) {
		struct capture capture;
		char *line;

		capture_begin(&capture);
		EXPECT(!write_form(&fixture, PAGE_FORM, width, capture.out));
		capture_end(&capture);
		EXPECT(strstr(capture.text, "some\\x01where"));
		EXPECT(strstr(capture.text, "= Slab: of meminfo"));
		for (line = strtok(capture.text, "\n"); line;
		     line = strtok(NULL, "\n"))
			ck_assert_msg(kfrag_fit_width(line) <= width,
				      "%u: '%s'", width, line);
		capture_release(&capture);
	}
	fixture_bill_release(&fixture);
}
END_TEST

START_TEST(test_full_stream)
{
	struct fixture_bill fixture;
	struct full_stream stream;

	make_bill(&fixture, KFRAG_ERA_SLUB_6_7);
	full_stream_open(&stream);
	ck_assert_int_eq(write_form(&fixture, _i, 80, stream.out), KFRAG_EIO);
	fclose(stream.out);
	fixture_bill_release(&fixture);
}
END_TEST

/* What a bill says in words, each only where it is so. */
START_TEST(test_words)
{
	static const char *const words[] = {
		"2 slabs are of a lower order",
		"In 2 caches num_objs is not what",
		"Slab: of meminfo is 945 MiB more than caches hold",
		"In 1 cache more objects are live than there are",
		"Of 1 cache (USE ~) the kernel may only estimate",
		"explains 1 of 6 rows",
		"5 rows: nothing explains it (",
		"at most 3 CPUs",
	};
	struct fixture_bill fixture;
	struct capture capture;

	make_bill(&fixture, KFRAG_ERA_SLUB_6_7);
	capture_begin(&capture);
	EXPECT(!write_form(&fixture, PAGE_FORM, 1000, capture.out));
	capture_end(&capture);
	for (size_t i = 0; i < NR_OF(words); i++)
		ck_assert_msg(strstr(capture.text, words[i]), "'%s' in %s",
			      words[i], capture.text);
	capture_release(&capture);
	fixture_bill_release(&fixture);

	fixture_bill_init(&fixture, KFRAG_ERA_SLUB_6_7, PAGE);
	fixture_bill_make(&fixture, NULL, NULL);
	capture_begin(&capture);
	EXPECT(!write_form(&fixture, PAGE_FORM, 1000, capture.out));
	capture_end(&capture);
	for (size_t i = 0; i < NR_OF(words); i++)
		ck_assert_msg(!strstr(capture.text, words[i]), "'%s' in %s",
			      words[i], capture.text);
	EXPECT(strstr(capture.text, "All counts are exact."));
	capture_release(&capture);
	fixture_bill_release(&fixture);
}
END_TEST

/* ----------------------------------------------------- a host without memory */

START_TEST(test_no_memory)
{
	struct fixture_bill fixture;
	long k = 0;

	make_bill(&fixture, KFRAG_ERA_SLUB_6_7);
	for (bool made = false; !made; k++) {
		struct capture capture;
		enum kfrag_error error;

		capture_begin(&capture);
		host_fault_after(k);
		error = write_form(&fixture, _i, 80, capture.out);
		made = !host_fault_end();
		ck_assert_int_eq(error, made ? KFRAG_OK : KFRAG_ENOMEM);
		capture_end(&capture);
		capture_release(&capture);
	}
	ck_assert_int_gt(k, 1);
	fixture_bill_release(&fixture);
}
END_TEST

START_TEST(test_no_memory_for_bill)
{
	const struct kfrag_slab_meminfo meminfo = { .slab_bytes = { 0 } };
	struct fixture_bill fixture;
	struct kfrag_bill bill;

	make_bill(&fixture, KFRAG_ERA_SLUB_6_7);
	host_fault_after(0);
	ck_assert_int_eq(kfrag_bill_init(&bill, &fixture.of.snapshot,
					 &fixture.fit, NULL, &meminfo),
			 KFRAG_ENOMEM);
	ck_assert(host_fault_end());
	ck_assert_ptr_null(bill.rows);
	ck_assert_uint_eq(bill.nr_rows, 0);
	fixture_bill_release(&fixture);
}
END_TEST

/* ------------------------------------------------------------------ sorting */

START_TEST(test_sort_keys)
{
	static const struct {
		const char *text;
		size_t first, last; /* of the rows above */
	} sorts[] = {
		{ "a", 4, 5 },	   { "cache-size", 4, 5 }, { "waste", 4, 5 },
		{ "s", 5, 4 },	   { "u", 3, 4 },	   { "o", 4, 5 },
		{ "slabs", 4, 5 }, { "b", 1, 5 },	   { "p", 5, 4 },
		{ "v", 4, 5 },	   { "live_bytes", 4, 5 },
	};
	struct fixture_bill fixture;
	struct kfrag_sort_key key;

	make_bill(&fixture, KFRAG_ERA_SLUB_6_7);
	for (size_t i = 0; i < NR_OF(sorts); i++) {
		const struct kfrag_bill_row *first, *last;
		struct kfrag_selection selection;

		ck_assert(kfrag_bill_sort_key_find(sorts[i].text, &key));
		EXPECT(!kfrag_bill_selection_init(&selection, &fixture.bill,
						  KFRAG_BILL_CACHES));
		EXPECT(!kfrag_selection_sort(&selection, &key));
		first = selection.rows[0];
		last = selection.rows[selection.nr_rows - 1];
		ck_assert_msg(first == &fixture.bill.rows[sorts[i].first] &&
				      last == &fixture.bill.rows[sorts[i].last],
			      "%s: %d, %d", sorts[i].text,
			      (int)(first - fixture.bill.rows),
			      (int)(last - fixture.bill.rows));
		kfrag_selection_release(&selection);
	}
	ck_assert(!kfrag_bill_sort_key_find("nothing", &key));
	fixture_bill_release(&fixture);
}
END_TEST

Suite *bill_output_suite(void)
{
	Suite *suite = suite_create("bill_output");
	TCase *tcase = tcase_create("bill_output");
	TCase *host = tcase_create("host");

	tcase_add_loop_test(tcase, test_intervals, 0, (int)NR_OF(intervals));
	tcase_add_loop_test(tcase, test_widths, 0, 2);
	tcase_add_loop_test(tcase, test_full_stream, 0, NR_FORMS);
	tcase_add_test(tcase, test_words);
	tcase_add_test(tcase, test_sort_keys);
	suite_add_tcase(suite, tcase);
	if (host_fault_is_possible()) {
		tcase_add_loop_test(host, test_no_memory, 0, NR_FORMS);
		tcase_add_test(host, test_no_memory_for_bill);
	}
	suite_add_tcase(suite, host);
	return suite;
}
