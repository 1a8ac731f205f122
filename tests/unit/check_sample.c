// SPDX-License-Identifier: MIT
/* Samples as they are written, and as the reader takes them back. */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "capture.h"
#include "expect_slabinfo.h"
#include "kfrag/sample.h"
#include "kfrag/slabinfo.h"

Suite *sample_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

#define TAIL " : tunables    0    0    0 : slabdata      3      4      0\n"
#define ROWS                                                                   \
	"slabinfo - version: 2.1\n"                                            \
	"dentry 10 20 600 6 1" TAIL "inode 21 22 80 12 1" TAIL
#define ZONES "Node 0, zone DMA 0 1 \nNode 0, zone Normal 2 3 \n"

static void sample_init(struct kfrag_sample *sample)
{
	*sample = (struct kfrag_sample){
		.time = 1700000000,
		.time_ms = 7,
		.origin.host = "vm",
		.origin.host_bytes = 2,
		.origin.kernel = "6.1.0",
		.origin.kernel_bytes = 5,
		.origin.page_size_bytes = kfrag_known(65536),
		.origin.memtotal_bytes = kfrag_known(981476 * KFRAG_KIB),
		.slabinfo = ROWS,
		.slabinfo_bytes = sizeof(ROWS) - 1,
		.buddyinfo = ZONES,
		.buddyinfo_bytes = sizeof(ZONES) - 1,
	};
}

static void write_sample(struct capture *capture,
			 const struct kfrag_sample *sample)
{
	capture_begin(capture);
	ck_assert_int_eq(kfrag_sample_write(capture->out, sample), KFRAG_OK);
	capture_end(capture);
}

START_TEST(a_sample_is_written)
{
	struct kfrag_sample sample;
	struct capture capture;

	sample_init(&sample);
	write_sample(&capture, &sample);
	ck_assert_str_eq(capture.text,
			 "# kfrag record: time=1700000000.007 host=vm "
			 "kernel=6.1.0 page_size=65536 memtotal_kb=981476\n"
			 "time: 1700000000\n" ROWS
			 "# buddyinfo: Node 0, zone DMA 0 1 \n"
			 "# buddyinfo: Node 0, zone Normal 2 3 \n"
			 "# kfrag record: end time=1700000000.007\n");
	capture_release(&capture);
}
END_TEST

START_TEST(what_is_unknown_is_left_out)
{
	struct kfrag_sample sample = {
		.slabinfo = ROWS,
		.slabinfo_bytes = sizeof(ROWS) - 1,
		.buddyinfo = "no newline",
		.buddyinfo_bytes = 10,
		.origin.host = "",
	};
	struct capture capture;

	write_sample(&capture, &sample);
	ck_assert_str_eq(capture.text,
			 "# kfrag record: time=0.000\n"
			 "time: 0\n" ROWS "# buddyinfo: no newline\n"
			 "# kfrag record: end time=0.000\n");
	capture_release(&capture);
}
END_TEST

START_TEST(a_sample_is_read_back)
{
	struct kfrag_recording recording;
	struct kfrag_sample sample;
	struct capture capture;
	const struct kfrag_snapshot *snapshot;

	sample_init(&sample);
	sample.origin.host = "a b\n\xff";
	sample.origin.host_bytes = 5;
	write_sample(&capture, &sample);
	expect_parse(&recording, capture.text, capture.bytes);
	ck_assert_uint_eq(recording.nr_diags, 0);
	ck_assert_uint_eq(recording.nr_snapshots, 1);
	snapshot = &recording.snapshots[0];
	ck_assert_uint_eq(snapshot->nr_records, 2);
	ck_assert_uint_eq(snapshot->line, 1);
	ck_assert_int_eq(snapshot->version, KFRAG_SLABINFO_2_1);
	ck_assert(snapshot->has_time);
	ck_assert_uint_eq(snapshot->time, 1700000000);
	ck_assert_uint_eq(snapshot->time_ms, 7);
	ck_assert_str_eq(snapshot->origin.host, "a\\x20b\\x0a\\xff");
	ck_assert_str_eq(snapshot->origin.kernel, "6.1.0");
	ck_assert_uint_eq(snapshot->origin.page_size_bytes.value, 65536);
	ck_assert_uint_eq(snapshot->origin.memtotal_bytes.value,
			  981476 * KFRAG_KIB);
	/* Its own, although 4 KiB would do. */
	ck_assert_uint_eq(kfrag_snapshot_page_size(snapshot), 65536);
	kfrag_recording_release(&recording);
	capture_release(&capture);
}
END_TEST

/* What would not be read back as the one sample that it is. */
static const char *const unfit[] = {
	"",
	"dentry 10 20 600 6 1 : tunables 0 0 0 : slabdata 3 4",
	"# kfrag record: time=1\n" ROWS,
	ROWS "# kfrag record: end time=1\n",
	ROWS "# kfrag record: time=\n" ROWS,
};

START_TEST(unfit_texts_are_refused)
{
	struct kfrag_sample sample;
	struct capture capture;

	sample_init(&sample);
	sample.slabinfo = unfit[_i];
	sample.slabinfo_bytes = strlen(unfit[_i]);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_sample_write(capture.out, &sample),
			 KFRAG_EFORMAT);
	ck_assert_str_eq(capture_end(&capture), "");
	capture_release(&capture);
}
END_TEST

START_TEST(full_stream_is_told)
{
	struct kfrag_sample sample;
	struct full_stream stream;

	sample_init(&sample);
	full_stream_open(&stream);
	ck_assert_int_eq(kfrag_sample_write(stream.out, &sample), KFRAG_EIO);
	fclose(stream.out);
}
END_TEST

/* Three samples behind one another; ends[i] is behind the i-th. */
struct three {
	char *text;
	size_t ends[4];
};

static void three_init(struct three *three)
{
	struct capture capture;
	struct kfrag_sample sample;

	sample_init(&sample);
	capture_begin(&capture);
	three->ends[0] = 0;
	for (int i = 1; i <= 3; i++) {
		ck_assert_int_eq(kfrag_sample_write(capture.out, &sample),
				 KFRAG_OK);
		three->ends[i] = capture.bytes;
		sample.time += 10;
	}
	capture_end(&capture);
	three->text = capture.text;
}

/* The newline behind an end line is not waited for. */
static size_t nr_complete(const struct three *three, size_t bytes)
{
	size_t nr = 0;

	while (nr < 3 && bytes + 1 >= three->ends[nr + 1])
		nr++;
	return nr;
}

static bool is_cut(const struct three *three, size_t bytes)
{
	return bytes > three->ends[nr_complete(three, bytes)];
}

START_TEST(a_recording_cut_anywhere_loses_one_sample)
{
	struct kfrag_recording recording;
	struct three three;

	three_init(&three);
	for (size_t bytes = 0; bytes <= three.ends[3]; bytes++) {
		size_t nr = nr_complete(&three, bytes);
		/* Of the first sample there must be enough to know it by. */
		bool is_told = is_cut(&three, bytes) && bytes >= 21;

		expect_parse(&recording, three.text, bytes);
		ck_assert_uint_eq(recording.nr_snapshots, nr);
		for (size_t i = 0; i < nr; i++)
			ck_assert_uint_eq(recording.snapshots[i].nr_records, 2);
		ck_assert_uint_eq(recording.nr_cut_samples, is_told);
		ck_assert_uint_eq(recording.nr_diags, is_told);
		ck_assert_uint_eq(recording.nr_lost_lines, is_told);
		if (is_told) {
			ck_assert_int_eq(recording.diags[0].code,
					 KFRAG_DIAG_SAMPLE_CUT);
			ck_assert_uint_eq(recording.diags[0].a, nr * 8 + 1);
		}
		kfrag_recording_release(&recording);
	}
	free(three.text);
}
END_TEST

/* Where the next recorder goes on, whatever the last one left. */
START_TEST(tails_are_found)
{
	struct three three;

	three_init(&three);
	ck_assert(kfrag_sample_is_first(three.text, three.ends[3]));
	ck_assert(!kfrag_sample_is_first(three.text, 20));
	ck_assert(!kfrag_sample_is_first(ROWS, sizeof(ROWS) - 1));
	for (size_t bytes = 21; bytes <= three.ends[3]; bytes++) {
		size_t nr = nr_complete(&three, bytes);
		/* Less than a start is no start yet: it is left as it is. */
		bool cut = bytes >= three.ends[nr] + 21;
		size_t cut_at;
		enum kfrag_sample_tail tail;

		tail = kfrag_sample_find_tail(three.text, bytes, true, &cut_at);
		ck_assert_int_eq(tail, cut ? KFRAG_TAIL_CUT : KFRAG_TAIL_WHOLE);
		ck_assert_uint_eq(cut_at, cut ? three.ends[nr] : 0);
	}
	free(three.text);
}
END_TEST

START_TEST(tails_in_a_window)
{
	struct three three;
	size_t bytes, whole_at;

	three_init(&three);
	bytes = three.ends[3] - 30;
	for (size_t skip = 0; skip < bytes; skip++) {
		enum kfrag_sample_tail tail;
		size_t cut_at;

		tail = kfrag_sample_find_tail(three.text + skip, bytes - skip,
					      false, &cut_at);
		if (skip < three.ends[2]) {
			ck_assert_int_eq(tail, KFRAG_TAIL_CUT);
			ck_assert_uint_eq(skip + cut_at, three.ends[2]);
		} else {
			ck_assert_int_eq(tail, KFRAG_TAIL_UNKNOWN);
		}
	}
	whole_at = three.ends[3] - 41;
	ck_assert_int_eq(kfrag_sample_find_tail(three.text + whole_at, 41,
						false, &bytes),
			 KFRAG_TAIL_WHOLE);
	ck_assert_int_eq(kfrag_sample_find_tail(three.text + whole_at + 1, 40,
						false, &bytes),
			 KFRAG_TAIL_UNKNOWN);
	free(three.text);
}
END_TEST

#define START(time) "# kfrag record: time=" time "\n"
#define END(time) "# kfrag record: end time=" time "\n"
#define CUT_ROW "inode 21 22 80"

static const struct {
	const char *text;
	size_t nr_snapshots;
	size_t nr_records; /* of the last */
	struct kfrag_diag diags[2]; /* up to line 0 */
} texts[] = {
	/* The start of the second one stands behind half a row. */
	{ START("1.5") ROWS CUT_ROW START("2") ROWS END("2"),
	  1,
	  2,
	  { { KFRAG_DIAG_SAMPLE_CUT, 37, 5, 1, 0 } } },
	{ START("1") ROWS CUT_ROW "\n" START("2") ROWS END("2"),
	  1,
	  2,
	  { { KFRAG_DIAG_SAMPLE_CUT, 15, 5, 1, 0 } } },
	/* What stands before and behind samples is read as ever. */
	{ ROWS START("1") ROWS END("1") "time: 5\ndentry 1 2 3 4 4" TAIL,
	  3,
	  1,
	  { { 0 } } },
	{ START("1") ROWS END("1") "x\ndentry 1 2 3 4 4" TAIL,
	  2,
	  1,
	  { { KFRAG_DIAG_NOT_A_ROW, 1, 6, 0, 0 } } },
	{ "x\n" START("1") "y\n" START("2") ROWS END("2"),
	  1,
	  2,
	  { { KFRAG_DIAG_NOT_A_ROW, 1, 1, 0, 0 },
	    { KFRAG_DIAG_SAMPLE_CUT, 2, 3, 2, 0 } } },
	{ START("1") ROWS END("1") "dentry 1 2 3 4 4" TAIL, 2, 1, { { 0 } } },
	/* An end of nothing is a remark, and so is a start that is none. */
	{ END("1") ROWS END("1"), 1, 2, { { 0 } } },
	{ "# kfrag record: \n#kfrag record: time=1\n # kfrag record: time=1\n" ROWS,
	  1,
	  2,
	  { { 0 } } },
	{ START("") ROWS END(""),
	  0,
	  0,
	  { { KFRAG_DIAG_SAMPLE_CUT, 26, 5, 1, 0 } } },
	/* Remarks and CR LF do not matter. */
	{ "# kfrag record: time=1 x=y\r\n# remark\r\n\r\n" ROWS
	  "# kfrag record: end time=1 \r\n",
	  1,
	  2,
	  { { 0 } } },
	{ START("1"), 0, 0, { { KFRAG_DIAG_SAMPLE_CUT, 23, 1, 1, 0 } } },
	{ "# kfrag", 0, 0, { { 0 } } },
	{ ROWS "# kfrag", 1, 2, { { 0 } } },
	{ START("1") ROWS END("1") "# kfrag",
	  1,
	  2,
	  { { KFRAG_DIAG_SAMPLE_CUT, 8, 6, 6, 0 } } },
	{ START("1") ROWS END("1") "# kfrag\n", 1, 2, { { 0 } } },
};

START_TEST(recordings_are_read)
{
	struct kfrag_recording recording;
	size_t nr_diags = 0;

	expect_parse(&recording, texts[_i].text, strlen(texts[_i].text));
	ck_assert_uint_eq(recording.nr_snapshots, texts[_i].nr_snapshots);
	if (recording.nr_snapshots > 0)
		ck_assert_uint_eq(recording
					  .snapshots[recording.nr_snapshots - 1]
					  .nr_records,
				  texts[_i].nr_records);
	for (size_t i = 1; i < recording.nr_snapshots; i++)
		ck_assert_uint_gt(recording.snapshots[i].line,
				  recording.snapshots[i - 1].line);
	while (nr_diags < 2 && texts[_i].diags[nr_diags].line > 0) {
		ck_assert_uint_gt(recording.nr_diags, nr_diags);
		expect_diag(&recording.diags[nr_diags],
			    &texts[_i].diags[nr_diags]);
		nr_diags++;
	}
	ck_assert_uint_eq(recording.nr_diags, nr_diags);
	kfrag_recording_release(&recording);
}
END_TEST

static const struct {
	const char *fields;
	uint64_t page_size; /* 0: unknown */
	uint64_t memtotal_kb; /* 0: unknown */
} origins[] = {
	{ "", 0, 0 },
	{ " page_size=1024", 1024, 0 },
	{ " page_size=16777216 memtotal_kb=7", 16777216, 7 },
	{ " memtotal_kb=18014398509481983", 0, 18014398509481983 },
	{ " memtotal_kb=18014398509481984", 0, 0 },
	{ " memtotal_kb= page_size=", 0, 0 },
	{ " memtotal_kb=-1 page_size=4k", 0, 0 },
	{ " page_size=512", 0, 0 },
	{ " page_size=33554432", 0, 0 },
	{ " page_size=5000", 0, 0 },
	{ " page_size=99999999999999999999", 0, 0 },
	{ " page_size=4096 page_size=8192", 8192, 0 },
	{ "\tpage_size=4096  page_sizes=8192 xpage_size=1024", 4096, 0 },
};

START_TEST(origins_are_read)
{
	struct kfrag_recording recording;
	const struct kfrag_origin *origin;
	char text[1024];

	snprintf(text, sizeof(text), "# kfrag record: time=1%s\n%s%s",
		 origins[_i].fields, ROWS, END("1"));
	expect_parse(&recording, text, strlen(text));
	ck_assert_uint_eq(recording.nr_snapshots, 1);
	origin = &recording.snapshots[0].origin;
	ck_assert_ptr_null(origin->host);
	ck_assert_ptr_null(origin->kernel);
	ck_assert_int_eq(origin->page_size_bytes.known,
			 origins[_i].page_size > 0);
	ck_assert_uint_eq(origin->page_size_bytes.value, origins[_i].page_size);
	ck_assert_int_eq(origin->memtotal_bytes.known,
			 origins[_i].memtotal_kb > 0);
	ck_assert_uint_eq(origin->memtotal_bytes.value,
			  origins[_i].memtotal_kb * KFRAG_KIB);
	kfrag_recording_release(&recording);
}
END_TEST

static const struct {
	const char *mark; /* the start's time */
	const char *line; /* behind it */
	bool has_time;
	uint64_t time;
	uint32_t time_ms;
} times[] = {
	{ "12.345", "", true, 12, 345 },
	{ "12.045", "time: 12\n", true, 12, 45 },
	{ "12", "", true, 12, 0 },
	{ "12.345", "time: 13\n", true, 13, 0 },
	{ "12.345", "time: x\n", false, 0, 0 },
	{ "12.3", "", false, 0, 0 },
	{ "12.3x5", "time: 9\n", true, 9, 0 },
	{ ".345", "", false, 0, 0 },
	{ "x", "", false, 0, 0 },
	{ "99999999999999999999.000", "", false, 0, 0 },
};

START_TEST(times_are_read)
{
	struct kfrag_recording recording;
	const struct kfrag_snapshot *snapshot;
	char text[1024];

	snprintf(text, sizeof(text),
		 "# kfrag record: time=%s\n%s%s# kfrag record: end time=%s\n",
		 times[_i].mark, times[_i].line, ROWS, times[_i].mark);
	expect_parse(&recording, text, strlen(text));
	ck_assert_uint_eq(recording.nr_snapshots, 1);
	snapshot = &recording.snapshots[0];
	ck_assert_int_eq(snapshot->has_time, times[_i].has_time);
	ck_assert_uint_eq(snapshot->time, times[_i].time);
	ck_assert_uint_eq(snapshot->time_ms, times[_i].time_ms);
	kfrag_recording_release(&recording);
}
END_TEST

Suite *sample_suite(void)
{
	Suite *suite = suite_create("sample");
	TCase *core = tcase_create("core");

	tcase_add_test(core, a_sample_is_written);
	tcase_add_test(core, what_is_unknown_is_left_out);
	tcase_add_test(core, a_sample_is_read_back);
	tcase_add_loop_test(core, unfit_texts_are_refused, 0,
			    (int)NR_OF(unfit));
	tcase_add_test(core, full_stream_is_told);
	tcase_add_test(core, a_recording_cut_anywhere_loses_one_sample);
	tcase_add_test(core, tails_are_found);
	tcase_add_test(core, tails_in_a_window);
	tcase_add_loop_test(core, recordings_are_read, 0, (int)NR_OF(texts));
	tcase_add_loop_test(core, origins_are_read, 0, (int)NR_OF(origins));
	tcase_add_loop_test(core, times_are_read, 0, (int)NR_OF(times));
	suite_add_tcase(suite, core);
	return suite;
}
