/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_WHATIF_IMPL_H
#define KFRAG_REPLAY_WHATIF_IMPL_H

#include "kfrag/release.h"
#include "kfrag/whatif.h"

/* What all kinds of change work with. */
struct kfrag_whatif_run {
	const struct kfrag_snapshot *snapshot; /* of before */
	const struct kfrag_geometry_fit *fit;
	const struct kfrag_sysslab *sysslab; /* or NULL */
	const struct kfrag_whatif *whatif;
	struct kfrag_whatif_result *result;
	bool world_changes;
	size_t nr_places; /* room for notes */
	enum kfrag_error error; /* of a note that found no room */
};

/* A cache on its way from one world to the other. */
struct kfrag_whatif_cache {
	size_t index; /* among the records of before */
	const struct kfrag_record *before;
	struct kfrag_record *after;
	struct kfrag_object old_object;
	struct kfrag_object new_object;
	const struct kfrag_sysslab_entry *entry; /* NULL: unknown */
};

static inline bool kfrag_whatif_is_chosen(const struct kfrag_whatif_run *run,
					  size_t index)
{
	return !run->whatif->is_chosen || run->whatif->is_chosen[index];
}

/* Whether the capture says that its kernel is older than KFRAG_RELEASE(). */
bool kfrag_whatif_is_before(const struct kfrag_whatif_run *run,
			    unsigned release);

/* As prefixed names tell. */
bool kfrag_whatif_is_kmalloc(const struct kfrag_record *record);

/* into is what the note names besides, or NULL. */
void kfrag_whatif_add_note(struct kfrag_whatif_run *run,
			   enum kfrag_whatif_code code,
			   const struct kfrag_record *record,
			   const struct kfrag_record *into);

/* Fills in entry and both objects. */
void kfrag_whatif_find_objects(struct kfrag_whatif_run *run,
			       struct kfrag_whatif_cache *cache);

/* Whether the world of before makes just these slabs. */
bool kfrag_whatif_is_explained(const struct kfrag_whatif_run *run,
			       const struct kfrag_whatif_cache *cache);

/* Gives the record its new size and slabs, where they change. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_whatif_change_slabs(struct kfrag_whatif_run *run,
			  const struct kfrag_whatif_cache *cache);

/* Slabs for so many slots; as many of them are active as were, in share. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_whatif_set_slots(struct kfrag_record *record, uint64_t nr_slots);

/* Population, then packing. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_whatif_populate(const struct kfrag_whatif_run *run,
		      struct kfrag_record *record);

/*
 * Merges caches of the result, or notes what would leave them. One that is
 * merged into another has no size then.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_whatif_merge(struct kfrag_whatif_run *run,
		   const struct kfrag_whatif_cache *caches);

/* Takes these out of the snapshot. */
void kfrag_whatif_leave_merged_out(struct kfrag_snapshot *snapshot);

#endif
