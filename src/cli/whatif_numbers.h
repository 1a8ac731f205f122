/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_WHATIF_NUMBERS_H
#define KFRAG_CLI_WHATIF_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/* More CPUs than this no kernel has. */
#define WHATIF_MAX_CPUS (1 << 20)

/*
 * "x1.5", "x3/2", "1.5": how many times; both parts at least 1 and at most
 * 10^9. Returns false after a sentence on stderr.
 */
bool whatif_parse_ratio(const char *option, const char *text,
			uint64_t *numerator, uint64_t *denominator);

#endif
