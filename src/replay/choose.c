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
 * p. A p near k / n only makes the steps few: about sqrt(n) of them.
 *
 * One of some objects at random is found by drawing any bit until it is one
 * of them. To keep these draws few, the smaller of the subset and its rest is
 * what is chosen.
 */
#include "replay/choose.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/arith.h"

/* Digits of p: finer ones would save fewer steps than they cost. */
#define DIGITS 12

/* 64 decisions, each for "yes" with probability p / 2^DIGITS. */
static uint64_t decide(struct kfrag_random *random, unsigned p)
{
	uint64_t yes = 0;

	if (p == 0)
		return 0;
	/* From the lowest digit that is set up; those below change nothing. */
	for (unsigned digit = (unsigned)__builtin_ctz(p); digit < DIGITS;
	     digit++) {
		uint64_t coin = kfrag_random_next(random);

		yes = p >> digit & 1 ? yes | coin : yes & coin;
	}
	return yes;
}

/* Moves one random object: into chosen, or out of it. */
static void move_one(struct kfrag_random *random, const uint64_t *words,
		     uint64_t *chosen, size_t nr_words, bool in)
{
	for (;;) {
		uint64_t place =
			kfrag_random_below(random, (uint64_t)nr_words * 64);
		uint64_t bit = UINT64_C(1) << (place % 64);
		size_t word = (size_t)(place / 64);
		uint64_t candidates = in ? words[word] & ~chosen[word] :
					   chosen[word];

		if (candidates & bit) {
			chosen[word] ^= bit;
			return;
		}
	}
}

/* As kfrag_choose(), for at most half of the objects. */
static void choose_few(struct kfrag_random *random, const uint64_t *words,
		       uint64_t *chosen, size_t nr_words, uint64_t nr_objs,
		       uint64_t nr_chosen)
{
	unsigned p = (unsigned)kfrag_mul_div(UINT64_C(1) << DIGITS, nr_chosen,
					     nr_objs);
	uint64_t nr_have = 0;

	for (size_t i = 0; i < nr_words; i++) {
		chosen[i] = words[i] & decide(random, p);
		nr_have += (unsigned)__builtin_popcountll(chosen[i]);
	}
	for (; nr_have > nr_chosen; nr_have--)
		move_one(random, words, chosen, nr_words, false);
	for (; nr_have < nr_chosen; nr_have++)
		move_one(random, words, chosen, nr_words, true);
}

void kfrag_choose(struct kfrag_random *random, const uint64_t *words,
		  uint64_t *chosen, size_t nr_words, uint64_t nr_objs,
		  uint64_t nr_chosen)
{
	assert(nr_chosen <= nr_objs);
	if (nr_objs == 0) {
		memset(chosen, 0, nr_words * sizeof(*chosen));
		return;
	}
	if (nr_chosen <= nr_objs / 2) {
		choose_few(random, words, chosen, nr_words, nr_objs, nr_chosen);
		return;
	}
	choose_few(random, words, chosen, nr_words, nr_objs,
		   nr_objs - nr_chosen);
	for (size_t i = 0; i < nr_words; i++)
		chosen[i] ^= words[i];
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
