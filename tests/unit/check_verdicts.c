// SPDX-License-Identifier: MIT
/*
 * What becomes of caches (src/replay/trend.c), told from samples of
 * populations whose verdict is known.
 */
#include <stdio.h>

#include "expect.h"
#include "kfrag/trend.h"
#include "shapes.h"

Suite *verdicts_suite(void);

#define NR_DRAWS 150

/* How often a verdict was given where another, or the same, is true. */
struct confusion {
	unsigned nr[KFRAG_NR_VERDICTS][KFRAG_NR_VERDICTS]; /* truth, verdict */
	unsigned nr_wrong_of_shape[64];
};

static enum kfrag_verdict verdict_of(const struct kfrag_history *history)
{
	struct kfrag_trends trends;
	enum kfrag_verdict verdict;

	EXPECT_EQ(kfrag_trends_init(&trends, history), KFRAG_OK);
	EXPECT_EQ(trends.nr_rows, 1);
	verdict = trends.rows[0].verdict;
	EXPECT_EQ(trends.nr_of[verdict], 1);
	kfrag_trends_release(&trends);
	return verdict;
}

static void fill(struct confusion *confusion)
{
	size_t nr_shapes;
	const struct shape *list = shapes(&nr_shapes);

	for (size_t i = 0; i < nr_shapes; i++) {
		for (unsigned seed = 0; seed < NR_DRAWS; seed++) {
			struct kfrag_history history;
			struct kfrag_random random;
			enum kfrag_verdict verdict;

			kfrag_random_init(&random, seed * 100 + i);
			shape_draw(&list[i], &random, &history);
			verdict = verdict_of(&history);
			confusion->nr[list[i].truth][verdict]++;
			confusion->nr_wrong_of_shape[i] += verdict !=
							   list[i].truth;
			kfrag_history_release(&history);
		}
	}
}

static void print(const struct confusion *confusion)
{
	size_t nr_shapes;
	const struct shape *list = shapes(&nr_shapes);

	fprintf(stderr, "%-10s", "truth");
	for (int i = 0; i < KFRAG_NR_VERDICTS; i++)
		fprintf(stderr, "%9s",
			kfrag_verdict_text((enum kfrag_verdict)i));
	for (int i = 0; i < KFRAG_NR_VERDICTS; i++) {
		fprintf(stderr, "\n%-10s",
			kfrag_verdict_text((enum kfrag_verdict)i));
		for (int j = 0; j < KFRAG_NR_VERDICTS; j++)
			fprintf(stderr, "%9u", confusion->nr[i][j]);
	}
	fputc('\n', stderr);
	for (size_t i = 0; i < nr_shapes; i++)
		if (confusion->nr_wrong_of_shape[i] > 0)
			fprintf(stderr, "%s: %u of %u wrong\n", list[i].name,
				confusion->nr_wrong_of_shape[i], NR_DRAWS);
}

/* At most one in 50 of each truth is missed, one in 200 called a leak. */
START_TEST(verdicts_are_the_truth)
{
	struct confusion confusion = { 0 };
	bool is_good = true;

	fill(&confusion);
	for (int i = 0; i < KFRAG_NR_VERDICTS; i++) {
		unsigned nr_all = 0;

		for (int j = 0; j < KFRAG_NR_VERDICTS; j++)
			nr_all += confusion.nr[i][j];
		is_good = is_good && nr_all >= NR_DRAWS &&
			  confusion.nr[i][i] * 50 >= nr_all * 49;
		if (i != KFRAG_LEAK)
			is_good = is_good &&
				  confusion.nr[i][KFRAG_LEAK] * 200 <= nr_all;
	}
	if (!is_good || getenv("KFRAG_CONFUSION"))
		print(&confusion);
	ck_assert(is_good);
}
END_TEST

/*
 * What wanders by chance alone may end as high as a leak does. Where
 * something pulls it back, as in most caches, it is taken for one once in a
 * hundred times; where nothing does, six times.
 */
START_TEST(wandering_is_no_leak)
{
	static const struct {
		unsigned pull, nr_allowed;
	} cases[] = { { 20, 4 }, { 5, 10 }, { 0, 26 } };
	unsigned nr_leaks = 0;

	for (unsigned seed = 0; seed < 400; seed++) {
		struct kfrag_history history;
		struct kfrag_random random;

		kfrag_random_init(&random, seed);
		shape_wander(60, cases[_i].pull, &random, &history);
		nr_leaks += verdict_of(&history) == KFRAG_LEAK;
		kfrag_history_release(&history);
	}
	if (getenv("KFRAG_CONFUSION"))
		fprintf(stderr, "pull %u: %u leaks\n", cases[_i].pull,
			nr_leaks);
	ck_assert_uint_le(nr_leaks, cases[_i].nr_allowed);
}
END_TEST

Suite *verdicts_suite(void)
{
	Suite *suite = suite_create("verdicts");
	TCase *tcase = tcase_create("verdicts");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, verdicts_are_the_truth);
	tcase_add_loop_test(tcase, wandering_is_no_leak, 0, 3);
	suite_add_tcase(suite, tcase);
	return suite;
}
