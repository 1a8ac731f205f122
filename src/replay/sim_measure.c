// SPDX-License-Identifier: MIT
/* What is averaged over time, in sums of 128 bits: nothing is rounded. */
#include "kfrag/arith.h"
#include "replay/sim_impl.h"

static void add_product(struct kfrag_sim_sum *sum, uint64_t a, uint64_t b)
{
	uint64_t high, low;

	kfrag_mul_wide(a, b, &high, &low);
	sum->low += low;
	sum->high += high + (sum->low < low);
}

void kfrag_sim_pass(struct kfrag_sim *sim, uint64_t until)
{
	uint64_t ticks = until - sim->now;

	if (ticks == 0)
		return;
	for (int i = 0; i < KFRAG_NR_LEVELS; i++)
		add_product(&sim->sums[i], sim->levels[i], ticks);
	sim->now = until;
}

void kfrag_sim_note(struct kfrag_sim *sim)
{
	uint64_t nr_free = kfrag_buddy_nr_free(sim->buddy, 0);

	sim->levels[KFRAG_LEVEL_FREE_SMALLEST] = nr_free;
	sim->levels[KFRAG_LEVEL_NONE_FREE] = nr_free == 0;
}

void kfrag_sim_end_warmup(struct kfrag_sim *sim)
{
	sim->start = sim->now;
	for (int i = 0; i < KFRAG_NR_LEVELS; i++)
		sim->sums[i] = (struct kfrag_sim_sum){ 0 };
	sim->nr_births = 0;
	sim->nr_deaths = 0;
	sim->nr_failed = 0;
	sim->peaks = (struct kfrag_sim_turns){ 0 };
	sim->troughs = (struct kfrag_sim_turns){ 0 };
	if (sim->slab)
		sim->stats_before = kfrag_slab_stats(sim->slab);
}

void kfrag_sim_note_turn(struct kfrag_sim *sim, struct kfrag_sim_turns *turns)
{
	uint64_t nr_slabs = sim->levels[KFRAG_LEVEL_SLABS];
	uint64_t fewest = sim->levels[KFRAG_LEVEL_FEWEST];

	turns->nr_turns++;
	turns->nr_slabs += nr_slabs;
	turns->nr_fewest += fewest;
	if (fewest > 0)
		turns->ratio_micro +=
			kfrag_mul_div(nr_slabs, KFRAG_SIM_MICRO, fewest);
}

/* a / b in millionths, of the 64 highest bits of both; unknown of no b. */
static struct kfrag_opt ratio(struct kfrag_sim_sum a, struct kfrag_sim_sum b)
{
	while (a.high > 0 || b.high > 0) {
		a.low = a.low >> 1 | a.high << 63;
		b.low = b.low >> 1 | b.high << 63;
		a.high >>= 1;
		b.high >>= 1;
	}
	if (b.low == 0)
		return kfrag_unknown();
	return kfrag_known(kfrag_mul_div(a.low, KFRAG_SIM_MICRO, b.low));
}

uint64_t kfrag_sim_average(const struct kfrag_sim *sim,
			   enum kfrag_sim_level level)
{
	struct kfrag_sim_sum time = { .low = sim->now - sim->start };

	if (time.low == 0)
		return sim->levels[level] * KFRAG_SIM_MICRO;
	return ratio(sim->sums[level], time).value;
}

static struct kfrag_opt per(uint64_t part, uint64_t whole, uint64_t of)
{
	if (whole == 0)
		return kfrag_unknown();
	return kfrag_known(kfrag_mul_div(part, KFRAG_SIM_MICRO * of, whole));
}

static struct kfrag_sim_sum difference(struct kfrag_sim_sum a,
				       struct kfrag_sim_sum b)
{
	return (struct kfrag_sim_sum){
		.high = a.high - b.high - (a.low < b.low),
		.low = a.low - b.low,
	};
}

static void tell_averages(const struct kfrag_sim *sim,
			  const struct kfrag_sim_sum *sums, uint64_t ticks,
			  struct kfrag_opt *micro)
{
	struct kfrag_sim_sum time = { .low = ticks };

	micro[KFRAG_SIM_LIVE_OBJS] = ratio(sums[KFRAG_LEVEL_LIVE_OBJS], time);
	micro[KFRAG_SIM_LIVE_UNITS] = ratio(sums[KFRAG_LEVEL_LIVE_UNITS], time);
	micro[KFRAG_SIM_HELD_UNITS] = ratio(sums[KFRAG_LEVEL_HELD_UNITS], time);
	micro[KFRAG_SIM_INTERNAL] =
		ratio(difference(sums[KFRAG_LEVEL_HELD_UNITS],
				 sums[KFRAG_LEVEL_LIVE_UNITS]),
		      sums[KFRAG_LEVEL_HELD_UNITS]);
	if (sim->params->has_no_sizes) {
		micro[KFRAG_SIM_HELD_UNITS] = kfrag_unknown();
		micro[KFRAG_SIM_INTERNAL] = kfrag_unknown();
	}
	if (sim->params->uses_slab) {
		micro[KFRAG_SIM_AVERAGE_FEWEST] =
			ratio(sums[KFRAG_LEVEL_FEWEST], time);
		micro[KFRAG_SIM_AVERAGE_SLABS] =
			ratio(sums[KFRAG_LEVEL_SLABS], time);
		micro[KFRAG_SIM_AVERAGE_RATIO] = ratio(
			sums[KFRAG_LEVEL_SLABS], sums[KFRAG_LEVEL_FEWEST]);
		return;
	}
	micro[KFRAG_SIM_FREE_SMALLEST] =
		ratio(sums[KFRAG_LEVEL_FREE_SMALLEST], time);
	micro[KFRAG_SIM_NONE_FREE] = ratio(sums[KFRAG_LEVEL_NONE_FREE], time);
	micro[KFRAG_SIM_HIGH_WATER] = per(sim->high_water_units, 1, 1);
}

static void tell_turns(const struct kfrag_sim *sim, struct kfrag_opt *micro)
{
	const struct kfrag_sim_turns *peaks = &sim->peaks;
	const struct kfrag_sim_turns *troughs = &sim->troughs;

	micro[KFRAG_SIM_PEAK_SLABS] = per(peaks->nr_slabs, peaks->nr_turns, 1);
	micro[KFRAG_SIM_TROUGH_SLABS] =
		per(troughs->nr_slabs, troughs->nr_turns, 1);
	micro[KFRAG_SIM_PEAK_FEWEST] =
		per(peaks->nr_fewest, peaks->nr_turns, 1);
	micro[KFRAG_SIM_TROUGH_FEWEST] =
		per(troughs->nr_fewest, troughs->nr_turns, 1);
	if (peaks->nr_turns > 0)
		micro[KFRAG_SIM_PEAK_RATIO] =
			kfrag_known(peaks->ratio_micro / peaks->nr_turns);
	if (troughs->nr_turns > 0)
		micro[KFRAG_SIM_TROUGH_RATIO] =
			kfrag_known(troughs->ratio_micro / troughs->nr_turns);
}

void kfrag_sim_tell(const struct kfrag_sim *sim,
		    struct kfrag_sim_result *result)
{
	struct kfrag_sim_sum ends[KFRAG_NR_LEVELS];
	uint64_t ticks = sim->now - sim->start;
	struct kfrag_slab_stats stats;

	*result = (struct kfrag_sim_result){ .seed = sim->seed };
	for (int i = 0; i < KFRAG_NR_LEVELS; i++)
		ends[i] = (struct kfrag_sim_sum){ .low = sim->levels[i] };
	tell_averages(sim, ticks ? sim->sums : ends, ticks ? ticks : 1,
		      result->micro);
	result->micro[KFRAG_SIM_BIRTHS] = per(sim->nr_births, 1, 1);
	result->micro[KFRAG_SIM_DEATHS] = per(sim->nr_deaths, 1, 1);
	result->micro[KFRAG_SIM_FAILED] = per(sim->nr_failed, 1, 1);
	result->micro[KFRAG_SIM_TIME] = per(ticks, KFRAG_TICKS_PER_UNIT, 1);
	result->micro[KFRAG_SIM_WARMUP] =
		per(sim->start, KFRAG_TICKS_PER_UNIT, 1);
	result->micro[KFRAG_SIM_STEADY_FOUND] = sim->steady_micro;
	if (!sim->slab)
		return;
	tell_turns(sim, result->micro);
	stats = kfrag_slab_stats(sim->slab);
	result->micro[KFRAG_SIM_MADE] =
		per(stats.nr_slabs_made - sim->stats_before.nr_slabs_made,
		    sim->nr_births, 1000);
	result->micro[KFRAG_SIM_RETURNED] = per(
		stats.nr_slabs_returned - sim->stats_before.nr_slabs_returned,
		sim->nr_births, 1000);
}
