/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TESTS_HOST_FAULT_H
#define KFRAG_TESTS_HOST_FAULT_H

/*
 * A host without memory. The linker puts functions of ours in the place of
 * calloc() and realloc() (--wrap); without that option nothing can fail.
 */
#include <stdbool.h>
#include <stdint.h>

bool host_fault_is_possible(void);

/* The next nr_allocations succeed, and the one behind them fails. */
void host_fault_after(long nr_allocations);

/* Whether that one failed; no more of them in any case. */
bool host_fault_end(void);

/* Bytes that were asked for and given since the reset. */
void host_bytes_reset(void);
uint64_t host_bytes_given(void);

#endif
