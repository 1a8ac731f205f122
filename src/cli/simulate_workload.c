// SPDX-License-Identifier: MIT
#include "cli/simulate_workload.h"

#include <string.h>

#include "cli/cli.h"
#include "kfrag/slab.h"

#define MAX_RUNS 10000

/* Above those of the subcommands that take these beside their own. */
enum {
	OPTION_ARRIVALS = CLI_OPTION_OWN + 201,
	OPTION_LIFETIME,
	OPTION_OBJS_PER_SLAB,
	OPTION_REPLICAS,
	OPTION_WARMUP,
	OPTION_EVENTS
};

static const struct cli_option workload_options[] = {
	{ OPTION_ARRIVALS, "arrivals", "WHEN",
	  "poisson:RATE (in a unit of time), steady:N (always N\n"
	  "objects), or phases, as in\n"
	  "'grow 10000 @1.5; shrink 0.3 @0.28; x12'; see\n"
	  "SIMULATIONS in kfrag(1) (default poisson:10)" },
	{ OPTION_LIFETIME, "lifetime", "TIMES",
	  "exponential:MEAN, uniform:A:B, fixed:T, zipf:A:B,\n"
	  "bimodal:MEAN:MEAN:PERCENT or forever (default\n"
	  "exponential:1)" },
	{ OPTION_OBJS_PER_SLAB, "objs-per-slab", "N",
	  "slots of a slab (default 16; of sizes in bytes, as\n"
	  "many as fit)" },
	{ OPTION_REPLICAS, "replicas", "R",
	  "runs with seeds of their own, for standard errors\n"
	  "(default 10; policies: 3)" },
	{ OPTION_WARMUP, "warmup", "T",
	  "units of time before anything is measured (default:\n"
	  "20 mean lifetimes), or auto: until MSER-5 finds a\n"
	  "steady state; of phases, cycles (default: a third)" },
	{ OPTION_EVENTS, "events", "N",
	  "births and deaths to measure in each run, without\n"
	  "phases (default 1000000)" },
};

const struct cli_option_part simulate_workload_part = {
	workload_options,
	sizeof(workload_options) / sizeof(workload_options[0]), NULL
};

bool simulate_workload_has(int key)
{
	return key >= OPTION_ARRIVALS && key <= OPTION_EVENTS;
}

static bool take_warmup(struct simulate_options *options, const char *text)
{
	options->finds_warmup = strcmp(text, "auto") == 0;
	options->has_warmup = false;
	if (options->finds_warmup)
		return true;
	options->has_warmup = kfrag_decimal_parse(
		text, strlen(text), KFRAG_SIM_NANO, &options->warmup_nano);
	if (options->has_warmup &&
	    options->warmup_nano <= 1000000 * KFRAG_SIM_NANO)
		return true;
	cli_usage_error("--warmup wants a number up to 1000000 or auto, not "
			"'%s'",
			text);
	return false;
}

bool simulate_workload_take(struct simulate_options *options, int key,
			    const char *argument)
{
	switch (key) {
	case OPTION_ARRIVALS:
		options->arrivals_text = argument;
		return true;
	case OPTION_LIFETIME:
		options->lifetime_text = argument;
		return true;
	case OPTION_OBJS_PER_SLAB:
		return cli_parse_number("objs-per-slab", argument, 1,
					KFRAG_MAX_OBJS_PER_SLAB,
					&options->objs_per_slab);
	case OPTION_REPLICAS:
		return cli_parse_number("replicas", argument, 1, MAX_RUNS,
					&options->nr_runs);
	case OPTION_WARMUP:
		return take_warmup(options, argument);
	default:
		return cli_parse_number("events", argument, 1,
					UINT64_C(100000000000),
					&options->nr_events);
	}
}
