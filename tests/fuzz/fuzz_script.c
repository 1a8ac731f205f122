// SPDX-License-Identifier: MIT
/*
 * Reads any bytes as a script of requests. A wrong one has a place inside the
 * text and a message; a good one that is small is run, and its figures keep
 * their laws.
 */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/sim_script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_UNITS (1U << 16)
#define MAX_STEPS 20000

static void check_fault(const struct kfrag_lesson_fault *fault,
			const char *text, size_t size)
{
	uint64_t nr_lines = 1;

	for (size_t i = 0; i < size; i++)
		nr_lines += text[i] == '\n';
	assert(fault->line >= 1 && fault->line <= nr_lines);
	assert(fault->column >= 1 && fault->column <= size + 1);
	assert(strncmp(fault->message, "expected ", 9) == 0);
}

/* No more steps than this, as far as can be seen from outside. */
static bool is_small(const struct kfrag_sim_script *script)
{
	uint64_t nr_steps = script->nr_steps;

	for (size_t i = 0; i < script->nr_steps; i++) {
		const struct kfrag_sim_step *step = &script->steps[i];

		if (step->number > MAX_STEPS)
			return false;
		if (step->verb == KFRAG_SIM_REPEAT)
			nr_steps *= step->number;
		else if (step->verb == KFRAG_SIM_TAKE)
			nr_steps += step->number;
		else if (step->verb == KFRAG_SIM_FILL)
			nr_steps += script->live_units >> step->order;
		if (nr_steps > MAX_STEPS)
			return false;
	}
	return script->memory_units <= MAX_UNITS;
}

static void run(const struct kfrag_sim_script *script)
{
	struct kfrag_sim_outcome outcome;
	const uint64_t *of = outcome.of;

	for (int i = 0; i < KFRAG_NR_BUDDY_PLACEMENTS; i++) {
		if (kfrag_sim_script_run(&outcome, script,
					 (enum kfrag_buddy_placement)i, 1))
			continue;
		assert(of[KFRAG_SIM_FIGURE_FAILED] <=
		       of[KFRAG_SIM_FIGURE_REQUESTS]);
		assert(of[KFRAG_SIM_FIGURE_LIVE] <= of[KFRAG_SIM_FIGURE_PEAK]);
		assert(of[KFRAG_SIM_FIGURE_PEAK] <=
		       of[KFRAG_SIM_FIGURE_HIGH_WATER]);
		assert(of[KFRAG_SIM_FIGURE_PEAK] <=
		       of[KFRAG_SIM_FIGURE_TOUCHED]);
		assert(of[KFRAG_SIM_FIGURE_HIGH_WATER] <= script->memory_units);
		assert(outcome.nr_wrong <= outcome.nr_expected);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kfrag_lesson_fault fault;
	struct kfrag_sim_script script;
	char *text = malloc(size + 1);
	enum kfrag_error error;

	assert(text);
	memcpy(text, data, size);
	error = kfrag_sim_script_parse(&script, text, size, &fault);
	if (error) {
		assert(error == KFRAG_EINVAL);
		check_fault(&fault, text, size);
	} else {
		if (is_small(&script))
			run(&script);
		kfrag_sim_script_release(&script);
	}
	free(text);
	return 0;
}
