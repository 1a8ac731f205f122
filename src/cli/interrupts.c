// SPDX-License-Identifier: MIT
#include "cli/interrupts.h"

#include <stddef.h>

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

#define NR_NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

void interrupts_hold(struct interrupts *interrupts)
{
	struct sigaction action;
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < NR_NUMBERS; i++)
		if (sigaction(numbers[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN)
			sigaddset(&held, numbers[i]);
	(void)sigprocmask(SIG_BLOCK, &held, &interrupts->before);
}

bool interrupts_came(void)
{
	sigset_t pending;

	if (sigpending(&pending) != 0)
		return false;
	for (size_t i = 0; i < NR_NUMBERS; i++)
		if (sigismember(&pending, numbers[i]) == 1)
			return true;
	return false;
}

void interrupts_let_in(const struct interrupts *interrupts)
{
	(void)sigprocmask(SIG_SETMASK, &interrupts->before, NULL);
}
