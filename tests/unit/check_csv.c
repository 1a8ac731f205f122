// SPDX-License-Identifier: MIT
#include "kfrag/csv.h"

#include <stdio.h>

#include <csv.h>

#include "capture.h"
#include "expect.h"
#include "fixture_report.h"
#include "kfrag/text.h"

Suite *csv_suite(void);

/* Numbers bare, texts in quotes, nothing for unknown. */
static const char *const expected[KFRAG_NR_TABLES] = {
	[KFRAG_TABLE_CACHES] =
		"name,size_bytes,active_objs,num_objs,objs_per_slab,slab_order,"
		"num_slabs,kernel_held_bytes,kernel_idle_bytes,"
		"kernel_tail_bytes,buddy_order,buddy_peak_held_bytes,"
		"buddy_peak_internal_bytes,buddy_held_bytes,"
		"buddy_internal_bytes,buddy_failed_objs,slab_slabs,"
		"slab_held_bytes,slab_idle_bytes,slab_tail_bytes,"
		"slab_failed_objs\n"
		"\"dentry\",192,210,420,21,0,20,81920,40320,1280,0,1720320,"
		"1639680,860160,819840,0,18,73728,32256,1152,0\n"
		"\"inode_cache\",600,13,26,13,1,2,16384,7800,784,0,106496,"
		"90896,53248,45448,0,2,16384,7800,784,0\n"
		"\"x\"\";system(\"\"touch pwned\"\");\"\"\",8,1,512,512,0,1,"
		"4096,4088,0,0,2097152,2093056,4096,4088,0,1,4096,4088,0,0\n"
		"\"a,b\\x0ac\\x00\\x01\\xff\\x7f '#`\",1,2,3,4,5,6,7,8,9,10,11,"
		"12,13,14,15,16,17,18,19,20\n"
		"\"gr\303\266\303\237e\342\202\254\360\237\220\247\\xc2\\x85\","
		"4096,1,1,1,0,1,4096,0,0,0,4096,0,4096,0,0,1,4096,0,0,0\n"
		"\"\\x41\\\",4096,1,1,1,0,1,4096,0,0,0,4096,0,4096,0,0,1,4096,"
		"0,0,0\n"
		"\"\",64,0,0,64,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n"
		"\"kmalloc-8k\",8192,4,4,4,3,1,28672,0,-4096,1,32768,0,32768,0,"
		"0,1,32768,0,0,0\n"
		"\"max\",18446744073709551615,18446744073709551615,"
		"18446744073709551615,18446744073709551615,63,"
		"18446744073709551615,18446744073709551615,"
		"18446744073709551615,-9223372036854775808,63,"
		"18446744073709551615,18446744073709551615,"
		"18446744073709551615,18446744073709551615,"
		"18446744073709551615,18446744073709551615,"
		"18446744073709551615,18446744073709551615,"
		"18446744073709551615,18446744073709551615\n",
	[KFRAG_TABLE_TOTALS] =
		"allocator,state,live_objs,live_bytes,held_bytes,"
		"internal_bytes,idle_bytes,tail_bytes,free_bytes,free_blocks,"
		"largest_free_bytes,external_permille,bitmap_bytes,"
		"bookkeeping_bytes,memory_bytes,failed_objs,"
		"failed_fragmented_objs\n"
		"\"buddy\",\"peak\",446,96240,1826816,1730576,,,65282048,1993,"
		"32768,999,4168,520,67108864,0,0\n"
		"\"buddy\",\"settled\",223,48120,913408,865288,,,66195456,2157,"
		"32768,999,4168,520,67108864,0,0\n"
		"\"slab\",\"peak\",446,96240,98304,,0,2064,67010560,2045,32768,"
		"999,4344,3456,67108864,0,0\n"
		"\"slab\",\"settled\",223,48120,90112,,40056,1936,67018752,"
		"2047,32768,999,4344,3456,67108864,0,0\n"
		"\"kernel\",\"settled\",223,48120,98304,,48120,2064,,,,,,,,,\n",
	[KFRAG_TABLE_ORDERS] =
		"allocator,state,order,block_bytes,free_blocks,"
		"unusable_permille,fragmentation_permille,bitmap_bits\n"
		"\"buddy\",\"peak\",0,4096,0,0,,16384\n"
		"\"buddy\",\"peak\",1,8192,1,0,,8192\n"
		"\"buddy\",\"peak\",2,16384,0,0,-500,4096\n"
		"\"buddy\",\"peak\",3,32768,1992,0,,2048\n"
		"\"buddy\",\"settled\",0,4096,105,0,,16384\n"
		"\"buddy\",\"settled\",1,8192,60,6,,8192\n"
		"\"buddy\",\"settled\",2,16384,0,13,-500,4096\n"
		"\"buddy\",\"settled\",3,32768,1992,13,,2048\n"
		"\"slab\",\"peak\",0,4096,0,0,,16384\n"
		"\"slab\",\"peak\",1,8192,0,0,,8192\n"
		"\"slab\",\"peak\",2,16384,0,0,-500,4096\n"
		"\"slab\",\"peak\",3,32768,2045,0,,2048\n"
		"\"slab\",\"settled\",0,4096,2,0,,16384\n"
		"\"slab\",\"settled\",1,8192,0,0,,8192\n"
		"\"slab\",\"settled\",2,16384,0,0,-500,4096\n"
		"\"slab\",\"settled\",3,32768,2045,0,,2048\n",
};

static void select_all(struct kfrag_selection *selection,
		       const struct kfrag_report *report,
		       enum kfrag_table_kind kind)
{
	ck_assert_int_eq(kfrag_selection_init(selection, report, kind),
			 KFRAG_OK);
}

START_TEST(known_tables)
{
	struct kfrag_report report;
	struct kfrag_selection selection;
	struct capture capture;

	fixture_report_init(&report);
	select_all(&selection, &report, (enum kfrag_table_kind)_i);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_csv_write(capture.out, &selection), KFRAG_OK);
	ck_assert_str_eq(capture_end(&capture), expected[_i]);
	capture_release(&capture);
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

START_TEST(chosen_columns_and_rows)
{
	struct kfrag_report report;
	struct kfrag_selection selection;
	struct capture capture;
	size_t offset;

	fixture_report_init(&report);
	select_all(&selection, &report, KFRAG_TABLE_CACHES);
	ck_assert_int_eq(kfrag_selection_set_columns(
				 &selection, "num_objs,name,num_objs", &offset),
			 KFRAG_OK);
	selection.nr_rows = 2;
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_csv_write(capture.out, &selection), KFRAG_OK);
	ck_assert_str_eq(capture_end(&capture), "num_objs,name,num_objs\n"
						"420,\"dentry\",420\n"
						"26,\"inode_cache\",26\n");
	capture_release(&capture);
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

START_TEST(no_rows)
{
	struct kfrag_report report;
	struct kfrag_selection selection;
	struct capture capture;
	const char *text;

	fixture_report_empty(&report);
	select_all(&selection, &report, KFRAG_TABLE_CACHES);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_csv_write(capture.out, &selection), KFRAG_OK);
	text = capture_end(&capture);
	ck_assert_int_eq(strncmp(text, "name,size_bytes,", 16), 0);
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	capture_release(&capture);
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

START_TEST(full_disk)
{
	struct kfrag_report report;
	struct kfrag_selection selection;
	struct full_stream stream;

	fixture_report_init(&report);
	select_all(&selection, &report, (enum kfrag_table_kind)_i);
	full_stream_open(&stream);
	ck_assert_int_eq(kfrag_csv_write(stream.out, &selection), KFRAG_EIO);
	fclose(stream.out);
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

/* ---------------------------------------------------------- round trip */

/* What libcsv reads is compared with the values as it goes. */
struct reading {
	const struct kfrag_selection *selection;
	size_t row; /* 0 is the header line */
	size_t column;
	unsigned nr_quotes;
	unsigned nr_escapes;
};

static void spell(const struct kfrag_value *value, char *out, size_t size)
{
	if (value->kind == KFRAG_VALUE_UNSIGNED)
		snprintf(out, size, "%" PRIu64, value->number);
	else if (value->kind == KFRAG_VALUE_SIGNED)
		snprintf(out, size, "%" PRId64, value->signed_number);
	else if (value->kind == KFRAG_VALUE_UNKNOWN)
		*out = '\0';
	else
		kfrag_text_escape(out, value->text, value->text_bytes);
}

static void read_field(void *field, size_t bytes, void *context)
{
	struct reading *reading = context;
	char text[512] = "";

	EXPECT(reading->column < reading->selection->nr_columns);
	EXPECT(reading->row <= reading->selection->nr_rows);
	if (reading->row == 0) {
		const struct kfrag_column *column =
			reading->selection->columns[reading->column];

		snprintf(text, sizeof(text), "%s", column->name);
	} else {
		const struct kfrag_selection *selection = reading->selection;
		struct kfrag_value value =
			selection->columns[reading->column]->value(
				selection->rows[reading->row - 1]);

		spell(&value, text, sizeof(text));
	}
	EXPECT_EQ(bytes, strlen(text));
	EXPECT(bytes == 0 || memcmp(field, text, bytes) == 0);
	reading->nr_quotes += strchr(text, '"') != NULL;
	reading->nr_escapes += strstr(text, "\\x") != NULL;
	reading->column++;
}

static void read_end(int terminator, void *context)
{
	struct reading *reading = context;

	EXPECT_EQ(terminator, '\n');
	EXPECT_EQ(reading->column, reading->selection->nr_columns);
	reading->column = 0;
	reading->row++;
}

static void read_back(struct reading *reading, const struct capture *capture)
{
	struct csv_parser parser;

	EXPECT_EQ(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0);
	EXPECT_EQ(csv_parse(&parser, capture->text, capture->bytes, read_field,
			    read_end, reading),
		  capture->bytes);
	EXPECT_EQ(csv_fini(&parser, read_field, read_end, reading), 0);
	csv_free(&parser);
	EXPECT_EQ(reading->row, reading->selection->nr_rows + 1);
}

START_TEST(reads_back_the_same)
{
	struct kfrag_random random;
	unsigned nr_quotes = 0, nr_escapes = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int round = 0; round < 50; round++) {
		struct kfrag_report report;
		struct kfrag_selection selection;
		struct capture capture;
		struct reading reading = { .selection = &selection };

		fixture_report_random(&report, &random, 40, 10);
		select_all(&selection, &report,
			   (enum kfrag_table_kind)(round % KFRAG_NR_TABLES));
		capture_begin(&capture);
		EXPECT(kfrag_csv_write(capture.out, &selection) == KFRAG_OK);
		capture_end(&capture);
		read_back(&reading, &capture);
		nr_quotes += reading.nr_quotes;
		nr_escapes += reading.nr_escapes;
		capture_release(&capture);
		kfrag_selection_release(&selection);
		kfrag_report_release(&report);
	}
	ck_assert_uint_gt(nr_quotes, 0);
	ck_assert_uint_gt(nr_escapes, 0);
}
END_TEST

Suite *csv_suite(void)
{
	Suite *suite = suite_create("csv");
	TCase *tc = tcase_create("csv");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, known_tables, 0, KFRAG_NR_TABLES);
	tcase_add_test(tc, chosen_columns_and_rows);
	tcase_add_test(tc, no_rows);
	tcase_add_loop_test(tc, full_disk, 0, KFRAG_NR_TABLES);
	tcase_add_loop_test(tc, reads_back_the_same, 1, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
