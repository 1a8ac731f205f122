// SPDX-License-Identifier: MIT
#include <stdbool.h>
#include <stdlib.h>

#include "allocators.h"
#include "kfrag/buddy.h"
#include "kfrag/slab.h"
#include "mallocs.h"

/* Sizes of the caches, as those of kmalloc. */
static const uint32_t class_sizes[] = { 16,  32,  64,	96,   128, 192,
					256, 512, 1024, 2048, 4096 };

#define NR_CLASSES (sizeof(class_sizes) / sizeof(class_sizes[0]))

struct slab_state {
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache *caches[NR_CLASSES];
	uint8_t class_of[4097];
};

static bool create_caches(struct slab_state *state)
{
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
	return true;
}

static void *slab_open(uint64_t nr_pages)
{
	struct slab_state *state = calloc(1, sizeof(*state));
	size_t class = 0;

	if (!state || kfrag_buddy_create(&state->buddy, nr_pages, 10) ||
	    kfrag_slab_create(&state->slab,
			      kfrag_buddy_page_source(state->buddy), nr_pages,
			      4096) ||
	    !create_caches(state)) {
		free(state);
		return NULL;
	}
	for (uint32_t size = 0; size <= 4096; size++) {
		if (class_sizes[class] < size)
			class ++;
		state->class_of[size] = (uint8_t) class;
	}
	return state;
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

/* With what the buddy below takes, which is of no use without it. */
static uint64_t slab_bytes(void *out)
{
	struct slab_state *state = out;

	return kfrag_slab_bitmap_bytes(state->slab) +
	       kfrag_slab_bookkeeping_bytes(state->slab) +
	       kfrag_buddy_bitmap_bytes(state->buddy) +
	       kfrag_buddy_bookkeeping_bytes(state->buddy);
}

const struct allocator object_allocators[] = {
	{ "null", null_open, null_alloc, null_free, NULL },
	{ "kfrag", slab_open, slab_alloc, slab_free, slab_bytes },
	{ "glibc", glibc_open, malloc_alloc, malloc_free, NULL },
	{ "jemalloc", jemalloc_open, malloc_alloc, malloc_free, NULL },
	{ "mimalloc", mimalloc_open, malloc_alloc, malloc_free, NULL },
	{ "tcmalloc", tcmalloc_open, malloc_alloc, malloc_free, NULL },
};

const size_t nr_object_allocators =
	sizeof(object_allocators) / sizeof(object_allocators[0]);
