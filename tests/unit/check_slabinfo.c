// SPDX-License-Identifier: MIT
#include <string.h>

#include <check.h>

#include "expect_slabinfo.h"
#include "kfrag/slabinfo.h"

Suite *slabinfo_suite(void);

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

/* What a row says, its line and name apart. */
#define FIGURES(active, num, size, objs, pages, active_slab, num_slab)         \
	.active_objs = (active), .num_objs = (num), .size_bytes = (size),      \
	.objs_per_slab = (objs), .pages_per_slab = (pages),                    \
	.active_slabs = (active_slab), .num_slabs = (num_slab)

/* "a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6 7 0" */
#define A_RECORD                                                               \
	{                                                                      \
		.line = 1, FIGURES(1, 2, 3, 4, 8, 6, 7)                        \
	}

/* A row of 2.x with that name. */
#define NAMED(name)                                                            \
	{                                                                      \
		TEXT(name " 1 2 3 4 8" TAIL "\n"), TEXT(name),                 \
		{                                                              \
			.line = 1, FIGURES(1, 2, 3, 4, 8, 3, 4)                \
		}                                                              \
	}

/* "kmem_cache 58 84 136 3 4 1" below a version line */
#define OLD_RECORD                                                             \
	{                                                                      \
		.line = 2, FIGURES(58, 84, 136, 21, 1, 3, 4)                   \
	}

/* Each text has one record, and nothing odd. */
static const struct {
	const char *text;
	size_t text_bytes;
	const char *name;
	size_t name_bytes;
	struct kfrag_record record; /* all but the name */
} good_rows[] = {
	/* 2.x: as kernels print it. */
	{ TEXT("inode_cache         1301   1390    400   10    1 : tunables   "
	       "54   27    8 : slabdata    139    140      0\n"),
	  TEXT("inode_cache"),
	  { .line = 1, FIGURES(1301, 1390, 400, 10, 1, 139, 140) } },
	/* Groups behind slabdata, more columns in it, none of sharedavail. */
	{ TEXT("a 1 2 3 4 8 : tunables 24 12 0 : slabdata 6 7 0 : globalstat "
	       "8 8 8 0 0 0 25 : cpustat 0 8 0 0\n"),
	  TEXT("a"), A_RECORD },
	{ TEXT("a 1 2 3 4 8 : tunables 24 12 0 : slabdata 6 7 0 : shrinker "
	       "stat 682752 681900\n"),
	  TEXT("a"), A_RECORD },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6 7 4 0 0 100 12\n"),
	  TEXT("a"), A_RECORD },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6 7\n"), TEXT("a"),
	  A_RECORD },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6 7: cpustat\n"),
	  TEXT("a"), A_RECORD },
	/* Blanks of all kinds, or none where a colon is enough. */
	{ TEXT(" \ta\t1\t\t2 3\t4 8:tunables 0 0 0:slabdata\t6\t7\t0 \t\r\n"),
	  TEXT("a"), A_RECORD },
	{ TEXT("a 1 2 3 4 8\t:\t tunables 0 0 0 \t:  slabdata 6 7 0\r\n"),
	  TEXT("a"), A_RECORD },
	{ TEXT("a 1 2 3 4 8 : tunables : slabdata 6 7 0\n"), TEXT("a"),
	  A_RECORD },
	/* The end of the text in place of a newline. */
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6 7 0"), TEXT("a"),
	  A_RECORD },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6 7 "), TEXT("a"),
	  A_RECORD },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6 7\r"), TEXT("a"),
	  A_RECORD },
	/* 64 bits, leading zeros, objs_per_slab unknown. */
	{ TEXT("a 18446744073709551615 18446744073709551615 "
	       "18446744073709551615 18446744073709551615 "
	       "9223372036854775808 : tunables 0 0 0 : slabdata "
	       "18446744073709551615 18446744073709551615 0\n"),
	  TEXT("a"),
	  { .line = 1,
	    FIGURES(UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
		    UINT64_C(1) << 63, UINT64_MAX, UINT64_MAX) } },
	{ TEXT("a 00000000000000000000000000001 2 3 0 8" TAIL "\n"),
	  TEXT("a"),
	  { .line = 1, FIGURES(1, 2, 3, 0, 8, 3, 4) } },
	/* Names. */
	NAMED("file lock cache"),
	NAMED("dir  with \t blanks"),
	NAMED("iwl_cmd_pool:0000:04:00.0"),
	NAMED("biovec-(256)"),
	NAMED("page->ptl"),
	NAMED("a : b"),
	NAMED("a : tunables"),
	NAMED("a : tunables 0 0"),
	NAMED("a : slabdata 1 2"),
	NAMED("64"),
	NAMED("-1"),
	NAMED("size-32 64"),
	NAMED("size 1 2 3 4 5 6 7 8 9"),
	NAMED("nul\0inside"),
	NAMED("\0"),
	NAMED("\xc3\xa9t\xc3\xa9 \xff\x1b[31m"),
	NAMED(":"),
	NAMED(": : :"),
	NAMED("tunables"),
	NAMED("slabinfo"),
	NAMED("slabinfo - versio: 2.1"),
	NAMED("time: 12"),
	NAMED("a#b"),
	NAMED("012345678901234567890123456789012345678901234567890123456789"
	      "0123456789012345678901234567890123456789012345678901234567890123456"),
	/* 1.x: UP, SMP, statistics, 1.2 statistics. */
	{ TEXT(V10 "kmem_cache  58  84  136  3  4  1\n"), TEXT("kmem_cache"),
	  OLD_RECORD },
	{ TEXT(V11 "kmem_cache  58  84  136  3  4  1\n"), TEXT("kmem_cache"),
	  OLD_RECORD },
	{ TEXT("slabinfo - version: 1.1 (SMP)\n"
	       "kmem_cache  58  84  136  3  4  1 :  252  126\n"),
	  TEXT("kmem_cache"), OLD_RECORD },
	{ TEXT("slabinfo - version: 1.1 (statistics)\n"
	       "kmem_cache  58  84  136  3  4  1 :  58  58  3  0  0\n"),
	  TEXT("kmem_cache"), OLD_RECORD },
	{ TEXT("slabinfo - version: 1.2 (statistics) (SMP)\n"
	       "kmem_cache  58  84  136  3  4  1 :   32   16 :    385   66985 "
	       "  824  205    0    2   43 :  25251   5266  30169    320\n"),
	  TEXT("kmem_cache"), OLD_RECORD },
	{ TEXT(V12 "kmem_cache  58  84  136  3  4  1: 32 16\n"),
	  TEXT("kmem_cache"), OLD_RECORD },
	{ TEXT(V12 "kmem_cache  58  84  136  3  4  1 :32 16\r\n"),
	  TEXT("kmem_cache"), OLD_RECORD },
	{ TEXT(V12 "kmem_cache\t58\t84 \t136  3  4  1\t:\n"),
	  TEXT("kmem_cache"), OLD_RECORD },
	/* Only a group behind them shows that the six are whole. */
	{ TEXT(V11 "kmem_cache  58  84  136  3  4  1 : 252"),
	  TEXT("kmem_cache"), OLD_RECORD },
	{ TEXT(V11 "kmem_cache  58  84  136  3  4  1 :"), TEXT("kmem_cache"),
	  OLD_RECORD },
	{ TEXT(V11 "kmem_cache  58  84  136  3  4  1\r"), TEXT("kmem_cache"),
	  OLD_RECORD },
	{ TEXT(V11 "file lock cache  58  84  136  3  4  1\n"),
	  TEXT("file lock cache"), OLD_RECORD },
	{ TEXT(V11 "size-32(DMA)  58  84  136  3  4  1\n"),
	  TEXT("size-32(DMA)"), OLD_RECORD },
	{ TEXT(V11 "size-32 64 58  84  136  3  4  1\n"), TEXT("size-32 64"),
	  OLD_RECORD },
	{ TEXT(V11 "a: b ::c d:1 :e 2 3  58  84  136  3  4  1 : 1 2 3 4 5 6\n"),
	  TEXT("a: b ::c d:1 :e 2 3"), OLD_RECORD },
	{ TEXT(V11 "nul\0inside  58  84  136  3  4  1\n"), TEXT("nul\0inside"),
	  OLD_RECORD },
	/* No version line, but nothing else that it could be. */
	{ TEXT("\nkmem_cache  58  84  136  3  4  1\n"), TEXT("kmem_cache"),
	  OLD_RECORD },
	/* Slots of a slab are unknown without slabs. */
	{ TEXT(V11 "a 0 0 136 0 0 1\n"),
	  TEXT("a"),
	  { .line = 2, FIGURES(0, 0, 136, 0, 1, 0, 0) } },
	{ TEXT(V11 "a 0 40 96 0 1 1\n"),
	  TEXT("a"),
	  { .line = 2, FIGURES(0, 40, 96, 40, 1, 0, 1) } },
	{ TEXT(V11 "a 0 0 96 0 1 1\n"),
	  TEXT("a"),
	  { .line = 2, FIGURES(0, 0, 96, 0, 1, 0, 1) } },
};

START_TEST(good_row_is_read)
{
	struct kfrag_recording recording;
	const struct kfrag_record *record;

	ck_assert_int_eq(kfrag_slabinfo_parse(&recording, good_rows[_i].text,
					      good_rows[_i].text_bytes),
			 KFRAG_OK);
	ck_assert_uint_eq(recording.nr_diags, 0);
	ck_assert_uint_eq(recording.nr_lost_lines, 0);
	ck_assert_uint_eq(recording.nr_snapshots, 1);
	ck_assert_uint_eq(recording.snapshots[0].nr_records, 1);
	record = &recording.snapshots[0].records[0];
	expect_figures(record, &good_rows[_i].record);
	ck_assert_uint_eq(record->name_bytes, good_rows[_i].name_bytes);
	ck_assert_mem_eq(record->name, good_rows[_i].name,
			 record->name_bytes + 1);
	kfrag_recording_release(&recording);
}
END_TEST

#define NOTHING                                                                \
	{                                                                      \
		{                                                              \
			.line = 0                                              \
		}                                                              \
	}
#define ONE(code, column, line)                                                \
	{                                                                      \
		{                                                              \
			KFRAG_DIAG_##code, column, line, 0, 0                  \
		}                                                              \
	}

/* What a text has of odd lines; `nr_records` rows are left over. */
static const struct {
	const char *text;
	size_t text_bytes;
	size_t nr_records;
	struct kfrag_diag diags[3]; /* up to line 0 */
} oddities[] = {
	/* Lines that are no oddity. */
	{ TEXT(""), 0, NOTHING },
	{ TEXT("\n\r\n \t \n"), 0, NOTHING },
	{ TEXT("# name\n#name\n#\n  # inode_cache 1 2 3 4 5 6\n#x" TAIL), 0,
	  NOTHING },
	{ TEXT(V10 V11 V12 V20 V21), 0, NOTHING },
	{ TEXT(" slabinfo  -\tversion :2.1(statistics)\r\n"), 0, NOTHING },
	{ TEXT("slabinfo - version: 2.1 (stat"), 0, NOTHING },
	{ TEXT("time: 0\ntime:\t12.\n time: 12.345 \r\ntime:7"), 0, NOTHING },
	{ TEXT("# name <active_objs>\n" ROW2), 1, NOTHING },

	/* Odd, but used. */
	{ TEXT(ROW2 "kmem_cache     112    111    256   16    1" TAIL "\n"),
	  2,
	  { { KFRAG_DIAG_ACTIVE_ABOVE_NUM, 16, 2, 112, 111 } } },
	{ TEXT("kmem_cache     112    111    256   16    3" TAIL "\n"),
	  1,
	  { { KFRAG_DIAG_ACTIVE_ABOVE_NUM, 16, 1, 112, 111 },
	    { KFRAG_DIAG_PAGES_NOT_POWER, 42, 1, 3, 0 } } },
	{ TEXT("a 1 1 1 1 18446744073709551615" TAIL "\n"),
	  1,
	  { { KFRAG_DIAG_PAGES_NOT_POWER, 11, 1, UINT64_MAX, 0 } } },
	{ TEXT(V11 "a 5 4 8 1 1 6\n"),
	  1,
	  { { KFRAG_DIAG_ACTIVE_ABOVE_NUM, 3, 2, 5, 4 },
	    { KFRAG_DIAG_PAGES_NOT_POWER, 13, 2, 6, 0 } } },
	{ TEXT(V11 ROW1 "a 5 4 8 2 1 6\n"),
	  2,
	  { { KFRAG_DIAG_ACTIVE_ABOVE_NUM, 3, 3, 5, 4 },
	    { KFRAG_DIAG_PAGES_NOT_POWER, 13, 3, 6, 0 } } },
	{ TEXT("slabinfo - version: 2.2\n" ROW2), 1, ONE(VERSION, 21, 1) },
	{ TEXT("slabinfo - version: 2.10 (SMP)\n" ROW2), 1,
	  ONE(VERSION, 21, 1) },
	{ TEXT("slabinfo - version:\n" ROW2), 1, ONE(VERSION, 20, 1) },
	{ TEXT("slabinfo - version: 3\n" V11 ROW1), 1, ONE(VERSION, 21, 1) },
	{ TEXT("slabinfo - version: 2.1 (SMP) and more\n" ROW2), 1,
	  ONE(NOT_A_ROW, 31, 1) },
	{ TEXT("slabinfo - version: x y\n" ROW2),
	  1,
	  { { KFRAG_DIAG_VERSION, 21, 1, 0, 0 },
	    { KFRAG_DIAG_NOT_A_ROW, 23, 1, 0, 0 } } },
	{ TEXT("slabinfo - version: 3 "), 0, ONE(VERSION, 21, 1) },
	{ TEXT("slabinfo - version: 2"), 0, ONE(CUT, 22, 1) },

	/* Fields of 2.x: the leftmost bad one, 64 bits, signs. */
	{ TEXT(ROW2 "a x 2 3 4 8" TAIL "\n" ROW2), 2, ONE(NUMBER, 3, 2) },
	{ TEXT("a 1 -2 3 4 8" TAIL "\n"), 0, ONE(NUMBER, 5, 1) },
	{ TEXT("a 1 2 +3 4 8" TAIL "\n"), 0, ONE(NUMBER, 7, 1) },
	{ TEXT("a 1 2 3 4.0 8" TAIL "\n"), 0, ONE(NUMBER, 9, 1) },
	{ TEXT("a 1 2 3 4 0x8" TAIL "\n"), 0, ONE(NUMBER, 11, 1) },
	{ TEXT("\ta  1\t2 3 4 8\0" TAIL "\n"), 0, ONE(NUMBER, 13, 1) },
	{ TEXT("a 1 y 3 4 z" TAIL "\n"), 0, ONE(NUMBER, 5, 1) },
	{ TEXT("a 18446744073709551616 2 3 4 8" TAIL "\n"), 0,
	  ONE(TOO_LARGE, 3, 1) },
	{ TEXT("a 1 2 3 99999999999999999999999999999 8" TAIL "\n"), 0,
	  ONE(TOO_LARGE, 9, 1) },
	{ TEXT("a 1 2 3 99999999999999999999999999999x 8" TAIL "\n"), 0,
	  ONE(NUMBER, 9, 1) },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata x 7 0\n"), 0,
	  ONE(NUMBER, 41, 1) },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6  -7 0\n"), 0,
	  ONE(NUMBER, 44, 1) },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6 "
	       "18446744073709551616 0\n"),
	  0, ONE(TOO_LARGE, 43, 1) },
	/* A lost row says one thing only. */
	{ TEXT("a 3 2 3 4 3 : tunables 0 0 0 : slabdata 6 x 0\n"), 0,
	  ONE(NUMBER, 43, 1) },
	{ TEXT("a 1 2 0 4 0" TAIL "\n"), 0, ONE(NO_SIZE, 7, 1) },
	{ TEXT("a 3 2 1 4   0" TAIL "\n"), 0, ONE(NO_PAGES, 13, 1) },
	{ TEXT("  1 2 3 4 8" TAIL "\n" ROW2), 1, ONE(NO_NAME, 3, 1) },
	{ TEXT("4 8" TAIL "\n"), 0, ONE(NO_NAME, 1, 1) },
	{ TEXT(" : tunables 0 0 0 : slabdata 6 7 0\n"), 0, ONE(NO_NAME, 2, 1) },
	{ TEXT("a 2 3 4 8" TAIL "\n"), 0, ONE(NUMBER, 1, 1) },
	{ TEXT("<pagesperslab> : tunables <batchcount> <limit>\n" ROW2), 1,
	  ONE(NUMBER, 1, 1) },
	{ TEXT("a 1 2 3 4 8" TAIL "b 1 2 3 4 8" TAIL "\n" ROW2), 1,
	  ONE(JOINED, 82, 1) },

	/* Rows of 2.x that end early; the place is where they do. */
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6\n" ROW2), 1,
	  ONE(CUT, 42, 1) },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6 \t\r\n"), 0,
	  ONE(CUT, 42, 1) },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6 : x\n"), 0,
	  ONE(CUT, 46, 1) },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdata\n"), 0,
	  ONE(CUT, 40, 1) },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdat\n"), 0,
	  ONE(CUT, 39, 1) },
	{ TEXT("a 1 2 3 4 8 : tunables\n"), 0, ONE(CUT, 23, 1) },
	{ TEXT(ROW2 "a 1 2 3 4 8 : tunabl\n"), 1, ONE(CUT, 21, 2) },
	{ TEXT(ROW2 "a 1 2 3 4 8\n" ROW2), 2, ONE(CUT, 12, 2) },
	{ TEXT(ROW2 "a 1 2 3 4\n"), 1, ONE(NOT_A_ROW, 1, 2) },
	{ TEXT("a 1 2 3 4 8 : tunablesx 0 0 0 : slabdata 6 7 0\n"), 0,
	  ONE(CUT, 47, 1) },
	{ TEXT("a 1 2 3 4 8 : tunables 0 0 0 : slabdatax 6 7 0\n"), 0,
	  ONE(CUT, 47, 1) },
	/* The last line: what may lack a digit is no number. */
	{ TEXT(ROW2 "a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6 7"), 1,
	  ONE(CUT, 44, 2) },
	{ TEXT(ROW2 "a 1 2 3 4 8 : tunables 0 0 0 : slabdata 6"), 1,
	  ONE(CUT, 42, 2) },
	{ TEXT(ROW2 "a 1 2 3 4 8"), 1, ONE(CUT, 12, 2) },
	{ TEXT(ROW2 "a 1 2 "), 1, ONE(CUT, 6, 2) },
	{ TEXT(ROW2 "inode_c"), 1, ONE(CUT, 8, 2) },
	{ TEXT(V11 ROW1 "a 1 2 8 1 1 1"), 1, ONE(CUT, 14, 3) },
	{ TEXT(V11 ROW1 "size-32 64 80 96 5 5 1 "), 1, ONE(CUT, 23, 3) },

	/* A 2.x row that lost its second half looks like one of 1.x. */
	{ TEXT(V21 "size-32 64 80 96 244 5 1\n"), 0, ONE(CUT, 25, 2) },
	{ TEXT(HEADER "size-32 64 80 96 244 5 1\n"), 0, ONE(CUT, 25, 2) },
	{ TEXT(ROW2 "size-32 64 80 96 244 5 1\n"), 1, ONE(CUT, 25, 2) },
	{ TEXT("size-32 64 80 96 244 5 1\n" ROW2 ROW2), 2, ONE(CUT, 25, 1) },
	{ TEXT(V11 ROW2 ROW2 "size-32 64 80 96 244 5 1\n"), 2,
	  ONE(CUT, 25, 4) },
	{ TEXT(ROW2 "size-32 64 80 96 244 5 1 :\n"), 1, ONE(CUT, 27, 2) },
	{ TEXT("size-32 64 80 96 244 5 1 :"), 0, ONE(CUT, 27, 1) },
	{ TEXT("size-32 64 80 96 244 5 1 : tun"), 0, ONE(CUT, 31, 1) },
	{ TEXT("inode_cache 64 80 96 5 6 1 : 25"), 0, ONE(CUT, 32, 1) },
	/* The version line's vote, alone for it or against a row's. */
	{ TEXT(V10 "size-32 64 58 84 136 3 4 1\n"), 1, NOTHING },
	{ TEXT(V11 "size-32 64 58 84 136 3 4 1\n"), 1, NOTHING },
	{ TEXT(V12 "size-32 64 58 84 136 3 4 1\n"), 1, NOTHING },
	{ TEXT(V20 ROW1), 0, ONE(CUT, 29, 2) },
	{ TEXT(V21 ROW1), 0, ONE(CUT, 29, 2) },
	{ TEXT("slabinfo - version: 3\n" ROW1), 1, ONE(VERSION, 21, 1) },
	/* A version line that is wrong has one vote as a row has. */
	{ TEXT(V21 ROW1 "a 1 2 8 1 1 1\n"), 2, NOTHING },
	{ TEXT(V21 HEADER ROW1 ROW1 ROW1), 3, NOTHING },
	{ TEXT(V11 ROW2), 1, NOTHING },
	{ TEXT(V11 ROW1 ROW2 "a 1 2 8 1 1 1\n"), 3, NOTHING },

	/* Fields of 1.x. */
	{ TEXT(V11 "a 1 2 8 x 1 1\n"), 0, ONE(NUMBER, 9, 2) },
	{ TEXT(V11 "a -1 2 8 1 1 1\n"), 0, ONE(NUMBER, 3, 2) },
	{ TEXT(V11 "a 1 2 8 1 1 1x : 252 126\n"), 0, ONE(NUMBER, 13, 2) },
	{ TEXT(V11 "a 1 18446744073709551616 8 1 1 1\n"), 0,
	  ONE(TOO_LARGE, 5, 2) },
	{ TEXT(V11 "a 1 2 0 1 1 0\n"), 0, ONE(NO_SIZE, 7, 2) },
	{ TEXT(V11 "a 1 2 8 1 1 0\n"), 0, ONE(NO_PAGES, 13, 2) },
	{ TEXT(V11 "1 2 8 1 1 1\n"), 0, ONE(NO_NAME, 1, 2) },
	{ TEXT(V11 "9 1 2 8 1 1 1\n"), 0, ONE(NO_NAME, 1, 2) },
	{ TEXT(V11 "9 1 2 8 x 1 1\n"), 0, ONE(NUMBER, 9, 2) },
	{ TEXT(V11 "1 2 x 1 1 1\n"), 0, ONE(NOT_A_ROW, 1, 2) },
	{ TEXT(V11 "a 1 2 x 1 1 1"), 0, ONE(CUT, 14, 2) },
	{ TEXT(V11 "a 1 2 8 1 1 1 : x 1\n"), 0, ONE(CUT, 20, 2) },
	{ TEXT(V11 "a 1 2 8 1 1 1: x 1\n"), 0, ONE(CUT, 19, 2) },
	{ TEXT(V11 "file lock 1 2 8 1 1\n"), 0, ONE(CUT, 20, 2) },
	/* Numbers of the groups are no substitute for the head's. */
	{ TEXT(V12 "a 1 2 8 1 1 x : 32 16 : 1 2 3 4 5 6 7 : 1\n"), 0,
	  ONE(NUMBER, 13, 2) },
	{ TEXT(V12 "a 1 2 8 1 1 : 32 16 : 1 2 3 4 5 6 7 : 1\n"), 0,
	  ONE(CUT, 40, 2) },
	{ TEXT(V12 "a 1 2: 32 16 : 1 2 3 4 5 6 7 : 1\n"), 0,
	  ONE(NOT_A_ROW, 1, 2) },
	{ TEXT(V12 "a : 1 2 3 4 5 6\n"), 0, ONE(NOT_A_ROW, 1, 2) },
	{ TEXT(V11 "0 25 : 1 2 3 4 5 6 :\n"), 0, ONE(NOT_A_ROW, 1, 2) },

	/* Separators that are none. */
	{ TEXT("time: -5\n" ROW2), 1, ONE(NUMBER, 7, 1) },
	{ TEXT("time:  1.2.3\n" ROW2), 1, ONE(NUMBER, 8, 1) },
	{ TEXT("time: 18446744073709551616\n" ROW2), 1, ONE(TOO_LARGE, 7, 1) },
	{ TEXT("time: .5\n" ROW2), 1, ONE(NUMBER, 7, 1) },
	{ TEXT("time:\n" ROW2), 1, ONE(NOT_A_ROW, 1, 1) },
	{ TEXT("time: 5 s\n" ROW2), 1, ONE(NOT_A_ROW, 1, 1) },

	/* Anything else. */
	{ TEXT("hello\n" ROW2 " [ 12.5] usb 1-1: new device number 4\n"),
	  1,
	  { { KFRAG_DIAG_NOT_A_ROW, 1, 1, 0, 0 },
	    { KFRAG_DIAG_NOT_A_ROW, 2, 3, 0, 0 } } },
	{ TEXT("\0\0\0\n"), 0, ONE(NOT_A_ROW, 1, 1) },
	{ TEXT("sgpool 2 8 512 8 1 : tunables 54 27 0 : slabdata 1     "
	       "random: pool is initialized\n 1      0\n" ROW2),
	  1,
	  { { KFRAG_DIAG_NUMBER, 56, 1, 0, 0 },
	    { KFRAG_DIAG_NO_NAME, 2, 2, 0, 0 } } },
	/* Numbers of other programs and of other files of /proc. */
	{ TEXT("Mem:  16384  1000  2000  10  300  15000\n"), 0,
	  ONE(NOT_A_ROW, 1, 1) },
	{ TEXT("Node 0, zone   Normal  1 2 3 4 5 6 7 8 9 10 11\n"), 0,
	  ONE(NOT_A_ROW, 1, 1) },
	{ TEXT("Node 0, zone   Normal  9 8 1 2 3 4 5 6 7 8\n"), 0,
	  ONE(NOT_A_ROW, 1, 1) },
	{ TEXT("Mem:  16384  1000  2000  300  10  16384\n"), 0,
	  ONE(NOT_A_ROW, 1, 1) },
	{ TEXT("cpu  1 2 3 4 5 6 7 8 9 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n"),
	  0,
	  { { KFRAG_DIAG_NOT_A_ROW, 1, 1, 0, 0 },
	    { KFRAG_DIAG_NOT_A_ROW, 1, 2, 0, 0 } } },
	{ TEXT(" 12345  12000  97%    0.19K    588       21      2352K "
	       "dentry\n"),
	  0, ONE(NOT_A_ROW, 2, 1) },
};

START_TEST(oddity_is_told)
{
	struct kfrag_recording recording;
	enum kfrag_error error;
	size_t nr_records = 0, nr_diags = 0, nr_lost_lines = 0;

	error = kfrag_slabinfo_parse(&recording, oddities[_i].text,
				     oddities[_i].text_bytes);
	for (size_t i = 0; i < recording.nr_snapshots; i++)
		nr_records += recording.snapshots[i].nr_records;
	ck_assert_uint_eq(nr_records, oddities[_i].nr_records);
	ck_assert_int_eq(error, nr_records ? KFRAG_OK : KFRAG_EFORMAT);
	while (nr_diags < NR_OF(oddities[_i].diags) &&
	       oddities[_i].diags[nr_diags].line != 0) {
		ck_assert_uint_gt(recording.nr_diags, nr_diags);
		expect_diag(&recording.diags[nr_diags],
			    &oddities[_i].diags[nr_diags]);
		nr_lost_lines += kfrag_diag_is_lost(&recording.diags[nr_diags]);
		nr_diags++;
	}
	ck_assert_uint_eq(recording.nr_diags, nr_diags);
	ck_assert_uint_eq(recording.nr_lost_lines, nr_lost_lines);
	ck_assert_uint_eq(recording.nr_diags_dropped, 0);
	kfrag_recording_release(&recording);
}
END_TEST

START_TEST(same_names_stay_apart)
{
	static const char text[] = "twin 1 2 8 4 1" TAIL "\n"
				   "other 1 2 16 4 1" TAIL "\n"
				   "twin 1 2 24 4 1" TAIL "\n";
	struct kfrag_recording recording;
	const struct kfrag_record *records;

	ck_assert_int_eq(kfrag_slabinfo_parse(&recording, text,
					      sizeof(text) - 1),
			 KFRAG_OK);
	ck_assert_uint_eq(recording.snapshots[0].nr_records, 3);
	records = recording.snapshots[0].records;
	ck_assert_str_eq(records[0].name, "twin");
	ck_assert_uint_eq(records[0].size_bytes, 8);
	ck_assert_str_eq(records[1].name, "other");
	ck_assert_str_eq(records[2].name, "twin");
	ck_assert_uint_eq(records[2].size_bytes, 24);
	kfrag_recording_release(&recording);
}
END_TEST

Suite *slabinfo_suite(void)
{
	Suite *suite = suite_create("slabinfo");
	TCase *rows = tcase_create("rows");

	tcase_add_loop_test(rows, good_row_is_read, 0, (int)NR_OF(good_rows));
	tcase_add_loop_test(rows, oddity_is_told, 0, (int)NR_OF(oddities));
	tcase_add_test(rows, same_names_stay_apart);
	suite_add_tcase(suite, rows);
	return suite;
}
