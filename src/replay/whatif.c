// SPDX-License-Identifier: MIT
/*
 * A snapshot in another world: the world, then each cache's object and slabs,
 * merging, and how many objects there are.
 */
#include "kfrag/whatif.h"

#include <stdlib.h>
#include <string.h>

#include "kfrag/arith.h"
#include "replay/whatif_impl.h"

static const struct {
	const char *text;
	const char *help;
} codes[KFRAG_NR_WHATIF_CODES] = {
	[KFRAG_WHATIF_UNPREDICTED] = {
		"unpredicted",
		"the world of before does not explain their slabs, which are "
		"left as they are, in as many bytes as pages allow",
	},
	[KFRAG_WHATIF_ORDER_KEPT] = {
		"order kept",
		"the world of before does not explain the order of their "
		"slabs, which is kept",
	},
	[KFRAG_WHATIF_PAYLOAD_UNKNOWN] = {
		"payload unknown",
		"payload and alignment are unknown: the whole size was "
		"changed, and rounded up to a word (--sysslab FILE knows them)",
	},
	[KFRAG_WHATIF_SHARED] = {
		"shared",
		"several names share the cache: its payload is the largest of "
		"theirs",
	},
	[KFRAG_WHATIF_LAYOUT_UNKNOWN] = {
		"layout unknown",
		"sysslab states a payload that does not make their size: not "
		"used",
	},
	[KFRAG_WHATIF_DEBUG_UNKNOWN] = {
		"debug unknown",
		"payload and alignment are unknown, so what debugging adds is "
		"too: left as they are (--sysslab FILE knows them)",
	},
	[KFRAG_WHATIF_TOO_SMALL] = {
		"too small",
		"nothing would be left of the object: left as they are",
	},
	[KFRAG_WHATIF_TOO_LARGE] = {
		"too large",
		"no slab would hold an object: left as they are",
	},
	[KFRAG_WHATIF_UNMERGED] = {
		"unmerged",
		"objects of several names are in the cache, nobody knows how "
		"many of each: counted together, though each name would have "
		"slabs of its own",
	},
	[KFRAG_WHATIF_MERGED] = {
		"merged",
		"merged into the oldest cache of their size",
	},
	[KFRAG_WHATIF_FLAGS_UNKNOWN] = {
		"flags unknown",
		"what keeps caches of one size apart is not all known (memory "
		"charged to cgroups, parts that may be copied to users): some "
		"may not be merged",
	},
	[KFRAG_WHATIF_MERGES_ALREADY] = {
		"merges already",
		"the kernel of FILE merges caches: those that it kept apart "
		"stay so, unless their size changes",
	},
};

const char *kfrag_whatif_code_text(enum kfrag_whatif_code code)
{
	return codes[code].text;
}

const char *kfrag_whatif_code_help(enum kfrag_whatif_code code)
{
	return codes[code].help;
}

void kfrag_whatif_release(struct kfrag_whatif_result *result)
{
	free(result->snapshot.records);
	free(result->notes);
	*result = (struct kfrag_whatif_result){ 0 };
}

void kfrag_whatif_add_note(struct kfrag_whatif_run *run,
			   enum kfrag_whatif_code code,
			   const struct kfrag_record *record,
			   const struct kfrag_record *into)
{
	struct kfrag_whatif_result *result = run->result;
	size_t nr = run->nr_places ? 2 * run->nr_places : 64;
	struct kfrag_whatif_note *notes = result->notes;

	if (result->nr_notes == run->nr_places) {
		notes = realloc(notes, nr * sizeof(*notes));
		if (!notes) {
			run->error = KFRAG_ENOMEM;
			return;
		}
		result->notes = notes;
		run->nr_places = nr;
	}
	notes[result->nr_notes++] = (struct kfrag_whatif_note){
		.code = code,
		.record = record,
		.into = into,
	};
}

static int by_code(const void *a, const void *b)
{
	const struct kfrag_whatif_note *x = a, *y = b;

	if (x->code != y->code)
		return (x->code > y->code) - (x->code < y->code);
	return (x->record > y->record) - (x->record < y->record);
}

/* ---------------------------------------------------------------- world */

/* The one that the same kernel could have had, or one of about its time. */
static enum kfrag_era era_of_kind(const struct kfrag_snapshot *snapshot,
				  enum kfrag_era era, bool is_slub)
{
	const char *kernel = snapshot->origin.kernel;
	enum kfrag_era told;

	if (kfrag_era_range(era)->is_slub == is_slub)
		return era;
	if (kernel && kfrag_era_of_release(kernel, is_slub, &told))
		return told;
	if (is_slub)
		return era < KFRAG_ERA_SLAB_2_6_16 ? KFRAG_ERA_SLUB_2_6_22 :
						     KFRAG_ERA_SLUB_2_6_30;
	return era < KFRAG_ERA_SLUB_2_6_30 ? KFRAG_ERA_SLAB_2_6_16 :
					     KFRAG_ERA_SLAB_4_6;
}

static void take(uint64_t *value, struct kfrag_opt change)
{
	if (change.known)
		*value = change.value;
}

static void take_parameter(struct kfrag_opt *value, struct kfrag_opt change)
{
	if (change.known && change.value == KFRAG_WHATIF_DEFAULT)
		*value = kfrag_unknown();
	else if (change.known)
		*value = change;
}

static struct kfrag_world change_world(const struct kfrag_whatif_run *run)
{
	const struct kfrag_whatif *whatif = run->whatif;
	struct kfrag_world world = run->fit->world;

	take(&world.page_size_bytes, whatif->page_size_bytes);
	take(&world.nr_cpus, whatif->nr_cpus);
	take_parameter(&world.slub_min_order, whatif->slub_min_order);
	take_parameter(&world.slub_max_order, whatif->slub_max_order);
	take_parameter(&world.slub_min_objects, whatif->slub_min_objects);
	if (whatif->kind != KFRAG_KIND_AS_IT_IS)
		world.era = era_of_kind(run->snapshot, world.era,
					whatif->kind == KFRAG_KIND_SLUB);
	if (whatif->era.known)
		world.era = (enum kfrag_era)whatif->era.value;
	return world;
}

static bool opts_agree(struct kfrag_opt a, struct kfrag_opt b)
{
	return a.known == b.known && a.value == b.value;
}

static bool worlds_agree(const struct kfrag_world *a,
			 const struct kfrag_world *b)
{
	return a->era == b->era && a->page_size_bytes == b->page_size_bytes &&
	       a->nr_cpus == b->nr_cpus &&
	       opts_agree(a->slub_min_order, b->slub_min_order) &&
	       opts_agree(a->slub_max_order, b->slub_max_order) &&
	       opts_agree(a->slub_min_objects, b->slub_min_objects);
}

bool kfrag_whatif_is_before(const struct kfrag_whatif_run *run,
			    unsigned release)
{
	unsigned its = kfrag_release_parse(run->snapshot->origin.kernel);

	return its > 0 && its < release;
}

/*
 * struct track: two of them behind each object. Sixteen return addresses
 * until 5.18, then the number of a stack that the depot keeps.
 */
static uint64_t track_bytes(const struct kfrag_whatif_run *run)
{
	bool is_long = run->fit->world.word_bytes == 8;

	if (run->whatif->track_bytes.known)
		return run->whatif->track_bytes.value;
	if (run->fit->world.era < KFRAG_ERA_SLUB_2_6_30 ||
	    kfrag_whatif_is_before(run, KFRAG_RELEASE(5, 19, 0)))
		return is_long ? 152 : 80;
	return is_long ? 32 : 20;
}

/* -------------------------------------------------------------- snapshot */

static enum kfrag_error copy_records(struct kfrag_whatif_result *result,
				     const struct kfrag_snapshot *snapshot)
{
	size_t nr = snapshot->nr_records;

	result->snapshot = *snapshot;
	result->snapshot.records = NULL;
	result->snapshot.nr_records = 0;
	result->snapshot.records = calloc(nr + 1, sizeof(*snapshot->records));
	if (!result->snapshot.records)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < nr; i++)
		result->snapshot.records[i] = snapshot->records[i];
	result->snapshot.nr_records = nr;
	return KFRAG_OK;
}

static enum kfrag_error change_caches(struct kfrag_whatif_run *run,
				      struct kfrag_whatif_cache *caches)
{
	struct kfrag_snapshot *snapshot = &run->result->snapshot;
	size_t nr = snapshot->nr_records;
	enum kfrag_error error = KFRAG_OK;

	for (size_t i = 0; i < nr && !error; i++) {
		caches[i] = (struct kfrag_whatif_cache){
			.index = i,
			.before = &run->snapshot->records[i],
			.after = &snapshot->records[i],
		};
		kfrag_whatif_find_objects(run, &caches[i]);
		run->result->nr_explained +=
			kfrag_whatif_is_explained(run, &caches[i]);
		error = kfrag_whatif_change_slabs(run, &caches[i]);
	}
	if (!error)
		error = kfrag_whatif_merge(run, caches);
	for (size_t i = 0; i < nr && !error; i++)
		if (kfrag_whatif_is_chosen(run, i))
			error = kfrag_whatif_populate(run, caches[i].after);
	if (!error)
		kfrag_whatif_leave_merged_out(snapshot);
	return error;
}

static enum kfrag_error change_all(struct kfrag_whatif_run *run)
{
	struct kfrag_whatif_result *result = run->result;
	size_t nr = run->snapshot->nr_records;
	struct kfrag_whatif_cache *caches;
	enum kfrag_error error;

	error = copy_records(result, run->snapshot);
	if (error)
		return error;
	caches = calloc(nr + 1, sizeof(*caches));
	if (!caches)
		return KFRAG_ENOMEM;
	result->snapshot.origin.page_size_bytes =
		kfrag_known(result->world.page_size_bytes);
	error = change_caches(run, caches);
	free(caches);
	return error ? error : run->error;
}

enum kfrag_error kfrag_whatif_init(struct kfrag_whatif_result *result,
				   const struct kfrag_snapshot *snapshot,
				   const struct kfrag_geometry_fit *fit,
				   const struct kfrag_sysslab *sysslab,
				   const struct kfrag_whatif *whatif)
{
	struct kfrag_whatif_run run = {
		.snapshot = snapshot,
		.fit = fit,
		.sysslab = sysslab,
		.whatif = whatif,
		.result = result,
	};
	enum kfrag_error error;

	*result = (struct kfrag_whatif_result){
		.world = change_world(&run),
		.has_tracks = (whatif->debug.value & KFRAG_DEBUG_STORE_USER) !=
			      0,
		.track_bytes = track_bytes(&run),
	};
	run.world_changes = !worlds_agree(&fit->world, &result->world);
	error = change_all(&run);
	if (error)
		kfrag_whatif_release(result);
	else if (result->nr_notes > 0)
		qsort(result->notes, result->nr_notes, sizeof(*result->notes),
		      by_code);
	return error;
}
