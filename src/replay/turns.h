/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_TURNS_H
#define KFRAG_REPLAY_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Where a series turns, from up to down or back: whoever walks it sees a turn
 * once it has come back by `swing` from its last extreme.
 */
struct kfrag_turns {
	size_t nr_turns;
	size_t first; /* index of the first turn, if there is one */
	size_t last; /* of the last one */
	/*
	 * Low points: turns from down to up, and the first value where it
	 * goes up from there. Each higher than the one before by more than
	 * nothing?
	 */
	size_t nr_lows;
	bool lows_climb;
	uint64_t first_low;
	uint64_t last_low;
};

/* swing must not be 0. */
struct kfrag_turns kfrag_turns_find(const uint64_t *values, size_t nr_values,
				    uint64_t swing);

/*
 * Whether a series moves on from where it was, and is not scattered anew at
 * each sample: the steps from value to value are small against the distances
 * from the mean (J. von Neumann, "Distribution of the ratio of the mean square
 * successive difference to the variance", 1941; a ratio of 2 is chance, below
 * 1 is taken for smooth). false where all are equal.
 */
bool kfrag_turns_is_smooth(const uint64_t *values, size_t nr_values);

#endif
