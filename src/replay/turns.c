// SPDX-License-Identifier: MIT
#include "replay/turns.h"

#include <assert.h>

#include "kfrag/arith.h"

enum direction { UNKNOWN, UP, DOWN };

/* The walk so far. */
struct walk {
	enum direction direction;
	size_t highest; /* since the last turn, or since the start */
	size_t lowest;
};

static void note_low(struct kfrag_turns *turns, uint64_t value)
{
	if (turns->nr_lows == 0) {
		turns->first_low = value;
		turns->lows_climb = true;
	} else if (value <= turns->last_low) {
		turns->lows_climb = false;
	}
	turns->last_low = value;
	turns->nr_lows++;
}

static void note_turn(struct kfrag_turns *turns, size_t index)
{
	if (turns->nr_turns == 0)
		turns->first = index;
	turns->last = index;
	turns->nr_turns++;
}

/* It has come down from its highest point; `at` is below it. */
static void go_down(struct kfrag_turns *turns, struct walk *walk, size_t at)
{
	if (walk->direction == UP)
		note_turn(turns, walk->highest);
	walk->direction = DOWN;
	walk->lowest = at;
}

static void go_up(struct kfrag_turns *turns, struct walk *walk, size_t at,
		  const uint64_t *values)
{
	if (walk->direction == DOWN)
		note_turn(turns, walk->lowest);
	note_low(turns, values[walk->lowest]);
	walk->direction = UP;
	walk->highest = at;
}

struct kfrag_turns kfrag_turns_find(const uint64_t *values, size_t nr_values,
				    uint64_t swing)
{
	struct kfrag_turns turns = { .nr_turns = 0 };
	struct walk walk = { .direction = UNKNOWN };

	assert(swing > 0);
	for (size_t i = 1; i < nr_values; i++) {
		if (values[i] > values[walk.highest])
			walk.highest = i;
		if (values[i] < values[walk.lowest])
			walk.lowest = i;
		if (walk.direction != DOWN &&
		    values[walk.highest] - values[i] >= swing)
			go_down(&turns, &walk, i);
		else if (walk.direction != UP &&
			 values[i] - values[walk.lowest] >= swing)
			go_up(&turns, &walk, i, values);
	}
	return turns;
}

bool kfrag_turns_is_smooth(const uint64_t *values, size_t nr_values)
{
	uint64_t least = UINT64_MAX, most = 0;
	uint64_t sum = 0, steps = 0, spread = 0;
	uint64_t mean;

	for (size_t i = 0; i < nr_values; i++) {
		least = values[i] < least ? values[i] : least;
		most = values[i] > most ? values[i] : most;
	}
	if (nr_values == 0 || least == most)
		return false;
	/* Of 16 bits, so that squares of billions of them add up. */
	for (size_t i = 0; i < nr_values; i++)
		sum += kfrag_mul_div(values[i] - least, UINT16_MAX,
				     most - least);
	mean = sum / nr_values;
	for (size_t i = 0; i < nr_values; i++) {
		uint64_t value = kfrag_mul_div(values[i] - least, UINT16_MAX,
					       most - least);
		uint64_t before = kfrag_mul_div(values[i ? i - 1 : 0] - least,
						UINT16_MAX, most - least);
		int64_t step = (int64_t)(value - before);
		int64_t distance = (int64_t)(value - mean);

		steps += (uint64_t)(step * step);
		spread += (uint64_t)(distance * distance);
	}
	return steps < spread;
}
