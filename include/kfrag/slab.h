/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SLAB_H
#define KFRAG_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/bits.h"
#include "kfrag/error.h"
#include "kfrag/pages.h"
#include "kfrag/slab_policy.h"

/*
 * A slab allocator over any page source. Theory: head of src/alloc/slab.c.
 *
 * A cache serves objects of one size from slabs: blocks of 2^order pages cut
 * into objs_per_slab slots of size_bytes. Slot i of a slab starts at byte
 * address pfn * page_size_bytes + i * size_bytes; what is left behind the
 * last slot is the tail. The allocator never touches the pages themselves,
 * so addresses may be imaginary, or offsets into a mapped arena.
 * Not thread-safe.
 *
 * Invariant per cache: nr_slabs * objs_per_slab = nr_objs + free slots.
 */
struct kfrag_slab;
struct kfrag_slab_cache;

#define KFRAG_MAX_OBJS_PER_SLAB (UINT32_C(1) << 16)

struct kfrag_slab_cache_params {
	uint64_t size_bytes; /* of a slot, >= 1 */
	uint32_t objs_per_slab; /* 1..KFRAG_MAX_OBJS_PER_SLAB, and they fit */
	unsigned order; /* of a slab, <= KFRAG_MAX_ORDER */
	/*
	 * An emptied slab is kept while the cache has fewer than this many
	 * other slabs with free slots, as kmem_cache::min_partial in Linux;
	 * 0 gives every empty slab back at once.
	 */
	uint64_t min_partial_slabs;
	const struct kfrag_slab_policy *policy;
};

struct kfrag_slab_stats {
	uint64_t nr_slabs_made; /* taken from the page source, ever */
	uint64_t nr_slabs_returned; /* given back to it, ever */
	uint64_t nr_refusals; /* calls that the page source left short */
};

/*
 * An allocator without caches over pages 0..nr_pages-1 of the source.
 * page_size_bytes is a power of two. The source must outlive it.
 * KFRAG_EINVAL, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_slab_create(struct kfrag_slab **slab, struct kfrag_page_source source,
		  uint64_t nr_pages, uint64_t page_size_bytes);

/* Gives every slab back to the source. NULL is allowed. */
void kfrag_slab_destroy(struct kfrag_slab *slab);

/* The same without giving back: for when the source goes as well. */
void kfrag_slab_discard(struct kfrag_slab *slab);

/*
 * Adds a cache; it lives as long as the allocator. KFRAG_EINVAL where the
 * params break a rule above, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_slab_cache_create(struct kfrag_slab_cache **cache,
			struct kfrag_slab *slab,
			const struct kfrag_slab_cache_params *params);

/*
 * Seeds what is random of the cache's policy, and asks it anew; of others it
 * changes nothing. Unseeded is seed 0.
 */
void kfrag_slab_cache_seed(struct kfrag_slab_cache *cache, uint64_t seed);

/*
 * Takes one object. Returns false, with *address 0, where no slab has room
 * and the page source refuses another one (or the host is out of memory:
 * kfrag_slab_host_error()).
 */
bool kfrag_slab_alloc(struct kfrag_slab_cache *cache, uint64_t *address);

/*
 * Takes up to nr_objs objects, the same as so many calls of
 * kfrag_slab_alloc() would. addresses is NULL or has room for nr_objs.
 * Returns how many were taken; fewer than nr_objs is a refusal.
 */
uint64_t kfrag_slab_alloc_bulk(struct kfrag_slab_cache *cache, uint64_t nr_objs,
			       uint64_t *addresses);

/*
 * Gives an object back, found by its address. Anything that is not an
 * allocated object is the caller's bug, and asserted.
 */
void kfrag_slab_free(struct kfrag_slab *slab, uint64_t address);

/*
 * The same for a caller that cannot be trusted. KFRAG_ERANGE: in no slab.
 * KFRAG_EALIGN: not the start of a slot. KFRAG_EFREE: the slot is free.
 * After an error nothing has changed.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_slab_free_checked(struct kfrag_slab *slab, uint64_t address);

/*
 * KFRAG_ENOMEM once an allocation failed because the host, not the page
 * source, had no memory; KFRAG_OK before.
 */
enum kfrag_error kfrag_slab_host_error(const struct kfrag_slab *slab);

/* One slab during an iteration; a copy. */
struct kfrag_slab_view {
	uint64_t pfn; /* of its first page, which names it */
	uint32_t nr_inuse;
	struct kfrag_slab_cache *cache;
};

/*
 * Iteration over all slabs of all caches by address: sets *view to the lowest
 * slab that starts at page `from` or behind. Returns false, with *view zeroed,
 * where none is left. Freeing objects between two calls is allowed.
 */
bool kfrag_slab_next(const struct kfrag_slab *slab, uint64_t from,
		     struct kfrag_slab_view *view);

/*
 * Allocated slots word*64 .. word*64+63 of the slab at pfn as bits; word is
 * below ceil(objs_per_slab / 64).
 */
uint64_t kfrag_slab_live_mask(const struct kfrag_slab *slab, uint64_t pfn,
			      uint32_t word);

/*
 * Frees the slots of mask (all allocated, mask not 0), as so many calls of
 * kfrag_slab_free() would. The slab may be given back by it.
 */
void kfrag_slab_free_mask(struct kfrag_slab *slab, uint64_t pfn, uint32_t word,
			  uint64_t mask);

/*
 * Frees objects all over, as so many calls of kfrag_slab_free() by ascending
 * address would: readers[i] has a bit for each object of the cache with index
 * i, by address, set where it is to be freed. words NULL: none of this cache.
 * Afterwards each reader stands behind its last bit.
 */
void kfrag_slab_free_chosen(struct kfrag_slab *slab,
			    struct kfrag_bit_reader *readers);

/* Position of the cache in order of creation, from 0. */
uint32_t kfrag_slab_cache_index(const struct kfrag_slab_cache *cache);
uint64_t kfrag_slab_cache_nr_objs(const struct kfrag_slab_cache *cache);
uint64_t kfrag_slab_cache_nr_slabs(const struct kfrag_slab_cache *cache);
/* Slabs with both free and allocated slots; with no slot allocated. */
uint64_t kfrag_slab_cache_nr_partial(const struct kfrag_slab_cache *cache);
uint64_t kfrag_slab_cache_nr_empty(const struct kfrag_slab_cache *cache);
struct kfrag_slab_stats
kfrag_slab_cache_stats(const struct kfrag_slab_cache *cache);

/* Sums over all caches. */
struct kfrag_slab_stats kfrag_slab_stats(const struct kfrag_slab *slab);

/*
 * Bytes allocated for slot bitmaps; for everything else, as 64-bit machines
 * lay it out: both are the same on every machine.
 */
uint64_t kfrag_slab_bitmap_bytes(const struct kfrag_slab *slab);
uint64_t kfrag_slab_bookkeeping_bytes(const struct kfrag_slab *slab);

/*
 * Recomputes every count, set and slot bitmap from scratch.
 * Returns true, or false with a sentence naming both sides in message.
 */
bool kfrag_slab_check(const struct kfrag_slab *slab, char *message,
		      size_t message_size);

#endif
