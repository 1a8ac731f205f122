// SPDX-License-Identifier: MIT
#include "kfrag/bitmap.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "kfrag/arith.h"
#include "kfrag/bits.h"

/* count bits from bit `first` on, all inside one word. */
static uint64_t mask_of(uint64_t first, uint64_t count)
{
	assert(count >= 1 && first + count <= 64);
	return (UINT64_MAX >> (64 - count)) << first;
}

void kfrag_bitmap_shape_init(struct kfrag_bitmap_shape *shape, uint64_t nr_bits)
{
	uint64_t words = kfrag_div_up(nr_bits, 64);

	assert(nr_bits <= UINT64_C(1) << (6 * KFRAG_BITMAP_LEVELS));
	*shape = (struct kfrag_bitmap_shape){ .nr_bits = nr_bits };
	if (words == 0)
		words = 1;
	for (;;) {
		shape->start[shape->nr_levels++] = shape->nr_words;
		shape->nr_words += words;
		if (words == 1)
			return;
		words = kfrag_div_up(words, 64);
	}
}

void kfrag_bitmap_set_above(const struct kfrag_bitmap_shape *shape,
			    uint64_t *words, uint64_t word)
{
	for (unsigned level = 1; level < shape->nr_levels; level++) {
		uint64_t *above = &words[shape->start[level] + word / 64];
		uint64_t before = *above;

		*above = before | UINT64_C(1) << (word % 64);
		if (before)
			return;
		word /= 64;
	}
}

void kfrag_bitmap_clear_above(const struct kfrag_bitmap_shape *shape,
			      uint64_t *words, uint64_t word)
{
	for (unsigned level = 1; level < shape->nr_levels; level++) {
		uint64_t *above = &words[shape->start[level] + word / 64];

		*above &= ~(UINT64_C(1) << (word % 64));
		if (*above)
			return;
		word /= 64;
	}
}

void kfrag_bitmap_set_mask(const struct kfrag_bitmap_shape *shape,
			   uint64_t *words, uint64_t word, uint64_t mask)
{
	uint64_t before = words[word];

	assert((before & mask) == 0);
	words[word] = before | mask;
	if (!before)
		kfrag_bitmap_set_above(shape, words, word);
}

void kfrag_bitmap_clear_mask(const struct kfrag_bitmap_shape *shape,
			     uint64_t *words, uint64_t word, uint64_t mask)
{
	assert((words[word] & mask) == mask);
	words[word] &= ~mask;
	if (!words[word])
		kfrag_bitmap_clear_above(shape, words, word);
}

void kfrag_bitmap_set_range(const struct kfrag_bitmap_shape *shape,
			    uint64_t *words, uint64_t first, uint64_t count)
{
	assert(first <= shape->nr_bits && count <= shape->nr_bits - first);
	while (count > 0) {
		uint64_t offset = first % 64;
		uint64_t here = count < 64 - offset ? count : 64 - offset;

		kfrag_bitmap_set_mask(shape, words, first / 64,
				      mask_of(offset, here));
		first += here;
		count -= here;
	}
}

/* Words of a level that the shape's bits reach. */
static uint64_t level_words(const struct kfrag_bitmap_shape *shape,
			    unsigned level)
{
	uint64_t end = level + 1 < shape->nr_levels ? shape->start[level + 1] :
						      shape->nr_words;

	return end - shape->start[level];
}

bool kfrag_bitmap_next(const struct kfrag_bitmap_shape *shape,
		       const uint64_t *words, uint64_t from, uint64_t *bit)
{
	unsigned level = 0;
	uint64_t at = from;

	*bit = 0;
	if (from >= shape->nr_bits)
		return false;
	/* Up until a word has a bit at or behind `at` ... */
	for (;;) {
		uint64_t word = 0;

		if (at / 64 < level_words(shape, level))
			word = words[shape->start[level] + at / 64] &
			       (UINT64_MAX << (at % 64));
		if (word) {
			at = at / 64 * 64 + (unsigned)__builtin_ctzll(word);
			break;
		}
		if (++level >= shape->nr_levels)
			return false;
		at = at / 64 + 1;
	}
	/* ... then down along the lowest ones. */
	while (level-- > 0)
		at = at * 64 +
		     (unsigned)__builtin_ctzll(words[shape->start[level] + at]);
	*bit = at;
	return true;
}

uint64_t kfrag_bitmap_count(const struct kfrag_bitmap_shape *shape,
			    const uint64_t *words)
{
	uint64_t nr_words = kfrag_div_up(shape->nr_bits, 64);
	uint64_t count = 0;

	for (uint64_t i = 0; i < nr_words; i++)
		count += kfrag_popcount(words[i]);
	return count;
}

bool kfrag_bitmap_check(const struct kfrag_bitmap_shape *shape,
			const uint64_t *words, char *message,
			size_t message_size)
{
	uint64_t nr_bits = shape->nr_bits;

	for (unsigned level = 0; level < shape->nr_levels; level++) {
		const uint64_t *here = words + shape->start[level];
		uint64_t last = level_words(shape, level) - 1;
		uint64_t beyond = here[last];

		if (nr_bits > last * 64 && nr_bits - last * 64 < 64)
			beyond >>= nr_bits - last * 64;
		else if (nr_bits > last * 64)
			beyond = 0;
		if (beyond) {
			snprintf(message, message_size,
				 "level %u has bits set behind its %" PRIu64,
				 level, nr_bits);
			return false;
		}
		for (uint64_t i = 0; level > 0 && i < nr_bits; i++) {
			const uint64_t *below = words + shape->start[level - 1];
			bool expected = below[i] != 0;

			if (kfrag_bitmap_test(here, i) == expected)
				continue;
			snprintf(message, message_size,
				 "level %u bit %" PRIu64 " is %d, but the word "
				 "below is %#" PRIx64,
				 level, i, !expected, below[i]);
			return false;
		}
		nr_bits = last + 1;
	}
	return true;
}
