/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_BITMAP_H
#define KFRAG_BITMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A hierarchical bitmap: level 0 holds one bit per member; a bit of each
 * level above says that a 64-bit word of the level below is not zero; the
 * top level is one word. Finding the lowest set bit at or after any place,
 * setting and clearing take one step per level, and 64^6 bits need six.
 *
 * The shape (how many bits, where each level starts) is apart from the words,
 * so that many bitmaps of one size share a shape; the caller owns the words.
 * Words all zero are a valid empty bitmap. Levels lie in one array, level 0
 * first. A shape of up to 64 bits is one word.
 */
#define KFRAG_BITMAP_LEVELS 10

struct kfrag_bitmap_shape {
	uint64_t nr_bits;
	uint64_t nr_words; /* of all levels: what the caller must provide */
	uint64_t start[KFRAG_BITMAP_LEVELS]; /* first word of each level */
	unsigned nr_levels;
};

/* nr_bits from 0 (one word, never used) to 2^60. */
void kfrag_bitmap_shape_init(struct kfrag_bitmap_shape *shape,
			     uint64_t nr_bits);

/* bit must be below nr_bits in all that follow. */
static inline bool kfrag_bitmap_test(const uint64_t *words, uint64_t bit)
{
	return (words[bit / 64] >> (bit % 64)) & 1;
}

/* A word of level 0 got its first bit, or lost its last. */
void kfrag_bitmap_set_above(const struct kfrag_bitmap_shape *shape,
			    uint64_t *words, uint64_t word);
void kfrag_bitmap_clear_above(const struct kfrag_bitmap_shape *shape,
			      uint64_t *words, uint64_t word);

/* The bit may be set already. */
static inline void kfrag_bitmap_set(const struct kfrag_bitmap_shape *shape,
				    uint64_t *words, uint64_t bit)
{
	uint64_t before = words[bit / 64];

	words[bit / 64] = before | UINT64_C(1) << (bit % 64);
	if (!before)
		kfrag_bitmap_set_above(shape, words, bit / 64);
}

/* The bit must be set. */
static inline void kfrag_bitmap_clear(const struct kfrag_bitmap_shape *shape,
				      uint64_t *words, uint64_t bit)
{
	words[bit / 64] &= ~(UINT64_C(1) << (bit % 64));
	if (!words[bit / 64])
		kfrag_bitmap_clear_above(shape, words, bit / 64);
}

/* Lowest set bit. Returns false, with *bit 0, where none is set. */
static inline bool kfrag_bitmap_first(const struct kfrag_bitmap_shape *shape,
				      const uint64_t *words, uint64_t *bit)
{
	uint64_t at = 0;

	*bit = 0;
	for (unsigned level = shape->nr_levels; level-- > 0;) {
		uint64_t word = words[shape->start[level] + at];

		if (!word)
			return false;
		at = at * 64 + (unsigned)__builtin_ctzll(word);
	}
	*bit = at;
	return true;
}

/* Sets bits first..first+count-1; each must be clear. */
void kfrag_bitmap_set_range(const struct kfrag_bitmap_shape *shape,
			    uint64_t *words, uint64_t first, uint64_t count);

/* Sets the bits of mask in level-0 word `word`; each must be clear. */
void kfrag_bitmap_set_mask(const struct kfrag_bitmap_shape *shape,
			   uint64_t *words, uint64_t word, uint64_t mask);

/* Clears the bits of mask in level-0 word `word`; each must be set. */
void kfrag_bitmap_clear_mask(const struct kfrag_bitmap_shape *shape,
			     uint64_t *words, uint64_t word, uint64_t mask);

/* Lowest set bit that is >= from (any value). As kfrag_bitmap_first(). */
bool kfrag_bitmap_next(const struct kfrag_bitmap_shape *shape,
		       const uint64_t *words, uint64_t from, uint64_t *bit);

/* Number of set bits, counted from scratch. */
uint64_t kfrag_bitmap_count(const struct kfrag_bitmap_shape *shape,
			    const uint64_t *words);

/*
 * Recomputes every summary bit and the zeros behind nr_bits from scratch.
 * Returns true, or false with a sentence naming both sides in message.
 */
bool kfrag_bitmap_check(const struct kfrag_bitmap_shape *shape,
			const uint64_t *words, char *message,
			size_t message_size);

#endif
