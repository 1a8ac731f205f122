/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_INTERRUPTS_H
#define KFRAG_CLI_INTERRUPTS_H

#include <signal.h>
#include <stdbool.h>

/*
 * SIGINT, SIGTERM and SIGHUP held back while something half done would stay
 * behind: no handler, so there is nothing to keep for one.
 */
struct interrupts {
	sigset_t before; /* the mask, for what is started meanwhile */
};

/* Those that are ignored stay so. */
void interrupts_hold(struct interrupts *interrupts);

/* Whether one is waiting to be let in. */
bool interrupts_came(void);

/* As before; one that came ends the process here. */
void interrupts_let_in(const struct interrupts *interrupts);

#endif
