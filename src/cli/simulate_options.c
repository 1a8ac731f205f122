// SPDX-License-Identifier: MIT
#include "cli/simulate_options.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/simulate_rows.h"
#include "kfrag/sim_output.h"
#include "kfrag/slab.h"

#define DEFAULT_RUNS 10
#define DEFAULT_POLICY_RUNS 3
#define DEFAULT_EVENTS 1000000
#define MAX_RUNS 10000

enum {
	OPTION_ALLOCATOR = CLI_OPTION_OWN + 101,
	OPTION_SIZE,
	OPTION_ARRIVALS,
	OPTION_LIFETIME,
	OPTION_OBJS_PER_SLAB,
	OPTION_REPLICAS,
	OPTION_WARMUP,
	OPTION_EVENTS
};

static const struct cli_option own_options[] = {
	{ CLI_OPTION_SHOW, "show", "TABLE",
	  "one table alone: measures (a row each), or runs (a row\n"
	  "per run); of policies there is only policies" },
	{ OPTION_ALLOCATOR, "allocator", "NAME",
	  "buddy (the default) or slab (buddy + slab)" },
	{ OPTION_SIZE, "size", "SIZES",
	  "fixed:N, uniform:A:B, inverse:A:B (chances of 1/size),\n"
	  "exponential:MEAN, list:N*WEIGHT,..., knuth-a,\n"
	  "knuth-b, knuth-c or from:CAPTURE; numbers count the\n"
	  "smallest block, or are bytes as in 100B or 4K\n"
	  "(default fixed:1)" },
	{ OPTION_ARRIVALS, "arrivals", "WHEN",
	  "poisson:RATE (in a unit of time), steady:N (always N\n"
	  "objects), or phases, as in\n"
	  "'grow 10000 @1.5; shrink 0.3 @0.28; x12'; see\n"
	  "SIMULATE in kfrag(1) (default poisson:10)" },
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
	  "20 mean lifetimes); of phases, cycles (default: a\n"
	  "third of them)" },
	{ OPTION_EVENTS, "events", "N",
	  "births and deaths to measure in each run, without\n"
	  "phases (default 1000000)" },
};

static const struct cli_option_part own = {
	own_options, sizeof(own_options) / sizeof(own_options[0])
};

static bool take_allocator(struct simulate_options *options, const char *text)
{
	options->uses_slab = strcmp(text, "slab") == 0;
	if (options->uses_slab || strcmp(text, "buddy") == 0)
		return true;
	cli_usage_error("unknown allocator '%s'; there are buddy and slab",
			text);
	return false;
}

static bool take_warmup(struct simulate_options *options, const char *text)
{
	options->has_warmup = kfrag_decimal_parse(
		text, strlen(text), KFRAG_SIM_NANO, &options->warmup_nano);
	if (options->has_warmup &&
	    options->warmup_nano <= 1000000 * KFRAG_SIM_NANO)
		return true;
	cli_usage_error("--warmup wants a number up to 1000000, not '%s'",
			text);
	return false;
}

static bool take_option(void *context, int key, const char *argument)
{
	struct simulate_options *options = context;

	switch (key) {
	case OPTION_ALLOCATOR:
		return take_allocator(options, argument);
	case OPTION_SIZE:
		options->size_text = argument;
		return true;
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
	case OPTION_EVENTS:
		return cli_parse_number("events", argument, 1,
					UINT64_C(100000000000),
					&options->nr_events);
	default:
		return shared_options_take(&options->shared, key, argument);
	}
}

/* ---------------------------------------------------------------- defaults */

static void set_defaults(struct simulate_options *options,
			 enum simulate_task task)
{
	bool is_policies = task == SIMULATE_POLICIES;

	options->task = task;
	options->uses_slab = is_policies;
	options->size_text = "fixed:1";
	options->lifetime_text = "exponential:1";
	options->arrivals_text =
		is_policies ? "grow 10000 @1.5; shrink 0.3 @0.28; x12" :
			      "poisson:10";
	options->nr_runs = is_policies ? DEFAULT_POLICY_RUNS : DEFAULT_RUNS;
	options->nr_events = DEFAULT_EVENTS;
	options->shared.params.max_order = SIMULATE_ANY_ORDER;
}

static bool read_sizes(struct simulate_options *options)
{
	const char *message = NULL;
	enum kfrag_error error;

	if (strncmp(options->size_text, "from:", 5) == 0) {
		options->capture = options->size_text + 5;
		return true;
	}
	error = kfrag_distribution_parse_sizes(&options->sizes,
					       options->size_text, &message);
	if (error == KFRAG_EINVAL)
		cli_usage_error("--size %s: %s", options->size_text, message);
	else if (error)
		cli_message("%s", kfrag_error_text(error));
	return !error;
}

static bool read_lifetimes(struct simulate_options *options)
{
	const char *message = NULL;
	enum kfrag_error error = kfrag_distribution_parse_lifetimes(
		&options->lifetimes, options->lifetime_text, &message);

	if (error)
		cli_usage_error("--lifetime %s: %s", options->lifetime_text,
				message);
	return !error;
}

static bool read_arrivals(struct simulate_options *options)
{
	const char *message = NULL;
	enum kfrag_error error = kfrag_sim_schedule_parse(
		&options->schedule, options->arrivals_text, &message);
	size_t phase;

	if (error) {
		cli_usage_error("--arrivals '%s': %s", options->arrivals_text,
				message);
		return false;
	}
	if (options->schedule.nr_cycles > 0)
		options->shared.params.rounds = options->schedule.nr_cycles;
	if (!kfrag_sim_schedule_is_endless(&options->schedule,
					   &options->lifetimes, &phase))
		return true;
	cli_usage_error("--arrivals '%s': phase %zu would never end: births "
			"and deaths balance before",
			options->arrivals_text, phase + 1);
	return false;
}

static bool check_task(struct simulate_options *options)
{
	if (options->task == SIMULATE_POLICIES && !options->uses_slab) {
		cli_usage_error("policies are those of slabs: no --allocator "
				"buddy");
		return false;
	}
	return true;
}

/* The first word, taken out of argv, names another task. */
static enum simulate_task take_task(int *argc, char **argv)
{
	static const char *const words[] = {
		[SIMULATE_RUN] = NULL,
		[SIMULATE_POLICIES] = "policies",
		[SIMULATE_KNUTH_WORST] = "knuth-worst",
		[SIMULATE_KNUTH_BOUND] = "knuth-bound",
	};

	for (int i = 1; *argc > 1 && i <= SIMULATE_KNUTH_BOUND; i++) {
		if (strcmp(argv[1], words[i]) != 0)
			continue;
		for (int k = 1; k < *argc; k++)
			argv[k] = argv[k + 1];
		(*argc)--;
		return (enum simulate_task)i;
	}
	return SIMULATE_RUN;
}

static bool take_operands(struct simulate_options *options, int nr, char **argv)
{
	if (nr == 0)
		return true;
	if (options->task == SIMULATE_POLICIES && nr == 1) {
		options->capture = argv[0];
		return true;
	}
	cli_usage_error("what is '%s'? only policies take a CAPTURE, and "
			"knuth-worst, knuth-bound and policies come first",
			argv[nr - 1]);
	return false;
}

static bool read_texts(struct simulate_options *options)
{
	return read_sizes(options) && read_lifetimes(options) &&
	       read_arrivals(options) && check_task(options);
}

bool simulate_options_for_policies(struct simulate_options *options)
{
	*options = (struct simulate_options){ 0 };
	if (!shared_options_init(&options->shared, &simulate_policy_tables, 1))
		return false;
	set_defaults(options, SIMULATE_POLICIES);
	return read_texts(options);
}

bool simulate_options_parse(struct simulate_options *options, int argc,
			    char **argv)
{
	enum simulate_task task = take_task(&argc, argv);
	int first;

	*options = (struct simulate_options){ 0 };
	if (!shared_options_init(&options->shared,
				 task == SIMULATE_POLICIES ?
					 &simulate_policy_tables :
					 &simulate_tables,
				 argc))
		return false;
	set_defaults(options, task);
	if (!shared_options_parse(&own, argc, argv, &first, take_option,
				  options))
		return false;
	if (options->shared.wants_help || options->shared.wants_version)
		return true;
	return take_operands(options, argc - first, argv + first) &&
	       read_texts(options) &&
	       shared_options_are_consistent(&options->shared);
}

void simulate_options_release(struct simulate_options *options)
{
	kfrag_distribution_release(&options->sizes);
	kfrag_distribution_release(&options->lifetimes);
	shared_options_release(&options->shared);
	*options = (struct simulate_options){ 0 };
}

/* -------------------------------------------------------------------- help */

void simulate_options_help(const struct simulate_options *options)
{
	const struct cli_tables *tables = options->shared.tables;

	puts("Usage: kfrag simulate [options]\n"
	     "       kfrag simulate policies [options] [CAPTURE]\n"
	     "       kfrag simulate knuth-worst [options]\n"
	     "       kfrag simulate knuth-bound [options]\n"
	     "\n"
	     "Let objects arrive, live and die in the real allocators, and "
	     "measure what they\n"
	     "hold, with standard errors and, where theory knows it, what was "
	     "to be expected.\n"
	     "policies holds all slab policies against the same objects, or "
	     "against the caches\n"
	     "of a CAPTURE; knuth-worst and knuth-bound are exercise 41 of "
	     "TAOCP 1, 2.5.\n"
	     "\n"
	     "Options:");
	shared_options_print(&own);
	shared_options_print_policies();
	for (size_t table = 0; table < tables->nr_sets; table++)
		shared_options_print_columns(tables->set(table), 27);
	puts("\nExit status: 0 fine; 1 a row meets a --fail-if, or a case of "
	     "Knuth's fails;\n"
	     "2 wrong usage, unusable input or failed output.\n"
	     "\n"
	     "For more details see kfrag(1).");
}
