/* SPDX-License-Identifier: MIT */
#ifndef ALLOCATORS_H
#define ALLOCATORS_H

/*
 * What is timed, each allocator behind the same functions. The first of each
 * list does nothing: what it takes is the driver's own time. None touches the
 * memory it hands out, and none is closed: a process runs one of them once.
 */
#include <stddef.h>
#include <stdint.h>

#define NO_HANDLE UINT64_MAX

struct allocator {
	const char *name;
	/* For so many pages of memory; NULL: not to be had here. */
	void *(*open)(uint64_t nr_pages);
	/* unit is an order for pages, a size in bytes for objects. */
	uint64_t (*alloc)(void *state, uint64_t unit);
	void (*free)(void *state, uint64_t unit, uint64_t handle);
	/* Bytes of bookkeeping; NULL where the allocator does not tell. */
	uint64_t (*bookkeeping_bytes)(void *state);
};

/* For pages, units being orders; for objects, units being bytes. */
extern const struct allocator page_allocators[];
extern const size_t nr_page_allocators;
extern const struct allocator object_allocators[];
extern const size_t nr_object_allocators;

/* The null allocator hands out the next number. */
void *null_open(uint64_t nr_pages);
uint64_t null_alloc(void *state, uint64_t unit);
void null_free(void *state, uint64_t unit, uint64_t handle);

#endif
