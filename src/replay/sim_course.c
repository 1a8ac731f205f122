// SPDX-License-Identifier: MIT
/* Births and deaths in their order. */
#include "kfrag/arith.h"
#include "kfrag/variate.h"
#include "replay/sim_impl.h"

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

struct kfrag_sim_course kfrag_sim_course_begin(struct kfrag_sim *sim,
					       uint64_t nr_objs,
					       uint64_t rate_nano)
{
	struct kfrag_sim_course course = {
		.sim = sim,
		.gap = mean_gap(nr_objs, rate_nano),
	};

	course.birth = next_birth(sim, course.gap);
	return course;
}

static void die(struct kfrag_sim *sim, const struct kfrag_sim_death *death)
{
	kfrag_sim_pass(sim, death->time);
	kfrag_sim_death(sim, death->object);
	kfrag_sim_forget(sim, death->object);
}

bool kfrag_sim_course_step(struct kfrag_sim_course *course)
{
	struct kfrag_sim *sim = course->sim;
	struct kfrag_sim_death death;

	if (kfrag_sim_next_death(sim, course->birth, &death)) {
		die(sim, &death);
		return true;
	}
	if (course->birth == UINT64_MAX)
		return false;
	kfrag_sim_pass(sim, course->birth);
	kfrag_sim_birth(sim);
	course->birth = next_birth(sim, course->gap);
	return !sim->error;
}

void kfrag_sim_fill(struct kfrag_sim *sim, uint64_t nr_objs)
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
	die(sim, &death);
	kfrag_sim_birth(sim);
	return !sim->error;
}

struct kfrag_sim_course kfrag_sim_open(struct kfrag_sim *sim)
{
	const struct kfrag_sim_schedule *schedule = sim->params->schedule;

	if (schedule->arrivals == KFRAG_SIM_STEADY)
		kfrag_sim_fill(sim, schedule->nr_objs);
	return kfrag_sim_course_begin(sim, 1, schedule->rate_nano);
}

bool kfrag_sim_go_on(struct kfrag_sim_course *course, uint64_t nr_events)
{
	const struct kfrag_sim_params *params = course->sim->params;

	if (params->schedule->arrivals == KFRAG_SIM_STEADY) {
		for (uint64_t i = 0; i < nr_events; i += 2)
			if (!replace(course->sim))
				return false;
		return true;
	}
	for (uint64_t i = 0; i < nr_events; i++)
		if (!kfrag_sim_course_step(course))
			return false;
	return true;
}
