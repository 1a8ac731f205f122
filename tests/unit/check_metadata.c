// SPDX-License-Identifier: MIT
#include "expect.h"
#include "fixture_snapshot.h"
#include "kfrag/metadata.h"

Suite *metadata_suite(void);

#define PAGE_BYTES 4096

static void make(struct kfrag_metadata *metadata,
		 struct kfrag_workload *workload,
		 const struct fixture_snapshot *fixture)
{
	size_t offender;

	ck_assert_int_eq(kfrag_workload_init(workload, &fixture->snapshot,
					     PAGE_BYTES, 10, &offender),
			 KFRAG_OK);
	ck_assert_int_eq(kfrag_metadata_init(metadata, workload), KFRAG_OK);
}

static void release(struct kfrag_metadata *metadata,
		    struct kfrag_workload *workload)
{
	kfrag_metadata_release(metadata);
	kfrag_workload_release(workload);
}

/* 21 objects of 192 bytes leave 64 of a page. */
static const struct {
	enum kfrag_metadata_kind kind;
	uint64_t slab_bytes;
	bool is_extra;
} dentries[] = {
	{ KFRAG_METADATA_POINTER, 168, true },
	{ KFRAG_METADATA_INDEX, 21, false },
	{ KFRAG_METADATA_BITMAP, 8, false },
	{ KFRAG_METADATA_EXTENSION_8, 168, true },
	{ KFRAG_METADATA_EXTENSION_16, 336, true },
};

START_TEST(dentry)
{
	const struct fixture_row row = { 100, 210, 192, 21, 1 };
	const struct kfrag_metadata_row *found;
	struct fixture_snapshot fixture;
	struct kfrag_metadata metadata;
	struct kfrag_workload workload;

	fixture_snapshot_of(&fixture, &row);
	make(&metadata, &workload, &fixture);
	ck_assert_uint_eq(metadata.nr_rows, KFRAG_NR_METADATA);
	found = &metadata.rows[dentries[_i].kind];
	ck_assert_int_eq(found->kind, dentries[_i].kind);
	ck_assert_uint_eq(found->tail_bytes, 64);
	ck_assert_uint_eq(found->slab_bytes, dentries[_i].slab_bytes);
	ck_assert_uint_eq(found->metadata_bytes, 10 * dentries[_i].slab_bytes);
	ck_assert_uint_eq(found->extra_bytes,
			  dentries[_i].is_extra ? found->metadata_bytes : 0);
	ck_assert_uint_eq(metadata.held_bytes, 10 * PAGE_BYTES);
	release(&metadata, &workload);
}
END_TEST

START_TEST(slab_bytes)
{
	/* A byte tells 255 slots and the end apart, a word has 64 bits. */
	ck_assert_uint_eq(kfrag_metadata_slab_bytes(KFRAG_METADATA_INDEX, 255),
			  255);
	ck_assert_uint_eq(kfrag_metadata_slab_bytes(KFRAG_METADATA_INDEX, 256),
			  512);
	ck_assert_uint_eq(kfrag_metadata_slab_bytes(KFRAG_METADATA_BITMAP, 64),
			  8);
	ck_assert_uint_eq(kfrag_metadata_slab_bytes(KFRAG_METADATA_BITMAP, 65),
			  16);
	ck_assert_uint_eq(kfrag_metadata_slab_bytes(KFRAG_METADATA_EXTENSION_16,
						    UINT64_MAX / 2),
			  UINT64_MAX);
}
END_TEST

START_TEST(totals_are_sums)
{
	uint64_t nr_in_tail = 0, nr_extra = 0, nr_empty = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, 11);
	for (int round = 0; round < 200; round++) {
		struct fixture_snapshot fixture;
		struct kfrag_metadata metadata;
		struct kfrag_workload workload;

		fixture_snapshot_random(&fixture, &random, 12, 100000,
					PAGE_BYTES);
		make(&metadata, &workload, &fixture);
		ck_assert_uint_eq(metadata.nr_rows,
				  KFRAG_NR_METADATA * workload.nr_caches);
		for (int k = 0; k < KFRAG_NR_METADATA; k++) {
			const struct kfrag_metadata_total *total =
				&metadata.totals[k];
			uint64_t bytes = 0, extra = 0, tails = 0, nr = 0;

			for (size_t i = 0; i < workload.nr_caches; i++) {
				const struct kfrag_metadata_row *row =
					&metadata.rows[i * KFRAG_NR_METADATA +
						       (size_t)k];
				uint64_t slabs = row->cache->record->num_slabs;

				ck_assert_int_eq(row->kind, total->kind);
				bytes += slabs * row->slab_bytes;
				if (row->slab_bytes > row->tail_bytes)
					extra += slabs * row->slab_bytes;
				else if (slabs > 0)
					tails++;
				nr += slabs > 0;
				nr_empty += slabs == 0;
			}
			ck_assert_uint_eq(total->metadata_bytes, bytes);
			ck_assert_uint_eq(total->extra_bytes, extra);
			ck_assert_uint_eq(total->nr_in_tail, tails);
			ck_assert_uint_eq(total->nr_caches, nr);
			nr_in_tail += tails;
			nr_extra += nr - tails;
		}
		release(&metadata, &workload);
	}
	ck_assert_uint_gt(nr_in_tail, 500);
	ck_assert_uint_gt(nr_extra, 500);
	ck_assert_uint_gt(nr_empty, 0);
}
END_TEST

Suite *metadata_suite(void)
{
	Suite *suite = suite_create("metadata");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	tcase_add_loop_test(core, dentry, 0,
			    sizeof(dentries) / sizeof(dentries[0]));
	tcase_add_test(core, slab_bytes);
	tcase_add_test(core, totals_are_sums);
	return suite;
}
