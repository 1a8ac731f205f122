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
