// SPDX-License-Identifier: MIT
#include "kfrag/bits.h"

#include "expect.h"
#include "kfrag/random.h"

Suite *bits_suite(void);

static bool bit_at(const uint64_t *words, uint64_t place)
{
	return words[place / 64] >> (place % 64) & 1;
}

/* Words of every density, and both ends. */
static uint64_t any_word(struct kfrag_random *random)
{
	uint64_t word = kfrag_random_next(random);

	switch (kfrag_random_below(random, 8)) {
	case 0:
		return 0;
	case 1:
		return UINT64_MAX;
	case 2:
		return word & kfrag_random_next(random) &
		       kfrag_random_next(random);
	case 3:
		return word | kfrag_random_next(random) |
		       kfrag_random_next(random);
	case 4:
		return UINT64_MAX >> (word % 64);
	default:
		return word;
	}
}

START_TEST(popcount_counts)
{
	struct kfrag_random random;

	kfrag_random_init(&random, 1);
	for (unsigned i = 0; i < 20000; i++) {
		uint64_t word = any_word(&random);
		unsigned count = 0;

		for (unsigned bit = 0; bit < 64; bit++)
			count += (unsigned)(word >> bit & 1);
		EXPECT_EQ(kfrag_popcount(word), count);
	}
}
END_TEST

/* Pieces of all lengths, from all places, over the ends of words. */
START_TEST(reader_reads)
{
	enum { NR_WORDS = 300 };
	uint64_t words[NR_WORDS + 1];
	struct kfrag_bit_reader reader = { .words = words };
	unsigned nr_whole = 0, nr_over_ends = 0, nr_at_starts = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, 2);
	for (unsigned i = 0; i <= NR_WORDS; i++)
		words[i] = any_word(&random);
	for (uint64_t place = 0; place < (NR_WORDS - 1) * 64;) {
		unsigned nr_bits =
			1 + (unsigned)kfrag_random_below(&random, 64);
		uint64_t bits = kfrag_bits_read(&reader, nr_bits);

		nr_whole += nr_bits == 64;
		nr_at_starts += place % 64 == 0;
		nr_over_ends += place % 64 + nr_bits > 64;
		for (unsigned i = 0; i < 64; i++)
			EXPECT_EQ(bits >> i & 1,
				  i < nr_bits && bit_at(words, place + i));
		place += nr_bits;
		EXPECT_EQ(reader.position, place);
	}
	ck_assert_uint_gt(nr_whole, 0);
	ck_assert_uint_gt(nr_at_starts, 0);
	ck_assert_uint_gt(nr_over_ends, 0);
}
END_TEST

START_TEST(deposit_keeps_the_order)
{
	unsigned nr_gaps = 0, nr_runs = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, 3);
	for (unsigned i = 0; i < 20000; i++) {
		uint64_t bits = any_word(&random), mask = any_word(&random);
		uint64_t expected = 0;
		unsigned next = 0;

		for (unsigned bit = 0; bit < 64; bit++)
			if (mask >> bit & 1)
				expected |= (bits >> next++ & 1) << bit;
		EXPECT_EQ(kfrag_bits_deposit(bits, mask), expected);
		nr_runs += mask != 0 && (mask & (mask + 1)) == 0;
		nr_gaps += (mask & (mask + 1)) != 0;
	}
	ck_assert_uint_gt(nr_runs, 0);
	ck_assert_uint_gt(nr_gaps, 0);
}
END_TEST

START_TEST(flip_turns_over)
{
	enum { NR_WORDS = 5 };
	struct kfrag_random random;
	unsigned nr_words_met = 0;

	kfrag_random_init(&random, 4);
	for (unsigned i = 0; i < 5000; i++) {
		uint64_t words[NR_WORDS], before[NR_WORDS];
		uint64_t first = kfrag_random_below(&random, NR_WORDS * 64);
		uint64_t nr_bits =
			1 + kfrag_random_below(&random, NR_WORDS * 64 - first);

		for (unsigned w = 0; w < NR_WORDS; w++)
			words[w] = before[w] = any_word(&random);
		kfrag_bits_flip(words, first, nr_bits);
		for (uint64_t bit = 0; bit < NR_WORDS * 64; bit++)
			EXPECT_EQ(bit_at(words, bit) != bit_at(before, bit),
				  bit >= first && bit < first + nr_bits);
		nr_words_met += first % 64 == 0 && nr_bits % 64 == 0;
	}
	ck_assert_uint_gt(nr_words_met, 0);
}
END_TEST

/* Even bits gathered, and groups spread: each against a slow loop. */
START_TEST(bits_move_in_order)
{
	struct kfrag_random random;

	kfrag_random_init(&random, 5);
	for (unsigned i = 0; i < 5000; i++) {
		uint64_t word = any_word(&random), even = 0, lowest = 0;
		uint64_t most = kfrag_random_below(&random, 70), count = 0;
		unsigned rank = (unsigned)kfrag_random_below(&random, 7);
		uint64_t spread = kfrag_bits_spread(word, rank);

		for (unsigned bit = 0; bit < 64; bit++) {
			uint64_t set = word >> bit & 1;

			if (bit % 2 == 0)
				even |= set << bit / 2;
			if (set && count++ < most)
				lowest |= set << bit;
			EXPECT_EQ(spread >> bit & 1, word >> (bit >> rank) & 1);
		}
		EXPECT_EQ(kfrag_bits_even(word), even);
		EXPECT_EQ(kfrag_bits_lowest(word, most), lowest);
	}
}
END_TEST

Suite *bits_suite(void)
{
	Suite *suite = suite_create("bits");
	TCase *core = tcase_create("core");

	tcase_add_test(core, popcount_counts);
	tcase_add_test(core, reader_reads);
	tcase_add_test(core, deposit_keeps_the_order);
	tcase_add_test(core, flip_turns_over);
	tcase_add_test(core, bits_move_in_order);
	suite_add_tcase(suite, core);
	return suite;
}
