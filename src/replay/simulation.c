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
#include "replay/sim_impl.h"

/* A phase ends, too, when so many times N births have failed. */
#define MAX_FAILURES 10

static void run_open(struct kfrag_sim *sim)
{
	struct kfrag_sim_course course = kfrag_sim_open(sim);

	while (sim->now < sim->warmup_ticks && kfrag_sim_go_on(&course, 1))
		;
	kfrag_sim_end_warmup(sim);
	(void)kfrag_sim_go_on(&course, sim->params->nr_events);
}

/* Until so many live, or nothing happens, or too much fails. */
static void go_to(struct kfrag_sim *sim, uint64_t nr_objs, uint64_t peak,
		  uint64_t rate_nano)
{
	struct kfrag_sim_course course =
		kfrag_sim_course_begin(sim, peak, rate_nano);
	uint64_t nr_failed = sim->nr_failed;

	while (sim->nr_living != nr_objs && !sim->error &&
	       sim->nr_failed - nr_failed <= MAX_FAILURES * peak)
		if (!kfrag_sim_course_step(&course))
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
			kfrag_sim_fill(sim, *peak);
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
	uint64_t warmup_ticks = params->warmup_ticks;
	bool is_open = params->schedule->arrivals != KFRAG_SIM_PHASES;
	bool finds = is_open && params->finds_warmup, is_steady = false;
	enum kfrag_error error = KFRAG_OK;

	*result = (struct kfrag_sim_result){ 0 };
	if (finds)
		error = kfrag_sim_find_warmup(params, seed, &warmup_ticks,
					      &is_steady);
	if (error)
		return error;
	error = kfrag_sim_init(&sim, params, seed);
	sim.warmup_ticks = warmup_ticks;
	if (finds)
		sim.steady_micro = kfrag_known(is_steady ? KFRAG_SIM_MICRO : 0);
	if (!error) {
		kfrag_sim_note(&sim);
		if (is_open)
			run_open(&sim);
		else
			run_phases(&sim);
		error = sim.error;
	}
	if (!error)
		kfrag_sim_tell(&sim, result);
	kfrag_sim_release(&sim);
	return error;
}
