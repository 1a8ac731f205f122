// SPDX-License-Identifier: MIT
#include "kfrag/bitmap.h"

#include <signal.h>

#include "expect.h"
#include "kfrag/random.h"

Suite *bitmap_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define NR_STEPS 400

/* Around each place where a word or a level begins or ends. */
static const uint64_t sizes[] = {
	0,    1,    2,	  3,	62,	63,	64,	65,   66,
	127,  128,  129,  1000, 4032,	4033,	4095,	4096, 4097,
	4160, 8191, 8192, 8193, 262143, 262144, 262145,
};

/* A bitmap and the obviously right one: a byte per bit. */
struct pair {
	struct kfrag_bitmap_shape shape;
	uint64_t *words;
	uint8_t *bits;
	uint64_t nr_set;
};

static void *zeros(uint64_t count, size_t size)
{
	void *memory = calloc((size_t)count, size);

	ck_assert_ptr_nonnull(memory);
	return memory;
}

static void pair_init(struct pair *pair, uint64_t nr_bits)
{
	*pair = (struct pair){ 0 };
	kfrag_bitmap_shape_init(&pair->shape, nr_bits);
	pair->words = zeros(pair->shape.nr_words, sizeof(*pair->words));
	pair->bits = zeros(nr_bits + 1, 1);
}

static void pair_release(struct pair *pair)
{
	free(pair->words);
	free(pair->bits);
}

static void pair_set(struct pair *pair, uint64_t bit)
{
	kfrag_bitmap_set(&pair->shape, pair->words, bit);
	pair->bits[bit] = 1;
	pair->nr_set++;
}

static void pair_clear(struct pair *pair, uint64_t bit)
{
	kfrag_bitmap_clear(&pair->shape, pair->words, bit);
	pair->bits[bit] = 0;
	pair->nr_set--;
}

/* nr_bits where there is none. */
static uint64_t slow_next(const struct pair *pair, uint64_t from)
{
	while (from < pair->shape.nr_bits && !pair->bits[from])
		from++;
	return from;
}

static void check_next(const struct pair *pair, uint64_t from)
{
	uint64_t expected = slow_next(pair, from);
	uint64_t bit = 12345;
	bool found = kfrag_bitmap_next(&pair->shape, pair->words, from, &bit);

	EXPECT_EQ(found, expected < pair->shape.nr_bits);
	EXPECT_EQ(bit, found ? expected : 0);
}

static void check_pair(const struct pair *pair)
{
	uint64_t first = 12345, expected = slow_next(pair, 0);
	char message[200] = "";

	if (!kfrag_bitmap_check(&pair->shape, pair->words, message,
				sizeof(message)))
		ck_abort_msg("%s", message);
	EXPECT_EQ(kfrag_bitmap_count(&pair->shape, pair->words), pair->nr_set);
	EXPECT_EQ(kfrag_bitmap_first(&pair->shape, pair->words, &first),
		  pair->nr_set > 0);
	EXPECT_EQ(first, pair->nr_set > 0 ? expected : 0);
}

/* Every bit by itself, and where the search may start. */
static void check_all_bits(const struct pair *pair)
{
	uint64_t nr_bits = pair->shape.nr_bits;
	uint64_t step = nr_bits > 10000 ? 997 : 1;

	for (uint64_t bit = 0; bit < nr_bits; bit++)
		EXPECT_EQ(kfrag_bitmap_test(pair->words, bit), pair->bits[bit]);
	for (uint64_t from = 0; from < nr_bits; from += step)
		check_next(pair, from);
}

START_TEST(shape_of_size)
{
	struct kfrag_bitmap_shape shape;
	uint64_t nr_bits = sizes[_i], start = 0;
	unsigned level = 0;

	kfrag_bitmap_shape_init(&shape, nr_bits);
	ck_assert_uint_eq(shape.nr_bits, nr_bits);
	/* One word for every 64 of what is below, until one is enough. */
	for (uint64_t nr_words = 0; nr_words != 1; level++) {
		nr_words = nr_bits / 64 + (nr_bits % 64 != 0);
		if (nr_words == 0)
			nr_words = 1;
		ck_assert_uint_lt(level, shape.nr_levels);
		ck_assert_uint_eq(shape.start[level], start);
		start += nr_words;
		nr_bits = nr_words;
	}
	ck_assert_uint_eq(shape.nr_levels, level);
	ck_assert_uint_eq(shape.nr_words, start);
}
END_TEST

START_TEST(largest_shape)
{
	struct kfrag_bitmap_shape shape;
	uint64_t nr_words = 0;

	kfrag_bitmap_shape_init(&shape, UINT64_C(1) << 60);
	for (unsigned k = 0; k <= 54; k += 6)
		nr_words += UINT64_C(1) << k;
	ck_assert_uint_eq(shape.nr_levels, 10);
	ck_assert_uint_le(shape.nr_levels, KFRAG_BITMAP_LEVELS);
	ck_assert_uint_eq(shape.nr_words, nr_words);
	ck_assert_uint_eq(shape.start[9], nr_words - 1);
}
END_TEST

/* Each bit alone, from the empty bitmap and back to it. */
START_TEST(single_bits)
{
	struct pair pair;
	uint64_t nr_bits = sizes[_i], step = nr_bits > 10000 ? 991 : 1;

	pair_init(&pair, nr_bits);
	check_pair(&pair);
	check_next(&pair, 0);
	for (uint64_t bit = 0; bit < nr_bits; bit += step) {
		uint64_t found;

		pair_set(&pair, bit);
		check_pair(&pair);
		/* First and last places from which it is found, and next. */
		EXPECT(kfrag_bitmap_next(&pair.shape, pair.words, 0, &found));
		EXPECT_EQ(found, bit);
		EXPECT(kfrag_bitmap_next(&pair.shape, pair.words, bit, &found));
		EXPECT_EQ(found, bit);
		EXPECT(!kfrag_bitmap_next(&pair.shape, pair.words, bit + 1,
					  &found));
		EXPECT_EQ(found, 0);
		pair_clear(&pair, bit);
		check_pair(&pair);
	}
	for (uint64_t i = 0; i < pair.shape.nr_words; i++)
		EXPECT_EQ(pair.words[i], 0);
	pair_release(&pair);
}
END_TEST

START_TEST(search_from_anywhere)
{
	struct pair pair;
	uint64_t nr_bits = sizes[_i];
	const uint64_t outside[] = { nr_bits,	      nr_bits + 1,
				     nr_bits + 63,    nr_bits + 64,
				     nr_bits * 64,    UINT64_C(1) << 32,
				     UINT64_MAX - 63, UINT64_MAX };

	pair_init(&pair, nr_bits);
	if (nr_bits > 0)
		kfrag_bitmap_set_range(&pair.shape, pair.words, 0, nr_bits);
	for (size_t i = 0; i < NR_OF(outside); i++) {
		uint64_t bit = 7;

		EXPECT(outside[i] < nr_bits ||
		       !kfrag_bitmap_next(&pair.shape, pair.words, outside[i],
					  &bit));
		EXPECT_EQ(bit, outside[i] < nr_bits ? 7 : 0);
	}
	pair_release(&pair);
}
END_TEST

/* Every range that starts or ends near a word's border. */
START_TEST(ranges)
{
	static const uint64_t places[] = { 0,	1,    2,    31,	  62,	63,
					   64,	65,   126,  127,  128,	129,
					   500, 4095, 4096, 4097, 8191, 8192 };
	uint64_t nr_bits = sizes[_i];

	if (nr_bits > 8193)
		return;
	for (size_t i = 0; i < NR_OF(places); i++) {
		for (size_t k = 0; k < NR_OF(places); k++) {
			uint64_t first = places[i], count = places[k];
			struct pair pair;

			if (first + count > nr_bits)
				continue;
			pair_init(&pair, nr_bits);
			kfrag_bitmap_set_range(&pair.shape, pair.words, first,
					       count);
			memset(pair.bits + first, 1, (size_t)count);
			pair.nr_set = count;
			check_pair(&pair);
			for (uint64_t bit = 0; bit < nr_bits; bit++)
				EXPECT_EQ(kfrag_bitmap_test(pair.words, bit),
					  pair.bits[bit]);
			pair_release(&pair);
		}
	}
}
END_TEST

/* How often a step was of an unusual kind; none may be 0 at the end. */
struct hard_cases {
	unsigned nr_sets_from_zero; /* a word that was empty */
	unsigned nr_clears_to_zero;
	unsigned nr_ranges_over_words;
	unsigned nr_masks;
};

static bool word_is_zero(const struct pair *pair, uint64_t bit)
{
	return pair->words[bit / 64] == 0;
}

static void flip(struct pair *pair, uint64_t bit, struct hard_cases *met)
{
	if (pair->bits[bit]) {
		pair_clear(pair, bit);
		met->nr_clears_to_zero += word_is_zero(pair, bit);
	} else {
		met->nr_sets_from_zero += word_is_zero(pair, bit);
		pair_set(pair, bit);
	}
}

/* Sets the clear bits from `bit` on, up to the next set one. */
static void fill_gap(struct pair *pair, uint64_t bit, uint64_t limit,
		     struct hard_cases *met)
{
	uint64_t end = slow_next(pair, bit);

	if (end - bit > limit)
		end = bit + limit;
	kfrag_bitmap_set_range(&pair->shape, pair->words, bit, end - bit);
	memset(pair->bits + bit, 1, (size_t)(end - bit));
	pair->nr_set += end - bit;
	met->nr_ranges_over_words += end > bit && bit / 64 != (end - 1) / 64;
}

/* Sets or clears bits of one word at once, by mask. */
static void apply_mask(struct pair *pair, uint64_t word, uint64_t mask,
		       bool set, struct hard_cases *met)
{
	uint64_t here = pair->words[word];
	uint64_t nr_here = pair->shape.nr_bits - word * 64;

	if (nr_here < 64)
		mask &= (UINT64_C(1) << nr_here) - 1;
	mask = set ? mask & ~here : mask & here;
	for (uint64_t m = mask; m; m &= m - 1)
		pair->bits[word * 64 + (unsigned)__builtin_ctzll(m)] = set;
	if (!mask)
		return;
	met->nr_masks++;
	if (set) {
		met->nr_sets_from_zero += here == 0;
		kfrag_bitmap_set_mask(&pair->shape, pair->words, word, mask);
		pair->nr_set += (unsigned)__builtin_popcountll(mask);
	} else {
		kfrag_bitmap_clear_mask(&pair->shape, pair->words, word, mask);
		pair->nr_set -= (unsigned)__builtin_popcountll(mask);
		met->nr_clears_to_zero += pair->words[word] == 0;
	}
}

static void step(struct pair *pair, struct kfrag_random *random,
		 struct hard_cases *met)
{
	uint64_t nr_bits = pair->shape.nr_bits;
	uint64_t bit = kfrag_random_below(random, nr_bits);
	uint64_t next = slow_next(pair, bit);

	switch (kfrag_random_below(random, 5)) {
	case 0:
		flip(pair, bit, met);
		break;
	case 1:
		/* Emptying needs aim in a bitmap that is nearly empty. */
		if (next < nr_bits)
			flip(pair, next, met);
		break;
	case 2:
		fill_gap(pair, bit, 1 + kfrag_random_below(random, 200), met);
		break;
	case 3:
		apply_mask(pair, bit / 64, kfrag_random_next(random),
			   kfrag_random_below(random, 2), met);
		break;
	default:
		apply_mask(pair, bit / 64, UINT64_MAX,
			   kfrag_random_below(random, 2), met);
		break;
	}
	check_next(pair, kfrag_random_below(random, nr_bits));
}

START_TEST(random_steps)
{
	uint64_t nr_bits = sizes[_i];
	struct hard_cases met = { 0 };
	struct kfrag_random random;
	struct pair pair;

	if (nr_bits == 0)
		return;
	kfrag_random_init(&random, nr_bits);
	pair_init(&pair, nr_bits);
	for (int i = 0; i < NR_STEPS; i++) {
		step(&pair, &random, &met);
		if (nr_bits < 10000 || i % 40 == 0)
			check_pair(&pair);
	}
	check_all_bits(&pair);
	pair_release(&pair);
	ck_assert_uint_gt(met.nr_sets_from_zero, 0);
	ck_assert_uint_gt(met.nr_clears_to_zero, 0);
	ck_assert_uint_gt(met.nr_masks, 0);
	ck_assert(met.nr_ranges_over_words > 0 || nr_bits <= 64);
}
END_TEST

static bool complains(const struct pair *pair, char *message, size_t size)
{
	memset(message, 0, size);
	if (kfrag_bitmap_check(&pair->shape, pair->words, message, size))
		return false;
	EXPECT(message[0] != '\0');
	return true;
}

/* Each bit of each summary word, turned round, is seen. */
static unsigned break_summaries(struct pair *pair)
{
	char message[200];
	unsigned nr_broken = 0;

	for (unsigned level = 1; level < pair->shape.nr_levels; level++) {
		uint64_t end = level + 1 < pair->shape.nr_levels ?
				       pair->shape.start[level + 1] :
				       pair->shape.nr_words;

		for (uint64_t i = pair->shape.start[level]; i < end; i++) {
			for (unsigned bit = 0; bit < 64; bit++) {
				uint64_t mask = UINT64_C(1) << bit;

				pair->words[i] ^= mask;
				EXPECT(complains(pair, message,
						 sizeof(message)));
				pair->words[i] ^= mask;
				nr_broken++;
			}
		}
	}
	return nr_broken;
}

/* So is each bit behind the last, and the whole word of no bits at all. */
static unsigned break_end(struct pair *pair)
{
	uint64_t nr_bits = pair->shape.nr_bits;
	uint64_t last = nr_bits == 0 ? 0 : (nr_bits - 1) / 64;
	char message[200];
	unsigned nr_broken = 0;

	for (uint64_t bit = nr_bits; bit < (last + 1) * 64; bit++) {
		pair->words[last] ^= UINT64_C(1) << (bit % 64);
		EXPECT(complains(pair, message, sizeof(message)));
		EXPECT(strstr(message, "behind"));
		pair->words[last] ^= UINT64_C(1) << (bit % 64);
		nr_broken++;
	}
	return nr_broken;
}

/* A level-0 bit shows where its word becomes zero, or is no longer. */
static unsigned break_words(struct pair *pair)
{
	char message[200];
	unsigned nr_broken = 0;

	for (uint64_t bit = 0; bit < pair->shape.nr_bits; bit++) {
		uint64_t *word = &pair->words[bit / 64];
		uint64_t before = *word;
		bool shows;

		*word ^= UINT64_C(1) << (bit % 64);
		shows = pair->shape.nr_levels > 1 &&
			(before == 0) != (*word == 0);
		EXPECT_EQ(complains(pair, message, sizeof(message)), shows);
		*word = before;
		nr_broken += shows;
	}
	return nr_broken;
}

START_TEST(checker_complains)
{
	uint64_t nr_bits = sizes[_i];
	unsigned nr_summary_bits = 0, nr_behind = 0, nr_words = 0;
	struct kfrag_random random;
	struct pair pair;

	if (nr_bits > 9000)
		return;
	kfrag_random_init(&random, nr_bits);
	pair_init(&pair, nr_bits);
	/* A word with two bits, words with one, empty words between. */
	for (uint64_t bit = 0; bit < nr_bits; bit += 64 + nr_bits / 8)
		pair_set(&pair, bit);
	if (nr_bits >= 2)
		pair_set(&pair, 1);
	check_pair(&pair);
	nr_summary_bits = break_summaries(&pair);
	nr_behind = break_end(&pair);
	nr_words = break_words(&pair);
	check_pair(&pair);
	pair_release(&pair);
	ck_assert_uint_eq(nr_summary_bits > 0, nr_bits > 64);
	ck_assert_uint_eq(nr_behind > 0, nr_bits == 0 || nr_bits % 64 != 0);
	ck_assert_uint_eq(nr_words > 0, nr_bits > 64);
}
END_TEST

START_TEST(checker_minds_its_buffer)
{
	struct pair pair;
	char message[8] = "1234567";

	pair_init(&pair, 65);
	pair.words[1] = 2;
	ck_assert(!kfrag_bitmap_check(&pair.shape, pair.words, message, 4));
	ck_assert_uint_eq(strlen(message), 3);
	ck_assert_mem_eq(message + 4, "567", 4);
	pair_release(&pair);
}
END_TEST

START_TEST(set_mask_of_a_set_bit_aborts)
{
	struct pair pair;

	pair_init(&pair, 100);
	pair_set(&pair, 5);
	kfrag_bitmap_set_mask(&pair.shape, pair.words, 0, 0x30);
}
END_TEST

START_TEST(clear_mask_of_a_clear_bit_aborts)
{
	struct pair pair;

	pair_init(&pair, 100);
	pair_set(&pair, 5);
	kfrag_bitmap_clear_mask(&pair.shape, pair.words, 0, 0x30);
}
END_TEST

START_TEST(range_behind_the_end_aborts)
{
	struct pair pair;

	pair_init(&pair, 100);
	kfrag_bitmap_set_range(&pair.shape, pair.words, 90, 11);
}
END_TEST

Suite *bitmap_suite(void)
{
	Suite *suite = suite_create("bitmap");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");
	int nr_sizes = (int)NR_OF(sizes);

	tcase_add_loop_test(core, shape_of_size, 0, nr_sizes);
	tcase_add_test(core, largest_shape);
	tcase_add_loop_test(core, search_from_anywhere, 0, nr_sizes);
	tcase_add_loop_test(core, checker_complains, 0, nr_sizes);
	tcase_add_test(core, checker_minds_its_buffer);
	if (expect_can_abort()) {
		tcase_add_test_raise_signal(core, set_mask_of_a_set_bit_aborts,
					    SIGABRT);
		tcase_add_test_raise_signal(
			core, clear_mask_of_a_clear_bit_aborts, SIGABRT);
		tcase_add_test_raise_signal(core, range_behind_the_end_aborts,
					    SIGABRT);
	}
	suite_add_tcase(suite, core);
	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, single_bits, 0, nr_sizes);
	tcase_add_loop_test(properties, ranges, 0, nr_sizes);
	tcase_add_loop_test(properties, random_steps, 0, nr_sizes);
	suite_add_tcase(suite, properties);
	return suite;
}
