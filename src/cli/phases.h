/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_PHASES_H
#define KFRAG_CLI_PHASES_H

#include <stdbool.h>
#include <stdint.h>

#include "output/durations.h"

/*
 * Where the processor time of the process went, for --verbose. Only this file
 * reads a clock, and it does so only where it is asked to.
 */
struct cli_phases {
	bool is_on; /* else every call does nothing */
	uint64_t last_ns; /* when the phase before this one ended */
	struct kfrag_durations durations;
};

/* What the process did so far was the phase "start". */
void cli_phases_init(struct cli_phases *phases, bool is_on);

/*
 * What was done since the end of the phase before it was `name`, a text that
 * lives on. A name may come again: its times are added up.
 */
void cli_phases_end(struct cli_phases *phases, const char *name);

/* A line per phase on stderr, and their sum. */
void cli_phases_report(const struct cli_phases *phases);

#endif
