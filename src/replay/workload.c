// SPDX-License-Identifier: MIT
#include "kfrag/workload.h"

#include <stdlib.h>

#include "kfrag/arith.h"
#include "kfrag/slab.h"

/* Sums stay below this, so that any two of them can be added or doubled. */
#define MAX_BYTES (UINT64_C(1) << 62)
/* A block of it stays below MAX_BYTES with every page size. */
#define MAX_PLANNED_ORDER 37

static bool plan_slab(struct kfrag_workload_cache *cache,
		      uint64_t page_size_bytes)
{
	const struct kfrag_record *record = cache->record;
	uint64_t nr_pages = kfrag_div_up(record->size_bytes, page_size_bytes);
	uint64_t slab_bytes, fitting;

	cache->slab_order = kfrag_log2_ceil(record->pages_per_slab);
	if (record->pages_per_slab < nr_pages)
		cache->slab_order = kfrag_log2_ceil(nr_pages);
	cache->objs_per_slab = record->objs_per_slab;
	if (cache->slab_order > MAX_PLANNED_ORDER)
		return false;
	slab_bytes = page_size_bytes << cache->slab_order;
	fitting = slab_bytes / record->size_bytes;
	if (cache->objs_per_slab == 0 || cache->objs_per_slab > fitting)
		cache->objs_per_slab = fitting;
	return true;
}

static bool add_product(uint64_t *sum, uint64_t count, uint64_t unit)
{
	uint64_t product;

	return kfrag_mul_u64(count, unit, &product) &&
	       kfrag_add_u64(*sum, product, sum) && *sum <= MAX_BYTES;
}

/* Running sums of everything that a report will add up, all in bytes. */
struct sums {
	uint64_t live_bytes;
	uint64_t slots_bytes;
	uint64_t kernel_bytes;
	uint64_t buddy_bytes;
	uint64_t slab_bytes;
	uint64_t objs;
};

/* Returns false, with the sums as they were, where one would grow too large. */
static bool
add_to_sums(struct sums *total, const struct kfrag_workload *workload,
	    const struct kfrag_workload_cache *cache, uint64_t nr_slabs)
{
	struct sums now = *total, *sums = &now;
	const struct kfrag_record *record = cache->record;
	uint64_t page = workload->page_size_bytes;
	uint64_t pages_bytes;

	if (!add_product(&sums->objs, cache->nr_peak_objs, 1) ||
	    !add_product(&sums->live_bytes, cache->nr_peak_objs,
			 cache->size_bytes))
		return false;
	if (record->num_slabs > 0 &&
	    (!kfrag_mul_u64(record->pages_per_slab, page, &pages_bytes) ||
	     !add_product(&sums->kernel_bytes, record->num_slabs, pages_bytes)))
		return false;
	if (!add_product(&sums->buddy_bytes, cache->nr_peak_objs,
			 page << cache->buddy_order) ||
	    !add_product(&sums->slab_bytes, nr_slabs,
			 page << cache->slab_order))
		return false;
	*total = now;
	return true;
}

uint64_t kfrag_workload_memory_pages(const struct kfrag_workload *workload)
{
	uint64_t peak_pages = workload->peak_buddy_pages;

	if (peak_pages < workload->peak_slab_pages)
		peak_pages = workload->peak_slab_pages;
	return UINT64_C(1) << kfrag_log2_ceil(peak_pages);
}

bool kfrag_workload_has_slabs(const struct kfrag_workload *workload,
			      const struct kfrag_workload_cache *cache)
{
	return cache->slab_order <= workload->max_order &&
	       cache->objs_per_slab <= KFRAG_MAX_OBJS_PER_SLAB;
}

static uint64_t peak_slabs(const struct kfrag_workload_cache *cache)
{
	return kfrag_div_up(cache->nr_peak_objs, cache->objs_per_slab);
}

/* What the record means; false where it would make a sum too large. */
static bool plan_cache(struct kfrag_workload_cache *cache,
		       const struct kfrag_workload *workload,
		       const struct kfrag_record *record, struct sums *sums)
{
	uint64_t page = workload->page_size_bytes;

	*cache = (struct kfrag_workload_cache){
		.record = record,
		.nr_peak_objs = record->num_objs,
		.nr_settled_objs = record->active_objs < record->num_objs ?
					   record->active_objs :
					   record->num_objs,
		.size_bytes = record->size_bytes,
		.buddy_order =
			kfrag_log2_ceil(kfrag_div_up(record->size_bytes, page)),
	};
	return cache->buddy_order <= MAX_PLANNED_ORDER &&
	       plan_slab(cache, page) &&
	       add_to_sums(sums, workload, cache, peak_slabs(cache));
}

static void add_needs(struct kfrag_workload *workload,
		      const struct kfrag_workload_cache *cache)
{
	if (cache->buddy_order <= workload->max_order)
		workload->peak_buddy_pages += cache->nr_peak_objs
					      << cache->buddy_order;
	if (kfrag_workload_has_slabs(workload, cache)) {
		workload->peak_slab_pages += peak_slabs(cache)
					     << cache->slab_order;
		workload->peak_slabs += peak_slabs(cache);
	}
}

void kfrag_workload_trim(struct kfrag_snapshot *snapshot,
			 uint64_t page_size_bytes,
			 void (*left_out)(void *context,
					  const struct kfrag_record *record),
			 void *context)
{
	struct kfrag_workload workload = { .page_size_bytes = page_size_bytes };
	struct kfrag_workload_cache cache;
	struct sums sums = { 0 };
	size_t nr_kept = 0;

	for (size_t i = 0; i < snapshot->nr_records; i++) {
		if (plan_cache(&cache, &workload, &snapshot->records[i], &sums))
			snapshot->records[nr_kept++] = snapshot->records[i];
		else
			left_out(context, &snapshot->records[i]);
	}
	snapshot->nr_records = nr_kept;
}

enum kfrag_error kfrag_workload_init(struct kfrag_workload *workload,
				     const struct kfrag_snapshot *snapshot,
				     uint64_t page_size_bytes,
				     unsigned max_order, size_t *offender)
{
	struct sums sums = { 0 };

	*offender = 0;
	*workload = (struct kfrag_workload){
		.page_size_bytes = page_size_bytes,
		.max_order = max_order,
	};
	workload->caches =
		calloc(snapshot->nr_records ? snapshot->nr_records : 1,
		       sizeof(*workload->caches));
	if (!workload->caches)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < snapshot->nr_records; i++) {
		struct kfrag_workload_cache *cache = &workload->caches[i];

		if (!plan_cache(cache, workload, &snapshot->records[i],
				&sums)) {
			kfrag_workload_release(workload);
			*offender = i;
			return KFRAG_EOVERFLOW;
		}
		add_needs(workload, cache);
	}
	workload->nr_caches = snapshot->nr_records;
	return KFRAG_OK;
}

void kfrag_workload_release(struct kfrag_workload *workload)
{
	free(workload->caches);
	*workload = (struct kfrag_workload){ 0 };
}

/* One cache in a fill; `rest` runs as in Bresenham's line. */
struct kfrag_fill_share {
	size_t cache;
	uint64_t per_step;
	unsigned rest_per_step; /* in 1/nr_steps of an object */
	unsigned rest;
};

static unsigned nr_steps(size_t nr_shares)
{
	size_t steps = nr_shares ? KFRAG_FILL_BATCHES / nr_shares : 1;

	if (steps > KFRAG_FILL_STEPS)
		return KFRAG_FILL_STEPS;
	return steps ? (unsigned)steps : 1;
}

enum kfrag_error kfrag_fill_init(struct kfrag_fill *fill,
				 const uint64_t *nr_wanted, size_t nr_caches,
				 uint64_t seed)
{
	*fill = (struct kfrag_fill){ 0 };
	kfrag_random_init(&fill->random, seed);
	fill->shares = calloc(nr_caches ? nr_caches : 1, sizeof(*fill->shares));
	if (!fill->shares)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < nr_caches; i++)
		if (nr_wanted[i] > 0)
			fill->shares[fill->nr_shares++].cache = i;
	fill->nr_steps = nr_steps(fill->nr_shares);
	for (size_t i = 0; i < fill->nr_shares; i++) {
		struct kfrag_fill_share *share = &fill->shares[i];
		uint64_t wanted = nr_wanted[share->cache];

		share->per_step = wanted / fill->nr_steps;
		share->rest_per_step = (unsigned)(wanted % fill->nr_steps);
		share->rest = (unsigned)kfrag_random_below(&fill->random,
							   fill->nr_steps);
	}
	/* A position at the end makes the first call begin step 1. */
	fill->position = fill->nr_shares;
	return KFRAG_OK;
}

void kfrag_fill_release(struct kfrag_fill *fill)
{
	free(fill->shares);
	*fill = (struct kfrag_fill){ 0 };
}

static void shuffle(struct kfrag_fill *fill)
{
	for (size_t i = fill->nr_shares; i > 1; i--) {
		size_t j = (size_t)kfrag_random_below(&fill->random, i);
		struct kfrag_fill_share share = fill->shares[i - 1];

		fill->shares[i - 1] = fill->shares[j];
		fill->shares[j] = share;
	}
}

bool kfrag_fill_next(struct kfrag_fill *fill, size_t *cache, uint64_t *nr_objs)
{
	for (;;) {
		struct kfrag_fill_share *share;

		if (fill->position == fill->nr_shares) {
			if (fill->step == fill->nr_steps ||
			    fill->nr_shares == 0)
				return false;
			fill->step++;
			fill->position = 0;
			shuffle(fill);
		}
		share = &fill->shares[fill->position++];
		share->rest += share->rest_per_step;
		*nr_objs = share->per_step + share->rest / fill->nr_steps;
		share->rest %= fill->nr_steps;
		*cache = share->cache;
		if (*nr_objs > 0)
			return true;
	}
}
