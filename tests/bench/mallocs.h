/* SPDX-License-Identifier: MIT */
#ifndef MALLOCS_H
#define MALLOCS_H

/*
 * The mallocs of other libraries, loaded where they are installed (Debian:
 * libjemalloc2, libmimalloc2.0, libtcmalloc-minimal4). Handles are pointers.
 */
#include <stdint.h>

void *glibc_open(uint64_t nr_pages);
void *jemalloc_open(uint64_t nr_pages);
void *mimalloc_open(uint64_t nr_pages);
void *tcmalloc_open(uint64_t nr_pages);

uint64_t malloc_alloc(void *state, uint64_t unit);
void malloc_free(void *state, uint64_t unit, uint64_t handle);

/*
 * Starts the program anew, once, with room for the thread-local variables of
 * such a library: only the dynamic loader, and only at the start, can make
 * it. Returns where there already is room, or none is to be had.
 */
void mallocs_make_room(char **argv);

#endif
