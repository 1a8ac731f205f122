// SPDX-License-Identifier: MIT
#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "expect.h"
#include "kfrag/random.h"
#include "replay/choose.h"

Suite *choose_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What a property met; every count must be above 0 in the end. */
struct met {
	unsigned nr_none, nr_all, nr_whole_words, nr_words_and_rest;
};

#define MAX_OBJS 400

static void choose_of(struct kfrag_random *random, uint64_t nr_objs,
		      uint64_t nr_chosen, struct met *met)
{
	uint64_t chosen[MAX_OBJS / 64 + 2], nr_got = 0;
	size_t nr_words = (size_t)(nr_objs + 63) / 64;

	met->nr_none += nr_chosen == 0;
	met->nr_all += nr_chosen == nr_objs;
	met->nr_whole_words += nr_objs > 0 && nr_objs % 64 == 0;
	met->nr_words_and_rest += nr_objs > 64 && nr_objs % 64 > 0;
	memset(chosen, 0x5a, sizeof(chosen));
	kfrag_choose(random, chosen, nr_objs, nr_chosen);
	for (size_t i = 0; i < nr_words * 64; i++) {
		bool is_chosen = chosen[i / 64] >> (i % 64) & 1;

		EXPECT(i < nr_objs || !is_chosen);
		nr_got += is_chosen;
	}
	EXPECT_EQ(nr_got, nr_chosen);
	EXPECT_EQ(chosen[nr_words], UINT64_C(0x5a5a5a5a5a5a5a5a));
}

START_TEST(exactly_as_many_as_wanted)
{
	struct kfrag_random random;
	struct met met = { 0 };

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned round = 0; round < 1000; round++) {
		uint64_t nr_objs = kfrag_random_below(&random, MAX_OBJS + 1);
		uint64_t nr_chosen = kfrag_random_below(&random, nr_objs + 1);

		if (kfrag_random_below(&random, 8) == 0)
			nr_chosen = nr_objs;
		choose_of(&random, nr_objs, nr_chosen, &met);
	}
	ck_assert_uint_gt(met.nr_none, 0);
	ck_assert_uint_gt(met.nr_all, 0);
	ck_assert_uint_gt(met.nr_whole_words, 0);
	ck_assert_uint_gt(met.nr_words_and_rest, 0);
}
END_TEST

START_TEST(none_of_none)
{
	uint64_t chosen[2] = { 1, 1 };
	struct kfrag_random random, before;

	kfrag_random_init(&random, 1);
	before = random;
	kfrag_choose(&random, chosen, 0, 0);
	ck_assert_uint_eq(chosen[0], 1);
	ck_assert_mem_eq(&random, &before, sizeof(random));
	kfrag_choose(&random, chosen, 70, 0);
	ck_assert_uint_eq(chosen[0] | chosen[1], 0);
}
END_TEST

START_TEST(buffers_grow)
{
	struct kfrag_words buffer = { 0 };

	for (size_t nr_words = 1; nr_words < 5000; nr_words += nr_words) {
		ck_assert(kfrag_words_reserve(&buffer, nr_words));
		ck_assert_uint_ge(buffer.capacity, nr_words);
		memset(buffer.words, 0xff, nr_words * sizeof(*buffer.words));
	}
	ck_assert(kfrag_words_reserve(&buffer, 1));
	ck_assert_uint_eq(buffer.capacity, 4096);
	ck_assert(!kfrag_words_reserve(&buffer, SIZE_MAX));
	ck_assert_ptr_null(buffer.words);
	ck_assert_uint_eq(buffer.capacity, 0);
}
END_TEST

#define NR_OBJS 6
#define NR_SUBSETS (1u << NR_OBJS)
#define NR_DRAWS 400

static unsigned draw_subset(struct kfrag_random *random, unsigned nr_chosen)
{
	uint64_t chosen = 0;

	kfrag_choose(random, &chosen, NR_OBJS, nr_chosen);
	EXPECT(chosen < NR_SUBSETS);
	return (unsigned)chosen;
}

/* Every subset of k of six objects about equally often: chi-square. */
START_TEST(every_subset_is_equally_likely)
{
	struct kfrag_random random;

	kfrag_random_init(&random, 2026);
	for (unsigned k = 0; k <= NR_OBJS; k++) {
		unsigned counts[NR_SUBSETS] = { 0 }, nr_subsets = 0;
		double chi_square = 0, excess, freedom;

		for (unsigned i = 0; i < NR_SUBSETS; i++)
			nr_subsets += (unsigned)__builtin_popcount(i) == k;
		for (unsigned i = 0; i < NR_DRAWS * nr_subsets; i++)
			counts[draw_subset(&random, k)]++;
		for (unsigned i = 0; i < NR_SUBSETS; i++) {
			double off = (double)counts[i] - NR_DRAWS;

			if ((unsigned)__builtin_popcount(i) == k)
				chi_square += off * off / NR_DRAWS;
			else
				EXPECT_EQ(counts[i], 0);
		}
		/* Its variance is twice its mean, the degrees of freedom. */
		freedom = nr_subsets - 1;
		excess = chi_square - freedom;
		ck_assert_msg(excess * excess <= 25 * 2 * freedom,
			      "%u of %u: chi-square %f, expected %f +- %f", k,
			      NR_OBJS, chi_square, freedom, 2 * freedom);
	}
}
END_TEST

/*
 * Objects far apart in the stream, and more than 64 of them: each is chosen
 * as often as any other, and neighbours no oftener together than others.
 */
START_TEST(long_streams_are_uniform)
{
	enum { NR_WORDS = 5, NR_ROUNDS = 4000, NR_CHOSEN = 80 };
	static unsigned counts[NR_WORDS * 64];
	double expected = (double)NR_ROUNDS * NR_CHOSEN / (NR_WORDS * 64);
	double freedom = NR_WORDS * 64 - 1, chi_square = 0, excess;
	/* Counts of a draw without replacement vary less: (1 - k / n). */
	double shrink = 1 - (double)NR_CHOSEN / (NR_WORDS * 64);
	unsigned nr_pairs = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, 7);
	for (unsigned round = 0; round < NR_ROUNDS; round++) {
		uint64_t chosen[NR_WORDS] = { 0 };

		kfrag_choose(&random, chosen, NR_WORDS * 64, NR_CHOSEN);
		for (unsigned word = 0; word < NR_WORDS; word++) {
			uint64_t got = chosen[word];

			nr_pairs += (unsigned)__builtin_popcountll(
				got & got >> 1 & UINT64_C(0x5555555555555555));
			for (unsigned bit = 0; bit < 64; bit++)
				counts[word * 64 + bit] +=
					(unsigned)(got >> bit & 1);
		}
	}
	for (unsigned i = 0; i < NR_WORDS * 64; i++)
		chi_square += ((double)counts[i] - expected) *
			      ((double)counts[i] - expected) /
			      (expected * shrink);
	excess = chi_square - freedom;
	ck_assert_msg(excess * excess <= 25 * 2 * freedom,
		      "chi-square %f, expected %f", chi_square, freedom);
	/* 160 pairs, each with probability 80 * 79 / (320 * 319). */
	expected = 160.0 * NR_ROUNDS * 80 * 79 / (320.0 * 319);
	excess = nr_pairs - expected;
	ck_assert_msg(excess * excess <= 25 * expected,
		      "%u neighbours chosen together, expected %f", nr_pairs,
		      expected);
}
END_TEST

/*
 * Many objects and few chosen ones, and the other way round: what the first
 * pass cannot hit exactly is made up for.
 */
START_TEST(extreme_shares)
{
	static const uint64_t shares[] = { 1, 2, 100, 5000, 99999, 100001 };
	enum { NR_WORDS = 3200 };
	static uint64_t chosen[NR_WORDS];
	uint64_t nr_objs = NR_WORDS * UINT64_C(64);
	struct kfrag_random random;

	kfrag_random_init(&random, 3);
	for (size_t i = 0; i < 2 * NR_OF(shares); i++) {
		uint64_t share = shares[i / 2], nr_got = 0;

		share = i % 2 ? nr_objs - share : share;
		kfrag_choose(&random, chosen, nr_objs, share);
		for (size_t word = 0; word < NR_WORDS; word++)
			nr_got += (unsigned)__builtin_popcountll(chosen[word]);
		ck_assert_uint_eq(nr_got, share);
	}
}
END_TEST

/*
 * One of 128 objects, and all but one: each is the odd one out about equally
 * often, the first and the last bit of a word too: chi-square.
 */
START_TEST(single_objects)
{
	enum { NR_SINGLES = 128, NR_PER_SINGLE = 200 };
	uint64_t chosen[2];
	unsigned counts[NR_SINGLES] = { 0 };
	double chi_square = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, 11);
	for (unsigned i = 0; i < NR_SINGLES * NR_PER_SINGLE; i++) {
		kfrag_choose(&random, chosen, NR_SINGLES,
			     _i ? NR_SINGLES - 1 : 1);
		for (unsigned bit = 0; bit < NR_SINGLES; bit++)
			if ((int)(chosen[bit / 64] >> (bit % 64) & 1) != _i)
				counts[bit]++;
	}
	for (unsigned bit = 0; bit < NR_SINGLES; bit++) {
		double off = (double)counts[bit] - NR_PER_SINGLE;

		chi_square += off * off / NR_PER_SINGLE;
	}
	/* 127 degrees of freedom, five standard deviations are 80. */
	ck_assert_msg(chi_square < 127 + 80, "chi-square %f", chi_square);
}
END_TEST

/* How often a generator was asked from one state to the other. */
static unsigned draws_between(struct kfrag_random before,
			      const struct kfrag_random *after, unsigned most)
{
	unsigned nr_draws = 0;

	while (memcmp(&before, after, sizeof(before)) != 0 && nr_draws < most) {
		kfrag_random_next(&before);
		nr_draws++;
	}
	return nr_draws;
}

/*
 * The first pass gets close: a few draws for each word of 64 objects, not
 * one for each object.
 */
START_TEST(few_draws)
{
	static const uint64_t shares[] = { 16000, 48000, 20000, 32000, 600 };
	enum { NR_WORDS = 1000, NR_DIGITS = 12, NR_MOST = 64000 };
	static uint64_t chosen[NR_WORDS];
	struct kfrag_random random, before;

	kfrag_random_init(&random, 5);
	for (size_t i = 0; i < NR_OF(shares); i++) {
		before = random;
		kfrag_choose(&random, chosen, 64 * NR_WORDS, shares[i]);
		ck_assert_uint_lt(draws_between(before, &random, NR_MOST),
				  NR_WORDS * (NR_DIGITS + 6));
	}
	/* A quarter and a half have only two digits and one. */
	before = random;
	kfrag_choose(&random, chosen, 64 * NR_WORDS, 16 * NR_WORDS);
	ck_assert_uint_lt(draws_between(before, &random, NR_MOST),
			  NR_WORDS * 4);
}
END_TEST

/* No two purposes, rounds or seeds share a generator. */
START_TEST(streams_differ)
{
	static const uint64_t seeds[] = { 0, 1, 2, 3, 1000, UINT64_MAX };
	static uint64_t seen[NR_OF(seeds) * 32 * KFRAG_NR_STREAMS];
	size_t nr_seen = 0;

	for (size_t s = 0; s < NR_OF(seeds); s++)
		for (uint64_t round = 0; round < 32; round++)
			for (int stream = 0; stream < KFRAG_NR_STREAMS;
			     stream++)
				seen[nr_seen++] = kfrag_stream_seed(
					seeds[s], round,
					(enum kfrag_stream)stream);
	for (size_t i = 0; i < nr_seen; i++)
		for (size_t j = 0; j < i; j++)
			EXPECT(seen[i] != seen[j]);
	ck_assert_uint_eq(kfrag_stream_seed(5, 6, KFRAG_STREAM_SLAB),
			  kfrag_stream_seed(5, 6, KFRAG_STREAM_SLAB));
}
END_TEST

Suite *choose_suite(void)
{
	Suite *suite = suite_create("choose");
	TCase *core = tcase_create("core");
	TCase *property = tcase_create("property");

	tcase_add_test(core, none_of_none);
	tcase_add_test(core, buffers_grow);
	tcase_add_test(core, extreme_shares);
	tcase_add_test(core, streams_differ);
	suite_add_tcase(suite, core);

	tcase_set_timeout(property, 60);
	tcase_add_loop_test(property, exactly_as_many_as_wanted, 0, 4);
	tcase_add_test(property, every_subset_is_equally_likely);
	tcase_add_test(property, long_streams_are_uniform);
	tcase_add_loop_test(property, single_objects, 0, 2);
	tcase_add_test(property, few_draws);
	suite_add_tcase(suite, property);
	return suite;
}
