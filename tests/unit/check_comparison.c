// SPDX-License-Identifier: MIT
/* Which cache of one report is which of another (src/replay/comparison.c). */
#include "kfrag/comparison.h"

#include <stdio.h>

#include "expect.h"
#include "fixture_report.h"
#include "kfrag/random.h"

Suite *comparison_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

START_TEST(names_of_statuses)
{
	ck_assert_str_eq(kfrag_status_text(KFRAG_SAME), "same");
	ck_assert_str_eq(kfrag_status_text(KFRAG_CHANGED), "changed");
	ck_assert_str_eq(kfrag_status_text(KFRAG_NEW), "new");
	ck_assert_str_eq(kfrag_status_text(KFRAG_GONE), "gone");
}
END_TEST

/* A report of caches that are a letter and a size each, "a1 b2 a3". */
static void report_of(struct kfrag_report *report, const char *caches)
{
	size_t nr = (strlen(caches) + 1) / 3;

	fixture_report_empty(report);
	free(report->caches);
	report->caches = calloc(nr ? nr : 1, sizeof(*report->caches));
	ck_assert_ptr_nonnull(report->caches);
	report->nr_caches = nr;
	for (size_t i = 0; i < nr; i++)
		report->caches[i] = (struct kfrag_cache_row){
			.name = caches + 3 * i,
			.name_bytes = 1,
			.size_bytes = (uint64_t)(caches[3 * i + 1] - '0'),
		};
}

/* "0=0 1~2 2- +1": places of old and new, same, changed, gone, new. */
static void spell(const struct kfrag_comparison *comparison,
		  const struct kfrag_report *a, const struct kfrag_report *b,
		  char *text, size_t size)
{
	size_t length = 0;

	*text = '\0';
	for (size_t i = 0; i < comparison->nr_caches; i++) {
		const struct kfrag_cache_pair *pair = &comparison->caches[i];
		char old_place[16] = "", new_place[16] = "";

		if (pair->old_row)
			snprintf(old_place, sizeof(old_place), "%d",
				 (int)(pair->old_row - a->caches));
		if (pair->new_row)
			snprintf(new_place, sizeof(new_place), "%d",
				 (int)(pair->new_row - b->caches));
		length += (size_t)snprintf(text + length, size - length,
					   "%s%s%c%s", i ? " " : "", old_place,
					   "=~+-"[pair->status], new_place);
	}
}

static const struct {
	const char *old_caches;
	const char *new_caches;
	const char *expected;
} cases[] = {
	{ "", "", "" },
	{ "a1", "", "0-" },
	{ "", "a1", "+0" },
	{ "a1", "a1", "0=0" },
	{ "a1", "b1", "0- +0" },
	{ "a1", "a2", "0~0" },
	{ "a1 b1", "b1 a1", "0=1 1=0" },
	/* Duplicates: by size, then by place. */
	{ "a1 a2", "a2 a1", "0=1 1=0" },
	{ "a1 a1", "a1 a1", "0=0 1=1" },
	{ "a1 a1", "a1", "0=0 1-" },
	{ "a1", "a1 a1", "0=0 +1" },
	{ "a1 a2 a3", "a3 a4 a1", "0=2 1~1 2=0" },
	{ "a1 a2", "a3 a4", "0~0 1~1" },
	{ "a1 a2", "a2", "0- 1=0" },
	{ "b1 a1 c1", "c1 d1 a2", "0- 1~2 2=0 +1" },
};

START_TEST(known_pairs)
{
	struct kfrag_comparison comparison;
	struct kfrag_report a, b;
	char text[128];

	report_of(&a, cases[_i].old_caches);
	report_of(&b, cases[_i].new_caches);
	ck_assert_int_eq(kfrag_comparison_init(&comparison, &a, &b), KFRAG_OK);
	spell(&comparison, &a, &b, text, sizeof(text));
	ck_assert_str_eq(text, cases[_i].expected);
	ck_assert_int_eq(kfrag_comparison_differs(&comparison),
			 strpbrk(text, "~+-") != NULL);
	kfrag_comparison_release(&comparison);
	ck_assert_ptr_null(comparison.caches);
	ck_assert_ptr_null(comparison.totals);
	kfrag_report_release(&a);
	kfrag_report_release(&b);
}
END_TEST

/* A file that does not state them is not said to differ. */
START_TEST(unknown_active_slabs_are_no_change)
{
	struct kfrag_comparison comparison;
	struct kfrag_report a, b;

	for (unsigned unknown_in = 0; unknown_in < 4; unknown_in++) {
		fixture_report_sane(&a);
		fixture_report_sane(&b);
		b.caches[1].active_slabs++;
		a.caches[1].active_slabs_unknown = unknown_in & 1;
		b.caches[1].active_slabs_unknown = unknown_in & 2;
		ck_assert(!kfrag_comparison_init(&comparison, &a, &b));
		ck_assert_int_eq(comparison.caches[1].status,
				 unknown_in ? KFRAG_SAME : KFRAG_CHANGED);
		kfrag_comparison_release(&comparison);
		kfrag_report_release(&a);
		kfrag_report_release(&b);
	}
}
END_TEST

/* Each figure of the files by itself makes a cache changed; no other does. */
START_TEST(what_counts_as_changed)
{
	static const struct {
		size_t offset;
		enum kfrag_status status;
	} members[] = {
#define OF(member) offsetof(struct kfrag_cache_row, member)
		{ OF(size_bytes), KFRAG_CHANGED },
		{ OF(active_objs), KFRAG_CHANGED },
		{ OF(num_objs), KFRAG_CHANGED },
		{ OF(objs_per_slab), KFRAG_CHANGED },
		{ OF(num_slabs), KFRAG_CHANGED },
		{ OF(active_slabs), KFRAG_CHANGED },
		{ OF(kernel_held_bytes), KFRAG_CHANGED },
		{ OF(kernel_idle_bytes), KFRAG_CHANGED },
		{ OF(kernel_tail_bytes), KFRAG_CHANGED },
		{ OF(line), KFRAG_SAME },
		{ OF(buddy_held_bytes), KFRAG_SAME },
		{ OF(slab_held_bytes), KFRAG_SAME },
		{ OF(slab_idle_bytes), KFRAG_SAME },
#undef OF
	};
	struct kfrag_comparison comparison;
	struct kfrag_report a, b;

	for (size_t i = 0; i < NR_OF(members); i++) {
		uint64_t value;
		char *at;

		fixture_report_sane(&a);
		fixture_report_sane(&b);
		at = (char *)&b.caches[1] + members[i].offset;
		memcpy(&value, at, sizeof(value));
		value++;
		memcpy(at, &value, sizeof(value));
		ck_assert(!kfrag_comparison_init(&comparison, &a, &b));
		ck_assert_int_eq(comparison.caches[0].status, KFRAG_SAME);
		ck_assert_int_eq(comparison.caches[1].status,
				 members[i].status);
		kfrag_comparison_release(&comparison);
		b.caches[1].slab_order++;
		ck_assert(!kfrag_comparison_init(&comparison, &a, &b));
		ck_assert_int_eq(comparison.caches[1].status, KFRAG_CHANGED);
		kfrag_comparison_release(&comparison);
		kfrag_report_release(&a);
		kfrag_report_release(&b);
	}
}
END_TEST

START_TEST(totals_side_by_side)
{
	struct kfrag_comparison comparison;
	struct kfrag_report a, b;

	fixture_report_sane(&a);
	fixture_report_sane(&b);
	b.totals[3].bookkeeping_bytes.value++;
	b.totals[1].free_blocks = kfrag_unknown();
	ck_assert(!kfrag_comparison_init(&comparison, &a, &b));
	ck_assert_uint_eq(comparison.nr_totals, a.nr_totals);
	for (size_t i = 0; i < a.nr_totals; i++) {
		ck_assert_ptr_eq(comparison.totals[i].old_row, &a.totals[i]);
		ck_assert_ptr_eq(comparison.totals[i].new_row, &b.totals[i]);
		ck_assert_int_eq(comparison.totals[i].status,
				 i == 1 || i == 3 ? KFRAG_CHANGED : KFRAG_SAME);
	}
	/* What the replay did is no difference of the files. */
	ck_assert(!kfrag_comparison_differs(&comparison));
	kfrag_comparison_release(&comparison);
	kfrag_report_release(&a);
	kfrag_report_release(&b);
}
END_TEST

/* -------------------------------------------------------------- random */

/* Few names and sizes, so that there are many equal ones. */
static void few_names(struct kfrag_report *report, struct kfrag_random *random)
{
	static const char names[] = "aaab\0b";

	for (uint64_t i = 0; i < report->nr_caches; i++) {
		struct kfrag_cache_row *row = &report->caches[i];

		row->name = names + kfrag_random_below(random, 5);
		row->name_bytes = fixture_random_size(random, 2) + 1;
		row->size_bytes = kfrag_random_below(random, 3);
	}
}

/* partners[i]: the place in b of row i of a, or -1; slow and plain. */
static void match_slowly(const struct kfrag_report *a,
			 const struct kfrag_report *b, int *partners)
{
	bool taken[64] = { 0 };

	for (uint64_t i = 0; i < a->nr_caches; i++)
		partners[i] = -1;
	for (int by_size = 1; by_size >= 0; by_size--)
		for (uint64_t i = 0; i < a->nr_caches; i++)
			for (uint64_t k = 0; k < b->nr_caches; k++) {
				const struct kfrag_cache_row *x = &a->caches[i];
				const struct kfrag_cache_row *y = &b->caches[k];

				if (partners[i] >= 0 || taken[k] ||
				    x->name_bytes != y->name_bytes ||
				    memcmp(x->name, y->name, x->name_bytes) ||
				    (by_size && x->size_bytes != y->size_bytes))
					continue;
				partners[i] = (int)k;
				taken[k] = true;
			}
}

static unsigned compare_with_model(const struct kfrag_comparison *comparison,
				   const struct kfrag_report *a,
				   const struct kfrag_report *b)
{
	unsigned nr_resized = 0;
	size_t nr_olds = 0, nr_of[KFRAG_NR_STATUSES] = { 0 };
	const struct kfrag_cache_row *last_new = NULL;
	int partners[64];

	match_slowly(a, b, partners);
	for (size_t i = 0; i < comparison->nr_caches; i++) {
		const struct kfrag_cache_pair *pair = &comparison->caches[i];

		nr_of[pair->status]++;
		EXPECT_EQ(pair->status == KFRAG_NEW, !pair->old_row);
		EXPECT_EQ(pair->status == KFRAG_GONE, !pair->new_row);
		if (!pair->old_row) {
			EXPECT(pair->new_row > last_new);
			last_new = pair->new_row;
			continue;
		}
		/* Old rows first, in their order. */
		EXPECT(!last_new && pair->old_row == &a->caches[nr_olds]);
		EXPECT(pair->new_row ==
		       (partners[nr_olds] < 0 ? NULL :
						b->caches + partners[nr_olds]));
		nr_resized += pair->new_row &&
			      pair->new_row->size_bytes !=
				      pair->old_row->size_bytes;
		nr_olds++;
	}
	EXPECT_EQ(nr_olds, a->nr_caches);
	EXPECT_EQ(comparison->nr_caches - nr_of[KFRAG_GONE], b->nr_caches);
	for (int s = 0; s < KFRAG_NR_STATUSES; s++)
		EXPECT_EQ(nr_of[s], comparison->nr_of[s]);
	return nr_resized;
}

/* Every pair of a comparison is one of the other, seen from behind. */
static void compare_with_reverse(const struct kfrag_comparison *there,
				 const struct kfrag_comparison *back)
{
	static const enum kfrag_status reversed[KFRAG_NR_STATUSES] = {
		[KFRAG_SAME] = KFRAG_SAME,
		[KFRAG_CHANGED] = KFRAG_CHANGED,
		[KFRAG_NEW] = KFRAG_GONE,
		[KFRAG_GONE] = KFRAG_NEW,
	};

	EXPECT_EQ(there->nr_caches, back->nr_caches);
	for (size_t i = 0; i < there->nr_caches; i++) {
		const struct kfrag_cache_pair *pair = &there->caches[i];
		size_t k = 0;

		while (k < back->nr_caches &&
		       (back->caches[k].old_row != pair->new_row ||
			back->caches[k].new_row != pair->old_row))
			k++;
		EXPECT(k < back->nr_caches);
		EXPECT_EQ(back->caches[k].status, reversed[pair->status]);
	}
}

/* _i: the seed. */
START_TEST(pairs_of_the_slow_model)
{
	struct kfrag_random random;
	unsigned nr_resized = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < 200; i++) {
		struct kfrag_comparison there, back;
		struct kfrag_report a, b;

		fixture_report_random(&a, &random,
				      fixture_random_size(&random, 20), 1);
		fixture_report_random(&b, &random,
				      fixture_random_size(&random, 20), 1);
		few_names(&a, &random);
		few_names(&b, &random);
		EXPECT(!kfrag_comparison_init(&there, &a, &b));
		EXPECT(!kfrag_comparison_init(&back, &b, &a));
		nr_resized += compare_with_model(&there, &a, &b);
		compare_with_reverse(&there, &back);
		kfrag_comparison_release(&there);
		kfrag_comparison_release(&back);
		kfrag_report_release(&a);
		kfrag_report_release(&b);
	}
	ck_assert_uint_gt(nr_resized, 0);
}
END_TEST

START_TEST(a_report_and_itself)
{
	struct kfrag_comparison comparison;
	struct kfrag_random random;
	struct kfrag_report report;

	kfrag_random_init(&random, (uint64_t)_i);
	fixture_report_random(&report, &random, 50, 3);
	few_names(&report, &random);
	ck_assert(!kfrag_comparison_init(&comparison, &report, &report));
	ck_assert(!kfrag_comparison_differs(&comparison));
	ck_assert_uint_eq(comparison.nr_caches, 50);
	for (size_t i = 0; i < 50; i++)
		ck_assert_ptr_eq(comparison.caches[i].old_row,
				 comparison.caches[i].new_row);
	kfrag_comparison_release(&comparison);
	kfrag_report_release(&report);
}
END_TEST

Suite *comparison_suite(void)
{
	Suite *suite = suite_create("comparison");
	TCase *tc = tcase_create("comparison");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, names_of_statuses);
	tcase_add_loop_test(tc, known_pairs, 0, (int)NR_OF(cases));
	tcase_add_test(tc, what_counts_as_changed);
	tcase_add_test(tc, unknown_active_slabs_are_no_change);
	tcase_add_test(tc, totals_side_by_side);
	tcase_add_loop_test(tc, pairs_of_the_slow_model, 1, 5);
	tcase_add_loop_test(tc, a_report_and_itself, 1, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
