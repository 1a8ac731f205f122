/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_SIMULATE_OPTIONS_H
#define KFRAG_CLI_SIMULATE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/shared_options.h"
#include "kfrag/simulation.h"

enum simulate_task {
	SIMULATE_RUN,
	SIMULATE_POLICIES,
	SIMULATE_KNUTH_WORST,
	SIMULATE_KNUTH_BOUND
};

/* No block is that large: as large as the sizes need. */
#define SIMULATE_ANY_ORDER (KFRAG_MAX_ORDER + 1)

struct simulate_options {
	struct shared_options shared;
	enum simulate_task task;
	const char *capture; /* sizes from it, or policies on it; or NULL */
	const char *script; /* instead of all that follows; or NULL */
	bool uses_slab;
	const char *size_text; /* words of argv, or defaults */
	const char *lifetime_text;
	const char *arrivals_text;
	struct kfrag_distribution sizes; /* empty where from a capture */
	struct kfrag_distribution lifetimes;
	struct kfrag_sim_schedule schedule;
	uint64_t objs_per_slab; /* 0: as many as fit */
	uint64_t nr_runs;
	bool finds_warmup;
	bool has_warmup; /* else the default */
	uint64_t warmup_nano; /* units of time, or cycles */
	uint64_t nr_events;
};

/* Returns false after a sentence on stderr. Release in both cases. */
bool simulate_options_parse(struct simulate_options *options, int argc,
			    char **argv);

/*
 * What `simulate policies` does where no option says otherwise, into which
 * options of simulate_workload.h can be taken; then what they say is read.
 * Both return false after a sentence on stderr. Release in all cases.
 */
bool simulate_options_begin_policies(struct simulate_options *options);
bool simulate_options_end_policies(struct simulate_options *options);
void simulate_options_release(struct simulate_options *options);

/* The whole --help text, on stdout. */
void simulate_options_help(const struct simulate_options *options);

#endif
