// SPDX-License-Identifier: MIT
#include "expect.h"
#include "kfrag/slabinfo.h"

Suite *tunables_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define HEAD2 "a 1 2 3 4 8 "
#define OLD(row) "slabinfo - version: 1.1\nb 58 84 136 3 4 1\n" row

static const struct {
	const char *text; /* of its last row */
	bool known;
	uint64_t limit, batchcount, sharedfactor, sharedavail;
} rows[] = {
	{ HEAD2 ": tunables 54 27 8 : slabdata 6 7 216\n", true, 54, 27, 8,
	  216 },
	/* The header's names are the wrong way round, the figures are not. */
	{ "slabinfo - version: 2.0\n"
	  "# name : tunables <batchcount> <limit> <sharedfactor>\n" HEAD2
	  ": tunables 54 27 0 : slabdata 6 7 0\n",
	  true, 54, 27, 0, 0 },
	{ HEAD2 ": tunables 0 0 0 : slabdata 6 7 0\n", true, 0, 0, 0, 0 },
	{ HEAD2 ":tunables 1 2 3:slabdata 6 7 4:globalstat 1 2\n", true, 1, 2,
	  3, 4 },
	{ HEAD2 ": tunables 1 2 3 : slabdata 6 7 4 0 0 100 12\n", true, 1, 2, 3,
	  4 },
	{ HEAD2 ": tunables 1 2 3 : slabdata 6 7 4 : shrinker stat\n", true, 1,
	  2, 3, 4 },
	{ HEAD2 ": tunables 1 2 3 : slabdata 6 7 4\r\n", true, 1, 2, 3, 4 },
	{ HEAD2 ": tunables 1 2 3 : slabdata 6 7\n", false, 0, 0, 0, 0 },
	{ HEAD2 ": tunables 1 2 3 : slabdata 6 7 : 4\n", false, 0, 0, 0, 0 },
	{ HEAD2 ": tunables 1 2 : slabdata 6 7 4\n", false, 0, 0, 0, 0 },
	{ HEAD2 ": tunables 1 2 3 4 : slabdata 6 7 4\n", false, 0, 0, 0, 0 },
	{ HEAD2 ": tunables 1 x 3 : slabdata 6 7 4\n", false, 0, 0, 0, 0 },
	{ HEAD2 ": tunables 1 2 3 : slabdata 6 7 x\n", false, 0, 0, 0, 0 },
	{ HEAD2 ": tunables : slabdata 6 7 4\n", false, 0, 0, 0, 0 },
	/* Of 12345 the text's end may have taken four digits. */
	{ HEAD2 ": tunables 1 2 3 : slabdata 6 7 1", false, 0, 0, 0, 0 },
	{ HEAD2 ": tunables 1 2 3 : slabdata 6 7 1 : x", true, 1, 2, 3, 1 },
	{ "a : tunables 9 9 9 : 1 2 3 4 8 : tunables 1 2 3 : slabdata 6 7 4\n",
	  true, 1, 2, 3, 4 },
	{ OLD("a 58 84 136 3 4 1 :  252  126\n"), true, 252, 126, 0, 0 },
	{ OLD("a 58 84 136 3 4 1: 252 126\n"), true, 252, 126, 0, 0 },
	{ OLD("a 58 84 136 3 4 1\n"), false, 0, 0, 0, 0 },
	{ OLD("a 58 84 136 3 4 1 :\n"), false, 0, 0, 0, 0 },
	{ OLD("a 58 84 136 3 4 1 : 58 58 3 0 0\n"), false, 0, 0, 0, 0 },
	{ OLD("a 58 84 136 3 4 1 : 58 58 3 0 0 : 252 126\n"), true, 252, 126, 0,
	  0 },
	{ OLD("a 58 84 136 3 4 1 : 32 16 : 58 58 3 0 0 2 43 : 1 2 3 4\n"), true,
	  32, 16, 0, 0 },
	{ OLD("a 58 84 136 3 4 1 : 252 12"), false, 0, 0, 0, 0 },
};

START_TEST(tunables_are_read)
{
	size_t bytes = strlen(rows[_i].text);
	char *text = malloc(bytes);
	struct kfrag_recording recording;
	const struct kfrag_record *record;

	ck_assert_ptr_nonnull(text);
	memcpy(text, rows[_i].text, bytes);
	ck_assert_int_eq(kfrag_slabinfo_parse(&recording, text, bytes),
			 KFRAG_OK);
	free(text);
	record = &recording.snapshots[0]
			  .records[recording.snapshots[0].nr_records - 1];
	ck_assert_int_eq(record->name[0], 'a');
	ck_assert_int_eq(record->has_tunables, rows[_i].known);
	ck_assert_uint_eq(record->limit, rows[_i].limit);
	ck_assert_uint_eq(record->batchcount, rows[_i].batchcount);
	ck_assert_uint_eq(record->sharedfactor, rows[_i].sharedfactor);
	ck_assert_uint_eq(record->sharedavail, rows[_i].sharedavail);
	ck_assert_uint_eq(recording.nr_diags, 0);
	kfrag_recording_release(&recording);
}
END_TEST

Suite *tunables_suite(void)
{
	Suite *suite = suite_create("tunables");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	tcase_add_loop_test(core, tunables_are_read, 0, (int)NR_OF(rows));
	return suite;
}
