// SPDX-License-Identifier: MIT
#include "cli/phases.h"

#include <time.h>

#include "cli/cli.h"

static uint64_t cpu_time_ns(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0)
		return 0;
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void cli_phases_init(struct cli_phases *phases, bool is_on)
{
	*phases = (struct cli_phases){ .is_on = is_on };
	cli_phases_end(phases, "start");
}

void cli_phases_end(struct cli_phases *phases, const char *name)
{
	uint64_t now_ns;

	if (!phases->is_on)
		return;
	now_ns = cpu_time_ns();
	kfrag_durations_add(&phases->durations, name, now_ns - phases->last_ns);
	phases->last_ns = now_ns;
}

void cli_phases_report(const struct cli_phases *phases)
{
	char line[KFRAG_DURATION_LINE_SIZE];

	if (!phases->is_on)
		return;
	for (size_t i = 0; i <= phases->durations.nr_durations; i++)
		cli_message("%s", kfrag_durations_line(&phases->durations, i,
						       "CPU time", line));
}
