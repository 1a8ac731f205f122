// SPDX-License-Identifier: MIT
#include "allocators.h"
#include "kfrag/buddy.h"

static void *kfrag_open(uint64_t nr_pages)
{
	struct kfrag_buddy *buddy;

	return kfrag_buddy_create(&buddy, nr_pages, 10) ? NULL : buddy;
}

static void *open_placed(uint64_t nr_pages,
			 enum kfrag_buddy_placement placement)
{
	struct kfrag_buddy *buddy;

	return kfrag_buddy_create_placed(&buddy, nr_pages, 10, placement) ?
		       NULL :
		       buddy;
}

static void *lifo_open(uint64_t nr_pages)
{
	return open_placed(nr_pages, KFRAG_BUDDY_LIFO);
}

static void *fifo_open(uint64_t nr_pages)
{
	return open_placed(nr_pages, KFRAG_BUDDY_FIFO);
}

static uint64_t kfrag_alloc(void *state, uint64_t unit)
{
	uint64_t pfn;

	if (!kfrag_buddy_alloc(state, (unsigned)unit, &pfn))
		return NO_HANDLE;
	return pfn;
}

static void kfrag_free(void *state, uint64_t unit, uint64_t handle)
{
	kfrag_buddy_free(state, (unsigned)unit, handle);
}

static uint64_t kfrag_bytes(void *state)
{
	return kfrag_buddy_bitmap_bytes(state) +
	       kfrag_buddy_bookkeeping_bytes(state);
}

/* Another buddy of kfrag is an open function and a line here. */
const struct allocator page_allocators[] = {
	{ "null", null_open, null_alloc, null_free, NULL },
	{ "kfrag", kfrag_open, kfrag_alloc, kfrag_free, kfrag_bytes },
	{ "kfrag-lifo", lifo_open, kfrag_alloc, kfrag_free, kfrag_bytes },
	{ "kfrag-fifo", fifo_open, kfrag_alloc, kfrag_free, kfrag_bytes },
};

const size_t nr_page_allocators =
	sizeof(page_allocators) / sizeof(page_allocators[0]);
