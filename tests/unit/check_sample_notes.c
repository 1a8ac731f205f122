// SPDX-License-Identifier: MIT
/* What comments within recorded samples say of the machine. */
#include "capture.h"
#include "expect.h"
#include "expect_slabinfo.h"
#include "kfrag/sample.h"
#include "kfrag/slabinfo.h"

Suite *sample_notes_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define TEXT(text) (text), (sizeof(text) - 1)
#define ROW "dentry 10 20 600 6 1 : tunables 0 0 0 : slabdata 3 4 0\n"
#define START(time, origin) "# kfrag record: time=" time " " origin "\n"
#define END(time) "# kfrag record: end time=" time "\n"
#define SAMPLE(time, origin, notes) START(time, origin) ROW notes END(time)
#define SYSSLAB(size) "# sysslab: dentry " size " 600 6 0 8\n"

START_TEST(notes_are_written_and_read_back)
{
	struct kfrag_sample sample = {
		.slabinfo = ROW,
		.slabinfo_bytes = sizeof(ROW) - 1,
		.meminfo.slab_bytes = kfrag_known(7 * KFRAG_KIB),
		.meminfo.reclaimable_bytes = kfrag_known(4 * KFRAG_KIB),
		.meminfo.unreclaimable_bytes = kfrag_known(3 * KFRAG_KIB),
		.meminfo.kreclaimable_bytes = kfrag_known(5 * KFRAG_KIB),
		.sysslab = "dentry 592 600 6 0 8 poison=1\nb 1 2 3 0 5",
		.sysslab_bytes = 41,
	};
	struct kfrag_recording recording;
	struct capture capture;
	const struct kfrag_snapshot *snapshot;

	capture_begin(&capture);
	ck_assert_int_eq(kfrag_sample_write(capture.out, &sample), KFRAG_OK);
	capture_end(&capture);
	ck_assert_str_eq(capture.text,
			 "# kfrag record: time=0.000\ntime: 0\n" ROW
			 "# meminfo: KReclaimable: 5 kB\n"
			 "# meminfo: Slab: 7 kB\n"
			 "# meminfo: SReclaimable: 4 kB\n"
			 "# meminfo: SUnreclaim: 3 kB\n"
			 "# sysslab: dentry 592 600 6 0 8 poison=1\n"
			 "# sysslab: b 1 2 3 0 5\n"
			 "# kfrag record: end time=0.000\n");
	expect_parse(&recording, capture.text, capture.bytes);
	ck_assert_uint_eq(recording.nr_diags, 0);
	snapshot = &recording.snapshots[0];
	ck_assert(snapshot->meminfo.slab_bytes.known);
	ck_assert_uint_eq(snapshot->meminfo.slab_bytes.value, 7168);
	ck_assert_uint_eq(snapshot->meminfo.reclaimable_bytes.value, 4096);
	ck_assert_uint_eq(snapshot->meminfo.unreclaimable_bytes.value, 3072);
	ck_assert_uint_eq(snapshot->meminfo.kreclaimable_bytes.value, 5120);
	ck_assert_ptr_nonnull(snapshot->sysslab);
	ck_assert_uint_eq(snapshot->sysslab->nr_entries, 2);
	ck_assert_uint_eq(snapshot->sysslab->nr_bad_lines, 0);
	ck_assert_uint_eq(snapshot->sysslab->entries[1].object_size_bytes, 592);
	ck_assert_uint_eq(snapshot->sysslab->entries[1].poison.value, 1);
	kfrag_recording_release(&recording);
	capture_release(&capture);
}
END_TEST

#define NR_SAMPLES 3

/* Of each sample: object size in its sysslab, Slab in KiB; -1: unknown. */
static const struct {
	const char *text;
	size_t bytes;
	int sizes[NR_SAMPLES];
	int slabs[NR_SAMPLES];
	size_t nr_sysslabs;
} recordings[] = {
	{ TEXT(SAMPLE("1", "host=a", "# meminfo: Slab: 7 kB\n" SYSSLAB("9"))
		       SAMPLE("2", "host=a", "# meminfo: Slab: 8 kB\n")
			       SAMPLE("3", "host=a", SYSSLAB("10"))),
	  { 9, 9, 10 },
	  { 7, 8, -1 },
	  2 },
	/* Another machine, another kernel. */
	{ TEXT(SAMPLE("1", "host=a", SYSSLAB("9")) SAMPLE("2", "host=b", "")
		       SAMPLE("3", "host=a", "")),
	  { 9, -1, -1 },
	  { -1, -1, -1 },
	  1 },
	{ TEXT(SAMPLE("1", "kernel=6 host=a", SYSSLAB("9"))
		       SAMPLE("2", "host=a kernel=6", "")
			       SAMPLE("3", "host=a kernel=7", "")),
	  { 9, 9, -1 },
	  { -1, -1, -1 },
	  1 },
	{ TEXT(SAMPLE("1", "", SYSSLAB("9")) SAMPLE("2", "", "")
		       SAMPLE("3", "host=a", "")),
	  { 9, 9, -1 },
	  { -1, -1, -1 },
	  1 },
	/* Text of others between recorded samples. */
	{ TEXT(SAMPLE("1", "", SYSSLAB("9")) "slabinfo - version: 2.1\n" ROW
					     "# meminfo: Slab: 7 kB\n" SYSSLAB(
						     "10") SAMPLE("2", "", "")),
	  { 9, -1, -1 },
	  { -1, -1, -1 },
	  1 },
	/* What says nothing; what is not the kernel's comes between. */
	{ TEXT(SAMPLE("1", "", "# sysslab: \n# meminfo: \n") SAMPLE(
		  "2", "",
		  "# sysslab: a 1\n# x\r\n" SYSSLAB(
			  "9") "# meminfo: Slab: 7 kB\r\n"
			       "# buddyinfo: 1\n# sysslab: z 8 8 512 0 8\r\n")
		       SAMPLE("3", "", "# sysslab: dentry 1\n")),
	  { -1, 9, -1 },
	  { -1, 7, -1 },
	  1 },
	/* Of a sample that was cut, nothing. */
	{ TEXT(SAMPLE("1", "", SYSSLAB("9")) START("2", "") ROW SYSSLAB("10")
		       SAMPLE("3", "", "") SAMPLE("4", "", SYSSLAB("11"))),
	  { 9, 9, 11 },
	  { -1, -1, -1 },
	  2 },
	/* Behind the end, nothing more is said. */
	{ TEXT(SAMPLE("1", "", "") SYSSLAB(
		  "9") "# meminfo: Slab: 7 kB\n" SAMPLE("2", "", "")
		       SAMPLE("3", "", "")),
	  { -1, -1, -1 },
	  { -1, -1, -1 },
	  0 },
};

START_TEST(samples_share_what_is_static)
{
	struct kfrag_recording recording;

	expect_parse(&recording, recordings[_i].text, recordings[_i].bytes);
	ck_assert_uint_eq(recording.nr_snapshots, NR_SAMPLES);
	ck_assert_uint_eq(recording.nr_sysslabs, recordings[_i].nr_sysslabs);
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		const struct kfrag_snapshot *snapshot = &recording.snapshots[i];
		const struct kfrag_sysslab_entry *entry = NULL;

		if (snapshot->sysslab)
			entry = kfrag_sysslab_find(snapshot->sysslab,
						   TEXT("dentry"));
		ck_assert_int_eq(entry ? (int)entry->object_size_bytes : -1,
				 recordings[_i].sizes[i]);
		ck_assert_int_eq(snapshot->meminfo.slab_bytes.known,
				 recordings[_i].slabs[i] >= 0);
		if (snapshot->meminfo.slab_bytes.known)
			ck_assert_uint_eq(snapshot->meminfo.slab_bytes.value,
					  (uint64_t)recordings[_i].slabs[i] *
						  KFRAG_KIB);
	}
	kfrag_recording_release(&recording);
	ck_assert_ptr_null(recording.sysslabs);
}
END_TEST

Suite *sample_notes_suite(void)
{
	Suite *suite = suite_create("sample_notes");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	tcase_add_test(core, notes_are_written_and_read_back);
	tcase_add_loop_test(core, samples_share_what_is_static, 0,
			    (int)NR_OF(recordings));
	return suite;
}
