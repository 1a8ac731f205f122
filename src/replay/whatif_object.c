// SPDX-License-Identifier: MIT
/*
 * A cache's object before and after: what slabinfo says of it is its size,
 * rounded and with all that SLUB adds. What sysslab says is used where it
 * makes just that size.
 */
#include <string.h>

#include "kfrag/arith.h"
#include "replay/whatif_impl.h"

/* Beyond it nothing is a size, and sums stay within 64 bits. */
#define MAX_SIZE_BYTES (UINT64_C(1) << 40)

bool kfrag_whatif_is_kmalloc(const struct kfrag_record *record)
{
	static const char *const prefixes[] = { "kmalloc-", "dma-kmalloc-" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		size_t bytes = strlen(prefixes[i]);

		if (record->name_bytes > bytes &&
		    memcmp(record->name, prefixes[i], bytes) == 0)
			return true;
	}
	return false;
}

static unsigned debug_of(const struct kfrag_sysslab_entry *entry)
{
	return (entry->sanity_checks.value ? KFRAG_DEBUG_CONSISTENCY : 0u) |
	       (entry->red_zone.value ? KFRAG_DEBUG_RED_ZONE : 0u) |
	       (entry->poison.value ? KFRAG_DEBUG_POISON : 0u) |
	       (entry->store_user.value ? KFRAG_DEBUG_STORE_USER : 0u);
}

/*
 * The layout that makes the size which slabinfo states. Where the free
 * pointer lies is not always said, and RCU does not always move it, so what
 * is said is only tried first.
 */
static bool find_layout(const struct kfrag_whatif_run *run,
			const struct kfrag_whatif_cache *cache,
			struct kfrag_layout *layout)
{
	const struct kfrag_sysslab_entry *entry = cache->entry;
	uint64_t size_bytes = cache->before->size_bytes;

	if (!entry || entry->object_size_bytes > MAX_SIZE_BYTES ||
	    entry->align_bytes > MAX_SIZE_BYTES ||
	    (entry->align_bytes && !kfrag_is_power_of_two(entry->align_bytes)))
		return false;
	*layout = (struct kfrag_layout){
		.object_size_bytes = entry->object_size_bytes,
		.align_bytes = entry->align_bytes,
		.has_pointer_behind = entry->ctor.value ||
				      entry->destroy_by_rcu.value,
		.is_kmalloc =
			kfrag_whatif_is_kmalloc(cache->before) &&
			!kfrag_whatif_is_before(run, KFRAG_RELEASE(6, 1, 0)),
		.debug = debug_of(entry),
		.track_bytes = run->result->track_bytes,
	};
	if (kfrag_layout_size(&run->fit->world, layout) == size_bytes)
		return true;
	layout->has_pointer_behind = !layout->has_pointer_behind;
	return kfrag_layout_size(&run->fit->world, layout) == size_bytes;
}

static bool changes_objects(const struct kfrag_whatif *whatif)
{
	return whatif->resize || whatif->align_bytes.known ||
	       whatif->debug.known;
}

/* Returns false where nothing would be left. */
static bool resize(const struct kfrag_whatif *whatif, uint64_t *bytes)
{
	switch (whatif->resize) {
	case KFRAG_RESIZE_TO:
		*bytes = whatif->resize_bytes;
		break;
	case KFRAG_RESIZE_GROW:
		*bytes += whatif->resize_bytes;
		break;
	case KFRAG_RESIZE_SHRINK:
		if (whatif->resize_bytes >= *bytes)
			return false;
		*bytes -= whatif->resize_bytes;
		break;
	default:
		break;
	}
	return *bytes > 0;
}

/* ------------------------------------------------------- without sysslab */

static void say_unknown(struct kfrag_whatif_run *run,
			const struct kfrag_whatif_cache *cache)
{
	if (cache->entry)
		kfrag_whatif_add_note(run, KFRAG_WHATIF_LAYOUT_UNKNOWN,
				      cache->before, NULL);
	else if (run->whatif->debug.known)
		kfrag_whatif_add_note(run, KFRAG_WHATIF_DEBUG_UNKNOWN,
				      cache->before, NULL);
	else
		kfrag_whatif_add_note(run, KFRAG_WHATIF_PAYLOAD_UNKNOWN,
				      cache->before, NULL);
}

/* What is known of its object is its size. */
static void change_size(struct kfrag_whatif_run *run,
			struct kfrag_whatif_cache *cache)
{
	const struct kfrag_whatif *whatif = run->whatif;
	struct kfrag_object *object = &cache->new_object;
	uint64_t align_bytes = run->result->world.word_bytes;
	uint64_t size_bytes = object->size_bytes;

	if (!changes_objects(whatif))
		return;
	say_unknown(run, cache);
	if (!whatif->resize && !whatif->align_bytes.known)
		return;
	if (size_bytes > MAX_SIZE_BYTES || !resize(whatif, &size_bytes)) {
		kfrag_whatif_add_note(run, KFRAG_WHATIF_TOO_SMALL,
				      cache->before, NULL);
		return;
	}
	if (whatif->align_bytes.value > align_bytes)
		align_bytes = whatif->align_bytes.value;
	*object = (struct kfrag_object){
		.size_bytes = kfrag_round_up(size_bytes, align_bytes),
		.align_bytes = whatif->align_bytes.known ? align_bytes :
							   object->align_bytes,
		.traits = object->traits,
	};
}

/* ---------------------------------------------------------- with sysslab */

static uint64_t order_of(uint64_t bytes, uint64_t page_size_bytes)
{
	return kfrag_geometry_fallback_order(bytes, page_size_bytes);
}

/* Debugging, but where that takes a higher least order than without. */
static void debug(const struct kfrag_whatif_run *run,
		  struct kfrag_layout *layout)
{
	const struct kfrag_world *world = &run->result->world;

	layout->debug = (unsigned)run->whatif->debug.value;
	if (run->whatif->debug_only_if_free &&
	    order_of(kfrag_layout_size(world, layout), world->page_size_bytes) >
		    order_of(layout->object_size_bytes, world->page_size_bytes))
		layout->debug &= KFRAG_DEBUG_CONSISTENCY;
}

static void change_layout(struct kfrag_whatif_run *run,
			  const struct kfrag_whatif_cache *cache,
			  struct kfrag_layout *layout)
{
	const struct kfrag_whatif *whatif = run->whatif;

	if (!resize(whatif, &layout->object_size_bytes)) {
		kfrag_whatif_add_note(run, KFRAG_WHATIF_TOO_SMALL,
				      cache->before, NULL);
		return;
	}
	if ((whatif->resize || whatif->debug.known) &&
	    kfrag_sysslab_nr_aliases(run->sysslab, cache->entry) > 0)
		kfrag_whatif_add_note(run, KFRAG_WHATIF_SHARED, cache->before,
				      NULL);
	if (whatif->align_bytes.known)
		layout->align_bytes = whatif->align_bytes.value;
	if (whatif->debug.known)
		debug(run, layout);
}

/* SLAB looks at the size before it is aligned. */
static void describe(const struct kfrag_whatif_run *run,
		     struct kfrag_whatif_cache *cache,
		     const struct kfrag_layout *layout)
{
	struct kfrag_object *object = &cache->new_object;

	object->align_bytes = layout->align_bytes;
	object->unaligned_bytes = kfrag_round_up(layout->object_size_bytes,
						 run->result->world.word_bytes);
	if (cache->entry->reclaim_account.value)
		object->traits |= KFRAG_TRAIT_RECLAIM;
	if (layout->has_pointer_behind)
		object->traits |= KFRAG_TRAIT_CONSTRUCTED;
}

void kfrag_whatif_find_objects(struct kfrag_whatif_run *run,
			       struct kfrag_whatif_cache *cache)
{
	const struct kfrag_record *record = cache->before;
	bool is_chosen = kfrag_whatif_is_chosen(run, cache->index);
	struct kfrag_layout layout;

	if (run->sysslab)
		cache->entry = kfrag_sysslab_find(run->sysslab, record->name,
						  record->name_bytes);
	cache->old_object = run->fit->rows[cache->index].object;
	cache->new_object = cache->old_object;
	if (find_layout(run, cache, &layout)) {
		if (is_chosen)
			change_layout(run, cache, &layout);
		cache->new_object.size_bytes =
			kfrag_layout_size(&run->result->world, &layout);
		describe(run, cache, &layout);
	} else if (is_chosen) {
		change_size(run, cache);
	}
}
