// SPDX-License-Identifier: MIT
#include "kfrag/columns.h"

#include <stdio.h>

#include "expect.h"
#include "fixture_report.h"
#include "kfrag/random.h"

Suite *columns_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* ------------------------------------------------------------- columns */

/* The output contract: these names, in this order, forever. */
static const char contract_of_caches[] =
	"name,size_bytes,active_objs,num_objs,objs_per_slab,slab_order,"
	"num_slabs,kernel_held_bytes,kernel_idle_bytes,kernel_tail_bytes,"
	"buddy_order,buddy_peak_held_bytes,buddy_peak_internal_bytes,"
	"buddy_held_bytes,buddy_internal_bytes,buddy_failed_objs,slab_slabs,"
	"slab_held_bytes,slab_idle_bytes,slab_tail_bytes,slab_failed_objs";
static const char contract_of_totals[] =
	"allocator,state,live_objs,live_bytes,held_bytes,internal_bytes,"
	"idle_bytes,tail_bytes,free_bytes,free_blocks,largest_free_bytes,"
	"external_permille,bitmap_bytes,bookkeeping_bytes,memory_bytes,"
	"failed_objs,failed_fragmented_objs";
static const char contract_of_orders[] =
	"allocator,state,order,block_bytes,free_blocks,unusable_permille,"
	"fragmentation_permille,bitmap_bits";

static const char *const contract[KFRAG_NR_TABLES] = {
	[KFRAG_TABLE_CACHES] = contract_of_caches,
	[KFRAG_TABLE_TOTALS] = contract_of_totals,
	[KFRAG_TABLE_ORDERS] = contract_of_orders,
};

START_TEST(names_of_the_contract)
{
	enum kfrag_table_kind kind = (enum kfrag_table_kind)_i;
	size_t nr_columns, offset = 0;
	const struct kfrag_column *columns = kfrag_columns(kind, &nr_columns);

	for (size_t i = 0; i < nr_columns; i++) {
		size_t length = strlen(columns[i].name);

		ck_assert_int_eq(strncmp(contract[_i] + offset, columns[i].name,
					 length),
				 0);
		offset += length;
		ck_assert_int_eq(contract[_i][offset],
				 i + 1 < nr_columns ? ',' : '\0');
		offset++;
		ck_assert_ptr_eq(kfrag_column_find(kind, columns[i].name),
				 &columns[i]);
	}
	ck_assert_ptr_null(kfrag_column_find(kind, "size"));
	ck_assert_ptr_null(kfrag_column_find(kind, ""));
}
END_TEST

START_TEST(help_fits_a_line)
{
	size_t nr_columns;
	const struct kfrag_column *columns =
		kfrag_columns((enum kfrag_table_kind)_i, &nr_columns);

	for (size_t i = 0; i < nr_columns; i++) {
		size_t length = strlen(columns[i].help);

		ck_assert_uint_gt(length, 0);
		ck_assert_uint_le(strlen(columns[i].name), 25);
		ck_assert_uint_le(length, 52);
		ck_assert_int_ne(columns[i].help[length - 1], '.');
	}
}
END_TEST

START_TEST(names_of_tables)
{
	ck_assert_str_eq(kfrag_table_text(KFRAG_TABLE_CACHES), "caches");
	ck_assert_str_eq(kfrag_table_text(KFRAG_TABLE_TOTALS), "totals");
	ck_assert_str_eq(kfrag_table_text(KFRAG_TABLE_ORDERS), "orders");
}
END_TEST

/* A value in one line, whatever its kind. */
static void spell(const struct kfrag_value *value, char *out, size_t size)
{
	switch (value->kind) {
	case KFRAG_VALUE_UNSIGNED:
		snprintf(out, size, "%" PRIu64, value->number);
		break;
	case KFRAG_VALUE_SIGNED:
		snprintf(out, size, "%" PRId64, value->signed_number);
		break;
	case KFRAG_VALUE_UNKNOWN:
		snprintf(out, size, "?");
		break;
	case KFRAG_VALUE_BYTES_TEXT:
	case KFRAG_VALUE_WORD:
		snprintf(out, size, "%.*s", (int)value->text_bytes,
			 value->text);
		break;
	}
}

static void spell_row(enum kfrag_table_kind kind, const void *row, char *out,
		      size_t size)
{
	size_t nr_columns, length = 0;
	const struct kfrag_column *columns = kfrag_columns(kind, &nr_columns);

	for (size_t i = 0; i < nr_columns; i++) {
		struct kfrag_value value = columns[i].value(row);
		bool is_text = value.kind == KFRAG_VALUE_BYTES_TEXT ||
			       value.kind == KFRAG_VALUE_WORD;

		ck_assert_int_eq(columns[i].is_text, is_text);
		if (i > 0)
			out[length++] = ' ';
		spell(&value, out + length, size - length);
		length += strlen(out + length);
	}
}

/* Every member has another value, so that no two can be mixed up. */
START_TEST(values_of_a_cache)
{
	struct kfrag_cache_row row = {
		.name = "cache!",
		.name_bytes = 5,
		.line = 90,
		.active_slabs = 91,
		.size_bytes = 1,
		.active_objs = 2,
		.num_objs = 3,
		.objs_per_slab = 4,
		.slab_order = 5,
		.num_slabs = 6,
		.kernel_held_bytes = 7,
		.kernel_idle_bytes = 8,
		.kernel_tail_bytes = -9,
		.buddy_order = 10,
		.buddy_peak_held_bytes = 11,
		.buddy_peak_internal_bytes = 12,
		.buddy_held_bytes = 13,
		.buddy_internal_bytes = 14,
		.buddy_failed_objs = 15,
		.slab_slabs = 16,
		.slab_held_bytes = 17,
		.slab_idle_bytes = 18,
		.slab_tail_bytes = UINT64_MAX,
		.slab_failed_objs = 20,
	};
	char text[512];

	spell_row(KFRAG_TABLE_CACHES, &row, text, sizeof(text));
	ck_assert_str_eq(text, "cache 1 2 3 4 5 6 7 8 -9 10 11 12 13 14 15 16 "
			       "17 18 18446744073709551615 20");
}
END_TEST

START_TEST(values_of_a_total)
{
	struct kfrag_total_row row = {
		.allocator = KFRAG_SLAB,
		.state = KFRAG_PEAK,
		.live_objs = 1,
		.live_bytes = 2,
		.held_bytes = 3,
		.internal_bytes = kfrag_known(4),
		.idle_bytes = kfrag_known(5),
		.tail_known = true,
		.tail_bytes = -6,
		.free_bytes = kfrag_known(7),
		.free_blocks = kfrag_known(8),
		.largest_free_bytes = kfrag_known(9),
		.external_permille = kfrag_known(10),
		.bitmap_bytes = kfrag_known(11),
		.bookkeeping_bytes = kfrag_known(12),
		.memory_bytes = kfrag_known(13),
		.failed_objs = kfrag_known(14),
		.failed_fragmented_objs = kfrag_known(15),
	};
	char text[512];

	spell_row(KFRAG_TABLE_TOTALS, &row, text, sizeof(text));
	ck_assert_str_eq(text, "slab peak 1 2 3 4 5 -6 7 8 9 10 11 12 13 14 "
			       "15");
	row = (struct kfrag_total_row){ .allocator = KFRAG_KERNEL,
					.state = KFRAG_SETTLED,
					.tail_bytes = 77 };
	spell_row(KFRAG_TABLE_TOTALS, &row, text, sizeof(text));
	ck_assert_str_eq(text, "kernel settled 0 0 0 ? ? ? ? ? ? ? ? ? ? ? ?");
}
END_TEST

START_TEST(values_of_an_order)
{
	struct kfrag_order_row row = {
		.allocator = KFRAG_BUDDY,
		.state = KFRAG_SETTLED,
		.order = 1,
		.block_bytes = 2,
		.free_blocks = kfrag_known(3),
		.unusable_permille = kfrag_known(4),
		.fragmentation_known = true,
		.fragmentation_permille = -500,
		.bitmap_bits = 6,
	};
	char text[128];

	spell_row(KFRAG_TABLE_ORDERS, &row, text, sizeof(text));
	ck_assert_str_eq(text, "buddy settled 1 2 3 4 -500 6");
	row = (struct kfrag_order_row){ .fragmentation_permille = 77 };
	spell_row(KFRAG_TABLE_ORDERS, &row, text, sizeof(text));
	ck_assert_str_eq(text, "buddy peak 0 0 ? ? ? 0");
}
END_TEST

/* ----------------------------------------------------------- selection */

START_TEST(selection_holds_all)
{
	struct kfrag_report report;
	struct kfrag_selection selection;
	const struct kfrag_column *columns;
	size_t nr_columns;

	fixture_report_init(&report);
	for (int kind = 0; kind < KFRAG_NR_TABLES; kind++) {
		const void *rows[] = { report.caches, report.totals,
				       report.orders };
		const size_t sizes[] = { sizeof(*report.caches),
					 sizeof(*report.totals),
					 sizeof(*report.orders) };
		const size_t nr_rows[] = { FIXTURE_NR_CACHES, report.nr_totals,
					   report.nr_orders };

		ck_assert_int_eq(
			kfrag_selection_init(&selection, &report,
					     (enum kfrag_table_kind)kind),
			KFRAG_OK);
		columns =
			kfrag_columns((enum kfrag_table_kind)kind, &nr_columns);
		ck_assert_int_eq(selection.kind, kind);
		ck_assert_uint_eq(selection.nr_columns, nr_columns);
		for (size_t i = 0; i < nr_columns; i++)
			ck_assert_ptr_eq(selection.columns[i], &columns[i]);
		ck_assert_uint_eq(selection.nr_rows, nr_rows[kind]);
		for (size_t i = 0; i < nr_rows[kind]; i++)
			ck_assert_ptr_eq(selection.rows[i],
					 (const char *)rows[kind] +
						 i * sizes[kind]);
		kfrag_selection_release(&selection);
		ck_assert_uint_eq(selection.nr_rows, 0);
		ck_assert_ptr_null(selection.columns);
	}
	kfrag_report_release(&report);
}
END_TEST

START_TEST(selection_of_nothing)
{
	struct kfrag_report report;
	struct kfrag_selection selection;
	const char *const pattern = "*";
	struct kfrag_sort_key key;

	fixture_report_empty(&report);
	ck_assert_int_eq(kfrag_selection_init(&selection, &report,
					      KFRAG_TABLE_CACHES),
			 KFRAG_OK);
	ck_assert_uint_eq(selection.nr_rows, 0);
	ck_assert(kfrag_sort_key_find("waste", &key));
	ck_assert_int_eq(kfrag_selection_sort(&selection, &key), KFRAG_OK);
	ck_assert_int_eq(kfrag_selection_match(&selection, &pattern, 1),
			 KFRAG_OK);
	ck_assert_uint_eq(selection.nr_rows, 0);
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

static const struct {
	const char *list;
	enum kfrag_error error;
	size_t bad_offset;
	size_t nr_columns;
} lists[] = {
	{ "name", KFRAG_OK, 0, 1 },
	{ "slab_failed_objs,name,num_objs", KFRAG_OK, 0, 3 },
	{ "name,name", KFRAG_OK, 0, 2 },
	{ "", KFRAG_EINVAL, 0, 0 },
	{ ",", KFRAG_EINVAL, 0, 0 },
	{ "name,", KFRAG_EINVAL, 5, 0 },
	{ ",name", KFRAG_EINVAL, 0, 0 },
	{ "name,,num_objs", KFRAG_EINVAL, 5, 0 },
	{ "name,nam", KFRAG_EINVAL, 5, 0 },
	{ "name,names", KFRAG_EINVAL, 5, 0 },
	{ "name, num_objs", KFRAG_EINVAL, 5, 0 },
	{ "NAME", KFRAG_EINVAL, 0, 0 },
	{ "num_objs,held_bytes", KFRAG_EINVAL, 9, 0 },
};

START_TEST(columns_by_list)
{
	struct kfrag_report report;
	struct kfrag_selection selection;
	const struct kfrag_column *const *before;
	size_t offset = 12345;
	char joined[128] = "";

	fixture_report_init(&report);
	ck_assert_int_eq(kfrag_selection_init(&selection, &report,
					      KFRAG_TABLE_CACHES),
			 KFRAG_OK);
	before = selection.columns;
	ck_assert_int_eq(kfrag_selection_set_columns(&selection, lists[_i].list,
						     &offset),
			 lists[_i].error);
	ck_assert_uint_eq(offset, lists[_i].bad_offset);
	if (lists[_i].error) {
		ck_assert_ptr_eq(selection.columns, before);
		ck_assert_uint_eq(selection.nr_columns, 21);
	} else {
		ck_assert_uint_eq(selection.nr_columns, lists[_i].nr_columns);
		for (size_t i = 0; i < selection.nr_columns; i++) {
			strcat(joined, i > 0 ? "," : "");
			strcat(joined, selection.columns[i]->name);
		}
		ck_assert_str_eq(joined, lists[_i].list);
	}
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

/* ------------------------------------------------------------ matching */

#define ALL_CACHES ((1u << FIXTURE_NR_CACHES) - 1)

static const struct {
	const char *patterns[3];
	unsigned matches; /* bit by place in the fixture */
} globs[] = {
	{ { "*" }, ALL_CACHES },
	{ { "dentry" }, 1u << FIXTURE_DENTRY },
	{ { "DENTRY" }, 0 },
	{ { "dent" }, 0 },
	{ { "?????y" }, 1u << FIXTURE_DENTRY },
	{ { "*_cache" }, 1u << FIXTURE_INODE },
	{ { "[di]*" }, 1u << FIXTURE_DENTRY | 1u << FIXTURE_INODE },
	{ { "dentry", "max", "none" },
	  1u << FIXTURE_DENTRY | 1u << FIXTURE_MAX },
	{ { "" }, 1u << FIXTURE_EMPTY },
	/* What is seen is what matches, behind the NUL too. */
	{ { "a,b\\x0ac\\x00\\x01\\xff\\x7f '#`" }, 1u << FIXTURE_BYTES },
	{ { "a*`" }, 1u << FIXTURE_BYTES },
	{ { "a,b\nc" }, 0 },
	{ { "\\x41\\" }, 1u << FIXTURE_BACKSLASH },
	{ { "x41*" }, 0 },
	{ { "gr\xc3\xb6*\\xc2\\x85" }, 1u << FIXTURE_UTF8 },
	{ { "x\";system(\"touch pwned\");\"" }, 1u << FIXTURE_SHELL },
};

START_TEST(rows_by_pattern)
{
	struct kfrag_report report;
	struct kfrag_selection selection;
	size_t nr_patterns = 0, next = 0;

	while (nr_patterns < 3 && globs[_i].patterns[nr_patterns])
		nr_patterns++;
	fixture_report_init(&report);
	ck_assert_int_eq(kfrag_selection_init(&selection, &report,
					      KFRAG_TABLE_CACHES),
			 KFRAG_OK);
	ck_assert_int_eq(kfrag_selection_match(&selection, globs[_i].patterns,
					       nr_patterns),
			 KFRAG_OK);
	for (unsigned i = 0; i < FIXTURE_NR_CACHES; i++)
		if (globs[_i].matches >> i & 1)
			ck_assert_ptr_eq(selection.rows[next++],
					 &report.caches[i]);
	ck_assert_uint_eq(selection.nr_rows, next);
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

/* ------------------------------------------------------------- sorting */

START_TEST(keys_of_slabtop)
{
	static const struct {
		const char *letter;
		const char *word;
		uint64_t value; /* in the row below */
	} expected[] = {
		{ "a", "active", 30 },
		{ "b", "objs-per-slab", 4 },
		{ "c", "cache-size", 7 },
		{ "l", "slabs", 6 },
		{ "v", "active-slabs", 5 },
		{ "o", "objs", 40 },
		{ "p", "pages-per-slab", 3 },
		{ "s", "size", 1 },
		{ "u", "use", UINT64_MAX / 4 * 3 },
	};
	const struct kfrag_cache_row row = {
		.name = "n",
		.name_bytes = 1,
		.size_bytes = 1,
		.active_objs = 30,
		.num_objs = 40,
		.objs_per_slab = 4,
		.slab_order = 3,
		.num_slabs = 6,
		.active_slabs = 5,
		.kernel_held_bytes = 7,
	};
	struct kfrag_sort_key by_letter, by_word;

	for (size_t i = 0; i < NR_OF(expected); i++) {
		ck_assert(kfrag_sort_key_find(expected[i].letter, &by_letter));
		ck_assert(kfrag_sort_key_find(expected[i].word, &by_word));
		ck_assert_int_eq(by_letter.letter, *expected[i].letter);
		ck_assert_str_eq(by_letter.word, expected[i].word);
		ck_assert_ptr_eq(by_letter.help, by_word.help);
		ck_assert(!by_letter.ascending);
		/* The use is a 64-bit fraction: within its last digits. */
		EXPECT_EQ(by_letter.value(&row).number >> 2,
			  expected[i].value >> 2);
	}
	ck_assert(kfrag_sort_key_find("n", &by_letter));
	ck_assert(kfrag_sort_key_find("name", &by_word));
	ck_assert(by_letter.ascending && by_word.ascending);
	ck_assert_int_eq(by_letter.value(&row).kind, KFRAG_VALUE_BYTES_TEXT);
}
END_TEST

START_TEST(keys_and_their_help)
{
	size_t nr_keys;
	const struct kfrag_sort_key *keys = kfrag_sort_keys(&nr_keys);
	struct kfrag_sort_key key;
	unsigned nr_letters = 0;

	for (size_t i = 0; i < nr_keys; i++) {
		nr_letters += keys[i].letter != 0;
		ck_assert_uint_le(strlen(keys[i].word), 20);
		ck_assert_uint_le(strlen(keys[i].help), 54);
	}
	ck_assert_uint_eq(nr_letters, 10);
	ck_assert(kfrag_sort_key_find("waste", &key));
	ck_assert_int_eq(key.letter, 0);
}
END_TEST

START_TEST(every_column_is_a_key)
{
	size_t nr_columns;
	const struct kfrag_column *columns =
		kfrag_columns(KFRAG_TABLE_CACHES, &nr_columns);

	for (size_t i = 0; i < nr_columns; i++) {
		struct kfrag_sort_key key;

		ck_assert(kfrag_sort_key_find(columns[i].name, &key));
		ck_assert_str_eq(key.word, columns[i].name);
		ck_assert_int_eq(key.ascending, columns[i].is_text);
	}
}
END_TEST

START_TEST(keys_that_are_none)
{
	static const char *const words[] = { "",      "x",    "aa",
					     "Waste", "wast", "live_objs",
					     "names", "r" };

	for (size_t i = 0; i < NR_OF(words); i++) {
		struct kfrag_sort_key key = { .word = "old" };

		ck_assert(!kfrag_sort_key_find(words[i], &key));
		ck_assert(!key.value && !key.word);
	}
}
END_TEST

START_TEST(waste_is_exact)
{
	static const struct {
		uint64_t idle;
		int64_t tail;
		enum kfrag_value_kind kind;
		uint64_t number;
		int64_t signed_number;
	} sums[] = {
		{ 0, 0, KFRAG_VALUE_UNSIGNED, 0, 0 },
		{ 5, 7, KFRAG_VALUE_UNSIGNED, 12, 0 },
		{ 5, -5, KFRAG_VALUE_UNSIGNED, 0, 0 },
		{ 5, -6, KFRAG_VALUE_SIGNED, 0, -1 },
		{ 0, INT64_MIN, KFRAG_VALUE_SIGNED, 0, INT64_MIN },
		{ UINT64_C(1) << 63, INT64_MIN, KFRAG_VALUE_UNSIGNED, 0, 0 },
		{ INT64_MAX, INT64_MIN, KFRAG_VALUE_SIGNED, 0, -1 },
		{ UINT64_MAX, -1, KFRAG_VALUE_UNSIGNED, UINT64_MAX - 1, 0 },
		{ UINT64_MAX, 0, KFRAG_VALUE_UNSIGNED, UINT64_MAX, 0 },
		{ UINT64_MAX, 1, KFRAG_VALUE_UNSIGNED, UINT64_MAX, 0 },
	};
	struct kfrag_sort_key key;

	ck_assert(kfrag_sort_key_find("waste", &key));
	for (size_t i = 0; i < NR_OF(sums); i++) {
		struct kfrag_cache_row row = {
			.kernel_idle_bytes = sums[i].idle,
			.kernel_tail_bytes = sums[i].tail,
		};
		struct kfrag_value value = key.value(&row);

		ck_assert_int_eq(value.kind, sums[i].kind);
		ck_assert_uint_eq(value.number, sums[i].number);
		ck_assert_int_eq(value.signed_number, sums[i].signed_number);
	}
}
END_TEST

static uint64_t use_of(uint64_t active_objs, uint64_t num_objs)
{
	struct kfrag_cache_row row = { .active_objs = active_objs,
				       .num_objs = num_objs };
	struct kfrag_sort_key key;
	struct kfrag_value value;

	EXPECT(kfrag_sort_key_find("u", &key));
	value = key.value(&row);
	EXPECT(value.kind == KFRAG_VALUE_UNSIGNED);
	return value.number;
}

/*
 * Pairs of shares of up to 2^32 objects that differ by less than 1 / 2^32,
 * compared by their cross products.
 */
START_TEST(use_tells_close_shares_apart)
{
	struct kfrag_random random;
	unsigned nr_close = 0, nr_equal = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int round = 0; round < 5000; round++) {
		uint64_t n =
			(UINT64_C(1) << 32) - kfrag_random_below(&random, 1000);
		uint64_t m = round % 8 ? n - 1 : n / 2;
		uint64_t a = kfrag_random_below(&random, n + 1);
		uint64_t above = a * m / n + kfrag_random_below(&random, 2);
		uint64_t b = above < m ? above : m;
		uint64_t left = a * m, right = b * n;
		uint64_t x = use_of(a, n), y = use_of(b, m);

		EXPECT((left > right) == (x > y));
		EXPECT((left < right) == (x < y));
		nr_equal += left == right;
		nr_close += left != right &&
			    (left > right ? left - right : right - left) < m;
	}
	/* The closest that there are. */
	EXPECT(use_of(UINT32_MAX - 1, UINT32_MAX) <
	       use_of(UINT32_MAX, UINT64_C(1) << 32));
	ck_assert_uint_gt(nr_equal, 0);
	ck_assert_uint_gt(nr_close, 0);
}
END_TEST

START_TEST(use_at_the_ends)
{
	struct kfrag_cache_row row = { 0 };
	struct kfrag_sort_key key;

	ck_assert(kfrag_sort_key_find("u", &key));
	ck_assert_int_eq(key.value(&row).kind, KFRAG_VALUE_UNKNOWN);
	ck_assert_uint_eq(use_of(0, 1), 0);
	ck_assert_uint_eq(use_of(1, 1), UINT64_MAX);
	ck_assert_uint_eq(use_of(UINT64_MAX, UINT64_MAX), UINT64_MAX);
	ck_assert_uint_eq(use_of(1, 2), UINT64_MAX / 2);
}
END_TEST

/* A plain order of values: by long double and strings, unknown not asked. */
static bool is_less(const struct kfrag_value *a, const struct kfrag_value *b)
{
	if (a->kind == KFRAG_VALUE_BYTES_TEXT) {
		for (size_t i = 0; i < a->text_bytes && i < b->text_bytes; i++)
			if (a->text[i] != b->text[i])
				return (unsigned char)a->text[i] <
				       (unsigned char)b->text[i];
		return a->text_bytes < b->text_bytes;
	}
	if (a->kind == KFRAG_VALUE_SIGNED && a->signed_number < 0)
		return b->kind != KFRAG_VALUE_SIGNED || b->signed_number >= 0 ||
		       a->signed_number < b->signed_number;
	if (b->kind == KFRAG_VALUE_SIGNED && b->signed_number < 0)
		return false;
	return (a->kind == KFRAG_VALUE_SIGNED ? (uint64_t)a->signed_number :
						a->number) <
	       (b->kind == KFRAG_VALUE_SIGNED ? (uint64_t)b->signed_number :
						b->number);
}

/* What the property tests met. */
struct met {
	unsigned nr_ties;
	unsigned nr_unknown;
	unsigned nr_negative;
};

/*
 * The slow way, one row after the other: unknown ones last, then by value,
 * and never past an equal one.
 */
static void sort_slowly(const void **rows, size_t nr_rows,
			const struct kfrag_sort_key *key, bool ascending,
			struct met *met)
{
	for (size_t i = 1; i < nr_rows; i++) {
		for (size_t j = i; j > 0; j--) {
			struct kfrag_value above = key->value(rows[j - 1]);
			struct kfrag_value below = key->value(rows[j]);
			const void *row = rows[j];
			bool goes_up;

			if (below.kind == KFRAG_VALUE_UNKNOWN)
				break;
			if (above.kind == KFRAG_VALUE_UNKNOWN)
				goes_up = true;
			else if (ascending)
				goes_up = is_less(&below, &above);
			else
				goes_up = is_less(&above, &below);
			if (!goes_up)
				break;
			rows[j] = rows[j - 1];
			rows[j - 1] = row;
		}
	}
	for (size_t i = 0; i < nr_rows; i++) {
		struct kfrag_value value = key->value(rows[i]), next;

		met->nr_unknown += value.kind == KFRAG_VALUE_UNKNOWN;
		met->nr_negative += value.kind == KFRAG_VALUE_SIGNED &&
				    value.signed_number < 0;
		if (i + 1 == nr_rows || value.kind == KFRAG_VALUE_UNKNOWN)
			continue;
		next = key->value(rows[i + 1]);
		if (next.kind != KFRAG_VALUE_UNKNOWN)
			met->nr_ties += !is_less(&value, &next) &&
					!is_less(&next, &value);
	}
}

static void compare_with_slow_sort(const struct kfrag_report *report,
				   const struct kfrag_sort_key *key,
				   bool reverse, struct met *met)
{
	struct kfrag_selection selection;
	const void *slow[64];
	enum kfrag_error error;

	error = kfrag_selection_init(&selection, report, KFRAG_TABLE_CACHES);
	EXPECT(!error);
	EXPECT(selection.nr_rows <= NR_OF(slow));
	for (size_t i = 0; i < selection.nr_rows; i++)
		slow[i] = selection.rows[i];
	sort_slowly(slow, selection.nr_rows, key, key->ascending != reverse,
		    met);
	error = reverse ? kfrag_selection_sort_reverse(&selection, key) :
			  kfrag_selection_sort(&selection, key);
	EXPECT(!error);
	for (size_t i = 0; i < selection.nr_rows; i++)
		EXPECT(selection.rows[i] == slow[i]);
	kfrag_selection_release(&selection);
}

/* Every key there is, both ways, on rows with many ties. */
START_TEST(sorts_like_the_slow_sort)
{
	struct kfrag_random random;
	struct kfrag_report report;
	struct met met = { 0 };
	size_t nr_keys, nr_columns;
	const struct kfrag_sort_key *keys = kfrag_sort_keys(&nr_keys);
	const struct kfrag_column *columns =
		kfrag_columns(KFRAG_TABLE_CACHES, &nr_columns);

	kfrag_random_init(&random, (uint64_t)_i);
	for (int round = 0; round < 20; round++) {
		fixture_report_random(&report, &random,
				      fixture_random_size(&random, 65), 3);
		for (size_t i = 0; i < nr_keys + nr_columns; i++) {
			const char *word = i < nr_keys ?
						   keys[i].word :
						   columns[i - nr_keys].name;
			struct kfrag_sort_key key;

			EXPECT(kfrag_sort_key_find(word, &key));
			compare_with_slow_sort(&report, &key, false, &met);
			compare_with_slow_sort(&report, &key, true, &met);
		}
		kfrag_report_release(&report);
	}
	ck_assert_uint_gt(met.nr_ties, 0);
	ck_assert_uint_gt(met.nr_unknown, 0);
	ck_assert_uint_gt(met.nr_negative, 0);
}
END_TEST

START_TEST(hostile_names_sort_by_bytes)
{
	static const int order[] = {
		FIXTURE_EMPTY,	  FIXTURE_BACKSLASH, FIXTURE_BYTES,
		FIXTURE_DENTRY,	  FIXTURE_UTF8,	     FIXTURE_INODE,
		FIXTURE_NEGATIVE, FIXTURE_MAX,	     FIXTURE_SHELL,
	};
	struct kfrag_report report;
	struct kfrag_selection selection;
	struct kfrag_sort_key key;

	fixture_report_init(&report);
	ck_assert_int_eq(kfrag_selection_init(&selection, &report,
					      KFRAG_TABLE_CACHES),
			 KFRAG_OK);
	ck_assert(kfrag_sort_key_find("n", &key));
	ck_assert_int_eq(kfrag_selection_sort(&selection, &key), KFRAG_OK);
	ck_assert_uint_eq(NR_OF(order), selection.nr_rows);
	for (size_t i = 0; i < NR_OF(order); i++)
		ck_assert_ptr_eq(selection.rows[i], &report.caches[order[i]]);
	kfrag_selection_release(&selection);
	kfrag_report_release(&report);
}
END_TEST

Suite *columns_suite(void)
{
	Suite *suite = suite_create("columns");
	TCase *tc = tcase_create("columns");

	tcase_add_loop_test(tc, names_of_the_contract, 0, KFRAG_NR_TABLES);
	tcase_add_loop_test(tc, help_fits_a_line, 0, KFRAG_NR_TABLES);
	tcase_add_test(tc, names_of_tables);
	tcase_add_test(tc, values_of_a_cache);
	tcase_add_test(tc, values_of_a_total);
	tcase_add_test(tc, values_of_an_order);
	suite_add_tcase(suite, tc);
	tc = tcase_create("selection");
	tcase_add_test(tc, selection_holds_all);
	tcase_add_test(tc, selection_of_nothing);
	tcase_add_loop_test(tc, columns_by_list, 0, NR_OF(lists));
	tcase_add_loop_test(tc, rows_by_pattern, 0, NR_OF(globs));
	suite_add_tcase(suite, tc);
	tc = tcase_create("sort");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, keys_of_slabtop);
	tcase_add_test(tc, keys_and_their_help);
	tcase_add_test(tc, every_column_is_a_key);
	tcase_add_test(tc, keys_that_are_none);
	tcase_add_test(tc, waste_is_exact);
	tcase_add_loop_test(tc, use_tells_close_shares_apart, 1, 4);
	tcase_add_test(tc, use_at_the_ends);
	tcase_add_loop_test(tc, sorts_like_the_slow_sort, 1, 4);
	tcase_add_test(tc, hostile_names_sort_by_bytes);
	suite_add_tcase(suite, tc);
	return suite;
}
