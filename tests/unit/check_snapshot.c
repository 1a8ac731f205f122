// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "kfrag/snapshot.h"

Suite *snapshot_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

START_TEST(release_leaves_empty)
{
	struct kfrag_recording recording = {
		.snapshots = calloc(1, sizeof(*recording.snapshots)),
		.nr_snapshots = 1,
		.diags = calloc(2, sizeof(*recording.diags)),
		.nr_diags = 2,
		.nr_lost_lines = 3,
		.nr_diags_dropped = 4,
		.records = calloc(1, sizeof(*recording.records)),
		.names = calloc(1, 1),
	};

	for (int i = 0; i < 2; i++) {
		kfrag_recording_release(&recording);
		ck_assert_ptr_null(recording.snapshots);
		ck_assert_uint_eq(recording.nr_snapshots, 0);
		ck_assert_ptr_null(recording.diags);
		ck_assert_uint_eq(recording.nr_diags, 0);
		ck_assert_uint_eq(recording.nr_lost_lines, 0);
		ck_assert_uint_eq(recording.nr_diags_dropped, 0);
		ck_assert_ptr_null(recording.records);
		ck_assert_ptr_null(recording.names);
	}
}
END_TEST

static const struct {
	enum kfrag_diag_code code;
	bool is_lost;
	const char *text; /* with a 112 and b 111 */
} diags[] = {
	{ KFRAG_DIAG_ACTIVE_ABOVE_NUM, false,
	  "active_objs 112 exceeds num_objs 111" },
	{ KFRAG_DIAG_PAGES_NOT_POWER, false,
	  "pagesperslab 112 is no power of two" },
	{ KFRAG_DIAG_VERSION, false,
	  "slabinfo version is none of 1.0, 1.1, 1.2, 2.0, 2.1" },
	{ KFRAG_DIAG_LOST, false, "unknown oddity" },
	{ KFRAG_DIAG_CUT, true, "line is cut off before its last field" },
	{ KFRAG_DIAG_NOT_A_ROW, true,
	  "neither a header nor a row of slabinfo" },
	{ KFRAG_DIAG_NO_NAME, true,
	  "numbers without a cache name before them" },
	{ KFRAG_DIAG_NUMBER, true, "not a number" },
	{ KFRAG_DIAG_TOO_LARGE, true, "number needs more than 64 bits" },
	{ KFRAG_DIAG_NO_SIZE, true, "objsize is 0" },
	{ KFRAG_DIAG_NO_PAGES, true, "pagesperslab is 0" },
	{ KFRAG_DIAG_JOINED, true, "two rows on one line" },
	{ KFRAG_DIAG_SAMPLE_CUT, true,
	  "sample is cut off here, and left out from its first line 112 on" },
	{ KFRAG_NR_DIAGS, true, "unknown oddity" },
};

_Static_assert(NR_OF(diags) == KFRAG_NR_DIAGS + 1, "each code has a row");

START_TEST(diag_says_what_is_wrong)
{
	struct kfrag_diag diag = {
		.code = diags[_i].code,
		.a = 112,
		.b = 111,
	};
	char message[128], small[8];

	ck_assert_int_eq(diags[_i].code, _i);
	ck_assert_ptr_eq(kfrag_diag_text(&diag, message, sizeof(message)),
			 message);
	ck_assert_str_eq(message, diags[_i].text);
	ck_assert_int_eq(kfrag_diag_is_lost(&diag), diags[_i].is_lost);

	memset(small, '#', sizeof(small));
	kfrag_diag_text(&diag, small, sizeof(small) - 1);
	ck_assert_uint_eq(strlen(small), sizeof(small) - 2);
	ck_assert(strncmp(small, diags[_i].text, sizeof(small) - 2) == 0);
	ck_assert_int_eq(small[sizeof(small) - 1], '#');
}
END_TEST

START_TEST(diag_holds_the_largest_figures)
{
	struct kfrag_diag diag = {
		.code = KFRAG_DIAG_ACTIVE_ABOVE_NUM,
		.a = UINT64_MAX,
		.b = UINT64_MAX - 1,
	};
	char message[128];

	ck_assert_str_eq(kfrag_diag_text(&diag, message, sizeof(message)),
			 "active_objs 18446744073709551615 exceeds num_objs "
			 "18446744073709551614");
}
END_TEST

START_TEST(version_has_text)
{
	static const char *const texts[] = {
		[KFRAG_SLABINFO_UNKNOWN] = "unknown",
		[KFRAG_SLABINFO_1_0] = "1.0",
		[KFRAG_SLABINFO_1_1] = "1.1",
		[KFRAG_SLABINFO_1_2] = "1.2",
		[KFRAG_SLABINFO_2_0] = "2.0",
		[KFRAG_SLABINFO_2_1] = "2.1",
		[KFRAG_SLABINFO_OTHER] = "unknown",
	};

	for (unsigned i = 0; i < NR_OF(texts); i++) {
		enum kfrag_slabinfo_version version = i;

		ck_assert_str_eq(kfrag_slabinfo_version_text(version),
				 texts[i]);
	}
}
END_TEST

/* A record with the figures that the page size follows from. */
#define RECORD(size, objs, pages)                                              \
	{                                                                      \
		.size_bytes = (size), .objs_per_slab = (objs),                 \
		.pages_per_slab = (pages)                                      \
	}

static const struct {
	struct kfrag_record record;
	uint64_t page_size_bytes;
	bool fits;
} fits[] = {
	{ RECORD(256, 16, 1), 4096, true },
	{ RECORD(256, 17, 1), 4096, false },
	{ RECORD(4096, 1, 1), 4096, true },
	{ RECORD(4097, 1, 1), 4096, false },
	{ RECORD(4097, 1, 2), 4096, true },
	/* Slots unknown: at least one. */
	{ RECORD(4096, 0, 1), 4096, true },
	{ RECORD(4097, 0, 1), 4096, false },
	{ RECORD(1, 0, 1), 1, true },
	/* Products beyond 64 bits. */
	{ RECORD(UINT64_C(1) << 32, UINT64_C(1) << 32, 1), 4096, false },
	{ RECORD(UINT64_MAX, UINT64_MAX, UINT64_MAX), UINT64_MAX, true },
	{ RECORD(UINT64_MAX, UINT64_MAX, UINT64_MAX), UINT64_MAX - 1, false },
	{ RECORD(UINT64_MAX, UINT64_MAX, UINT64_MAX - 1), UINT64_MAX, false },
	{ RECORD(4096, 1, UINT64_C(1) << 63), 4096, true },
	/* Equal above bit 64, different below. */
	{ RECORD((UINT64_C(1) << 63) + 1, 4, UINT64_C(1) << 63), 4, false },
	{ RECORD(UINT64_C(1) << 63, 4, (UINT64_C(1) << 63) + 1), 4, true },
};

START_TEST(record_fits)
{
	ck_assert_int_eq(kfrag_record_fits(&fits[_i].record,
					   fits[_i].page_size_bytes),
			 fits[_i].fits);
}
END_TEST

static const struct {
	struct kfrag_record records[4];
	size_t nr_records;
	uint64_t page_size_bytes;
} page_sizes[] = {
	{ .nr_records = 0, .page_size_bytes = 4096 },
	{ { RECORD(256, 16, 1) }, 1, 4096 },
	{ { RECORD(256, 17, 1) }, 1, 8192 },
	{ { RECORD(256, 33, 1) }, 1, 16384 },
	{ { RECORD(256, 65, 1) }, 1, 65536 },
	{ { RECORD(256, 257, 1) }, 1, 262144 },
	/* One row settles it, wherever it stands. */
	{ { RECORD(256, 1, 1), RECORD(64, 1024, 1), RECORD(8, 1, 1) },
	  3,
	  65536 },
	{ { RECORD(64, 1024, 1), RECORD(256, 1, 1), RECORD(8, 1, 1) },
	  3,
	  65536 },
	/* Contradicted by all: the fewest, then the smallest. */
	{ { RECORD(262145, 1, 1) }, 1, 4096 },
	{ { RECORD(262145, 1, 1), RECORD(8192, 1, 1) }, 2, 8192 },
	{ { RECORD(262145, 1, 1), RECORD(8192, 1, 1), RECORD(65536, 2, 2),
	    RECORD(1, 1, 1) },
	  4,
	  65536 },
};

START_TEST(page_size_is_inferred)
{
	struct kfrag_record records[4];
	struct kfrag_snapshot snapshot = {
		.records = records,
		.nr_records = page_sizes[_i].nr_records,
	};

	memcpy(records, page_sizes[_i].records, sizeof(records));
	ck_assert_uint_eq(kfrag_snapshot_page_size(&snapshot),
			  page_sizes[_i].page_size_bytes);
}
END_TEST

Suite *snapshot_suite(void)
{
	Suite *suite = suite_create("snapshot");
	TCase *core = tcase_create("core");

	tcase_add_test(core, release_leaves_empty);
	tcase_add_loop_test(core, diag_says_what_is_wrong, 0,
			    (int)NR_OF(diags));
	tcase_add_test(core, diag_holds_the_largest_figures);
	tcase_add_test(core, version_has_text);
	tcase_add_loop_test(core, record_fits, 0, (int)NR_OF(fits));
	tcase_add_loop_test(core, page_size_is_inferred, 0,
			    (int)NR_OF(page_sizes));
	suite_add_tcase(suite, core);
	return suite;
}
