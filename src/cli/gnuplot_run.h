/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_GNUPLOT_RUN_H
#define KFRAG_CLI_GNUPLOT_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/interrupts.h"

/*
 * Runs gnuplot, no shell between, with a script on its standard input, and
 * its standard output into `picture`. Returns false after a sentence on
 * stderr; what is in `picture` is then of no use. An interrupt, which is held
 * back, ends it, too. timeout_s is at least 1.
 */
bool gnuplot_run(const char *script, size_t script_bytes, FILE *picture,
		 uint64_t timeout_s, const struct interrupts *interrupts);

#endif
