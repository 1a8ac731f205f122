// SPDX-License-Identifier: MIT
/*
 * A random subset of exact size, 64 objects at a time.
 *
 * First every object is chosen with the same probability p, independently:
 * a word of 64 such decisions takes one random word per binary digit of p.
 * By symmetry, whatever number t was chosen that way, every subset of t
 * objects is equally likely. Then t is brought to the wanted number k: as
 * long as there are too many, one of the chosen at random is let go; as long
 * as there are too few, one of the others at random is chosen too. Each such
 * step turns a uniform subset of t into a uniform subset of t - 1 or t + 1,
 * so the outcome is exactly uniform among the subsets of k objects, for any
 * p. A p near k / n only makes the steps few: about sqrt(n) of them, and
 * n / 2^10 for the digits that p has not: more of them would cost more than the
 * steps they save.
 *
 * One of some objects at random is found by drawing any until it is one of
 * them. To keep these draws few, the smaller of the subset and its rest is
 * what is chosen.
 */
#include "replay/choose.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/arith.h"
#include "kfrag/bits.h"

#define NR_DIGITS 8

/* 64 decisions, each for "yes" with probability p / 2^NR_DIGITS. */
static inline uint64_t decide(struct kfrag_random *random, unsigned p,
			      unsigned first_digit)
{
	uint64_t yes = 0;

	for (unsigned digit = first_digit; digit < NR_DIGITS; digit++) {
		uint64_t coin = kfrag_random_next(random);
		uint64_t up = 0 - (uint64_t)(p >> digit & 1);

		/* yes | coin where the digit is 1, else yes & coin. */
		yes = (coin & (yes | up)) | (yes & up);
	}
	return yes;
}

/* Decides for nr_objs objects; returns how many were chosen. */
static uint64_t decide_all(struct kfrag_random *random, uint64_t *chosen,
			   uint64_t nr_objs, unsigned p)
{
	struct kfrag_random local = *random;
	/* From the lowest digit that is set up; those below change nothing. */
	unsigned first_digit = p ? (unsigned)__builtin_ctz(p) : NR_DIGITS;
	uint64_t nr_have = 0, i;

	for (i = 0; i < nr_objs / 64; i++) {
		chosen[i] = decide(&local, p, first_digit);
		nr_have += kfrag_popcount(chosen[i]);
	}
	if (nr_objs % 64) {
		chosen[i] = decide(&local, p, first_digit) &
			    UINT64_MAX >> (64 - nr_objs % 64);
		nr_have += kfrag_popcount(chosen[i]);
	}
	*random = local;
	return nr_have;
}

/* Moves one random object: into chosen, or out of it. */
static void move_one(struct kfrag_random *random, uint64_t *chosen,
		     uint64_t nr_objs, bool in)
{
	uint64_t place;

	do
		place = kfrag_random_below(random, nr_objs);
	while ((chosen[place / 64] >> (place % 64) & 1) == in);
	chosen[place / 64] ^= UINT64_C(1) << (place % 64);
}

/* As kfrag_choose(), for at most half of the objects. */
static void choose_few(struct kfrag_random *random, uint64_t *chosen,
		       uint64_t nr_objs, uint64_t nr_chosen)
{
	unsigned p = (unsigned)kfrag_mul_div(UINT64_C(1) << NR_DIGITS,
					     nr_chosen, nr_objs);
	uint64_t nr_have = decide_all(random, chosen, nr_objs, p);

	for (; nr_have > nr_chosen; nr_have--)
		move_one(random, chosen, nr_objs, false);
	for (; nr_have < nr_chosen; nr_have++)
		move_one(random, chosen, nr_objs, true);
}

void kfrag_choose(struct kfrag_random *random, uint64_t *chosen,
		  uint64_t nr_objs, uint64_t nr_chosen)
{
	size_t nr_words = (size_t)kfrag_div_up(nr_objs, 64);

	assert(nr_chosen <= nr_objs);
	if (nr_objs == 0)
		return;
	if (nr_chosen <= nr_objs / 2) {
		choose_few(random, chosen, nr_objs, nr_chosen);
		return;
	}
	choose_few(random, chosen, nr_objs, nr_objs - nr_chosen);
	for (size_t i = 0; i < nr_words; i++)
		chosen[i] = ~chosen[i];
	if (nr_objs % 64)
		chosen[nr_words - 1] &= UINT64_MAX >> (64 - nr_objs % 64);
}

bool kfrag_words_reserve(struct kfrag_words *buffer, size_t nr_words)
{
	size_t nr_bytes;

	if (nr_words <= buffer->capacity)
		return true;
	free(buffer->words);
	*buffer = (struct kfrag_words){ 0 };
	if (__builtin_mul_overflow(nr_words, sizeof(*buffer->words), &nr_bytes))
		return false;
	buffer->words = malloc(nr_bytes);
	if (buffer->words)
		buffer->capacity = nr_words;
	return buffer->words != NULL;
}

uint64_t kfrag_stream_seed(uint64_t seed, uint64_t round,
			   enum kfrag_stream stream)
{
	struct kfrag_random random;

	kfrag_random_init(&random, seed);
	kfrag_random_init(
		&random, kfrag_random_next(&random) ^
				 (round * KFRAG_NR_STREAMS + (uint64_t)stream));
	return kfrag_random_next(&random);
}
