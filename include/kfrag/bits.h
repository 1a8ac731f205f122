/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_BITS_H
#define KFRAG_BITS_H

#include <stdint.h>

/*
 * Words of bits: counting, reading a long row of them piece by piece, and
 * spreading them.
 */

/* Number of set bits, without asking the processor for an instruction. */
static inline unsigned kfrag_popcount(uint64_t word)
{
	word -= word >> 1 & UINT64_C(0x5555555555555555);
	word = (word & UINT64_C(0x3333333333333333)) +
	       (word >> 2 & UINT64_C(0x3333333333333333));
	word = (word + (word >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (unsigned)(word * UINT64_C(0x0101010101010101) >> 56);
}

/* Turns nr_bits (>= 1) bits of a row of words over, from bit `first` on. */
static inline void kfrag_bits_flip(uint64_t *words, uint64_t first,
				   uint64_t nr_bits)
{
	uint64_t *word = &words[first / 64];
	unsigned at = first % 64;

	while (at + nr_bits > 64) {
		*word++ ^= UINT64_MAX << at;
		nr_bits -= 64 - at;
		at = 0;
	}
	*word ^= UINT64_MAX >> (64 - nr_bits) << at;
}

/* The lowest `count` set bits of word, or all of them. */
static inline uint64_t kfrag_bits_lowest(uint64_t word, uint64_t count)
{
	uint64_t rest = word;

	if (kfrag_popcount(word) <= count)
		return word;
	while (count-- > 0)
		rest &= rest - 1;
	return word ^ rest;
}

/* Bits 0, 2, 4, ... of a word, moved together into its lower half. */
static inline uint64_t kfrag_bits_even(uint64_t word)
{
	word &= UINT64_C(0x5555555555555555);
	word = (word | word >> 1) & UINT64_C(0x3333333333333333);
	word = (word | word >> 2) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	word = (word | word >> 4) & UINT64_C(0x00ff00ff00ff00ff);
	word = (word | word >> 8) & UINT64_C(0x0000ffff0000ffff);
	return (word | word >> 16) & UINT64_C(0x00000000ffffffff);
}

/* Bit i of the lowest 64 >> rank bits as 2^rank bits side by side. */
static inline uint64_t kfrag_bits_spread(uint64_t bits, unsigned rank)
{
	uint64_t one = UINT64_MAX >> (64 - (1u << rank)), result = 0;

	if (rank == 0)
		return bits;
	for (bits &= UINT64_MAX >> (64 - (64u >> rank)); bits; bits &= bits - 1)
		result |= one << ((unsigned)__builtin_ctzll(bits) << rank);
	return result;
}

/*
 * A place in a row of bits, bit i being bit i % 64 of words[i / 64]. The words
 * are the caller's, and there is one more than the bits need.
 */
struct kfrag_bit_reader {
	const uint64_t *words; /* NULL: no row */
	uint64_t position;
};

/* The next nr_bits bits, 1 to 64, as the lowest of a word. */
static inline uint64_t kfrag_bits_read(struct kfrag_bit_reader *reader,
				       unsigned nr_bits)
{
	const uint64_t *words = &reader->words[reader->position / 64];
	unsigned shift = reader->position % 64;
	uint64_t bits = words[0] >> shift;

	if (shift)
		bits |= words[1] << (64 - shift);
	reader->position += nr_bits;
	return bits & UINT64_MAX >> (64 - nr_bits);
}

/* The lowest bits of `bits`, moved in order to the places of mask's bits. */
static inline uint64_t kfrag_bits_deposit(uint64_t bits, uint64_t mask)
{
	uint64_t result = 0;

	/* Often there is no gap. */
	if ((mask & (mask + 1)) == 0)
		return bits & mask;
	for (; mask; mask &= mask - 1, bits >>= 1)
		if (bits & 1)
			result |= mask & (0 - mask);
	return result;
}

#endif
