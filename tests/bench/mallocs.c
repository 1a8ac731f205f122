// SPDX-License-Identifier: MIT
#include "mallocs.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allocators.h"

struct malloc_state {
	void *(*malloc)(size_t);
	void (*free)(void *);
};

static void *open_library(const char *name)
{
	void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	struct malloc_state *state;

	if (!library)
		return NULL;
	state = calloc(1, sizeof(*state));
	if (!state)
		return NULL;
	/* A cast between function and object pointers is POSIX's own way. */
	*(void **)&state->malloc = dlsym(library, "malloc");
	*(void **)&state->free = dlsym(library, "free");
	if (state->malloc && state->free)
		return state;
	free(state);
	return NULL;
}

void *glibc_open(uint64_t nr_pages)
{
	(void)nr_pages;
	return open_library("libc.so.6");
}

void *jemalloc_open(uint64_t nr_pages)
{
	(void)nr_pages;
	return open_library("libjemalloc.so.2");
}

void *mimalloc_open(uint64_t nr_pages)
{
	void *state = open_library("libmimalloc.so.2.0");

	(void)nr_pages;
	return state ? state : open_library("libmimalloc.so.2");
}

void *tcmalloc_open(uint64_t nr_pages)
{
	(void)nr_pages;
	return open_library("libtcmalloc_minimal.so.4");
}

uint64_t malloc_alloc(void *state, uint64_t unit)
{
	struct malloc_state *library = state;
	void *memory = library->malloc((size_t)unit);

	return memory ? (uint64_t)(uintptr_t)memory : NO_HANDLE;
}

void malloc_free(void *state, uint64_t unit, uint64_t handle)
{
	struct malloc_state *library = state;

	(void)unit;
	library->free((void *)(uintptr_t)handle);
}

void mallocs_make_room(char **argv)
{
	const char *tunable = "glibc.rtld.optional_static_tls=";
	const char *old = getenv("GLIBC_TUNABLES");
	char value[512];
	int length;

	if (old && strstr(old, tunable))
		return;
	length = snprintf(value, sizeof(value), "%s%s%s16384", old ? old : "",
			  old ? ":" : "", tunable);
	if (length < 0 || (size_t)length >= sizeof(value) ||
	    setenv("GLIBC_TUNABLES", value, 1))
		return;
	execv("/proc/self/exe", argv);
}
