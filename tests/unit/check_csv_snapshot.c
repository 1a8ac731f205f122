// SPDX-License-Identifier: MIT
#include "kfrag/csv_snapshot.h"

#include "capture.h"
#include "expect.h"
#include "expect_slabinfo.h"
#include "fixture_snapshot.h"
#include "kfrag/capture.h"
#include "kfrag/csv.h"
#include "kfrag/replay.h"
#include "kfrag/workload.h"

Suite *csv_snapshot_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define TEXT(literal) (literal), sizeof(literal) - 1

#define NEEDED                                                                 \
	"name,size_bytes,active_objs,num_objs,objs_per_slab,slab_order,"       \
	"num_slabs"
#define ROW "\"dentry\",192,10,21,21,0,1"

/* An exact-size copy, gone before the recording is looked at. */
static enum kfrag_error parse(struct kfrag_recording *recording,
			      const char *text, size_t bytes)
{
	char *copy = malloc(bytes ? bytes : 1);
	enum kfrag_error error;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, bytes);
	error = kfrag_csv_snapshot_parse(recording, copy, bytes);
	free(copy);
	return error;
}

/* ------------------------------------------------------------- headers */

static const struct {
	const char *text;
	enum kfrag_csv_header header;
	const char *missing;
} headers[] = {
	{ "", KFRAG_CSV_STRANGE, NULL },
	{ "\n", KFRAG_CSV_STRANGE, NULL },
	{ "slabinfo - version: 2.1\n", KFRAG_CSV_STRANGE, NULL },
	{ "allocator,state,live_objs\n", KFRAG_CSV_STRANGE, NULL },
	{ "name,age\n", KFRAG_CSV_STRANGE, NULL },
	{ "size_bytes,num_objs\n", KFRAG_CSV_STRANGE, NULL },
	{ "\"name,size_bytes\n", KFRAG_CSV_STRANGE, NULL },
	{ "na\"me,size_bytes\n", KFRAG_CSV_STRANGE, NULL },
	{ "# name <active_objs>, size_bytes\n", KFRAG_CSV_STRANGE, NULL },
	{ "name,num_objs\n", KFRAG_CSV_INCOMPLETE, "size_bytes" },
	{ "size_bytes,active_objs,num_objs,objs_per_slab,slab_order,name\n",
	  KFRAG_CSV_INCOMPLETE, "num_slabs" },
	{ NEEDED "\n", KFRAG_CSV_CACHES, NULL },
	{ NEEDED, KFRAG_CSV_CACHES, NULL },
	{ NEEDED "\r\n" ROW, KFRAG_CSV_CACHES, NULL },
	{ "\xef\xbb\xbf" NEEDED "\n", KFRAG_CSV_CACHES, NULL },
	{ "time," NEEDED ",other\n", KFRAG_CSV_CACHES, NULL },
	{ "num_slabs,slab_order,objs_per_slab,num_objs,active_objs, "
	  "size_bytes ,\"name\"\n",
	  KFRAG_CSV_CACHES, NULL },
};

START_TEST(header)
{
	const char *text = headers[_i].text, *missing = "";
	struct kfrag_recording recording;

	ck_assert_int_eq(kfrag_csv_snapshot_header(text, strlen(text),
						   &missing),
			 headers[_i].header);
	ck_assert_pstr_eq(missing, headers[_i].missing);
	if (headers[_i].header == KFRAG_CSV_CACHES)
		return;
	ck_assert_int_eq(parse(&recording, text, strlen(text)), KFRAG_EFORMAT);
	ck_assert_ptr_null(recording.diags);
}
END_TEST

/* ---------------------------------------------------------------- rows */

static const struct {
	const char *text;
	const char *name;
	size_t name_bytes;
	struct kfrag_record record;
	uint64_t page_size_bytes;
} good_rows[] = {
#define DENTRY                                                                 \
	{                                                                      \
		.line = 2, .active_objs = 10, .num_objs = 21,                  \
		.size_bytes = 192, .objs_per_slab = 21, .pages_per_slab = 1,   \
		.active_slabs = 1, .active_slabs_unknown = true,               \
		.num_slabs = 1                                                 \
	}
	{ NEEDED "\n" ROW "\n", TEXT("dentry"), DENTRY, 0 },
	{ NEEDED "\r\n" ROW "\r\n", TEXT("dentry"), DENTRY, 0 },
	{ NEEDED "\r\n" ROW "\r", TEXT("dentry"), DENTRY, 0 },
	{ "\xef\xbb\xbf" NEEDED "\ndentry, 192 ,10,\"21\",21,0,1\n",
	  TEXT("dentry"), DENTRY, 0 },
	{ "x,num_slabs,slab_order,y,objs_per_slab,num_objs,active_objs,"
	  "size_bytes,name,name,z\n\"a,b\",1,0,,21,21,10,192,dentry,no,\n",
	  TEXT("dentry"), DENTRY, 0 },
	/* Without a newline only what cannot be cut is there. */
	{ NEEDED ",x\n" ROW ",1", TEXT("dentry"), DENTRY, 0 },
	{ "num_slabs,slab_order,objs_per_slab,num_objs,active_objs,size_bytes,"
	  "name\n1,0,21,21,10,192,\"dentry\"",
	  TEXT("dentry"), DENTRY, 0 },
	/* The page size, and pages that are no power of two. */
	{ NEEDED ",kernel_held_bytes\n" ROW ",16384\n", TEXT("dentry"), DENTRY,
	  16384 },
	{ NEEDED ",kernel_held_bytes\n" ROW ",\n", TEXT("dentry"), DENTRY, 0 },
	{ NEEDED ",kernel_held_bytes\n" ROW ",5000\n", TEXT("dentry"), DENTRY,
	  0 },
	{ NEEDED ",kernel_held_bytes\n" ROW ",512\n", TEXT("dentry"), DENTRY,
	  0 },
	{ NEEDED ",kernel_held_bytes\n" ROW ",33554432\n", TEXT("dentry"),
	  DENTRY, 0 },
	{ NEEDED ",kernel_held_bytes\n" ROW ",4096\n" ROW ",8192\n",
	  TEXT("dentry"), DENTRY, 0 },
	{ NEEDED ",kernel_held_bytes\nb,9,1,2,3,2,4,49152\n" ROW ",4096\n",
	  TEXT("b"),
	  { .line = 2,
	    .active_objs = 1,
	    .num_objs = 2,
	    .size_bytes = 9,
	    .objs_per_slab = 3,
	    .pages_per_slab = 3,
	    .active_slabs = 4,
	    .active_slabs_unknown = true,
	    .num_slabs = 4 },
	  4096 },
	/* Names. */
	{ NEEDED "\n\"a\"\"b,c\\x00\\xff\\x41\",192,10,21,21,0,1\n",
	  TEXT("a\"b,c\0\xff\\x41"), DENTRY, 0 },
	{ NEEDED "\n\" gr\xc3\xb6\xc3\x9f\x65 \",192,10,21,21,0,1\n",
	  TEXT(" gr\xc3\xb6\xc3\x9f\x65 "), DENTRY, 0 },
	/* All that 64 bits hold. */
	{ NEEDED ",kernel_held_bytes\na,18446744073709551615,"
		 "18446744073709551615,18446744073709551615,"
		 "18446744073709551615,63,18446744073709551615,"
		 "18446744073709551615\n",
	  TEXT("a"),
	  { .line = 2,
	    .active_objs = UINT64_MAX,
	    .num_objs = UINT64_MAX,
	    .size_bytes = UINT64_MAX,
	    .objs_per_slab = UINT64_MAX,
	    .pages_per_slab = UINT64_C(1) << 63,
	    .active_slabs = UINT64_MAX,
	    .active_slabs_unknown = true,
	    .num_slabs = UINT64_MAX },
	  0 },
};

START_TEST(good_row)
{
	const char *text = good_rows[_i].text;
	struct kfrag_recording recording;
	const struct kfrag_snapshot *snapshot;
	const struct kfrag_record *record;

	ck_assert_int_eq(parse(&recording, text, strlen(text)), KFRAG_OK);
	ck_assert_uint_eq(recording.nr_diags, 0);
	ck_assert_uint_eq(recording.nr_snapshots, 1);
	snapshot = recording.snapshots;
	record = snapshot->records;
	expect_figures(record, &good_rows[_i].record);
	ck_assert_uint_eq(record->name_bytes, good_rows[_i].name_bytes);
	ck_assert_mem_eq(record->name, good_rows[_i].name,
			 record->name_bytes + 1);
	ck_assert_uint_eq(snapshot->origin.page_size_bytes.value,
			  good_rows[_i].page_size_bytes);
	ck_assert_int_eq(snapshot->version, KFRAG_SLABINFO_UNKNOWN);
	ck_assert(!snapshot->has_time);
	ck_assert_uint_eq(snapshot->line, 2);
	kfrag_recording_release(&recording);
}
END_TEST

#define COLUMNS NEEDED ",time\n"

static const struct {
	const char *text; /* behind COLUMNS, before a good row */
	struct kfrag_diag diag;
} bad_rows[] = {
	{ "a,1,2,3,4\n", { .code = KFRAG_DIAG_CUT, .column = 10 } },
	{ "a\n", { .code = KFRAG_DIAG_CUT, .column = 2 } },
	{ "a,1,2,3,4,5,6,7,8\n", { .code = KFRAG_DIAG_FIELDS, .column = 17 } },
	{ "a,1,2\r,3,4,5,6,7\n", { .code = KFRAG_DIAG_FIELDS, .column = 7 } },
	{ "\"\",1,2,3,4,5,6,7\n", { .code = KFRAG_DIAG_NO_NAME, .column = 1 } },
	{ ",1,2,3,4,5,6,7\n", { .code = KFRAG_DIAG_NO_NAME, .column = 1 } },
	{ "a,x,2,3,4,5,6,7\n", { .code = KFRAG_DIAG_NUMBER, .column = 3 } },
	{ "a,1,-2,3,4,5,6,7\n", { .code = KFRAG_DIAG_NUMBER, .column = 5 } },
	{ "a,1,2,,4,5,6,7\n", { .code = KFRAG_DIAG_NUMBER, .column = 7 } },
	{ "a,1,2,  x,4,5,6,7\n", { .code = KFRAG_DIAG_NUMBER, .column = 9 } },
	{ "\"a\"\",\",1,2,3,\"4x\",5,6,7\n",
	  { .code = KFRAG_DIAG_NUMBER, .column = 14 } },
	{ "a,1,2,3,4,5 6,7,8\n", { .code = KFRAG_DIAG_NUMBER, .column = 11 } },
	{ "a,1,2,3,4,5,18446744073709551616,7\n",
	  { .code = KFRAG_DIAG_TOO_LARGE, .column = 13 } },
	{ "a,1,2,3,4,5,6,1.x\n", { .code = KFRAG_DIAG_NUMBER, .column = 15 } },
	{ "a,1,2,3,4,5,6,.5\n", { .code = KFRAG_DIAG_NUMBER, .column = 15 } },
	{ "a,1,2,3,4,5,6,2024-01-01\n",
	  { .code = KFRAG_DIAG_NUMBER, .column = 15 } },
	{ "a,0,2,3,4,5,6,7\n", { .code = KFRAG_DIAG_NO_SIZE, .column = 3 } },
	{ "a,1,2,3,4,64,6,7\n",
	  { .code = KFRAG_DIAG_ORDER, .column = 11, .a = 64 } },
	/* A quote too many costs one line. */
	{ "\"a,1,2,3,4,5,6,7\n", { .code = KFRAG_DIAG_QUOTE, .column = 1 } },
	{ "a,1,2,3,4,5,6,\"7\n", { .code = KFRAG_DIAG_QUOTE, .column = 15 } },
	{ "\"a\"b,1,2,3,4,5,6,7\n", { .code = KFRAG_DIAG_QUOTE, .column = 4 } },
	{ "a\"b,1,2,3,4,5,6,7\n", { .code = KFRAG_DIAG_QUOTE, .column = 2 } },
	{ "slabinfo - version: 2.1\n",
	  { .code = KFRAG_DIAG_CUT, .column = 24 } },
};

START_TEST(bad_row)
{
	struct kfrag_diag expected = bad_rows[_i].diag;
	struct kfrag_recording recording;
	char text[512];

	expected.line = 3;
	snprintf(text, sizeof(text), "%s" ROW ",1\n%s\n" ROW ",1\n", COLUMNS,
		 bad_rows[_i].text);
	ck_assert_int_eq(parse(&recording, text, strlen(text)), KFRAG_OK);
	ck_assert_uint_eq(recording.nr_diags, 1);
	ck_assert_uint_eq(recording.nr_lost_lines, 1);
	expect_diag(recording.diags, &expected);
	ck_assert_uint_eq(recording.nr_snapshots, 1);
	ck_assert_uint_eq(recording.snapshots[0].nr_records, 2);
	/* The line between them is blank. */
	ck_assert_uint_eq(recording.records[1].line, 5);
	kfrag_recording_release(&recording);

	/* Alone it is no row. */
	snprintf(text, sizeof(text), "%s%s", COLUMNS, bad_rows[_i].text);
	ck_assert_int_eq(parse(&recording, text, strlen(text)), KFRAG_EFORMAT);
	ck_assert_uint_eq(recording.nr_diags, 1);
	kfrag_recording_release(&recording);
}
END_TEST

static const struct {
	const char *fields; /* time_ms, moment */
	enum kfrag_diag_code code;
	uint32_t column;
} bad_moments[] = {
	{ "1000,1", KFRAG_DIAG_NUMBER, 1 },
	{ "-1,1", KFRAG_DIAG_NUMBER, 1 },
	{ "x,1", KFRAG_DIAG_NUMBER, 1 },
	{ "18446744073709551616,1", KFRAG_DIAG_TOO_LARGE, 1 },
	{ "999,x", KFRAG_DIAG_NUMBER, 5 },
};

START_TEST(bad_moment)
{
	const struct kfrag_diag expected = {
		.code = bad_moments[_i].code,
		.line = 2,
		.column = bad_moments[_i].column,
	};
	struct kfrag_recording recording;
	char text[256];

	snprintf(text, sizeof(text), "time_ms,moment," NEEDED "\n%s," ROW "\n",
		 bad_moments[_i].fields);
	ck_assert_int_eq(parse(&recording, text, strlen(text)), KFRAG_EFORMAT);
	ck_assert_uint_eq(recording.nr_diags, 1);
	expect_diag(recording.diags, &expected);
	kfrag_recording_release(&recording);
}
END_TEST

START_TEST(active_above_num)
{
	static const char text[] = COLUMNS "a,8,7,3,4,0,1,\n";
	static const struct kfrag_diag expected = {
		.code = KFRAG_DIAG_ACTIVE_ABOVE_NUM,
		.line = 2,
		.column = 5,
		.a = 7,
		.b = 3,
	};
	struct kfrag_recording recording;

	ck_assert_int_eq(parse(&recording, TEXT(text)), KFRAG_OK);
	ck_assert_uint_eq(recording.nr_diags, 1);
	ck_assert_uint_eq(recording.nr_lost_lines, 0);
	expect_diag(recording.diags, &expected);
	kfrag_recording_release(&recording);
}
END_TEST

/* Cut anywhere: rows are those of the whole, or lost. */
START_TEST(every_prefix)
{
	static const char text[] = NEEDED "\n" ROW "\n"
					  "\"x\"\"y\",1234,56,78,90,1,23\r\n"
					  "\"z\",12,34,56,78,1,45";
	struct kfrag_recording whole, prefix;

	ck_assert_int_eq(parse(&whole, TEXT(text)), KFRAG_OK);
	ck_assert_uint_eq(whole.snapshots[0].nr_records, 2);
	ck_assert_uint_eq(whole.nr_lost_lines, 1);
	ck_assert_int_eq(whole.diags[0].code, KFRAG_DIAG_CUT);
	for (size_t bytes = 0; bytes < sizeof(text) - 1; bytes++) {
		enum kfrag_error error = parse(&prefix, text, bytes);

		EXPECT(error == KFRAG_OK || error == KFRAG_EFORMAT);
		for (size_t i = 0;
		     error == KFRAG_OK && i < prefix.snapshots[0].nr_records;
		     i++)
			expect_record_of(&whole.snapshots[0],
					 &prefix.records[i]);
		kfrag_recording_release(&prefix);
	}
	kfrag_recording_release(&whole);
}
END_TEST

/* ------------------------------------------------------------- samples */

static const struct {
	const char *rows; /* NAME:TIME ..., a row each */
	const char *samples; /* TIME:NAMES ... */
} groups[] = {
	{ "a:1 b:1 a:2 b:2", "1:ab 2:ab" },
	/* Cache by cache, as people sort them. */
	{ "a:1 a:2 a:3 b:1 b:3 b:2 c:3", "1:ab 2:ab 3:abc" },
	/* In the order of their first rows, not of time. */
	{ "a:9 b:9 a:5 a:7 b:5 a:5", "9:ab 5:aba 7:a" },
	{ "a: b: a:0 b:0", "-:ab 0:ab" },
	{ "a:3 b: a:", "3:a -:ba" },
	{ "a:1.25 b:1.75 a:18446744073709551615",
	  "1:ab 18446744073709551615:a" },
};

START_TEST(samples_by_time)
{
	struct kfrag_recording recording;
	char text[512] = "time," NEEDED "\n", found[256] = "";
	const char *row = groups[_i].rows;
	size_t at = strlen(text), end = 0;

	while (*row) {
		size_t time_bytes = strcspn(row + 2, " ");

		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       "%.*s,%c,192,10,21,21,0,1\n",
				       (int)time_bytes, row + 2, *row);
		row += 2 + time_bytes;
		row += *row == ' ';
	}
	ck_assert_int_eq(parse(&recording, text, at), KFRAG_OK);
	for (size_t i = 0; i < recording.nr_snapshots; i++) {
		const struct kfrag_snapshot *snapshot = &recording.snapshots[i];
		uint64_t line = 0;

		end += (size_t)snprintf(found + end, sizeof(found) - end,
					i ? " " : "");
		if (snapshot->has_time)
			end += (size_t)snprintf(found + end,
						sizeof(found) - end,
						"%" PRIu64 ":", snapshot->time);
		else
			end += (size_t)snprintf(found + end,
						sizeof(found) - end, "-:");
		for (size_t j = 0; j < snapshot->nr_records; j++) {
			ck_assert_uint_gt(snapshot->records[j].line, line);
			line = snapshot->records[j].line;
			found[end++] = *snapshot->records[j].name;
			found[end] = '\0';
		}
		ck_assert_uint_eq(snapshot->line, snapshot->records[0].line);
	}
	ck_assert_str_eq(found, groups[_i].samples);
	kfrag_recording_release(&recording);
}
END_TEST

/* Samples within a second, and without one. */
START_TEST(samples_by_moment)
{
	static const char text[] = "time_ms,time,moment," NEEDED "\n"
				   "250,7,1," ROW "\n"
				   ",7,1," ROW "\n"
				   "250,7,2," ROW "\n"
				   "250,7,1," ROW "\n"
				   "0,7,1," ROW "\n"
				   "9,,," ROW "\n"
				   ",,4," ROW "\n";
	static const struct {
		bool has_time;
		uint64_t time;
		uint32_t time_ms;
		uint64_t line;
		size_t nr_records;
	} expected[] = {
		{ true, 7, 250, 2, 2 }, { true, 7, 0, 3, 2 },
		{ true, 7, 250, 4, 1 }, { false, 0, 0, 7, 1 },
		{ false, 0, 0, 8, 1 },
	};
	struct kfrag_recording recording;

	ck_assert_int_eq(parse(&recording, TEXT(text)), KFRAG_OK);
	ck_assert_uint_eq(recording.nr_diags, 0);
	ck_assert_uint_eq(recording.nr_snapshots, NR_OF(expected));
	for (size_t i = 0; i < NR_OF(expected); i++) {
		const struct kfrag_snapshot *snapshot = &recording.snapshots[i];

		ck_assert_int_eq(snapshot->has_time, expected[i].has_time);
		ck_assert_uint_eq(snapshot->time, expected[i].time);
		ck_assert_uint_eq(snapshot->time_ms, expected[i].time_ms);
		ck_assert_uint_eq(snapshot->line, expected[i].line);
		ck_assert_uint_eq(snapshot->nr_records, expected[i].nr_records);
	}
	kfrag_recording_release(&recording);
}
END_TEST

/* ---------------------------------------------------- there and back again */

static void write_csv(struct capture *capture, struct kfrag_snapshot *snapshot,
		      uint64_t page_size_bytes)
{
	struct kfrag_replay_params params;
	struct kfrag_selection caches;
	struct kfrag_report report;
	size_t offender;

	kfrag_replay_params_init(&params);
	params.page_size_bytes = page_size_bytes;
	ck_assert_int_eq(kfrag_report_create(&report, snapshot, &params,
					     &offender),
			 KFRAG_OK);
	ck_assert_int_eq(kfrag_selection_init(&caches, &report,
					      KFRAG_TABLE_CACHES),
			 KFRAG_OK);
	capture_begin(capture);
	ck_assert_int_eq(kfrag_csv_write(capture->out, &caches), KFRAG_OK);
	capture_end(capture);
	kfrag_selection_release(&caches);
	kfrag_report_release(&report);
}

/* The report of a report is the report, whatever the capture was like. */
START_TEST(reads_back_the_same)
{
	struct kfrag_random random;
	unsigned nr_stated = 0, nr_odd_pages = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int round = 0; round < 100; round++) {
		uint64_t page_size_bytes = UINT64_C(1024)
					   << kfrag_random_below(&random, 7);
		struct fixture_snapshot fixture;
		struct kfrag_recording recording;
		struct capture first, second;
		struct kfrag_snapshot *back;

		fixture_snapshot_random(&fixture, &random, 12, 3000,
					page_size_bytes);
		/* Names of few bytes, many of them odd. */
		for (size_t i = 0; i < fixture.snapshot.nr_records; i++) {
			static const char odd[] = "ab\\x0\"\xc3\xb6,'\n\xff ";
			struct kfrag_record *record = &fixture.records[i];
			char *name = fixture.names[i];

			record->name_bytes =
				1 + (size_t)kfrag_random_below(&random, 8);
			for (size_t j = 0; j < record->name_bytes; j++)
				name[j] = odd[kfrag_random_below(&random,
								 sizeof(odd))];
			name[record->name_bytes] = '\0';
		}
		write_csv(&first, &fixture.snapshot, page_size_bytes);
		EXPECT_EQ(kfrag_capture_parse(&recording, first.text,
					      first.bytes),
			  KFRAG_OK);
		EXPECT_EQ(recording.nr_diags, 0);
		EXPECT_EQ(recording.nr_snapshots, 1);
		back = recording.snapshots;
		EXPECT_EQ(back->nr_records, fixture.snapshot.nr_records);
		EXPECT(back->origin.page_size_bytes.value == page_size_bytes ||
		       back->origin.page_size_bytes.value == 0);
		nr_stated += back->origin.page_size_bytes.value != 0;
		for (size_t i = 0; i < back->nr_records; i++)
			nr_odd_pages +=
				(back->records[i].pages_per_slab &
				 (back->records[i].pages_per_slab - 1)) != 0;
		write_csv(&second, back, page_size_bytes);
		ck_assert_str_eq(second.text, first.text);
		capture_release(&first);
		capture_release(&second);
		kfrag_recording_release(&recording);
	}
	ck_assert_uint_gt(nr_stated, 50);
	ck_assert_uint_gt(nr_odd_pages, 0);
}
END_TEST

START_TEST(capture_of_either_kind)
{
	static const char slabinfo[] =
		"a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6 7 0\n";
	static const char incomplete[] = "name,num_objs\na,1\n";
	struct kfrag_recording recording;

	ck_assert_int_eq(kfrag_capture_parse(&recording, TEXT(slabinfo)),
			 KFRAG_OK);
	ck_assert_uint_eq(recording.records[0].pages_per_slab, 8);
	kfrag_recording_release(&recording);
	ck_assert_int_eq(kfrag_capture_parse(&recording,
					     TEXT(NEEDED "\n" ROW "\n")),
			 KFRAG_OK);
	ck_assert_uint_eq(recording.records[0].size_bytes, 192);
	kfrag_recording_release(&recording);
	ck_assert_int_eq(kfrag_capture_parse(&recording, TEXT(incomplete)),
			 KFRAG_EFORMAT);
	kfrag_recording_release(&recording);
}
END_TEST

Suite *csv_snapshot_suite(void)
{
	Suite *suite = suite_create("csv_snapshot");
	TCase *tc = tcase_create("csv_snapshot");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, header, 0, NR_OF(headers));
	tcase_add_loop_test(tc, good_row, 0, NR_OF(good_rows));
	tcase_add_loop_test(tc, bad_row, 0, NR_OF(bad_rows));
	tcase_add_test(tc, active_above_num);
	tcase_add_test(tc, every_prefix);
	tcase_add_loop_test(tc, samples_by_time, 0, NR_OF(groups));
	tcase_add_test(tc, samples_by_moment);
	tcase_add_loop_test(tc, bad_moment, 0, NR_OF(bad_moments));
	tcase_add_loop_test(tc, reads_back_the_same, 1, 4);
	tcase_add_test(tc, capture_of_either_kind);
	suite_add_tcase(suite, tc);
	return suite;
}
