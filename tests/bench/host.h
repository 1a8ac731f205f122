/* SPDX-License-Identifier: MIT */
#ifndef HOST_H
#define HOST_H

/* What the benchmarks ask of the system they run on. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stays on the cpu it is on: one that moves loses its caches. */
void host_pin(void);

double host_now_ns(void);

/*
 * Zeroed memory that is not malloc's, so that the drivers do not disturb the
 * malloc that they time; exits where there is none. Shared: what a child
 * writes to it is seen by its parent.
 */
void *host_map(uint64_t count, size_t size);
void *host_map_shared(uint64_t count, size_t size);
void host_unmap(void *memory, uint64_t count, size_t size);

/*
 * Runs a job in a process of its own, which has a peak memory of its own, in
 * KiB. What the parent had already written to is part of that, for every
 * child alike. Exits where the job does not end well.
 */
uint64_t host_run_child(void (*job)(void *context), void *context);

#endif
