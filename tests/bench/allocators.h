/* SPDX-License-Identifier: MIT */
#ifndef ALLOCATORS_H
#define ALLOCATORS_H

/*
 * What is timed, each allocator behind the same functions. The first of each
 * list does nothing: what it takes is the driver's own time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NO_HANDLE UINT64_MAX

struct allocator {
	const char *name;
	/* Both kinds get what they need of these; false: not to be had. */
	bool (*open)(void **state, uint64_t nr_pages);
	void (*close)(void *state);
	/* unit is an order for pages, a size in bytes for objects. */
	uint64_t (*alloc)(void *state, uint64_t unit);
	void (*free)(void *state, uint64_t unit, uint64_t handle);
	/* Bytes of bookkeeping, 0 where unknown. */
	uint64_t (*overhead)(void *state);
};

/* For pages, units being orders; for objects, units being bytes. */
extern const struct allocator page_allocators[];
extern const size_t nr_page_allocators;
extern const struct allocator object_allocators[];
extern const size_t nr_object_allocators;

#endif
