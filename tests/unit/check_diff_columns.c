// SPDX-License-Identifier: MIT
/* Columns, sort keys and laws of a comparison (src/output/diff_columns.c). */
#include "kfrag/diff.h"

#include <stdio.h>

#include "expect.h"
#include "fixture_report.h"
#include "fixture_snapshot.h"
#include "kfrag/random.h"
#include "kfrag/replay.h"

Suite *diff_columns_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* The output contract: these measures, in this order, forever. */
static const char *const cache_measures[] = {
	"active_objs",	     "num_objs",
	"num_slabs",	     "kernel_held_bytes",
	"kernel_idle_bytes", "kernel_tail_bytes",
	"buddy_held_bytes",  "buddy_internal_bytes",
	"slab_held_bytes",   "slab_idle_bytes",
	"slab_tail_bytes",   "size_bytes",
	"objs_per_slab",     "slab_order",
	"active_slabs",
};
static const char *const total_measures[] = {
	"live_objs",	     "live_bytes",   "held_bytes",
	"internal_bytes",    "idle_bytes",   "tail_bytes",
	"free_bytes",	     "free_blocks",  "largest_free_bytes",
	"external_permille", "bitmap_bytes", "bookkeeping_bytes",
	"memory_bytes",	     "failed_objs",  "failed_fragmented_objs",
};

static const struct {
	const char *name;
	const char *heads[3];
	const char *const *measures;
	size_t nr_measures;
} contract[KFRAG_NR_DIFFS] = {
	[KFRAG_DIFF_CACHES] = { "caches",
				{ "name", "size_bytes", "status" },
				cache_measures,
				NR_OF(cache_measures) },
	[KFRAG_DIFF_TOTALS] = { "totals",
				{ "allocator", "state", "status" },
				total_measures,
				NR_OF(total_measures) },
};

START_TEST(names_of_the_contract)
{
	static const char *const prefixes[] = { "old", "new", "delta" };
	const struct kfrag_column_set *set =
		kfrag_diff_columns((enum kfrag_diff_kind)_i);
	const struct kfrag_column *column = set->columns;

	ck_assert_str_eq(set->name, contract[_i].name);
	ck_assert_uint_eq(set->nr_columns, 3 + 3 * contract[_i].nr_measures);
	for (int i = 0; i < 3; i++)
		ck_assert_str_eq((column++)->name, contract[_i].heads[i]);
	for (size_t i = 0; i < contract[_i].nr_measures; i++) {
		for (int p = 0; p < 3; p++) {
			char name[64];

			snprintf(name, sizeof(name), "%s_%s", prefixes[p],
				 contract[_i].measures[i]);
			ck_assert_str_eq(column->name, name);
			ck_assert_uint_gt(strlen(column->help), 0);
			ck_assert(!column->is_text);
			column++;
		}
	}
}
END_TEST

/* --------------------------------------------------------------- values */

/* A column's value as a number that is -1 where it is unknown. */
static int64_t number_of(const struct kfrag_column_set *set, const char *name,
			 const void *pair)
{
	const struct kfrag_column *column =
		kfrag_column_set_find(set, name, strlen(name));
	struct kfrag_value value;

	ck_assert_ptr_nonnull(column);
	value = column->value(pair);
	if (value.kind == KFRAG_VALUE_UNKNOWN)
		return -1;
	if (value.kind == KFRAG_VALUE_SIGNED)
		return value.signed_number;
	EXPECT(value.number <= INT64_MAX);
	return (int64_t)value.number;
}

START_TEST(caches_that_are_new_or_gone)
{
	const struct kfrag_column_set *set =
		kfrag_diff_columns(KFRAG_DIFF_CACHES);
	struct kfrag_cache_row row = { .name = "n",
				       .name_bytes = 1,
				       .size_bytes = 8,
				       .active_objs = 5,
				       .kernel_tail_bytes = -7 };
	struct kfrag_cache_pair pair = { .new_row = &row, .status = KFRAG_NEW };

	ck_assert_int_eq(number_of(set, "size_bytes", &pair), 8);
	ck_assert_int_eq(number_of(set, "old_active_objs", &pair), -1);
	ck_assert_int_eq(number_of(set, "new_active_objs", &pair), 5);
	ck_assert_int_eq(number_of(set, "delta_active_objs", &pair), 5);
	ck_assert_int_eq(number_of(set, "old_kernel_tail_bytes", &pair), -1);
	ck_assert_int_eq(number_of(set, "delta_kernel_tail_bytes", &pair), -7);
	pair = (struct kfrag_cache_pair){ .old_row = &row,
					  .status = KFRAG_GONE };
	ck_assert_int_eq(number_of(set, "size_bytes", &pair), 8);
	ck_assert_int_eq(number_of(set, "old_active_objs", &pair), 5);
	ck_assert_int_eq(number_of(set, "new_active_objs", &pair), -1);
	ck_assert_int_eq(number_of(set, "delta_active_objs", &pair), -5);
	ck_assert_int_eq(number_of(set, "delta_kernel_tail_bytes", &pair), 7);
}
END_TEST

START_TEST(deltas_end_where_numbers_do)
{
	const struct kfrag_column_set *set =
		kfrag_diff_columns(KFRAG_DIFF_CACHES);
	struct kfrag_cache_row low = { .name = "n",
				       .kernel_tail_bytes = INT64_MIN };
	struct kfrag_cache_row high = { .name = "n",
					.num_objs = UINT64_MAX,
					.kernel_tail_bytes = INT64_MAX };
	struct kfrag_cache_pair up = { &low, &high, KFRAG_CHANGED };
	struct kfrag_cache_pair down = { &high, &low, KFRAG_CHANGED };

	ck_assert(number_of(set, "delta_num_objs", &up) == INT64_MAX);
	ck_assert(number_of(set, "delta_num_objs", &down) == INT64_MIN);
	ck_assert(number_of(set, "delta_kernel_tail_bytes", &up) == INT64_MAX);
	ck_assert(number_of(set, "delta_kernel_tail_bytes", &down) ==
		  INT64_MIN);
}
END_TEST

/* A figure that one of both does not know has no delta. */
START_TEST(unknown_totals)
{
	const struct kfrag_column_set *set =
		kfrag_diff_columns(KFRAG_DIFF_TOTALS);
	struct kfrag_total_row a = { .free_blocks = kfrag_known(9) };
	struct kfrag_total_row b = { .idle_bytes = kfrag_known(3) };
	struct kfrag_total_pair pair = { &a, &b, KFRAG_CHANGED };

	ck_assert_int_eq(number_of(set, "old_free_blocks", &pair), 9);
	ck_assert_int_eq(number_of(set, "delta_free_blocks", &pair), -1);
	ck_assert_int_eq(number_of(set, "delta_idle_bytes", &pair), -1);
	ck_assert_int_eq(number_of(set, "delta_tail_bytes", &pair), -1);
	ck_assert_int_eq(number_of(set, "delta_held_bytes", &pair), 0);
}
END_TEST

/* ----------------------------------------------------------------- laws */

/* Two replayed snapshots whose rows have names in common. */
struct two {
	struct fixture_snapshot snapshots[2];
	struct kfrag_report reports[2];
	struct kfrag_comparison there;
	struct kfrag_comparison back;
};

static void two_init(struct two *two, struct kfrag_random *random)
{
	struct kfrag_replay_params params;
	size_t offender;

	kfrag_replay_params_init(&params);
	for (int i = 0; i < 2; i++) {
		struct fixture_snapshot *fixture = &two->snapshots[i];

		fixture_snapshot_random(
			fixture, random,
			(unsigned)kfrag_random_below(random, 20), 300, 4096);
		/* Some are the same in both, some stand elsewhere. */
		for (size_t k = 0; k < fixture->snapshot.nr_records; k++) {
			if (i == 1 && kfrag_random_below(random, 3) == 0 &&
			    k < two->snapshots[0].snapshot.nr_records)
				fixture->records[k] =
					two->snapshots[0].records[k];
			if (kfrag_random_below(random, 4) == 0)
				fixture->records[k].name = "cache-3";
			fixture->records[k].name_bytes =
				strlen(fixture->records[k].name);
		}
		EXPECT(!kfrag_report_create(&two->reports[i],
					    &fixture->snapshot, &params,
					    &offender));
	}
	EXPECT(!kfrag_comparison_init(&two->there, &two->reports[0],
				      &two->reports[1]));
	EXPECT(!kfrag_comparison_init(&two->back, &two->reports[1],
				      &two->reports[0]));
}

static void two_release(struct two *two)
{
	kfrag_comparison_release(&two->there);
	kfrag_comparison_release(&two->back);
	for (int i = 0; i < 2; i++)
		kfrag_report_release(&two->reports[i]);
}

static const struct kfrag_cache_pair *
find_reverse(const struct kfrag_comparison *back,
	     const struct kfrag_cache_pair *pair)
{
	for (size_t i = 0; i < back->nr_caches; i++)
		if (back->caches[i].old_row == pair->new_row &&
		    back->caches[i].new_row == pair->old_row)
			return &back->caches[i];
	ck_abort_msg("a pair is missing from behind");
	return NULL;
}

/* Columns come in threes from the fourth on. */
static void check_row(const struct kfrag_column_set *set, const void *pair,
		      const void *reverse, bool whole)
{
	for (size_t i = 3; i < set->nr_columns; i += 3) {
		const struct kfrag_column *columns = &set->columns[i];
		struct kfrag_value a = columns[0].value(pair);
		struct kfrag_value b = columns[1].value(pair);
		struct kfrag_value d = columns[2].value(pair);
		struct kfrag_value r = columns[2].value(reverse);
		int64_t before = a.signed_number + (int64_t)a.number;
		int64_t now = b.signed_number + (int64_t)b.number;
		bool known = a.kind != KFRAG_VALUE_UNKNOWN &&
			     b.kind != KFRAG_VALUE_UNKNOWN;

		EXPECT_EQ(d.kind == KFRAG_VALUE_UNKNOWN, whole && !known);
		EXPECT_EQ(r.kind, d.kind);
		if (d.kind == KFRAG_VALUE_UNKNOWN)
			continue;
		EXPECT_EQ(d.kind, KFRAG_VALUE_SIGNED);
		EXPECT_EQ(d.signed_number, now - before);
		EXPECT_EQ(r.signed_number, -d.signed_number);
	}
}

static int64_t sum_deltas(const struct kfrag_comparison *comparison,
			  const char *measure)
{
	char name[64];
	int64_t sum = 0;

	snprintf(name, sizeof(name), "delta_%s", measure);
	for (size_t i = 0; i < comparison->nr_caches; i++)
		sum += number_of(kfrag_diff_columns(KFRAG_DIFF_CACHES), name,
				 &comparison->caches[i]);
	return sum;
}

static int64_t total_delta(const struct kfrag_comparison *comparison,
			   enum kfrag_allocator allocator, const char *measure)
{
	for (size_t i = 0; i < comparison->nr_totals; i++) {
		const struct kfrag_total_pair *pair = &comparison->totals[i];

		if (pair->new_row->allocator == allocator &&
		    pair->new_row->state == KFRAG_SETTLED)
			return number_of(kfrag_diff_columns(KFRAG_DIFF_TOTALS),
					 measure, pair);
	}
	ck_abort_msg("no such total");
	return 0;
}

static void check_sums(const struct kfrag_comparison *comparison)
{
	static const struct {
		const char *of_caches;
		enum kfrag_allocator allocator;
		const char *of_totals;
	} sums[] = {
		{ "active_objs", KFRAG_KERNEL, "delta_live_objs" },
		{ "kernel_held_bytes", KFRAG_KERNEL, "delta_held_bytes" },
		{ "kernel_idle_bytes", KFRAG_KERNEL, "delta_idle_bytes" },
		{ "kernel_tail_bytes", KFRAG_KERNEL, "delta_tail_bytes" },
		{ "buddy_held_bytes", KFRAG_BUDDY, "delta_held_bytes" },
		{ "buddy_internal_bytes", KFRAG_BUDDY, "delta_internal_bytes" },
		{ "slab_held_bytes", KFRAG_SLAB, "delta_held_bytes" },
		{ "slab_idle_bytes", KFRAG_SLAB, "delta_idle_bytes" },
		{ "slab_tail_bytes", KFRAG_SLAB, "delta_tail_bytes" },
	};

	for (size_t i = 0; i < NR_OF(sums); i++)
		EXPECT_EQ(sum_deltas(comparison, sums[i].of_caches),
			  total_delta(comparison, sums[i].allocator,
				      sums[i].of_totals));
}

/* _i: the seed. */
START_TEST(laws_of_random_pairs)
{
	size_t nr_of[KFRAG_NR_STATUSES] = { 0 };
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < 40; i++) {
		struct two two;

		two_init(&two, &random);
		for (size_t k = 0; k < two.there.nr_caches; k++) {
			const struct kfrag_cache_pair *pair =
				&two.there.caches[k];

			nr_of[pair->status]++;
			check_row(kfrag_diff_columns(KFRAG_DIFF_CACHES), pair,
				  find_reverse(&two.back, pair), false);
		}
		for (size_t k = 0; k < two.there.nr_totals; k++)
			check_row(kfrag_diff_columns(KFRAG_DIFF_TOTALS),
				  &two.there.totals[k], &two.back.totals[k],
				  true);
		check_sums(&two.there);
		two_release(&two);
	}
	for (int s = 0; s < KFRAG_NR_STATUSES; s++)
		ck_assert_uint_gt(nr_of[s], 0);
}
END_TEST

/* ------------------------------------------------------------- sort keys */

START_TEST(keys_of_slabtop)
{
	static const struct {
		const char *letter;
		const char *word;
		uint64_t value;
	} expected[] = {
		{ "a", "active", 20 },
		{ "b", "objs-per-slab", 1 },
		{ "c", "cache-size", 30 },
		{ "l", "slabs", 4 },
		{ "v", "active-slabs", 5 },
		{ "o", "objs", 6 },
		{ "p", "pages-per-slab", 2 },
		{ "s", "size", 64 },
		{ NULL, "change", 30 },
		{ NULL, "waste", 5 },
		{ NULL, "kernel_held_bytes", 30 },
		{ NULL, "num_objs", 6 },
		{ NULL, "new_num_objs", 34 },
	};
	struct kfrag_cache_row a = { .name = "n",
				     .size_bytes = 64,
				     .active_objs = 30,
				     .num_objs = 40,
				     .objs_per_slab = 9,
				     .slab_order = 3,
				     .num_slabs = 6,
				     .active_slabs = 6,
				     .kernel_held_bytes = 70,
				     .kernel_idle_bytes = 10,
				     .kernel_tail_bytes = 2 };
	struct kfrag_cache_row b = { .name = "n",
				     .size_bytes = 64,
				     .active_objs = 10,
				     .num_objs = 34,
				     .objs_per_slab = 8,
				     .slab_order = 5,
				     .num_slabs = 2,
				     .active_slabs = 1,
				     .kernel_held_bytes = 100,
				     .kernel_idle_bytes = 19,
				     .kernel_tail_bytes = -2 };
	struct kfrag_cache_pair pair = { &a, &b, KFRAG_CHANGED };
	struct kfrag_sort_key key;

	for (size_t i = 0; i < NR_OF(expected); i++) {
		ck_assert(kfrag_diff_sort_key_find(expected[i].word, &key));
		EXPECT_EQ(key.value(&pair).number, expected[i].value);
		ck_assert(!key.ascending);
		if (!expected[i].letter)
			continue;
		ck_assert(kfrag_diff_sort_key_find(expected[i].letter, &key));
		ck_assert_str_eq(key.word, expected[i].word);
	}
	/* 3/4 and 5/17 of 2^64. */
	ck_assert(kfrag_diff_sort_key_find("u", &key));
	EXPECT_EQ(key.value(&pair).number >> 8,
		  (UINT64_MAX / 4 * 3 - UINT64_MAX / 17 * 5) >> 8);
	ck_assert(kfrag_diff_sort_key_find("name", &key) && key.ascending);
	ck_assert(!kfrag_diff_sort_key_find("delta", &key));
	ck_assert_ptr_null(key.word);
}
END_TEST

/* Every key of a report's caches is one here, by letter and by word. */
START_TEST(keys_of_a_report)
{
	size_t nr_keys, nr_diff_keys;
	const struct kfrag_sort_key *keys = kfrag_sort_keys(&nr_keys);
	const struct kfrag_sort_key *diff_keys =
		kfrag_diff_sort_keys(&nr_diff_keys);
	struct kfrag_sort_key key;

	ck_assert_uint_eq(nr_diff_keys, nr_keys + 1);
	ck_assert_str_eq(diff_keys[0].word, "change");
	for (size_t i = 0; i < nr_keys; i++) {
		ck_assert(kfrag_diff_sort_key_find(keys[i].word, &key));
		ck_assert_int_eq(key.letter, keys[i].letter);
		ck_assert_uint_le(strlen(diff_keys[i + 1].help), 54);
	}
}
END_TEST

static const char *shown_name(const struct kfrag_cache_pair *pair)
{
	return pair->new_row ? pair->new_row->name : pair->old_row->name;
}

/* By name, and in the comparison's order where names are equal. */
START_TEST(selected_caches)
{
	struct kfrag_selection selection;
	const struct kfrag_cache_pair *last = NULL;
	struct kfrag_random random;
	struct two two;
	size_t nr_differ = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	two_init(&two, &random);
	ck_assert(!kfrag_diff_selection_init(&selection, &two.there,
					     KFRAG_DIFF_CACHES));
	ck_assert_uint_eq(selection.nr_rows, two.there.nr_caches);
	for (size_t i = 0; i < selection.nr_rows; i++) {
		const struct kfrag_cache_pair *pair = selection.rows[i];
		int order = last ? strcmp(shown_name(last), shown_name(pair)) :
				   -1;

		EXPECT(order < 0 || (order == 0 && last < pair));
		nr_differ += pair->status != KFRAG_SAME;
		last = pair;
	}
	kfrag_diff_selection_drop_same(&selection);
	ck_assert_uint_eq(selection.nr_rows, nr_differ);
	for (size_t i = 0; i < selection.nr_rows; i++) {
		const struct kfrag_cache_pair *pair = selection.rows[i];

		EXPECT(pair->status != KFRAG_SAME);
	}
	kfrag_selection_release(&selection);
	two_release(&two);
}
END_TEST

Suite *diff_columns_suite(void)
{
	Suite *suite = suite_create("diff_columns");
	TCase *tc = tcase_create("diff_columns");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, names_of_the_contract, 0, KFRAG_NR_DIFFS);
	tcase_add_test(tc, caches_that_are_new_or_gone);
	tcase_add_test(tc, deltas_end_where_numbers_do);
	tcase_add_test(tc, unknown_totals);
	tcase_add_loop_test(tc, laws_of_random_pairs, 1, 5);
	tcase_add_test(tc, keys_of_slabtop);
	tcase_add_test(tc, keys_of_a_report);
	tcase_add_loop_test(tc, selected_caches, 1, 5);
	suite_add_tcase(suite, tc);
	return suite;
}
