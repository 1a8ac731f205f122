// SPDX-License-Identifier: MIT
/*
 * Freeing objects all over at once: one pass over the slabs by address, a word
 * of slots at a time. Slabs that were full and become partial are what most
 * of it is; their policy hears of up to 64 neighbours at once.
 */
#include "alloc/slab_impl.h"
#include "kfrag/bits.h"

/* Slabs that became partial, of which the policy has not heard. */
struct pending {
	struct kfrag_slab_cache *cache;
	uint64_t first; /* place of bit 0, a multiple of 64 */
	uint64_t mask;
};

static void tell(struct pending *pending)
{
	if (pending->mask)
		kfrag_slab_become_partial_many(pending->cache, pending->first,
					       pending->mask);
	pending->mask = 0;
}

static void add(struct pending *pending, struct kfrag_slab_cache *cache,
		uint64_t pfn)
{
	uint64_t place = pfn >> cache->params.order;
	uint64_t first = place - place % 64;

	if (pending->cache != cache || pending->first != first) {
		tell(pending);
		pending->cache = cache;
		pending->first = first;
	}
	pending->mask |= UINT64_C(1) << (place % 64);
}

static void sweep_wide(struct kfrag_slab_cache *cache, uint64_t pfn,
		       struct kfrag_bit_reader *reader)
{
	uint32_t nr_slots = cache->params.objs_per_slab;
	uint64_t nr_left = kfrag_slab_nr_inuse(
		cache, kfrag_slab_place_of(cache->slab, pfn));

	/* With its last object the slab may go. */
	for (uint32_t word = 0; word * 64 < nr_slots && nr_left > 0; word++) {
		uint64_t live = kfrag_slab_live_mask(cache->slab, pfn, word);
		uint64_t freed;

		if (!live)
			continue;
		freed = kfrag_bits_deposit(
			kfrag_bits_read(reader, kfrag_popcount(live)), live);
		nr_left -= kfrag_popcount(live);
		if (freed)
			kfrag_slab_free_mask(cache->slab, pfn, word, freed);
	}
}

static void sweep_narrow(struct kfrag_slab_cache *cache, uint64_t pfn,
			 struct kfrag_bit_reader *reader,
			 struct pending *pending)
{
	struct kfrag_slab_place place = kfrag_slab_place_of(cache->slab, pfn);
	uint64_t map = kfrag_slab_map(place), freed;
	uint64_t live = map ^ cache->all_free;

	if (!live)
		return;
	/* Of a full slab nothing is to be counted and nothing to be spread. */
	if (map == 0)
		freed = kfrag_bits_read(reader, cache->params.objs_per_slab);
	else
		freed = kfrag_bits_deposit(
			kfrag_bits_read(reader, kfrag_popcount(live)), live);
	if (!freed)
		return;
	kfrag_slab_map_flip(place, freed);
	if (map == 0 && freed != cache->all_free) {
		cache->nr_objs -= kfrag_popcount(freed);
		add(pending, cache, pfn);
		return;
	}
	/* Where it matters how many are partial, or which came first. */
	if (cache->params.min_partial_slabs > 0 || cache->params.policy->update)
		tell(pending);
	kfrag_slab_note_freed(cache, pfn, map == 0, freed == live,
			      kfrag_popcount(freed));
}

void kfrag_slab_free_chosen(struct kfrag_slab *slab,
			    struct kfrag_bit_reader *readers)
{
	struct pending pending = { 0 };
	uint64_t pfn = kfrag_slab_next_used(slab, 0);

	while (pfn < slab->nr_pages) {
		struct kfrag_slab_cache *cache = kfrag_slab_owner(slab, pfn);
		struct kfrag_bit_reader *reader = &readers[cache->index];

		if (reader->words && cache->is_wide)
			sweep_wide(cache, pfn, reader);
		else if (reader->words)
			sweep_narrow(cache, pfn, reader, &pending);
		pfn = kfrag_slab_next_used(
			slab, pfn + (UINT64_C(1) << cache->params.order));
	}
	tell(&pending);
}
