// SPDX-License-Identifier: MIT
/*
 * One cache for objects of one size: find_mergeable() of mm/slab_common.c. A
 * cache is merged into the oldest one whose objects are not a word larger and
 * aligned as it wants; sizes being multiples of a word and of the alignment,
 * that is one of the same size. Whether the memory is reclaimable and charged
 * must agree; the latter is not to be seen from outside.
 *
 * What merged caches hold can be added up. What each name had in a cache that
 * was merged cannot be told, so without merging that stays, and is said.
 */
#include <stdlib.h>
#include <string.h>

#include "kfrag/arith.h"
#include "replay/whatif_impl.h"

/* Debugging that keeps caches apart (SLAB_NEVER_MERGE). */
#define APART                                                                  \
	(KFRAG_DEBUG_RED_ZONE | KFRAG_DEBUG_POISON | KFRAG_DEBUG_STORE_USER)

/* A cache that may be merged. */
struct candidate {
	const struct kfrag_whatif_cache *cache;
	uint64_t size_bytes;
	bool is_reclaimable;
};

/* The oldest one of a kind comes first, and it is the last in the file. */
static int by_kind(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->size_bytes != y->size_bytes)
		return (x->size_bytes > y->size_bytes) -
		       (x->size_bytes < y->size_bytes);
	if (x->is_reclaimable != y->is_reclaimable)
		return x->is_reclaimable - y->is_reclaimable;
	return (x->cache->index < y->cache->index) -
	       (x->cache->index > y->cache->index);
}

static bool is_debugged(const struct kfrag_whatif_run *run,
			const struct kfrag_whatif_cache *cache)
{
	const struct kfrag_sysslab_entry *entry = cache->entry;

	if (run->whatif->debug.known &&
	    kfrag_whatif_is_chosen(run, cache->index))
		return (run->whatif->debug.value & APART) != 0;
	return entry && (entry->red_zone.value || entry->poison.value ||
			 entry->store_user.value);
}

/* The allocator's own caches are made before there is merging. */
static bool is_own(const struct kfrag_record *record)
{
	static const char name[] = "kmem_cache";
	size_t bytes = sizeof(name) - 1;

	return record->name_bytes >= bytes &&
	       memcmp(record->name, name, bytes) == 0;
}

static bool may_merge(const struct kfrag_whatif_run *run,
		      const struct kfrag_whatif_cache *cache)
{
	const struct kfrag_sysslab_entry *entry = cache->entry;

	return kfrag_whatif_is_chosen(run, cache->index) &&
	       !kfrag_whatif_is_kmalloc(cache->before) &&
	       !is_own(cache->before) && !is_debugged(run, cache) &&
	       !(cache->new_object.traits & KFRAG_TRAIT_CONSTRUCTED) &&
	       !(entry && (entry->ctor.value || entry->destroy_by_rcu.value));
}

static bool is_same_kind(const struct candidate *a, const struct candidate *b)
{
	return a->size_bytes == b->size_bytes &&
	       a->is_reclaimable == b->is_reclaimable &&
	       a->cache->after->objs_per_slab ==
		       b->cache->after->objs_per_slab &&
	       a->cache->after->pages_per_slab ==
		       b->cache->after->pages_per_slab;
}

static enum kfrag_error merge_into(struct kfrag_whatif_run *run,
				   const struct kfrag_whatif_cache *target,
				   const struct kfrag_whatif_cache *cache)
{
	struct kfrag_record *into = target->after, *from = cache->after;
	uint64_t nr_slots;

	if (!kfrag_add_u64(into->num_objs, from->num_objs, &nr_slots) ||
	    !kfrag_add_u64(into->active_objs, from->active_objs,
			   &into->active_objs) ||
	    !kfrag_add_u64(into->active_slabs, from->active_slabs,
			   &into->active_slabs) ||
	    !kfrag_add_u64(into->num_slabs, from->num_slabs, &into->num_slabs))
		return KFRAG_EOVERFLOW;
	from->size_bytes = 0;
	kfrag_whatif_add_note(run, KFRAG_WHATIF_MERGED, cache->before,
			      target->before);
	into->num_objs = nr_slots;
	if (into->objs_per_slab == 0)
		return KFRAG_OK;
	return kfrag_whatif_set_slots(into, nr_slots);
}

/* Only a kernel that merges gives caches names such as ":0000192". */
static bool merges_already(const struct kfrag_whatif_run *run)
{
	const struct kfrag_sysslab *sysslab = run->sysslab;

	for (size_t i = 0; sysslab && i < sysslab->nr_entries; i++)
		if (sysslab->entries[i].name[0] == ':')
			return true;
	return false;
}

static bool is_of_old_size(const struct candidate *candidate)
{
	return candidate->size_bytes == candidate->cache->before->size_bytes;
}

static enum kfrag_error merge_alike(struct kfrag_whatif_run *run,
				    struct candidate *list, size_t nr)
{
	const struct candidate *target = NULL;
	bool were_apart = merges_already(run);
	enum kfrag_error error = KFRAG_OK;

	if (nr > 0)
		qsort(list, nr, sizeof(*list), by_kind);
	for (size_t i = 0; i < nr && !error; i++) {
		if (target && is_same_kind(target, &list[i]) &&
		    !(were_apart && is_of_old_size(target) &&
		      is_of_old_size(&list[i])))
			error = merge_into(run, target->cache, list[i].cache);
		else
			target = &list[i];
	}
	return error;
}

static enum kfrag_error merge_all(struct kfrag_whatif_run *run,
				  const struct kfrag_whatif_cache *caches)
{
	size_t nr_records = run->snapshot->nr_records, nr = 0;
	struct candidate *list = calloc(nr_records + 1, sizeof(*list));
	enum kfrag_error error;

	if (!list)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < nr_records; i++) {
		const struct kfrag_whatif_cache *cache = &caches[i];

		if (!may_merge(run, cache))
			continue;
		list[nr++] = (struct candidate){
			.cache = cache,
			.size_bytes = cache->after->size_bytes,
			.is_reclaimable = cache->new_object.traits &
					  KFRAG_TRAIT_RECLAIM,
		};
	}
	error = merge_alike(run, list, nr);
	free(list);
	if (!error)
		kfrag_whatif_add_note(run,
				      merges_already(run) ?
					      KFRAG_WHATIF_MERGES_ALREADY :
					      KFRAG_WHATIF_FLAGS_UNKNOWN,
				      NULL, NULL);
	return error;
}

static void say_unmerged(struct kfrag_whatif_run *run,
			 const struct kfrag_whatif_cache *caches)
{
	for (size_t i = 0; i < run->snapshot->nr_records; i++) {
		const struct kfrag_whatif_cache *cache = &caches[i];
		bool comes_apart = run->whatif->merging == KFRAG_MERGING_OFF ||
				   (run->whatif->debug.value & APART) != 0;

		if (comes_apart && cache->entry &&
		    kfrag_whatif_is_chosen(run, i) &&
		    kfrag_sysslab_nr_aliases(run->sysslab, cache->entry) > 0)
			kfrag_whatif_add_note(run, KFRAG_WHATIF_UNMERGED,
					      cache->before, NULL);
	}
}

enum kfrag_error kfrag_whatif_merge(struct kfrag_whatif_run *run,
				    const struct kfrag_whatif_cache *caches)
{
	if (run->whatif->merging == KFRAG_MERGING_ON)
		return merge_all(run, caches);
	say_unmerged(run, caches);
	return KFRAG_OK;
}

void kfrag_whatif_leave_merged_out(struct kfrag_snapshot *snapshot)
{
	size_t nr = 0;

	for (size_t i = 0; i < snapshot->nr_records; i++)
		if (snapshot->records[i].size_bytes > 0)
			snapshot->records[nr++] = snapshot->records[i];
	snapshot->nr_records = nr;
}
