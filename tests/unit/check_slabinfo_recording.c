// SPDX-License-Identifier: MIT
/* Samples, limits, and texts that end anywhere. */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "expect_slabinfo.h"
#include "kfrag/slabinfo.h"

Suite *slabinfo_recording_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* A literal with the NULs inside it. */
#define TEXT(literal) (literal), sizeof(literal) - 1

#define V10 "slabinfo - version: 1.0\n"
#define V11 "slabinfo - version: 1.1\n"
#define V12 "slabinfo - version: 1.2\n"
#define V20 "slabinfo - version: 2.0\n"
#define V21 "slabinfo - version: 2.1\n"
#define HEADER                                                                 \
	"# name            <active_objs> <num_objs> <objsize> <objperslab> "   \
	"<pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : "     \
	"slabdata <active_slabs> <num_slabs> <sharedavail>\n"
#define TAIL " : tunables    0    0    0 : slabdata      3      4      0"
#define ROW2 "inode_cache  10 20 600 6 1" TAIL "\n"
#define ROW1 "inode_cache  10 20 480 3 4 1\n"

struct expected_sample {
	size_t nr_records;
	enum kfrag_slabinfo_version version;
	uint64_t line;
	bool has_time;
	uint64_t time;
};

static const struct {
	const char *text;
	size_t text_bytes;
	struct expected_sample samples[4]; /* up to nr_records 0 */
} recordings[] = {
	{ TEXT(V21 ROW2), { { 1, KFRAG_SLABINFO_2_1, 1, false, 0 } } },
	{ TEXT(ROW2 ROW2), { { 2, KFRAG_SLABINFO_UNKNOWN, 1, false, 0 } } },
	{ TEXT("\nx\n" V20 HEADER ROW2),
	  { { 1, KFRAG_SLABINFO_2_0, 3, false, 0 } } },
	{ TEXT(V10 ROW1 V11 ROW1 V12 ROW1 "slabinfo - version: 9\n" ROW2),
	  { { 1, KFRAG_SLABINFO_1_0, 1, false, 0 },
	    { 1, KFRAG_SLABINFO_1_1, 3, false, 0 },
	    { 1, KFRAG_SLABINFO_1_2, 5, false, 0 },
	    { 1, KFRAG_SLABINFO_OTHER, 7, false, 0 } } },
	/* A time line belongs to what follows it. */
	{ TEXT("time: 100\n" V21 HEADER ROW2 ROW2 "time: 123.45\n" V21 ROW2),
	  { { 2, KFRAG_SLABINFO_2_1, 1, true, 100 },
	    { 1, KFRAG_SLABINFO_2_1, 6, true, 123 } } },
	{ TEXT("time: 1\n" ROW2 "\ntime: 2\n" ROW2 ROW2 "time: 3\n" ROW2),
	  { { 1, KFRAG_SLABINFO_UNKNOWN, 1, true, 1 },
	    { 2, KFRAG_SLABINFO_UNKNOWN, 4, true, 2 },
	    { 1, KFRAG_SLABINFO_UNKNOWN, 7, true, 3 } } },
	{ TEXT(V21 "time: 7\n" ROW2 V21 "time: 8\n" ROW2),
	  { { 1, KFRAG_SLABINFO_2_1, 1, true, 7 },
	    { 1, KFRAG_SLABINFO_2_1, 4, true, 8 } } },
	{ TEXT(V21 ROW2 "time: 5\n" ROW2),
	  { { 1, KFRAG_SLABINFO_2_1, 1, false, 0 },
	    { 1, KFRAG_SLABINFO_UNKNOWN, 3, true, 5 } } },
	{ TEXT(V21 ROW2 "time: 5\n" V20),
	  { { 1, KFRAG_SLABINFO_2_1, 1, false, 0 } } },
	{ TEXT("time: 18446744073709551615\n" ROW2),
	  { { 1, KFRAG_SLABINFO_UNKNOWN, 1, true, UINT64_MAX } } },
	{ TEXT("time: 0.9\n" ROW2),
	  { { 1, KFRAG_SLABINFO_UNKNOWN, 1, true, 0 } } },
	/* A time that cannot be read still separates. */
	{ TEXT("time: 1\n" ROW2 "time: x\n" ROW2),
	  { { 1, KFRAG_SLABINFO_UNKNOWN, 1, true, 1 },
	    { 1, KFRAG_SLABINFO_UNKNOWN, 3, false, 0 } } },
	{ TEXT("time: 12.3.4\n" ROW2),
	  { { 1, KFRAG_SLABINFO_UNKNOWN, 1, false, 0 } } },
	/* Samples without a row are dropped. */
	{ TEXT("time: 1\n" V21 HEADER "time: 2\n" V20 ROW2 V21),
	  { { 1, KFRAG_SLABINFO_2_0, 4, true, 2 } } },
	{ TEXT(V21 V20 ROW2), { { 1, KFRAG_SLABINFO_2_0, 2, false, 0 } } },
	{ TEXT("time: 1\ntime: 2\n" ROW2),
	  { { 1, KFRAG_SLABINFO_UNKNOWN, 2, true, 2 } } },
	{ TEXT(V21 ROW2 V21 "a b" TAIL "\n" V21 ROW2),
	  { { 1, KFRAG_SLABINFO_2_1, 1, false, 0 },
	    { 1, KFRAG_SLABINFO_2_1, 5, false, 0 } } },
	/* Each sample settles its own shape. */
	{ TEXT(V11 ROW1 V21 ROW2 "size-32 64 80 96 244 5 1\n" V11 ROW1 ROW1),
	  { { 1, KFRAG_SLABINFO_1_1, 1, false, 0 },
	    { 1, KFRAG_SLABINFO_2_1, 3, false, 0 },
	    { 2, KFRAG_SLABINFO_1_1, 6, false, 0 } } },
	/* Rows that the end of their sample takes back, and gives back. */
	{ TEXT(V11 ROW1 "x\n" V11 ROW1 ROW1 ROW2 ROW2 ROW2 ROW2 V11 ROW1),
	  { { 1, KFRAG_SLABINFO_1_1, 1, false, 0 },
	    { 4, KFRAG_SLABINFO_1_1, 4, false, 0 },
	    { 1, KFRAG_SLABINFO_1_1, 11, false, 0 } } },
	{ TEXT(V21 ROW2 V21 HEADER ROW1 ROW1 "x\n" ROW1 V21 ROW2),
	  { { 1, KFRAG_SLABINFO_2_1, 1, false, 0 },
	    { 3, KFRAG_SLABINFO_2_1, 3, false, 0 },
	    { 1, KFRAG_SLABINFO_2_1, 9, false, 0 } } },
};

START_TEST(samples_are_split)
{
	struct kfrag_recording recording;
	const struct expected_sample *expected = recordings[_i].samples;
	size_t nr_samples = 0;

	ck_assert_int_eq(kfrag_slabinfo_parse(&recording, recordings[_i].text,
					      recordings[_i].text_bytes),
			 KFRAG_OK);
	while (nr_samples < NR_OF(recordings[_i].samples) &&
	       expected->nr_records > 0) {
		const struct kfrag_snapshot *snapshot;

		ck_assert_uint_gt(recording.nr_snapshots, nr_samples);
		snapshot = &recording.snapshots[nr_samples];
		ck_assert_uint_eq(snapshot->nr_records, expected->nr_records);
		ck_assert_int_eq(snapshot->version, expected->version);
		ck_assert_uint_eq(snapshot->line, expected->line);
		ck_assert_int_eq(snapshot->has_time, expected->has_time);
		ck_assert_uint_eq(snapshot->time, expected->time);
		nr_samples++;
		expected++;
	}
	ck_assert_uint_eq(recording.nr_snapshots, nr_samples);
	kfrag_recording_release(&recording);
}
END_TEST

START_TEST(no_text_at_all)
{
	struct kfrag_recording recording;

	ck_assert_int_eq(kfrag_slabinfo_parse(&recording, NULL, 0),
			 KFRAG_EFORMAT);
	ck_assert_uint_eq(recording.nr_snapshots, 0);
	ck_assert_uint_eq(recording.nr_diags, 0);
	kfrag_recording_release(&recording);
}
END_TEST

START_TEST(diags_beyond_the_limit_are_counted)
{
	static const char line[] = "nothing of ours\n";
	const size_t line_bytes = sizeof(line) - 1;
	const size_t nr_lines = KFRAG_MAX_DIAGS + 7;
	char *text = malloc(nr_lines * line_bytes + sizeof(ROW2));
	struct kfrag_recording recording;

	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < nr_lines; i++)
		memcpy(text + i * line_bytes, line, line_bytes);
	memcpy(text + nr_lines * line_bytes, ROW2, sizeof(ROW2));
	ck_assert_int_eq(
		kfrag_slabinfo_parse(&recording, text,
				     nr_lines * line_bytes + sizeof(ROW2) - 1),
		KFRAG_OK);
	ck_assert_uint_eq(recording.nr_diags, KFRAG_MAX_DIAGS);
	ck_assert_uint_eq(recording.nr_diags_dropped, 7);
	ck_assert_uint_eq(recording.nr_lost_lines, nr_lines);
	ck_assert_uint_eq(recording.diags[KFRAG_MAX_DIAGS - 1].line,
			  KFRAG_MAX_DIAGS);
	ck_assert_uint_eq(recording.snapshots[0].records[0].line, nr_lines + 1);
	kfrag_recording_release(&recording);
	free(text);
}
END_TEST

/* A second walk counts nothing twice, and keeps the order of lines. */
START_TEST(diags_of_rows_taken_back)
{
	static const char text[] = "x\n" V11 "y\n" ROW1
				   "a 5 3 8 1 1 1\n" ROW2 ROW2 ROW2 ROW2 "z\n";
	static const uint64_t lines[] = { 1, 3, 4, 5, 10 };
	struct kfrag_recording recording;

	ck_assert_int_eq(kfrag_slabinfo_parse(&recording, text,
					      sizeof(text) - 1),
			 KFRAG_OK);
	ck_assert_uint_eq(recording.nr_diags, NR_OF(lines));
	ck_assert_uint_eq(recording.nr_lost_lines, NR_OF(lines));
	for (size_t i = 0; i < NR_OF(lines); i++)
		ck_assert_uint_eq(recording.diags[i].line, lines[i]);
	ck_assert_int_eq(recording.diags[3].code, KFRAG_DIAG_CUT);
	ck_assert_uint_eq(recording.snapshots[0].nr_records, 4);
	kfrag_recording_release(&recording);
}
END_TEST

/* Texts of which every prefix is tried. */
static const struct {
	const char *text;
	size_t text_bytes;
} whole_texts[] = {
	{ TEXT("slabinfo - version: 2.1\n" HEADER
	       "size-32 64        119    1309   1536   119   16 : tunables  "
	       "120   60    8 : slabdata     11     12     13\n"
	       "\n"
	       "iwl:0000:04 : 00.0  12  34  5678  12  8 : tunables 24 12 0 : "
	       "slabdata 345 678 90 : globalstat 12 34 56 : cpustat 7 8 9 10\n"
	       "# remark 1 2 3 4 5 6\n"
	       "time: 1234.56\n"
	       "nul\0\0 1 2\t3\t44 55 66 77 32:tunables 12 34 56:slabdata "
	       "789 123\r\n"
	       "active 21 12 100 40 16" TAIL) },
	/* No header, names that end in what 1.x could take for fields. */
	{ TEXT("a 11 22 33 44 55 66 77 88 16" TAIL "\n"
	       "size-32 64 80 96 5 12 16" TAIL "\n"
	       "size-32 64 80 96 5 12 16" TAIL "\n") },
	{ TEXT("slabinfo - version: 1.1\n"
	       "kmem_cache            58     84    136   13   14   16\n"
	       "size-32 64            58     84    136   13   14   32\n"
	       "file lock cache       58     84    136   13   14   16\n") },
	{ TEXT("slabinfo - version: 1.1 (SMP)\r\n"
	       "kmem_cache   58   84   136   13   14   16 :  252  126\r\n"
	       "size-32 64   58   84   136   13   14   32 :  252  126\r\n"
	       "file lock    58   84   136   13   14   16 :  252  126\r\n"
	       "slabinfo - version: 2.0\r\n"
	       "size-32 64 80 96 5 12 16" TAIL "\r\n") },
	{ TEXT("time: 12\n"
	       "slabinfo - version: 1.2 (statistics)\n"
	       "kmem_cache 58 84 136 13 14 16 : 32 16 : 385 66985 824 205 0 2 "
	       "43 : 25251 5266 30169 320\n"
	       "a 58 84 136 13 14 16: 32 16 : 385 66985 824 205 0 2 43 :\n") },
};

static size_t nr_records_of(const struct kfrag_recording *recording)
{
	size_t nr_records = 0;

	for (size_t i = 0; i < recording->nr_snapshots; i++)
		nr_records += recording->snapshots[i].nr_records;
	return nr_records;
}

START_TEST(prefix_has_no_wrong_row)
{
	const char *text = whole_texts[_i].text;
	struct kfrag_recording whole, prefix;
	size_t nr_cut = 0, nr_rows_before = 0;

	expect_parse(&whole, text, whole_texts[_i].text_bytes);
	ck_assert_uint_eq(whole.nr_lost_lines, 0);
	for (size_t bytes = 0; bytes < whole_texts[_i].text_bytes; bytes++) {
		size_t nr_rows;

		expect_parse(&prefix, text, bytes);
		ck_assert_uint_le(prefix.nr_snapshots, whole.nr_snapshots);
		for (size_t i = 0; i < prefix.nr_snapshots; i++) {
			const struct kfrag_snapshot *sample =
				&prefix.snapshots[i];

			for (size_t j = 0; j < sample->nr_records; j++)
				expect_record_of(&whole.snapshots[i],
						 &sample->records[j]);
		}
		/* What was a row stays one whatever follows. */
		nr_rows = nr_records_of(&prefix);
		ck_assert_uint_ge(nr_rows, nr_rows_before);
		ck_assert_uint_le(nr_rows, nr_rows_before + 1);
		nr_rows_before = nr_rows;
		ck_assert_uint_le(prefix.nr_lost_lines, 1);
		nr_cut += prefix.nr_lost_lines > 0;
		kfrag_recording_release(&prefix);
	}
	ck_assert_uint_gt(nr_cut, 50);
	ck_assert_uint_gt(nr_rows_before, 0);
	kfrag_recording_release(&whole);
}
END_TEST

Suite *slabinfo_recording_suite(void)
{
	Suite *suite = suite_create("slabinfo_recording");
	TCase *core = tcase_create("core");
	TCase *property = tcase_create("property");

	tcase_add_loop_test(core, samples_are_split, 0, (int)NR_OF(recordings));
	tcase_add_test(core, no_text_at_all);
	tcase_add_test(core, diags_beyond_the_limit_are_counted);
	tcase_add_test(core, diags_of_rows_taken_back);
	suite_add_tcase(suite, core);

	tcase_set_timeout(property, 60);
	tcase_add_loop_test(property, prefix_has_no_wrong_row, 0,
			    (int)NR_OF(whole_texts));
	suite_add_tcase(suite, property);
	return suite;
}
