// SPDX-License-Identifier: MIT
/*
 * The course of a simulation.
 *
 * Two kinds of events change anything: a birth and a death. Deaths to come
 * wait in a heap by their time; of births, only the next one is known, which
 * is enough as the times between them are exponential and so forget the past.
 * Time counts in integers, and of two events of one time the death comes
 * first: it makes room.
 *
 * Between events nothing changes, so averages over time are sums of level x
 * ticks, exact.
 */
#include "kfrag/arith.h"
#include "kfrag/variate.h"
#include "replay/sim_impl.h"

/* A phase ends, too, when so many times N births have failed. */
#define MAX_FAILURES 10

/* Ticks between births on average; UINT64_MAX: there are none. */
static uint64_t mean_gap(uint64_t nr_objs, uint64_t rate_nano)
{
	uint64_t rate;

	if (rate_nano == 0)
		return UINT64_MAX;
	if (!kfrag_mul_u64(nr_objs, rate_nano, &rate))
		rate = UINT64_MAX;
	return kfrag_mul_div(KFRAG_TICKS_PER_UNIT, KFRAG_SIM_NANO, rate);
}

static uint64_t next_birth(struct kfrag_sim *sim, uint64_t gap)
{
	uint64_t time;

	if (gap == UINT64_MAX)
		return UINT64_MAX;
	time = kfrag_variate_exponential(&sim->random[KFRAG_SIM_ARRIVALS], gap);
	return kfrag_add_u64(time, sim->now, &time) ? time : UINT64_MAX;
}

/*
 * One event, a death or the birth at *birth. Returns false where nothing will
 * happen any more.
 */
static bool step(struct kfrag_sim *sim, uint64_t gap, uint64_t *birth)
{
	struct kfrag_sim_death death;

	if (kfrag_sim_next_death(sim, *birth, &death)) {
		kfrag_sim_pass(sim, death.time);
		kfrag_sim_death(sim, death.object);
		kfrag_sim_forget(sim, death.object);
		return true;
	}
	if (*birth == UINT64_MAX)
		return false;
	kfrag_sim_pass(sim, *birth);
	kfrag_sim_birth(sim);
	*birth = next_birth(sim, gap);
	return !sim->error;
}

static void run_poisson(struct kfrag_sim *sim)
{
	const struct kfrag_sim_params *params = sim->params;
	uint64_t gap = mean_gap(1, params->schedule->rate_nano);
	uint64_t birth = next_birth(sim, gap);

	while (sim->now < params->warmup_ticks && step(sim, gap, &birth))
		;
	kfrag_sim_end_warmup(sim);
	for (uint64_t i = 0; i < params->nr_events; i++)
		if (!step(sim, gap, &birth))
			return;
}

static void fill(struct kfrag_sim *sim, uint64_t nr_objs)
{
	uint64_t nr_failed = sim->nr_failed;

	while (sim->nr_living < nr_objs && !sim->error &&
	       sim->nr_failed == nr_failed)
		kfrag_sim_birth(sim);
}

/* A death, and the birth that follows at once. */
static bool replace(struct kfrag_sim *sim)
{
	struct kfrag_sim_death death;

	if (!kfrag_sim_next_death(sim, UINT64_MAX, &death))
		return false;
	kfrag_sim_pass(sim, death.time);
	kfrag_sim_death(sim, death.object);
	kfrag_sim_forget(sim, death.object);
	kfrag_sim_birth(sim);
	return !sim->error;
}

static void run_steady(struct kfrag_sim *sim)
{
	const struct kfrag_sim_params *params = sim->params;

	fill(sim, params->schedule->nr_objs);
	while (sim->now < params->warmup_ticks && replace(sim))
		;
	kfrag_sim_end_warmup(sim);
	for (uint64_t i = 1; i < params->nr_events; i += 2)
		if (!replace(sim))
			return;
}

/* Until so many live, or nothing happens, or too much fails. */
static void go_to(struct kfrag_sim *sim, uint64_t nr_objs, uint64_t peak,
		  uint64_t rate_nano)
{
	uint64_t gap = mean_gap(peak, rate_nano);
	uint64_t birth = next_birth(sim, gap);
	uint64_t nr_failed = sim->nr_failed;

	while (sim->nr_living != nr_objs && !sim->error &&
	       sim->nr_failed - nr_failed <= MAX_FAILURES * peak)
		if (!step(sim, gap, &birth))
			return;
}

static void run_phase(struct kfrag_sim *sim,
		      const struct kfrag_sim_phase *phase, uint64_t *peak)
{
	uint64_t nr_left;

	if (phase->kind == KFRAG_SIM_GROW) {
		*peak = phase->nr_objs;
		if (phase->has_rate && sim->nr_living < *peak)
			go_to(sim, *peak, *peak, phase->rate_nano);
		else
			fill(sim, *peak);
		kfrag_sim_note_turn(sim, &sim->peaks);
		return;
	}
	nr_left = kfrag_mul_div(*peak, phase->fraction_nano, KFRAG_SIM_NANO);
	if (phase->kind == KFRAG_SIM_RECLAIM)
		kfrag_sim_reclaim(sim, phase, nr_left);
	else if (sim->nr_living > nr_left)
		go_to(sim, nr_left, *peak, phase->rate_nano);
	kfrag_sim_note_turn(sim, &sim->troughs);
}

static void run_phases(struct kfrag_sim *sim)
{
	const struct kfrag_sim_params *params = sim->params;
	uint64_t peak = 0;

	for (uint64_t cycle = 0; cycle < params->nr_cycles; cycle++) {
		if (cycle == params->warmup_cycles)
			kfrag_sim_end_warmup(sim);
		for (size_t i = 0;
		     i < params->schedule->nr_phases && !sim->error; i++)
			run_phase(sim, &params->schedule->phases[i], &peak);
	}
}

enum kfrag_error kfrag_sim_run(struct kfrag_sim_result *result,
			       const struct kfrag_sim_params *params,
			       uint64_t seed)
{
	struct kfrag_sim sim;
	enum kfrag_error error = kfrag_sim_init(&sim, params, seed);

	*result = (struct kfrag_sim_result){ 0 };
	if (!error) {
		kfrag_sim_note(&sim);
		switch (params->schedule->arrivals) {
		case KFRAG_SIM_POISSON:
			run_poisson(&sim);
			break;
		case KFRAG_SIM_STEADY:
			run_steady(&sim);
			break;
		default:
			run_phases(&sim);
			break;
		}
		error = sim.error;
	}
	if (!error)
		kfrag_sim_tell(&sim, result);
	kfrag_sim_release(&sim);
	return error;
}
