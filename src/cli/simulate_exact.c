// SPDX-License-Identifier: MIT
/* Cases in which nothing is left to chance. */
#include "cli/simulate_exact.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/explain_script.h"
#include "cli/simulate_rows.h"
#include "cli/view.h"
#include "kfrag/sim_script.h"
#include "output/paragraph.h"
#include "output/scratch.h"

static bool explain_error(enum kfrag_error error)
{
	if (error)
		cli_message("%s", kfrag_error_text(error));
	return !error;
}

static void put_row(struct simulate_rows *rows, struct kfrag_sim_result *result,
		    enum kfrag_sim_measure measure, uint64_t value)
{
	struct kfrag_opt micro = kfrag_known(value * KFRAG_SIM_MICRO);

	result->micro[measure] = micro;
	rows->measures[measure].summary = (struct kfrag_sim_summary){
		.mean_micro = micro,
		.min_micro = micro,
		.max_micro = micro,
	};
}

/* For programs: the same rows as of other simulations. */
static enum cli_exit write_rows(const struct simulate_options *options,
				const char *name, const uint64_t *of,
				bool holds)
{
	const struct kfrag_replay_params *replay = &options->shared.params;
	struct kfrag_sim_parameter parameters[] = {
		{ "case", name },
		{ "placement", kfrag_buddy_placement_text(replay->placement) },
	};
	struct kfrag_sim_page page = { parameters, 2 };
	struct kfrag_sim_result result = { .seed = replay->seed };
	struct kfrag_sim_run_row run = { &result, 1 };
	struct simulate_rows rows = { .runs = &run, .nr_runs = 1 };
	enum cli_exit status;

	for (int i = 0; i < KFRAG_SIM_NR_MEASURES; i++)
		rows.measures[i] = (struct kfrag_sim_measure_row){
			.measure = (enum kfrag_sim_measure)i,
			.nr_runs = 1,
		};
	put_row(&rows, &result, KFRAG_SIM_BIRTHS,
		of[KFRAG_SIM_FIGURE_REQUESTS]);
	put_row(&rows, &result, KFRAG_SIM_FAILED, of[KFRAG_SIM_FIGURE_FAILED]);
	put_row(&rows, &result, KFRAG_SIM_HIGH_WATER,
		of[KFRAG_SIM_FIGURE_HIGH_WATER]);
	if (of[KFRAG_SIM_FIGURE_TOUCHED] > 0)
		put_row(&rows, &result, KFRAG_SIM_TOUCHED,
			of[KFRAG_SIM_FIGURE_TOUCHED]);
	status = simulate_write(&options->shared, &page, &rows, false);
	return status == CLI_OK && !holds ? CLI_FOUND : status;
}

/* ------------------------------------------------------------------- Knuth */

#define DEFAULT_KNUTH_ORDER 10

static void print_knuth(const struct simulate_options *options,
			const struct kfrag_sim_knuth *outcome, unsigned r)
{
	printf("TAOCP 1, 2.5, exercise 41: %s, blocks of orders 0 to %u, "
	       "placement %s\n"
	       "live at most      %" PRIu64 " units\n"
	       "memory            %" PRIu64 " units\n"
	       "requests          %" PRIu64 ", %" PRIu64 " failed\n"
	       "high water        %" PRIu64 " units\n",
	       options->task == SIMULATE_KNUTH_WORST ? "the worst case" :
						       "the bound",
	       r, kfrag_buddy_placement_text(options->shared.params.placement),
	       outcome->nr_live_units, outcome->nr_memory_units,
	       outcome->nr_requests, outcome->nr_failed,
	       outcome->high_water_units);
}

enum cli_exit simulate_knuth(const struct simulate_options *options)
{
	const struct kfrag_replay_params *replay = &options->shared.params;
	bool is_worst = options->task == SIMULATE_KNUTH_WORST;
	unsigned r = replay->max_order == SIMULATE_ANY_ORDER ?
			     DEFAULT_KNUTH_ORDER :
			     replay->max_order;
	struct kfrag_sim_knuth outcome;
	uint64_t units, touched;
	bool holds;

	if (r > KFRAG_SIM_KNUTH_MAX_ORDER) {
		cli_usage_error("Knuth's cases take --max-order up to %d",
				KFRAG_SIM_KNUTH_MAX_ORDER);
		return CLI_TROUBLE;
	}
	if (!explain_error(is_worst ? kfrag_sim_knuth_worst(&outcome, r,
							    replay->placement) :
				      kfrag_sim_knuth_bound(&outcome, r,
							    replay->placement,
							    options->nr_events,
							    replay->seed)))
		return CLI_TROUBLE;
	units = outcome.nr_live_units + r * outcome.nr_live_units / 2;
	touched = is_worst ? outcome.nr_roots << r : 0;
	holds = outcome.nr_failed == 0 && (!is_worst || touched == units);
	if (is_worst && replay->placement == KFRAG_BUDDY_ADDRESS)
		holds = holds && outcome.high_water_units == units;
	if (options->shared.format != CLI_TABLE) {
		uint64_t of[KFRAG_SIM_NR_FIGURES] = {
			[KFRAG_SIM_FIGURE_REQUESTS] = outcome.nr_requests,
			[KFRAG_SIM_FIGURE_FAILED] = outcome.nr_failed,
			[KFRAG_SIM_FIGURE_HIGH_WATER] =
				outcome.high_water_units,
			[KFRAG_SIM_FIGURE_TOUCHED] = touched,
		};

		return write_rows(options,
				  is_worst ? "knuth-worst" : "knuth-bound", of,
				  holds);
	}
	print_knuth(options, &outcome, r);
	if (is_worst)
		printf("touched           %" PRIu64
		       " units, in blocks of order "
		       "%u\n"
		       "(1 + r/2) n       %" PRIu64 " units\n",
		       touched, r, units);
	puts(holds ? "As Knuth says." : "NOT as Knuth says.");
	return holds ? CLI_OK : CLI_FOUND;
}

/* ----------------------------------------------------------------- scripts */

static bool print_script(const struct simulate_options *options,
			 const struct kfrag_sim_script *script)
{
	enum kfrag_buddy_placement placement = options->shared.params.placement;
	struct kfrag_scratch scratch = { 0 };
	const char *source = kfrag_scratch_escape(&scratch, options->script,
						  strlen(options->script));
	enum kfrag_error error = KFRAG_ENOMEM;

	if (source)
		error = kfrag_paragraph_write(
			stdout, cli_view_style().width,
			"%s: memory of %" PRIu64
			" units, blocks of orders 0 to %u, placement %s",
			source, script->memory_units, script->max_order,
			kfrag_buddy_placement_text(placement));
	kfrag_scratch_release(&scratch);
	return explain_error(error);
}

static enum cli_exit print_outcome(const struct simulate_options *options,
				   const struct kfrag_sim_script *script,
				   const struct kfrag_sim_outcome *outcome)
{
	if (!print_script(options, script))
		return CLI_TROUBLE;
	for (int i = 0; i < KFRAG_SIM_NR_FIGURES; i++) {
		enum kfrag_sim_figure figure = (enum kfrag_sim_figure)i;

		printf("%-12s %10" PRIu64 "  %s\n",
		       kfrag_sim_figure_word(figure), outcome->of[i],
		       kfrag_sim_figure_help(figure));
	}
	if (outcome->nr_wrong > 0)
		printf("NOT as expected: %" PRIu64 " of %" PRIu64 ", first in "
		       "line %" PRIu64 ": %s %" PRIu64 ", not %" PRIu64 "\n",
		       outcome->nr_wrong, outcome->nr_expected,
		       outcome->wrong_line,
		       kfrag_sim_figure_word(outcome->wrong_figure),
		       outcome->seen, outcome->wanted);
	else if (outcome->nr_expected > 0)
		printf("As expected: %" PRIu64 " of %" PRIu64 ".\n",
		       outcome->nr_expected, outcome->nr_expected);
	return outcome->nr_wrong > 0 ? CLI_FOUND : CLI_OK;
}

static enum cli_exit run_script(const struct simulate_options *options,
				const struct kfrag_sim_script *script)
{
	const struct kfrag_replay_params *replay = &options->shared.params;
	struct kfrag_sim_outcome outcome;
	enum kfrag_error error = kfrag_sim_script_run(
		&outcome, script, replay->placement, replay->seed);

	if (error == KFRAG_EINVAL)
		cli_message("%s:%" PRIu64 ": the name is not free to be "
			    "allocated, or has no block to free",
			    options->script, outcome.wrong_line);
	else if (error == KFRAG_ERANGE)
		cli_message("%s: more than %" PRIu64 " steps", options->script,
			    KFRAG_SIM_MAX_STEPS);
	else if (error)
		explain_error(error);
	if (error)
		return CLI_TROUBLE;
	if (options->shared.format != CLI_TABLE)
		return write_rows(options, options->script, outcome.of,
				  outcome.nr_wrong == 0);
	return print_outcome(options, script, &outcome);
}

enum cli_exit simulate_script(const struct simulate_options *options)
{
	struct explain_script text = { .source = options->script };
	enum cli_exit status = CLI_TROUBLE;
	struct kfrag_lesson_fault fault;
	struct kfrag_sim_script script;
	enum kfrag_error error;

	if (!explain_read_file(options->script, &text.text, &text.nr_bytes))
		return CLI_TROUBLE;
	error = kfrag_sim_script_parse(&script, text.text, text.nr_bytes,
				       &fault);
	if (error == KFRAG_EINVAL)
		explain_script_refuse(&text, &fault);
	else if (explain_error(error))
		status = run_script(options, &script);
	if (!error)
		kfrag_sim_script_release(&script);
	free(text.text);
	return status;
}
