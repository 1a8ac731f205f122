// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "allocators.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "kfrag/buddy.h"
#include "kfrag/slab.h"

/* ------------------------------------------------------------- pages */

struct null_state {
	uint64_t next;
};

static bool null_open(void **state, uint64_t nr_pages)
{
	(void)nr_pages;
	*state = calloc(1, sizeof(struct null_state));
	return *state != NULL;
}

static uint64_t null_alloc(void *state, uint64_t unit)
{
	struct null_state *null = state;

	(void)unit;
	return null->next++;
}

static void null_free(void *state, uint64_t unit, uint64_t handle)
{
	struct null_state *null = state;

	(void)unit;
	null->next ^= handle;
}

static uint64_t null_overhead(void *state)
{
	(void)state;
	return 0;
}

static bool buddy_open(void **state, uint64_t nr_pages)
{
	struct kfrag_buddy *buddy;
	enum kfrag_error error = kfrag_buddy_create(&buddy, nr_pages, 10);

	*state = buddy;
	return !error;
}

static void buddy_close(void *state)
{
	kfrag_buddy_destroy(state);
}

static uint64_t buddy_alloc(void *state, uint64_t unit)
{
	uint64_t pfn;

	if (!kfrag_buddy_alloc(state, (unsigned)unit, &pfn))
		return NO_HANDLE;
	return pfn;
}

static void buddy_free(void *state, uint64_t unit, uint64_t handle)
{
	kfrag_buddy_free(state, (unsigned)unit, handle);
}

static uint64_t buddy_overhead(void *state)
{
	return kfrag_buddy_bitmap_bytes(state) +
	       kfrag_buddy_bookkeeping_bytes(state);
}

const struct allocator page_allocators[] = {
	{ "null", null_open, free, null_alloc, null_free, null_overhead },
	{ "kfrag", buddy_open, buddy_close, buddy_alloc, buddy_free,
	  buddy_overhead },
};

const size_t nr_page_allocators =
	sizeof(page_allocators) / sizeof(page_allocators[0]);

/* ----------------------------------------------------------- objects */

/* Sizes of the slab workloads: 16, 32, 48, ... as kmalloc's classes. */
static const uint32_t class_sizes[] = { 16,  32,  64,	96,   128, 192,
					256, 512, 1024, 2048, 4096 };

#define NR_CLASSES (sizeof(class_sizes) / sizeof(class_sizes[0]))

struct slab_state {
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache *caches[NR_CLASSES];
	uint8_t class_of[4097];
};

static bool slab_open(void **out, uint64_t nr_pages)
{
	struct slab_state *state = calloc(1, sizeof(*state));
	size_t class = 0;

	*out = state;
	if (!state || kfrag_buddy_create(&state->buddy, nr_pages, 10) ||
	    kfrag_slab_create(&state->slab,
			      kfrag_buddy_page_source(state->buddy), nr_pages,
			      4096))
		return false;
	for (size_t i = 0; i < NR_CLASSES; i++) {
		unsigned order = class_sizes[i] > 512 ? 3 : 0;
		struct kfrag_slab_cache_params params = {
			.size_bytes = class_sizes[i],
			.objs_per_slab = (4096u << order) / class_sizes[i],
			.order = order,
			.policy = kfrag_slab_policies()[0],
		};

		if (kfrag_slab_cache_create(&state->caches[i], state->slab,
					    &params))
			return false;
	}
	for (uint32_t size = 0; size <= 4096; size++) {
		while (class_sizes[class] < size)
			class ++;
		state->class_of[size] = (uint8_t) class;
	}
	return true;
}

static void slab_close(void *out)
{
	struct slab_state *state = out;

	kfrag_slab_destroy(state->slab);
	kfrag_buddy_destroy(state->buddy);
	free(state);
}

static uint64_t slab_alloc(void *out, uint64_t unit)
{
	struct slab_state *state = out;
	uint64_t address;

	if (!kfrag_slab_alloc(state->caches[state->class_of[unit]], &address))
		return NO_HANDLE;
	return address;
}

static void slab_free(void *out, uint64_t unit, uint64_t handle)
{
	struct slab_state *state = out;

	(void)unit;
	kfrag_slab_free(state->slab, handle);
}

static uint64_t slab_overhead(void *out)
{
	struct slab_state *state = out;

	return kfrag_slab_bitmap_bytes(state->slab) +
	       kfrag_slab_bookkeeping_bytes(state->slab);
}

struct malloc_state {
	void *library;
	void *(*malloc)(size_t);
	void (*free)(void *);
};

static bool malloc_open(void **out, const char *library)
{
	struct malloc_state *state = calloc(1, sizeof(*state));

	*out = state;
	if (!state)
		return false;
	state->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	if (!state->library)
		return false;
	/* A cast between function and object pointers is POSIX's own way. */
	*(void **)&state->malloc = dlsym(state->library, "malloc");
	*(void **)&state->free = dlsym(state->library, "free");
	return state->malloc && state->free;
}

static bool glibc_open(void **state, uint64_t nr_pages)
{
	(void)nr_pages;
	return malloc_open(state, "libc.so.6");
}

static bool jemalloc_open(void **state, uint64_t nr_pages)
{
	(void)nr_pages;
	return malloc_open(state, "libjemalloc.so.2");
}

static bool mimalloc_open(void **state, uint64_t nr_pages)
{
	(void)nr_pages;
	return malloc_open(state, "libmimalloc.so.2.0") ||
	       malloc_open(state, "libmimalloc.so.2");
}

static bool tcmalloc_open(void **state, uint64_t nr_pages)
{
	(void)nr_pages;
	return malloc_open(state, "libtcmalloc_minimal.so.4");
}

static uint64_t malloc_alloc(void *out, uint64_t unit)
{
	struct malloc_state *state = out;

	return (uint64_t)(uintptr_t)state->malloc((size_t)unit);
}

static void malloc_free(void *out, uint64_t unit, uint64_t handle)
{
	struct malloc_state *state = out;

	(void)unit;
	state->free((void *)(uintptr_t)handle);
}

const struct allocator object_allocators[] = {
	{ "null", null_open, free, null_alloc, null_free, null_overhead },
	{ "kfrag", slab_open, slab_close, slab_alloc, slab_free,
	  slab_overhead },
	{ "glibc", glibc_open, free, malloc_alloc, malloc_free, null_overhead },
	{ "jemalloc", jemalloc_open, free, malloc_alloc, malloc_free,
	  null_overhead },
	{ "mimalloc", mimalloc_open, free, malloc_alloc, malloc_free,
	  null_overhead },
	{ "tcmalloc", tcmalloc_open, free, malloc_alloc, malloc_free,
	  null_overhead },
};

const size_t nr_object_allocators =
	sizeof(object_allocators) / sizeof(object_allocators[0]);
