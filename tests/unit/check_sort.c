// SPDX-License-Identifier: MIT
/* Sort keys, and sorting by them (src/output/sort.c). */
#include "kfrag/columns.h"

#include "expect.h"
#include "fixture_report.h"
#include "kfrag/random.h"

Suite *sort_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

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
	const void *slow[64] = { NULL };
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

Suite *sort_suite(void)
{
	Suite *suite = suite_create("sort");
	TCase *tc = tcase_create("sort");

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
