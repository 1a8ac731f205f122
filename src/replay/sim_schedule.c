// SPDX-License-Identifier: MIT
/* When objects arrive, as people type it. */

#include <math.h>
#include <string.h>

#include "kfrag/simulation.h"

/* A word of the text, and where the next one begins. */
struct word {
	const char *text;
	size_t bytes;
};

static struct word next_word(const char **at)
{
	struct word word;

	*at += strspn(*at, " \t\n");
	word.text = *at;
	word.bytes = strcspn(*at, " \t\n;");
	*at += word.bytes;
	*at += strspn(*at, " \t\n");
	return word;
}

static bool is_word(struct word word, const char *text)
{
	return word.bytes == strlen(text) &&
	       memcmp(word.text, text, word.bytes) == 0;
}

static bool read_count(struct word word, uint64_t *count)
{
	return !memchr(word.text, '.', word.bytes) &&
	       kfrag_decimal_parse(word.text, word.bytes, 1, count) &&
	       *count > 0 && *count <= KFRAG_SIM_MAX_OBJS;
}

static bool read_nano(struct word word, uint64_t max, uint64_t *nano)
{
	return kfrag_decimal_parse(word.text, word.bytes, KFRAG_SIM_NANO,
				   nano) &&
	       *nano <= max * KFRAG_SIM_NANO;
}

/* "@RATE", of N in a unit of time. */
static bool read_rate(struct word word, struct kfrag_sim_phase *phase)
{
	if (word.bytes < 2 || *word.text != '@')
		return false;
	word.text++;
	word.bytes--;
	phase->has_rate = true;
	return read_nano(word, 1000, &phase->rate_nano);
}

static bool read_victims(struct word word, struct kfrag_sim_phase *phase)
{
	static const char best[] = "best-of-";

	if (is_word(word, "random"))
		return true;
	if (is_word(word, "emptiest")) {
		phase->victims = KFRAG_SIM_VICTIMS_EMPTIEST;
		return true;
	}
	phase->victims = KFRAG_SIM_VICTIMS_BEST;
	if (word.bytes < sizeof(best) ||
	    memcmp(word.text, best, sizeof(best) - 1) != 0)
		return false;
	word.text += sizeof(best) - 1;
	word.bytes -= sizeof(best) - 1;
	return read_count(word, &phase->nr_choices);
}

static bool read_phase(const char **at, struct kfrag_sim_phase *phase,
		       const char **message)
{
	struct word kind = next_word(at), amount = next_word(at);
	bool (*rest)(struct word word, struct kfrag_sim_phase * phase);

	*phase = (struct kfrag_sim_phase){ 0 };
	rest = read_rate;
	if (is_word(kind, "grow")) {
		*message = "grow wants how many objects, and perhaps births in "
			   "a unit of time over that, as in grow 10000 @1.5";
		if (!read_count(amount, &phase->nr_objs))
			return false;
	} else if (is_word(kind, "shrink") || is_word(kind, "reclaim")) {
		*message = "shrink wants the fraction that is left, and "
			   "perhaps births, as in shrink 0.3 @0.28; reclaim "
			   "perhaps random, emptiest or best-of-K";
		phase->kind = KFRAG_SIM_SHRINK;
		if (is_word(kind, "reclaim")) {
			phase->kind = KFRAG_SIM_RECLAIM;
			rest = read_victims;
		}
		if (!read_nano(amount, 1, &phase->fraction_nano))
			return false;
	} else {
		*message = "phases are grow N @RATE, shrink FRACTION @RATE and "
			   "reclaim FRACTION VICTIMS, with ; between, and last "
			   "xCYCLES";
		return false;
	}
	return **at == ';' || !**at || rest(next_word(at), phase);
}

static bool read_cycles(const char *at, uint64_t *nr_cycles)
{
	struct word word = next_word(&at);

	if (word.bytes < 2 || *word.text != 'x')
		return false;
	word.text++;
	word.bytes--;
	return !*at && read_count(word, nr_cycles);
}

static bool read_phases(struct kfrag_sim_schedule *schedule, const char *at,
			const char **message)
{
	schedule->arrivals = KFRAG_SIM_PHASES;
	for (;;) {
		if (schedule->nr_phases == KFRAG_SIM_MAX_PHASES) {
			*message = "there are at most 32 phases";
			return false;
		}
		if (!read_phase(&at, &schedule->phases[schedule->nr_phases++],
				message))
			return false;
		if (!*at)
			break;
		if (*at++ != ';')
			return false;
		at += strspn(at, " \t\n");
		if (!*at)
			break;
		if (read_cycles(at, &schedule->nr_cycles))
			break;
	}
	*message = "the first phase is grow";
	return schedule->phases[0].kind == KFRAG_SIM_GROW;
}

enum kfrag_error kfrag_sim_schedule_parse(struct kfrag_sim_schedule *schedule,
					  const char *text,
					  const char **message)
{
	struct word number;
	bool ok;

	*schedule = (struct kfrag_sim_schedule){ 0 };
	if (strncmp(text, "poisson:", 8) == 0) {
		number = (struct word){ text + 8, strlen(text + 8) };
		*message = "poisson wants births in a unit of time, as in "
			   "poisson:10 or poisson:0.5";
		ok = read_nano(number, 1000000, &schedule->rate_nano) &&
		     schedule->rate_nano > 0;
	} else if (strncmp(text, "steady:", 7) == 0) {
		number = (struct word){ text + 7, strlen(text + 7) };
		*message = "steady wants how many objects, as in steady:10000";
		schedule->arrivals = KFRAG_SIM_STEADY;
		ok = read_count(number, &schedule->nr_objs);
	} else {
		ok = read_phases(schedule, text, message);
	}
	if (ok)
		return KFRAG_OK;
	*schedule = (struct kfrag_sim_schedule){ 0 };
	return KFRAG_EINVAL;
}

static double mean_units(const struct kfrag_distribution *lifetimes)
{
	return kfrag_distribution_mean(lifetimes) /
	       (double)KFRAG_TICKS_PER_UNIT;
}

uint64_t kfrag_sim_schedule_peak(const struct kfrag_sim_schedule *schedule,
				 const struct kfrag_distribution *lifetimes)
{
	uint64_t peak = schedule->nr_objs;
	double mean = (double)schedule->rate_nano / (double)KFRAG_SIM_NANO *
		      mean_units(lifetimes);

	if (schedule->arrivals == KFRAG_SIM_POISSON)
		return mean < (double)KFRAG_SIM_MAX_OBJS ? (uint64_t)mean + 1 :
							   KFRAG_SIM_MAX_OBJS;
	for (size_t i = 0; i < schedule->nr_phases; i++)
		if (schedule->phases[i].nr_objs > peak)
			peak = schedule->phases[i].nr_objs;
	return peak;
}

bool kfrag_sim_schedule_is_endless(const struct kfrag_sim_schedule *schedule,
				   const struct kfrag_distribution *lifetimes,
				   size_t *phase)
{
	double mean = mean_units(lifetimes);

	for (size_t i = 0; i < schedule->nr_phases; i++) {
		const struct kfrag_sim_phase *of = &schedule->phases[i];
		double rate = (double)of->rate_nano / (double)KFRAG_SIM_NANO;
		double left =
			(double)of->fraction_nano / (double)KFRAG_SIM_NANO;

		*phase = i;
		if (of->kind == KFRAG_SIM_GROW && of->has_rate &&
		    (rate == 0 || rate * mean <= 1))
			return true;
		/* Forever times nothing is no number. */
		if (of->kind == KFRAG_SIM_SHRINK && left < 1 &&
		    (isinf(mean) || rate * mean >= left) &&
		    (left > 0 || rate > 0 || isinf(mean)))
			return true;
	}
	*phase = 0;
	return false;
}
