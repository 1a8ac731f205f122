// SPDX-License-Identifier: MIT
/*
 * What is read, and what is made of it, when the host has no memory: each
 * allocation fails in turn.
 */
#include "expect.h"
#include "fixture_whatif.h"
#include "host_fault.h"
#include "kfrag/slabinfo.h"
#include "kfrag/sysslab.h"
#include "kfrag/whatif.h"

Suite *host_memory_input_suite(void);

START_TEST(sysslab_parse)
{
	static const char text[] = "a 8 8 512 0 8\nb id=a\n";
	enum kfrag_error error;
	long nr_faults = 0;

	for (;; nr_faults++) {
		struct kfrag_sysslab sysslab;

		host_fault_after(nr_faults);
		error = kfrag_sysslab_parse(&sysslab, text, sizeof(text) - 1);
		if (!host_fault_end()) {
			kfrag_sysslab_release(&sysslab);
			break;
		}
		ck_assert_int_eq(error, KFRAG_ENOMEM);
		ck_assert_ptr_null(sysslab.entries);
		ck_assert_ptr_null(sysslab.storage);
	}
	ck_assert_int_eq(error, KFRAG_OK);
	ck_assert_int_eq(nr_faults, 2);
}
END_TEST

START_TEST(recording_parse)
{
	static const char text[] =
		"# kfrag record: time=1\n"
		"dentry 10 20 600 6 1 : tunables 0 0 0 : slabdata 3 4 0\n"
		"# sysslab: dentry 592 600 6 0 8\n"
		"# kfrag record: end time=1\n";
	enum kfrag_error error;
	long nr_faults = 0;

	for (;; nr_faults++) {
		struct kfrag_recording recording;

		host_fault_after(nr_faults);
		error = kfrag_slabinfo_parse(&recording, text,
					     sizeof(text) - 1);
		if (!host_fault_end()) {
			kfrag_recording_release(&recording);
			break;
		}
		ck_assert_int_eq(error, KFRAG_ENOMEM);
		ck_assert_ptr_null(recording.snapshots);
		ck_assert_ptr_null(recording.sysslabs);
	}
	ck_assert_int_eq(error, KFRAG_OK);
	ck_assert_int_ge(nr_faults, 6);
}
END_TEST

/* Records, caches, notes and the list of what may be merged. */
START_TEST(whatif_init)
{
	struct fixture_whatif fixture;
	enum kfrag_error error;
	long nr_faults = 0;

	fixture_whatif_init(&fixture);
	for (int i = 0; i < 3; i++)
		fixture_whatif_add(&fixture, 192, 10, 100);
	fixture.whatif.merging = KFRAG_MERGING_ON;
	for (;; nr_faults++) {
		host_fault_after(nr_faults);
		error = kfrag_whatif_init(&fixture.result,
					  &fixture.fixture.snapshot,
					  &fixture.fit, NULL, &fixture.whatif);
		if (!host_fault_end())
			break;
		ck_assert_int_eq(error, KFRAG_ENOMEM);
		ck_assert_ptr_null(fixture.result.snapshot.records);
		ck_assert_ptr_null(fixture.result.notes);
	}
	ck_assert_int_eq(error, KFRAG_OK);
	ck_assert_int_eq(nr_faults, 4);
	ck_assert_uint_eq(fixture.result.snapshot.nr_records, 1);
	fixture_whatif_release(&fixture);
}
END_TEST

Suite *host_memory_input_suite(void)
{
	Suite *suite = suite_create("host_memory_input");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	if (!host_fault_is_possible())
		return suite;
	tcase_add_test(core, sysslab_parse);
	tcase_add_test(core, recording_parse);
	tcase_add_test(core, whatif_init);
	return suite;
}
